/* SPDX-License-Identifier: MIT */
/* CONV: two-dimensional convolution, channels last inside the tile. */
#include <tsr_hw/error.h>
#include <tsr_hw/program.h>

#include "command.h"
#include "conv_job.h"
#include "execution.h"
#include "onednn.h"
#include "scaled_tensor.h"
#include "staging.h"
#include "tile.h"
#include "window.h"
#include "work.h"

/* Pictures worked on at a time: some bytes and some tenths of a second of work. */
#define CHUNK_BYTES	(16ull << 20)
#define CHUNK_MACS	(1ull << 31)

/* The library takes no more than these bytes of pictures, weights and results at once. */
#define LIBRARY_BYTES	(128ull << 20)

/* For each of them: what it works on, and one for its trial. */
#define LIBRARY_COPIES	2

/* Power of two that kernels, strides, dilations and pads given to the library stay below. */
#define LIBRARY_WINDOW	1024u

static int decode_window(const struct tsr_hw_conv *conv, struct command *command)
{
	struct window *window = &command->conv.window;
	const struct tensor *w = &command->conv.w;

	*window = (struct window){
		.kernel = { (uint32_t)w->dim[2], (uint32_t)w->dim[3] },
		.stride = { conv->stride_h, conv->stride_w },
		.dilation = { conv->dilation_h, conv->dilation_w },
		.pad_before = { conv->pad_top, conv->pad_left },
		.pad_after = { conv->pad_bottom, conv->pad_right },
	};
	return window_check(window, &command->conv.x.dim[2], &command->d.dim[2]);
}

static int check_shape(const struct command *command)
{
	const struct tensor *x = &command->conv.x;
	const struct tensor *w = &command->conv.w;
	const struct tensor *d = &command->d;
	uint32_t groups = command->conv.groups;

	if (x->rank != 4 || w->rank != 4 || d->rank != 4 || !groups)
		return TSR_HW_ERR_COMMAND;
	if (x->dim[1] % groups || w->dim[0] % groups || w->dim[1] != x->dim[1] / groups)
		return TSR_HW_ERR_COMMAND;
	return d->dim[0] == x->dim[0] && d->dim[1] == w->dim[0] ?
	       TSR_HW_ERR_NONE : TSR_HW_ERR_COMMAND;
}

static uint64_t depth_of(const struct command *command)
{
	const struct tensor *w = &command->conv.w;

	return w->dim[1] * w->dim[2] * w->dim[3];
}

static int check_limits(const struct command *command)
{
	const struct tensor *x = &command->conv.x;
	const struct tensor *d = &command->d;
	uint64_t operands = tensor_elements(&command->conv.w) + tensor_picture(x) +
			    tensor_picture(d) + depth_of(command);
	uint64_t macs;

	if (__builtin_mul_overflow(tensor_elements(d), depth_of(command), &macs) ||
	    macs > TILE_MAX_WORK)
		return TSR_HW_ERR_UNSUPPORTED;
	return operands > TILE_MAX_OPERANDS / sizeof(float) ? TSR_HW_ERR_UNSUPPORTED :
							      TSR_HW_ERR_NONE;
}

static int decode(const struct tile_request *request, const void *raw, struct command *command)
{
	const struct tsr_hw_conv *conv = raw;
	struct tensor *x = &command->conv.x;
	struct tensor *w = &command->conv.w;
	int error = product_decode(request, &conv->x, &conv->w, &conv->d, x, w, &command->d);

	command->conv.groups = conv->groups;
	if (!error)
		error = conv->mbz ? TSR_HW_ERR_COMMAND : check_shape(command);
	if (!error)
		error = decode_window(conv, command);
	if (!error)
		error = scaled_tensor_channels(request, &conv->w, w->dim[0], w);
	if (!error)
		error = epilogue_decode(request, &conv->epilogue, &command->d, w->dim[0],
					type_is_int8(x->type), &command->conv.epilogue);
	return error ? error : check_limits(command);
}

/* Elements of one input picture. */
static uint64_t picture_of(const struct command *command)
{
	return tensor_picture(&command->conv.x);
}

/* Bytes of a staged element. */
static uint64_t element_of(const struct command *command)
{
	return type_is_int8(command->conv.x.type) ? sizeof(uint8_t) : sizeof(float);
}

/* How many of what takes @each fit into @most. */
static uint64_t fitting(uint64_t most, uint64_t each)
{
	return each ? most / each : UINT64_MAX;
}

static uint64_t chunk_of(const struct command *command)
{
	const struct tensor *d = &command->d;
	uint64_t outputs = tensor_picture(d);
	uint64_t by_work = fitting(CHUNK_MACS, outputs * depth_of(command));
	uint64_t by_size = fitting(CHUNK_BYTES, (picture_of(command) + outputs) * sizeof(float));
	uint64_t chunk = by_work < by_size ? by_work : by_size;

	if (chunk > d->dim[0])
		chunk = d->dim[0];
	return chunk ? chunk : 1;
}

/* Host memory by which the library's way is judged: chunk, weights, results. */
static uint64_t library_bytes(const struct command *command, uint64_t chunk)
{
	const struct tensor *d = &command->d;

	return staging_size(chunk * picture_of(command) * sizeof(float)) +
	       staging_size(tensor_elements(&command->conv.w) * sizeof(float)) +
	       staging_size(chunk * tensor_picture(d) * sizeof(float));
}

/*
 * The library computes positions in 32 bits, so it never sees a window that no network
 * has; nor a picture so large that progress would not show or memory would not do.
 */
static bool suits_library(const struct conv_job *job)
{
	const struct command *command = job->command;
	const struct window *window = &command->conv.window;
	uint32_t largest = 0;

	for (int axis = 0; axis < 2; axis++)
		largest |= window->kernel[axis] | window->stride[axis] | window->dilation[axis] |
			   window->pad_before[axis] | window->pad_after[axis];
	return !type_is_int8(command->conv.x.type) && !job->sparse && picture_of(command) &&
	       largest < LIBRARY_WINDOW &&
	       job->pixels * command->d.dim[1] * job->depth <= CHUNK_MACS &&
	       library_bytes(command, job->chunk) <= LIBRARY_BYTES;
}

static void plan(const struct command *command, struct conv_job *job)
{
	const struct tensor *d = &command->d;

	job->command = command;
	job->images = d->dim[0];
	job->pixels = d->dim[2] * d->dim[3];
	job->depth = depth_of(command);
	job->outputs = d->dim[1] / command->conv.groups;
	job->chunk = chunk_of(command);
	job->sparse = window_is_sparse(&command->conv.window, &command->conv.x.dim[2],
				       job->pixels);
	job->library = suits_library(job);
}

static uint64_t staging_of(const struct command *command)
{
	struct conv_job job = { 0 };
	struct product product = { .integer = type_is_int8(command->conv.x.type) };
	uint64_t staging = 0;
	uint64_t library;

	plan(command, &job);
	product.k = job.depth;
	product.n = job.outputs;
	if (!job.sparse)
		staging = staging_size(job.chunk * picture_of(command) * element_of(command));
	staging += product_staging(&product, job.images * job.pixels, command->d.dim[1]);
	library = LIBRARY_COPIES * library_bytes(command, job.chunk) +
		  2 * staging_size(ONEDNN_MOST_SCRATCH);
	staging += staging_size(job.depth * sizeof(uint32_t));
	return job.library && library > staging ? library : staging;
}

static void measure(const struct command *command, struct work *work)
{
	const struct tensor *d = &command->d;

	work->unit = WORK_ARRAY;
	work->type = command->conv.x.type;
	work->batch = command->conv.groups;
	work->m = d->dim[0] * d->dim[2] * d->dim[3];
	work->n = d->dim[1] / command->conv.groups;
	work->k = depth_of(command);
	work->bytes_read = tensor_bytes(&command->conv.x) +
			   product_weight_bytes(&command->conv.w, d->dim[1]) +
			   epilogue_bytes(&command->conv.epilogue);
	work->bytes_written = tensor_bytes(d);
	work->staging = staging_of(command);
}

static int run(const struct conv_job *job)
{
	int error = TSR_HW_ERR_UNSUPPORTED;

	if (job->library && !job->execution->strict)
		error = conv_by_library(job);
	return error == TSR_HW_ERR_UNSUPPORTED ? conv_by_windows(job) : error;
}

static int execute(struct execution *execution, const struct command *command)
{
	struct conv_job job = { .execution = execution };
	int error = channels_load(execution, &command->conv.epilogue, &command->conv.x,
				  &command->conv.w, &command->d, command->d.dim[1],
				  &job.channels);

	plan(command, &job);
	if (!error && !job.sparse) {
		job.pictures = staging_get(job.chunk * picture_of(command) * element_of(command));
		error = job.pictures ? TSR_HW_ERR_NONE : TSR_HW_ERR_ENGINE;
	}
	if (!error)
		error = run(&job);
	staging_put(job.pictures);
	channels_free(&job.channels);
	return error;
}

const struct operation operation_conv = {
	.opcode = TSR_HW_OP_CONV,
	.engine = TSR_HW_ENGINE_TENSOR,
	.size = sizeof(struct tsr_hw_conv),
	.decode = decode,
	.measure = measure,
	.execute = execute,
};
