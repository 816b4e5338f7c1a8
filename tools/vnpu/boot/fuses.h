/* SPDX-License-Identifier: MIT */
#ifndef VNPU_FUSES_H
#define VNPU_FUSES_H

#include <stddef.h>
#include <stdint.h>

#define FUSES_KEY_HASH_BYTES 32

struct sku;
struct state;
struct tsr_hw_fuses;

/**
 * fuses_init() - the fuse block of one device
 * @fuses: filled
 * @sku: facts of the product
 * @state: facts of the unit
 * @key_hash: SHA-256 of the firmware signing key, FUSES_KEY_HASH_BYTES
 */
void fuses_init(struct tsr_hw_fuses *fuses, const struct sku *sku, const struct state *state,
		const uint8_t *key_hash);

/**
 * fuses_read_key_hash() - read a key hash file
 * @path: a file with 64 hexadecimal digits
 * @key_hash: filled, FUSES_KEY_HASH_BYTES
 * @error: on failure a sentence for the user
 * @error_size: bytes at @error
 *
 * Return: 0, -EINVAL, or the negative errno of reading.
 */
int fuses_read_key_hash(const char *path, uint8_t *key_hash, char *error, size_t error_size);

#endif
