/* SPDX-License-Identifier: MIT */
#include "suite.h"

#include <stdio.h>
#include <string.h>

#include "bench.h"
#include "vectors.h"

static struct tile_job *prepare(const struct bench *bench, const struct vector *vector,
				struct outcome *outcome)
{
	const struct tile_request request = {
		.kind = vector->engine,
		.stream = vector->stream,
		.stream_size = (uint32_t)vector->stream_size,
		.slots = vector->slot,
		.slot_count = (uint32_t)(vector->slots_size / sizeof(vector->slot[0])),
		.program = vector->program,
		.program_size = (uint32_t)vector->program_size,
	};
	struct tile_job *job;

	tile_prepare(bench->sku, &request, &job, &outcome->cost, &outcome->result);
	return job;
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
	const struct tile_cost *want = &vector->cost;
	struct outcome outcome;
	struct tile_job *job = prepare(context, vector, &outcome);

	tile_free(job);
	return same("error", (uint64_t)outcome.result.error, TSR_ERR_NONE) &&
	       same("cycles", outcome.cost.cycles, want->cycles) &&
	       same("blocks", outcome.cost.blocks, want->blocks) &&
	       same("macs", outcome.cost.macs, want->macs) &&
	       same("bytes read", outcome.cost.bytes_read, want->bytes_read) &&
	       same("bytes written", outcome.cost.bytes_written, want->bytes_written) &&
	       same("energy", outcome.cost.energy, want->energy);
}

static bool refuses(void *context, const struct vector *vector)
{
	struct outcome outcome;
	struct tile_job *job = prepare(context, vector, &outcome);

	tile_free(job);
	return !job && vector->verdict != TSR_ERR_NONE &&
	       same("error", (uint64_t)outcome.result.error, (uint64_t)vector->verdict) &&
	       same("offset", outcome.result.fault, vector->offset) &&
	       same("macs", outcome.cost.macs, 0) && outcome.cost.cycles >= 1;
}

/* The vectors have their own addresses; move the slots to where the bench has memory. */
static bool computes(void *context, const struct vector *vector)
{
	struct bench *bench = context;
	struct tile_memory memory = fake_memory_accessors(bench->memory);
	struct vector moved = *vector;
	struct outcome outcome;
	struct tile_job *job;
	uint8_t got[64];

	for (unsigned int i = 0; i < 4; i++) {
		moved.slot[i].address = FAKE_BASE + i * FAKE_PAGE;
		fake_memory_poke(bench->memory, moved.slot[i].address, vector->memory[i],
				 vector->memory_size[i]);
	}
	job = prepare(bench, &moved, &outcome);
	if (!job)
		return false;
	tile_execute(job, &memory, NULL, &outcome.result);
	tile_free(job);
	fake_memory_peek(bench->memory, moved.slot[2].address, got, vector->result_size);
	return same("error", (uint64_t)outcome.result.error, TSR_ERR_NONE) &&
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

static void valid_streams_are_taken_at_their_cost(void **state)
{
	(void)state;
	run("valid.txt", takes, 50);
}

static void malformed_streams_are_refused_with_their_error(void **state)
{
	(void)state;
	run("malformed.txt", refuses, 100);
}

static void results_are_equal_to_the_bit(void **state)
{
	(void)state;
	run("results.txt", computes, 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(valid_streams_are_taken_at_their_cost),
		cmocka_unit_test(malformed_streams_are_refused_with_their_error),
		cmocka_unit_test(results_are_equal_to_the_bit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
