/* SPDX-License-Identifier: MIT */
/* cmocka and what it wants included before it. */
#ifndef TEST_TIME_SUITE_H
#define TEST_TIME_SUITE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#endif
