/* SPDX-License-Identifier: MIT */
#include "conv_job.h"

#include <tsr_hw/error.h>

#include "axes.h"
#include "command.h"
#include "execution.h"
#include "fingerprint.h"
#include "recalled.h"
#include "smaller.h"
#include "tensor.h"

uint64_t conv_macs(uint64_t outputs, uint64_t depth)
{
	return outputs * larger(depth, CONV_OUTPUT_MACS);
}

bool conv_is_by_channel(const struct conv_job *job)
{
	return job->command->conv.pairing.scaled;
}

/* Weights of some groups: each is a matrix [k, outputs]. */
static void weights_view(const struct conv_job *job, uint64_t first, uint64_t groups,
			 struct view *view)
{
	const struct tensor *w = &job->command->conv.w;
	bool by_channel = conv_is_by_channel(job);

	view_start_tensor(view, w);
	view->va += first * job->weights.n * w->stride[0];
	view_add(view, groups, job->weights.n * w->stride[0]);
	if (by_channel)
		view_add(view, w->dim[1], w->stride[1]);
	for (unsigned int i = CONV_LEADING; i < w->rank; i++)
		view_add(view, w->dim[i], w->stride[i]);
	if (!by_channel)
		view_add(view, w->dim[1], w->stride[1]);
	view_add(view, job->weights.n, w->stride[0]);
}

/* [O, blocks] as [blocks, outputs of a group]. */
static void quant_view(const struct conv_job *job, const struct tensor *tensor, uint64_t group,
		       struct view *view)
{
	view_start_tensor(view, tensor);
	view->va += group * job->weights.n * tensor->stride[0];
	view_add(view, tensor->dim[1], tensor->stride[1]);
	view_add(view, job->weights.n, tensor->stride[0]);
}

int conv_load_weights(struct conv_job *job, uint64_t group)
{
	const struct quant *quant = &job->command->conv.qw;
	struct weights_source source = { .quant = quant };

	weights_view(job, group, 1, &source.elements);
	if (tensor_present(&quant->scale))
		quant_view(job, &quant->scale, group, &source.scale);
	if (tensor_present(&quant->zeros))
		quant_view(job, &quant->zeros, group, &source.zeros);
	return weights_load(job->execution, &source, &job->weights);
}

static int load_all(struct conv_job *job, const struct fingerprinting *print,
		    struct weights *weights)
{
	uint64_t groups = job->command->conv.groups;
	struct weights_source source = { .quant = &job->command->conv.qw, .print = print };
	int error;

	weights_view(job, 0, groups, &source.elements);
	*weights = job->weights;
	weights->groups = groups;
	weights->shifted = pairing_is_exact(weights->pairing);
	error = weights_load(job->execution, &source, weights);
	weights->groups = 1;
	weights->n *= groups;
	return error;
}

int conv_load_all_weights(struct conv_job *job, struct weights *weights,
			      struct fingerprint *fingerprint)
{
	const struct tensor *w = &job->command->conv.w;
	struct fingerprinting making;
	int error;

	if (!fingerprint)
		return load_all(job, NULL, weights);
	error = fingerprinting_start(&making, w->size, tensor_elements(w));
	if (!error)
		error = load_all(job, &making, weights);
	fingerprinting_end(&making, fingerprint);
	return error;
}

int conv_fingerprint(const struct conv_job *job, struct fingerprint *fingerprint)
{
	struct view view;

	weights_view(job, 0, job->command->conv.groups, &view);
	return recalled_fingerprint(job->execution, &view,
				    tensor_elements(&job->command->conv.w), fingerprint);
}

int conv_load_pictures(struct conv_job *job, uint64_t first, uint64_t count)
{
	const struct command *command = job->command;
	const struct tensor *x = &command->conv.x;
	uint64_t picture = tensor_extents(x, 1, x->rank);
	struct view view;

	if (!picture)
		return TSR_HW_ERR_NONE;
	axes_view(&view, x, CONV_CHANNELS);
	return rows_load(job->execution, &command->conv.pairing, &view, first * picture,
			 count * picture, &job->pictures);
}
