/* SPDX-License-Identifier: MIT */
/* Commands as text: numbers in the order of the structures' members (tests/fidelity/text.py). */
#ifndef TEST_TIME_TEXT_H
#define TEST_TIME_TEXT_H

#include <stdint.h>

#include "time/command.h"

/** text_word() - the next word of the input; false at its end */
bool text_word(char word[32]);

/** text_number() - the next number; ends the program if there is none */
int64_t text_number(void);

/** text_command() - the command that follows; what it refers to lives until the program ends */
void text_command(struct command *command);

#endif
