/* SPDX-License-Identifier: MIT */
#include "staged.h"

#include <stdio.h>

#include "tile/command.h"
#include "tile/staging.h"
#include "tile/work.h"

/* MOVE has two engines, which need none. */
static const struct operation *const operations[] = {
#undef OPERATION
#define OPERATION(name) &operation_##name,
#include "tile/operations.h"
};

/* Bytes of the host that a command is said to stage at once, at most. */
static uint64_t staging_of(const struct bench *bench, const struct tsr_hw_command *head)
{
	struct command decoded = { 0 };
	struct work work = { 0 };

	for (size_t i = 0; i < sizeof(operations) / sizeof(operations[0]); i++) {
		const struct operation *operation = operations[i];
		const struct tile_request request = bench_request(bench, operation->engine, head,
								  head->size);

		if (operation->opcode != head->op)
			continue;
		decoded.operation = operation;
		if (!operation->decode(&request, request.stream, &decoded))
			operation->measure(&decoded, &work);
	}
	return work.staging;
}

bool staged_as_said(const struct bench *bench, const void *command)
{
	const struct staging_usage usage = staging_usage();
	uint64_t most = staging_of(bench, command);

	if (!usage.used && usage.peak <= most)
		return true;
	fprintf(stderr, "%llu bytes staged of %llu, %llu are left\n", (unsigned long long)usage.peak,
		(unsigned long long)most, (unsigned long long)usage.used);
	return false;
}
