// SPDX-License-Identifier: MIT
/* Pooling over rows and columns. */
#include "gather.h"
#include "operators.h"

static void gather_window(const struct tsr_pool_options *options, const struct array *x,
			  const int64_t at[TSR_RANK_MAX], struct gather *gather)
{
	int64_t kh, kw;

	for (kh = 0; kh < options->kernel[0]; kh++)
		for (kw = 0; kw < options->kernel[1]; kw++) {
			int64_t row = at[2] * options->stride[0] + kh * options->dilation[0] -
				      options->pad[0];
			int64_t column = at[3] * options->stride[1] + kw * options->dilation[1] -
					 options->pad[1];
			int64_t from[TSR_RANK_MAX] = { at[0], at[1], row, column };

			if (row < 0 || row >= x->info->dim[2] || column < 0 ||
			    column >= x->info->dim[3])
				continue;
			gather_add(gather, x, array_index(x, from));
		}
}

void reference_pool(const struct tsr_graph_node *node, const struct array *in, struct array *out)
{
	const struct tsr_pool_options *options = &node->pool.options;
	bool padded = node->pool.mode == TSR_POOL_MODE_AVERAGE_PADDED;
	int64_t at[TSR_RANK_MAX];
	size_t i;

	for (i = 0; i < out->count; i++) {
		struct gather gather = {
			.mode = node->pool.mode == TSR_POOL_MODE_MAX ? GATHER_MAX : GATHER_MEAN,
		};

		array_locate(out, i, at);
		gather_window(options, &in[0], at, &gather);
		gather_store(&gather, &in[0], padded ? (int64_t)options->kernel[0] *
			     options->kernel[1] : gather.count, out, i);
	}
}
