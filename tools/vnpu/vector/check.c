/* SPDX-License-Identifier: MIT */
/* Each instruction is held against the contract's row of its operation, in order. */
#include "check.h"

#include "facts.h"

#define UNWRITTEN	(-1)
#define MAX_OPERANDS	3
#define MAX_SHIFT	62
#define WORDS		4

/* The register of a command's count: that of the last input. */
#define COUNT		(TSR_HW_VECTOR_MAX_INPUTS - 1)

/* Types of registers have one number in the contract and in tools/vnpu/number. */
_Static_assert((int)NUMBER_F32 == TSR_HW_VECTOR_TYPE_F32, "f32");
_Static_assert((int)NUMBER_I32 == TSR_HW_VECTOR_TYPE_I32, "i32");
_Static_assert((int)NUMBER_I64 == TSR_HW_VECTOR_TYPE_I64, "i64");
_Static_assert((int)NUMBER_BOOL == TSR_HW_VECTOR_TYPE_BOOL, "bool");

/* @type: of each register so far, or UNWRITTEN. */
struct walk {
	const struct vector_given *given;
	struct vector_program *program;
	int type[TSR_HW_VECTOR_REGISTERS];
};

const char *vector_check_head(const struct tsr_hw_vector *head)
{
	if (head->insns > TSR_HW_VECTOR_MAX_INSNS)
		return "too many instructions";
	if (head->consts > TSR_HW_VECTOR_MAX_CONSTS)
		return "too many constants";
	if (head->inputs > TSR_HW_VECTOR_MAX_INPUTS)
		return "too many inputs";
	if (head->result >= TSR_HW_VECTOR_REGISTERS)
		return "the result is in no register";
	if (head->flags & ~TSR_HW_VECTOR_STORE_FLAGS)
		return "unknown flags";
	if (head->const_p >> head->consts)
		return "a parameter for a constant that is not there";
	return NULL;
}

static void name_parameter(struct vector_program *program, unsigned int parameter)
{
	if (program->parameters <= parameter)
		program->parameters = parameter + 1;
}

static const char *check_constants(struct vector_program *program)
{
	for (unsigned int i = 0; i < program->head.consts; i++) {
		if (!(program->head.const_p >> i & 1))
			continue;
		if (program->constants[i] >= TSR_HW_VECTOR_PARAMETERS)
			return "a constant names no parameter";
		name_parameter(program, (unsigned int)program->constants[i]);
	}
	return NULL;
}

static const char *check_convert(const struct tsr_hw_insn *insn)
{
	unsigned int to = insn->imm & TSR_HW_VECTOR_TO_TYPE;
	bool wraps = insn->imm & TSR_HW_VECTOR_TO_WRAP;

	if (insn->imm & ~(TSR_HW_VECTOR_TO_TYPE | TSR_HW_VECTOR_TO_WRAP))
		return "unknown bits in the immediate";
	if (to >= TSR_HW_VECTOR_TYPES)
		return "the immediate is no type of registers";
	if (wraps && (insn->type != TSR_HW_VECTOR_TYPE_I64 || to != TSR_HW_VECTOR_TYPE_I32))
		return "a conversion that cannot wrap";
	return NULL;
}

static const char *check_storage(const struct tsr_hw_insn *insn)
{
	unsigned int to = insn->imm & TSR_HW_VECTOR_TO_TYPE;

	if (insn->imm & ~(TSR_HW_VECTOR_TO_TYPE | TSR_HW_VECTOR_TO_SATURATE))
		return "unknown bits in the immediate";
	if (!number_is_type(to) || !number_is_floating(to))
		return "the immediate is no floating-point type";
	return NULL;
}

static const char *check_below(const struct tsr_hw_insn *insn, unsigned int end)
{
	return insn->imm < end ? NULL : "the immediate is too large";
}

static const char *check_immediate(struct walk *walk, const struct tsr_hw_insn *insn,
				   const struct vector_facts *facts)
{
	const char *wrong = NULL;

	switch (facts->immediate) {
	case TSR_HW_VECTOR_IMM_NONE:
		return insn->imm ? "an immediate without a meaning" : NULL;
	case TSR_HW_VECTOR_IMM_CONSTANT:
		return check_below(insn, walk->program->head.consts);
	case TSR_HW_VECTOR_IMM_AXIS:
		return check_below(insn, walk->given->rank);
	case TSR_HW_VECTOR_IMM_PARAMETER:
		wrong = check_below(insn, TSR_HW_VECTOR_PARAMETERS);
		if (!wrong)
			name_parameter(walk->program, insn->imm);
		return wrong;
	case TSR_HW_VECTOR_IMM_CONVERT:
		return check_convert(insn);
	case TSR_HW_VECTOR_IMM_STORAGE:
		return check_storage(insn);
	case TSR_HW_VECTOR_IMM_SHIFT:
		return check_below(insn, MAX_SHIFT + 1);
	case TSR_HW_VECTOR_IMM_WORD:
		return check_below(insn, WORDS);
	}
	return "an immediate of a kind that does not exist";
}

static const char *check_operands(const struct walk *walk, const struct tsr_hw_insn *insn,
				  const struct vector_facts *facts)
{
	const uint8_t operand[MAX_OPERANDS] = { insn->a, insn->b, insn->c };

	for (unsigned int i = 0; i < MAX_OPERANDS; i++) {
		int wanted = i || facts->a == TSR_HW_VECTOR_AS_SAME ? insn->type :
								     TSR_HW_VECTOR_TYPE_BOOL;

		if (i >= facts->operands) {
			if (operand[i])
				return "an operand without a meaning";
			continue;
		}
		if (operand[i] >= TSR_HW_VECTOR_REGISTERS)
			return "an operand is in no register";
		if (walk->type[operand[i]] == UNWRITTEN)
			return "an operand was not written";
		if (walk->type[operand[i]] != wanted)
			return "an operand has another type";
	}
	return NULL;
}

static int type_of_result(const struct tsr_hw_insn *insn, const struct vector_facts *facts)
{
	switch (facts->result) {
	case TSR_HW_VECTOR_AS_BOOL:
		return TSR_HW_VECTOR_TYPE_BOOL;
	case TSR_HW_VECTOR_AS_IMMEDIATE:
		return insn->imm & TSR_HW_VECTOR_TO_TYPE;
	default:	/* TSR_HW_VECTOR_AS_SAME */
		return insn->type;
	}
}

static const char *check_insn(struct walk *walk, const struct tsr_hw_insn *insn)
{
	const struct vector_facts *facts = vector_facts_of(insn->op);
	const char *wrong;

	if (!facts)
		return "unknown operation";
	if (insn->type >= TSR_HW_VECTOR_TYPES || !(facts->types >> insn->type & 1))
		return "a type that the operation does not have";
	if (insn->dst >= TSR_HW_VECTOR_REGISTERS)
		return "a result is in no register";
	wrong = check_operands(walk, insn, facts);
	if (!wrong)
		wrong = check_immediate(walk, insn, facts);
	if (wrong)
		return wrong;
	walk->type[insn->dst] = type_of_result(insn, facts);
	walk->program->weight += facts->weight;
	return NULL;
}

static void give(struct walk *walk)
{
	for (unsigned int i = 0; i < TSR_HW_VECTOR_REGISTERS; i++)
		walk->type[i] = i < walk->program->head.inputs ? (int)walk->given->input[i] :
								 UNWRITTEN;
	if (walk->given->has_value)
		walk->type[TSR_HW_VECTOR_VALUE] = (int)walk->given->value;
	if (walk->given->has_count)
		walk->type[COUNT] = TSR_HW_VECTOR_TYPE_I64;
}

static const char *check_code(struct walk *walk)
{
	const struct tsr_hw_vector *head = &walk->program->head;
	const char *wrong = check_constants(walk->program);

	give(walk);
	for (unsigned int i = 0; !wrong && i < head->insns; i++)
		wrong = check_insn(walk, &walk->program->code[i]);
	if (!wrong && walk->type[head->result] == UNWRITTEN)
		wrong = "the result was not written";
	return wrong;
}

const char *vector_check(const struct tsr_hw_vector *head, const uint64_t *constants,
			 const struct tsr_hw_insn *code, const struct vector_given *given,
			 struct vector_program *program)
{
	struct walk walk = { .given = given, .program = program };
	const char *wrong = vector_check_head(head);

	if (!wrong && given->has_count && head->inputs > COUNT)
		wrong = "an input where the command has a count";
	if (wrong)
		return wrong;
	*program = (struct vector_program){
		.head = *head,
		.value = given->value,
		.rank = given->rank,
	};
	/* There may be none of either, and no array then. */
	for (unsigned int i = 0; i < head->consts; i++)
		program->constants[i] = constants[i];
	for (unsigned int i = 0; i < head->insns; i++)
		program->code[i] = code[i];
	wrong = check_code(&walk);
	if (wrong)
		return wrong;
	program->result = (enum number_class)walk.type[head->result];
	if (!program->weight)
		program->weight = 1;
	return NULL;
}
