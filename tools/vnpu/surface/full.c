// SPDX-License-Identifier: MIT
/* The one place at which the test surface is registered. */
#include "surface.h"

#include "commands.h"
#include "inject.h"
#include "soc/repeat.h"
#include "trace/record.h"
#include "trace/replay.h"

static const char usage[] =
	"\nFor tests, and not in a hardened build (--replay takes --sku alone):\n"
	"  --test-control PATH\n"
	"                    where tests in a guest connect: they may disturb their device\n"
	"  --record FILE     record from power-on; the file is replaced\n"
	"  --replay RECORD   repeat a record without a guest, and tell the first difference\n"
	"  --no-sandbox      run without system call filter and Landlock, for debuggers\n";

static const struct surface full = {
	.usage = usage,
	.command = surface_command,
	.add_faults = surface_add_faults,
	.inject_create = inject_create,
	.record_create = record_create,
	.replay_open = replay_open,
	.replay_difference = replay_difference,
	.replay_compared = replay_compared,
	.replay_close = replay_close,
	.repeat = repeat_run,
};

const struct surface *const test_surface = &full;
