/* SPDX-License-Identifier: MIT */
/* HASH against the plain rule. */
#include "suite.h"

#include "bench.h"
#include "indices.h"

static uint32_t hash_of(const struct bench *bench, const struct tsr_hw_hash *hash, uint64_t row)
{
	uint64_t n = hash->x.dim[hash->x.rank - 1];
	uint32_t sum = hash->seed;

	for (uint64_t i = 0; i < n; i++) {
		uint64_t at = bench_plain_address(bench, &hash->x, row * n + i);

		sum = (sum ^ (uint32_t)indices_bits(bench, &hash->x, at)) * 16777619;
	}
	return sum;
}

static void random_commands_follow_the_rule(void **state)
{
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 990);
	for (int i = 0; i < CASES; i++) {
		struct tsr_hw_hash hash = { .head = { .op = TSR_HW_OP_HASH, .size = sizeof(hash) } };
		unsigned int rank = 1 + bench_below(&bench, 4);
		uint32_t dim[TSR_HW_MAX_RANK];
		struct outcome outcome;

		bench_reset(&bench);
		for (unsigned int k = 0; k < rank; k++)
			dim[k] = bench_extent(&bench, k + 1 == rank ? 700 : 5);
		bench_plain(&bench, &hash.x, TSR_HW_TYPE_INT32, rank, dim, bench_any_layout(&bench),
			    TSR_HW_SLOT_READ);
		bench_plain(&bench, &hash.d, TSR_HW_TYPE_UINT32, rank - 1, dim,
			    bench_any_layout(&bench), TSR_HW_SLOT_WRITE);
		hash.seed = (uint32_t)bench_random(&bench);
		bench_run(&bench, &hash, &outcome);
		assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
		for (uint64_t row = 0; row < bench_plain_elements(&hash.d); row++)
			assert_int_equal(indices_bits(&bench, &hash.d,
						      bench_plain_address(&bench, &hash.d, row)),
					 hash_of(&bench, &hash, row));
	}
	bench_close(&bench);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_commands_follow_the_rule),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
