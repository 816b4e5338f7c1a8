/* SPDX-License-Identifier: MIT */
/*
 * DMA sanitizer: proves that no access uses a translation after its invalidation.
 *
 * Whoever translates takes a token first and shows it when the access is done. An
 * invalidation of the accessed range between the two is a violation: it is counted and
 * logged, and tests fail on the counter.
 */
#ifndef VNPU_SANITIZE_H
#define VNPU_SANITIZE_H

#include <stdbool.h>
#include <stdint.h>

struct counters;
struct invalidation;
struct sanitizer;

/** sanitizer_create() - make one; returns NULL without memory */
struct sanitizer *sanitizer_create(struct counters *counters);

/** sanitizer_destroy() - free it or NULL */
void sanitizer_destroy(struct sanitizer *san);

/** sanitizer_token() - take a token before translating; from any thread */
uint64_t sanitizer_token(const struct sanitizer *san);

/**
 * sanitizer_invalidated() - an invalidation has completed
 * @san: the sanitizer
 * @inv: which
 *
 * Call it when no access through an older translation can start any more, before the
 * host is told.
 */
void sanitizer_invalidated(struct sanitizer *san, const struct invalidation *inv);

/**
 * sanitizer_check() - an access has ended
 * @san: the sanitizer
 * @token: taken before its translation
 * @asid: its address space
 * @va: first address
 * @size: bytes
 *
 * Return: true when the translation was good until now.
 */
bool sanitizer_check(struct sanitizer *san, uint64_t token, uint32_t asid, uint64_t va,
		     uint64_t size);

#endif
