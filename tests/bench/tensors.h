/* SPDX-License-Identifier: MIT */
/* Operands of commands, as their bytes. */
#ifndef BENCH_TENSORS_H
#define BENCH_TENSORS_H

#include <stdint.h>

#include <tsr_hw/command.h>

/** tensor_matrix() - a dense matrix, @offset bytes behind the begin of a slot */
struct tsr_hw_tensor tensor_matrix(uint16_t slot, uint32_t type, uint32_t rows, uint32_t columns,
				   uint64_t offset);

/** tensor_none() - no operand */
struct tsr_hw_tensor tensor_none(void);

/** quant_none() - elements mean what they say */
struct tsr_hw_quant quant_none(void);

#endif
