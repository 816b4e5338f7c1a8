// SPDX-License-Identifier: MIT
#include "words.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

void words_split(char *line, struct words *words)
{
	char *rest = NULL;
	char *word = strtok_r(line, " \t\r", &rest);

	words->count = 0;
	for (; word && words->count < MAX_WORDS; word = strtok_r(NULL, " \t\r", &rest))
		words->word[words->count++] = word;
}

const char *words_at(const struct words *words, unsigned int i)
{
	return i < words->count ? words->word[i] : "";
}

const char *words_option(const struct words *words, const char *key)
{
	size_t len = strlen(key);

	for (unsigned int i = 1; i < words->count; i++)
		if (!strncmp(words->word[i], key, len) && words->word[i][len] == '=')
			return words->word[i] + len + 1;
	return NULL;
}

bool words_number(const char *text, uint64_t *val)
{
	char *end;

	errno = 0;
	*val = strtoull(text, &end, 0);
	return !errno && end != text && !*end && *text != '-';
}

bool words_number_option(const struct words *words, const char *key, uint64_t *val)
{
	const char *text = words_option(words, key);

	return !text || words_number(text, val);
}
