// SPDX-License-Identifier: (GPL-2.0-only OR MIT)
#include "errors.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include <tsr_hw/error.h>

#define ERROR(name) { #name, TSR_HW_ERR_##name }

static const struct {
	const char *name;
	uint32_t error;
} errors[] = {
	ERROR(NONE), ERROR(FAULT_READ), ERROR(FAULT_WRITE), ERROR(FAULT_FETCH), ERROR(FAULT_BUS),
	ERROR(PROGRAM), ERROR(COMMAND), ERROR(SLOT), ERROR(BUDGET), ERROR(KILLED), ERROR(CANCELED),
	ERROR(ENGINE), ERROR(DESCRIPTOR), ERROR(UNSUPPORTED), ERROR(INVALID), ERROR(BUSY),
	ERROR(RESOURCES),
};

uint32_t error_named(const char *name)
{
	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
		if (!strcmp(errors[i].name, name))
			return errors[i].error;
	}
	fail_msg("no error is called %s", name);
	return 0;
}
