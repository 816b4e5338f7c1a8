/* SPDX-License-Identifier: MIT */
#include "block_run.h"

#include <stdbool.h>
#include <string.h>

#include <number/load.h>
#include <number/store.h>
#include <tsr_hw/error.h>
#include <vector/run.h>

#include "axes.h"
#include "execution.h"
#include "gather.h"
#include "halves.h"

/* Elements that are gathered at a time: inputs of a few strips, some pages, stay in the cache. */
#define PIECE	(4 * VECTOR_STRIP)

/* Inputs of a piece, each of the type of its register; what is converted is gathered into @raw. */
struct piece {
	_Alignas(64) char given[TSR_HW_VECTOR_MAX_INPUTS][PIECE * sizeof(uint64_t)];
	_Alignas(64) char raw[PIECE * sizeof(uint64_t)];
};

static void start(struct block_run *run, struct execution *execution, const struct block *block,
		  const struct tensor *walked, uint32_t axes)
{
	unsigned int rank = walked->rank;

	*run = (struct block_run){ .execution = execution, .block = block };
	run->program = block->program;
	for (unsigned int i = 0; i < block->program.head.inputs; i++)
		axes_view(&run->input[i], &block->input[i], axes);
	for (unsigned int i = 0; i < rank; i++)
		run->dims[axes_position(rank, axes, i)] = walked->dim[i];
	for (unsigned int i = 0; i < run->program.head.insns; i++) {
		struct tsr_hw_insn *insn = &run->program.code[i];

		if (insn->op == TSR_HW_VECTOR_INDEX)
			insn->imm = (uint16_t)axes_position(rank, axes, insn->imm);
	}
	pthread_mutex_init(&run->lock, NULL);
}

static void start_storing(struct block_run *run, struct execution *execution,
			  const struct block *block, const struct tensor *d, uint32_t axes)
{
	start(run, execution, block, d, axes);
	axes_view(&run->d, d, axes);
	run->type = d->type;
}

int block_start(struct block_run *run, struct execution *execution, const struct block *block,
		const struct tensor *d)
{
	return block_start_along(run, execution, block, d, 0);
}

int block_start_along(struct block_run *run, struct execution *execution,
		      const struct block *block, const struct tensor *d, uint32_t axes)
{
	start_storing(run, execution, block, d, axes);
	return halves_output_start(&run->halves, d, axes);
}

void block_start_places(struct block_run *run, struct execution *execution,
			const struct block *block, const struct tensor *d)
{
	start_storing(run, execution, block, d, tensor_packed(d));
	run->odd_row = tensor_odd_row(d);
}

uint64_t block_places(const struct block_run *run)
{
	uint64_t elements = 1;

	for (unsigned int i = 0; i < run->program.rank; i++)
		elements *= run->dims[i];
	return halves_places(elements, run->odd_row);
}

int block_run_places(struct block_run *run, uint64_t first, uint64_t n, uint64_t *fault)
{
	uint64_t begin = halves_element(first, run->odd_row);
	uint64_t end = halves_element(first + n, run->odd_row);

	return block_range(run, begin, end - begin, NULL, fault);
}

/* Elements of a piece, so that it ends with a byte. */
static uint64_t piece_of(const struct block_run *run, uint64_t first, uint64_t left)
{
	uint64_t n = PIECE;

	if (left <= n)
		return left;
	return run->odd_row && (first + n) % run->odd_row % 2 ? n - 1 : n;
}

void block_start_loading(struct block_run *run, struct execution *execution,
			 const struct block *block, const struct tensor *x, uint32_t axes)
{
	start(run, execution, block, x, axes);
}

static struct vector_run *prepare(struct block_run *run)
{
	struct vector_setting setting = { .parameters = run->execution->parameters };

	memcpy(setting.dims, run->dims, sizeof(setting.dims));
	return vector_begin(&run->program, &setting);
}

static struct vector_run *take(struct block_run *run)
{
	struct vector_run *prepared = NULL;

	pthread_mutex_lock(&run->lock);
	if (run->idle_count)
		prepared = run->idle[--run->idle_count];
	pthread_mutex_unlock(&run->lock);
	return prepared ? prepared : prepare(run);
}

static void give_back(struct block_run *run, struct vector_run *prepared)
{
	pthread_mutex_lock(&run->lock);
	if (run->idle_count < BLOCK_RUNS) {
		run->idle[run->idle_count++] = prepared;
	} else {
		run->divisions += vector_divisions_by_zero(prepared);
		vector_end(prepared);
	}
	pthread_mutex_unlock(&run->lock);
}

void block_end_loading(struct block_run *run)
{
	for (unsigned int i = 0; i < run->idle_count; i++) {
		run->divisions += vector_divisions_by_zero(run->idle[i]);
		vector_end(run->idle[i]);
	}
	pthread_mutex_destroy(&run->lock);
	run->execution->divisions += run->divisions;
}

int block_end(struct block_run *run, int error)
{
	if (!error)
		error = halves_output_store(&run->halves, run->execution);
	halves_output_end(&run->halves);
	block_end_loading(run);
	return error;
}

/* Whether an element in a register has the bits it has in memory. */
static bool is_plain(unsigned int type)
{
	return type != TSR_HW_TYPE_BOOL &&
	       number_bits(type) == 8 * number_class_size(number_class_of(type));
}

static int load(const struct block_run *run, uint64_t first, uint64_t n, struct piece *piece,
		uint64_t *fault)
{
	const struct tile_memory *memory = run->execution->memory;
	int error = TSR_HW_ERR_NONE;

	for (unsigned int i = 0; !error && i < run->program.head.inputs; i++) {
		unsigned int type = run->block->input[i].type;
		bool plain = is_plain(type);

		error = gather(memory, &run->input[i], first, n,
			       plain ? piece->given[i] : piece->raw, fault);
		if (!error && !plain)
			number_load(type, piece->raw, piece->given[i], n);
	}
	return error;
}

/* What the command itself gives its program, from some element on. */
struct own {
	const char *value;
	const int64_t *count;
};

/* Elements of a piece from @at on. */
static struct vector_strip strip_of(const struct block_run *run, const struct piece *piece,
				    uint64_t first, uint64_t n, uint64_t at, const struct own *own)
{
	struct vector_strip strip = {
		.first = first + at,
		.n = n - at < VECTOR_STRIP ? n - at : VECTOR_STRIP,
	};

	for (unsigned int i = 0; i < run->program.head.inputs; i++)
		strip.given[i] = piece->given[i] +
				 at * number_class_size(number_class_of(run->block->input[i].type));
	if (own->count)
		strip.given[TSR_HW_VECTOR_MAX_INPUTS - 1] = own->count + at;
	if (own->value)
		strip.given[TSR_HW_VECTOR_VALUE] =
			own->value + at * number_class_size(run->program.value);
	return strip;
}

/* Results of a piece, as they are stored, into @piece->raw. */
static void compute(const struct block_run *run, struct vector_run *prepared, uint64_t first,
		    uint64_t n, const struct own *own, struct piece *piece)
{
	for (uint64_t at = 0; at < n; at += VECTOR_STRIP) {
		struct vector_strip strip = strip_of(run, piece, first, n, at, own);

		number_store(run->program.result, vector_strip(prepared, &strip), run->type,
			     run->program.head.flags, piece->raw + at * run->d.size, strip.n);
	}
}

/* Results of a piece, as registers hold them. */
static void compute_values(const struct block_run *run, struct vector_run *prepared,
			   uint64_t first, uint64_t n, const void *value, struct piece *piece,
			   char *to)
{
	const struct own own = { .value = value };
	size_t size = number_class_size(run->program.result);

	for (uint64_t at = 0; at < n; at += VECTOR_STRIP) {
		struct vector_strip strip = strip_of(run, piece, first, n, at, &own);

		memcpy(to + at * size, vector_strip(prepared, &strip), strip.n * size);
	}
}

/* Whether the result is the command's value, with the bits that are stored. */
static bool stores_value(const struct block_run *run)
{
	const struct vector_program *program = &run->program;

	return !program->head.insns && program->head.result == TSR_HW_VECTOR_VALUE &&
	       is_plain(run->type) && number_class_of(run->type) == program->value;
}

static int store(struct block_run *run, uint64_t first, uint64_t n, void *from, uint64_t *fault)
{
	if (!run->halves.codes)
		return execution_store(run->execution, &run->d, 0, first, n, from, fault);
	halves_output_put(&run->halves, first, n, from);
	return TSR_HW_ERR_NONE;
}

int block_range_counted(struct block_run *run, uint64_t first, uint64_t n, void *value,
			const int64_t *count, uint64_t *fault)
{
	size_t value_size = number_class_size(run->program.value);
	struct vector_run *prepared;
	struct piece piece;
	int error;

	if (value && stores_value(run))
		return execution_store(run->execution, &run->d, 0, first, n, value, fault);
	prepared = take(run);
	error = prepared ? TSR_HW_ERR_NONE : TSR_HW_ERR_ENGINE;

	for (uint64_t m, at = 0; !error && at < n; at += m) {
		const struct own own = {
			.value = value ? (const char *)value + at * value_size : NULL,
			.count = count ? count + at : NULL,
		};

		m = piece_of(run, first + at, n - at);
		error = load(run, first + at, m, &piece, fault);
		if (error)
			break;
		compute(run, prepared, first + at, m, &own, &piece);
		error = store(run, first + at, m, piece.raw, fault);
	}
	if (prepared)
		give_back(run, prepared);
	return error;
}

int block_range(struct block_run *run, uint64_t first, uint64_t n, void *value,
		uint64_t *fault)
{
	return block_range_counted(run, first, n, value, NULL, fault);
}

int block_values(struct block_run *run, uint64_t first, uint64_t n, const void *value, void *to,
		 uint64_t *fault)
{
	struct vector_run *prepared = take(run);
	size_t value_size = number_class_size(run->program.value);
	size_t size = number_class_size(run->program.result);
	int error = prepared ? TSR_HW_ERR_NONE : TSR_HW_ERR_ENGINE;
	struct piece piece;

	for (uint64_t at = 0; !error && at < n; at += PIECE) {
		uint64_t m = n - at < PIECE ? n - at : PIECE;

		error = load(run, first + at, m, &piece, fault);
		if (!error)
			compute_values(run, prepared, first + at, m, (const char *)value + at * value_size,
				       &piece, (char *)to + at * size);
	}
	if (prepared)
		give_back(run, prepared);
	return error;
}
