/* SPDX-License-Identifier: MIT */
/*
 * Commands as time sees them: operands, sizes and blocks, filled in by who decodes a stream.
 * Names are those of docs/hardware-2.md.
 */
#ifndef VNPU_TIME_COMMAND_H
#define VNPU_TIME_COMMAND_H

#include <stdbool.h>
#include <stdint.h>

#include "operand.h"

#define INPUTS_MAX	4
#define SPATIAL_MAX	3

/**
 * struct program - a VECTOR program
 * @present: there is one
 * @inputs: how many it has
 * @weight: cycles of a strip: the sum of its instructions' weights, at least 1
 * @input: each with the dimensions of the output, stride 0 where it is broadcast
 */
struct program {
	bool present;
	uint8_t inputs;
	uint64_t weight;
	struct operand input[INPUTS_MAX];
};

/* Loops of a product, outermost first; RESIDENT: that operand's blocks of all k are kept. */
enum order {
	OUTPUT_N,	/* batch, n, m, k */
	OUTPUT_M,	/* batch, m, n, k */
	A_RESIDENT,	/* batch, m, n, k */
	B_RESIDENT,	/* batch, n, m, k */
};

/**
 * struct blocks - blocks of a product
 * @bm: rows of a, lines of a convolution
 * @bn: columns
 * @bk: of the sum
 * @bg: groups; 1 without groups
 * @order: of the loops
 */
struct blocks {
	uint64_t bm;
	uint64_t bn;
	uint64_t bk;
	uint64_t bg;
	enum order order;
};

/**
 * struct quantization - what is loaded beside an operand of a product
 * @block: consecutive k that have an element of @scale and @zeros; all: at least K
 * @scale: [.., blocks of k, n], of b only
 * @zeros: the same, of a [.., m, blocks of k]
 */
struct quantization {
	uint64_t block;
	struct operand scale;
	struct operand zeros;
};

/**
 * struct precision - the type that a product runs at
 * @macs: products a cycle and tile
 * @floating: strict mode is slower
 * @wide: accumulators have eight bytes
 */
struct precision {
	uint32_t macs;
	bool floating;
	bool wide;
};

/**
 * struct gemm - a product
 * @a: [batch.., M, K]
 * @b: [batch.., K, N]
 * @d: [batch.., M, N]
 * @rows: tensor of the row counts, if any
 * @row_counts: what it holds, one for each first batch index; NULL: all rows
 * @qa: zero points of a
 * @qb: scales and zero points of b
 * @blocks: its blocks
 * @precision: type
 * @strict: strict mode
 * @post: epilogue
 */
struct gemm {
	struct operand a;
	struct operand b;
	struct operand d;
	struct operand rows;
	const int32_t *row_counts;
	struct quantization qa;
	struct quantization qb;
	struct blocks blocks;
	struct precision precision;
	bool strict;
	struct program post;
};

/**
 * struct window - one spatial dimension of a convolution or pool
 * @kernel: taps
 * @stride: between windows
 * @dilation: between taps
 * @input_dilation: of x
 * @before: pad
 */
struct window {
	uint32_t kernel;
	uint32_t stride;
	uint32_t dilation;
	uint32_t input_dilation;
	int64_t before;
};

/**
 * struct conv - a convolution
 * @x: [N, C, spatial..]
 * @w: [O, C / groups, kernel..]
 * @d: [N, O, out..]
 * @qw: scales and zero points of w: [blocks of k, O]
 * @dims: spatial dimensions
 * @window: of each
 * @groups: at least 1
 * @blocks: its blocks
 * @precision: type
 * @strict: strict mode
 * @post: epilogue
 */
struct conv {
	struct operand x;
	struct operand w;
	struct operand d;
	struct quantization qw;
	uint8_t dims;
	struct window window[SPATIAL_MAX];
	uint64_t groups;
	struct blocks blocks;
	struct precision precision;
	bool strict;
	struct program post;
};

/* What a command is. */
enum kind {
	KIND_GEMM,
	KIND_CONV,
};

/**
 * struct command - a command of a tensor tile
 * @kind: which of the union
 * @overlap: flag OVERLAP
 * @barrier: flag GANG_BARRIER
 */
struct command {
	enum kind kind;
	bool overlap;
	bool barrier;
	union {
		struct gemm gemm;
		struct conv conv;
	};
};

#endif
