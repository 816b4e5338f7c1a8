// SPDX-License-Identifier: MIT
#include "product.h"

#include <tsr_hw/fuse.h>

#include "descriptor.h"
#include "number/types.h"
#include "tile/sku.h"

_Static_assert((int)OUTPUT_N == TSR_HW_ORDER_OUTPUT_N, "n outermost");
_Static_assert((int)OUTPUT_M == TSR_HW_ORDER_OUTPUT_M, "m outermost");
_Static_assert((int)A_RESIDENT == TSR_HW_ORDER_A_RESIDENT, "a is kept");
_Static_assert((int)B_RESIDENT == TSR_HW_ORDER_B_RESIDENT, "b is kept");

/* The type that a product of two operands runs at. */
static unsigned int runs_at(unsigned int a)
{
	switch (a) {
	case TSR_HW_TYPE_FP8_E5M2:
		return TSR_HW_TYPE_FP8_E4M3;
	case TSR_HW_TYPE_UINT8:
		return TSR_HW_TYPE_INT8;
	case TSR_HW_TYPE_UINT4:
		return TSR_HW_TYPE_INT4;
	default:
		return a;
	}
}

void take_quant(const struct measure_source *source, const struct tsr_hw_quant *raw,
		uint64_t depth, struct quantization *quantization)
{
	quantization->block = raw->kind == TSR_HW_QUANT_BLOCKS ? raw->block : depth;
	if (!quantization->block)
		quantization->block = 1;
	take_tensor(source, &raw->scale, &quantization->scale);
	take_tensor(source, &raw->zeros, &quantization->zeros);
}

struct blocks take_blocks(const struct tsr_hw_blocks *raw)
{
	return (struct blocks){
		.bm = raw->bm, .bn = raw->bn, .bk = raw->bk, .bg = raw->bg,
		.order = (enum order)raw->order,
	};
}

struct precision take_precision(const struct measure_source *source, unsigned int a)
{
	unsigned int type = runs_at(a);

	return (struct precision){
		.macs = source->fuses->macs[type],
		.floating = number_is_floating(type),
		.wide = type == TSR_HW_TYPE_INT16,
		.femtojoules = source->energy->mac[type],
	};
}
