// SPDX-License-Identifier: MIT
/* Programs run on an NPU through libtessera. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tsr_hw/fuse.h>
#include <tessera_accel.h>

#include "engine.h"

struct engine {
	struct tsr_device *device;
	struct tsr_context *context;
	const struct tsr_program *program;
	struct tsr_model *model;
	struct tsr_binding *binding;	/* inputs, then outputs */
	size_t inputs;
	size_t outputs;
	struct tsr_job *job;		/* the last one, for its records */
	char name[96];
};

static enum exit_code choose_device(const char *selector, unsigned int *index)
{
	struct tsr_device_entry first;
	int found;

	if (selector)
		return tsr_device_find(selector, index) ?
		       complain(EXIT_DEVICE, "%s", tsr_error()) : EXIT_OK;
	found = tsr_device_list(&first, 1);
	if (found < 0)
		return complain(EXIT_DEVICE, "%s", tsr_error());
	if (!found)
		return complain(EXIT_DEVICE, "there is no Tessera NPU here; check that lspci -d "
				"1af4:10f0 shows one, and that the tessera module is loaded "
				"(modprobe tessera, then see dmesg)");
	*index = first.index;
	return EXIT_OK;
}

static void describe(struct engine *engine, unsigned int index)
{
	const struct tsr_hw_fuses *fuses = tsr_device_fuses(engine->device);

	snprintf(engine->name, sizeof(engine->name), "%.*s at /dev/accel/accel%u",
		 (int)sizeof(fuses->name), (const char *)fuses->name, index);
}

enum exit_code engine_open(const char *selector, bool local, struct engine **engine)
{
	struct tsr_context_options options = TSR_OPTIONS(tsr_context_options, .local = local);
	struct engine *made;
	unsigned int index;
	enum exit_code code = choose_device(selector, &index);

	*engine = NULL;
	if (code)
		return code;
	made = calloc(1, sizeof(*made));
	if (!made)
		return complain(EXIT_DEVICE, "out of memory");
	if (tsr_device_open(index, &made->device) ||
	    tsr_context_create(made->device, &options, &made->context)) {
		code = complain(EXIT_DEVICE, "%s", tsr_error());
		engine_close(made);
		return code;
	}
	describe(made, index);
	*engine = made;
	return EXIT_OK;
}

void engine_close(struct engine *engine)
{
	size_t i;

	if (!engine)
		return;
	tsr_job_destroy(engine->job);
	for (i = 0; engine->binding && i < engine->inputs + engine->outputs; i++)
		tsr_buffer_destroy(engine->binding[i].buffer);
	free(engine->binding);
	tsr_model_unload(engine->model);
	tsr_context_destroy(engine->context);
	tsr_device_close(engine->device);
	free(engine);
}

const char *engine_name(const struct engine *engine)
{
	return engine->name;
}

uint32_t engine_clock_khz(const struct engine *engine)
{
	return tsr_device_hw(engine->device)->clock_khz;
}

double engine_peak_tops(const struct engine *engine, enum tsr_type type)
{
	return tsr_device_peak_tops(engine->device, type);
}

int engine_compile(struct engine *engine, const struct tsr_graph *graph,
		   const struct tsr_compile_options *options, struct tsr_program **program)
{
	return tsr_compile(graph, engine->device, options, program);
}

static const struct tsr_argument *argument(const struct engine *engine, size_t i)
{
	return i < engine->inputs ? tsr_program_input(engine->program, i) :
	       tsr_program_output(engine->program, i - engine->inputs);
}

enum exit_code engine_load(struct engine *engine, const struct tsr_program *program,
			   uint32_t repeat)
{
	size_t i;

	engine->program = program;
	engine->inputs = tsr_program_inputs(program);
	engine->outputs = tsr_program_outputs(program);
	engine->binding = calloc(engine->inputs + engine->outputs, sizeof(*engine->binding));
	if (!engine->binding)
		return complain(EXIT_DEVICE, "out of memory");
	for (i = 0; i < engine->inputs + engine->outputs; i++) {
		size_t size = argument(engine, i)->size;

		engine->binding[i].stride = size;
		if (tsr_buffer_create(engine->context, size * repeat, &engine->binding[i].buffer))
			return complain(EXIT_DEVICE, "%s", tsr_error());
	}
	if (tsr_model_load(engine->context, program, &engine->model))
		return complain(EXIT_DEVICE, "%s", tsr_error());
	return EXIT_OK;
}

static void copy_in(struct engine *engine, const struct engine_run *run)
{
	size_t i;

	for (i = 0; i < engine->inputs; i++)
		memcpy(tsr_buffer_data(engine->binding[i].buffer), run->input[i],
		       argument(engine, i)->size * run->repeat);
}

static void copy_out(struct engine *engine, const struct engine_run *run)
{
	size_t i;

	for (i = 0; i < engine->outputs; i++)
		memcpy(run->output[i],
		       tsr_buffer_data(engine->binding[engine->inputs + i].buffer),
		       argument(engine, engine->inputs + i)->size * run->repeat);
}

/* Name the node that failed: a number alone does not help. */
static enum exit_code explain(struct engine *engine)
{
	struct tsr_context_state state = { 0 };
	const struct tsr_node_info *node;
	char sentence[512];

	snprintf(sentence, sizeof(sentence), "%s", tsr_error());
	if (tsr_context_state(engine->context, &state) || !state.failed)
		return complain(EXIT_JOB, "%s", sentence);
	node = tsr_program_node(engine->program, state.node);
	return complain(EXIT_JOB, "the job failed: %s (device error %u) at node %s (%s), address "
			"0x%llx; the kernel log says more", strerror(state.error),
			state.device_error, node ? node->name : "none", node ? node->op : "-",
			(unsigned long long)state.address);
}

enum exit_code engine_run(struct engine *engine, struct engine_run *run)
{
	struct tsr_submit_options options = TSR_OPTIONS(tsr_submit_options, .repeat = run->repeat,
							.profile = run->profile,
							.strict = run->strict);
	struct tsr_context_state state;

	tsr_job_destroy(engine->job);
	engine->job = NULL;
	copy_in(engine, run);
	if (tsr_job_submit(engine->model, engine->binding, engine->binding + engine->inputs,
			   &options, &engine->job) ||
	    tsr_job_wait(engine->job, -1))
		return explain(engine);
	if (tsr_context_state(engine->context, &state))
		return complain(EXIT_JOB, "%s", tsr_error());
	copy_out(engine, run);
	run->cycles = state.end - state.start;
	run->record = run->profile ? tsr_job_profile(engine->job, &run->records) : NULL;
	return EXIT_OK;
}
