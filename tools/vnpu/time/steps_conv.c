// SPDX-License-Identifier: MIT
/*
 * CONV is a product of lines, rows of the innermost output dimension. A block of lines consists of
 * planes: lines of one image and, with three spatial dimensions, of one index of the first one.
 */
#include "steps_conv.h"

#include <errno.h>

#include "smaller.h"
#include "walk_line.h"
#include "window.h"

/* Lines of an image: beginning a command looks at the blocks of one. */
#define LINES_MAX	((uint64_t)1 << 20)

/* Lines of a block that are in one plane. */
struct plane {
	uint64_t image;
	uint64_t line;	/* of the image */
	uint64_t lines;
};

static struct range part(uint64_t index, uint64_t block, uint64_t extent)
{
	return (struct range){ index * block, smaller(block, extent - index * block) };
}

static uint64_t taps_of(const struct conv *conv)
{
	uint64_t taps = 1;

	for (unsigned int i = 0; i < conv->dims; i++)
		taps *= conv->w.extent[2 + i];
	return taps;
}

/* Outputs of a line, lines of a plane and of an image. */
static uint64_t line_of(const struct conv *conv)
{
	return conv->d.extent[1 + conv->dims];
}

static uint64_t plane_of(const struct conv *conv)
{
	return conv->dims > 1 ? conv->d.extent[conv->dims] : 1;
}

static uint64_t lines_of_image(const struct conv *conv)
{
	return conv->dims > 2 ? conv->d.extent[2] * plane_of(conv) : plane_of(conv);
}

static uint64_t height_of(const struct conv *conv)
{
	return conv->d.extent[0] * lines_of_image(conv);
}

static struct range groups_of(const struct conv *conv, const struct place *place)
{
	if (conv->groups == 1)
		return (struct range){ 0, 1 };
	return part(place->batch, conv->blocks.bg, conv->groups);
}

/* The first plane of some lines; @lines shrinks to the rest. */
static struct plane next_plane(const struct conv *conv, struct range *lines)
{
	uint64_t image = lines_of_image(conv), plane = plane_of(conv);
	uint64_t here = smaller(lines->size, plane - lines->start % plane);
	struct plane result = { lines->start / image, lines->start % image, here };

	lines->start += here;
	lines->size -= here;
	return result;
}

static struct range lines_of(const struct product *product, const struct place *place)
{
	return part(place->m, product->blocks->bm, height_of(product->conv));
}

/* Output indices of a plane in spatial dimension @dimension. */
static struct range output_range(const struct conv *conv, const struct plane *plane,
				 unsigned int dimension)
{
	uint64_t lines = plane_of(conv);

	if (dimension == conv->dims - 1u)
		return (struct range){ 0, line_of(conv) };
	if (dimension == conv->dims - 2u)
		return (struct range){ plane->line % lines, plane->lines };
	return (struct range){ plane->line / lines, 1 };
}

static void set(struct region *region, unsigned int dimension, struct range range)
{
	region->start[dimension] = range.start;
	region->size[dimension] = range.size;
}

static struct range channels_of(const struct product *product, const struct place *place)
{
	const struct conv *conv = product->conv;
	struct range groups = groups_of(conv, place);
	struct range k = part(place->k, conv->blocks.bk, product->sum);
	uint64_t taps = taps_of(conv), channels = conv->w.extent[1];

	return (struct range){ groups.start * channels + k.start / taps,
			       divide_up(k.size, taps) + (groups.size - 1) * channels };
}

static struct range outputs_of(const struct product *product, const struct place *place)
{
	struct range groups = groups_of(product->conv, place);
	struct range n = part(place->n, product->blocks->bn, product->width);

	return (struct range){ groups.start * product->width + n.start,
			       n.size + (groups.size - 1) * product->width };
}

/* The inputs of a plane: what its windows hit, and all of the innermost dimension. */
static struct region input_region(const struct conv *conv, struct range channels,
				  const struct plane *plane)
{
	struct region region;

	set(&region, 0, (struct range){ plane->image, 1 });
	set(&region, 1, channels);
	for (unsigned int i = 0; i + 1 < conv->dims; i++)
		set(&region, 2 + i, window_hit(&conv->window[i], output_range(conv, plane, i),
					       conv->x.extent[2 + i]));
	set(&region, 1 + conv->dims, (struct range){ 0, conv->x.extent[1 + conv->dims] });
	return region;
}

static struct region output_region(const struct conv *conv, struct range channels,
				   const struct plane *plane)
{
	struct region region;

	set(&region, 0, (struct range){ plane->image, 1 });
	set(&region, 1, channels);
	for (unsigned int i = 0; i < conv->dims; i++)
		set(&region, 2 + i, output_range(conv, plane, i));
	return region;
}

static struct extents conv_extents(const struct product *product, const struct place *place)
{
	const struct conv *conv = product->conv;

	return (struct extents){
		.m = lines_of(product, place).size * line_of(conv),
		.n = part(place->n, conv->blocks.bn, product->width).size,
		.k = part(place->k, conv->blocks.bk, product->sum).size,
		.groups = groups_of(conv, place).size,
	};
}

static uint64_t conv_rows(const struct product *product, uint64_t batch)
{
	(void)batch;
	/* Lines without outputs are nothing to do, however many there are. */
	return line_of(product->conv) ?
	       divide_up(height_of(product->conv), product->blocks->bm) : 0;
}

static bool conv_same_a(const struct product *product, const struct place *x,
			const struct place *y)
{
	(void)product;
	return x->batch == y->batch && x->m == y->m && x->k == y->k;
}

static bool conv_same_b(const struct product *product, const struct place *x,
			const struct place *y)
{
	(void)product;
	return x->batch == y->batch && x->k == y->k && x->n == y->n;
}

/* Adds up what the planes of a block touch and hold. */
static uint64_t load_planes(const struct product *product, const struct operand *operand,
			    const struct place *place, struct range channels, bool input,
			    struct step *step)
{
	struct range lines = lines_of(product, place);
	struct walk walk = { 0 };
	uint64_t bits = 0;

	while (lines.size) {
		struct plane plane = next_plane(product->conv, &lines);
		struct region region = input ? input_region(product->conv, channels, &plane) :
				       output_region(product->conv, channels, &plane);
		struct box box;

		bits += operand_volume(operand, &region);
		if (!step)
			continue;
		box = operand_box(operand, &region);
		walk = walk_add(walk, walk_of(product->walks, &box));
	}
	return step ? step_load(step, operand, &walk, bits) : bytes_held(bits);
}

static uint64_t conv_a(const struct product *product, const struct place *place,
		       struct step *step)
{
	const struct operand *x = &product->conv->x;

	if (!operand_loads(x))
		return 0;
	return load_planes(product, x, place, channels_of(product, place), true, step);
}

static uint64_t take(const struct product *product, const struct operand *operand,
		     const struct region *region, struct step *step)
{
	if (step)
		return step_load_region(step, product->walks, operand, region);
	return held_of_region(operand, region);
}

static uint64_t conv_b(const struct product *product, const struct place *place,
		       struct step *step)
{
	const struct conv *conv = product->conv;
	struct range k = part(place->k, conv->blocks.bk, product->sum);
	uint64_t taps = taps_of(conv);
	struct region region;

	set(&region, 0, outputs_of(product, place));
	set(&region, 1, (struct range){ k.start / taps, divide_up(k.size, taps) });
	for (unsigned int i = 0; i < conv->dims; i++)
		set(&region, 2 + i, (struct range){ 0, conv->w.extent[2 + i] });
	return take(product, &conv->w, &region, step);
}

static uint64_t conv_scales_a(const struct product *product, const struct place *place,
			      struct step *step)
{
	(void)product;
	(void)place;
	(void)step;
	return 0;
}

static uint64_t conv_scales_b(const struct product *product, const struct place *place,
			      struct step *step)
{
	const struct quantization *q = &product->conv->qw;
	struct range k = part(place->k, product->blocks->bk, product->sum);
	struct region region;
	uint64_t first;

	if (!q->scale.bits && !q->zeros.bits)
		return 0;
	first = k.start / q->block;
	set(&region, 0, (struct range){ first, divide_up(k.start + k.size, q->block) - first });
	set(&region, 1, outputs_of(product, place));
	return take(product, &q->scale, &region, step) + take(product, &q->zeros, &region, step);
}

static uint64_t conv_input(const struct product *product, unsigned int number,
			   const struct place *place, struct step *step)
{
	const struct operand *input = &product->post->input[number];

	if (!operand_loads(input))
		return 0;
	return load_planes(product, input, place, outputs_of(product, place), false, step);
}

/* The next plane of a block whose region of an input differs from @region. */
static bool next_region(const struct product *product, const struct operand *input,
			const struct place *place, struct range *lines, struct region *region)
{
	struct range channels = outputs_of(product, place);

	while (lines->size) {
		struct plane plane = next_plane(product->conv, lines);
		struct region here = output_region(product->conv, channels, &plane);
		bool same = operand_same(input, region, &here);

		*region = here;
		if (!same)
			return true;
	}
	return false;
}

/* Whether two blocks consist of the same regions, equal neighbours taken once. */
static bool conv_same_input(const struct product *product, unsigned int number,
			    const struct place *x, const struct place *y)
{
	const struct operand *input = &product->post->input[number];
	struct range lines_x = lines_of(product, x), lines_y = lines_of(product, y);
	struct plane plane_x = next_plane(product->conv, &lines_x);
	struct plane plane_y = next_plane(product->conv, &lines_y);
	struct region a = output_region(product->conv, outputs_of(product, x), &plane_x);
	struct region b = output_region(product->conv, outputs_of(product, y), &plane_y);

	while (operand_same(input, &a, &b)) {
		bool more = next_region(product, input, x, &lines_x, &a);

		if (more != next_region(product, input, y, &lines_y, &b))
			return false;
		if (!more)
			return true;
	}
	return false;
}

static void conv_store(const struct product *product, const struct place *place,
		       struct step *step)
{
	const struct operand *d = &product->conv->d;
	struct range lines = lines_of(product, place);
	struct range channels = outputs_of(product, place);
	struct walk walk = { 0 };

	while (lines.size) {
		struct plane plane = next_plane(product->conv, &lines);
		struct region region = output_region(product->conv, channels, &plane);
		struct box box = operand_box(d, &region);

		walk = walk_add(walk, walk_of(product->walks, &box));
	}
	step_store_walk(step, d, &walk);
}

static const struct product_operations conv_operations = {
	.extents = conv_extents,
	.rows = conv_rows,
	.same_a = conv_same_a,
	.same_b = conv_same_b,
	.same_input = conv_same_input,
	.a = conv_a,
	.b = conv_b,
	.scales_a = conv_scales_a,
	.scales_b = conv_scales_b,
	.input = conv_input,
	.store = conv_store,
};

/* Products of a lane in a cycle, by the wider operand. */
static uint64_t lanes_of(const struct conv *conv)
{
	uint8_t bits = conv->x.bits > conv->w.bits ? conv->x.bits : conv->w.bits;

	return bits <= 8 ? 4 : bits <= 16 ? 2 : 1;
}

static struct product product_of(const struct steps *steps, const struct conv *conv)
{
	return (struct product){
		.operations = &conv_operations,
		.class = steps->class,
		.walks = steps->walks,
		.conv = conv,
		.blocks = &conv->blocks,
		.precision = &conv->precision,
		.post = &conv->post,
		.weight_bits = conv->w.bits,
		.strict = conv->strict,
		.width = conv->w.extent[0] / conv->groups,
		.sum = conv->w.extent[1] * taps_of(conv),
		.on_array = true,
		.vector_lanes = lanes_of(conv),
	};
}

/* How many blocks there are of a size: as long as @block, or the last one. */
struct sizes {
	uint64_t size[2];
	uint64_t count[2];
};

static struct sizes sizes_of(uint64_t extent, uint64_t block)
{
	return (struct sizes){ { block, extent % block }, { extent / block, extent % block != 0 } };
}

/* Cycles of all blocks on the array and on the vector unit: with groups the lesser one counts. */
static bool vector_is_faster(const struct product *product)
{
	const struct conv *conv = product->conv;
	struct sizes g = sizes_of(conv->groups, conv->blocks.bg);
	struct sizes m = sizes_of(height_of(conv), conv->blocks.bm);
	struct sizes n = sizes_of(product->width, conv->blocks.bn);
	struct sizes k = sizes_of(product->sum, conv->blocks.bk);
	uint64_t array = 0, vector = 0;

	for (unsigned int i = 0; i < 8; i++) {
		struct extents extents = { m.size[i & 1] * line_of(conv), n.size[i >> 1 & 1], 0,
					   g.size[i >> 2] };
		uint64_t count = m.count[i & 1] * n.count[i >> 1 & 1] * g.count[i >> 2];

		vector += count * product_vector(product, extents.m * extents.n * extents.groups);
		for (unsigned int j = 0; j < 2; j++) {
			extents.k = k.size[j];
			array += count * k.count[j] * product_array(product, &extents);
		}
	}
	return vector < array;
}

/* The largest block of x and the most that inputs of the epilogue hold: they repeat by images. */
static uint64_t largest_blocks(const struct product *product, uint64_t *inputs)
{
	uint64_t image = lines_of_image(product->conv);
	uint64_t count = smaller(conv_rows(product, 0),
				 image / walk_gcd(product->blocks->bm, image));
	uint64_t largest = 0;

	*inputs = 0;
	/* Nothing is loaded, however many lines there would be. */
	if (operand_is_empty(&product->conv->d))
		return 0;
	for (struct place place = { 0 }; place.m < count; place.m++) {
		uint64_t a = product_held_a(product, &place);
		uint64_t held = product_held_inputs(product, &place);

		largest = a > largest ? a : largest;
		*inputs = held > *inputs ? held : *inputs;
	}
	return largest;
}

static int check(const struct product *product)
{
	const struct conv *conv = product->conv;
	int error = product_check(product);

	if (error)
		return error;
	if (conv->blocks.bk < product->sum && conv->blocks.bk % taps_of(conv))
		return -EINVAL;
	return lines_of_image(conv) > LINES_MAX ? -EOPNOTSUPP : 0;
}

static uint64_t block_outputs(const struct product *product)
{
	const struct conv *conv = product->conv;

	return (conv->groups > 1 ? conv->blocks.bg : 1) * line_of(conv) *
	       smaller(conv->blocks.bm, height_of(conv)) *
	       smaller(conv->blocks.bn, product->width);
}

int conv_steps(struct steps *steps, const struct conv *conv)
{
	struct product *product = &steps->product;
	struct place first = { 0 };
	uint64_t largest, inputs;
	int error;

	*product = product_of(steps, conv);
	error = check(product);
	if (error)
		return error;
	product->batches = conv->groups > 1 ? divide_up(conv->groups, conv->blocks.bg) : 1;
	product->alike = product->batches;
	product->columns = divide_up(product->width, conv->blocks.bn);
	product->depth = divide_up(product->sum, conv->blocks.bk);
	if (!product->depth)
		product->depth = 1;
	product->on_array = conv->groups == 1 || !vector_is_faster(product);
	product_begin(product);
	largest = largest_blocks(product, &inputs);
	steps->fixed = product_fixed(&conv->precision, block_outputs(product), conv->d.bits);
	steps->working_set = steps->fixed + inputs +
			     product_ring(product, largest, product_held_b(product, &first));
	return product_check_array(product);
}
