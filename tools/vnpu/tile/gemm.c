/* SPDX-License-Identifier: MIT */
/* GEMM: batches of matrix products. */
#include <string.h>

#include <tsr_hw/error.h>
#include <tsr_hw/program.h>

#include "command.h"
#include "execution.h"
#include "product.h"
#include "scaled_tensor.h"
#include "staging.h"
#include "tile.h"
#include "work.h"

/* Batch dimensions, in front of the matrix. */
#define MAX_BATCH	(TSR_HW_MAX_RANK - 2)

/* Weights staged at a time, of as many columns as they suffice for. */
#define PANEL_WEIGHTS	(1ull << 24)

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
		return TSR_HW_ERR_COMMAND;
	if (columns_of(a) != rows_of(b) || rows_of(d) != rows_of(a) ||
	    columns_of(d) != columns_of(b))
		return TSR_HW_ERR_COMMAND;
	for (unsigned int i = 0; i + 2 < a->rank; i++) {
		uint64_t other = batch_dim(a, b, i);

		if (a->dim[i] != d->dim[i] && a->dim[i] != 1)
			return TSR_HW_ERR_COMMAND;
		if (other != d->dim[i] && other != 1)
			return TSR_HW_ERR_COMMAND;
		if (d->dim[i] != a->dim[i] && d->dim[i] != other)
			return TSR_HW_ERR_COMMAND;
	}
	return TSR_HW_ERR_NONE;
}

/* The work is counted in 64 bits, and a product's operands are bounded. */
static int check_limits(const struct tensor *a, const struct tensor *b, const struct tensor *d)
{
	uint64_t k = columns_of(a);
	uint64_t n = columns_of(b);
	uint64_t macs;

	if (__builtin_mul_overflow(tensor_elements(d), k, &macs) || macs > TILE_MAX_WORK)
		return TSR_HW_ERR_UNSUPPORTED;
	return (k * n + k + n) * sizeof(float) > TILE_MAX_OPERANDS ? TSR_HW_ERR_UNSUPPORTED :
								      TSR_HW_ERR_NONE;
}

static int decode(const struct tile_request *request, const void *raw, struct command *command)
{
	const struct tsr_hw_gemm *gemm = raw;
	struct tensor *a = &command->gemm.a;
	struct tensor *b = &command->gemm.b;
	int error = product_decode(request, &gemm->a, &gemm->b, &gemm->d, a, b, &command->d);

	if (!error)
		error = check_shape(a, b, &command->d);
	if (!error)
		error = scaled_tensor_channels(request, &gemm->b, columns_of(b), b);
	if (!error)
		error = epilogue_decode(request, &gemm->epilogue, &command->d, columns_of(b),
					type_is_int8(a->type), &command->gemm.epilogue);
	return error ? error : check_limits(a, b, &command->d);
}

/* Columns of the weights that are staged at a time. */
static uint64_t panel_of(const struct tensor *a, const struct tensor *b)
{
	uint64_t depth = columns_of(a);
	uint64_t columns = depth ? PANEL_WEIGHTS / depth + 1 : UINT64_MAX;

	return columns < columns_of(b) ? columns : columns_of(b);
}

/* At most: the rows of a folded batch are those of one product. */
static uint64_t staging_of(const struct command *command)
{
	struct product product = {
		.integer = type_is_int8(command->gemm.a.type),
		.k = columns_of(&command->gemm.a),
		.n = panel_of(&command->gemm.a, &command->gemm.b),
	};
	const struct tensor *d = &command->d;

	return product_staging(&product, tensor_extents(d, 0, d->rank - 1u), columns_of(d));
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
	work->batch = tensor_extents(&command->d, 0, command->d.rank - 2u);
	work->bytes_read = tensor_bytes(a) + product_weight_bytes(b, work->n) +
			   epilogue_bytes(&command->gemm.epilogue);
	work->bytes_written = tensor_bytes(&command->d);
	work->staging = staging_of(command);
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

/* Some columns of a matrix. */
struct columns {
	uint64_t first;
	uint64_t count;
};

/* Columns of @tensor for one item of the batch, or for all of them when folded. */
static void matrix_view(struct view *view, const struct tensor *tensor,
			const struct batch *batch, const uint64_t *strides, uint64_t item,
			const struct columns *columns)
{
	uint64_t step = tensor->stride[tensor->rank - 1];

	view_start(view, tensor->va + columns->first * step, tensor->size);
	for (unsigned int i = batch->rank; !batch->folded && i-- > 0;) {
		view->va += item % batch->dim[i] * strides[i];
		item /= batch->dim[i];
	}
	for (unsigned int i = 0; batch->folded && i < batch->rank; i++)
		view_add(view, batch->dim[i], strides[i]);
	view_add(view, rows_of(tensor), tensor->stride[tensor->rank - 2]);
	view_add(view, columns->count, step);
}

static void weights_view(struct view *view, const struct tensor *b, const struct batch *batch,
			 uint64_t item, const struct columns *columns)
{
	struct batch single = *batch;

	single.folded = false;
	matrix_view(view, b, &single, batch->b_stride, item, columns);
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

/* All rows of one product, chunk by chunk; @done and @total are elements of the output. */
static int run_rows(struct execution *execution, const struct product *product,
		    const struct finish *finish, const struct view *a, uint64_t rows,
		    uint64_t done, uint64_t total)
{
	uint64_t chunk = product_rows(product, rows);
	void *buffer = staging_get(chunk * product->k * product_element(product));
	int error = buffer ? TSR_HW_ERR_NONE : TSR_HW_ERR_ENGINE;

	for (uint64_t row = 0; !error && row < rows; row += chunk) {
		uint64_t n = rows - row < chunk ? rows - row : chunk;

		error = load_rows(execution, product, a, row, n, buffer);
		if (!error)
			error = product_run(execution, product, finish, buffer, row, n);
		if (!error)
			error = execution_progress(execution, done + (row + n) * product->n,
						   total);
	}
	staging_put(buffer);
	return error;
}

/* Where the output of some columns goes, and what is added to it. */
static void panel_finish(const struct command *command, const struct channels *channels,
			 const struct batch *batch, uint64_t item,
			 const struct columns *columns, struct finish *finish)
{
	const struct tensor *residual = &command->gemm.epilogue.residual;
	const struct tensor *d = &command->d;
	uint64_t rows = tensor_elements(d) / batch->count / columns_of(d);

	*finish = (struct finish){
		.epilogue = &command->gemm.epilogue,
		.d = d,
		.channels = columns->count,
		.base = rows * (item * columns_of(d) + columns->first),
		.integer = type_is_int8(command->gemm.a.type),
		.bias = channels->bias ? channels->bias + columns->first : NULL,
		.multiplier = channels->multiplier ? channels->multiplier + columns->first : NULL,
	};
	matrix_view(&finish->out, d, batch, batch->d_stride, item, columns);
	if (tensor_present(residual))
		matrix_view(&finish->residual, residual, batch, batch->residual_stride, item,
			    columns);
}

static int run_panel(struct execution *execution, const struct command *command,
		     struct product *product, const struct channels *channels,
		     const struct batch *batch, uint64_t item, const struct columns *columns)
{
	const struct tensor *a = &command->gemm.a;
	const struct columns all = { .count = product->k };
	uint64_t n = columns_of(&command->d);
	uint64_t rows = tensor_elements(&command->d) / batch->count / n;
	struct finish finish;
	struct view view;
	int error;

	product->n = columns->count;
	weights_view(&view, &command->gemm.b, batch, item, columns);
	error = product_load(execution, product, &view,
			     channels->offset ? channels->offset + columns->first : NULL);
	if (error)
		return error;
	panel_finish(command, channels, batch, item, columns, &finish);
	finish.offset = product->offset;
	matrix_view(&view, a, batch, batch->a_stride, item, &all);
	/* In elements of the output. */
	return run_rows(execution, product, &finish, &view, rows, finish.base,
			tensor_elements(&command->d));
}

static int run_item(struct execution *execution, const struct command *command,
		    struct product *product, const struct channels *channels,
		    const struct batch *batch, uint64_t item)
{
	uint64_t n = columns_of(&command->d);
	uint64_t panel = panel_of(&command->gemm.a, &command->gemm.b);
	int error = TSR_HW_ERR_NONE;

	for (uint64_t first = 0; !error && first < n; first += panel) {
		const struct columns columns = {
			.first = first,
			.count = n - first < panel ? n - first : panel,
		};

		error = run_panel(execution, command, product, channels, batch, item, &columns);
	}
	return error;
}

static int execute(struct execution *execution, const struct command *command)
{
	const struct tensor *a = &command->gemm.a;
	const struct tensor *b = &command->gemm.b;
	struct product product = { .a = a, .b = b, .k = columns_of(a) };
	struct channels channels;
	struct batch batch;
	int error = channels_load(execution, &command->gemm.epilogue, a, b, &command->d,
				  columns_of(b), &channels);

	make_batch(command, &batch);
	for (uint64_t item = 0; !error && item < batch.count; item++)
		error = run_item(execution, command, &product, &channels, &batch, item);
	product_free(&product);
	channels_free(&channels);
	return error;
}

const struct operation operation_gemm = {
	.opcode = TSR_HW_OP_GEMM,
	.engine = TSR_HW_ENGINE_TENSOR,
	.size = sizeof(struct tsr_hw_gemm),
	.decode = decode,
	.measure = measure,
	.execute = execute,
};
