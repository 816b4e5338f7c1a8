// SPDX-License-Identifier: MIT
#include "steps_gemm.h"

#include "smaller.h"

/* Sizes of the last dimensions of a block of an operand. */
struct part {
	uint64_t start;
	uint64_t size;
};

static struct part part(uint64_t index, uint64_t block, uint64_t extent)
{
	return (struct part){ index * block, smaller(block, extent - index * block) };
}

static unsigned int batch_rank(const struct gemm *gemm)
{
	return gemm->d.rank - 2u;
}

/* An operand's region: its batch indices, 0 where it has one only, and its last two dimensions. */
static struct region region_of(const struct gemm *gemm, const struct operand *operand,
			       uint64_t batch, struct part rows, struct part columns)
{
	unsigned int rank = batch_rank(gemm);
	struct region region;

	for (unsigned int i = rank; i-- > 0;) {
		/* Of an empty batch the first one is asked about, too. */
		uint64_t extent = batch ? gemm->d.extent[i] : 1;

		region.start[i] = operand->extent[i] > 1 ? batch % extent : 0;
		region.size[i] = 1;
		batch /= extent;
	}
	region.start[rank] = rows.start;
	region.size[rank] = rows.size;
	region.start[rank + 1] = columns.start;
	region.size[rank + 1] = columns.size;
	return region;
}

static struct part part_m(const struct product *product, const struct place *place)
{
	const struct gemm *gemm = product->gemm;

	return part(place->m, gemm->blocks.bm, gemm->a.extent[batch_rank(gemm)]);
}

static struct part part_n(const struct product *product, const struct place *place)
{
	return part(place->n, product->blocks->bn, product->width);
}

static struct part part_k(const struct product *product, const struct place *place)
{
	return part(place->k, product->blocks->bk, product->sum);
}

/* Blocks of k of a scale that belong to a block of k. */
static struct part scales_of(struct part k, uint64_t block)
{
	uint64_t first = k.start / block;

	return (struct part){ first, divide_up(k.start + k.size, block) - first };
}

static struct extents gemm_extents(const struct product *product, const struct place *place)
{
	return (struct extents){ part_m(product, place).size, part_n(product, place).size,
				 part_k(product, place).size, 1 };
}

static uint64_t gemm_rows(const struct product *product, uint64_t batch)
{
	const struct gemm *gemm = product->gemm;
	uint64_t rows = gemm->a.extent[batch_rank(gemm)];

	if (gemm->row_counts)
		rows = (uint64_t)gemm->row_counts[batch / product->alike * gemm->count_stride];
	return divide_up(rows, gemm->blocks.bm);
}

static bool same_batch(const struct product *product, const struct operand *operand,
		       const struct place *x, const struct place *y)
{
	const struct gemm *gemm = product->gemm;
	uint64_t a = x->batch, b = y->batch;

	for (unsigned int i = batch_rank(gemm); i-- > 0 && a != b;) {
		uint64_t extent = gemm->d.extent[i];

		if (operand->extent[i] > 1 && a % extent != b % extent)
			return false;
		a /= extent;
		b /= extent;
	}
	return true;
}

static bool gemm_same_a(const struct product *product, const struct place *x,
			const struct place *y)
{
	return x->k == y->k && x->m == y->m && same_batch(product, &product->gemm->a, x, y);
}

static bool gemm_same_b(const struct product *product, const struct place *x,
			const struct place *y)
{
	return x->k == y->k && x->n == y->n && same_batch(product, &product->gemm->b, x, y);
}

/* Loads a region, or only tells what it holds. */
static uint64_t take(const struct product *product, const struct operand *operand,
		     const struct region *region, struct step *step)
{
	if (step)
		return step_load_region(step, product->walks, operand, region);
	return held_of_region(operand, region);
}

static uint64_t take_part(const struct product *product, const struct operand *operand,
			  uint64_t batch, struct part rows, struct part columns,
			  struct step *step)
{
	struct region region;

	if (!operand_loads(operand))
		return 0;
	region = region_of(product->gemm, operand, batch, rows, columns);
	return take(product, operand, &region, step);
}

static uint64_t gemm_a(const struct product *product, const struct place *place,
		       struct step *step)
{
	return take_part(product, &product->gemm->a, place->batch, part_m(product, place),
			 part_k(product, place), step);
}

static uint64_t gemm_b(const struct product *product, const struct place *place,
		       struct step *step)
{
	return take_part(product, &product->gemm->b, place->batch, part_k(product, place),
			 part_n(product, place), step);
}

static uint64_t gemm_scales_a(const struct product *product, const struct place *place,
			      struct step *step)
{
	const struct quantization *q = &product->gemm->qa;

	if (!q->zeros.bits)
		return 0;
	return take_part(product, &q->zeros, place->batch, part_m(product, place),
			 scales_of(part_k(product, place), q->block), step);
}

static uint64_t gemm_scales_b(const struct product *product, const struct place *place,
			      struct step *step)
{
	const struct quantization *q = &product->gemm->qb;
	struct part n = part_n(product, place), blocks;
	uint64_t held = 0;

	if (!q->scale.bits && !q->zeros.bits)
		return 0;
	blocks = scales_of(part_k(product, place), q->block);
	held += take_part(product, &q->scale, place->batch, blocks, n, step);
	held += take_part(product, &q->zeros, place->batch, blocks, n, step);
	return held;
}

static struct region output_region(const struct product *product, const struct operand *operand,
				   const struct place *place)
{
	return region_of(product->gemm, operand, place->batch, part_m(product, place),
			 part_n(product, place));
}

static bool gemm_same_input(const struct product *product, unsigned int number,
			    const struct place *x, const struct place *y)
{
	const struct operand *input = &product->post->input[number];
	struct region a = output_region(product, input, x);
	struct region b = output_region(product, input, y);

	return operand_same(input, &a, &b);
}

static uint64_t gemm_input(const struct product *product, unsigned int number,
			   const struct place *place, struct step *step)
{
	const struct operand *input = &product->post->input[number];
	struct region region = output_region(product, input, place);

	return take(product, input, &region, step);
}

static void gemm_store(const struct product *product, const struct place *place,
		       struct step *step)
{
	struct region region = output_region(product, &product->gemm->d, place);

	step_store(step, product->walks, &product->gemm->d, &region);
}

static const struct product_operations gemm_operations = {
	.extents = gemm_extents,
	.rows = gemm_rows,
	.same_a = gemm_same_a,
	.same_b = gemm_same_b,
	.same_input = gemm_same_input,
	.a = gemm_a,
	.b = gemm_b,
	.scales_a = gemm_scales_a,
	.scales_b = gemm_scales_b,
	.input = gemm_input,
	.store = gemm_store,
};

static struct product product_of(const struct steps *steps, const struct gemm *gemm)
{
	struct product product = {
		.operations = &gemm_operations,
		.class = steps->class,
		.walks = steps->walks,
		.gemm = gemm,
		.blocks = &gemm->blocks,
		.precision = &gemm->precision,
		.post = &gemm->post,
		.weight_bits = gemm->b.bits,
		.strict = gemm->strict,
		.batches = 1,
		.width = gemm->d.extent[gemm->d.rank - 1],
		.sum = gemm->a.extent[gemm->a.rank - 1],
		.on_array = true,
	};

	for (unsigned int i = 0; i < batch_rank(gemm); i++)
		product.batches *= gemm->d.extent[i];
	product.alike = product.batches;
	if (gemm->row_counts && gemm->count_stride && product.batches)
		product.alike /= gemm->d.extent[0];
	return product;
}

/* The first block is as large as any. */
static uint64_t working_set(const struct product *product, uint64_t fixed)
{
	struct place first = { 0 };

	return fixed + product_ring(product, product_held_a(product, &first),
				    product_held_b(product, &first)) +
	       product_held_inputs(product, &first);
}

int gemm_steps(struct steps *steps, const struct gemm *gemm)
{
	struct product *product = &steps->product;
	int error;

	*product = product_of(steps, gemm);
	error = product_check(product);
	if (error)
		return error;
	product->columns = divide_up(product->width, gemm->blocks.bn);
	product->depth = divide_up(product->sum, gemm->blocks.bk);
	if (!product->depth)
		product->depth = 1;
	product_begin(product);
	steps->fixed = product_fixed(&gemm->precision,
				     smaller(gemm->blocks.bm, gemm->a.extent[gemm->a.rank - 2]) *
				     smaller(gemm->blocks.bn, product->width), gemm->d.bits);
	steps->working_set = working_set(product, steps->fixed);
	return product_check_array(product);
}
