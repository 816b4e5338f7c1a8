// SPDX-License-Identifier: MIT
#include "tensors.h"

#include <endian.h>

struct tsr_hw_tensor tensor_matrix(uint16_t slot, uint32_t type, uint32_t rows, uint32_t columns,
				   uint64_t offset)
{
	return (struct tsr_hw_tensor){
		.slot = htole16(slot),
		.type = (uint8_t)type,
		.rank = 2,
		.offset = htole64(offset),
		.dim = { htole32(rows), htole32(columns) },
		.stride = { htole64(columns), htole64(1) },
	};
}

struct tsr_hw_tensor tensor_none(void)
{
	return (struct tsr_hw_tensor){ .slot = htole16(TSR_HW_SLOT_NONE) };
}

struct tsr_hw_quant quant_none(void)
{
	return (struct tsr_hw_quant){ .scale = tensor_none(), .zeros = tensor_none() };
}
