/* SPDX-License-Identifier: MIT */
/*
 * What runs programs. The tool has the NPU behind this interface; its tests put the
 * virtual NPU's tile library there, so that the rest is tested without a driver.
 */
#ifndef RUN_ENGINE_H
#define RUN_ENGINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <tessera.h>

#include "message.h"

struct engine;

/**
 * struct engine_run - repetitions of the loaded program
 * @input: elements of each input, @repeat times
 * @output: where to, likewise
 * @repeat: repetitions, at most what engine_load() was told
 * @profile: keep records
 * @strict: sums in one order
 * @record: out: one per node and repetition, owned by the engine until the next run
 * @records: out: how many
 * @cycles: out: device cycles from the first node to the last
 */
struct engine_run {
	const void **input;
	void **output;
	uint32_t repeat;
	bool profile;
	bool strict;
	const struct tsr_node_profile *record;
	size_t records;
	uint64_t cycles;
};

/**
 * engine_open() - the device that @selector names, NULL for the first; complains
 * @local: programs and intermediate memory lie in the device's own memory
 */
enum exit_code engine_open(const char *selector, bool local, struct engine **engine);
void engine_close(struct engine *engine);

/** engine_name() - for people: product and where it is. */
const char *engine_name(const struct engine *engine);
/** engine_clock_khz() - frequency of device cycles. */
uint32_t engine_clock_khz(const struct engine *engine);
/** engine_peak_tops() - dense peak rate for operands of @type, 0 when not computed. */
double engine_peak_tops(const struct engine *engine, enum tsr_type type);

/** engine_compile() - tsr_compile() for this engine; sets tsr_error(), does not complain. */
int engine_compile(struct engine *engine, const struct tsr_graph *graph,
		   const struct tsr_compile_options *options, struct tsr_program **program);

/**
 * engine_load() - prepare to run @program
 * @program: must outlive the engine
 * @repeat: repetitions one run may have
 */
enum exit_code engine_load(struct engine *engine, const struct tsr_program *program,
			   uint32_t repeat);

/** engine_run() - run and wait. Complains. */
enum exit_code engine_run(struct engine *engine, struct engine_run *run);

#endif
