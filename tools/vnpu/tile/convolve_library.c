/* SPDX-License-Identifier: MIT */
#include <errno.h>

#include <tsr_hw/error.h>

#include "command.h"
#include "convolve_job.h"
#include "execution.h"
#include "onednn.h"
#include "smaller.h"
#include "staging.h"
#include "tile.h"

/* The library takes no more than these bytes of pictures, weights and results at once. */
#define LIBRARY_BYTES	(128ull << 20)

/* Multiply-accumulates between two questions whether to give up. */
#define LIBRARY_MACS	(1ull << 31)

/* For each of them: what it works on, and one for its trial. */
#define LIBRARY_COPIES	2

/* Power of two that kernels, strides, dilations and pads given to the library stay below. */
#define LIBRARY_WINDOW	1024u

/* The library has windows over rows and columns. */
#define ROWS		(TSR_HW_MAX_SPATIAL - 2)

/* What windows reach beyond the elements, 0 if the last ones do not use all of them. */
static int64_t pad_after(const struct sliding *window)
{
	int64_t last = (int64_t)(window->out - 1) * window->stride - window->before;
	int64_t end = last + (int64_t)window->dilation * (window->kernel - 1) + 1;

	return end > (int64_t)window->in ? end - (int64_t)window->in : 0;
}

/* No elements are cut or spread, and the library has no window that no network has. */
static bool is_usual(const struct sliding *window)
{
	int64_t reach = (int64_t)window->dilation * (window->kernel - 1) + 1;
	int64_t left = (int64_t)window->in + window->before + pad_after(window) - reach;
	uint64_t largest = window->kernel | window->stride | window->dilation |
			   (uint64_t)window->before | (uint64_t)pad_after(window);

	return window->input_dilation == 1 && largest < LIBRARY_WINDOW && left >= 0 &&
	       (uint64_t)left / window->stride + 1 == window->out;
}

static uint64_t picture_of(const struct convolve_job *job)
{
	const struct tensor *x = &job->command->convolve.x;

	return tensor_extents(x, 1, x->rank);
}

static uint64_t results_of(const struct convolve_job *job)
{
	return job->images * job->pixels * job->command->d.dim[1];
}

/* Host memory by which the library's way is judged: pictures, weights, results. */
static uint64_t bytes_of(const struct convolve_job *job)
{
	return staging_size(job->images * picture_of(job) * sizeof(float)) +
	       staging_size(tensor_elements(&job->command->convolve.w) * sizeof(float)) +
	       staging_size(results_of(job) * sizeof(float));
}

/*
 * The library computes positions in 32 bits, so it never sees a window that no network
 * has; nor a picture so large that progress would not show or memory would not do.
 */
bool convolve_suits_library(const struct convolve_job *job)
{
	const struct command *command = job->command;
	const struct pairing *pairing = &command->convolve.pairing;
	const struct sliding *window = command->convolve.window;

	if (pairing_is_exact(pairing) || pairing->scaled || job->sparse || !picture_of(job) ||
	    !tensor_elements(&command->d) || window[0].kernel != 1 || window[0].in != 1)
		return false;
	if (command->d.rank > CONVOLVE_LEADING + 2 || !is_usual(&window[ROWS]) ||
	    !is_usual(&window[ROWS + 1]))
		return false;
	return job->pixels * command->d.dim[1] * job->weights.k <= LIBRARY_MACS &&
	       bytes_of(job) <= LIBRARY_BYTES;
}

uint64_t convolve_library_staging(const struct convolve_job *job)
{
	return LIBRARY_COPIES * bytes_of(job) + 2 * staging_size(ONEDNN_MOST_SCRATCH);
}

static void describe(const struct convolve_job *job, uint64_t images, struct onednn_conv *conv)
{
	const struct command *command = job->command;
	const struct sliding *window = &command->convolve.window[ROWS];

	*conv = (struct onednn_conv){
		.images = (int64_t)images,
		.channels = (int64_t)command->convolve.x.dim[1],
		.height = (int64_t)window[0].in,
		.width = (int64_t)window[1].in,
		.outputs = (int64_t)command->d.dim[1],
		.out_height = (int64_t)window[0].out,
		.out_width = (int64_t)window[1].out,
		.groups = command->convolve.groups,
	};
	for (int axis = 0; axis < 2; axis++) {
		conv->kernel[axis] = window[axis].kernel;
		conv->stride[axis] = window[axis].stride;
		conv->dilation[axis] = window[axis].dilation;
		conv->pad_before[axis] = window[axis].before;
		conv->pad_after[axis] = pad_after(&window[axis]);
	}
}

static int error_of(int ret)
{
	if (ret == -ENOTSUP)
		return TSR_HW_ERR_UNSUPPORTED;
	return ret ? TSR_HW_ERR_ENGINE : TSR_HW_ERR_NONE;
}

/* Whether the library has what is needed for all pictures, before one is read. */
static int find(const struct convolve_job *job, uint64_t total)
{
	struct onednn_conv conv;
	int ret;

	describe(job, smaller(job->images, total), &conv);
	ret = onednn_find_conv(&conv);
	if (!ret && total > job->images && total % job->images) {
		describe(job, total % job->images, &conv);
		ret = onednn_find_conv(&conv);
	}
	return error_of(ret);
}

static int convolve(const struct convolve_job *job, const struct weights *weights, uint64_t images,
		    float *acc)
{
	struct onednn_conv conv;

	describe(job, images, &conv);
	return error_of(onednn_convolve(&conv, job->pictures.plane[0], weights->plane[0], acc)) ?
	       TSR_HW_ERR_ENGINE : TSR_HW_ERR_NONE;
}

static int run_pictures(struct convolve_job *job, const struct weights *weights, uint64_t first,
			uint64_t images, float *acc)
{
	const struct rows rows = { .count = images * job->pixels };
	int error = convolve_load_pictures(job, first, images);

	if (!error)
		error = convolve(job, weights, images, acc);
	if (!error)
		error = accumulate_store(job->execution, weights, &rows, acc, &job->run,
					 first * job->pixels * weights->n, weights->n);
	return error ? error : execution_progress(job->execution, first + images,
						  job->command->d.dim[0]);
}

int convolve_by_library(struct convolve_job *job)
{
	uint64_t total = job->command->d.dim[0];
	struct weights weights = job->weights;
	float *acc = NULL;
	int error = find(job, total);

	if (error)
		return error;
	error = convolve_load_all_weights(job, &weights);
	acc = staging_get(results_of(job) * sizeof(*acc));
	if (!error && !acc)
		error = TSR_HW_ERR_ENGINE;
	weights.n = job->command->d.dim[1];
	for (uint64_t first = 0; !error && first < total; first += job->images)
		error = run_pictures(job, &weights, first, smaller(job->images, total - first), acc);
	staging_put(acc);
	weights_free(&weights);
	return error;
}
