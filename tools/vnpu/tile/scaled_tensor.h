/* SPDX-License-Identifier: MIT */
/* Tensors of the commands of version 1: where they lie, and what their integers mean. */
#ifndef VNPU_TILE_SCALED_TENSOR_H
#define VNPU_TILE_SCALED_TENSOR_H

#include "tensor.h"

/* How a command uses such a tensor, beside TENSOR_WRITE. */
#define TENSOR_RAW	(1u << 1)	/* bits only: no scale, no zero point */
#define TENSOR_ACC	(1u << 2)	/* int32 here has no scale and no zero point */
#define TENSOR_CHANNELS	(1u << 3)	/* may have a scale per channel */

/**
 * scaled_tensor_decode() - check a descriptor and resolve its slot
 * @request: slot table
 * @raw: descriptor
 * @types: bit mask of the types allowed here
 * @use: TENSOR_*
 * @tensor: result; a scale vector is resolved by scaled_tensor_channels()
 *
 * Return: TSR_HW_ERR_NONE, TSR_HW_ERR_COMMAND, TSR_HW_ERR_SLOT or TSR_HW_ERR_UNSUPPORTED.
 */
int scaled_tensor_decode(const struct tile_request *request,
			 const struct tsr_hw_scaled_tensor *raw, uint32_t types,
			 unsigned int use, struct tensor *tensor);

/**
 * scaled_tensor_decode_optional() - the same for a tensor that need not be there
 * @request: slot table
 * @raw: descriptor
 * @types: bit mask of the types allowed here
 * @use: TENSOR_*
 * @tensor: result; type TSR_HW_TYPE_NONE when there is none
 *
 * Return: as scaled_tensor_decode().
 */
int scaled_tensor_decode_optional(const struct tile_request *request,
				  const struct tsr_hw_scaled_tensor *raw, uint32_t types,
				  unsigned int use, struct tensor *tensor);

/**
 * scaled_tensor_absent() - check that a descriptor says "no tensor"
 * @raw: descriptor
 *
 * Return: TSR_HW_ERR_NONE or TSR_HW_ERR_COMMAND.
 */
int scaled_tensor_absent(const struct tsr_hw_scaled_tensor *raw);

/**
 * scaled_tensor_channels() - resolve the scale vector of a tensor that has one
 * @request: slot table
 * @raw: descriptor
 * @channels: entries needed
 * @tensor: as scaled_tensor_decode() left it
 *
 * Return: TSR_HW_ERR_NONE, TSR_HW_ERR_COMMAND or TSR_HW_ERR_SLOT.
 */
int scaled_tensor_channels(const struct tile_request *request,
			   const struct tsr_hw_scaled_tensor *raw, uint64_t channels,
			   struct tensor *tensor);

#endif
