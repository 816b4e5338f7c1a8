// SPDX-License-Identifier: MIT
#include "assemble.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tsr_hw/decode.h>
#include <tsr_hw/program.h>

#include "checksum.h"
#include "image.h"
#include "layout.h"
#include "lines.h"
#include "stream.h"
#include "value.h"

static const char separators[] = " \t\r";

/* The VECTOR programs of a command, in their order. */
enum { POST, PRE, PROGRAMS };
static const char *const program_paths[PROGRAMS] = { "post", "pre" };

/**
 * struct text - the text on its way to bytes
 * @image: what has been written
 * @program: there was a line "program"
 * @stream: there was a line "stream"
 * @sized, @summed: that line gave size, checksum
 * @command: structure of the command in the making, or NULL
 * @command_at: where it begins
 * @place: in it, of its VECTOR programs; 0: it has none
 * @cursor: where the next command begins
 * @length: of the file, if @has_length
 * @rest: of the line
 */
struct text {
	struct image image;
	bool program;
	bool stream;
	bool sized;
	bool summed;
	const struct tsr_hw_structure *command;
	uint64_t command_at;
	size_t place[PROGRAMS];
	uint64_t cursor;
	bool has_length;
	uint64_t length;
	char *rest;
};

static char *next_word(struct text *text)
{
	return strtok_r(NULL, separators, &text->rest);
}

static bool next_number(struct text *text, uint64_t *number)
{
	const char *word = next_word(text);

	if (word && value_digits(word, number))
		return true;
	return text_fail(text->image.error, "%s: a number must follow",
			 word ? word : "end of line");
}

static bool end_of_line(struct text *text)
{
	const char *word = next_word(text);

	return !word || text_fail(text->image.error, "%s: the line must end before", word);
}

static struct tsr_hw_program header_of(const struct text *text)
{
	struct tsr_hw_program header;

	memcpy(&header, text->image.bytes->data, sizeof(header));
	return header;
}

/* ---- fields ---------------------------------------------------------------------- */

static bool names(const char *word, const char *field)
{
	size_t length = strlen(field);

	return !strncmp(word, field, length) && word[length] == '=';
}

static bool take_field(struct text *text, char *word)
{
	if (!text->image.inner)
		return text_fail(text->image.error, "%s: there is no structure for it", word);
	if (!strchr(word, '='))
		return text_fail(text->image.error, "%s: NAME=VALUE must stand here", word);
	if (text->program && !text->image.inner_at) {
		text->sized |= names(word, "size");
		text->summed |= names(word, "checksum");
	}
	return image_field(&text->image, word);
}

static bool take_fields(struct text *text)
{
	char *word;

	while ((word = next_word(text))) {
		if (!take_field(text, word))
			return false;
	}
	return true;
}

/* ---- commands -------------------------------------------------------------------- */

static uint8_t *start_of_command(const struct text *text)
{
	return text->image.bytes->data + text->command_at;
}

/* Heads of programs are in the file, and say how many parts there are. */
static size_t end_of_programs(const struct text *text)
{
	size_t end = text->command->size;

	for (unsigned int i = 0; i < PROGRAMS; i++)
		if (text->place[i])
			end += tsr_hw_program_size(start_of_command(text) + end, SIZE_MAX);
	return end;
}

static void place_programs(const struct text *text, size_t size)
{
	uint8_t *start = start_of_command(text);

	stream_head(start, start[0], size, text->place[POST], text->place[PRE]);
}

/* The header says how long the command became. */
static bool end_programs(struct text *text)
{
	size_t size = end_of_programs(text);

	if (size > UINT16_MAX)
		return text_fail(text->image.error,
				 "the command has %zu bytes, at most %u can be said", size,
				 UINT16_MAX);
	text->cursor = text->command_at + size;
	if (!image_reach(&text->image, text->cursor))
		return false;
	place_programs(text, size);
	return true;
}

/* Before any line that is not a part of the command. The next one begins behind it. */
static bool end_command(struct text *text)
{
	const struct tsr_hw_structure *body = text->command;
	bool ended = true;

	if (!body)
		return true;
	text->cursor = text->command_at + body->size;
	if (text->place[POST] || text->place[PRE])
		ended = end_programs(text);
	text->command = NULL;
	return ended;
}

/* ---- lines ----------------------------------------------------------------------- */

/* What a reader takes only one value of has it, until the text says another. */
static void set_fixed(struct image *image)
{
	for (size_t i = 0; i < image->inner->member_count; i++) {
		const struct tsr_hw_member *member = &image->inner->members[i];

		if (member->fixed)
			tsr_hw_store(image->bytes->data + image->inner_at + member->offset,
				     member->size, member->value);
	}
}

static bool take_program(struct text *text)
{
	struct tsr_hw_program header;

	if (text->program || text->stream)
		return text_fail(text->image.error, "program: a text is one program or one stream");
	if (!image_begin(&text->image, tsr_hw_find("program"), 0))
		return false;
	text->program = true;
	set_fixed(&text->image);
	header = header_of(text);
	header.header_size = sizeof(header);
	memcpy(text->image.bytes->data, &header, sizeof(header));
	return take_fields(text);
}

static bool take_stream(struct text *text)
{
	if (text->program || text->stream)
		return text_fail(text->image.error, "stream: a text is one program or one stream");
	text->stream = true;
	return end_of_line(text);
}

static bool need_program(struct text *text, const char *word)
{
	return text->program || text_fail(text->image.error, "%s: program must stand before", word);
}

/* Entries of a table: their word, the number of the first one, and how many there can be. */
struct entries {
	const char *word;
	uint64_t first;
	uint64_t most;
	uint64_t table;
};

static bool take_entry(struct text *text, const struct entries *entries)
{
	const struct tsr_hw_structure *structure = tsr_hw_find(entries->word);
	uint64_t number;

	if (!next_number(text, &number))
		return false;
	if (number - entries->first >= entries->most)
		return text_fail(text->image.error,
				 "%s %" PRIu64 ": must be %" PRIu64 " to %" PRIu64, entries->word,
				 number, entries->first, entries->first + entries->most - 1);
	if (!image_begin(&text->image, structure,
			 entries->table + structure->size * (number - entries->first)))
		return false;
	return take_fields(text);
}

static bool take_node(struct text *text)
{
	return need_program(text, "node") &&
	       take_entry(text, &(struct entries){ "node", 0, TSR_HW_MAX_NODES,
						   header_of(text).nodes });
}

static bool take_loop(struct text *text)
{
	return need_program(text, "loop") &&
	       take_entry(text, &(struct entries){ "loop", 0, TSR_HW_MAX_NODES,
						   header_of(text).loops });
}

static bool take_group(struct text *text)
{
	return need_program(text, "group") &&
	       take_entry(text, &(struct entries){ "group", 1, TSR_HW_MAX_GROUPS,
						   header_of(text).groups });
}

static bool take_edges(struct text *text)
{
	uint64_t at = 0, edge;
	char *word;

	if (!need_program(text, "edges"))
		return false;
	at = header_of(text).edges;
	while ((word = next_word(text))) {
		if (!value_digits(word, &edge) || edge > UINT16_MAX)
			return text_fail(text->image.error, "%s: that is no node number", word);
		if (!image_reach(&text->image, at + sizeof(uint16_t)))
			return false;
		tsr_hw_store(text->image.bytes->data + at, sizeof(uint16_t), edge);
		at += sizeof(uint16_t);
	}
	return true;
}

static bool take_hex(struct text *text, uint64_t at, const char *digits)
{
	size_t length = strlen(digits);
	const char *wrong;

	if (length % 2)
		return text_fail(text->image.error, "bytes: two hexadecimal digits make a byte");
	if (at > BYTES_MAX || !image_reach(&text->image, at + length / 2))
		return text_fail(text->image.error, "bytes: 0x%" PRIx64 " is too far", at);
	wrong = bytes_from_hex(text->image.bytes, at, digits);
	return !wrong || text_fail(text->image.error, "bytes: %.2s is no hexadecimal byte", wrong);
}

static bool take_bytes(struct text *text)
{
	const char *digits;
	uint64_t at;

	if (!next_number(text, &at))
		return false;
	digits = next_word(text);
	if (!digits)
		return text_fail(text->image.error, "bytes: hexadecimal digits must follow");
	return take_hex(text, at, digits) && end_of_line(text);
}

static bool take_length(struct text *text)
{
	text->has_length = true;
	return next_number(text, &text->length) && end_of_line(text);
}

static bool take_constants(struct text *text)
{
	return text_fail(text->image.error,
			 "constants: their bytes are missing; --hex disassembles them too");
}

static bool take_partial(struct text *text)
{
	return text_fail(text->image.error, "partial: this is only one node of a program");
}

/* Where a command goes: behind the one before, or to the start of its node's stream. */
static uint64_t command_place(const struct text *text)
{
	struct tsr_hw_node node;

	if (!text->program || strcmp(text->image.outer->name, "node"))
		return text->cursor;
	memcpy(&node, text->image.bytes->data + text->image.outer_at, sizeof(node));
	return (uint64_t)header_of(text).streams + node.stream;
}

/* PROGRAMS: it leads into none. */
static unsigned int program_of(const struct text *text, const char *path)
{
	for (unsigned int i = 0; text->command && i < PROGRAMS; i++) {
		size_t length = strlen(program_paths[i]);

		if (!strncmp(path, program_paths[i], length) &&
		    (path[length] == '.' || !path[length]))
			return i;
	}
	return PROGRAMS;
}

/* A program begins where those before it end, so they grow no more. */
static bool begin_program(struct text *text, unsigned int program)
{
	size_t at = end_of_programs(text);

	for (unsigned int i = program + 1; i < PROGRAMS; i++)
		if (text->place[i])
			return text_fail(text->image.error, "%s: it must stand before %s",
					 program_paths[program], program_paths[i]);
	if (text->place[program])
		return true;
	text->place[program] = at;
	return image_reach(&text->image, text->command_at + at + tsr_hw_find("vector")->size);
}

static bool enter_program(struct text *text, unsigned int program, const char *path)
{
	struct tsr_hw_part part = { .path = "" };

	if (!begin_program(text, program))
		return false;
	place_programs(text, text->command->size);
	for (size_t i = 0; strcmp(part.path, path); i++) {
		if (!tsr_hw_command_part(text->command, start_of_command(text), i, &part))
			return text_fail(text->image.error, "%s: the program has no such part",
					 path);
	}
	if (!image_reach(&text->image, text->command_at + part.offset + part.structure->size))
		return false;
	text->image.inner = part.structure;
	text->image.inner_at = text->command_at + part.offset;
	return true;
}

static bool take_command(struct text *text, const char *name)
{
	const struct tsr_hw_structure *body;
	uint64_t op, at;

	if (!end_command(text))
		return false;
	if (!text->stream && (!text->program || !strcmp(text->image.outer->name, "program")))
		return text_fail(text->image.error, "%s: stream or node must stand before", name);
	if (!value_parse(name, stream_opcodes(), &op) || op > UINT8_MAX)
		return text_fail(text->image.error, "%s: there is no such command", name);
	body = tsr_hw_find_body((uint8_t)op);
	if (!body)
		return text_fail(text->image.error, "%s: it has no body in this version", name);
	at = command_place(text);
	if (!image_begin(&text->image, body, at))
		return false;
	stream_head(text->image.bytes->data + at, op, body->size, 0, 0);
	text->command = body;
	text->command_at = at;
	memset(text->place, 0, sizeof(text->place));
	return take_fields(text);
}

static bool take_path(struct text *text, const char *path)
{
	unsigned int program = program_of(text, path);

	if (!text->image.outer)
		return text_fail(text->image.error, "%s: program or stream must stand before",
				 path);
	if (program != PROGRAMS)
		return enter_program(text, program, path) && take_fields(text);
	return image_enter(&text->image, path) && take_fields(text);
}

static const struct {
	const char *word;
	bool (*take)(struct text *text);
} directives[] = {
	{ "program", take_program },
	{ "stream", take_stream },
	{ "node", take_node },
	{ "edges", take_edges },
	{ "loop", take_loop },
	{ "group", take_group },
	{ "bytes", take_bytes },
	{ "length", take_length },
	{ "constants", take_constants },
	{ "partial", take_partial },
};

/* A comment begins with "#", at the start of a line or behind a space. */
static void cut_comment(char *line)
{
	for (char *at = line; *at; at++) {
		if (*at == '#' && (at == line || isspace((unsigned char)at[-1])))
			*at = '\0';
		if (!*at)
			return;
	}
}

static bool take_line(void *context, char *line)
{
	struct text *text = context;
	char *word;

	cut_comment(line);
	word = strtok_r(line, separators, &text->rest);
	if (!word)
		return true;
	for (size_t i = 0; i < sizeof(directives) / sizeof(directives[0]); i++) {
		if (!strcmp(directives[i].word, word))
			return end_command(text) && directives[i].take(text);
	}
	if (strchr(word, '='))
		return take_field(text, word) && take_fields(text);
	if (isupper((unsigned char)word[0]))
		return take_command(text, word);
	return take_path(text, word);
}

/* ---- the end --------------------------------------------------------------------- */

/* Size and checksum where the text says none; the length of the file. */
static bool finish(struct text *text)
{
	struct bytes *bytes = text->image.bytes;
	struct tsr_hw_program header;
	struct layout layout;
	uint64_t length;

	if (!end_command(text))
		return false;
	length = bytes->size;
	if (text->program) {
		header = header_of(text);
		if (!text->sized)
			header.size = (uint32_t)bytes->size;
		length = header.size;
		memcpy(bytes->data, &header, sizeof(header));
	}
	if (text->has_length)
		length = text->length;
	if (length < bytes->size)
		return text_fail(text->image.error,
				 "the file has 0x%" PRIx64 " bytes, and the text "
				 "more: 0x%zx",
				 length, bytes->size);
	if (!image_reach(&text->image, length))
		return false;
	if (text->program && !text->summed && layout_read(bytes->data, bytes->size, &layout) &&
	    checksum_covers(&layout)) {
		layout.header.checksum = checksum_of(&layout);
		memcpy(bytes->data, &layout.header, sizeof(layout.header));
	}
	return true;
}

bool assemble(const char *text, size_t size, struct bytes *out, struct text_error *error)
{
	struct text state = { .image = { .bytes = out, .error = error } };

	return lines_each(text, size, take_line, &state, error) && finish(&state);
}
