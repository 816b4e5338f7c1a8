/* SPDX-License-Identifier: MIT */
/* A PCI function that no driver has bound yet, and its fuse registers. */
#ifndef REGISTERS_FUNCTION_H
#define REGISTERS_FUNCTION_H

#include <tsr_hw/fuse.h>

/** FUNCTIONS_MAX - as many as a test boots */
#define FUNCTIONS_MAX	8

/** functions_read() - fuse blocks of all unbound NPUs, word by word from BAR0.
 *
 * Return: how many, or -1 with a message printed.
 */
int functions_read(struct tsr_hw_fuses fuses[FUNCTIONS_MAX]);

#endif
