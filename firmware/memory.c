// SPDX-License-Identifier: (GPL-2.0-only OR MIT)
/* The functions a freestanding compiler may call. */
#include <stddef.h>
#include <stdint.h>

void *memset(void *to, int value, size_t size);
void *memcpy(void *restrict to, const void *restrict from, size_t size);

void *memset(void *to, int value, size_t size)
{
	uint8_t *byte = to;

	for (size_t i = 0; i < size; i++)
		byte[i] = (uint8_t)value;
	return to;
}

void *memcpy(void *restrict to, const void *restrict from, size_t size)
{
	const uint8_t *source = from;
	uint8_t *byte = to;

	for (size_t i = 0; i < size; i++)
		byte[i] = source[i];
	return to;
}
