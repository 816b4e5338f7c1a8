/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/* CRC-32 (IEEE 802.3, reflected). */
#ifndef CRC_H
#define CRC_H

#include <stdint.h>

#define CRC_START 0xffffffffu

/* Fill the tables; once, before anything else here. */
void crc_prepare(void);

/* Continue a checksum over @size bytes at the 4-byte aligned @data; invert the last one. */
uint32_t crc_update(uint32_t crc, const void *data, uint32_t size);

#endif
