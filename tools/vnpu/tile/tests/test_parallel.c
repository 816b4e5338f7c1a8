/* SPDX-License-Identifier: MIT */
/* Engines of one device run at the same time and share staging and primitives. */
#include "suite.h"

#include <pthread.h>

#include "convs.h"
#include "gemms.h"

#define ENGINES		3

/* More shapes than primitives are kept, so that some are thrown out while others run. */
#define ROUNDS		120

struct engine {
	pthread_t thread;
	uint64_t seed;
	int wrong;
};

static bool run_gemm(struct bench *bench, bool integer)
{
	struct tsr_hw_gemm gemm;
	struct outcome outcome;

	bench_reset(bench);
	gemm_random(bench, &gemm, integer);
	bench_run(bench, &gemm, &outcome);
	return !outcome.result.error && gemm_matches(bench, &gemm);
}

static bool run_conv(struct bench *bench, bool integer)
{
	struct tsr_hw_conv conv;
	struct outcome outcome;

	bench_reset(bench);
	conv_random(bench, &conv, integer);
	bench_run(bench, &conv, &outcome);
	return !outcome.result.error && conv_matches(bench, &conv);
}

static void *run_engine(void *context)
{
	struct engine *engine = context;
	struct bench bench;

	bench_open(&bench, "pc", MEMORY_BYTES, engine->seed);
	for (int i = 0; i < ROUNDS; i++) {
		engine->wrong += !run_gemm(&bench, i & 1);
		engine->wrong += !run_conv(&bench, i & 2);
	}
	bench_close(&bench);
	return NULL;
}

static void engines_do_not_disturb_each_other(void **state)
{
	struct engine engine[ENGINES] = { 0 };

	(void)state;
	for (int i = 0; i < ENGINES; i++) {
		engine[i].seed = 300 + (uint64_t)i;
		assert_int_equal(pthread_create(&engine[i].thread, NULL, run_engine, &engine[i]),
				 0);
	}
	for (int i = 0; i < ENGINES; i++)
		pthread_join(engine[i].thread, NULL);
	for (int i = 0; i < ENGINES; i++)
		assert_int_equal(engine[i].wrong, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(engines_do_not_disturb_each_other),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
