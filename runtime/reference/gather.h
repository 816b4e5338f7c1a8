/* SPDX-License-Identifier: MIT */
/* Several elements become one: what pooling and reduction have in common. */
#ifndef TSR_REFERENCE_GATHER_H
#define TSR_REFERENCE_GATHER_H

#include "element.h"

enum gather_mode { GATHER_SUM, GATHER_MEAN, GATHER_MAX, GATHER_MIN };

/** struct gather - elements seen so far */
struct gather {
	enum gather_mode mode;
	int64_t count;
	int32_t codes;		/* their sum, without zero points */
	double real;
	size_t extreme;		/* place of the largest or smallest */
};

void gather_add(struct gather *gather, const struct array *x, size_t i);

/** gather_store() - @divisor: of a mean. */
void gather_store(const struct gather *gather, const struct array *x, int64_t divisor,
		  struct array *out, size_t i);

#endif
