/* SPDX-License-Identifier: MIT */
/* Slots: from a number and an offset to an address that the node may use in one direction. */
#ifndef VNPU_TILE_SLOT_H
#define VNPU_TILE_SLOT_H

#include <stdint.h>

struct tile_request;

/** struct extent - bytes around an offset: @below in front of it, @span from there on */
struct extent {
	uint64_t below;
	uint64_t span;
};

/**
 * slot_locate() - the address of an offset of a slot
 * @request: slot table
 * @slot: slot number
 * @offset: in bytes
 * @extent: bytes around it that must lie in the slot
 * @align: what the address is a multiple of
 * @access: TSR_HW_SLOT_READ, TSR_HW_SLOT_WRITE, or both
 * @va: result
 *
 * Return: TSR_HW_ERR_NONE or TSR_HW_ERR_SLOT.
 */
int slot_locate(const struct tile_request *request, unsigned int slot, uint64_t offset,
		const struct extent *extent, uint32_t align, uint32_t access, uint64_t *va);

/**
 * slot_allows() - whether a slot is there for a direction, though no byte of it is touched
 * @request: slot table
 * @slot: slot number
 * @access: TSR_HW_SLOT_READ, TSR_HW_SLOT_WRITE, or both
 *
 * Return: TSR_HW_ERR_NONE or TSR_HW_ERR_SLOT.
 */
int slot_allows(const struct tile_request *request, unsigned int slot, uint32_t access);

#endif
