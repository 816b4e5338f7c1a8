// SPDX-License-Identifier: MIT
/* What a quote proves, to whom, and when there is none. */
#include <sodium.h>
#include <string.h>

#include <tsr_hw/boot.h>
#include <tsr_hw/fuse.h>
#include <tsr_hw/quote.h>
#include <tsr_hw/registers.h>

#include "boot/quote.h"
#include "boot/state.h"
#include "cmocka_prelude.h"
#include "counters.h"
#include "harness.h"
#include "payload.h"
#include "quote/verify.h"
#include "register/asid.h"
#include "register/regs.h"
#include "test_image.h"

static uint8_t root[QUOTE_KEY_BYTES];
static uint8_t nonce[QUOTE_NONCE_BYTES];

static int setup(void **state)
{
	*state = harness_open(&(struct harness_options){ 0 });
	quote_virtual_root(root);
	randombytes_buf(nonce, sizeof(nonce));
	return *state ? 0 : -1;
}

static int teardown(void **state)
{
	harness_close(*state);
	return 0;
}

static void boot(struct harness *h, const char *name)
{
	struct test_image image;

	test_image_make(&image, payload_ready, payload_ready_words);
	strcpy((char *)image.header.name, name);
	test_image_sign(&image);
	harness_free_all(h);
	harness_boot(h, &image, image.size, 0);
	assert_true(harness_wait_state(h, TSR_HW_STATE_READY));
}

/* Return: TSR_HW_QUOTE_* once it is decided. */
static uint32_t ask(struct harness *h, uint64_t address)
{
	uint32_t status;

	for (unsigned int i = 0; i < sizeof(nonce) / 4; i++) {
		uint32_t word;

		memcpy(&word, nonce + 4ul * i, sizeof(word));
		harness_write32(h, TSR_HW_REG_QUOTE_NONCE + 4ull * i, word);
	}
	harness_write64(h, TSR_HW_REG_QUOTE_ADDR_LO, address);
	harness_write32(h, TSR_HW_REG_QUOTE_GO, 1);
	do {
		status = harness_read32(h, TSR_HW_REG_QUOTE_STATUS);
	} while (status == TSR_HW_QUOTE_BUSY);
	return status;
}

static struct tsr_hw_quote quote_of(struct harness *h)
{
	uint64_t at = harness_alloc(h, sizeof(struct tsr_hw_quote));
	struct tsr_hw_quote quote;

	assert_int_equal(ask(h, at), TSR_HW_QUOTE_DONE);
	memcpy(&quote, harness_at(h, at), sizeof(quote));
	return quote;
}

static const char *verify(const struct tsr_hw_quote *quote)
{
	return quote_verify(quote, sizeof(*quote), root, nonce);
}

static void read_registers(struct harness *h, uint64_t offset, void *to, size_t size)
{
	for (size_t at = 0; at < size; at += 4) {
		uint32_t word = harness_read32(h, offset + at);

		memcpy((char *)to + at, &word, sizeof(word));
	}
}

static void a_quote_states_what_the_device_is_and_runs(void **state)
{
	uint8_t measurement[32], key[32], hash[crypto_hash_sha256_BYTES];
	struct tsr_hw_fuses fuses;
	struct tsr_hw_quote quote;
	struct harness *h = *state;

	boot(h, "first");
	quote = quote_of(h);
	assert_null(verify(&quote));
	read_registers(h, TSR_HW_REG_MEASUREMENT, measurement, sizeof(measurement));
	read_registers(h, TSR_HW_REG_DEVICE_KEY, key, sizeof(key));
	read_registers(h, TSR_HW_REG_FUSES, &fuses, sizeof(fuses));
	crypto_hash_sha256(hash, (const uint8_t *)&fuses, sizeof(fuses));
	assert_memory_equal(quote.measurement, measurement, sizeof(measurement));
	assert_memory_equal(quote.device_key, key, sizeof(key));
	assert_memory_equal(quote.fuses, hash, sizeof(hash));
	assert_int_equal(quote.serial, fuses.serial);
	assert_int_equal(quote.boot_counter, 1);
	assert_int_equal(quote.security_version, fuses.rollback_min);
	assert_int_equal(quote.flags, TSR_HW_QUOTE_FLAG_VIRTUAL | TSR_HW_QUOTE_FLAG_DEVELOPMENT);
}

static void every_flipped_bit_is_refused(void **state)
{
	struct harness *h = *state;
	struct tsr_hw_quote quote;

	boot(h, "flipped");
	quote = quote_of(h);
	for (unsigned int bit = 0; bit < 8 * sizeof(quote); bit++) {
		uint8_t *byte = (uint8_t *)&quote + bit / 8;

		*byte ^= 1u << bit % 8;
		assert_non_null(verify(&quote));
		*byte ^= 1u << bit % 8;
	}
	assert_null(verify(&quote));
	assert_non_null(quote_verify(&quote, sizeof(quote) - 1, root, nonce));
}

static void another_root_or_nonce_is_refused(void **state)
{
	uint8_t other[QUOTE_KEY_BYTES], private_key[crypto_sign_SECRETKEYBYTES];
	struct harness *h = *state;
	struct tsr_hw_quote quote;

	boot(h, "other");
	quote = quote_of(h);
	crypto_sign_keypair(other, private_key);
	assert_string_equal(quote_verify(&quote, sizeof(quote), other, nonce),
			    "this root has not certified the device");
	memset(other, 0, sizeof(other));
	assert_string_equal(quote_verify(&quote, sizeof(quote), root, other),
			    "the quote repeats another nonce");
}

/* What one device says of its image is not said by another one, nor of another image. */
static void parts_of_two_quotes_do_not_make_one(void **state)
{
	struct harness *h = *state;
	struct tsr_hw_quote first, second, mixed;

	boot(h, "one");
	first = quote_of(h);
	assert_true(harness_reset(h));
	boot(h, "two");
	second = quote_of(h);
	assert_null(verify(&second));
	assert_int_equal(second.boot_counter, 2);
	assert_memory_equal(first.identity_key, second.identity_key, 32);
	assert_memory_not_equal(first.device_key, second.device_key, 32);
	mixed = first;
	memcpy(mixed.measurement, second.measurement, sizeof(mixed.measurement));
	assert_non_null(verify(&mixed));
	mixed = first;
	memcpy(mixed.endorsement, second.endorsement, sizeof(mixed.endorsement));
	assert_string_equal(verify(&mixed), "the device has not endorsed the key for this image");
	mixed = second;
	memcpy(mixed.signature, first.signature, sizeof(mixed.signature));
	assert_string_equal(verify(&mixed), "the signature is not of these bytes");
}

static void without_an_image_there_is_no_quote(void **state)
{
	struct harness *h = *state;
	uint64_t at = harness_alloc(h, sizeof(struct tsr_hw_quote));
	const struct tsr_hw_quote none = { 0 };

	assert_int_equal(harness_read32(h, TSR_HW_REG_QUOTE_STATUS), TSR_HW_QUOTE_IDLE);
	assert_int_equal(ask(h, at), TSR_HW_QUOTE_NOT_READY);
	assert_int_equal(harness_boot(h, &none, 4, 0), TSR_HW_STATE_BOOT_FAILED);
	assert_int_equal(ask(h, at), TSR_HW_QUOTE_NOT_READY);
	assert_true(harness_reset(h));
	boot(h, "later");
	assert_true(harness_reset(h));
	assert_int_equal(harness_read32(h, TSR_HW_REG_QUOTE_STATUS), TSR_HW_QUOTE_IDLE);
	harness_free_all(h);
	at = harness_alloc(h, sizeof(none));
	assert_int_equal(ask(h, at), TSR_HW_QUOTE_NOT_READY);
	assert_memory_equal(harness_at(h, at), &none, sizeof(none));
}

static void a_core_that_stopped_is_quoted(void **state)
{
	struct harness *h = *state;
	struct tsr_hw_quote quote;

	boot(h, "stopped");
	assert_true(harness_command(h, "inject firmware-crash"));
	assert_true(harness_wait_state(h, TSR_HW_STATE_FATAL));
	quote = quote_of(h);
	assert_null(verify(&quote));
}

static void a_quote_is_written_to_memory_only(void **state)
{
	struct harness *h = *state;
	struct tsr_hw_quote quote;
	uint64_t at;

	boot(h, "memory");
	at = harness_alloc(h, sizeof(struct tsr_hw_quote));
	assert_int_equal(ask(h, at + 4), TSR_HW_QUOTE_BAD_ADDRESS);
	assert_int_equal(ask(h, 1ull << 50), TSR_HW_QUOTE_BAD_ADDRESS);
	harness_bus_master(h, false);
	assert_int_equal(ask(h, at), TSR_HW_QUOTE_BAD_ADDRESS);
	harness_bus_master(h, true);
	quote = quote_of(h);
	assert_null(verify(&quote));
}

/* ---- quotes that the test signs -------------------------------------------------- */

/* Pairs of root, device, and device and image. */
struct keys {
	uint8_t open[3][crypto_sign_PUBLICKEYBYTES];
	uint8_t secret[3][crypto_sign_SECRETKEYBYTES];
};

static void make_keys(struct keys *keys, bool models)
{
	for (unsigned int i = 0; i < 3; i++)
		crypto_sign_keypair(keys->open[i], keys->secret[i]);
	if (models)
		crypto_sign_seed_keypair(keys->open[0], keys->secret[0],
					 (const uint8_t *)TSR_HW_QUOTE_VIRTUAL_ROOT);
}

/* What a quote says, and what is said otherwise in the two structures that are not in it. */
struct claims {
	uint16_t version;
	uint32_t flags;
	uint32_t certified_flags;
	uint32_t endorsed_flags;
	uint64_t certified_serial;
	uint64_t endorsed_serial;
};

static const struct claims good = { TSR_HW_QUOTE_VERSION, 1, 1, 1, 9, 9 };

static struct tsr_hw_quote sign_all(const struct keys *keys, const struct claims *claims)
{
	struct tsr_hw_quote quote = {
		.magic = TSR_HW_QUOTE_MAGIC, .version = claims->version, .size = sizeof(quote),
		.flags = claims->flags, .serial = 9,
	};
	struct tsr_hw_quote_endorsement endorsement = {
		.magic = TSR_HW_QUOTE_ENDORSEMENT_MAGIC, .flags = claims->endorsed_flags,
		.serial = claims->endorsed_serial,
	};
	struct tsr_hw_quote_certificate certificate = {
		.magic = TSR_HW_QUOTE_CERTIFICATE_MAGIC, .flags = claims->certified_flags,
		.serial = claims->certified_serial,
	};

	memcpy(quote.nonce, nonce, sizeof(nonce));
	memcpy(quote.device_key, keys->open[2], 32);
	memcpy(quote.identity_key, keys->open[1], 32);
	memcpy(endorsement.device_key, keys->open[2], 32);
	memcpy(certificate.identity_key, keys->open[1], 32);
	crypto_sign_detached(quote.signature, NULL, (const uint8_t *)&quote,
			     offsetof(struct tsr_hw_quote, signature), keys->secret[2]);
	crypto_sign_detached(quote.endorsement, NULL, (const uint8_t *)&endorsement,
			     sizeof(endorsement), keys->secret[1]);
	crypto_sign_detached(quote.certificate, NULL, (const uint8_t *)&certificate,
			     sizeof(certificate), keys->secret[0]);
	return quote;
}

static bool holds(const struct keys *keys, const struct claims *claims)
{
	struct tsr_hw_quote quote = sign_all(keys, claims);

	return !quote_verify(&quote, sizeof(quote), keys->open[0], nonce);
}

/* Everybody can sign with the root of models, so that much of what is signed there is a lie. */
static void well_signed_lies_are_refused(void **state)
{
	static const struct claims lies[] = {
		{ TSR_HW_QUOTE_VERSION + 1, 1, 1, 1, 9, 9 },
		{ TSR_HW_QUOTE_VERSION, 5, 5, 5, 9, 9 },
		{ TSR_HW_QUOTE_VERSION, 1, 3, 1, 9, 9 }, { TSR_HW_QUOTE_VERSION, 1, 1, 3, 9, 9 },
		{ TSR_HW_QUOTE_VERSION, 1, 1, 1, 8, 9 }, { TSR_HW_QUOTE_VERSION, 1, 1, 1, 9, 8 },
	};
	const struct claims silicon = { TSR_HW_QUOTE_VERSION, 0, 0, 0, 9, 9 };
	struct keys keys;

	(void)state;
	for (unsigned int models = 0; models < 2; models++) {
		make_keys(&keys, models);
		assert_true(holds(&keys, &good));
		assert_int_equal(holds(&keys, &silicon), !models);
		for (unsigned int i = 0; i < sizeof(lies) / sizeof(lies[0]); i++)
			assert_false(holds(&keys, &lies[i]));
	}
}

static void each_byte_of_the_nonce_counts(void **state)
{
	struct tsr_hw_quote quote;
	struct keys keys;

	(void)state;
	make_keys(&keys, false);
	quote = sign_all(&keys, &good);
	for (unsigned int i = 0; i < sizeof(nonce); i++) {
		nonce[i] ^= 1;
		assert_non_null(quote_verify(&quote, sizeof(quote), keys.open[0], nonce));
		nonce[i] ^= 1;
	}
	assert_null(quote_verify(&quote, sizeof(quote), keys.open[0], nonce));
}

/* ---- an image that starts meanwhile ---------------------------------------------- */

#define EPOCH 3u

static struct {
	struct quoter *quoter;
	struct regs *regs;
} starting;

void __real_regs_quote(struct regs *regs, struct regs_quote *quote);
void __wrap_regs_quote(struct regs *regs, struct regs_quote *quote);

/* The ROM is done just behind the look at the registers. */
void __wrap_regs_quote(struct regs *regs, struct regs_quote *quote)
{
	const struct regs_identity identity = { .measurement = { 1 } };

	__real_regs_quote(regs, quote);
	if (!starting.quoter)
		return;
	regs_set_identity(starting.regs, EPOCH, &identity);
	quoter_started(starting.quoter, EPOCH, 1, 1);
}

static void an_image_that_starts_meanwhile_is_not_quoted(void **state)
{
	static const uint8_t secret[STATE_SECRET_BYTES];
	static struct tsr_hw_fuses fuses;
	static struct asid_table asids;
	static struct counters counters;
	static atomic_ullong cycles;

	(void)state;
	starting.regs = regs_create(&(struct regs_config){
		.fuses = &fuses, .asids = &asids, .counters = &counters, .cycles = &cycles,
	});
	assert_non_null(starting.regs);
	regs_reset_begin(starting.regs, EPOCH);
	regs_reset_end(starting.regs, EPOCH);
	starting.quoter = quoter_create(&(struct quoter_config){
		.regs = starting.regs, .secret = secret,
	});
	assert_non_null(starting.quoter);
	quoter_run(starting.quoter);
	assert_int_equal(regs_read(starting.regs, TSR_HW_REG_QUOTE_STATUS, 4),
			 TSR_HW_QUOTE_NOT_READY);
	quoter_destroy(starting.quoter);
	starting.quoter = NULL;
	regs_destroy(starting.regs);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_quote_states_what_the_device_is_and_runs, setup,
						teardown),
		cmocka_unit_test_setup_teardown(every_flipped_bit_is_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(another_root_or_nonce_is_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(parts_of_two_quotes_do_not_make_one, setup,
						teardown),
		cmocka_unit_test_setup_teardown(without_an_image_there_is_no_quote, setup,
						teardown),
		cmocka_unit_test_setup_teardown(a_core_that_stopped_is_quoted, setup, teardown),
		cmocka_unit_test_setup_teardown(a_quote_is_written_to_memory_only, setup, teardown),
		cmocka_unit_test(well_signed_lies_are_refused),
		cmocka_unit_test(each_byte_of_the_nonce_counts),
		cmocka_unit_test(an_image_that_starts_meanwhile_is_not_quoted),
	};

	if (sodium_init() < 0)
		return 1;
	return cmocka_run_group_tests_name("vnpu: quote", tests, NULL, NULL);
}
