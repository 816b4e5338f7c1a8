// SPDX-License-Identifier: MIT
/* What streams took before: which are found again, and as what. */
#include <stdlib.h>
#include <string.h>

#include "cmocka_prelude.h"
#include "engine/known.h"
#include "time/command.h"

/* Commands of a stream that is kept, at most, and how many streams of so many there is room for. */
#define MOST 64u
#define ROOM 32u

#define RING 4096u

/* The linker puts them in front of the library's. */
void *__real_calloc(size_t count, size_t n);
void __real_free(void *memory);
void *__wrap_calloc(size_t count, size_t n);
void __wrap_free(void *memory);

static struct {
	unsigned int live;	/* allocations */
	bool none;		/* is given from now on */
} heap;

void *__wrap_calloc(size_t count, size_t n)
{
	void *memory = heap.none ? NULL : __real_calloc(count, n);

	heap.live += memory != NULL;
	return memory;
}

void __wrap_free(void *memory)
{
	heap.live -= memory != NULL;
	__real_free(memory);
}

static struct command commands[MOST + 1];
static uint64_t steps[MOST + 1];

/* Some commands that no other number gives. */
static struct stream stream_of(unsigned int number, unsigned int count)
{
	memset(commands, 0, sizeof(commands));
	for (unsigned int i = 0; i < count; i++) {
		commands[i].kind = KIND_VECTOR;
		commands[i].overlap = number & 1;
		memcpy(&commands[i].elementwise, &number, sizeof(number));
	}
	return (struct stream){ commands, count, steps };
}

static struct known_time time_of(unsigned int number)
{
	return (struct known_time){ .cycles = number + 1000, .amounts = { .memory = number + 7 } };
}

static void keep(struct known *known, const struct stream *stream, uint64_t ring,
		 unsigned int number)
{
	const struct known_time time = time_of(number);

	for (unsigned int i = 0; i <= MOST; i++)
		steps[i] = 100 * number + i;
	known_keep(known, stream, ring, &time);
	memset(steps, 0, sizeof(steps));
}

/* Whether it is found; then as what @number took. */
static bool finds(struct known *known, const struct stream *stream, uint64_t ring,
		  unsigned int number)
{
	const struct known_time wanted = time_of(number);
	struct known_time time;

	if (!known_find(known, stream, ring, &time))
		return false;
	assert_int_equal(time.cycles, wanted.cycles);
	assert_int_equal(time.amounts.memory, wanted.amounts.memory);
	for (unsigned int i = 0; stream->steps && i <= MOST; i++)
		assert_int_equal(steps[i], i < stream->count ? 100 * number + i : 0);
	memset(steps, 0, sizeof(steps));
	return true;
}

static int setup(void **state)
{
	heap.live = 0;
	*state = known_create();
	return *state ? 0 : -1;
}

static int teardown(void **state)
{
	known_destroy(*state);
	return heap.live ? -1 : 0;
}

static void a_stream_is_found_as_what_it_took(void **state)
{
	for (unsigned int count = 1; count <= MOST; count++) {
		struct stream stream = stream_of(count, count);

		assert_false(finds(*state, &stream, RING, 0));
		keep(*state, &stream, RING, count);
		assert_true(finds(*state, &stream, RING, count));
		stream.steps = NULL;
		assert_true(finds(*state, &stream, RING, count));
	}
}

static void what_differs_from_it_is_not(void **state)
{
	struct stream stream = stream_of(5, 3);

	keep(*state, &stream, RING, 5);
	assert_false(finds(*state, &stream, RING + 1, 5));
	stream.count = 2;
	assert_false(finds(*state, &stream, RING, 5));
	stream.count = 3;
	commands[2].barrier = true;
	assert_false(finds(*state, &stream, RING, 5));
	commands[2].barrier = false;
	assert_true(finds(*state, &stream, RING, 5));
}

static void what_is_kept_stays_as_it_was(void **state)
{
	struct stream stream = stream_of(6, 1);

	keep(*state, &stream, RING, 6);
	keep(*state, &stream, RING, 7);
	assert_true(finds(*state, &stream, RING, 6));
	stream = stream_of(8, 1);
	stream.steps = NULL;
	keep(*state, &stream, RING, 8);
	assert_true(finds(*state, &stream, RING, 8));
}

static void streams_without_commands_and_long_ones_are_not_kept(void **state)
{
	struct stream stream = stream_of(9, MOST + 1);

	keep(*state, &stream, RING, 9);
	assert_false(finds(*state, &stream, RING, 9));
	stream.count = 0;
	keep(*state, &stream, RING, 9);
	assert_false(finds(*state, &stream, RING, 9));
	assert_int_equal(heap.live, 1);
}

/* Of the others there are values in memory that time depends on. */
static void commands_are_kept_that_are_all_there_is_to_know(void **state)
{
	static const enum kind whole[] = {
		KIND_GEMM, KIND_CONV, KIND_VECTOR, KIND_POOL, KIND_REDUCE, KIND_NORMALIZE,
		KIND_MOVE,
	};
	static const enum kind others[] = {
		KIND_ATTENTION, KIND_GATHER, KIND_RESAMPLE, KIND_SAMPLE, KIND_SORT, KIND_COMPACT,
		KIND_SUPPRESS,
	};
	const int32_t row_counts[] = { 1 };
	struct stream stream;

	for (unsigned int i = 0; i < sizeof(whole) / sizeof(whole[0]); i++) {
		stream = stream_of(0, 2);
		commands[1].kind = whole[i];
		keep(*state, &stream, RING, i);
		assert_true(finds(*state, &stream, RING, i));
	}
	for (unsigned int i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		stream = stream_of(0, 2);
		commands[1].kind = others[i];
		keep(*state, &stream, RING, i);
		assert_false(finds(*state, &stream, RING, i));
	}
	stream = stream_of(0, 1);
	commands[0].kind = KIND_GEMM;
	commands[0].gemm.row_counts = row_counts;
	keep(*state, &stream, RING, 1);
	assert_false(finds(*state, &stream, RING, 1));
}

/* The oldest ones make room for others; none is lost, and none is found as another. */
static void the_last_streams_are_kept(void **state)
{
	for (unsigned int i = 0; i < 3000; i++) {
		struct stream stream = stream_of(i, 1);

		keep(*state, &stream, RING, i);
		assert_true(finds(*state, &stream, RING, i));
		for (unsigned int back = 1; back < 4 && back <= i; back++) {
			stream = stream_of(i - back, 1);
			assert_true(finds(*state, &stream, RING, i - back));
		}
	}
	for (unsigned int i = 0; i < 3000; i++) {
		struct stream stream = stream_of(i, 1);

		finds(*state, &stream, RING, i);
	}
	assert_in_range(heap.live, 200, 128 * 4 + 1);
}

/* Long streams, too: as many as there is room for, the last ones. */
static void long_streams_make_room_for_others(void **state)
{
	struct stream stream;

	for (unsigned int i = 0; i < 3 * ROOM; i++) {
		stream = stream_of(i, MOST);
		keep(*state, &stream, RING, i);
		assert_in_range(heap.live, 2, 1 + ROOM);
	}
	for (unsigned int i = 0; i < 3 * ROOM; i++) {
		stream = stream_of(i, MOST);
		assert_int_equal(finds(*state, &stream, RING, i), i >= 2 * ROOM);
	}
	/* A short one needs no more room than the oldest has. */
	stream = stream_of(1000, 1);
	keep(*state, &stream, RING, 1000);
	assert_true(finds(*state, &stream, RING, 1000));
	assert_int_equal(heap.live, 1 + ROOM);
}

static void what_is_asked_for_stays(void **state)
{
	struct stream stream = stream_of(7, 1);

	keep(*state, &stream, RING, 7);
	for (unsigned int i = 100; i < 100 + 3 * ROOM; i++) {
		stream = stream_of(i, MOST);
		keep(*state, &stream, RING, i);
		stream = stream_of(7, 1);
		assert_true(finds(*state, &stream, RING, 7));
	}
}

static void nothing_is_known_once_it_is_cleared(void **state)
{
	struct stream stream = stream_of(8, MOST);

	for (unsigned int i = 0; i < 2; i++) {
		assert_false(finds(*state, &stream, RING, 8));
		keep(*state, &stream, RING, 8);
		assert_true(finds(*state, &stream, RING, 8));
		known_clear(*state);
		assert_int_equal(heap.live, 1);
	}
	for (unsigned int i = 0; i < 2 * ROOM; i++) {
		stream = stream_of(i, MOST);
		keep(*state, &stream, RING, i);
	}
	assert_int_equal(heap.live, 1 + ROOM);
}

static void without_memory_nothing_is_kept(void **state)
{
	struct stream stream = stream_of(4, 2);

	heap.none = true;
	keep(*state, &stream, RING, 4);
	assert_null(known_create());
	heap.none = false;
	assert_false(finds(*state, &stream, RING, 4));
	known_destroy(NULL);
}

#define KNOWN_TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		KNOWN_TEST(a_stream_is_found_as_what_it_took),
		KNOWN_TEST(what_differs_from_it_is_not),
		KNOWN_TEST(what_is_kept_stays_as_it_was),
		KNOWN_TEST(streams_without_commands_and_long_ones_are_not_kept),
		KNOWN_TEST(commands_are_kept_that_are_all_there_is_to_know),
		KNOWN_TEST(the_last_streams_are_kept),
		KNOWN_TEST(long_streams_make_room_for_others),
		KNOWN_TEST(what_is_asked_for_stays),
		KNOWN_TEST(nothing_is_known_once_it_is_cleared),
		KNOWN_TEST(without_memory_nothing_is_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
