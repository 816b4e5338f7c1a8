// SPDX-License-Identifier: MIT
/*
 * The tile has checked the command before, with the same slots and parameters: whatever could be
 * wrong with a field is not.
 */
#include "descriptor.h"

#include <tsr_hw/fuse.h>
#include <tsr_hw/program.h>

#include "measure.h"
#include "number/types.h"
#include "tile/parameter.h"
#include "tile/tile.h"

static uint64_t slot_address(const struct tile_request *request, unsigned int slot)
{
	if (slot == TSR_HW_SLOT_PROGRAM)
		return request->program;
	if (slot == TSR_HW_SLOT_SCRATCHPAD)
		return TILE_RESIDENT;
	return slot < request->slot_count ? request->slots[slot].address : 0;
}

enum memory take_memory(const struct measure_source *source, uint64_t va)
{
	if (va >= TILE_RESIDENT)
		return MEMORY_SCRATCHPAD;
	return source->fuses->memory_mib ? source->memory(source->ctx, va) : MEMORY_SYSTEM;
}

void take_tensor(const struct measure_source *source, const struct tsr_hw_tensor *raw,
		 struct operand *operand)
{
	const struct tile_request *request = source->request;
	struct tsr_hw_tensor plain = *raw;

	*operand = (struct operand){ 0 };
	if (raw->slot == TSR_HW_SLOT_NONE)
		return;
	parameter_tensor(request, &plain, 0);
	operand->bits = (uint8_t)number_bits(plain.type);
	operand->rank = plain.rank;
	operand->address = slot_address(request, plain.slot) + plain.offset;
	operand->memory = (uint8_t)take_memory(source, operand->address);
	for (unsigned int i = 0; i < plain.rank; i++) {
		operand->extent[i] = plain.dim[i];
		/* One element has no neighbour, however far the stride says. */
		operand->stride[i] = plain.dim[i] > 1 ? (int64_t)plain.stride[i] : 0;
	}
}

uint64_t take_bytes(const struct tile_request *request, __le64 field)
{
	parameter_take64(request, &field);
	return field;
}

uint64_t take_place(const struct tile_request *request, const struct tsr_hw_place *raw)
{
	return slot_address(request, raw->slot) + take_bytes(request, raw->offset);
}

void take_step(const struct tsr_hw_step *raw, const struct operand *walked, uint64_t *block)
{
	for (unsigned int i = 0; i < WALK_RANK_MAX; i++)
		block[i] = i < walked->rank ? raw->block[i] : 0;
}
