/* SPDX-License-Identifier: MIT */
/*
 * Allocation of a program that is linked with --wrap for each of these: the test's, and
 * the library's behind it.
 */
#ifndef VNPU_TESTS_WRAPPED_ALLOCATION_H
#define VNPU_TESTS_WRAPPED_ALLOCATION_H

#include <stddef.h>

/* The linker puts the test's in front of the library's, for all but shared libraries. */
void *__real_malloc(size_t n);
void *__real_calloc(size_t count, size_t n);
void *__real_realloc(void *old, size_t n);
void *__real_aligned_alloc(size_t alignment, size_t n);
char *__real_strdup(const char *text);
void __real_free(void *memory);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t count, size_t n);
void *__wrap_realloc(void *old, size_t n);
void *__wrap_aligned_alloc(size_t alignment, size_t n);
char *__wrap_strdup(const char *text);
void __wrap_free(void *memory);

#endif
