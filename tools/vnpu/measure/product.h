/* SPDX-License-Identifier: MIT */
/* What products of matrices and convolutions have in common. */
#ifndef VNPU_MEASURE_PRODUCT_H
#define VNPU_MEASURE_PRODUCT_H

#include <tsr_hw/command.h>

#include "measure.h"

/** take_quant() - what is loaded beside an operand; @depth: K */
void take_quant(const struct measure_source *source, const struct tsr_hw_quant *raw,
		uint64_t depth, struct quantization *quantization);

/** take_blocks() - its blocks */
struct blocks take_blocks(const struct tsr_hw_blocks *raw);

/** take_precision() - the type that it runs at by that of its first operand; macs 0: none */
struct precision take_precision(const struct measure_source *source, unsigned int a);

#endif
