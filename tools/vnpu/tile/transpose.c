/* SPDX-License-Identifier: MIT */
#include "transpose.h"

/* One body per element size: the compiler needs it constant to make good loops. */
#define DEFINE_TRANSPOSE(type)								\
static void transpose_##type(const char *from, size_t from_pitch, char *to,		\
			     size_t to_pitch, size_t rows, size_t columns)		\
{											\
	for (size_t row = 0; row < rows; row++) {					\
		const type *source = (const type *)(from + row * from_pitch);		\
		char *target = to + row * sizeof(type);					\
											\
		for (size_t column = 0; column < columns; column++)			\
			*(type *)(target + column * to_pitch) = source[column];		\
	}										\
}

DEFINE_TRANSPOSE(uint8_t)
DEFINE_TRANSPOSE(uint16_t)
DEFINE_TRANSPOSE(uint32_t)
DEFINE_TRANSPOSE(uint64_t)

void transpose(const void *from, size_t from_pitch, void *to, size_t to_pitch, size_t rows,
	       size_t columns, uint32_t size)
{
	switch (size) {
	case 1:
		transpose_uint8_t(from, from_pitch, to, to_pitch, rows, columns);
		break;
	case 2:
		transpose_uint16_t(from, from_pitch, to, to_pitch, rows, columns);
		break;
	case 4:
		transpose_uint32_t(from, from_pitch, to, to_pitch, rows, columns);
		break;
	default:
		transpose_uint64_t(from, from_pitch, to, to_pitch, rows, columns);
		break;
	}
}
