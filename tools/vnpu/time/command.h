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
#define CORNERS_MAX	8

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
 * @femtojoules: what a product takes
 */
struct precision {
	uint32_t macs;
	bool floating;
	bool wide;
	uint32_t femtojoules;
};

/**
 * struct gemm - a product
 * @a: [batch.., M, K]
 * @b: [batch.., K, N]
 * @d: [batch.., M, N]
 * @rows: tensor of the row counts, if any
 * @row_counts: what it holds, one for each first batch index; NULL: all rows
 * @count_stride: from one of them to the next
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
	uint64_t count_stride;
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

/**
 * struct elementwise - the command VECTOR
 * @d: output
 * @post: program
 * @block: extents of a step in d
 */
struct elementwise {
	struct operand d;
	struct program post;
	uint64_t block[WALK_RANK_MAX];
};

/**
 * struct pool - maximum or sum over windows
 * @x: [N, C, spatial..]
 * @d: [N, C, out..]
 * @index: of the maxima, as d; or none
 * @dims: spatial dimensions
 * @window: of each
 * @post: epilogue
 * @block: extents of a step in d
 */
struct pool {
	struct operand x;
	struct operand d;
	struct operand index;
	uint8_t dims;
	struct window window[SPATIAL_MAX];
	struct program post;
	uint64_t block[WALK_RANK_MAX];
};

/**
 * struct reduce - REDUCE, SCAN
 * @x: input
 * @d: output, of the same rank
 * @axes: bits of the dimensions that are reduced, or of the one that is scanned
 * @scans: it is SCAN
 * @pre: prologue, in x's dimensions
 * @post: epilogue, in d's dimensions
 * @block: extents of a step in x
 */
struct reduce {
	struct operand x;
	struct operand d;
	uint8_t axes;
	bool scans;
	struct program pre;
	struct program post;
	uint64_t block[WALK_RANK_MAX];
};

enum normalization {
	SOFTMAX,
	LOG_SOFTMAX,
	STANDARD,
	RMS,
};

/**
 * struct normalize - softmax, log-softmax, standard, RMS
 * @x: input
 * @d: output
 * @axes: bits of the dimensions of a row
 * @mode: which one
 * @strict: strict mode
 * @pre: prologue
 * @post: epilogue
 * @block: extents of a step in x
 */
struct normalize {
	struct operand x;
	struct operand d;
	uint8_t axes;
	enum normalization mode;
	bool strict;
	struct program pre;
	struct program post;
	uint64_t block[WALK_RANK_MAX];
};

/* What lies outside of the input of MOVE. */
enum outside {
	OUTSIDE_CONSTANT,
	OUTSIDE_EDGE,
	OUTSIDE_REFLECT,
	OUTSIDE_WRAP,
};

/**
 * struct move - a view copied, with padding
 * @x: input
 * @d: output: d[i] = x[i - before]
 * @before: pad of each dimension
 * @outside: of each dimension
 * @block: extents of a step in d
 */
struct move {
	struct operand x;
	struct operand d;
	int64_t before[WALK_RANK_MAX];
	enum outside outside[WALK_RANK_MAX];
	uint64_t block[WALK_RANK_MAX];
};

/**
 * struct attention - softmax(q k^T) v
 * @q: [B, H, Lq, D]
 * @k: [B, Hk, Lk, D], or pools [pages, Hk, page, D]
 * @v: likewise with E
 * @d: [B, H, Lq, E]
 * @mask: bits, broadcast to [B, H, Lq, Lk]; or none
 * @lengths: tensor of the keys of each batch index, if any
 * @length: what it holds; NULL: @keys
 * @length_stride: from one of them to the next
 * @pages: tensor of the page table, if any
 * @page: what it holds; NULL: no pages
 * @page_stride: from a batch index to the next, and from a page to the next
 * @page_tokens: tokens of a page
 * @keys: Lk, as many as there can be
 * @scale_k: block scales of k, or none
 * @zeros_k: and zero points
 * @scale_v: block scales of v, or none
 * @zeros_v: and zero points
 * @causal: mask CAUSAL
 * @blocks: bm rows, bn keys
 * @precision: type of q
 * @strict: strict mode
 * @post: epilogue
 */
struct attention {
	struct operand q;
	struct operand k;
	struct operand v;
	struct operand d;
	struct operand mask;
	struct operand lengths;
	const int32_t *length;
	uint64_t length_stride;
	struct operand pages;
	const int32_t *page;
	uint64_t page_stride[2];
	uint64_t page_tokens;
	uint64_t keys;
	struct operand scale_k;
	struct operand zeros_k;
	struct operand scale_v;
	struct operand zeros_v;
	bool causal;
	struct blocks blocks;
	struct precision precision;
	bool strict;
	struct program post;
};

/* What an index of GATHER or SCATTER selects. */
enum selection {
	SELECT_AXIS,	/* all that lies at an index of a dimension */
	SELECT_ELEMENT,	/* single elements, by an index of a dimension each */
	SELECT_ND,	/* all that lies at coordinates, the index's last dimension */
};

/**
 * struct gather - GATHER, SCATTER
 * @dense: what is walked: d of GATHER, updates of SCATTER
 * @indexed: what indices select of: x of GATHER, d of SCATTER
 * @index: tensor of the indices
 * @values: what it holds; negative ones count from the end, one outside leads to 0
 * @value_stride: in each dimension of @index from one of @values to the next
 * @scatters: it is SCATTER
 * @combines: SCATTER with a reduction
 * @selection: what an index selects
 * @axis: dimension of @indexed that is indexed
 * @batch_dims: leading dimensions in common
 * @block: extents of a step in @dense
 */
struct gather {
	struct operand dense;
	struct operand indexed;
	struct operand index;
	const int64_t *values;
	uint64_t value_stride[WALK_RANK_MAX];
	bool scatters;
	bool combines;
	enum selection selection;
	uint8_t axis;
	uint8_t batch_dims;
	uint64_t block[WALK_RANK_MAX];
};

/**
 * struct resample - weighted sums along a dimension
 * @x: input
 * @first: [out], the first tap of each output
 * @values: what it holds
 * @value_stride: from one of @values to the next
 * @weight: [out, taps]
 * @d: output
 * @axis: dimension
 * @taps: at least 1
 * @post: epilogue
 * @block: extents of a step in d
 */
struct resample {
	struct operand x;
	struct operand first;
	const int32_t *values;
	uint64_t value_stride;
	struct operand weight;
	struct operand d;
	uint8_t axis;
	uint64_t taps;
	struct program post;
	uint64_t block[WALK_RANK_MAX];
};

/**
 * struct sample - values at coordinates
 * @x: [N, C, in..]
 * @coords: [B, out.., dims]
 * @batch: [B], the n of each; or none
 * @images: what it holds; NULL: the batch index
 * @image_stride: from one of them to the next
 * @d: [B, C, out..]
 * @dims: spatial dimensions
 * @corners: elements of x that an output is made of, at most
 * @find: the corners of a position [B, out..] that there are, as indices in x; returns how many
 * @values: what @coords holds, for @find
 * @value_stride: in each dimension of @coords from one of @values to the next
 * @mode: for @find
 * @outside: for @find
 * @post: epilogue
 * @block: extents of a step in d
 */
struct sample {
	struct operand x;
	struct operand coords;
	struct operand batch;
	const int32_t *images;
	uint64_t image_stride;
	struct operand d;
	uint8_t dims;
	uint8_t corners;
	unsigned int (*find)(const struct sample *sample, const uint64_t *position,
			     uint32_t (*corner)[SPATIAL_MAX]);
	const float *values;
	uint64_t value_stride[WALK_RANK_MAX];
	uint8_t mode;
	uint8_t outside;
	struct program post;
	uint64_t block[WALK_RANK_MAX];
};

/**
 * struct sort - the first elements of rows in order
 * @x: rows, along the last dimension
 * @values: output, or none
 * @indices: output, or none
 * @block: extents of a step in x
 */
struct sort {
	struct operand x;
	struct operand values;
	struct operand indices;
	uint64_t block[WALK_RANK_MAX];
};

/**
 * struct compact - coordinates of elements that are not 0
 * @x: input
 * @coords: output [room, rank of x]
 * @count: output
 * @block: extents of a step in x
 */
struct compact {
	struct operand x;
	struct operand coords;
	struct operand count;
	uint64_t block[WALK_RANK_MAX];
};

/**
 * struct suppress - boxes that do not overlap
 * @boxes: [n, 4]
 * @scores: [n]
 * @indices: output
 * @count: output
 */
struct suppress {
	struct operand boxes;
	struct operand scores;
	struct operand indices;
	struct operand count;
};

/* What a command is. */
enum kind {
	KIND_GEMM,
	KIND_CONV,
	KIND_VECTOR,
	KIND_POOL,
	KIND_REDUCE,
	KIND_NORMALIZE,
	KIND_MOVE,
	KIND_ATTENTION,
	KIND_GATHER,
	KIND_RESAMPLE,
	KIND_SAMPLE,
	KIND_SORT,
	KIND_COMPACT,
	KIND_SUPPRESS,
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
		struct elementwise elementwise;
		struct pool pool;
		struct reduce reduce;
		struct normalize normalize;
		struct move move;
		struct attention attention;
		struct gather gather;
		struct resample resample;
		struct sample sample;
		struct sort sort;
		struct compact compact;
		struct suppress suppress;
	};
};

#endif
