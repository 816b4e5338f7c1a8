// SPDX-License-Identifier: MIT
/* tessera-run: import a model, compile it, run it on an NPU, say what happened. */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <tsr_hw/program.h>
#include <tessera-onnx.h>
#include <tessera.h>

#include "compare.h"
#include "engine.h"
#include "items.h"
#include "measurement.h"
#include "options.h"
#include "program_file.h"
#include "range.h"
#include "report.h"

/* Buffers and profile records of one job stay within these. */
#define JOB_BYTES_MAX	((size_t)64 << 20)
#define JOB_RUNS_MAX	1024

/* A program has fewer arguments than slots. */
#define ARGUMENTS_MAX	TSR_HW_MAX_SLOTS

/* What a session holds; all of it may be absent when it ends early. */
struct session {
	struct options options;
	struct tsr_graph *graph;
	struct engine *engine;
	struct tsr_program *program;
	struct workload work;
	struct measurement measured;
	struct comparison *comparison;
	uint32_t job_runs;
	bool records;
};

static void list_operators(void)
{
	const char *const *names = tsr_onnx_operators();

	while (*names)
		puts(*names++);
}

static enum exit_code import_model(struct session *s)
{
	struct tsr_onnx_options options =
		TSR_OPTIONS(tsr_onnx_options, .batch = s->options.batch,
			    .dimensions = s->options.dimension,
			    .dimension_count = s->options.dimension_count,
			    .memory = s->options.import_memory);
	int error = tsr_onnx_import_file(s->options.model, &options, &s->graph);

	if (!error)
		return EXIT_OK;
	return complain(error == -ENOENT || error == -EACCES ? EXIT_FILE : EXIT_MODEL, "%s: %s",
			s->options.model, tsr_error());
}

static enum exit_code compile(struct session *s)
{
	struct tsr_compile_options options =
		TSR_OPTIONS(tsr_compile_options, .precision = s->options.precision);

	if (engine_compile(s->engine, s->graph, &options, &s->program))
		return complain(EXIT_MODEL, "%s: %s", s->options.model, tsr_error());
	range_warn_of_constants(s->program);
	if (s->options.program)
		return program_file_write(s->options.program, s->program);
	return EXIT_OK;
}

/* As many repetitions per job as the buffers have room for. */
static uint32_t choose_job_runs(const struct session *s)
{
	size_t per_run = 1, i, runs;

	for (i = 0; i < s->work.inputs; i++)
		per_run += s->work.input[i].argument->size;
	for (i = 0; i < s->work.outputs; i++)
		per_run += s->work.output[i].argument->size;
	if (s->records)
		per_run += tsr_program_nodes(s->program) * sizeof(struct tsr_node_profile);
	runs = JOB_BYTES_MAX / per_run;
	runs = runs < 1 ? 1 : runs > JOB_RUNS_MAX ? JOB_RUNS_MAX : runs;
	return runs < s->work.runs ? (uint32_t)runs : s->work.runs;
}

static enum exit_code prepare(struct session *s)
{
	enum exit_code code = workload_make(&s->options, s->program, &s->work);

	if (!code)
		code = measurement_init(&s->measured, s->program);
	if (code)
		return code;
	s->records = range_wants_records(&s->options, s->program);
	s->job_runs = choose_job_runs(s);
	return engine_load(s->engine, s->program, s->job_runs);
}

/* Runs @first and following as one job. */
static enum exit_code run_job(struct session *s, uint32_t first)
{
	uint32_t left = s->work.runs - first;
	const void *input[ARGUMENTS_MAX];
	void *output[ARGUMENTS_MAX];
	struct engine_run run = {
		.input = input, .output = output, .profile = s->records,
		.strict = s->options.strict,
		.repeat = left < s->job_runs ? left : s->job_runs,
	};
	enum exit_code code;
	size_t i;

	for (i = 0; i < s->work.inputs; i++)
		input[i] = (char *)s->work.input[i].data +
			   first * s->work.input[i].argument->size;
	for (i = 0; i < s->work.outputs; i++)
		output[i] = (char *)s->work.output[i].data +
			    first * s->work.output[i].argument->size;
	code = engine_run(s->engine, &run);
	if (!code)
		measurement_add(&s->measured, s->program, &run);
	return code;
}

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static enum exit_code run_all(struct session *s)
{
	uint64_t start = now_ns();
	enum exit_code code = EXIT_OK;
	uint32_t round, first;

	for (round = 0; round < s->options.rounds; round++)
		for (first = 0; first < s->work.runs && !code; first += s->job_runs)
			code = run_job(s, first);
	s->measured.wall_ns = now_ns() - start;
	if (!code)
		range_warn_of_results(s->program, &s->measured);
	return code;
}

static enum exit_code compare(struct session *s)
{
	if (!s->options.reference)
		return EXIT_OK;
	s->comparison = calloc(s->work.outputs + 1, sizeof(*s->comparison));
	if (!s->comparison)
		return complain(EXIT_FILE, "out of memory");
	return compare_outputs(&s->options, s->graph, &s->work, s->comparison);
}

static enum exit_code verdict(const struct session *s)
{
	size_t i;

	for (i = 0; s->comparison && i < s->work.outputs; i++)
		if (!s->comparison[i].passed)
			return EXIT_DIFFERENT;
	return EXIT_OK;
}

static enum exit_code report(struct session *s)
{
	const struct report r = {
		&s->options, s->engine, s->program, &s->work, &s->measured, s->comparison,
	};
	bool quiet = s->options.json && s->options.json[0] == '-' && !s->options.json[1];
	enum exit_code code = workload_save(&s->options, &s->work);

	if (code)
		return code;
	if (!quiet) {
		if (!s->options.output_count || s->options.top)
			workload_print(&s->options, &s->work);
		if (s->options.profile)
			report_profile(&r);
		report_total(&r);
		if (s->comparison)
			report_comparison(&r);
	}
	return s->options.json ? report_json(&r) : EXIT_OK;
}

static enum exit_code run(struct session *s)
{
	enum exit_code code = import_model(s);

	if (!code)
		code = engine_open(s->options.device, s->options.local, &s->engine);
	if (!code)
		code = compile(s);
	if (!code)
		code = prepare(s);
	if (!code)
		code = run_all(s);
	if (!code)
		code = compare(s);
	if (!code)
		code = report(s);
	return code ? code : verdict(s);
}

static void release(struct session *s)
{
	free(s->comparison);
	measurement_free(&s->measured);
	workload_free(&s->work);
	engine_close(s->engine);
	tsr_program_destroy(s->program);
	tsr_graph_destroy(s->graph);
}

int main(int argc, char **argv)
{
	struct session session = { 0 };
	enum exit_code code;
	bool finished;

	code = options_parse(argc, argv, &session.options, &finished);
	if (code || finished)
		return code;
	if (session.options.operators) {
		list_operators();
		return EXIT_OK;
	}
	code = run(&session);
	release(&session);
	return code;
}
