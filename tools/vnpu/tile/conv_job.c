/* SPDX-License-Identifier: MIT */
/* What both ways to compute a convolution need of it: weights, pictures, the way to the output. */
#include "command.h"
#include "conv_job.h"
#include "execution.h"
#include "window.h"

void conv_weights_view(struct view *view, const struct command *command, uint64_t first,
		       uint64_t groups)
{
	const struct tensor *w = &command->conv.w;
	uint64_t outputs = w->dim[0] / command->conv.groups;

	view_start(view, w->va + first * outputs * w->stride[0], w->size);
	view_add(view, groups, outputs * w->stride[0]);
	view_add(view, w->dim[2], w->stride[2]);
	view_add(view, w->dim[3], w->stride[3]);
	view_add(view, w->dim[1], w->stride[1]);
	view_add(view, outputs, w->stride[0]);
}

void conv_finish(const struct conv_job *job, uint64_t first, uint64_t channels,
		 struct finish *finish)
{
	const struct command *command = job->command;
	const struct epilogue *epilogue = &command->conv.epilogue;

	*finish = (struct finish){
		.epilogue = epilogue,
		.d = &command->d,
		.channels = channels,
		.base = first * job->images * job->pixels,
		.integer = type_is_int8(command->conv.x.type),
		.bias = job->channels.bias ? job->channels.bias + first : NULL,
		.multiplier = job->channels.multiplier ? job->channels.multiplier + first : NULL,
	};
	view_channels_last(&finish->out, &command->d, first, channels);
	if (tensor_present(&epilogue->residual))
		view_channels_last(&finish->residual, &epilogue->residual, first, channels);
}

int conv_load_pictures(const struct conv_job *job, uint64_t first, uint64_t count)
{
	const struct tensor *x = &job->command->conv.x;
	uint64_t picture = tensor_picture(x);
	struct view view;

	view_channels_last(&view, x, 0, x->dim[1]);
	if (type_is_int8(x->type))
		return execution_load_unsigned(job->execution, x, &view, first * picture,
					       count * picture, job->pictures);
	return execution_load_fp32(job->execution, x, &view, first * picture, count * picture,
				   job->pictures);
}
