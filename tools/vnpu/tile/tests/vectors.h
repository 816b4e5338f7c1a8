/* SPDX-License-Identifier: MIT */
/* Reader of the golden vectors in contract/vectors/commands. */
#ifndef TEST_VECTORS_H
#define TEST_VECTORS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <tsr_hw/program.h>

/** struct vector - one case, but for its device time */
struct vector {
	char name[96];
	unsigned int engine;
	int verdict;
	uint64_t offset;
	uint64_t program;
	uint64_t program_size;
	uint8_t stream[8192];
	size_t stream_size;
	struct tsr_hw_slot slot[16];
	size_t slots_size;
	uint8_t memory[4][64];
	size_t memory_size[4];
	uint8_t result[64];
	size_t result_size;
};

/**
 * vectors_each() - read a file and hand every case to @check
 * @file: name in the folder, or that of a folder in it whose files are read by their names
 * @check: called for each; false stops
 * @context: handed to @check
 *
 * Return: number of cases, or -1 when the file is malformed or @check said no.
 */
int vectors_each(const char *file, bool (*check)(void *context, const struct vector *vector),
		 void *context);

#endif
