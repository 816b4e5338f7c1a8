/* SPDX-License-Identifier: MIT */
/*
 * Primitives of oneDNN: a product or a convolution of one shape, made by primitive.c and
 * run by primitive_run.c in memory that is lent to the library. A made primitive does not
 * change, so any number of threads may run it at once.
 */
#ifndef VNPU_TILE_PRIMITIVE_H
#define VNPU_TILE_PRIMITIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <oneapi/dnnl/dnnl.h>

#define PRIMITIVE_MAX_ARGS	3

/* Beside the members of enum onednn_product. */
enum { PRIMITIVE_CONV = 100 };

/**
 * struct primitive_key - what a primitive is for; compared as bytes
 * @kind: an enum onednn_product or PRIMITIVE_CONV
 * @shape: m, n, k, pitch of a product, the struct onednn_conv of a convolution; the rest is 0
 */
struct primitive_key {
	int64_t kind;
	int64_t shape[24];
};

/**
 * struct primitive_step - a primitive of the library and the layouts of its arguments
 * @primitive: NULL when there is no such step
 * @args: how many arguments
 * @arg: the library's number of each
 * @desc: the layout of each
 * @scratch: bytes of scratch memory
 */
struct primitive_step {
	dnnl_primitive_t primitive;
	int args;
	int arg[PRIMITIVE_MAX_ARGS];
	dnnl_memory_desc_t desc[PRIMITIVE_MAX_ARGS];
	size_t scratch;
};

/**
 * struct primitive - a product or a convolution
 * @key: which
 * @main: the computation
 * @pack: weights to the layout that a convolution's @main wants
 * @packed_size: bytes of weights in that layout
 * @largest: bytes of the largest argument or scratch memory of either step
 */
struct primitive {
	struct primitive_key key;
	struct primitive_step main;
	struct primitive_step pack;
	size_t packed_size;
	size_t largest;
};

/**
 * primitive_make() - have the library make a primitive
 * @primitive: result; to be released whatever is returned
 * @key: what it is for
 *
 * Return: 0, -ENOTSUP when the library has none or it wants too much memory.
 */
int primitive_make(struct primitive *primitive, const struct primitive_key *key);

/** primitive_release() - free what a primitive has */
void primitive_release(struct primitive *primitive);

/**
 * primitive_multiply() - run a product
 * @primitive: of a product
 * @a: A, as onednn_matmul() has it
 * @b: B
 * @c: C
 * @trial: whether to check that the library keeps to the memory lent to it
 *
 * Return: 0, -ENOTSUP, -ENOMEM, or -EFAULT when the library did not keep to its memory.
 */
int primitive_multiply(const struct primitive *primitive, const void *a, const void *b, void *c,
		       bool trial);

/**
 * primitive_convolve() - run a convolution
 * @primitive: of a convolution
 * @x: input, as onednn_convolve() has it
 * @w: weights
 * @d: result
 * @trial: whether to check that the library keeps to the memory lent to it
 *
 * Return: as primitive_multiply().
 */
int primitive_convolve(const struct primitive *primitive, const void *x, const void *w, void *d,
		       bool trial);

/**
 * primitive_pack() - the first half of primitive_convolve(): weights to the library's layout
 * @primitive: of a convolution
 * @w: weights
 * @packed: @primitive->packed_size bytes
 * @trial: as there
 *
 * Return: as primitive_multiply().
 */
int primitive_pack(const struct primitive *primitive, const void *w, void *packed, bool trial);

/** primitive_convolve_packed() - the second half of it, with what primitive_pack() has made */
int primitive_convolve_packed(const struct primitive *primitive, const void *x, const void *packed,
			      void *d, bool trial);

#endif
