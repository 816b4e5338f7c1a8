/* SPDX-License-Identifier: MIT */
/* As in a process that was started without a standard input: what is opened next gets number 0. */
#ifndef VNPU_TESTS_NO_INPUT_H
#define VNPU_TESTS_NO_INPUT_H

#include <fcntl.h>
#include <stdbool.h>
#include <unistd.h>

/** number_0_is_open() - whether a descriptor has number 0 */
static inline bool number_0_is_open(void)
{
	return fcntl(STDIN_FILENO, F_GETFD) >= 0;
}

/** no_input_begin() - close the standard input; returns what no_input_end() needs */
static inline int no_input_begin(void)
{
	int input = dup(STDIN_FILENO);

	close(STDIN_FILENO);
	return input;
}

/** no_input_end() - the standard input is back; whatever has number 0 is closed */
static inline void no_input_end(int input)
{
	if (input < 0) {
		close(STDIN_FILENO);
		return;
	}
	dup2(input, STDIN_FILENO);
	close(input);
}

#endif
