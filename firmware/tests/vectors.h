/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/* Reader of the golden vectors (contract/vectors/README.md). */
#ifndef TESTS_VECTORS_H
#define TESTS_VECTORS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define VECTOR_FIELDS 16u
#define VECTOR_BUFFERS 4u
#define VECTOR_NAME 64u
#define VECTOR_TEXT 1024u
#define VECTOR_BYTES (64u << 10)

/**
 * struct vector_case - one case; lookups of what is not there give NULL or a default
 * @name: of the case
 */
struct vector_case {
	char name[VECTOR_NAME];
	uint32_t field_count;
	struct {
		char name[VECTOR_NAME];
		char value[VECTOR_TEXT];
	} field[VECTOR_FIELDS];
	uint32_t buffer_count;
	struct {
		char name[VECTOR_NAME];
		size_t size;
		uint8_t bytes[VECTOR_BYTES];
	} buffer[VECTOR_BUFFERS];
};

/**
 * vectors_run() - read a file and hand each case to a test
 * @folder: where the vectors are
 * @file: file name
 * @test: called once a case
 *
 * Fails the running cmocka test when the file cannot be read or is malformed.
 * Return: number of cases.
 */
uint32_t vectors_run(const char *folder, const char *file,
		     void (*test)(const struct vector_case *vector));

const char *vector_text(const struct vector_case *vector, const char *field);
uint64_t vector_number(const struct vector_case *vector, const char *field, uint64_t otherwise);
const uint8_t *vector_bytes(const struct vector_case *vector, const char *buffer, size_t *size);

#endif
