/* SPDX-License-Identifier: MIT */
/*
 * The resident part of a tile's scratchpad: bytes that the nodes of a group leave for each other.
 * A binding makes a new one, so a node that was aborted, and whose computation has not noticed
 * yet, never writes into what belongs to others.
 */
#ifndef VNPU_ENGINE_RESIDENT_H
#define VNPU_ENGINE_RESIDENT_H

#include <stdbool.h>
#include <stdint.h>

struct port_rows;
struct resident;

/** resident_create() - all bytes zero, one reference; NULL without memory */
struct resident *resident_create(uint32_t size);

/** resident_get() - one more reference; of NULL none */
struct resident *resident_get(struct resident *resident);

/** resident_put() - drop a reference; the last frees; NULL is allowed */
void resident_put(struct resident *resident);

/** resident_size() - bytes; of NULL none */
uint32_t resident_size(const struct resident *resident);

/**
 * resident_copy() - copy rows between it and a buffer
 * @resident: bytes, or NULL
 * @writes: into it
 * @rows: addresses from TILE_RESIDENT on
 * @fault: the first address outside of it; rows before it may have been copied
 *
 * From any thread; bytes that several threads write at once may be those of any of them.
 *
 * Return: TSR_HW_ERR_NONE, TSR_HW_ERR_FAULT_READ or TSR_HW_ERR_FAULT_WRITE.
 */
int resident_copy(struct resident *resident, bool writes, const struct port_rows *rows,
		  uint64_t *fault);

#endif
