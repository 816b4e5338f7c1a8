// SPDX-License-Identifier: MIT
/* Nodes in order, each by its handler; what the handler does not read is refused by name. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "importer.h"

static bool is_present(const char *name)
{
	return name && *name;
}

static const char *attribute_name(const Onnx__AttributeProto *attribute)
{
	return is_present(attribute->name) ? attribute->name : "without a name";
}

static int refuse_attribute(struct importer *im, const Onnx__AttributeProto *attribute)
{
	const ProtobufCEnumValue *type = protobuf_c_enum_descriptor_get_value(
		&onnx__attribute_proto__attribute_type__descriptor, (int)attribute->type);

	return import_fail(im, -EOPNOTSUPP, "attribute %s of type %s is not supported with this "
			   "value in operator set %lld", attribute_name(attribute),
			   type ? type->name : "unknown", (long long)im->opset);
}

/* A result that no handler makes may be listed, but not read. */
static int check_outputs(struct importer *im)
{
	const Onnx__NodeProto *node = im->node;
	size_t i;

	for (i = 1; i < node->n_output; i++) {
		const struct name *name;

		if (!is_present(node->output[i]))
			continue;
		name = name_find(im, node->output[i]);
		if (name && !name->bound && (name->readers || name->is_output))
			return import_fail(im, -EOPNOTSUPP, "output %zu, %s, is not supported", i,
					   name->text);
	}
	return 0;
}

int node_is_read(struct importer *im)
{
	const Onnx__NodeProto *node = im->node;
	size_t i;

	for (i = 0; i < node->n_attribute; i++)
		if (!(im->usage.attributes >> i & 1))
			return refuse_attribute(im, node->attribute[i]);
	for (i = 0; i < node->n_input; i++)
		if (is_present(node->input[i]) && !im->usage.inputs[i])
			return import_fail(im, -EOPNOTSUPP, "input %zu, %s, is not supported in "
					   "operator set %lld", i, node->input[i],
					   (long long)im->opset);
	return 0;
}

static int check_attributes(struct importer *im)
{
	const Onnx__NodeProto *node = im->node;
	size_t i, k;

	if (node->n_attribute > ATTRIBUTES_MAX)
		return import_fail(im, -EBADMSG, "%zu attributes; no operator has more than %d",
				   node->n_attribute, ATTRIBUTES_MAX);
	for (i = 0; i < node->n_attribute; i++) {
		if (is_present(node->attribute[i]->ref_attr_name))
			return import_fail(im, -EBADMSG, "attribute %s refers to one of a function",
					   attribute_name(node->attribute[i]));
		for (k = 0; k < i; k++)
			if (!strcmp(attribute_name(node->attribute[i]),
				    attribute_name(node->attribute[k])))
				return import_fail(im, -EBADMSG, "attribute %s is given twice",
						   attribute_name(node->attribute[i]));
	}
	return 0;
}

static import_handler find_handler(struct importer *im)
{
	const Onnx__NodeProto *node = im->node;
	import_handler handler;
	int since;

	if (is_present(node->domain) && strcmp(node->domain, "ai.onnx")) {
		import_fail(im, -EOPNOTSUPP, "operators of domain %s are not supported",
			    node->domain);
		return NULL;
	}
	handler = operator_find(node->op_type, &since);
	if (!handler) {
		import_fail(im, -EOPNOTSUPP, "this operator is not supported; tessera-run "
			    "--operators lists those that are");
	} else if (im->opset < since) {
		import_fail(im, -EBADMSG, "operator set %lld does not have it; it came with %d",
			    (long long)im->opset, since);
		handler = NULL;
	}
	return handler;
}

/* What the node added to the graph; constants have been paid for before they were made. */
static int check_tensors(struct importer *im)
{
	size_t i, made = 0;

	for (i = im->node_tensors; i < im->graph->tensor_count; i++) {
		const struct tsr_graph_tensor *tensor = &im->graph->tensors[i];

		if (tensor->size > TENSOR_BYTES_MAX)
			return import_fail(im, -E2BIG, "its result has %zu bytes; a tensor has at "
					   "most %llu", tensor->size,
					   (unsigned long long)TENSOR_BYTES_MAX);
		made += !tensor->data;
	}
	return budget_take(im, made, TENSOR_COST, "tensors of the graph");
}

static int run_handler(struct importer *im, import_handler handler)
{
	int error;

	im->usage.attributes = 0;
	memset(im->usage.inputs, 0, im->node->n_input * sizeof(*im->usage.inputs));
	im->node_tensors = im->graph->tensor_count;
	error = handler(im);
	if (!error)
		error = node_is_read(im);
	if (!error)
		error = check_outputs(im);
	return error ? error : check_tensors(im);
}

static int import_node(struct importer *im, size_t n)
{
	import_handler handler;
	int error;

	im->node = im->model->node[n];
	if (!im->node->op_type || !im->node->n_output || !is_present(im->node->output[0]))
		return import_fail(im, -EBADMSG, "it has no operator or no output");
	error = check_attributes(im);
	if (error)
		return error;
	handler = find_handler(im);
	return handler ? run_handler(im, handler) : -EOPNOTSUPP;
}

static int make_usage(struct importer *im)
{
	size_t most = 1, n;
	int error;

	for (n = 0; n < im->model->n_node; n++)
		if (im->model->node[n]->n_input > most)
			most = im->model->node[n]->n_input;
	error = budget_take(im, most + im->model->n_node + 1, sizeof(bool), "the nodes");
	if (error)
		return error;
	im->usage.inputs = calloc(most, sizeof(*im->usage.inputs));
	im->done = calloc(im->model->n_node + 1, sizeof(*im->done));
	return im->usage.inputs && im->done ? 0 : import_fail(im, -ENOMEM, "out of memory");
}

int import_nodes(struct importer *im)
{
	size_t n;
	int error = make_usage(im);

	for (n = 0; n < im->model->n_node && !error; n++)
		if (!im->done[n])
			error = import_node(im, n);
	im->node = NULL;
	return error;
}
