/* SPDX-License-Identifier: MIT */
/* What the host's processor says of its caches, as oneDNN takes it. */
#ifndef VNPU_TILE_HOST_CACHES_H
#define VNPU_TILE_HOST_CACHES_H

#include <stdbool.h>
#include <stdint.h>

/**
 * host_caches_suffice() - whether oneDNN can plan with what an AMD processor says
 * @eax: of leaf 0x8000001d, of its first part, the level 1 data cache
 * @ebx: the same
 * @ecx: the same
 *
 * Some hypervisors leave the leaf out, or give zeros. oneDNN then counts one byte, and divides by
 * zero when it plans some convolutions of one tap. Below some 4 KiB for each of those that share
 * the cache it does so.
 */
bool host_caches_suffice(uint32_t eax, uint32_t ebx, uint32_t ecx);

/** host_caches_hidden() - whether this host's do not suffice */
bool host_caches_hidden(void);

#endif
