/* SPDX-License-Identifier: MIT */
#include "nonzero.h"

#include "number/load.h"
#include "number/types.h"
#include "smaller.h"

/* Elements at a time. */
#define BLOCK	1024u

union values {
	float f32[BLOCK];
	int32_t i32[BLOCK];
	int64_t i64[BLOCK];
	uint8_t boolean[BLOCK];
};

static void look(unsigned int type, const union values *values, uint8_t *to, uint64_t n)
{
	switch (number_class_of(type)) {
	case NUMBER_F32:
		for (uint64_t i = 0; i < n; i++)
			to[i] = values->f32[i] != 0;
		break;
	case NUMBER_I32:
		for (uint64_t i = 0; i < n; i++)
			to[i] = values->i32[i] != 0;
		break;
	case NUMBER_I64:
		for (uint64_t i = 0; i < n; i++)
			to[i] = values->i64[i] != 0;
		break;
	case NUMBER_BOOL:
		for (uint64_t i = 0; i < n; i++)
			to[i] = values->boolean[i];
		break;
	}
}

void nonzero(unsigned int type, const void *raw, uint8_t *to, uint64_t n)
{
	uint32_t size = number_bytes(type);
	const char *from = raw;
	union values values;

	for (uint64_t at = 0; at < n; at += BLOCK) {
		uint64_t count = smaller(n - at, BLOCK);

		number_load(type, from + at * size, &values, count);
		look(type, &values, to + at, count);
	}
}
