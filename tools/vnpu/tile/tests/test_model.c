/* SPDX-License-Identifier: MIT */
/* Cycles, multiply-accumulates, bytes, blocks and energy are those of the manual's formulas. */
#include "suite.h"

#include <number/types.h>

#include "classes.h"
#include "convs.h"
#include "gemms.h"
#include "moves.h"
#include "vector_commands.h"

#define ARRAY_BLOCK_ROWS	4096
#define BLOCK_ELEMENTS		4096

/* Random commands of each kind for each product. */
#define ROUNDS			40

static const uint8_t floats[] = { TSR_HW_TYPE_FP32, TSR_HW_TYPE_FP16, TSR_HW_TYPE_BF16 };

/* What the manual's table says of a command. */
struct model {
	uint64_t overhead;
	uint64_t compute;
	uint64_t operations;
	uint64_t read;
	uint64_t written;
	uint64_t macs;
	uint64_t blocks;
	unsigned int type;	/* of the multiply-accumulates */
	bool refused;		/* the product has no such multipliers */
};

static uint64_t ceil_div(uint64_t a, uint64_t b)
{
	return (a + b - 1) / b;
}

static uint64_t most(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

static uint64_t least(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* Distinct elements once; nothing for "no tensor". */
static uint64_t distinct_bytes(const struct tsr_hw_tensor *tensor)
{
	uint64_t bytes = bench_size(tensor->type);

	if (tensor->slot == TSR_HW_SLOT_NONE)
		return 0;
	for (unsigned int i = 0; i < tensor->rank; i++)
		if (tensor->stride[i] || !tensor->dim[i])
			bytes *= tensor->dim[i];
	return bytes;
}

/* Of a tensor without repeated elements. */
static uint64_t plain_bytes(const struct tsr_hw_tensor *tensor)
{
	return bench_plain_elements(tensor) * bench_size(tensor->type);
}

static void array(struct model *model, const struct tsr_hw_fuses *fuses, uint64_t batch,
		  uint64_t m, uint64_t n, uint64_t k)
{
	uint64_t row = (uint64_t)fuses->array_columns * fuses->array_ports;
	uint64_t rows = fuses->macs[model->type] / row;
	uint64_t weights = rows * fuses->array_columns * bench_size(model->type);
	uint64_t tiles;

	model->refused = rows == 0;
	if (model->refused)
		return;
	tiles = batch * ceil_div(most(k, 1), rows) * ceil_div(n, fuses->array_columns);

	model->overhead = 64;
	model->compute = tiles * most(ceil_div(m, fuses->array_ports),
				      ceil_div(weights, fuses->weight_path)) +
			 fuses->array_rows + fuses->array_columns;
	model->macs = batch * m * n * k;
	model->operations = batch * m * n * most(k, 1);
	model->blocks = tiles * ceil_div(m, ARRAY_BLOCK_ROWS);
}

/* A command whose output has no elements costs its overhead alone. */
static struct model unless_empty(struct model model, uint64_t elements)
{
	if (elements)
		return model;
	return (struct model){ .overhead = model.overhead, .refused = model.refused };
}

static struct model model_of_gemm(const struct tsr_hw_fuses *fuses,
				  const struct tsr_hw_gemm *gemm)
{
	uint64_t elements = bench_plain_elements(&gemm->d);
	uint64_t m = gemm->a.dim[gemm->a.rank - 2];
	uint64_t k = gemm->a.dim[gemm->a.rank - 1];
	uint64_t n = gemm->b.dim[gemm->b.rank - 1];
	struct model model = {
		.type = gemm->a.type == TSR_HW_TYPE_UINT8 ? TSR_HW_TYPE_INT8 : gemm->a.type,
		.read = distinct_bytes(&gemm->a) + distinct_bytes(&gemm->b) +
			distinct_bytes(&gemm->qa.zeros) + distinct_bytes(&gemm->qb.zeros),
		.written = plain_bytes(&gemm->d),
	};

	array(&model, fuses, m && n ? elements / (m * n) : 0, m, n, k);
	return unless_empty(model, elements);
}

static struct model model_of_conv(const struct tsr_hw_fuses *fuses,
				  const struct tsr_hw_conv *conv)
{
	const uint32_t *w = conv->w.dim;
	const uint32_t *d = conv->d.dim;
	struct model model = {
		.type = conv->x.type == TSR_HW_TYPE_UINT8 ? TSR_HW_TYPE_INT8 : conv->x.type,
		.read = distinct_bytes(&conv->x) + distinct_bytes(&conv->w),
		.written = plain_bytes(&conv->d),
	};

	array(&model, fuses, conv->groups, (uint64_t)d[0] * d[2] * d[3], d[1] / conv->groups,
	      (uint64_t)w[1] * w[2] * w[3]);
	return unless_empty(model, bench_plain_elements(&conv->d));
}

static void vector(struct model *model, const struct tsr_hw_fuses *fuses, uint64_t elements,
		   unsigned int passes)
{
	model->overhead = 64;
	model->compute = passes * ceil_div(elements, fuses->vector_operations);
	model->operations = passes * elements;
	model->blocks = ceil_div(elements, BLOCK_ELEMENTS);
}

/* Of dense operands, which are one row. */
static struct model model_of_vector(const struct tsr_hw_fuses *fuses,
				    const struct vector_command *command, unsigned int weight)
{
	struct model model = { .written = plain_bytes(&command->d) };

	if (!model.written)
		return (struct model){ .overhead = 64 };
	for (unsigned int i = 0; i < command->head.inputs; i++)
		model.read += plain_bytes(&command->input[i]);
	vector(&model, fuses, bench_plain_elements(&command->d), weight);
	return model;
}

/* Of each dimension no more than the output has, and of a repeated one a single element. */
static uint64_t bytes_moved(const struct tsr_hw_move *move)
{
	bool halves = number_bits(move->x.type) < 8;
	uint64_t bytes = halves ? 1 : bench_size(move->x.type);

	for (unsigned int i = 0; i < move->x.rank; i++) {
		uint64_t extent = least(move->x.dim[i], move->d.dim[i]);

		if (halves && move->x.dim[i] > 1 && move->x.stride[i] == 1)
			bytes *= ceil_div(extent, 2);
		else if (move->x.stride[i] || !move->x.dim[i])
			bytes *= extent;
	}
	return bytes;
}

static struct model model_of_move(const struct tsr_hw_fuses *fuses,
				  const struct tsr_hw_move *move)
{
	uint64_t elements = bench_plain_elements(&move->d);
	uint64_t written = move_bytes(move);

	if (!elements)
		return (struct model){ .overhead = 64 };
	return (struct model){
		.overhead = 64,
		.compute = ceil_div(written, 4 * (uint64_t)fuses->vector_operations),
		.read = bytes_moved(move),
		.written = written,
		.operations = elements,
		.blocks = ceil_div(elements, BLOCK_ELEMENTS),
	};
}

static struct model model_of_copy(const struct tsr_hw_copy *copy)
{
	return (struct model){
		.overhead = 32,
		.read = copy->size,
		.written = copy->size + (copy->crc.slot == TSR_HW_SLOT_NONE ? 0 : 4),
		.operations = copy->size,
		.blocks = ceil_div(copy->size, BLOCK_ELEMENTS),
	};
}

static struct model model_of_fill(const struct tsr_hw_fill *fill)
{
	return (struct model){
		.overhead = 32,
		.written = fill->size,
		.operations = fill->size / fill->width,
		.blocks = ceil_div(fill->size / fill->width, BLOCK_ELEMENTS),
	};
}

static void expect_cost(const struct bench *bench, const struct tile_cost *cost,
			const struct model *model)
{
	const struct tsr_hw_fuses *fuses = sku_fuses(bench->sku);
	const struct sku_energy *energy = sku_energy(bench->sku);
	uint64_t bytes = model->read + model->written;
	uint64_t memory = ceil_div(bytes * fuses->clock_khz, 1000ull * fuses->memory_mb_s);
	uint64_t cycles = model->overhead + most(model->compute, memory);

	assert_int_equal(cost->cycles, cycles);
	assert_int_equal(cost->macs, model->macs);
	assert_int_equal(cost->operations, model->operations);
	assert_int_equal(cost->bytes_read, model->read);
	assert_int_equal(cost->bytes_written, model->written);
	assert_int_equal(cost->blocks, model->blocks);
	assert_int_equal(cost->energy,
			 ceil_div(model->macs * energy->mac[model->type] + bytes * energy->byte +
				  cycles * energy->cycle, 1000));
}

static void expect(const struct bench *bench, const void *command, const struct model *model)
{
	const struct tsr_hw_command *head = command;
	struct outcome outcome;
	struct tile_job *job;

	job = bench_prepare(bench,
			    head->op >= TSR_HW_OP_COPY ? TSR_HW_ENGINE_DMA : TSR_HW_ENGINE_TENSOR,
			    command, head->size, &outcome);
	assert_int_equal(outcome.result.error,
			 model->refused ? TSR_HW_ERR_UNSUPPORTED : TSR_HW_ERR_NONE);
	if (!model->refused)
		expect_cost(bench, &outcome.cost, model);
	tile_free(job);
}

static unsigned int random_shape(struct bench *bench, unsigned int least, uint32_t *dim)
{
	unsigned int rank = least + bench_below(bench, TSR_HW_MAX_RANK + 1 - least);

	for (unsigned int i = 0; i < rank; i++)
		dim[i] = bench_extent(bench, i < 2 ? 90 : rank < 6 ? 4 : 2);
	return rank;
}

static void try_vector(struct bench *bench)
{
	static const struct {
		uint8_t op;
		uint8_t weight;
	} some_insns[] = { { TSR_HW_VECTOR_ADD, 1 }, { TSR_HW_VECTOR_DIV, 4 }, { TSR_HW_VECTOR_POW, 16 } };
	unsigned int insns = bench_below(bench, 9);
	struct vector_command command = {
		.head = { .insns = (uint8_t)insns, .inputs = 2 },
	};
	_Alignas(8) char bytes[VECTOR_COMMAND_BYTES];
	struct model model;
	uint32_t dim[TSR_HW_MAX_RANK];
	unsigned int rank, weight = 0;

	bench_reset(bench);
	rank = random_shape(bench, 0, dim);
	for (unsigned int i = 0; i < insns; i++) {
		unsigned int which = bench_below(bench, 3);

		command.code[i] = (struct tsr_hw_insn){ .op = some_insns[which].op, .b = 1 };
		weight += some_insns[which].weight;
	}
	for (unsigned int i = 0; i < 2; i++)
		bench_plain(bench, &command.input[i], floats[bench_below(bench, 3)], rank, dim,
			    LAYOUT_DENSE, TSR_HW_SLOT_READ);
	bench_plain(bench, &command.d, floats[bench_below(bench, 3)], rank, dim, LAYOUT_DENSE,
		    TSR_HW_SLOT_WRITE);
	vector_command_pack(&command, bytes);
	model = model_of_vector(sku_fuses(bench->sku), &command, most(weight, 1));
	expect(bench, bytes, &model);
}

static void try_move(struct bench *bench)
{
	struct tsr_hw_move move;
	struct model model;

	bench_reset(bench);
	move_random(bench, &move);
	model = model_of_move(sku_fuses(bench->sku), &move);
	expect(bench, &move, &model);
}

static void try_large_move(struct bench *bench)
{
	static const uint32_t dim[] = { 300, 200 };
	struct tsr_hw_move move;
	struct model model;

	bench_reset(bench);
	move_make(bench, &move, TSR_HW_TYPE_INT64, 2, dim);
	move.before[1] = 5;
	move_place(bench, &move);
	model = model_of_move(sku_fuses(bench->sku), &move);
	expect(bench, &move, &model);
}

/* Slots for commands that name bytes: to read, to write, a word. */
static void byte_slots(struct bench *bench)
{
	bench_reset(bench);
	bench->slots = 3;
	bench->slot[0] = (struct tsr_hw_slot){ FAKE_BASE, 1u << 17, 0, TSR_HW_SLOT_READ, 0 };
	bench->slot[1] = (struct tsr_hw_slot){ FAKE_BASE + (1u << 17), 1u << 17, 0,
					       TSR_HW_SLOT_WRITE, 0 };
	bench->slot[2] = (struct tsr_hw_slot){ FAKE_BASE + (1u << 18), 4, 0, TSR_HW_SLOT_WRITE, 0 };
}

static void try_copy(struct bench *bench)
{
	struct tsr_hw_copy copy = {
		.head = { .op = TSR_HW_OP_COPY, .size = sizeof(copy) },
		.dst = { .slot = 1 },
		.crc = { .slot = bench_below(bench, 2) ? 2 : TSR_HW_SLOT_NONE },
		.size = bench_below(bench, 8) ? bench_below(bench, 60000) : 0,
	};
	struct model model = model_of_copy(&copy);

	byte_slots(bench);
	expect(bench, &copy, &model);
}

static void try_fill(struct bench *bench)
{
	unsigned int width = 1u << bench_below(bench, 4);
	struct tsr_hw_fill fill = {
		.head = { .op = TSR_HW_OP_FILL, .size = sizeof(fill) },
		.dst = { .slot = 1 },
		.size = (uint64_t)bench_below(bench, 10000) * width,
		.value = 7,
		.width = (uint8_t)width,
	};
	struct model model = model_of_fill(&fill);

	byte_slots(bench);
	expect(bench, &fill, &model);
}

static void try_product(struct bench *bench)
{
	bool integer = bench_below(bench, 2);
	struct tsr_hw_gemm gemm;
	struct tsr_hw_conv conv;
	struct model model;

	bench_reset(bench);
	gemm_random(bench, &gemm, integer);
	model = model_of_gemm(sku_fuses(bench->sku), &gemm);
	expect(bench, &gemm, &model);
	bench_reset(bench);
	conv_random(bench, &conv, integer);
	model = model_of_conv(sku_fuses(bench->sku), &conv);
	expect(bench, &conv, &model);
}

/* More rows than a block has, more columns and a greater depth than the array. */
static void try_large_product(struct bench *bench)
{
	static const uint32_t x[] = { 2, 24, 50, 50 }, w[] = { 300, 12, 3, 3 };
	const struct tsr_hw_window windows[] = { { 0, 1, 1, 1, 0, 0 }, { 0, 1, 1, 1, 0, 0 } };
	const unsigned int types[] = { TSR_HW_TYPE_FP16, TSR_HW_TYPE_FP16, TSR_HW_TYPE_FP16 };
	struct tsr_hw_conv conv;
	struct tsr_hw_gemm gemm;
	struct model model;

	bench_reset(bench);
	gemm_plain(bench, &gemm, TSR_HW_TYPE_FP16, TSR_HW_TYPE_FP16, TSR_HW_TYPE_FP16,
		   4097, 301, 257);
	model = model_of_gemm(sku_fuses(bench->sku), &gemm);
	expect(bench, &gemm, &model);
	bench_reset(bench);
	conv_make(bench, &conv, types, x, w, windows, 2);
	model = model_of_conv(sku_fuses(bench->sku), &conv);
	expect(bench, &conv, &model);
}

static void try_vector_commands(struct bench *bench)
{
	try_vector(bench);
}

static void try_movements(struct bench *bench)
{
	try_move(bench);
	try_copy(bench);
	try_fill(bench);
}

static void on_every_product(uint64_t seed, unsigned int cases, void (*try)(struct bench *bench))
{
	struct bench bench;

	for (size_t i = 0; i < CLASSES; i++) {
		bench_open(&bench, classes[i], MEMORY_BYTES, seed + i);
		for (unsigned int n = 0; n < cases; n++)
			try(&bench);
		bench_close(&bench);
	}
}

static void gemm_and_conv_cost_what_the_manual_says(void **state)
{
	(void)state;
	on_every_product(130, ROUNDS, try_product);
	on_every_product(140, 1, try_large_product);
}

static void vector_commands_cost_what_the_manual_says(void **state)
{
	(void)state;
	on_every_product(160, ROUNDS, try_vector_commands);
}

static void movements_cost_what_the_manual_says(void **state)
{
	(void)state;
	on_every_product(170, ROUNDS, try_movements);
	on_every_product(180, 1, try_large_move);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gemm_and_conv_cost_what_the_manual_says),
		cmocka_unit_test(vector_commands_cost_what_the_manual_says),
		cmocka_unit_test(movements_cost_what_the_manual_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
