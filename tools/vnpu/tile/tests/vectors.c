/* SPDX-License-Identifier: MIT */
#include "vectors.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tsr_hw/decode.h>

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Append hexadecimal bytes to a buffer of @room bytes. */
static bool append_hex(void *buffer, size_t *size, size_t room, const char *hex)
{
	for (; hex_digit(hex[0]) >= 0 && hex_digit(hex[1]) >= 0; hex += 2) {
		if (*size == room)
			return false;
		((uint8_t *)buffer)[(*size)++] =
			(uint8_t)(hex_digit(hex[0]) << 4 | hex_digit(hex[1]));
	}
	return *hex == '\n' || !*hex;
}

static bool append_zeros(void *buffer, size_t *size, size_t room, size_t count)
{
	if (count > room - *size)
		return false;
	memset((uint8_t *)buffer + *size, 0, count);
	*size += count;
	return true;
}

static bool append(struct vector *vector, const char *name, const char *value, bool zeros)
{
	bool stream = !strcmp(name, "stream");
	void *buffer = stream ? (void *)vector->stream : (void *)vector->slot;
	size_t *size = stream ? &vector->stream_size : &vector->slots_size;
	size_t room = stream ? sizeof(vector->stream) : sizeof(vector->slot);

	if (!stream && strcmp(name, "slots"))
		return false;
	return zeros ? append_zeros(buffer, size, room, strtoul(value, NULL, 10)) :
		       append_hex(buffer, size, room, value);
}

static int verdict_of(const char *name)
{
	uint64_t error;

	return tsr_hw_named("ERR", name, &error) ? (int)error : -1;
}

/* What a device's class and model make of a stream is for tests/fidelity. */
static bool is_figure(const char *key)
{
	static const char *const keys[] = { "cycles", "products", "moved", "steps", "energy" };

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (!strcmp(keys[i], key))
			return true;
	return false;
}

static bool set_memory(struct vector *vector, const char *slot, const char *hex)
{
	unsigned long n = strtoul(slot, NULL, 10);

	return n < 4 && append_hex(vector->memory[n], &vector->memory_size[n],
				   sizeof(vector->memory[n]), hex);
}

static bool set_field(struct vector *vector, const char *key, const char *first,
		      const char *second)
{
	if (!strcmp(key, "bytes") || !strcmp(key, "zero"))
		return append(vector, first, second, key[0] == 'z');
	if (!strcmp(key, "memory"))
		return set_memory(vector, first, second);
	if (!strcmp(key, "result"))
		return append_hex(vector->result, &vector->result_size, sizeof(vector->result),
				  first);
	if (!strcmp(key, "engine")) {
		vector->engine = strcmp(first, "dma") ? TSR_HW_ENGINE_TENSOR : TSR_HW_ENGINE_DMA;
		return true;
	}
	if (!strcmp(key, "verdict")) {
		vector->verdict = verdict_of(first);
		return vector->verdict >= 0;
	}
	if (!strcmp(key, "program")) {
		vector->program = strtoull(first, NULL, 0);
		vector->program_size = strtoull(second, NULL, 0);
		return true;
	}
	if (!strcmp(key, "offset")) {
		vector->offset = strtoull(first, NULL, 0);
		return true;
	}
	return is_figure(key);
}

static int read_cases(FILE *file, struct vector *vector,
		      bool (*check)(void *context, const struct vector *vector), void *context)
{
	char line[1024];
	int cases = 0;

	while (fgets(line, sizeof(line), file)) {
		char key[16] = "";
		char first[960] = "";
		char second[960] = "";

		if (line[0] == '#' || sscanf(line, "%15s %959s %959s", key, first, second) < 1)
			continue;
		if (!strcmp(key, "case")) {
			memset(vector, 0, sizeof(*vector));
			memcpy(vector->name, first, sizeof(vector->name) - 1);
		} else if (!strcmp(key, "end")) {
			cases++;
			if (!check(context, vector)) {
				fprintf(stderr, "case %s fails\n", vector->name);
				return -1;
			}
		} else if (!set_field(vector, key, first, second)) {
			fprintf(stderr, "case %s: bad line: %s", vector->name, line);
			return -1;
		}
	}
	return cases;
}

static int each_of_file(const char *path, bool (*check)(void *context, const struct vector *vector),
			void *context)
{
	struct vector *vector = calloc(1, sizeof(*vector));
	FILE *stream = fopen(path, "r");
	int cases = -1;

	if (stream)
		cases = read_cases(stream, vector, check, context);
	if (stream)
		fclose(stream);
	free(vector);
	return cases;
}

static int is_visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

int vectors_each(const char *file, bool (*check)(void *context, const struct vector *vector),
		 void *context)
{
	struct dirent **entries;
	char path[512];
	int cases = 0;
	int count;

	snprintf(path, sizeof(path), "%s/%s", VECTOR_DIR, file);
	count = scandir(path, &entries, is_visible, alphasort);
	if (count < 0)
		return each_of_file(path, check, context);
	for (int i = 0; i < count; i++) {
		char one[1024];
		int found;

		snprintf(one, sizeof(one), "%s/%s", path, entries[i]->d_name);
		free(entries[i]);
		found = cases < 0 ? -1 : each_of_file(one, check, context);
		cases = found < 0 ? -1 : cases + found;
	}
	free(entries);
	return cases;
}
