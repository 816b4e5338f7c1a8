/* SPDX-License-Identifier: MIT */
/* cmocka and what it wants included before it. */
#ifndef TEST_SUITE_H
#define TEST_SUITE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* Random cases of one test; the generator's seed is its number. */
#define CASES		150

/* Memory of a test bench. */
#define MEMORY_BYTES	(16u << 20)

#endif
