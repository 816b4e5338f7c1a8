/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/* Reads files of golden vectors: contract/vectors/README.md has their format. */
#ifndef CONFORMANCE_VECTORS_H
#define CONFORMANCE_VECTORS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define VECTOR_SLOTS	16
#define VECTOR_MEMORIES	4	/* slots whose bytes a case can state */
#define VECTOR_BYTES	64	/* of such a slot, and of a result */

/**
 * struct golden - one case
 * @name: of the case
 * @engine: TSR_HW_ENGINE_*
 * @verdict: TSR_HW_ERR_*
 * @offset: of the command that is refused
 * @stream: commands
 * @stream_size: bytes of them
 * @slots: struct tsr_hw_slot[], as in memory
 * @slots_size: bytes of them
 * @memory: bytes at the start of a slot before
 * @memory_size: how many
 * @result: bytes at the start of slot 2 after
 * @result_size: how many, 0 if the case has none
 */
struct golden {
	char name[96];
	unsigned int engine;
	uint32_t verdict;
	uint64_t offset;
	uint8_t stream[8192];
	size_t stream_size;
	uint8_t slots[VECTOR_SLOTS * 32];
	size_t slots_size;
	uint8_t memory[VECTOR_MEMORIES][VECTOR_BYTES];
	size_t memory_size[VECTOR_MEMORIES];
	uint8_t result[VECTOR_BYTES];
	size_t result_size;
};

/**
 * golden_each() - hand every case of a file to @take, in order
 * @path: the file, or a folder of such files, taken by their names
 * @take: called for each; a negative value ends the walk
 * @context: handed to @take
 *
 * Return: 0, what @take returned, a negative errno of the file, or -EBADMSG for a line that
 * is none; it has been printed then.
 */
int golden_each(const char *path, int (*take)(void *context, const struct golden *golden),
		void *context);

#endif
