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
 * @lifecycle: TSR_HW_LIFECYCLE_* in the fuses
 *
 * The measurement is the SHA-256 of the image. The key is the Ed25519 pair of the seed
 * BLAKE2b(key = secret, "tessera device key 2", the life cycle in 4 bytes, lowest first, and the
 * measurement): another image or another device has another key, and the secret cannot be told from
 * it. What a device signs that was opened for development is not signed by its key in production.
 */
void identity_derive(struct regs_identity *identity, const void *image, size_t size,
		     const uint8_t *secret, uint32_t lifecycle);

/**
 * identity_device_pair() - the pair of a device and what it runs
 * @measurement: of the image
 * @secret: the device's secret, STATE_SECRET_BYTES
 * @lifecycle: TSR_HW_LIFECYCLE_* in the fuses
 * @public_key: result, 32 bytes
 * @private_key: result, 64 bytes, to be wiped by the caller
 */
void identity_device_pair(const uint8_t *measurement, const uint8_t *secret, uint32_t lifecycle,
			  uint8_t *public_key, uint8_t *private_key);

/**
 * identity_own_pair() - the pair of a device, whatever it runs
 * @secret: the device's secret, STATE_SECRET_BYTES
 * @lifecycle: TSR_HW_LIFECYCLE_* in the fuses
 * @public_key: result, 32 bytes
 * @private_key: result, 64 bytes, to be wiped by the caller
 *
 * The seed is BLAKE2b(key = secret, "tessera identity key 1" and the life cycle in 4 bytes).
 */
void identity_own_pair(const uint8_t *secret, uint32_t lifecycle, uint8_t *public_key,
		       uint8_t *private_key);

#endif
