// SPDX-License-Identifier: MIT
#include "engine_regs.h"

#include <stddef.h>
#include <string.h>

#include <tsr_hw/base.h>
#include <tsr_hw/core.h>

struct field {
	uint16_t offset;	/* of the register, or of its low word */
	uint16_t member;
	uint16_t words;
};

#define ARG32(reg, name) { reg, offsetof(struct engine_args, name), 1 }
#define ARG64(reg, name) { reg, offsetof(struct engine_args, name), 2 }
#define RESULT32(reg, name) { reg, offsetof(struct engine_results, name), 1 }
#define RESULT(reg, name) { reg, offsetof(struct engine_results, name), 2 }

static const struct field arg_fields[] = {
	ARG32(TSR_HW_ENGINE_ASID, asid),
	ARG64(TSR_HW_ENGINE_STREAM_LO, stream),
	ARG32(TSR_HW_ENGINE_STREAM_SIZE, stream_size),
	ARG32(TSR_HW_ENGINE_SLOTS, slots),
	ARG32(TSR_HW_ENGINE_SLOT_COUNT, slot_count),
	ARG32(TSR_HW_ENGINE_PARAMETERS, parameters),
	ARG32(TSR_HW_ENGINE_PARAMETER_COUNT, parameter_count),
	ARG64(TSR_HW_ENGINE_PROGRAM_LO, program),
	ARG32(TSR_HW_ENGINE_PROGRAM_SIZE, program_size),
	ARG64(TSR_HW_ENGINE_PROGRESS_LO, progress),
	ARG64(TSR_HW_ENGINE_BUDGET_LO, budget),
	ARG32(TSR_HW_ENGINE_QUEUE, queue),
	ARG32(TSR_HW_ENGINE_NODE, node),
	ARG32(TSR_HW_ENGINE_FLAGS, flags),
	ARG32(TSR_HW_ENGINE_RESIDENT, resident),
	ARG32(TSR_HW_ENGINE_RING, ring),
};

static const struct field result_fields[] = {
	RESULT(TSR_HW_ENGINE_START_LO, start),
	RESULT(TSR_HW_ENGINE_END_LO, end),
	RESULT(TSR_HW_ENGINE_MACS_LO, macs),
	RESULT(TSR_HW_ENGINE_READ_LO, read),
	RESULT(TSR_HW_ENGINE_WRITTEN_LO, written),
	RESULT(TSR_HW_ENGINE_BLOCKS_LO, blocks),
	RESULT(TSR_HW_ENGINE_ENERGY_LO, energy),
	RESULT(TSR_HW_ENGINE_FAULT_LO, fault),
	RESULT32(TSR_HW_ENGINE_RANGE, range),
	RESULT(TSR_HW_ENGINE_ALONE_LO, alone),
};

/* Byte offset in the struct of the word at register @offset, or -1. */
static int find(const struct field *fields, size_t count, uint32_t offset)
{
	for (size_t i = 0; i < count; i++)
		if (offset >= fields[i].offset && offset < fields[i].offset + 4u * fields[i].words)
			return (int)(fields[i].member + offset - fields[i].offset);
	return -1;
}

bool engine_args_load(const struct engine_args *args, uint32_t offset, uint32_t *val)
{
	int at = find(arg_fields, sizeof(arg_fields) / sizeof(arg_fields[0]), offset);

	if (at < 0)
		return false;
	memcpy(val, (const char *)args + at, sizeof(*val));
	return true;
}

void engine_args_store(struct engine_args *args, uint32_t offset, uint32_t val)
{
	int at = find(arg_fields, sizeof(arg_fields) / sizeof(arg_fields[0]), offset);

	if (at >= 0)
		memcpy((char *)args + at, &val, sizeof(val));
}

uint32_t engine_results_load(const struct engine_results *results, uint32_t offset)
{
	int at = find(result_fields, sizeof(result_fields) / sizeof(result_fields[0]), offset);
	uint32_t val = 0;

	if (at >= 0)
		memcpy(&val, (const char *)results + at, sizeof(val));
	return val;
}
