/* SPDX-License-Identifier: MIT */
#include "pairing.h"

#include <tsr_hw/error.h>

#define TYPES_FP8	(TYPE_BIT(TSR_HW_TYPE_FP8_E4M3) | TYPE_BIT(TSR_HW_TYPE_FP8_E5M2))
#define TYPES_INT4	(TYPE_BIT(TSR_HW_TYPE_INT4) | TYPE_BIT(TSR_HW_TYPE_UINT4))
#define TYPES_INT16	TYPE_BIT(TSR_HW_TYPE_INT16)
#define TYPES_SCALED	(TYPES_INT8 | TYPES_INT4 | TYPES_FP8 | TYPE_BIT(TSR_HW_TYPE_FP4_E2M1))

/* Pairs of docs/hardware.md; @runs_at 0 is the first operand's type. */
static const struct {
	uint32_t first;
	uint32_t second;
	bool scaled;
	uint8_t runs_at;
	enum number_class value;
} pairs[] = {
	{ TYPES_FP8, TYPES_FP8, false, TSR_HW_TYPE_FP8_E4M3, NUMBER_F32 },
	{ TYPES_INT8, TYPES_INT8 | TYPES_INT4, false, TSR_HW_TYPE_INT8, NUMBER_I32 },
	{ TYPES_INT16, TYPES_INT8 | TYPES_INT16, false, TSR_HW_TYPE_INT16, NUMBER_I64 },
	{ TYPES_INT4, TYPES_INT4, false, TSR_HW_TYPE_INT4, NUMBER_I32 },
	{ TYPES_FP, TYPES_SCALED, true, 0, NUMBER_F32 },
};

static bool has(uint32_t types, unsigned int type)
{
	return types & TYPE_BIT(type);
}

int pairing_of(unsigned int first, unsigned int second, bool scaled, struct pairing *pairing)
{
	*pairing = (struct pairing){
		.first = (uint8_t)first, .second = (uint8_t)second, .runs_at = (uint8_t)first,
		.scaled = scaled, .value = NUMBER_F32,
	};
	if (!scaled && first == second && type_is_fp(first))
		return TSR_HW_ERR_NONE;
	for (unsigned int i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		if (pairs[i].scaled != scaled || !has(pairs[i].first, first) ||
		    !has(pairs[i].second, second))
			continue;
		pairing->value = pairs[i].value;
		if (pairs[i].runs_at)
			pairing->runs_at = pairs[i].runs_at;
		return TSR_HW_ERR_NONE;
	}
	return TSR_HW_ERR_COMMAND;
}

void pairing_narrow(struct pairing *pairing)
{
	pairing->narrow = !pairing->scaled && pairing->first == TSR_HW_TYPE_BF16 &&
			  pairing->second == TSR_HW_TYPE_BF16;
}
