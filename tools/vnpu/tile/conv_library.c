/* SPDX-License-Identifier: MIT */
#include <errno.h>

#include <tsr_hw/error.h>

#include "command.h"
#include "conv_job.h"
#include "execution.h"
#include "onednn.h"
#include "staging.h"

static void describe(const struct conv_job *job, uint64_t images, struct onednn_conv *conv)
{
	const struct command *command = job->command;
	const struct window *window = &command->conv.window;

	*conv = (struct onednn_conv){
		.images = (int64_t)images,
		.channels = (int64_t)command->conv.x.dim[1],
		.height = (int64_t)command->conv.x.dim[2],
		.width = (int64_t)command->conv.x.dim[3],
		.outputs = (int64_t)command->d.dim[1],
		.out_height = (int64_t)command->d.dim[2],
		.out_width = (int64_t)command->d.dim[3],
		.groups = command->conv.groups,
	};
	for (int axis = 0; axis < 2; axis++) {
		conv->kernel[axis] = window->kernel[axis];
		conv->stride[axis] = window->stride[axis];
		conv->dilation[axis] = window->dilation[axis];
		conv->pad_before[axis] = window->pad_before[axis];
		conv->pad_after[axis] = window->pad_after[axis];
	}
}

static int convolve(const struct conv_job *job, const float *weights, uint64_t images,
		    float *acc)
{
	struct onednn_conv conv;
	int ret;

	describe(job, images, &conv);
	ret = onednn_convolve(&conv, job->pictures, weights, acc);
	if (ret == -ENOTSUP)
		return TSR_HW_ERR_UNSUPPORTED;
	return ret ? TSR_HW_ERR_ENGINE : TSR_HW_ERR_NONE;
}

static int run_pictures(const struct conv_job *job, const float *weights, uint64_t first,
			uint64_t images, float *acc)
{
	struct finish finish;
	int error = conv_load_pictures(job, first, images);

	if (!error)
		error = convolve(job, weights, images, acc);
	if (error)
		return error;
	conv_finish(job, 0, job->command->d.dim[1], &finish);
	error = finish_rows(job->execution, &finish, acc, NULL, first * job->pixels,
			    images * job->pixels);
	return error ? error : execution_progress(job->execution, first + images, job->images);
}

static int load_weights(const struct conv_job *job, float *weights)
{
	const struct tensor *w = &job->command->conv.w;
	struct view view;

	conv_weights_view(&view, job->command, 0, job->command->conv.groups);
	return execution_load_weights_fp32(job->execution, w, &view, tensor_elements(w), weights);
}

int conv_by_library(const struct conv_job *job)
{
	uint64_t outputs = job->chunk * job->pixels * job->command->d.dim[1];
	float *weights = staging_get(tensor_elements(&job->command->conv.w) * sizeof(float));
	float *acc = staging_get(outputs * sizeof(float));
	int error = weights && acc ? load_weights(job, weights) : TSR_HW_ERR_ENGINE;

	for (uint64_t first = 0; !error && first < job->images; first += job->chunk) {
		uint64_t left = job->images - first;

		error = run_pictures(job, weights, first, left < job->chunk ? left : job->chunk,
				     acc);
	}
	staging_put(weights);
	staging_put(acc);
	return error;
}
