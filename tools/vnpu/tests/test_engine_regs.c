// SPDX-License-Identifier: MIT
/* Engines as the core sees them, driven by programs of the core that report what they saw. */
#include <stdatomic.h>
#include <unistd.h>

#include <tsr_hw/core.h>
#include <tsr_hw/error.h>
#include <tsr_hw/fuse.h>
#include <tsr_hw/program.h>
#include <tsr_hw/registers.h>

#include "cmocka_prelude.h"
#include "core_program.h"
#include "engine/resident.h"
#include "harness.h"
#include "own_folder.h"
#include "soc/device.h"
#include "surface/surface.h"
#include "tile/sku.h"
#include "trace/replay.h"

#define RECORD "kept.record"

/* The linker puts them in front of the device's. */
struct resident *__real_resident_create(uint32_t size);
struct resident *__wrap_resident_create(uint32_t size);
void __real_resident_put(struct resident *resident);
void __wrap_resident_put(struct resident *resident);

/* Resident parts that were made and not released; these programs have no node that uses one. */
static atomic_int bound;

struct resident *__wrap_resident_create(uint32_t size)
{
	atomic_fetch_add(&bound, 1);
	return __real_resident_create(size);
}

void __wrap_resident_put(struct resident *resident)
{
	atomic_fetch_sub(&bound, resident != NULL);
	__real_resident_put(resident);
}

#define ENGINE(number, name) (TSR_HW_ENGINE_BASE(number) + TSR_HW_ENGINE_##name)
#define SYS(name) (TSR_HW_SYS_BASE + TSR_HW_SYS_##name)

/* Of a no-op node, and of one that is refused. */
#define NOP_CYCLES 16u
#define REFUSE_CYCLES 64u

static const struct tsr_hw_fuses *fuses_of(struct harness *h)
{
	return device_fuses(harness_device(h));
}

/* The number of the first engine that copies. */
static unsigned int dma_of(struct harness *h)
{
	return fuses_of(h)->tensor_tiles;
}

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

static void each_engine_tells_its_kind(void **state)
{
	struct harness *h = *state;
	const struct tsr_hw_fuses *fuses = fuses_of(h);
	unsigned int count = fuses->tensor_tiles + fuses->dma_engines;
	struct core_program program = { .words = 0 };
	const uint32_t *report;

	for (unsigned int i = 0; i < count; i++) {
		core_report(&program, ENGINE(i, KIND));
		core_report(&program, ENGINE(i, SCRATCHPAD));
		core_report(&program, ENGINE(i, STATUS));
	}
	report = core_execute(&program, h);
	for (unsigned int i = 0; i < count; i++) {
		bool tile = i < fuses->tensor_tiles;

		assert_int_equal(report[3 * i], tile ? TSR_HW_ENGINE_TENSOR : TSR_HW_ENGINE_DMA);
		assert_int_equal(report[3 * i + 1], tile ? sku_ring(fuses) : 0);
		assert_int_equal(report[3 * i + 2], 0);
	}
}

/* Registers that hold arguments. */
static const uint32_t arguments[] = {
	TSR_HW_ENGINE_ASID, TSR_HW_ENGINE_STREAM_LO, TSR_HW_ENGINE_STREAM_HI,
	TSR_HW_ENGINE_STREAM_SIZE, TSR_HW_ENGINE_SLOTS, TSR_HW_ENGINE_SLOT_COUNT,
	TSR_HW_ENGINE_PROGRAM_LO, TSR_HW_ENGINE_PROGRAM_HI, TSR_HW_ENGINE_PROGRAM_SIZE,
	TSR_HW_ENGINE_PROGRESS_LO, TSR_HW_ENGINE_PROGRESS_HI, TSR_HW_ENGINE_BUDGET_LO,
	TSR_HW_ENGINE_BUDGET_HI, TSR_HW_ENGINE_QUEUE, TSR_HW_ENGINE_NODE,
	TSR_HW_ENGINE_PARAMETERS, TSR_HW_ENGINE_PARAMETER_COUNT, TSR_HW_ENGINE_FLAGS,
	TSR_HW_ENGINE_RESIDENT, TSR_HW_ENGINE_RING, TSR_HW_ENGINE_JOB, TSR_HW_ENGINE_NUMBER,
};

#define ARGUMENTS (sizeof(arguments) / sizeof(arguments[0]))

static bool is_argument(uint32_t offset)
{
	for (unsigned int i = 0; i < ARGUMENTS; i++)
		if (arguments[i] == offset)
			return true;
	return false;
}

/* Each its own, of each engine its own, and nothing else keeps what is written. */
static void arguments_keep_what_is_written(void **state)
{
	struct core_program program = { .words = 0 };
	const uint32_t *report;
	unsigned int at = 0;

	for (unsigned int engine = 0; engine < 2; engine++)
		for (uint32_t offset = TSR_HW_ENGINE_ASID; offset < 0x100; offset += 4)
			core_store(&program, TSR_HW_ENGINE_BASE(engine) + offset,
				   (engine + 1) * 0x10001 * (offset + 3));
	for (unsigned int engine = 0; engine < 2; engine++)
		for (uint32_t offset = TSR_HW_ENGINE_ASID; offset < 0x100; offset += 4)
			core_report(&program, TSR_HW_ENGINE_BASE(engine) + offset);
	report = core_execute(&program, *state);
	for (unsigned int engine = 0; engine < 2; engine++) {
		for (uint32_t offset = TSR_HW_ENGINE_ASID; offset < 0x100; offset += 4) {
			uint32_t expected = 0;

			if (is_argument(offset))
				expected = (engine + 1) * 0x10001 * (offset + 3);
			if (offset == TSR_HW_ENGINE_SCRATCHPAD && engine < dma_of(*state))
				expected = (uint32_t)sku_ring(fuses_of(*state));
			assert_int_equal(report[at++], expected);
		}
	}
}

static void a_reset_clears_them(void **state)
{
	struct harness *h = *state;
	struct core_program program = { .words = 0 };
	const uint32_t *report;

	for (unsigned int i = 0; i < ARGUMENTS; i++)
		core_store(&program, TSR_HW_ENGINE_BASE(0) + arguments[i], 0x7777);
	core_execute(&program, h);
	assert_true(harness_reset(h));
	program = (struct core_program){ .words = 0 };
	for (unsigned int i = 0; i < ARGUMENTS; i++)
		core_report(&program, TSR_HW_ENGINE_BASE(0) + arguments[i]);
	report = core_execute(&program, h);
	for (unsigned int i = 0; i < ARGUMENTS; i++)
		assert_int_equal(report[i], 0);
}

/* 64-bit results, in the order of the report. */
enum { START, END, MACS, READ, WRITTEN, BLOCKS, ENERGY, FAULT, ALONE, RESULTS };

static void report_results(struct core_program *program, unsigned int engine)
{
	static const uint32_t registers[RESULTS] = {
		TSR_HW_ENGINE_START_LO, TSR_HW_ENGINE_END_LO, TSR_HW_ENGINE_MACS_LO,
		TSR_HW_ENGINE_READ_LO, TSR_HW_ENGINE_WRITTEN_LO, TSR_HW_ENGINE_BLOCKS_LO,
		TSR_HW_ENGINE_ENERGY_LO, TSR_HW_ENGINE_FAULT_LO, TSR_HW_ENGINE_ALONE_LO,
	};

	core_report(program, ENGINE(engine, STATUS));
	for (unsigned int i = 0; i < RESULTS; i++) {
		core_report(program, TSR_HW_ENGINE_BASE(engine) + registers[i]);
		core_report(program, TSR_HW_ENGINE_BASE(engine) + registers[i] + 4);
	}
}

#define REPORTED (1 + 2 * RESULTS)

/* The results at @report, of a node of these cycles; those not given are zero. */
static void expect_results(const uint32_t *report, uint32_t error, uint32_t cycles,
			   uint64_t blocks, uint64_t fault, uint64_t alone)
{
	uint64_t results[RESULTS];

	for (unsigned int i = 0; i < RESULTS; i++)
		results[i] = report[1 + 2 * i] | (uint64_t)report[2 + 2 * i] << 32;
	assert_int_equal(report[0], TSR_HW_ENGINE_DONE | error << 8);
	assert_true(results[START] > 0);
	assert_int_equal(results[END] - results[START], cycles);
	assert_int_equal(results[MACS], 0);
	assert_int_equal(results[READ], 0);
	assert_int_equal(results[WRITTEN], 0);
	assert_int_equal(results[BLOCKS], blocks);
	assert_int_equal(results[ENERGY], 0);
	assert_int_equal(results[FAULT], fault);
	assert_int_equal(results[ALONE], alone);
}

static void start(struct core_program *program, unsigned int engine)
{
	core_store(program, ENGINE(engine, CONTROL), TSR_HW_ENGINE_START);
}

static void wait_for(struct core_program *program, unsigned int engine)
{
	core_poll(program, ENGINE(engine, STATUS), TSR_HW_ENGINE_DONE);
}

static void a_no_op_is_busy_and_then_done(void **state)
{
	struct harness *h = *state;
	uint64_t progress = harness_alloc(h, 16);
	struct core_program program = { .words = 0 };
	const uint32_t *report;

	core_store(&program, ENGINE(1, PROGRESS_LO), (uint32_t)progress + 8);
	core_store(&program, ENGINE(1, PROGRESS_HI), progress >> 32);
	core_report(&program, SYS(ENGINE_DONE));
	start(&program, 1);
	core_report(&program, ENGINE(1, STATUS));
	wait_for(&program, 1);
	core_report(&program, SYS(ENGINE_DONE));
	core_report(&program, SYS(EVENTS));
	report_results(&program, 1);
	core_store(&program, ENGINE(1, CONTROL), TSR_HW_ENGINE_ACK);
	core_report(&program, SYS(ENGINE_DONE));
	core_report(&program, SYS(EVENTS));
	core_report(&program, ENGINE(1, STATUS));
	core_report(&program, ENGINE(1, END_LO));
	report = core_execute(&program, h);
	assert_int_equal(report[0], 0);
	assert_int_equal(report[1], TSR_HW_ENGINE_BUSY);
	assert_int_equal(report[2], 1u << 1);
	assert_int_equal(report[3], TSR_HW_EVENT_SOURCE_ENGINE);
	expect_results(report + 4, TSR_HW_ERR_NONE, NOP_CYCLES, 1, 0, NOP_CYCLES);
	for (unsigned int i = 0; i < 4; i++)
		assert_int_equal(report[4 + REPORTED + i], 0);
	assert_int_equal(((uint64_t *)harness_at(h, progress))[0], 0);
	assert_int_equal(((uint64_t *)harness_at(h, progress))[1], 1);
	assert_int_equal(harness_counter(h, "nodes_nop"), 1);
	assert_int_equal(harness_counter(h, "blocks"), 1);
}

/* As long as it is not, and as long as DONE is set. */
static void an_engine_takes_what_is_written_while_it_is_idle(void **state)
{
	struct harness *h = *state;
	struct core_program program = { .words = 0 };
	const uint32_t *report;

	core_store(&program, ENGINE(0, NODE), 1);
	start(&program, 0);
	core_store(&program, ENGINE(0, NODE), 2);
	wait_for(&program, 0);
	core_report(&program, ENGINE(0, NODE));
	core_report(&program, ENGINE(0, END_LO));
	start(&program, 0);
	core_store(&program, ENGINE(0, CONTROL), TSR_HW_ENGINE_BIND);
	core_report(&program, ENGINE(0, STATUS));
	core_report(&program, ENGINE(0, END_LO));
	core_store(&program, ENGINE(0, NODE), 3);
	core_report(&program, ENGINE(0, NODE));
	report = core_execute(&program, h);
	assert_int_equal(report[0], 1);
	assert_int_equal(report[2], TSR_HW_ENGINE_DONE);
	assert_int_equal(report[3], report[1]);
	assert_int_equal(report[4], 3);
	assert_int_equal(harness_counter(h, "nodes_nop"), 1);
}

/* Where results are read, what is none of them is 0. */
static void a_register_without_a_value_reads_as_0(void **state)
{
	struct core_program program = { .words = 0 };
	const uint32_t *report;

	start(&program, 0);
	wait_for(&program, 0);
	core_report(&program, ENGINE(0, CONTROL));
	core_report(&program, ENGINE(1, KIND) - 4);
	report = core_execute(&program, *state);
	assert_int_equal(report[0], 0);
	assert_int_equal(report[1], 0);
}

static void an_aborted_node_leaves_nothing(void **state)
{
	struct harness *h = *state;
	struct core_program program = { .words = 0 };
	const uint32_t *report;

	start(&program, 0);
	core_store(&program, ENGINE(0, CONTROL), TSR_HW_ENGINE_ABORT);
	core_report(&program, ENGINE(0, STATUS));
	for (unsigned int i = 0; i < 2 * NOP_CYCLES; i++)
		core_report(&program, ENGINE(0, END_LO));
	core_report(&program, ENGINE(0, STATUS));
	core_report(&program, SYS(ENGINE_DONE));
	/* Of one that has ended its results go; of an idle one there is nothing to count. */
	start(&program, 0);
	wait_for(&program, 0);
	core_store(&program, ENGINE(0, CONTROL), TSR_HW_ENGINE_ABORT);
	core_report(&program, ENGINE(0, STATUS));
	core_report(&program, SYS(EVENTS));
	report = core_execute(&program, h);
	for (unsigned int i = 0; i < program.reported; i++)
		assert_int_equal(report[i], 0);
	assert_int_equal(harness_counter(h, "nodes_aborted"), 1);
	assert_int_equal(harness_counter(h, "nodes_nop"), 1);
}

static void other_commands_do_nothing(void **state)
{
	struct harness *h = *state;
	struct core_program program = { .words = 0 };
	const uint32_t *report;

	core_store(&program, ENGINE(0, CONTROL), 0);
	core_report(&program, ENGINE(0, STATUS));
	core_store(&program, ENGINE(0, CONTROL), 6);
	core_report(&program, ENGINE(0, STATUS));
	core_store(&program, ENGINE(0, STATUS), TSR_HW_ENGINE_DONE);
	core_report(&program, ENGINE(0, STATUS));
	report = core_execute(&program, h);
	for (unsigned int i = 0; i < program.reported; i++)
		assert_int_equal(report[i], 0);
}

static void a_stream_without_an_address_space_is_refused(void **state)
{
	struct harness *h = *state;
	struct core_program program = { .words = 0 };
	const uint32_t *report;

	core_store(&program, ENGINE(0, STREAM_LO), 0x12345678);
	core_store(&program, ENGINE(0, STREAM_HI), 0x9abc);
	core_store(&program, ENGINE(0, STREAM_SIZE), 8);
	start(&program, 0);
	wait_for(&program, 0);
	report_results(&program, 0);
	report = core_execute(&program, h);
	expect_results(report, TSR_HW_ERR_FAULT_FETCH, REFUSE_CYCLES, 0, 0x9abc12345678, 0);
	assert_int_equal(harness_counter(h, "nodes_failed"), 1);
}

static void bind(struct core_program *program, unsigned int engine, uint32_t bytes)
{
	core_store(program, ENGINE(engine, RESIDENT), bytes);
	core_store(program, ENGINE(engine, CONTROL), TSR_HW_ENGINE_BIND);
}

static void a_binding_takes_as_long_as_zeros_do(void **state)
{
	struct harness *h = *state;
	const uint32_t width = 4 * fuses_of(h)->weight_path;
	const uint32_t sizes[] = {
		0, 1, width, width + 1, 10 * width - 1, (uint32_t)sku_ring(fuses_of(h)),
	};
	struct core_program program = { .words = 0 };
	const uint32_t *report;

	for (unsigned int i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		bind(&program, 0, sizes[i]);
		wait_for(&program, 0);
		report_results(&program, 0);
		core_store(&program, ENGINE(0, CONTROL), TSR_HW_ENGINE_ACK);
	}
	report = core_execute(&program, h);
	for (unsigned int i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		uint32_t cycles = (sizes[i] + width - 1) / width;

		expect_results(report + REPORTED * i, TSR_HW_ERR_NONE, cycles, 0, 0, cycles);
	}
	/* It is no node. */
	assert_int_equal(harness_counter(h, "nodes_nop"), 0);
	assert_int_equal(harness_counter(h, "nodes_failed"), 0);
}

static void what_is_bound_goes_when_something_else_is(void **state)
{
	struct harness *h = *state;
	struct core_program program = { .words = 0 };

	for (unsigned int i = 1; i < 5; i++) {
		bind(&program, 0, 100 * i);
		wait_for(&program, 0);
		core_store(&program, ENGINE(0, CONTROL), TSR_HW_ENGINE_ACK);
	}
	core_report(&program, ENGINE(0, STATUS));
	core_execute(&program, h);
	assert_int_equal(atomic_load(&bound), 1);
	assert_true(harness_reset(h));
	assert_int_equal(atomic_load(&bound), 0);
}

/* No client leaves such a device, so nothing resets it at its end. */
static void what_is_bound_goes_with_a_device_that_repeats_a_record(void **state)
{
	struct device_config config = {
		.surface = test_surface, .sku_path = VNPU_SKUS "/edge.json",
	};
	struct core_program program = { .words = 0 };
	struct harness *h = *state;
	struct device *dev;
	char error[512];

	assert_true(harness_record(h, RECORD));
	bind(&program, 0, 100);
	wait_for(&program, 0);
	core_report(&program, ENGINE(0, STATUS));
	core_execute(&program, h);
	assert_true(harness_command(h, "record stop"));
	assert_true(harness_reset(h));
	assert_int_equal(replay_open(RECORD, &config.replay, error, sizeof(error)), 0);
	assert_int_equal(device_create(&config, &dev, error, sizeof(error)), 0);
	device_replay(dev);
	assert_null(replay_difference(config.replay));
	assert_int_equal(atomic_load(&bound), 1);
	device_destroy(dev);
	assert_int_equal(atomic_load(&bound), 0);
	replay_close(config.replay);
	unlink(RECORD);
}

static void no_more_is_bound_than_there_is(void **state)
{
	struct harness *h = *state;
	struct core_program program = { .words = 0 };
	const uint32_t *report;

	bind(&program, 0, (uint32_t)sku_ring(fuses_of(h)) + 1);
	wait_for(&program, 0);
	report_results(&program, 0);
	report = core_execute(&program, h);
	expect_results(report, TSR_HW_ERR_RESOURCES, REFUSE_CYCLES, 0, 0, 0);
}

static void an_engine_that_copies_binds_nothing(void **state)
{
	struct harness *h = *state;
	struct core_program program = { .words = 0 };
	const uint32_t *report;

	bind(&program, dma_of(h), 64);
	core_report(&program, ENGINE(dma_of(h), STATUS));
	start(&program, dma_of(h));
	wait_for(&program, dma_of(h));
	report_results(&program, dma_of(h));
	report = core_execute(&program, h);
	assert_int_equal(report[0], 0);
	expect_results(report + 1, TSR_HW_ERR_NONE, NOP_CYCLES, 1, 0, NOP_CYCLES);
}

#define ENGINE_TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ENGINE_TEST(each_engine_tells_its_kind),
		ENGINE_TEST(arguments_keep_what_is_written),
		ENGINE_TEST(a_reset_clears_them),
		ENGINE_TEST(a_no_op_is_busy_and_then_done),
		ENGINE_TEST(an_engine_takes_what_is_written_while_it_is_idle),
		ENGINE_TEST(a_register_without_a_value_reads_as_0),
		ENGINE_TEST(an_aborted_node_leaves_nothing),
		ENGINE_TEST(other_commands_do_nothing),
		ENGINE_TEST(a_stream_without_an_address_space_is_refused),
		ENGINE_TEST(a_binding_takes_as_long_as_zeros_do),
		ENGINE_TEST(what_is_bound_goes_when_something_else_is),
		ENGINE_TEST(what_is_bound_goes_with_a_device_that_repeats_a_record),
		ENGINE_TEST(no_more_is_bound_than_there_is),
		ENGINE_TEST(an_engine_that_copies_binds_nothing),
	};

	own_folder_enter();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
