/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/* Generated from contract/command.yaml by contract/generate; do not edit. */
/*
 * Command streams of the tensor tile and the DMA engine.
 *
 * A stream is a sequence of commands, each a header and a body, 8-byte aligned. Commands of one
 * stream run in order. Every field that a command does not use must be zero.
 */
#ifndef TSR_HW_COMMAND_H
#define TSR_HW_COMMAND_H

#include <tsr_hw/base.h>
#include <tsr_hw/program.h>
#include <tsr_hw/types.h>

#define TSR_HW_MAX_RANK			8		/* dimensions of a tensor */

/*
 * A field marked (p) may name a parameter of the job instead of a value: of 32 bits with
 * TSR_HW_PARAMETER_32 plus the parameter's number, of 64 bits with TSR_HW_PARAMETER_64 plus the
 * number.
 */

/* field of 32 bits: the low bits number a parameter */
#define TSR_HW_PARAMETER_32		0x80000000u
/* field of 64 bits whose two top bits are these: the others number a parameter */
#define TSR_HW_PARAMETER_64		0x4000000000000000ull
#define TSR_HW_PARAMETER_64_MASK	0xc000000000000000ull	/* the two top bits */

/**
 * struct tsr_hw_tensor - a tensor in memory
 * @slot: slot number; NONE: no tensor (or TSR_HW_SLOT_PROGRAM, TSR_HW_SLOT_NONE,
 *   TSR_HW_SLOT_SCRATCHPAD)
 * @type: element type (TSR_HW_TYPE_*)
 * @rank: dimensions used, 0 to TSR_HW_MAX_RANK
 * @mbz0: must be zero
 * @offset: byte offset of element 0 in the slot (p)
 * @mbz1: must be zero
 * @dim: extents, outermost first; 0 beyond the rank (p)
 * @stride: elements between neighbours in each dimension, two's complement; 0 repeats; 0 beyond the
 *   rank (p)
 */
struct tsr_hw_tensor {
	__le16 slot;
	__u8 type;
	__u8 rank;
	__le32 mbz0;
	__le64 offset;
	__le64 mbz1[2];
	__le32 dim[TSR_HW_MAX_RANK];
	__le64 stride[TSR_HW_MAX_RANK];
};

/**
 * struct tsr_hw_place - bytes in memory
 * @slot: slot number; NONE: no bytes (or TSR_HW_SLOT_PROGRAM, TSR_HW_SLOT_NONE,
 *   TSR_HW_SLOT_SCRATCHPAD)
 * @mbz: must be zero
 * @offset: of the first byte in the slot (p)
 */
struct tsr_hw_place {
	__le16 slot;
	__le16 mbz[3];
	__le64 offset;
};

/* What the elements of an operand of a product mean. */
#define TSR_HW_QUANT_NONE		0		/* what they say */
#define TSR_HW_QUANT_ZERO		1		/* integers, less one zero point */
/* integers, less a zero point for each row of the first or column of the second operand */
#define TSR_HW_QUANT_ZEROS		2
/* of a second operand, less a zero point if there are any, times a scale, for each block of k */
#define TSR_HW_QUANT_BLOCKS		3

/**
 * struct tsr_hw_quant - zero points and block scales of an operand of a product
 * @kind: what is there (TSR_HW_QUANT_*)
 * @mbz: must be zero
 * @block: BLOCKS: consecutive k that share an element of @scale and @zeros; else 0
 * @zero: ZERO: the zero point, two's complement; else 0 (p)
 * @scale: BLOCKS: fp32, fp16 or e8m0; else no tensor
 * @zeros: ZEROS: the zero points; BLOCKS: those of the blocks, or no tensor; else no tensor
 */
struct tsr_hw_quant {
	__u8 kind;
	__u8 mbz[3];
	__le32 block;
	__le64 zero;
	struct tsr_hw_tensor scale;
	struct tsr_hw_tensor zeros;
};

/* Loops over the blocks of a product, outermost first. */
#define TSR_HW_ORDER_OUTPUT_N		0		/* batch, n, m, k */
#define TSR_HW_ORDER_OUTPUT_M		1		/* batch, m, n, k */
/* batch, m, n, k; the first operand's blocks of all k are kept for one m */
#define TSR_HW_ORDER_A_RESIDENT		2
/* batch, n, m, k; the second operand's blocks of all k are kept for one n */
#define TSR_HW_ORDER_B_RESIDENT		3

/**
 * struct tsr_hw_blocks - how a product is cut into steps
 * @bm: rows of the first operand in a block, at least 1
 * @bn: columns of the second operand, at least 1
 * @bk: k, at least 1
 * @bg: groups of a convolution, at least 1; of a matrix product 1
 * @order: loops (TSR_HW_ORDER_*)
 * @mbz: must be zero
 */
struct tsr_hw_blocks {
	__le32 bm;
	__le32 bn;
	__le32 bk;
	__le32 bg;
	__u8 order;
	__u8 mbz[7];
};

/* Opcodes; 0xc0 to 0xdf are reserved for CIM tiles. */

/* matrix product of every type, with a VECTOR program */
#define TSR_HW_OP_GEMM			0x10
/* convolution of 1 to 3 dimensions, of every type, with a VECTOR program */
#define TSR_HW_OP_CONV			0x11
#define TSR_HW_OP_ATTENTION		0x14		/* softmax(q k^T) v */
/* maximum, sum over windows of 1 to 3 dimensions, with an epilogue */
#define TSR_HW_OP_POOL			0x20
#define TSR_HW_OP_VECTOR		0x30		/* a VECTOR program for each element */
#define TSR_HW_OP_REDUCE		0x40		/* over any set of dimensions */
#define TSR_HW_OP_SCAN			0x41	/* running sums and the like along a dimension */
#define TSR_HW_OP_NORMALIZE		0x49	/* rows to sum 1, to mean 0, or to square 1 */
/* transpose, slice, concatenate by strides, pad, cut */
#define TSR_HW_OP_MOVE			0x50
#define TSR_HW_OP_GATHER		0x51		/* reading by indices */
#define TSR_HW_OP_SCATTER		0x52		/* writing by indices */
#define TSR_HW_OP_RESAMPLE		0x53		/* along one dimension by tables */
#define TSR_HW_OP_SAMPLE		0x54		/* at coordinates */
#define TSR_HW_OP_SORT			0x58		/* rows in order, and the order itself */
#define TSR_HW_OP_COMPACT		0x59	/* coordinates of the elements that are not zero */
#define TSR_HW_OP_SUPPRESS		0x5a		/* boxes that do not overlap too much */
#define TSR_HW_OP_COPY			0x80		/* bytes, and their CRC-32 */
#define TSR_HW_OP_FILL			0x81		/* 1, 2, 4 or 8 bytes repeated */

/**
 * struct tsr_hw_command - command header
 * @op: what (TSR_HW_OP_*)
 * @mbz0: must be zero
 * @mbz1: must be zero
 * @size: bytes of header, body and VECTOR programs
 * @mbz2: must be zero
 * @post: offset of the epilogue, right behind the body; 0: none
 * @pre: offset of the prologue, right behind the epilogue or else the body; 0: none
 * @mbz3: must be zero
 */
struct tsr_hw_command {
	__u8 op;
	__u8 mbz0;
	__le16 mbz1;
	__le16 size;
	__le16 mbz2;
	__le16 post;
	__le16 pre;
	__le32 mbz3;
};

/**
 * struct tsr_hw_step - what one step of a command works on
 * @block: extents in the tensor that the command walks, at least 1; 0 beyond its rank
 */
struct tsr_hw_step {
	__le32 block[TSR_HW_MAX_RANK];
};

#define TSR_HW_MAX_SPATIAL		3		/* dimensions that a window slides over */

/**
 * struct tsr_hw_window - how a window slides over one dimension
 * @kernel: taps, 1 to 2^31 - 1, and so all of the next
 * @stride: from a window to the next
 * @dilation: from a tap to the next
 * @input_dilation: from an element of the input to the next; there is nothing between them
 * @before: padding in front of the input, two's complement; a negative one cuts (p)
 * @after: behind it (p)
 */
struct tsr_hw_window {
	__le32 kernel;
	__le32 stride;
	__le32 dilation;
	__le32 input_dilation;
	__le64 before;
	__le64 after;
};

/**
 * struct tsr_hw_conv - D = the program of X convolved with W (a correlation, as ONNX Conv), in
 *   groups
 * @head: TSR_HW_OP_CONV; @post is 0 or the size of this structure
 * @x: input [N, C, in..]
 * @w: weights [O, C / groups, kernel..]
 * @d: output [N, O, out..]
 * @qx: of @x: NONE or ZERO
 * @qw: of @w, as of a second operand [O, k]
 * @blocks: how it is cut into steps
 * @groups: divides C and O
 * @dims: dimensions behind C, 1 to TSR_HW_MAX_SPATIAL
 * @mbz: must be zero
 * @window: of each of these dimensions, outermost first; 0 beyond them
 */
struct tsr_hw_conv {
	struct tsr_hw_command head;
	struct tsr_hw_tensor x;
	struct tsr_hw_tensor w;
	struct tsr_hw_tensor d;
	struct tsr_hw_quant qx;
	struct tsr_hw_quant qw;
	struct tsr_hw_blocks blocks;
	__le32 groups;
	__u8 dims;
	__u8 mbz[3];
	struct tsr_hw_window window[TSR_HW_MAX_SPATIAL];
};

/* What the elements of a window are combined to. */
#define TSR_HW_POOLING_MAX		0		/* the greatest */
#define TSR_HW_POOLING_SUM		1		/* their sum */

/**
 * struct tsr_hw_pool - D = the program of what the elements of X in each window are combined to
 * @head: TSR_HW_OP_POOL; @post is 0 or the size of this structure
 * @x: input [N, C, in..]
 * @d: output [N, C, out..]
 * @index: output, int64, shaped as @d: where the first of the greatest lies; or no tensor
 * @mode: what (TSR_HW_POOLING_*)
 * @dims: dimensions behind C, 1 to TSR_HW_MAX_SPATIAL
 * @count: 1: the program has the number of elements in register 3, else 0
 * @mbz: must be zero
 * @w: of each of these dimensions, outermost first; 0 beyond them
 * @step: over @d
 */
struct tsr_hw_pool {
	struct tsr_hw_command head;
	struct tsr_hw_tensor x;
	struct tsr_hw_tensor d;
	struct tsr_hw_tensor index;
	__u8 mode;
	__u8 dims;
	__u8 count;
	__u8 mbz[5];
	struct tsr_hw_window w[TSR_HW_MAX_SPATIAL];
	struct tsr_hw_step step;
};

/* What lies around a tensor. */
#define TSR_HW_PAD_CONSTANT		0		/* the command's value */
#define TSR_HW_PAD_EDGE			1		/* the element at the edge */
/* the elements backwards, the one at the edge not repeated */
#define TSR_HW_PAD_REFLECT		2
#define TSR_HW_PAD_WRAP			3		/* the tensor again */
#define TSR_HW_PAD_COUNT		4		/* one more than the highest */

/**
 * struct tsr_hw_move - a tensor moved by strides, padded or cut
 * @head: TSR_HW_OP_MOVE
 * @x: source
 * @d: output, same type and rank
 * @value: bits of an element around @x by TSR_HW_PAD_CONSTANT, low byte first
 * @before: elements of @d in front of those of @x, two's complement; 0 beyond the rank (p)
 * @after: behind them; 0 beyond the rank (p)
 * @mode: what continues each dimension; 0 beyond the rank (TSR_HW_PAD_*)
 * @step: over @d
 */
struct tsr_hw_move {
	struct tsr_hw_command head;
	struct tsr_hw_tensor x;
	struct tsr_hw_tensor d;
	__le64 value;
	__le64 before[TSR_HW_MAX_RANK];
	__le64 after[TSR_HW_MAX_RANK];
	__u8 mode[TSR_HW_MAX_RANK];
	struct tsr_hw_step step;
};

/**
 * struct tsr_hw_copy - bytes that are copied
 * @head: TSR_HW_OP_COPY
 * @src: from where
 * @dst: to where
 * @crc: the word that gets the CRC-32 of the bytes, or none
 * @size: bytes (p)
 */
struct tsr_hw_copy {
	struct tsr_hw_command head;
	struct tsr_hw_place src;
	struct tsr_hw_place dst;
	struct tsr_hw_place crc;
	__le64 size;
};

/**
 * struct tsr_hw_fill - bytes that repeat a value
 * @head: TSR_HW_OP_FILL
 * @dst: where; a multiple of @width, and so is the address
 * @size: bytes, a multiple of @width (p)
 * @value: what is repeated, low byte first; 0 beyond @width
 * @width: bytes of the value: 1, 2, 4 or 8
 * @mbz: must be zero
 */
struct tsr_hw_fill {
	struct tsr_hw_command head;
	struct tsr_hw_place dst;
	__le64 size;
	__le64 value;
	__u8 width;
	__u8 mbz[7];
};

/**
 * struct tsr_hw_vector_command - D = the program of its inputs; they have the extents of D, and
 *   repeat by stride 0
 * @head: TSR_HW_OP_VECTOR; @post is the size of this structure
 * @d: output
 * @step: over @d
 */
struct tsr_hw_vector_command {
	struct tsr_hw_command head;
	struct tsr_hw_tensor d;
	struct tsr_hw_step step;
};

/* What indices select. */
#define TSR_HW_GATHER_AXIS		0	/* all that lies at an index of dimension @axis */
/* single elements, by an index of dimension @axis each */
#define TSR_HW_GATHER_ELEMENT		1
/* all that lies at coordinates, which the last dimension of @index holds */
#define TSR_HW_GATHER_ND		2

/* What SCATTER makes of an element and an update. */
#define TSR_HW_SCATTER_NONE		0		/* the update */
#define TSR_HW_SCATTER_ADD		1		/* their sum */
#define TSR_HW_SCATTER_MUL		2		/* their product */
#define TSR_HW_SCATTER_MIN		3		/* the lesser */
#define TSR_HW_SCATTER_MAX		4		/* the greater */

/**
 * struct tsr_hw_gather - reading and writing by indices
 * @head: TSR_HW_OP_GATHER or TSR_HW_OP_SCATTER
 * @x: what GATHER reads by indices, updates of SCATTER
 * @index: indices, int32 or int64
 * @d: output, same type as @x; what SCATTER writes by indices
 * @kind: what an index selects (TSR_HW_GATHER_*)
 * @axis: dimension that is indexed; 0 for ND
 * @batch_dims: leading dimensions in common with @index; 0 for ELEMENT
 * @reduction: what becomes of an element; 0 for GATHER (TSR_HW_SCATTER_*)
 * @mbz: must be zero
 * @step: over @d, of SCATTER over @x
 */
struct tsr_hw_gather {
	struct tsr_hw_command head;
	struct tsr_hw_tensor x;
	struct tsr_hw_tensor index;
	struct tsr_hw_tensor d;
	__u8 kind;
	__u8 axis;
	__u8 batch_dims;
	__u8 reduction;
	__le32 mbz;
	struct tsr_hw_step step;
};

/**
 * struct tsr_hw_sort - the first elements of every row of the last dimension, in order
 * @head: TSR_HW_OP_SORT
 * @x: rows, along the last dimension
 * @values: output, same type as @x, or no tensor
 * @indices: output, where they were in their row, int64, or no tensor
 * @k: elements of a row that are stored
 * @descending: 1: the greatest first, else 0
 * @mbz: must be zero
 * @step: over @x
 */
struct tsr_hw_sort {
	struct tsr_hw_command head;
	struct tsr_hw_tensor x;
	struct tsr_hw_tensor values;
	struct tsr_hw_tensor indices;
	__le32 k;
	__u8 descending;
	__u8 mbz[3];
	struct tsr_hw_step step;
};

/**
 * struct tsr_hw_compact - where the elements lie that are not zero
 * @head: TSR_HW_OP_COMPACT
 * @x: input
 * @coords: output, int64, [room, rank of @x]
 * @count: output, int64, one element: how many were found
 * @step: over @x
 */
struct tsr_hw_compact {
	struct tsr_hw_command head;
	struct tsr_hw_tensor x;
	struct tsr_hw_tensor coords;
	struct tsr_hw_tensor count;
	struct tsr_hw_step step;
};

/**
 * struct tsr_hw_suppress - boxes of the highest scores that do not overlap too much
 * @head: TSR_HW_OP_SUPPRESS
 * @boxes: [n, 4], two opposite corners each, floating point
 * @scores: [n], floating point
 * @indices: output, int64, room for @max
 * @count: output, int64, one element: how many were selected
 * @threshold: fp32 bits, not a not-a-number
 * @max: boxes that are selected at most
 */
struct tsr_hw_suppress {
	struct tsr_hw_command head;
	struct tsr_hw_tensor boxes;
	struct tsr_hw_tensor scores;
	struct tsr_hw_tensor indices;
	struct tsr_hw_tensor count;
	__le32 threshold;
	__le32 max;
};

/* What elements are combined to. */
#define TSR_HW_REDUCTION_SUM		0		/* their sum */
#define TSR_HW_REDUCTION_PRODUCT	1		/* their product */
#define TSR_HW_REDUCTION_MIN		2		/* the least */
#define TSR_HW_REDUCTION_MAX		3		/* the greatest */
#define TSR_HW_REDUCTION_ARG_MIN	4		/* where the least is */
#define TSR_HW_REDUCTION_ARG_MAX	5		/* where the greatest is */

/**
 * struct tsr_hw_scan - D = the program of what the elements before each in a dimension are combined
 *   to
 * @head: TSR_HW_OP_SCAN; with or without epilogue and prologue
 * @x: input
 * @d: output, shaped as @x
 * @axis: dimension
 * @function: how elements are combined (TSR_HW_REDUCTION_*)
 * @exclusive: 1: without the element itself, else 0
 * @reverse: 1: from the last element on, else 0
 * @mbz: must be zero
 * @step: over @x
 */
struct tsr_hw_scan {
	struct tsr_hw_command head;
	struct tsr_hw_tensor x;
	struct tsr_hw_tensor d;
	__u8 axis;
	__u8 function;
	__u8 exclusive;
	__u8 reverse;
	__le32 mbz;
	struct tsr_hw_step step;
};

/**
 * struct tsr_hw_reduce - D = the program of what the elements along some dimensions are combined to
 * @head: TSR_HW_OP_REDUCE; with or without epilogue and prologue
 * @x: input
 * @d: output, same rank; reduced dimensions have extent 1
 * @axes: bit n set: dimension n is reduced
 * @function: how elements are combined (TSR_HW_REDUCTION_*)
 * @last: 1: of equal elements the last one's place, else 0
 * @mbz: must be zero
 * @step: over @x
 */
struct tsr_hw_reduce {
	struct tsr_hw_command head;
	struct tsr_hw_tensor x;
	struct tsr_hw_tensor d;
	__le32 axes;
	__u8 function;
	__u8 last;
	__u8 mbz[2];
	struct tsr_hw_step step;
};

/* What a row becomes. */
#define TSR_HW_NORMALIZE_SOFTMAX	0		/* its powers of e divided by their sum */
#define TSR_HW_NORMALIZE_LOG_SOFTMAX	1		/* the logarithms of that */
#define TSR_HW_NORMALIZE_STANDARD	2		/* mean 0 and variance 1 */
#define TSR_HW_NORMALIZE_RMS		3		/* mean of the squares 1 */

/**
 * struct tsr_hw_normalize - D = the program of what the elements along some dimensions are
 *   normalized to
 * @head: TSR_HW_OP_NORMALIZE; with or without epilogue and prologue
 * @x: input
 * @d: output, shaped as @x
 * @axes: bit n set: dimension n is normalized over
 * @epsilon: fp32 bits, finite and not below +0: added to what the root is taken of; else 0
 * @mode: what a row becomes (TSR_HW_NORMALIZE_*)
 * @mbz: must be zero
 * @step: over @x
 */
struct tsr_hw_normalize {
	struct tsr_hw_command head;
	struct tsr_hw_tensor x;
	struct tsr_hw_tensor d;
	__le32 axes;
	__le32 epsilon;
	__u8 mode;
	__u8 mbz[7];
	struct tsr_hw_step step;
};

/**
 * struct tsr_hw_resample - D[.., o, ..] = post(sum over t of weight[o, t] * X[.., first[o] + t,
 *   ..]), limited to the elements of X
 * @head: TSR_HW_OP_RESAMPLE
 * @x: input
 * @first: int32, [out]: where the taps of each output begin, of any value
 * @weight: fp32, [out, @taps]
 * @d: output, extents of @x but in dimension @axis
 * @axis: dimension that is resampled
 * @mbz: must be zero
 * @taps: elements of @x that make one output, 1 to 256
 * @mbz1: must be zero
 * @step: over @d
 */
struct tsr_hw_resample {
	struct tsr_hw_command head;
	struct tsr_hw_tensor x;
	struct tsr_hw_tensor first;
	struct tsr_hw_tensor weight;
	struct tsr_hw_tensor d;
	__u8 axis;
	__u8 mbz;
	__le16 taps;
	__le32 mbz1;
	struct tsr_hw_step step;
};

/* What a coordinate selects. */

/* the nearest element, of two the one with the even index */
#define TSR_HW_SAMPLE_NEAREST		0
#define TSR_HW_SAMPLE_LINEAR		1	/* both neighbours, weighted by their distance */
#define TSR_HW_SAMPLE_COUNT		2		/* one more than the highest */

/* What lies around the elements that are sampled. */
#define TSR_HW_OUTSIDE_ZERO		0		/* zeros */
#define TSR_HW_OUTSIDE_EDGE		1		/* the element at the edge */
/* the elements backwards, the one at the edge not repeated */
#define TSR_HW_OUTSIDE_REFLECT_CENTRE	2
/* the elements backwards, the one at the edge repeated */
#define TSR_HW_OUTSIDE_REFLECT_EDGE	3
#define TSR_HW_OUTSIDE_COUNT		4		/* one more than the highest */

/**
 * struct tsr_hw_sample - D[b, c, o..] = post(X[batch[b], c, coords[b, o..]])
 * @head: TSR_HW_OP_SAMPLE
 * @x: input [N, C, in..]
 * @coords: fp32, [B, out.., @dims]: where each output lies in @x, in elements
 * @batch: int32, [B]: the n of each; or none: B is N
 * @d: output [B, C, out..]
 * @mode: what a coordinate selects (TSR_HW_SAMPLE_*)
 * @outside: what lies around @x (TSR_HW_OUTSIDE_*)
 * @dims: spatial dimensions of @x and of @d, 2 or 3
 * @mbz: must be zero
 * @step: over @d
 */
struct tsr_hw_sample {
	struct tsr_hw_command head;
	struct tsr_hw_tensor x;
	struct tsr_hw_tensor coords;
	struct tsr_hw_tensor batch;
	struct tsr_hw_tensor d;
	__u8 mode;
	__u8 outside;
	__u8 dims;
	__u8 mbz[5];
	struct tsr_hw_step step;
};

/**
 * struct tsr_hw_gemm - D[.., m, n] = the program of the sum over k of A[.., m, k] * B[.., k, n]
 * @head: TSR_HW_OP_GEMM; @post is 0 or the size of this structure
 * @a: [batch.., M, K], rank 2 to 8
 * @b: [batch.., K, N]
 * @d: output, [batch.., M, N]
 * @rows: int32, how many rows of each first batch index there are, or no tensor
 * @qa: of @a
 * @qb: of @b
 * @blocks: how it is cut into steps
 */
struct tsr_hw_gemm {
	struct tsr_hw_command head;
	struct tsr_hw_tensor a;
	struct tsr_hw_tensor b;
	struct tsr_hw_tensor d;
	struct tsr_hw_tensor rows;
	struct tsr_hw_quant qa;
	struct tsr_hw_quant qb;
	struct tsr_hw_blocks blocks;
};

/* Which keys a query sees. */
#define TSR_HW_MASK_NONE		0		/* all of them */
/* those up to its own place, the last query being that of the last key */
#define TSR_HW_MASK_CAUSAL		1
#define TSR_HW_MASK_BITS		2		/* those that a tensor tells */
#define TSR_HW_MASK_COUNT		3		/* one more than the highest */

/**
 * struct tsr_hw_attention - D[b, h, i] = post(sum over j of p[i, j] * V[b, h, j]), p = softmax over
 *   j of scale * (Q[b, h, i] . K[b, h, j])
 * @head: TSR_HW_OP_ATTENTION; @post is 0 or the size of this structure
 * @q: queries [B, H, Lq, D]
 * @k: keys [B, Hk, Lk, D], or a pool [P, Hk, page, D]
 * @v: values [B, Hk, Lk, E], or a pool [P, Hk, page, E]
 * @d: output [B, H, Lq, E]
 * @mask: TSR_HW_MASK_BITS: bool [B, H, Lq, Lk], 0: not seen; else no tensor
 * @lengths: int32 [B]: how many keys there are; or none: all
 * @pages: int32 [B, Lk / page]: where each page lies in the pools; or none: there are no pools
 * @qk: of @k, TSR_HW_QUANT_NONE or TSR_HW_QUANT_BLOCKS
 * @qv: of @v, TSR_HW_QUANT_NONE or TSR_HW_QUANT_BLOCKS
 * @scale: fp32 bits, of products
 * @mask_kind: which keys a query sees (TSR_HW_MASK_*)
 * @page_log2: 4 to 8: logarithm of the keys of a page; 0 without pages
 * @mbz: must be zero
 * @blocks: rows and keys of a block in bm and bn; bk and bg are 1, the order is 0
 */
struct tsr_hw_attention {
	struct tsr_hw_command head;
	struct tsr_hw_tensor q;
	struct tsr_hw_tensor k;
	struct tsr_hw_tensor v;
	struct tsr_hw_tensor d;
	struct tsr_hw_tensor mask;
	struct tsr_hw_tensor lengths;
	struct tsr_hw_tensor pages;
	struct tsr_hw_quant qk;
	struct tsr_hw_quant qv;
	__le32 scale;
	__u8 mask_kind;
	__u8 page_log2;
	__le16 mbz;
	struct tsr_hw_blocks blocks;
};

/* Sizes and offsets. */
TSR_HW_SIZE(struct tsr_hw_tensor, 128);
TSR_HW_OFFSET(struct tsr_hw_tensor, slot, 0);
TSR_HW_OFFSET(struct tsr_hw_tensor, type, 2);
TSR_HW_OFFSET(struct tsr_hw_tensor, rank, 3);
TSR_HW_OFFSET(struct tsr_hw_tensor, mbz0, 4);
TSR_HW_OFFSET(struct tsr_hw_tensor, offset, 8);
TSR_HW_OFFSET(struct tsr_hw_tensor, mbz1, 16);
TSR_HW_OFFSET(struct tsr_hw_tensor, dim, 32);
TSR_HW_OFFSET(struct tsr_hw_tensor, stride, 64);
TSR_HW_SIZE(struct tsr_hw_place, 16);
TSR_HW_OFFSET(struct tsr_hw_place, slot, 0);
TSR_HW_OFFSET(struct tsr_hw_place, mbz, 2);
TSR_HW_OFFSET(struct tsr_hw_place, offset, 8);
TSR_HW_SIZE(struct tsr_hw_quant, 272);
TSR_HW_OFFSET(struct tsr_hw_quant, kind, 0);
TSR_HW_OFFSET(struct tsr_hw_quant, mbz, 1);
TSR_HW_OFFSET(struct tsr_hw_quant, block, 4);
TSR_HW_OFFSET(struct tsr_hw_quant, zero, 8);
TSR_HW_OFFSET(struct tsr_hw_quant, scale, 16);
TSR_HW_OFFSET(struct tsr_hw_quant, zeros, 144);
TSR_HW_SIZE(struct tsr_hw_blocks, 24);
TSR_HW_OFFSET(struct tsr_hw_blocks, bm, 0);
TSR_HW_OFFSET(struct tsr_hw_blocks, bn, 4);
TSR_HW_OFFSET(struct tsr_hw_blocks, bk, 8);
TSR_HW_OFFSET(struct tsr_hw_blocks, bg, 12);
TSR_HW_OFFSET(struct tsr_hw_blocks, order, 16);
TSR_HW_OFFSET(struct tsr_hw_blocks, mbz, 17);
TSR_HW_SIZE(struct tsr_hw_command, 16);
TSR_HW_OFFSET(struct tsr_hw_command, op, 0);
TSR_HW_OFFSET(struct tsr_hw_command, mbz0, 1);
TSR_HW_OFFSET(struct tsr_hw_command, mbz1, 2);
TSR_HW_OFFSET(struct tsr_hw_command, size, 4);
TSR_HW_OFFSET(struct tsr_hw_command, mbz2, 6);
TSR_HW_OFFSET(struct tsr_hw_command, post, 8);
TSR_HW_OFFSET(struct tsr_hw_command, pre, 10);
TSR_HW_OFFSET(struct tsr_hw_command, mbz3, 12);
TSR_HW_SIZE(struct tsr_hw_step, 32);
TSR_HW_OFFSET(struct tsr_hw_step, block, 0);
TSR_HW_SIZE(struct tsr_hw_window, 32);
TSR_HW_OFFSET(struct tsr_hw_window, kernel, 0);
TSR_HW_OFFSET(struct tsr_hw_window, stride, 4);
TSR_HW_OFFSET(struct tsr_hw_window, dilation, 8);
TSR_HW_OFFSET(struct tsr_hw_window, input_dilation, 12);
TSR_HW_OFFSET(struct tsr_hw_window, before, 16);
TSR_HW_OFFSET(struct tsr_hw_window, after, 24);
TSR_HW_SIZE(struct tsr_hw_conv, 1072);
TSR_HW_OFFSET(struct tsr_hw_conv, head, 0);
TSR_HW_OFFSET(struct tsr_hw_conv, x, 16);
TSR_HW_OFFSET(struct tsr_hw_conv, w, 144);
TSR_HW_OFFSET(struct tsr_hw_conv, d, 272);
TSR_HW_OFFSET(struct tsr_hw_conv, qx, 400);
TSR_HW_OFFSET(struct tsr_hw_conv, qw, 672);
TSR_HW_OFFSET(struct tsr_hw_conv, blocks, 944);
TSR_HW_OFFSET(struct tsr_hw_conv, groups, 968);
TSR_HW_OFFSET(struct tsr_hw_conv, dims, 972);
TSR_HW_OFFSET(struct tsr_hw_conv, mbz, 973);
TSR_HW_OFFSET(struct tsr_hw_conv, window, 976);
TSR_HW_SIZE(struct tsr_hw_pool, 536);
TSR_HW_OFFSET(struct tsr_hw_pool, head, 0);
TSR_HW_OFFSET(struct tsr_hw_pool, x, 16);
TSR_HW_OFFSET(struct tsr_hw_pool, d, 144);
TSR_HW_OFFSET(struct tsr_hw_pool, index, 272);
TSR_HW_OFFSET(struct tsr_hw_pool, mode, 400);
TSR_HW_OFFSET(struct tsr_hw_pool, dims, 401);
TSR_HW_OFFSET(struct tsr_hw_pool, count, 402);
TSR_HW_OFFSET(struct tsr_hw_pool, mbz, 403);
TSR_HW_OFFSET(struct tsr_hw_pool, w, 408);
TSR_HW_OFFSET(struct tsr_hw_pool, step, 504);
TSR_HW_SIZE(struct tsr_hw_move, 448);
TSR_HW_OFFSET(struct tsr_hw_move, head, 0);
TSR_HW_OFFSET(struct tsr_hw_move, x, 16);
TSR_HW_OFFSET(struct tsr_hw_move, d, 144);
TSR_HW_OFFSET(struct tsr_hw_move, value, 272);
TSR_HW_OFFSET(struct tsr_hw_move, before, 280);
TSR_HW_OFFSET(struct tsr_hw_move, after, 344);
TSR_HW_OFFSET(struct tsr_hw_move, mode, 408);
TSR_HW_OFFSET(struct tsr_hw_move, step, 416);
TSR_HW_SIZE(struct tsr_hw_copy, 72);
TSR_HW_OFFSET(struct tsr_hw_copy, head, 0);
TSR_HW_OFFSET(struct tsr_hw_copy, src, 16);
TSR_HW_OFFSET(struct tsr_hw_copy, dst, 32);
TSR_HW_OFFSET(struct tsr_hw_copy, crc, 48);
TSR_HW_OFFSET(struct tsr_hw_copy, size, 64);
TSR_HW_SIZE(struct tsr_hw_fill, 56);
TSR_HW_OFFSET(struct tsr_hw_fill, head, 0);
TSR_HW_OFFSET(struct tsr_hw_fill, dst, 16);
TSR_HW_OFFSET(struct tsr_hw_fill, size, 32);
TSR_HW_OFFSET(struct tsr_hw_fill, value, 40);
TSR_HW_OFFSET(struct tsr_hw_fill, width, 48);
TSR_HW_OFFSET(struct tsr_hw_fill, mbz, 49);
TSR_HW_SIZE(struct tsr_hw_vector_command, 176);
TSR_HW_OFFSET(struct tsr_hw_vector_command, head, 0);
TSR_HW_OFFSET(struct tsr_hw_vector_command, d, 16);
TSR_HW_OFFSET(struct tsr_hw_vector_command, step, 144);
TSR_HW_SIZE(struct tsr_hw_gather, 440);
TSR_HW_OFFSET(struct tsr_hw_gather, head, 0);
TSR_HW_OFFSET(struct tsr_hw_gather, x, 16);
TSR_HW_OFFSET(struct tsr_hw_gather, index, 144);
TSR_HW_OFFSET(struct tsr_hw_gather, d, 272);
TSR_HW_OFFSET(struct tsr_hw_gather, kind, 400);
TSR_HW_OFFSET(struct tsr_hw_gather, axis, 401);
TSR_HW_OFFSET(struct tsr_hw_gather, batch_dims, 402);
TSR_HW_OFFSET(struct tsr_hw_gather, reduction, 403);
TSR_HW_OFFSET(struct tsr_hw_gather, mbz, 404);
TSR_HW_OFFSET(struct tsr_hw_gather, step, 408);
TSR_HW_SIZE(struct tsr_hw_sort, 440);
TSR_HW_OFFSET(struct tsr_hw_sort, head, 0);
TSR_HW_OFFSET(struct tsr_hw_sort, x, 16);
TSR_HW_OFFSET(struct tsr_hw_sort, values, 144);
TSR_HW_OFFSET(struct tsr_hw_sort, indices, 272);
TSR_HW_OFFSET(struct tsr_hw_sort, k, 400);
TSR_HW_OFFSET(struct tsr_hw_sort, descending, 404);
TSR_HW_OFFSET(struct tsr_hw_sort, mbz, 405);
TSR_HW_OFFSET(struct tsr_hw_sort, step, 408);
TSR_HW_SIZE(struct tsr_hw_compact, 432);
TSR_HW_OFFSET(struct tsr_hw_compact, head, 0);
TSR_HW_OFFSET(struct tsr_hw_compact, x, 16);
TSR_HW_OFFSET(struct tsr_hw_compact, coords, 144);
TSR_HW_OFFSET(struct tsr_hw_compact, count, 272);
TSR_HW_OFFSET(struct tsr_hw_compact, step, 400);
TSR_HW_SIZE(struct tsr_hw_suppress, 536);
TSR_HW_OFFSET(struct tsr_hw_suppress, head, 0);
TSR_HW_OFFSET(struct tsr_hw_suppress, boxes, 16);
TSR_HW_OFFSET(struct tsr_hw_suppress, scores, 144);
TSR_HW_OFFSET(struct tsr_hw_suppress, indices, 272);
TSR_HW_OFFSET(struct tsr_hw_suppress, count, 400);
TSR_HW_OFFSET(struct tsr_hw_suppress, threshold, 528);
TSR_HW_OFFSET(struct tsr_hw_suppress, max, 532);
TSR_HW_SIZE(struct tsr_hw_scan, 312);
TSR_HW_OFFSET(struct tsr_hw_scan, head, 0);
TSR_HW_OFFSET(struct tsr_hw_scan, x, 16);
TSR_HW_OFFSET(struct tsr_hw_scan, d, 144);
TSR_HW_OFFSET(struct tsr_hw_scan, axis, 272);
TSR_HW_OFFSET(struct tsr_hw_scan, function, 273);
TSR_HW_OFFSET(struct tsr_hw_scan, exclusive, 274);
TSR_HW_OFFSET(struct tsr_hw_scan, reverse, 275);
TSR_HW_OFFSET(struct tsr_hw_scan, mbz, 276);
TSR_HW_OFFSET(struct tsr_hw_scan, step, 280);
TSR_HW_SIZE(struct tsr_hw_reduce, 312);
TSR_HW_OFFSET(struct tsr_hw_reduce, head, 0);
TSR_HW_OFFSET(struct tsr_hw_reduce, x, 16);
TSR_HW_OFFSET(struct tsr_hw_reduce, d, 144);
TSR_HW_OFFSET(struct tsr_hw_reduce, axes, 272);
TSR_HW_OFFSET(struct tsr_hw_reduce, function, 276);
TSR_HW_OFFSET(struct tsr_hw_reduce, last, 277);
TSR_HW_OFFSET(struct tsr_hw_reduce, mbz, 278);
TSR_HW_OFFSET(struct tsr_hw_reduce, step, 280);
TSR_HW_SIZE(struct tsr_hw_normalize, 320);
TSR_HW_OFFSET(struct tsr_hw_normalize, head, 0);
TSR_HW_OFFSET(struct tsr_hw_normalize, x, 16);
TSR_HW_OFFSET(struct tsr_hw_normalize, d, 144);
TSR_HW_OFFSET(struct tsr_hw_normalize, axes, 272);
TSR_HW_OFFSET(struct tsr_hw_normalize, epsilon, 276);
TSR_HW_OFFSET(struct tsr_hw_normalize, mode, 280);
TSR_HW_OFFSET(struct tsr_hw_normalize, mbz, 281);
TSR_HW_OFFSET(struct tsr_hw_normalize, step, 288);
TSR_HW_SIZE(struct tsr_hw_resample, 568);
TSR_HW_OFFSET(struct tsr_hw_resample, head, 0);
TSR_HW_OFFSET(struct tsr_hw_resample, x, 16);
TSR_HW_OFFSET(struct tsr_hw_resample, first, 144);
TSR_HW_OFFSET(struct tsr_hw_resample, weight, 272);
TSR_HW_OFFSET(struct tsr_hw_resample, d, 400);
TSR_HW_OFFSET(struct tsr_hw_resample, axis, 528);
TSR_HW_OFFSET(struct tsr_hw_resample, mbz, 529);
TSR_HW_OFFSET(struct tsr_hw_resample, taps, 530);
TSR_HW_OFFSET(struct tsr_hw_resample, mbz1, 532);
TSR_HW_OFFSET(struct tsr_hw_resample, step, 536);
TSR_HW_SIZE(struct tsr_hw_sample, 568);
TSR_HW_OFFSET(struct tsr_hw_sample, head, 0);
TSR_HW_OFFSET(struct tsr_hw_sample, x, 16);
TSR_HW_OFFSET(struct tsr_hw_sample, coords, 144);
TSR_HW_OFFSET(struct tsr_hw_sample, batch, 272);
TSR_HW_OFFSET(struct tsr_hw_sample, d, 400);
TSR_HW_OFFSET(struct tsr_hw_sample, mode, 528);
TSR_HW_OFFSET(struct tsr_hw_sample, outside, 529);
TSR_HW_OFFSET(struct tsr_hw_sample, dims, 530);
TSR_HW_OFFSET(struct tsr_hw_sample, mbz, 531);
TSR_HW_OFFSET(struct tsr_hw_sample, step, 536);
TSR_HW_SIZE(struct tsr_hw_gemm, 1096);
TSR_HW_OFFSET(struct tsr_hw_gemm, head, 0);
TSR_HW_OFFSET(struct tsr_hw_gemm, a, 16);
TSR_HW_OFFSET(struct tsr_hw_gemm, b, 144);
TSR_HW_OFFSET(struct tsr_hw_gemm, d, 272);
TSR_HW_OFFSET(struct tsr_hw_gemm, rows, 400);
TSR_HW_OFFSET(struct tsr_hw_gemm, qa, 528);
TSR_HW_OFFSET(struct tsr_hw_gemm, qb, 800);
TSR_HW_OFFSET(struct tsr_hw_gemm, blocks, 1072);
TSR_HW_SIZE(struct tsr_hw_attention, 1488);
TSR_HW_OFFSET(struct tsr_hw_attention, head, 0);
TSR_HW_OFFSET(struct tsr_hw_attention, q, 16);
TSR_HW_OFFSET(struct tsr_hw_attention, k, 144);
TSR_HW_OFFSET(struct tsr_hw_attention, v, 272);
TSR_HW_OFFSET(struct tsr_hw_attention, d, 400);
TSR_HW_OFFSET(struct tsr_hw_attention, mask, 528);
TSR_HW_OFFSET(struct tsr_hw_attention, lengths, 656);
TSR_HW_OFFSET(struct tsr_hw_attention, pages, 784);
TSR_HW_OFFSET(struct tsr_hw_attention, qk, 912);
TSR_HW_OFFSET(struct tsr_hw_attention, qv, 1184);
TSR_HW_OFFSET(struct tsr_hw_attention, scale, 1456);
TSR_HW_OFFSET(struct tsr_hw_attention, mask_kind, 1460);
TSR_HW_OFFSET(struct tsr_hw_attention, page_log2, 1461);
TSR_HW_OFFSET(struct tsr_hw_attention, mbz, 1462);
TSR_HW_OFFSET(struct tsr_hw_attention, blocks, 1464);

#endif
