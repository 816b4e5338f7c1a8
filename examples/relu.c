/* SPDX-License-Identifier: MIT */
/* A graph of one operator on an NPU: y = max(x, 0). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tessera.h>

#define COUNT	8

/* Every call that can fail returns a negative errno, and tsr_error() has a sentence about it. */
static void need(int result)
{
	if (result < 0) {
		fprintf(stderr, "error: %s\n", tsr_error());
		exit(1);
	}
}

static struct tsr_program *compile(struct tsr_device *device)
{
	struct tsr_tensor_info info = { .type = TSR_FP32, .rank = 1, .dim = { COUNT } };
	struct tsr_program *program;
	struct tsr_graph *graph;
	tsr_tensor x, y;

	need(tsr_graph_create("relu", &graph));
	need(x = tsr_graph_input(graph, "x", &info));
	need(y = tsr_graph_unary(graph, TSR_RELU, x, 0, 0, NULL));
	need(tsr_graph_output(graph, "y", y));
	need(tsr_compile(graph, device, NULL, &program));
	tsr_graph_destroy(graph);
	return program;
}

int main(void)
{
	static const float x[COUNT] = { -4, -3, -2, -1, 0, 1, 2, 3 };
	struct tsr_buffer *input, *output;
	struct tsr_context *context;
	struct tsr_program *program;
	struct tsr_device *device;
	struct tsr_model *model;
	struct tsr_job *job;
	const float *y;

	need(tsr_device_open(0, &device));
	program = compile(device);
	need(tsr_context_create(device, NULL, &context));
	need(tsr_model_load(context, program, &model));
	need(tsr_buffer_create(context, sizeof(x), &input));
	need(tsr_buffer_create(context, sizeof(x), &output));

	memcpy(tsr_buffer_data(input), x, sizeof(x));
	need(tsr_job_submit(model, &(struct tsr_binding){ .buffer = input },
			    &(struct tsr_binding){ .buffer = output }, NULL, &job));
	need(tsr_job_wait(job, -1));

	y = tsr_buffer_data(output);
	for (int i = 0; i < COUNT; i++)
		printf("relu(%g) = %g\n", x[i], y[i]);

	tsr_job_destroy(job);
	tsr_buffer_destroy(output);
	tsr_buffer_destroy(input);
	tsr_model_unload(model);
	tsr_context_destroy(context);
	tsr_program_destroy(program);
	tsr_device_close(device);
	return 0;
}
