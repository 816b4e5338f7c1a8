/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/* Boot block: agreement between host and firmware. */
#ifndef BOOT_H
#define BOOT_H

#include <stdbool.h>
#include <stdint.h>

/* What the host asked for and the firmware agreed to. */
struct boot {
	uint32_t abi;
	uint64_t features;
	uint64_t admin_ring;
	uint64_t admin_done;
	uint64_t event_ring;
	uint32_t control_vector;
	uint32_t event_vector;
};

/**
 * boot_negotiate() - read the boot block, answer it and report READY or BOOT_FAILED
 * @boot: filled in on success
 *
 * Return: whether the host was accepted.
 */
bool boot_negotiate(struct boot *boot);

/* Whether all these features are in force. */
bool boot_agreed(uint64_t features);

#endif
