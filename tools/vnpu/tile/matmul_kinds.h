/* SPDX-License-Identifier: MIT */
/* Products that matmul() can be asked for. */
#ifndef VNPU_TILE_MATMUL_KINDS_H
#define VNPU_TILE_MATMUL_KINDS_H

struct matmul;

extern const struct matmul matmul_fp32;	/* fp32 x fp32 */
extern const struct matmul matmul_bf16;	/* bf16 x bf16 -> fp32 */
extern const struct matmul matmul_int8;	/* uint8 x int8, modulo 2^32 */

#endif
