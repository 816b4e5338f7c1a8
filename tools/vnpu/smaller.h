/* SPDX-License-Identifier: MIT */
#ifndef VNPU_SMALLER_H
#define VNPU_SMALLER_H

#include <stdint.h>

/** smaller() - of two numbers */
static inline uint64_t smaller(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/** quotient() - rounded up; @of + @by fits */
static inline uint64_t quotient(uint64_t of, uint64_t by)
{
	return (of + by - 1) / by;
}

/** larger() - of two numbers */
static inline uint64_t larger(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

#endif
