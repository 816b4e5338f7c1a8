/* SPDX-License-Identifier: MIT */
#include <tsr_hw/error.h>

#include "command.h"
#include "conv_job.h"
#include "execution.h"
#include "smaller.h"
#include "staging.h"
#include "tile.h"
#include "unfold.h"

#define SPATIAL	TSR_HW_MAX_SPATIAL

/* Terms that are ordered before the next question whether to give up. */
#define ORDERED	65536u

struct windows {
	struct conv_job *job;
	struct unfold unfold;
	struct rows rows;	/* of a chunk of windows */
	uint32_t *order;	/* of terms, or NULL */
	uint64_t done;		/* outputs that are stored */
	bool loaded;		/* weights of a group have been */
};

/* Some of them: channel by channel, of each all taps. */
static int order_terms(struct windows *windows, uint64_t first, uint64_t n)
{
	const struct conv_job *job = windows->job;
	const struct tile_memory *memory = job->execution->memory;
	uint64_t channels = windows->unfold.channels;
	uint64_t channel = first / job->taps, tap = first % job->taps;

	if (memory->aborted(memory->ctx))
		return EXECUTION_ABORTED;
	for (uint64_t at = first; at < first + n; at++) {
		windows->order[at] = (uint32_t)(tap * channels + channel);
		if (++tap == job->taps) {
			tap = 0;
			channel++;
		}
	}
	return TSR_HW_ERR_NONE;
}

/* Terms of strict sums are ordered by channels, whatever their order in rows. */
static int make_order(struct windows *windows)
{
	struct conv_job *job = windows->job;
	uint64_t n, at = 0;
	int error = TSR_HW_ERR_NONE;

	if (!job->execution->strict || conv_is_by_channel(job) || !job->weights.k)
		return TSR_HW_ERR_NONE;
	windows->order = staging_get(job->weights.k * sizeof(*windows->order));
	if (!windows->order)
		return TSR_HW_ERR_ENGINE;
	for (; !error && at < job->weights.k; at += n) {
		n = smaller(ORDERED, job->weights.k - at);
		error = order_terms(windows, at, n);
	}
	job->weights.order = windows->order;
	return error;
}

static void start_unfold(struct windows *windows)
{
	struct conv_job *job = windows->job;
	const struct command *command = job->command;
	const struct tensor *x = &command->conv.x;
	uint64_t code = (uint64_t)(command->conv.qx.zero + codes_first_offset(x->type));
	bool exact = pairing_is_exact(&command->conv.pairing);

	windows->unfold = (struct unfold){
		.pairing = &command->conv.pairing,
		.x = x,
		.window = command->conv.window,
		.pictures = job->sparse ? NULL : &job->pictures,
		.channels = command->conv.w.dim[1],
		.by_channel = conv_is_by_channel(job),
		.padding = { exact ? (uint8_t)code : 0, exact ? (uint8_t)(code >> 8) : 0 },
	};
	for (unsigned int i = 0; i < x->rank - CONV_LEADING; i++)
		windows->unfold.stride[SPATIAL - 1 - i] = x->stride[x->rank - 1 - i];
}

/* Windows of some pictures times the weights of one group. */
static int run_windows(struct windows *windows, uint64_t group, uint64_t first, uint64_t count,
		       uint64_t chunk)
{
	struct conv_job *job = windows->job;
	const struct tensor *d = &job->command->d;
	uint64_t width = d->dim[1], outputs = job->weights.n;
	int error = TSR_HW_ERR_NONE;

	for (uint64_t n, at = 0; !error && at < count; at += n) {
		n = smaller(chunk, count - at);
		windows->rows.count = n;
		windows->rows.zero = job->command->conv.qx.zero;
		error = unfold(job->execution, &windows->unfold, first + at, &windows->rows);
		if (!error)
			error = accumulate(job->execution, &job->weights, &windows->rows, &job->run,
					   (first + at) * width + group * outputs, width);
		windows->done += n * outputs;
		if (!error)
			error = execution_progress(job->execution, windows->done,
						   tensor_elements(d));
	}
	return error;
}

static int run_group(struct windows *windows, uint64_t group, uint64_t first, uint64_t images)
{
	struct conv_job *job = windows->job;
	const struct pairing *pairing = job->weights.pairing;
	uint64_t chunk = accumulate_rows(pairing, job->weights.k, job->weights.n,
					 images * job->pixels);
	int error = TSR_HW_ERR_NONE;

	/* Those of the only group stay from chunk to chunk. */
	if (job->command->conv.groups > 1 || !windows->loaded)
		error = conv_load_weights(job, group);
	windows->loaded = true;
	windows->unfold.first = group * windows->unfold.channels;
	if (!error)
		error = rows_get(pairing, chunk * job->weights.k, &windows->rows);
	if (!error)
		error = run_windows(windows, group, first * job->pixels, images * job->pixels,
				    chunk);
	rows_put(&windows->rows);
	windows->rows = (struct rows){ 0 };
	return error;
}

static int run_pictures(struct windows *windows, uint64_t first, uint64_t images)
{
	struct conv_job *job = windows->job;
	int error = TSR_HW_ERR_NONE;

	windows->unfold.image = first;
	if (!job->sparse)
		error = conv_load_pictures(job, first, images);
	for (uint64_t group = 0; !error && group < job->command->conv.groups; group++)
		error = run_group(windows, group, first, images);
	return error;
}

static uint64_t picture_of(const struct conv_job *job)
{
	const struct tensor *x = &job->command->conv.x;

	return tensor_extents(x, 1, x->rank);
}

int conv_by_windows(struct conv_job *job, uint64_t first)
{
	uint64_t total = job->command->d.dim[0];
	struct windows windows = {
		.job = job, .done = first * job->pixels * job->command->d.dim[1],
	};
	int error;

	start_unfold(&windows);
	error = make_order(&windows);
	if (!error && !job->sparse)
		error = rows_get(job->weights.pairing, job->images * picture_of(job),
				 &job->pictures);
	for (; !error && first < total; first += job->images)
		error = run_pictures(&windows, first, smaller(job->images, total - first));
	rows_put(&job->pictures);
	staging_put(windows.order);
	return error;
}
