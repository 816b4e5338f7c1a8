// SPDX-License-Identifier: MIT
#include "vectors.h"

#include <string.h>

#include "lines.h"
#include "value.h"

/* A file that is being read. */
struct reader {
	struct vector vector;
	bool inside;
	void (*take)(void *context, const struct vector *vector);
	void *context;
	struct text_error *error;
};

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
		return text_fail(reader->error, "case %s begins inside of a case", name);
	if (!*name || strlen(name) >= sizeof(reader->vector.name))
		return text_fail(reader->error, "a case has a name of at most %zu characters",
				 sizeof(reader->vector.name) - 1);
	strcpy(reader->vector.name, name);
	reader->inside = true;
	return true;
}

static bool end_case(struct reader *reader)
{
	if (!reader->inside)
		return text_fail(reader->error, "no case ends here");
	reader->take(reader->context, &reader->vector);
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
	const char *wrong;

	if (length % 2 || !bytes_reach(buffer, start + length / 2))
		return text_fail(reader->error, "two hexadecimal digits make a byte");
	wrong = bytes_from_hex(buffer, start, digits);
	return !wrong || text_fail(reader->error, "%.2s is no hexadecimal byte", wrong);
}

static bool add_zeros(struct reader *reader, struct bytes *buffer, const char *count)
{
	uint64_t zeros;

	if (!value_digits(count, &zeros) || zeros > BYTES_MAX ||
	    !bytes_reach(buffer, buffer->size + zeros))
		return text_fail(reader->error, "zero %s: that many bytes cannot be made", count);
	return true;
}

/* "bytes BUFFER HEX" or "zero BUFFER COUNT" */
static bool add_bytes(struct reader *reader, bool hex, char *rest)
{
	char *value = strchr(rest, ' ');
	struct bytes other = { 0 }, *buffer;
	bool added;

	if (!value)
		return text_fail(reader->error, "a buffer and a value must follow");
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
	       text_fail(reader->error, "no memory for the case");
}

static bool take_line(void *context, char *line)
{
	struct reader *reader = context;
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
		return text_fail(reader->error, "%s stands outside of a case", line);
	if (hex || !strcmp(line, "zero"))
		return add_bytes(reader, hex, rest);
	return keep_field(reader, line, rest);
}

bool vectors_each(const struct bytes *file, void (*take)(void *context, const struct vector *),
		  void *context, struct text_error *error)
{
	struct reader reader = { .take = take, .context = context, .error = error };
	bool done = lines_each(file->data, file->size, take_line, &reader, error) &&
		    (!reader.inside ||
		     text_fail(error, "case %s has no end", reader.vector.name));

	clear(&reader.vector);
	return done;
}
