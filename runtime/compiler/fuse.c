// SPDX-License-Identifier: MIT
/*
 * Convolution and GEMM take up what follows them: a residual addition, an
 * activation, a change of floating-point type. Functions of two inputs take up an
 * activation and a change of type.
 *
 * A quantized intermediate is a rounding the graph asks for. It may disappear
 * only where doing so changes no bit: an activation that keeps scale and zero
 * point is monotone and maps codes to codes.
 */
#include "compiler.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../error.h"

/* Per tensor: how often it is used, and by which node last. */
struct use {
	size_t count;
	size_t node;
};

static void count_uses(const struct tsr_graph *graph, struct use *uses)
{
	size_t n, i;

	for (n = 0; n < graph->node_count; n++)
		for (i = 0; i < graph->nodes[n].in_count; i++) {
			tsr_tensor in = graph->nodes[n].in[i];

			if (in == TSR_NO_TENSOR)
				continue;
			uses[in].count++;
			uses[in].node = n;
		}
	/* An output is read by the caller: it must exist by itself. */
	for (i = 0; i < graph->output_count; i++)
		uses[graph->outputs[i].tensor].count += 2;
}

static const struct tsr_tensor_info *info_of(const struct tsr_graph *graph, tsr_tensor tensor)
{
	return &graph->tensors[tensor].info;
}

static bool same_shape(const struct tsr_tensor_info *a, const struct tsr_tensor_info *b)
{
	return a->rank == b->rank && !memcmp(a->dim, b->dim, a->rank * sizeof(a->dim[0]));
}

static bool same_codes(const struct tsr_tensor_info *a, const struct tsr_tensor_info *b)
{
	return a->type == b->type && a->scale == b->scale && a->zero_point == b->zero_point;
}

static bool is_float(const struct tsr_tensor_info *info)
{
	return !tsr_type_is_integer(info->type);
}

static void label(struct tsr_step *step, const char *what)
{
	size_t used = strlen(step->label);

	snprintf(step->label + used, sizeof(step->label) - used, "%s%s", used ? "+" : "", what);
}

/* A conversion that was taken up rounds: nothing but a monotone function may follow it. */
static bool is_converted(const struct tsr_graph *graph, const struct tsr_step *step)
{
	return info_of(graph, step->out)->type != info_of(graph, step->node->out)->type;
}

static bool fuse_residual(const struct tsr_graph *graph, const struct tsr_graph_node *node,
			  struct tsr_step *step)
{
	const struct tsr_tensor_info *now = info_of(graph, step->out);
	tsr_tensor other = node->in[0] == step->out ? node->in[1] : node->in[0];

	if (node->elementwise.function != TSR_ADD || step->residual != TSR_NO_TENSOR ||
	    is_converted(graph, step) || step->activation || !is_float(now) ||
	    !is_float(info_of(graph, node->out)) || !is_float(info_of(graph, other)) ||
	    !same_shape(now, info_of(graph, other)))
		return false;
	/* Integer operands take an fp32 residual only. */
	if (tsr_type_is_quantized(info_of(graph, step->in[0])->type) &&
	    info_of(graph, other)->type != TSR_FP32)
		return false;
	step->residual = other;
	label(step, "add");
	return true;
}

static bool fuse_activation(const struct tsr_graph *graph, const struct tsr_graph_node *node,
			    struct tsr_step *step)
{
	const struct tsr_tensor_info *now = info_of(graph, step->out);
	const struct tsr_tensor_info *result = info_of(graph, node->out);
	enum tsr_function function = node->elementwise.function;

	if (step->activation || (function != TSR_RELU && function != TSR_CLIP))
		return false;
	if (!same_codes(now, result) && !(is_float(now) && is_float(result)))
		return false;
	if (function == TSR_RELU) {
		step->activation = TSR_ACTIVATION_RELU;
	} else {
		step->activation = TSR_ACTIVATION_CLIP;
		step->alpha = node->elementwise.alpha;
		step->beta = node->elementwise.beta;
	}
	label(step, function == TSR_RELU ? "relu" : "clip");
	return true;
}

static bool fuse_conversion(const struct tsr_graph *graph, const struct tsr_graph_node *node,
			    struct tsr_step *step)
{
	return is_float(info_of(graph, step->out)) && is_float(info_of(graph, node->out)) &&
	       !is_converted(graph, step);
}

#define BIT(op)		(1u << TSR_OPERATOR_##op)
#define PRODUCTS	(BIT(CONV) | BIT(GEMM))

const struct tsr_fusion tsr_fusions[TSR_FUSIONS] = {
	{ PRODUCTS, TSR_OPERATOR_BINARY, fuse_residual },
	{ PRODUCTS | BIT(BINARY), TSR_OPERATOR_UNARY, fuse_activation },
	{ PRODUCTS | BIT(BINARY), TSR_OPERATOR_CONVERT, fuse_conversion },
};

static bool fuse(const struct tsr_graph *graph, const struct tsr_graph_node *node,
		 struct tsr_step *step)
{
	size_t i;

	for (i = 0; i < TSR_FUSIONS; i++)
		if (tsr_fusions[i].producers >> step->op & 1 && tsr_fusions[i].consumer == node->op)
			return tsr_fusions[i].fuse(graph, node, step);
	return false;
}

static struct tsr_step first_step(const struct tsr_graph_node *node)
{
	struct tsr_step step = {
		.op = node->op, .node = node, .out = node->out, .residual = TSR_NO_TENSOR,
		.in = { TSR_NO_TENSOR, TSR_NO_TENSOR, TSR_NO_TENSOR },
	};
	size_t i;

	if (node->op != TSR_OPERATOR_CONCAT)
		for (i = 0; i < node->in_count; i++)
			step.in[i] = node->in[i];
	label(&step, tsr_operator_name(node->op));
	if (step.in[2] != TSR_NO_TENSOR)
		label(&step, "bias");
	return step;
}

/*
 * Take up consumers while the result has one user that no other step has taken up: a sum
 * of two products belongs to the first of them, for the second it is a reader. The step
 * then stands where its last part stood, so that all it reads comes before it.
 */
static size_t absorb(const struct tsr_graph *graph, const struct use *uses, bool *taken,
		     struct tsr_step *step, size_t at)
{
	while (uses[step->out].count == 1 && !taken[uses[step->out].node] &&
	       fuse(graph, &graph->nodes[uses[step->out].node], step)) {
		at = uses[step->out].node;
		taken[at] = true;
		step->out = graph->nodes[at].out;
	}
	return at;
}

static void build(const struct tsr_graph *graph, const struct use *uses, bool *taken,
		 struct tsr_step *at_node, struct tsr_steps *steps)
{
	size_t n;

	for (n = 0; n < graph->node_count; n++) {
		const struct tsr_graph_node *node = &graph->nodes[n];
		struct tsr_step step;
		size_t at = n;

		if (taken[n])
			continue;
		step = first_step(node);
		at = absorb(graph, uses, taken, &step, n);
		at_node[at] = step;
	}
	for (n = 0; n < graph->node_count; n++)
		if (at_node[n].node)
			steps->step[steps->count++] = at_node[n];
}

int tsr_fuse(const struct tsr_graph *graph, struct tsr_steps *steps)
{
	struct use *uses = calloc(graph->tensor_count + 1, sizeof(*uses));
	bool *taken = calloc(graph->node_count + 1, sizeof(*taken));
	struct tsr_step *at_node = calloc(graph->node_count + 1, sizeof(*at_node));
	int error = 0;

	*steps = (struct tsr_steps){ .step = calloc(graph->node_count + 1, sizeof(*steps->step)) };
	if (uses && taken && at_node && steps->step) {
		count_uses(graph, uses);
		build(graph, uses, taken, at_node, steps);
	} else {
		free(steps->step);
		steps->step = NULL;
		error = tsr_fail(-ENOMEM, "out of memory");
	}
	free(at_node);
	free(taken);
	free(uses);
	return error;
}
