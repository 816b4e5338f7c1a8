/* SPDX-License-Identifier: MIT */
/*
 * oneDNN: matrix product and convolution on dense private buffers, by primitives of the
 * library that are made and tried once (primitive_cache.h). Any thread.
 */
#ifndef VNPU_TILE_ONEDNN_H
#define VNPU_TILE_ONEDNN_H

#include <stdbool.h>
#include <stdint.h>

enum onednn_product {
	ONEDNN_F32,	/* fp32 x fp32 -> fp32 */
	ONEDNN_U8S8,	/* uint8 x int8 -> int32 */
	ONEDNN_BF16,	/* bf16 x bf16 -> fp32, where no element is below the normal ones */
};

/*
 * Bytes of scratch, and of packed weights, that a primitive may want; for windows that no
 * network has the library can ask for gigabytes. More is "no such primitive".
 */
#define ONEDNN_MOST_SCRATCH	(128ull << 20)

/**
 * struct onednn_conv - convolution, channels last
 * @product: types, an enum onednn_product
 * @images: N
 * @channels: C
 * @height: H
 * @width: W
 * @outputs: O
 * @out_height: OH
 * @out_width: OW
 * @kernel: rows, columns
 * @stride: rows, columns
 * @dilation: rows, columns, 1 for dense
 * @pad_before: top, left
 * @pad_after: bottom, right
 * @groups: divides C and O
 */
struct onednn_conv {
	int64_t product;
	int64_t images;
	int64_t channels;
	int64_t height;
	int64_t width;
	int64_t outputs;
	int64_t out_height;
	int64_t out_width;
	int64_t kernel[2];
	int64_t stride[2];
	int64_t dilation[2];
	int64_t pad_before[2];
	int64_t pad_after[2];
	int64_t groups;
};

/**
 * onednn_matmul() - C = A * B, all dense row-major
 * @product: types
 * @m: rows of A and C
 * @n: columns of B and C
 * @k: columns of A, rows of B
 * @a: A
 * @b: B
 * @c: C
 *
 * An integer product runs only when the primitive was seen to compute the extreme
 * cases exactly on this host: without VNNI the library saturates in 16 bits. There is
 * no int8 x int8, which the library rounds to fp32 on its way out. A product in fp32
 * is tried on small integers.
 *
 * Return: 0, -ENOTSUP when the product would be wrong, -ENOMEM.
 */
int onednn_matmul(enum onednn_product product, int64_t m, int64_t n, int64_t k,
		  const void *a, const void *b, void *c);

/**
 * onednn_matmul_columns() - onednn_matmul() for some columns of B and C
 * @product: types, of floating point
 * @m: rows of A and C
 * @n: columns of these
 * @k: columns of A, rows of B
 * @pitch: columns that B and C have in all
 * @a: A
 * @b: the first of these columns
 * @c: the first of these columns
 *
 * The trial shows that the library leaves other columns of C as they are.
 *
 * Return: as onednn_matmul().
 */
int onednn_matmul_columns(enum onednn_product product, int64_t m, int64_t n, int64_t k,
			  int64_t pitch, const void *a, const void *b, void *c);

/**
 * onednn_convolve() - convolution
 * @conv: types and shape
 * @x: [N, H, W, C]
 * @w: [groups, KH, KW, C / groups, O / groups]
 * @d: [N, OH, OW, O]
 *
 * The library is wrong for some shapes (a single output column from strided windows on
 * one channel), and for others it writes behind the scratch memory whose size it stated
 * (windows that leave out rows), which it is not asked for. Every new shape is tried on
 * small integers first, in memory that shows what the library touches; integers also on
 * the extreme cases.
 *
 * Return: 0, -ENOTSUP when the library has no right convolution, -ENOMEM.
 */
int onednn_convolve(const struct onednn_conv *conv, const void *x, const void *w, void *d);

/**
 * onednn_find_conv() - whether the library has a convolution that is right
 * @conv: types and shape
 * @packed: bytes of its weights in the library's layout
 *
 * Return: 0, -ENOTSUP, -ENOMEM.
 */
int onednn_find_conv(const struct onednn_conv *conv, uint64_t *packed);

/**
 * onednn_pack() - weights in the layout that the library's convolution has
 * @conv: types and shape
 * @w: as onednn_convolve() has it
 * @packed: as many bytes as onednn_find_conv() said
 *
 * Return: as onednn_convolve().
 */
int onednn_pack(const struct onednn_conv *conv, const void *w, void *packed);

/** onednn_convolve_packed() - onednn_convolve() with weights of onednn_pack() */
int onednn_convolve_packed(const struct onednn_conv *conv, const void *x, const void *packed,
			   void *d);

#endif
