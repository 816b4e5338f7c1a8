/* SPDX-License-Identifier: MIT */
/* Words of the standard input; what is missing or wrong ends the program with the word at fault. */
#ifndef TEST_MEASURE_WORDS_H
#define TEST_MEASURE_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WORD_MAX	(1u << 22)

/* The last word that was read. */
extern char word[WORD_MAX];

/**
 * struct word_reader - what follows a word
 * @word: the word
 * @read: reads it
 */
struct word_reader {
	const char *word;
	void (*read)(void);
};

/** word_fail() - end the program */
_Noreturn void word_fail(const char *why);

/** word_next() - read one; false: there is none */
bool word_next(void);

/** word_number() - read one that is a number, in C's notation */
uint64_t word_number(void);

/**
 * word_bytes() - read one of hexadecimal digits; "-" has none; to be freed; eight zeros lie behind
 */
unsigned char *word_bytes(size_t *size);

/** word_each() - read all, each by the reader of its first word */
void word_each(const struct word_reader *readers, size_t count);

#endif
