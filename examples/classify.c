/* SPDX-License-Identifier: MIT */
/*
 * An ONNX model over a file of inputs: MODEL.onnx has one input and one output of type fp32,
 * FILE holds the input's elements. Computes in fp16; prints the place of the largest output.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tessera-onnx.h>
#include <tessera.h>

static void need(int result)
{
	if (result < 0) {
		fprintf(stderr, "error: %s\n", tsr_error());
		exit(1);
	}
}

static struct tsr_program *compile(struct tsr_device *device, const char *path)
{
	struct tsr_compile_options options = TSR_OPTIONS(tsr_compile_options,
							 .precision = TSR_FP16);
	struct tsr_onnx_options onnx = TSR_OPTIONS(tsr_onnx_options, .batch = 1);
	struct tsr_program *program;
	struct tsr_graph *graph;

	need(tsr_onnx_import_file(path, &onnx, &graph));
	need(tsr_compile(graph, device, &options, &program));
	tsr_graph_destroy(graph);
	return program;
}

static size_t largest(const float *value, size_t count)
{
	size_t best = 0;

	for (size_t i = 1; i < count; i++)
		if (value[i] > value[best])
			best = i;
	return best;
}

/* Returns the number of the first input's class, or -1 when the file is too short. */
static int classify(struct tsr_context *context, struct tsr_model *model,
		    const struct tsr_program *program, FILE *file)
{
	size_t in = tsr_program_input(program, 0)->size, out = tsr_program_output(program, 0)->size;
	struct tsr_buffer *input, *output;
	struct tsr_job *job;
	int class = -1;

	need(tsr_buffer_create(context, in, &input));
	need(tsr_buffer_create(context, out, &output));
	if (fread(tsr_buffer_data(input), in, 1, file) == 1) {
		need(tsr_job_submit(model, &(struct tsr_binding){ .buffer = input },
				    &(struct tsr_binding){ .buffer = output }, NULL, &job));
		need(tsr_job_wait(job, -1));
		class = (int)largest(tsr_buffer_data(output), out / sizeof(float));
		tsr_job_destroy(job);
	}
	tsr_buffer_destroy(output);
	tsr_buffer_destroy(input);
	return class;
}

int main(int argc, char **argv)
{
	FILE *file = argc == 3 ? fopen(argv[2], "rb") : NULL;
	struct tsr_context *context;
	struct tsr_program *program;
	struct tsr_device *device;
	struct tsr_model *model;
	int class;

	if (!file) {
		fprintf(stderr, "usage: %s MODEL.onnx FILE\n", argv[0]);
		return 2;
	}
	need(tsr_device_open(0, &device));
	program = compile(device, argv[1]);
	need(tsr_context_create(device, NULL, &context));
	need(tsr_model_load(context, program, &model));
	class = classify(context, model, program, file);
	if (class >= 0)
		printf("class %d\n", class);
	else
		fprintf(stderr, "error: %s is shorter than the model's input\n", argv[2]);

	tsr_model_unload(model);
	tsr_context_destroy(context);
	tsr_program_destroy(program);
	tsr_device_close(device);
	fclose(file);
	return class < 0;
}
