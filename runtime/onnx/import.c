// SPDX-License-Identifier: MIT
/* tsr_onnx_import(): inputs, initializers, nodes in order, outputs. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "importer.h"
#include "../error.h"
#include "../include/tessera-onnx.h"
#include "../options.h"

#define OPSET_MIN	7

/* Sorted by name. */
static const struct {
	const char *op;
	import_handler handler;
} handlers[] = {
	{ "Abs", import_unary },
	{ "Add", import_binary },
	{ "AveragePool", import_pool },
	{ "BatchNormalization", import_batch_normalization },
	{ "Cast", import_cast },
	{ "Clip", import_clip },
	{ "Concat", import_concat },
	{ "Constant", import_constant },
	{ "Conv", import_conv },
	{ "DequantizeLinear", import_dequantize },
	{ "Div", import_binary },
	{ "Dropout", import_identity },
	{ "Erf", import_unary },
	{ "Exp", import_unary },
	{ "Flatten", import_flatten },
	{ "Gather", import_gather },
	{ "Gemm", import_gemm },
	{ "GlobalAveragePool", import_global_pool },
	{ "GlobalMaxPool", import_global_pool },
	{ "HardSigmoid", import_unary },
	{ "Identity", import_identity },
	{ "LeakyRelu", import_unary },
	{ "MatMul", import_matmul },
	{ "Max", import_binary },
	{ "MaxPool", import_pool },
	{ "Min", import_binary },
	{ "Mul", import_binary },
	{ "Neg", import_unary },
	{ "Pad", import_pad },
	{ "QuantizeLinear", import_quantize },
	{ "ReduceMax", import_reduce },
	{ "ReduceMean", import_reduce },
	{ "ReduceMin", import_reduce },
	{ "ReduceSum", import_reduce },
	{ "Relu", import_unary },
	{ "Reshape", import_reshape },
	{ "Shape", import_shape_of },
	{ "Sigmoid", import_unary },
	{ "Softmax", import_softmax },
	{ "Sqrt", import_unary },
	{ "Squeeze", import_squeeze },
	{ "Sub", import_binary },
	{ "Tanh", import_unary },
	{ "Transpose", import_transpose },
	{ "Unsqueeze", import_unsqueeze },
};

#define HANDLERS	(sizeof(handlers) / sizeof(handlers[0]))

const char *const *tsr_onnx_operators(void)
{
	static const char *names[HANDLERS + 1];
	size_t i;

	for (i = 0; i < HANDLERS; i++)
		names[i] = handlers[i].op;
	return names;
}

static int compare_op(const void *op, const void *entry)
{
	return strcmp(op, *(const char *const *)entry);
}

static import_handler find_handler(const char *op)
{
	const void *entry = bsearch(op, handlers, HANDLERS, sizeof(handlers[0]), compare_op);

	return entry ? ((const __typeof__(handlers[0]) *)entry)->handler : NULL;
}

static int import_initializers(struct importer *im)
{
	struct value value = { .kind = VALUE_LITERAL };
	size_t i;

	for (i = 0; i < im->model->n_initializer; i++) {
		const Onnx__TensorProto *proto = im->model->initializer[i];

		value.literal = literal_of(im, proto);
		if (!value.literal)
			return -EBADMSG;
		if (import_bind(im, proto->name, &value))
			return -ENOMEM;
	}
	return 0;
}

static int input_dim(struct importer *im, const char *name,
		     const Onnx__TensorShapeProto__Dimension *given, int64_t *dim)
{
	*dim = im->batch;
	if (given->value_case == ONNX__TENSOR_SHAPE_PROTO__DIMENSION__VALUE_DIM_VALUE)
		*dim = given->dim_value;
	/* Exporters write -1 or 0 for "unknown" as well. */
	if (*dim == -1 || *dim == 0)
		*dim = im->batch;
	if (*dim < 1)
		return import_fail(im, -EBADMSG, "input %s has an extent of %lld", name,
				   (long long)*dim);
	return 0;
}

static int input_info(struct importer *im, const Onnx__ValueInfoProto *input,
		      struct tsr_tensor_info *info)
{
	const Onnx__TypeProto__Tensor *type;
	size_t i;
	int error;

	if (!input->type || input->type->value_case != ONNX__TYPE_PROTO__VALUE_TENSOR_TYPE ||
	    !input->type->tensor_type->shape)
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
	for (i = 0; i < type->shape->n_dim; i++) {
		error = input_dim(im, input->name, type->shape->dim[i], &info->dim[i]);
		if (error)
			return error;
	}
	return 0;
}

static int import_inputs(struct importer *im)
{
	struct value value = { .kind = VALUE_TENSOR };
	struct tsr_tensor_info info;
	size_t i;
	int error;

	for (i = 0; i < im->model->n_input; i++) {
		const Onnx__ValueInfoProto *input = im->model->input[i];

		if (!input->name || !*input->name)
			return import_fail(im, -EBADMSG, "an input has no name");
		/* Old models list initializers among the inputs. */
		if (import_find(im, input->name))
			continue;
		error = input_info(im, input, &info);
		if (error)
			return error;
		value.tensor = tsr_graph_input(im->graph, input->name, &info);
		if (value.tensor < 0)
			return value.tensor;
		if (import_bind(im, input->name, &value))
			return -ENOMEM;
	}
	return 0;
}

static int import_node(struct importer *im, size_t n)
{
	import_handler handler;

	im->node = im->model->node[n];
	if (!im->node->op_type || !im->node->n_output || !im->node->output[0])
		return import_fail(im, -EBADMSG, "it has no operator or no output");
	handler = find_handler(im->node->op_type);
	if (!handler || (im->node->domain && *im->node->domain &&
			 strcmp(im->node->domain, "ai.onnx")))
		return import_fail(im, -EOPNOTSUPP, "this operator is not supported; "
				   "tessera-run --operators lists those that are");
	return handler(im);
}

static int import_nodes(struct importer *im)
{
	size_t n;
	int error = 0;

	for (n = 0; n < im->model->n_node && !error; n++)
		if (!im->done[n])
			error = import_node(im, n);
	im->node = NULL;
	return error;
}

/* An output is read by name as an input of a node would be. */
static int import_outputs(struct importer *im)
{
	char *names[1];
	Onnx__NodeProto reader = ONNX__NODE_PROTO__INIT;
	size_t i;
	int error = 0;

	for (i = 0; i < im->model->n_output && !error; i++) {
		tsr_tensor tensor;

		if (!im->model->output[i]->name)
			return import_fail(im, -EBADMSG, "an output has no name");
		names[0] = im->model->output[i]->name;
		reader.op_type = "output";
		reader.name = names[0];
		reader.input = names;
		reader.n_input = 1;
		im->node = &reader;
		tensor = import_tensor(im, 0);
		im->node = NULL;
		error = tensor < 0 ? tensor : tsr_graph_output(im->graph, names[0], tensor);
	}
	if (!im->model->n_output)
		return import_fail(im, -EBADMSG, "the model has no outputs");
	return error;
}

static int check_opset(struct importer *im, const Onnx__ModelProto *model)
{
	size_t i;

	for (i = 0; i < model->n_opset_import; i++) {
		const Onnx__OperatorSetIdProto *set = model->opset_import[i];

		if (!set->domain || !*set->domain || !strcmp(set->domain, "ai.onnx"))
			im->opset = set->version;
	}
	if (im->opset < OPSET_MIN)
		return import_fail(im, -EOPNOTSUPP, "operator set %lld; %d or later is needed",
				   (long long)im->opset, OPSET_MIN);
	return 0;
}

static int import_model(struct importer *im, const Onnx__ModelProto *model)
{
	int error;

	im->model = model->graph;
	im->done = calloc(im->model->n_node + 1, sizeof(*im->done));
	if (!im->done)
		return import_fail(im, -ENOMEM, "out of memory");
	error = check_opset(im, model);
	if (!error)
		error = tsr_graph_create(im->model->name && *im->model->name ? im->model->name :
					 "model", &im->graph);
	if (!error)
		error = import_initializers(im);
	if (!error)
		error = import_inputs(im);
	if (!error)
		error = import_nodes(im);
	return error ? error : import_outputs(im);
}

static void release(struct importer *im)
{
	size_t i;

	for (i = 0; i < im->literal_count; i++) {
		free(im->literals[i]->data);
		free(im->literals[i]);
	}
	free(im->literals);
	free(im->values);
	free(im->done);
}

int tsr_onnx_import(const void *data, size_t size, const struct tsr_onnx_options *options,
		    struct tsr_graph **graph)
{
	struct tsr_onnx_options given;
	struct importer im = { 0 };
	Onnx__ModelProto *model;
	int error;

	*graph = NULL;
	error = TSR_OPTIONS_READ(tsr_onnx_options, &given, options);
	if (error)
		return error;
	im.batch = given.batch ? given.batch : 1;
	model = onnx__model_proto__unpack(NULL, size, data);
	if (!model || !model->graph)
		error = tsr_fail(-EBADMSG, "not an ONNX model");
	else
		error = import_model(&im, model);
	if (error)
		tsr_graph_destroy(im.graph);
	else
		*graph = im.graph;
	release(&im);
	onnx__model_proto__free_unpacked(model, NULL);
	return error;
}

int tsr_onnx_import_file(const char *path, const struct tsr_onnx_options *options,
			 struct tsr_graph **graph)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), error;
	struct stat status;
	void *data;

	*graph = NULL;
	if (fd < 0 || fstat(fd, &status)) {
		error = tsr_fail(-errno, "cannot open %s: %s", path, strerror(errno));
		if (fd >= 0)
			close(fd);
		return error;
	}
	data = status.st_size ? mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, fd, 0) :
				MAP_FAILED;
	close(fd);
	if (data == MAP_FAILED)
		return tsr_fail(-EBADMSG, "%s: not an ONNX model", path);
	error = tsr_onnx_import(data, (size_t)status.st_size, options, graph);
	munmap(data, (size_t)status.st_size);
	return error;
}
