/* SPDX-License-Identifier: MIT */
/* SORT: the first elements of every row in ascending or descending order, and their places. */
#include <string.h>

#include <tsr_hw/error.h>
#include <tsr_hw/program.h>

#include "command.h"
#include "execution.h"
#include "gather.h"
#include "halves.h"
#include "order.h"
#include "parallel.h"
#include "smaller.h"
#include "staging.h"
#include "step.h"
#include "tile.h"
#include "view.h"
#include "work.h"

/* Elements of the rows that are sorted at a time, or one row. */
#define CHUNK	(1u << 20)

/* Elements that one call makes keys of, or rows of so many elements that it sorts. */
#define BLOCK	4096u

/* Cycles of the vector unit for each element and halving of a row, times its lanes. */
#define CYCLES	16u

/* Bytes that the tile holds for each element of a row. */
#define HELD	12u

/* Private memory of a chunk. */
struct buffers {
	char *raw;
	struct order_entry *entries;
	struct order_entry *spare;
	char *values;
	int64_t *indices;
};

struct job {
	struct execution *execution;
	const struct command *command;
	struct buffers buffers;
	struct view x;
	struct view values;
	struct view indices;
	uint64_t n;		/* elements of a row */
	uint64_t k;		/* of them stored */
	uint64_t first;		/* row that the chunk starts with */
};

static const struct tensor *values_of(const struct command *command)
{
	return command->sort.values ? &command->d : NULL;
}

/* The first of both outputs is the command's. */
static const struct tensor *indices_of(const struct command *command)
{
	if (!command->sort.values)
		return &command->d;
	return tensor_present(&command->sort.indices) ? &command->sort.indices : NULL;
}

static bool is_sorted_shape(const struct tensor *x, const struct tensor *d, uint32_t k)
{
	return d->rank == x->rank && d->dim[d->rank - 1] == k &&
	       !memcmp(d->dim, x->dim, (d->rank - 1) * sizeof(d->dim[0]));
}

static int decode_fields(const struct tsr_hw_sort *raw, struct command *command)
{
	const struct tensor *x = &command->sort.x;
	const struct tensor *indices = indices_of(command);

	command->sort.descending = raw->descending;
	if (raw->descending > 1 || raw->mbz[0] || raw->mbz[1] || raw->mbz[2])
		return TSR_HW_ERR_COMMAND;
	if (!x->rank || raw->k > x->dim[x->rank - 1])
		return TSR_HW_ERR_COMMAND;
	if (command->sort.values && !is_sorted_shape(x, &command->d, raw->k))
		return TSR_HW_ERR_COMMAND;
	if (indices && !is_sorted_shape(x, indices, raw->k))
		return TSR_HW_ERR_COMMAND;
	if (step_check_halves(&raw->step, x))
		return TSR_HW_ERR_COMMAND;
	return step_check(&raw->step, x);
}

/* Rows are stored one by one: no two of them can share bytes. */
static bool rows_share_bytes(const struct tensor *values)
{
	return tensor_packed(values) & ~(1u << (values->rank - 1));
}

static int decode(const struct tile_request *request, const void *raw, struct command *command)
{
	const struct tsr_hw_sort *sort = raw;
	struct tensor *x = &command->sort.x;
	struct tensor values;
	struct tensor indices;
	int error = tensor_decode(request, &sort->x, TYPES_ANY, 0, x);

	if (!error && sort->values.slot != TSR_HW_SLOT_NONE && sort->values.type != sort->x.type)
		error = TSR_HW_ERR_COMMAND;
	if (!error)
		error = tensor_decode_optional(request, &sort->values, TYPES_ANY, TENSOR_WRITE,
					       &values);
	if (!error)
		error = tensor_decode_optional(request, &sort->indices,
					       TYPE_BIT(TSR_HW_TYPE_INT64), TENSOR_WRITE, &indices);
	if (error)
		return error;
	if (!tensor_present(&values) && !tensor_present(&indices))
		return TSR_HW_ERR_COMMAND;
	command->sort.values = tensor_present(&values);
	command->d = command->sort.values ? values : indices;
	command->sort.indices = indices;
	error = decode_fields(sort, command);
	return !error && command->sort.values && rows_share_bytes(&values) ?
	       TSR_HW_ERR_UNSUPPORTED : error;
}

static uint64_t row_of(const struct tensor *tensor)
{
	return tensor->dim[tensor->rank - 1];
}

/* Rows that are sorted at a time: at least one. */
static uint64_t chunk_rows(uint64_t rows, uint64_t n)
{
	return smaller(rows, larger(CHUNK / n, 1));
}

static uint64_t staging_of(const struct command *command, uint64_t rows)
{
	uint64_t inputs = rows * row_of(&command->sort.x);
	uint64_t outputs = rows * row_of(&command->d);

	return staging_size(inputs * command->sort.x.size) +
	       2 * staging_size(inputs * sizeof(struct order_entry)) +
	       staging_size(outputs * command->sort.x.size) +
	       staging_size(outputs * sizeof(int64_t));
}

/* ceil(log2 n), at least 1. */
static uint32_t halvings(uint64_t n)
{
	uint32_t count = 1;

	while (1ull << count < n)
		count++;
	return count;
}

static void measure(const struct command *command, struct work *work)
{
	const struct tensor *x = &command->sort.x;
	const struct tensor *values = values_of(command);
	const struct tensor *indices = indices_of(command);
	uint64_t n = row_of(x);

	if (!tensor_elements(&command->d))
		return;
	work_pass(work, tensor_elements(x), CYCLES * halvings(n));
	work->bytes = tensor_bytes(x) + (values ? tensor_bytes(values) : 0) +
		      (indices ? tensor_bytes(indices) : 0);
	work->held = HELD * n;
	work->staging = staging_of(command, chunk_rows(tensor_elements(x) / n, n));
}

static int make_keys(void *context, uint64_t first, uint64_t n, uint64_t *fault)
{
	const struct job *job = context;
	const struct buffers *buffers = &job->buffers;
	uint64_t place = first % job->n;

	(void)fault;
	order_keys(job->command->sort.x.type, buffers->raw + first * job->x.size,
		   job->command->sort.descending, buffers->entries + first, n);
	for (uint64_t i = 0; i < n; i++) {
		buffers->entries[first + i].index = (uint32_t)place;
		place = place + 1 < job->n ? place + 1 : 0;
	}
	return TSR_HW_ERR_NONE;
}

static void take_first(const struct job *job, uint64_t row)
{
	const struct order_entry *entries = job->buffers.entries + row * job->n;
	const char *from = job->buffers.raw + row * job->n * job->x.size;
	char *values = job->buffers.values + row * job->k * job->x.size;
	int64_t *indices = job->buffers.indices + row * job->k;

	for (uint64_t i = 0; i < job->k; i++) {
		memcpy(values + i * job->x.size, from + entries[i].index * job->x.size,
		       job->x.size);
		indices[i] = entries[i].index;
	}
}

static int sort_rows(void *context, uint64_t first, uint64_t n, uint64_t *fault)
{
	const struct job *job = context;
	const struct buffers *buffers = &job->buffers;
	int error = TSR_HW_ERR_NONE;

	(void)fault;
	for (uint64_t row = first; !error && row < first + n; row++) {
		error = order_sort(job->execution->memory, buffers->entries + row * job->n,
				   buffers->spare + row * job->n, job->n);
		take_first(job, row);
	}
	return error;
}

static int store_values(void *context, uint64_t place, uint64_t places, uint64_t *fault)
{
	const struct job *job = context;
	uint64_t odd_row = tensor_odd_row(&job->command->d);
	uint64_t first = halves_element(place, odd_row);
	uint64_t n = halves_element(place + places, odd_row) - first;

	return execution_store(job->execution, &job->values, 0, job->first * job->k + first, n,
			       job->buffers.values + first * job->x.size, fault);
}

static int store_indices(void *context, uint64_t first, uint64_t n, uint64_t *fault)
{
	const struct job *job = context;
	int64_t *from = job->buffers.indices + first;
	uint64_t at = job->first * job->k + first;

	/* Injected errors are made in the values, if there are any. */
	if (values_of(job->command))
		return scatter(job->execution->memory, &job->indices, at, n, from, fault);
	return execution_store(job->execution, &job->indices, 0, at, n, from, fault);
}

static int store(struct job *job, uint64_t rows)
{
	struct execution *execution = job->execution;
	uint64_t count = rows * job->k;
	int error = TSR_HW_ERR_NONE;

	if (values_of(job->command))
		error = parallel_ranges(execution->memory,
					halves_places(count, tensor_odd_row(&job->command->d)),
					GATHER_BLOCK / job->x.size, store_values, job,
					&execution->fault);
	if (!error && indices_of(job->command))
		error = parallel_ranges(execution->memory, count, GATHER_BLOCK / sizeof(int64_t),
					store_indices, job, &execution->fault);
	return error;
}

static int run_chunk(struct job *job, uint64_t rows)
{
	struct execution *execution = job->execution;
	int error = execution_load(execution, &job->x, job->first * job->n, rows * job->n,
				   job->buffers.raw);

	if (!error)
		error = parallel_ranges(execution->memory, rows * job->n, BLOCK, make_keys, job,
					&execution->fault);
	if (!error)
		error = parallel_ranges(execution->memory, rows, quotient(BLOCK, job->n),
					sort_rows, job, &execution->fault);
	return error ? error : store(job, rows);
}

static int run(struct job *job, uint64_t total)
{
	uint64_t most = chunk_rows(total, job->n);
	int error = TSR_HW_ERR_NONE;

	for (; !error && job->first < total; job->first += most) {
		uint64_t rows = smaller(total - job->first, most);

		error = run_chunk(job, rows);
		if (!error)
			error = execution_progress(job->execution, job->first + rows, total);
	}
	return error;
}

static bool get_buffers(struct buffers *buffers, const struct job *job, uint64_t rows)
{
	buffers->raw = staging_get(rows * job->n * job->x.size);
	buffers->entries = staging_get(rows * job->n * sizeof(*buffers->entries));
	buffers->spare = staging_get(rows * job->n * sizeof(*buffers->spare));
	buffers->values = staging_get(rows * job->k * job->x.size);
	buffers->indices = staging_get(rows * job->k * sizeof(*buffers->indices));
	return buffers->raw && buffers->entries && buffers->spare && buffers->values &&
	       buffers->indices;
}

static void put_buffers(const struct buffers *buffers)
{
	staging_put(buffers->raw);
	staging_put(buffers->entries);
	staging_put(buffers->spare);
	staging_put(buffers->values);
	staging_put(buffers->indices);
}

static int execute(struct execution *execution, const struct command *command)
{
	const struct tensor *indices = indices_of(command);
	const struct tensor *x = &command->sort.x;
	struct job job = { .execution = execution, .command = command, .n = row_of(x),
			   .k = row_of(&command->d) };
	uint64_t rows = tensor_elements(x) / job.n;
	int error = TSR_HW_ERR_ENGINE;

	view_tensor(&job.x, x);
	view_tensor(&job.values, &command->d);
	if (indices)
		view_tensor(&job.indices, indices);
	if (get_buffers(&job.buffers, &job, chunk_rows(rows, job.n)))
		error = run(&job, rows);
	put_buffers(&job.buffers);
	return error;
}

const struct operation operation_sort = {
	.opcode = TSR_HW_OP_SORT,
	.engine = TSR_HW_ENGINE_TENSOR,
	.size = sizeof(struct tsr_hw_sort),
	.moves = true,
	.decode = decode,
	.measure = measure,
	.execute = execute,
};
