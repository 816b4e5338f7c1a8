// SPDX-License-Identifier: MIT
#include "timed_product.h"

#include <string.h>

struct command timed_product(uint64_t rows)
{
	struct command command;

	/* Commands are compared as bytes. */
	memset(&command, 0, sizeof(command));
	command.kind = KIND_GEMM;
	command.gemm = (struct gemm){
		.a = { .bits = 8, .rank = 2, .extent = { rows, 1024 }, .stride = { 1024, 1 } },
		.b = { .bits = 8, .rank = 2, .extent = { 1024, 64 }, .stride = { 64, 1 } },
		.d = { .bits = 8, .rank = 2, .extent = { rows, 64 }, .stride = { 64, 1 } },
		.blocks = { 64, 64, 1024, 1, OUTPUT_N },
		.precision = { .macs = 4096 },
	};
	return command;
}
