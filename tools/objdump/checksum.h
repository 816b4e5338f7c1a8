/* SPDX-License-Identifier: MIT */
/* The checksum of a program: header without it, nodes, successors. */
#ifndef OBJDUMP_CHECKSUM_H
#define OBJDUMP_CHECKSUM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "layout.h"

/** checksum_covers() - is all that the checksum covers in the file? */
bool checksum_covers(const struct layout *layout);

/** checksum_of() - what it must be */
uint32_t checksum_of(const struct layout *layout);

/** checksum_bytes() - the same CRC-32 of any bytes */
uint32_t checksum_bytes(const void *bytes, size_t size);

#endif
