/* SPDX-License-Identifier: MIT */
/* Firmware images, put where the driver looks for one. */
#ifndef FAULTS_IMAGE_H
#define FAULTS_IMAGE_H

#include <stddef.h>
#include <stdint.h>

/**
 * struct image - a firmware image in memory
 * @bytes: contents, owned
 * @size: bytes
 */
struct image {
	uint8_t *bytes;
	size_t size;
};

/** image_good() - the image that belongs to this build */
struct image image_good(void);

/** image_variant() - the same firmware as "tessera-fw-@name.bin" */
struct image image_variant(const char *name);

/** image_copy() - @size bytes of it, zeroes behind its end; to be freed */
struct image image_copy(const struct image *image, size_t size);

/** image_free() - release its memory */
void image_free(struct image *image);

/** image_install() - make it the one the driver loads next */
void image_install(const struct image *image);

#endif
