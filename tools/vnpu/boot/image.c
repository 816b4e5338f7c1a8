// SPDX-License-Identifier: MIT
#include "image.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include <tsr_hw/boot.h>
#include <tsr_hw/core.h>
#include <tsr_hw/image.h>
#include <tsr_hw/registers.h>

int image_size_valid(size_t size)
{
	return size >= sizeof(struct tsr_hw_image_header) && size <= TSR_HW_IMAGE_MAX_SIZE;
}

static bool header_valid(const struct tsr_hw_image_header *header)
{
	return header->header_version == TSR_HW_IMAGE_HEADER_VERSION &&
	       header->header_size == sizeof(*header) && header->mbz0 == 0 &&
	       sodium_is_zero(header->mbz, sizeof(header->mbz));
}

static bool hash_matches(const void *data, size_t size, const uint8_t *expected)
{
	uint8_t hash[crypto_hash_sha256_BYTES];

	crypto_hash_sha256(hash, data, size);
	return sodium_memcmp(hash, expected, sizeof(hash)) == 0;
}

/* The signature covers what lies on both sides of it. */
static bool signature_valid(const struct tsr_hw_image_header *header, size_t size)
{
	size_t before = offsetof(struct tsr_hw_image_header, signature);
	size_t payload = size - sizeof(*header);
	uint8_t *message = malloc(before + payload);
	bool valid;

	if (!message)
		return false;
	memcpy(message, header, before);
	memcpy(message + before, header + 1, payload);
	valid = crypto_sign_verify_detached(header->signature, message, before + payload,
					    header->public_key) == 0;
	free(message);
	return valid;
}

static bool load_valid(const struct tsr_hw_image_header *header, size_t payload)
{
	uint32_t offset = header->load_addr - TSR_HW_SRAM_BASE;

	return header->load_addr >= TSR_HW_SRAM_BASE && offset <= TSR_HW_SRAM_SIZE &&
	       payload <= TSR_HW_SRAM_SIZE - offset && header->entry >= header->load_addr &&
	       header->entry - header->load_addr < payload && header->entry % 2 == 0;
}

uint32_t image_verify(const void *image, size_t size, const struct image_policy *policy,
		      uint32_t *detail)
{
	const struct tsr_hw_image_header *header = image;
	size_t payload = size - sizeof(*header);

	*detail = 0;
	if (header->magic != TSR_HW_IMAGE_MAGIC)
		return TSR_HW_BOOT_BAD_MAGIC;
	if (!header_valid(header))
		return TSR_HW_BOOT_BAD_HEADER;
	if (header->image_size != size)
		return TSR_HW_BOOT_BAD_SIZE;
	if (!hash_matches(header->public_key, sizeof(header->public_key), policy->key_hash))
		return TSR_HW_BOOT_BAD_KEY;
	if (!signature_valid(header, size))
		return TSR_HW_BOOT_BAD_SIGNATURE;
	if (!hash_matches(header + 1, payload, header->build_id))
		return TSR_HW_BOOT_BAD_HEADER;
	if (header->hw_major != TSR_HW_VERSION_1_0 >> 16)
		return TSR_HW_BOOT_BAD_HARDWARE;
	if (!load_valid(header, payload))
		return TSR_HW_BOOT_BAD_LOAD;
	if (header->security_version < policy->rollback_min) {
		*detail = policy->rollback_min;
		return TSR_HW_BOOT_ROLLBACK;
	}
	return 0;
}
