/* SPDX-License-Identifier: MIT */
#include "words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

char word[WORD_MAX];

void word_fail(const char *why)
{
	fprintf(stderr, "%s: %.40s\n", why, word);
	exit(1);
}

bool word_next(void)
{
	return scanf("%4194303s", word) == 1;
}

uint64_t word_number(void)
{
	char *behind;
	uint64_t value;

	if (!word_next())
		word_fail("a number is missing");
	value = strtoull(word, &behind, 0);
	if (*behind)
		word_fail("no number");
	return value;
}

unsigned char *word_bytes(size_t *size)
{
	unsigned char *bytes;

	if (!word_next())
		word_fail("bytes are missing");
	*size = strcmp(word, "-") ? strlen(word) / 2 : 0;
	bytes = calloc(*size + 8, 1);
	if (!bytes)
		word_fail("no memory");
	for (size_t i = 0; i < *size; i++)
		if (sscanf(word + 2 * i, "%2hhx", &bytes[i]) != 1)
			word_fail("no bytes");
	return bytes;
}

void word_each(const struct word_reader *readers, size_t count)
{
	while (word_next()) {
		size_t i = 0;

		while (i < count && strcmp(word, readers[i].word))
			i++;
		if (i == count)
			word_fail("unknown word");
		readers[i].read();
	}
}
