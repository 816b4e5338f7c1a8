/* SPDX-License-Identifier: MIT */
#include "block_run.h"

#include <stdbool.h>
#include <string.h>

#include <number/load.h>
#include <tsr_hw/error.h>
#include <vector/run.h>

#include "axes.h"
#include "execution.h"
#include "gather.h"
#include "halves.h"
#include "in_place.h"
#include "nonfinite.h"
#include "smaller.h"
#include "tile.h"

/* Elements that are gathered at a time: inputs of a few strips, some pages, stay in the cache. */
#define PIECE	(4 * VECTOR_STRIP)

/* Inputs of a piece, each of the type of its register; what is converted is gathered into @raw. */
struct piece {
	_Alignas(64) char given[TSR_HW_VECTOR_MAX_INPUTS][PIECE * sizeof(uint64_t)];
	_Alignas(64) char raw[PIECE * sizeof(uint64_t)];
};

/*
 * Inputs of a strip that is used in place, and its results as they are stored; places as in run.c.
 */
#define STRIP_BYTES	(VECTOR_STRIP * sizeof(uint64_t) + 64)

struct strip_buffers {
	_Alignas(64) char given[TSR_HW_VECTOR_MAX_INPUTS][STRIP_BYTES];
	_Alignas(64) char raw[STRIP_BYTES];
};

/*
 * Passes over elements while a window is open: some ten microseconds. And elements for which
 * opening one pays.
 */
#define WINDOW_PASSES	(1u << 18)
#define WINDOW_LEAST	256u

/* Outputs from this size on go past the caches. */
#define STREAM_BYTES	(4u << 20)

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

/* Whole strips, as far as the largest element and the program's weight let a window have them. */
static uint64_t most_in_place(const struct block_run *run)
{
	uint32_t size = run->d.size;
	uint64_t most = WINDOW_PASSES / (run->program.weight ? run->program.weight : 1);

	for (unsigned int i = 0; i < run->program.head.inputs; i++)
		if (run->input[i].size > size)
			size = run->input[i].size;
	most = smaller(most, TILE_WINDOW_BYTES / size);
	return run->execution->memory->open ? most / VECTOR_STRIP * VECTOR_STRIP : 0;
}

static struct chain16_ends ends_of(const struct block *block, const struct tensor *d)
{
	struct chain16_ends ends = {
		.result = (uint8_t)d->type,
		.wraps = !!(block->program.head.flags & TSR_HW_VECTOR_STORE_WRAP),
	};

	for (unsigned int i = 0; i < block->program.head.inputs; i++)
		ends.type[i] = (uint8_t)block->input[i].type;
	return ends;
}

static void start_storing(struct block_run *run, struct execution *execution,
			  const struct block *block, const struct tensor *d, uint32_t axes)
{
	start(run, execution, block, d, axes);
	axes_view(&run->d, d, axes);
	run->type = d->type;
	run->ends = ends_of(block, d);
	run->in_place = most_in_place(run);
	run->streams = tensor_bytes(d) >= STREAM_BYTES;
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

static void give_own(const struct block_run *run, const struct own *own, uint64_t at,
		     struct vector_strip *strip)
{
	if (own->count)
		strip->given[TSR_HW_VECTOR_MAX_INPUTS - 1] = own->count + at;
	if (own->value)
		strip->given[TSR_HW_VECTOR_VALUE] =
			own->value + at * number_class_size(run->program.value);
}

/* Elements of a piece from @at on. */
static struct vector_strip strip_of(const struct block_run *run, const struct piece *piece,
				    uint64_t first, uint64_t n, uint64_t at, const struct own *own)
{
	struct vector_strip strip = {
		.first = first + at,
		.n = smaller(n - at, VECTOR_STRIP),
	};

	for (unsigned int i = 0; i < run->program.head.inputs; i++)
		strip.given[i] = piece->given[i] +
				 at * number_class_size(number_class_of(run->block->input[i].type));
	give_own(run, own, at, &strip);
	return strip;
}

static bool add_ranges(const struct block_run *run, uint64_t first, uint64_t n,
		       struct tile_window *window)
{
	window->ranges = 0;
	for (unsigned int i = 0; i < run->program.head.inputs; i++)
		if (!in_place_add(window, &run->input[i], first, n, false))
			return false;
	return in_place_add(window, &run->d, first, n, true);
}

/* Where an input of a strip is, if the program can take it from there; else NULL. */
static const void *place_of(const struct block_run *run, const struct vector_run *prepared,
			    const struct tile_window *window, unsigned int i, uint64_t at,
			    uint64_t n)
{
	if (!is_plain(run->block->input[i].type) || !vector_bears_change(prepared, n))
		return NULL;
	return in_place_find(&window->range[i], run->input[i].size, at, n);
}

/* Where the inputs of the strip from @at on are that are taken from there; others are loaded. */
struct places {
	uint64_t at;
	const void *input[TSR_HW_VECTOR_MAX_INPUTS];
};

/* There need be no such strip. */
static void find_places(const struct block_run *run, const struct vector_run *prepared,
			const struct tile_window *window, uint64_t at, uint64_t n,
			struct places *places)
{
	*places = (struct places){ .at = at };
	if (at >= n)
		return;
	for (unsigned int i = 0; i < run->program.head.inputs; i++)
		places->input[i] = place_of(run, prepared, window, i, at,
					    smaller(n - at, VECTOR_STRIP));
}

static void give_inputs(const struct block_run *run, const struct tile_window *window, uint64_t at,
			const struct places *places, struct vector_strip *strip,
			struct strip_buffers *buffers)
{
	for (unsigned int i = 0; i < run->program.head.inputs; i++) {
		strip->given[i] = places->input[i];
		if (strip->given[i])
			continue;
		in_place_load(&window->range[i], run->block->input[i].type, at, strip->n,
			      buffers->given[i]);
		strip->given[i] = buffers->given[i];
	}
}

/* Of a whole strip that follows. */
static void look_ahead(const struct block_run *run, const struct places *places,
		       struct vector_strip *strip)
{
	for (unsigned int i = 0; i < run->program.head.inputs; i++)
		if (run->input[i].size == sizeof(float))
			strip->next[i] = places->input[i];
}

/* Whether results that are stored as they are get counted by what stores them. */
static bool counts_stored(const struct block_run *run)
{
	return run->streams && run->execution->type == TSR_HW_TYPE_FP32;
}

/* Results as they are stored: as they are if nothing is to be done with them, else in @raw. */
static const void *results_in_place(const struct block_run *run, struct vector_run *prepared,
				    const struct vector_strip *strip, void *raw)
{
	const struct execution *execution = run->execution;
	const void *results;

	if (is_plain(run->type) && run->program.result == number_class_of(run->type) &&
	    execution_keeps(execution)) {
		results = vector_strip(prepared, strip);
		if (!counts_stored(run))
			nonfinite_add(execution->nonfinite, execution->type, results, strip->n);
		return results;
	}
	vector_strip_stored(prepared, strip, run->type, raw);
	execution_mark(execution, strip->first, strip->n, run->d.size, raw);
	return raw;
}

/*
 * From memory to memory, which vector_stores() said there is a way for. Return: false if an input
 * is not in one part, and nothing was done.
 */
static bool store_in_place(const struct block_run *run, struct vector_run *prepared,
			   const struct tile_window *window, uint64_t at,
			   struct vector_strip *strip, void *raw)
{
	for (unsigned int i = 0; i < run->program.head.inputs; i++) {
		strip->given[i] = in_place_find(&window->range[i], run->input[i].size, at,
						strip->n);
		if (!strip->given[i])
			return false;
	}
	vector_store(prepared, strip, &run->ends, raw);
	execution_mark(run->execution, strip->first, strip->n, run->d.size, raw);
	return true;
}

/* Results of results_in_place() that it has not put elsewhere. */
static void store_kept(const struct block_run *run, const struct tile_range *d, uint64_t at,
		       const void *results, uint64_t n)
{
	const struct execution *execution = run->execution;

	if (!counts_stored(run))
		in_place_store(d, at * run->d.size, results, n * run->d.size, run->streams);
	else if (in_place_stream_fp32(d, at, results, n))
		nonfinite_add(execution->nonfinite, execution->type, results, n);
}

/* Whether the strip was computed and stored. */
static bool store_strip(const struct block_run *run, struct vector_run *prepared,
			const struct tile_window *window, uint64_t at,
			struct vector_strip *strip, struct strip_buffers *buffers)
{
	const struct tile_range *d = &window->range[window->ranges - 1];

	if (!vector_stores(prepared, &run->ends, strip->n) ||
	    !store_in_place(run, prepared, window, at, strip, buffers->raw))
		return false;
	in_place_store(d, at * run->d.size, buffers->raw, strip->n * run->d.size, run->streams);
	return true;
}

/*
 * The strip of an open window from @at on; @places may be its own, and become those of the one
 * behind it.
 */
static void compute_in_place(const struct block_run *run, struct vector_run *prepared,
			     const struct tile_window *window, uint64_t at, uint64_t n,
			     const struct own *own, struct places *places,
			     struct vector_strip *strip, struct strip_buffers *buffers)
{
	const struct tile_range *d = &window->range[window->ranges - 1];
	const void *results;

	if (places->at != at)
		find_places(run, prepared, window, at, n, places);
	give_inputs(run, window, at, places, strip, buffers);
	give_own(run, own, at, strip);
	find_places(run, prepared, window, at + VECTOR_STRIP, n, places);
	if (n >= at + 2 * VECTOR_STRIP)
		look_ahead(run, places, strip);
	results = results_in_place(run, prepared, strip, buffers->raw);
	if (results == buffers->raw)
		in_place_store(d, at * run->d.size, results, strip->n * run->d.size, run->streams);
	else
		store_kept(run, d, at, results, strip->n);
}

/* All strips of an open window. */
static void compute_window(const struct block_run *run, struct vector_run *prepared,
			   const struct tile_window *window, uint64_t first, uint64_t n,
			   const struct own *own)
{
	struct strip_buffers buffers;
	struct places places;

	find_places(run, prepared, window, 0, n, &places);
	for (uint64_t at = 0; at < n; at += VECTOR_STRIP) {
		struct vector_strip strip = {
			.first = first + at, .n = smaller(n - at, VECTOR_STRIP),
		};

		if (!store_strip(run, prepared, window, at, &strip, &buffers))
			compute_in_place(run, prepared, window, at, n, own, &places, &strip,
					 &buffers);
	}
}

/* Return: false if the operands cannot be used where they are, and nothing was done. */
static bool range_in_place(const struct block_run *run, struct vector_run *prepared, uint64_t first,
			   uint64_t n, const struct own *own)
{
	const struct tile_memory *memory = run->execution->memory;
	struct tile_window window;

	if (!add_ranges(run, first, n, &window) || !memory->open(memory->ctx, &window))
		return false;
	compute_window(run, prepared, &window, first, n, own);
	if (run->streams)
		in_place_streamed();
	memory->close(memory->ctx, &window);
	return true;
}

/* Results of a piece, as they are stored, into @piece->raw. */
static void compute(const struct block_run *run, struct vector_run *prepared, uint64_t first,
		    uint64_t n, const struct own *own, struct piece *piece)
{
	for (uint64_t at = 0; at < n; at += VECTOR_STRIP) {
		struct vector_strip strip = strip_of(run, piece, first, n, at, own);

		vector_strip_stored(prepared, &strip, run->type, piece->raw + at * run->d.size);
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

/* A large output goes past the caches. Return: false if it cannot be had in place. */
static bool place_value(const struct block_run *run, uint64_t first, uint64_t n, void *value)
{
	const struct tile_memory *memory = run->execution->memory;
	struct tile_window window;

	window.ranges = 0;
	if (!run->streams || !memory->open || !in_place_add(&window, &run->d, first, n, true) ||
	    !memory->open(memory->ctx, &window))
		return false;
	execution_mark(run->execution, first, n, run->d.size, value);
	in_place_store(&window.range[0], 0, value, n * run->d.size, true);
	in_place_streamed();
	memory->close(memory->ctx, &window);
	return true;
}

static int store_value(const struct block_run *run, uint64_t first, uint64_t n, void *value,
		       uint64_t *fault)
{
	if (place_value(run, first, n, value))
		return TSR_HW_ERR_NONE;
	return execution_store(run->execution, &run->d, 0, first, n, value, fault);
}

int block_range_counted(struct block_run *run, uint64_t first, uint64_t n, void *value,
			const int64_t *count, uint64_t *fault)
{
	size_t value_size = number_class_size(run->program.value);
	bool in_place = run->in_place > 0;
	struct vector_run *prepared;
	struct piece piece;
	int error;

	if (value && stores_value(run))
		return store_value(run, first, n, value, fault);
	prepared = take(run);
	error = prepared ? TSR_HW_ERR_NONE : TSR_HW_ERR_ENGINE;

	for (uint64_t m, at = 0; !error && at < n; at += m) {
		const struct own own = {
			.value = value ? (const char *)value + at * value_size : NULL,
			.count = count ? count + at : NULL,
		};

		m = smaller(n - at, run->in_place);
		in_place = in_place && m >= WINDOW_LEAST &&
			   range_in_place(run, prepared, first + at, m, &own);
		if (in_place)
			continue;
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
		uint64_t m = smaller(n - at, PIECE);

		error = load(run, first + at, m, &piece, fault);
		if (!error)
			compute_values(run, prepared, first + at, m,
				       (const char *)value + at * value_size, &piece,
				       (char *)to + at * size);
	}
	if (prepared)
		give_back(run, prepared);
	return error;
}
