/* SPDX-License-Identifier: MIT */
/* CONVOLVE: convolutions of 1 to 3 dimensions of every type, channels last inside the tile. */
#include <tsr_hw/error.h>
#include <tsr_hw/fuse.h>

#include "accumulate.h"
#include "command.h"
#include "convolve_job.h"
#include "execution.h"
#include "smaller.h"
#include "staging.h"
#include "tile.h"
#include "work.h"

/* Pictures worked on at a time: some bytes and some tenths of a second of work. */
#define CHUNK_BYTES	(16ull << 20)
#define CHUNK_MACS	(1ull << 31)

#define SPATIAL		TSR_HW_MAX_SPATIAL

#define LEADING		CONVOLVE_LEADING

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
	       places / CONVOLVE_SPARSE > pixels_of(command) * taps_of(command);
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

static uint64_t staged_of(const struct convolve_job *job)
{
	return job->sparse ? 0 : job->images * picture_of(job->command);
}

static void plan(const struct command *command, struct convolve_job *job)
{
	const struct pairing *pairing = &command->convolve.pairing;

	job->command = command;
	job->weights = (struct weights){
		.pairing = pairing,
		.groups = 1,
		.k = depth_of(command),
		.n = command->d.dim[1] / command->convolve.groups,
		.shifted = rows_shifted(pairing, command->convolve.qx.zero, false),
	};
	job->taps = taps_of(command);
	job->images = chunk_of(command);
	job->pixels = pixels_of(command);
	job->sparse = is_sparse(command);
	job->library = convolve_suits_library(job);
}

static uint64_t staging_of(const struct convolve_job *job)
{
	uint64_t staging = accumulate_staging(job->weights.pairing, job->weights.k, job->weights.n,
					      job->images * job->pixels) +
			   2 * staging_size(staged_of(job) * sizeof(float)) +
			   staging_size(job->weights.k * sizeof(uint32_t));
	uint64_t library = job->library ? convolve_library_staging(job) : 0;

	return library > staging ? library : staging;
}

static void measure(const struct command *command, struct work *work)
{
	const struct block *post = &command->convolve.post;
	const struct tensor *d = &command->d;
	struct convolve_job job = { 0 };

	plan(command, &job);
	work->unit = WORK_ARRAY;
	work->type = command->convolve.pairing.runs_at;
	work->block_types = quant_block_types(&command->convolve.w, &command->convolve.qw);
	work->batch = command->convolve.groups;
	work->m = d->dim[0] * job.pixels;
	work->n = job.weights.n;
	work->k = job.weights.k;
	work->post_elements = tensor_elements(d);
	work->post_row = block_row(post, d);
	work->post_weight = post->program.weight;
	work->bytes_read = tensor_bytes(&command->convolve.x) + tensor_bytes(&command->convolve.w) +
			   quant_bytes(&command->convolve.qw) + block_bytes(post);
	work->bytes_written = tensor_bytes(d);
	work->staging = staging_of(&job);
}

/* ---- execution ------------------------------------------------------------------ */

static int run(struct convolve_job *job)
{
	int error = TSR_HW_ERR_UNSUPPORTED;

	/* Integers have the same sum in any order. */
	if (job->library && (!job->execution->strict || pairing_is_exact(job->weights.pairing)))
		error = convolve_by_library(job);
	return error == TSR_HW_ERR_UNSUPPORTED ? convolve_by_windows(job) : error;
}

static int execute(struct execution *execution, const struct command *command)
{
	struct convolve_job job = { .execution = execution };
	int error;

	plan(command, &job);
	block_start_along(&job.run, execution, &command->convolve.post, &command->d,
			  CONVOLVE_CHANNELS);
	error = run(&job);
	block_end(&job.run);
	weights_free(&job.weights);
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
