/* SPDX-License-Identifier: MIT */
#include "convs.h"

#include <string.h>

#include "indices.h"
#include "products.h"
#include "stored.h"
#include "sums.h"
#include "windows.h"

#define LEADING		2u
#define DIMS		2u

#define MOST_OUTPUTS	150u

void conv_blocks(const struct bench *bench, struct tsr_hw_conv *conv)
{
	uint32_t outputs = conv->w.dim[0] / conv->groups;
	uint32_t columns = sku_fuses(bench->sku)->array_columns;
	uint32_t depth = conv->w.dim[1];

	for (unsigned int i = 0; i < DIMS; i++)
		depth *= conv->w.dim[LEADING + i];
	conv->blocks = (struct tsr_hw_blocks){
		.bm = 1,
		.bn = outputs > columns ? columns : outputs ? outputs : 1,
		.bk = depth ? depth : 1,
		.bg = 1,
	};
}

/* Outputs of one dimension. */
static uint32_t outputs_of(uint32_t in, const struct tsr_hw_window *window)
{
	uint64_t reach = (uint64_t)window->dilation * (window->kernel - 1) + 1;

	return (uint32_t)((in + window->before + window->after - reach) / window->stride + 1);
}

static void make(struct bench *bench, struct tsr_hw_conv *conv, const unsigned int *types,
		 const uint32_t *x, const uint32_t *w, unsigned int layout)
{
	uint32_t d[] = { x[0], w[0], outputs_of(x[2], &conv->window[0]),
			 outputs_of(x[3], &conv->window[1]) };

	conv->head.op = TSR_HW_OP_CONV;
	conv->head.size = sizeof(*conv);
	conv->dims = DIMS;
	bench_plain(bench, &conv->x, types[0], 4, x,
		    layout == LAYOUT_DENSE ? layout : layout | LAYOUT_REPEAT, TSR_HW_SLOT_READ);
	bench_plain(bench, &conv->w, types[1], 4, w, layout, TSR_HW_SLOT_READ);
	bench_plain(bench, &conv->d, types[2], 4, d, layout, TSR_HW_SLOT_WRITE);
	products_no_quant(&conv->qx);
	products_no_quant(&conv->qw);
	conv_blocks(bench, conv);
}

void conv_make(struct bench *bench, struct tsr_hw_conv *conv, const unsigned int *types,
	       const uint32_t *x, const uint32_t *w, const struct tsr_hw_window *windows,
	       uint32_t groups)
{
	memset(conv, 0, sizeof(*conv));
	conv->groups = groups;
	for (unsigned int i = 0; i < DIMS; i++) {
		conv->window[i] = windows[i];
		conv->window[i].kernel = w[LEADING + i];
	}
	make(bench, conv, types, x, w, LAYOUT_DENSE);
}

/* A window, and the extent of an input that has room for it: often its padding makes that. */
static uint32_t random_window(struct bench *bench, struct tsr_hw_window *window)
{
	uint32_t reach, padding;

	*window = (struct tsr_hw_window){
		.kernel = 1 + bench_below(bench, 4),
		.stride = 1 + bench_below(bench, 3),
		.dilation = 1 + bench_below(bench, 3),
		.input_dilation = 1,
		.before = bench_below(bench, 4),
		.after = bench_below(bench, 3),
	};
	reach = window->dilation * (window->kernel - 1) + 1;
	padding = (uint32_t)(window->before + window->after);
	return (reach > padding ? reach - padding : 1) + bench_below(bench, 7);
}

void conv_random(struct bench *bench, struct tsr_hw_conv *conv, bool integer)
{
	uint32_t x[4], w[4];
	unsigned int types[3];

	memset(conv, 0, sizeof(*conv));
	sums_types(bench, integer, types);
	conv->groups = bench_below(bench, 2) ? 1 : 1 + bench_below(bench, 4);
	/*
	 * Many outputs of integers are computed in other ways than few. All
	 * together fit into MEMORY_BYTES.
	 */
	w[0] = conv->groups * (1 + bench_below(bench, integer && !bench_below(bench, 3) ?
					       MOST_OUTPUTS / conv->groups : 5));
	w[1] = 1 + bench_below(bench, 5);
	x[0] = 1 + bench_below(bench, 3);
	x[1] = w[1] * conv->groups;
	for (unsigned int i = 0; i < DIMS; i++) {
		x[LEADING + i] = random_window(bench, &conv->window[i]);
		w[LEADING + i] = conv->window[i].kernel;
	}
	make(bench, conv, types, x, w, bench_any_layout(bench));
	if (integer && bench_below(bench, 2)) {
		conv->qx.kind = TSR_HW_QUANT_ZERO;
		conv->qx.zero = (uint64_t)((int64_t)bench_below(bench, 128) -
					   (types[0] == TSR_HW_TYPE_INT8 ? 64 : 0));
	}
}

static struct sum sum_of(const struct bench *bench, const struct tsr_hw_conv *conv, uint64_t n)
{
	uint64_t taps = windows_taps(conv->window, DIMS), channels = conv->w.dim[1];
	struct sum sum = { .real = stored_is_float(conv->x.type) };
	uint64_t d[TSR_HW_MAX_RANK] = { 0 }, x[TSR_HW_MAX_RANK], w[TSR_HW_MAX_RANK];

	indices_coordinates(&conv->d, n, d);
	x[0] = d[0];
	w[0] = d[1];
	for (uint64_t k = 0; k < channels * taps; k++) {
		uint64_t tap = k % taps;

		w[1] = k / taps;
		w[2] = tap / conv->window[1].kernel;
		w[3] = tap % conv->window[1].kernel;
		x[1] = d[1] / (conv->d.dim[1] / conv->groups) * channels + w[1];
		if (windows_source(conv->window, DIMS, &conv->x.dim[LEADING], tap, &d[LEADING],
				   &x[LEADING]))
			sums_add(&sum, products_value(bench, &conv->x, x) -
				 (double)(int64_t)conv->qx.zero,
				 products_value(bench, &conv->w, w));
	}
	return sum;
}

bool conv_matches(const struct bench *bench, const struct tsr_hw_conv *conv)
{
	for (uint64_t n = 0; n < bench_plain_elements(&conv->d); n++) {
		struct sum sum = sum_of(bench, conv, n);

		if (!sums_stored(bench, &sum, &conv->d, n))
			return false;
	}
	return true;
}
