// SPDX-License-Identifier: MIT
/*
 * usage: test_check VECTORS PROGRAMS
 *
 * What firmware refuses about a program has a defect, at the member that the vector's name
 * says. TAP, one result for each vector.
 */
#include <stdio.h>
#include <string.h>

#include <tsr_hw/program.h>

#include "check.h"
#include "samples.h"

#define HEADER(vector, member) { vector, #member, offsetof(struct tsr_hw_program, member), false }
#define NODE(vector, member) { vector, #member, offsetof(struct tsr_hw_node, member), true }

/* Vectors of programs.txt, and the member of the header or of a node that is wrong. */
static const struct place {
	const char *vector;
	const char *member;
	size_t offset;
	bool node;
} places[] = {
	HEADER("header-magic", magic),
	HEADER("header-version-2", version),
	HEADER("header-header-size", header_size),
	HEADER("header-size-less", size),
	HEADER("header-size-more", size),
	HEADER("header-no-nodes", node_count),
	HEADER("header-too-many-nodes", node_count),
	HEADER("header-too-many-edges", edge_count),
	HEADER("header-too-many-slots", slot_count),
	HEADER("header-unknown-engine", engines),
	HEADER("header-nodes-in-header", nodes),
	HEADER("header-nodes-unaligned", nodes),
	HEADER("header-nodes-outside", nodes),
	HEADER("header-edges-odd", edges),
	HEADER("header-edges-outside", edges),
	HEADER("header-streams-unaligned", streams),
	HEADER("header-streams-outside", streams),
	HEADER("header-constants-outside", constants),
	HEADER("header-too-many-groups", group_count),
	HEADER("header-groups-outside", groups),
	HEADER("header-groups-unaligned", groups),
	HEADER("header-checksum", checksum),
	HEADER("edge-unused", edge_count),
	NODE("node-mbz0", mbz0),
	NODE("node-mbz2", mbz2),
	NODE("node-index", index),
	NODE("node-body", body_count),
	NODE("node-ring-unaligned", ring),
	NODE("node-group", group),
	NODE("node-group-last", group),
	NODE("group-absent", group),
	NODE("group-out-of-order", group),
	NODE("group-of-a-copy", group),
	NODE("group-of-a-no-op", group),
	NODE("group-member-with-ring", ring),
	NODE("ring-of-a-copy", ring),
	NODE("loop-empty", body_count),
	NODE("loop-long", body_count),
	NODE("loop-wraps", body_count),
	NODE("loop-absent", index),
	NODE("loop-group", group),
	NODE("loop-wide", flags),
	NODE("parameter-no-such", index),
	NODE("parameter-that-skips", flags),
	NODE("parameter-wide-unaligned", word_offset),
	NODE("node-flag", flags),
	NODE("node-engine", engine),
	NODE("node-undeclared", engine),
	NODE("node-predecessor-more", pred_count),
	NODE("node-predecessor-less", pred_count),
	NODE("node-successors-outside", succ_first),
	NODE("node-successors-wrap", succ_first),
	NODE("node-successors-many", succ_first),
	NODE("node-stream-empty", stream_size),
	NODE("node-stream-odd-size", stream_size),
	NODE("node-stream-long", stream_size),
	NODE("no-op-with-stream", stream_size),
	NODE("node-stream-unaligned", stream),
	NODE("node-stream-outside", stream),
	NODE("node-stream-wrap", stream),
	NODE("node-skip-slot-without-skip", word_slot),
	NODE("node-skip-offset-without-skip", word_offset),
	NODE("skip-unaligned", word_offset),
};

static unsigned int number;
static bool all_passed = true;

static void result(bool passed, const char *vector, const char *what)
{
	printf("%sok %u - %s %s\n", passed ? "" : "not ", ++number, vector, what);
	all_passed &= passed;
}

static bool is_there(const struct defect *defect, const struct place *place)
{
	size_t offset = defect->offset, length = strlen(defect->path);
	size_t name = strlen(place->member);

	if (place->node)
		offset = (offset - sizeof(struct tsr_hw_program)) % sizeof(struct tsr_hw_node);
	return offset == place->offset && length > name &&
	       !strncmp(defect->path, place->node ? "node " : "program: ", 5) &&
	       !strcmp(defect->path + length - name, place->member);
}

static const struct place *place_of(const char *vector)
{
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		if (!strcmp(places[i].vector, vector))
			return &places[i];
	}
	return NULL;
}

static bool is_found(const struct defects *defects, const struct place *place)
{
	bool found = false;

	for (size_t i = 0; i < defects->count && i < DEFECTS_KEPT; i++) {
		const struct defect *defect = &defects->kept[i];

		found |= place ? is_there(defect, place) : !strstr(defect->path, ": command ");
	}
	return found;
}

static void check_vector(const struct sample *sample)
{
	const char *vector = strstr(sample->name, ": ") + 2;
	const struct place *place = place_of(vector);
	struct defects defects = { 0 };
	bool found;

	check_program(sample->bytes.data, sample->bytes.size, &defects);
	found = is_found(&defects, place);
	for (size_t i = 0; !found && i < defects.count && i < DEFECTS_KEPT; i++)
		printf("# 0x%zx: %s %s\n", defects.kept[i].offset, defects.kept[i].path,
		       defects.kept[i].rule);
	result(found, vector, place ? "is wrong at its member" : "is wrong");
}

/* Members of commands that no vector's verdict is about the program. */
static void check_cut_streams(const struct samples *samples)
{
	size_t cut = 0, told = 0;

	for (size_t i = 0; i < samples->count; i++) {
		const struct sample *sample = &samples->sample[i];

		if (!sample->vector || !sample->stream || !sample->good)
			continue;
		for (size_t size = 1; size < sample->bytes.size && size < 600; size += 7) {
			struct defects defects = { 0 };

			check_stream(sample->bytes.data, 0, size, CHECK_ANY_ENGINE, "", &defects);
			told += defects.count == 1 && defects.kept[0].offset <= size;
			cut++;
		}
	}
	printf("# %zu streams cut, %zu told\n", cut, told);
	result(cut > 1000 && told >= cut - cut / 50, "a stream", "that is cut off is told");
}

int main(int argc, char **argv)
{
	struct samples samples;
	size_t refused = 0;

	if (argc != 3)
		return 2;
	samples_load(&samples, argv[1], argv[2]);
	for (size_t i = 0; i < samples.count; i++) {
		if (samples.sample[i].refused) {
			check_vector(&samples.sample[i]);
			refused++;
		}
	}
	result(refused > sizeof(places) / sizeof(places[0]), "vectors", "are enough");
	check_cut_streams(&samples);
	printf("1..%u\n", number);
	samples_free(&samples);
	return !all_passed;
}
