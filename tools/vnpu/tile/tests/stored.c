/* SPDX-License-Identifier: MIT */
#include "stored.h"

#include <math.h>
#include <string.h>

#include "bench.h"

bool stored_is_float(unsigned int type)
{
	return type <= TSR_HW_TYPE_FP8_E5M2 || type == TSR_HW_TYPE_E8M0 ||
	       type == TSR_HW_TYPE_FP4_E2M1;
}

static void precision(unsigned int type, int *mantissa, int *lowest)
{
	switch (type) {
	case TSR_HW_TYPE_FP16:
		*mantissa = 10;
		*lowest = -14;
		break;
	case TSR_HW_TYPE_BF16:
		*mantissa = 7;
		*lowest = -126;
		break;
	default:
		*mantissa = 23;
		*lowest = -126;
		break;
	}
}

double stored_round(unsigned int type, double value)
{
	double limit = type == TSR_HW_TYPE_FP16 ? 65504.0 :
		       type == TSR_HW_TYPE_BF16 ? 0x1.fep127 : 0x1.fffffep127;
	int mantissa;
	int exponent;
	int lowest;
	double unit;
	double rounded;

	if (!isfinite(value) || value == 0)
		return value;
	precision(type, &mantissa, &lowest);
	frexp(value, &exponent);
	exponent = exponent - 1 < lowest ? lowest : exponent - 1;
	unit = ldexp(1, exponent - mantissa);
	rounded = nearbyint(value / unit) * unit;
	return fabs(rounded) > limit ? copysign(INFINITY, value) : rounded;
}

/* Sign, exponent and mantissa of a small format; all ones as exponent are infinite in some. */
static float small_float(uint64_t bits, int exponent_bits, int mantissa_bits)
{
	int bias = (1 << (exponent_bits - 1)) - 1;
	int exponent = (int)(bits >> mantissa_bits) & ((1 << exponent_bits) - 1);
	int mantissa = (int)bits & ((1 << mantissa_bits) - 1);
	float sign = bits >> (exponent_bits + mantissa_bits) ? -1.0f : 1.0f;

	if (exponent == (1 << exponent_bits) - 1 && exponent_bits == 5)
		return mantissa ? NAN : sign * INFINITY;
	/* e4m3 has one not-a-number a sign. */
	if (exponent_bits == 4 && (bits & 0x7f) == 0x7f)
		return NAN;
	if (!exponent)
		return sign * ldexpf((float)mantissa, 1 - bias - mantissa_bits);
	return sign * ldexpf((float)(mantissa + (1 << mantissa_bits)),
			     exponent - bias - mantissa_bits);
}

float stored_float(unsigned int type, uint64_t bits)
{
	switch (type) {
	case TSR_HW_TYPE_FP16:
		return small_float(bits, 5, 10);
	case TSR_HW_TYPE_BF16:
		return bench_float((uint32_t)bits << 16);
	case TSR_HW_TYPE_FP8_E4M3:
		return small_float(bits, 4, 3);
	case TSR_HW_TYPE_FP8_E5M2:
		return small_float(bits, 5, 2);
	case TSR_HW_TYPE_FP4_E2M1:
		return small_float(bits, 2, 1);
	case TSR_HW_TYPE_E8M0:
		return bits == 0xff ? NAN : ldexpf(1, (int)bits - 127);
	default:
		return bench_float((uint32_t)bits);
	}
}

__int128 stored_integer(unsigned int type, uint64_t bits)
{
	switch (type) {
	case TSR_HW_TYPE_INT8:
		return (int8_t)bits;
	case TSR_HW_TYPE_INT4:
		return bits < 8 ? (int)bits : (int)bits - 16;
	case TSR_HW_TYPE_INT16:
		return (int16_t)bits;
	case TSR_HW_TYPE_INT32:
		return (int32_t)bits;
	case TSR_HW_TYPE_INT64:
		return (int64_t)bits;
	case TSR_HW_TYPE_BOOL:
		return bits != 0;
	default:
		return bits;
	}
}

/* The code whose value is nearest; the one above the largest is infinite or not a number. */
static uint64_t nearest_fp8(unsigned int type, float value)
{
	unsigned int top = type == TSR_HW_TYPE_FP8_E4M3 ? 0x7f : 0x7c;
	float above = type == TSR_HW_TYPE_FP8_E4M3 ? 480 : 65536;
	uint64_t sign = signbit(value) ? 0x80 : 0;
	unsigned int best = 0;
	float distance = INFINITY;

	if (isnan(value))
		return 0x7f;
	for (unsigned int code = 0; code <= top; code++) {
		float other = code == top ? above : stored_float(type, code);
		float now = fabsf(fminf(fabsf(value), 1e9f) - other);

		if (now < distance || (now == distance && !(code & 1))) {
			distance = now;
			best = code;
		}
	}
	return sign | best;
}

static uint64_t encode(unsigned int type, float value)
{
	uint32_t bits = bench_bits(value);
	_Float16 half = (_Float16)value;
	uint16_t word;

	switch (type) {
	case TSR_HW_TYPE_FP16:
		memcpy(&word, &half, sizeof(word));
		return word;
	case TSR_HW_TYPE_BF16:
		return isnan(value) ? 0x7fc0 : (bits + 0x7fff + (bits >> 16 & 1)) >> 16;
	case TSR_HW_TYPE_FP8_E4M3:
	case TSR_HW_TYPE_FP8_E5M2:
		return nearest_fp8(type, value);
	case TSR_HW_TYPE_E8M0:
		return isnan(value) ? 0xff : (uint64_t)(ilogbf(value) + 127);
	default:
		return bits;
	}
}

/* -0 is below +0. */
static bool below(float a, float b)
{
	return a < b || (a == b && signbit(a) && !signbit(b));
}

static float combine_floats(unsigned int how, float a, float b)
{
	if (how == TSR_HW_SCATTER_ADD)
		return a + b;
	if (how == TSR_HW_SCATTER_MUL)
		return a * b;
	if (isnan(a) || isnan(b))
		return NAN;
	return below(a, b) == (how == TSR_HW_SCATTER_MIN) ? a : b;
}

static uint64_t low_bits(unsigned int type, uint64_t bits)
{
	unsigned int size = bench_size(type);

	return size == 8 ? bits : bits & ((1ull << 8 * size) - 1);
}

uint64_t stored_combine(unsigned int how, unsigned int type, uint64_t d, uint64_t x)
{
	__int128 a = stored_integer(type, d);
	__int128 b = stored_integer(type, x);

	if (how == TSR_HW_SCATTER_NONE)
		return x;
	if (stored_is_float(type))
		return encode(type, combine_floats(how, stored_float(type, d),
						   stored_float(type, x)));
	if (how == TSR_HW_SCATTER_ADD)
		return low_bits(type, (uint64_t)a + (uint64_t)b);
	if (how == TSR_HW_SCATTER_MUL)
		return low_bits(type, (uint64_t)a * (uint64_t)b);
	return low_bits(type, (uint64_t)((a < b) == (how == TSR_HW_SCATTER_MIN) ? a : b));
}

uint64_t stored_canonical(unsigned int type, uint64_t bits)
{
	if (!stored_is_float(type) || !isnan(stored_float(type, bits)))
		return bits;
	switch (type) {
	case TSR_HW_TYPE_FP32:
		return 0x7fc00000;
	case TSR_HW_TYPE_FP16:
		return 0x7e00;
	case TSR_HW_TYPE_BF16:
		return 0x7fc0;
	case TSR_HW_TYPE_FP8_E4M3:
		return 0x7f;
	case TSR_HW_TYPE_FP8_E5M2:
		return 0x7e;
	default:
		return bits;
	}
}

bool stored_same(unsigned int type, uint64_t a, uint64_t b)
{
	if (stored_is_float(type) && isnan(stored_float(type, a)))
		return isnan(stored_float(type, b));
	return a == b;
}
