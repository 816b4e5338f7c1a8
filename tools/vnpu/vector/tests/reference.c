/* SPDX-License-Identifier: MIT */
/* Functions come from the C library in long double: close enough to round once. */
#include "reference.h"

#include <math.h>
#include <string.h>

#include <number/load.h>
#include <number/store.h>

struct element {
	const struct vector_program *program;
	const struct vector_setting *setting;
	uint64_t number;
	uint64_t *divisions;
	union value reg[TSR_HW_VECTOR_REGISTERS];
};

static float smaller(float x, float y, bool want_larger)
{
	if (isnan(x) || isnan(y))
		return NAN;
	if (x == y)
		return !signbit(x) == want_larger ? x : y;
	return (x < y) != want_larger ? x : y;
}

static long double function(unsigned int op, long double x, long double y)
{
	switch (op) {
	case TSR_HW_VECTOR_RSQRT:
		return 1 / sqrtl(x);
	case TSR_HW_VECTOR_EXP2:
		return exp2l(x);
	case TSR_HW_VECTOR_LOG2:
		return log2l(x);
	case TSR_HW_VECTOR_EXP:
		return expl(x);
	case TSR_HW_VECTOR_LOG:
		return logl(x);
	case TSR_HW_VECTOR_EXPM1:
		return expm1l(x);
	case TSR_HW_VECTOR_LOG1P:
		return log1pl(x);
	case TSR_HW_VECTOR_ERF:
		return erfl(x);
	case TSR_HW_VECTOR_TANH:
		return tanhl(x);
	case TSR_HW_VECTOR_SIGMOID:
		return 1 / (1 + expl(-x));
	case TSR_HW_VECTOR_SIN:
		return sinl(x);
	case TSR_HW_VECTOR_COS:
		return cosl(x);
	case TSR_HW_VECTOR_ATAN:
		return atanl(x);
	case TSR_HW_VECTOR_POW:
		return powl(x, y);
	default:
		return atan2l(x, y);
	}
}

static float of_f32(unsigned int op, float x, float y, float z)
{
	switch (op) {
	case TSR_HW_VECTOR_ADD:
		return x + y;
	case TSR_HW_VECTOR_SUB:
		return x - y;
	case TSR_HW_VECTOR_MUL:
		return x * y;
	case TSR_HW_VECTOR_FMA:
		return fmaf(x, y, z);
	case TSR_HW_VECTOR_NEG:
		return copysignf(x, signbit(x) ? 1 : -1);
	case TSR_HW_VECTOR_ABS:
		return copysignf(x, 1);
	case TSR_HW_VECTOR_SIGN:
		return isnan(x) || x == 0 ? x : copysignf(1, x);
	case TSR_HW_VECTOR_MIN:
		return smaller(x, y, false);
	case TSR_HW_VECTOR_MAX:
		return smaller(x, y, true);
	case TSR_HW_VECTOR_DIV:
		return x / y;
	case TSR_HW_VECTOR_REM:
		return (float)fmod(x, y);
	case TSR_HW_VECTOR_FLOOR:
		return (float)floor(x);
	case TSR_HW_VECTOR_CEIL:
		return (float)ceil(x);
	case TSR_HW_VECTOR_TRUNC:
		return (float)trunc(x);
	case TSR_HW_VECTOR_ROUND:
		return (float)nearbyint(x);
	case TSR_HW_VECTOR_SQRT:
		return sqrtf(x);
	case TSR_HW_VECTOR_RECIPROCAL:
		return 1 / x;
	default:
		return (float)function(op, x, y);
	}
}

static int64_t quotient(unsigned int op, int64_t x, int64_t y)
{
	__int128 a = x, b = y, rest = a % b;

	if (op == TSR_HW_VECTOR_DIV)
		return (int64_t)(a / b);
	if (op == TSR_HW_VECTOR_MOD && rest && (rest < 0) != (b < 0))
		rest += b;
	return (int64_t)rest;
}

static bool divides(unsigned int op)
{
	return op == TSR_HW_VECTOR_DIV || op == TSR_HW_VECTOR_REM || op == TSR_HW_VECTOR_MOD ||
	       op == TSR_HW_VECTOR_DIVU || op == TSR_HW_VECTOR_REMU;
}

static int64_t division(struct element *element, unsigned int op, bool wide, int64_t x, int64_t y)
{
	uint64_t a = wide ? (uint64_t)x : (uint32_t)x;
	uint64_t b = wide ? (uint64_t)y : (uint32_t)y;

	if (!y) {
		++*element->divisions;
		return 0;
	}
	if (op == TSR_HW_VECTOR_DIVU)
		return (int64_t)(a / b);
	return op == TSR_HW_VECTOR_REMU ? (int64_t)(a % b) : quotient(op, x, y);
}

/* The low bits of what this gives count. */
static int64_t of_integer(struct element *element, unsigned int op, bool wide, int64_t x, int64_t y)
{
	unsigned int count = (unsigned int)y & (wide ? 63 : 31);

	if (divides(op))
		return division(element, op, wide, x, y);
	switch (op) {
	case TSR_HW_VECTOR_ADD:
		return (int64_t)((uint64_t)x + (uint64_t)y);
	case TSR_HW_VECTOR_SUB:
		return (int64_t)((uint64_t)x - (uint64_t)y);
	case TSR_HW_VECTOR_MUL:
		return (int64_t)((uint64_t)x * (uint64_t)y);
	case TSR_HW_VECTOR_NEG:
		return (int64_t)(0 - (uint64_t)x);
	case TSR_HW_VECTOR_ABS:
		return x < 0 ? (int64_t)(0 - (uint64_t)x) : x;
	case TSR_HW_VECTOR_SIGN:
		return x > 0 ? 1 : x < 0 ? -1 : 0;
	case TSR_HW_VECTOR_MIN:
		return x < y ? x : y;
	case TSR_HW_VECTOR_MAX:
		return x < y ? y : x;
	case TSR_HW_VECTOR_AND:
		return x & y;
	case TSR_HW_VECTOR_OR:
		return x | y;
	case TSR_HW_VECTOR_XOR:
		return x ^ y;
	case TSR_HW_VECTOR_NOT:
		return ~x;
	case TSR_HW_VECTOR_SHL:
		return (int64_t)((uint64_t)x << count);
	case TSR_HW_VECTOR_SHR:
		return (int64_t)((wide ? (uint64_t)x : (uint32_t)x) >> count);
	default:
		return x >> count;
	}
}

static bool compares(unsigned int op)
{
	return op >= TSR_HW_VECTOR_EQ && op <= TSR_HW_VECTOR_LEU;
}

/* @less, @equal: what x is to y; neither for not-a-number. */
static bool comparison(unsigned int op, bool less, bool equal, bool greater)
{
	switch (op) {
	case TSR_HW_VECTOR_EQ:
		return equal;
	case TSR_HW_VECTOR_NE:
		return !equal;
	case TSR_HW_VECTOR_LT:
	case TSR_HW_VECTOR_LTU:
		return less;
	case TSR_HW_VECTOR_LE:
	case TSR_HW_VECTOR_LEU:
		return less || equal;
	case TSR_HW_VECTOR_GT:
		return greater;
	default:
		return greater || equal;
	}
}

static bool compare_integers(unsigned int op, bool wide, int64_t x, int64_t y)
{
	uint64_t a = wide ? (uint64_t)x : (uint32_t)x;
	uint64_t b = wide ? (uint64_t)y : (uint32_t)y;

	if (op == TSR_HW_VECTOR_LTU || op == TSR_HW_VECTOR_LEU)
		return comparison(op, a < b, a == b, a > b);
	return comparison(op, x < y, x == y, x > y);
}

static int64_t integer_of(unsigned int type, union value value)
{
	if (type == TSR_HW_VECTOR_TYPE_BOOL)
		return value.boolean;
	return type == TSR_HW_VECTOR_TYPE_I64 ? value.i64 : value.i32;
}

static union value integer_value(unsigned int type, int64_t value)
{
	if (type == TSR_HW_VECTOR_TYPE_BOOL)
		return (union value){ .boolean = value & 1 };
	if (type == TSR_HW_VECTOR_TYPE_I64)
		return (union value){ .i64 = value };
	return (union value){ .i32 = (int32_t)value };
}

static union value computed(struct element *element, const struct tsr_hw_insn *insn)
{
	union value a = element->reg[insn->a], b = element->reg[insn->b], c = element->reg[insn->c];
	bool wide = insn->type == TSR_HW_VECTOR_TYPE_I64;
	int64_t x = integer_of(insn->type, a);
	int64_t y = integer_of(insn->type, b);

	if (insn->type == TSR_HW_VECTOR_TYPE_F32 && compares(insn->op))
		return (union value){ .boolean = comparison(insn->op, a.f32 < b.f32, a.f32 == b.f32,
							    a.f32 > b.f32) };
	if (insn->type == TSR_HW_VECTOR_TYPE_F32)
		return (union value){ .f32 = of_f32(insn->op, a.f32, b.f32, c.f32) };
	if (compares(insn->op))
		return (union value){ .boolean = compare_integers(insn->op, wide, x, y) };
	return integer_value(insn->type, of_integer(element, insn->op, wide, x, y));
}

static union value constant(const struct element *element, const struct tsr_hw_insn *insn)
{
	uint64_t bits = element->program->constants[insn->imm];
	union value value;

	if (element->program->head.const_p & 1u << insn->imm)
		bits = element->setting->parameters[bits];
	if (insn->type != TSR_HW_VECTOR_TYPE_F32)
		return integer_value(insn->type, (int64_t)bits);
	memcpy(&value.f32, &bits, sizeof(value.f32));
	return value;
}

static int64_t index_of(const struct element *element, unsigned int axis)
{
	uint64_t rest = element->number;

	for (unsigned int i = element->program->rank; --i > axis;)
		rest /= element->setting->dims[i];
	return (int64_t)(rest % element->setting->dims[axis]);
}

static uint32_t philox(uint64_t counter, uint64_t key, unsigned int word)
{
	uint32_t c[4] = { (uint32_t)counter, (uint32_t)(counter >> 32), 0, 0 };
	uint32_t k[2] = { (uint32_t)key, (uint32_t)(key >> 32) };

	for (int round = 0; round < 10; round++) {
		uint64_t first = 0xd2511f53ull * c[0];
		uint64_t second = 0xcd9e8d57ull * c[2];
		uint32_t next[4] = { (uint32_t)(second >> 32) ^ c[1] ^ k[0], (uint32_t)second,
				     (uint32_t)(first >> 32) ^ c[3] ^ k[1], (uint32_t)first };

		memcpy(c, next, sizeof(c));
		k[0] += 0x9e3779b9;
		k[1] += 0xbb67ae85;
	}
	return c[word];
}

static int32_t rescale(int32_t a, int32_t b, unsigned int shift)
{
	__int128 half = shift ? (__int128)1 << (shift - 1) : 0;

	return (int32_t)(((__int128)a * b + half) >> shift);
}

/* Stored as an element and loaded again: rules of their own, held against vectors elsewhere. */
static union value through(unsigned int type, union value value, unsigned int storage,
			   unsigned int flags)
{
	_Alignas(8) uint8_t stored[8];
	union value loaded = { .i64 = 0 };

	number_store((enum number_class)type, &value, storage, flags, stored, 1);
	number_load(storage, stored, &loaded, 1);
	return loaded;
}

static union value converted(const struct tsr_hw_insn *insn, union value value)
{
	static const unsigned int storage[] = { TSR_HW_TYPE_FP32, TSR_HW_TYPE_INT32,
						TSR_HW_TYPE_INT64, TSR_HW_TYPE_BOOL };
	unsigned int to = insn->imm & TSR_HW_VECTOR_TO_TYPE;

	return through(insn->type, value, storage[to],
		       insn->imm & TSR_HW_VECTOR_TO_WRAP ? NUMBER_WRAP : 0);
}

static union value result(struct element *element, const struct tsr_hw_insn *insn)
{
	const union value *reg = element->reg;

	switch (insn->op) {
	case TSR_HW_VECTOR_MOVE:
		return reg[insn->a];
	case TSR_HW_VECTOR_CONSTANT:
		return constant(element, insn);
	case TSR_HW_VECTOR_INDEX:
		return (union value){ .i64 = index_of(element, insn->imm) };
	case TSR_HW_VECTOR_TILE:
		return (union value){ .i64 = element->setting->tile };
	case TSR_HW_VECTOR_PARAMETER:
		return (union value){ .i64 = (int64_t)element->setting->parameters[insn->imm] };
	case TSR_HW_VECTOR_CONVERT:
		return converted(insn, reg[insn->a]);
	case TSR_HW_VECTOR_ROUND_TO:
		return through(insn->type, reg[insn->a], insn->imm & TSR_HW_VECTOR_TO_TYPE,
			       insn->imm & TSR_HW_VECTOR_TO_SATURATE ? NUMBER_SATURATE : 0);
	case TSR_HW_VECTOR_RESCALE:
		return (union value){ .i32 = rescale(reg[insn->a].i32, reg[insn->b].i32,
						     insn->imm) };
	case TSR_HW_VECTOR_PHILOX:
		return (union value){ .i64 = philox((uint64_t)reg[insn->a].i64,
						    (uint64_t)reg[insn->b].i64, insn->imm) };
	case TSR_HW_VECTOR_SELECT:
		return reg[insn->a].boolean ? reg[insn->b] : reg[insn->c];
	case TSR_HW_VECTOR_IS_NAN:
		return (union value){ .boolean = isnan(reg[insn->a].f32) };
	case TSR_HW_VECTOR_IS_INF:
		return (union value){ .boolean = isinf(reg[insn->a].f32) != 0 };
	default:
		return computed(element, insn);
	}
}

union value reference_run(const struct vector_program *program,
			  const struct vector_setting *setting, const union value given[5],
			  uint64_t element, uint64_t *divisions)
{
	struct element now = { program, setting, element, divisions, { { 0 } } };

	memcpy(now.reg, given, 5 * sizeof(given[0]));
	for (unsigned int i = 0; i < program->head.insns; i++)
		now.reg[program->code[i].dst] = result(&now, &program->code[i]);
	return now.reg[program->head.result];
}

bool reference_equal(enum number_class class, union value x, union value y)
{
	if (class == NUMBER_F32 && isnan(x.f32))
		return isnan(y.f32);
	return !memcmp(&x, &y, number_class_size(class));
}
