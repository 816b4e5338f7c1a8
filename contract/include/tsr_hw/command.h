/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/*
 * Command streams of the tensor tile and the DMA engine.
 *
 * A stream is a sequence of commands, each a header and a body, 8-byte aligned.
 * Commands of one stream run in order. Every field that a command does not use
 * must be zero.
 */
#ifndef TSR_HW_COMMAND_H
#define TSR_HW_COMMAND_H

#include <tsr_hw/base.h>

/* Element types. Codes are fixed; a device says in its fuses which it computes. */
#define TSR_TYPE_NONE			0
#define TSR_TYPE_FP32			1
#define TSR_TYPE_FP16			2
#define TSR_TYPE_BF16			3
#define TSR_TYPE_FP8_E4M3		4	/* reserved */
#define TSR_TYPE_FP8_E5M2		5	/* reserved */
#define TSR_TYPE_INT8			6
#define TSR_TYPE_UINT8			7
#define TSR_TYPE_INT4			8	/* reserved: packed weights */
#define TSR_TYPE_UINT4			9	/* reserved */
#define TSR_TYPE_INT16			10	/* reserved */
#define TSR_TYPE_UINT16			11	/* reserved */
#define TSR_TYPE_INT32			12
#define TSR_TYPE_UINT32			13	/* reserved */
#define TSR_TYPE_INT64			14	/* reserved */
#define TSR_TYPE_UINT64			15	/* reserved */
#define TSR_TYPE_BOOL			16	/* reserved */
#define TSR_TYPE_COUNT			17

#define TSR_MAX_RANK			5

/**
 * struct tsr_abi_tensor - a tensor in memory
 * @slot: slot number, TSR_SLOT_PROGRAM, or TSR_SLOT_NONE for "no tensor"
 * @type: TSR_TYPE_*
 * @rank: dimensions used, 1 to TSR_MAX_RANK
 * @offset: byte offset of element 0 in the slot
 * @dim: extents, outermost first; 1 beyond @rank
 * @zero_point: of an integer tensor
 * @stride: byte distance of neighbours in each dimension; 0 repeats, negative is
 *          refused; 0 beyond @rank
 * @scale: fp32 bits; real value = scale * (q - zero_point)
 * @scale_slot: slot of a per-channel scale vector, or TSR_SLOT_NONE
 * @mbz: must be zero
 * @scale_offset: byte offset of that vector, fp32, one entry per channel
 */
struct tsr_abi_tensor {
	__le16 slot;
	__u8 type;
	__u8 rank;
	__le32 zero_point;
	__le64 offset;
	__le32 dim[TSR_MAX_RANK];
	__le32 scale;
	__le64 stride[TSR_MAX_RANK];
	__le64 scale_offset;
	__le16 scale_slot;
	__le16 mbz[3];
};
TSR_ABI_OFFSET(struct tsr_abi_tensor, offset, 8);
TSR_ABI_OFFSET(struct tsr_abi_tensor, stride, 40);
TSR_ABI_OFFSET(struct tsr_abi_tensor, scale_offset, 80);
TSR_ABI_SIZE(struct tsr_abi_tensor, 96);

/* Tensor tile opcodes. */
#define TSR_OP_GEMM			0x10
#define TSR_OP_CONV			0x11
#define TSR_OP_POOL			0x20
#define TSR_OP_ELEMENTWISE		0x30
#define TSR_OP_CONVERT			0x31
#define TSR_OP_REDUCE			0x40
#define TSR_OP_SOFTMAX			0x48
#define TSR_OP_NORMALIZE		0x49	/* reserved */
#define TSR_OP_MOVE			0x50
#define TSR_OP_GATHER			0x51	/* reserved */
#define TSR_OP_SCATTER			0x52	/* reserved */
#define TSR_OP_RESIZE			0x53	/* reserved */
#define TSR_OP_SORT			0x58	/* reserved */
/* DMA engine opcodes. */
#define TSR_OP_COPY			0x80
#define TSR_OP_FILL			0x81
/* 0xc0 to 0xdf are reserved for CIM tiles. */

/**
 * struct tsr_abi_command - command header
 * @op: TSR_OP_*
 * @mbz0: must be zero
 * @size: bytes of header and body
 * @mbz1: must be zero
 */
struct tsr_abi_command {
	__u8 op;
	__u8 mbz0;
	__le16 size;
	__le32 mbz1;
};
TSR_ABI_SIZE(struct tsr_abi_command, 8);

/* Activations, applied in the order bias, residual, activation, requantize. */
#define TSR_ACT_NONE			0
#define TSR_ACT_RELU			1
#define TSR_ACT_CLIP			2	/* to [alpha, beta] */

/**
 * struct tsr_abi_epilogue - what follows the multiply-accumulate
 * @bias: rank 1, one entry per output channel; int32 for integer operands, fp32 else
 * @residual: shaped as the output, added before the activation
 * @activation: TSR_ACT_*
 * @mbz: must be zero
 * @alpha: fp32 bits
 * @beta: fp32 bits
 */
struct tsr_abi_epilogue {
	struct tsr_abi_tensor bias;
	struct tsr_abi_tensor residual;
	__le32 activation;
	__le32 mbz;
	__le32 alpha;
	__le32 beta;
};
TSR_ABI_SIZE(struct tsr_abi_epilogue, 208);

/**
 * struct tsr_abi_gemm - D[.., m, n] = epilogue(sum over k of A[.., m, k] * B[.., k, n])
 * @head: TSR_OP_GEMM
 * @a: rank 2 to 5
 * @b: rank 2, or as @a; leading dimensions equal or 1
 * @d: output, rank of @a
 * @epilogue: channel is n
 */
struct tsr_abi_gemm {
	struct tsr_abi_command head;
	struct tsr_abi_tensor a;
	struct tsr_abi_tensor b;
	struct tsr_abi_tensor d;
	struct tsr_abi_epilogue epilogue;
};
TSR_ABI_SIZE(struct tsr_abi_gemm, 504);

/**
 * struct tsr_abi_conv - two-dimensional convolution (correlation, as ONNX Conv)
 * @head: TSR_OP_CONV
 * @x: input [N, C, H, W]; layout is a matter of strides
 * @w: weights [O, C / groups, KH, KW]
 * @d: output [N, O, OH, OW]
 * @epilogue: channel is O
 * @stride_h: rows
 * @stride_w: columns
 * @dilation_h: rows
 * @dilation_w: columns
 * @pad_top: rows of padding, value the input's zero point
 * @pad_left: columns
 * @pad_bottom: rows
 * @pad_right: columns
 * @groups: divides C and O
 * @mbz: must be zero
 */
struct tsr_abi_conv {
	struct tsr_abi_command head;
	struct tsr_abi_tensor x;
	struct tsr_abi_tensor w;
	struct tsr_abi_tensor d;
	struct tsr_abi_epilogue epilogue;
	__le32 stride_h;
	__le32 stride_w;
	__le32 dilation_h;
	__le32 dilation_w;
	__le32 pad_top;
	__le32 pad_left;
	__le32 pad_bottom;
	__le32 pad_right;
	__le32 groups;
	__le32 mbz;
};
TSR_ABI_SIZE(struct tsr_abi_conv, 544);

#define TSR_POOL_MAX			0
#define TSR_POOL_AVERAGE		1	/* divisor: elements inside the input */
#define TSR_POOL_AVERAGE_PADDED		2	/* divisor: the whole window */

/**
 * struct tsr_abi_pool - pooling over H and W of [N, C, H, W]
 * @head: TSR_OP_POOL
 * @x: input
 * @d: output, same type
 * @mode: TSR_POOL_*
 * @kernel_h: rows
 * @kernel_w: columns
 * @stride_h: rows
 * @stride_w: columns
 * @dilation_h: rows
 * @dilation_w: columns
 * @pad_top: rows
 * @pad_left: columns
 * @pad_bottom: rows
 * @pad_right: columns
 * @mbz: must be zero
 */
struct tsr_abi_pool {
	struct tsr_abi_command head;
	struct tsr_abi_tensor x;
	struct tsr_abi_tensor d;
	__le32 mode;
	__le32 kernel_h;
	__le32 kernel_w;
	__le32 stride_h;
	__le32 stride_w;
	__le32 dilation_h;
	__le32 dilation_w;
	__le32 pad_top;
	__le32 pad_left;
	__le32 pad_bottom;
	__le32 pad_right;
	__le32 mbz;
};
TSR_ABI_SIZE(struct tsr_abi_pool, 248);

/* Element-wise functions: unary on @a, binary on @a and @b with broadcast by stride 0. */
#define TSR_EW_ADD			0
#define TSR_EW_SUB			1
#define TSR_EW_MUL			2
#define TSR_EW_DIV			3
#define TSR_EW_MIN			4
#define TSR_EW_MAX			5
#define TSR_EW_RELU			16
#define TSR_EW_CLIP			17	/* to [alpha, beta] */
#define TSR_EW_SIGMOID			18
#define TSR_EW_TANH			19
#define TSR_EW_EXP			20
#define TSR_EW_SQRT			21
#define TSR_EW_NEG			22
#define TSR_EW_ABS			23
#define TSR_EW_LEAKY_RELU		24	/* slope alpha */
#define TSR_EW_HARD_SIGMOID		25	/* clip(alpha * x + beta, 0, 1) */
#define TSR_EW_ERF			26

/**
 * struct tsr_abi_elementwise - D = f(A) or f(A, B), computed in fp32
 * @head: TSR_OP_ELEMENTWISE; TSR_OP_CONVERT is D = A in another type and scale
 * @a: input, shaped as @d
 * @b: second input of binary functions, shaped as @d
 * @d: output
 * @function: TSR_EW_*; 0 for CONVERT
 * @activation: TSR_ACT_* after a binary function
 * @alpha: fp32 bits
 * @beta: fp32 bits
 */
struct tsr_abi_elementwise {
	struct tsr_abi_command head;
	struct tsr_abi_tensor a;
	struct tsr_abi_tensor b;
	struct tsr_abi_tensor d;
	__le32 function;
	__le32 activation;
	__le32 alpha;
	__le32 beta;
};
TSR_ABI_SIZE(struct tsr_abi_elementwise, 312);

#define TSR_REDUCE_SUM			0
#define TSR_REDUCE_MEAN			1
#define TSR_REDUCE_MAX			2
#define TSR_REDUCE_MIN			3

/**
 * struct tsr_abi_reduce - reduction, softmax
 * @head: TSR_OP_REDUCE or TSR_OP_SOFTMAX
 * @x: input
 * @d: output, same rank; reduced dimensions have extent 1 (REDUCE), same shape (SOFTMAX)
 * @axes: bit n set: dimension n takes part
 * @function: TSR_REDUCE_*; 0 for SOFTMAX
 */
struct tsr_abi_reduce {
	struct tsr_abi_command head;
	struct tsr_abi_tensor x;
	struct tsr_abi_tensor d;
	__le32 axes;
	__le32 function;
};
TSR_ABI_SIZE(struct tsr_abi_reduce, 208);

/**
 * struct tsr_abi_copy - movement by strides: tile MOVE and DMA COPY, FILL
 * @head: TSR_OP_MOVE, TSR_OP_COPY or TSR_OP_FILL
 * @x: source, same extents and type as @d; no tensor for FILL
 * @d: destination
 * @value: FILL: the element's bits, low bytes used
 */
struct tsr_abi_copy {
	struct tsr_abi_command head;
	struct tsr_abi_tensor x;
	struct tsr_abi_tensor d;
	__le64 value;
};
TSR_ABI_SIZE(struct tsr_abi_copy, 208);

#endif
