/* SPDX-License-Identifier: MIT */
#include "suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "vectors.h"

/* Slots that are not in the table, but behind it, would suit any tensor. */
#define BEHIND		8u

static const struct tsr_hw_slot suits = {
	.address = 0x10000, .size = 0x10000, .flags = TSR_HW_SLOT_READ | TSR_HW_SLOT_WRITE,
};

/* What a prepared node refers to. */
struct copies {
	void *stream;
	struct tsr_hw_slot *table;
};

/*
 * The stream in a buffer of exactly its size, so that sanitizers see a step beyond; the
 * table with more behind it, so that a slot beyond the last is not refused by chance.
 */
static struct tile_job *prepare(const struct bench *bench, const struct vector *vector,
				struct outcome *outcome, struct copies *copies)
{
	uint32_t slots = (uint32_t)(vector->slots_size / sizeof(vector->slot[0]));
	struct tsr_hw_slot *table = calloc(slots + BEHIND, sizeof(*table));
	void *stream = malloc(vector->stream_size);
	const struct tile_request request = {
		.kind = vector->engine,
		.stream = stream,
		.stream_size = (uint32_t)vector->stream_size,
		.slots = table,
		.slot_count = slots,
		.program = vector->program,
		.program_size = (uint32_t)vector->program_size,
	};
	struct tile_job *job;

	assert_non_null(table);
	assert_true(stream || !vector->stream_size);
	for (uint32_t i = 0; i < slots + BEHIND; i++)
		table[i] = i < slots ? vector->slot[i] : suits;
	if (vector->stream_size)
		memcpy(stream, vector->stream, vector->stream_size);
	tile_prepare(bench->sku, &request, &job, &outcome->size, &outcome->result);
	*copies = (struct copies){ stream, table };
	return job;
}

static void release(struct tile_job *job, struct copies *copies)
{
	tile_free(job);
	free(copies->stream);
	free(copies->table);
}

static bool same(const char *what, uint64_t got, uint64_t want)
{
	if (got != want)
		fprintf(stderr, "%s: %llu, expected %llu\n", what, (unsigned long long)got,
			(unsigned long long)want);
	return got == want;
}

static bool takes(void *context, const struct vector *vector)
{
	struct outcome outcome;
	struct copies copies;
	struct tile_job *job = prepare(context, vector, &outcome, &copies);

	release(job, &copies);
	return same("error", (uint64_t)outcome.result.error, TSR_HW_ERR_NONE);
}

static bool refuses(void *context, const struct vector *vector)
{
	struct outcome outcome;
	struct copies copies;
	struct tile_job *job = prepare(context, vector, &outcome, &copies);

	release(job, &copies);
	return !job && vector->verdict != TSR_HW_ERR_NONE &&
	       same("error", (uint64_t)outcome.result.error, (uint64_t)vector->verdict) &&
	       same("offset", outcome.result.fault, vector->offset) &&
	       same("operations", outcome.size.operations, 0);
}

/* The vectors have their own addresses; move the slots to where the bench has memory. */
static bool computes(void *context, const struct vector *vector)
{
	struct bench *bench = context;
	struct tile_memory memory = fake_memory_accessors(bench->memory);
	struct vector moved = *vector;
	struct outcome outcome;
	struct copies copies;
	struct tile_job *job;
	uint8_t got[64];

	for (unsigned int i = 0; i < 4; i++) {
		moved.slot[i].address = FAKE_BASE + i * FAKE_PAGE;
		fake_memory_poke(bench->memory, moved.slot[i].address, vector->memory[i],
				 vector->memory_size[i]);
	}
	job = prepare(bench, &moved, &outcome, &copies);
	if (job)
		tile_execute(job, &memory, NULL, &outcome.result);
	release(job, &copies);
	fake_memory_peek(bench->memory, moved.slot[2].address, got, vector->result_size);
	return same("error", (uint64_t)outcome.result.error, TSR_HW_ERR_NONE) &&
	       vector->result_size && !memcmp(got, vector->result, vector->result_size);
}

static void run(const char *file, bool (*check)(void *context, const struct vector *vector),
		int least)
{
	struct bench bench;
	int cases;

	bench_open(&bench, "edge", 8 * FAKE_PAGE, 1);
	cases = vectors_each(file, check, &bench);
	bench_close(&bench);
	assert_true(cases >= least);
}

static void valid_streams_are_taken(void **state)
{
	(void)state;
	run("valid.txt", takes, 50);
}

static void malformed_streams_are_refused_with_their_error(void **state)
{
	(void)state;
	run("malformed", refuses, 180);
}

/* So no malformed stream is refused for anything but what it was made for. */
static void their_twins_without_the_defect_are_taken(void **state)
{
	(void)state;
	run("twins", takes, 180);
}

/* Names of one file, in order. */
struct names {
	char name[1024][64];
	size_t count;
};

static bool collect(void *context, const struct vector *vector)
{
	struct names *names = context;

	if (names->count == sizeof(names->name) / sizeof(names->name[0]))
		return false;
	snprintf(names->name[names->count++], sizeof(names->name[0]), "%.63s", vector->name);
	return true;
}

static void every_malformed_stream_has_a_twin(void **state)
{
	struct names *malformed = calloc(2, sizeof(*malformed));
	struct names *twins = malformed + 1;

	(void)state;
	assert_non_null(malformed);
	assert_true(vectors_each("malformed", collect, malformed) > 0);
	assert_true(vectors_each("twins", collect, twins) > 0);
	assert_int_equal(malformed->count, twins->count);
	for (size_t i = 0; i < twins->count; i++)
		assert_string_equal(malformed->name[i], twins->name[i]);
	free(malformed);
}

static void results_are_equal_to_the_bit(void **state)
{
	(void)state;
	run("results.txt", computes, 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(valid_streams_are_taken),
		cmocka_unit_test(malformed_streams_are_refused_with_their_error),
		cmocka_unit_test(their_twins_without_the_defect_are_taken),
		cmocka_unit_test(every_malformed_stream_has_a_twin),
		cmocka_unit_test(results_are_equal_to_the_bit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
