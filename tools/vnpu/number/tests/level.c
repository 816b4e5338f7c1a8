/* SPDX-License-Identifier: MIT */
/* Skips a test of the library that was built for processors that the host's is none of. */
#include <stdlib.h>

/* What meson takes as skipped. */
#define SKIPPED		77

__attribute__((constructor)) static void skip_without_level(void)
{
	__builtin_cpu_init();
	if (!__builtin_cpu_supports(LEVEL))
		exit(SKIPPED);
}
