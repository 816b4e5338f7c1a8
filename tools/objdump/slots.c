// SPDX-License-Identifier: MIT
#include "slots.h"

#include <stdlib.h>
#include <string.h>

#include <tsr_hw/decode.h>

#include "stream.h"
#include "value.h"

/* Members that are slot numbers say so in the contract. */
static const char slot_meaning[] = "SLOT_NUMBER";

struct count {
	struct slot_use *uses;
	uint32_t node;
};

static bool is_slot(const struct tsr_hw_member *member)
{
	return member->meaning && member->size <= sizeof(uint16_t) &&
	       !strcmp(member->meaning->name, slot_meaning);
}

static bool is_none(uint64_t slot)
{
	uint64_t none;

	return tsr_hw_named(slot_meaning, "NONE", &none) && slot == none;
}

bool slots_absent(const struct tsr_hw_structure *structure, const uint8_t *bytes)
{
	for (size_t i = 0; i < structure->member_count; i++) {
		const struct tsr_hw_member *member = &structure->members[i];

		if (is_slot(member) && !strcmp(member->name, "slot"))
			return is_none(tsr_hw_load(bytes + member->offset, member->size));
	}
	return false;
}

const char *slots_name(uint32_t slot)
{
	return value_name(tsr_hw_find_meaning(slot_meaning), slot);
}

static void count_use(const struct count *count, uint64_t slot)
{
	struct slot_use *use = &count->uses[slot];

	if (is_none(slot))
		return;
	if (!use->references++)
		use->first_node = count->node;
	use->last_node = count->node;
}

static void count_structure(const struct count *count, const struct tsr_hw_structure *structure,
			    const uint8_t *bytes)
{
	if (slots_absent(structure, bytes))
		return;
	for (size_t i = 0; i < structure->member_count; i++) {
		const struct tsr_hw_member *member = &structure->members[i];
		const uint8_t *element = bytes + member->offset;

		for (size_t k = 0; k < (member->count ? member->count : 1); k++) {
			if (member->structure)
				count_structure(count, member->structure, element);
			else if (is_slot(member))
				count_use(count, tsr_hw_load(element, member->size));
			element += member->size;
		}
	}
}

static void count_stream(const struct count *count, const uint8_t *bytes, size_t at, size_t end)
{
	struct command command;

	while (stream_next(bytes, &at, end, &command)) {
		const uint8_t *start = bytes + command.offset;
		struct tsr_hw_part part;

		for (size_t i = 0; tsr_hw_command_part(command.body, start, i, &part); i++)
			count_structure(count, part.structure, start + part.offset);
	}
}

struct slot_use *slots_used(const struct layout *layout)
{
	struct count count = { .uses = calloc(SLOT_NUMBERS, sizeof(*count.uses)) };
	size_t offset;

	for (uint32_t i = 0; count.uses && i < layout->node_count; i++) {
		const struct tsr_hw_node node = layout_node(layout, i);

		count.node = i;
		if (node.flags & TSR_HW_NODE_SKIP)
			count_use(&count, node.word_slot);
		if (layout_stream(layout, &node, &offset))
			count_stream(&count, layout->bytes, offset, offset + node.stream_size);
	}
	return count.uses;
}
