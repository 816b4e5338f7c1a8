/* SPDX-License-Identifier: MIT */
/* cmocka.h expects these four before it. */
#ifndef TSR_TESTS_CMOCKA_PRELUDE_H
#define TSR_TESTS_CMOCKA_PRELUDE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#endif
