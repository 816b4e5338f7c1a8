// SPDX-License-Identifier: (GPL-2.0-only OR MIT)
#include "errors.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <tsr_hw/decode.h>

uint32_t error_named(const char *name)
{
	uint64_t error = 0;

	if (!tsr_hw_named("ERR", name, &error))
		fail_msg("no error is called %s", name);
	return (uint32_t)error;
}
