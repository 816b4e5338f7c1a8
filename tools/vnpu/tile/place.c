/* SPDX-License-Identifier: MIT */
#include "place.h"

#include <string.h>

#include <tsr_hw/error.h>
#include <tsr_hw/program.h>

#include "parameter.h"
#include "slot.h"
#include "tensor.h"
#include "tile.h"

static void make_tensor(uint64_t size, uint32_t width, struct tensor *tensor)
{
	*tensor = (struct tensor){
		.type = TSR_HW_TYPE_UINT8,
		.rank = 1,
		.size = width,
		.dim = { size / width },
		.stride = { width },
	};
}

int place_decode(const struct tile_request *request, const struct tsr_hw_place *raw,
		 uint64_t size, uint32_t width, bool write, struct tensor *tensor)
{
	uint32_t access = write ? TSR_HW_SLOT_WRITE : TSR_HW_SLOT_READ;
	const struct extent extent = { .span = size };
	__le64 offset = raw->offset;
	int error;

	if (raw->slot == TSR_HW_SLOT_NONE || raw->mbz[0] || raw->mbz[1] || raw->mbz[2])
		return TSR_HW_ERR_COMMAND;
	error = parameter_take_bytes(request, &offset, width);
	if (error)
		return error;
	if (offset % width || size % width)
		return TSR_HW_ERR_COMMAND;
	if (size / width > TILE_MAX_ELEMENTS)
		return TSR_HW_ERR_UNSUPPORTED;
	make_tensor(size, width, tensor);
	if (!size)
		return slot_allows(request, raw->slot, access);
	return slot_locate(request, raw->slot, offset, &extent, width, access, &tensor->va);
}

bool place_is_absent(const struct tsr_hw_place *raw)
{
	static const struct tsr_hw_place absent = { .slot = TSR_HW_SLOT_NONE };

	return !memcmp(raw, &absent, sizeof(absent));
}
