/* SPDX-License-Identifier: MIT */
/* SUPPRESS: the boxes of the highest scores that do not overlap one another too much. */
#include <math.h>
#include <string.h>

#include <tsr_hw/error.h>
#include <tsr_hw/program.h>

#include "command.h"
#include "execution.h"
#include "gather.h"
#include "number/clones.h"
#include "number/extremum.h"
#include "number/load.h"
#include "order.h"
#include "parallel.h"
#include "smaller.h"
#include "staging.h"
#include "tile.h"
#include "view.h"
#include "work.h"

/* Boxes of one command, and those that a thread compares with one at a time. */
#define MOST	65536u
#define BLOCK	8192u

/* Operations of the vector unit for two boxes; bytes that the tile holds for one. */
#define OPERATIONS	8u
#define HELD		20u

#define CORNERS	4u

/* Boxes in descending order of their scores, member by member. */
struct boxes {
	float *left;
	float *low;
	float *right;
	float *high;
	float *area;
	uint8_t *out;	/* overlaps one that was selected */
};

/* Private memory. */
struct buffers {
	void *raw;			/* boxes, afterwards scores */
	float *corners;			/* in the order of memory */
	struct order_entry *entries;
	struct order_entry *spare;
	float *members;
	uint8_t *out;
	int64_t *selected;
};

struct job {
	struct execution *execution;
	const struct command *command;
	struct buffers buffers;
	struct boxes boxes;
	uint64_t n;
	uint64_t current;	/* the box that others are compared with */
	uint64_t found;
};

static int decode_fields(const struct tsr_hw_suppress *raw, struct command *command)
{
	const struct tensor *boxes = &command->suppress.boxes;
	const struct tensor *scores = &command->suppress.scores;
	const struct tensor *indices = &command->suppress.indices;

	memcpy(&command->suppress.threshold, &raw->threshold, sizeof(raw->threshold));
	command->suppress.max = raw->max;
	if (isnan(command->suppress.threshold))
		return TSR_HW_ERR_COMMAND;
	if (boxes->rank != 2 || boxes->dim[1] != CORNERS || scores->rank != 1 ||
	    scores->dim[0] != boxes->dim[0])
		return TSR_HW_ERR_COMMAND;
	if (indices->rank != 1 || indices->dim[0] < raw->max || tensor_elements(&command->d) != 1)
		return TSR_HW_ERR_COMMAND;
	return boxes->dim[0] > MOST ? TSR_HW_ERR_UNSUPPORTED : TSR_HW_ERR_NONE;
}

static int decode(const struct tile_request *request, const void *raw, struct command *command)
{
	const struct tsr_hw_suppress *suppress = raw;
	const uint32_t index = TYPE_BIT(TSR_HW_TYPE_INT64);
	int error = tensor_decode(request, &suppress->boxes, TYPES_FP, 0,
				  &command->suppress.boxes);

	if (!error)
		error = tensor_decode(request, &suppress->scores, TYPES_FP, 0,
				      &command->suppress.scores);
	if (!error)
		error = tensor_decode(request, &suppress->indices, index, TENSOR_WRITE,
				      &command->suppress.indices);
	if (!error)
		error = tensor_decode(request, &suppress->count, index, TENSOR_WRITE,
				      &command->d);
	return error ? error : decode_fields(suppress, command);
}

static uint64_t staging_of(uint64_t n)
{
	return staging_size(n * CORNERS * sizeof(float)) * 2 +
	       staging_size(n * sizeof(struct order_entry)) * 2 +
	       staging_size(n * (CORNERS + 1) * sizeof(float)) + staging_size(n) +
	       staging_size(n * sizeof(int64_t));
}

static void measure(const struct command *command, struct work *work)
{
	uint64_t n = command->suppress.boxes.dim[0];

	work_pass(work, n * n, OPERATIONS);
	work->bytes = tensor_bytes(&command->suppress.boxes) +
		      tensor_bytes(&command->suppress.scores) +
		      (smaller(n, command->suppress.max) + 1) * sizeof(int64_t);
	work->held = HELD * n;
	work->staging = staging_of(n);
}

static bool get_buffers(struct buffers *buffers, uint64_t n)
{
	buffers->raw = staging_get(n * CORNERS * sizeof(float));
	buffers->corners = staging_get(n * CORNERS * sizeof(float));
	buffers->entries = staging_get(n * sizeof(*buffers->entries));
	buffers->spare = staging_get(n * sizeof(*buffers->spare));
	buffers->members = staging_get(n * (CORNERS + 1) * sizeof(float));
	buffers->out = staging_get(n);
	buffers->selected = staging_get(n * sizeof(*buffers->selected));
	return buffers->raw && buffers->corners && buffers->entries && buffers->spare &&
	       buffers->members && buffers->out && buffers->selected;
}

static void put_buffers(const struct buffers *buffers)
{
	staging_put(buffers->raw);
	staging_put(buffers->corners);
	staging_put(buffers->entries);
	staging_put(buffers->spare);
	staging_put(buffers->members);
	staging_put(buffers->out);
	staging_put(buffers->selected);
}

static int load(struct job *job)
{
	const struct tensor *boxes = &job->command->suppress.boxes;
	const struct tensor *scores = &job->command->suppress.scores;
	struct buffers *buffers = &job->buffers;
	struct view view;
	int error;

	view_tensor(&view, boxes);
	error = execution_load(job->execution, &view, 0, job->n * CORNERS, buffers->raw);
	if (error)
		return error;
	number_load(boxes->type, buffers->raw, buffers->corners, job->n * CORNERS);
	view_tensor(&view, scores);
	error = execution_load(job->execution, &view, 0, job->n, buffers->raw);
	if (error)
		return error;
	order_keys(scores->type, buffers->raw, true, buffers->entries, job->n);
	for (uint64_t i = 0; i < job->n; i++)
		buffers->entries[i].index = (uint32_t)i;
	return order_sort(job->execution->memory, buffers->entries, buffers->spare, job->n);
}

/* Corners are any two that are opposite. */
static void spread(struct job *job)
{
	struct boxes *boxes = &job->boxes;
	float *members = job->buffers.members;

	*boxes = (struct boxes){ members, members + job->n, members + 2 * job->n,
				 members + 3 * job->n, members + 4 * job->n, job->buffers.out };
	for (uint64_t i = 0; i < job->n; i++) {
		const float *corner = job->buffers.corners +
				      CORNERS * job->buffers.entries[i].index;

		boxes->left[i] = minimum(corner[0], corner[2]);
		boxes->low[i] = minimum(corner[1], corner[3]);
		boxes->right[i] = maximum(corner[0], corner[2]);
		boxes->high[i] = maximum(corner[1], corner[3]);
		boxes->area[i] = (boxes->right[i] - boxes->left[i]) *
				 (boxes->high[i] - boxes->low[i]);
		boxes->out[i] = 0;
	}
}

/* A ratio that is not a number is no overlap. */
TILE_CLONES
static void compare(const struct boxes *boxes, uint64_t one, uint64_t first, uint64_t n,
		    float threshold)
{
	float left = boxes->left[one];
	float low = boxes->low[one];
	float right = boxes->right[one];
	float high = boxes->high[one];
	float area = boxes->area[one];

	for (uint64_t i = first; i < first + n; i++) {
		float width = maximum(minimum(right, boxes->right[i]) -
				      maximum(left, boxes->left[i]), 0);
		float height = maximum(minimum(high, boxes->high[i]) -
				       maximum(low, boxes->low[i]), 0);
		float common = width * height;

		boxes->out[i] |= common / ((area + boxes->area[i]) - common) > threshold;
	}
}

static int compare_block(void *context, uint64_t at, uint64_t n, uint64_t *fault)
{
	const struct job *job = context;

	(void)fault;
	compare(&job->boxes, job->current, job->current + 1 + at, n,
		job->command->suppress.threshold);
	return TSR_HW_ERR_NONE;
}

static int select_boxes(struct job *job)
{
	struct execution *execution = job->execution;
	uint64_t most = smaller(job->n, job->command->suppress.max);
	int error = TSR_HW_ERR_NONE;

	for (uint64_t i = 0; !error && i < job->n && job->found < most; i++) {
		job->current = i;
		if (job->boxes.out[i])
			continue;
		job->buffers.selected[job->found++] = job->buffers.entries[i].index;
		error = parallel_ranges(execution->memory, job->n - i - 1, BLOCK, compare_block,
					job, &execution->fault);
		if (!error)
			error = execution_progress(execution, i + 1, job->n);
	}
	return error;
}

static int store(struct job *job)
{
	struct execution *execution = job->execution;
	int64_t count = (int64_t)job->found;
	struct view view;
	int error = TSR_HW_ERR_NONE;

	view_tensor(&view, &job->command->suppress.indices);
	if (count)
		error = scatter(execution->memory, &view, 0, job->found, job->buffers.selected,
				&execution->fault);
	if (error)
		return error;
	view_tensor(&view, &job->command->d);
	return execution_store(execution, &view, 0, 0, 1, &count, &execution->fault);
}

static int run(struct job *job)
{
	int error = TSR_HW_ERR_NONE;

	if (job->n) {
		error = load(job);
		if (!error) {
			spread(job);
			error = select_boxes(job);
		}
	}
	if (!error)
		error = store(job);
	return error ? error : execution_progress(job->execution, 1, 1);
}

static int execute(struct execution *execution, const struct command *command)
{
	struct job job = { .execution = execution, .command = command,
			   .n = command->suppress.boxes.dim[0] };
	int error = TSR_HW_ERR_ENGINE;

	if (get_buffers(&job.buffers, job.n))
		error = run(&job);
	put_buffers(&job.buffers);
	return error;
}

const struct operation operation_suppress = {
	.opcode = TSR_HW_OP_SUPPRESS,
	.engine = TSR_HW_ENGINE_TENSOR,
	.size = sizeof(struct tsr_hw_suppress),
	.moves = true,
	.decode = decode,
	.measure = measure,
	.execute = execute,
};
