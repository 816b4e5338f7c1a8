// SPDX-License-Identifier: MIT
/* What is fused, what becomes a view, how memory is shared. */
#include "cmocka_prelude.h"

#include <endian.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tsr_hw/command.h>
#include <tsr_hw/program.h>

#include "../compiler/compiler.h"
#include "random.h"
#include "random_graph.h"
#include "tile/sku.h"

static struct sku *sku;
static struct tsr_graph *graph;
static struct tsr_program *program;

static int load_sku(void **state)
{
	char error[256];

	(void)state;
	return sku_load(TESTS_SKU, &sku, error, sizeof(error));
}

static int free_sku(void **state)
{
	(void)state;
	sku_free(sku);
	return 0;
}

static int make_graph(void **state)
{
	(void)state;
	program = NULL;
	return tsr_graph_create("test", &graph);
}

static int free_graph(void **state)
{
	(void)state;
	tsr_program_destroy(program);
	tsr_graph_destroy(graph);
	return 0;
}

static tsr_tensor add_input(enum tsr_type type, unsigned int rank, const int64_t *dim)
{
	struct tsr_tensor_info info = { .type = type, .rank = rank };

	memcpy(info.dim, dim, rank * sizeof(*dim));
	info.scale = type == TSR_INT8 ? 0.5f : 0;
	return tsr_graph_input(graph, "x", &info);
}

static tsr_tensor add_weights(enum tsr_type type, int64_t rows, int64_t columns)
{
	struct tsr_tensor_info info = { .type = type, .rank = 2, .dim = { rows, columns } };
	size_t size = (size_t)(rows * columns) * tsr_type_size(type);
	void *data = calloc(1, size);
	tsr_tensor tensor;

	info.scale = type == TSR_INT8 ? 0.5f : 0;
	tensor = tsr_graph_constant(graph, "w", &info, data, size);
	free(data);
	return tensor;
}

static tsr_tensor add_product(tsr_tensor x, enum tsr_type type, int64_t depth, int64_t columns)
{
	return tsr_graph_gemm(graph, x, add_weights(type, depth, columns), false, TSR_NO_TENSOR,
			      NULL);
}

static tsr_tensor add_relu(tsr_tensor x)
{
	return tsr_graph_unary(graph, TSR_RELU, x, 0, 0, NULL);
}

static void compile(tsr_tensor output)
{
	assert_true(output >= 0);
	assert_int_equal(tsr_graph_output(graph, "y", output), 0);
	if (tsr_compile_for(graph, sku_fuses(sku), NULL, &program))
		fail_msg("%s", tsr_error());
}

static void assert_nodes(size_t count, const char *const *ops)
{
	size_t i;

	assert_int_equal(tsr_program_nodes(program), count);
	for (i = 0; i < count; i++)
		assert_string_equal(tsr_program_node(program, i)->op, ops[i]);
}

#define ASSERT_NODES(...) \
	assert_nodes(sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(char *), \
		     (const char *const[]){ __VA_ARGS__ })

static const int64_t square[] = { 4, 4 };

static void a_product_takes_up_residual_and_activation(void **state)
{
	tsr_tensor x = add_input(TSR_FP32, 2, square), y;

	(void)state;
	y = tsr_graph_binary(graph, TSR_ADD, add_product(x, TSR_FP32, 4, 4), x, NULL);
	compile(add_relu(y));
	ASSERT_NODES("gemm+add+relu");
}

static void a_sum_of_two_products_belongs_to_the_first(void **state)
{
	tsr_tensor x = add_input(TSR_FP32, 2, square), a, b;

	(void)state;
	a = add_product(x, TSR_FP32, 4, 4);
	b = add_product(x, TSR_FP32, 4, 4);
	compile(add_relu(tsr_graph_binary(graph, TSR_ADD, b, a, NULL)));
	ASSERT_NODES("gemm", "gemm+add+relu");
}

static void nothing_follows_an_activation_inside(void **state)
{
	tsr_tensor x = add_input(TSR_FP32, 2, square), y;

	(void)state;
	y = add_relu(add_product(x, TSR_FP32, 4, 4));
	compile(tsr_graph_binary(graph, TSR_ADD, y, x, NULL));
	ASSERT_NODES("gemm+relu", "binary");
}

static void a_result_read_twice_is_not_fused_away(void **state)
{
	tsr_tensor y = add_product(add_input(TSR_FP32, 2, square), TSR_FP32, 4, 4);

	(void)state;
	compile(tsr_graph_binary(graph, TSR_ADD, add_relu(y), y, NULL));
	ASSERT_NODES("gemm", "unary", "binary");
}

static void an_addition_takes_up_its_activation(void **state)
{
	tsr_tensor x = add_input(TSR_INT8, 2, square), y = add_input(TSR_INT8, 2, square);

	(void)state;
	compile(add_relu(tsr_graph_binary(graph, TSR_ADD, x, y, NULL)));
	ASSERT_NODES("binary+relu");
}

static void a_result_that_is_an_output_is_not_fused_away(void **state)
{
	tsr_tensor y = add_product(add_input(TSR_FP32, 2, square), TSR_FP32, 4, 4);

	(void)state;
	assert_int_equal(tsr_graph_output(graph, "inner", y), 0);
	compile(add_relu(y));
	ASSERT_NODES("gemm", "unary");
}

static void a_residual_that_broadcasts_is_not_fused(void **state)
{
	tsr_tensor x = add_input(TSR_FP32, 2, square);
	tsr_tensor row = add_input(TSR_FP32, 2, (int64_t[]){ 1, 4 });

	(void)state;
	compile(tsr_graph_binary(graph, TSR_ADD, add_product(x, TSR_FP32, 4, 4), row, NULL));
	ASSERT_NODES("gemm", "binary");
}

/* The graph asks for a rounding between the two. */
static void an_integer_residual_is_not_fused(void **state)
{
	tsr_tensor x = add_input(TSR_INT8, 2, square);

	(void)state;
	compile(tsr_graph_binary(graph, TSR_ADD, add_product(x, TSR_INT8, 4, 4), x, NULL));
	ASSERT_NODES("gemm", "binary");
}

/* The command takes residuals of floating-point types only. */
static void an_addition_of_codes_is_not_fused_into_a_product_of_numbers(void **state)
{
	tsr_tensor x = add_input(TSR_FP32, 2, square), codes = add_input(TSR_INT8, 2, square);

	(void)state;
	compile(tsr_graph_binary(graph, TSR_ADD, add_product(x, TSR_FP32, 4, 4), codes, NULL));
	ASSERT_NODES("gemm", "binary");
}

/* Integer operands take an fp32 residual, no narrower one. */
static void a_narrow_addition_is_not_fused_into_a_product_of_codes(void **state)
{
	const struct tsr_quantization real = { .type = TSR_FP32 };
	tsr_tensor x = add_input(TSR_INT8, 2, square), w = add_weights(TSR_INT8, 4, 4), y;

	(void)state;
	y = tsr_graph_gemm(graph, x, w, false, TSR_NO_TENSOR, &real);
	compile(tsr_graph_binary(graph, TSR_ADD, y, add_input(TSR_FP16, 2, square), NULL));
	ASSERT_NODES("gemm", "binary");
}

static void an_integer_activation_that_keeps_codes_is_fused(void **state)
{
	(void)state;
	compile(add_relu(add_product(add_input(TSR_INT8, 2, square), TSR_INT8, 4, 4)));
	ASSERT_NODES("gemm+relu");
}

static void an_integer_activation_with_other_codes_is_not_fused(void **state)
{
	struct tsr_quantization other = { TSR_INT8, 0.25f, 3 };
	tsr_tensor y = add_product(add_input(TSR_INT8, 2, square), TSR_INT8, 4, 4);

	(void)state;
	compile(tsr_graph_unary(graph, TSR_RELU, y, 0, 0, &other));
	ASSERT_NODES("gemm", "unary");
}

static void an_integer_activation_with_another_zero_point_is_not_fused(void **state)
{
	struct tsr_quantization other = { TSR_INT8, 0.5f, 3 };
	tsr_tensor y = add_product(add_input(TSR_INT8, 2, square), TSR_INT8, 4, 4);

	(void)state;
	compile(tsr_graph_unary(graph, TSR_RELU, y, 0, 0, &other));
	ASSERT_NODES("gemm", "unary");
}

static void reshape_and_transpose_cost_nothing(void **state)
{
	tsr_tensor x = add_input(TSR_FP32, 2, (int64_t[]){ 6, 4 });

	(void)state;
	x = tsr_graph_transpose(graph, x, (unsigned int[]){ 1, 0 });
	x = add_relu(x);
	compile(add_relu(tsr_graph_reshape(graph, x, 3, (int64_t[]){ 2, 2, 6 })));
	ASSERT_NODES("unary", "unary");
}

static void a_reshape_strides_cannot_express_is_moved(void **state)
{
	tsr_tensor x = add_input(TSR_FP32, 2, (int64_t[]){ 6, 4 });

	(void)state;
	x = tsr_graph_transpose(graph, x, (unsigned int[]){ 1, 0 });
	compile(add_relu(tsr_graph_reshape(graph, x, 1, (int64_t[]){ 24 })));
	ASSERT_NODES("move", "unary");
}

static void an_input_that_is_an_output_is_copied(void **state)
{
	tsr_tensor x = add_input(TSR_FP32, 2, square);

	(void)state;
	assert_int_equal(tsr_graph_output(graph, "same", x), 0);
	compile(add_relu(x));
	ASSERT_NODES("unary", "output");
}

static void one_tensor_can_be_two_outputs(void **state)
{
	tsr_tensor y = add_relu(add_input(TSR_FP32, 2, square));

	(void)state;
	assert_int_equal(tsr_graph_output(graph, "first", y), 0);
	compile(y);
	ASSERT_NODES("unary", "output");
	assert_int_equal(tsr_program_outputs(program), 2);
}

static void a_chain_needs_the_memory_of_two_tensors(void **state)
{
	tsr_tensor x = add_input(TSR_FP32, 2, (int64_t[]){ 64, 64 });
	unsigned int i;

	(void)state;
	for (i = 0; i < 10; i++)
		x = tsr_graph_unary(graph, TSR_NEG, x, 0, 0, NULL);
	compile(x);
	assert_int_equal(tsr_program_scratch(program), 2 * 64 * 64 * 4);
}

static void precision_converts_at_the_edges_only(void **state)
{
	struct tsr_compile_options options = TSR_OPTIONS(tsr_compile_options,
							 .precision = TSR_FP16);
	tsr_tensor x = add_input(TSR_FP32, 2, square);

	(void)state;
	x = tsr_graph_unary(graph, TSR_TANH, add_product(x, TSR_FP32, 4, 4), 0, 0, NULL);
	assert_int_equal(tsr_graph_output(graph, "y", x), 0);
	assert_int_equal(tsr_compile_for(graph, sku_fuses(sku), &options, &program), 0);
	ASSERT_NODES("convert", "gemm", "unary", "convert");
	assert_string_equal(tsr_program_node(program, 0)->name, "x");
	assert_string_equal(tsr_program_node(program, 3)->name, "y");
	assert_int_equal(tsr_program_input(program, 0)->info.type, TSR_FP32);
	assert_int_equal(tsr_program_node(program, 1)->type, TSR_FP16);
	assert_int_equal(tsr_program_output(program, 0)->info.type, TSR_FP32);
}

static void a_type_without_a_rate_is_refused(void **state)
{
	struct tsr_hw_fuses fuses = *sku_fuses(sku);
	tsr_tensor y = add_product(add_input(TSR_FP32, 2, square), TSR_FP32, 4, 4);

	(void)state;
	fuses.macs[TSR_FP32] = 0;
	assert_int_equal(tsr_graph_output(graph, "y", y), 0);
	assert_int_equal(tsr_compile_for(graph, &fuses, NULL, &program), -EOPNOTSUPP);
	assert_non_null(strstr(tsr_error(), "fp32"));
}

static void a_graph_without_outputs_is_refused(void **state)
{
	(void)state;
	add_relu(add_input(TSR_FP32, 2, square));
	assert_int_equal(tsr_compile_for(graph, sku_fuses(sku), NULL, &program), -EINVAL);
}

static void too_many_nodes_are_refused_by_name(void **state)
{
	tsr_tensor x = add_input(TSR_FP32, 2, square);
	unsigned int i;

	(void)state;
	for (i = 0; i < TSR_HW_MAX_NODES + 1; i++)
		x = tsr_graph_unary(graph, TSR_NEG, x, 0, 0, NULL);
	assert_int_equal(tsr_graph_output(graph, "y", x), 0);
	assert_int_equal(tsr_compile_for(graph, sku_fuses(sku), NULL, &program), -E2BIG);
	assert_non_null(strstr(tsr_error(), "16385 nodes"));
}

static void a_tensor_beyond_the_address_space_is_refused(void **state)
{
	const int64_t huge[] = { INT32_MAX, 1 << 20 };

	(void)state;
	assert_int_equal(tsr_graph_output(graph, "y", add_relu(add_input(TSR_FP32, 2, huge))), 0);
	assert_int_equal(tsr_compile_for(graph, sku_fuses(sku), NULL, &program), -E2BIG);
	assert_non_null(strstr(tsr_error(), "address space"));
}

/* One slot is kept for scratch memory. */
static void more_arguments_than_slots_are_refused(void **state)
{
	tsr_tensor x = TSR_NO_TENSOR;
	unsigned int i;

	(void)state;
	for (i = 0; i < TSR_HW_MAX_SLOTS - 2; i++)
		x = add_input(TSR_FP32, 2, square);
	compile(add_relu(x));
	tsr_program_destroy(program);
	add_input(TSR_FP32, 2, square);
	assert_int_equal(tsr_compile_for(graph, sku_fuses(sku), NULL, &program), -E2BIG);
	assert_non_null(strstr(tsr_error(), "1023 inputs and 1 outputs"));
}

/* Storages of a random graph after planning. */
static void plan_random(uint64_t seed, struct tsr_steps *steps, struct tsr_layout *layout)
{
	uint64_t random = seed;

	tsr_graph_destroy(graph);
	graph = random_graph(TSR_FP32, 30, &random);
	assert_int_equal(tsr_fuse(graph, steps), 0);
	assert_int_equal(tsr_place(graph, steps, layout), 0);
	assert_int_equal(tsr_plan(layout), 0);
}

static bool is_planned(const struct tsr_storage *storage)
{
	return storage->kind == TSR_STORAGE_SCRATCH && storage->first != SIZE_MAX;
}

static void tensors_alive_together_never_share_memory(void **state)
{
	struct tsr_layout layout;
	struct tsr_steps steps;
	uint64_t seed;
	size_t i, k;

	(void)state;
	for (seed = 1; seed <= 200; seed++) {
		plan_random(seed, &steps, &layout);
		for (i = 0; i < layout.storage_count; i++)
			for (k = 0; k < i; k++) {
				const struct tsr_storage *a = &layout.storage[i];
				const struct tsr_storage *b = &layout.storage[k];

				if (!is_planned(a) || !is_planned(b) || a->first > b->last ||
				    b->first > a->last)
					continue;
				assert_true(a->offset + a->size <= b->offset ||
					    b->offset + b->size <= a->offset);
			}
		tsr_layout_free(&layout);
		free(steps.step);
	}
}

/* Bytes alive at the step with most of them: no plan can do with less. */
static size_t peak_of(const struct tsr_layout *layout, size_t steps)
{
	size_t peak = 0, live, s, i;

	for (s = 0; s < steps; s++) {
		for (i = 0, live = 0; i < layout->storage_count; i++)
			if (is_planned(&layout->storage[i]) && layout->storage[i].first <= s &&
			    s <= layout->storage[i].last)
				live += (layout->storage[i].size + 63) / 64 * 64;
		peak = live > peak ? live : peak;
	}
	return peak;
}

/* A plan that takes small tensors first, or does not share, exceeds the bound by far more. */
static void plans_need_hardly_more_than_what_is_alive(void **state)
{
	size_t planned = 0, peaks = 0;
	struct tsr_layout layout;
	struct tsr_steps steps;
	uint64_t seed;

	(void)state;
	for (seed = 1; seed <= 200; seed++) {
		plan_random(seed, &steps, &layout);
		assert_true(layout.scratch >= peak_of(&layout, steps.count));
		planned += layout.scratch;
		peaks += peak_of(&layout, steps.count);
		tsr_layout_free(&layout);
		free(steps.step);
	}
	assert_true(planned - peaks < peaks / 20);
}

static void expect_blocks(unsigned int rank, const int64_t *dim, const uint32_t *want)
{
	struct tsr_tensor_info info = { .rank = rank };
	struct tsr_hw_step step = { 0 };

	for (unsigned int i = 0; i < rank; i++)
		info.dim[i] = dim[i];
	tsr_default_blocks(&info, &step);
	for (unsigned int i = 0; i < TSR_HW_MAX_RANK; i++)
		assert_int_equal(le32toh(step.block[i]), i < rank ? want[i] : 0);
}

static void blocks_have_whole_dimensions_from_the_innermost_one_on(void **state)
{
	(void)state;
	expect_blocks(0, NULL, NULL);
	expect_blocks(1, (int64_t[]){ 5000 }, (uint32_t[]){ 4096 });
	expect_blocks(2, (int64_t[]){ 64, 64 }, (uint32_t[]){ 64, 64 });
	expect_blocks(3, (int64_t[]){ 5, 7, 1000 }, (uint32_t[]){ 1, 4, 1000 });
	expect_blocks(3, (int64_t[]){ 9, 5000, 3 }, (uint32_t[]){ 1, 1365, 3 });
	expect_blocks(2, (int64_t[]){ 3, 0 }, (uint32_t[]){ 3, 1 });
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, make_graph, free_graph)
	const struct CMUnitTest tests[] = {
		CASE(a_product_takes_up_residual_and_activation),
		cmocka_unit_test(blocks_have_whole_dimensions_from_the_innermost_one_on),
		CASE(a_sum_of_two_products_belongs_to_the_first),
		CASE(nothing_follows_an_activation_inside),
		CASE(a_result_read_twice_is_not_fused_away),
		CASE(an_addition_takes_up_its_activation),
		CASE(a_result_that_is_an_output_is_not_fused_away),
		CASE(a_residual_that_broadcasts_is_not_fused),
		CASE(an_integer_residual_is_not_fused),
		CASE(an_addition_of_codes_is_not_fused_into_a_product_of_numbers),
		CASE(a_narrow_addition_is_not_fused_into_a_product_of_codes),
		CASE(an_integer_activation_that_keeps_codes_is_fused),
		CASE(an_integer_activation_with_other_codes_is_not_fused),
		CASE(an_integer_activation_with_another_zero_point_is_not_fused),
		CASE(reshape_and_transpose_cost_nothing),
		CASE(a_reshape_strides_cannot_express_is_moved),
		CASE(an_input_that_is_an_output_is_copied),
		CASE(one_tensor_can_be_two_outputs),
		CASE(a_chain_needs_the_memory_of_two_tensors),
		CASE(precision_converts_at_the_edges_only),
		CASE(a_type_without_a_rate_is_refused),
		CASE(a_graph_without_outputs_is_refused),
		CASE(too_many_nodes_are_refused_by_name),
		CASE(a_tensor_beyond_the_address_space_is_refused),
		CASE(more_arguments_than_slots_are_refused),
		CASE(tensors_alive_together_never_share_memory),
		CASE(plans_need_hardly_more_than_what_is_alive),
	};

	return cmocka_run_group_tests(tests, load_sku, free_sku);
}
