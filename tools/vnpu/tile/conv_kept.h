/* SPDX-License-Identifier: MIT */
/* Weights of a convolution in the layout that computes it, kept from command to command. */
#ifndef VNPU_TILE_CONV_KEPT_H
#define VNPU_TILE_CONV_KEPT_H

#include <stdbool.h>
#include <stdint.h>

struct conv_job;
struct packed;
struct packed_key;

/**
 * struct conv_packing - how weights get into their layout
 * @pack: weights as conv_load_all_weights() stages them to that layout; TSR_HW_ERR_* or
 *	EXECUTION_ABORTED
 * @context: handed to @pack
 * @bytes: of the result
 * @has_terms: terms of integers are kept, too
 */
struct conv_packing {
	int (*pack)(const void *context, const void *weights, void *packed);
	const void *context;
	uint64_t bytes;
	bool has_terms;
};

/**
 * conv_kept_weights() - weights that are kept, else packed now
 * @job: the convolution
 * @key: what they are packed for; its fingerprint is made here
 * @packing: how
 * @result: to be given to packed_put(), even after an error
 *
 * Return: TSR_HW_ERR_* or EXECUTION_ABORTED.
 */
int conv_kept_weights(struct conv_job *job, struct packed_key *key,
		      const struct conv_packing *packing, struct packed **result);

#endif
