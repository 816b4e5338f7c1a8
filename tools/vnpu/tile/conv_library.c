/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <limits.h>
#include <stdatomic.h>

#include <tsr_hw/error.h>

#include "command.h"
#include "conv_dense.h"
#include "conv_job.h"
#include "conv_kept.h"
#include "execution.h"
#include "matmul.h"
#include "onednn.h"
#include "packed.h"
#include "pictures.h"
#include "smaller.h"
#include "staging.h"
#include "subnormals.h"
#include "tile.h"

/* For each of them: what it works on, and one for its trial. */
#define LIBRARY_COPIES	2

static bool is_exact(const struct conv_job *job)
{
	return pairing_is_exact(job->weights.pairing);
}

/* The library does not ask whether to give up within a picture. */
bool conv_library_suits(const struct conv_job *job)
{
	return job->dense &&
	       conv_macs(job->pixels * job->command->d.dim[1], job->weights.k) <= CONV_MACS;
}

uint64_t conv_library_staging(const struct conv_job *job)
{
	return LIBRARY_COPIES * conv_dense_bytes(job) + 2 * staging_size(ONEDNN_MOST_SCRATCH);
}

static void describe(const struct conv_job *job, const struct pictures *pictures,
		     uint64_t images, struct onednn_conv *conv)
{
	const struct command *command = job->command;
	const struct sliding *window = &command->conv.window[CONV_ROWS];

	*conv = (struct onednn_conv){
		.product = is_exact(job) ? ONEDNN_U8S8 : ONEDNN_F32,
		.images = (int64_t)images,
		.channels = (int64_t)command->conv.x.dim[1],
		.height = (int64_t)pictures_extent(pictures, 0),
		.width = (int64_t)pictures_extent(pictures, 1),
		.outputs = (int64_t)command->d.dim[1],
		.out_height = (int64_t)window[0].out,
		.out_width = (int64_t)window[1].out,
		.groups = command->conv.groups,
	};
	for (int axis = 0; axis < 2; axis++) {
		conv->kernel[axis] = window[axis].kernel;
		conv->stride[axis] = window[axis].stride;
		conv->dilation[axis] = window[axis].dilation;
		if (is_exact(job))
			continue;
		conv->pad_before[axis] = window[axis].before;
		conv->pad_after[axis] = conv_dense_pad_after(&window[axis]);
	}
}

static int error_of(int ret)
{
	if (ret == -ENOTSUP)
		return TSR_HW_ERR_UNSUPPORTED;
	return ret ? TSR_HW_ERR_ENGINE : TSR_HW_ERR_NONE;
}

/* A running one. */
struct library {
	struct conv_job *job;
	struct pictures pictures;
	struct weights weights;		/* what accumulate_store() wants of them */
	struct packed *packed;		/* for all chunks of pictures but a smaller last one */
	struct packed *packed_last;	/* for that one, if there is one */
	void *inputs;
	void *acc;
	atomic_uint least;		/* of the pictures so far: subnormals_exponent() */
	bool slow;			/* what is left is for conv_by_windows() */
};

/* Whether the library has what is needed for some pictures. */
static int find(const struct library *library, uint64_t images)
{
	struct onednn_conv conv;
	uint64_t packed;

	describe(library->job, &library->pictures, images, &conv);
	return error_of(onednn_find_conv(&conv, &packed));
}

static int pack(const void *context, const void *weights, void *packed)
{
	return onednn_pack(context, weights, packed) ? TSR_HW_ERR_ENGINE : TSR_HW_ERR_NONE;
}

static int prepare_weights(struct library *library, uint64_t images, struct packed **result)
{
	struct conv_job *job = library->job;
	struct packed_key key = { .type = job->command->conv.w.type };
	struct conv_packing packing = { .pack = pack, .context = &key.conv, .has_terms = true };
	int error;

	describe(job, &library->pictures, images, &key.conv);
	error = error_of(onednn_find_conv(&key.conv, &packing.bytes));
	return error ? error : conv_kept_weights(job, &key, &packing, result);
}

static const struct packed *packed_of(const struct library *library, uint64_t images)
{
	return images == library->job->images || !library->packed_last ? library->packed :
									 library->packed_last;
}

/* Whether it may take too long until the library returns, as struct matmul has it. */
static bool is_slow(const struct library *library, uint64_t images)
{
	const struct conv_job *job = library->job;
	uint64_t outputs = images * job->pixels * job->command->d.dim[1];

	return !is_exact(job) && outputs * job->weights.k > MATMUL_SLOW_MACS &&
	       subnormals_follow(atomic_load(&library->least), packed_of(library, images)->least);
}

static int conv(const struct library *library, uint64_t images)
{
	const struct packed *packed = packed_of(library, images);

	return onednn_convolve_packed(&packed->key.conv, library->inputs, packed->weights,
				      library->acc) ? TSR_HW_ERR_ENGINE : TSR_HW_ERR_NONE;
}

static int run_pictures(struct library *library, uint64_t first, uint64_t images)
{
	struct conv_job *job = library->job;
	const struct command *command = job->command;
	const struct rows rows = {
		.count = images * job->pixels, .zero = command->conv.qx.zero,
	};
	uint64_t width = command->d.dim[1];
	int error = pictures_load(job->execution, &library->pictures, first, images,
				  library->inputs);

	library->slow = !error && is_slow(library, images);
	if (error || library->slow)
		return error;
	error = conv(library, images);
	if (!error)
		error = accumulate_store(job->execution, &library->weights, &rows, library->acc,
					 &job->run, first * job->pixels * width, width);
	return error ? error : execution_progress(job->execution, first + images,
						  command->d.dim[0]);
}

static int prepare(struct library *library, uint64_t last)
{
	struct conv_job *job = library->job;
	int error = prepare_weights(library, job->images, &library->packed);

	if (!error && last)
		error = prepare_weights(library, last, &library->packed_last);
	if (error)
		return error;
	library->weights = job->weights;
	library->weights.n = job->command->d.dim[1];
	library->weights.terms = job->weights.shifted ? library->packed->terms : NULL;
	library->inputs = staging_get(conv_dense_inputs(job) * (is_exact(job) ? 1 : sizeof(float)));
	library->acc = staging_get(conv_dense_results(job) * sizeof(float));
	return library->inputs && library->acc ? TSR_HW_ERR_NONE : TSR_HW_ERR_ENGINE;
}

static int run(struct library *library, uint64_t last)
{
	struct conv_job *job = library->job;
	uint64_t total = job->command->d.dim[0], first = 0;
	int error = prepare(library, last);

	while (!error && !library->slow && first < total) {
		error = run_pictures(library, first, smaller(job->images, total - first));
		if (!library->slow)
			first += job->images;
	}
	staging_put(library->inputs);
	staging_put(library->acc);
	packed_put(library->packed);
	packed_put(library->packed_last);
	return library->slow ? conv_by_windows(job, first) : error;
}

int conv_by_library(struct conv_job *job)
{
	struct library library = { .job = job };
	uint64_t last = job->command->d.dim[0] % job->images;
	int error;

	conv_dense_pictures(job, &library.pictures);
	atomic_init(&library.least, UINT_MAX);
	if (!is_exact(job))
		library.pictures.least = &library.least;
	error = find(&library, job->images);
	if (!error && last)
		error = find(&library, last);
	return error ? error : run(&library, last);
}
