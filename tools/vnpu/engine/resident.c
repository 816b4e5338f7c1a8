// SPDX-License-Identifier: MIT
#include "resident.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include <tsr_hw/error.h>

#include "memory/port.h"
#include "tile/tile.h"

struct resident {
	atomic_uint refs;
	uint32_t size;
	char bytes[];
};

struct resident *resident_create(uint32_t size)
{
	struct resident *resident = calloc(1, sizeof(*resident) + size);

	if (!resident)
		return NULL;
	atomic_init(&resident->refs, 1);
	resident->size = size;
	return resident;
}

struct resident *resident_get(struct resident *resident)
{
	if (resident)
		atomic_fetch_add(&resident->refs, 1);
	return resident;
}

void resident_put(struct resident *resident)
{
	if (resident && atomic_fetch_sub(&resident->refs, 1) == 1)
		free(resident);
}

uint32_t resident_size(const struct resident *resident)
{
	return resident ? resident->size : 0;
}

static bool is_inside(const struct resident *resident, uint64_t va, size_t n)
{
	uint64_t offset = va - TILE_RESIDENT;

	return n <= resident_size(resident) && offset <= resident_size(resident) - n;
}

int resident_copy(struct resident *resident, bool writes, const struct port_rows *rows,
		  uint64_t *fault)
{
	char *buf = rows->buf;
	uint64_t va = rows->va;

	for (size_t i = 0; i < rows->rows; i++) {
		if (!is_inside(resident, va, rows->n)) {
			*fault = va;
			return writes ? TSR_HW_ERR_FAULT_WRITE : TSR_HW_ERR_FAULT_READ;
		}
		if (writes)
			memcpy(resident->bytes + (va - TILE_RESIDENT), buf, rows->n);
		else
			memcpy(buf, resident->bytes + (va - TILE_RESIDENT), rows->n);
		va += rows->stride;
		buf += rows->buf_stride;
	}
	return TSR_HW_ERR_NONE;
}
