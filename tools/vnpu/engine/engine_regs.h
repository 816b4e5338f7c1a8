/* SPDX-License-Identifier: MIT */
#ifndef VNPU_ENGINE_REGS_H
#define VNPU_ENGINE_REGS_H

#include <stdbool.h>
#include <stdint.h>

/** struct engine_args - what the core sets before START, named as in tsr_hw/core.h */
struct engine_args {
	uint32_t asid;
	uint32_t stream_size;
	uint32_t slots;
	uint32_t slot_count;
	uint32_t parameters;
	uint32_t parameter_count;
	uint32_t program_size;
	uint32_t queue;
	uint32_t node;
	uint32_t flags;
	uint32_t resident;
	uint32_t ring;
	uint64_t stream;
	uint64_t program;
	uint64_t progress;
	uint64_t budget;
};

/** struct engine_results - what the core reads while DONE */
struct engine_results {
	int error;
	uint64_t start;
	uint64_t end;
	uint64_t macs;
	uint64_t read;
	uint64_t written;
	uint64_t blocks;
	uint64_t energy;
	uint64_t fault;
	uint64_t alone;
	uint32_t range;
};

/** engine_args_load() - word at register @offset; false when it is no argument */
bool engine_args_load(const struct engine_args *args, uint32_t offset, uint32_t *val);

/** engine_args_store() - set the word at register @offset; other offsets are ignored */
void engine_args_store(struct engine_args *args, uint32_t offset, uint32_t val);

/** engine_results_load() - word at register @offset, 0 when it is no result */
uint32_t engine_results_load(const struct engine_results *results, uint32_t offset);

#endif
