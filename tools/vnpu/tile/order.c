/* SPDX-License-Identifier: MIT */
#include "order.h"

#include <string.h>

#include <tsr_hw/error.h>

#include "execution.h"
#include "number/bits.h"
#include "number/load.h"
#include "number/types.h"
#include "smaller.h"
#include "tile.h"

/* Elements that become keys at a time. */
#define BLOCK	1024u

/* Digits of a key, lowest first. */
#define DIGITS	8u
#define VALUES	256u

/* So few entries are sorted by insertion. */
#define FEW	24u

union values {
	float f32[BLOCK];
	int32_t i32[BLOCK];
	int64_t i64[BLOCK];
	uint8_t boolean[BLOCK];
};

static uint32_t float_key(float value)
{
	uint32_t bits = fp32_bits(value);

	if (value != value)
		return UINT32_MAX;
	if (value == 0)
		return 1u << 31;
	return bits >> 31 ? ~bits : bits | 1u << 31;
}

static uint64_t key_of(unsigned int type, const union values *values, uint64_t i)
{
	switch (number_class_of(type)) {
	case NUMBER_F32:
		return float_key(values->f32[i]);
	case NUMBER_I32:
		return (uint32_t)values->i32[i] ^ 1u << 31;
	case NUMBER_I64:
		return (uint64_t)values->i64[i] ^ (type == TSR_HW_TYPE_UINT64 ? 0 : 1ull << 63);
	case NUMBER_BOOL:
		return values->boolean[i];
	}
	return 0;
}

/* Keys of narrow types keep their upper digits 0, so that sorting skips them. */
static uint64_t turn_of(unsigned int type)
{
	return number_class_of(type) == NUMBER_I64 ? UINT64_MAX : UINT32_MAX;
}

void order_keys(unsigned int type, const void *raw, bool descending, struct order_entry *to,
		uint64_t n)
{
	uint32_t size = number_bytes(type);
	const char *from = raw;
	uint64_t turn = descending ? turn_of(type) : 0;
	union values values;

	for (uint64_t at = 0; at < n; at += BLOCK) {
		uint64_t count = smaller(n - at, BLOCK);

		number_load(type, from + at * size, &values, count);
		for (uint64_t i = 0; i < count; i++)
			to[at + i].key = key_of(type, &values, i) ^ turn;
	}
}

static void sort_few(struct order_entry *entries, uint64_t n)
{
	for (uint64_t i = 1; i < n; i++) {
		struct order_entry entry = entries[i];
		uint64_t at = i;

		for (; at && entries[at - 1].key > entry.key; at--)
			entries[at] = entries[at - 1];
		entries[at] = entry;
	}
}

static unsigned int digit_of(uint64_t key, unsigned int digit)
{
	return key >> (8 * digit) & (VALUES - 1);
}

/* How often each value of each digit occurs. */
static void count_values(const struct order_entry *entries, uint64_t n,
			 uint32_t counts[DIGITS][VALUES])
{
	memset(counts, 0, DIGITS * sizeof(counts[0]));
	for (uint64_t i = 0; i < n; i++)
		for (unsigned int digit = 0; digit < DIGITS; digit++)
			counts[digit][digit_of(entries[i].key, digit)]++;
}

/* Entries move to @to in the order of one digit; those with the same keep theirs. */
static void distribute(const struct order_entry *from, struct order_entry *to, uint64_t n,
		       unsigned int digit, const uint32_t *counts)
{
	uint32_t next[VALUES];
	uint32_t sum = 0;

	for (unsigned int value = 0; value < VALUES; value++) {
		next[value] = sum;
		sum += counts[value];
	}
	for (uint64_t i = 0; i < n; i++)
		to[next[digit_of(from[i].key, digit)]++] = from[i];
}

int order_sort(const struct tile_memory *memory, struct order_entry *entries,
	       struct order_entry *spare, uint64_t n)
{
	uint32_t counts[DIGITS][VALUES];
	struct order_entry *from = entries;
	struct order_entry *to = spare;

	if (n <= FEW) {
		sort_few(entries, n);
		return TSR_HW_ERR_NONE;
	}
	count_values(entries, n, counts);
	for (unsigned int digit = 0; digit < DIGITS; digit++) {
		struct order_entry *swap = from;

		/* All entries have the same value here: nothing would move. */
		if (counts[digit][digit_of(from[0].key, digit)] == n)
			continue;
		if (memory->aborted(memory->ctx))
			return EXECUTION_ABORTED;
		distribute(from, to, n, digit, counts[digit]);
		from = to;
		to = swap;
	}
	if (from != entries)
		memcpy(entries, from, n * sizeof(*from));
	return TSR_HW_ERR_NONE;
}
