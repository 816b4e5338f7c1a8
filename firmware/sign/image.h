/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/* Making, checking and printing firmware images. */
#ifndef SIGN_IMAGE_H
#define SIGN_IMAGE_H

#include <stddef.h>
#include <stdint.h>

#include <tsr_hw/image.h>

#include "payload.h"
#include "key.h"

/**
 * struct image_facts - what an image says besides its payload
 * @security_version: anti-rollback version
 * @fw_version: major << 24 | minor << 16 | patch
 * @abi_min: oldest host-firmware interface
 * @abi_max: newest
 * @hw_major: hardware major version
 * @features: TSR_HW_FEATURE_*
 * @name: description, cut to what fits
 */
struct image_facts {
	uint32_t security_version;
	uint32_t fw_version;
	uint16_t abi_min;
	uint16_t abi_max;
	uint32_t hw_major;
	uint64_t features;
	const char *name;
};

/**
 * image_make() - build and sign an image; the same input gives the same bytes
 * @facts: header contents
 * @payload: code and data
 * @key: signing key
 * @size: bytes of the result
 *
 * Return: the image, freed by the caller, or NULL when it would be too large or memory
 * ran out; a message is on stderr.
 */
uint8_t *image_make(const struct image_facts *facts, const struct payload *payload,
		    const struct sign_key *key, size_t *size);

/**
 * image_verify() - check an image as far as it can be checked without a device
 * @image: header and payload
 * @size: bytes
 *
 * Return: NULL when it is good, else what is wrong with it.
 */
const char *image_verify(const uint8_t *image, size_t size);

/**
 * image_print() - write the header's facts to stdout
 * @image: at least a header
 */
void image_print(const uint8_t *image);

#endif
