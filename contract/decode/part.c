// SPDX-License-Identifier: (GPL-2.0-only OR MIT)
/* Commands that are more than one structure: a VECTOR program lies behind the body. */
#include <tsr_hw/decode.h>

#include <string.h>

/* What lies behind the head of a program, in this order. */
static const struct {
	const char *name;
	const char *structure;
	const char *count;	/* member of the head */
} lists[] = {
	{ "in", "tensor", "inputs" },
	{ "consts", "vector_const", "consts" },
	{ "code", "insn", "insns" },
};

#define LISTS	(sizeof(lists) / sizeof(lists[0]))

static uint64_t value_of(const struct tsr_hw_structure *structure, const uint8_t *bytes, const char *name)
{
	for (size_t i = 0; i < structure->member_count; i++) {
		const struct tsr_hw_member *member = &structure->members[i];

		if (!strcmp(member->name, name))
			return tsr_hw_load(bytes + member->offset, member->size);
	}
	return 0;
}

static size_t place_of_program(const uint8_t *command)
{
	return value_of(tsr_hw_find("command"), command, "post");
}

/* Part @number behind the head of the program at @at. */
static bool listed(const uint8_t *command, size_t at, size_t number, struct tsr_hw_part *part)
{
	const struct tsr_hw_structure *head = tsr_hw_find("vector");
	size_t offset = at + head->size;

	for (size_t i = 0; i < LISTS; i++) {
		const struct tsr_hw_structure *structure = tsr_hw_find(lists[i].structure);
		size_t count = value_of(head, command + at, lists[i].count);

		if (number < count) {
			*part = (struct tsr_hw_part){ "", structure, offset + number * structure->size };
			snprintf(part->path, sizeof(part->path), "post.%s[%zu]", lists[i].name, number);
			return true;
		}
		number -= count;
		offset += count * structure->size;
	}
	return false;
}

bool tsr_hw_command_part(const struct tsr_hw_structure *body, const void *command, size_t number,
			 struct tsr_hw_part *part)
{
	size_t at = place_of_program(command);

	*part = (struct tsr_hw_part){ "", body, 0 };
	if (!number)
		return true;
	if (!at)
		return false;
	if (number > 1)
		return listed(command, at, number - 2, part);
	*part = (struct tsr_hw_part){ "post", tsr_hw_find("vector"), at };
	return true;
}

size_t tsr_hw_command_size(const struct tsr_hw_structure *body, const void *command, size_t size)
{
	const struct tsr_hw_structure *head = tsr_hw_find("vector");
	size_t at = size < body->size ? 0 : place_of_program(command);
	size_t end = at + head->size;

	if (!at)
		return size < body->size ? 0 : body->size;
	if (at != body->size || size < end)
		return 0;
	for (size_t i = 0; i < LISTS; i++)
		end += value_of(head, (const uint8_t *)command + at, lists[i].count) *
		       tsr_hw_find(lists[i].structure)->size;
	return end <= size ? end : 0;
}
