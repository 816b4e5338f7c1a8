/* SPDX-License-Identifier: MIT */
/* GEMM: batches of matrix products of every type, with an epilogue. */
#include <tsr_hw/error.h>
#include <tsr_hw/fuse.h>

#include "accumulate.h"
#include "block_run.h"
#include "command.h"
#include "execution.h"
#include "list.h"
#include "smaller.h"
#include "staging.h"
#include "tile.h"
#include "weights.h"
#include "work.h"

/* Weights staged at a time, of as many columns as they suffice for. */
#define PANEL_WEIGHTS	(1ull << 24)

/* What a scratchpad gives is counted in these. */
#define BURST		64u

static uint64_t rows_of(const struct tensor *matrix)
{
	return matrix->dim[matrix->rank - 2];
}

static uint64_t columns_of(const struct tensor *matrix)
{
	return matrix->dim[matrix->rank - 1];
}

/* ---- checks --------------------------------------------------------------------- */

static int check_shape(const struct tensor *a, const struct tensor *b, const struct tensor *d)
{
	if (d->rank < 2 || a->rank != d->rank || b->rank != d->rank)
		return TSR_HW_ERR_COMMAND;
	if (columns_of(a) != rows_of(b) || rows_of(d) != rows_of(a) ||
	    columns_of(d) != columns_of(b))
		return TSR_HW_ERR_COMMAND;
	for (unsigned int i = 0; i + 2 < d->rank; i++)
		if ((a->dim[i] != d->dim[i] && a->dim[i] != 1) ||
		    (b->dim[i] != d->dim[i] && b->dim[i] != 1))
			return TSR_HW_ERR_COMMAND;
	return TSR_HW_ERR_NONE;
}

/* One count for each first index of the batch, of which there must be one. */
static int decode_rows(const struct tile_request *request, const struct tsr_hw_tensor *raw,
		       const struct tensor *d, struct tensor *rows)
{
	int error = tensor_decode_optional(request, raw, TYPES_INT32, 0, rows);

	if (error || !tensor_present(rows))
		return error;
	return d->rank > 2 && rows->rank == 1 && rows->dim[0] == d->dim[0] ? TSR_HW_ERR_NONE :
									     TSR_HW_ERR_COMMAND;
}

static int decode_operands(const struct tile_request *request, const struct tsr_hw_gemm *raw,
			   struct command *command)
{
	struct tensor *a = &command->gemm.a;
	struct tensor *b = &command->gemm.b;
	int error = tensor_decode(request, &raw->a, TYPES_FIRST, 0, a);

	if (!error)
		error = tensor_decode(request, &raw->b, TYPES_SECOND, 0, b);
	if (!error)
		error = tensor_decode(request, &raw->d, TYPES_ANY, TENSOR_WRITE, &command->d);
	if (!error)
		error = check_shape(a, b, &command->d);
	if (!error)
		error = pairing_of(a->type, b->type, raw->qb.kind == TSR_HW_QUANT_BLOCKS,
				   &command->gemm.pairing);
	if (!error && !request->strict)
		pairing_narrow(&command->gemm.pairing);
	return error ? error : decode_rows(request, &raw->rows, &command->d, &command->gemm.rows);
}

static int decode_quants(const struct tile_request *request, const struct tsr_hw_gemm *raw,
			 struct command *command)
{
	unsigned int batch = command->d.rank - 2u;
	unsigned int kinds = 1u << TSR_HW_QUANT_ZERO | 1u << TSR_HW_QUANT_ZEROS;
	const struct quant_operand first = {
		&command->gemm.a, batch, rows_of(&command->d), columns_of(&command->gemm.a),
		true, kinds,
	};
	const struct quant_operand second = {
		&command->gemm.b, batch, columns_of(&command->d), first.depth, false,
		command->gemm.pairing.scaled ? 1u << TSR_HW_QUANT_BLOCKS : kinds,
	};
	int error = quant_decode(request, &raw->qa, &first, &command->gemm.qa);

	return error ? error : quant_decode(request, &raw->qb, &second, &command->gemm.qb);
}

/* Whether blocks begin and end with a byte of the output, of which all is computed. */
static int check_halves(const struct command *command)
{
	const struct product_blocks *blocks = &command->gemm.blocks;
	const struct tensor *d = &command->d;
	uint32_t packed = tensor_elements(d) ? tensor_packed(d) : 0;
	bool by_column = packed == 1u << (d->rank - 1), by_row = packed == 1u << (d->rank - 2);
	uint64_t extent = by_row ? rows_of(d) : columns_of(d);
	uint32_t block = by_row ? blocks->bm : blocks->bn;

	if ((packed && !by_column && !by_row) || (d->halves && tensor_present(&command->gemm.rows)))
		return TSR_HW_ERR_UNSUPPORTED;
	return packed && block % 2 && block < extent ? TSR_HW_ERR_COMMAND : TSR_HW_ERR_NONE;
}

/* The work is counted in 64 bits, and a product's operands are bounded. */
static int check_limits(const struct tensor *a, const struct tensor *d)
{
	uint64_t k = columns_of(a);
	uint64_t n = columns_of(d);
	uint64_t macs;

	if (__builtin_mul_overflow(tensor_elements(d), k, &macs) || macs > TILE_MAX_WORK)
		return TSR_HW_ERR_UNSUPPORTED;
	return (k * n + k + n) * sizeof(float) > TILE_MAX_OPERANDS ? TSR_HW_ERR_UNSUPPORTED :
								      TSR_HW_ERR_NONE;
}

static int decode(const struct tile_request *request, const void *raw, struct command *command)
{
	const struct tsr_hw_gemm *gemm = raw;
	struct vector_given given = { .has_value = true };
	int error = decode_operands(request, gemm, command);

	if (!error)
		error = decode_quants(request, gemm, command);
	if (!error)
		error = product_blocks_decode(&gemm->blocks, 1, &command->gemm.blocks);
	if (!error)
		error = check_halves(command);
	if (error)
		return error;
	given.value = command->gemm.pairing.value;
	given.rank = command->d.rank;
	error = block_decode_optional(request, &gemm->head, &command->d, &given,
				      &command->gemm.post);
	return error ? error : check_limits(&command->gemm.a, &command->d);
}

/* ---- what it asks of the device and of the host ----------------------------------- */

/* Bytes of scratchpad for a block of the last two dimensions; repeated ones are held once. */
static uint64_t held(const struct tensor *tensor, uint64_t rows, uint64_t columns)
{
	struct tensor block = *tensor;

	if (!tensor_present(tensor) || tensor_is_resident(tensor))
		return 0;
	for (unsigned int i = 0; i + 2u < block.rank; i++)
		block.dim[i] = 1;
	block.dim[block.rank - 2u] = smaller(rows_of(tensor), rows);
	block.dim[block.rank - 1u] = smaller(columns_of(tensor), columns);
	return (tensor_bytes(&block) + BURST - 1) / BURST * BURST;
}

static uint64_t held_quant(const struct quant *quant, uint64_t rows, uint64_t columns)
{
	return held(&quant->scale, rows, columns) + held(&quant->zeros, rows, columns);
}

static int check(const struct tsr_hw_fuses *fuses, uint64_t ring, const struct command *command)
{
	const struct product_blocks *blocks = &command->gemm.blocks;
	const struct block *post = &command->gemm.post;
	const struct tensor *d = &command->d;
	const struct product_extents extents = {
		.m = smaller(blocks->bm, rows_of(d)), .n = columns_of(d),
		.k = columns_of(&command->gemm.a), .type = command->gemm.pairing.runs_at,
		.weight_bits = number_bits(command->gemm.b.type),
	};
	uint64_t bk = smaller(blocks->bk, extents.k);
	struct product_held most = {
		.outputs = smaller(blocks->bm, rows_of(d)) * smaller(blocks->bn, columns_of(d)),
		.wide = command->gemm.pairing.value == NUMBER_I64,
		.output_bits = number_bits(d->type),
		.a = held(&command->gemm.a, blocks->bm, bk) +
		     held_quant(&command->gemm.qa, blocks->bm, 1),
		.b = held(&command->gemm.b, bk, blocks->bn) +
		     held_quant(&command->gemm.qb, quant_blocks(bk, command->gemm.qb.block),
				blocks->bn),
	};

	for (unsigned int i = 0; i < post->program.head.inputs; i++)
		most.inputs += held(&post->input[i], blocks->bm, blocks->bn);
	return product_blocks_check(fuses, ring, blocks, &extents, &most);
}

/* Columns of the weights that are staged at a time. */
static uint64_t panel_of(const struct command *command)
{
	uint64_t depth = columns_of(&command->gemm.a);
	uint64_t columns = depth ? PANEL_WEIGHTS / depth + 1 : UINT64_MAX;

	return smaller(columns, columns_of(&command->d));
}

static void measure(const struct command *command, struct work *work)
{
	const struct tensor *d = &command->d;
	const struct block *post = &command->gemm.post;
	uint64_t k = columns_of(&command->gemm.a);

	work->multiplies = true;
	work->type = command->gemm.pairing.runs_at;
	work->block_types = quant_block_types(&command->gemm.b, &command->gemm.qb);
	work_multiply(work, tensor_elements(d), k);
	work_pass(work, tensor_elements(d), post->program.weight);
	work->bytes = tensor_bytes(&command->gemm.a) + quant_bytes(&command->gemm.qa) +
		      tensor_bytes(&command->gemm.b) + quant_bytes(&command->gemm.qb) +
		      tensor_bytes(&command->gemm.rows) + block_bytes(post) + tensor_bytes(d);
	/* At most: the rows of a folded batch are those of one product. */
	work->staging = accumulate_staging(&command->gemm.pairing, k, panel_of(command),
					   tensor_extents(d, 0, d->rank - 1u));
	work->staging += halves_output_staging(d);
	if (tensor_present(&command->gemm.rows))
		work->staging += staging_size(d->dim[0] * sizeof(int64_t));
}

/* ---- batches -------------------------------------------------------------------- */

/*
 * The batch as the loop sees it. When all share one matrix of weights, the rows of
 * the whole batch are the rows of a single product.
 */
struct job {
	struct execution *execution;
	const struct command *command;
	struct block_run run;
	struct weights weights;
	struct rows rows;	/* of a chunk */
	int64_t *zeros;		/* of its rows, or NULL */
	int64_t *limits;	/* rows of each first index of the batch, or NULL */
	bool folded;
	uint64_t items;
	uint64_t height;	/* rows of an item */
};

static bool repeats(const struct tensor *tensor, unsigned int i)
{
	return !tensor_present(tensor) || !tensor->stride[i];
}

static bool is_folded(const struct command *command)
{
	if (tensor_present(&command->gemm.rows))
		return false;
	for (unsigned int i = 0; i + 2u < command->d.rank; i++)
		if (!repeats(&command->gemm.b, i) || !repeats(&command->gemm.qb.scale, i) ||
		    !repeats(&command->gemm.qb.zeros, i))
			return false;
	return true;
}

/* Some columns of a matrix. */
struct columns {
	uint64_t first;
	uint64_t count;
};

static void add_matrix(struct view *view, const struct tensor *tensor,
		       const struct columns *columns)
{
	uint64_t step = tensor->stride[tensor->rank - 1];

	view->va += columns->first * step;
	view_add(view, rows_of(tensor), tensor->stride[tensor->rank - 2]);
	view_add(view, columns->count, step);
}

/* Of one item of the batch. */
static void item_view(const struct job *job, const struct tensor *tensor, uint64_t item,
		      const struct columns *columns, struct view *view)
{
	const struct tensor *d = &job->command->d;

	view_start_tensor(view, tensor);
	for (unsigned int i = d->rank - 2u; i-- > 0; item /= d->dim[i])
		view->va += item % d->dim[i] * tensor->stride[i];
	add_matrix(view, tensor, columns);
}

/* Of the first operand: of one item, or of all when they are one. */
static void first_view(const struct job *job, const struct tensor *tensor, uint64_t item,
		       const struct columns *columns, struct view *view)
{
	const struct tensor *d = &job->command->d;

	if (!job->folded) {
		item_view(job, tensor, item, columns, view);
		return;
	}
	view_start_tensor(view, tensor);
	for (unsigned int i = 0; i + 2u < d->rank; i++)
		view_add(view, d->dim[i], tensor->stride[i]);
	add_matrix(view, tensor, columns);
}

static uint64_t rows_of_item(const struct job *job, uint64_t item)
{
	uint64_t each;

	if (!job->limits)
		return job->height;
	each = job->items / job->command->d.dim[0];
	return (uint64_t)job->limits[item / each];
}

static int load_weights(struct job *job, uint64_t item, const struct columns *columns)
{
	const struct quant *quant = &job->command->gemm.qb;
	struct weights_source source = { .quant = quant };

	job->weights.n = columns->count;
	item_view(job, &job->command->gemm.b, item, columns, &source.elements);
	if (tensor_present(&quant->scale))
		item_view(job, &quant->scale, item, columns, &source.scale);
	if (tensor_present(&quant->zeros))
		item_view(job, &quant->zeros, item, columns, &source.zeros);
	return weights_load(job->execution, &source, &job->weights);
}

static int load_rows(struct job *job, uint64_t item, uint64_t first, uint64_t n)
{
	const struct quant *quant = &job->command->gemm.qa;
	const struct columns all = { .count = job->weights.k }, one = { .count = 1 };
	struct view view;
	int error;

	job->rows.count = n;
	job->rows.zero = quant->zero;
	job->rows.zeros = job->zeros;
	first_view(job, &job->command->gemm.a, item, &all, &view);
	error = rows_load(job->execution, job->weights.pairing, &view, first * all.count,
			  n * all.count, &job->rows);
	if (error || !job->zeros)
		return error;
	first_view(job, &quant->zeros, item, &one, &view);
	return list_integers(job->execution, &view, quant->zeros.type, first, n, job->zeros);
}

static int run_rows(struct job *job, uint64_t item, const struct columns *columns, uint64_t chunk)
{
	uint64_t width = columns_of(&job->command->d), rows = rows_of_item(job, item);
	uint64_t done = job->height * (item * width + columns->first);
	int error = TSR_HW_ERR_NONE;

	for (uint64_t n, row = 0; !error && row < rows; row += n) {
		n = smaller(rows - row, chunk);
		error = load_rows(job, item, row, n);
		if (!error)
			error = accumulate(job->execution, &job->weights, &job->rows, &job->run,
					   (item * job->height + row) * width + columns->first,
					   width);
		if (!error)
			error = execution_progress(job->execution,
						   done + (row + n) * columns->count,
						   job->items * job->height * width);
	}
	return error;
}

static int run_panel(struct job *job, uint64_t item, const struct columns *columns)
{
	const struct pairing *pairing = job->weights.pairing;
	uint64_t chunk = accumulate_rows(pairing, job->weights.k, columns->count, job->height);
	int error = load_weights(job, item, columns);

	if (!error)
		error = rows_get(pairing, chunk * job->weights.k, &job->rows);
	if (!error && job->command->gemm.qa.kind == TSR_HW_QUANT_ZEROS) {
		job->zeros = staging_get(chunk * sizeof(*job->zeros));
		error = job->zeros ? TSR_HW_ERR_NONE : TSR_HW_ERR_ENGINE;
	}
	if (!error)
		error = run_rows(job, item, columns, chunk);
	rows_put(&job->rows);
	staging_put(job->zeros);
	job->zeros = NULL;
	return error;
}

static int run_item(struct job *job, uint64_t item)
{
	uint64_t width = columns_of(&job->command->d), panel = panel_of(job->command);
	int error = TSR_HW_ERR_NONE;

	for (uint64_t first = 0; !error && first < width; first += panel) {
		const struct columns columns = { first, smaller(width - first, panel) };

		error = run_panel(job, item, &columns);
	}
	return error;
}

/* Items with the same first index have equally many rows; those without any are left out. */
static int run_items(struct job *job)
{
	const struct tile_memory *memory = job->execution->memory;
	const struct tensor *d = &job->command->d;
	uint64_t alike = job->limits ? job->items / d->dim[0] : job->items;
	uint64_t total = job->items * job->height * columns_of(d);
	int error = TSR_HW_ERR_NONE;

	for (uint64_t item = 0; !error && item < job->items;) {
		if (rows_of_item(job, item)) {
			error = run_item(job, item++);
			continue;
		}
		item += alike - item % alike;
		if (memory->aborted(memory->ctx))
			error = EXECUTION_ABORTED;
	}
	return error ? error : execution_progress(job->execution, total, total);
}

/* All counts are taken, and known to be right, before anything is stored. */
static int load_limits(struct job *job)
{
	const struct tensor *rows = &job->command->gemm.rows;
	struct view view;
	int error;

	if (!tensor_present(rows))
		return TSR_HW_ERR_NONE;
	job->limits = staging_get(rows->dim[0] * sizeof(*job->limits));
	if (!job->limits)
		return TSR_HW_ERR_ENGINE;
	view_tensor(&view, rows);
	error = list_integers(job->execution, &view, rows->type, 0, rows->dim[0], job->limits);
	for (uint64_t i = 0; !error && i < rows->dim[0]; i++)
		if ((uint64_t)job->limits[i] > job->height)
			error = TSR_HW_ERR_INDEX;
	return error;
}

static int execute(struct execution *execution, const struct command *command)
{
	const struct tensor *d = &command->d;
	const struct pairing *pairing = &command->gemm.pairing;
	struct job job = {
		.execution = execution,
		.command = command,
		.folded = is_folded(command),
		.weights = { .pairing = pairing, .groups = 1, .k = columns_of(&command->gemm.a) },
	};
	uint64_t batch = tensor_extents(d, 0, d->rank - 2u);
	int error;

	job.items = job.folded ? 1 : batch;
	job.height = rows_of(d) * (job.folded ? batch : 1);
	job.weights.shifted = rows_shifted(pairing, command->gemm.qa.zero,
					   command->gemm.qa.kind == TSR_HW_QUANT_ZEROS);
	error = block_start(&job.run, execution, &command->gemm.post, d);
	if (!error)
		error = load_limits(&job);
	if (!error)
		error = run_items(&job);
	error = block_end(&job.run, error);
	weights_free(&job.weights);
	staging_put(job.limits);
	return error;
}

const struct operation operation_gemm = {
	.opcode = TSR_HW_OP_GEMM,
	.engine = TSR_HW_ENGINE_TENSOR,
	.size = sizeof(struct tsr_hw_gemm),
	.has_program = true,
	.decode = decode,
	.check = check,
	.measure = measure,
	.execute = execute,
};
