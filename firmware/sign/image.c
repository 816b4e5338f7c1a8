// SPDX-License-Identifier: (GPL-2.0-only OR MIT)
#include "image.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SIGNED_HEADER offsetof(struct tsr_hw_image_header, signature)

_Static_assert(sizeof(((struct tsr_hw_image_header *)0)->signature) == crypto_sign_BYTES,
	       "the header holds one Ed25519 signature");
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "images are little-endian");

/* The signature covers header and payload without the gap the signature itself makes. */
static uint8_t *signed_message(const uint8_t *image, size_t size, size_t *message_size)
{
	size_t payload = size - sizeof(struct tsr_hw_image_header);
	uint8_t *message = malloc(SIGNED_HEADER + payload);

	if (!message)
		return NULL;
	memcpy(message, image, SIGNED_HEADER);
	memcpy(message + SIGNED_HEADER, image + sizeof(struct tsr_hw_image_header), payload);
	*message_size = SIGNED_HEADER + payload;
	return message;
}

static int sign(uint8_t *image, size_t size, const struct sign_key *key)
{
	struct tsr_hw_image_header *header = (struct tsr_hw_image_header *)image;
	size_t message_size;
	uint8_t *message = signed_message(image, size, &message_size);

	if (!message)
		return -1;
	crypto_sign_detached(header->signature, NULL, message, message_size, key->secret);
	free(message);
	return 0;
}

static void fill_header(struct tsr_hw_image_header *header, const struct image_facts *facts,
			const struct payload *payload, const struct sign_key *key)
{
	header->magic = TSR_HW_IMAGE_MAGIC;
	header->header_version = TSR_HW_IMAGE_HEADER_VERSION;
	header->header_size = sizeof(*header);
	header->image_size = (uint32_t)(sizeof(*header) + payload->size);
	header->load_addr = payload->address;
	header->entry = payload->entry;
	header->security_version = facts->security_version;
	header->fw_version = facts->fw_version;
	header->abi_min = facts->abi_min;
	header->abi_max = facts->abi_max;
	header->hw_major = facts->hw_major;
	header->features = facts->features;
	crypto_hash_sha256(header->build_id, payload->bytes, payload->size);
	snprintf((char *)header->name, sizeof(header->name), "%s", facts->name);
	memcpy(header->public_key, key->public, sizeof(header->public_key));
}

uint8_t *image_make(const struct image_facts *facts, const struct payload *payload,
		    const struct sign_key *key, size_t *size)
{
	uint8_t *image;

	*size = sizeof(struct tsr_hw_image_header) + payload->size;
	if (*size > TSR_HW_IMAGE_MAX_SIZE) {
		fprintf(stderr, "tessera-sign: the image would be %zu bytes, the limit is %u\n",
			*size, TSR_HW_IMAGE_MAX_SIZE);
		return NULL;
	}
	image = calloc(1, *size);
	if (!image) {
		fprintf(stderr, "tessera-sign: out of memory\n");
		return NULL;
	}
	fill_header((struct tsr_hw_image_header *)image, facts, payload, key);
	memcpy(image + sizeof(struct tsr_hw_image_header), payload->bytes, payload->size);
	if (sign(image, *size, key)) {
		fprintf(stderr, "tessera-sign: out of memory\n");
		free(image);
		return NULL;
	}
	return image;
}

static const char *verify_header(const struct tsr_hw_image_header *header, size_t size)
{
	if (header->magic != TSR_HW_IMAGE_MAGIC)
		return "wrong magic: not a Tessera image";
	if (header->header_version != TSR_HW_IMAGE_HEADER_VERSION ||
	    header->header_size != sizeof(*header))
		return "unknown header version";
	if (header->mbz0 || !sodium_is_zero(header->mbz, sizeof(header->mbz)))
		return "a reserved header field is not zero";
	if (header->image_size != size)
		return "the header names another size than the file has";
	return NULL;
}

static const char *verify_signature(const uint8_t *image, size_t size)
{
	const struct tsr_hw_image_header *header = (const struct tsr_hw_image_header *)image;
	size_t message_size;
	uint8_t *message = signed_message(image, size, &message_size);
	int bad;

	if (!message)
		return "out of memory";
	bad = crypto_sign_verify_detached(header->signature, message, message_size,
					  header->public_key);
	free(message);
	return bad ? "the signature does not match" : NULL;
}

static const char *verify_build_id(const uint8_t *image, size_t size)
{
	const struct tsr_hw_image_header *header = (const struct tsr_hw_image_header *)image;
	uint8_t hash[crypto_hash_sha256_BYTES];

	crypto_hash_sha256(hash, image + sizeof(*header), size - sizeof(*header));
	return memcmp(hash, header->build_id, sizeof(hash)) ?
	       "the build id is not the payload's hash" : NULL;
}

const char *image_verify(const uint8_t *image, size_t size)
{
	const char *wrong;

	if (size < sizeof(struct tsr_hw_image_header))
		return "shorter than an image header";
	wrong = verify_header((const struct tsr_hw_image_header *)image, size);
	if (!wrong)
		wrong = verify_signature(image, size);
	if (!wrong)
		wrong = verify_build_id(image, size);
	return wrong;
}

static void print_hex(const char *label, const uint8_t *bytes, size_t size)
{
	printf("%-18s", label);
	for (size_t i = 0; i < size; i++)
		printf("%02x", bytes[i]);
	putchar('\n');
}

void image_print(const uint8_t *image)
{
	const struct tsr_hw_image_header *header = (const struct tsr_hw_image_header *)image;
	uint8_t key_hash[crypto_hash_sha256_BYTES];

	printf("%-18s%.*s\n", "name", (int)sizeof(header->name), (const char *)header->name);
	printf("%-18s%u.%u.%u\n", "version", header->fw_version >> 24,
	       header->fw_version >> 16 & 0xff, header->fw_version & 0xffff);
	printf("%-18s%u\n", "security version", header->security_version);
	printf("%-18s%u to %u\n", "interface", header->abi_min, header->abi_max);
	printf("%-18s0x%" PRIx64 "\n", "features", (uint64_t)header->features);
	printf("%-18s%u\n", "hardware major", header->hw_major);
	printf("%-18s%u bytes\n", "size", header->image_size);
	printf("%-18s0x%08x, entry 0x%08x\n", "loads at", header->load_addr, header->entry);
	print_hex("build id", header->build_id, sizeof(header->build_id));
	print_hex("public key", header->public_key, sizeof(header->public_key));
	crypto_hash_sha256(key_hash, header->public_key, sizeof(header->public_key));
	print_hex("key hash", key_hash, sizeof(key_hash));
}
