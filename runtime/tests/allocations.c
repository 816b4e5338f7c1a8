// SPDX-License-Identifier: MIT
/*
 * The allocator's functions, as the program and all its libraries call them. With
 * AddressSanitizer, which brings its own, hooks of it do the counting.
 */
#include "allocations.h"

#include <malloc.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>

static _Atomic intptr_t live;
static _Atomic intptr_t base;
static _Atomic intptr_t peak;

static void count(intptr_t bytes)
{
	intptr_t now = atomic_fetch_add(&live, bytes) + bytes, most = atomic_load(&peak);

	while (now > most && !atomic_compare_exchange_weak(&peak, &most, now))
		;
}

void allocations_begin(void)
{
	atomic_store(&base, atomic_load(&live));
	atomic_store(&peak, atomic_load(&live));
}

size_t allocations_peak(void)
{
	return (size_t)(atomic_load(&peak) - atomic_load(&base));
}

#ifdef __SANITIZE_ADDRESS__

int __sanitizer_install_malloc_and_free_hooks(void (*allocated)(const volatile void *, size_t),
					      void (*freed)(const volatile void *));
size_t __sanitizer_get_allocated_size(const volatile void *memory);

static void allocated(const volatile void *memory, size_t size)
{
	if (memory)
		count((intptr_t)size);
}

static void freed(const volatile void *memory)
{
	if (memory)
		count(-(intptr_t)__sanitizer_get_allocated_size(memory));
}

__attribute__((constructor))
static void install(void)
{
	__sanitizer_install_malloc_and_free_hooks(allocated, freed);
}

#else

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t number, size_t size);
void *__libc_realloc(void *memory, size_t size);
void __libc_free(void *memory);

static void *counted(void *memory)
{
	if (memory)
		count((intptr_t)malloc_usable_size(memory));
	return memory;
}

void *malloc(size_t size)
{
	return counted(__libc_malloc(size));
}

void *calloc(size_t number, size_t size)
{
	return counted(__libc_calloc(number, size));
}

/* While it moves, both copies are alive. */
void *realloc(void *memory, size_t size)
{
	intptr_t old = memory ? (intptr_t)malloc_usable_size(memory) : 0;
	void *moved = __libc_realloc(memory, size);

	if (moved)
		counted(moved);
	if (moved || !size)
		count(-old);
	return moved;
}

void free(void *memory)
{
	if (memory)
		count(-(intptr_t)malloc_usable_size(memory));
	__libc_free(memory);
}

#endif
