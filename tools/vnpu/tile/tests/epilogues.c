/* SPDX-License-Identifier: MIT */
#include "epilogues.h"

#include <string.h>

void epilogue_none(struct tsr_hw_epilogue *epilogue)
{
	memset(epilogue, 0, sizeof(*epilogue));
	bench_none(&epilogue->bias);
	bench_none(&epilogue->residual);
}

static void random_activation(struct bench *bench, struct tsr_hw_epilogue *epilogue)
{
	epilogue->activation = bench_below(bench, 3);
	if (epilogue->activation != TSR_HW_ACT_CLIP)
		return;
	epilogue->alpha = bench_bits(bench_uniform(bench, -4, 0));
	epilogue->beta = bench_bits(bench_uniform(bench, 0, 6));
}

void epilogue_random(struct bench *bench, struct tsr_hw_epilogue *epilogue,
		     const struct tsr_hw_scaled_tensor *d, uint32_t channels, bool integer)
{
	static const uint8_t integers[] = { TSR_HW_TYPE_INT8, TSR_HW_TYPE_UINT8, TSR_HW_TYPE_FP32 };
	static const uint8_t floats[] = { TSR_HW_TYPE_FP32, TSR_HW_TYPE_FP16, TSR_HW_TYPE_BF16 };

	epilogue_none(epilogue);
	if (bench_below(bench, 2))
		bench_tensor(bench, &epilogue->bias,
			     integer ? TSR_HW_TYPE_INT32 : TSR_HW_TYPE_FP32, 1, &channels,
			     LAYOUT_GAPS, TSR_HW_SLOT_READ);
	if (d->type == TSR_HW_TYPE_INT32)
		return;
	random_activation(bench, epilogue);
	if (bench_below(bench, 2))
		bench_tensor(bench, &epilogue->residual,
			     (integer ? integers : floats)[bench_below(bench, 3)], d->rank,
			     d->dim, bench_any_layout(bench) | LAYOUT_REPEAT,
			     TSR_HW_SLOT_READ);
}

void operand_types(struct bench *bench, bool integer, unsigned int *a, unsigned int *b,
		   unsigned int *d)
{
	static const uint8_t integers[] = { TSR_HW_TYPE_INT8, TSR_HW_TYPE_UINT8 };
	static const uint8_t floats[] = { TSR_HW_TYPE_FP32, TSR_HW_TYPE_FP16, TSR_HW_TYPE_BF16 };
	static const uint8_t outputs[] = { TSR_HW_TYPE_INT8, TSR_HW_TYPE_UINT8, TSR_HW_TYPE_INT32,
					   TSR_HW_TYPE_FP32, TSR_HW_TYPE_FP16 };

	if (integer) {
		*a = integers[bench_below(bench, 2)];
		*b = integers[bench_below(bench, 2)];
		*d = outputs[bench_below(bench, 5)];
		return;
	}
	*a = floats[bench_below(bench, 3)];
	*b = *a;
	*d = floats[bench_below(bench, 3)];
}
