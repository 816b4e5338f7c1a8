/* SPDX-License-Identifier: MIT */
/* NORMALIZE: softmax and the like along a set of dimensions. */
#include <math.h>

#include <tsr_hw/error.h>

#include "axes.h"
#include "block_run.h"
#include "command.h"
#include "execution.h"
#include "loading.h"
#include "normalization.h"
#include "number/bits.h"
#include "parallel.h"
#include "real.h"
#include "smaller.h"
#include "staging.h"
#include "step.h"
#include "tile.h"
#include "work.h"

/* Elements between two reports of progress, and those of one range for a thread. */
#define CHUNK	(1u << 22)
#define RANGE	8192u

/* Elements that are loaded, computed and stored at a time. */
#define PIECE	LOADING_MOST

/* Values of rows up to this long are kept from pass to pass; longer ones are loaded again. */
#define KEPT_MOST	(1u << 18)

/* Passes over a row that fills more than a piece. */
#define PASSES	3

/* A row is done by one thread, in one order. */
struct job {
	struct execution *execution;
	struct normalization how;
	unsigned int type;	/* of what is loaded */
	struct loading loading;	/* dimensions that are normalized over are innermost */
	struct block_run run;	/* here, too */
	uint64_t rows;
	uint64_t first;		/* row that the chunk starts with */
};

struct piece {
	_Alignas(64) char raw[PIECE * sizeof(uint64_t)];
	_Alignas(64) float values[PIECE];
};

static bool takes_root(unsigned int mode)
{
	return mode == TSR_HW_NORMALIZE_STANDARD || mode == TSR_HW_NORMALIZE_RMS;
}

static int check_fields(const struct tsr_hw_normalize *raw, const struct command *command)
{
	const struct tensor *x = &command->normalize.loaded.x;
	bool finite = raw->epsilon < fp32_bits(INFINITY);

	for (unsigned int i = 0; i < sizeof(raw->mbz); i++)
		if (raw->mbz[i])
			return TSR_HW_ERR_COMMAND;
	if (raw->mode > TSR_HW_NORMALIZE_RMS || !(takes_root(raw->mode) ? finite : !raw->epsilon))
		return TSR_HW_ERR_COMMAND;
	if (axes_check(raw->axes, x->rank) || !tensor_same_shape(x, &command->d))
		return TSR_HW_ERR_COMMAND;
	if (step_check_halves(&raw->step, x) || step_check_halves(&raw->step, &command->d))
		return TSR_HW_ERR_COMMAND;
	return step_check(&raw->step, x);
}

static int decode(const struct tile_request *request, const void *raw, struct command *command)
{
	const struct tsr_hw_normalize *normalize = raw;
	struct loaded *loaded = &command->normalize.loaded;
	struct vector_given given = { .has_value = true, .value = NUMBER_F32 };
	int error = tensor_decode(request, &normalize->x, TYPES_ANY, 0, &loaded->x);

	if (!error)
		error = tensor_decode(request, &normalize->d, TYPES_ANY, TENSOR_WRITE,
				      &command->d);
	if (!error)
		error = check_fields(normalize, command);
	if (!error)
		error = loaded_decode(request, &normalize->head, loaded);
	if (error)
		return error;
	command->normalize.axes = normalize->axes;
	command->normalize.mode = normalize->mode;
	command->normalize.epsilon = fp32_of_bits(normalize->epsilon);
	given.rank = command->d.rank;
	return block_decode_optional(request, &normalize->head, &command->d, &given,
				     &command->normalize.post);
}

/* Rows of the output that threads may have at the same time. */
static uint64_t chunk_of(uint64_t depth)
{
	return larger(CHUNK / depth, 1);
}

static bool is_kept(uint64_t depth)
{
	return depth > PIECE && depth <= KEPT_MOST;
}

static void measure(const struct command *command, struct work *work)
{
	static const uint32_t operations[] = {
		[TSR_HW_NORMALIZE_SOFTMAX] = 10,
		[TSR_HW_NORMALIZE_LOG_SOFTMAX] = 12,
		[TSR_HW_NORMALIZE_STANDARD] = 4,
		[TSR_HW_NORMALIZE_RMS] = 2,
	};
	const struct block *post = &command->normalize.post;
	uint64_t depth = axes_elements(&command->d, command->normalize.axes);

	work_pass(work, tensor_elements(&command->d), operations[command->normalize.mode]);
	work_pass(work, tensor_elements(&command->d), post->program.weight);
	work->bytes = block_bytes(post) + tensor_bytes(&command->d);
	loaded_measure(&command->normalize.loaded, work);
	work->staging = halves_output_staging(&command->d);
	if (is_kept(depth))
		work->staging += staging_size(chunk_of(depth) * depth * sizeof(float));
}

/* Elements of the input as values. */
static int load(struct job *job, uint64_t first, uint64_t n, char *raw, float *values,
		uint64_t *fault)
{
	int error = loading_elements(&job->loading, first, n, raw, fault);

	if (!error)
		real_load(job->type, raw, values, n);
	return error;
}

static void normalize_row(const struct normalization *how, float *values)
{
	struct normalization_row row;

	normalization_start(how, &row);
	normalization_centre(how, &row, values, how->depth);
	normalization_turn(how, &row);
	normalization_shift(how, &row, values, how->depth);
	normalization_measure(how, &row, values, how->depth);
	normalization_end(how, &row);
	normalization_finish(how, &row, values, how->depth);
}

/* Rows that fit a piece together. */
static int run_short(struct job *job, uint64_t row, uint64_t n, struct piece *piece,
		     uint64_t *fault)
{
	uint64_t depth = job->how.depth;
	int error = load(job, row * depth, n * depth, piece->raw, piece->values, fault);

	if (error)
		return error;
	for (uint64_t i = 0; i < n; i++)
		normalize_row(&job->how, piece->values + i * depth);
	return block_range(&job->run, row * depth, n * depth, piece->values, fault);
}

/*
 * A row that fills more than a piece; @kept: room for its values, or NULL; @begin: its first pass.
 */
struct long_row {
	struct job *job;
	uint64_t number;
	unsigned int begin;
	float *kept;
	struct normalization_row state;
	struct piece piece;
};

static float *values_at(struct long_row *row, uint64_t at)
{
	return row->kept ? row->kept + at : row->piece.values;
}

/* Values as the pass before left them: kept, or loaded and brought to that point again. */
static int get(struct long_row *row, unsigned int pass, uint64_t at, uint64_t n, uint64_t *fault)
{
	struct job *job = row->job;
	uint64_t first = row->number * job->how.depth + at;
	int error;

	if (row->kept && pass != row->begin)
		return TSR_HW_ERR_NONE;
	error = load(job, first, n, row->piece.raw, values_at(row, at), fault);
	if (!error && pass == PASSES - 1)
		normalization_shift(&job->how, &row->state, values_at(row, at), n);
	return error;
}

static int use(struct long_row *row, unsigned int pass, uint64_t at, uint64_t n, uint64_t *fault)
{
	struct job *job = row->job;
	const struct normalization *how = &job->how;
	float *values = values_at(row, at);

	switch (pass) {
	case 0:
		normalization_centre(how, &row->state, values, n);
		return TSR_HW_ERR_NONE;
	case 1:
		normalization_shift(how, &row->state, values, n);
		normalization_measure(how, &row->state, values, n);
		return TSR_HW_ERR_NONE;
	default:
		normalization_finish(how, &row->state, values, n);
		return block_range(&job->run, row->number * how->depth + at, n, values, fault);
	}
}

/*
 * Of a row that alone fills chunks. It is no work for several threads, so this is the thread
 * that executes the stream.
 */
static int tell_progress(const struct long_row *row, unsigned int pass, uint64_t done)
{
	const struct job *job = row->job;
	uint64_t depth = job->how.depth;

	if (depth <= CHUNK)
		return TSR_HW_ERR_NONE;
	return execution_progress(job->execution, (row->number * PASSES + pass) * depth + done,
				  job->rows * PASSES * depth);
}

static int run_pass(struct long_row *row, unsigned int pass, uint64_t *fault)
{
	const struct tile_memory *memory = row->job->execution->memory;
	uint64_t depth = row->job->how.depth;
	int error = TSR_HW_ERR_NONE;

	for (uint64_t at = 0; !error && at < depth; at += PIECE) {
		uint64_t n = smaller(depth - at, PIECE);

		if (memory->aborted(memory->ctx))
			return EXECUTION_ABORTED;
		error = get(row, pass, at, n, fault);
		if (!error)
			error = use(row, pass, at, n, fault);
		if (!error)
			error = tell_progress(row, pass, at + n);
	}
	return error;
}

static int run_long(struct long_row *row, uint64_t number, uint64_t *fault)
{
	const struct normalization *how = &row->job->how;
	int error = TSR_HW_ERR_NONE;

	row->number = number;
	normalization_start(how, &row->state);
	if (!row->begin)
		error = run_pass(row, 0, fault);
	normalization_turn(how, &row->state);
	if (!error)
		error = run_pass(row, 1, fault);
	normalization_end(how, &row->state);
	return error ? error : run_pass(row, 2, fault);
}

static int run_long_rows(struct job *job, uint64_t first, uint64_t n, uint64_t *fault)
{
	struct long_row row = { .job = job, .begin = normalization_has_centre(&job->how) ? 0 : 1 };
	int error = TSR_HW_ERR_NONE;

	if (is_kept(job->how.depth)) {
		row.kept = staging_get(job->how.depth * sizeof(float));
		if (!row.kept)
			return TSR_HW_ERR_ENGINE;
	}
	for (uint64_t i = 0; !error && i < n; i++)
		error = run_long(&row, first + i, fault);
	staging_put(row.kept);
	return error;
}

static int run_short_rows(struct job *job, uint64_t first, uint64_t n, uint64_t *fault)
{
	uint64_t most = PIECE / job->how.depth;
	int error = TSR_HW_ERR_NONE;
	struct piece piece;

	for (uint64_t at = 0; !error && at < n; at += most)
		error = run_short(job, first + at, smaller(n - at, most), &piece, fault);
	return error;
}

static int run_rows(void *context, uint64_t at, uint64_t n, uint64_t *fault)
{
	struct job *job = context;

	if (job->how.depth > PIECE)
		return run_long_rows(job, job->first + at, n, fault);
	return run_short_rows(job, job->first + at, n, fault);
}

static int run(struct job *job)
{
	uint64_t chunk = chunk_of(job->how.depth);
	uint64_t range = quotient(RANGE, job->how.depth);
	int error = TSR_HW_ERR_NONE;

	for (; !error && job->first < job->rows; job->first += chunk) {
		uint64_t n = smaller(job->rows - job->first, chunk);

		error = parallel_ranges(job->execution->memory, n, range, run_rows, job,
					&job->execution->fault);
		if (!error)
			error = execution_progress(job->execution, job->first + n, job->rows);
	}
	return error;
}

static int execute(struct execution *execution, const struct command *command)
{
	const struct loaded *loaded = &command->normalize.loaded;
	uint32_t axes = command->normalize.axes;
	uint64_t depth = axes_elements(&command->d, axes);
	struct job job = {
		.execution = execution,
		.how = { command->normalize.mode, command->normalize.epsilon, depth },
		.type = loaded->type,
		.rows = tensor_elements(&command->d) / depth,
	};
	int error;

	loading_start(&job.loading, execution, loaded, axes);
	error = block_start_along(&job.run, execution, &command->normalize.post, &command->d, axes);
	if (!error)
		error = run(&job);
	error = block_end(&job.run, error);
	loading_end(&job.loading);
	return error;
}

const struct operation operation_normalize = {
	.opcode = TSR_HW_OP_NORMALIZE,
	.engine = TSR_HW_ENGINE_TENSOR,
	.size = sizeof(struct tsr_hw_normalize),
	.has_program = true,
	.has_prologue = true,
	.decode = decode,
	.measure = measure,
	.execute = execute,
};
