/* SPDX-License-Identifier: MIT */
#ifndef VNPU_IDENTITY_H
#define VNPU_IDENTITY_H

#include <stddef.h>
#include <stdint.h>

struct regs_identity;

/**
 * identity_derive() - measure an image and derive the device's key
 * @identity: filled
 * @image: header and payload
 * @size: bytes
 * @secret: the device's secret, STATE_SECRET_BYTES
 *
 * The measurement is the SHA-256 of the image. The key is the Ed25519 pair of the seed
 * BLAKE2b(key = secret, "tessera device key 1" and the measurement): another image or
 * another device has another key, and the secret cannot be told from it.
 */
void identity_derive(struct regs_identity *identity, const void *image, size_t size,
		     const uint8_t *secret);

#endif
