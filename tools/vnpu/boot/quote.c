// SPDX-License-Identifier: MIT
#include "quote.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include <tsr_hw/error.h>
#include <tsr_hw/fuse.h>
#include <tsr_hw/quote.h>

#include "identity.h"
#include "memory/port.h"
#include "register/regs.h"

#define SIGNED_BYTES offsetof(struct tsr_hw_quote, signature)

/* What was started last. */
struct started {
	bool any;
	unsigned int epoch;
	uint32_t security_version;
	uint64_t boot_counter;
};

struct quoter {
	struct quoter_config config;
	pthread_mutex_t lock;
	struct started started;	/* under the lock */
};

struct quoter *quoter_create(const struct quoter_config *config)
{
	struct quoter *quoter = calloc(1, sizeof(*quoter));

	if (!quoter)
		return NULL;
	quoter->config = *config;
	pthread_mutex_init(&quoter->lock, NULL);
	return quoter;
}

void quoter_destroy(struct quoter *quoter)
{
	if (!quoter)
		return;
	pthread_mutex_destroy(&quoter->lock);
	free(quoter);
}

void quoter_started(struct quoter *quoter, unsigned int epoch, uint32_t security_version,
		    uint64_t boot_counter)
{
	pthread_mutex_lock(&quoter->lock);
	quoter->started = (struct started){ true, epoch, security_version, boot_counter };
	pthread_mutex_unlock(&quoter->lock);
}

static void take_started(struct quoter *quoter, struct started *started)
{
	pthread_mutex_lock(&quoter->lock);
	*started = quoter->started;
	pthread_mutex_unlock(&quoter->lock);
}

static uint32_t flags_of(const struct quoter *quoter)
{
	bool production = quoter->config.lifecycle == TSR_HW_LIFECYCLE_PRODUCTION;

	return TSR_HW_QUOTE_FLAG_VIRTUAL | (production ? 0 : TSR_HW_QUOTE_FLAG_DEVELOPMENT);
}

static void sign(uint8_t *signature, const void *message, size_t size, uint8_t *private_key)
{
	crypto_sign_detached(signature, NULL, message, size, private_key);
	sodium_memzero(private_key, crypto_sign_SECRETKEYBYTES);
}

static void endorse(const struct quoter *quoter, struct tsr_hw_quote *quote)
{
	uint8_t private_key[crypto_sign_SECRETKEYBYTES];
	struct tsr_hw_quote_endorsement endorsement = {
		.magic = TSR_HW_QUOTE_ENDORSEMENT_MAGIC, .flags = quote->flags,
		.serial = quote->serial,
	};

	memcpy(endorsement.device_key, quote->device_key, sizeof(quote->device_key));
	memcpy(endorsement.measurement, quote->measurement, sizeof(quote->measurement));
	identity_own_pair(quoter->config.secret, quoter->config.lifecycle, quote->identity_key,
			  private_key);
	sign(quote->endorsement, &endorsement, sizeof(endorsement), private_key);
}

/* On silicon the vendor has done this once. What signs for models is known to everybody. */
static void certify(struct tsr_hw_quote *quote)
{
	static const char seed[] = TSR_HW_QUOTE_VIRTUAL_ROOT;
	uint8_t root[crypto_sign_PUBLICKEYBYTES], private_key[crypto_sign_SECRETKEYBYTES];
	struct tsr_hw_quote_certificate certificate = {
		.magic = TSR_HW_QUOTE_CERTIFICATE_MAGIC, .flags = quote->flags,
		.serial = quote->serial,
	};

	_Static_assert(sizeof(seed) - 1 == crypto_sign_SEEDBYTES, "a seed");
	memcpy(certificate.identity_key, quote->identity_key, sizeof(quote->identity_key));
	crypto_sign_seed_keypair(root, private_key, (const uint8_t *)seed);
	sign(quote->certificate, &certificate, sizeof(certificate), private_key);
}

static void state_facts(const struct quoter *quoter, const struct started *started,
			const struct regs_quote *asked, struct tsr_hw_quote *quote)
{
	*quote = (struct tsr_hw_quote){
		.magic = TSR_HW_QUOTE_MAGIC, .version = TSR_HW_QUOTE_VERSION,
		.size = sizeof(*quote), .flags = flags_of(quoter),
		.security_version = started->security_version, .serial = quoter->config.serial,
		.boot_counter = started->boot_counter,
	};
	memcpy(quote->nonce, asked->nonce, sizeof(quote->nonce));
	memcpy(quote->measurement, asked->identity.measurement, sizeof(quote->measurement));
	crypto_hash_sha256(quote->fuses, (const uint8_t *)&asked->fuses, sizeof(asked->fuses));
}

static void make(const struct quoter *quoter, const struct started *started,
		 const struct regs_quote *asked, struct tsr_hw_quote *quote)
{
	uint8_t private_key[crypto_sign_SECRETKEYBYTES];

	state_facts(quoter, started, asked, quote);
	identity_device_pair(quote->measurement, quoter->config.secret, quoter->config.lifecycle,
			     quote->device_key, private_key);
	sign(quote->signature, quote, SIGNED_BYTES, private_key);
	endorse(quoter, quote);
	certify(quote);
}

static uint32_t run(struct quoter *quoter, const struct started *started,
		    const struct regs_quote *asked)
{
	const struct port_agent agent = { .id = PORT_AGENT_QUOTE, .epoch = asked->epoch };
	struct tsr_hw_quote quote;

	if (!started->any || started->epoch != asked->epoch)
		return TSR_HW_QUOTE_NOT_READY;
	if (asked->address % sizeof(uint64_t))
		return TSR_HW_QUOTE_BAD_ADDRESS;
	make(quoter, started, asked, &quote);
	return port_put(quoter->config.port, &agent, asked->address, &quote, sizeof(quote)) ?
	       TSR_HW_QUOTE_BAD_ADDRESS : TSR_HW_QUOTE_DONE;
}

void quoter_run(struct quoter *quoter)
{
	struct regs_quote asked;
	struct started started;

	/* In this order: the registers show what starts before the unit is told. */
	take_started(quoter, &started);
	regs_quote(quoter->config.regs, &asked);
	regs_set_quote_status(quoter->config.regs, asked.epoch, run(quoter, &started, &asked));
}
