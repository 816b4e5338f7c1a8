// SPDX-License-Identifier: MIT
/*
 * What importing a model takes: memory within its budget, comparisons of names within
 * n log n. The linker wraps strcmp() of the importer, so that its calls are counted.
 */
#include "cmocka_prelude.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tessera-onnx.h>

#include "allocations.h"
#include "onnx.pb-c.h"

/* Beyond the budget: the graph itself, and what the C library keeps. */
#define SLACK	((size_t)64 << 10)

struct bytes {
	uint8_t *data;
	size_t size;
};

static size_t comparisons;

int __real_strcmp(const char *a, const char *b);
int __wrap_strcmp(const char *a, const char *b);

int __wrap_strcmp(const char *a, const char *b)
{
	comparisons++;
	return __real_strcmp(a, b);
}

static char *text(const char *format, size_t number)
{
	char buffer[64];

	snprintf(buffer, sizeof(buffer), format, number);
	return strdup(buffer);
}

/* --- models --- */

static Onnx__ValueInfoProto *vector(const char *name, int64_t extent)
{
	Onnx__ValueInfoProto *info = malloc(sizeof(*info));
	Onnx__TypeProto *type = malloc(sizeof(*type));
	Onnx__TypeProto__Tensor *tensor = malloc(sizeof(*tensor));
	Onnx__TensorShapeProto *shape = malloc(sizeof(*shape));
	Onnx__TensorShapeProto__Dimension *dim = malloc(sizeof(*dim));

	onnx__value_info_proto__init(info);
	onnx__type_proto__init(type);
	onnx__type_proto__tensor__init(tensor);
	onnx__tensor_shape_proto__init(shape);
	onnx__tensor_shape_proto__dimension__init(dim);
	info->name = strdup(name);
	info->type = type;
	type->value_case = ONNX__TYPE_PROTO__VALUE_TENSOR_TYPE;
	type->tensor_type = tensor;
	tensor->has_elem_type = 1;
	tensor->elem_type = ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT;
	tensor->shape = shape;
	shape->n_dim = 1;
	shape->dim = malloc(sizeof(*shape->dim));
	shape->dim[0] = dim;
	dim->value_case = ONNX__TENSOR_SHAPE_PROTO__DIMENSION__VALUE_DIM_VALUE;
	dim->dim_value = extent;
	return info;
}

static Onnx__NodeProto *node(const char *op, size_t inputs, size_t number)
{
	Onnx__NodeProto *made = malloc(sizeof(*made));

	onnx__node_proto__init(made);
	made->op_type = strdup(op);
	made->n_input = inputs;
	made->input = calloc(inputs, sizeof(*made->input));
	made->n_output = 1;
	made->output = malloc(sizeof(*made->output));
	made->output[0] = text("value %zu", number);
	return made;
}

/* x, called "value 0", and @count nodes that the caller fills in; the last one's is the output. */
static Onnx__ModelProto *model(size_t count)
{
	Onnx__ModelProto *made = malloc(sizeof(*made));
	Onnx__GraphProto *graph = malloc(sizeof(*graph));
	Onnx__OperatorSetIdProto *set = malloc(sizeof(*set));

	onnx__model_proto__init(made);
	onnx__graph_proto__init(graph);
	onnx__operator_set_id_proto__init(set);
	set->has_version = 1;
	set->version = 17;
	made->n_opset_import = 1;
	made->opset_import = malloc(sizeof(*made->opset_import));
	made->opset_import[0] = set;
	made->graph = graph;
	graph->n_input = 1;
	graph->input = malloc(sizeof(*graph->input));
	graph->input[0] = vector("value 0", 4);
	graph->n_output = 1;
	graph->output = malloc(sizeof(*graph->output));
	graph->output[0] = vector("", 4);
	free(graph->output[0]->name);
	graph->output[0]->name = text("value %zu", count);
	graph->n_node = count;
	graph->node = calloc(count, sizeof(*graph->node));
	return made;
}

static struct bytes pack(Onnx__ModelProto *made)
{
	struct bytes bytes = { .size = onnx__model_proto__get_packed_size(made) };

	bytes.data = malloc(bytes.size);
	onnx__model_proto__pack(made, bytes.data);
	onnx__model_proto__free_unpacked(made, NULL);
	return bytes;
}

/* Each node reads the one before. */
static struct bytes chain(size_t count)
{
	Onnx__ModelProto *made = model(count);
	size_t n;

	for (n = 0; n < count; n++) {
		made->graph->node[n] = node("Relu", 1, n + 1);
		made->graph->node[n]->input[0] = text("value %zu", n);
	}
	return pack(made);
}

/* Each node reads the input, whose name came first. */
static struct bytes star(size_t count)
{
	Onnx__ModelProto *made = model(count);
	size_t n;

	for (n = 0; n < count; n++) {
		made->graph->node[n] = node("Relu", 1, n + 1);
		made->graph->node[n]->input[0] = text("value %zu", 0);
	}
	return pack(made);
}

/* One node reads the input @count times. */
static struct bytes wide(size_t count)
{
	Onnx__ModelProto *made = model(1);
	Onnx__NodeProto *max = node("Max", count, 1);
	size_t i;

	for (i = 0; i < count; i++)
		max->input[i] = text("value %zu", 0);
	made->graph->node[0] = max;
	return pack(made);
}

/* A list of numbers without type: two bytes of file for four and more of memory. */
static struct bytes constant(size_t count)
{
	Onnx__ModelProto *made = model(1);
	Onnx__TensorProto *tensor = malloc(sizeof(*tensor));
	Onnx__NodeProto *add = node("Add", 2, 1);

	onnx__tensor_proto__init(tensor);
	tensor->name = strdup("weights");
	tensor->has_data_type = 1;
	tensor->data_type = ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT16;
	tensor->n_dims = 2;
	tensor->dims = malloc(2 * sizeof(*tensor->dims));
	tensor->dims[0] = (int64_t)count;
	tensor->dims[1] = 4;
	tensor->n_int32_data = 4 * count;
	tensor->int32_data = calloc(4 * count, sizeof(*tensor->int32_data));
	made->graph->n_initializer = 1;
	made->graph->initializer = malloc(sizeof(*made->graph->initializer));
	made->graph->initializer[0] = tensor;
	add->input[0] = strdup("value 0");
	add->input[1] = strdup("weights");
	made->graph->node[0] = add;
	return pack(made);
}

/* --- */

/* Return: of the import; @peak is what it had allocated at most. */
static int import(const struct bytes *bytes, uint64_t memory, size_t *peak)
{
	struct tsr_onnx_options options = TSR_OPTIONS(tsr_onnx_options, .memory = memory);
	struct tsr_graph *graph;
	int error;

	allocations_begin();
	error = tsr_onnx_import(bytes->data, bytes->size, &options, &graph);
	*peak = allocations_peak();
	tsr_graph_destroy(graph);
	return error;
}

/* The least memory that @bytes are accepted with. */
static uint64_t least_memory(const struct bytes *bytes)
{
	uint64_t low = 0, high = (uint64_t)1 << 32;
	size_t peak;

	while (high - low > 1) {
		uint64_t middle = low + (high - low) / 2;
		int error = import(bytes, middle, &peak);

		assert_true(!error || error == -E2BIG);
		assert_true(peak <= middle + SLACK);
		if (error)
			low = middle;
		else
			high = middle;
	}
	return high;
}

static void an_import_keeps_its_budget(void **state)
{
	static struct bytes (*const models[])(size_t) = { chain, star, wide, constant };
	static const size_t counts[] = { 1, 100, 1000 };
	size_t i, k, peak;

	(void)state;
	for (i = 0; i < sizeof(models) / sizeof(models[0]); i++)
		for (k = 0; k < sizeof(counts) / sizeof(counts[0]); k++) {
			struct bytes bytes = models[i](counts[k]);
			uint64_t least = least_memory(&bytes);

			assert_int_equal(import(&bytes, least, &peak), 0);
			assert_true(peak <= least + SLACK);
			assert_int_equal(import(&bytes, least - 1, &peak), -E2BIG);
			assert_non_null(strstr(tsr_error(), "--import-memory"));
			/* By default all of them have room. */
			assert_int_equal(import(&bytes, 0, &peak), 0);
			assert_true(least <= TSR_ONNX_MEMORY_BASE +
					     bytes.size * TSR_ONNX_MEMORY_PER_BYTE);
			free(bytes.data);
		}
}

/* Two bytes each, which would unpack to a hundred times that. */
static void empty_messages_are_refused_before_they_are_unpacked(void **state)
{
	enum { COUNT = 2000000, HEADER = 5 };
	struct bytes bytes = { malloc(HEADER + 2 * COUNT), HEADER + 2 * COUNT };
	size_t i, peak;

	(void)state;
	/* Field 7, the graph, of a length of four bytes; in it field 1, nodes, of length 0. */
	bytes.data[0] = 7 << 3 | 2;
	for (i = 0; i < 4; i++)
		bytes.data[1 + i] = (uint8_t)((2 * COUNT >> 7 * i & 0x7f) | (i < 3 ? 0x80 : 0));
	for (i = 0; i < COUNT; i++) {
		bytes.data[HEADER + 2 * i] = 1 << 3 | 2;
		bytes.data[HEADER + 2 * i + 1] = 0;
	}
	assert_int_equal(import(&bytes, 0, &peak), -E2BIG);
	assert_true(peak < SLACK);
	free(bytes.data);
}

static void nodes_beyond_the_limit_are_refused(void **state)
{
	struct bytes most = chain(1 << 17), more = chain((1 << 17) + 1);
	size_t peak;

	(void)state;
	assert_int_equal(import(&most, UINT64_MAX, &peak), 0);
	assert_int_equal(import(&more, UINT64_MAX, &peak), -E2BIG);
	assert_non_null(strstr(tsr_error(), "131073 nodes"));
	free(most.data);
	free(more.data);
}

static size_t count_comparisons(size_t nodes)
{
	struct bytes bytes = star(nodes);
	size_t peak;

	comparisons = 0;
	assert_int_equal(import(&bytes, UINT64_MAX, &peak), 0);
	free(bytes.data);
	return comparisons;
}

/* Ten times the nodes add log2(10) comparisons, of some 13, to each search. */
static void names_are_found_in_logarithmic_time(void **state)
{
	size_t few = count_comparisons(6000), many = count_comparisons(60000);

	(void)state;
	print_message("%zu comparisons for 6000 nodes, %zu for 60000\n", few, many);
	assert_true(many <= 15 * few);
	/* The count is one of something: each node has names to find. */
	assert_true(few > 6000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_import_keeps_its_budget),
		cmocka_unit_test(empty_messages_are_refused_before_they_are_unpacked),
		cmocka_unit_test(nodes_beyond_the_limit_are_refused),
		cmocka_unit_test(names_are_found_in_logarithmic_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
