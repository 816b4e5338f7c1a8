// SPDX-License-Identifier: MIT
/* Blocks that the compiler chooses for products: every class takes them. */
#include "cmocka_prelude.h"

#include <stdio.h>

#include <tsr_hw/command.h>
#include <tsr_hw/error.h>
#include <tsr_hw/fuse.h>

#include "../compiler/compiler.h"
#include "random.h"
#include "tile/product_blocks.h"
#include "tile/sku.h"
#include "tile/tests/classes.h"


static uint64_t smaller(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static uint64_t whole_bursts(uint64_t bytes)
{
	return (bytes + 63) / 64 * 64;
}

/* What the tile counts, with three inputs of the epilogue in fp32. */
static void assert_taken(const struct tsr_hw_fuses *fuses, const struct tsr_product *product)
{
	struct product_blocks blocks;
	struct tsr_hw_blocks raw;
	struct product_extents extents = {
		.n = product->n, .k = product->k, .type = product->type,
		.weight_bits = 8 * (unsigned int)product->sizes.b,
	};
	struct product_held held = { .output_bits = 8 * (unsigned int)product->sizes.d };
	uint64_t ring = fuses->scratchpad_kib * 1024ull * 7 / 8;
	uint64_t m, n, k;

	tsr_product_blocks(fuses, product, &raw);
	assert_int_equal(product_blocks_decode(&raw, 1, &blocks), TSR_HW_ERR_NONE);
	m = smaller(blocks.bm, product->m);
	n = smaller(blocks.bn, product->n);
	k = smaller(blocks.bk, product->k);
	extents.m = m;
	held.outputs = m * n;
	held.a = whole_bursts(m * k * product->sizes.a);
	held.b = whole_bursts(k * n * product->sizes.b);
	held.inputs = 3 * whole_bursts(m * n * sizeof(float));
	assert_int_equal(product_blocks_check(fuses, ring, &blocks, &extents, &held),
			 TSR_HW_ERR_NONE);
}

static void every_class_takes_the_blocks_of_every_product(void **state)
{
	static const struct { enum tsr_type type; uint64_t size; } types[] = {
		{ TSR_FP32, 4 }, { TSR_FP16, 2 }, { TSR_BF16, 2 }, { TSR_INT8, 1 },
	};
	uint64_t seed = 1;

	(void)state;
	for (unsigned int c = 0; c < CLASSES; c++) {
		char path[256], error[256];
		struct sku *sku;

		snprintf(path, sizeof(path), "%s/%s.json", SKU_DIR, classes[c]);
		assert_int_equal(sku_load(path, &sku, error, sizeof(error)), 0);
		for (unsigned int i = 0; i < 4000; i++) {
			unsigned int type = (unsigned int)(random_next(&seed) >> 20) % 4;
			struct tsr_product product = {
				.m = random_next(&seed) >> 8 &
				     ((1ull << random_next(&seed) % 31) - 1),
				.n = random_next(&seed) >> 8 &
				     ((1ull << random_next(&seed) % 31) - 1),
				.k = random_next(&seed) >> 8 &
				     ((1ull << random_next(&seed) % 31) - 1),
				.type = types[type].type,
				.sizes = { types[type].size, types[type].size,
					   i % 2 ? types[type].size : 4, 3 * sizeof(float) },
			};

			if (sku_fuses(sku)->macs[product.type])
				assert_taken(sku_fuses(sku), &product);
		}
		sku_free(sku);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_class_takes_the_blocks_of_every_product),
	};

	return cmocka_run_group_tests_name("blocks", tests, NULL, NULL);
}
