/* SPDX-License-Identifier: MIT */
/* The calling thread's last error sentence. */
#ifndef TSR_ERROR_H
#define TSR_ERROR_H

/**
 * tsr_fail() - note what went wrong
 * @error: negative errno
 * @format: a sentence that says what, where, and what to do
 *
 * Return: @error, so that a function can end with "return tsr_fail(...)".
 */
int tsr_fail(int error, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
