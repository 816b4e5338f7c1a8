// SPDX-License-Identifier: MIT
/* The boot ROM refuses every damaged image, each with the status the manual gives it. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <sodium.h>

#include <tsr_hw/boot.h>
#include <tsr_hw/core.h>
#include <tsr_hw/fuse.h>
#include <tsr_hw/registers.h>

#include "cmocka_prelude.h"
#include "harness.h"
#include "payload.h"
#include "test_image.h"

static struct test_image good_image(void)
{
	struct test_image image;

	test_image_make(&image, payload_ready, payload_ready_words);
	return image;
}

static uint32_t boot_status(struct harness *h)
{
	return harness_read32(h, TSR_HW_REG_BOOT_STATUS);
}

/* Boot what must be refused; back in state RESET afterwards. */
static uint32_t refusal(struct harness *h, const void *image, size_t size)
{
	uint32_t status;

	harness_free_all(h);
	assert_int_equal(harness_boot(h, image, size, 0), TSR_HW_STATE_BOOT_FAILED);
	status = boot_status(h);
	assert_true(harness_reset(h));
	return status;
}

static void boots(struct harness *h, const struct test_image *image)
{
	harness_free_all(h);
	harness_boot(h, image, image->size, 0);
	assert_true(harness_wait_state(h, TSR_HW_STATE_READY));
}

static int setup(void **state)
{
	*state = harness_open(&(struct harness_options){ 0 });
	return *state ? 0 : -1;
}

static int teardown(void **state)
{
	harness_close(*state);
	return 0;
}

static void good_image_boots_and_raises_the_control_vector(void **state)
{
	struct test_image image = good_image();
	struct harness *h = *state;

	boots(h, &image);
	assert_int_equal(boot_status(h), TSR_HW_BOOT_OK);
	assert_true(harness_wait_irq(h, 0));
}

static void every_truncation_is_refused(void **state)
{
	struct test_image image = good_image();
	struct harness *h = *state;

	for (size_t size = 0; size < image.size; size++)
		assert_int_equal(refusal(h, &image, size), TSR_HW_BOOT_BAD_SIZE);
	boots(h, &image);
}

struct field_status {
	size_t first;
	size_t end;
	uint32_t status;
};

#define FIELD(member, status) \
	{ offsetof(struct tsr_hw_image_header, member), \
	  offsetof(struct tsr_hw_image_header, member) + \
	  sizeof(((struct tsr_hw_image_header *)0)->member), status }

/* A flip in any other byte is found by the signature. */
static const struct field_status fields[] = {
	FIELD(magic, TSR_HW_BOOT_BAD_MAGIC),
	FIELD(header_version, TSR_HW_BOOT_BAD_HEADER),
	FIELD(header_size, TSR_HW_BOOT_BAD_HEADER),
	FIELD(mbz0, TSR_HW_BOOT_BAD_HEADER),
	FIELD(mbz, TSR_HW_BOOT_BAD_HEADER),
	FIELD(image_size, TSR_HW_BOOT_BAD_SIZE),
	FIELD(public_key, TSR_HW_BOOT_BAD_KEY),
};

static uint32_t flipped_status(size_t byte)
{
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (byte >= fields[i].first && byte < fields[i].end)
			return fields[i].status;
	return TSR_HW_BOOT_BAD_SIGNATURE;
}

static void every_flipped_bit_of_header_and_signature_is_refused(void **state)
{
	struct test_image image = good_image();
	struct harness *h = *state;
	uint8_t *bytes = (uint8_t *)&image.header;

	for (size_t bit = 0; bit < 8 * sizeof(image.header); bit++) {
		bytes[bit / 8] ^= 1u << bit % 8;
		assert_int_equal(refusal(h, &image, image.size), flipped_status(bit / 8));
		bytes[bit / 8] ^= 1u << bit % 8;
	}
	boots(h, &image);
}

static void flipped_payload_is_refused(void **state)
{
	struct test_image image = good_image();
	struct harness *h = *state;

	for (size_t bit = 0; bit < 8 * (image.size - sizeof(image.header)); bit += 7) {
		image.payload[bit / 8] ^= 1u << bit % 8;
		assert_int_equal(refusal(h, &image, image.size), TSR_HW_BOOT_BAD_SIGNATURE);
		image.payload[bit / 8] ^= 1u << bit % 8;
	}
}

static void image_of_a_foreign_key_is_refused(void **state)
{
	struct test_image image = good_image();
	uint8_t private_key[crypto_sign_SECRETKEYBYTES];
	struct harness *h = *state;

	crypto_sign_keypair(image.header.public_key, private_key);
	assert_int_equal(refusal(h, &image, image.size), TSR_HW_BOOT_BAD_KEY);
}

static void image_for_other_hardware_is_refused(void **state)
{
	struct test_image image = good_image();
	struct harness *h = *state;

	image.header.hw_major = 2;
	test_image_sign(&image);
	assert_int_equal(refusal(h, &image, image.size), TSR_HW_BOOT_BAD_HARDWARE);
}

static void load_range_and_entry_must_fit(void **state)
{
	static const uint32_t bad[][2] = {
		{ TSR_HW_SRAM_BASE - 4, TSR_HW_SRAM_BASE },
		{ TSR_HW_SRAM_BASE + TSR_HW_SRAM_SIZE - 4,
		  TSR_HW_SRAM_BASE + TSR_HW_SRAM_SIZE - 4 },
		{ 0, 0 },
		{ 0xfffffff0u, 0xfffffff0u },
		{ TSR_HW_SRAM_BASE, TSR_HW_SRAM_BASE + 1 },
		{ TSR_HW_SRAM_BASE, TSR_HW_SRAM_BASE + 0x10000 },
		{ TSR_HW_SRAM_BASE + 64, TSR_HW_SRAM_BASE },
	};
	struct test_image image = good_image();
	struct harness *h = *state;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		image.header.load_addr = bad[i][0];
		image.header.entry = bad[i][1];
		test_image_sign(&image);
		assert_int_equal(refusal(h, &image, image.size), TSR_HW_BOOT_BAD_LOAD);
	}
}

static void unreadable_image_is_refused(void **state)
{
	struct harness *h = *state;

	harness_write64(h, TSR_HW_REG_FW_ADDR_LO, 0x1000);
	harness_write32(h, TSR_HW_REG_FW_SIZE, 0x1000);
	harness_write32(h, TSR_HW_REG_BOOT_GO, 1);
	assert_true(harness_wait_state(h, TSR_HW_STATE_BOOT_FAILED));
	assert_int_equal(boot_status(h), TSR_HW_BOOT_BAD_ADDRESS);
}

static void rollback_is_refused_also_after_power_off(void **state)
{
	struct test_image old = good_image();
	struct test_image new = good_image();
	struct harness *h = *state;

	new.header.security_version = 7;
	test_image_sign(&new);
	boots(h, &new);
	assert_int_equal(harness_read32(h, TSR_HW_REG_FUSES +
				offsetof(struct tsr_hw_fuses, rollback_min)), 7);
	assert_true(harness_reset(h));
	assert_int_equal(refusal(h, &old, old.size), TSR_HW_BOOT_ROLLBACK);
	assert_true(harness_power_cycle(h));
	harness_free_all(h);
	assert_int_equal(harness_boot(h, &old, old.size, 0), TSR_HW_STATE_BOOT_FAILED);
	assert_int_equal(boot_status(h), TSR_HW_BOOT_ROLLBACK);
	assert_int_equal(harness_read32(h, TSR_HW_REG_BOOT_DETAIL), 7);
	assert_true(harness_reset(h));
	boots(h, &new);
}

/* The payload waits for a word in host memory and checks itself against what was signed. */
static void change_in_host_memory_after_the_copy_has_no_effect(void **state)
{
	struct test_image image = good_image();
	struct harness *h = *state;
	uint32_t before[8];
	uint64_t at;

	boots(h, &image);
	for (int i = 0; i < 8; i++)
		before[i] = harness_read32(h, TSR_HW_REG_MEASUREMENT + 4 * (uint64_t)i);
	assert_true(harness_reset(h));
	harness_free_all(h);
	test_image_make(&image, payload_wait, payload_wait_words);
	at = harness_alloc(h, image.size);
	memcpy(harness_at(h, at), &image, image.size);
	harness_write64(h, TSR_HW_REG_FW_ADDR_LO, at);
	harness_write32(h, TSR_HW_REG_FW_SIZE, (uint32_t)image.size);
	harness_write32(h, TSR_HW_REG_BOOT_GO, 1);
	assert_true(harness_wait_state(h, TSR_HW_STATE_STARTING));
	memset(harness_at(h, at), 0xff, image.size);
	/* The bell lets the payload, of which the host holds nothing any more, go on. */
	harness_doorbell(h, 0, 0);
	assert_true(harness_wait_state(h, TSR_HW_STATE_READY));
	assert_int_not_equal(before[0], harness_read32(h, TSR_HW_REG_MEASUREMENT));
}

static void identity(struct harness *h, uint32_t *words)
{
	for (int i = 0; i < 16; i++)
		words[i] = harness_read32(h, TSR_HW_REG_MEASUREMENT + 4 * (uint64_t)i);
}

static void measurement_and_key_belong_to_image_and_device(void **state)
{
	struct test_image image = good_image();
	uint8_t hash[crypto_hash_sha256_BYTES];
	struct harness *h = *state;
	uint32_t first[16];
	uint32_t again[16];
	uint32_t zero[16] = { 0 };

	boots(h, &image);
	identity(h, first);
	crypto_hash_sha256(hash, (const uint8_t *)&image, image.size);
	assert_memory_equal(first, hash, sizeof(hash));
	assert_true(harness_reset(h));
	identity(h, again);
	assert_memory_equal(again, zero, sizeof(zero));
	boots(h, &image);
	identity(h, again);
	assert_memory_equal(first, again, sizeof(first));
	assert_true(harness_reset(h));
	strcpy((char *)image.header.name, "another");
	test_image_sign(&image);
	boots(h, &image);
	identity(h, again);
	assert_memory_not_equal(first, again, 32);
	assert_memory_not_equal(first + 8, again + 8, 32);
}

/* No file of this process may become longer: the second state of a unit does not fit. */
static void limit_files(struct rlimit *before)
{
	struct rlimit limit;

	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, before), 0);
	limit = (struct rlimit){ 504, before->rlim_max };
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void state_that_cannot_be_written_stops_the_boot(void **state)
{
	struct test_image image = good_image();
	struct harness *h = *state;
	struct rlimit before;

	limit_files(&before);
	assert_int_equal(harness_boot(h, &image, image.size, 0), TSR_HW_STATE_BOOT_FAILED);
	assert_int_equal(boot_status(h), TSR_HW_BOOT_STATE_FILE);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	assert_true(harness_reset(h));
	boots(h, &image);
}

#define ROM_TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ROM_TEST(good_image_boots_and_raises_the_control_vector),
		ROM_TEST(every_truncation_is_refused),
		ROM_TEST(every_flipped_bit_of_header_and_signature_is_refused),
		ROM_TEST(flipped_payload_is_refused),
		ROM_TEST(image_of_a_foreign_key_is_refused),
		ROM_TEST(image_for_other_hardware_is_refused),
		ROM_TEST(load_range_and_entry_must_fit),
		ROM_TEST(unreadable_image_is_refused),
		ROM_TEST(rollback_is_refused_also_after_power_off),
		ROM_TEST(change_in_host_memory_after_the_copy_has_no_effect),
		ROM_TEST(measurement_and_key_belong_to_image_and_device),
		ROM_TEST(state_that_cannot_be_written_stops_the_boot),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
