/* SPDX-License-Identifier: MIT */
/* Virtual addresses of one context: who has which range. */
#ifndef TSR_VA_H
#define TSR_VA_H

#include <stdint.h>

struct tsr_va;

/** tsr_va_create() - all of [@start, @end) is free. Return: NULL when out of memory. */
struct tsr_va *tsr_va_create(uint64_t start, uint64_t end);
void tsr_va_destroy(struct tsr_va *va);

/**
 * tsr_va_take() - lowest free range of @size bytes, aligned to @align (a power of two)
 *
 * Return: its address, 0 when there is none.
 */
uint64_t tsr_va_take(struct tsr_va *va, uint64_t size, uint64_t align);

/** tsr_va_give() - return a range taken before. */
void tsr_va_give(struct tsr_va *va, uint64_t start, uint64_t size);

#endif
