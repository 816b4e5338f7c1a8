// SPDX-License-Identifier: MIT
/* Inputs, initializers and outputs of the graph. */
#include <errno.h>
#include <string.h>

#include "importer.h"

static int import_initializers(struct importer *im)
{
	struct value value = { .kind = VALUE_LITERAL };
	size_t i;
	int error = 0;

	for (i = 0; i < im->model->n_initializer && !error; i++) {
		const Onnx__TensorProto *proto = im->model->initializer[i];

		if (!proto->name || !*proto->name)
			return import_fail(im, -EBADMSG, "an initializer has no name");
		value.literal = literal_of(im, proto);
		if (!value.literal)
			return -EBADMSG;
		error = import_bind(im, proto->name, &value);
	}
	return error;
}

static int input_info(struct importer *im, const Onnx__ValueInfoProto *input,
		      struct tsr_tensor_info *info)
{
	const Onnx__TypeProto__Tensor *type;
	size_t i;
	int error = 0;

	if (!input->type || input->type->value_case != ONNX__TYPE_PROTO__VALUE_TENSOR_TYPE ||
	    !input->type->tensor_type || !input->type->tensor_type->shape)
		return import_fail(im, -EOPNOTSUPP, "input %s is not a tensor with a shape",
				   input->name);
	type = input->type->tensor_type;
	if (type->elem_type != ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT &&
	    type->elem_type != ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT16)
		return import_fail(im, -EOPNOTSUPP, "input %s has data type %d; floating point is "
				   "supported", input->name, type->elem_type);
	if (type->shape->n_dim > TSR_RANK_MAX)
		return import_fail(im, -EOPNOTSUPP, "input %s has %zu dimensions, at most %d are "
				   "supported", input->name, type->shape->n_dim, TSR_RANK_MAX);
	*info = (struct tsr_tensor_info){ .type = TSR_FP32, .rank = 1, .dim = { 1 } };
	if (type->shape->n_dim)
		info->rank = (unsigned int)type->shape->n_dim;
	for (i = 0; i < type->shape->n_dim && !error; i++)
		error = dimension_extent(im, input->name, (unsigned int)i, type->shape->dim[i],
					 &info->dim[i]);
	return error;
}

static int import_input_tensor(struct importer *im, const Onnx__ValueInfoProto *input)
{
	struct value value = { .kind = VALUE_TENSOR };
	struct tsr_tensor_info info;
	int error = input_info(im, input, &info);

	if (!error)
		error = budget_take(im, 1, TENSOR_COST + strlen(input->name) + 1, "an input");
	if (error)
		return error;
	if (tsr_info_elements(&info) > TENSOR_BYTES_MAX / tsr_type_size(info.type))
		return import_fail(im, -E2BIG, "input %s is larger than the %llu bytes a tensor "
				   "has at most", input->name,
				   (unsigned long long)TENSOR_BYTES_MAX);
	value.tensor = tsr_graph_input(im->graph, input->name, &info);
	return value.tensor < 0 ? value.tensor : import_bind(im, input->name, &value);
}

int import_inputs(struct importer *im)
{
	size_t i;
	int error = dimensions_check(im);

	if (!error)
		error = import_initializers(im);
	for (i = 0; i < im->model->n_input && !error; i++) {
		const Onnx__ValueInfoProto *input = im->model->input[i];

		if (!input->name || !*input->name)
			return import_fail(im, -EBADMSG, "an input has no name");
		/* Old models list initializers among the inputs. */
		if (!import_find(im, input->name))
			error = import_input_tensor(im, input);
	}
	return error;
}

static bool is_real(int32_t type)
{
	return type == ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT ||
	       type == ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT16 ||
	       type == ONNX__TENSOR_PROTO__DATA_TYPE__BFLOAT16;
}

static bool is_declared(const Onnx__ValueInfoProto *output, enum tsr_type type)
{
	int32_t declared = 0;

	if (output->type && output->type->value_case == ONNX__TYPE_PROTO__VALUE_TENSOR_TYPE &&
	    output->type->tensor_type)
		declared = output->type->tensor_type->elem_type;
	switch (type) {
	case TSR_INT8:
		return !declared || declared == ONNX__TENSOR_PROTO__DATA_TYPE__INT8;
	case TSR_UINT8:
		return !declared || declared == ONNX__TENSOR_PROTO__DATA_TYPE__UINT8;
	default:
		return !declared || is_real(declared);
	}
}

static int import_output(struct importer *im, const Onnx__ValueInfoProto *output)
{
	tsr_tensor tensor = import_tensor(im, 0);

	if (tensor < 0)
		return tensor;
	if (!is_declared(output, tsr_graph_tensor_info(im->graph, tensor)->type))
		return import_fail(im, -EBADMSG, "it is declared with another data type");
	if (budget_take(im, 1, TENSOR_COST + strlen(output->name) + 1, "an output"))
		return -E2BIG;
	return tsr_graph_output(im->graph, output->name, tensor);
}

/* An output is read by name as an input of a node would be. */
int import_outputs(struct importer *im)
{
	char *names[1];
	Onnx__NodeProto reader = ONNX__NODE_PROTO__INIT;
	size_t i;
	int error = 0;

	reader.op_type = (char *)"output";
	reader.input = names;
	reader.n_input = 1;
	for (i = 0; i < im->model->n_output && !error; i++) {
		names[0] = im->model->output[i]->name;
		reader.name = names[0];
		im->node = &reader;
		error = import_output(im, im->model->output[i]);
		im->node = NULL;
	}
	return error;
}
