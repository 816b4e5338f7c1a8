// SPDX-License-Identifier: (GPL-2.0-only OR MIT)
#include <tsr_hw/mutate.h>

#include <stdbool.h>
#include <string.h>

#include <tsr_hw/command.h>

/* A number inside of a structure: the member that describes it, and where it lies. */
struct place {
	const struct tsr_hw_member *member;
	size_t offset;
};

uint64_t tsr_hw_draw(uint64_t *random)
{
	uint64_t z = *random += 0x9e3779b97f4a7c15ull;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ z >> 27) * 0x94d049bb133111ebull;
	return z ^ z >> 31;
}

static size_t draw_below(uint64_t *random, size_t limit)
{
	return (size_t)(tsr_hw_draw(random) % limit);
}

/*
 * Looks at the numbers of a structure in order. *@left counts down over them: the one at which it
 * is 0 is the one wanted. Return: whether it was found.
 */
static bool find_number(const struct tsr_hw_structure *structure, const uint8_t *bytes,
			size_t offset, size_t *left, struct place *place);

static bool find_in_member(const struct tsr_hw_member *member, const uint8_t *bytes, size_t offset,
			   size_t *left, struct place *place)
{
	for (size_t i = 0; i < (member->count ? member->count : 1); i++) {
		size_t at = member->offset + i * member->size;

		if (member->structure) {
			if (find_number(member->structure, bytes + at, offset + at, left, place))
				return true;
		} else if (!(*left)--) {
			*place = (struct place){ member, offset + at };
			return true;
		}
	}
	return false;
}

static bool find_number(const struct tsr_hw_structure *structure, const uint8_t *bytes,
			size_t offset, size_t *left, struct place *place)
{
	for (size_t i = 0; i < structure->member_count; i++) {
		const struct tsr_hw_member *member = &structure->members[i];

		if (tsr_hw_is_there(member, bytes) &&
		    find_in_member(member, bytes, offset, left, place))
			return true;
	}
	return false;
}

static size_t count_numbers(const struct tsr_hw_structure *structure, const uint8_t *bytes)
{
	struct place place;
	size_t left = SIZE_MAX;

	find_number(structure, bytes, 0, &left, &place);
	return SIZE_MAX - left;
}

static uint64_t named_value(const struct tsr_hw_meaning *meaning, uint64_t old, uint64_t *random)
{
	uint64_t value = meaning->names[draw_below(random, meaning->count)].value;

	return meaning->kind == TSR_HW_FIELDS ? old ^ value : value;
}

/* Where widths, signs, pages and tables end, and one beside. */
static uint64_t edge_value(uint64_t *random)
{
	return (1ull << draw_below(random, 64)) + draw_below(random, 3) - 1;
}

static uint64_t other_value(const uint8_t *bytes, size_t bytes_size, size_t size, uint64_t *random)
{
	return tsr_hw_load(bytes + draw_below(random, bytes_size / size) * size, size);
}

/* One of the first few, or now and then any, with other bits or without. */
static uint64_t parameter_name(size_t size, uint64_t *random)
{
	uint64_t mark = size == sizeof(uint32_t) ? TSR_HW_PARAMETER_32 : TSR_HW_PARAMETER_64;

	return mark + (draw_below(random, 4) ? draw_below(random, 8) : draw_below(random, 512));
}

static uint64_t new_value(const struct place *place, const uint8_t *bytes, size_t bytes_size,
			  uint64_t *random)
{
	const struct tsr_hw_meaning *meaning = place->member->meaning;
	size_t size = place->member->size;
	uint64_t old = tsr_hw_load(bytes + place->offset, size);

	if (meaning && draw_below(random, 2))
		return named_value(meaning, old, random);
	if (place->member->parameter && !draw_below(random, 4))
		return parameter_name(size, random);
	switch (draw_below(random, 8)) {
	case 0:
		return old + 1;
	case 1:
		return old - 1;
	case 2:
		return old ^ 1ull << draw_below(random, 8 * size);
	case 3:
		return -old;
	case 4:
		return draw_below(random, 17);
	case 5:
		return other_value(bytes, bytes_size, size, random);
	default:
		return edge_value(random);
	}
}

size_t tsr_hw_mutate(const struct tsr_hw_structure *structure, void *bytes, uint64_t *random)
{
	size_t left = draw_below(random, count_numbers(structure, bytes));
	struct place place = { NULL, 0 };

	find_number(structure, bytes, 0, &left, &place);
	tsr_hw_store((uint8_t *)bytes + place.offset, place.member->size,
		     new_value(&place, bytes, structure->size, random));
	return place.offset;
}

/* Without a structure: a number of any size at a multiple of it. */
static size_t mutate_bytes(uint8_t *bytes, size_t bytes_size, uint64_t *random)
{
	size_t largest = bytes_size < 8 ? bytes_size : 8;
	struct tsr_hw_member member = { .size = (size_t)1 << draw_below(random, 4) };
	struct place place = { &member, 0 };

	while (member.size > largest)
		member.size /= 2;
	place.offset = draw_below(random, bytes_size / member.size) * member.size;
	tsr_hw_store(bytes + place.offset, member.size,
		     new_value(&place, bytes, bytes_size, random));
	return place.offset;
}

size_t tsr_hw_mutate_stream(void *bytes, size_t size, uint64_t *random)
{
	const struct tsr_hw_structure *found, *chosen = NULL;
	size_t at = 0, chosen_at = 0, count = 0;
	struct tsr_hw_part part;

	/* The nth part takes the place of the one chosen with probability 1/n. */
	while ((found = tsr_hw_command_at((uint8_t *)bytes + at, size - at))) {
		const uint8_t *command = (uint8_t *)bytes + at;

		for (size_t i = 0; tsr_hw_command_part(found, command, i, &part); i++) {
			if (draw_below(random, ++count))
				continue;
			chosen = part.structure;
			chosen_at = at + part.offset;
		}
		at += tsr_hw_command_size(found, command, size - at);
	}
	if (!chosen)
		return mutate_bytes(bytes, size, random);
	return chosen_at + tsr_hw_mutate(chosen, (uint8_t *)bytes + chosen_at, random);
}
