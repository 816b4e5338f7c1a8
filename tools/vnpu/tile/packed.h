/* SPDX-License-Identifier: MIT */
/*
 * Weights in the layout that a convolution wants, kept from command to command: known
 * by what they are, wherever they lie. Any thread.
 */
#ifndef VNPU_TILE_PACKED_H
#define VNPU_TILE_PACKED_H

#include <stdint.h>

#include "fingerprint.h"
#include "onednn.h"

/**
 * struct packed_key - which weights; compared as bytes
 * @fingerprint: of their elements
 * @type: of them, TSR_HW_TYPE_*
 * @conv: what they are packed for; without pictures: for conv_by_dots(), of any pictures
 */
struct packed_key {
	struct fingerprint fingerprint;
	uint64_t type;
	struct onednn_conv conv;
};

/**
 * struct packed - packed weights
 * @key: which
 * @weights: in the layout; never changes once they are known to others
 * @terms: of integers: terms of struct weights, one of each output, else NULL
 * @least: of fp32: subnormals_exponent()
 */
struct packed {
	struct packed_key key;
	void *weights;
	uint32_t *terms;
	unsigned int least;
};

/**
 * packed_find() - weights that are kept
 * @key: which
 *
 * Return: the weights, to be given to packed_put(), or NULL.
 */
struct packed *packed_find(const struct packed_key *key);

/**
 * packed_make() - room for weights
 * @key: which
 * @bytes: of them
 * @terms: how many
 *
 * Return: what is to be filled and to be given to packed_keep() or packed_put(), NULL without
 * memory.
 */
struct packed *packed_make(const struct packed_key *key, uint64_t bytes, uint64_t terms);

/**
 * packed_keep() - keep filled weights, as long as there is room for them; to be put nevertheless
 */
void packed_keep(struct packed *packed);

/** packed_put() - weights are not used any more; NULL is nothing */
void packed_put(struct packed *packed);

#endif
