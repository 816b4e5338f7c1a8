// SPDX-License-Identifier: MIT
/*
 * usage: fuzz COUNT SEED VECTORS PROGRAMS
 *
 * Damages programs, streams and their texts. Damaged bytes are checked, shown as text and as
 * JSON, and the text gives the damaged bytes again; a damaged text is assembled or refused
 * with a line. The sanitizers see the rest. TAP.
 */
#include <inttypes.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "assemble.h"
#include "json.h"
#include "samples.h"
#include "vectors.h"

#define EDITS_MAX	8
#define SAMPLE_MAX	65536	/* larger ones take the time of many small ones */

static uint64_t state;

/* xorshift64* of Vigna: the same numbers on every machine. */
static uint64_t draw(void)
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return state * 0x2545f4914f6cdd1d;
}

static uint64_t draw_below(uint64_t limit)
{
	return draw() % limit;
}

/* Numbers at which bounds are. */
static uint64_t draw_edge(void)
{
	uint64_t power = 1ull << draw_below(64);

	return power + draw_below(3) - 1;
}

static void edit(struct bytes *bytes)
{
	size_t at = draw_below(bytes->size), size = 1ull << draw_below(4);
	uint64_t value = draw_edge();

	switch (draw_below(5)) {
	case 0:
		bytes->data[at] ^= (uint8_t)(1 << draw_below(8));
		break;
	case 1:
		bytes->data[at] = (uint8_t)draw();
		break;
	case 2:
		at &= ~(size - 1);
		if (at + size <= bytes->size)
			memcpy(bytes->data + at, &value, size);
		break;
	case 3:
		bytes->size = 1 + draw_below(bytes->size);
		break;
	default:
		/* The header's and the first nodes' fields decide most. */
		at = draw_below(bytes->size < 256 ? bytes->size : 256) & ~(size_t)3;
		if (at + 4 <= bytes->size)
			memcpy(bytes->data + at, &value, 4);
	}
}

static void damage(struct bytes *bytes)
{
	for (uint64_t edits = 1 + draw_below(EDITS_MAX); edits && bytes->size; edits--)
		edit(bytes);
}

static struct sample copy_of(const struct sample *sample)
{
	struct sample copy = *sample;

	copy.bytes = (struct bytes){ 0 };
	if (!bytes_append(&copy.bytes, sample->bytes.data, sample->bytes.size))
		exit(1);
	return copy;
}

static void show_json(const struct sample *sample)
{
	const struct text_options options = { .hex = draw_below(2), .node = TEXT_ALL_NODES };
	struct json_object *object = json_object_new_object();
	struct defects defects;

	sample_check(sample, &defects);
	if (sample->stream)
		json_stream(object, sample->bytes.data, sample->bytes.size);
	else
		json_program(object, sample->bytes.data, sample->bytes.size, &options);
	json_slots(object, sample->bytes.data, sample->bytes.size);
	json_defects(object, &defects);
	json_object_put(object);
}

/* A damaged text is made to bytes, or refused with a sentence. */
static bool text_survives(const struct sample *sample)
{
	struct bytes text = { 0 }, out = { 0 };
	struct text_error error;
	bool good;

	text.data = (uint8_t *)sample_text(sample, &text.size);
	for (uint64_t edits = 1 + draw_below(3); edits && text.size; edits--)
		text.data[draw_below(text.size)] = (uint8_t)(' ' + draw_below('z' - ' '));
	text.size -= draw_below(text.size + 1) * !draw_below(4);
	good = assemble((char *)text.data, text.size, &out, &error) || error.message[0];
	bytes_free(&out);
	bytes_free(&text);
	return good;
}

static void drop_vector(void *context, const struct vector *vector)
{
	(void)context;
	(void)vector;
}

/* A file of vectors with damage is read, or refused with a sentence. */
static bool vectors_survive(const char *folder)
{
	struct bytes file = { 0 };
	struct text_error error;
	char path[4096];
	bool good;

	snprintf(path, sizeof(path), "%s/commands/results.txt", folder);
	if (bytes_read(path, &file))
		return false;
	for (uint64_t edits = 1 + draw_below(EDITS_MAX); edits; edits--)
		file.data[draw_below(file.size)] = (uint8_t)draw();
	good = vectors_each(&file, drop_vector, NULL, &error) || error.message[0];
	bytes_free(&file);
	return good;
}

static bool round_of(const struct samples *samples, const char *vectors)
{
	const struct sample *chosen = &samples->sample[draw_below(samples->count)];
	struct sample sample;
	bool good;

	if (chosen->bytes.size > SAMPLE_MAX)
		return true;
	sample = copy_of(chosen);
	if (!draw_below(3)) {
		good = text_survives(&sample);
	} else {
		damage(&sample.bytes);
		show_json(&sample);
		good = sample_comes_back(&sample);
	}
	bytes_free(&sample.bytes);
	return good && (draw_below(64) || vectors_survive(vectors));
}

int main(int argc, char **argv)
{
	struct samples samples;
	uint64_t count, i;

	if (argc != 5)
		return 2;
	count = strtoull(argv[1], NULL, 10);
	state = strtoull(argv[2], NULL, 10);
	printf("# seed %" PRIu64 "\n", state);
	fflush(stdout);
	samples_load(&samples, argv[3], argv[4]);
	for (i = 0; i < count; i++) {
		if (!round_of(&samples, argv[3]))
			break;
	}
	printf("%sok 1 - %" PRIu64
	       " damaged programs, streams and texts come back or are refused\n",
	       i == count ? "" : "not ", i);
	puts("1..1");
	samples_free(&samples);
	return i != count;
}
