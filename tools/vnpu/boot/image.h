/* SPDX-License-Identifier: MIT */
#ifndef VNPU_IMAGE_H
#define VNPU_IMAGE_H

#include <stddef.h>
#include <stdint.h>

struct tsr_hw_image_header;

/**
 * struct image_policy - what the fuses demand
 * @key_hash: SHA-256 of the signing key
 * @rollback_min: lowest security version
 */
struct image_policy {
	const uint8_t *key_hash;
	uint32_t rollback_min;
};

/** image_size_valid() - whether a size can be that of an image, before anything is read */
int image_size_valid(size_t size);

/**
 * image_verify() - the ROM's checks, in the order of the manual
 * @image: private copy of the image, 8-byte aligned
 * @size: its size as the host gave it
 * @policy: what the fuses demand
 * @detail: TSR_HW_REG_BOOT_DETAIL of a refusal
 *
 * Return: 0 when the image may run, else the TSR_HW_BOOT_* of the first check that failed.
 */
uint32_t image_verify(const void *image, size_t size, const struct image_policy *policy,
		      uint32_t *detail);

#endif
