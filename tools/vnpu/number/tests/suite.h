/* SPDX-License-Identifier: MIT */
/* cmocka and what it wants included before it. */
#ifndef VNPU_NUMBER_TESTS_SUITE_H
#define VNPU_NUMBER_TESTS_SUITE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#endif
