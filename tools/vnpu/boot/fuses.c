// SPDX-License-Identifier: MIT
#include "fuses.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <sodium.h>

#include <tsr_hw/fuse.h>

#include "state.h"
#include "tile/sku.h"

void fuses_init(struct tsr_hw_fuses *fuses, const struct sku *sku, const struct state *state,
		const uint8_t *key_hash)
{
	*fuses = *sku_fuses(sku);
	fuses->serial = state_serial(state);
	fuses->rollback_min = state_rollback_min(state);
	/* A model is never a product: its key is a development key whoever holds it. */
	fuses->lifecycle = TSR_HW_LIFECYCLE_DEVELOPMENT;
	memcpy(fuses->key_hash, key_hash, sizeof(fuses->key_hash));
}

int fuses_read_key_hash(const char *path, uint8_t *key_hash, char *error, size_t error_size)
{
	char text[2 * FUSES_KEY_HASH_BYTES + 1];
	FILE *file = fopen(path, "re");
	size_t bytes = 0;
	size_t len;

	if (!file) {
		snprintf(error, error_size, "key hash file %s cannot be read: %s", path,
			 strerror(errno));
		return -errno;
	}
	len = fread(text, 1, sizeof(text) - 1, file);
	fclose(file);
	if (sodium_hex2bin(key_hash, FUSES_KEY_HASH_BYTES, text, len, NULL, &bytes, NULL) ||
	    bytes != FUSES_KEY_HASH_BYTES) {
		snprintf(error, error_size,
			 "key hash file %s does not begin with 64 hexadecimal digits: it must "
			 "hold the SHA-256 of the firmware's public key",
			 path);
		return -EINVAL;
	}
	return 0;
}
