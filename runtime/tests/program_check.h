/* SPDX-License-Identifier: MIT */
/* The rules of tsr_hw/program.h, read from the manual and not from the compiler. */
#ifndef TSR_TESTS_PROGRAM_CHECK_H
#define TSR_TESTS_PROGRAM_CHECK_H

#include <stddef.h>

struct sku;
struct tsr_program;

/**
 * program_check() - is a compiled program one that firmware and tile accept?
 * @error: on failure what is wrong
 *
 * Commands are checked by the tile library; that a device lacks the capacity for one
 * (TSR_HW_ERR_UNSUPPORTED) is no fault of the program.
 *
 * Return: 0, or -1.
 */
int program_check(const struct tsr_program *program, const struct sku *sku, char *error,
		  size_t error_size);

#endif
