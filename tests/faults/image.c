// SPDX-License-Identifier: MIT
#include "image.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tap.h"

#define GOOD		"/opt/tessera/lib/firmware/tessera/tessera-fw.bin"
#define VARIANTS	"/opt/tessera/share/tessera/firmware-variants/"
#define FOLDER		"/lib/firmware/tessera"

static struct image load(const char *path)
{
	struct image image = { 0 };
	struct stat status;
	FILE *file = fopen(path, "re");

	tap_need(file && !fstat(fileno(file), &status), "%s", path);
	image.size = (size_t)status.st_size;
	image.bytes = malloc(image.size);
	tap_need(image.bytes && fread(image.bytes, 1, image.size, file) == image.size, "%s", path);
	fclose(file);
	return image;
}

struct image image_good(void)
{
	return load(GOOD);
}

struct image image_variant(const char *name)
{
	char path[160];

	snprintf(path, sizeof(path), VARIANTS "tessera-fw-%s.bin", name);
	return load(path);
}

struct image image_copy(const struct image *image, size_t size)
{
	struct image copy = { .bytes = calloc(1, size), .size = size };

	tap_need(copy.bytes, "memory for an image");
	memcpy(copy.bytes, image->bytes, size < image->size ? size : image->size);
	return copy;
}

void image_free(struct image *image)
{
	free(image->bytes);
	image->bytes = NULL;
}

/* At first the folder is a link into the read-only payload. */
void image_install(const struct image *image)
{
	struct stat status;
	FILE *file;

	if (!lstat(FOLDER, &status) && S_ISLNK(status.st_mode))
		tap_need(!unlink(FOLDER) && !mkdir(FOLDER, 0755), FOLDER);
	file = fopen(FOLDER "/tessera-fw.bin", "we");
	tap_need(file && fwrite(image->bytes, 1, image->size, file) == image->size &&
		 !fclose(file), "image in " FOLDER);
}
