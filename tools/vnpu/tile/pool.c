/* SPDX-License-Identifier: MIT */
/*
 * POOL: maxima and sums over windows of 1 to 3 dimensions, with channels innermost.
 *
 * Windows beside each other in the last dimension are a piece: what they meet in one line of x
 * is loaded at once, if it fits and is not much more than they need; otherwise each window
 * loads what it meets. So time is proportional to the elements that windows meet.
 */
#include <string.h>

#include <tsr_hw/error.h>

#include "axes.h"
#include "block_run.h"
#include "command.h"
#include "execution.h"
#include "gather.h"
#include "parallel.h"
#include "pooling.h"
#include "sliding.h"
#include "smaller.h"
#include "step.h"
#include "tile.h"
#include "work.h"

/* Elements of a range for a thread at most, those it keeps when windows are large. */
#define RANGE		POOLING_MOST
#define RANGE_LEAST	64u

/* Elements of x that are loaded at once. */
#define ROOM		4096u

/* Elements of a line for each that windows meet there: up to so many the line is loaded. */
#define WASTE		4u

/* Taps between two reports of progress. */
#define CHUNK		(1u << 24)

#define SPATIAL		TSR_HW_MAX_SPATIAL
#define INNER		(SPATIAL - 1)

/* Dimensions in front of those that windows slide over: N and C. */
#define LEADING		2u

/* Mask of the dimension that is innermost. */
#define CHANNELS	(1u << 1)

/*
 * Missing dimensions in front have one element. Outputs are numbered with C as the last
 * dimension, so that what lies beside each other is combined beside each other.
 */
struct job {
	struct execution *execution;
	const struct command *command;
	struct pooling pooling;
	struct block_run run;
	struct view index;
	const struct sliding *window;
	uint64_t stride[SPATIAL];
	uint64_t channels;
	uint64_t taps;
	uint64_t outputs;
	uint64_t first;		/* output that the chunk starts with */
	bool alone;		/* a chunk is one output */
};

/* Windows that are combined together, of some channels. */
struct piece {
	uint64_t image;
	uint64_t channel;
	uint64_t channels;	/* all of them if there are several windows */
	uint64_t windows;
	struct hits hits[SPATIAL];	/* the last of the first window */
	uint64_t out[SPATIAL];	/* place of the first window */
	uint64_t low;		/* first element of a line */
	uint64_t span;		/* elements of a line; 0: nothing is met */
	bool by_line;
	uint64_t at[RANGE];	/* first element that a window meets in a line */
	uint64_t count[RANGE];	/* elements that it meets there */
};

struct buffers {
	_Alignas(64) char lanes[RANGE * sizeof(int64_t)];
	_Alignas(64) int64_t index[RANGE];
	_Alignas(64) int64_t count[RANGE];
	_Alignas(64) char raw[ROOM * sizeof(int64_t)];
	_Alignas(64) char x[ROOM * sizeof(int64_t)];
};

/* ---- decoding ------------------------------------------------------------------------ */

static bool are_fields_right(const struct tsr_hw_pool *raw, const struct command *command)
{
	static const uint8_t zero[sizeof(raw->mbz)];
	const struct tensor *x = &command->pool.x;
	const struct tensor *d = &command->d;

	if (memcmp(raw->mbz, zero, sizeof(zero)) || !raw->dims || raw->dims > SPATIAL)
		return false;
	if (x->rank != raw->dims + LEADING || d->rank != x->rank || x->dim[0] != d->dim[0] ||
	    x->dim[1] != d->dim[1])
		return false;
	/* Only a program reads the count. */
	if (raw->count > 1 || (raw->count && !raw->head.post))
		return false;
	return pooling_has(raw->mode, x->type);
}

static int decode_windows(const struct tile_request *request, const struct tsr_hw_pool *raw,
			  struct command *command)
{
	unsigned int missing = SPATIAL - raw->dims;
	int error = TSR_HW_ERR_NONE;

	for (unsigned int i = 0; i < missing; i++)
		sliding_none(&command->pool.window[i]);
	for (unsigned int i = 0; !error && i < raw->dims; i++)
		error = sliding_decode(request, &raw->w[i], command->pool.x.dim[LEADING + i],
				       command->d.dim[LEADING + i],
				       &command->pool.window[missing + i]);
	for (unsigned int i = raw->dims; !error && i < SPATIAL; i++)
		error = sliding_is_absent(&raw->w[i]) ? TSR_HW_ERR_NONE : TSR_HW_ERR_COMMAND;
	return error;
}

static int check_index(const struct command *command)
{
	const struct tensor *index = &command->pool.index;

	if (!tensor_present(index))
		return TSR_HW_ERR_NONE;
	return command->pool.mode == TSR_HW_POOLING_MAX && tensor_same_shape(index, &command->d) ?
	       TSR_HW_ERR_NONE : TSR_HW_ERR_COMMAND;
}

/* Taps of a window, whatever they meet. */
static int check_work(struct command *command)
{
	uint64_t work = tensor_elements(&command->d);
	uint64_t taps = 1;

	for (unsigned int i = 0; i < SPATIAL; i++)
		if (__builtin_mul_overflow(taps, command->pool.window[i].kernel, &taps))
			return TSR_HW_ERR_UNSUPPORTED;
	command->pool.taps = taps;
	if (__builtin_mul_overflow(work, taps, &work) || work > TILE_MAX_WORK)
		return TSR_HW_ERR_UNSUPPORTED;
	return TSR_HW_ERR_NONE;
}

static int decode_fields(const struct tile_request *request, const struct tsr_hw_pool *raw,
			 struct command *command)
{
	int error = are_fields_right(raw, command) ? TSR_HW_ERR_NONE : TSR_HW_ERR_COMMAND;

	if (error)
		return error;
	command->pool.mode = raw->mode;
	command->pool.counts = raw->count;
	error = decode_windows(request, raw, command);
	if (!error)
		error = check_index(command);
	if (!error)
		error = step_check(&raw->step, &command->d);
	if (!error)
		error = step_check_halves(&raw->step, &command->d);
	return error ? error : check_work(command);
}

static int decode(const struct tile_request *request, const void *raw, struct command *command)
{
	const struct tsr_hw_pool *pool = raw;
	struct vector_given given = { .has_value = true };
	int error = tensor_decode(request, &pool->x, TYPES_ANY, 0, &command->pool.x);

	if (!error)
		error = tensor_decode(request, &pool->d, TYPES_ANY, TENSOR_WRITE, &command->d);
	if (!error)
		error = tensor_decode_optional(request, &pool->index, TYPE_BIT(TSR_HW_TYPE_INT64),
					       TENSOR_WRITE, &command->pool.index);
	if (!error)
		error = decode_fields(request, pool, command);
	if (error)
		return error;
	given.value = pooling_value(command->pool.x.type);
	given.has_count = pool->count;
	given.rank = command->d.rank;
	return block_decode_optional(request, &pool->head, &command->d, &given,
				     &command->pool.post);
}

static void measure(const struct command *command, struct work *work)
{
	const struct tensor *x = &command->pool.x;
	const struct block *post = &command->pool.post;
	uint64_t outputs = tensor_elements(&command->d);

	work_pass(work, outputs * command->pool.taps, 1);
	work_pass(work, outputs, post->program.weight);
	work->bytes = tensor_touched(x, outputs * command->pool.taps) + block_bytes(post) +
		      tensor_bytes(&command->d) + tensor_bytes(&command->pool.index);
	work->staging = halves_output_staging(&command->d);
}

/* ---- pieces ---------------------------------------------------------------------------- */

/* Takes one more window, if what all of them meet in a line is still worth to be loaded. */
static bool add_window(const struct job *job, struct piece *piece, uint64_t *met)
{
	const struct sliding *window = &job->window[INNER];
	struct hits hits = sliding_hits(window, piece->out[INNER] + piece->windows);
	uint64_t low = piece->low;
	uint64_t end = piece->low + piece->span;

	if (hits.count) {
		uint64_t behind = hits.at + (hits.count - 1) * window->advance + 1;

		low = piece->span ? smaller(low, hits.at) : hits.at;
		end = piece->span ? larger(end, behind) : behind;
	}
	*met += hits.count;
	if (end - low > WASTE * *met || end - low > ROOM / piece->channels)
		return false;
	piece->low = low;
	piece->span = end - low;
	piece->at[piece->windows] = hits.at;
	piece->count[piece->windows++] = hits.count;
	return true;
}

/* The first window alone, if a line does not fit. */
static void take_window(const struct job *job, struct piece *piece)
{
	piece->hits[INNER] = sliding_hits(&job->window[INNER], piece->out[INNER]);
	piece->count[0] = piece->hits[INNER].count;
	piece->windows = 1;
}

/* The piece that begins with output @number, of at most @n outputs. */
static void next_piece(const struct job *job, uint64_t number, uint64_t n, struct piece *piece)
{
	uint64_t pixel = number / job->channels;
	uint64_t most = 1;
	uint64_t met = 0;

	piece->channel = number % job->channels;
	piece->channels = smaller(job->channels - piece->channel, n);
	piece->windows = 0;
	piece->low = 0;
	piece->span = 0;
	for (unsigned int i = SPATIAL; i-- > 0;) {
		piece->out[i] = pixel % job->window[i].out;
		pixel /= job->window[i].out;
		piece->hits[i] = sliding_hits(&job->window[i], piece->out[i]);
	}
	piece->image = pixel;
	if (piece->channels == job->channels)
		most = smaller(n / job->channels, job->window[INNER].out - piece->out[INNER]);
	while (piece->windows < most && add_window(job, piece, &met))
		;
	piece->by_line = piece->windows;
	if (!piece->by_line)
		take_window(job, piece);
}

/* From the first element of x to that at the places @at of a piece's image, in its channel. */
static uint64_t offset_of(const struct job *job, const struct piece *piece, const uint64_t *at)
{
	const struct tensor *x = &job->command->pool.x;
	uint64_t offset = piece->image * x->stride[0] + piece->channel * x->stride[1];

	for (unsigned int i = 0; i < SPATIAL; i++)
		offset += at[i] * job->stride[i];
	return offset;
}

/* @n elements of a line, @step apart, of all channels of the piece: into @buffers->x. */
static int load(const struct job *job, const struct piece *piece, uint64_t offset, uint64_t step,
		uint64_t n, struct buffers *buffers, uint64_t *fault)
{
	const struct tensor *x = &job->command->pool.x;
	size_t size = number_class_size(job->pooling.lane);
	uint64_t count = n * piece->channels;
	struct view view;
	int error;

	view_start_tensor(&view, x);
	view.va += offset;
	view_add(&view, n, step * job->stride[INNER]);
	view_add(&view, piece->channels, x->stride[1]);
	error = gather(job->execution->memory, &view, 0, count, buffers->raw, fault);
	for (uint64_t at = 0; !error && at < count; at += POOLING_MOST)
		pooling_load(&job->pooling, buffers->raw + at * x->size, buffers->x + at * size,
			     smaller(POOLING_MOST, count - at));
	return error;
}

/* Element @i of those loaded, which lies at @at of x, goes into the lanes from @lane on. */
static void take(const struct job *job, const struct piece *piece, uint64_t i, int64_t at,
		 uint64_t lane, struct buffers *buffers)
{
	size_t size = number_class_size(job->pooling.lane);
	const char *from = buffers->x + i * piece->channels * size;

	if (tensor_present(&job->command->pool.index))
		pooling_select(&job->pooling, buffers->lanes, buffers->index, lane, from,
			       piece->channels, at);
	pooling_take(&job->pooling, buffers->lanes, lane, from, piece->channels);
}

/* Number of an element among those that windows slide over. */
static int64_t number_of(const struct job *job, const uint64_t *at)
{
	uint64_t number = 0;

	for (unsigned int i = 0; i < SPATIAL; i++)
		number = number * job->window[i].in + at[i];
	return (int64_t)number;
}

/*
 * Of an output that alone fills chunks. It is no work for several threads, so this is the
 * thread that executes the stream.
 */
static int tell_progress(const struct job *job, uint64_t done)
{
	const struct tile_memory *memory = job->execution->memory;

	if (!job->alone)
		return memory->aborted(memory->ctx) ? EXECUTION_ABORTED : TSR_HW_ERR_NONE;
	return execution_progress(job->execution, job->first * job->taps + done,
				  job->outputs * job->taps);
}

/* What the windows of a piece meet in the line at @at, whose last place is not set. */
static int run_line(const struct job *job, const struct piece *piece, uint64_t *at, uint64_t lane,
		    struct buffers *buffers, uint64_t *fault)
{
	uint64_t advance = job->window[INNER].advance;
	int error;

	at[INNER] = piece->low;
	error = load(job, piece, offset_of(job, piece, at), 1, piece->span, buffers, fault);
	for (uint64_t i = 0; !error && i < piece->windows; i++, lane += piece->channels) {
		for (uint64_t k = 0; k < piece->count[i]; k++) {
			at[INNER] = piece->at[i] + k * advance;
			take(job, piece, at[INNER] - piece->low, number_of(job, at), lane, buffers);
		}
	}
	return error;
}

/* The same of one window, as many elements at a time as fit; @done: elements so far. */
static int run_window(const struct job *job, const struct piece *piece, uint64_t *at,
		      uint64_t lane, uint64_t done, struct buffers *buffers, uint64_t *fault)
{
	const struct hits *hits = &piece->hits[INNER];
	uint64_t advance = job->window[INNER].advance;
	uint64_t most = ROOM / piece->channels;
	int error = TSR_HW_ERR_NONE;

	for (uint64_t k = 0; !error && k < hits->count; k += most) {
		uint64_t n = smaller(most, hits->count - k);

		at[INNER] = hits->at + k * advance;
		error = load(job, piece, offset_of(job, piece, at), advance, n, buffers, fault);
		for (uint64_t i = 0; !error && i < n; i++, at[INNER] += advance)
			take(job, piece, i, number_of(job, at), lane, buffers);
		if (!error)
			error = tell_progress(job, done + k + n);
	}
	return error;
}

static int run_piece(const struct job *job, const struct piece *piece, uint64_t lane,
		     struct buffers *buffers, uint64_t *fault)
{
	const struct hits *hits = piece->hits;
	uint64_t in_line = hits[INNER].count;
	uint64_t at[SPATIAL];
	uint64_t lines = 0;
	int error = TSR_HW_ERR_NONE;

	if (piece->by_line && !piece->span)
		return TSR_HW_ERR_NONE;
	for (uint64_t i = 0; !error && i < hits[0].count; i++) {
		at[0] = hits[0].at + i * job->window[0].advance;
		for (uint64_t k = 0; !error && k < hits[1].count; k++, lines++) {
			at[1] = hits[1].at + k * job->window[1].advance;
			if (piece->by_line)
				error = run_line(job, piece, at, lane, buffers, fault);
			else
				error = run_window(job, piece, at, lane, lines * in_line, buffers,
						   fault);
			if (!error && piece->by_line)
				error = tell_progress(job, (lines + 1) * in_line);
		}
	}
	return error;
}

static void count_elements(const struct piece *piece, int64_t *count)
{
	uint64_t lines = piece->hits[0].count * piece->hits[1].count;

	for (uint64_t i = 0; i < piece->windows; i++)
		for (uint64_t k = 0; k < piece->channels; k++)
			*count++ = (int64_t)(lines * piece->count[i]);
}

/* ---- execution ------------------------------------------------------------------------- */

static int store(struct job *job, uint64_t first, uint64_t n, struct buffers *buffers,
		 uint64_t *fault)
{
	const struct command *command = job->command;
	int error = TSR_HW_ERR_NONE;

	pooling_end(&job->pooling, buffers->lanes, buffers->count, buffers->lanes, n);
	if (tensor_present(&command->pool.index))
		error = scatter(job->execution->memory, &job->index, first, n, buffers->index,
				fault);
	if (error)
		return error;
	return block_range_counted(&job->run, first, n, buffers->lanes,
				   command->pool.counts ? buffers->count : NULL, fault);
}

static int run_range(void *context, uint64_t first, uint64_t n, uint64_t *fault)
{
	struct job *job = context;
	struct buffers buffers;
	struct piece piece;

	first += job->first;
	pooling_start(&job->pooling, buffers.lanes, n);
	/* -1, where nothing is met. */
	memset(buffers.index, 0xff, n * sizeof(*buffers.index));
	for (uint64_t at = 0; at < n; at += piece.windows * piece.channels) {
		int error;

		next_piece(job, first + at, n - at, &piece);
		count_elements(&piece, buffers.count + at);
		error = run_piece(job, &piece, at, &buffers, fault);
		if (error)
			return error;
	}
	return store(job, first, n, &buffers, fault);
}

/* Fewer outputs for a thread the more a window has, so that all threads have some. */
static uint64_t range_of(uint64_t chunk)
{
	return larger(smaller(chunk / RANGE_LEAST, RANGE), RANGE_LEAST);
}

static int run(struct job *job)
{
	uint64_t most = CHUNK / job->taps ? CHUNK / job->taps : 1;
	int error = TSR_HW_ERR_NONE;

	job->alone = most == 1;
	for (job->first = 0; !error && job->first < job->outputs; job->first += most) {
		uint64_t n = smaller(job->outputs - job->first, most);

		error = parallel_ranges(job->execution->memory, n, range_of(most), run_range, job,
					&job->execution->fault);
		if (!error)
			error = execution_progress(job->execution, job->first + n, job->outputs);
	}
	return error;
}

static int start(struct job *job, const struct command *command)
{
	const struct tensor *x = &command->pool.x;

	for (unsigned int i = 0; i < x->rank - LEADING; i++)
		job->stride[INNER - i] = x->stride[x->rank - 1 - i];
	pooling_make(command->pool.mode, x->type, job->taps, &job->pooling);
	if (tensor_present(&command->pool.index))
		axes_view(&job->index, &command->pool.index, CHANNELS);
	return block_start_along(&job->run, job->execution, &command->pool.post, &command->d,
				 CHANNELS);
}

static int execute(struct execution *execution, const struct command *command)
{
	struct job job = {
		.execution = execution,
		.command = command,
		.window = command->pool.window,
		.channels = command->d.dim[1],
		.taps = command->pool.taps,
		.outputs = tensor_elements(&command->d),
	};
	int error;

	error = start(&job, command);
	if (!error)
		error = run(&job);
	return block_end(&job.run, error);
}

const struct operation operation_pool = {
	.opcode = TSR_HW_OP_POOL,
	.engine = TSR_HW_ENGINE_TENSOR,
	.size = sizeof(struct tsr_hw_pool),
	.has_program = true,
	.decode = decode,
	.measure = measure,
	.execute = execute,
};
