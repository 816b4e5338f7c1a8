/* SPDX-License-Identifier: MIT */
#include "slot.h"

#include <tsr_hw/error.h>
#include <tsr_hw/program.h>

#include "tile.h"

/* Memory a slot gives access to. */
struct region {
	uint64_t address;
	uint64_t size;
	uint32_t flags;
	uint64_t end;	/* of the address space that it lies in: nothing adds up beyond 64 bits */
};

static int region_of(const struct tile_request *request, unsigned int slot,
		     struct region *region)
{
	const struct tsr_hw_slot *entry;

	if (slot == TSR_HW_SLOT_PROGRAM) {
		*region = (struct region){ request->program, request->program_size,
					   TSR_HW_SLOT_READ, TILE_RESIDENT };
		return TSR_HW_ERR_NONE;
	}
	if (slot == TSR_HW_SLOT_SCRATCHPAD && request->resident) {
		*region = (struct region){ TILE_RESIDENT, request->resident,
					   TSR_HW_SLOT_READ | TSR_HW_SLOT_WRITE,
					   TILE_RESIDENT + request->resident };
		return TSR_HW_ERR_NONE;
	}
	if (slot >= request->slot_count)
		return TSR_HW_ERR_SLOT;
	entry = &request->slots[slot];
	*region = (struct region){ entry->address, entry->size, entry->flags, TILE_RESIDENT };
	return TSR_HW_ERR_NONE;
}

int slot_locate(const struct tile_request *request, unsigned int slot, uint64_t offset,
		const struct extent *extent, uint32_t align, uint32_t access, uint64_t *va)
{
	struct region region;
	uint64_t end;
	int error = region_of(request, slot, &region);

	if (error)
		return error;
	if ((region.flags & access) != access || offset < extent->below)
		return TSR_HW_ERR_SLOT;
	if (__builtin_add_overflow(offset, extent->span, &end) || end > region.size)
		return TSR_HW_ERR_SLOT;
	if (__builtin_add_overflow(region.address, end, &end) || end > region.end)
		return TSR_HW_ERR_SLOT;
	*va = region.address + offset;
	return *va % align ? TSR_HW_ERR_SLOT : TSR_HW_ERR_NONE;
}

int slot_allows(const struct tile_request *request, unsigned int slot, uint32_t access)
{
	struct region region;
	int error = region_of(request, slot, &region);

	if (error)
		return error;
	return (region.flags & access) == access ? TSR_HW_ERR_NONE : TSR_HW_ERR_SLOT;
}
