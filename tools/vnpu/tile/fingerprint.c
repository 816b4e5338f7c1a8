/* SPDX-License-Identifier: MIT */
/*
 * Two levels, as UMAC (RFC 4418) has them. A piece has NH of its words and of secret ones, whose
 * 64 bits are the same for two pieces once in 2^32 times. What pieces have is a polynomial at a
 * secret place, modulo 2^61 - 1. Both are done twice: the secret words are two further on.
 */
#include "fingerprint.h"

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <string.h>
#include <sys/random.h>

#include <number/clones.h>
#include <tsr_hw/error.h>

#include "execution.h"
#include "gather.h"
#include "parallel.h"
#include "staging.h"
#include "view.h"

#define WORDS		(FINGERPRINT_PIECE * FINGERPRINT_SIZE / sizeof(uint32_t))
#define SHIFT		2u	/* words from one secret to the next */
#define LEVELS		2u

#define PRIME		((1ull << 61) - 1)

static struct {
	pthread_once_t once;
	bool drawn;
	uint32_t word[WORDS + SHIFT];
	uint64_t place[LEVELS];
} secret = { .once = PTHREAD_ONCE_INIT };

static bool draw(void *to, size_t bytes)
{
	while (bytes) {
		ssize_t n = getrandom(to, bytes, 0);

		if (n < 0 && errno != EINTR)
			return false;
		if (n < 0)
			continue;
		to = (char *)to + n;
		bytes -= (size_t)n;
	}
	return true;
}

static void draw_all(void)
{
	secret.drawn = draw(secret.word, sizeof(secret.word)) &&
		       draw(secret.place, sizeof(secret.place));
	for (unsigned int i = 0; i < LEVELS; i++)
		secret.place[i] %= PRIME;
}

static inline uint64_t meet(uint32_t a, uint32_t b)
{
	return (uint64_t)a * b;
}

/* Each word meets the one half a piece behind it, with both secrets while it is at hand. */
TILE_CLONES static void nh(const uint32_t *words, const uint32_t *with, uint64_t half,
			   uint64_t sum[LEVELS])
{
	const uint32_t *behind = words + half, *with_behind = with + half;
	uint64_t first = 0, second = 0;

	for (uint64_t i = 0; i < half; i++) {
		first += meet(words[i] + with[i], behind[i] + with_behind[i]);
		second += meet(words[i] + with[i + SHIFT], behind[i] + with_behind[i + SHIFT]);
	}
	sum[0] = first;
	sum[1] = second;
}

static uint64_t multiply(uint64_t a, uint64_t b)
{
	unsigned __int128 product = (unsigned __int128)a * b;
	uint64_t sum = (uint64_t)(product & PRIME) + (uint64_t)(product >> 61);

	return sum >= PRIME ? sum - PRIME : sum;
}

/* The next coefficient. */
static uint64_t append(uint64_t value, uint64_t place, uint32_t next)
{
	return (multiply(value, place) + next) % PRIME;
}

static void combine(const uint64_t (*piece)[LEVELS], uint64_t pieces,
		    struct fingerprint *fingerprint)
{
	for (unsigned int i = 0; i < LEVELS; i++) {
		uint64_t value = 1;

		for (uint64_t k = 0; k < pieces; k++) {
			value = append(value, secret.place[i], (uint32_t)piece[k][i]);
			value = append(value, secret.place[i], (uint32_t)(piece[k][i] >> 32));
		}
		fingerprint->word[i] = value;
	}
}

int fingerprinting_start(struct fingerprinting *making, uint32_t size, uint64_t count)
{
	*making = (struct fingerprinting){
		.size = size,
		.pieces = count / FINGERPRINT_PIECE + (count % FINGERPRINT_PIECE != 0),
	};
	pthread_once(&secret.once, draw_all);
	if (!secret.drawn)
		return TSR_HW_ERR_ENGINE;
	making->piece = staging_get(making->pieces * sizeof(*making->piece));
	return making->piece ? TSR_HW_ERR_NONE : TSR_HW_ERR_ENGINE;
}

static void take_whole(const struct fingerprinting *making, uint64_t first, const void *elements)
{
	uint64_t words = FINGERPRINT_PIECE * making->size / sizeof(uint32_t);

	nh(elements, secret.word, words / 2, making->piece[first / FINGERPRINT_PIECE]);
}

/* The last piece is filled up with zeros. */
void fingerprinting_take(const struct fingerprinting *making, uint64_t first, const void *elements,
			 uint64_t n)
{
	_Alignas(64) char filled[FINGERPRINT_PIECE * FINGERPRINT_SIZE];

	if (n == FINGERPRINT_PIECE) {
		take_whole(making, first, elements);
		return;
	}
	memcpy(filled, elements, n * making->size);
	memset(filled + n * making->size, 0, (FINGERPRINT_PIECE - n) * making->size);
	take_whole(making, first, filled);
}

void fingerprinting_end(struct fingerprinting *making, struct fingerprint *fingerprint)
{
	if (making->piece)
		combine((const uint64_t (*)[LEVELS])making->piece, making->pieces, fingerprint);
	staging_put(making->piece);
	making->piece = NULL;
}

struct job {
	const struct execution *execution;
	const struct view *view;
	struct fingerprinting making;
};

static int take_piece(void *context, uint64_t first, uint64_t n, uint64_t *fault)
{
	const struct job *job = context;
	_Alignas(64) char elements[FINGERPRINT_PIECE * FINGERPRINT_SIZE];
	int error = gather(job->execution->memory, job->view, first, n, elements, fault);

	if (!error)
		fingerprinting_take(&job->making, first, elements, n);
	return error;
}

int fingerprint_of(struct execution *execution, const struct view *view, uint64_t count,
		   struct fingerprint *fingerprint)
{
	struct job job = { .execution = execution, .view = view };
	int error = fingerprinting_start(&job.making, view->size, count);

	if (!error)
		error = parallel_ranges(execution->memory, count, FINGERPRINT_PIECE, take_piece,
					&job, &execution->fault);
	fingerprinting_end(&job.making, fingerprint);
	return error;
}
