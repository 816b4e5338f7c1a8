// SPDX-License-Identifier: MIT
#include "identity.h"

#include <string.h>

#include <sodium.h>

#include "register/regs.h"
#include "state.h"

#define DEVICE_LABEL	"tessera device key 2"
#define OWN_LABEL	"tessera identity key 1"

/* The pair of a secret, a label, a life cycle, and a measurement or nothing. */
static void derive(const uint8_t *secret, uint32_t lifecycle, const char *label,
		   const uint8_t *measurement, size_t measurement_size, uint8_t *public_key,
		   uint8_t *private_key)
{
	const uint8_t cycle[] = { (uint8_t)lifecycle, (uint8_t)(lifecycle >> 8),
				  (uint8_t)(lifecycle >> 16), (uint8_t)(lifecycle >> 24) };
	uint8_t seed[crypto_sign_SEEDBYTES];
	crypto_generichash_state hash;

	crypto_generichash_init(&hash, secret, STATE_SECRET_BYTES, sizeof(seed));
	crypto_generichash_update(&hash, (const uint8_t *)label, strlen(label));
	crypto_generichash_update(&hash, cycle, sizeof(cycle));
	crypto_generichash_update(&hash, measurement, measurement_size);
	crypto_generichash_final(&hash, seed, sizeof(seed));
	crypto_sign_seed_keypair(public_key, private_key, seed);
	sodium_memzero(seed, sizeof(seed));
	sodium_memzero(&hash, sizeof(hash));
}

void identity_device_pair(const uint8_t *measurement, const uint8_t *secret, uint32_t lifecycle,
			  uint8_t *public_key, uint8_t *private_key)
{
	derive(secret, lifecycle, DEVICE_LABEL, measurement, crypto_hash_sha256_BYTES, public_key,
	       private_key);
}

void identity_own_pair(const uint8_t *secret, uint32_t lifecycle, uint8_t *public_key,
		       uint8_t *private_key)
{
	derive(secret, lifecycle, OWN_LABEL, NULL, 0, public_key, private_key);
}

void identity_derive(struct regs_identity *identity, const void *image, size_t size,
		     const uint8_t *secret, uint32_t lifecycle)
{
	uint8_t private_key[crypto_sign_SECRETKEYBYTES];

	crypto_hash_sha256(identity->measurement, image, size);
	identity_device_pair(identity->measurement, secret, lifecycle, identity->device_key,
			     private_key);
	sodium_memzero(private_key, sizeof(private_key));
}
