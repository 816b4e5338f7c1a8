// SPDX-License-Identifier: MIT
#include "test_image.h"

#include <stdio.h>
#include <string.h>

#include <sodium.h>

#include <tsr_hw/core.h>
#include <tsr_hw/version.h>

static void key_pair(uint8_t *public_key, uint8_t *private_key)
{
	static const uint8_t seed[crypto_sign_SEEDBYTES] = "a key for tests only";

	crypto_sign_seed_keypair(public_key, private_key, seed);
}

void test_key_hash(uint8_t *hash)
{
	uint8_t public_key[crypto_sign_PUBLICKEYBYTES];
	uint8_t private_key[crypto_sign_SECRETKEYBYTES];

	key_pair(public_key, private_key);
	crypto_hash_sha256(hash, public_key, sizeof(public_key));
}

bool test_image_load(struct test_image *image)
{
	const size_t most = sizeof(image->header) + sizeof(image->payload);
	uint8_t private_key[crypto_sign_SECRETKEYBYTES];
	FILE *file = fopen(VNPU_FIRMWARE, "re");

	memset(image, 0, sizeof(*image));
	if (!file)
		return false;
	image->size = fread(image, 1, most, file);
	key_pair(image->header.public_key, private_key);
	/* One that is not read to its end is too large. */
	if (fgetc(file) != EOF)
		image->size = 0;
	fclose(file);
	return image->size > sizeof(image->header);
}

void test_image_sign(struct test_image *image)
{
	uint8_t message[sizeof(image->header) + sizeof(image->payload)];
	uint8_t public_key[crypto_sign_PUBLICKEYBYTES];
	uint8_t private_key[crypto_sign_SECRETKEYBYTES];
	size_t before = offsetof(struct tsr_hw_image_header, signature);
	size_t payload = image->size - sizeof(image->header);

	key_pair(public_key, private_key);
	crypto_hash_sha256(image->header.build_id, image->payload, payload);
	memcpy(message, &image->header, before);
	memcpy(message + before, image->payload, payload);
	crypto_sign_detached(image->header.signature, NULL, message, before + payload,
			     private_key);
}

void test_image_make(struct test_image *image, const uint32_t *code, size_t words)
{
	uint8_t private_key[crypto_sign_SECRETKEYBYTES];
	struct tsr_hw_image_header *header = &image->header;
	size_t payload = words * sizeof(*code);

	memset(image, 0, sizeof(*image));
	memcpy(image->payload, code, payload);
	image->size = sizeof(*header) + payload;
	header->magic = TSR_HW_IMAGE_MAGIC;
	header->header_version = TSR_HW_IMAGE_HEADER_VERSION;
	header->header_size = sizeof(*header);
	header->image_size = (uint32_t)image->size;
	header->load_addr = TSR_HW_SRAM_BASE;
	header->entry = TSR_HW_SRAM_BASE;
	header->security_version = 1;
	header->fw_version = 1u << 24;
	header->abi_min = TSR_HW_ABI_VERSION_MIN;
	header->abi_max = TSR_HW_ABI_VERSION_MAX;
	header->hw_major = 1;
	strcpy((char *)header->name, "test payload");
	key_pair(header->public_key, private_key);
	test_image_sign(image);
}
