// SPDX-License-Identifier: MIT
#include "known.h"

#include <stdlib.h>
#include <string.h>

#include "time/command.h"

/* Each stream has a row of places. */
#define ROWS		128u
#define PLACES		4u

/* Of a stream that is kept, and of all of them: a command has some 2 KiB. */
#define COMMANDS_MAX	64u
#define COMMANDS_ALL	2048u

struct entry {
	uint64_t ring;
	uint64_t count;
	struct known_time time;
	uint64_t steps[COMMANDS_MAX];
	struct command command[];
};

struct kept {
	struct entry *entry;
	uint64_t number;	/* in the order they were asked for, 0 without an entry */
};

struct known {
	struct kept kept[ROWS][PLACES];
	uint64_t number;	/* the last one */
	uint64_t commands;	/* of all entries */
};

struct known *known_create(void)
{
	return calloc(1, sizeof(struct known));
}

static void drop(struct known *known, struct kept *kept)
{
	if (kept->entry)
		known->commands -= kept->entry->count;
	free(kept->entry);
	*kept = (struct kept){ 0 };
}

void known_clear(struct known *known)
{
	for (unsigned int i = 0; i < ROWS; i++)
		for (unsigned int k = 0; k < PLACES; k++)
			drop(known, &known->kept[i][k]);
}

void known_destroy(struct known *known)
{
	if (!known)
		return;
	known_clear(known);
	free(known);
}

/* Of these kinds a command holds all there is to know. */
static bool is_whole(const struct command *command)
{
	switch (command->kind) {
	case KIND_GEMM:
		return !command->gemm.row_counts;
	case KIND_CONV:
	case KIND_VECTOR:
	case KIND_POOL:
	case KIND_REDUCE:
	case KIND_NORMALIZE:
	case KIND_MOVE:
		return true;
	default:
		return false;
	}
}

static bool may_be_kept(const struct stream *stream)
{
	if (!stream->count || stream->count > COMMANDS_MAX)
		return false;
	for (unsigned int i = 0; i < stream->count; i++)
		if (!is_whole(&stream->commands[i]))
			return false;
	return true;
}

static size_t bytes_of(const struct stream *stream)
{
	return stream->count * sizeof(stream->commands[0]);
}

/* Four hashes side by side: each alone waits for its own multiplication. */
#define LANES	4

static unsigned int row_of(const struct stream *stream)
{
	_Static_assert(sizeof(struct command) % (LANES * sizeof(uint64_t)) == 0,
		       "commands are whole rows of words");
	const char *bytes = (const char *)stream->commands;
	uint64_t hash[LANES] = { 1, 2, 3, 4 }, word[LANES];

	for (size_t at = 0; at < bytes_of(stream); at += sizeof(word)) {
		memcpy(word, bytes + at, sizeof(word));
		for (unsigned int i = 0; i < LANES; i++) {
			hash[i] = (hash[i] ^ word[i]) * 0x9e3779b97f4a7c15ull;
			hash[i] ^= hash[i] >> 29;
		}
	}
	return (uint32_t)((hash[0] + hash[1] + hash[2] + hash[3]) >> 32) % ROWS;
}

/* Bytes between members may differ without need; then it is not found. */
static bool is_equal(const struct entry *entry, const struct stream *stream, uint64_t ring)
{
	return entry && entry->ring == ring && entry->count == stream->count &&
	       !memcmp(entry->command, stream->commands, bytes_of(stream));
}

static struct kept *find(struct kept *row, const struct stream *stream, uint64_t ring)
{
	for (unsigned int i = 0; i < PLACES; i++)
		if (is_equal(row[i].entry, stream, ring))
			return &row[i];
	return NULL;
}

bool known_find(struct known *known, const struct stream *stream, uint64_t ring,
		struct known_time *time)
{
	struct kept *kept = NULL;

	if (may_be_kept(stream))
		kept = find(known->kept[row_of(stream)], stream, ring);
	if (!kept)
		return false;
	kept->number = ++known->number;
	*time = kept->entry->time;
	if (stream->steps)
		memcpy(stream->steps, kept->entry->steps, stream->count * sizeof(uint64_t));
	return true;
}

static struct entry *make_entry(const struct stream *stream, uint64_t ring,
				const struct known_time *time)
{
	struct entry *entry = calloc(1, sizeof(*entry) + bytes_of(stream));

	if (!entry)
		return NULL;
	entry->ring = ring;
	entry->count = stream->count;
	entry->time = *time;
	if (stream->steps)
		memcpy(entry->steps, stream->steps, stream->count * sizeof(uint64_t));
	memcpy(entry->command, stream->commands, bytes_of(stream));
	return entry;
}

/* An empty place, or that of the entry that was not asked for the longest. */
static struct kept *oldest(struct kept *row)
{
	struct kept *first = row;

	for (unsigned int i = 1; i < PLACES; i++)
		if (row[i].number < first->number)
			first = &row[i];
	return first;
}

/* There is one. */
static struct kept *oldest_of_all(struct known *known)
{
	struct kept *first = NULL;

	for (unsigned int i = 0; i < ROWS; i++)
		for (unsigned int k = 0; k < PLACES; k++) {
			struct kept *kept = &known->kept[i][k];

			if (kept->entry && (!first || kept->number < first->number))
				first = kept;
		}
	return first;
}

void known_keep(struct known *known, const struct stream *stream, uint64_t ring,
		const struct known_time *time)
{
	struct entry *entry;
	struct kept *row, *kept;

	if (!may_be_kept(stream))
		return;
	row = known->kept[row_of(stream)];
	if (find(row, stream, ring))
		return;
	entry = make_entry(stream, ring, time);
	if (!entry)
		return;
	kept = oldest(row);
	drop(known, kept);
	while (known->commands + stream->count > COMMANDS_ALL)
		drop(known, oldest_of_all(known));
	*kept = (struct kept){ entry, ++known->number };
	known->commands += stream->count;
}
