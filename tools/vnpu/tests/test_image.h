/* SPDX-License-Identifier: MIT */
/* Firmware images for tests, signed with a key of the tests' own. */
#ifndef VNPU_TESTS_TEST_IMAGE_H
#define VNPU_TESTS_TEST_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <tsr_hw/image.h>

/* As much as this build's firmware has, and more. */
#define TEST_IMAGE_PAYLOAD	0x10000

/**
 * struct test_image - header and payload as they lie in memory
 * @header: header
 * @payload: instructions
 * @size: bytes of header and payload
 */
struct test_image {
	struct tsr_hw_image_header header;
	uint8_t payload[TEST_IMAGE_PAYLOAD];
	size_t size;
};

/** test_key_hash() - SHA-256 of the tests' public key */
void test_key_hash(uint8_t *hash);

/** test_image_make() - a good image around @words instructions */
void test_image_make(struct test_image *image, const uint32_t *code, size_t words);

/** test_image_load() - this build's firmware, to be signed; false when it cannot be read */
bool test_image_load(struct test_image *image);

/** test_image_sign() - new build id and signature after a change */
void test_image_sign(struct test_image *image);

#endif
