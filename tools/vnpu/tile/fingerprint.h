/* SPDX-License-Identifier: MIT */
/* Fingerprints: whether bytes in memory are those of before, without a copy of them. */
#ifndef VNPU_TILE_FINGERPRINT_H
#define VNPU_TILE_FINGERPRINT_H

#include <stdint.h>

struct execution;
struct view;

/* Elements of a piece; those of one piece are taken at once. */
#define FINGERPRINT_PIECE	8192u

/* Bytes of an element at most. */
#define FINGERPRINT_SIZE	4u

/**
 * struct fingerprint - of some bytes
 * @word: each by a secret of its own that this process has drawn, so that different bytes of
 *	one length have the same words once in 2^60 times, whoever has chosen them
 */
struct fingerprint {
	uint64_t word[2];
};

/**
 * struct fingerprinting - elements whose fingerprint is being made
 * @size: bytes of an element
 * @pieces: how many
 * @piece: what each one has; owned
 */
struct fingerprinting {
	uint32_t size;
	uint64_t pieces;
	uint64_t (*piece)[2];
};

/**
 * fingerprinting_start() - before the first piece
 * @making: result, to be given to fingerprinting_end()
 * @size: bytes of an element, at most FINGERPRINT_SIZE
 * @count: elements
 *
 * Return: TSR_HW_ERR_NONE, or TSR_HW_ERR_ENGINE without memory or secret.
 */
int fingerprinting_start(struct fingerprinting *making, uint32_t size, uint64_t count);

/**
 * fingerprinting_take() - a piece; any thread
 * @making: of fingerprinting_start()
 * @first: number of its first element, a multiple of FINGERPRINT_PIECE
 * @elements: they
 * @n: how many there are: a whole piece, or the last ones
 */
void fingerprinting_take(const struct fingerprinting *making, uint64_t first, const void *elements,
			 uint64_t n);

/**
 * fingerprinting_end() - after the last piece, or after an error
 * @making: of fingerprinting_start()
 * @fingerprint: result, of no meaning unless all pieces were taken
 */
void fingerprinting_end(struct fingerprinting *making, struct fingerprint *fingerprint);

/**
 * fingerprint_of() - of elements, by all threads
 * @execution: the running command
 * @view: the elements
 * @count: how many; with the size of one they are what the length is
 * @fingerprint: result
 *
 * Elements that are read again may be others by then: what is kept under a fingerprint is made
 * of the bytes that fingerprinting_take() was given.
 *
 * Return: TSR_HW_ERR_NONE, TSR_HW_ERR_FAULT_*, TSR_HW_ERR_ENGINE or EXECUTION_ABORTED.
 */
int fingerprint_of(struct execution *execution, const struct view *view, uint64_t count,
		   struct fingerprint *fingerprint);

#endif
