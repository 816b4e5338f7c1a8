/* SPDX-License-Identifier: MIT */
/* CONV: convolutions of 1 to 3 dimensions of every type, channels last inside the tile. */
#include <tsr_hw/error.h>
#include <tsr_hw/fuse.h>

#include "accumulate.h"
#include "command.h"
#include "conv_dense.h"
#include "conv_job.h"
#include "execution.h"
#include "smaller.h"
#include "staging.h"
#include "tile.h"
#include "work.h"

/* Pictures worked on at a time: some bytes, and CONV_MACS. */
#define CHUNK_BYTES	(16ull << 20)

/* What a group of a picture costs beside its products: the library has a call for each. */
#define GROUP_MACS	16384u

#define SPATIAL		TSR_HW_MAX_SPATIAL

#define LEADING		CONV_LEADING

/* ---- checks --------------------------------------------------------------------- */

static bool is_shape_right(const struct tsr_hw_conv *raw, const struct command *command)
{
	const struct tensor *x = &command->conv.x;
	const struct tensor *w = &command->conv.w;
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

static int decode_windows(const struct tile_request *request, const struct tsr_hw_conv *raw,
			  struct command *command)
{
	unsigned int missing = SPATIAL - raw->dims;
	int error = TSR_HW_ERR_NONE;

	for (unsigned int i = 0; i < missing; i++)
		sliding_none(&command->conv.window[i]);
	for (unsigned int i = 0; !error && i < raw->dims; i++) {
		if (raw->window[i].kernel != command->conv.w.dim[LEADING + i])
			return TSR_HW_ERR_COMMAND;
		error = sliding_decode(request, &raw->window[i],
				       command->conv.x.dim[LEADING + i],
				       command->d.dim[LEADING + i],
				       &command->conv.window[missing + i]);
	}
	for (unsigned int i = raw->dims; !error && i < SPATIAL; i++)
		error = sliding_is_absent(&raw->window[i]) ? TSR_HW_ERR_NONE : TSR_HW_ERR_COMMAND;
	return error;
}

static int decode_operands(const struct tile_request *request, const struct tsr_hw_conv *raw,
			   struct command *command)
{
	struct tensor *x = &command->conv.x;
	struct tensor *w = &command->conv.w;
	int error = tensor_decode(request, &raw->x, TYPES_FIRST, 0, x);

	if (!error)
		error = tensor_decode(request, &raw->w, TYPES_SECOND, 0, w);
	if (!error)
		error = tensor_decode(request, &raw->d, TYPES_ANY, TENSOR_WRITE, &command->d);
	if (!error && !is_shape_right(raw, command))
		error = TSR_HW_ERR_COMMAND;
	if (!error)
		error = decode_windows(request, raw, command);
	command->conv.groups = raw->groups;
	return error ? error : pairing_of(x->type, w->type, raw->qw.kind == TSR_HW_QUANT_BLOCKS,
					  &command->conv.pairing);
}

static uint64_t depth_of(const struct command *command)
{
	const struct tensor *w = &command->conv.w;

	return tensor_extents(w, 1, w->rank);
}

/* Padding is made of elements, so a zero point is one of them. */
static int check_zero(const struct command *command)
{
	unsigned int type = command->conv.x.type, bits = number_bits(type);
	int64_t zero = command->conv.qx.zero;
	int64_t least = number_is_signed(type) ? -(1ll << (bits - 1)) : 0;

	return zero >= least && zero < least + (1ll << bits) ? TSR_HW_ERR_NONE : TSR_HW_ERR_COMMAND;
}

static int decode_quants(const struct tile_request *request, const struct tsr_hw_conv *raw,
			 struct command *command)
{
	unsigned int kinds = 1u << TSR_HW_QUANT_ZERO | 1u << TSR_HW_QUANT_ZEROS;
	const struct quant_operand first = {
		.tensor = &command->conv.x, .depth = depth_of(command),
		.kinds = 1u << TSR_HW_QUANT_ZERO,
	};
	const struct quant_operand second = {
		&command->conv.w, 0, command->d.dim[1], first.depth, true,
		command->conv.pairing.scaled ? 1u << TSR_HW_QUANT_BLOCKS : kinds,
	};
	int error = quant_decode(request, &raw->qx, &first, &command->conv.qx);

	if (!error && command->conv.qx.kind == TSR_HW_QUANT_ZERO)
		error = check_zero(command);
	return error ? error : quant_decode(request, &raw->qw, &second, &command->conv.qw);
}

/*
 * Lines are stored whole; channels in runs, of one group or of several, that must be whole bytes.
 */
static int check_halves(const struct command *command)
{
	const struct product_blocks *blocks = &command->conv.blocks;
	const struct tensor *d = &command->d;
	uint32_t packed = tensor_elements(d) ? tensor_packed(d) : 0;
	uint64_t groups = command->conv.groups, outputs = d->dim[1] / groups;
	bool whole = blocks->bn >= outputs;
	uint64_t run = whole ? blocks->bg * outputs : blocks->bn;

	if (!packed || packed == 1u << (d->rank - 1))
		return TSR_HW_ERR_NONE;
	if (packed != CONV_CHANNELS)
		return TSR_HW_ERR_UNSUPPORTED;
	if (whole && blocks->bg >= groups)
		return TSR_HW_ERR_NONE;
	return run % 2 || (!whole && groups > 1 && outputs % 2) ? TSR_HW_ERR_COMMAND :
								   TSR_HW_ERR_NONE;
}

/* Work is counted in 64 bits; a picture, and weights of a group are staged as a whole. */
static int check_limits(const struct command *command)
{
	const struct tensor *x = &command->conv.x;
	uint64_t k = depth_of(command), n = command->d.dim[1] / command->conv.groups;
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
	const struct tsr_hw_conv *conv = raw;
	struct vector_given given = { .has_value = true };
	int error = decode_operands(request, conv, command);

	if (!error)
		error = decode_quants(request, conv, command);
	if (!error)
		error = product_blocks_decode(&conv->blocks, conv->groups,
					      &command->conv.blocks);
	if (!error)
		error = check_halves(command);
	if (error)
		return error;
	given.value = command->conv.pairing.value;
	given.rank = command->d.rank;
	error = block_decode_optional(request, &conv->head, &command->d, &given,
				      &command->conv.post);
	return error ? error : check_limits(command);
}

/* ---- what it asks of the device and of the host ----------------------------------- */

static uint64_t taps_of(const struct command *command)
{
	const struct tensor *w = &command->conv.w;

	return tensor_extents(w, LEADING, w->rank);
}

/* Blocks of k are whole channels. */
static int check(const struct tsr_hw_fuses *fuses, uint64_t ring, const struct command *command)
{
	const struct product_blocks *blocks = &command->conv.blocks;
	const struct tensor *d = &command->d;
	uint64_t lines = tensor_extents(d, 2, d->rank - 1u) * d->dim[0];
	const struct product_extents extents = {
		.m = smaller(blocks->bm, lines) * d->dim[d->rank - 1u],
		.n = d->dim[1] / command->conv.groups, .k = depth_of(command),
		.type = command->conv.pairing.runs_at,
		.weight_bits = number_bits(command->conv.w.type),
	};
	const struct product_held most = {
		.outputs = extents.m * smaller(blocks->bn, extents.n) * blocks->bg,
		.wide = command->conv.pairing.value == NUMBER_I64,
		.output_bits = number_bits(d->type),
		.b = tensor_is_resident(&command->conv.w) ? 0 :
		     smaller(blocks->bk, extents.k) * smaller(blocks->bn, extents.n) * blocks->bg *
		     extents.weight_bits / 8,
	};

	if (blocks->bk < extents.k && blocks->bk % taps_of(command))
		return TSR_HW_ERR_COMMAND;
	return product_blocks_check(fuses, ring, blocks, &extents, &most);
}

static uint64_t picture_of(const struct command *command)
{
	const struct tensor *x = &command->conv.x;

	return tensor_extents(x, 1, x->rank);
}

static uint64_t pixels_of(const struct command *command)
{
	return tensor_extents(&command->d, LEADING, command->d.rank);
}

static bool is_sparse(const struct command *command)
{
	const struct tensor *x = &command->conv.x;
	uint64_t places = tensor_extents(x, LEADING, x->rank);

	/* Less than 2^52 by the limit on work, if there are channels. */
	return !command->conv.w.dim[1] ||
	       places / CONV_SPARSE > pixels_of(command) * taps_of(command);
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
	uint64_t groups = (uint64_t)command->conv.groups * GROUP_MACS;
	uint64_t by_work = fitting(CONV_MACS, conv_macs(outputs, depth_of(command)) + groups);
	uint64_t chunk = smaller(by_work,
				 fitting(CHUNK_BYTES, picture_of(command) * sizeof(float)));

	chunk = smaller(chunk, d->dim[0]);
	return chunk ? chunk : 1;
}

static uint64_t staged_of(const struct conv_job *job)
{
	return job->sparse ? 0 : job->images * picture_of(job->command);
}

static void plan(const struct command *command, struct conv_job *job)
{
	const struct pairing *pairing = &command->conv.pairing;

	job->command = command;
	job->weights = (struct weights){
		.pairing = pairing,
		.groups = 1,
		.k = depth_of(command),
		.n = command->d.dim[1] / command->conv.groups,
		.shifted = rows_shifted(pairing, command->conv.qx.zero, false),
	};
	job->taps = taps_of(command);
	job->images = chunk_of(command);
	job->pixels = pixels_of(command);
	job->sparse = is_sparse(command);
	job->dense = conv_dense_suits(job);
}

static uint64_t staging_of(const struct conv_job *job)
{
	uint64_t staging = accumulate_staging(job->weights.pairing, job->weights.k, job->weights.n,
					      job->images * job->pixels) +
			   2 * staging_size(staged_of(job) * sizeof(float)) +
			   staging_size(job->weights.k * sizeof(uint32_t));
	uint64_t library = conv_library_suits(job) ? conv_library_staging(job) : 0;
	uint64_t dots = conv_dots_suits(job) ? conv_dots_staging(job) : 0;

	return larger(staging, larger(library, dots));
}

static void measure(const struct command *command, struct work *work)
{
	const struct block *post = &command->conv.post;
	const struct tensor *d = &command->d;
	struct conv_job job = { 0 };

	plan(command, &job);
	work->multiplies = true;
	work->type = command->conv.pairing.runs_at;
	work->block_types = quant_block_types(&command->conv.w, &command->conv.qw);
	work_multiply(work, command->conv.groups * d->dim[0] * job.pixels * job.weights.n,
		      job.weights.k);
	work_pass(work, tensor_elements(d), post->program.weight);
	work->bytes = tensor_bytes(&command->conv.x) + tensor_bytes(&command->conv.w) +
		      quant_bytes(&command->conv.qw) + block_bytes(post) + tensor_bytes(d);
	work->staging = staging_of(&job) + halves_output_staging(d);
}

/* ---- execution ------------------------------------------------------------------ */

static int run(struct conv_job *job)
{
	int error = TSR_HW_ERR_UNSUPPORTED;

	/* Integers have the same sum in any order. */
	if (conv_dots_suits(job))
		error = conv_by_dots(job);
	else if (conv_library_suits(job) &&
		 (!job->execution->strict || pairing_is_exact(job->weights.pairing)))
		error = conv_by_library(job);
	return error == TSR_HW_ERR_UNSUPPORTED ? conv_by_windows(job, 0) : error;
}

static int execute(struct execution *execution, const struct command *command)
{
	struct conv_job job = { .execution = execution };
	int error;

	plan(command, &job);
	error = block_start_along(&job.run, execution, &command->conv.post, &command->d,
				  CONV_CHANNELS);
	if (!error)
		error = run(&job);
	error = block_end(&job.run, error);
	weights_free(&job.weights);
	return error;
}

const struct operation operation_conv = {
	.opcode = TSR_HW_OP_CONV,
	.engine = TSR_HW_ENGINE_TENSOR,
	.size = sizeof(struct tsr_hw_conv),
	.has_program = true,
	.decode = decode,
	.check = check,
	.measure = measure,
	.execute = execute,
};
