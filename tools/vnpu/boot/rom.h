/* SPDX-License-Identifier: MIT */
/* The boot ROM. On silicon it is code of the core; here it is native. */
#ifndef VNPU_ROM_H
#define VNPU_ROM_H

#include <stdbool.h>
#include <stdint.h>

#include "core/sysblock.h"

struct port;
struct quoter;
struct regs;
struct rom;
struct sram;
struct state;

/**
 * struct rom_config - what the ROM works with
 * @port: host port
 * @regs: the host's registers
 * @sram: where firmware goes
 * @state: non-volatile state
 * @quoter: told what starts
 * @lifecycle: TSR_HW_LIFECYCLE_* in the fuses
 * @key_hash: fused hash of the signing key, 32 bytes; must outlive the ROM
 */
struct rom_config {
	struct port *port;
	struct regs *regs;
	struct sram *sram;
	struct state *state;
	struct quoter *quoter;
	uint32_t lifecycle;
	const uint8_t *key_hash;
};

/**
 * struct rom_start - how the core starts
 * @sys: what the system block shows
 * @entry: first instruction
 */
struct rom_start {
	struct sysblock_boot sys;
	uint32_t entry;
};

/** rom_create() - @config is copied; NULL without memory */
struct rom *rom_create(const struct rom_config *config);

/** rom_destroy() - free it or NULL */
void rom_destroy(struct rom *rom);

/**
 * rom_boot() - copy, verify and place the firmware
 * @rom: the ROM; simulation thread
 * @epoch: in whose name
 * @start: filled on success
 *
 * Sets state and boot status; a refusal raises the control vector.
 *
 * Return: whether the core is to start.
 */
bool rom_boot(struct rom *rom, unsigned int epoch, struct rom_start *start);

#endif
