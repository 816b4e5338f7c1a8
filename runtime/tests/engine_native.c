// SPDX-License-Identifier: MIT
/* tessera-run's engine over the tile library: the tool and the compiler without a driver. */
#include <stdio.h>
#include <stdlib.h>

#include "../compiler/compiler.h"
#include "engine.h"
#include "executor.h"
#include "tile/sku.h"

struct engine {
	struct sku *sku;
	const struct tsr_program *program;
	struct tsr_node_profile *record;
	uint64_t runs;
};

enum exit_code engine_open(const char *selector, bool local, struct engine **engine)
{
	char error[256];

	(void)selector;
	(void)local;
	*engine = calloc(1, sizeof(**engine));
	if (!*engine || sku_load(TESTS_SKU, &(*engine)->sku, error, sizeof(error)))
		return complain(EXIT_DEVICE, "%s", *engine ? error : "out of memory");
	return EXIT_OK;
}

void engine_close(struct engine *engine)
{
	if (!engine)
		return;
	sku_free(engine->sku);
	free(engine->record);
	free(engine);
}

const char *engine_name(const struct engine *engine)
{
	return (const char *)sku_fuses(engine->sku)->name;
}

uint32_t engine_clock_khz(const struct engine *engine)
{
	return sku_fuses(engine->sku)->clock_khz;
}

double engine_peak_tops(const struct engine *engine, enum tsr_type type)
{
	const struct tsr_hw_fuses *fuses = sku_fuses(engine->sku);

	return 2.0 * fuses->macs[type] * fuses->tensor_tiles * fuses->clock_khz / 1e9;
}

int engine_compile(struct engine *engine, const struct tsr_graph *graph,
		   const struct tsr_compile_options *options, struct tsr_program **program)
{
	return tsr_compile_for(graph, sku_fuses(engine->sku), options, program);
}

enum exit_code engine_load(struct engine *engine, const struct tsr_program *program,
			   uint32_t repeat)
{
	engine->program = program;
	engine->record = calloc(tsr_program_nodes(program) * repeat, sizeof(*engine->record));
	return engine->record ? EXIT_OK : complain(EXIT_DEVICE, "out of memory");
}

enum exit_code engine_run(struct engine *engine, struct engine_run *run)
{
	struct execution execution = {
		.sku = engine->sku, .program = engine->program, .input = run->input,
		.output = run->output, .repeat = run->repeat, .seed = ++engine->runs,
		.record = engine->record,
	};

	if (!execute(&execution))
		return complain(EXIT_JOB, "%s", execution.error);
	run->cycles = execution.cycles;
	run->record = run->profile ? engine->record : NULL;
	run->records = run->profile ? tsr_program_nodes(engine->program) * run->repeat : 0;
	return EXIT_OK;
}
