// SPDX-License-Identifier: MIT
#include "workload.h"

#include <stddef.h>

#define BYTES 2048
#define ITEMS 512

static uint8_t bytes[BYTES];
static int32_t items[ITEMS];

static uint32_t next(uint32_t *state)
{
	*state = *state * 1664525u + 1013904223u;
	return *state;
}

static void fill(void)
{
	uint32_t state = 12345;
	size_t i;

	for (i = 0; i < BYTES; i++)
		bytes[i] = (uint8_t)(next(&state) >> 24);
	for (i = 0; i < ITEMS; i++)
		items[i] = (int32_t)next(&state);
}

static uint32_t crc32(const uint8_t *data, size_t len)
{
	uint32_t crc = 0xffffffff;
	int bit;

	while (len--) {
		crc ^= *data++;
		for (bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
	}
	return ~crc;
}

static uint32_t rotate(uint32_t x, unsigned int n)
{
	return x >> n | x << (32 - n);
}

/* The schedule and rounds of a SHA-256-like hash with constants from a generator. */
static void hash_block(uint32_t h[8], const uint8_t *block)
{
	uint32_t w[64], v[8], state = 1, t1, t2;
	unsigned int i;

	for (i = 0; i < 16; i++)
		w[i] = (uint32_t)block[4 * i] << 24 | (uint32_t)block[4 * i + 1] << 16 |
		       (uint32_t)block[4 * i + 2] << 8 | block[4 * i + 3];
	for (; i < 64; i++)
		w[i] = (rotate(w[i - 2], 17) ^ rotate(w[i - 2], 19) ^ w[i - 2] >> 10) + w[i - 7] +
		       (rotate(w[i - 15], 7) ^ rotate(w[i - 15], 18) ^ w[i - 15] >> 3) + w[i - 16];
	for (i = 0; i < 8; i++)
		v[i] = h[i];
	for (i = 0; i < 64; i++) {
		t1 = v[7] + (rotate(v[4], 6) ^ rotate(v[4], 11) ^ rotate(v[4], 25)) +
		     ((v[4] & v[5]) ^ (~v[4] & v[6])) + next(&state) + w[i];
		t2 = (rotate(v[0], 2) ^ rotate(v[0], 13) ^ rotate(v[0], 22)) +
		     ((v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]));
		v[7] = v[6];
		v[6] = v[5];
		v[5] = v[4];
		v[4] = v[3] + t1;
		v[3] = v[2];
		v[2] = v[1];
		v[1] = v[0];
		v[0] = t1 + t2;
	}
	for (i = 0; i < 8; i++)
		h[i] += v[i];
}

static uint32_t hash(const uint8_t *data, size_t len)
{
	uint32_t h[8] = { 1, 2, 3, 4, 5, 6, 7, 8 };

	for (; len >= 64; len -= 64, data += 64)
		hash_block(h, data);
	return h[0] ^ h[3] ^ h[7];
}

static void swap(int32_t *a, int32_t *b)
{
	int32_t t = *a;

	*a = *b;
	*b = t;
}

static void quicksort(int32_t *a, int low, int high)
{
	int32_t pivot = a[(low + high) / 2];
	int i = low, j = high;

	while (i <= j) {
		while (a[i] < pivot)
			i++;
		while (a[j] > pivot)
			j--;
		if (i <= j)
			swap(&a[i++], &a[j--]);
	}
	if (low < j)
		quicksort(a, low, j);
	if (i < high)
		quicksort(a, i, high);
}

static uint32_t sorted_checksum(void)
{
	uint32_t sum = 0;
	int i;

	quicksort(items, 0, ITEMS - 1);
	for (i = 0; i < ITEMS; i++)
		sum = sum * 31 + (uint32_t)items[i];
	for (i = 1; i < ITEMS; i++)
		sum += items[i - 1] > items[i];
	return sum;
}

static uint32_t division_corners(void)
{
	static const uint32_t corners[] = {
		1, 2, 3, 7, 10, 0x7fffffff, 0x80000000, 0x80000001, 0xfffffffe, 0xffffffff, 0x10000,
	};
	const unsigned int n = sizeof(corners) / sizeof(*corners);
	uint32_t sum = 0, a, b;
	unsigned int i, j;

	for (i = 0; i < n; i++) {
		for (j = 0; j < n; j++) {
			a = corners[i];
			b = corners[j];
			sum = sum * 17 + a / b + a % b;
			/* The one signed overflow is undefined in C. */
			if (a == 0x80000000 && b == 0xffffffff)
				continue;
			sum = sum * 17 + (uint32_t)((int32_t)a / (int32_t)b) +
			      (uint32_t)((int32_t)a % (int32_t)b);
		}
	}
	return sum;
}

static uint32_t wide_arithmetic(void)
{
	uint64_t a = 0x123456789abcdef1, b = 0xfedcba987654321f;
	uint32_t sum = 0, i;

	for (i = 0; i < 200; i++) {
		a = a * b + i;
		b = (b >> (i & 31)) ^ (a << 7) ^ 1;
		sum += (uint32_t)(a / (b | 1)) ^ (uint32_t)(a % (b | 1));
		sum ^= (uint32_t)((int64_t)a >> 40);
	}
	return sum;
}

static uint32_t sieve(void)
{
	uint32_t count = 0, i, j;

	for (i = 0; i < BYTES; i++)
		bytes[i] = 1;
	for (i = 2; i < BYTES; i++) {
		if (!bytes[i])
			continue;
		count += i;
		for (j = i * i; j < BYTES; j += i)
			bytes[j] = 0;
	}
	return count;
}

static uint32_t atomics(void)
{
	uint32_t counter = 5, expected, i;

	for (i = 0; i < 100; i++) {
		__atomic_fetch_add(&counter, i, __ATOMIC_SEQ_CST);
		__atomic_fetch_xor(&counter, i << 3, __ATOMIC_RELAXED);
		expected = counter;
		if (!__atomic_compare_exchange_n(&counter, &expected, counter * 3, 0,
						 __ATOMIC_SEQ_CST, __ATOMIC_RELAXED))
			return 0;
	}
	return __atomic_exchange_n(&counter, 0, __ATOMIC_ACQ_REL);
}

static uint32_t dispatch(uint32_t op, uint32_t x)
{
	switch (op) {
	case 0:
		return x + 3;
	case 1:
		return x * 5;
	case 2:
		return x >> 3;
	case 3:
		return x ^ 0x55aa55aa;
	case 4:
		return x << 7;
	case 5:
		return (uint32_t)((int32_t)x >> 2);
	default:
		return ~x;
	}
}

static uint32_t jump_tables(void)
{
	uint32_t x = 1, i;

	for (i = 0; i < 500; i++)
		x = dispatch((x ^ i) % 7, x);
	return x;
}

void workload_run(uint32_t results[WORKLOAD_RESULTS])
{
	fill();
	results[0] = crc32(bytes, BYTES);
	results[1] = hash(bytes, BYTES);
	results[2] = sorted_checksum();
	results[3] = division_corners();
	results[4] = wide_arithmetic();
	results[5] = sieve();
	results[6] = atomics();
	results[7] = jump_tables();
}
