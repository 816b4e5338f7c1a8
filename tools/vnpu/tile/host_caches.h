/* SPDX-License-Identifier: MIT */
/* What the host's processor says of its caches. */
#ifndef VNPU_TILE_HOST_CACHES_H
#define VNPU_TILE_HOST_CACHES_H

#include <stdbool.h>

/**
 * host_caches_hidden() - whether the processor says that it has none
 *
 * Some hypervisors leave out what AMD's processors say of them. oneDNN then counts one byte for
 * each, and divides by zero when it plans some convolutions of one tap.
 */
bool host_caches_hidden(void);

#endif
