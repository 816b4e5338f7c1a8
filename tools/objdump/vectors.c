// SPDX-License-Identifier: MIT
#include "vectors.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "value.h"

/* A file that is being read. */
struct reader {
	struct vector vector;
	bool inside;
	bool (*take)(void *context, const struct vector *vector);
	void *context;
	bool ended;
	struct text_error *error;
};

__attribute__((format(printf, 2, 3)))
static bool fail(struct reader *reader, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(reader->error->message, sizeof(reader->error->message), format, arguments);
	va_end(arguments);
	return false;
}

static bool begins(const struct bytes *file, const char *text)
{
	return file->size >= strlen(text) && !memcmp(file->data, text, strlen(text));
}

bool vectors_are(const struct bytes *file)
{
	return begins(file, "# ") || begins(file, "case ");
}

static void clear(struct vector *vector)
{
	bytes_free(&vector->fields);
	bytes_free(&vector->program);
	bytes_free(&vector->stream);
	bytes_free(&vector->slots);
	*vector = (struct vector){ 0 };
}

static bool begin_case(struct reader *reader, const char *name)
{
	if (reader->inside)
		return fail(reader, "case %s begins inside of a case", name);
	if (!*name || strlen(name) >= sizeof(reader->vector.name))
		return fail(reader, "a case has a name of at most %zu characters",
			    sizeof(reader->vector.name) - 1);
	strcpy(reader->vector.name, name);
	reader->inside = true;
	return true;
}

static bool end_case(struct reader *reader)
{
	if (!reader->inside)
		return fail(reader, "no case ends here");
	reader->ended = !reader->take(reader->context, &reader->vector);
	reader->inside = false;
	clear(&reader->vector);
	return true;
}

/* The buffer of a name; what this program does not show is read and dropped. */
static struct bytes *buffer_of(struct reader *reader, const char *name, struct bytes *other)
{
	struct vector *vector = &reader->vector;

	if (!strcmp(name, "program")) {
		vector->has_program = true;
		return &vector->program;
	}
	if (!strcmp(name, "stream"))
		return &vector->stream;
	return strcmp(name, "slots") ? other : &vector->slots;
}

static bool add_hex(struct reader *reader, struct bytes *buffer, const char *digits)
{
	size_t length = strlen(digits), start = buffer->size;

	if (length % 2 || !bytes_reach(buffer, start + length / 2))
		return fail(reader, "two hexadecimal digits make a byte");
	for (size_t i = 0; i < length; i += 2) {
		int high = bytes_hex_digit(digits[i]), low = bytes_hex_digit(digits[i + 1]);

		if (high < 0 || low < 0)
			return fail(reader, "%.2s is no hexadecimal byte", &digits[i]);
		buffer->data[start + i / 2] = (uint8_t)(high << 4 | low);
	}
	return true;
}

static bool add_zeros(struct reader *reader, struct bytes *buffer, const char *count)
{
	uint64_t zeros;

	if (!value_digits(count, &zeros) || zeros > BYTES_MAX ||
	    !bytes_reach(buffer, buffer->size + zeros))
		return fail(reader, "zero %s: that many bytes cannot be made", count);
	return true;
}

/* "bytes BUFFER HEX" or "zero BUFFER COUNT" */
static bool add_bytes(struct reader *reader, bool hex, char *rest)
{
	char *value = strchr(rest, ' ');
	struct bytes other = { 0 }, *buffer;
	bool added;

	if (!value)
		return fail(reader, "a buffer and a value must follow");
	*value++ = '\0';
	buffer = buffer_of(reader, rest, &other);
	added = hex ? add_hex(reader, buffer, value) : add_zeros(reader, buffer, value);
	bytes_free(&other);
	return added;
}

static bool keep_field(struct reader *reader, const char *word, const char *rest)
{
	struct bytes *fields = &reader->vector.fields;

	return (bytes_append(fields, "# ", 2) && bytes_append(fields, word, strlen(word)) &&
		bytes_append(fields, " ", *rest != '\0') &&
		bytes_append(fields, rest, strlen(rest)) && bytes_append(fields, "\n", 1)) ||
	       fail(reader, "no memory for the case");
}

static bool take_line(struct reader *reader, char *line)
{
	char *rest = strchr(line, ' ');
	bool hex = !strncmp(line, "bytes ", 6);

	if (!*line || *line == '#')
		return true;
	if (rest)
		*rest++ = '\0';
	else
		rest = line + strlen(line);
	if (!strcmp(line, "case"))
		return begin_case(reader, rest);
	if (!strcmp(line, "end"))
		return end_case(reader);
	if (!reader->inside)
		return fail(reader, "%s stands outside of a case", line);
	if (hex || !strcmp(line, "zero"))
		return add_bytes(reader, hex, rest);
	return keep_field(reader, line, rest);
}

static bool take_lines(struct reader *reader, char *text)
{
	for (char *next; text && !reader->ended; text = next) {
		next = strchr(text, '\n');
		if (next)
			*next++ = '\0';
		reader->error->line++;
		if (!take_line(reader, text))
			return false;
	}
	return !reader->inside || fail(reader, "case %s has no end", reader->vector.name);
}

bool vectors_each(const struct bytes *file, bool (*take)(void *context, const struct vector *),
		  void *context, struct text_error *error)
{
	struct reader reader = { .take = take, .context = context, .error = error };
	char *text = malloc(file->size + 1);
	bool done;

	*error = (struct text_error){ 0 };
	if (!text)
		return fail(&reader, "no memory for the file");
	memcpy(text, file->data, file->size);
	text[file->size] = '\0';
	done = strlen(text) == file->size || fail(&reader, "a text has no zero bytes");
	done = done && take_lines(&reader, text);
	clear(&reader.vector);
	free(text);
	return done;
}
