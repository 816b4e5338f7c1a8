/* SPDX-License-Identifier: MIT */
/* Floating-point values and their representation. */
#ifndef VNPU_NUMBER_BITS_H
#define VNPU_NUMBER_BITS_H

#include <stdint.h>
#include <string.h>

/** fp32_bits() - how a value is represented */
static inline uint32_t fp32_bits(float value)
{
	uint32_t bits;

	memcpy(&bits, &value, sizeof(bits));
	return bits;
}

/** fp32_of_bits() - the reverse */
static inline float fp32_of_bits(uint32_t bits)
{
	float value;

	memcpy(&value, &bits, sizeof(value));
	return value;
}

/** fp64_bits() - how a value is represented */
static inline uint64_t fp64_bits(double value)
{
	uint64_t bits;

	memcpy(&bits, &value, sizeof(bits));
	return bits;
}

/** fp64_of_bits() - the reverse */
static inline double fp64_of_bits(uint64_t bits)
{
	double value;

	memcpy(&value, &bits, sizeof(value));
	return value;
}

#endif
