/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>

#include <tsr_hw/error.h>

#include "command.h"
#include "conv_job.h"
#include "execution.h"
#include "onednn.h"
#include "packed.h"
#include "pictures.h"
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

static bool is_exact(const struct conv_job *job)
{
	return pairing_is_exact(job->weights.pairing);
}

/* The library pads with zeros, so that a zero point is put around pictures here. */
static void describe_pictures(const struct conv_job *job, struct pictures *pictures)
{
	const struct command *command = job->command;
	const struct tensor *x = &command->conv.x;

	*pictures = (struct pictures){
		.pairing = job->weights.pairing,
		.x = x,
		.padding = (uint8_t)(command->conv.qx.zero + codes_first_offset(x->type)),
	};
	for (int axis = 0; axis < 2; axis++) {
		const struct sliding *window = &command->conv.window[ROWS + axis];

		pictures->size[axis] = window->in;
		if (!is_exact(job))
			continue;
		pictures->before[axis] = (uint64_t)window->before;
		pictures->after[axis] = (uint64_t)pad_after(window);
	}
}

static uint64_t inputs_of(const struct conv_job *job)
{
	struct pictures pictures;

	describe_pictures(job, &pictures);
	return job->images * pictures_elements(&pictures);
}

static uint64_t results_of(const struct conv_job *job)
{
	return job->images * job->pixels * job->command->d.dim[1];
}

/* Host memory by which the library's way is judged: pictures, weights, results. */
static uint64_t bytes_of(const struct conv_job *job)
{
	return staging_size(inputs_of(job) * sizeof(float)) +
	       staging_size(tensor_elements(&job->command->conv.w) * sizeof(float)) +
	       staging_size(results_of(job) * sizeof(float));
}

/* Types that the library computes as they are wanted: without scales and zero points of weights. */
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

	describe_pictures(job, &pictures);
	return pictures_extent(&pictures, 0) * pictures_extent(&pictures, 1) /
	       CONV_SPARSE <= job->pixels * job->taps;
}

/*
 * The library computes positions in 32 bits, so it never sees a window that no network
 * has; nor a picture so large that progress would not show or memory would not do.
 */
bool conv_suits_library(const struct conv_job *job)
{
	const struct command *command = job->command;
	const struct sliding *window = command->conv.window;

	if (!has_usual_types(job) || job->sparse || !job->weights.k ||
	    !tensor_elements(&command->d))
		return false;
	if (command->d.rank > CONV_LEADING + 2 || !is_usual(&window[ROWS]) ||
	    !is_usual(&window[ROWS + 1]) || !is_filled(job))
		return false;
	return job->pixels * command->d.dim[1] * job->weights.k <= LIBRARY_MACS &&
	       inputs_of(job) && bytes_of(job) <= LIBRARY_BYTES;
}

uint64_t conv_library_staging(const struct conv_job *job)
{
	return LIBRARY_COPIES * bytes_of(job) + 2 * staging_size(ONEDNN_MOST_SCRATCH);
}

static void describe(const struct conv_job *job, const struct pictures *pictures,
		     uint64_t images, struct onednn_conv *conv)
{
	const struct command *command = job->command;
	const struct sliding *window = &command->conv.window[ROWS];

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
		conv->pad_after[axis] = pad_after(&window[axis]);
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
};

/* Whether the library has what is needed for some pictures. */
static int find(const struct library *library, uint64_t images)
{
	struct onednn_conv conv;
	uint64_t packed;

	describe(library->job, &library->pictures, images, &conv);
	return error_of(onednn_find_conv(&conv, &packed));
}

/* Makes the key's fingerprint, of what is packed, unless a bit error is made in it. */
static int pack(struct library *library, struct packed_key *key, bool flips,
		struct packed **result)
{
	struct conv_job *job = library->job;
	uint64_t outputs = job->command->d.dim[1], bytes;
	struct weights weights = { 0 };
	int error = error_of(onednn_find_conv(&key->conv, &bytes));

	if (!error)
		error = conv_load_all_weights(job, &weights, flips ? NULL : &key->fingerprint);
	if (!error)
		*result = packed_make(key, bytes, weights.terms ? outputs : 0);
	if (!error && !*result)
		error = TSR_HW_ERR_ENGINE;
	if (!error && weights.terms)
		memcpy((*result)->terms, weights.terms, outputs * sizeof(uint32_t));
	if (!error)
		error = onednn_pack(&key->conv, weights.plane[0], (*result)->weights) ?
			TSR_HW_ERR_ENGINE : TSR_HW_ERR_NONE;
	weights_free(&weights);
	return error;
}

/*
 * What is kept serves all address spaces, so it is known by the bytes that it was made of: those
 * in memory may have changed since they were looked up. Weights with a bit error are packed for
 * this run alone.
 */
static int prepare_weights(struct library *library, uint64_t images, struct packed **result)
{
	struct conv_job *job = library->job;
	struct packed_key key = { .type = job->command->conv.w.type };
	bool flips = execution_flips_weights(job->execution);
	int error = TSR_HW_ERR_NONE;

	describe(job, &library->pictures, images, &key.conv);
	if (!flips)
		error = conv_fingerprint(job, &key.fingerprint);
	if (!error && !flips)
		*result = packed_find(&key);
	if (error || *result)
		return error;
	error = pack(library, &key, flips, result);
	if (!error && !flips)
		packed_keep(*result);
	return error;
}

static int conv(const struct library *library, uint64_t images)
{
	const struct packed *packed = images == library->job->images || !library->packed_last ?
				      library->packed : library->packed_last;

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

	if (!error)
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
	library->inputs = staging_get(inputs_of(job) * (is_exact(job) ? 1 : sizeof(float)));
	library->acc = staging_get(results_of(job) * sizeof(float));
	return library->inputs && library->acc ? TSR_HW_ERR_NONE : TSR_HW_ERR_ENGINE;
}

static int run(struct library *library, uint64_t last)
{
	struct conv_job *job = library->job;
	uint64_t total = job->command->d.dim[0];
	int error = prepare(library, last);

	for (uint64_t first = 0; !error && first < total; first += job->images)
		error = run_pictures(library, first, smaller(job->images, total - first));
	staging_put(library->inputs);
	staging_put(library->acc);
	packed_put(library->packed);
	packed_put(library->packed_last);
	return error;
}

int conv_by_library(struct conv_job *job)
{
	struct library library = { .job = job };
	uint64_t last = job->command->d.dim[0] % job->images;
	int error;

	describe_pictures(job, &library.pictures);
	error = find(&library, job->images);
	if (!error && last)
		error = find(&library, last);
	return error ? error : run(&library, last);
}
