// SPDX-License-Identifier: MIT
/* tsr_compile(): the stages in order, and the program they leave. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tsr_hw/fuse.h>

#include "compiler.h"
#include "verify.h"
#include "../error.h"
#include "../options.h"

struct tsr_program {
	struct tsr_image image;
	size_t scratch;
	struct tsr_arguments count;
	struct tsr_argument *argument;	/* inputs, then outputs */
	struct tsr_node_info *node;
	size_t node_count;
	struct tsr_range_losses losses;
};

/* What a compilation holds on the way. */
struct compilation {
	const struct tsr_graph *graph;
	struct tsr_graph *narrowed;
	struct tsr_losses losses;
	struct tsr_steps steps;
	struct tsr_layout layout;
	struct tsr_edges edges;
	bool verify;
};

static int check_types(const struct tsr_graph *graph, const struct tsr_hw_fuses *fuses)
{
	size_t i;

	for (i = 0; i < graph->node_count; i++) {
		const struct tsr_graph_node *node = &graph->nodes[i];
		enum tsr_type type = graph->tensors[node->in[0]].info.type;

		if ((node->op == TSR_OPERATOR_CONV || node->op == TSR_OPERATOR_GEMM) &&
		    !fuses->macs[type])
			return tsr_fail(-EOPNOTSUPP, "%s %s: this device does not compute %s",
					tsr_operator_name(node->op),
					graph->tensors[node->out].name, tsr_type_name(type));
	}
	return 0;
}

/* A channel scale vector belongs to the output channels, nowhere else. */
static int check_scales(const struct tsr_graph *graph)
{
	size_t i;

	for (i = 0; i < graph->node_count; i++) {
		const struct tsr_graph_node *node = &graph->nodes[i];
		const struct tsr_tensor_info *w;
		unsigned int axis;

		if (node->op != TSR_OPERATOR_CONV && node->op != TSR_OPERATOR_GEMM)
			continue;
		w = &graph->tensors[node->in[1]].info;
		axis = node->op == TSR_OPERATOR_CONV ? 0 :
		       w->rank - (node->gemm.transpose_b ? 2 : 1);
		if (w->scales && w->scale_axis != axis)
			return tsr_fail(-EOPNOTSUPP, "%s %s: weight scales must be per output "
					"channel", tsr_operator_name(node->op),
					graph->tensors[node->out].name);
	}
	return 0;
}

static int note_argument(struct tsr_argument *argument, const char *name,
			 const struct tsr_graph_tensor *tensor)
{
	argument->name = strdup(name);
	argument->info = tensor->info;
	argument->info.scales = NULL;
	argument->info.scale_count = 0;
	argument->size = tensor->size;
	return argument->name ? 0 : -ENOMEM;
}

static int note_arguments(struct tsr_program *program, const struct tsr_graph *graph)
{
	size_t i, n = 0;
	int error = 0;

	for (i = 0; i < graph->tensor_count; i++)
		program->count.inputs += graph->tensors[i].is_input;
	program->count.outputs = graph->output_count;
	program->argument = calloc(program->count.inputs + graph->output_count + 1,
				   sizeof(*program->argument));
	if (!program->argument)
		return tsr_fail(-ENOMEM, "out of memory");
	for (i = 0; i < graph->tensor_count && !error; i++)
		if (graph->tensors[i].is_input)
			error = note_argument(&program->argument[n++], graph->tensors[i].name,
					      &graph->tensors[i]);
	for (i = 0; i < graph->output_count && !error; i++)
		error = note_argument(&program->argument[n++], graph->outputs[i].name,
				      &graph->tensors[graph->outputs[i].tensor]);
	return error ? tsr_fail(error, "out of memory") : 0;
}

static int note_nodes(struct tsr_program *program, const struct compilation *c)
{
	size_t i;

	program->node = calloc(c->steps.count + 1, sizeof(*program->node));
	if (!program->node)
		return tsr_fail(-ENOMEM, "out of memory");
	for (i = 0; i < c->steps.count; i++) {
		const struct tsr_step *step = &c->steps.step[i];
		struct tsr_node_info *node = &program->node[i];

		*node = (struct tsr_node_info){
			.name = strdup(step->node ?
				       c->graph->tensors[step->node->out].name : step->label),
			.op = strdup(step->label),
			.type = c->layout.view[step->in_view[0]].info.type,
			.macs = tsr_step_macs(&c->layout, step),
		};
		program->node_count = i + 1;
		if (!node->name || !node->op)
			return tsr_fail(-ENOMEM, "out of memory");
	}
	return 0;
}

static int choose_precision(struct compilation *c, const struct tsr_compile_options *options)
{
	struct tsr_compile_options given;
	int error = TSR_OPTIONS_READ(tsr_compile_options, &given, options);
	enum tsr_type type = given.precision;

	if (error || !type || type == TSR_FP32)
		return error;
	if (type != TSR_FP16 && type != TSR_BF16)
		return tsr_fail(-EINVAL, "precision must be fp32, fp16 or bf16, not %s",
				tsr_type_name(type));
	error = tsr_graph_with_precision(c->graph, type, &c->losses, &c->narrowed);
	if (!error)
		c->graph = c->narrowed;
	return error;
}

/* The graph to compute, in the types to compute in. */
static int take_graph(struct compilation *c, const struct tsr_hw_fuses *fuses,
		      const struct tsr_compile_options *options)
{
	int error = c->verify ? tsr_verify_graph(c->graph) : 0;

	if (!error)
		error = choose_precision(c, options);
	if (!error && c->verify)
		error = tsr_verify_graph(c->graph);
	if (!error)
		error = check_types(c->graph, fuses);
	return error ? error : check_scales(c->graph);
}

/* Steps, their memory and their order. */
static int make_steps(struct compilation *c)
{
	int error = tsr_fuse(c->graph, &c->steps);

	if (!error && c->verify)
		error = tsr_verify_steps(c->graph, &c->steps);
	if (!error)
		error = tsr_place(c->graph, &c->steps, &c->layout);
	if (!error && c->verify)
		error = tsr_verify_layout(c->graph, &c->steps, &c->layout);
	if (!error)
		error = tsr_plan(&c->layout);
	if (!error && c->verify)
		error = tsr_verify_plan(&c->steps, &c->layout);
	if (!error)
		error = tsr_order(&c->steps, &c->layout, &c->edges);
	if (!error && c->verify)
		error = tsr_verify_edges(&c->steps, &c->layout, &c->edges);
	return error;
}

static int run_stages(struct compilation *c, const struct tsr_hw_fuses *fuses,
		      const struct tsr_compile_options *options, struct tsr_program *program)
{
	int error = take_graph(c, fuses, options);

	if (!error)
		error = note_arguments(program, c->graph);
	if (!error)
		error = make_steps(c);
	if (!error)
		error = tsr_emit(fuses, &c->steps, &c->layout, &c->edges, &program->count,
				 &program->image);
	if (!error)
		error = note_nodes(program, c);
	if (!error)
		error = tsr_find_losses(c->graph, &c->steps, &c->layout, &c->losses,
					&program->losses);
	program->scratch = c->layout.scratch;
	return error;
}

int tsr_compile_for(const struct tsr_graph *graph, const struct tsr_hw_fuses *fuses,
		    const struct tsr_compile_options *options, struct tsr_program **program)
{
	struct tsr_program *made = calloc(1, sizeof(*made));
	struct compilation c = { .graph = graph, .verify = tsr_verify_wanted() };
	int error;

	*program = NULL;
	if (!made)
		return tsr_fail(-ENOMEM, "out of memory");
	if (!graph->output_count)
		error = tsr_fail(-EINVAL, "graph %s has no outputs", graph->name);
	else
		error = run_stages(&c, fuses, options, made);
	free(c.edges.edge);
	free(c.steps.step);
	free(c.losses.loss);
	tsr_layout_free(&c.layout);
	tsr_graph_destroy(c.narrowed);
	if (error)
		tsr_program_destroy(made);
	else
		*program = made;
	return error;
}

int tsr_compile(const struct tsr_graph *graph, const struct tsr_device *device,
		const struct tsr_compile_options *options, struct tsr_program **program)
{
	return tsr_compile_for(graph, tsr_device_fuses(device), options, program);
}

void tsr_program_destroy(struct tsr_program *program)
{
	size_t i;

	if (!program)
		return;
	for (i = 0; program->argument && i < program->count.inputs + program->count.outputs; i++)
		free((void *)program->argument[i].name);
	for (i = 0; i < program->node_count; i++) {
		free((void *)program->node[i].name);
		free((void *)program->node[i].op);
	}
	for (i = 0; i < program->losses.count; i++)
		free((void *)program->losses.loss[i].constant);
	free(program->losses.loss);
	free(program->argument);
	free(program->node);
	free(program->image.data);
	free(program);
}

size_t tsr_program_inputs(const struct tsr_program *program)
{
	return program->count.inputs;
}

size_t tsr_program_outputs(const struct tsr_program *program)
{
	return program->count.outputs;
}

const struct tsr_argument *tsr_program_input(const struct tsr_program *program, size_t i)
{
	return i < program->count.inputs ? &program->argument[i] : NULL;
}

const struct tsr_argument *tsr_program_output(const struct tsr_program *program, size_t i)
{
	return i < program->count.outputs ? &program->argument[program->count.inputs + i] : NULL;
}

size_t tsr_program_nodes(const struct tsr_program *program)
{
	return program->node_count;
}

const struct tsr_node_info *tsr_program_node(const struct tsr_program *program, size_t i)
{
	return i < program->node_count ? &program->node[i] : NULL;
}

size_t tsr_program_range_losses(const struct tsr_program *program)
{
	return program->losses.count;
}

const struct tsr_range_loss *tsr_program_range_loss(const struct tsr_program *program, size_t i)
{
	return i < program->losses.count ? &program->losses.loss[i] : NULL;
}

size_t tsr_program_scratch(const struct tsr_program *program)
{
	return program->scratch;
}

const void *tsr_program_data(const struct tsr_program *program, size_t *size)
{
	*size = program->image.size;
	return program->image.data;
}
