// SPDX-License-Identifier: MIT
#include "identity.h"

#include <sodium.h>

#include "register/regs.h"
#include "state.h"

static const uint8_t label[] = "tessera device key 1";

static void derive_seed(uint8_t *seed, const uint8_t *measurement, const uint8_t *secret)
{
	crypto_generichash_state hash;

	crypto_generichash_init(&hash, secret, STATE_SECRET_BYTES, crypto_sign_SEEDBYTES);
	crypto_generichash_update(&hash, label, sizeof(label) - 1);
	crypto_generichash_update(&hash, measurement, crypto_hash_sha256_BYTES);
	crypto_generichash_final(&hash, seed, crypto_sign_SEEDBYTES);
}

void identity_derive(struct regs_identity *identity, const void *image, size_t size,
		     const uint8_t *secret)
{
	uint8_t private_key[crypto_sign_SECRETKEYBYTES];
	uint8_t seed[crypto_sign_SEEDBYTES];

	crypto_hash_sha256(identity->measurement, image, size);
	derive_seed(seed, identity->measurement, secret);
	crypto_sign_seed_keypair(identity->device_key, private_key, seed);
	sodium_memzero(private_key, sizeof(private_key));
	sodium_memzero(seed, sizeof(seed));
}
