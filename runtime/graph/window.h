/* SPDX-License-Identifier: MIT */
/* Sliding windows and operand rules shared by convolution, pooling and GEMM. */
#ifndef TSR_WINDOW_H
#define TSR_WINDOW_H

#include <stdint.h>

#include "../include/tessera.h"

/** tsr_window_infer() - set dimensions 2 and 3 of @info from the window over @x.
 *
 * extent = floor((in + pads - dilation * (kernel - 1) - 1) / stride) + 1
 */
int tsr_window_infer(const char *what, const struct tsr_tensor_info *x, const int64_t kernel[2],
		     const uint32_t stride[2], const uint32_t dilation[2], const uint32_t pad[4],
		     struct tsr_tensor_info *info);

/** tsr_check_operands() - may these two be multiplied? */
int tsr_check_operands(const struct tsr_tensor_info *a, const struct tsr_tensor_info *b,
		       const char *what);

/** tsr_check_bias() - shape [@channels] and the type that goes with @operand. */
int tsr_check_bias(const struct tsr_graph *graph, tsr_tensor bias, enum tsr_type operand,
		   int64_t channels, const char *what);

#endif
