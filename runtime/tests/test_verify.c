// SPDX-License-Identifier: MIT
/*
 * The compiler's verifier: what the stages make passes, and one defect put into it does
 * not. Each defect is undone before the next.
 */
#include "cmocka_prelude.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../compiler/verify.h"
#include "random_graph.h"

#define GRAPHS		40
#define OPERATORS	20

/* A random graph behind all stages. */
struct compiled {
	struct tsr_graph *graph;
	struct tsr_steps fused;		/* before placing */
	struct tsr_steps steps;
	struct tsr_layout layout;
	struct tsr_edges edges;
};

static struct compiled compile(uint64_t seed)
{
	struct compiled c;
	uint64_t random = seed;

	c.graph = random_graph(seed % 2 ? TSR_FP32 : TSR_INT8, OPERATORS, &random);
	assert_non_null(c.graph);
	assert_int_equal(tsr_fuse(c.graph, &c.fused), 0);
	assert_int_equal(tsr_fuse(c.graph, &c.steps), 0);
	assert_int_equal(tsr_place(c.graph, &c.steps, &c.layout), 0);
	assert_int_equal(tsr_plan(&c.layout), 0);
	assert_int_equal(tsr_order(&c.steps, &c.layout, &c.edges), 0);
	return c;
}

static void release(struct compiled *c)
{
	free(c->edges.edge);
	tsr_layout_free(&c->layout);
	free(c->steps.step);
	free(c->fused.step);
	tsr_graph_destroy(c->graph);
}

static int verify_graph(const struct compiled *c)
{
	return tsr_verify_graph(c->graph);
}

static int verify_steps(const struct compiled *c)
{
	return tsr_verify_steps(c->graph, &c->fused);
}

static int verify_layout(const struct compiled *c)
{
	return tsr_verify_layout(c->graph, &c->steps, &c->layout);
}

static int verify_plan(const struct compiled *c)
{
	return tsr_verify_plan(&c->steps, &c->layout);
}

static int verify_edges(const struct compiled *c)
{
	return tsr_verify_edges(&c->steps, &c->layout, &c->edges);
}

/* Refused now, accepted once the defect is gone. */
#define ASSERT_DEFECT(check, c, place, defect) do {				\
	__typeof__(place) kept = (place);					\
	(place) = (defect);							\
	assert_int_equal(check(c), -ENOTRECOVERABLE);				\
	(place) = kept;								\
	assert_int_equal(check(c), 0);						\
} while (0)

/* Run @test over all graphs. */
static void for_each_graph(void (*test)(struct compiled *c))
{
	struct compiled c;
	uint64_t seed;

	for (seed = 1; seed <= GRAPHS; seed++) {
		c = compile(seed);
		test(&c);
		release(&c);
	}
}

static void all_pass(struct compiled *c)
{
	assert_int_equal(verify_graph(c), 0);
	assert_int_equal(verify_steps(c), 0);
	assert_int_equal(verify_layout(c), 0);
	assert_int_equal(verify_plan(c), 0);
	assert_int_equal(verify_edges(c), 0);
}

static void what_the_stages_make_passes(void **state)
{
	(void)state;
	for_each_graph(all_pass);
}

static void break_graph(struct compiled *c)
{
	struct tsr_graph_node *node = &c->graph->nodes[c->graph->node_count - 1];
	struct tsr_graph_tensor *tensor = &c->graph->tensors[node->out];

	ASSERT_DEFECT(verify_graph, c, node->in[0], node->out);
	ASSERT_DEFECT(verify_graph, c, node->in[0], (tsr_tensor)c->graph->tensor_count);
	ASSERT_DEFECT(verify_graph, c, node->out, c->graph->nodes[0].out);
	ASSERT_DEFECT(verify_graph, c, tensor->producer, 0);
	ASSERT_DEFECT(verify_graph, c, tensor->producer, -1);
	ASSERT_DEFECT(verify_graph, c, tensor->is_input, true);
	ASSERT_DEFECT(verify_graph, c, c->graph->node_count, c->graph->node_count - 1);
}

static void a_graph_out_of_order_is_refused(void **state)
{
	(void)state;
	for_each_graph(break_graph);
}

static void break_steps(struct compiled *c)
{
	struct tsr_step *last = &c->fused.step[c->fused.count - 1];

	if (c->fused.count < 2)
		return;
	ASSERT_DEFECT(verify_steps, c, last->out, c->fused.step[0].out);
	ASSERT_DEFECT(verify_steps, c, last->out, TSR_NO_TENSOR);
	ASSERT_DEFECT(verify_steps, c, last->residual, last->out);
	ASSERT_DEFECT(verify_steps, c, last->in[1], last->out);
	ASSERT_DEFECT(verify_steps, c, last->in[2], (tsr_tensor)c->graph->tensor_count);
	ASSERT_DEFECT(verify_steps, c, c->fused.count, c->fused.count - 1);
}

static void a_tensor_made_twice_late_or_never_is_refused(void **state)
{
	(void)state;
	for_each_graph(break_steps);
}

static void break_views(struct compiled *c)
{
	struct tsr_step *last = &c->steps.step[c->steps.count - 1];
	struct tsr_view *view = &c->layout.view[last->out_view];

	ASSERT_DEFECT(verify_layout, c, last->out_view, TSR_NO_VIEW);
	ASSERT_DEFECT(verify_layout, c, last->in_view[0], TSR_NO_VIEW);
	ASSERT_DEFECT(verify_layout, c, last->in_view[0], (unsigned int)c->layout.view_count);
	ASSERT_DEFECT(verify_layout, c, view->storage, TSR_NO_STORAGE);
	ASSERT_DEFECT(verify_layout, c, view->scales, (unsigned int)c->layout.storage_count);
	ASSERT_DEFECT(verify_layout, c, view->offset, c->layout.storage[view->storage].size);
}

static void a_view_that_is_missing_or_too_large_is_refused(void **state)
{
	(void)state;
	for_each_graph(break_views);
}

static void break_accesses(struct compiled *c)
{
	struct tsr_step *last = &c->steps.step[c->steps.count - 1];

	/* Placing begins with the first input. */
	ASSERT_DEFECT(verify_layout, c, last->out_view, TSR_NO_VIEW + 1);
	ASSERT_DEFECT(verify_layout, c, last->in_view[0], last->out_view);
	ASSERT_DEFECT(verify_layout, c, last->residual_view, last->out_view);
	ASSERT_DEFECT(verify_layout, c, c->steps.count, c->steps.count - 1);
	if (c->steps.count > 1)
		ASSERT_DEFECT(verify_layout, c, last->out_view, c->steps.step[0].out_view);
}

static void a_step_that_reads_early_or_writes_twice_is_refused(void **state)
{
	(void)state;
	for_each_graph(break_accesses);
}

static void break_arguments(struct compiled *c)
{
	size_t i;

	for (i = 0; i < c->layout.storage_count; i++) {
		struct tsr_storage *storage = &c->layout.storage[i];

		if (storage->kind != TSR_STORAGE_INPUT && storage->kind != TSR_STORAGE_OUTPUT)
			continue;
		ASSERT_DEFECT(verify_layout, c, storage->kind, TSR_STORAGE_SCRATCH);
		ASSERT_DEFECT(verify_layout, c, storage->index, SIZE_MAX);
		if (storage->index > 0)
			ASSERT_DEFECT(verify_layout, c, storage->index, 0);
	}
}

static void an_argument_without_its_own_memory_is_refused(void **state)
{
	(void)state;
	for_each_graph(break_arguments);
}

static bool together(const struct tsr_storage *a, const struct tsr_storage *b)
{
	return a->kind == TSR_STORAGE_CONSTANT ||
	       (a->first <= b->last && b->first <= a->last);
}

static void break_storage(struct compiled *c, struct tsr_storage *storage, size_t *space)
{
	struct tsr_storage *other;

	ASSERT_DEFECT(verify_plan, c, storage->offset, *space);
	ASSERT_DEFECT(verify_plan, c, storage->offset, storage->offset + 1);
	for (other = c->layout.storage; other < storage; other++)
		if (other->kind == storage->kind && other->first != SIZE_MAX &&
		    together(other, storage))
			ASSERT_DEFECT(verify_plan, c, storage->offset, other->offset);
}

static void break_plan(struct compiled *c)
{
	size_t i;

	for (i = 0; i < c->layout.storage_count; i++) {
		struct tsr_storage *storage = &c->layout.storage[i];

		if (storage->first == SIZE_MAX)
			continue;
		if (storage->kind == TSR_STORAGE_SCRATCH)
			break_storage(c, storage, &c->layout.scratch);
		if (storage->kind == TSR_STORAGE_CONSTANT)
			break_storage(c, storage, &c->layout.constants);
	}
	if (c->layout.scratch)
		ASSERT_DEFECT(verify_plan, c, c->layout.scratch, c->layout.scratch - 64);
	if (c->layout.constants)
		ASSERT_DEFECT(verify_plan, c, c->layout.constants, c->layout.constants - 64);
}

static void memory_shared_or_outside_its_space_is_refused(void **state)
{
	(void)state;
	for_each_graph(break_plan);
}

/* Ordering leaves out what other edges imply, so it needs every edge it makes. */
static void lose_edges(struct compiled *c)
{
	size_t last = c->edges.count - 1, i;

	for (i = 0; i < c->edges.count; i++) {
		uint16_t from = c->edges.edge[i][0], to = c->edges.edge[i][1];

		c->edges.edge[i][0] = c->edges.edge[last][0];
		c->edges.edge[i][1] = c->edges.edge[last][1];
		c->edges.count = last;
		assert_int_equal(verify_edges(c), -ENOTRECOVERABLE);
		c->edges.count = last + 1;
		c->edges.edge[i][0] = from;
		c->edges.edge[i][1] = to;
	}
}

static void break_edges(struct compiled *c)
{
	if (!c->edges.count)
		return;
	lose_edges(c);
	ASSERT_DEFECT(verify_edges, c, c->edges.edge[0][0], c->edges.edge[0][1]);
	ASSERT_DEFECT(verify_edges, c, c->edges.edge[0][1], (uint16_t)c->steps.count);
}

static void a_missing_or_backward_edge_is_refused(void **state)
{
	(void)state;
	for_each_graph(break_edges);
}

static void it_runs_when_the_environment_says_1(void **state)
{
	(void)state;
	assert_int_equal(setenv("TESSERA_VERIFY", "0", 1), 0);
	assert_false(tsr_verify_wanted());
	assert_int_equal(setenv("TESSERA_VERIFY", "1", 1), 0);
	assert_true(tsr_verify_wanted());
	assert_int_equal(unsetenv("TESSERA_VERIFY"), 0);
	assert_false(tsr_verify_wanted());
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_the_stages_make_passes),
		cmocka_unit_test(a_graph_out_of_order_is_refused),
		cmocka_unit_test(a_tensor_made_twice_late_or_never_is_refused),
		cmocka_unit_test(a_view_that_is_missing_or_too_large_is_refused),
		cmocka_unit_test(a_step_that_reads_early_or_writes_twice_is_refused),
		cmocka_unit_test(an_argument_without_its_own_memory_is_refused),
		cmocka_unit_test(memory_shared_or_outside_its_space_is_refused),
		cmocka_unit_test(a_missing_or_backward_edge_is_refused),
		cmocka_unit_test(it_runs_when_the_environment_says_1),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
