// SPDX-License-Identifier: MIT
#include "verify.h"

#include <stdbool.h>
#include <string.h>

#include <sodium.h>

#include <tsr_hw/quote.h>

static bool holds(const uint8_t *signature, const void *message, size_t size, const uint8_t *key)
{
	return !crypto_sign_verify_detached(signature, message, size, key);
}

static bool is_certified(const struct tsr_hw_quote *quote, const uint8_t *root)
{
	struct tsr_hw_quote_certificate certificate = {
		.magic = TSR_HW_QUOTE_CERTIFICATE_MAGIC, .flags = quote->flags,
		.serial = quote->serial,
	};

	memcpy(certificate.identity_key, quote->identity_key, sizeof(quote->identity_key));
	return holds(quote->certificate, &certificate, sizeof(certificate), root);
}

static bool is_endorsed(const struct tsr_hw_quote *quote)
{
	struct tsr_hw_quote_endorsement endorsement = {
		.magic = TSR_HW_QUOTE_ENDORSEMENT_MAGIC, .flags = quote->flags,
		.serial = quote->serial,
	};

	memcpy(endorsement.device_key, quote->device_key, sizeof(quote->device_key));
	memcpy(endorsement.measurement, quote->measurement, sizeof(quote->measurement));
	return holds(quote->endorsement, &endorsement, sizeof(endorsement), quote->identity_key);
}

/* Under the root of models a device that does not say that it is one is forged. */
static bool has_flags(const struct tsr_hw_quote *quote, const uint8_t *root)
{
	const uint32_t known = TSR_HW_QUOTE_FLAG_VIRTUAL | TSR_HW_QUOTE_FLAG_DEVELOPMENT;
	uint8_t models[QUOTE_KEY_BYTES];

	quote_virtual_root(models);
	return !(quote->flags & ~known) && (quote->flags & TSR_HW_QUOTE_FLAG_VIRTUAL ||
					    memcmp(root, models, sizeof(models)));
}

static bool is_known(const struct tsr_hw_quote *quote)
{
	return quote->magic == TSR_HW_QUOTE_MAGIC && quote->version == TSR_HW_QUOTE_VERSION &&
	       quote->size == sizeof(*quote);
}

const char *quote_verify(const void *bytes, size_t size, const uint8_t *root,
			 const uint8_t *nonce)
{
	struct tsr_hw_quote quote;

	if (size != sizeof(quote))
		return "this has not the size of a quote";
	memcpy(&quote, bytes, sizeof(quote));
	if (!is_known(&quote))
		return "this is no quote of version 1";
	if (!has_flags(&quote, root))
		return "the flags are not those of such a device";
	if (!is_certified(&quote, root))
		return "this root has not certified the device";
	if (!is_endorsed(&quote))
		return "the device has not endorsed the key for this image";
	if (!holds(quote.signature, &quote, offsetof(struct tsr_hw_quote, signature),
		   quote.device_key))
		return "the signature is not of these bytes";
	if (sodium_memcmp(quote.nonce, nonce, sizeof(quote.nonce)))
		return "the quote repeats another nonce";
	return NULL;
}

void quote_virtual_root(uint8_t *root)
{
	static const char seed[] = TSR_HW_QUOTE_VIRTUAL_ROOT;
	uint8_t private_key[crypto_sign_SECRETKEYBYTES];

	_Static_assert(sizeof(seed) - 1 == crypto_sign_SEEDBYTES, "a seed");
	crypto_sign_seed_keypair(root, private_key, (const uint8_t *)seed);
}
