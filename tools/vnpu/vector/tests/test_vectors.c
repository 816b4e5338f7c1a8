/* SPDX-License-Identifier: MIT */
#include "suite.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <number/load.h>
#include <number/store.h>

#include "cases.h"
#include "vector/run.h"

/* Elements of a case: as many as bytes of the result can be. */
#define MOST	CASE_BYTES

/* Bytes of an element here: those of 4 bits have one. */
static size_t stored_size(unsigned int type)
{
	return number_bits(type) < 8 ? 1 : number_bits(type) / 8;
}

static size_t elements_of(const struct vector_case *one)
{
	return one->result.size / stored_size(one->output);
}

/* Registers of what a case is given; those of a strip are at most VECTOR_STRIP elements. */
static void load_given(const struct vector_case *one, uint64_t given[][MOST])
{
	for (unsigned int i = 0; i < PLAN_GIVEN; i++) {
		if (one->type[i])
			number_load(one->type[i], one->given[i].bytes, given[i],
				    one->given[i].size / stored_size(one->type[i]));
	}
}

/* In strips of @n elements. */
static void run(const struct vector_program *program, const struct vector_case *one,
		struct vector_run *run, uint64_t given[][MOST], size_t n, uint8_t *stored)
{
	for (size_t at = 0; at < elements_of(one); at += n) {
		size_t left = elements_of(one) - at;
		struct vector_strip strip = { .first = at, .n = left < n ? left : n };
		const void *result;

		for (unsigned int i = 0; i < PLAN_GIVEN; i++) {
			size_t size = number_class_size(number_class_of(one->type[i]));

			strip.given[i] = (const char *)given[i] + at * size;
		}
		result = vector_strip(run, &strip);
		number_store(program->result, result, one->output, program->head.flags,
			     stored + at * stored_size(one->output), strip.n);
	}
}

/* Any not-a-number may stand for another. */
static bool same(const struct vector_case *one, const uint8_t *stored, size_t at)
{
	size_t size = stored_size(one->output);
	uint64_t got[2] = { 0 }, want[2] = { 0 };
	float x, y;

	number_load(one->output, stored + at * size, got, 1);
	number_load(one->output, one->result.bytes + at * size, want, 1);
	memcpy(&x, got, sizeof(x));
	memcpy(&y, want, sizeof(y));
	if (number_is_floating(one->output) && isnan(x) && isnan(y))
		return true;
	if (!memcmp(stored + at * size, one->result.bytes + at * size, size))
		return true;
	fprintf(stderr, "element %zu: got 0x%llx, expected 0x%llx\n", at,
		(unsigned long long)got[0], (unsigned long long)want[0]);
	return false;
}

static bool gives(const struct vector_case *one, size_t n)
{
	static uint64_t given[PLAN_GIVEN][MOST];
	static _Alignas(8) uint8_t stored[8 * MOST];
	struct vector_setting setting = { .parameters = one->parameter, .tile = one->tile };
	struct vector_program program;
	struct vector_run *started;
	bool right = !case_check(one, &program) && program.weight == one->weight;

	if (!right)
		return false;
	memcpy(setting.dims, one->dims, sizeof(setting.dims));
	load_given(one, given);
	started = vector_begin(&program, &setting);
	assert_non_null(started);
	run(&program, one, started, given, n, stored);
	for (size_t at = 0; at < elements_of(one); at++)
		right = same(one, stored, at) && right;
	right = right && vector_divisions_by_zero(started) == one->divisions;
	vector_end(started);
	return right;
}

static bool gives_in_one_strip(const struct vector_case *one)
{
	return gives(one, VECTOR_STRIP);
}

static bool gives_in_small_strips(const struct vector_case *one)
{
	return gives(one, 5);
}

static void check_file(const char *file, int cases)
{
	assert_true(cases_each(file, gives_in_one_strip) >= cases);
	assert_true(cases_each(file, gives_in_small_strips) >= cases);
}

static void operations_give_the_bits_of_the_vectors(void **state)
{
	(void)state;
	check_file("operations.txt", 150);
}

static void loads_give_the_bits_of_the_vectors(void **state)
{
	(void)state;
	check_file("loads.txt", 18);
}

static void stores_give_the_bits_of_the_vectors(void **state)
{
	(void)state;
	check_file("stores.txt", 216);
}

static void programs_give_the_bits_of_the_vectors(void **state)
{
	(void)state;
	check_file("programs.txt", 19);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(operations_give_the_bits_of_the_vectors),
		cmocka_unit_test(loads_give_the_bits_of_the_vectors),
		cmocka_unit_test(stores_give_the_bits_of_the_vectors),
		cmocka_unit_test(programs_give_the_bits_of_the_vectors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
