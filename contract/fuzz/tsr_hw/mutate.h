/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/*
 * Changes structures of the hardware contract for fuzzers. What there is to change, and what
 * values a member knows, comes from the contract's tables, so a fuzzer knows a new structure,
 * member or value without a line of its own.
 */
#ifndef TSR_HW_MUTATE_H
#define TSR_HW_MUTATE_H

#include <stddef.h>
#include <stdint.h>

#include <tsr_hw/decode.h>

/**
 * tsr_hw_mutate() - give one member of a structure another value
 * @structure: what the bytes are
 * @bytes: little-endian, of any alignment; at least the structure's size
 * @random: state of the sequence of choices; equal states give equal changes
 *
 * All single numbers are equally likely, elements of arrays and members of structures inside
 * included; alternatives of a union only where they hold. The value is one that the member has
 * a name for, one at the edge of a width, a neighbour of the old one, or one of another member
 * of its size. It may be the old one.
 *
 * Return: offset of the number from the start of the structure.
 */
size_t tsr_hw_mutate(const struct tsr_hw_structure *structure, void *bytes, uint64_t *random);

/**
 * tsr_hw_mutate_stream() - change one command of a stream
 * @bytes: the stream
 * @size: its bytes
 * @random: state of the sequence of choices
 *
 * Commands end at the first whose opcode or size is unknown. Without any, a number of up to
 * eight bytes anywhere is changed.
 *
 * Return: offset of the number from the start of the stream.
 */
size_t tsr_hw_mutate_stream(void *bytes, size_t size, uint64_t *random);

/**
 * tsr_hw_draw() - the next of a sequence of numbers (splitmix64) that
 * @random, its state, determines
 */
uint64_t tsr_hw_draw(uint64_t *random);

#endif
