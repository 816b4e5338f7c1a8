/* SPDX-License-Identifier: MIT */
#ifndef OBJDUMP_TEXT_ERROR_H
#define OBJDUMP_TEXT_ERROR_H

#include <stdbool.h>

/** struct text_error - where a text is wrong, and why */
struct text_error {
	unsigned int line;
	char message[200];
};

/** text_fail() - set the message. Return: false. */
bool text_fail(struct text_error *error, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
