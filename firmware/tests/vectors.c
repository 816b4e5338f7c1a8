// SPDX-License-Identifier: (GPL-2.0-only OR MIT)
#include "vectors.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

const char *vector_text(const struct vector_case *vector, const char *field)
{
	for (uint32_t i = 0; i < vector->field_count; i++) {
		if (!strcmp(vector->field[i].name, field))
			return vector->field[i].value;
	}
	return NULL;
}

uint64_t vector_number(const struct vector_case *vector, const char *field, uint64_t otherwise)
{
	const char *text = vector_text(vector, field);

	return text ? strtoull(text, NULL, 0) : otherwise;
}

const uint8_t *vector_bytes(const struct vector_case *vector, const char *buffer, size_t *size)
{
	for (uint32_t i = 0; i < vector->buffer_count; i++) {
		if (!strcmp(vector->buffer[i].name, buffer)) {
			*size = vector->buffer[i].size;
			return vector->buffer[i].bytes;
		}
	}
	*size = 0;
	return NULL;
}

static void copy_text(char *to, const char *from, size_t size)
{
	size_t length = strlen(from);

	assert_true(length < size);
	memcpy(to, from, length + 1);
}

static uint32_t buffer_named(struct vector_case *vector, const char *name)
{
	uint32_t i = 0;

	while (i < vector->buffer_count && strcmp(vector->buffer[i].name, name))
		i++;
	if (i == vector->buffer_count) {
		assert_true(i < VECTOR_BUFFERS);
		copy_text(vector->buffer[i].name, name, VECTOR_NAME);
		vector->buffer[i].size = 0;
		vector->buffer_count++;
	}
	return i;
}

static void append(struct vector_case *vector, const char *name, uint8_t byte)
{
	uint32_t i = buffer_named(vector, name);

	assert_true(vector->buffer[i].size < VECTOR_BYTES);
	vector->buffer[i].bytes[vector->buffer[i].size++] = byte;
}

static void append_hex(struct vector_case *vector, const char *name, const char *hex)
{
	unsigned int byte;

	for (; *hex; hex += 2) {
		assert_int_equal(sscanf(hex, "%2x", &byte), 1);
		append(vector, name, (uint8_t)byte);
	}
}

static void append_zeros(struct vector_case *vector, const char *name, const char *count)
{
	for (unsigned long i = strtoul(count, NULL, 0); i; i--)
		append(vector, name, 0);
}

static void add_field(struct vector_case *vector, const char *name, const char *value)
{
	assert_true(vector->field_count < VECTOR_FIELDS);
	copy_text(vector->field[vector->field_count].name, name, VECTOR_NAME);
	copy_text(vector->field[vector->field_count].value, value, VECTOR_TEXT);
	vector->field_count++;
}

/* Splits off the first word; the rest begins at what is returned. */
static char *rest_of(char *line)
{
	size_t word = strcspn(line, " ");
	char *rest = line + word;

	if (*rest)
		*rest++ = '\0';
	return rest;
}

static void read_line(struct vector_case *vector, char *line)
{
	char *rest = rest_of(line), *last;

	if (!strcmp(line, "bytes") || !strcmp(line, "zero")) {
		last = rest_of(rest);
		if (*line == 'b')
			append_hex(vector, rest, last);
		else
			append_zeros(vector, rest, last);
	} else {
		add_field(vector, line, rest);
	}
}

static void begin(struct vector_case *vector, const char *name)
{
	vector->field_count = 0;
	vector->buffer_count = 0;
	copy_text(vector->name, name, VECTOR_NAME);
}

uint32_t vectors_run(const char *folder, const char *file,
		     void (*test)(const struct vector_case *vector))
{
	static struct vector_case vector;
	char path[512], line[VECTOR_TEXT];
	uint32_t cases = 0;
	FILE *in;

	snprintf(path, sizeof(path), "%s/%s", folder, file);
	in = fopen(path, "r");
	if (!in)
		fail_msg("cannot read %s", path);
	while (fgets(line, sizeof(line), in)) {
		line[strcspn(line, "\n")] = '\0';
		if (!*line || *line == '#')
			continue;
		if (!strncmp(line, "case ", 5)) {
			begin(&vector, line + 5);
		} else if (!strcmp(line, "end")) {
			test(&vector);
			cases++;
		} else {
			read_line(&vector, line);
		}
	}
	fclose(in);
	return cases;
}
