/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/* CRC-32 bit by bit from its definition, to judge the firmware's by. */
#ifndef TESTS_REFERENCE_CRC_H
#define TESTS_REFERENCE_CRC_H

#include <stddef.h>
#include <stdint.h>

/* Begin with 0; the result of one call continues in the next. */
static inline uint32_t reference_crc(uint32_t crc, const uint8_t *data, size_t size)
{
	crc = ~crc;
	for (size_t i = 0; i < size; i++) {
		crc ^= data[i];
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320u : 0);
	}
	return ~crc;
}

#endif
