/* SPDX-License-Identifier: MIT */
#ifndef VNPU_SMALLER_H
#define VNPU_SMALLER_H

#include <stdint.h>

/** smaller() - of two numbers */
static inline uint64_t smaller(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/** larger() - of two numbers */
static inline uint64_t larger(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

#endif
