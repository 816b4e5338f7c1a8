/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/* Generated from contract/vector.yaml by contract/generate; do not edit. */
/*
 * VECTOR programs.
 *
 * Straight-line code over registers for each element. A program is struct tsr_hw_vector, the
 * tensors of its inputs, its constants of 8 bytes each, and its instructions.
 */
#ifndef TSR_HW_VECTOR_H
#define TSR_HW_VECTOR_H

#include <tsr_hw/base.h>

#define TSR_HW_VECTOR_REGISTERS		16		/* registers */
#define TSR_HW_VECTOR_MAX_INSNS		32		/* instructions of a program */
#define TSR_HW_VECTOR_MAX_CONSTS	16		/* constants of a program */
/* inputs of a program: their elements are in the first registers */
#define TSR_HW_VECTOR_MAX_INPUTS	4
/* register of the command's own value: accumulator, reduced value, loaded element */
#define TSR_HW_VECTOR_VALUE		4
#define TSR_HW_VECTOR_PARAMETERS	256		/* parameters that a program can name */

/* Types of registers. */
#define TSR_HW_VECTOR_TYPE_F32		0		/* IEEE 754 binary32 */
#define TSR_HW_VECTOR_TYPE_I32		1		/* 32 bits, two's complement */
#define TSR_HW_VECTOR_TYPE_I64		2		/* 64 bits, two's complement */
#define TSR_HW_VECTOR_TYPE_BOOL		3		/* 0 or 1 */
#define TSR_HW_VECTOR_TYPES		4		/* one more than the highest */

/* Types of what an instruction reads or gives. */
#define TSR_HW_VECTOR_AS_SAME		0		/* the instruction's */
#define TSR_HW_VECTOR_AS_BOOL		1		/* bool */
#define TSR_HW_VECTOR_AS_IMMEDIATE	2		/* the one in the immediate */

/* Meanings of immediates. */
#define TSR_HW_VECTOR_IMM_NONE		0		/* zero */
#define TSR_HW_VECTOR_IMM_CONSTANT	1		/* number of a constant of the program */
#define TSR_HW_VECTOR_IMM_AXIS		2		/* dimension of the output */
#define TSR_HW_VECTOR_IMM_PARAMETER	3	/* parameter, below TSR_HW_VECTOR_PARAMETERS */
/* TSR_HW_VECTOR_TO_TYPE is a register type; TSR_HW_VECTOR_TO_WRAP from i64 to i32 */
#define TSR_HW_VECTOR_IMM_CONVERT	4
/* TSR_HW_VECTOR_TO_TYPE is a floating-point type of tensors; TSR_HW_VECTOR_TO_SATURATE */
#define TSR_HW_VECTOR_IMM_STORAGE	5
#define TSR_HW_VECTOR_IMM_SHIFT		6		/* 0 to 62 */
#define TSR_HW_VECTOR_IMM_WORD		7		/* 0 to 3 */

/* Immediates that name a type. */
#define TSR_HW_VECTOR_TO_TYPE		0x000000ffu	/* register type or element type */
/* fp8 and e8m0: what is too large becomes the largest finite value */
#define TSR_HW_VECTOR_TO_SATURATE	(1u << 8)
#define TSR_HW_VECTOR_TO_WRAP		(1u << 9)	/* keep the low bits */
#define TSR_HW_VECTOR_TO_MBZ		0xfc00u		/* everything else must be zero */

/* How the result is stored. */

/* fp8 and e8m0: what is too large becomes the largest finite value */
#define TSR_HW_VECTOR_STORE_SATURATE	(1u << 0)
#define TSR_HW_VECTOR_STORE_WRAP	(1u << 1)	/* integers keep the low bits */
/* all of them */
#define TSR_HW_VECTOR_STORE_FLAGS	(TSR_HW_VECTOR_STORE_SATURATE | \
					 TSR_HW_VECTOR_STORE_WRAP)

/* Operations. */
#define TSR_HW_VECTOR_MOVE		0x01u		/* a */
#define TSR_HW_VECTOR_CONSTANT		0x02u		/* the constant's low bits */
#define TSR_HW_VECTOR_INDEX		0x03u		/* the element's index in that dimension */
#define TSR_HW_VECTOR_TILE		0x04u		/* the tile's number in its gang */
#define TSR_HW_VECTOR_PARAMETER		0x05u		/* a parameter of the job */
#define TSR_HW_VECTOR_CONVERT		0x08u		/* a in another type */
#define TSR_HW_VECTOR_ROUND_TO		0x09u		/* a, rounded to the values of a type */
#define TSR_HW_VECTOR_RESCALE		0x0au		/* (a * b + 2^(s-1)) >> s */
#define TSR_HW_VECTOR_ADD		0x10u		/* a + b */
#define TSR_HW_VECTOR_SUB		0x11u		/* a - b */
#define TSR_HW_VECTOR_MUL		0x12u		/* a * b */
#define TSR_HW_VECTOR_FMA		0x13u		/* a * b + c, rounded once */
#define TSR_HW_VECTOR_NEG		0x14u		/* -a */
#define TSR_HW_VECTOR_ABS		0x15u		/* |a| */
#define TSR_HW_VECTOR_SIGN		0x16u	/* -1, 1, or a if it is zero or not-a-number */
#define TSR_HW_VECTOR_MIN		0x17u		/* minimum */
#define TSR_HW_VECTOR_MAX		0x18u		/* maximum */
#define TSR_HW_VECTOR_DIV		0x19u		/* a / b, truncated in integers */
#define TSR_HW_VECTOR_REM		0x1au		/* remainder with the sign of a */
#define TSR_HW_VECTOR_MOD		0x1bu		/* remainder with the sign of b */
#define TSR_HW_VECTOR_DIVU		0x1cu		/* a / b, unsigned */
#define TSR_HW_VECTOR_REMU		0x1du		/* remainder, unsigned */
#define TSR_HW_VECTOR_AND		0x20u		/* a and b */
#define TSR_HW_VECTOR_OR		0x21u		/* a or b */
#define TSR_HW_VECTOR_XOR		0x22u		/* either a or b */
#define TSR_HW_VECTOR_NOT		0x23u		/* not a */
#define TSR_HW_VECTOR_SHL		0x24u		/* a << b */
#define TSR_HW_VECTOR_SHR		0x25u		/* a >> b, unsigned */
#define TSR_HW_VECTOR_SAR		0x26u		/* a >> b, keeps the sign */
#define TSR_HW_VECTOR_EQ		0x28u		/* a = b */
#define TSR_HW_VECTOR_NE		0x29u		/* a is not b */
#define TSR_HW_VECTOR_LT		0x2au		/* a < b */
#define TSR_HW_VECTOR_LE		0x2bu		/* a <= b */
#define TSR_HW_VECTOR_GT		0x2cu		/* a > b */
#define TSR_HW_VECTOR_GE		0x2du		/* a >= b */
#define TSR_HW_VECTOR_LTU		0x2eu		/* a < b, unsigned */
#define TSR_HW_VECTOR_LEU		0x2fu		/* a <= b, unsigned */
#define TSR_HW_VECTOR_SELECT		0x30u		/* b if a, else c */
#define TSR_HW_VECTOR_IS_NAN		0x31u		/* a is not-a-number */
#define TSR_HW_VECTOR_IS_INF		0x32u		/* a is infinite */
#define TSR_HW_VECTOR_FLOOR		0x38u		/* to an integer towards -infinity */
#define TSR_HW_VECTOR_CEIL		0x39u		/* to an integer towards +infinity */
#define TSR_HW_VECTOR_TRUNC		0x3au		/* to an integer towards 0 */
#define TSR_HW_VECTOR_ROUND		0x3bu		/* to the nearest integer, ties to even */
#define TSR_HW_VECTOR_SQRT		0x40u		/* square root */
#define TSR_HW_VECTOR_RSQRT		0x41u		/* 1 / square root */
#define TSR_HW_VECTOR_RECIPROCAL	0x42u		/* 1 / a */
#define TSR_HW_VECTOR_EXP2		0x43u		/* 2^a */
#define TSR_HW_VECTOR_LOG2		0x44u		/* logarithm to base 2 */
#define TSR_HW_VECTOR_EXP		0x45u		/* e^a */
#define TSR_HW_VECTOR_LOG		0x46u		/* natural logarithm */
#define TSR_HW_VECTOR_EXPM1		0x47u		/* e^a - 1 */
#define TSR_HW_VECTOR_LOG1P		0x48u		/* natural logarithm of 1 + a */
#define TSR_HW_VECTOR_ERF		0x49u		/* error function */
#define TSR_HW_VECTOR_TANH		0x4au		/* hyperbolic tangent */
#define TSR_HW_VECTOR_SIGMOID		0x4bu		/* 1 / (1 + e^-a) */
#define TSR_HW_VECTOR_SIN		0x4cu		/* sine of radians */
#define TSR_HW_VECTOR_COS		0x4du		/* cosine of radians */
#define TSR_HW_VECTOR_ATAN		0x4eu		/* arc tangent */
#define TSR_HW_VECTOR_POW		0x50u		/* a^b */
#define TSR_HW_VECTOR_ATAN2		0x51u		/* angle of the point (b, a) */
#define TSR_HW_VECTOR_PHILOX		0x58u	/* word of Philox 4x32-10, counter a and key b */
#define TSR_HW_VECTOR_COUNT		89u		/* one more than the highest */

/* X(NAME, operands, types, a, result, immediate, weight) for each value */
#define TSR_HW_VECTOR_ROWS(X) \
	X(MOVE, 1, 0xf, 0, 0, 0, 1) \
	X(CONSTANT, 0, 0xf, 0, 0, TSR_HW_VECTOR_IMM_CONSTANT, 1) \
	X(INDEX, 0, 0x4, 0, 0, TSR_HW_VECTOR_IMM_AXIS, 1) \
	X(TILE, 0, 0x4, 0, 0, 0, 1) \
	X(PARAMETER, 0, 0x4, 0, 0, TSR_HW_VECTOR_IMM_PARAMETER, 1) \
	X(CONVERT, 1, 0xf, 0, TSR_HW_VECTOR_AS_IMMEDIATE, TSR_HW_VECTOR_IMM_CONVERT, 1) \
	X(ROUND_TO, 1, 0x1, 0, 0, TSR_HW_VECTOR_IMM_STORAGE, 1) \
	X(RESCALE, 2, 0x2, 0, 0, TSR_HW_VECTOR_IMM_SHIFT, 1) \
	X(ADD, 2, 0x7, 0, 0, 0, 1) \
	X(SUB, 2, 0x7, 0, 0, 0, 1) \
	X(MUL, 2, 0x7, 0, 0, 0, 1) \
	X(FMA, 3, 0x1, 0, 0, 0, 1) \
	X(NEG, 1, 0x7, 0, 0, 0, 1) \
	X(ABS, 1, 0x7, 0, 0, 0, 1) \
	X(SIGN, 1, 0x7, 0, 0, 0, 1) \
	X(MIN, 2, 0x7, 0, 0, 0, 1) \
	X(MAX, 2, 0x7, 0, 0, 0, 1) \
	X(DIV, 2, 0x7, 0, 0, 0, 4) \
	X(REM, 2, 0x7, 0, 0, 0, 4) \
	X(MOD, 2, 0x6, 0, 0, 0, 4) \
	X(DIVU, 2, 0x6, 0, 0, 0, 4) \
	X(REMU, 2, 0x6, 0, 0, 0, 4) \
	X(AND, 2, 0xe, 0, 0, 0, 1) \
	X(OR, 2, 0xe, 0, 0, 0, 1) \
	X(XOR, 2, 0xe, 0, 0, 0, 1) \
	X(NOT, 1, 0xe, 0, 0, 0, 1) \
	X(SHL, 2, 0x6, 0, 0, 0, 1) \
	X(SHR, 2, 0x6, 0, 0, 0, 1) \
	X(SAR, 2, 0x6, 0, 0, 0, 1) \
	X(EQ, 2, 0xf, 0, TSR_HW_VECTOR_AS_BOOL, 0, 1) \
	X(NE, 2, 0xf, 0, TSR_HW_VECTOR_AS_BOOL, 0, 1) \
	X(LT, 2, 0x7, 0, TSR_HW_VECTOR_AS_BOOL, 0, 1) \
	X(LE, 2, 0x7, 0, TSR_HW_VECTOR_AS_BOOL, 0, 1) \
	X(GT, 2, 0x7, 0, TSR_HW_VECTOR_AS_BOOL, 0, 1) \
	X(GE, 2, 0x7, 0, TSR_HW_VECTOR_AS_BOOL, 0, 1) \
	X(LTU, 2, 0x6, 0, TSR_HW_VECTOR_AS_BOOL, 0, 1) \
	X(LEU, 2, 0x6, 0, TSR_HW_VECTOR_AS_BOOL, 0, 1) \
	X(SELECT, 3, 0xf, TSR_HW_VECTOR_AS_BOOL, 0, 0, 1) \
	X(IS_NAN, 1, 0x1, 0, TSR_HW_VECTOR_AS_BOOL, 0, 1) \
	X(IS_INF, 1, 0x1, 0, TSR_HW_VECTOR_AS_BOOL, 0, 1) \
	X(FLOOR, 1, 0x1, 0, 0, 0, 1) \
	X(CEIL, 1, 0x1, 0, 0, 0, 1) \
	X(TRUNC, 1, 0x1, 0, 0, 0, 1) \
	X(ROUND, 1, 0x1, 0, 0, 0, 1) \
	X(SQRT, 1, 0x1, 0, 0, 0, 4) \
	X(RSQRT, 1, 0x1, 0, 0, 0, 4) \
	X(RECIPROCAL, 1, 0x1, 0, 0, 0, 4) \
	X(EXP2, 1, 0x1, 0, 0, 0, 4) \
	X(LOG2, 1, 0x1, 0, 0, 0, 4) \
	X(EXP, 1, 0x1, 0, 0, 0, 8) \
	X(LOG, 1, 0x1, 0, 0, 0, 8) \
	X(EXPM1, 1, 0x1, 0, 0, 0, 8) \
	X(LOG1P, 1, 0x1, 0, 0, 0, 8) \
	X(ERF, 1, 0x1, 0, 0, 0, 8) \
	X(TANH, 1, 0x1, 0, 0, 0, 8) \
	X(SIGMOID, 1, 0x1, 0, 0, 0, 8) \
	X(SIN, 1, 0x1, 0, 0, 0, 8) \
	X(COS, 1, 0x1, 0, 0, 0, 8) \
	X(ATAN, 1, 0x1, 0, 0, 0, 8) \
	X(POW, 2, 0x1, 0, 0, 0, 16) \
	X(ATAN2, 2, 0x1, 0, 0, 0, 16) \
	X(PHILOX, 2, 0x4, 0, 0, TSR_HW_VECTOR_IMM_WORD, 16)

/**
 * struct tsr_hw_insn - an instruction; registers and immediate that its operation does not use are
 *   zero
 * @op: operation (TSR_HW_VECTOR_*)
 * @type: of its operands, and of its result unless the operation says otherwise
 *   (TSR_HW_VECTOR_TYPE_*)
 * @dst: register of the result
 * @a: register of the first operand
 * @b: of the second
 * @c: of the third
 * @imm: immediate
 */
struct tsr_hw_insn {
	__u8 op;
	__u8 type;
	__u8 dst;
	__u8 a;
	__u8 b;
	__u8 c;
	__le16 imm;
};

/**
 * struct tsr_hw_vector_const - a constant
 * @value: its bits, low ones first; or the number of a parameter
 */
struct tsr_hw_vector_const {
	__le64 value;
};

/**
 * struct tsr_hw_vector - head of a VECTOR program; its inputs, constants and instructions follow in
 *   this order
 * @insns: instructions, 0 to TSR_HW_VECTOR_MAX_INSNS
 * @consts: constants, 0 to TSR_HW_VECTOR_MAX_CONSTS
 * @inputs: inputs, 0 to TSR_HW_VECTOR_MAX_INPUTS
 * @result: register of the result
 * @flags: how it is stored (TSR_HW_VECTOR_STORE_*)
 * @const_p: bit n set: constant n is the number of a parameter, whose value it takes
 */
struct tsr_hw_vector {
	__u8 insns;
	__u8 consts;
	__u8 inputs;
	__u8 result;
	__le16 flags;
	__le16 const_p;
};

/* Sizes and offsets. */
TSR_HW_SIZE(struct tsr_hw_insn, 8);
TSR_HW_OFFSET(struct tsr_hw_insn, op, 0);
TSR_HW_OFFSET(struct tsr_hw_insn, type, 1);
TSR_HW_OFFSET(struct tsr_hw_insn, dst, 2);
TSR_HW_OFFSET(struct tsr_hw_insn, a, 3);
TSR_HW_OFFSET(struct tsr_hw_insn, b, 4);
TSR_HW_OFFSET(struct tsr_hw_insn, c, 5);
TSR_HW_OFFSET(struct tsr_hw_insn, imm, 6);
TSR_HW_SIZE(struct tsr_hw_vector_const, 8);
TSR_HW_OFFSET(struct tsr_hw_vector_const, value, 0);
TSR_HW_SIZE(struct tsr_hw_vector, 8);
TSR_HW_OFFSET(struct tsr_hw_vector, insns, 0);
TSR_HW_OFFSET(struct tsr_hw_vector, consts, 1);
TSR_HW_OFFSET(struct tsr_hw_vector, inputs, 2);
TSR_HW_OFFSET(struct tsr_hw_vector, result, 3);
TSR_HW_OFFSET(struct tsr_hw_vector, flags, 4);
TSR_HW_OFFSET(struct tsr_hw_vector, const_p, 6);

#endif
