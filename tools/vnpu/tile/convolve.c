/* SPDX-License-Identifier: MIT */
/* CONVOLVE: convolutions of 1 to 3 dimensions of every type, channels last inside the tile. */
#include <string.h>

#include <tsr_hw/error.h>
#include <tsr_hw/fuse.h>

#include "accumulate.h"
#include "axes.h"
#include "block_run.h"
#include "command.h"
#include "execution.h"
#include "smaller.h"
#include "staging.h"
#include "tile.h"
#include "unfold.h"
#include "weights.h"
#include "work.h"

/* Pictures worked on at a time: some bytes and some tenths of a second of work. */
#define CHUNK_BYTES	(16ull << 20)
#define CHUNK_MACS	(1ull << 31)

/* Elements of a picture for each that windows meet: beyond it they are read where they lie. */
#define SPARSE		8u

#define SPATIAL		TSR_HW_MAX_SPATIAL

/* Dimensions in front of those that windows slide over: N and C. */
#define LEADING		2u

/* Mask of the dimension that is innermost when outputs are numbered. */
#define CHANNELS	(1u << 1)

struct job {
	struct execution *execution;
	const struct command *command;
	struct block_run run;
	struct weights weights;
	struct unfold unfold;
	struct rows pictures;
	struct rows rows;
	uint32_t *order;	/* of terms, or NULL */
	uint64_t images;	/* of a chunk */
	uint64_t pixels;	/* of an output picture */
	uint64_t outputs;	/* channels of a group */
	uint64_t done;		/* outputs that are stored */
};

/* ---- checks --------------------------------------------------------------------- */

static bool is_shape_right(const struct tsr_hw_convolve *raw, const struct command *command)
{
	const struct tensor *x = &command->convolve.x;
	const struct tensor *w = &command->convolve.w;
	const struct tensor *d = &command->d;

	if (raw->mbz[0] || raw->mbz[1] || raw->mbz[2] || !raw->dims || raw->dims > SPATIAL ||
	    !raw->groups)
		return false;
	if (x->rank != raw->dims + LEADING || w->rank != x->rank || d->rank != x->rank)
		return false;
	if (x->dim[1] % raw->groups || w->dim[0] % raw->groups)
		return false;
	return w->dim[1] == x->dim[1] / raw->groups && d->dim[0] == x->dim[0] &&
	       d->dim[1] == w->dim[0];
}

static int decode_windows(const struct tile_request *request, const struct tsr_hw_convolve *raw,
			  struct command *command)
{
	unsigned int missing = SPATIAL - raw->dims;
	int error = TSR_HW_ERR_NONE;

	for (unsigned int i = 0; i < missing; i++)
		sliding_none(&command->convolve.window[i]);
	for (unsigned int i = 0; !error && i < raw->dims; i++) {
		if (raw->window[i].kernel != command->convolve.w.dim[LEADING + i])
			return TSR_HW_ERR_COMMAND;
		error = sliding_decode(request, &raw->window[i],
				       command->convolve.x.dim[LEADING + i],
				       command->d.dim[LEADING + i],
				       &command->convolve.window[missing + i]);
	}
	for (unsigned int i = raw->dims; !error && i < SPATIAL; i++)
		error = sliding_is_absent(&raw->window[i]) ? TSR_HW_ERR_NONE : TSR_HW_ERR_COMMAND;
	return error;
}

static int decode_operands(const struct tile_request *request, const struct tsr_hw_convolve *raw,
			   struct command *command)
{
	struct tensor *x = &command->convolve.x;
	struct tensor *w = &command->convolve.w;
	int error = tensor_decode(request, &raw->x, TYPES_FIRST, 0, x);

	if (!error)
		error = tensor_decode(request, &raw->w, TYPES_SECOND, 0, w);
	if (!error)
		error = tensor_decode(request, &raw->d, TYPES_BYTES, TENSOR_WRITE, &command->d);
	if (!error && !is_shape_right(raw, command))
		error = TSR_HW_ERR_COMMAND;
	if (!error)
		error = decode_windows(request, raw, command);
	command->convolve.groups = raw->groups;
	return error ? error : pairing_of(x->type, w->type, raw->qw.kind == TSR_HW_QUANT_BLOCKS,
					  &command->convolve.pairing);
}

static uint64_t depth_of(const struct command *command)
{
	const struct tensor *w = &command->convolve.w;

	return tensor_extents(w, 1, w->rank);
}

/* Padding is made of elements, so a zero point is one of them. */
static int check_zero(const struct command *command)
{
	unsigned int type = command->convolve.x.type, bits = number_bits(type);
	int64_t zero = command->convolve.qx.zero;
	int64_t least = number_is_signed(type) ? -(1ll << (bits - 1)) : 0;

	return zero >= least && zero < least + (1ll << bits) ? TSR_HW_ERR_NONE : TSR_HW_ERR_COMMAND;
}

static int decode_quants(const struct tile_request *request, const struct tsr_hw_convolve *raw,
			 struct command *command)
{
	unsigned int kinds = 1u << TSR_HW_QUANT_ZERO | 1u << TSR_HW_QUANT_ZEROS;
	const struct quant_operand first = {
		&command->convolve.x, 0, 1, depth_of(command), true, 1u << TSR_HW_QUANT_ZERO,
	};
	const struct quant_operand second = {
		&command->convolve.w, 0, command->d.dim[1], first.depth, true,
		command->convolve.pairing.scaled ? 1u << TSR_HW_QUANT_BLOCKS : kinds,
	};
	int error = quant_decode(request, &raw->qx, &first, &command->convolve.qx);

	if (!error && command->convolve.qx.kind == TSR_HW_QUANT_ZERO)
		error = check_zero(command);
	return error ? error : quant_decode(request, &raw->qw, &second, &command->convolve.qw);
}

/* Work is counted in 64 bits; a picture, and weights of a group are staged as a whole. */
static int check_limits(const struct command *command)
{
	const struct tensor *x = &command->convolve.x;
	uint64_t k = depth_of(command), n = command->d.dim[1] / command->convolve.groups;
	uint64_t picture = tensor_extents(x, 1, x->rank);
	uint64_t macs, weights;

	if (__builtin_mul_overflow(tensor_elements(&command->d), k, &macs) || macs > TILE_MAX_WORK)
		return TSR_HW_ERR_UNSUPPORTED;
	if (__builtin_mul_overflow(k, n, &weights) || weights > TILE_MAX_OPERANDS / sizeof(float) ||
	    k + n > TILE_MAX_OPERANDS / sizeof(float))
		return TSR_HW_ERR_UNSUPPORTED;
	return picture > TILE_MAX_OPERANDS / sizeof(float) ? TSR_HW_ERR_UNSUPPORTED :
							     TSR_HW_ERR_NONE;
}

static int decode(const struct tile_request *request, const void *raw, struct command *command)
{
	const struct tsr_hw_convolve *convolve = raw;
	struct vector_given given = { .has_value = true };
	int error = decode_operands(request, convolve, command);

	if (!error)
		error = decode_quants(request, convolve, command);
	if (!error)
		error = product_blocks_decode(&convolve->blocks, convolve->groups,
					      &command->convolve.blocks);
	if (error)
		return error;
	given.value = command->convolve.pairing.value;
	given.rank = command->d.rank;
	error = block_decode_optional(request, &convolve->head, &command->d, &given,
				      &command->convolve.post);
	return error ? error : check_limits(command);
}

/* ---- what it asks of the device and of the host ----------------------------------- */

static uint64_t taps_of(const struct command *command)
{
	const struct tensor *w = &command->convolve.w;

	return tensor_extents(w, LEADING, w->rank);
}

/* Blocks of k are whole channels. */
static int check(const struct tsr_hw_fuses *fuses, const struct command *command)
{
	const struct product_blocks *blocks = &command->convolve.blocks;
	const struct tensor *d = &command->d;
	uint64_t lines = tensor_extents(d, 2, d->rank - 1u) * d->dim[0];
	const struct product_extents extents = {
		.m = smaller(blocks->bm, lines) * d->dim[d->rank - 1u],
		.n = d->dim[1] / command->convolve.groups, .k = depth_of(command),
		.type = command->convolve.pairing.runs_at,
		.weight_bits = number_bits(command->convolve.w.type),
	};
	const struct product_held most = {
		.outputs = extents.m * smaller(blocks->bn, extents.n) * blocks->bg,
		.wide = command->convolve.pairing.value == NUMBER_I64,
		.output_bits = 8 * d->size,
		.b = smaller(blocks->bk, extents.k) * smaller(blocks->bn, extents.n) * blocks->bg *
		     extents.weight_bits / 8,
	};

	if (blocks->bk < extents.k && blocks->bk % taps_of(command))
		return TSR_HW_ERR_COMMAND;
	return product_blocks_check(fuses, blocks, &extents, &most);
}

static uint64_t picture_of(const struct command *command)
{
	const struct tensor *x = &command->convolve.x;

	return tensor_extents(x, 1, x->rank);
}

static uint64_t pixels_of(const struct command *command)
{
	return tensor_extents(&command->d, LEADING, command->d.rank);
}

static bool is_sparse(const struct command *command)
{
	const struct tensor *x = &command->convolve.x;
	uint64_t places = tensor_extents(x, LEADING, x->rank);

	/* Less than 2^52 by the limit on work, if there are channels. */
	return !command->convolve.w.dim[1] ||
	       places / SPARSE > pixels_of(command) * taps_of(command);
}

static uint64_t fitting(uint64_t most, uint64_t each)
{
	return each ? most / each : UINT64_MAX;
}

/* Pictures that are staged at a time. */
static uint64_t chunk_of(const struct command *command)
{
	const struct tensor *d = &command->d;
	uint64_t outputs = tensor_extents(d, 1, d->rank);
	uint64_t by_work = fitting(CHUNK_MACS, outputs * depth_of(command));
	uint64_t chunk = smaller(by_work, fitting(CHUNK_BYTES, picture_of(command) * sizeof(float)));

	chunk = smaller(chunk, d->dim[0]);
	return chunk ? chunk : 1;
}

static uint64_t staged_of(const struct command *command)
{
	return is_sparse(command) ? 0 : chunk_of(command) * picture_of(command);
}

static void measure(const struct command *command, struct work *work)
{
	const struct pairing *pairing = &command->convolve.pairing;
	const struct block *post = &command->convolve.post;
	const struct tensor *d = &command->d;

	work->unit = WORK_ARRAY;
	work->type = pairing->runs_at;
	work->batch = command->convolve.groups;
	work->m = d->dim[0] * pixels_of(command);
	work->n = d->dim[1] / command->convolve.groups;
	work->k = depth_of(command);
	work->post_elements = tensor_elements(d);
	work->post_row = block_row(post, d);
	work->post_weight = post->program.weight;
	work->bytes_read = tensor_bytes(&command->convolve.x) + tensor_bytes(&command->convolve.w) +
			   quant_bytes(&command->convolve.qw) + block_bytes(post);
	work->bytes_written = tensor_bytes(d);
	work->staging = accumulate_staging(pairing, work->k, work->n,
					   chunk_of(command) * pixels_of(command)) +
			2 * staging_size(staged_of(command) * sizeof(float)) +
			staging_size(work->k * sizeof(uint32_t));
}

/* ---- staging -------------------------------------------------------------------- */

/* Taps are outermost in rows of windows, unless scales belong to blocks of whole channels. */
static bool is_by_channel(const struct command *command)
{
	return command->convolve.pairing.scaled;
}

/* Terms of strict sums are ordered by channels, whatever their order in rows. */
static int make_order(struct job *job)
{
	uint64_t taps = taps_of(job->command), channels = job->unfold.channels, at = 0;

	if (!job->execution->strict || is_by_channel(job->command) || !job->weights.k)
		return TSR_HW_ERR_NONE;
	job->order = staging_get(job->weights.k * sizeof(*job->order));
	if (!job->order)
		return TSR_HW_ERR_ENGINE;
	for (uint64_t channel = 0; channel < channels; channel++)
		for (uint64_t tap = 0; tap < taps; tap++)
			job->order[at++] = (uint32_t)(tap * channels + channel);
	job->weights.order = job->order;
	return TSR_HW_ERR_NONE;
}

/* Weights of a group as a matrix [k, outputs]. */
static void weights_view(const struct job *job, uint64_t group, struct view *view)
{
	const struct tensor *w = &job->command->convolve.w;
	bool by_channel = is_by_channel(job->command);

	view_start_tensor(view, w);
	view->va += group * job->outputs * w->stride[0];
	if (by_channel)
		view_add(view, w->dim[1], w->stride[1]);
	for (unsigned int i = LEADING; i < w->rank; i++)
		view_add(view, w->dim[i], w->stride[i]);
	if (!by_channel)
		view_add(view, w->dim[1], w->stride[1]);
	view_add(view, job->outputs, w->stride[0]);
}

/* [O, blocks] as [blocks, outputs of a group]. */
static void quant_view(const struct job *job, const struct tensor *tensor, uint64_t group,
		       struct view *view)
{
	view_start_tensor(view, tensor);
	view->va += group * job->outputs * tensor->stride[0];
	view_add(view, tensor->dim[1], tensor->stride[1]);
	view_add(view, job->outputs, tensor->stride[0]);
}

static int load_weights(struct job *job, uint64_t group)
{
	const struct quant *quant = &job->command->convolve.qw;
	struct weights_source source = { .quant = quant };

	weights_view(job, group, &source.elements);
	if (tensor_present(&quant->scale))
		quant_view(job, &quant->scale, group, &source.scale);
	if (tensor_present(&quant->zeros))
		quant_view(job, &quant->zeros, group, &source.zeros);
	return weights_load(job->execution, &source, &job->weights);
}

static int load_pictures(struct job *job, uint64_t first, uint64_t count)
{
	const struct command *command = job->command;
	uint64_t picture = picture_of(command);
	struct view view;

	job->unfold.image = first;
	if (!job->unfold.pictures || !picture)
		return TSR_HW_ERR_NONE;
	axes_view(&view, &command->convolve.x, CHANNELS);
	return rows_load(job->execution, &command->convolve.pairing, &view, first * picture,
			 count * picture, &job->pictures);
}

/* ---- execution ------------------------------------------------------------------ */

/* Windows of some pictures times the weights of one group. */
static int run_windows(struct job *job, uint64_t group, uint64_t first, uint64_t count,
		       uint64_t chunk)
{
	uint64_t width = job->command->d.dim[1];
	int error = TSR_HW_ERR_NONE;

	for (uint64_t n, at = 0; !error && at < count; at += n) {
		n = smaller(chunk, count - at);
		job->rows.count = n;
		job->rows.zero = job->command->convolve.qx.zero;
		error = unfold(job->execution, &job->unfold, first + at, &job->rows);
		if (!error)
			error = accumulate(job->execution, &job->weights, &job->rows, &job->run,
					   (first + at) * width + group * job->outputs, width);
		job->done += n * job->outputs;
		if (!error)
			error = execution_progress(job->execution, job->done,
						   tensor_elements(&job->command->d));
	}
	return error;
}

static int run_group(struct job *job, uint64_t group, uint64_t first, uint64_t images)
{
	const struct pairing *pairing = job->weights.pairing;
	uint64_t chunk = accumulate_rows(pairing, job->weights.k, job->outputs,
					 images * job->pixels);
	int error = TSR_HW_ERR_NONE;

	/* Those of the only group stay from chunk to chunk. */
	if (job->command->convolve.groups > 1 || !first)
		error = load_weights(job, group);
	job->unfold.first = group * job->unfold.channels;
	if (!error)
		error = rows_get(pairing, chunk * job->weights.k, &job->rows);
	if (!error)
		error = run_windows(job, group, first * job->pixels, images * job->pixels, chunk);
	rows_put(&job->rows);
	job->rows = (struct rows){ 0 };
	return error;
}

static int run(struct job *job)
{
	uint64_t total = job->command->d.dim[0];
	int error = make_order(job);

	for (uint64_t first = 0; !error && first < total; first += job->images) {
		uint64_t n = smaller(job->images, total - first);

		error = load_pictures(job, first, n);
		for (uint64_t group = 0; !error && group < job->command->convolve.groups; group++)
			error = run_group(job, group, first, n);
	}
	return error;
}

static void start_unfold(struct job *job)
{
	const struct command *command = job->command;
	const struct tensor *x = &command->convolve.x;
	uint64_t code = (uint64_t)(command->convolve.qx.zero + codes_first_offset(x->type));
	bool exact = pairing_is_exact(&command->convolve.pairing);

	job->unfold = (struct unfold){
		.pairing = &command->convolve.pairing,
		.x = x,
		.window = command->convolve.window,
		.pictures = is_sparse(command) ? NULL : &job->pictures,
		.channels = command->convolve.w.dim[1],
		.by_channel = is_by_channel(command),
		.padding = { exact ? (uint8_t)code : 0, exact ? (uint8_t)(code >> 8) : 0 },
	};
	for (unsigned int i = 0; i < x->rank - LEADING; i++)
		job->unfold.stride[SPATIAL - 1 - i] = x->stride[x->rank - 1 - i];
}

static int execute(struct execution *execution, const struct command *command)
{
	const struct pairing *pairing = &command->convolve.pairing;
	struct job job = {
		.execution = execution,
		.command = command,
		.weights = { .pairing = pairing, .k = depth_of(command) },
		.images = chunk_of(command),
		.pixels = pixels_of(command),
		.outputs = command->d.dim[1] / command->convolve.groups,
	};
	int error;

	job.weights.n = job.outputs;
	job.weights.shifted = rows_shifted(pairing, command->convolve.qx.zero, false);
	start_unfold(&job);
	block_start_along(&job.run, execution, &command->convolve.post, &command->d, CHANNELS);
	error = rows_get(pairing, staged_of(command), &job.pictures);
	if (!error)
		error = run(&job);
	block_end(&job.run);
	weights_free(&job.weights);
	rows_put(&job.pictures);
	staging_put(job.order);
	return error;
}

const struct operation operation_convolve = {
	.opcode = TSR_HW_OP_CONVOLVE,
	.engine = TSR_HW_ENGINE_TENSOR,
	.size = sizeof(struct tsr_hw_convolve),
	.has_program = true,
	.decode = decode,
	.check = check,
	.measure = measure,
	.execute = execute,
};
