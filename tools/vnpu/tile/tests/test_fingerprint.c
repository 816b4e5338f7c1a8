/* SPDX-License-Identifier: MIT */
/*
 * Fingerprints with secrets that the test knows, against the two levels that fingerprint.c
 * describes: a wrong one would be as good as any in every other test.
 */
#include "suite.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include <tsr_hw/error.h>

#include "tile/fingerprint.h"

#define PRIME	((1ull << 61) - 1)
#define PIECE_WORDS	(FINGERPRINT_PIECE * FINGERPRINT_SIZE / 4)
#define MOST	(3 * FINGERPRINT_PIECE)

/* The linker puts it in front of the library's. */
ssize_t __wrap_getrandom(void *to, size_t bytes, unsigned int flags);

/* Bytes are drawn in pieces, and now and then a signal comes. */
static struct {
	uint8_t byte[PIECE_WORDS * 4 + 64];
	size_t drawn;
	unsigned int calls;
} source;

static uint8_t source_byte(size_t i)
{
	uint64_t x = (i / 8 + 1) * 0x9e3779b97f4a7c15ull;

	return (uint8_t)((x ^ x >> 29) >> i % 8 * 8);
}

ssize_t __wrap_getrandom(void *to, size_t bytes, unsigned int flags)
{
	size_t n = bytes < 1000 ? bytes : 1000;

	assert_int_equal(flags, 0);
	if (++source.calls % 3 == 0) {
		errno = EINTR;
		return -1;
	}
	assert_true(source.drawn + n <= sizeof(source.byte));
	for (size_t i = 0; i < n; i++)
		source.byte[source.drawn + i] = source_byte(source.drawn + i);
	memcpy(to, source.byte + source.drawn, n);
	source.drawn += n;
	return (ssize_t)n;
}

/* Secret words come first, two more than a piece has; then two places of 64 bits. */
static uint32_t secret_word(size_t i)
{
	uint32_t word;

	memcpy(&word, source.byte + 4 * i, sizeof(word));
	return word;
}

static uint64_t secret_place(unsigned int level)
{
	uint64_t place;

	memcpy(&place, source.byte + 4 * (PIECE_WORDS + 2) + 8 * level, sizeof(place));
	return place % PRIME;
}

static uint64_t piece_of(const uint32_t *words, size_t count, unsigned int level)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < count / 2; i++) {
		uint32_t a = words[i] + secret_word(i + 2 * level);
		uint32_t b = words[i + count / 2] + secret_word(i + count / 2 + 2 * level);

		sum += (uint64_t)a * b;
	}
	return sum;
}

/* With each digit of what pieces have, low half first, in the base that is the secret place. */
static uint64_t expected(const uint8_t *bytes, uint32_t size, uint64_t count, unsigned int level)
{
	uint64_t value = 1;

	for (uint64_t first = 0; first < count; first += FINGERPRINT_PIECE) {
		uint64_t n = count - first < FINGERPRINT_PIECE ? count - first : FINGERPRINT_PIECE;
		uint32_t words[PIECE_WORDS] = { 0 };
		uint64_t piece;

		memcpy(words, bytes + first * size, n * size);
		piece = piece_of(words, FINGERPRINT_PIECE * size / 4, level);
		for (int half = 0; half < 2; half++)
			value = (uint64_t)(((unsigned __int128)value * secret_place(level) +
					    (uint32_t)(piece >> 32 * half)) % PRIME);
	}
	return value;
}

static struct fingerprint make(const uint8_t *bytes, uint32_t size, uint64_t count)
{
	struct fingerprint fingerprint;
	struct fingerprinting making;

	assert_int_equal(fingerprinting_start(&making, size, count), TSR_HW_ERR_NONE);
	/* Pieces come from any thread, in any order. */
	for (uint64_t piece = making.pieces; piece-- > 0;) {
		uint64_t first = piece * FINGERPRINT_PIECE;
		uint64_t n = count - first < FINGERPRINT_PIECE ? count - first : FINGERPRINT_PIECE;

		fingerprinting_take(&making, first, bytes + first * size, n);
	}
	fingerprinting_end(&making, &fingerprint);
	assert_null(making.piece);
	return fingerprint;
}

static uint8_t *some_bytes(void)
{
	uint8_t *bytes = aligned_alloc(64, MOST * FINGERPRINT_SIZE);

	assert_non_null(bytes);
	for (size_t i = 0; i < MOST * FINGERPRINT_SIZE; i++)
		bytes[i] = source_byte(i + 12345);
	return bytes;
}

static void fingerprints_are_those_of_their_secrets(void **state)
{
	static const uint64_t counts[] = {
		0, 1, 2, 1000, FINGERPRINT_PIECE - 1, FINGERPRINT_PIECE, FINGERPRINT_PIECE + 1,
		2 * FINGERPRINT_PIECE, MOST - 5, MOST,
	};
	uint8_t *bytes = some_bytes();

	(void)state;
	for (uint32_t size = 1; size <= FINGERPRINT_SIZE; size *= 2) {
		for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
			struct fingerprint found = make(bytes, size, counts[i]);

			for (unsigned int level = 0; level < 2; level++)
				assert_int_equal(found.word[level],
						 expected(bytes, size, counts[i], level));
		}
	}
	free(bytes);
}

/* Where sums and products are as large as they can be. */
static void bytes_of_ones_have_theirs(void **state)
{
	uint8_t *bytes = some_bytes();
	struct fingerprint found;

	(void)state;
	memset(bytes, 0xff, MOST * FINGERPRINT_SIZE);
	found = make(bytes, 4, MOST);
	assert_int_equal(found.word[0], expected(bytes, 4, MOST, 0));
	assert_int_equal(found.word[1], expected(bytes, 4, MOST, 1));
	free(bytes);
}

static void each_byte_counts_in_both_words(void **state)
{
	uint8_t *bytes = some_bytes();
	struct fingerprint before = make(bytes, 1, 3000), after;

	(void)state;
	for (unsigned int i = 0; i < 3000; i += 7) {
		bytes[i] ^= 1u << i % 8;
		after = make(bytes, 1, 3000);
		assert_int_not_equal(after.word[0], before.word[0]);
		assert_int_not_equal(after.word[1], before.word[1]);
		bytes[i] ^= 1u << i % 8;
	}
	free(bytes);
}

static void secrets_are_drawn_once(void **state)
{
	(void)state;
	assert_int_equal(source.drawn, 4 * (PIECE_WORDS + 2) + 16);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fingerprints_are_those_of_their_secrets),
		cmocka_unit_test(bytes_of_ones_have_theirs),
		cmocka_unit_test(each_byte_counts_in_both_words),
		cmocka_unit_test(secrets_are_drawn_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
