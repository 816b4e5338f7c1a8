/* SPDX-License-Identifier: MIT */
#include "staged.h"

#include <stdio.h>

#include "tile/command.h"
#include "tile/parallel.h"
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

/*
 * Others stage exactly what is said. The most of all ways to compute a product is said, and what a
 * thread for each row of a chunk would stage; threads that find nothing to do stage nothing.
 */
static bool is_most(unsigned int op)
{
	switch (op) {
	case TSR_HW_OP_GEMM:
	case TSR_HW_OP_CONV:
	case TSR_HW_OP_NORMALIZE:
		return true;
	case TSR_HW_OP_ATTENTION:
		return parallel_threads(1) > 1;
	default:
		return false;
	}
}

bool staged_as_said(const struct bench *bench, const void *command)
{
	const struct staging_usage usage = staging_usage();
	const struct tsr_hw_command *head = command;
	uint64_t said = staging_of(bench, head);

	if (!usage.used && (usage.peak == said || (is_most(head->op) && usage.peak < said)))
		return true;
	fprintf(stderr, "%llu bytes staged of %llu, %llu are left\n",
		(unsigned long long)usage.peak, (unsigned long long)said,
		(unsigned long long)usage.used);
	return false;
}
