// SPDX-License-Identifier: MIT
/* The boot ROM and the ordinary image: whatever is wrong with it, and that it runs afterwards. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include <tsr_hw/error.h>
#include <tsr_hw/image.h>
#include <tsr_hw/registers.h>

#include "cmocka_prelude.h"
#include "harness.h"
#include "host.h"

struct fixture {
	struct host_image *image;
	struct host *host;
};

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	f->image = host_read_image("TESSERA_FIRMWARE");
	f->host = host_open(NULL, f->image);
	*state = f;
	return 0;
}

static void runs_a_job(struct host *host)
{
	void *memory = host_space(host, 1);
	struct tsr_hw_job job = host_graph(memory, 3, true);

	host_queue(host, 1, 1, TSR_HW_PRIORITY_NORMAL, 0);
	assert_int_equal(host_wait(host, 1, host_submit(host, 1, &job)).error, TSR_HW_ERR_NONE);
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	host_close(f->host);
	free(f->image);
	free(f);
	return 0;
}

/* Whatever was tried before, the good image boots on this device and works. */
static void good_image_works(struct fixture *f)
{
	assert_int_equal(host_start(f->host, f->image->bytes, f->image->size), TSR_HW_STATE_READY);
	runs_a_job(f->host);
}

static void expect_refusal(struct fixture *f, const void *bytes, size_t size, uint32_t status)
{
	struct harness *h = host_harness(f->host);

	assert_int_equal(host_start(f->host, bytes, size), TSR_HW_STATE_BOOT_FAILED);
	assert_int_equal(harness_read32(h, TSR_HW_REG_BOOT_STATUS), status);
	assert_true(harness_reset(h));
}

/* The ROM's own tests take every length of a smaller image. */
static bool length_matters(size_t size, size_t whole)
{
	return size < 2 * sizeof(struct tsr_hw_image_header) || size % 13 == 0 || whole - size < 64;
}

static void truncations_are_refused(void **state)
{
	struct fixture *f = *state;

	for (size_t size = 0; size < f->image->size; size++) {
		if (length_matters(size, f->image->size))
			expect_refusal(f, f->image->bytes, size, TSR_HW_BOOT_BAD_SIZE);
	}
	good_image_works(f);
}

/* A difference below zero is a large one. */
#define IN(member) \
	(at - offsetof(struct tsr_hw_image_header, member) < \
	 sizeof(((struct tsr_hw_image_header *)0)->member))

static uint32_t status_of_damage(size_t at)
{
	if (IN(magic))
		return TSR_HW_BOOT_BAD_MAGIC;
	if (IN(header_version) || IN(header_size) || IN(mbz0) || IN(mbz))
		return TSR_HW_BOOT_BAD_HEADER;
	if (IN(image_size))
		return TSR_HW_BOOT_BAD_SIZE;
	if (IN(public_key))
		return TSR_HW_BOOT_BAD_KEY;
	return TSR_HW_BOOT_BAD_SIGNATURE;
}

static void every_flipped_bit_of_header_and_signature_is_refused(void **state)
{
	struct fixture *f = *state;
	uint8_t *bytes = f->image->bytes;

	for (size_t bit = 0; bit < 8 * sizeof(struct tsr_hw_image_header); bit++) {
		bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
		expect_refusal(f, bytes, f->image->size, status_of_damage(bit / 8));
		bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
	good_image_works(f);
}

static void flipped_bits_all_over_the_payload_are_refused(void **state)
{
	struct fixture *f = *state;
	uint8_t *bytes = f->image->bytes;

	for (size_t at = sizeof(struct tsr_hw_image_header); at < f->image->size; at += 16) {
		bytes[at] ^= (uint8_t)(1u << at / 16 % 8);
		expect_refusal(f, bytes, f->image->size, TSR_HW_BOOT_BAD_SIGNATURE);
		bytes[at] ^= (uint8_t)(1u << at / 16 % 8);
	}
	good_image_works(f);
}

static void a_rollback_is_refused_after_a_power_cycle_too(void **state)
{
	struct fixture *f = *state;
	struct harness *h = host_harness(f->host);
	struct host_image *newer = host_read_image("TESSERA_FIRMWARE_SECURITY_2");

	good_image_works(f);
	assert_true(harness_reset(h));
	assert_int_equal(host_start(f->host, newer->bytes, newer->size), TSR_HW_STATE_READY);
	assert_true(harness_reset(h));
	expect_refusal(f, f->image->bytes, f->image->size, TSR_HW_BOOT_ROLLBACK);
	assert_true(harness_power_cycle(h));
	assert_int_equal(host_start(f->host, f->image->bytes, f->image->size),
			 TSR_HW_STATE_BOOT_FAILED);
	assert_int_equal(harness_read32(h, TSR_HW_REG_BOOT_STATUS), TSR_HW_BOOT_ROLLBACK);
	assert_int_equal(harness_read32(h, TSR_HW_REG_BOOT_DETAIL), 2);
	assert_true(harness_reset(h));
	assert_int_equal(host_start(f->host, newer->bytes, newer->size), TSR_HW_STATE_READY);
	runs_a_job(f->host);
	free(newer);
}

static void other_images_are_refused(void **state)
{
	static const struct {
		const char *variable;
		uint32_t status;
	} others[] = {
		{ "TESSERA_FIRMWARE_UNTRUSTED", TSR_HW_BOOT_BAD_KEY },
		{ "TESSERA_FIRMWARE_HARDWARE_2", TSR_HW_BOOT_BAD_HARDWARE },
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		struct host_image *image = host_read_image(others[i].variable);

		expect_refusal(f, image->bytes, image->size, others[i].status);
		free(image);
	}
	good_image_works(f);
}

static uint8_t *image_in_host_memory(struct host *host, const struct host_image *image)
{
	uint64_t low = harness_read32(host_harness(host), TSR_HW_REG_FW_ADDR_LO);
	uint64_t high = harness_read32(host_harness(host), TSR_HW_REG_FW_ADDR_HI);
	uint8_t *bytes = harness_at(host_harness(host), high << 32 | low);

	assert_memory_equal(bytes, image->bytes, image->size);
	return bytes;
}

static void a_change_after_the_copy_has_no_effect(void **state)
{
	struct fixture *f = *state;
	uint8_t expected[crypto_hash_sha256_BYTES], measured[crypto_hash_sha256_BYTES];

	crypto_hash_sha256(expected, f->image->bytes, f->image->size);
	assert_int_equal(host_start(f->host, f->image->bytes, f->image->size), TSR_HW_STATE_READY);
	memset(image_in_host_memory(f->host, f->image), 0xff, f->image->size);
	runs_a_job(f->host);
	for (uint32_t i = 0; i < sizeof(measured); i += 4) {
		uint32_t word = harness_read32(host_harness(f->host), TSR_HW_REG_MEASUREMENT + i);

		memcpy(measured + i, &word, 4);
	}
	assert_memory_equal(measured, expected, sizeof(expected));
}

#define device_test(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		device_test(truncations_are_refused),
		device_test(every_flipped_bit_of_header_and_signature_is_refused),
		device_test(flipped_bits_all_over_the_payload_are_refused),
		device_test(a_rollback_is_refused_after_a_power_cycle_too),
		device_test(other_images_are_refused),
		device_test(a_change_after_the_copy_has_no_effect),
	};

	return cmocka_run_group_tests_name("refused firmware images", tests, NULL, NULL);
}
