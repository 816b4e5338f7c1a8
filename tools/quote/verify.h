/* SPDX-License-Identifier: MIT */
/*
 * Whether a quote (docs/hardware.md, section 6.4) proves what it says. Any thread, after
 * sodium_init().
 */
#ifndef QUOTE_VERIFY_H
#define QUOTE_VERIFY_H

#include <stddef.h>
#include <stdint.h>

#define QUOTE_KEY_BYTES		32
#define QUOTE_NONCE_BYTES	32

/**
 * quote_verify() - check a quote
 * @bytes: struct tsr_hw_quote as it came, of any alignment
 * @size: how many
 * @root: Ed25519 public key that certifies devices, QUOTE_KEY_BYTES
 * @nonce: what the quote must repeat, QUOTE_NONCE_BYTES
 *
 * A quote that holds was made, after the nonce was known, by a device that the owner of @root has
 * certified, and states what ran there then. Whether that is what the caller expects (serial,
 * flags, fuses, measurement) is the caller's to compare. It does not show that the caller talks to
 * that device, nor that it still runs this.
 *
 * Return: NULL, or a sentence that says what does not hold.
 */
const char *quote_verify(const void *bytes, size_t size, const uint8_t *root,
			 const uint8_t *nonce);

/**
 * quote_virtual_root() - the key that certifies models
 * @root: result, QUOTE_KEY_BYTES
 *
 * Everybody has its private half: a quote that holds against it proves nothing about silicon.
 */
void quote_virtual_root(uint8_t *root);

#endif
