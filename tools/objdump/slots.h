/* SPDX-License-Identifier: MIT */
/* Which slots the commands of a program use. */
#ifndef OBJDUMP_SLOTS_H
#define OBJDUMP_SLOTS_H

#include <stdbool.h>
#include <stdint.h>

#include "layout.h"

struct tsr_hw_structure;

#define SLOT_NUMBERS	65536

/** struct slot_use - of one slot: how often it is named, and the first and last node that does */
struct slot_use {
	uint32_t references;
	uint32_t first_node;
	uint32_t last_node;
};

/** slots_absent() - is a structure "no tensor"? Its slot is NONE, and the rest says nothing. */
bool slots_absent(const struct tsr_hw_structure *structure, const uint8_t *bytes);

/** slots_name() - of a slot number that is no index, such as "PROGRAM", or NULL */
const char *slots_name(uint32_t slot);

/** slots_used() - an array of SLOT_NUMBERS for free(), or NULL without memory */
struct slot_use *slots_used(const struct layout *layout);

#endif
