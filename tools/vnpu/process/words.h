/* SPDX-License-Identifier: MIT */
/* The words of a command. */
#ifndef VNPU_WORDS_H
#define VNPU_WORDS_H

#include <stdbool.h>
#include <stdint.h>

#define MAX_WORDS 8

/**
 * struct words - a line split at blanks; all but the first may be key=value
 * @count: words
 * @word: each of them
 * @fd: the descriptor that came with the command, or -1; a command that takes it sets -1
 */
struct words {
	unsigned int count;
	char *word[MAX_WORDS];
	int *fd;
};

/** words_split() - the words of a line, which is changed; MAX_WORDS at most */
void words_split(char *line, struct words *words);

/** words_at() - word @i, or "" */
const char *words_at(const struct words *words, unsigned int i);

/** words_option() - value of key=value, or NULL */
const char *words_option(const struct words *words, const char *key);

/** words_number() - whether @text is a number, in C's notation, and which */
bool words_number(const char *text, uint64_t *val);

/** words_number_option() - false if it is no number; @val stays when it is not given */
bool words_number_option(const struct words *words, const char *key, uint64_t *val);

#endif
