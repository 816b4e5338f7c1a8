/* SPDX-License-Identifier: MIT */
/* RESAMPLE: each output is a weighted sum of neighbours along one dimension, by tables. */
#include <string.h>

#include <tsr_hw/error.h>

#include "block_run.h"
#include "command.h"
#include "execution.h"
#include "gather.h"
#include "real.h"
#include "smaller.h"
#include "staging.h"
#include "step.h"
#include "tile.h"
#include "work.h"

#define MOST_TAPS	256u

/* Outputs of a range, and their taps: a thread looks for an abort before each. */
#define RANGE		2048u
#define RANGE_TAPS	(1u << 17)

/* Elements of x that a piece loads: a few columns of the most taps fit. */
#define ROOM	4096u

/*
 * Elements are numbered (outer, row, column), where the row is the place along the axis.
 * The tables are read once; what changes in memory afterwards has no effect.
 */
struct job {
	struct block_run run;
	struct view x;
	unsigned int type;	/* of x */
	uint64_t in;		/* rows of x */
	uint64_t out;		/* rows of d */
	uint64_t columns;
	unsigned int taps;
	const int32_t *first;
	const float *weight;
};

/* Outputs that are computed together, and the rows of x that they need. */
struct piece {
	uint64_t outer;
	uint64_t row;		/* first of d */
	uint64_t rows;		/* of d; several only of whole columns */
	uint64_t column;
	uint64_t columns;
	uint64_t low;		/* first row of x */
	uint64_t count;		/* rows of x */
};

static bool are_shapes_right(const struct tsr_hw_resample *raw, const struct command *command)
{
	const struct tensor *x = &command->resample.x;
	const struct tensor *first = &command->resample.first;
	const struct tensor *weight = &command->resample.weight;
	const struct tensor *d = &command->d;

	if (d->rank != x->rank || raw->axis >= x->rank)
		return false;
	for (unsigned int i = 0; i < x->rank; i++)
		if (i != raw->axis && d->dim[i] != x->dim[i])
			return false;
	if (!x->dim[raw->axis] && d->dim[raw->axis])
		return false;
	return first->rank == 1 && first->dim[0] == d->dim[raw->axis] && weight->rank == 2 &&
	       weight->dim[0] == d->dim[raw->axis] && weight->dim[1] == raw->taps;
}

static int decode_fields(const struct tsr_hw_resample *raw, struct command *command)
{
	command->resample.axis = raw->axis;
	command->resample.taps = raw->taps;
	if (raw->mbz || raw->mbz1 || !raw->taps || raw->taps > MOST_TAPS)
		return TSR_HW_ERR_COMMAND;
	if (!are_shapes_right(raw, command))
		return TSR_HW_ERR_COMMAND;
	if (step_check_halves(&raw->step, &command->d))
		return TSR_HW_ERR_COMMAND;
	return step_check(&raw->step, &command->d);
}

static int decode(const struct tile_request *request, const void *raw, struct command *command)
{
	const struct tsr_hw_resample *resample = raw;
	struct vector_given given = { .has_value = true, .value = NUMBER_F32 };
	int error = tensor_decode(request, &resample->x, TYPES_ANY, 0, &command->resample.x);

	if (!error)
		error = tensor_decode(request, &resample->first, TYPES_INT32, 0,
				      &command->resample.first);
	if (!error)
		error = tensor_decode(request, &resample->weight, TYPE_BIT(TSR_HW_TYPE_FP32), 0,
				      &command->resample.weight);
	if (!error)
		error = tensor_decode(request, &resample->d, TYPES_ANY, TENSOR_WRITE,
				      &command->d);
	if (!error)
		error = decode_fields(resample, command);
	if (error)
		return error;
	given.rank = command->d.rank;
	return block_decode_optional(request, &resample->head, &command->d, &given,
				     &command->resample.post);
}

static void measure(const struct command *command, struct work *work)
{
	const struct tensor *x = &command->resample.x;
	const struct tensor *weight = &command->resample.weight;
	uint64_t outputs = tensor_elements(&command->d);

	work_pass(work, outputs, command->resample.taps);
	work_pass(work, outputs, command->resample.post.program.weight);
	work->bytes = tensor_touched(x, outputs * command->resample.taps) +
		      tensor_bytes(&command->resample.first) + tensor_bytes(weight) +
		      block_bytes(&command->resample.post) + tensor_bytes(&command->d);
	if (outputs)
		work->staging = staging_size(weight->dim[0] * sizeof(int32_t)) +
				staging_size(tensor_elements(weight) * sizeof(float)) +
				halves_output_staging(&command->d);
}

/* The row of x that tap @tap of row @row of d reads. */
static uint64_t source(const struct job *job, uint64_t row, unsigned int tap)
{
	int64_t place = (int64_t)job->first[row] + tap;

	if (place < 0)
		return 0;
	return smaller((uint64_t)place, job->in - 1);
}

/* Takes more rows of d, of all columns, as long as what they need fits and is no more work. */
static void grow(const struct job *job, uint64_t most, struct piece *piece)
{
	while (piece->rows < most) {
		uint64_t row = piece->row + piece->rows;
		uint64_t low = smaller(piece->low, source(job, row, 0));
		uint64_t last = source(job, row, job->taps - 1);
		uint64_t end = piece->low + piece->count;

		end = larger(last + 1, end);
		if (end - low > smaller(ROOM / job->columns, (piece->rows + 1) * job->taps))
			break;
		piece->low = low;
		piece->count = end - low;
		piece->rows++;
	}
}

/* The piece that begins with output @first, of at most @n outputs. */
static void next_piece(const struct job *job, uint64_t first, uint64_t n, struct piece *piece)
{
	uint64_t most;

	*piece = (struct piece){
		.outer = first / job->columns / job->out,
		.row = first / job->columns % job->out,
		.rows = 1,
		.column = first % job->columns,
	};
	piece->low = source(job, piece->row, 0);
	piece->count = source(job, piece->row, job->taps - 1) - piece->low + 1;
	piece->columns = smaller(smaller(job->columns - piece->column, n), ROOM / piece->count);
	if (piece->columns < job->columns)
		return;
	most = smaller(n / job->columns, job->out - piece->row);
	grow(job, most, piece);
}

static int load_rows(const struct job *job, const struct piece *piece, float *to, uint64_t *fault)
{
	const struct tile_memory *memory = job->run.execution->memory;
	bool whole = piece->columns == job->columns;
	uint64_t all = piece->count * piece->columns;
	uint64_t n = whole ? all : piece->columns;
	uint64_t first = (piece->outer * job->in + piece->low) * job->columns + piece->column;
	_Alignas(64) uint64_t raw[ROOM];
	int error = TSR_HW_ERR_NONE;

	for (uint64_t at = 0; !error && at < all; at += n, first += job->columns) {
		error = gather(memory, &job->x, first, n, raw, fault);
		if (!error)
			real_load(job->type, raw, to + at, n);
	}
	return error;
}

/* Taps in ascending order; each product and each sum is rounded. */
static void sum(const struct job *job, const struct piece *piece, const float *x, float *to)
{
	for (uint64_t i = 0; i < piece->rows; i++, to += piece->columns) {
		const float *weight = job->weight + (piece->row + i) * job->taps;

		for (unsigned int tap = 0; tap < job->taps; tap++) {
			uint64_t row = source(job, piece->row + i, tap) - piece->low;
			const float *from = x + row * piece->columns;

			for (uint64_t c = 0; c < piece->columns; c++) {
				float product = weight[tap] * from[c];

				to[c] = tap ? to[c] + product : product;
			}
		}
	}
}

static int run_range(void *context, uint64_t first, uint64_t n, uint64_t *fault)
{
	struct job *job = context;
	_Alignas(64) float value[RANGE];
	_Alignas(64) float x[ROOM];
	struct piece piece;

	for (uint64_t at = 0; at < n; at += piece.rows * piece.columns) {
		int error;

		next_piece(job, first + at, n - at, &piece);
		error = load_rows(job, &piece, x, fault);
		if (error)
			return error;
		sum(job, &piece, x, value + at);
	}
	return block_range(&job->run, first, n, value, fault);
}

static int load_tables(struct execution *execution, const struct command *command, int32_t *first,
		       float *weight)
{
	struct view view;
	int error;

	view_tensor(&view, &command->resample.first);
	error = execution_load(execution, &view, 0, command->resample.first.dim[0], first);
	if (error)
		return error;
	view_tensor(&view, &command->resample.weight);
	return execution_load(execution, &view, 0, tensor_elements(&command->resample.weight),
			      weight);
}

static int start(struct job *job, struct execution *execution, const struct command *command)
{
	const struct tensor *x = &command->resample.x;
	unsigned int axis = command->resample.axis;

	job->type = x->type;
	job->in = x->dim[axis];
	job->out = command->d.dim[axis];
	job->columns = tensor_extents(x, axis + 1, x->rank);
	job->taps = command->resample.taps;
	view_tensor(&job->x, x);
	return block_start(&job->run, execution, &command->resample.post, &command->d);
}

static int execute(struct execution *execution, const struct command *command)
{
	uint64_t out = command->resample.first.dim[0];
	int32_t *first = staging_get(out * sizeof(*first));
	float *weight = staging_get(out * command->resample.taps * sizeof(*weight));
	struct job job = { .first = first, .weight = weight };
	int error = first && weight ? load_tables(execution, command, first, weight) :
				      TSR_HW_ERR_ENGINE;

	if (!error) {
		error = start(&job, execution, command);
		if (!error)
			error = execution_ranges(execution, tensor_elements(&command->d),
						 smaller(RANGE, RANGE_TAPS / job.taps), run_range,
						 &job);
		error = block_end(&job.run, error);
	}
	staging_put(first);
	staging_put(weight);
	return error;
}

const struct operation operation_resample = {
	.opcode = TSR_HW_OP_RESAMPLE,
	.engine = TSR_HW_ENGINE_TENSOR,
	.size = sizeof(struct tsr_hw_resample),
	.has_program = true,
	.decode = decode,
	.measure = measure,
	.execute = execute,
};
