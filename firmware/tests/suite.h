/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/* What every test file includes. */
#ifndef TESTS_SUITE_H
#define TESTS_SUITE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <tsr_hw/core.h>
#include <tsr_hw/error.h>
#include <tsr_hw/registers.h>
#include <tsr_hw/version.h>

#include "driver.h"
#include "graph.h"
#include "machine.h"

static inline int suite_setup(void **state)
{
	(void)state;
	driver_start();
	return 0;
}

static inline int suite_teardown(void **state)
{
	(void)state;
	driver_stop();
	return 0;
}

/* A test on a booted machine, after which nothing may be left behind. */
#define booted_test(name) cmocka_unit_test_setup_teardown(name, suite_setup, suite_teardown)

#endif
