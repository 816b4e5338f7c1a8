/* SPDX-License-Identifier: MIT */
/*
 * CRC-32 of IEEE 802.3, the checksum of programs. With crc(A) that of A, the one of A followed
 * by n bytes B is crc32_shift(crc(A), n) ^ crc(B), so parts can be summed up in any order.
 */
#ifndef VNPU_TILE_CRC32_H
#define VNPU_TILE_CRC32_H

#include <stddef.h>
#include <stdint.h>

/** crc32_of() - the CRC-32 of @n bytes; 0 of none */
uint32_t crc32_of(const void *data, size_t n);

/** crc32_shift() - what a part with @crc adds to the CRC-32 of a whole with @bytes behind it */
uint32_t crc32_shift(uint32_t crc, uint64_t bytes);

#endif
