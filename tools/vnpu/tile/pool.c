/* SPDX-License-Identifier: MIT */
/* POOL: maximum and average over windows, channels last inside the tile. */
#include <math.h>
#include <string.h>

#include <tsr_hw/error.h>
#include <tsr_hw/program.h>

#include "command.h"
#include "convert.h"
#include "execution.h"
#include "gather.h"
#include "number/clones.h"
#include "number/extremum.h"
#include "parallel.h"
#include "scaled_tensor.h"
#include "staging.h"
#include "tile.h"
#include "window.h"
#include "work.h"

/* Pictures staged at a time, outputs between two reports, outputs of a thread. */
#define CHUNK_BYTES	(16ull << 20)
#define CHUNK		(1u << 20)
#define LANES		1024u

/*
 * One running command. Floating point is pooled as fp32, integers as int32 codes:
 * a sum of many codes must not be rounded before its end.
 */
struct job {
	struct execution *execution;
	const struct command *command;
	struct view out;
	bool integer;
	uint64_t channels;
	uint64_t pixels;	/* of an output picture */
	uint64_t image;		/* first picture staged */
	uint64_t first;		/* output element the range starts with, from @image on */
	void *pictures;		/* float or int32_t, dense, channels last; NULL to read where
				 * they lie */
};

/* A run of channels: output pixel, picture and lanes. */
struct lanes {
	uint64_t pixel;
	uint64_t channel;
	uint64_t n;
	void *values;
};

/* Taps between two questions whether to give up, each of up to LANES elements. */
#define TAPS		64u

static int check_pads(const struct window *window)
{
	for (int axis = 0; axis < 2; axis++) {
		uint64_t reach = window_reach(window, axis);

		if (window->pad_before[axis] >= reach || window->pad_after[axis] >= reach)
			return TSR_HW_ERR_COMMAND;
	}
	return TSR_HW_ERR_NONE;
}

static int check_shape(const struct command *command)
{
	const struct tensor *x = &command->pool.x;
	const struct tensor *d = &command->d;
	const struct window *window = &command->pool.window;
	int error;

	if (x->rank != 4 || d->rank != 4 || x->dim[0] != d->dim[0] || x->dim[1] != d->dim[1])
		return TSR_HW_ERR_COMMAND;
	if (command->pool.mode > TSR_HW_POOL_AVERAGE_PADDED)
		return TSR_HW_ERR_COMMAND;
	/* The maximum is a code of the input: it must mean the same in the output. */
	if (command->pool.mode == TSR_HW_POOL_MAX && (x->scale != d->scale || x->zero != d->zero))
		return TSR_HW_ERR_COMMAND;
	error = window_check(window, &x->dim[2], &d->dim[2]);
	return error ? error : check_pads(window);
}

static uint64_t window_elements(const struct window *window)
{
	return (uint64_t)window->kernel[0] * window->kernel[1];
}

static int check_limits(const struct command *command)
{
	const struct tensor *x = &command->pool.x;
	uint64_t work;

	if (__builtin_mul_overflow(tensor_elements(&command->d),
				   window_elements(&command->pool.window), &work) ||
	    work > TILE_MAX_WORK)
		return TSR_HW_ERR_UNSUPPORTED;
	return tensor_picture(x) > TILE_MAX_OPERANDS / sizeof(float) ?
	       TSR_HW_ERR_UNSUPPORTED : TSR_HW_ERR_NONE;
}

static int decode(const struct tile_request *request, const void *raw, struct command *command)
{
	const struct tsr_hw_pool *pool = raw;
	struct tensor *x = &command->pool.x;
	int error = scaled_tensor_decode(request, &pool->x, TYPES_FP | TYPES_INT8, 0, x);

	if (!error)
		error = scaled_tensor_decode(request, &pool->d, TYPE_BIT(x->type), TENSOR_WRITE,
				      &command->d);
	if (error)
		return error;
	command->pool.mode = pool->mode;
	command->pool.window = (struct window){
		.kernel = { pool->kernel_h, pool->kernel_w },
		.stride = { pool->stride_h, pool->stride_w },
		.dilation = { pool->dilation_h, pool->dilation_w },
		.pad_before = { pool->pad_top, pool->pad_left },
		.pad_after = { pool->pad_bottom, pool->pad_right },
	};
	error = pool->mbz ? TSR_HW_ERR_COMMAND : check_shape(command);
	return error ? error : check_limits(command);
}

static bool is_sparse(const struct command *command)
{
	return window_is_sparse(&command->pool.window, &command->pool.x.dim[2],
				command->d.dim[2] * command->d.dim[3]);
}

/* Pictures staged at a time. */
static uint64_t chunk_of(const struct command *command)
{
	const struct tensor *x = &command->pool.x;
	uint64_t picture = tensor_picture(x) * sizeof(float);
	uint64_t chunk = picture ? CHUNK_BYTES / picture : x->dim[0];

	if (is_sparse(command) || chunk > x->dim[0])
		return x->dim[0];
	return chunk ? chunk : 1;
}

/* Bytes of pictures that are staged at once. */
static uint64_t pictures_bytes(const struct command *command)
{
	const struct tensor *x = &command->pool.x;

	return is_sparse(command) ? 0 :
	       chunk_of(command) * tensor_picture(x) * sizeof(float);
}

static void measure(const struct command *command, struct work *work)
{
	work->unit = WORK_VECTOR;
	work->elements = tensor_elements(&command->d) * window_elements(&command->pool.window);
	work->factor = 1;
	work->bytes_read = tensor_bytes(&command->pool.x);
	work->bytes_written = tensor_bytes(&command->d);
	work->staging = staging_size(pictures_bytes(command));
}

TILE_CLONES static void max_fp32(float *best, const float *from, uint64_t n)
{
	for (uint64_t i = 0; i < n; i++)
		best[i] = maximum(best[i], from[i]);
}

TILE_CLONES static void add_fp32(float *sum, const float *from, uint64_t n)
{
	for (uint64_t i = 0; i < n; i++)
		sum[i] += from[i];
}

TILE_CLONES static void max_int32(int32_t *best, const int32_t *from, uint64_t n)
{
	for (uint64_t i = 0; i < n; i++)
		best[i] = from[i] > best[i] ? from[i] : best[i];
}

TILE_CLONES static void add_int32(int32_t *sum, const int32_t *from, uint64_t n, int32_t zero)
{
	for (uint64_t i = 0; i < n; i++)
		sum[i] = (int32_t)((uint32_t)sum[i] + (uint32_t)(from[i] - zero));
}

static void start_lanes(const struct job *job, void *lanes, uint64_t n)
{
	bool max = job->command->pool.mode == TSR_HW_POOL_MAX;
	int32_t lowest = job->command->d.type == TSR_HW_TYPE_UINT8 ? 0 : INT8_MIN;

	for (uint64_t i = 0; i < n; i++)
		if (job->integer)
			((int32_t *)lanes)[i] = max ? lowest : 0;
		else
			((float *)lanes)[i] = max ? -INFINITY : 0.0f;
}

static void add_pixel(const struct job *job, const void *pixel, const struct lanes *lanes)
{
	bool max = job->command->pool.mode == TSR_HW_POOL_MAX;

	if (job->integer && max)
		max_int32(lanes->values, pixel, lanes->n);
	else if (job->integer)
		add_int32(lanes->values, pixel, lanes->n, job->command->pool.x.zero);
	else if (max)
		max_fp32(lanes->values, pixel, lanes->n);
	else
		add_fp32(lanes->values, pixel, lanes->n);
}

/* Lanes of a pixel that is not staged, in the form in which it would be. */
static int read_pixel(const struct job *job, const struct lanes *lanes, uint64_t picture,
		      uint64_t row, uint64_t column, void *to, uint64_t *fault)
{
	const struct tensor *x = &job->command->pool.x;
	_Alignas(64) char raw[LANES * sizeof(float)];
	struct view view;
	int error;

	view_start(&view, x->va + picture * x->stride[0] + lanes->channel * x->stride[1] +
		   row * x->stride[2] + column * x->stride[3], x->size);
	view_add(&view, lanes->n, x->stride[1]);
	error = gather(job->execution->memory, &view, 0, lanes->n, raw, fault);
	if (error)
		return error;
	if (job->integer)
		convert_codes(x->type, raw, to, lanes->n);
	else
		convert_load(x, raw, to, lanes->n);
	return TSR_HW_ERR_NONE;
}

static int visit_pixel(const struct job *job, const struct lanes *lanes, uint64_t row,
		       uint64_t column, uint64_t *fault)
{
	const struct tensor *x = &job->command->pool.x;
	uint64_t picture = lanes->pixel / job->pixels;
	_Alignas(64) char pixel[LANES * sizeof(float)];
	uint64_t at = (picture * x->dim[2] + row) * x->dim[3] + column;
	int error;

	if (job->pictures) {
		add_pixel(job, (const float *)job->pictures + at * job->channels + lanes->channel,
			  lanes);
		return TSR_HW_ERR_NONE;
	}
	error = read_pixel(job, lanes, job->image + picture, row, column, pixel, fault);
	if (!error)
		add_pixel(job, pixel, lanes);
	return error;
}

/* Visit the elements of the window at a pixel; @inside is how many are not padding. */
static int visit(const struct job *job, const struct lanes *lanes, uint64_t *inside,
		 uint64_t *fault)
{
	const struct tile_memory *memory = job->execution->memory;
	const struct tensor *x = &job->command->pool.x;
	const struct tensor *d = &job->command->d;
	const struct window *window = &job->command->pool.window;
	uint64_t column = lanes->pixel % d->dim[3];
	uint64_t line = lanes->pixel / d->dim[3] % d->dim[2];
	uint64_t first[2];
	uint64_t rows = window_taps(window, 0, line, x->dim[2], &first[0]);
	uint64_t columns = window_taps(window, 1, column, x->dim[3], &first[1]);
	uint64_t taps = 0;
	uint64_t row;
	uint64_t at;
	int error = TSR_HW_ERR_NONE;

	*inside = rows * columns;
	for (uint64_t kh = 0; kh < rows; kh++) {
		window_element(window, 0, line, first[0] + kh, x->dim[2], &row);
		for (uint64_t kw = 0; !error && kw < columns; kw++) {
			if (taps++ % TAPS == 0 && memory->aborted(memory->ctx))
				return EXECUTION_ABORTED;
			window_element(window, 1, column, first[1] + kw, x->dim[3], &at);
			error = visit_pixel(job, lanes, row, at, fault);
		}
	}
	return error;
}

/* Averages in units of the output; the rounding order is the manual's. */
static void average(const struct job *job, void *lanes, uint64_t inside, uint64_t n)
{
	const struct command *command = job->command;
	float ratio = job->integer ? command->pool.x.scale / command->d.scale : 1.0f;
	float count = (float)(command->pool.mode == TSR_HW_POOL_AVERAGE_PADDED ?
			      window_elements(&command->pool.window) : inside);
	float *values = lanes;

	for (uint64_t i = 0; i < n; i++) {
		float sum = job->integer ? (float)((int32_t *)lanes)[i] * ratio : values[i];

		/* A window wholly in the padding has nothing to average. */
		values[i] = count > 0 ? sum / count : 0.0f;
	}
}

static void finish_lanes(const struct job *job, void *lanes, uint64_t inside, uint64_t n,
			 void *to)
{
	struct tensor codes = job->command->d;

	if (job->command->pool.mode != TSR_HW_POOL_MAX) {
		average(job, lanes, inside, n);
	} else if (job->integer) {
		for (uint64_t i = 0; i < n; i++)
			((float *)lanes)[i] = (float)((int32_t *)lanes)[i];
		codes.zero = 0;
	}
	convert_quantize(&codes, lanes, to, n);
}

/* Output elements from @at of the range on, in order: pixel by pixel, its channels. */
static int pool_range(void *context, uint64_t at, uint64_t count, uint64_t *fault)
{
	const struct job *job = context;
	uint64_t first = job->first + at;
	uint32_t size = job->command->d.size;
	_Alignas(64) char out[LANES * sizeof(float)];
	_Alignas(64) char lanes[LANES * sizeof(float)];

	for (uint64_t done = 0; done < count;) {
		uint64_t channel = (first + done) % job->channels;
		uint64_t left = job->channels - channel;
		struct lanes run = {
			.pixel = (first + done) / job->channels,
			.channel = channel,
			.n = left < count - done ? left : count - done,
			.values = lanes,
		};
		uint64_t inside;
		int error;

		start_lanes(job, lanes, run.n);
		error = visit(job, &run, &inside, fault);
		if (error)
			return error;
		finish_lanes(job, lanes, inside, run.n, out + done * size);
		done += run.n;
	}
	return execution_store(job->execution, &job->out, 0,
			       job->image * job->pixels * job->channels + first, count, out,
			       fault);
}

static int load_codes_range(void *context, uint64_t first, uint64_t n, uint64_t *fault)
{
	const struct job *job = context;
	const struct tensor *x = &job->command->pool.x;
	uint64_t picture = tensor_picture(x);
	uint64_t base = job->image * picture;
	struct view view;
	char raw[GATHER_BLOCK / sizeof(int32_t)];
	int error;

	view_channels_last(&view, x, 0, x->dim[1]);
	error = gather(job->execution->memory, &view, base + first, n, raw, fault);
	if (!error)
		convert_codes(x->type, raw, (int32_t *)job->pictures + first, n);
	return error;
}

static int load(struct job *job, uint64_t images)
{
	const struct tensor *x = &job->command->pool.x;
	uint64_t picture = tensor_picture(x);
	struct view view;

	if (job->integer)
		return parallel_ranges(job->execution->memory, images * picture,
				       GATHER_BLOCK / sizeof(int32_t), load_codes_range, job,
				       &job->execution->fault);
	view_channels_last(&view, x, 0, x->dim[1]);
	return execution_load_fp32(job->execution, x, &view, job->image * picture,
				   images * picture, job->pictures);
}

static int pool_pictures(struct job *job, uint64_t images)
{
	uint64_t picture = job->pixels * job->channels;
	uint64_t total = tensor_elements(&job->command->d);
	int error = TSR_HW_ERR_NONE;

	for (job->first = 0; !error && job->first < images * picture; job->first += CHUNK) {
		uint64_t left = images * picture - job->first;
		uint64_t n = left < CHUNK ? left : CHUNK;

		error = parallel_ranges(job->execution->memory, n, LANES, pool_range, job,
					&job->execution->fault);
		if (!error)
			error = execution_progress(job->execution,
						   job->image * picture + job->first + n, total);
	}
	return error;
}

static int run(struct job *job, uint64_t images, uint64_t chunk)
{
	int error = TSR_HW_ERR_NONE;

	for (job->image = 0; !error && job->image < images; job->image += chunk) {
		uint64_t left = images - job->image;
		uint64_t n = left < chunk ? left : chunk;

		error = job->pictures ? load(job, n) : TSR_HW_ERR_NONE;
		if (!error)
			error = pool_pictures(job, n);
	}
	return error;
}

static int execute(struct execution *execution, const struct command *command)
{
	uint64_t images = command->pool.x.dim[0];
	struct job job = {
		.execution = execution,
		.command = command,
		.integer = type_is_int8(command->pool.x.type),
		.channels = command->pool.x.dim[1],
		.pixels = command->d.dim[2] * command->d.dim[3],
	};
	int error;

	view_channels_last(&job.out, &command->d, 0, job.channels);
	if (is_sparse(command))
		return run(&job, images, images);
	job.pictures = staging_get(pictures_bytes(command));
	error = job.pictures ? run(&job, images, chunk_of(command)) : TSR_HW_ERR_ENGINE;
	staging_put(job.pictures);
	return error;
}

const struct operation operation_pool = {
	.opcode = TSR_HW_OP_POOL,
	.engine = TSR_HW_ENGINE_TENSOR,
	.size = sizeof(struct tsr_hw_pool),
	.decode = decode,
	.measure = measure,
	.execute = execute,
};
