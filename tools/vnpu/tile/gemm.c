/* SPDX-License-Identifier: MIT */
/* GEMM: batches of matrix products. */
#include <string.h>

#include <abi/error.h>
#include <abi/program.h>

#include "command.h"
#include "execution.h"
#include "product.h"
#include "staging.h"
#include "tile.h"
#include "work.h"

/* Batch dimensions, in front of the matrix. */
#define MAX_BATCH	(TSR_MAX_RANK - 2)

/*
 * The batch as the loop sees it. When all share one matrix of weights, the rows of
 * the whole batch are the rows of a single product.
 */
struct batch {
	unsigned int rank;
	uint64_t dim[MAX_BATCH];
	uint64_t a_stride[MAX_BATCH];
	uint64_t b_stride[MAX_BATCH];
	uint64_t d_stride[MAX_BATCH];
	uint64_t residual_stride[MAX_BATCH];
	uint64_t count;
	bool folded;
};

static uint64_t rows_of(const struct tensor *matrix)
{
	return matrix->dim[matrix->rank - 2];
}

static uint64_t columns_of(const struct tensor *matrix)
{
	return matrix->dim[matrix->rank - 1];
}

/* Extent of @b in batch dimension @i of @a; a matrix of rank 2 is the same for all. */
static uint64_t batch_dim(const struct tensor *a, const struct tensor *b, unsigned int i)
{
	return b->rank == a->rank ? b->dim[i] : 1;
}

static int check_shape(const struct tensor *a, const struct tensor *b, const struct tensor *d)
{
	if (a->rank < 2 || d->rank != a->rank || (b->rank != 2 && b->rank != a->rank))
		return TSR_ERR_COMMAND;
	if (columns_of(a) != rows_of(b) || rows_of(d) != rows_of(a) ||
	    columns_of(d) != columns_of(b))
		return TSR_ERR_COMMAND;
	for (unsigned int i = 0; i + 2 < a->rank; i++) {
		uint64_t other = batch_dim(a, b, i);

		if (a->dim[i] != d->dim[i] && a->dim[i] != 1)
			return TSR_ERR_COMMAND;
		if (other != d->dim[i] && other != 1)
			return TSR_ERR_COMMAND;
		if (d->dim[i] != a->dim[i] && d->dim[i] != other)
			return TSR_ERR_COMMAND;
	}
	return TSR_ERR_NONE;
}

/* The work is counted in 64 bits and the staging buffers are bounded. */
static int check_limits(const struct tensor *a, const struct tensor *b, const struct tensor *d)
{
	uint64_t k = columns_of(a);
	uint64_t n = columns_of(b);
	uint64_t macs;

	if (__builtin_mul_overflow(tensor_elements(d), k, &macs) || macs > TILE_MAX_WORK)
		return TSR_ERR_UNSUPPORTED;
	if ((k * n + k + n) * sizeof(float) > TILE_MAX_STAGING)
		return TSR_ERR_UNSUPPORTED;
	return TSR_ERR_NONE;
}

static int decode(const struct tile_request *request, const void *raw, struct command *command)
{
	const struct tsr_abi_gemm *gemm = raw;
	struct tensor *a = &command->gemm.a;
	struct tensor *b = &command->gemm.b;
	int error = product_decode(request, &gemm->a, &gemm->b, &gemm->d, a, b, &command->d);

	if (!error)
		error = check_shape(a, b, &command->d);
	if (!error)
		error = tensor_channels(request, &gemm->b, columns_of(b), b);
	if (!error)
		error = epilogue_decode(request, &gemm->epilogue, &command->d, columns_of(b),
					type_is_int8(a->type), &command->gemm.epilogue);
	return error ? error : check_limits(a, b, &command->d);
}

static void measure(const struct command *command, struct work *work)
{
	const struct tensor *a = &command->gemm.a;
	const struct tensor *b = &command->gemm.b;

	work->unit = WORK_ARRAY;
	work->type = a->type;
	work->m = rows_of(a);
	work->n = columns_of(b);
	work->k = columns_of(a);
	work->batch = tensor_elements(&command->d) / (work->m * work->n);
	work->bytes_read = tensor_bytes(a) + product_weight_bytes(b, work->n) +
			   epilogue_bytes(&command->gemm.epilogue);
	work->bytes_written = tensor_bytes(&command->d);
}

static void make_batch(const struct command *command, struct batch *batch)
{
	const struct tensor *a = &command->gemm.a;
	const struct tensor *b = &command->gemm.b;
	const struct tensor *d = &command->d;

	memset(batch, 0, sizeof(*batch));
	batch->rank = d->rank - 2;
	batch->count = 1;
	batch->folded = true;
	for (unsigned int i = 0; i < batch->rank; i++) {
		batch->dim[i] = d->dim[i];
		batch->a_stride[i] = a->dim[i] == 1 ? 0 : a->stride[i];
		batch->b_stride[i] = batch_dim(a, b, i) == 1 ? 0 : b->stride[i];
		batch->d_stride[i] = d->stride[i];
		batch->residual_stride[i] = command->gemm.epilogue.residual.stride[i];
		batch->count *= d->dim[i];
		if (batch->b_stride[i])
			batch->folded = false;
	}
	if (batch->folded)
		batch->count = 1;
}

/* The matrix of @tensor for one item of the batch, or for all of them when folded. */
static void matrix_view(struct view *view, const struct tensor *tensor,
			const struct batch *batch, const uint64_t *strides, uint64_t item)
{
	view_start(view, tensor->va, tensor->size);
	for (unsigned int i = batch->rank; !batch->folded && i-- > 0;) {
		view->va += item % batch->dim[i] * strides[i];
		item /= batch->dim[i];
	}
	for (unsigned int i = 0; batch->folded && i < batch->rank; i++)
		view_add(view, batch->dim[i], strides[i]);
	view_add(view, rows_of(tensor), tensor->stride[tensor->rank - 2]);
	view_add(view, columns_of(tensor), tensor->stride[tensor->rank - 1]);
}

static void weights_view(struct view *view, const struct tensor *b, const struct batch *batch,
			 uint64_t item)
{
	struct batch single = *batch;

	single.folded = false;
	matrix_view(view, b, &single, batch->b_stride, item);
}

static int load_rows(struct execution *execution, const struct product *product,
		     const struct view *view, uint64_t first, uint64_t rows, void *to)
{
	uint64_t k = product->k;

	if (product->integer)
		return execution_load_unsigned(execution, product->a, view, first * k, rows * k,
					       to);
	return execution_load_fp32(execution, product->a, view, first * k, rows * k, to);
}

/* All rows of one product, chunk by chunk. */
static int run_rows(struct execution *execution, const struct product *product,
		    const struct finish *finish, const struct view *a, uint64_t rows,
		    uint64_t done, uint64_t total)
{
	uint64_t chunk = product_rows(product, rows);
	void *buffer = staging_get(chunk * product->k * product_element(product));
	int error = buffer ? TSR_ERR_NONE : TSR_ERR_ENGINE;

	for (uint64_t row = 0; !error && row < rows; row += chunk) {
		uint64_t n = rows - row < chunk ? rows - row : chunk;

		error = load_rows(execution, product, a, row, n, buffer);
		if (!error)
			error = product_run(execution, product, finish, buffer, row, n);
		if (!error)
			error = execution_progress(execution, done + row + n, total);
	}
	staging_put(buffer);
	return error;
}

static int run_item(struct execution *execution, const struct command *command,
		    struct product *product, struct finish *finish,
		    const struct channels *channels, const struct batch *batch, uint64_t item)
{
	uint64_t rows = tensor_elements(&command->d) / batch->count / product->n;
	struct view weights;
	struct view a;
	int error = TSR_ERR_NONE;

	finish->base = item * rows * product->n;
	matrix_view(&finish->out, &command->d, batch, batch->d_stride, item);
	if (tensor_present(&command->gemm.epilogue.residual))
		matrix_view(&finish->residual, &command->gemm.epilogue.residual, batch,
			    batch->residual_stride, item);
	weights_view(&weights, &command->gemm.b, batch, item);
	error = product_load(execution, product, &weights, channels->offset);
	if (error)
		return error;
	finish->offset = product->offset;
	matrix_view(&a, &command->gemm.a, batch, batch->a_stride, item);
	return run_rows(execution, product, finish, &a, rows, item * rows, batch->count * rows);
}

static int execute(struct execution *execution, const struct command *command)
{
	const struct tensor *a = &command->gemm.a;
	const struct tensor *b = &command->gemm.b;
	struct product product = { .a = a, .b = b, .k = columns_of(a), .n = columns_of(b) };
	struct channels channels;
	struct finish finish = {
		.epilogue = &command->gemm.epilogue,
		.d = &command->d,
		.channels = product.n,
		.integer = type_is_int8(a->type),
	};
	struct batch batch;
	int error = channels_load(execution, finish.epilogue, a, b, &command->d, product.n,
				  &channels);

	finish.bias = channels.bias;
	finish.multiplier = channels.multiplier;
	make_batch(command, &batch);
	for (uint64_t item = 0; !error && item < batch.count; item++)
		error = run_item(execution, command, &product, &finish, &channels, &batch, item);
	product_free(&product);
	channels_free(&channels);
	return error;
}

const struct operation operation_gemm = {
	.opcode = TSR_OP_GEMM,
	.engine = TSR_ENGINE_TENSOR,
	.size = sizeof(struct tsr_abi_gemm),
	.decode = decode,
	.measure = measure,
	.execute = execute,
};
