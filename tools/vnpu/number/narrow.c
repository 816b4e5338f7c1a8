/* SPDX-License-Identifier: MIT */
#include "narrow.h"

#include "bits.h"
#include "clones.h"

#define FP32_MANTISSA	23
#define FP32_BIAS	127
#define FP32_INFINITY	0x7f800000u
#define FP32_NAN	0x7fc00000u

/**
 * struct format - a format with sign and zero
 * @mantissa: its bits
 * @sign: number of the sign bit; below it are exponent and mantissa
 * @bias: of the exponent; 0 are subnormals, as in fp32
 * @largest: code of the largest finite value
 * @overflow: code without sign of what is larger
 * @nan: code without sign of not-a-number
 */
struct format {
	unsigned int mantissa;
	unsigned int sign;
	unsigned int bias;
	uint8_t largest;
	uint8_t overflow;
	uint8_t nan;
};

static const struct format e4m3 = { 3, 7, 7, 0x7e, 0x7f, 0x7f };
static const struct format e5m2 = { 2, 7, 15, 0x7b, 0x7c, 0x7e };
static const struct format e2m1 = { 1, 3, 1, 0x7, 0x7, 0x0 };

/* Codes above the largest finite one are infinity if they are @overflow, else not-a-number. */
static inline float expand(uint8_t code, struct format format)
{
	unsigned int shift = FP32_MANTISSA - format.mantissa;
	uint32_t rest = code & ((1u << format.sign) - 1);
	uint32_t sign = (uint32_t)(code >> format.sign & 1) << 31;
	uint32_t normal = (rest << shift) + ((FP32_BIAS - format.bias) << FP32_MANTISSA);
	/* Subnormals count units: the smallest normal number is 2^mantissa of them. */
	float unit = fp32_of_bits((FP32_BIAS + 1 - format.bias - format.mantissa) << FP32_MANTISSA);
	uint32_t bits = rest >> format.mantissa ? normal : fp32_bits((float)rest * unit);
	uint32_t special = rest == format.overflow && format.overflow != format.nan ?
			   FP32_INFINITY : FP32_NAN;

	return fp32_of_bits(sign | (rest > format.largest ? special : bits));
}

static inline uint8_t round_to(float value, struct format format, bool saturate)
{
	unsigned int shift = FP32_MANTISSA - format.mantissa;
	uint32_t bits = fp32_bits(value);
	uint32_t rest = bits & 0x7fffffff;
	uint32_t smallest = (FP32_BIAS + 1 - format.bias) << FP32_MANTISSA;
	/* A carry out of the mantissa steps the exponent. */
	uint32_t even = rest + (1u << (shift - 1)) - 1 + (rest >> shift & 1);
	uint32_t normal = (even >> shift) - ((FP32_BIAS - format.bias) << format.mantissa);
	/* The last bit of this number counts units of subnormals, so adding it rounds to them. */
	uint32_t counter = smallest + (shift << FP32_MANTISSA);
	uint32_t count = fp32_bits(fp32_of_bits(rest) + fp32_of_bits(counter)) - counter;
	uint32_t code = rest < smallest ? count : normal;

	code = code > format.largest || rest >= FP32_INFINITY ?
	       (saturate ? format.largest : format.overflow) : code;
	code |= bits >> 31 << format.sign;
	return (uint8_t)(rest > FP32_INFINITY ? format.nan : code);
}

#define DEFINE_EXPAND(name)								\
TILE_CLONES void name##_expand(const uint8_t *from, float *to, size_t n)		\
{											\
	for (size_t i = 0; i < n; i++)							\
		to[i] = expand(from[i], name);						\
}

DEFINE_EXPAND(e4m3)
DEFINE_EXPAND(e5m2)
DEFINE_EXPAND(e2m1)

TILE_CLONES void e8m0_expand(const uint8_t *from, float *to, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		uint32_t power = (uint32_t)from[i] << FP32_MANTISSA;

		power = from[i] ? power : 1u << (FP32_MANTISSA - 1);	/* 2^-127 is subnormal */
		to[i] = fp32_of_bits(from[i] == 0xff ? FP32_NAN : power);
	}
}

TILE_CLONES void e4m3_round(const float *from, uint8_t *to, size_t n, bool saturate)
{
	for (size_t i = 0; i < n; i++)
		to[i] = round_to(from[i], e4m3, saturate);
}

TILE_CLONES void e5m2_round(const float *from, uint8_t *to, size_t n, bool saturate)
{
	for (size_t i = 0; i < n; i++)
		to[i] = round_to(from[i], e5m2, saturate);
}

TILE_CLONES void e2m1_round(const float *from, uint8_t *to, size_t n)
{
	for (size_t i = 0; i < n; i++)
		to[i] = round_to(from[i], e2m1, true);
}

/*
 * Between 2^(c - 127) and its double halfway is 1.5 times it: mantissa 0x400000. For c = 0
 * that is 0x600000 as a subnormal, and the carry from there is at the smallest normal.
 */
static inline uint8_t round_to_power(float value, bool saturate)
{
	uint32_t bits = fp32_bits(value);
	uint32_t code = (bits + 0x3fffff + (bits >> FP32_MANTISSA & 1)) >> FP32_MANTISSA;
	uint32_t low = bits > 0x600000;

	code = bits < 0x800000 ? low : code;
	code = code > 0xfe ? (saturate ? 0xfe : 0xff) : code;
	code = bits > FP32_INFINITY ? 0xff : code;	/* not-a-number, negative values */
	return (uint8_t)(bits == 0x80000000 ? 0 : code);
}

TILE_CLONES void e8m0_round(const float *from, uint8_t *to, size_t n, bool saturate)
{
	for (size_t i = 0; i < n; i++)
		to[i] = round_to_power(from[i], saturate);
}
