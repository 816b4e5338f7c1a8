// SPDX-License-Identifier: MIT
/* MaxPool, AveragePool and their global forms. */
#include <errno.h>
#include <string.h>

#include "importer.h"

/* Sums in fp32 that one chain adds up well within the precision of fp32 results. */
#define CHAIN_MAX	4096

static int read_kernel(struct importer *im, const struct tsr_tensor_info *x, int64_t kernel[2])
{
	int found;

	if (x->rank != 4)
		return import_fail(im, -EOPNOTSUPP, "only two-dimensional pooling is supported, "
				   "the input has %u dimensions", x->rank);
	found = attribute_ints(im, "kernel_shape", kernel, 2);
	if (found < 0)
		return found;
	if (!found || kernel[0] < 1 || kernel[1] < 1 || kernel[0] > INT16_MAX ||
	    kernel[1] > INT16_MAX)
		return import_fail(im, -EBADMSG, "kernel_shape is missing or impossible");
	return 0;
}

/* With ceil_mode the last window may hang over the edge; padding there never counts. */
static int apply_ceil_mode(struct importer *im, const struct tsr_tensor_info *x,
			   const int64_t kernel[2], enum tsr_pool_mode mode,
			   struct tsr_pool_options *options)
{
	int i;

	if (im->opset < 10 || !attribute_int(im, "ceil_mode", 0))
		return 0;
	for (i = 0; i < 2; i++) {
		int64_t window = options->dilation[i] * (kernel[i] - 1) + 1;
		int64_t room = x->dim[2 + i] + options->pad[i] + options->pad[2 + i] - window;
		int64_t rest = room < 0 ? 0 : room % options->stride[i];
		int64_t extra = rest ? options->stride[i] - rest : 0;
		int64_t start = room + extra;

		/* A window that would start in the padding is dropped. */
		if (!extra || start >= x->dim[2 + i] + options->pad[i])
			continue;
		if (mode == TSR_POOL_MODE_AVERAGE_PADDED)
			return import_fail(im, -EOPNOTSUPP, "ceil_mode with count_include_pad is "
					   "not supported");
		options->pad[2 + i] += (uint32_t)extra;
	}
	return 0;
}

static bool is_max(const struct importer *im)
{
	return strstr(im->node->op_type, "Max");
}

static enum tsr_pool_mode read_mode(struct importer *im)
{
	if (!is_max(im))
		return attribute_int(im, "count_include_pad", 0) ? TSR_POOL_MODE_AVERAGE_PADDED :
								   TSR_POOL_MODE_AVERAGE;
	/* It orders the indices, which are not supported. */
	if (im->opset >= 8)
		attribute_int(im, "storage_order", 0);
	return TSR_POOL_MODE_MAX;
}

/* MaxPool dilates since operator set 10, AveragePool since 19. */
static bool dilates(const struct importer *im)
{
	return im->opset >= (is_max(im) ? 10 : 19);
}

/* A maximum keeps the codes; a QuantizeLinear after it sees that. */
static int choose_operand(struct importer *im, uint64_t count, struct mean *m)
{
	bool codes = import_is_quantized(im, 0);

	if (!is_max(im))
		return import_mean(im, count, m);
	*m = (struct mean){ .x = import_operand(im, 0, codes), .name = im->node->output[0] };
	return m->x < 0 ? m->x : 0;
}

int import_pool(struct importer *im)
{
	struct tsr_pool_options options = { .size = sizeof(options) };
	const struct tsr_tensor_info *info;
	enum tsr_pool_mode mode = read_mode(im);
	int64_t kernel[2] = { 1, 1 };
	struct mean m;
	int error = attribute_ints(im, "kernel_shape", kernel, 2);

	if (error >= 0)
		error = choose_operand(im, (uint64_t)kernel[0] * (uint64_t)kernel[1], &m);
	if (error)
		return error;
	info = tsr_graph_tensor_info(im->graph, m.x);
	error = read_kernel(im, info, kernel);
	if (!error)
		error = import_window(im, &info->dim[2], kernel, dilates(im), options.stride,
				      options.dilation, options.pad);
	if (!error)
		error = apply_ceil_mode(im, info, kernel, mode, &options);
	if (error)
		return error;
	options.kernel[0] = (uint32_t)kernel[0];
	options.kernel[1] = (uint32_t)kernel[1];
	return import_finish(im, tsr_graph_pool(im->graph, m.x, mode, &options,
						m.codes ? &m.out : NULL), m.quantized, m.name);
}

/* Elements of a channel; what is not positive the graph refuses. */
static uint64_t count_pixels(struct importer *im, unsigned int *rank)
{
	struct value *value = import_has_input(im, 0) ? import_find(im, im->node->input[0]) : NULL;
	int64_t dim[IMPORT_RANK_MAX];
	uint64_t count = 1;
	unsigned int i;

	*rank = 0;
	if (!value || import_shape(im, value, rank, dim))
		return 1;
	for (i = 2; i < *rank; i++)
		if (__builtin_mul_overflow(count, (uint64_t)dim[i], &count))
			return UINT64_MAX;
	return count;
}

/*
 * One POOL adds up a window in a single chain of fp32 sums, which loses a digit for
 * every factor of ten; REDUCE adds up blocks first, and takes any number of dimensions.
 */
int import_global_pool(struct importer *im)
{
	enum tsr_reduction reduction = is_max(im) ? TSR_REDUCTION_MAX : TSR_REDUCTION_MEAN;
	unsigned int rank;
	uint64_t count = count_pixels(im, &rank);
	const struct tsr_quantization *out;
	struct mean m;
	tsr_tensor y;
	int error = choose_operand(im, count, &m);

	if (error)
		return error;
	out = m.codes ? &m.out : NULL;
	if (rank < 3 || rank > TSR_RANK_MAX)
		return import_fail(im, -EOPNOTSUPP, "the input has %u dimensions, 3 to %d are "
				   "supported", rank, TSR_RANK_MAX);
	if (rank == 4 && count <= CHAIN_MAX)
		y = tsr_graph_pool(im->graph, m.x, is_max(im) ? TSR_POOL_MODE_MAX :
				   TSR_POOL_MODE_AVERAGE, NULL, out);
	else
		y = tsr_graph_reduce(im->graph, reduction, m.x, ((1u << rank) - 1) & ~3u, out);
	return import_finish(im, y, m.quantized, m.name);
}
