// SPDX-License-Identifier: (GPL-2.0-only OR MIT)
/* Numbers in memory: little-endian, of any size and alignment. */
#include <tsr_hw/decode.h>

uint64_t tsr_hw_load(const void *bytes, size_t size)
{
	const uint8_t *byte = bytes;
	uint64_t value = 0;

	for (size_t i = size; i > 0; i--)
		value = value << 8 | byte[i - 1];
	return value;
}

void tsr_hw_store(void *bytes, size_t size, uint64_t value)
{
	uint8_t *byte = bytes;

	for (size_t i = 0; i < size; i++, value >>= 8)
		byte[i] = (uint8_t)value;
}
