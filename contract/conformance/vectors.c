// SPDX-License-Identifier: (GPL-2.0-only OR MIT)
#include "vectors.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tsr_hw/decode.h>
#include <tsr_hw/program.h>

/* Where bytes of a case go. */
struct room {
	uint8_t *bytes;
	size_t *used;
	size_t size;
};

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool append_hex(const struct room *room, const char *hex)
{
	for (; hex_digit(hex[0]) >= 0 && hex_digit(hex[1]) >= 0; hex += 2) {
		if (*room->used == room->size)
			return false;
		room->bytes[(*room->used)++] = (uint8_t)(hex_digit(hex[0]) << 4 |
							 hex_digit(hex[1]));
	}
	return !*hex;
}

static bool append_zeros(const struct room *room, const char *count)
{
	size_t zeros = strtoul(count, NULL, 0);

	if (zeros > room->size - *room->used)
		return false;
	memset(room->bytes + *room->used, 0, zeros);
	*room->used += zeros;
	return true;
}

static bool set_buffer(struct golden *golden, const char *key, const char *name, const char *value)
{
	const struct room stream = { golden->stream, &golden->stream_size, sizeof(golden->stream) };
	const struct room slots = { golden->slots, &golden->slots_size, sizeof(golden->slots) };
	const struct room *room = strcmp(name, "stream") ? &slots : &stream;

	if (room == &slots && strcmp(name, "slots"))
		return false;
	return key[0] == 'z' ? append_zeros(room, value) : append_hex(room, value);
}

static bool set_memory(struct golden *golden, const char *slot, const char *hex)
{
	unsigned long i = strtoul(slot, NULL, 0);

	return i < VECTOR_MEMORIES &&
	       append_hex(&(struct room){ golden->memory[i], &golden->memory_size[i],
					  VECTOR_BYTES },
			  hex);
}

static bool set_verdict(struct golden *golden, const char *name)
{
	uint64_t error;

	if (!tsr_hw_named("ERR", name, &error))
		return false;
	golden->verdict = (uint32_t)error;
	return true;
}

static bool set_field(struct golden *golden, const char *key, const char *first, const char *second)
{
	if (!strcmp(key, "bytes") || !strcmp(key, "zero"))
		return set_buffer(golden, key, first, second);
	if (!strcmp(key, "memory"))
		return set_memory(golden, first, second);
	if (!strcmp(key, "result"))
		return append_hex(&(struct room){ golden->result, &golden->result_size,
						  VECTOR_BYTES },
				  first);
	if (!strcmp(key, "verdict"))
		return set_verdict(golden, first);
	if (!strcmp(key, "engine"))
		golden->engine = strcmp(first, "dma") ? TSR_HW_ENGINE_TENSOR : TSR_HW_ENGINE_DMA;
	else if (!strcmp(key, "offset"))
		golden->offset = strtoull(first, NULL, 0);
	/* What a device's class and model add (cycles, bytes, energy) is no conformance. */
	return true;
}

static int read_line(struct golden *golden, const char *line,
		     int (*take)(void *context, const struct golden *golden), void *context)
{
	char key[16] = "";
	char first[1024] = "";
	char second[1024] = "";

	if (line[0] == '#' || sscanf(line, "%15s %1023s %1023s", key, first, second) < 1)
		return 0;
	if (!strcmp(key, "end"))
		return take(context, golden);
	if (strcmp(key, "case"))
		return set_field(golden, key, first, second) ? 0 : -EBADMSG;
	memset(golden, 0, sizeof(*golden));
	snprintf(golden->name, sizeof(golden->name), "%.95s", first);
	return 0;
}

static int each_of_file(const char *path, int (*take)(void *context, const struct golden *golden),
			void *context)
{
	struct golden *golden = calloc(1, sizeof(*golden));
	FILE *file = fopen(path, "re");
	char line[1024];
	int ret = golden && file ? 0 : -errno;

	while (!ret && fgets(line, sizeof(line), file)) {
		ret = read_line(golden, line, take, context);
		if (ret == -EBADMSG)
			fprintf(stderr, "%s: case %s: not understood: %s", path, golden->name,
				line);
	}
	if (file)
		fclose(file);
	free(golden);
	return ret;
}

static int is_visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

int golden_each(const char *path, int (*take)(void *context, const struct golden *golden),
		void *context)
{
	struct dirent **entries;
	int count = scandir(path, &entries, is_visible, alphasort);
	int ret = count ? 0 : -ENOENT;

	if (count < 0)
		return errno == ENOTDIR ? each_of_file(path, take, context) : -errno;
	for (int i = 0; i < count; i++) {
		char file[4096];

		snprintf(file, sizeof(file), "%s/%s", path, entries[i]->d_name);
		free(entries[i]);
		if (!ret)
			ret = each_of_file(file, take, context);
	}
	free(entries);
	return ret;
}
