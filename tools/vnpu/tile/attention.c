/* SPDX-License-Identifier: MIT */
/* ATTENTION: softmax(scale * q k^T) v, by blocks of rows and of keys. */
#include <string.h>

#include <number/types.h>
#include <tsr_hw/error.h>
#include <tsr_hw/fuse.h>

#include "attention_keys.h"
#include "attention_rows.h"
#include "block_run.h"
#include "command.h"
#include "execution.h"
#include "gather.h"
#include "list.h"
#include "parallel.h"
#include "real.h"
#include "saturating.h"
#include "smaller.h"
#include "staging.h"
#include "strict_product.h"
#include "tile.h"
#include "transpose.h"
#include "work.h"

/* Elements of a row of q, k and v, and those of all rows that are computed together. */
#define WIDTH		65536u
#define ROW_ELEMENTS	(1u << 16)
#define KEY_ELEMENTS	(1u << 17)

/* Work between two reports of progress: products, and of each weight as much as of some. */
#define CHUNK		(1ull << 30)
#define WEIGHT		32u

/* Lengths and pages that are checked between two questions whether to give up. */
#define LOOKS		(1u << 16)

#define PAGE_LEAST	4u	/* logarithms */
#define PAGE_MOST	8u

/* What a scratchpad gives is counted in these. */
#define BURST		64u

enum { BATCH, HEAD, ROW, COLUMN, RANK };

/* ---- checks --------------------------------------------------------------------- */

/* Types of k and v are those of second operands whose products are summed in fp32. */
static bool is_pair(unsigned int q, unsigned int k, bool scaled)
{
	struct pairing pairing;

	return !pairing_of(q, k, scaled, &pairing) && !pairing_is_exact(&pairing);
}

static uint64_t keys_of(const struct command *command)
{
	const struct tensor *pages = &command->attention.pages;
	const struct tensor *k = &command->attention.k;

	return tensor_present(pages) ? pages->dim[1] * k->dim[ROW] : k->dim[ROW];
}

static bool has_extents(const struct tensor *tensor, uint64_t a, uint64_t b, uint64_t c, uint64_t d)
{
	return tensor->rank == RANK && tensor->dim[BATCH] == a && tensor->dim[HEAD] == b &&
	       tensor->dim[ROW] == c && tensor->dim[COLUMN] == d;
}

static int check_shapes(const struct command *command)
{
	const struct tensor *q = &command->attention.q;
	const struct tensor *k = &command->attention.k;
	const struct tensor *v = &command->attention.v;
	const struct tensor *d = &command->d;

	if (q->rank != RANK || k->rank != RANK || v->rank != RANK)
		return TSR_HW_ERR_COMMAND;
	if (!has_extents(d, q->dim[BATCH], q->dim[HEAD], q->dim[ROW], v->dim[COLUMN]))
		return TSR_HW_ERR_COMMAND;
	if (!has_extents(v, k->dim[BATCH], k->dim[HEAD], k->dim[ROW], d->dim[COLUMN]))
		return TSR_HW_ERR_COMMAND;
	if (k->dim[COLUMN] != q->dim[COLUMN])
		return TSR_HW_ERR_COMMAND;
	if (!k->dim[HEAD] || q->dim[HEAD] % k->dim[HEAD])
		return TSR_HW_ERR_COMMAND;
	if (!tensor_present(&command->attention.pages) && k->dim[BATCH] != q->dim[BATCH])
		return TSR_HW_ERR_COMMAND;
	return smaller(q->dim[COLUMN], WIDTH) < q->dim[COLUMN] ||
	       smaller(d->dim[COLUMN], WIDTH) < d->dim[COLUMN] ? TSR_HW_ERR_UNSUPPORTED :
							     TSR_HW_ERR_NONE;
}

static int decode_pages(const struct tile_request *request, const struct tsr_hw_attention *raw,
			struct command *command)
{
	struct tensor *lengths = &command->attention.lengths;
	struct tensor *pages = &command->attention.pages;
	uint64_t batch = command->attention.q.dim[BATCH];
	int error = tensor_decode_optional(request, &raw->lengths, TYPES_INT32, 0, lengths);

	if (!error)
		error = tensor_decode_optional(request, &raw->pages, TYPES_INT32, 0, pages);
	if (error)
		return error;
	if (tensor_present(lengths) && (lengths->rank != 1 || lengths->dim[0] != batch))
		return TSR_HW_ERR_COMMAND;
	if (!tensor_present(pages))
		return raw->page_log2 ? TSR_HW_ERR_COMMAND : TSR_HW_ERR_NONE;
	if (raw->page_log2 < PAGE_LEAST || raw->page_log2 > PAGE_MOST)
		return TSR_HW_ERR_COMMAND;
	if (command->attention.k.rank != RANK ||
	    command->attention.k.dim[ROW] != 1ull << raw->page_log2)
		return TSR_HW_ERR_COMMAND;
	return pages->rank == 2 && pages->dim[0] == batch ? TSR_HW_ERR_NONE : TSR_HW_ERR_COMMAND;
}

static int decode_mask(const struct tile_request *request, const struct tsr_hw_attention *raw,
		       struct command *command)
{
	struct tensor *mask = &command->attention.mask;
	const struct tensor *d = &command->d;
	int error;

	command->attention.mask_kind = raw->mask_kind;
	if (raw->mask_kind >= TSR_HW_MASK_COUNT)
		return TSR_HW_ERR_COMMAND;
	if (raw->mask_kind != TSR_HW_MASK_BITS)
		return tensor_is_absent(&raw->mask) ? TSR_HW_ERR_NONE : TSR_HW_ERR_COMMAND;
	error = tensor_decode(request, &raw->mask, TYPE_BIT(TSR_HW_TYPE_BOOL), 0, mask);
	if (error)
		return error;
	return has_extents(mask, d->dim[BATCH], d->dim[HEAD], d->dim[ROW], keys_of(command)) ?
		       TSR_HW_ERR_NONE : TSR_HW_ERR_COMMAND;
}

static int decode_quant(const struct tile_request *request, const struct tsr_hw_quant *raw,
			const struct tensor *q, const struct tensor *tensor, struct quant *quant)
{
	const struct quant_operand operand = {
		.tensor = tensor, .batch = 2, .others = tensor->dim[ROW],
		.depth = tensor->dim[COLUMN], .blocks_last = true,
		.kinds = 1u << TSR_HW_QUANT_BLOCKS,
	};

	if (!is_pair(q->type, tensor->type, raw->kind == TSR_HW_QUANT_BLOCKS))
		return TSR_HW_ERR_COMMAND;
	return quant_decode(request, raw, &operand, quant);
}

/* Rows are stored whole. */
static int check_halves(const struct tensor *d)
{
	uint32_t packed = tensor_elements(d) ? tensor_packed(d) : 0;

	return packed & ~(1u << COLUMN) ? TSR_HW_ERR_UNSUPPORTED : TSR_HW_ERR_NONE;
}

static int decode_operands(const struct tile_request *request, const struct tsr_hw_attention *raw,
			   struct command *command)
{
	int error = tensor_decode(request, &raw->q, TYPES_FIRST, 0, &command->attention.q);

	if (!error)
		error = tensor_decode(request, &raw->k, TYPES_SECOND, 0,
				      &command->attention.k);
	if (!error)
		error = tensor_decode(request, &raw->v, TYPES_SECOND, 0,
				      &command->attention.v);
	if (!error)
		error = tensor_decode(request, &raw->d, TYPES_ANY, TENSOR_WRITE, &command->d);
	if (!error)
		error = decode_pages(request, raw, command);
	if (!error)
		error = check_shapes(command);
	return error ? error : check_halves(&command->d);
}

/* Blocks are of rows and keys; a block of keys and a page hold whole ones of each other. */
static int decode_blocks(const struct tsr_hw_attention *raw, struct command *command)
{
	struct product_blocks *blocks = &command->attention.blocks;
	int error = product_blocks_decode(&raw->blocks, 1, blocks);
	uint64_t page = command->attention.k.dim[ROW];

	if (error || blocks->bk != 1 || blocks->order || raw->mbz)
		return TSR_HW_ERR_COMMAND;
	if (tensor_present(&command->attention.pages) && page % blocks->bn && blocks->bn % page)
		return TSR_HW_ERR_COMMAND;
	return TSR_HW_ERR_NONE;
}

/* Products are counted in 64 bits. */
static int check_limits(const struct command *command)
{
	uint64_t width = command->attention.k.dim[COLUMN] + command->d.dim[COLUMN];
	uint64_t keys = keys_of(command), products;

	if (keys > TILE_MAX_ELEMENTS)
		return TSR_HW_ERR_UNSUPPORTED;
	if (__builtin_mul_overflow(tensor_extents(&command->attention.q, 0, COLUMN), keys,
				   &products) ||
	    __builtin_mul_overflow(products, width, &products) || products > TILE_MAX_WORK)
		return TSR_HW_ERR_UNSUPPORTED;
	return TSR_HW_ERR_NONE;
}

static int decode(const struct tile_request *request, const void *raw, struct command *command)
{
	const struct tsr_hw_attention *attention = raw;
	struct vector_given given = { .has_value = true, .value = NUMBER_F32, .rank = RANK };
	const struct tensor *q = &command->attention.q;
	int error = decode_operands(request, attention, command);

	if (!error)
		error = decode_mask(request, attention, command);
	if (!error)
		error = decode_quant(request, &attention->qk, q, &command->attention.k,
				     &command->attention.qk);
	if (!error)
		error = decode_quant(request, &attention->qv, q, &command->attention.v,
				     &command->attention.qv);
	if (!error)
		error = decode_blocks(attention, command);
	if (error)
		return error;
	memcpy(&command->attention.scale, &attention->scale, sizeof(command->attention.scale));
	error = block_decode_optional(request, &attention->head, &command->d, &given,
				      &command->attention.post);
	return error ? error : check_limits(command);
}

/* ---- what it asks of the device and of the host ----------------------------------- */

static unsigned int runs_at(const struct command *command)
{
	unsigned int type = command->attention.q.type;

	return type_is_fp(type) ? type : TSR_HW_TYPE_FP8_E4M3;
}

/* Queries of the heads that share a head of k. */
static uint64_t rows_of(const struct command *command)
{
	const struct tensor *q = &command->attention.q;

	return q->dim[HEAD] / command->attention.k.dim[HEAD] * q->dim[ROW];
}

static uint64_t divide_up(uint64_t a, uint64_t b)
{
	return a / b + (a % b != 0);
}

/* Bytes of scratchpad for some rows of a tensor. */
static uint64_t held(const struct tensor *tensor, uint64_t rows)
{
	uint64_t bits;

	if (!tensor_present(tensor) || tensor_is_resident(tensor))
		return 0;
	bits = saturating_mul(saturating_mul(rows, tensor->dim[tensor->rank - 1u]),
			      number_bits(tensor->type));
	return saturating_mul(divide_up(divide_up(bits, 8), BURST), BURST);
}

static uint64_t held_mask(const struct tensor *mask, uint64_t bm, uint64_t bn)
{
	if (!tensor_present(mask) || tensor_is_resident(mask))
		return 0;
	return saturating_mul(divide_up(saturating_mul(bm, bn), BURST), BURST);
}

/* Of a tensor of control data. */
static uint64_t held_whole(const struct tensor *tensor)
{
	return tensor_is_resident(tensor) ? 0 : tensor_bytes(tensor);
}

static uint64_t held_keys(const struct tensor *tensor, const struct quant *quant, uint64_t keys)
{
	uint64_t set = held(tensor, keys);

	set = saturating_add(set, held(&quant->scale, keys));
	return saturating_add(set, held(&quant->zeros, keys));
}

static uint64_t working_set(const struct command *command, uint64_t bm, uint64_t bn)
{
	const struct block *post = &command->attention.post;
	uint64_t block = saturating_mul(bm, command->d.dim[COLUMN]);
	uint64_t set = saturating_mul(saturating_mul(bm, bn), sizeof(float));
	uint64_t twice = held_keys(&command->attention.k, &command->attention.qk, bn);

	set = saturating_add(set, saturating_mul(block, sizeof(float)));
	set = saturating_add(set, saturating_mul(block, number_bits(command->d.type)) / 8);
	set = saturating_add(set, held(&command->attention.q, bm));
	set = saturating_add(set, held_whole(&command->attention.lengths));
	set = saturating_add(set, held_whole(&command->attention.pages));
	twice = saturating_add(twice, held_keys(&command->attention.v, &command->attention.qv, bn));
	twice = saturating_add(twice, held_mask(&command->attention.mask, bm, bn));
	for (unsigned int i = 0; i < post->program.head.inputs; i++)
		set = saturating_add(set, held(&post->input[i], bm));
	return saturating_add(set, saturating_mul(twice, 2));
}

/* The array's cycles for a block of @m rows, @n weights wide and @k deep. */
static uint64_t array_cycles(const struct tsr_hw_fuses *fuses, unsigned int type, uint64_t m,
			     uint64_t n, uint64_t k, unsigned int bits)
{
	uint64_t columns = fuses->array_columns;
	uint64_t rows = fuses->macs[type] / (columns * fuses->array_ports);
	uint64_t weights = divide_up(rows * columns * bits, 8ull * fuses->weight_path);
	uint64_t streamed = divide_up(m, fuses->array_ports);
	uint64_t blocks = saturating_mul(divide_up(k, rows), divide_up(n, columns));

	return saturating_mul(blocks, larger(streamed, weights));
}

static int check(const struct tsr_hw_fuses *fuses, uint64_t ring, const struct command *command)
{
	const struct product_blocks *blocks = &command->attention.blocks;
	const struct tensor *k = &command->attention.k, *v = &command->attention.v;
	uint64_t keys = keys_of(command);
	uint64_t bm = smaller(blocks->bm, rows_of(command)), bn = smaller(blocks->bn, keys);
	uint64_t most = 1ull << fuses->block_cycles_log2;
	unsigned int type = runs_at(command);

	if (blocks->bn < keys && blocks->bn % fuses->array_columns)
		return TSR_HW_ERR_COMMAND;
	if (array_cycles(fuses, type, bm, bn, k->dim[COLUMN], number_bits(k->type)) > most ||
	    array_cycles(fuses, type, bm, v->dim[COLUMN], bn, number_bits(v->type)) > most)
		return TSR_HW_ERR_COMMAND;
	return working_set(command, bm, bn) > ring ? TSR_HW_ERR_COMMAND : TSR_HW_ERR_NONE;
}

/* How the host cuts it: rows and keys that are computed together. */
static uint64_t most_of(const struct command *command, uint64_t elements, uint64_t most)
{
	uint64_t width = larger(command->attention.k.dim[COLUMN], command->d.dim[COLUMN]);

	return smaller(elements / larger(width, 1), most);
}

/* Elements of the buffers of a thread. */
struct sizes {
	uint64_t rows;
	uint64_t keys;
	uint64_t q;
	uint64_t k;
	uint64_t v;
	uint64_t sums;
	uint64_t scores;
};

static struct sizes sizes_of(const struct command *command)
{
	struct sizes sizes = {
		.rows = most_of(command, ROW_ELEMENTS, ATTENTION_ROWS),
		.keys = most_of(command, KEY_ELEMENTS, ATTENTION_KEYS),
	};

	sizes.q = sizes.rows * command->attention.k.dim[COLUMN];
	sizes.k = ATTENTION_KEYS * command->attention.k.dim[COLUMN];
	sizes.v = sizes.keys * command->d.dim[COLUMN];
	sizes.sums = sizes.rows * command->d.dim[COLUMN];
	sizes.scores = sizes.rows * ATTENTION_KEYS;
	/* Large buffers take time even if they are not used. */
	if (!keys_of(command))
		sizes.k = sizes.v = 0;
	return sizes;
}

/* q; rows of k, and columns of k; v; sums and room for more; scores; what is allowed. */
static uint64_t buffer_bytes(const struct sizes *sizes)
{
	return (sizes->q + 2 * sizes->k + sizes->v + 2 * sizes->sums + sizes->scores) *
		       sizeof(float) + sizes->scores;
}

/* A pool may have more than all pages do. */
static uint64_t bytes_of_keys(const struct command *command, const struct tensor *tensor)
{
	uint64_t rows = saturating_mul(command->d.dim[BATCH] * tensor->dim[HEAD], keys_of(command));
	uint64_t bits = saturating_mul(saturating_mul(rows, tensor->dim[COLUMN]),
				       number_bits(tensor->type));

	return smaller(tensor_bytes(tensor), divide_up(bits, 8));
}

static void measure(const struct command *command, struct work *work)
{
	const struct tensor *d = &command->d;
	const struct block *post = &command->attention.post;
	const struct tensor *pages = &command->attention.pages;
	struct sizes sizes = sizes_of(command);

	work->multiplies = true;
	work->type = runs_at(command);
	work->block_types = quant_block_types(&command->attention.k, &command->attention.qk) |
			    quant_block_types(&command->attention.v, &command->attention.qv);
	work_multiply(work, d->dim[BATCH] * command->attention.k.dim[HEAD] * rows_of(command) *
			    keys_of(command),
		      command->attention.k.dim[COLUMN] + d->dim[COLUMN]);
	work_pass(work, tensor_elements(d), post->program.weight);
	work->bytes = tensor_bytes(&command->attention.q) +
		      bytes_of_keys(command, &command->attention.k) +
		      bytes_of_keys(command, &command->attention.v) +
		      quant_bytes(&command->attention.qk) + quant_bytes(&command->attention.qv) +
		      tensor_bytes(&command->attention.mask) +
		      tensor_bytes(&command->attention.lengths) + tensor_bytes(pages) +
		      block_bytes(post) + tensor_bytes(d);
	if (!tensor_elements(d))
		return;
	work->staging = parallel_threads(1) * staging_size(buffer_bytes(&sizes)) +
			staging_size(d->dim[BATCH] * sizeof(int64_t)) + halves_output_staging(d);
	if (tensor_present(pages))
		work->staging += staging_size(tensor_elements(pages) * sizeof(int32_t));
}

/* ---- units: some rows of heads that share a head of k ------------------------------ */

struct job {
	struct execution *execution;
	const struct command *command;
	struct block_run run;
	struct view q;
	struct view mask;
	struct attention_keys k;
	struct attention_keys v;
	struct sizes sizes;
	const int64_t *lengths;		/* keys of each batch index */
	uint64_t keys;			/* at most */
	uint64_t heads;			/* of k */
	uint64_t rows;			/* of each */
	uint64_t blocks;		/* of rows, of each */
	uint64_t first;			/* unit that the chunk starts with */
	uint64_t units;
	bool tells;			/* a unit reports its own progress */
};

struct unit {
	uint64_t number;
	uint64_t batch;
	uint64_t head;
	uint64_t row;		/* among all rows of d */
	uint64_t keys;		/* that some row may see */
	float *q;
	float *k;
	float *columns;		/* of k: keys that are neighbours */
	float *v;
	uint8_t *allowed;
	struct attention_rows rows;
};

static void find_unit(const struct job *job, uint64_t number, struct unit *unit)
{
	const struct tensor *q = &job->command->attention.q;
	uint64_t row = number % job->blocks * job->sizes.rows;
	int64_t length;

	unit->number = number;
	unit->head = number / job->blocks % job->heads;
	unit->batch = number / job->blocks / job->heads;
	unit->row = (unit->batch * job->heads + unit->head) * job->rows + row;
	unit->rows.count = smaller(job->rows - row, job->sizes.rows);
	unit->keys = 0;
	length = job->lengths[unit->batch];
	for (uint64_t i = 0; i < unit->rows.count; i++) {
		int64_t limit = length;

		if (job->command->attention.mask_kind == TSR_HW_MASK_CAUSAL)
			limit += (int64_t)((row + i) % q->dim[ROW]) + 1 - (int64_t)q->dim[ROW];
		limit = limit < length ? limit : length;
		unit->rows.limit[i] = limit;
		if (limit > 0 && (uint64_t)limit > unit->keys)
			unit->keys = (uint64_t)limit;
	}
}

/* The buffers of a unit in one piece of memory. */
static void place_buffers(const struct job *job, struct unit *unit, float *at)
{
	const struct sizes *sizes = &job->sizes;

	unit->q = at;
	unit->k = unit->q + sizes->q;
	unit->columns = unit->k + sizes->k;
	unit->v = unit->columns + sizes->k;
	unit->rows.sums = unit->v + sizes->v;
	unit->rows.part = unit->rows.sums + sizes->sums;
	unit->rows.scores = unit->rows.part + sizes->sums;
	unit->allowed = (uint8_t *)(unit->rows.scores + sizes->scores);
}

static int load_queries(const struct job *job, struct unit *unit, uint64_t *fault)
{
	unsigned int type = job->command->attention.q.type;
	uint64_t first = unit->row * job->k.width, n = unit->rows.count * job->k.width;
	_Alignas(64) char raw[GATHER_BLOCK / 4];
	uint64_t most = sizeof(raw) / sizeof(float);
	int error = TSR_HW_ERR_NONE;

	for (uint64_t at = 0; !error && at < n; at += most) {
		uint64_t m = smaller(n - at, most);

		error = gather(job->execution->memory, &job->q, first + at, m, raw, fault);
		if (!error)
			real_load(type, raw, unit->q + at, m);
	}
	return error;
}

static int load_mask(const struct job *job, struct unit *unit, uint64_t key, uint64_t n,
		     uint64_t *fault)
{
	int error = TSR_HW_ERR_NONE;

	unit->rows.allowed = NULL;
	if (job->command->attention.mask_kind != TSR_HW_MASK_BITS)
		return error;
	unit->rows.allowed = unit->allowed;
	for (uint64_t i = 0; !error && i < unit->rows.count; i++)
		error = gather(job->execution->memory, &job->mask,
			       (unit->row + i) * job->keys + key, n,
			       unit->allowed + i * ATTENTION_KEYS, fault);
	return error;
}

/* Products of all rows and a block of keys. */
static int multiply_keys(const struct job *job, struct unit *unit, uint64_t key, uint64_t n,
			 uint64_t *fault)
{
	const struct tile_memory *memory = job->execution->memory;
	const struct strict_product product = {
		.m = unit->rows.count, .n = n, .k = job->k.width,
		.a = unit->q, .lda = job->k.width,
		.b = unit->columns, .ldb = ATTENTION_KEYS,
		.c = unit->rows.scores, .ldc = ATTENTION_KEYS,
	};
	int error = attention_keys_load(memory, &job->k, unit->batch, unit->head, key, n, unit->k,
					fault);

	if (error)
		return error;
	if (job->k.width)
		transpose(unit->k, job->k.width * sizeof(float), unit->columns,
			  ATTENTION_KEYS * sizeof(float), n, job->k.width, sizeof(float));
	return strict_product(memory, &product);
}

static int run_block(const struct job *job, struct unit *unit, enum attention_pass pass,
		     uint64_t key, uint64_t n, uint64_t *fault)
{
	const struct tile_memory *memory = job->execution->memory;
	int error = memory->aborted(memory->ctx) ? EXECUTION_ABORTED : TSR_HW_ERR_NONE;

	if (!error)
		error = multiply_keys(job, unit, key, n, fault);
	if (!error)
		error = load_mask(job, unit, key, n, fault);
	if (!error && pass == ATTENTION_VALUES)
		error = attention_keys_load(memory, &job->v, unit->batch, unit->head, key, n,
					    unit->v, fault);
	return error ? error : attention_rows_add(&unit->rows, pass, key, n, unit->v, memory);
}

/* Of a unit that alone fills chunks: this is the thread that executes the stream. */
static int tell_progress(const struct job *job, const struct unit *unit, uint64_t key)
{
	if (!job->tells)
		return TSR_HW_ERR_NONE;
	return execution_progress(job->execution, unit->number * job->keys + key,
				  job->units * job->keys);
}

static int run_passes(const struct job *job, struct unit *unit, uint64_t *fault)
{
	bool strict = job->execution->strict;
	int error = TSR_HW_ERR_NONE;

	for (unsigned int pass = strict ? ATTENTION_MAX : ATTENTION_VALUES;
	     !error && pass <= ATTENTION_VALUES; pass++)
		for (uint64_t key = 0; !error && key < unit->keys; key += job->sizes.keys) {
			uint64_t n = smaller(unit->keys - key, job->sizes.keys);

			error = run_block(job, unit, pass, key, n, fault);
			if (!error && pass == ATTENTION_VALUES)
				error = tell_progress(job, unit, key + n);
		}
	return error;
}

static int run_unit(struct job *job, uint64_t number, float *buffers, uint64_t *fault)
{
	struct unit unit = {
		.rows = {
			.type = job->command->attention.q.type,
			.strict = job->execution->strict,
			.scale = job->command->attention.scale,
			.width = job->v.width,
		},
	};
	int error;

	find_unit(job, number, &unit);
	place_buffers(job, &unit, buffers);
	attention_rows_start(&unit.rows);
	/* Rows that see no key are not loaded: their outputs are zeros. */
	error = unit.keys ? load_queries(job, &unit, fault) : TSR_HW_ERR_NONE;
	if (!error)
		error = run_passes(job, &unit, fault);
	if (error)
		return error;
	attention_rows_end(&unit.rows);
	return block_range(&job->run, unit.row * job->v.width, unit.rows.count * job->v.width,
			   unit.rows.sums, fault);
}

static int run_units(void *context, uint64_t first, uint64_t n, uint64_t *fault)
{
	struct job *job = context;
	float *buffers = staging_get(buffer_bytes(&job->sizes));
	int error = buffers ? TSR_HW_ERR_NONE : TSR_HW_ERR_ENGINE;

	for (uint64_t i = 0; !error && i < n; i++)
		error = run_unit(job, job->first + first + i, buffers, fault);
	staging_put(buffers);
	return error;
}

static int run(struct job *job)
{
	uint64_t work = job->sizes.rows * (job->k.width + job->v.width + WEIGHT);
	uint64_t most = CHUNK / (work * larger(smaller(job->keys, CHUNK / work + 1), 1));
	int error = TSR_HW_ERR_NONE;

	job->tells = !most;
	most = most ? most : 1;
	for (; !error && job->first < job->units; job->first += most) {
		uint64_t n = smaller(job->units - job->first, most);

		error = parallel_ranges(job->execution->memory, n, 1, run_units, job,
					&job->execution->fault);
		if (!error)
			error = execution_progress(job->execution, job->first + n, job->units);
	}
	return error;
}

/* ---- control data --------------------------------------------------------------- */

static int load_lengths(const struct job *job, int64_t *lengths)
{
	const struct tensor *tensor = &job->command->attention.lengths;
	const struct tile_memory *memory = job->execution->memory;
	uint64_t batch = job->command->d.dim[BATCH];
	int error = TSR_HW_ERR_NONE;
	struct view view;

	if (tensor_present(tensor)) {
		view_tensor(&view, tensor);
		error = list_integers(job->execution, &view, tensor->type, 0, batch, lengths);
	}
	for (uint64_t i = 0; !error && i < batch; i++) {
		if (!tensor_present(tensor))
			lengths[i] = (int64_t)job->keys;
		if (lengths[i] < 0 || (uint64_t)lengths[i] > job->keys)
			error = TSR_HW_ERR_INDEX;
		else if (i % LOOKS == 0 && memory->aborted(memory->ctx))
			error = EXECUTION_ABORTED;
	}
	return error;
}

/* Only pages that have keys are looked at. */
static int load_pages(const struct job *job, const int64_t *lengths, int32_t *pages)
{
	const struct tensor *tensor = &job->command->attention.pages;
	const struct tile_memory *memory = job->execution->memory;
	uint64_t each = tensor->dim[1], count = tensor_elements(tensor);
	struct view view;
	int error;

	view_tensor(&view, tensor);
	error = execution_load(job->execution, &view, 0, count, pages);
	for (uint64_t i = 0; !error && i < count; i++) {
		bool used = i % each * job->k.rows < (uint64_t)lengths[i / each];
		bool right = pages[i] >= 0 &&
			     (uint64_t)pages[i] < job->command->attention.k.dim[BATCH];

		if (used && !right)
			error = TSR_HW_ERR_INDEX;
		else if (i % LOOKS == 0 && memory->aborted(memory->ctx))
			error = EXECUTION_ABORTED;
	}
	return error;
}

static int load_control(struct job *job, int64_t *lengths, int32_t *pages)
{
	int error;

	if (!lengths || (tensor_present(&job->command->attention.pages) && !pages))
		return TSR_HW_ERR_ENGINE;
	error = load_lengths(job, lengths);
	if (error || !pages)
		return error;
	job->k.pages = job->v.pages = pages;
	job->k.pages_each = job->v.pages_each = job->command->attention.pages.dim[1];
	return load_pages(job, lengths, pages);
}

static void start(struct job *job, const struct command *command)
{
	const struct tensor *q = &command->attention.q;

	view_tensor(&job->q, q);
	if (tensor_present(&command->attention.mask))
		view_tensor(&job->mask, &command->attention.mask);
	attention_keys_make(&job->k, &command->attention.k, &command->attention.qk, q->type);
	attention_keys_make(&job->v, &command->attention.v, &command->attention.qv, q->type);
	job->sizes = sizes_of(command);
	job->keys = keys_of(command);
	job->heads = command->attention.k.dim[HEAD];
	job->rows = rows_of(command);
	job->blocks = divide_up(job->rows, job->sizes.rows);
	job->units = command->d.dim[BATCH] * job->heads * job->blocks;
}

static int execute(struct execution *execution, const struct command *command)
{
	const struct tensor *tensor = &command->attention.pages;
	int64_t *lengths = staging_get(command->d.dim[BATCH] * sizeof(*lengths));
	int32_t *pages = tensor_present(tensor) ?
				 staging_get(tensor_elements(tensor) * sizeof(*pages)) : NULL;
	struct job job = { .execution = execution, .command = command, .lengths = lengths };
	int error;

	start(&job, command);
	error = load_control(&job, lengths, pages);
	if (!error) {
		error = block_start(&job.run, execution, &command->attention.post, &command->d);
		if (!error)
			error = run(&job);
		error = block_end(&job.run, error);
	}
	staging_put(lengths);
	staging_put(pages);
	return error;
}

const struct operation operation_attention = {
	.opcode = TSR_HW_OP_ATTENTION,
	.engine = TSR_HW_ENGINE_TENSOR,
	.size = sizeof(struct tsr_hw_attention),
	.has_program = true,
	.decode = decode,
	.measure = measure,
	.check = check,
	.execute = execute,
};
