/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/* Generated from contract/types.yaml by contract/generate; do not edit. */
/*
 * Types of tensor elements.
 *
 * Codes are fixed for all versions. A device says in its fuses which of them it computes.
 */
#ifndef TSR_HW_TYPES_H
#define TSR_HW_TYPES_H

/* Element types. */
#define TSR_HW_TYPE_NONE		0		/* no tensor */
#define TSR_HW_TYPE_FP32		1		/* IEEE 754 binary32 */
#define TSR_HW_TYPE_FP16		2		/* IEEE 754 binary16 */
#define TSR_HW_TYPE_BF16		3		/* the upper half of an fp32 */
#define TSR_HW_TYPE_FP8_E4M3		4		/* 8-bit float, 4 bits of exponent */
#define TSR_HW_TYPE_FP8_E5M2		5		/* 8-bit float, 5 bits of exponent */
#define TSR_HW_TYPE_INT8		6		/* 8 bits, two's complement */
#define TSR_HW_TYPE_UINT8		7		/* 8 bits, unsigned */
#define TSR_HW_TYPE_INT4		8		/* 4 bits, two's complement */
#define TSR_HW_TYPE_UINT4		9		/* 4 bits, unsigned */
#define TSR_HW_TYPE_INT16		10		/* 16 bits, two's complement */
#define TSR_HW_TYPE_UINT16		11		/* 16 bits, unsigned */
#define TSR_HW_TYPE_INT32		12		/* 32 bits, two's complement */
#define TSR_HW_TYPE_UINT32		13		/* 32 bits, unsigned */
#define TSR_HW_TYPE_INT64		14		/* 64 bits, two's complement */
#define TSR_HW_TYPE_UINT64		15		/* 64 bits, unsigned */
#define TSR_HW_TYPE_BOOL		16		/* a byte, 0 or 1 */
#define TSR_HW_TYPE_E8M0		17		/* 8-bit power of two, for scales */
#define TSR_HW_TYPE_FP4_E2M1		18		/* 4-bit float, 2 bits of exponent */
#define TSR_HW_TYPE_COUNT		19		/* one more than the highest */

#endif
