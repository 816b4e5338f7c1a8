/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/* What goes into an image: the loaded part of an ELF file, or a plain binary. */
#ifndef SIGN_PAYLOAD_H
#define SIGN_PAYLOAD_H

#include <stddef.h>
#include <stdint.h>

/**
 * struct payload - bytes and where they go
 * @bytes: freed with payload_free()
 * @size: how many
 * @address: where the core's memory gets them
 * @entry: first instruction
 */
struct payload {
	uint8_t *bytes;
	size_t size;
	uint32_t address;
	uint32_t entry;
};

/**
 * payload_from_elf() - the loadable segments of a 32-bit RISC-V executable
 * @file: its bytes
 * @size: how many
 * @payload: result
 *
 * Return: NULL, or what is wrong with the file.
 */
const char *payload_from_elf(const uint8_t *file, size_t size, struct payload *payload);

/** payload_free() - release what a payload holds */
void payload_free(struct payload *payload);

#endif
