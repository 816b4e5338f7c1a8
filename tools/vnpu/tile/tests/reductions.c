/* SPDX-License-Identifier: MIT */
#include "reductions.h"

#include "suite.h"

#include <math.h>
#include <string.h>

#include <number/store.h>

#include "half_tensors.h"
#include "indices.h"
#include "stored.h"

enum number_class reductions_class(unsigned int type)
{
	if (stored_is_float(type))
		return NUMBER_F32;
	return type == TSR_HW_TYPE_BOOL ? NUMBER_BOOL : NUMBER_I64;
}

uint8_t reductions_any(struct bench *bench, unsigned int type)
{
	unsigned int first = type == TSR_HW_TYPE_BOOL ? TSR_HW_REDUCTION_MIN : 0;

	return (uint8_t)(first + bench_below(bench, TSR_HW_REDUCTION_MAX + 1 - first));
}

union value reductions_none(unsigned int function, unsigned int type)
{
	static const float floats[] = { 0, 1, INFINITY, -INFINITY };
	static const int64_t integers[] = { 0, 1, INT64_MAX, INT64_MIN };
	static const int64_t naturals[] = { 0, 1, -1, 0 };

	if (stored_is_float(type))
		return (union value){ .f32 = floats[function] };
	if (type == TSR_HW_TYPE_BOOL)
		return (union value){ .i64 = function == TSR_HW_REDUCTION_MIN };
	if (type == TSR_HW_TYPE_UINT64)
		return (union value){ .i64 = naturals[function] };
	return (union value){ .i64 = integers[function] };
}

static float combine_floats(unsigned int function, float a, float b)
{
	bool first = function == TSR_HW_REDUCTION_MIN ? a < b : a > b;

	if (function == TSR_HW_REDUCTION_SUM)
		return a + b;
	if (function == TSR_HW_REDUCTION_PRODUCT)
		return a * b;
	if (isnan(a) || isnan(b))
		return NAN;
	if (a == b)
		first = !!signbit(a) == (function == TSR_HW_REDUCTION_MIN);
	return first ? a : b;
}

/* As whole numbers, and of those the low bits. */
static uint64_t combine_integers(unsigned int function, bool is_unsigned, uint64_t a, uint64_t b)
{
	__int128 x = is_unsigned ? (__int128)a : (int64_t)a;
	__int128 y = is_unsigned ? (__int128)b : (int64_t)b;

	switch (function) {
	case TSR_HW_REDUCTION_SUM:
		return (uint64_t)(x + y);
	case TSR_HW_REDUCTION_PRODUCT:
		return a * b;
	case TSR_HW_REDUCTION_MIN:
		return x < y ? a : b;
	default:
		return x > y ? a : b;
	}
}

union value reductions_combine(unsigned int function, unsigned int type, union value a,
			       union value b)
{
	bool is_unsigned = type == TSR_HW_TYPE_UINT64;

	if (stored_is_float(type))
		return (union value){ .f32 = combine_floats(function, a.f32, b.f32) };
	return (union value){ .i64 = (int64_t)combine_integers(function, is_unsigned,
							       (uint64_t)a.i64, (uint64_t)b.i64) };
}

static union value value_of(unsigned int type, uint64_t bits)
{
	if (stored_is_float(type))
		return (union value){ .f32 = stored_float(type, bits) };
	return (union value){ .i64 = (int64_t)stored_integer(type, bits) };
}

union value reductions_element(const struct bench *bench, const struct tsr_hw_tensor *tensor,
			       uint64_t va)
{
	return value_of(tensor->type, indices_bits(bench, tensor, va));
}

static uint64_t bits_at(const struct bench *bench, const struct tsr_hw_tensor *tensor,
			const uint64_t *at)
{
	return half_is(tensor->type) ? half_at(bench, tensor, at) :
	       indices_bits(bench, tensor, bench_plain_at(bench, tensor, at));
}

union value reductions_at(const struct bench *bench, const struct tsr_hw_tensor *tensor,
			  const uint64_t *at)
{
	return value_of(tensor->type, bits_at(bench, tensor, at));
}

void reductions_epilogue(struct bench *bench, enum number_class class,
			 const struct tsr_hw_tensor *d, struct programs *programs)
{
	static const struct {
		unsigned int type;
		unsigned int op;
		unsigned int register_type;
	} of_class[] = {
		[NUMBER_F32] = { TSR_HW_TYPE_FP32, TSR_HW_VECTOR_ADD, TSR_HW_VECTOR_TYPE_F32 },
		[NUMBER_I64] = { TSR_HW_TYPE_INT64, TSR_HW_VECTOR_ADD, TSR_HW_VECTOR_TYPE_I64 },
		[NUMBER_BOOL] = { TSR_HW_TYPE_BOOL, TSR_HW_VECTOR_XOR, TSR_HW_VECTOR_TYPE_BOOL },
	};

	struct epilogue_bytes *bytes = &programs->post;

	programs->has_post = true;
	bytes->head = (struct tsr_hw_vector){ .insns = 1, .inputs = 1, .result = 7 };
	bytes->head.flags = (uint16_t)bench_below(bench, TSR_HW_VECTOR_STORE_FLAGS + 1);
	bytes->insn = (struct tsr_hw_insn){
		.op = (uint8_t)of_class[class].op,
		.type = (uint8_t)of_class[class].register_type,
		.dst = 7, .a = TSR_HW_VECTOR_VALUE, .b = 0,
	};
	bench_plain(bench, &bytes->input, of_class[class].type, d->rank, d->dim,
		    bench_any_layout(bench) | LAYOUT_REPEAT, TSR_HW_SLOT_READ);
}

static union value with_input(const struct bench *bench, enum number_class class,
			      const struct epilogue_bytes *bytes, const uint64_t *at,
			      union value value)
{
	union value input = reductions_at(bench, &bytes->input, at);

	if (class == NUMBER_F32)
		return (union value){ .f32 = value.f32 + input.f32 };
	if (class == NUMBER_BOOL)
		return (union value){ .i64 = value.i64 != input.i64 };
	return (union value){ .i64 = (int64_t)((uint64_t)value.i64 + (uint64_t)input.i64) };
}

void reductions_expect(const struct bench *bench, enum number_class class,
		       const struct programs *programs, const struct tsr_hw_tensor *d,
		       const uint64_t *at, union value value)
{
	uint64_t got = bits_at(bench, d, at);
	unsigned int flags = 0;
	uint64_t want = 0;

	if (programs->has_post) {
		value = with_input(bench, class, &programs->post, at, value);
		flags = programs->post.head.flags;
	}
	number_store(class, &value, d->type, flags, &want, 1);
	want = stored_canonical(d->type, want);
	if (bench->strict ? got != want : !stored_same(d->type, got, want))
		fail_msg("type %u: got 0x%llx, expected 0x%llx", d->type, (unsigned long long)got,
			 (unsigned long long)want);
}

/* ---- prologues ------------------------------------------------------------------- */

void programs_place(struct programs *programs, struct tsr_hw_command *head, size_t size)
{
	size_t at = 0;

	head->post = programs->has_post ? (uint16_t)size : 0;
	if (programs->has_post) {
		memcpy(programs->bytes, &programs->post, sizeof(programs->post));
		at = sizeof(programs->post);
	}
	head->pre = programs->has_pre ? (uint16_t)(size + at) : 0;
	if (programs->has_pre) {
		memcpy(programs->bytes + at, &programs->pre, sizeof(programs->pre));
		at += sizeof(programs->pre);
	}
	head->size = (uint16_t)(size + at);
}

/* What a prologue of reductions_prologue() is made of, by the register of x. */
static const struct {
	uint8_t input;		/* type of elements */
	uint8_t op;
	uint8_t type;		/* of registers */
	uint8_t result;		/* type of elements that are as registers */
} of_register[] = {
	[NUMBER_F32] = { TSR_HW_TYPE_FP16, TSR_HW_VECTOR_ADD, TSR_HW_VECTOR_TYPE_F32,
			 TSR_HW_TYPE_FP32 },
	[NUMBER_I32] = { TSR_HW_TYPE_INT8, TSR_HW_VECTOR_ADD, TSR_HW_VECTOR_TYPE_I32,
			 TSR_HW_TYPE_INT32 },
	[NUMBER_I64] = { TSR_HW_TYPE_UINT32, TSR_HW_VECTOR_ADD, TSR_HW_VECTOR_TYPE_I64,
			 TSR_HW_TYPE_INT64 },
	[NUMBER_BOOL] = { TSR_HW_TYPE_BOOL, TSR_HW_VECTOR_XOR, TSR_HW_VECTOR_TYPE_BOOL,
			  TSR_HW_TYPE_BOOL },
};

void reductions_prologue(struct bench *bench, const struct tsr_hw_tensor *x,
			 struct programs *programs)
{
	enum number_class class = number_class_of(x->type);
	struct prologue_bytes *bytes = &programs->pre;
	uint8_t op = of_register[class].op, type = of_register[class].type;

	programs->has_pre = true;
	bytes->head = (struct tsr_hw_vector){ .insns = 4, .inputs = 1, .result = 9 };
	bytes->insn[0] = (struct tsr_hw_insn){ .op = TSR_HW_VECTOR_INDEX, .dst = 8,
					       .type = TSR_HW_VECTOR_TYPE_I64,
					       .imm = (uint16_t)bench_below(bench, x->rank) };
	bytes->insn[1] = (struct tsr_hw_insn){ .op = TSR_HW_VECTOR_CONVERT, .dst = 8, .a = 8,
					       .type = TSR_HW_VECTOR_TYPE_I64, .imm = type };
	bytes->insn[2] = (struct tsr_hw_insn){ .op = op, .dst = 9, .a = TSR_HW_VECTOR_VALUE, .b = 8,
					       .type = type };
	bytes->insn[3] = (struct tsr_hw_insn){ .op = op, .dst = 9, .a = 9, .b = 0, .type = type };
	bench_plain(bench, &bytes->input, of_register[class].input, x->rank, x->dim,
		    bench_any_layout(bench) | LAYOUT_REPEAT, TSR_HW_SLOT_READ);
}

unsigned int reductions_type(const struct programs *programs, const struct tsr_hw_tensor *x)
{
	return programs->has_pre ? of_register[number_class_of(x->type)].result : x->type;
}

union value reductions_loaded(const struct bench *bench, const struct programs *programs,
			      const struct tsr_hw_tensor *x, const uint64_t *at)
{
	union value value = reductions_at(bench, x, at);
	const struct prologue_bytes *bytes = &programs->pre;
	int64_t index = (int64_t)at[bytes->insn[0].imm];
	union value input;

	if (!programs->has_pre)
		return value;
	input = reductions_at(bench, &bytes->input, at);
	switch (number_class_of(x->type)) {
	case NUMBER_F32:
		value.f32 += (float)index;
		value.f32 += input.f32;
		break;
	case NUMBER_I32:
		value.i64 = (int32_t)(uint32_t)(value.i64 + index + input.i64);
		break;
	case NUMBER_I64:
		value.i64 = (int64_t)((uint64_t)value.i64 + (uint64_t)index + (uint64_t)input.i64);
		break;
	case NUMBER_BOOL:
		value.i64 = (value.i64 != !!index) != input.i64;
		break;
	}
	return value;
}
