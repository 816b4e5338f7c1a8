// SPDX-License-Identifier: MIT
/* The ROM's checks alone: each limit of an image, on both sides. test_rom.c has damaged ones. */
#include <string.h>

#include <sodium.h>

#include <tsr_hw/boot.h>
#include <tsr_hw/core.h>

#include "boot/image.h"
#include "cmocka_prelude.h"
#include "payload.h"
#include "test_image.h"

#define SRAM_END (TSR_HW_SRAM_BASE + TSR_HW_SRAM_SIZE)

static uint8_t key_hash[32];

static struct test_image good_image(void)
{
	struct test_image image;

	test_image_make(&image, payload_ready, payload_ready_words);
	return image;
}

static uint32_t verdict(struct test_image *image, uint32_t rollback_min, uint32_t *detail)
{
	const struct image_policy policy = { key_hash, rollback_min };

	*detail = 0xdead;
	return image_verify(image, image->size, &policy, detail);
}

/* Of an image that is changed and signed again. */
static uint32_t verdict_of(struct test_image *image)
{
	uint32_t detail, status;

	test_image_sign(image);
	status = verdict(image, 0, &detail);
	assert_int_equal(detail, 0);
	return status;
}

static void sizes_go_from_a_header_to_the_most(void **state)
{
	const size_t least = sizeof(struct tsr_hw_image_header);

	(void)state;
	assert_false(image_size_valid(0));
	assert_false(image_size_valid(least - 1));
	assert_true(image_size_valid(least));
	assert_true(image_size_valid(TSR_HW_IMAGE_MAX_SIZE));
	assert_false(image_size_valid(TSR_HW_IMAGE_MAX_SIZE + 1));
}

static void an_image_lies_in_the_sram(void **state)
{
	struct test_image image = good_image();
	uint32_t payload = (uint32_t)(image.size - sizeof(image.header));
	const struct {
		uint32_t load;
		uint32_t status;
	} rows[] = {
		{ TSR_HW_SRAM_BASE, 0 },
		{ TSR_HW_SRAM_BASE - 2, TSR_HW_BOOT_BAD_LOAD },
		{ SRAM_END - payload, 0 },
		{ SRAM_END - payload + 2, TSR_HW_BOOT_BAD_LOAD },
		{ SRAM_END, TSR_HW_BOOT_BAD_LOAD },
		{ SRAM_END + 2, TSR_HW_BOOT_BAD_LOAD },
		{ 0, TSR_HW_BOOT_BAD_LOAD },
		{ 0xfffffffe, TSR_HW_BOOT_BAD_LOAD },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		image.header.load_addr = rows[i].load;
		image.header.entry = rows[i].load;
		assert_int_equal(verdict_of(&image), rows[i].status);
	}
}

static void it_is_entered_at_an_instruction_of_its_own(void **state)
{
	struct test_image image = good_image();
	uint32_t payload = (uint32_t)(image.size - sizeof(image.header));
	const uint32_t load = TSR_HW_SRAM_BASE + 0x1000;
	const struct {
		uint32_t entry;
		uint32_t status;
	} rows[] = {
		{ load, 0 },
		{ load - 2, TSR_HW_BOOT_BAD_LOAD },
		{ load + 1, TSR_HW_BOOT_BAD_LOAD },
		{ load + 2, 0 },
		{ load + payload - 2, 0 },
		{ load + payload, TSR_HW_BOOT_BAD_LOAD },
		{ 0, TSR_HW_BOOT_BAD_LOAD },
	};

	(void)state;
	image.header.load_addr = load;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		image.header.entry = rows[i].entry;
		assert_int_equal(verdict_of(&image), rows[i].status);
	}
}

static void the_least_version_is_good_enough(void **state)
{
	struct test_image image = good_image();
	uint32_t detail;

	(void)state;
	image.header.security_version = 7;
	test_image_sign(&image);
	assert_int_equal(verdict(&image, 6, &detail), 0);
	assert_int_equal(detail, 0);
	assert_int_equal(verdict(&image, 7, &detail), 0);
	assert_int_equal(verdict(&image, 8, &detail), TSR_HW_BOOT_ROLLBACK);
	assert_int_equal(detail, 8);
}

static void the_hardware_is_of_version_1(void **state)
{
	struct test_image image = good_image();

	(void)state;
	for (uint32_t major = 0; major < 4; major++) {
		image.header.hw_major = (uint16_t)major;
		assert_int_equal(verdict_of(&image), major == 1 ? 0 : TSR_HW_BOOT_BAD_HARDWARE);
	}
}

#define MEMBER(name) \
	{ offsetof(struct tsr_hw_image_header, name), \
	  sizeof(((struct tsr_hw_image_header *)0)->name) }

/* Each byte of what a signed image may have wrong by itself. */
static void members_that_must_be_zero_or_known_are_looked_at(void **state)
{
	static const struct {
		size_t first;
		size_t size;
	} members[] = {
		MEMBER(header_version), MEMBER(header_size), MEMBER(mbz0), MEMBER(mbz),
	};
	struct test_image image = good_image();

	(void)state;
	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
		for (size_t at = 0; at < members[i].size; at++) {
			uint8_t *byte = (uint8_t *)&image.header + members[i].first + at;

			*byte ^= 0x40;
			assert_int_equal(verdict_of(&image), TSR_HW_BOOT_BAD_HEADER);
			*byte ^= 0x40;
		}
	}
	assert_int_equal(verdict_of(&image), 0);
}

/* Signed, but with another sum of its payload. */
static void a_build_id_is_that_of_the_payload(void **state)
{
	struct test_image image = good_image();
	struct test_image other = good_image();
	uint32_t detail;

	(void)state;
	other.payload[0] ^= 1;
	test_image_sign(&other);
	memcpy(image.payload, other.payload, sizeof(image.payload));
	assert_int_equal(verdict(&image, 0, &detail), TSR_HW_BOOT_BAD_SIGNATURE);
	assert_int_equal(verdict(&other, 0, &detail), 0);
}

static void a_size_is_that_of_the_header(void **state)
{
	struct test_image image = good_image();

	(void)state;
	image.header.image_size += 4;
	assert_int_equal(verdict_of(&image), TSR_HW_BOOT_BAD_SIZE);
	image.size += 4;
	assert_int_equal(verdict_of(&image), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sizes_go_from_a_header_to_the_most),
		cmocka_unit_test(an_image_lies_in_the_sram),
		cmocka_unit_test(it_is_entered_at_an_instruction_of_its_own),
		cmocka_unit_test(the_least_version_is_good_enough),
		cmocka_unit_test(the_hardware_is_of_version_1),
		cmocka_unit_test(members_that_must_be_zero_or_known_are_looked_at),
		cmocka_unit_test(a_build_id_is_that_of_the_payload),
		cmocka_unit_test(a_size_is_that_of_the_header),
	};

	if (sodium_init() < 0)
		return 1;
	test_key_hash(key_hash);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
