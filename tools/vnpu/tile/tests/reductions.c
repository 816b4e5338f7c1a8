/* SPDX-License-Identifier: MIT */
#include "reductions.h"

#include "suite.h"

#include <math.h>

#include <number/store.h>

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

union value reductions_element(const struct bench *bench, const struct tsr_hw_tensor *tensor,
			       uint64_t va)
{
	uint64_t bits = indices_bits(bench, tensor, va);

	if (stored_is_float(tensor->type))
		return (union value){ .f32 = stored_float(tensor->type, bits) };
	if (tensor->type == TSR_HW_TYPE_BOOL)
		return (union value){ .i64 = bits != 0 };
	return (union value){ .i64 = (int64_t)stored_integer(tensor->type, bits) };
}

void reductions_epilogue(struct bench *bench, enum number_class class,
			 const struct tsr_hw_tensor *d, struct epilogue_bytes *bytes)
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
	const struct tsr_hw_tensor *tensor = &bytes->input;
	union value input = reductions_element(bench, tensor, bench_plain_at(bench, tensor, at));

	if (class == NUMBER_F32)
		return (union value){ .f32 = value.f32 + input.f32 };
	if (class == NUMBER_BOOL)
		return (union value){ .i64 = value.i64 != input.i64 };
	return (union value){ .i64 = (int64_t)((uint64_t)value.i64 + (uint64_t)input.i64) };
}

void reductions_expect(const struct bench *bench, enum number_class class,
		       const struct epilogue_bytes *bytes, const struct tsr_hw_tensor *d,
		       const uint64_t *at, union value value)
{
	uint64_t got = indices_bits(bench, d, bench_plain_at(bench, d, at));
	uint64_t want = 0;

	if (bytes)
		value = with_input(bench, class, bytes, at, value);
	number_store(class, &value, d->type, bytes ? bytes->head.flags : 0, &want, 1);
	if (!stored_same(d->type, got, want))
		fail_msg("type %u: got 0x%llx, expected 0x%llx", d->type, (unsigned long long)got,
			 (unsigned long long)want);
}
