/* SPDX-License-Identifier: MIT */
#include "crc32.h"

#include <pthread.h>
#include <string.h>

/* The polynomial without x^32; as in all numbers here the highest bit is x^0. */
#define POLYNOMIAL	0xedb88320u
#define ONE		(1u << 31)

/* Bytes taken at a time, each with a table of its own. */
#define SLICE		8u

static pthread_once_t once = PTHREAD_ONCE_INIT;
static uint32_t table[SLICE][256];	/* table[i][b]: b followed by i bytes of zeros */

static uint32_t times_x(uint32_t a)
{
	return a >> 1 ^ (a & 1 ? POLYNOMIAL : 0);
}

static void make_tables(void)
{
	for (unsigned int byte = 0; byte < 256; byte++) {
		uint32_t crc = byte;

		for (unsigned int i = 0; i < SLICE; i++) {
			for (int bit = 0; bit < 8; bit++)
				crc = times_x(crc);
			table[i][byte] = crc;
		}
	}
}

static uint32_t add_slice(uint32_t crc, const uint8_t *at)
{
	uint64_t word;
	uint32_t sum = 0;

	memcpy(&word, at, sizeof(word));
	word ^= crc;
	for (unsigned int i = 0; i < SLICE; i++)
		sum ^= table[SLICE - 1 - i][word >> 8 * i & 0xff];
	return sum;
}

uint32_t crc32_of(const void *data, size_t n)
{
	const uint8_t *at = data;
	uint32_t crc = UINT32_MAX;

	pthread_once(&once, make_tables);
	for (; n >= SLICE; n -= SLICE, at += SLICE)
		crc = add_slice(crc, at);
	for (; n; n--)
		crc = crc >> 8 ^ table[0][(crc ^ *at++) & 0xff];
	return ~crc;
}

static uint32_t multiply(uint32_t a, uint32_t b)
{
	uint32_t product = 0;

	for (; a; a <<= 1, b = times_x(b))
		if (a & ONE)
			product ^= b;
	return product;
}

uint32_t crc32_shift(uint32_t crc, uint64_t bytes)
{
	uint32_t power = ONE >> 8;	/* x^8, then its squares */

	for (; bytes; bytes >>= 1, power = multiply(power, power))
		if (bytes & 1)
			crc = multiply(power, crc);
	return crc;
}
