/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/* Error codes by the names the golden vectors use. */
#ifndef TESTS_ERRORS_H
#define TESTS_ERRORS_H

#include <stdint.h>

/* Fails the running test when there is no such error. */
uint32_t error_named(const char *name);

#endif
