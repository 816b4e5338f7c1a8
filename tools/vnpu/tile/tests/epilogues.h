/* SPDX-License-Identifier: MIT */
#ifndef TEST_EPILOGUES_H
#define TEST_EPILOGUES_H

#include "bench.h"

/** epilogue_none() - bias, residual and activation absent */
void epilogue_none(struct tsr_hw_epilogue *epilogue);

/**
 * epilogue_random() - any epilogue the operands allow
 * @bench: where its tensors go
 * @epilogue: result
 * @d: the output
 * @channels: output channels
 * @integer: integer operands
 */
void epilogue_random(struct bench *bench, struct tsr_hw_epilogue *epilogue,
		     const struct tsr_hw_scaled_tensor *d, uint32_t channels, bool integer);

/** operand_types() - a random allowed combination of operand and output types */
void operand_types(struct bench *bench, bool integer, unsigned int *a, unsigned int *b,
		   unsigned int *d);

#endif
