/* SPDX-License-Identifier: MIT */
#include "sums.h"

#include <math.h>
#include <stdio.h>

#include <number/store.h>

#include "indices.h"
#include "stored.h"

void sums_types(struct bench *bench, bool integer, unsigned int *types)
{
	static const uint8_t integers[] = { TSR_HW_TYPE_INT8, TSR_HW_TYPE_UINT8 };
	static const uint8_t floats[] = { TSR_HW_TYPE_FP32, TSR_HW_TYPE_FP16, TSR_HW_TYPE_BF16 };
	static const uint8_t outputs[] = { TSR_HW_TYPE_INT8, TSR_HW_TYPE_UINT8, TSR_HW_TYPE_INT32,
					   TSR_HW_TYPE_FP32, TSR_HW_TYPE_FP16 };

	if (integer) {
		types[0] = integers[bench_below(bench, 2)];
		types[1] = integers[bench_below(bench, 2)];
		types[2] = outputs[bench_below(bench, 5)];
		return;
	}
	types[0] = floats[bench_below(bench, 3)];
	types[1] = types[0];
	types[2] = floats[bench_below(bench, 3)];
}

void sums_add(struct sum *sum, double a, double b)
{
	sum->terms++;
	sum->value += a * b;
	sum->magnitude += fabs(a * b);
	if (!sum->real)
		sum->wrapped += (uint32_t)((uint64_t)(int64_t)a * (uint64_t)(int64_t)b);
}

/* Any order of an fp32 sum stays this close to the exact one; then it is rounded once. */
static bool is_close(const struct sum *sum, unsigned int type, double got)
{
	double bound = (double)(sum->terms + 1) * 0x1p-24 * sum->magnitude;

	return got >= stored_round(type, sum->value - bound) &&
	       got <= stored_round(type, sum->value + bound);
}

bool sums_stored(const struct bench *bench, const struct sum *sum, const struct tsr_hw_tensor *d,
		 uint64_t n)
{
	uint64_t got = indices_bits(bench, d, bench_plain_address(bench, d, n));
	uint64_t want = 0;
	bool good;

	if (!sum->real)
		number_store(NUMBER_I32, &sum->wrapped, d->type, 0, &want, 1);
	good = sum->real ? is_close(sum, d->type, (double)stored_float(d->type, got)) : got == want;
	if (!good)
		fprintf(stderr, "element %llu is %#llx, of a sum of %.9g\n", (unsigned long long)n,
			(unsigned long long)got, sum->value);
	return good;
}
