// SPDX-License-Identifier: MIT
#include "inference.h"

#include <errno.h>

#include "npu.h"

#define ELEMENTS	16

static void require(int error)
{
	errno = 0;
	if (error < 0)
		die("%s", tsr_error());
}

static struct tsr_program *compile(const struct tsr_device *device)
{
	const struct tsr_tensor_info shape = { .type = TSR_FP32, .rank = 1, .dim = { ELEMENTS } };
	struct tsr_program *program;
	struct tsr_graph *graph;
	tsr_tensor x;

	require(tsr_graph_create("relu", &graph));
	x = tsr_graph_input(graph, "x", &shape);
	require(tsr_graph_output(graph, "y", tsr_graph_unary(graph, TSR_RELU, x, 0, 0, NULL)));
	require(tsr_compile(graph, device, NULL, &program));
	tsr_graph_destroy(graph);
	return program;
}

void inference_open(struct inference *inference)
{
	struct tsr_program *program;

	*inference = (struct inference){ 0 };
	require(tsr_device_open(0, &inference->device));
	require(tsr_context_create(inference->device, NULL, &inference->context));
	program = compile(inference->device);
	require(tsr_model_load(inference->context, program, &inference->model));
	require(tsr_buffer_create(inference->context, tsr_program_input(program, 0)->size,
				  &inference->input.buffer));
	require(tsr_buffer_create(inference->context, tsr_program_output(program, 0)->size,
				  &inference->output.buffer));
	tsr_program_destroy(program);
}

void inference_close(struct inference *inference)
{
	tsr_buffer_destroy(inference->output.buffer);
	tsr_buffer_destroy(inference->input.buffer);
	tsr_model_unload(inference->model);
	tsr_context_destroy(inference->context);
	tsr_device_close(inference->device);
}

struct tsr_job *inference_submit(struct inference *inference, float value)
{
	float *x = tsr_buffer_data(inference->input.buffer);
	struct tsr_job *job;

	for (int i = 0; i < ELEMENTS; i++)
		x[i] = value;
	require(tsr_job_submit(inference->model, &inference->input, &inference->output, NULL,
			       &job));
	return job;
}

void inference_wait(struct tsr_job *job)
{
	require(tsr_job_wait(job, -1));
}

void inference_check(const struct inference *inference, float value)
{
	const float *y = tsr_buffer_data(inference->output.buffer);

	errno = 0;
	for (int i = 0; i < ELEMENTS; i++)
		if (y[i] != (value > 0 ? value : 0))
			die("relu(%g) is not %g", (double)value, (double)y[i]);
}
