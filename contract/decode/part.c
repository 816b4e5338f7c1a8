// SPDX-License-Identifier: (GPL-2.0-only OR MIT)
/* Commands that are more than one structure: VECTOR programs lie behind the body. */
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

static const struct tsr_hw_member *find_member(const struct tsr_hw_structure *structure,
					       const char *name)
{
	for (size_t i = 0; i < structure->member_count; i++) {
		if (!strcmp(structure->members[i].name, name))
			return &structure->members[i];
	}
	return NULL;
}

static uint64_t value_of(const struct tsr_hw_structure *structure, const uint8_t *bytes,
			 const char *name)
{
	const struct tsr_hw_member *member = find_member(structure, name);

	return tsr_hw_load(bytes + member->offset, member->size);
}

static size_t count_of(const uint8_t *program, size_t list)
{
	return value_of(tsr_hw_find("vector"), program, lists[list].count);
}

/* Part @number behind the head of the program at @at; *@number counts down over them. */
static bool listed(const uint8_t *command, const char *name, size_t at, size_t *number,
		   struct tsr_hw_part *part)
{
	size_t offset = at + tsr_hw_find("vector")->size;

	for (size_t i = 0; i < LISTS; i++) {
		const struct tsr_hw_structure *structure = tsr_hw_find(lists[i].structure);
		size_t count = count_of(command + at, i);

		if (*number < count) {
			*part = (struct tsr_hw_part){ "", structure,
						      offset + *number * structure->size };
			snprintf(part->path, sizeof(part->path), "%s.%s[%zu]", name, lists[i].name,
				 *number);
			return true;
		}
		*number -= count;
		offset += count * structure->size;
	}
	return false;
}

/* The header's members that say where programs lie, in the order in which they do. */
static const char *const places[] = { "post", "pre" };

#define PLACES	(sizeof(places) / sizeof(places[0]))

static size_t place_of(const uint8_t *command, size_t program)
{
	return value_of(tsr_hw_find("command"), command, places[program]);
}

bool tsr_hw_command_part(const struct tsr_hw_structure *body, const void *command, size_t number,
			 struct tsr_hw_part *part)
{
	*part = (struct tsr_hw_part){ "", body, 0 };
	if (!number--)
		return true;
	for (size_t i = 0; i < PLACES; i++) {
		size_t at = place_of(command, i);

		if (!at)
			continue;
		*part = (struct tsr_hw_part){ "", tsr_hw_find("vector"), at };
		snprintf(part->path, sizeof(part->path), "%s", places[i]);
		if (!number-- || listed(command, places[i], at, &number, part))
			return true;
	}
	return false;
}

size_t tsr_hw_program_size(const void *program, size_t size)
{
	size_t whole = tsr_hw_find("vector")->size;

	if (size < whole)
		return 0;
	for (size_t i = 0; i < LISTS; i++)
		whole += count_of(program, i) * tsr_hw_find(lists[i].structure)->size;
	return whole <= size ? whole : 0;
}

size_t tsr_hw_command_size(const struct tsr_hw_structure *body, const void *command, size_t size)
{
	size_t end = body->size;

	if (size < end)
		return 0;
	for (size_t i = 0; i < PLACES; i++) {
		size_t at = place_of(command, i);
		size_t program = at != end ? 0 :
				 tsr_hw_program_size((const uint8_t *)command + at, size - at);

		if (at && !program)
			return 0;
		end += program;
	}
	return end;
}
