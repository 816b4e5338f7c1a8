/* SPDX-License-Identifier: MIT */
/* Tensors of a command: from the descriptor in the stream to checked facts. */
#ifndef VNPU_TILE_TENSOR_H
#define VNPU_TILE_TENSOR_H

#include <stdbool.h>
#include <stdint.h>

#include <tsr_hw/command.h>

struct tile_request;

#define TYPE_BIT(type)	(1u << (type))
#define TYPES_FP	(TYPE_BIT(TSR_HW_TYPE_FP32) | TYPE_BIT(TSR_HW_TYPE_FP16) | \
			 TYPE_BIT(TSR_HW_TYPE_BF16))
#define TYPES_INT8	(TYPE_BIT(TSR_HW_TYPE_INT8) | TYPE_BIT(TSR_HW_TYPE_UINT8))
#define TYPES_INT32	TYPE_BIT(TSR_HW_TYPE_INT32)

/* Types with an element in whole bytes, for commands that look at bits or at any value. */
#define TYPES_BYTES	(TYPES_FP | TYPES_INT8 | TYPES_INT32 | \
			 TYPE_BIT(TSR_HW_TYPE_FP8_E4M3) | \
			 TYPE_BIT(TSR_HW_TYPE_FP8_E5M2) | TYPE_BIT(TSR_HW_TYPE_INT16) | \
			 TYPE_BIT(TSR_HW_TYPE_UINT16) | TYPE_BIT(TSR_HW_TYPE_UINT32) | \
			 TYPE_BIT(TSR_HW_TYPE_INT64) | TYPE_BIT(TSR_HW_TYPE_UINT64) | \
			 TYPE_BIT(TSR_HW_TYPE_BOOL) | TYPE_BIT(TSR_HW_TYPE_E8M0))

/* Types with two elements in a byte. */
#define TYPES_HALVES	(TYPE_BIT(TSR_HW_TYPE_INT4) | TYPE_BIT(TSR_HW_TYPE_UINT4) | \
			 TYPE_BIT(TSR_HW_TYPE_FP4_E2M1))

/* All of them. */
#define TYPES_ANY	(TYPES_BYTES | TYPES_HALVES)

/* How a command uses a tensor. */
#define TENSOR_WRITE	(1u << 0)	/* written; else read */
#define TENSOR_UPDATE	(1u << 4)	/* written, and read before; with TENSOR_WRITE */

/**
 * struct tensor - a checked tensor
 * @type: TSR_HW_TYPE_*; TSR_HW_TYPE_NONE when there is no tensor
 * @rank: dimensions
 * @halves: elements of half a byte: two lie in one, and strides count halves of bytes
 * @size: bytes of an element; of half a byte those that it has when it is gathered
 * @va: address of element 0
 * @dim: extents, 0 beyond @rank
 * @stride: in bytes or @halves, modulo 2^64 when negative; 0 beyond @rank
 */
struct tensor {
	uint8_t type;
	uint8_t rank;
	bool halves;
	uint32_t size;
	uint64_t va;
	uint64_t dim[TSR_HW_MAX_RANK];
	uint64_t stride[TSR_HW_MAX_RANK];
};

/** tensor_is_resident() - whether it lies in the tile's scratchpad: it takes no load */
bool tensor_is_resident(const struct tensor *tensor);

/**
 * tensor_decode() - check a descriptor and resolve its slot
 * @request: slot table and parameters
 * @raw: descriptor; its fields may name parameters
 * @types: bit mask of the types allowed here
 * @use: TENSOR_*
 * @tensor: result
 *
 * Return: TSR_HW_ERR_NONE, TSR_HW_ERR_COMMAND, TSR_HW_ERR_PARAMETER, TSR_HW_ERR_SLOT or
 * TSR_HW_ERR_UNSUPPORTED.
 */
int tensor_decode(const struct tile_request *request, const struct tsr_hw_tensor *raw,
		  uint32_t types, unsigned int use, struct tensor *tensor);

/**
 * tensor_shape() - the first half of tensor_decode(): type, extents and strides
 * @raw: descriptor, without names of parameters
 * @types: bit mask of the types allowed here
 * @tensor: result, without an address
 *
 * Return: TSR_HW_ERR_NONE, TSR_HW_ERR_COMMAND or TSR_HW_ERR_UNSUPPORTED.
 */
int tensor_shape(const struct tsr_hw_tensor *raw, uint32_t types, struct tensor *tensor);

/**
 * tensor_place() - the second half of tensor_decode(): its size, and its place in the slot
 * @request: slot table
 * @raw: descriptor
 * @use: TENSOR_*
 * @tensor: what tensor_shape() made of @raw; gets its address
 *
 * Return: TSR_HW_ERR_NONE, TSR_HW_ERR_COMMAND, TSR_HW_ERR_SLOT or TSR_HW_ERR_UNSUPPORTED.
 */
int tensor_place(const struct tile_request *request, const struct tsr_hw_tensor *raw,
		 unsigned int use, struct tensor *tensor);

/**
 * tensor_decode_optional() - tensor_decode() for a tensor that need not be there
 * @request: slot table
 * @raw: descriptor
 * @types: bit mask of the types allowed here
 * @use: TENSOR_*
 * @tensor: result; type TSR_HW_TYPE_NONE when there is none
 *
 * Return: as tensor_decode().
 */
int tensor_decode_optional(const struct tile_request *request, const struct tsr_hw_tensor *raw,
			   uint32_t types, unsigned int use, struct tensor *tensor);

/** tensor_is_absent() - whether a descriptor says "no tensor" */
bool tensor_is_absent(const struct tsr_hw_tensor *raw);

/** tensor_present() - whether there is a tensor */
static inline bool tensor_present(const struct tensor *tensor)
{
	return tensor->type != TSR_HW_TYPE_NONE;
}

/**
 * tensor_elements() - elements, repeated ones counted; there may be none
 * @tensor: checked tensor
 *
 * Return: at most TILE_MAX_ELEMENTS.
 */
uint64_t tensor_elements(const struct tensor *tensor);

/**
 * tensor_extents() - product of some extents
 * @tensor: checked tensor
 * @first: first of these dimensions
 * @end: the one behind the last
 *
 * Return: at most TILE_MAX_ELEMENTS.
 */
uint64_t tensor_extents(const struct tensor *tensor, unsigned int first, unsigned int end);

/**
 * tensor_bytes() - distinct bytes: dimensions repeated by stride 0 count once
 * @tensor: checked tensor, or none
 *
 * Return: bytes, 0 for no tensor.
 */
uint64_t tensor_bytes(const struct tensor *tensor);

/** tensor_touched() - bytes of @elements of its elements, at most all of them */
uint64_t tensor_touched(const struct tensor *tensor, uint64_t elements);

/**
 * tensor_packed() - the dimension whose neighbours share a byte
 * @tensor: checked tensor
 *
 * Return: a mask with its bit, 0 if elements are whole bytes or there is one at most.
 */
uint32_t tensor_packed(const struct tensor *tensor);

/** tensor_odd_row() - extent of that dimension if it is odd, else 0 */
uint64_t tensor_odd_row(const struct tensor *tensor);

/** tensor_same_shape() - whether both have the same rank and extents */
bool tensor_same_shape(const struct tensor *a, const struct tensor *b);

/** type_is_fp() - whether the type is fp32, fp16 or bf16 */
static inline bool type_is_fp(unsigned int type)
{
	return TYPE_BIT(type) & TYPES_FP;
}

#endif
