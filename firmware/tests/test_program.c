// SPDX-License-Identifier: (GPL-2.0-only OR MIT)
/* Checks of header, nodes, successors and slots: one defect each. */
#include "suite.h"

static struct graph graph;

/* The diamond with a skip, changed by one test; its pieces in host memory. */
static struct {
	uint8_t *bytes;
	struct tsr_hw_program *header;
	struct tsr_hw_node *node;
	uint16_t *edge;
	struct tsr_hw_slot *slot;
	struct tsr_hw_job job;
} p;

static void place(uint32_t asid)
{
	graph_diamond(&graph);
	graph_slot(&graph, GRAPH_DATA, 4096);
	graph_slot(&graph, GRAPH_DATA + 4096, 4096);
	graph_skip(&graph, 2, 1, 8);
	p.job = graph_place(&graph, asid);
	p.bytes = graph_program(asid);
	p.header = (struct tsr_hw_program *)p.bytes;
	p.node = (struct tsr_hw_node *)(p.bytes + p.header->nodes);
	p.edge = (uint16_t *)(p.bytes + p.header->edges);
	p.slot = graph_slots(asid);
}

/* Run the program after @change; the checksum is made right again afterwards. */
static const struct tsr_hw_completion *run(void (*change)(void))
{
	static struct tsr_hw_completion completion;
	struct driver_queue queue = driver_queue(1, TSR_HW_PRIORITY_NORMAL, 1, 0);
	uint32_t nodes;

	place(queue.asid);
	nodes = p.header->node_count;
	if (change) {
		change();
		if (p.header->nodes == sizeof(*p.header) && p.header->node_count <= nodes)
			graph_checksum(p.bytes);
	}
	driver_submit(&queue, &p.job);
	driver_run_all();
	assert_int_equal(driver_completed(&queue), 1);
	completion = *driver_completion(&queue, 1);
	driver_admin_op(TSR_HW_ADMIN_QUEUE_DESTROY, 1);
	return &completion;
}

struct defect {
	void (*change)(void);
	uint32_t error;
	uint32_t node;
};

static void expect(const struct defect *defect, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct tsr_hw_completion *completion = run(defect[i].change);

		if (completion->error != defect[i].error || completion->node != defect[i].node)
			fail_msg("defect %zu: error %u node %u, not error %u node %u", i,
				 completion->error, completion->node, defect[i].error,
				 defect[i].node);
		assert_int_equal(machine_started(), 0);
		assert_int_equal(completion->blocks, 0);
	}
}

#define DEFECT(name, statement)		\
	static void name(void)		\
	{				\
		statement;		\
	}

#define WHOLE(name) { name, TSR_HW_ERR_PROGRAM, TSR_HW_NODE_NONE }
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void the_unchanged_program_runs(void **state)
{
	(void)state;
	assert_int_equal(run(NULL)->error, TSR_HW_ERR_NONE);
}

DEFECT(h_magic, p.header->magic++)
DEFECT(h_version, p.header->version = TSR_HW_PROGRAM_VERSION + 1)
DEFECT(h_header_size, p.header->header_size = 64)
DEFECT(h_size_small, p.header->size -= 8)
DEFECT(h_size_large, p.header->size += 8)
DEFECT(h_job_size, p.job.program_size += 64)
DEFECT(h_job_size_zero, p.job.program_size = 0)
DEFECT(h_engines, p.header->engines |= 1u << 6)
DEFECT(h_no_nodes, p.header->node_count = 0)
DEFECT(h_many_nodes, p.header->node_count = TSR_HW_MAX_NODES + 1)
DEFECT(h_all_nodes, p.header->node_count = 0xffffffff)
DEFECT(h_many_edges, p.header->edge_count = TSR_HW_MAX_EDGES + 1)
DEFECT(h_all_edges, p.header->edge_count = 0x80000001)
DEFECT(h_many_slots, p.header->slot_count = TSR_HW_MAX_SLOTS + 1)
DEFECT(h_nodes_in_header, p.header->nodes = 64)
DEFECT(h_nodes_unaligned, p.header->nodes += 4)
DEFECT(h_nodes_outside, p.header->nodes = p.header->size - 64)
DEFECT(h_nodes_wrap, p.header->nodes = 0xfffffff8)
DEFECT(h_edges_odd, p.header->edges++)
DEFECT(h_edges_outside, p.header->edges = p.header->size)
DEFECT(h_streams_unaligned, p.header->streams += 4)
DEFECT(h_streams_outside, p.header->streams_size += 8)
DEFECT(h_streams_wrap, p.header->streams_size = 0xfffffff8)
DEFECT(h_constants_outside, p.header->constants = p.header->size; p.header->constants_size = 1)
DEFECT(h_mbz, p.header->mbz[39] = 1)

static void refuses_bad_headers(void **state)
{
	static const struct defect defects[] = {
		WHOLE(h_magic), WHOLE(h_version), WHOLE(h_header_size), WHOLE(h_size_small),
		WHOLE(h_size_large), WHOLE(h_job_size), WHOLE(h_job_size_zero), WHOLE(h_engines),
		WHOLE(h_no_nodes), WHOLE(h_many_nodes), WHOLE(h_all_nodes), WHOLE(h_many_edges),
		WHOLE(h_all_edges), WHOLE(h_many_slots), WHOLE(h_nodes_in_header),
		WHOLE(h_nodes_unaligned), WHOLE(h_nodes_outside), WHOLE(h_nodes_wrap),
		WHOLE(h_edges_odd), WHOLE(h_edges_outside), WHOLE(h_streams_unaligned),
		WHOLE(h_streams_outside), WHOLE(h_streams_wrap), WHOLE(h_constants_outside),
		WHOLE(h_mbz),
	};

	(void)state;
	expect(defects, COUNT(defects));
}

DEFECT(u_feature, p.header->features = 1ull << 50)
DEFECT(u_cim_header, p.header->engines |= 1u << TSR_HW_ENGINE_CIM)
DEFECT(u_cim_node,
       p.header->engines |= 1u << TSR_HW_ENGINE_CIM; p.node[1].engine = TSR_HW_ENGINE_CIM)

static void refuses_what_the_device_lacks(void **state)
{
	static const struct defect defects[] = {
		{ u_feature, TSR_HW_ERR_UNSUPPORTED, TSR_HW_NODE_NONE },
		{ u_cim_header, TSR_HW_ERR_UNSUPPORTED, TSR_HW_NODE_NONE },
		{ u_cim_node, TSR_HW_ERR_UNSUPPORTED, TSR_HW_NODE_NONE },
	};

	(void)state;
	expect(defects, COUNT(defects));
}

static void refuses_tensor_work_without_a_tile(void **state)
{
	(void)state;
	driver_start_with(0, 1, TSR_HW_FEATURES);
	assert_int_equal(run(NULL)->error, TSR_HW_ERR_UNSUPPORTED);
}

DEFECT(n_mbz0, p.node[1].mbz0 = 1)
DEFECT(n_mbz1, p.node[1].mbz1 = 1)
DEFECT(n_mbz2, p.node[1].mbz2 = 1)
DEFECT(n_index, p.node[1].index = 1)
DEFECT(n_body, p.node[1].body_count = 1)
DEFECT(n_flag, p.node[1].flags = 2)
DEFECT(n_cim_flag, p.node[1].flags = 1u << 8)
DEFECT(n_engine, p.node[1].engine = TSR_HW_ENGINE_KINDS)
DEFECT(n_engine_255, p.node[1].engine = 255)
DEFECT(n_undeclared, p.header->engines &= ~(1u << TSR_HW_ENGINE_TENSOR))
DEFECT(n_succ_outside, p.node[1].succ_first = p.header->edge_count)
DEFECT(n_succ_wrap, p.node[1].succ_first = 0xffffffff)
DEFECT(n_succ_count, p.node[1].succ_count = 0xffff)
DEFECT(n_stream_empty, p.node[1].stream_size = 0)
DEFECT(n_stream_unaligned, p.node[1].stream += 4)
DEFECT(n_stream_size, p.node[1].stream_size = 12)
DEFECT(n_stream_outside, p.node[1].stream = p.header->streams_size)
DEFECT(n_stream_wrap, p.node[1].stream = 0xfffffff8)
DEFECT(n_stream_long, p.node[1].stream_size = TSR_HW_MAX_STREAM + 8)
DEFECT(n_word_slot_unused, p.node[1].word_slot = 1)
DEFECT(n_word_offset_unused, p.node[1].word_offset = 1ull << 40)
DEFECT(n_pred_more, p.node[1].pred_count++)
DEFECT(n_pred_less, p.node[1].pred_count--)
DEFECT(n_nop_stream, p.node[1].engine = TSR_HW_ENGINE_NOP; p.node[1].stream = 8)

static void refuses_bad_nodes_and_names_them(void **state)
{
	static void (*const changes[])(void) = {
		n_mbz0, n_mbz1, n_mbz2, n_index, n_body, n_flag, n_cim_flag, n_engine,
		n_engine_255, n_undeclared, n_succ_outside, n_succ_wrap, n_succ_count,
		n_stream_empty, n_stream_unaligned, n_stream_size, n_stream_outside,
		n_stream_wrap, n_stream_long, n_word_slot_unused, n_word_offset_unused,
		n_pred_more, n_pred_less, n_nop_stream,
	};

	(void)state;
	for (size_t i = 0; i < COUNT(changes); i++) {
		struct defect defect = { changes[i], TSR_HW_ERR_PROGRAM, 1 };

		expect(&defect, 1);
	}
}

DEFECT(e_self, p.edge[0] = 0)
DEFECT(e_outside, p.edge[0] = 4)
DEFECT(e_far, p.edge[0] = 0xffff)
DEFECT(e_backward, p.edge[p.node[2].succ_first] = 1)
DEFECT(e_moved, p.edge[0] = 3)

static void refuses_bad_edges(void **state)
{
	static const struct defect defects[] = {
		{ e_self, TSR_HW_ERR_PROGRAM, 0 },
		{ e_outside, TSR_HW_ERR_PROGRAM, 0 },
		{ e_far, TSR_HW_ERR_PROGRAM, 0 },
		{ e_backward, TSR_HW_ERR_PROGRAM, 2 },
		{ e_moved, TSR_HW_ERR_PROGRAM, 1 },
	};

	(void)state;
	expect(defects, COUNT(defects));
}

/* One more entry in the table than the nodes use. */
DEFECT(e_unused, p.header->edge_count++)

static void refuses_unused_edges(void **state)
{
	static const struct defect defects[] = { WHOLE(e_unused) };

	(void)state;
	expect(defects, COUNT(defects));
}

DEFECT(s_fewer, p.job.slot_count = 1)
DEFECT(s_flags, p.slot[0].flags = 4)
DEFECT(s_mbz, p.slot[1].mbz = 1)
DEFECT(s_address, p.slot[0].address = 1ull << 63)
DEFECT(s_beyond, p.slot[0].address = (1ull << 48) - 4095)
DEFECT(s_size, p.slot[0].size = ~0ull)
DEFECT(s_stride, p.slot[0].stride = 1ull << 47; p.job.repeat = 3)
DEFECT(s_stride_wrap, p.slot[0].stride = ~0ull; p.job.repeat = 2)
DEFECT(s_stride_most, p.slot[0].stride = 1ull << 48; p.job.repeat = TSR_HW_JOB_MAX_REPEAT)

static void refuses_bad_slots(void **state)
{
	static const struct defect defects[] = {
		{ s_fewer, TSR_HW_ERR_SLOT, TSR_HW_NODE_NONE },
		{ s_flags, TSR_HW_ERR_SLOT, TSR_HW_NODE_NONE },
		{ s_mbz, TSR_HW_ERR_SLOT, TSR_HW_NODE_NONE },
		{ s_address, TSR_HW_ERR_SLOT, TSR_HW_NODE_NONE },
		{ s_beyond, TSR_HW_ERR_SLOT, TSR_HW_NODE_NONE },
		{ s_size, TSR_HW_ERR_SLOT, TSR_HW_NODE_NONE },
		{ s_stride, TSR_HW_ERR_SLOT, TSR_HW_NODE_NONE },
		{ s_stride_wrap, TSR_HW_ERR_SLOT, TSR_HW_NODE_NONE },
		{ s_stride_most, TSR_HW_ERR_SLOT, TSR_HW_NODE_NONE },
	};

	(void)state;
	expect(defects, COUNT(defects));
}

DEFECT(k_slot, p.node[2].word_slot = 2)
DEFECT(k_none, p.node[2].word_slot = TSR_HW_SLOT_NONE)
DEFECT(k_program, p.node[2].word_slot = TSR_HW_SLOT_PROGRAM)
DEFECT(k_end, p.node[2].word_offset = 4096)
DEFECT(k_wrap, p.node[2].word_offset = ~3ull)
DEFECT(k_not_readable, p.slot[1].flags = TSR_HW_SLOT_WRITE)
DEFECT(k_small_slot, p.slot[1].size = 3; p.node[2].word_offset = 0)
DEFECT(k_unaligned, p.node[2].word_offset = 6)

static void refuses_bad_skip_words(void **state)
{
	static const struct defect defects[] = {
		{ k_slot, TSR_HW_ERR_SLOT, 2 },
		{ k_none, TSR_HW_ERR_SLOT, 2 },
		{ k_program, TSR_HW_ERR_SLOT, 2 },
		{ k_end, TSR_HW_ERR_SLOT, 2 },
		{ k_wrap, TSR_HW_ERR_SLOT, 2 },
		{ k_not_readable, TSR_HW_ERR_SLOT, 2 },
		{ k_small_slot, TSR_HW_ERR_SLOT, 2 },
		{ k_unaligned, TSR_HW_ERR_PROGRAM, 2 },
	};

	(void)state;
	expect(defects, COUNT(defects));
}

DEFECT(d_flags, p.job.flags = 16)
DEFECT(d_mbz, p.job.mbz = 1u << 31)
DEFECT(d_parameters, p.job.parameters = GRAPH_DATA; p.job.parameter_count = 257)
DEFECT(d_parameters_unaligned, p.job.parameters = GRAPH_DATA + 4; p.job.parameter_count = 1)
DEFECT(d_parameters_beyond, p.job.parameters = (1ull << 48) - 8; p.job.parameter_count = 2)
DEFECT(d_parameters_without_count, p.job.parameters = GRAPH_DATA)
DEFECT(d_no_repeat, p.job.repeat = 0)
DEFECT(d_repeat, p.job.repeat = TSR_HW_JOB_MAX_REPEAT + 1)
DEFECT(d_slots, p.job.slot_count = TSR_HW_MAX_SLOTS + 1)
DEFECT(d_slots_unaligned, p.job.slots += 4)
DEFECT(d_slots_beyond, p.job.slots = 1ull << 48)
DEFECT(d_unaligned, p.job.program += 32)
DEFECT(d_beyond, p.job.program = (1ull << 48) - 64)
DEFECT(d_profile_without_flag, p.job.profile = GRAPH_PROFILE)
DEFECT(d_count_without_flag, p.job.profile_count = 1)
DEFECT(d_profile_unaligned,
       p.job.flags = TSR_HW_JOB_PROFILE; p.job.profile = GRAPH_PROFILE + 4; p.job.profile_count = 1)
DEFECT(d_profile_beyond,
       p.job.flags = TSR_HW_JOB_PROFILE; p.job.profile = ~7ull; p.job.profile_count = 0xffffffff)

static void refuses_bad_descriptors(void **state)
{
	static void (*const changes[])(void) = {
		d_flags, d_mbz, d_no_repeat, d_repeat, d_slots, d_slots_unaligned,
		d_slots_beyond, d_unaligned, d_beyond, d_parameters, d_parameters_unaligned,
		d_parameters_beyond, d_parameters_without_count, d_profile_without_flag,
		d_count_without_flag, d_profile_unaligned, d_profile_beyond,
	};

	(void)state;
	for (size_t i = 0; i < COUNT(changes); i++) {
		struct defect defect = { changes[i], TSR_HW_ERR_DESCRIPTOR, TSR_HW_NODE_NONE };

		expect(&defect, 1);
	}
}

/* Every bit that the checksum covers, without making the checksum right again. */
static void every_flipped_bit_is_noticed(void **state)
{
	struct driver_queue queue;
	uint32_t bytes, tables = 128 + 4 * 64 + 4 * 2;

	(void)state;
	for (uint32_t bit = 0; bit < tables * 8; bit++) {
		queue = driver_queue(1, TSR_HW_PRIORITY_NORMAL, 1, 0);
		place(queue.asid);
		bytes = bit / 8;
		p.bytes[bytes] ^= (uint8_t)(1u << bit % 8);
		driver_submit(&queue, &p.job);
		driver_run_all();
		assert_int_equal(driver_completed(&queue), 1);
		assert_int_not_equal(driver_completion(&queue, 1)->error, TSR_HW_ERR_NONE);
		driver_admin_op(TSR_HW_ADMIN_QUEUE_DESTROY, 1);
	}
	assert_int_equal(machine_started(), 0);
}

DEFECT(g_reversed, {
	uint16_t first = p.edge[0];

	p.edge[0] = p.edge[1];
	p.edge[1] = first;
})

static void successors_may_come_in_any_order(void **state)
{
	(void)state;
	assert_int_equal(run(g_reversed)->error, TSR_HW_ERR_NONE);
}

static void features_not_agreed_are_unsupported(void **state)
{
	struct driver_queue queue;

	(void)state;
	driver_start_with(1, 1, 0);
	queue = driver_queue(1, TSR_HW_PRIORITY_NORMAL, 1, 0);
	place(queue.asid);
	p.job.repeat = 2;
	driver_submit(&queue, &p.job);
	driver_expect(&queue, 1, TSR_HW_ERR_UNSUPPORTED);
	driver_admin_op(TSR_HW_ADMIN_QUEUE_DESTROY, 1);
	queue = driver_queue(1, TSR_HW_PRIORITY_NORMAL, 1, 0);
	place(queue.asid);
	p.job.flags = TSR_HW_JOB_PROFILE;
	p.job.profile = GRAPH_PROFILE;
	p.job.profile_count = 4;
	driver_submit(&queue, &p.job);
	driver_expect(&queue, 1, TSR_HW_ERR_UNSUPPORTED);
}

/* A host that changes the program while it is read wins nothing: there is one copy. */
static void rewrite(uint32_t control, uint32_t asid, uint64_t address)
{
	(void)control;
	if (asid && address == GRAPH_SLOTS)
		return;
	if (asid && address != GRAPH_PROGRAM)
		memset(p.header, 0xff, sizeof(*p.header));
}

static void only_the_copy_counts(void **state)
{
	struct driver_queue queue = driver_queue(1, TSR_HW_PRIORITY_NORMAL, 1, 0);

	(void)state;
	place(queue.asid);
	graph_data(queue.asid)[1024 + 2] = 0;
	machine_on_copy(rewrite);
	driver_submit(&queue, &p.job);
	driver_run_all();
	driver_expect(&queue, 1, TSR_HW_ERR_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		booted_test(the_unchanged_program_runs),
		booted_test(refuses_bad_headers),
		booted_test(refuses_what_the_device_lacks),
		booted_test(refuses_tensor_work_without_a_tile),
		booted_test(refuses_bad_nodes_and_names_them),
		booted_test(refuses_bad_edges),
		booted_test(refuses_unused_edges),
		booted_test(refuses_bad_slots),
		booted_test(refuses_bad_skip_words),
		booted_test(refuses_bad_descriptors),
		booted_test(every_flipped_bit_is_noticed),
		booted_test(successors_may_come_in_any_order),
		booted_test(features_not_agreed_are_unsupported),
		booted_test(only_the_copy_counts),
	};

	return cmocka_run_group_tests_name("firmware program checks", tests, NULL, NULL);
}
