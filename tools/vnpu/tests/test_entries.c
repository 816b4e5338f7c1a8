// SPDX-License-Identifier: MIT
/* Nodes that are entered into engines, by programs of the core that report what they saw. */
#include <stddef.h>

#include <tsr_hw/core.h>
#include <tsr_hw/error.h>
#include <tsr_hw/program.h>
#include <tsr_hw/trace.h>

#include "cmocka_prelude.h"
#include "core_program.h"
#include "harness.h"

#define ENGINE(number, name) (TSR_HW_ENGINE_BASE(number) + TSR_HW_ENGINE_##name)
#define SYS(name) (TSR_HW_SYS_BASE + TSR_HW_SYS_##name)

/* Where programs have a job and its nodes; what they do not write is zero. */
#define JOB (TSR_HW_SRAM_BASE + 0x40000u)
#define NODE (TSR_HW_SRAM_BASE + 0x41000u)
#define JOB_FIELD(name) (JOB + (uint32_t)offsetof(struct tsr_hw_engine_job, name))
#define NODE_FIELD(name) (NODE + (uint32_t)offsetof(struct tsr_hw_node, name))

/* And a trace. */
#define TRACE (TSR_HW_SRAM_BASE + 0x42000u)
#define RECORD_FIELD(index, name) \
	(TRACE + (index) * (uint32_t)sizeof(struct tsr_hw_trace) + \
	 (uint32_t)offsetof(struct tsr_hw_trace, name))

#define NOP_CYCLES 16u

static int setup(void **state)
{
	*state = harness_open(&(struct harness_options){ 0 });
	return *state ? 0 : -1;
}

static int teardown(void **state)
{
	harness_close(*state);
	return 0;
}

/* A job without a limit; its nodes do nothing. */
static void describe(struct core_program *program, struct harness *h)
{
	uint64_t progress = harness_alloc(h, 8);

	core_store(program, JOB_FIELD(asid), 1);
	core_store(program, JOB_FIELD(progress), (uint32_t)progress);
	core_store(program, JOB_FIELD(progress) + 4, progress >> 32);
	core_store(program, JOB_FIELD(budget), UINT32_MAX);
	core_store(program, JOB_FIELD(budget) + 4, UINT32_MAX);
}

static void enter(struct core_program *program, unsigned int engine, uint32_t number)
{
	core_store(program, ENGINE(engine, JOB), JOB);
	core_store(program, ENGINE(engine, NUMBER), number);
	core_store(program, ENGINE(engine, ENTER), NODE);
}

/* Until the end of some node can be read. */
static void wait_for_end(struct core_program *program)
{
	core_poll(program, SYS(EVENTS), TSR_HW_EVENT_SOURCE_ENGINE);
}

static void command(struct core_program *program, unsigned int engine, uint32_t command)
{
	core_store(program, ENGINE(engine, CONTROL), command);
}

/* Longer than some nodes that do nothing. */
static void pass(struct core_program *program)
{
	for (unsigned int i = 0; i < 8 * NOP_CYCLES; i++)
		core_emit(program, 0x13);
}

static uint32_t end_of(unsigned int engine, uint32_t number)
{
	return TSR_HW_ENDED_VALID | engine << 16 | number;
}

static void an_entered_node_ends_without_done(void **state)
{
	struct core_program program = { .words = 0 };
	const uint32_t *report;

	describe(&program, *state);
	core_report(&program, SYS(ENDED));
	enter(&program, 1, 0x1234);
	core_report(&program, ENGINE(1, STATUS));
	core_report(&program, ENGINE(1, ENTERED));
	wait_for_end(&program);
	core_report(&program, ENGINE(1, STATUS));
	core_report(&program, SYS(ENGINE_DONE));
	core_report(&program, SYS(ENDED));
	core_report(&program, SYS(ENDED));
	core_report(&program, SYS(EVENTS));
	core_report(&program, ENGINE(1, ENTERED));
	report = core_execute(&program, *state);
	assert_int_equal(report[0], 0);
	assert_int_equal(report[1], TSR_HW_ENGINE_BUSY);
	assert_int_equal(report[2], 1);
	assert_int_equal(report[3], 0);
	assert_int_equal(report[4], 0);
	assert_int_equal(report[5], end_of(1, 0x1234));
	for (unsigned int i = 6; i < 9; i++)
		assert_int_equal(report[i], 0);
	assert_int_equal(harness_counter(*state, "nodes_nop"), 1);
}

static void its_job_has_what_it_did(void **state)
{
	struct core_program program = { .words = 0 };
	unsigned int dma = 1;
	const uint32_t *report;

	describe(&program, *state);
	core_store(&program, JOB_FIELD(alone), 5);
	enter(&program, 0, 1);
	enter(&program, dma, 2);
	pass(&program);
	core_report(&program, JOB_FIELD(alone));
	core_report(&program, JOB_FIELD(cycles[0]));
	core_report(&program, JOB_FIELD(cycles[1]));
	core_report(&program, JOB_FIELD(blocks));
	core_report(&program, JOB_FIELD(charged));
	report = core_execute(&program, *state);
	assert_int_equal(report[0], 5 + 2 * TSR_HW_NODE_LEAST_CYCLES);
	assert_int_equal(report[1], NOP_CYCLES);
	assert_int_equal(report[2], NOP_CYCLES);
	assert_int_equal(report[3], 2);
	assert_int_equal(report[4], 0);
}

static void nodes_of_an_engine_run_in_the_order_they_were_entered(void **state)
{
	struct core_program program = { .words = 0 };
	const uint32_t *report;

	describe(&program, *state);
	for (uint32_t i = 0; i < 3; i++)
		enter(&program, 0, 10 + i);
	pass(&program);
	enter(&program, 1, 20);
	pass(&program);
	for (unsigned int i = 0; i < 5; i++)
		core_report(&program, SYS(ENDED));
	report = core_execute(&program, *state);
	for (uint32_t i = 0; i < 3; i++)
		assert_int_equal(report[i], end_of(0, 10 + i));
	assert_int_equal(report[3], end_of(1, 20));
	assert_int_equal(report[4], 0);
}

/* A place is free when the end is read; the next entry has the first place of the ring. */
static void what_has_no_place_is_not_entered(void **state)
{
	struct core_program program = { .words = 0 };
	const uint32_t *report;

	describe(&program, *state);
	for (uint32_t i = 0; i <= TSR_HW_ENGINE_PLACES; i++)
		enter(&program, 0, i);
	core_report(&program, ENGINE(0, ENTERED));
	pass(&program);
	core_report(&program, SYS(ENDED));
	enter(&program, 0, 30);
	pass(&program);
	for (uint32_t i = 1; i <= TSR_HW_ENGINE_PLACES + 1; i++)
		core_report(&program, SYS(ENDED));
	report = core_execute(&program, *state);
	assert_int_equal(report[0], TSR_HW_ENGINE_PLACES);
	for (uint32_t i = 0; i < TSR_HW_ENGINE_PLACES; i++)
		assert_int_equal(report[1 + i], end_of(0, i));
	assert_int_equal(report[1 + TSR_HW_ENGINE_PLACES], end_of(0, 30));
	assert_int_equal(report[2 + TSR_HW_ENGINE_PLACES], 0);
}

static void what_has_not_begun_is_recalled(void **state)
{
	struct core_program program = { .words = 0 };
	const uint32_t *report;

	describe(&program, *state);
	for (uint32_t i = 0; i < 3; i++)
		enter(&program, 0, i);
	command(&program, 0, TSR_HW_ENGINE_RECALL);
	core_report(&program, ENGINE(0, ENTERED));
	pass(&program);
	core_report(&program, SYS(ENDED));
	core_report(&program, SYS(ENDED));
	report = core_execute(&program, *state);
	/* Entering takes longer than the first one, so it or the second one runs. */
	assert_in_range(report[0], 1, 3);
	assert_int_equal(report[1], end_of(0, 0));
	assert_int_equal(harness_counter(*state, "nodes_nop"), report[0]);
}

/* What the core and engines have taken counts together. */
static void a_node_without_a_budget_is_an_error(void **state)
{
	struct core_program program = { .words = 0 };
	const uint32_t *report;

	describe(&program, *state);
	core_store(&program, JOB_FIELD(budget), 100 + TSR_HW_NODE_LEAST_CYCLES);
	core_store(&program, JOB_FIELD(budget) + 4, 0);
	core_store(&program, JOB_FIELD(charged), 100);
	for (uint32_t i = 0; i < 3; i++)
		enter(&program, 0, i);
	core_poll(&program, ENGINE(0, STATUS), TSR_HW_ENGINE_DONE);
	core_report(&program, ENGINE(0, STATUS));
	core_report(&program, ENGINE(0, ENTERED));
	core_report(&program, SYS(ENGINE_DONE));
	core_report(&program, SYS(ENDED));
	core_report(&program, SYS(ENDED));
	core_report(&program, JOB_FIELD(alone));
	report = core_execute(&program, *state);
	assert_int_equal(report[0], TSR_HW_ENGINE_DONE | TSR_HW_ERR_BUDGET << 8);
	assert_int_equal(report[1], 2);
	assert_int_equal(report[2], 1);
	assert_int_equal(report[3], end_of(0, 0));
	assert_int_equal(report[4], 0);
	assert_int_equal(report[5], TSR_HW_NODE_LEAST_CYCLES);
}

/* The core reads what was wrong, and lets the engine go on. */
static void nodes_behind_an_error_wait_for_the_core(void **state)
{
	struct core_program program = { .words = 0 };
	const uint32_t *report;

	describe(&program, *state);
	core_store(&program, JOB_FIELD(asid), 0);
	core_store(&program, NODE_FIELD(stream), 0x40);
	core_store(&program, NODE_FIELD(stream_size), 8);
	enter(&program, 0, 1);
	core_store(&program, NODE_FIELD(stream_size), 0);
	enter(&program, 0, 2);
	core_poll(&program, ENGINE(0, STATUS), TSR_HW_ENGINE_DONE);
	pass(&program);
	core_report(&program, ENGINE(0, STATUS));
	core_report(&program, ENGINE(0, FAULT_LO));
	core_report(&program, SYS(ENDED));
	command(&program, 0, TSR_HW_ENGINE_ACK);
	wait_for_end(&program);
	core_report(&program, SYS(ENDED));
	report = core_execute(&program, *state);
	assert_int_equal(report[0], TSR_HW_ENGINE_DONE | TSR_HW_ERR_FAULT_FETCH << 8);
	assert_int_equal(report[1], 0x40);
	assert_int_equal(report[2], 0);
	assert_int_equal(report[3], end_of(0, 2));
}

static void an_abort_leaves_nothing_entered(void **state)
{
	struct core_program program = { .words = 0 };
	const uint32_t *report;

	describe(&program, *state);
	for (uint32_t i = 0; i < TSR_HW_ENGINE_PLACES; i++)
		enter(&program, 0, i);
	command(&program, 0, TSR_HW_ENGINE_ABORT);
	core_report(&program, ENGINE(0, STATUS));
	core_report(&program, ENGINE(0, ENTERED));
	pass(&program);
	core_report(&program, SYS(ENDED));
	core_report(&program, SYS(EVENTS));
	report = core_execute(&program, *state);
	for (unsigned int i = 0; i < program.reported; i++)
		assert_int_equal(report[i], 0);
}

/* A node fails with one behind it; the engine is as good as new. */
static void an_abort_after_an_error_takes_what_is_behind(void **state)
{
	struct core_program program = { .words = 0 };
	const uint32_t *report;

	describe(&program, *state);
	core_store(&program, JOB_FIELD(asid), 0);
	core_store(&program, NODE_FIELD(stream_size), 8);
	enter(&program, 0, 1);
	core_store(&program, NODE_FIELD(stream_size), 0);
	enter(&program, 0, 2);
	core_poll(&program, ENGINE(0, STATUS), TSR_HW_ENGINE_DONE);
	core_report(&program, ENGINE(0, NODE));
	command(&program, 0, TSR_HW_ENGINE_ABORT);
	core_report(&program, ENGINE(0, ENTERED));
	enter(&program, 0, 3);
	wait_for_end(&program);
	core_report(&program, SYS(ENDED));
	core_report(&program, SYS(ENDED));
	report = core_execute(&program, *state);
	assert_int_equal(report[0], 1);
	assert_int_equal(report[1], 0);
	assert_int_equal(report[2], end_of(0, 3));
	assert_int_equal(report[3], 0);
}

static void a_running_node_tells_when_it_began(void **state)
{
	struct core_program program = { .words = 0 };
	const uint32_t *report;

	describe(&program, *state);
	core_report(&program, ENGINE(0, START_LO));
	core_report(&program, SYS(CYCLES_LO));
	enter(&program, 0, 0);
	core_report(&program, ENGINE(0, START_LO));
	core_report(&program, SYS(CYCLES_LO));
	core_report(&program, ENGINE(0, END_LO));
	report = core_execute(&program, *state);
	assert_int_equal(report[0], 0);
	assert_in_range(report[2], report[1] + 1, report[3] - 1);
	assert_int_equal(report[4], 0);
}

/* A node that is not in SRAM is not entered; a job that is not there has no address space. */
static void addresses_are_of_sram(void **state)
{
	struct core_program program = { .words = 0 };
	const uint32_t *report;

	describe(&program, *state);
	core_store(&program, ENGINE(0, JOB), JOB);
	core_store(&program, ENGINE(0, ENTER), TSR_HW_SRAM_BASE + TSR_HW_SRAM_SIZE - 60);
	core_report(&program, ENGINE(0, ENTERED));
	core_store(&program, NODE_FIELD(stream_size), 8);
	core_store(&program, ENGINE(0, JOB), JOB + 4);
	core_store(&program, ENGINE(0, ENTER), NODE);
	core_poll(&program, ENGINE(0, STATUS), TSR_HW_ENGINE_DONE);
	core_report(&program, ENGINE(0, STATUS));
	report = core_execute(&program, *state);
	assert_int_equal(report[0], 0);
	assert_int_equal(report[1], TSR_HW_ENGINE_DONE | TSR_HW_ERR_BUDGET << 8);
}

static void ends_come_in_the_order_in_which_they_were(void **state)
{
	struct core_program program = { .words = 0 };
	const uint32_t *report;

	describe(&program, *state);
	enter(&program, 1, 0xffff5);
	pass(&program);
	enter(&program, 0, 6);
	pass(&program);
	core_report(&program, SYS(ENDED));
	core_report(&program, SYS(ENDED));
	report = core_execute(&program, *state);
	/* Of a number there is room for 16 bits. */
	assert_int_equal(report[0], end_of(1, 0xfff5));
	assert_int_equal(report[1], end_of(0, 6));
}

static void a_node_started_behind_an_abort_is_done(void **state)
{
	struct core_program program = { .words = 0 };
	const uint32_t *report;

	describe(&program, *state);
	enter(&program, 0, 1);
	command(&program, 0, TSR_HW_ENGINE_ABORT);
	command(&program, 0, TSR_HW_ENGINE_START);
	core_poll(&program, ENGINE(0, STATUS), TSR_HW_ENGINE_DONE);
	core_report(&program, SYS(ENDED));
	core_report(&program, ENGINE(0, ENTERED));
	report = core_execute(&program, *state);
	assert_int_equal(report[0], 0);
	assert_int_equal(report[1], 0);
}

/* Of the node that fails the core says why. */
static void engines_trace_what_is_entered(void **state)
{
	struct core_program program = { .words = 0 };
	const uint32_t *report;

	describe(&program, *state);
	core_store(&program, JOB_FIELD(queue), 9);
	core_store(&program, SYS(TRACE), TRACE);
	core_report(&program, SYS(TRACE_TAKE));
	enter(&program, 1, 7);
	pass(&program);
	core_store(&program, JOB_FIELD(asid), 0);
	core_store(&program, NODE_FIELD(stream_size), 8);
	enter(&program, 0, 8);
	core_poll(&program, ENGINE(0, STATUS), TSR_HW_ENGINE_DONE);
	core_report(&program, SYS(TRACE_TAKEN));
	core_report(&program, SYS(TRACE_TAKE));
	core_report(&program, SYS(TRACE));
	for (uint32_t i = 1; i < 4; i++) {
		core_report(&program, RECORD_FIELD(i, queue));
		core_report(&program, RECORD_FIELD(i, arg0));
		core_report(&program, RECORD_FIELD(i, arg1));
		core_report(&program, RECORD_FIELD(i, cycle));
	}
	report = core_execute(&program, *state);
	assert_int_equal(report[0], 0);
	assert_int_equal(report[1], 4);
	assert_int_equal(report[2], 4);
	assert_int_equal(report[3], TRACE);
	assert_int_equal(report[4], TSR_HW_TRACE_NODE_START << 16 | 9);
	assert_int_equal(report[5], 7);
	assert_int_equal(report[6], 1);
	assert_int_equal(report[8], TSR_HW_TRACE_NODE_END << 16 | 9);
	assert_int_equal(report[9], 7);
	assert_int_equal(report[10], TSR_HW_ERR_NONE);
	assert_int_equal(report[11], report[7] + NOP_CYCLES);
	assert_int_equal(report[12], TSR_HW_TRACE_NODE_START << 16 | 9);
	assert_int_equal(report[13], 8);
	assert_int_equal(report[14], 0);
}

/* The last word of the trace lies behind SRAM: nothing is written, and no record is taken. */
static void a_trace_lies_in_sram(void **state)
{
	struct core_program program = { .words = 0 };
	uint32_t size = TSR_HW_TRACE_RECORDS * sizeof(struct tsr_hw_trace);
	const uint32_t *report;

	describe(&program, *state);
	core_store(&program, SYS(TRACE), TSR_HW_SRAM_BASE + TSR_HW_SRAM_SIZE - size + 4);
	enter(&program, 0, 1);
	pass(&program);
	core_report(&program, SYS(TRACE_TAKEN));
	core_store(&program, SYS(TRACE), TSR_HW_SRAM_BASE + TSR_HW_SRAM_SIZE - size);
	enter(&program, 0, 2);
	pass(&program);
	core_report(&program, SYS(TRACE_TAKEN));
	core_store(&program, SYS(TRACE), TRACE + 2);
	enter(&program, 0, 3);
	pass(&program);
	core_report(&program, SYS(TRACE_TAKEN));
	report = core_execute(&program, *state);
	assert_int_equal(report[0], 0);
	assert_int_equal(report[1], 2);
	assert_int_equal(report[2], 0);
}

#define ENTRY_TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ENTRY_TEST(an_entered_node_ends_without_done),
		ENTRY_TEST(its_job_has_what_it_did),
		ENTRY_TEST(nodes_of_an_engine_run_in_the_order_they_were_entered),
		ENTRY_TEST(what_has_no_place_is_not_entered),
		ENTRY_TEST(what_has_not_begun_is_recalled),
		ENTRY_TEST(a_node_without_a_budget_is_an_error),
		ENTRY_TEST(nodes_behind_an_error_wait_for_the_core),
		ENTRY_TEST(an_abort_leaves_nothing_entered),
		ENTRY_TEST(an_abort_after_an_error_takes_what_is_behind),
		ENTRY_TEST(a_running_node_tells_when_it_began),
		ENTRY_TEST(addresses_are_of_sram),
		ENTRY_TEST(ends_come_in_the_order_in_which_they_were),
		ENTRY_TEST(a_node_started_behind_an_abort_is_done),
		ENTRY_TEST(engines_trace_what_is_entered),
		ENTRY_TEST(a_trace_lies_in_sram),
	};

	return cmocka_run_group_tests_name("entries", tests, NULL, NULL);
}
