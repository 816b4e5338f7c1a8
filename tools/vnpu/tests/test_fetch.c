// SPDX-License-Identifier: MIT
/* What an engine fetches for a node, and a tile's resident part, with a port of the test's own. */
#include <stdlib.h>
#include <string.h>

#include <tsr_hw/error.h>
#include <tsr_hw/program.h>

#include "cmocka_prelude.h"
#include "core/sram.h"
#include "engine/engine_regs.h"
#include "engine/fetch.h"
#include "engine/job.h"
#include "engine/resident.h"

#define SRAM_END (TSR_HW_SRAM_BASE + TSR_HW_SRAM_SIZE)

void __real_free(void *memory);
void __wrap_free(void *memory);

/* Memory whose release is counted. */
static struct {
	const void *memory;
	unsigned int count;
} released;

/* The linker puts it in front of the library's. */
void __wrap_free(void *memory)
{
	released.count += memory && memory == released.memory;
	__real_free(memory);
}

static struct sram sram;

/* The port, and what it was asked for. */
static struct {
	int error;
	unsigned int calls;
	const struct port_agent *agent;
	enum mmu_access access;
	uint64_t va;
	size_t n;
} port;

int port_copy_bytes(struct port *asked, const struct port_agent *agent, enum mmu_access access,
		    uint64_t va, void *buf, size_t n, uint64_t *fault)
{
	assert_ptr_equal(asked, &port);
	port.calls++;
	port.agent = agent;
	port.access = access;
	port.va = va;
	port.n = n;
	memset(buf, 0x5c, n);
	*fault = va + 3;
	return port.error;
}

static struct job job;

static int setup(void **state)
{
	(void)state;
	memset(&port, 0, sizeof(port));
	memset(&job, 0, sizeof(job));
	job.port = (struct port *)&port;
	for (size_t i = 0; i < sizeof(sram.byte); i++)
		sram.byte[i] = (uint8_t)(i * 13 + i / 256);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	free(job.stream);
	free(job.slots);
	free(job.parameters);
	return 0;
}

/* A node with a stream of 8 bytes and no tables. */
static struct engine_args good_args(void)
{
	return (struct engine_args){
		.asid = 3, .stream = 0x12345000, .stream_size = 8,
		.slots = TSR_HW_SRAM_BASE, .parameters = TSR_HW_SRAM_BASE,
	};
}

static void expect_error(const struct engine_args *args, int error)
{
	uint64_t fault = 77;

	assert_int_equal(fetch_job(&sram, args, &job, &fault), error);
	assert_int_equal(fault, 0);
	assert_int_equal(port.calls, 0);
	teardown(NULL);
	setup(NULL);
}

static void expect_fetched(const struct engine_args *args)
{
	uint64_t fault;

	assert_int_equal(fetch_job(&sram, args, &job, &fault), TSR_HW_ERR_NONE);
	assert_int_equal(port.calls, 1);
	assert_ptr_equal(port.agent, &job.agent);
	assert_int_equal(port.access, MMU_FETCH);
	assert_int_equal(port.va, args->stream);
	assert_int_equal(port.n, args->stream_size);
	if (args->slot_count)
		assert_memory_equal(job.slots, sram.byte + (args->slots - TSR_HW_SRAM_BASE),
				    args->slot_count * sizeof(struct tsr_hw_slot));
	if (args->parameter_count)
		assert_memory_equal(job.parameters,
				    sram.byte + (args->parameters - TSR_HW_SRAM_BASE),
				    args->parameter_count * sizeof(uint64_t));
	teardown(NULL);
	setup(NULL);
}

static void no_node_is_of_address_space_0(void **state)
{
	struct engine_args args = good_args();
	uint64_t fault;

	(void)state;
	args.asid = 0;
	assert_int_equal(fetch_job(&sram, &args, &job, &fault), TSR_HW_ERR_FAULT_FETCH);
	assert_int_equal(fault, args.stream);
	assert_int_equal(port.calls, 0);
	args.asid = 1;
	expect_fetched(&args);
}

static void a_table_of_slots_lies_in_the_sram(void **state)
{
	const uint32_t most = TSR_HW_MAX_SLOTS * sizeof(struct tsr_hw_slot);
	struct engine_args args = good_args();

	(void)state;
	args.slot_count = TSR_HW_MAX_SLOTS;
	expect_fetched(&args);
	args.slots = SRAM_END - most;
	expect_fetched(&args);
	args.slots += 8;
	expect_error(&args, TSR_HW_ERR_SLOT);
	args.slots = TSR_HW_SRAM_BASE - 8;
	expect_error(&args, TSR_HW_ERR_SLOT);
	args.slots = TSR_HW_SRAM_BASE;
	args.slot_count++;
	expect_error(&args, TSR_HW_ERR_SLOT);
	args.slot_count = UINT32_MAX;
	expect_error(&args, TSR_HW_ERR_SLOT);
	/* An empty one may be anywhere. */
	args.slots = 0;
	args.slot_count = 0;
	expect_fetched(&args);
}

static void a_table_of_parameters_does_so_too(void **state)
{
	const uint32_t most = TSR_HW_MAX_PARAMETERS * sizeof(uint64_t);
	struct engine_args args = good_args();

	(void)state;
	args.parameter_count = TSR_HW_MAX_PARAMETERS;
	expect_fetched(&args);
	args.parameters = SRAM_END - most;
	expect_fetched(&args);
	args.parameters += 8;
	expect_error(&args, TSR_HW_ERR_PARAMETER);
	args.parameters = TSR_HW_SRAM_BASE;
	args.parameter_count++;
	expect_error(&args, TSR_HW_ERR_PARAMETER);
	args.parameters = 0;
	args.parameter_count = 0;
	expect_fetched(&args);
}

static void a_stream_is_whole_words_and_not_too_long(void **state)
{
	struct engine_args args = good_args();

	(void)state;
	args.stream_size = TSR_HW_MAX_STREAM;
	expect_fetched(&args);
	args.stream_size += 8;
	expect_error(&args, TSR_HW_ERR_COMMAND);
	for (args.stream_size = 1; args.stream_size < 8; args.stream_size++)
		expect_error(&args, TSR_HW_ERR_COMMAND);
}

static void what_the_port_says_is_the_node_s_error(void **state)
{
	struct engine_args args = good_args();
	uint64_t fault;

	(void)state;
	port.error = TSR_HW_ERR_FAULT_FETCH;
	assert_int_equal(fetch_job(&sram, &args, &job, &fault), TSR_HW_ERR_FAULT_FETCH);
	assert_int_equal(fault, args.stream + 3);
	teardown(NULL);
	setup(NULL);
	port.error = PORT_CLOSED;
	assert_int_equal(fetch_job(&sram, &args, &job, &fault), TSR_HW_ERR_FAULT_BUS);
}

static struct port_rows rows_at(uint64_t offset, size_t rows, size_t n, uint64_t stride, void *buf)
{
	return (struct port_rows){ TILE_RESIDENT + offset, stride, rows, n, buf, n };
}

static void what_is_resident_begins_as_zeros_and_keeps_what_is_written(void **state)
{
	struct resident *resident = resident_create(100);
	char in[] = "abcdefghi", out[100], zeros[100] = { 0 };
	struct port_rows all = rows_at(0, 1, 100, 0, out), some = rows_at(7, 3, 3, 20, in);
	uint64_t fault;

	(void)state;
	assert_int_equal(resident_size(resident), 100);
	assert_int_equal(resident_size(NULL), 0);
	assert_int_equal(resident_copy(resident, false, &all, &fault), TSR_HW_ERR_NONE);
	assert_memory_equal(out, zeros, 100);
	assert_int_equal(resident_copy(resident, true, &some, &fault), TSR_HW_ERR_NONE);
	assert_int_equal(resident_copy(resident, false, &all, &fault), TSR_HW_ERR_NONE);
	memcpy(zeros + 7, "abc", 3);
	memcpy(zeros + 27, "def", 3);
	memcpy(zeros + 47, "ghi", 3);
	assert_memory_equal(out, zeros, 100);
	memset(in, 0, sizeof(in));
	some.buf_stride = 4;
	some.rows = 2;
	assert_int_equal(resident_copy(resident, false, &some, &fault), TSR_HW_ERR_NONE);
	assert_memory_equal(in, "abc\0def", 7);
	resident_put(resident);
}

static void it_ends_where_it_ends(void **state)
{
	struct resident *resident = resident_create(100);
	char bytes[200] = { 0 };
	const struct {
		struct port_rows rows;
		uint64_t fault;
	} bad[] = {
		{ rows_at(0, 1, 101, 0, bytes), 0 }, { rows_at(100, 1, 1, 0, bytes), 100 },
		{ rows_at(96, 1, 5, 0, bytes), 96 }, { rows_at(0, 3, 10, 46, bytes), 92 },
		{ rows_at(-1ull, 1, 1, 0, bytes), -1ull },
		{ rows_at(1ull << 40, 1, 1, 0, bytes), 1ull << 40 },
	};
	struct port_rows last = rows_at(99, 1, 1, 0, bytes);
	uint64_t fault;

	(void)state;
	assert_int_equal(resident_copy(resident, true, &last, &fault), TSR_HW_ERR_NONE);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(resident_copy(resident, false, &bad[i].rows, &fault),
				 TSR_HW_ERR_FAULT_READ);
		assert_int_equal(fault, TILE_RESIDENT + bad[i].fault);
		assert_int_equal(resident_copy(resident, true, &bad[i].rows, &fault),
				 TSR_HW_ERR_FAULT_WRITE);
	}
	/* Without a resident part every byte is outside. */
	assert_int_equal(resident_copy(NULL, false, &last, &fault), TSR_HW_ERR_FAULT_READ);
	resident_put(resident);
}

static void its_last_reference_frees_it(void **state)
{
	struct resident *resident = resident_create(8);

	(void)state;
	released.memory = resident;
	released.count = 0;
	assert_ptr_equal(resident_get(resident), resident);
	resident_put(resident);
	assert_int_equal(released.count, 0);
	assert_int_equal(resident_size(resident), 8);
	resident_put(resident);
	assert_int_equal(released.count, 1);
	resident_put(NULL);
	assert_null(resident_get(NULL));
}

#define FETCH_TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		FETCH_TEST(no_node_is_of_address_space_0),
		FETCH_TEST(a_table_of_slots_lies_in_the_sram),
		FETCH_TEST(a_table_of_parameters_does_so_too),
		FETCH_TEST(a_stream_is_whole_words_and_not_too_long),
		FETCH_TEST(what_the_port_says_is_the_node_s_error),
		cmocka_unit_test(what_is_resident_begins_as_zeros_and_keeps_what_is_written),
		cmocka_unit_test(it_ends_where_it_ends),
		cmocka_unit_test(its_last_reference_frees_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
