/* SPDX-License-Identifier: MIT */
/* Places: bytes of a slot that a command names without a tensor. */
#ifndef VNPU_TILE_PLACE_H
#define VNPU_TILE_PLACE_H

#include <stdbool.h>
#include <stdint.h>

#include <tsr_hw/command.h>

struct tensor;
struct tile_request;

/**
 * place_decode() - check a place and resolve its slot
 * @request: slot table and parameters
 * @raw: place, whose offset may name a parameter
 * @size: bytes there; with 0 any offset will do, but the slot must allow the direction
 * @width: bytes of an element, a power of two: offset and address are multiples of it
 * @write: whether they are written, else read
 * @tensor: result: the bytes as a tensor of one dimension, with elements of @width bytes
 *
 * Return: TSR_HW_ERR_NONE, TSR_HW_ERR_COMMAND, TSR_HW_ERR_PARAMETER, TSR_HW_ERR_SLOT or
 * TSR_HW_ERR_UNSUPPORTED.
 */
int place_decode(const struct tile_request *request, const struct tsr_hw_place *raw,
		 uint64_t size, uint32_t width, bool write, struct tensor *tensor);

/** place_is_absent() - whether a place says "no bytes" */
bool place_is_absent(const struct tsr_hw_place *raw);

#endif
