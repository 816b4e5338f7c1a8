/* SPDX-License-Identifier: MIT */
/* What the contract says of each operation of VECTOR programs. */
#ifndef VNPU_VECTOR_FACTS_H
#define VNPU_VECTOR_FACTS_H

#include <stdint.h>

/**
 * struct vector_facts - one operation
 * @operands: how many registers it reads
 * @types: bit n set: instructions of type n are allowed; 0: there is no such operation
 * @a: TSR_HW_VECTOR_AS_* of the first operand
 * @result: TSR_HW_VECTOR_AS_* of the result
 * @immediate: TSR_HW_VECTOR_IMM_*
 * @weight: cycles for a strip
 */
struct vector_facts {
	uint8_t operands;
	uint8_t types;
	uint8_t a;
	uint8_t result;
	uint8_t immediate;
	uint8_t weight;
};

/** vector_facts_of() - those of an opcode, or NULL */
const struct vector_facts *vector_facts_of(uint8_t op);

#endif
