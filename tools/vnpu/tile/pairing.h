/* SPDX-License-Identifier: MIT */
/* Which types of operands a product has, and what it computes them as. */
#ifndef VNPU_TILE_PAIRING_H
#define VNPU_TILE_PAIRING_H

#include <stdbool.h>
#include <stdint.h>

#include <number/types.h>

#include "tensor.h"

/* Types that a first and a second operand can have at all. */
#define TYPES_FIRST	(TYPES_FP | TYPES_INT8 | TYPE_BIT(TSR_HW_TYPE_FP8_E4M3) | \
			 TYPE_BIT(TSR_HW_TYPE_FP8_E5M2) | TYPE_BIT(TSR_HW_TYPE_INT4) | \
			 TYPE_BIT(TSR_HW_TYPE_UINT4) | TYPE_BIT(TSR_HW_TYPE_INT16))
#define TYPES_SECOND	(TYPES_FIRST | TYPE_BIT(TSR_HW_TYPE_FP4_E2M1))

/**
 * struct pairing - two operands
 * @first: TSR_HW_TYPE_* of the first one
 * @second: and of the second one, as stored
 * @runs_at: type whose rate and energy the product has
 * @scaled: the second operand has block scales
 * @narrow: bf16 as it is stored, where it need not become fp32
 * @value: of accumulators: fp32, int32 or int64
 */
struct pairing {
	uint8_t first;
	uint8_t second;
	uint8_t runs_at;
	bool scaled;
	bool narrow;
	enum number_class value;
};

/**
 * pairing_of() - whether there is such a product
 * @first: type of the first operand
 * @second: and of the second one
 * @scaled: the second one has block scales
 * @pairing: result
 *
 * Return: TSR_HW_ERR_NONE or TSR_HW_ERR_COMMAND.
 */
int pairing_of(unsigned int first, unsigned int second, bool scaled, struct pairing *pairing);

/** pairing_is_exact() - integers: sums are exact modulo 2^32 or 2^64 */
static inline bool pairing_is_exact(const struct pairing *pairing)
{
	return pairing->value != NUMBER_F32;
}

/** pairing_size() - bytes of an element of either operand, as products take them */
static inline uint64_t pairing_size(const struct pairing *pairing)
{
	if (pairing_is_exact(pairing))
		return sizeof(uint8_t);
	return pairing->narrow ? sizeof(uint16_t) : sizeof(float);
}

/** pairing_narrow() - leave bf16 as it is stored if both operands have it */
void pairing_narrow(struct pairing *pairing);

#endif
