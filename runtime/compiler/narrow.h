/* SPDX-License-Identifier: MIT */
/*
 * Constants in a narrower floating-point type.
 *
 * Rounded to nearest, ties to even, without change of sign, finiteness or being zero: a
 * finite value beyond the type becomes its largest, one too close to zero its smallest.
 * So a mask of -FLT_MAX stays a finite mask and an epsilon stays above zero, as the
 * float16 converters of ONNX Runtime have it. Both are counted.
 */
#ifndef TSR_NARROW_H
#define TSR_NARROW_H

#include "compiler.h"

/**
 * tsr_narrow() - convert the values of a constant
 * @type: TSR_FP16 or TSR_BF16
 * @loss: its counts are added to
 */
void tsr_narrow(enum tsr_type type, const float *from, uint16_t *to, size_t count,
		struct tsr_loss *loss);

#endif
