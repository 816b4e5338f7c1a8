/* SPDX-License-Identifier: MIT */
#ifndef RV32_COMPRESSED_H
#define RV32_COMPRESSED_H

#include <stdint.h>

/**
 * rv32_expand() - the 32-bit instruction that a compressed one stands for
 * @c: the 16 bits
 *
 * Return: the instruction, or 0 (which is no instruction) when @c is illegal or reserved.
 */
uint32_t rv32_expand(uint16_t c);

#endif
