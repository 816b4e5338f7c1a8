/* SPDX-License-Identifier: MIT */
/* Whatever the bytes are, measuring them ends, and reads no more control data than it may. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <errno.h>

#include <tsr_hw/command.h>

#include "measure/measure.h"
#include "tile/sku.h"
#include "tile/tile.h"
#include "time/dma.h"
#include "time/walk.h"

static struct sku *sku;
static uint64_t rows_read;

/* Where the first reads began. */
static uint64_t read_at[8];
static unsigned int reads;

/* Memory is full of 2. */
static void read_twos(void *ctx, uint64_t va, uint64_t stride, size_t rows, size_t n, void *dst)
{
	(void)ctx;
	(void)stride;
	rows_read += rows;
	if (reads < sizeof(read_at) / sizeof(read_at[0]))
		read_at[reads++] = va;
	for (size_t i = 0; i + 4 <= rows * n; i += 4)
		memcpy((char *)dst + i, &(int32_t){ 2 }, 4);
}

static int measure(const void *stream, uint32_t size, struct measured *measured)
{
	static const struct tsr_hw_slot slot = { .address = 1 << 20, .size = UINT32_MAX };
	const struct tile_request request = {
		.kind = TSR_HW_ENGINE_TENSOR, .stream = stream, .stream_size = size,
		.slots = &slot, .slot_count = 1,
	};
	const struct measure_source source = {
		.fuses = sku_fuses(sku), .energy = sku_energy(sku), .request = &request,
		.read = read_twos,
	};

	return measure_stream(&source, measured);
}

static struct tsr_hw_tensor vector(uint8_t type, uint32_t extent, uint64_t stride)
{
	return (struct tsr_hw_tensor){
		.type = type, .rank = 1, .dim = { extent }, .stride = { stride },
	};
}

static struct tsr_hw_gather gather(uint32_t count, uint64_t stride)
{
	return (struct tsr_hw_gather){
		.head = { .op = TSR_HW_OP_GATHER, .size = sizeof(struct tsr_hw_gather) },
		.x = vector(TSR_HW_TYPE_INT8, 4, 1),
		.index = vector(TSR_HW_TYPE_INT32, count, stride),
		.d = vector(TSR_HW_TYPE_INT8, count, 1),
		.step.block = { 4096 },
	};
}

static void a_header_that_leads_nowhere_is_refused(void **state)
{
	struct tsr_hw_gather commands[2] = { gather(1, 1), gather(1, 1) };
	static const uint16_t sizes[] = { 0, 8, 15, sizeof(commands[0]) + 8, UINT16_MAX };
	struct measured measured;

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		commands[1].head.size = sizes[i];
		assert_int_equal(measure(commands, sizeof(commands), &measured), -EINVAL);
	}
	commands[1].head.size = sizeof(commands[0]);
	assert_int_equal(measure(commands, sizeof(commands) - 8, &measured), -EINVAL);
	assert_int_equal(measure(commands, sizeof(commands), &measured), 0);
	assert_int_equal(measured.count, 2);
	measure_free(&measured);
}

static void copies_end_at_a_header_of_size_0(void **state)
{
	struct tsr_hw_fill fills[2] = {
		{ .head = { .op = TSR_HW_OP_FILL, .size = sizeof(fills[0]) }, .size = 64 },
	};
	static const struct tsr_hw_slot slot = { .size = UINT32_MAX };
	const struct tile_request request = {
		.kind = TSR_HW_ENGINE_DMA, .stream = fills, .stream_size = sizeof(fills),
		.slots = &slot, .slot_count = 1,
	};
	const struct measure_source source = { .fuses = sku_fuses(sku), .request = &request };
	struct walks *walks = walks_create();
	struct copy copies[4];

	(void)state;
	assert_int_equal(measure_copies(&source, walks, copies, 4), 1);
	walks_destroy(walks);
}

static void repeated_indices_are_read_once(void **state)
{
	const struct tsr_hw_gather command = gather(1u << 30, 0);
	struct measured measured;

	(void)state;
	rows_read = 0;
	assert_int_equal(measure(&command, sizeof(command), &measured), 0);
	assert_int_equal(rows_read, 1);
	assert_int_equal(measured.commands[0].gather.values[0], 2);
	measure_free(&measured);
}

static void a_stream_has_at_most_2_22_indices(void **state)
{
	struct tsr_hw_gather commands[2] = { gather(MEASURE_CONTROL_MAX, 1), gather(1, 1) };
	struct measured measured;

	(void)state;
	assert_int_equal(measure(commands, sizeof(commands[0]), &measured), 0);
	assert_int_equal(measured.commands[0].gather.values[MEASURE_CONTROL_MAX - 1], 2);
	measure_free(&measured);
	assert_int_equal(measure(commands, sizeof(commands), &measured), -E2BIG);
	commands[0] = gather(MEASURE_CONTROL_MAX + 1, 1);
	assert_int_equal(measure(commands, sizeof(commands[0]), &measured), -E2BIG);
}

/* Indices [32, 128, 2] without gaps, and what reads them in chunks of 4,096. */
static void dimensions_that_follow_each_other_are_read_as_one(void **state)
{
	struct tsr_hw_gather command = gather(1, 1);
	struct measured measured;

	(void)state;
	command.index.rank = 3;
	memcpy(command.index.dim, (uint32_t[]){ 32, 128, 2 }, 12);
	memcpy(command.index.stride, (uint64_t[]){ 256, 2, 1 }, 24);
	rows_read = 0;
	assert_int_equal(measure(&command, sizeof(command), &measured), 0);
	assert_int_equal(rows_read, 2);
	assert_int_equal(measured.commands[0].gather.values[8191], 2);
	assert_int_equal(measured.commands[0].gather.value_stride[0], 256);
	measure_free(&measured);
}

/* Indices [3, 2, 2], with gaps between all lines. */
static void lines_are_read_where_they_lie(void **state)
{
	static const uint64_t elements[] = { 0, 10, 100, 110, 200, 210 };
	struct tsr_hw_gather command = gather(1, 1);
	struct measured measured;

	(void)state;
	command.index.rank = 3;
	memcpy(command.index.dim, (uint32_t[]){ 3, 2, 2 }, 12);
	memcpy(command.index.stride, (uint64_t[]){ 100, 10, 1 }, 24);
	reads = 0;
	assert_int_equal(measure(&command, sizeof(command), &measured), 0);
	assert_int_equal(reads, 6);
	for (unsigned int i = 0; i < reads; i++)
		assert_int_equal(read_at[i], (1 << 20) + 4 * elements[i]);
	measure_free(&measured);
}

/* Each takes a walk of page tables while the clock stands. */
static void at_most_2_18_indices_lie_apart(void **state)
{
	struct tsr_hw_gather commands[2] = { gather(MEASURE_PIECES_MAX - 1, 3), gather(1, 1) };
	struct measured measured;

	(void)state;
	assert_int_equal(measure(commands, sizeof(commands), &measured), 0);
	assert_int_equal(measured.commands[0].gather.values[MEASURE_PIECES_MAX - 2], 2);
	measure_free(&measured);
	commands[0] = gather(MEASURE_PIECES_MAX, 3);
	assert_int_equal(measure(commands, sizeof(commands), &measured), -E2BIG);
}

/* Lines of two, whose first elements are three apart. */
static void lines_count_as_pieces(void **state)
{
	struct tsr_hw_gather command = gather(1, 1);
	struct measured measured;

	(void)state;
	command.index.rank = 2;
	memcpy(command.index.dim, (uint32_t[]){ MEASURE_PIECES_MAX, 2 }, 8);
	memcpy(command.index.stride, (uint64_t[]){ 3, 1 }, 16);
	assert_int_equal(measure(&command, sizeof(command), &measured), 0);
	measure_free(&measured);
	command.index.dim[0]++;
	assert_int_equal(measure(&command, sizeof(command), &measured), -E2BIG);
}

/* More indices than a stream may have, of slices without elements. */
static void indices_of_nothing_are_not_read(void **state)
{
	struct tsr_hw_gather command = gather(2 * MEASURE_CONTROL_MAX, 1);
	struct measured measured;

	(void)state;
	command.x.rank = command.d.rank = 2;
	command.x.stride[1] = command.d.stride[1] = 1;
	command.step.block[1] = 1;
	rows_read = 0;
	assert_int_equal(measure(&command, sizeof(command), &measured), 0);
	assert_int_equal(rows_read, 0);
	measure_free(&measured);
	command.x.dim[1] = command.d.dim[1] = 1;
	assert_int_equal(measure(&command, sizeof(command), &measured), -E2BIG);
}

static void a_stream_that_is_refused_later_has_none_read(void **state)
{
	struct tsr_hw_gather commands[2] = { gather(1000, 1), gather(MEASURE_CONTROL_MAX, 1) };
	struct measured measured;

	(void)state;
	rows_read = 0;
	assert_int_equal(measure(commands, sizeof(commands), &measured), -E2BIG);
	assert_int_equal(rows_read, 0);
	/* A block of indices that does not fit the ring. */
	commands[1] = gather(1u << 21, 1);
	commands[1].step.block[0] = 1u << 21;
	assert_int_equal(measure(commands, sizeof(commands), &measured), -EINVAL);
	assert_int_equal(rows_read, 0);
}

static struct tsr_hw_tensor matrices(uint32_t count)
{
	return (struct tsr_hw_tensor){
		.type = TSR_HW_TYPE_FP16, .rank = 3, .dim = { count, 1, 1 }, .stride = { 1, 1, 1 },
	};
}

/* Products of single elements, each with a count of rows. */
static struct tsr_hw_gemm products(uint32_t count)
{
	const struct tsr_hw_quant none = {
		.scale.slot = TSR_HW_SLOT_NONE, .zeros.slot = TSR_HW_SLOT_NONE,
	};

	return (struct tsr_hw_gemm){
		.head = { .op = TSR_HW_OP_GEMM, .size = sizeof(struct tsr_hw_gemm) },
		.a = matrices(count), .b = matrices(count), .d = matrices(count),
		.rows = vector(TSR_HW_TYPE_INT32, count, 1), .qa = none, .qb = none,
		.blocks = { .bm = 1, .bn = 1, .bk = 1, .bg = 1 },
	};
}

static void row_counts_that_do_not_fit_the_ring_are_not_read(void **state)
{
	const uint32_t most = (uint32_t)sku_ring(sku_fuses(sku)) / sizeof(int32_t);
	/* Some of the ring is for the product itself. */
	struct tsr_hw_gemm command = products(most - 1024);
	struct measured measured;

	(void)state;
	assert_int_equal(measure(&command, sizeof(command), &measured), 0);
	assert_int_equal(measured.commands[0].gemm.row_counts[0], 0);
	measure_free(&measured);
	command = products(most + 1);
	rows_read = 0;
	assert_int_equal(measure(&command, sizeof(command), &measured), -EINVAL);
	assert_int_equal(rows_read, 0);
}

static struct tsr_hw_conv convolution(uint32_t lines)
{
	struct tsr_hw_tensor image = {
		.type = TSR_HW_TYPE_FP16, .rank = 4, .dim = { 1, 1, lines, 1 },
		.stride = { lines, lines, 1, 1 },
	};
	struct tsr_hw_tensor one = {
		.type = TSR_HW_TYPE_FP16, .rank = 4, .dim = { 1, 1, 1, 1 },
		.stride = { 1, 1, 1, 1 },
	};
	const struct tsr_hw_quant none = {
		.scale.slot = TSR_HW_SLOT_NONE, .zeros.slot = TSR_HW_SLOT_NONE,
	};

	return (struct tsr_hw_conv){
		.head = { .op = TSR_HW_OP_CONV, .size = sizeof(struct tsr_hw_conv) },
		.x = image, .w = one, .d = image, .qx = none, .qw = none,
		.blocks = { .bm = 1, .bn = 1, .bk = 1, .bg = 1 }, .groups = 1, .dims = 2,
	};
}

static void the_images_of_a_stream_have_at_most_2_20_lines(void **state)
{
	struct tsr_hw_conv commands[2] = { convolution(MEASURE_LINES_MAX), convolution(1) };
	struct measured measured;

	(void)state;
	assert_int_equal(measure(commands, sizeof(commands[0]), &measured), 0);
	measure_free(&measured);
	assert_int_equal(measure(commands, sizeof(commands), &measured), -E2BIG);
}

static int setup(void **state)
{
	char error[256];

	(void)state;
	return sku_load(SKU_DIR "/edge.json", &sku, error, sizeof(error));
}

static int teardown(void **state)
{
	(void)state;
	sku_free(sku);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_header_that_leads_nowhere_is_refused),
		cmocka_unit_test(copies_end_at_a_header_of_size_0),
		cmocka_unit_test(repeated_indices_are_read_once),
		cmocka_unit_test(a_stream_has_at_most_2_22_indices),
		cmocka_unit_test(dimensions_that_follow_each_other_are_read_as_one),
		cmocka_unit_test(lines_are_read_where_they_lie),
		cmocka_unit_test(at_most_2_18_indices_lie_apart),
		cmocka_unit_test(lines_count_as_pieces),
		cmocka_unit_test(indices_of_nothing_are_not_read),
		cmocka_unit_test(a_stream_that_is_refused_later_has_none_read),
		cmocka_unit_test(row_counts_that_do_not_fit_the_ring_are_not_read),
		cmocka_unit_test(the_images_of_a_stream_have_at_most_2_20_lines),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
