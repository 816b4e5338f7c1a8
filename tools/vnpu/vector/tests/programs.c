/* SPDX-License-Identifier: MIT */
#include "programs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "random.h"
#include "vector/facts.h"

#define UNWRITTEN	(-1)

/* What is known while a program is made. */
struct maker {
	uint64_t *state;
	unsigned int use;
	struct random_program *random;
	struct tsr_hw_vector head;
	uint64_t constants[TSR_HW_VECTOR_MAX_CONSTS];
	struct tsr_hw_insn code[TSR_HW_VECTOR_MAX_INSNS];
	int type[TSR_HW_VECTOR_REGISTERS];
};

static unsigned int below(uint64_t *state, unsigned int end)
{
	return (unsigned int)(random_next(state) % end);
}

static uint32_t random_f32(uint64_t *state)
{
	static const uint32_t special[] = { 0, 0x80000000, 0x7f800000, 0xff800000, 0x7fc00000, 1,
					    0x3f800000, 0x7f7fffff, 0x4b000001, 0xcf000000 };
	uint32_t bits = (uint32_t)random_next(state);

	switch (below(state, 4)) {
	case 0:
		return special[below(state, sizeof(special) / sizeof(special[0]))];
	case 1:
		return bits;
	default:	/* 2^-17 to 2^15 */
		return (bits & 0x807fffff) | (110 + below(state, 32)) << 23;
	}
}

static int64_t random_integer(uint64_t *state)
{
	int64_t any = (int64_t)random_next(state);

	switch (below(state, 4)) {
	case 0:
		return any % 8;
	case 1:
		return any < 0 ? INT64_MIN : INT32_MIN;
	case 2:
		return any >> below(state, 63);
	default:
		return any;
	}
}

union value random_value(uint64_t *state, enum number_class class)
{
	union value value = { .i64 = random_integer(state) };
	uint32_t bits = random_f32(state);

	if (class == NUMBER_F32)
		memcpy(&value.f32, &bits, sizeof(bits));
	if (class == NUMBER_BOOL)
		value.boolean = bits & 1;
	return value;
}

/* A register that has the type, or UNWRITTEN. */
static int find(const struct maker *maker, int type)
{
	unsigned int first = below(maker->state, TSR_HW_VECTOR_REGISTERS);

	for (unsigned int i = 0; i < TSR_HW_VECTOR_REGISTERS; i++) {
		unsigned int at = (first + i) % TSR_HW_VECTOR_REGISTERS;

		if (maker->type[at] == type)
			return (int)at;
	}
	return UNWRITTEN;
}

static uint16_t random_conversion(const struct maker *maker, unsigned int type)
{
	unsigned int to = below(maker->state, TSR_HW_VECTOR_TYPES);
	bool can_wrap = type == TSR_HW_VECTOR_TYPE_I64 && to == TSR_HW_VECTOR_TYPE_I32;

	return (uint16_t)(to | (can_wrap && below(maker->state, 2) ? TSR_HW_VECTOR_TO_WRAP : 0));
}

static uint16_t random_storage(const struct maker *maker)
{
	static const uint8_t types[] = { TSR_HW_TYPE_FP32, TSR_HW_TYPE_FP16, TSR_HW_TYPE_BF16,
					 TSR_HW_TYPE_FP8_E4M3, TSR_HW_TYPE_FP8_E5M2 };
	unsigned int saturate = below(maker->state, 2) ? TSR_HW_VECTOR_TO_SATURATE : 0;

	return (uint16_t)(types[below(maker->state, sizeof(types))] | saturate);
}

static uint16_t random_immediate(const struct maker *maker, const struct vector_facts *facts,
				 unsigned int type)
{
	switch (facts->immediate) {
	case TSR_HW_VECTOR_IMM_CONSTANT:
		return (uint16_t)below(maker->state, maker->head.consts);
	case TSR_HW_VECTOR_IMM_AXIS:
		return (uint16_t)below(maker->state, maker->random->given.rank);
	case TSR_HW_VECTOR_IMM_PARAMETER:
		return (uint16_t)below(maker->state, PROGRAM_PARAMETERS);
	case TSR_HW_VECTOR_IMM_CONVERT:
		return random_conversion(maker, type);
	case TSR_HW_VECTOR_IMM_STORAGE:
		return random_storage(maker);
	case TSR_HW_VECTOR_IMM_SHIFT:
		return (uint16_t)below(maker->state, 63);
	case TSR_HW_VECTOR_IMM_WORD:
		return (uint16_t)below(maker->state, 4);
	default:
		return 0;
	}
}

static int type_of_result(const struct tsr_hw_insn *insn, const struct vector_facts *facts)
{
	if (facts->result == TSR_HW_VECTOR_AS_IMMEDIATE)
		return insn->imm & TSR_HW_VECTOR_TO_TYPE;
	return facts->result == TSR_HW_VECTOR_AS_BOOL ? TSR_HW_VECTOR_TYPE_BOOL : insn->type;
}

/* False: the operation does not exist, or there is no operand for it. */
static bool add(struct maker *maker, unsigned int op, unsigned int type)
{
	const struct vector_facts *facts = vector_facts_of(op);
	struct tsr_hw_insn insn = { .op = (uint8_t)op, .type = (uint8_t)type };
	uint8_t *const operand[] = { &insn.a, &insn.b, &insn.c };

	if (!facts || !(facts->types >> type & 1))
		return false;
	if (op == TSR_HW_VECTOR_PARAMETER && !(maker->use & RANDOM_PARAMETERS))
		return false;
	for (unsigned int i = 0; i < facts->operands; i++) {
		bool is_bool = !i && facts->a == TSR_HW_VECTOR_AS_BOOL;
		int found = find(maker, is_bool ? TSR_HW_VECTOR_TYPE_BOOL : (int)type);

		if (found == UNWRITTEN)
			return false;
		*operand[i] = (uint8_t)found;
	}
	insn.dst = (uint8_t)below(maker->state, TSR_HW_VECTOR_REGISTERS);
	insn.imm = random_immediate(maker, facts, type);
	maker->type[insn.dst] = type_of_result(&insn, facts);
	maker->code[maker->head.insns++] = insn;
	return true;
}

static void make_setting(struct maker *maker)
{
	struct random_program *random = maker->random;

	random->given.rank = 1 + below(maker->state, 4);
	random->elements = 1;
	for (unsigned int i = 0; i < random->given.rank; i++) {
		random->setting.dims[i] = 1 + below(maker->state, 9);
		random->elements *= random->setting.dims[i];
	}
	random->setting.tile = below(maker->state, 24);
	random->setting.parameters = random->parameters;
	for (unsigned int i = 0; i < PROGRAM_PARAMETERS; i++)
		random->parameters[i] = random_next(maker->state);
}

static void make_head(struct maker *maker)
{
	maker->head.inputs = (uint8_t)below(maker->state, TSR_HW_VECTOR_MAX_INPUTS + 1);
	maker->head.consts = (uint8_t)(1 + below(maker->state, TSR_HW_VECTOR_MAX_CONSTS));
	if (maker->use & RANDOM_PARAMETERS)
		maker->head.const_p = (uint16_t)(random_next(maker->state) &
						 ((1u << maker->head.consts) - 1));
	for (unsigned int i = 0; i < maker->head.consts; i++)
		maker->constants[i] = maker->head.const_p >> i & 1 ?
					      below(maker->state, PROGRAM_PARAMETERS) :
					      random_next(maker->state);
}

static void give(struct maker *maker)
{
	struct vector_given *given = &maker->random->given;

	for (unsigned int i = 0; i < TSR_HW_VECTOR_REGISTERS; i++)
		maker->type[i] = UNWRITTEN;
	for (unsigned int i = 0; i < maker->head.inputs; i++) {
		given->input[i] = (enum number_class)below(maker->state, TSR_HW_VECTOR_TYPES);
		maker->type[i] = (int)given->input[i];
	}
	given->has_value = maker->use & RANDOM_VALUE && below(maker->state, 2);
	given->value = (enum number_class)below(maker->state, TSR_HW_VECTOR_TYPES);
	if (given->has_value)
		maker->type[TSR_HW_VECTOR_VALUE] = (int)given->value;
}

void random_program(uint64_t *state, unsigned int insns, unsigned int use,
		    struct random_program *random)
{
	struct maker maker = { .state = state, .use = use, .random = random };
	const char *wrong;

	*random = (struct random_program){ .elements = 0 };
	make_setting(&maker);
	make_head(&maker);
	give(&maker);
	while (maker.head.insns < insns)
		add(&maker, below(state, TSR_HW_VECTOR_COUNT), below(state, TSR_HW_VECTOR_TYPES));
	do
		maker.head.result = (uint8_t)below(state, TSR_HW_VECTOR_REGISTERS);
	while (maker.type[maker.head.result] == UNWRITTEN);
	wrong = vector_check(&maker.head, maker.constants, maker.code, &random->given,
			     &random->program);
	if (wrong) {
		fprintf(stderr, "a random program was refused: %s\n", wrong);
		abort();
	}
}
