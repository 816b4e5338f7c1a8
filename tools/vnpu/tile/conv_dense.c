/* SPDX-License-Identifier: MIT */
#include "conv_dense.h"

#include "command.h"
#include "conv_job.h"
#include "pictures.h"
#include "staging.h"

/* No more than these bytes of pictures, weights and results at once. */
#define DENSE_BYTES	(128ull << 20)

/* Power of two that kernels, strides, dilations and pads stay below. */
#define DENSE_WINDOW	1024u

int64_t conv_dense_pad_after(const struct sliding *window)
{
	int64_t last = (int64_t)(window->out - 1) * window->stride - window->before;
	int64_t end = last + (int64_t)window->dilation * (window->kernel - 1) + 1;

	return end > (int64_t)window->in ? end - (int64_t)window->in : 0;
}

/* No elements are cut or spread, and no window is one that no network has. */
static bool is_usual(const struct sliding *window)
{
	int64_t reach = (int64_t)window->dilation * (window->kernel - 1) + 1;
	int64_t left = (int64_t)window->in + window->before + conv_dense_pad_after(window) - reach;
	uint64_t largest = window->kernel | window->stride | window->dilation |
			   (uint64_t)window->before | (uint64_t)conv_dense_pad_after(window);

	return window->input_dilation == 1 && largest < DENSE_WINDOW && left >= 0 &&
	       (uint64_t)left / window->stride + 1 == window->out;
}

/* The library pads with zeros, so that a zero point is put around pictures here. */
void conv_dense_pictures(const struct conv_job *job, struct pictures *pictures)
{
	const struct command *command = job->command;
	const struct tensor *x = &command->conv.x;

	*pictures = (struct pictures){
		.pairing = job->weights.pairing,
		.x = x,
		.padding = (uint8_t)(command->conv.qx.zero + codes_first_offset(x->type)),
	};
	for (int axis = 0; axis < 2; axis++) {
		const struct sliding *window = &command->conv.window[CONV_ROWS + axis];

		pictures->size[axis] = window->in;
		if (!pairing_is_exact(pictures->pairing))
			continue;
		pictures->before[axis] = (uint64_t)window->before;
		pictures->after[axis] = (uint64_t)conv_dense_pad_after(window);
	}
}

uint64_t conv_dense_inputs(const struct conv_job *job)
{
	struct pictures pictures;

	conv_dense_pictures(job, &pictures);
	return job->images * pictures_elements(&pictures);
}

uint64_t conv_dense_results(const struct conv_job *job)
{
	return job->images * job->pixels * job->command->d.dim[1];
}

uint64_t conv_dense_bytes(const struct conv_job *job)
{
	return staging_size(conv_dense_inputs(job) * sizeof(float)) +
	       staging_size(tensor_elements(&job->command->conv.w) * sizeof(float)) +
	       staging_size(conv_dense_results(job) * sizeof(float));
}

/* Types that are computed as they are wanted: without scales and zero points of weights. */
static bool has_usual_types(const struct conv_job *job)
{
	const struct pairing *pairing = job->weights.pairing;
	const struct quant *quant = &job->command->conv.qw;

	if (!pairing_is_exact(pairing))
		return !pairing->scaled;
	return pairing->value == NUMBER_I32 && quant->kind != TSR_HW_QUANT_ZEROS &&
	       quant->zero == codes_second_offset(pairing->second);
}

/* Of a staged picture no more is padding, or between windows, than would be worth the while. */
static bool is_filled(const struct conv_job *job)
{
	struct pictures pictures;

	conv_dense_pictures(job, &pictures);
	return pictures_extent(&pictures, 0) * pictures_extent(&pictures, 1) /
	       CONV_SPARSE <= job->pixels * job->taps;
}

/*
 * The library computes positions in 32 bits, so it never sees a window that no network
 * has; nor a picture so large that progress would not show or memory would not do.
 */
bool conv_dense_suits(const struct conv_job *job)
{
	const struct command *command = job->command;
	const struct sliding *window = command->conv.window;

	if (!has_usual_types(job) || job->sparse || !job->weights.k ||
	    !tensor_elements(&command->d))
		return false;
	if (command->d.rank > CONV_LEADING + 2 || !is_usual(&window[CONV_ROWS]) ||
	    !is_usual(&window[CONV_ROWS + 1]) || !is_filled(job))
		return false;
	return conv_dense_inputs(job) && conv_dense_bytes(job) <= DENSE_BYTES;
}
