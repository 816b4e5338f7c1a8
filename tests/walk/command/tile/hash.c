/* SPDX-License-Identifier: MIT */
/* HASH: FNV-1a over the words of each row. */
#include <assert.h>

#include <tsr_hw/error.h>
#include <tsr_hw/program.h>

#include "command.h"
#include "execution.h"
#include "list.h"
#include "smaller.h"
#include "tile.h"
#include "view.h"
#include "work.h"

#define PRIME	16777619u

/* Words that are loaded at a time. */
#define PIECE	256u

struct hash {
	struct tensor x;
	uint32_t seed;
};

static_assert(sizeof(struct hash) <= COMMAND_OWN, "a command has room for it");

static int check_shape(const struct tensor *x, const struct tensor *d)
{
	if (!x->rank || d->rank + 1 != x->rank)
		return TSR_HW_ERR_COMMAND;
	for (unsigned int i = 0; i < d->rank; i++)
		if (d->dim[i] != x->dim[i])
			return TSR_HW_ERR_COMMAND;
	return TSR_HW_ERR_NONE;
}

static int decode(const struct tile_request *request, const void *raw, struct command *command)
{
	struct hash *hash = (struct hash *)command->own;
	const struct tsr_hw_hash *bytes = raw;
	int error = tensor_decode(request, &bytes->x, TYPES_INT32, 0, &hash->x);

	if (!error)
		error = tensor_decode(request, &bytes->d, TYPE_BIT(TSR_HW_TYPE_UINT32),
				      TENSOR_WRITE, &command->d);
	if (error)
		return error;
	hash->seed = bytes->seed;
	return bytes->mbz ? TSR_HW_ERR_COMMAND : check_shape(&hash->x, &command->d);
}

static void measure(const struct command *command, struct work *work)
{
	const struct hash *hash = (const struct hash *)command->own;

	work_pass(work, tensor_elements(&hash->x), 1);
	work->bytes = tensor_bytes(&hash->x) + tensor_bytes(&command->d);
}

static int add_row(struct execution *execution, const struct view *x, uint64_t first, uint64_t n,
		   uint32_t *sum)
{
	int64_t words[PIECE];
	int error = TSR_HW_ERR_NONE;

	for (uint64_t some, at = 0; !error && at < n; at += some) {
		some = smaller(n - at, PIECE);
		error = list_integers(execution, x, TSR_HW_TYPE_INT32, first + at, some, words);
		for (uint64_t i = 0; !error && i < some; i++)
			*sum = (*sum ^ (uint32_t)words[i]) * PRIME;
	}
	return error;
}

static int execute(struct execution *execution, const struct command *command)
{
	const struct hash *hash = (const struct hash *)command->own;
	uint64_t rows = tensor_elements(&command->d), n = hash->x.dim[hash->x.rank - 1];
	struct view x, d;
	int error = TSR_HW_ERR_NONE;

	view_tensor(&x, &hash->x);
	view_tensor(&d, &command->d);
	for (uint64_t row = 0; !error && row < rows; row++) {
		uint32_t sum = hash->seed;

		error = add_row(execution, &x, row * n, n, &sum);
		if (!error)
			error = execution_store(execution, &d, 0, row, 1, &sum, &execution->fault);
		if (!error)
			error = execution_progress(execution, row + 1, rows);
	}
	return error;
}

const struct operation operation_hash = {
	.opcode = TSR_HW_OP_HASH,
	.engine = TSR_HW_ENGINE_TENSOR,
	.size = sizeof(struct tsr_hw_hash),
	.decode = decode,
	.measure = measure,
	.execute = execute,
};
