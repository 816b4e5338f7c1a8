/* SPDX-License-Identifier: MIT */
#include "reference.h"

#include <math.h>
#include <stddef.h>

#include <tsr_hw/types.h>

/**
 * struct format - a floating type of at most 16 bits
 * @exponent: its bits; 8 and no mantissa is e8m0, which has no sign, no zero, no subnormals
 * @largest: code of the largest finite value
 * @infinity: code of infinity, 0 without one
 * @nan: a code of not-a-number, 0 without one
 */
struct format {
	unsigned int type;
	int exponent;
	int mantissa;
	int bias;
	uint32_t largest;
	uint32_t infinity;
	uint32_t nan;
};

static const struct format formats[] = {
	{ TSR_HW_TYPE_FP16, 5, 10, 15, 0x7bff, 0x7c00, 0x7e00 },
	{ TSR_HW_TYPE_BF16, 8, 7, 127, 0x7f7f, 0x7f80, 0x7fc0 },
	{ TSR_HW_TYPE_FP8_E4M3, 4, 3, 7, 0x7e, 0, 0x7f },
	{ TSR_HW_TYPE_FP8_E5M2, 5, 2, 15, 0x7b, 0x7c, 0x7e },
	{ TSR_HW_TYPE_E8M0, 8, 0, 127, 0xfe, 0, 0xff },
	{ TSR_HW_TYPE_FP4_E2M1, 2, 1, 1, 7, 0, 0 },
};

static const struct format *format_of(unsigned int type)
{
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
		if (formats[i].type == type)
			return &formats[i];
	return NULL;
}

bool reference_is_small(unsigned int type)
{
	return format_of(type) != NULL;
}

static bool has_sign(const struct format *f)
{
	return f->mantissa != 0;
}

static uint32_t sign_of(const struct format *f)
{
	return has_sign(f) ? 1u << (f->exponent + f->mantissa) : 0;
}

uint32_t reference_codes(unsigned int type)
{
	const struct format *f = format_of(type);

	return 1u << (f->exponent + f->mantissa + has_sign(f));
}

/* As if the largest exponents were numbers, too. */
static double plain_value(const struct format *f, uint32_t code)
{
	int exponent = (int)(code >> f->mantissa);
	uint32_t mantissa = code & ((1u << f->mantissa) - 1);

	if (!exponent && has_sign(f))
		return ldexp((double)mantissa, 1 - f->bias - f->mantissa);
	return ldexp((double)(mantissa + (1u << f->mantissa)), exponent - f->bias - f->mantissa);
}

bool reference_is_nan(unsigned int type, uint32_t code)
{
	const struct format *f = format_of(type);
	uint32_t rest = code & ~sign_of(f);

	return f->nan && rest > f->largest && (!f->infinity || rest != f->infinity);
}

double reference_value(unsigned int type, uint32_t code)
{
	const struct format *f = format_of(type);
	uint32_t rest = code & ~sign_of(f);
	double value = f->infinity && rest == f->infinity ? (double)INFINITY : plain_value(f, rest);

	if (reference_is_nan(type, code))
		return (double)NAN;
	return code & sign_of(f) ? -value : value;
}

double reference_between(unsigned int type, uint32_t code)
{
	const struct format *f = format_of(type);
	uint32_t rest = code & ~sign_of(f);
	double value = (plain_value(f, rest) + plain_value(f, rest + 1)) / 2;

	return code & sign_of(f) ? -value : value;
}

/* The code whose plain value is nearest; beyond the largest it is at least the next one. */
static uint32_t nearest(const struct format *f, long double magnitude)
{
	uint32_t low = 0, high = f->largest + 1;
	long double between;

	while (high - low > 1) {
		uint32_t middle = (low + high) / 2;

		if ((long double)plain_value(f, middle) <= magnitude)
			low = middle;
		else
			high = middle;
	}
	between = ((long double)plain_value(f, low) + (long double)plain_value(f, high)) / 2;
	if (magnitude == between)
		return low % 2 ? high : low;
	return magnitude > between ? high : low;
}

uint32_t reference_code(unsigned int type, long double value, bool saturate)
{
	const struct format *f = format_of(type);
	uint32_t sign = signbit(value) ? sign_of(f) : 0;
	uint32_t code;

	if (isnan(value) || (!has_sign(f) && value < 0))
		return f->nan;
	code = nearest(f, fabsl(value));
	if (code <= f->largest)
		return sign | code;
	if (saturate || !f->nan)
		return sign | f->largest;
	return sign | (f->infinity ? f->infinity : f->nan);
}

uint64_t reference_integer(unsigned int type, long double value)
{
	static const struct {
		int bits;
		bool is_signed;
	} integers[] = {
		[TSR_HW_TYPE_INT4] = { 4, true }, [TSR_HW_TYPE_UINT4] = { 4, false },
		[TSR_HW_TYPE_INT8] = { 8, true }, [TSR_HW_TYPE_UINT8] = { 8, false },
		[TSR_HW_TYPE_INT16] = { 16, true }, [TSR_HW_TYPE_UINT16] = { 16, false },
		[TSR_HW_TYPE_INT32] = { 32, true }, [TSR_HW_TYPE_UINT32] = { 32, false },
		[TSR_HW_TYPE_INT64] = { 64, true }, [TSR_HW_TYPE_UINT64] = { 64, false },
	};
	int bits = integers[type].bits;
	bool is_signed = integers[type].is_signed;
	long double high = ldexpl(1, bits - is_signed) - 1;
	long double low = is_signed ? -ldexpl(1, bits - 1) : 0;
	uint64_t mask = UINT64_MAX >> (64 - bits);

	value = isnan(value) ? 0 : fminl(fmaxl(rintl(value), low), high);
	return (value < 0 ? (uint64_t)(int64_t)value : (uint64_t)value) & mask;
}
