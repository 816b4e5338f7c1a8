/* SPDX-License-Identifier: MIT */
/*
 * What a node is said to be before it runs, worked out by hand: products, operations of single
 * elements, distinct bytes. Tensors are dense and fp32 where nothing else is said; no two extents
 * of a command are the same.
 */
#include "suite.h"

#include <string.h>

#include <tsr_hw/vector.h>

#include "bench.h"
#include "products.h"

#define FP32	TSR_HW_TYPE_FP32
#define D(...)	((const uint32_t[]){ __VA_ARGS__ })

/* Cycles of a strip that a program below takes: so many additions. */
#define ADDITIONS	3u

/* A program of one fp32 input, which is added to the value. */
struct program {
	struct tsr_hw_vector head;
	struct tsr_hw_tensor input;
	struct tsr_hw_insn add[ADDITIONS];
};

/* A command with its programs. */
struct made {
	_Alignas(8) char bytes[4096];
};

static struct bench bench;

static int setup(void **state)
{
	(void)state;
	bench_open(&bench, PRODUCTS_SKU, 1 << 20, 1);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	bench_close(&bench);
	return 0;
}

static void in(struct tsr_hw_tensor *tensor, unsigned int type, unsigned int rank,
	       const uint32_t *dim)
{
	bench_plain(&bench, tensor, type, rank, dim, LAYOUT_DENSE, TSR_HW_SLOT_READ);
}

static void out(struct tsr_hw_tensor *tensor, unsigned int type, unsigned int rank,
		const uint32_t *dim)
{
	bench_plain(&bench, tensor, type, rank, dim, LAYOUT_DENSE, TSR_HW_SLOT_WRITE);
}

static void prepare(const void *command, struct tile_size *size)
{
	const struct tsr_hw_command *head = command;
	unsigned int kind = head->op < TSR_HW_OP_COPY ? TSR_HW_ENGINE_TENSOR : TSR_HW_ENGINE_DMA;
	struct outcome outcome;
	struct tile_job *job = bench_prepare(&bench, kind, command, head->size, &outcome);

	assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
	assert_non_null(job);
	tile_free(job);
	*size = outcome.size;
}

static void expect(const void *command, uint64_t macs, uint64_t operations, uint64_t bytes)
{
	struct tile_size size;

	prepare(command, &size);
	assert_int_equal(size.macs, macs);
	assert_int_equal(size.operations, operations);
	assert_int_equal(size.bytes, bytes);
}

/* Puts a program behind a command for what has the extents of @shape; @to: which of its two. */
static void add_program(struct made *made, const struct tsr_hw_tensor *shape, __le16 *to)
{
	struct tsr_hw_command *head = (void *)made->bytes;
	struct program program = { .head = { .insns = ADDITIONS, .inputs = 1, .result = 7 } };

	in(&program.input, FP32, shape->rank, shape->dim);
	for (unsigned int i = 0; i < ADDITIONS; i++)
		program.add[i] = (struct tsr_hw_insn){
			.op = TSR_HW_VECTOR_ADD, .type = TSR_HW_VECTOR_TYPE_F32, .dst = 7,
			.a = i ? 7 : TSR_HW_VECTOR_VALUE, .b = 0,
		};
	memcpy(made->bytes + head->size, &program, sizeof(program));
	*to = head->size;
	head->size = (uint16_t)(head->size + sizeof(program));
}

/*
 * Expects of a command what is given, and with an epilogue three operations more and four bytes for
 * each element of @d; with a prologue as much for each element of @x, unless that is NULL.
 */
static void expect_posted(const void *command, const struct tsr_hw_tensor *d,
			  const struct tsr_hw_tensor *x, const struct tile_size *plain)
{
	const struct tsr_hw_command *head = command;
	uint64_t outputs = bench_plain_elements(d);
	struct made made = { { 0 } };
	struct tsr_hw_command *bytes = (void *)made.bytes;

	expect(command, plain->macs, plain->operations, plain->bytes);
	memcpy(made.bytes, command, head->size);
	add_program(&made, d, &bytes->post);
	expect(made.bytes, plain->macs, plain->operations + 3 * outputs,
	       plain->bytes + 4 * outputs);
	if (!x)
		return;
	outputs += bench_plain_elements(x);
	add_program(&made, x, &bytes->pre);
	expect(made.bytes, plain->macs, plain->operations + 3 * outputs,
	       plain->bytes + 4 * outputs);
}

#define HEAD(body, name) { .op = TSR_HW_OP_##name, .size = sizeof(body) }

static void a_product_has_those_of_its_extents(void **state)
{
	struct tsr_hw_gemm gemm = {
		.head = HEAD(gemm, GEMM), .blocks = { .bm = 3, .bn = 7, .bk = 5, .bg = 1 },
	};

	(void)state;
	in(&gemm.a, FP32, 3, D(2, 3, 5));
	in(&gemm.b, FP32, 3, D(2, 5, 7));
	out(&gemm.d, FP32, 3, D(2, 3, 7));
	bench_absent(&gemm.rows);
	products_no_quant(&gemm.qa);
	products_no_quant(&gemm.qb);
	expect_posted(&gemm, &gemm.d, NULL, &(struct tile_size){ 2 * 3 * 5 * 7, 2 * 3 * 5 * 7,
							   4 * (2 * 15 + 2 * 35 + 2 * 21), 0 });
	/* How many rows there are of each says another operand. */
	in(&gemm.rows, TSR_HW_TYPE_INT32, 1, D(2));
	expect(&gemm, 2 * 3 * 5 * 7, 2 * 3 * 5 * 7, 4 * (2 * 15 + 2 * 35 + 2 * 21) + 2 * 4);
}

/* Without depth an output is stored all the same. */
static void a_product_of_nothing_stores_its_outputs(void **state)
{
	struct tsr_hw_gemm gemm = {
		.head = HEAD(gemm, GEMM), .blocks = { .bm = 3, .bn = 7, .bk = 1, .bg = 1 },
	};

	(void)state;
	in(&gemm.a, FP32, 2, D(3, 0));
	in(&gemm.b, FP32, 2, D(0, 7));
	out(&gemm.d, FP32, 2, D(3, 7));
	bench_absent(&gemm.rows);
	products_no_quant(&gemm.qa);
	products_no_quant(&gemm.qb);
	expect(&gemm, 0, 3 * 7, 4 * 3 * 7);
}

static void scales_and_zero_points_are_operands(void **state)
{
	struct tsr_hw_gemm gemm = {
		.head = HEAD(gemm, GEMM), .blocks = { .bm = 3, .bn = 7, .bk = 40, .bg = 1 },
	};

	(void)state;
	in(&gemm.a, FP32, 2, D(3, 40));
	in(&gemm.b, TSR_HW_TYPE_UINT8, 2, D(40, 7));
	out(&gemm.d, TSR_HW_TYPE_FP16, 2, D(3, 7));
	bench_absent(&gemm.rows);
	products_no_quant(&gemm.qa);
	products_no_quant(&gemm.qb);
	gemm.qb.kind = TSR_HW_QUANT_BLOCKS;
	gemm.qb.block = 32;
	in(&gemm.qb.scale, FP32, 2, D(2, 7));
	expect(&gemm, 3 * 40 * 7, 3 * 40 * 7, 4 * 120 + 280 + 4 * 14 + 2 * 21);
	in(&gemm.qb.zeros, TSR_HW_TYPE_INT32, 2, D(2, 7));
	expect(&gemm, 3 * 40 * 7, 3 * 40 * 7, 4 * 120 + 280 + 8 * 14 + 2 * 21);
}

static void a_convolution_has_a_sum_for_each_output(void **state)
{
	struct tsr_hw_conv conv = {
		.head = HEAD(conv, CONV), .blocks = { .bm = 4, .bn = 5, .bk = 6, .bg = 1 },
		.groups = 2, .dims = 1, .window = { { 2, 1, 1, 1, 0, 0 } },
	};

	(void)state;
	in(&conv.x, FP32, 3, D(3, 6, 5));
	in(&conv.w, FP32, 3, D(10, 3, 2));
	out(&conv.d, FP32, 3, D(3, 10, 4));
	products_no_quant(&conv.qx);
	products_no_quant(&conv.qw);
	expect_posted(&conv, &conv.d, NULL, &(struct tile_size){ 120 * 6, 120 * 6,
							   4 * (90 + 60 + 120), 0 });
}

/* Of each row with the keys, and of its weights with the values. */
static void attention_has_two_products(void **state)
{
	const uint64_t macs = 2 * 6 * 4 * 5 * (8 + 7);
	const uint64_t elements = 2 * 6 * 4 * (8 + 7) + 2 * 3 * 5 * (8 + 7);
	struct tsr_hw_attention attention = {
		.head = HEAD(attention, ATTENTION), .scale = bench_bits(1),
		.blocks = { .bm = 4, .bn = 5, .bk = 1, .bg = 1 },
	};

	(void)state;
	in(&attention.q, FP32, 4, D(2, 6, 4, 8));
	in(&attention.k, FP32, 4, D(2, 3, 5, 8));
	in(&attention.v, FP32, 4, D(2, 3, 5, 7));
	out(&attention.d, FP32, 4, D(2, 6, 4, 7));
	bench_absent(&attention.mask);
	bench_absent(&attention.lengths);
	bench_absent(&attention.pages);
	products_no_quant(&attention.qk);
	products_no_quant(&attention.qv);
	expect_posted(&attention, &attention.d, NULL,
		      &(struct tile_size){ macs, macs, 4 * elements, 0 });
	attention.mask_kind = TSR_HW_MASK_BITS;
	in(&attention.mask, TSR_HW_TYPE_BOOL, 4, D(2, 6, 4, 5));
	in(&attention.lengths, TSR_HW_TYPE_INT32, 1, D(2));
	expect(&attention, macs, macs, 4 * elements + 2 * 6 * 4 * 5 + 2 * 4);
}

/* Keys in pages are those that the list names, but no more than there are. */
static void attention_to_pages_reads_those_of_its_list(void **state)
{
	struct tsr_hw_attention attention = {
		.head = HEAD(attention, ATTENTION), .scale = bench_bits(1), .page_log2 = 4,
		.blocks = { .bm = 4, .bn = 48, .bk = 1, .bg = 1 },
	};
	const uint64_t macs = 2 * 6 * 4 * 48 * (8 + 7);

	(void)state;
	in(&attention.q, FP32, 4, D(2, 6, 4, 8));
	out(&attention.d, FP32, 4, D(2, 6, 4, 7));
	bench_absent(&attention.mask);
	bench_absent(&attention.lengths);
	in(&attention.pages, TSR_HW_TYPE_INT32, 2, D(2, 3));
	products_no_quant(&attention.qk);
	products_no_quant(&attention.qv);
	in(&attention.k, FP32, 4, D(9, 3, 16, 8));
	in(&attention.v, FP32, 4, D(9, 3, 16, 7));
	expect(&attention, macs, macs, 4 * (2 * 6 * 4 * (8 + 7) + 2 * 3 * 48 * (8 + 7) + 2 * 3));
	in(&attention.k, FP32, 4, D(5, 3, 16, 8));
	in(&attention.v, FP32, 4, D(5, 3, 16, 7));
	expect(&attention, macs, macs, 4 * (2 * 6 * 4 * (8 + 7) + 5 * 3 * 16 * (8 + 7) + 2 * 3));
}

/* What no window meets is not read. */
static void pooling_works_on_each_tap(void **state)
{
	struct tsr_hw_pool pool = {
		.head = HEAD(pool, POOL), .mode = TSR_HW_POOLING_MAX, .dims = 1,
		.w = { { 3, 2, 1, 1, 0, 0 } }, .step = { { 1, 1, 1 } },
	};

	(void)state;
	in(&pool.x, FP32, 3, D(2, 5, 9));
	out(&pool.d, FP32, 3, D(2, 5, 4));
	bench_absent(&pool.index);
	expect_posted(&pool, &pool.d, NULL, &(struct tile_size){ 0, 40 * 3, 4 * 90 + 4 * 40, 0 });
	out(&pool.index, TSR_HW_TYPE_INT64, 3, D(2, 5, 4));
	expect(&pool, 0, 40 * 3, 4 * 90 + 4 * 40 + 8 * 40);
	pool.w[0] = (struct tsr_hw_window){ 1, 2, 1, 1, 0, 0 };
	in(&pool.x, FP32, 3, D(2, 5, 7));
	expect(&pool, 0, 40, 4 * 40 + 4 * 40 + 8 * 40);
}

static void a_reduction_works_on_each_element(void **state)
{
	struct tsr_hw_reduce reduce = {
		.head = HEAD(reduce, REDUCE), .axes = 2, .function = TSR_HW_REDUCTION_SUM,
		.step = { { 1, 1 } },
	};

	(void)state;
	in(&reduce.x, FP32, 2, D(3, 5));
	out(&reduce.d, FP32, 2, D(3, 1));
	expect_posted(&reduce, &reduce.d, &reduce.x, &(struct tile_size){ 0, 15, 60 + 12, 0 });
	/* Or each output, if there are more of them. */
	in(&reduce.x, FP32, 2, D(3, 0));
	expect(&reduce, 0, 3, 12);
}

static void a_scan_works_on_each_element(void **state)
{
	struct tsr_hw_scan scan = {
		.head = HEAD(scan, SCAN), .axis = 1, .function = TSR_HW_REDUCTION_SUM,
		.step = { { 1, 1 } },
	};

	(void)state;
	in(&scan.x, FP32, 2, D(3, 5));
	out(&scan.d, TSR_HW_TYPE_FP16, 2, D(3, 5));
	expect_posted(&scan, &scan.d, &scan.x, &(struct tile_size){ 0, 15, 60 + 30, 0 });
}

static void a_normal_form_has_operations_by_its_mode(void **state)
{
	static const struct {
		uint8_t mode;
		uint64_t operations;
	} modes[] = {
		{ TSR_HW_NORMALIZE_SOFTMAX, 10 }, { TSR_HW_NORMALIZE_LOG_SOFTMAX, 12 },
		{ TSR_HW_NORMALIZE_STANDARD, 4 }, { TSR_HW_NORMALIZE_RMS, 2 },
	};
	struct tsr_hw_normalize normalize = {
		.head = HEAD(normalize, NORMALIZE), .axes = 2, .step = { { 1, 1 } },
	};

	(void)state;
	in(&normalize.x, FP32, 2, D(3, 5));
	out(&normalize.d, TSR_HW_TYPE_FP16, 2, D(3, 5));
	for (unsigned int i = 0; i < 4; i++) {
		normalize.mode = modes[i].mode;
		expect_posted(&normalize, &normalize.d, &normalize.x,
			      &(struct tile_size){ 0, 15 * modes[i].operations, 60 + 30, 0 });
	}
}

/* Of what is cut nothing is read. */
static void a_move_has_its_outputs(void **state)
{
	struct tsr_hw_move move = {
		.head = HEAD(move, MOVE), .after = { (uint64_t)-1, 2 }, .step = { { 1, 1 } },
	};

	(void)state;
	in(&move.x, FP32, 2, D(3, 5));
	out(&move.d, FP32, 2, D(2, 7));
	expect(&move, 0, 14, 4 * 10 + 4 * 14);
}

static void a_copy_has_its_bytes_twice(void **state)
{
	struct tsr_hw_copy copy = { .head = HEAD(copy, COPY), .size = 100 };
	struct tsr_hw_tensor from, to, sum;

	(void)state;
	in(&from, TSR_HW_TYPE_UINT8, 1, D(100));
	out(&to, TSR_HW_TYPE_UINT8, 1, D(100));
	out(&sum, TSR_HW_TYPE_UINT32, 0, NULL);
	copy.src = (struct tsr_hw_place){ .slot = from.slot, .offset = from.offset };
	copy.dst = (struct tsr_hw_place){ .slot = to.slot, .offset = to.offset };
	copy.crc = (struct tsr_hw_place){ .slot = TSR_HW_SLOT_NONE };
	expect(&copy, 0, 100, 200);
	copy.crc = (struct tsr_hw_place){ .slot = sum.slot, .offset = sum.offset };
	expect(&copy, 0, 100, 204);
}

static void a_fill_has_its_elements(void **state)
{
	struct tsr_hw_fill fill = { .head = HEAD(fill, FILL), .size = 96, .width = 8 };
	struct tsr_hw_tensor to;

	(void)state;
	out(&to, TSR_HW_TYPE_UINT64, 1, D(12));
	fill.dst = (struct tsr_hw_place){ .slot = to.slot, .offset = to.offset };
	expect(&fill, 0, 12, 96);
}

static void a_gather_reads_what_it_writes(void **state)
{
	struct tsr_hw_gather gather = {
		.head = HEAD(gather, GATHER), .axis = 1, .step = { { 1, 1, 1 } },
	};

	(void)state;
	in(&gather.x, FP32, 3, D(2, 5, 3));
	in(&gather.index, TSR_HW_TYPE_INT32, 1, D(4));
	out(&gather.d, FP32, 3, D(2, 4, 3));
	expect(&gather, 0, 24, 4 * 4 + 2 * 4 * 24);
}

static void a_scatter_reads_what_it_combines_with(void **state)
{
	struct tsr_hw_gather scatter = {
		.head = HEAD(scatter, SCATTER), .step = { { 1, 1 } },
	};

	(void)state;
	in(&scatter.x, FP32, 2, D(4, 3));
	in(&scatter.index, TSR_HW_TYPE_INT64, 1, D(4));
	bench_plain(&bench, &scatter.d, FP32, 2, D(7, 3), LAYOUT_DENSE,
		    TSR_HW_SLOT_READ | TSR_HW_SLOT_WRITE);
	expect(&scatter, 0, 12, 48 + 32 + 48);
	scatter.reduction = TSR_HW_SCATTER_ADD;
	expect(&scatter, 0, 12, 48 + 32 + 2 * 48);
	/* Many updates of one place are as many. */
	scatter.x.stride[0] = 0;
	expect(&scatter, 0, 12, 12 + 32 + 2 * 48);
}

static void sorting_takes_longer_the_longer_a_row_is(void **state)
{
	struct tsr_hw_sort sort = { .head = HEAD(sort, SORT), .k = 2, .step = { { 1, 8 } } };

	(void)state;
	in(&sort.x, FP32, 2, D(3, 5));
	out(&sort.values, FP32, 2, D(3, 2));
	out(&sort.indices, TSR_HW_TYPE_INT64, 2, D(3, 2));
	/* Five are halved three times, four twice. */
	expect(&sort, 0, 15 * 16 * 3, 60 + 24 + 48);
	in(&sort.x, FP32, 2, D(3, 4));
	expect(&sort, 0, 12 * 16 * 2, 48 + 24 + 48);
	bench_absent(&sort.values);
	expect(&sort, 0, 12 * 16 * 2, 48 + 48);
}

static void what_is_found_is_no_more_than_there_is_room_for(void **state)
{
	struct tsr_hw_compact compact = { .head = HEAD(compact, COMPACT), .step = { { 1, 8 } } };

	(void)state;
	in(&compact.x, FP32, 2, D(3, 5));
	out(&compact.coords, TSR_HW_TYPE_INT64, 2, D(4, 2));
	out(&compact.count, TSR_HW_TYPE_INT64, 0, NULL);
	expect(&compact, 0, 15, 60 + 8 + 4 * 2 * 8);
	out(&compact.coords, TSR_HW_TYPE_INT64, 2, D(20, 2));
	expect(&compact, 0, 15, 60 + 8 + 15 * 2 * 8);
}

static void boxes_are_compared_with_each_other(void **state)
{
	struct tsr_hw_suppress suppress = {
		.head = HEAD(suppress, SUPPRESS), .threshold = bench_bits(0.5f), .max = 3,
	};

	(void)state;
	in(&suppress.boxes, FP32, 2, D(5, 4));
	in(&suppress.scores, FP32, 1, D(5));
	out(&suppress.indices, TSR_HW_TYPE_INT64, 1, D(3));
	out(&suppress.count, TSR_HW_TYPE_INT64, 0, NULL);
	expect(&suppress, 0, 5 * 5 * 8, 80 + 20 + (3 + 1) * 8);
	suppress.max = 9;
	out(&suppress.indices, TSR_HW_TYPE_INT64, 1, D(9));
	expect(&suppress, 0, 5 * 5 * 8, 80 + 20 + (5 + 1) * 8);
}

static void resampling_works_on_each_tap(void **state)
{
	struct tsr_hw_resample resample = {
		.head = HEAD(resample, RESAMPLE), .axis = 1, .taps = 2, .step = { { 1, 1, 1 } },
	};

	(void)state;
	in(&resample.x, FP32, 3, D(2, 5, 3));
	in(&resample.first, TSR_HW_TYPE_INT32, 1, D(4));
	in(&resample.weight, FP32, 2, D(4, 2));
	out(&resample.d, TSR_HW_TYPE_FP16, 3, D(2, 4, 3));
	expect_posted(&resample, &resample.d, NULL,
		      &(struct tile_size){ 0, 24 * 2, 4 * 30 + 16 + 32 + 48, 0 });
	/* Three outputs of two taps meet no more than six elements in a column. */
	in(&resample.x, FP32, 3, D(2, 9, 3));
	expect(&resample, 0, 24 * 2, 4 * 48 + 16 + 32 + 48);
}

static void a_sample_has_its_corners(void **state)
{
	struct tsr_hw_sample sample = {
		.head = HEAD(sample, SAMPLE), .dims = 2, .step = { { 1, 1, 1, 1 } },
	};

	(void)state;
	in(&sample.x, FP32, 4, D(2, 3, 5, 4));
	in(&sample.coords, FP32, 4, D(2, 1, 6, 2));
	bench_absent(&sample.batch);
	out(&sample.d, TSR_HW_TYPE_FP16, 4, D(2, 3, 1, 6));
	expect_posted(&sample, &sample.d, NULL,
		      &(struct tile_size){ 0, 36 * 4, 4 * 120 + 4 * 24 + 2 * 36, 0 });
	in(&sample.batch, TSR_HW_TYPE_INT32, 1, D(2));
	in(&sample.x, FP32, 4, D(2, 3, 50, 4));
	expect(&sample, 0, 36 * 4, 4 * 36 * 4 + 4 * 24 + 2 * 36 + 2 * 4);
}

static void a_vector_has_its_instructions(void **state)
{
	struct { struct tsr_hw_vector_command body; struct program program; } vector = {
		.body = { .head = { .op = TSR_HW_OP_VECTOR, .size = sizeof(vector),
				    .post = sizeof(vector.body) }, .step = { { 1, 1 } } },
		.program = { .head = { .insns = ADDITIONS, .inputs = 1, .result = 7 } },
	};

	(void)state;
	in(&vector.program.input, TSR_HW_TYPE_FP16, 2, D(3, 5));
	out(&vector.body.d, FP32, 2, D(3, 5));
	for (unsigned int i = 0; i < ADDITIONS; i++)
		vector.program.add[i] = (struct tsr_hw_insn){
			.op = TSR_HW_VECTOR_ADD, .type = TSR_HW_VECTOR_TYPE_F32, .dst = 7,
			.a = i ? 7 : 0, .b = 0,
		};
	expect(&vector, 0, 3 * 15, 30 + 60);
	/* A row that is repeated is read once. */
	vector.program.input.stride[0] = 0;
	expect(&vector, 0, 3 * 15, 10 + 60);
}

/* Whatever else the command has. */
static void a_command_without_outputs_is_nothing(void **state)
{
	struct tsr_hw_move move = { .head = HEAD(move, MOVE), .after = { (uint64_t)-3 },
				    .step = { { 1, 1 } } };

	(void)state;
	in(&move.x, FP32, 2, D(3, 5));
	out(&move.d, FP32, 2, D(0, 5));
	expect(&move, 0, 0, 0);
}

#define SIZE_TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		SIZE_TEST(a_product_has_those_of_its_extents),
		SIZE_TEST(a_product_of_nothing_stores_its_outputs),
		SIZE_TEST(scales_and_zero_points_are_operands),
		SIZE_TEST(a_convolution_has_a_sum_for_each_output),
		SIZE_TEST(attention_has_two_products),
		SIZE_TEST(attention_to_pages_reads_those_of_its_list),
		SIZE_TEST(pooling_works_on_each_tap),
		SIZE_TEST(a_reduction_works_on_each_element),
		SIZE_TEST(a_scan_works_on_each_element),
		SIZE_TEST(a_normal_form_has_operations_by_its_mode),
		SIZE_TEST(a_move_has_its_outputs),
		SIZE_TEST(a_copy_has_its_bytes_twice),
		SIZE_TEST(a_fill_has_its_elements),
		SIZE_TEST(a_gather_reads_what_it_writes),
		SIZE_TEST(a_scatter_reads_what_it_combines_with),
		SIZE_TEST(sorting_takes_longer_the_longer_a_row_is),
		SIZE_TEST(what_is_found_is_no_more_than_there_is_room_for),
		SIZE_TEST(boxes_are_compared_with_each_other),
		SIZE_TEST(resampling_works_on_each_tap),
		SIZE_TEST(a_sample_has_its_corners),
		SIZE_TEST(a_vector_has_its_instructions),
		SIZE_TEST(a_command_without_outputs_is_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
