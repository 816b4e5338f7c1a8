/* SPDX-License-Identifier: MIT */
#include <tsr_hw/error.h>

#include "command.h"
#include "conv_job.h"
#include "execution.h"
#include "im2col.h"
#include "staging.h"

/* Windows of the staged pictures times the weights of one group, chunk by chunk. */
static int run_rows(const struct conv_job *job, const struct product *product,
		    const struct finish *finish, const struct im2col *windows,
		    uint64_t first, uint64_t images)
{
	uint64_t rows = images * job->pixels;
	uint64_t chunk = product_rows(product, rows);
	void *matrix = staging_get(chunk * job->depth * windows->size);
	int error = matrix ? TSR_HW_ERR_NONE : TSR_HW_ERR_ENGINE;
	/* Pictures go round outside, groups inside. */
	uint64_t group = finish->base / (job->outputs * job->images * job->pixels);
	uint64_t done = (first * job->command->conv.groups + group * images) * job->pixels;
	uint64_t total = job->images * job->command->conv.groups * job->pixels;

	for (uint64_t row = 0; !error && row < rows; row += chunk) {
		uint64_t n = rows - row < chunk ? rows - row : chunk;

		if (job->depth)
			error = im2col(job->execution, windows, row, n, matrix);
		if (!error)
			error = product_run(job->execution, product, finish, matrix,
					    first * job->pixels + row, n);
		if (!error)
			error = execution_progress(job->execution, done + row + n, total);
	}
	staging_put(matrix);
	return error;
}

static void describe_windows(const struct conv_job *job, uint64_t group, uint64_t first,
			     struct im2col *windows)
{
	const struct tensor *x = &job->command->conv.x;
	const struct tensor *d = &job->command->d;

	*windows = (struct im2col){
		.window = &job->command->conv.window,
		.pictures = job->pictures,
		.x = x,
		.image = first,
		.in = { x->dim[2], x->dim[3] },
		.out = { d->dim[2], d->dim[3] },
		.channels = x->dim[1],
		.first = group * job->command->conv.w.dim[1],
		.group = job->command->conv.w.dim[1],
		.size = type_is_int8(x->type) ? 1 : sizeof(float),
		.padding = (uint8_t)(x->type == TSR_HW_TYPE_INT8 ? x->zero + 128 : x->zero),
	};
}

static int load_group(const struct conv_job *job, struct product *product, uint64_t group)
{
	const int32_t *offset = job->channels.offset;
	struct view weights;

	conv_weights_view(&weights, job->command, group, 1);
	return product_load(job->execution, product, &weights,
			    offset ? offset + group * job->outputs : NULL);
}

static int run_group(const struct conv_job *job, struct product *product, uint64_t group,
		     uint64_t first, uint64_t images)
{
	struct im2col windows;
	struct finish finish;
	int error = TSR_HW_ERR_NONE;

	/* A single group's weights serve all pictures. */
	if (!product->weights || job->command->conv.groups > 1)
		error = load_group(job, product, group);
	if (error)
		return error;
	describe_windows(job, group, first, &windows);
	conv_finish(job, group * job->outputs, job->outputs, &finish);
	finish.offset = product->offset;
	return run_rows(job, product, &finish, &windows, first, images);
}

static int run_pictures(const struct conv_job *job, struct product *product, uint64_t first,
			uint64_t images)
{
	int error = job->sparse ? TSR_HW_ERR_NONE : conv_load_pictures(job, first, images);

	for (uint64_t group = 0; !error && group < job->command->conv.groups; group++)
		error = run_group(job, product, group, first, images);
	return error;
}

/* Strict mode adds in the order of the weights in memory: channel, row, column of the kernel. */
static uint32_t *make_order(const struct conv_job *job)
{
	uint32_t *order = staging_get(job->depth * sizeof(*order));
	uint64_t channels = job->command->conv.w.dim[1];
	uint64_t taps = channels ? job->depth / channels : 0;

	for (uint64_t i = 0; order && i < job->depth; i++)
		order[i] = (uint32_t)(i % taps * channels + i / taps);
	return order;
}

int conv_by_windows(const struct conv_job *job)
{
	struct product product = {
		.a = &job->command->conv.x,
		.b = &job->command->conv.w,
		.k = job->depth,
		.n = job->outputs,
	};
	uint32_t *order = job->execution->strict ? make_order(job) : NULL;
	int error = job->execution->strict && !order ? TSR_HW_ERR_ENGINE : TSR_HW_ERR_NONE;

	product.order = order;
	for (uint64_t first = 0; !error && first < job->images; first += job->chunk) {
		uint64_t left = job->images - first;

		error = run_pictures(job, &product, first,
				     left < job->chunk ? left : job->chunk);
	}
	product_free(&product);
	staging_put(order);
	return error;
}
