// SPDX-License-Identifier: MIT
/* Extents of the steps that a command walks a tensor in. */
#include <endian.h>

#include <tsr_hw/command.h>
#include <tsr_hw/fuse.h>

#include "compiler.h"

/* Elements of a step, at most (docs/hardware.md, section 11.5). */
#define STEP_ELEMENTS	4096

/* Blocks of a product to begin with: long enough to hide the change of weights. */
#define PRODUCT_ROWS	256
#define PRODUCT_COLUMNS	256

/* A block of each operand is loaded while another one is used. */
#define BUFFERS		2

/* Whole dimensions from the innermost one on, as long as they fit. */
void tsr_default_blocks(const struct tsr_tensor_info *walked, struct tsr_hw_step *step)
{
	int64_t left = STEP_ELEMENTS;
	unsigned int i;

	for (i = walked->rank; i-- > 0;) {
		int64_t extent = walked->dim[i] < left ? walked->dim[i] : left;

		step->block[i] = htole32(extent ? (uint32_t)extent : 1);
		left /= extent ? extent : 1;
	}
}

/*
 * Extents of a block, and what they are multiples of where they cut: rows and columns of the
 * array, and of the depth also the taps of a window.
 */
struct cut {
	uint64_t m;
	uint64_t n;
	uint64_t k;
	uint64_t g;
	uint64_t rows;
	uint64_t columns;
	uint64_t unit;
};

static uint64_t smaller(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static uint64_t divide_up(uint64_t a, uint64_t b)
{
	return a / b + (a % b != 0);
}

/* At most @most, a multiple of @unit. */
static uint64_t limited(uint64_t extent, uint64_t most, uint64_t unit)
{
	uint64_t units = most / unit ? most / unit : 1;
	uint64_t wanted = divide_up(extent ? extent : 1, unit);

	return (wanted < units ? wanted : units) * unit;
}

/* Half of it, a multiple of @unit. */
static uint64_t halved(uint64_t extent, uint64_t unit)
{
	return limited(extent, extent / 2, unit);
}

/* Outputs in a row of the product: a line of a convolution. */
static uint64_t line_of(const struct tsr_product *product)
{
	return product->window.taps ? product->window.line : 1;
}

/* Lines of input that a block of lines goes over at most, wherever its first one lies. */
static uint64_t input_lines(const struct tsr_product *product, uint64_t lines)
{
	uint64_t whole = lines / product->window.lines, rest = lines % product->window.lines;
	uint64_t reach = product->window.reach, reached;

	if (!rest)
		return whole * product->window.in_lines;
	reached = (rest - 1) * product->window.stride + reach;
	/* The last lines of a picture, and the first ones of the next. */
	if (lines > 1 && product->m > product->window.lines)
		reached += product->window.stride + reach;
	return whole * product->window.in_lines + smaller(reached, 2 * product->window.in_lines);
}

/* Elements of the largest block of the first operand. */
static uint64_t first_of(const struct tsr_product *product, const struct cut *cut)
{
	uint64_t k = smaller(cut->k, product->k);

	if (!product->window.taps)
		return cut->m * k;
	return input_lines(product, cut->m) * product->window.in_line * cut->g *
	       divide_up(k, product->window.taps);
}

/* Of a convolution, bias and multipliers are held once for each picture in a block. */
static uint64_t columns_held(const struct tsr_product *product, const struct cut *cut)
{
	uint64_t pictures = product->window.taps ? cut->m / product->window.lines + 2 : 0;

	return smaller(pictures, cut->m) * 2 * sizeof(float);
}

static uint64_t set_of(const struct tsr_product *product, const struct cut *cut)
{
	uint64_t columns = smaller(cut->n, product->n) * cut->g;
	uint64_t bytes = cut->m * line_of(product) * columns *
			 (sizeof(int32_t) + product->sizes.d + product->sizes.inputs);

	/* Each is rounded up to a burst of 64 bytes. */
	return bytes + columns * columns_held(product, cut) +
	       BUFFERS * (first_of(product, cut) * product->sizes.a +
			  smaller(cut->k, product->k) * columns * product->sizes.b) +
	       8 * 64;
}

/* Cycles of the array for a block, with its first step's. */
static uint64_t cycles_of(const struct tsr_hw_fuses *fuses, const struct tsr_product *product,
			  const struct cut *cut)
{
	uint64_t weights = divide_up(cut->rows * cut->columns * product->sizes.b,
				     le16toh(fuses->weight_path));
	uint64_t streamed = divide_up(cut->m * line_of(product), le16toh(fuses->array_ports));

	return divide_up(cut->k, cut->rows) * divide_up(cut->n, cut->columns) * cut->g *
	       (streamed > weights ? streamed : weights) + le16toh(fuses->array_rows) +
	       le16toh(fuses->array_columns);
}

static bool fits(const struct tsr_hw_fuses *fuses, const struct tsr_product *product,
		 const struct cut *cut)
{
	uint64_t room = le32toh(fuses->scratchpad_kib) * 1024ull * 7 / 8;

	return set_of(product, cut) <= room &&
	       cycles_of(fuses, product, cut) <= 1ull << le16toh(fuses->block_cycles_log2);
}

/*
 * Groups, which share nothing, then depth, for it costs no traffic; one row of one block of the
 * array is the smallest.
 */
static bool shrink(struct cut *cut)
{
	if (cut->g > 1)
		cut->g = halved(cut->g, 1);
	else if (cut->k > cut->unit && cut->k >= cut->n)
		cut->k = halved(cut->k, cut->unit);
	else if (cut->n > cut->columns && cut->n >= cut->m)
		cut->n = halved(cut->n, cut->columns);
	else if (cut->m > 1)
		cut->m = halved(cut->m, 1);
	else if (cut->k > cut->unit)
		cut->k = halved(cut->k, cut->unit);
	else if (cut->n > cut->columns)
		cut->n = halved(cut->n, cut->columns);
	else
		return false;
	return true;
}

static uint64_t divisor(uint64_t a, uint64_t b)
{
	while (b) {
		uint64_t rest = a % b;

		a = b;
		b = rest;
	}
	return a;
}

/* Whole channels, and blocks of the array. */
static uint64_t unit_of(const struct tsr_product *product, uint64_t rows)
{
	uint64_t taps = product->window.taps ? product->window.taps : 1;

	return rows / divisor(rows, taps) * taps;
}

bool tsr_product_blocks(const struct tsr_hw_fuses *fuses, const struct tsr_product *product,
			struct tsr_hw_blocks *blocks)
{
	uint64_t columns = le16toh(fuses->array_columns);
	uint64_t rows = le32toh(fuses->macs[product->type]) /
			(columns * le16toh(fuses->array_ports));
	uint64_t unit = unit_of(product, rows);
	struct cut cut = {
		.m = limited(product->m, divide_up(PRODUCT_ROWS, line_of(product)), 1),
		.n = limited(product->n, PRODUCT_COLUMNS, columns),
		.k = limited(product->k, UINT32_MAX, unit),
		.g = limited(product->groups,
			     divide_up(PRODUCT_COLUMNS, product->n ? product->n : 1), 1),
		.rows = rows,
		.columns = columns,
		.unit = unit,
	};
	bool fit = fits(fuses, product, &cut);

	while (!fit && shrink(&cut))
		fit = fits(fuses, product, &cut);
	*blocks = (struct tsr_hw_blocks){
		.bm = htole32((uint32_t)cut.m), .bn = htole32((uint32_t)cut.n),
		.bk = htole32((uint32_t)cut.k), .bg = htole32((uint32_t)cut.g),
		.order = TSR_HW_ORDER_OUTPUT_N,
	};
	return fit;
}
