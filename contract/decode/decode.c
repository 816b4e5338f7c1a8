// SPDX-License-Identifier: (GPL-2.0-only OR MIT)
/* The tables come from the contract; here is only how they are printed. */
#include <tsr_hw/decode.h>

#include <inttypes.h>
#include <string.h>

#define PATH_MAX_LEN	256
#define DECIMAL_END	0x10000

static bool all_zero(const uint8_t *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		if (bytes[i])
			return false;
	}
	return true;
}

static void print_number(FILE *out, uint64_t value)
{
	if (value < DECIMAL_END)
		fprintf(out, " %" PRIu64, value);
	else
		fprintf(out, " 0x%" PRIx64, value);
}

static void print_field(FILE *out, const struct tsr_hw_name *name, uint64_t value)
{
	uint64_t bits = value & name->value;

	if (!bits)
		return;
	fprintf(out, " %s", name->name);
	/* A field of several bits has a value of its own. */
	if (name->value & (name->value - 1))
		fprintf(out, "=0x%" PRIx64, bits / (name->value & -name->value));
}

static void print_meaning(FILE *out, const struct tsr_hw_meaning *meaning, uint64_t value)
{
	for (size_t i = 0; i < meaning->count; i++) {
		if (meaning->kind == TSR_HW_FIELDS)
			print_field(out, &meaning->names[i], value);
		else if (meaning->names[i].value == value)
			fprintf(out, " %s", meaning->names[i].name);
	}
}

static void print_text(FILE *out, const uint8_t *bytes, size_t size)
{
	fputs(" \"", out);
	while (size && !bytes[size - 1])
		size--;
	for (size_t i = 0; i < size; i++) {
		if (bytes[i] >= ' ' && bytes[i] < 0x7f && bytes[i] != '"' && bytes[i] != '\\')
			fputc(bytes[i], out);
		else
			fprintf(out, "\\x%02x", bytes[i]);
	}
	fputc('"', out);
}

static void print_bytes(FILE *out, const uint8_t *bytes, size_t size)
{
	fputs(" hex ", out);
	for (size_t i = 0; i < size; i++)
		fprintf(out, "%02x", bytes[i]);
}

static void print_values(FILE *out, const struct tsr_hw_member *member, const uint8_t *bytes)
{
	size_t count = member->count ? member->count : 1;

	if (member->text)
		print_text(out, bytes, count);
	else if (all_zero(bytes, count * member->size))
		fputs(" 0", out);
	else if (member->size == 1 && member->count)
		print_bytes(out, bytes, count);
	else
		for (size_t i = 0; i < count; i++)
			print_number(out, tsr_hw_load(bytes + i * member->size, member->size));
	if (member->meaning && !member->count) {
		fputs("  #", out);
		print_meaning(out, member->meaning, tsr_hw_load(bytes, member->size));
	}
	fputc('\n', out);
}

/* An array whose indices have names: a line for each element that is not zero. */
static void print_indexed(FILE *out, const char *prefix, const struct tsr_hw_member *member,
			  const uint8_t *bytes)
{
	for (size_t i = 0; i < member->count; i++) {
		uint64_t value = tsr_hw_load(bytes + i * member->size, member->size);

		if (!value)
			continue;
		fprintf(out, "%s%s[%zu] =", prefix, member->name, i);
		print_number(out, value);
		fputs("  #", out);
		print_meaning(out, member->index, i);
		fputc('\n', out);
	}
}

bool tsr_hw_is_there(const struct tsr_hw_member *member, const void *start)
{
	const struct tsr_hw_tag *tag = &member->tag;
	const uint8_t *bytes = start;

	if (!tag->size)
		return true;
	for (size_t i = 0; i < tag->count; i++) {
		if (tsr_hw_load(bytes + tag->offset, tag->size) == tag->values[i])
			return !tag->otherwise;
	}
	return tag->otherwise;
}

static void decode(FILE *out, const char *prefix, const struct tsr_hw_structure *structure,
		   const uint8_t *bytes);

static void print_structures(FILE *out, const char *prefix, const struct tsr_hw_member *member,
			     const uint8_t *bytes)
{
	char path[PATH_MAX_LEN];

	if (!member->count) {
		snprintf(path, sizeof(path), "%s%s.", prefix, member->name);
		decode(out, path, member->structure, bytes);
		return;
	}
	for (size_t i = 0; i < member->count; i++) {
		if (all_zero(bytes + i * member->size, member->size))
			continue;
		snprintf(path, sizeof(path), "%s%s[%zu].", prefix, member->name, i);
		decode(out, path, member->structure, bytes + i * member->size);
	}
}

static void decode(FILE *out, const char *prefix, const struct tsr_hw_structure *structure,
		   const uint8_t *bytes)
{
	for (size_t i = 0; i < structure->member_count; i++) {
		const struct tsr_hw_member *member = &structure->members[i];

		if (!tsr_hw_is_there(member, bytes))
			continue;
		if (member->structure) {
			print_structures(out, prefix, member, bytes + member->offset);
		} else if (member->index) {
			print_indexed(out, prefix, member, bytes + member->offset);
		} else {
			fprintf(out, "%s%s =", prefix, member->name);
			print_values(out, member, bytes + member->offset);
		}
	}
}

const struct tsr_hw_structure *tsr_hw_find(const char *name)
{
	for (size_t i = 0; i < tsr_hw_structure_count; i++) {
		if (!strcmp(tsr_hw_structures[i]->name, name))
			return tsr_hw_structures[i];
	}
	return NULL;
}

const struct tsr_hw_meaning *tsr_hw_find_meaning(const char *name)
{
	for (size_t i = 0; i < tsr_hw_meaning_count; i++) {
		if (!strcmp(tsr_hw_meanings[i]->name, name))
			return tsr_hw_meanings[i];
	}
	return NULL;
}

const struct tsr_hw_structure *tsr_hw_find_body(uint8_t op)
{
	for (size_t i = 0; i < tsr_hw_body_count; i++) {
		if (tsr_hw_bodies[i].op == op)
			return tsr_hw_bodies[i].structure;
	}
	return NULL;
}

bool tsr_hw_find_engine(uint8_t op, uint8_t *engine)
{
	for (size_t i = 0; i < tsr_hw_body_count; i++) {
		if (tsr_hw_bodies[i].op == op) {
			*engine = tsr_hw_bodies[i].engine;
			return true;
		}
	}
	return false;
}

bool tsr_hw_runs_on(uint8_t op, uint8_t engine)
{
	for (size_t i = 0; i < tsr_hw_body_count; i++) {
		if (tsr_hw_bodies[i].op == op)
			return tsr_hw_bodies[i].engine == engine || tsr_hw_bodies[i].also == engine;
	}
	return false;
}

bool tsr_hw_named(const char *meaning, const char *name, uint64_t *value)
{
	const struct tsr_hw_meaning *found = tsr_hw_find_meaning(meaning);

	for (size_t i = 0; found && i < found->count; i++) {
		if (!strcmp(found->names[i].name, name)) {
			*value = found->names[i].value;
			return true;
		}
	}
	return false;
}

void tsr_hw_decode(FILE *out, const struct tsr_hw_structure *structure, const void *bytes)
{
	decode(out, "", structure, bytes);
}

void tsr_hw_decode_word(FILE *out, const struct tsr_hw_meaning *meaning, uint64_t word)
{
	fprintf(out, "0x%" PRIx64 "  #", word);
	print_meaning(out, meaning, word);
	fputc('\n', out);
}

/* What a command's header says of its bytes. */
static uint64_t stated_size(const struct tsr_hw_structure *header, const uint8_t *command)
{
	for (size_t i = 0; i < header->member_count; i++) {
		const struct tsr_hw_member *member = &header->members[i];

		if (!strcmp(member->name, "size"))
			return tsr_hw_load(command + member->offset, member->size);
	}
	return 0;
}

static void print_parts(FILE *out, const struct tsr_hw_structure *body, const uint8_t *command)
{
	char prefix[PATH_MAX_LEN];
	struct tsr_hw_part part;

	for (size_t i = 0; tsr_hw_command_part(body, command, i, &part); i++) {
		snprintf(prefix, sizeof(prefix), "%s%s", part.path, i ? "." : "");
		decode(out, prefix, part.structure, command + part.offset);
	}
}

const struct tsr_hw_structure *tsr_hw_command_at(const void *bytes, size_t size)
{
	const struct tsr_hw_structure *header = tsr_hw_find("command");
	const struct tsr_hw_structure *body;
	size_t whole;

	if (size < header->size)
		return NULL;
	body = tsr_hw_find_body(*(const uint8_t *)bytes);
	if (!body)
		return NULL;
	whole = tsr_hw_command_size(body, bytes, size);
	return whole && stated_size(header, bytes) == whole ? body : NULL;
}

size_t tsr_hw_decode_stream(FILE *out, const void *bytes, size_t size)
{
	const struct tsr_hw_structure *body;
	const uint8_t *next = bytes;

	while ((body = tsr_hw_command_at(next, size))) {
		size_t whole = tsr_hw_command_size(body, next, size);

		if (next != bytes)
			fputc('\n', out);
		print_parts(out, body, next);
		next += whole;
		size -= whole;
	}
	return next - (const uint8_t *)bytes;
}
