/* SPDX-License-Identifier: MIT */
/* Code of VECTOR programs, instruction by instruction. */
#ifndef TSR_COMPILER_CODE_H
#define TSR_COMPILER_CODE_H

#include <stdint.h>

#include <tsr_hw/vector.h>

#include "compiler.h"

#define TSR_F32	TSR_HW_VECTOR_TYPE_F32
#define TSR_I32	TSR_HW_VECTOR_TYPE_I32
#define TSR_I64	TSR_HW_VECTOR_TYPE_I64

/* The register that constants are loaded into, each before it is used. */
#define TSR_CODE_CONSTANT	5

/** tsr_code_add() - append an instruction */
void tsr_code_add(struct tsr_vector *vector, const struct tsr_hw_insn *insn);

/* to = OP(x, y); @y is 0 for operations of one operand. */
#define TSR_CODE(vector, operation, kind, to, x, y)					\
	tsr_code_add(vector, &(const struct tsr_hw_insn){				\
		     .op = TSR_HW_VECTOR_##operation, .type = kind,			\
		     .dst = to, .a = x, .b = y })

/** tsr_code_constant_bits() - a constant of a register type, by its bits */
void tsr_code_constant_bits(struct tsr_vector *vector, unsigned int type, uint64_t bits);

/** tsr_code_constant() - a constant of type f32 */
void tsr_code_constant(struct tsr_vector *vector, float value);

/** tsr_code_convert_to() - a register in another type, to another register */
void tsr_code_convert_to(struct tsr_vector *vector, unsigned int from, unsigned int to,
			 unsigned int from_reg, unsigned int to_reg);

/** tsr_code_convert() - a register in another type */
void tsr_code_convert(struct tsr_vector *vector, unsigned int from, unsigned int to,
		      unsigned int reg);

/** tsr_code_at_least() - the larger one of a register and a limit */
void tsr_code_at_least(struct tsr_vector *vector, unsigned int reg, float limit);

/** tsr_code_at_most() - the lesser one */
void tsr_code_at_most(struct tsr_vector *vector, unsigned int reg, float limit);

/** tsr_code_activate() - a step's activation, of values in units of @unit */
void tsr_code_activate(struct tsr_vector *vector, unsigned int reg, const struct tsr_step *step,
		       float unit);

/** tsr_code_round() - f32 in units of a tensor as what storing makes its codes of */
void tsr_code_round(struct tsr_vector *vector, unsigned int reg,
		    const struct tsr_tensor_info *info);

/**
 * tsr_code_dequantize() - fl(fl(q - zero point) * scale); floating types
 * are loaded as what they are
 */
void tsr_code_dequantize(struct tsr_vector *vector, unsigned int reg,
			 const struct tsr_tensor_info *info);

/** tsr_code_divide() - a register of type f32, unless @divisor is 1 */
void tsr_code_divide(struct tsr_vector *vector, unsigned int reg, float divisor);

/** tsr_code_quantize() - rne(fl(y / scale)) + zero point, of an integer type */
void tsr_code_quantize(struct tsr_vector *vector, unsigned int reg,
		       const struct tsr_tensor_info *info);

#endif
