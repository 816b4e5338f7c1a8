// SPDX-License-Identifier: MIT
/* What is burnt into a unit, the file of its key, and the identity that both give it. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <sodium.h>

#include <tsr_hw/fuse.h>

#include "boot/fuses.h"
#include "boot/identity.h"
#include "boot/state.h"
#include "cmocka_prelude.h"
#include "own_folder.h"
#include "register/regs.h"
#include "tile/sku.h"

#define FILE_PATH "hash"
#define DIGITS "00112233445566778899aabbccddeeff0123456789abcdefFEDCBA9876543210"

static int read_text(const char *text, uint8_t *hash, char *error)
{
	FILE *file = fopen(FILE_PATH, "we");

	assert_non_null(file);
	fputs(text, file);
	fclose(file);
	return fuses_read_key_hash(FILE_PATH, hash, error, 256);
}

static void a_key_hash_is_64_digits_and_what_follows_does_not_count(void **state)
{
	static const uint8_t expected[] = {
		0x00, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88, 0x99, 0xaa, 0xbb, 0xcc, 0xdd,
		0xee, 0xff, 0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef, 0xfe, 0xdc, 0xba, 0x98,
		0x76, 0x54, 0x32, 0x10,
	};
	static const char *const good[] = { DIGITS, DIGITS "\n", DIGITS "00", DIGITS " a name" };
	char error[256];

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		uint8_t hash[33] = { 0 };

		hash[32] = 0x77;
		assert_int_equal(read_text(good[i], hash, error), 0);
		assert_memory_equal(hash, expected, 32);
		assert_int_equal(hash[32], 0x77);
	}
}

static void a_file_of_another_form_is_refused(void **state)
{
	static const char *const bad[] = {
		"", "00", "0011223344556677", " " DIGITS, "x" DIGITS,
		"00112233445566778899aabbccddeeff0123456789abcdefFEDCBA987654321",
		"00112233445566778899aabbccddeeff0123456789abcdefFEDCBA98765432\n",
		"00112233445566778899aabbccddeeff0123456789abcdefFEDCBA987654321g",
	};
	uint8_t hash[32];
	char error[256];

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(read_text(bad[i], hash, error), -EINVAL);
		assert_string_equal(error, "key hash file " FILE_PATH " does not begin with 64 "
				    "hexadecimal digits: it must hold the SHA-256 of the firmware's "
				    "public key");
	}
	unlink(FILE_PATH);
	assert_int_equal(fuses_read_key_hash(FILE_PATH, hash, error, sizeof(error)), -ENOENT);
	assert_string_equal(error, "key hash file " FILE_PATH " cannot be read: No such file or "
			    "directory");
}

static void fuses_are_the_product_s_and_the_unit_s(void **state)
{
	struct state *unit = state_make_volatile(0x1234567890, 7);
	struct tsr_hw_fuses fuses, expected;
	uint8_t key_hash[32];
	char error[256];
	struct sku *sku;

	(void)state;
	memset(key_hash, 0x3c, sizeof(key_hash));
	assert_int_equal(sku_load(VNPU_SKUS "/server.json", &sku, error, sizeof(error)), 0);
	fuses_init(&fuses, sku, unit, key_hash);
	expected = *sku_fuses(sku);
	expected.serial = 0x1234567890;
	expected.rollback_min = 7;
	expected.lifecycle = TSR_HW_LIFECYCLE_DEVELOPMENT;
	memset(expected.key_hash, 0x3c, sizeof(expected.key_hash));
	assert_memory_equal(&fuses, &expected, sizeof(fuses));
	state_close(unit);
	sku_free(sku);
}

/* As the header says it: from the secret, the life cycle and the image's measurement alone. */
static void a_device_key_is_derived_as_it_is_documented(void **state)
{
	static const char label[] = "tessera device key 2";
	static const uint8_t image[] = "an image";
	uint8_t secret[STATE_SECRET_BYTES], seed[32], public_key[32], private_key[64];
	uint8_t text[sizeof(label) - 1 + 4 + 32] = { 0 }, *hash = text + sizeof(text) - 32;
	struct regs_identity identity;

	(void)state;
	for (size_t i = 0; i < sizeof(secret); i++)
		secret[i] = (uint8_t)(i * 3 + 1);
	identity_derive(&identity, image, sizeof(image), secret, 0x0102);
	memcpy(text, label, sizeof(label) - 1);
	memcpy(text + sizeof(label) - 1, "\2\1", 2);
	crypto_hash_sha256(hash, image, sizeof(image));
	assert_memory_equal(identity.measurement, hash, 32);
	crypto_generichash(seed, sizeof(seed), text, sizeof(text), secret, sizeof(secret));
	crypto_sign_seed_keypair(public_key, private_key, seed);
	assert_memory_equal(identity.device_key, public_key, 32);
}

/* The label and the life cycle alone; another one of these is another key. */
static void the_key_of_a_device_is_derived_as_it_is_documented(void **state)
{
	static const uint8_t text[] = "tessera identity key 1\2\1\0";
	uint8_t secret[STATE_SECRET_BYTES] = { 7 }, seed[32], key[32], expected[32];
	uint8_t private_key[64];

	(void)state;
	crypto_generichash(seed, sizeof(seed), text, sizeof(text), secret, sizeof(secret));
	crypto_sign_seed_keypair(expected, private_key, seed);
	identity_own_pair(secret, 0x0102, key, private_key);
	assert_memory_equal(key, expected, sizeof(key));
	identity_own_pair(secret, 0x0103, key, private_key);
	assert_memory_not_equal(key, expected, sizeof(key));
	secret[0]++;
	identity_own_pair(secret, 0x0102, key, private_key);
	assert_memory_not_equal(key, expected, sizeof(key));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_key_hash_is_64_digits_and_what_follows_does_not_count),
		cmocka_unit_test(a_file_of_another_form_is_refused),
		cmocka_unit_test(fuses_are_the_product_s_and_the_unit_s),
		cmocka_unit_test(a_device_key_is_derived_as_it_is_documented),
		cmocka_unit_test(the_key_of_a_device_is_derived_as_it_is_documented),
	};

	if (sodium_init() < 0)
		return 1;
	own_folder_enter();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
