/* SPDX-License-Identifier: MIT */
#ifndef OBJDUMP_TEXT_ERROR_H
#define OBJDUMP_TEXT_ERROR_H

/** struct text_error - where a text is wrong, and why */
struct text_error {
	unsigned int line;
	char message[200];
};

#endif
