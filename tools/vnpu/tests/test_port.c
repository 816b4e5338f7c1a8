// SPDX-License-Identifier: MIT
/* The host port by itself: the test is the transport, and says which windows open. */
#include <stdlib.h>
#include <string.h>

#include <tsr_hw/error.h>
#include <tsr_hw/mmu.h>

#include "cmocka_prelude.h"
#include "counters.h"
#include "inject.h"
#include "memory/local.h"
#include "memory/port.h"
#include "memory/sanitize.h"
#include "memory/versions.h"
#include "register/asid.h"
#include "trace/record.h"
#include "vfu/vfu.h"

#define KIB 1024u
#define BASE 0x1000u
#define BYTES (1024u * KIB)

/* The linker puts them in the place of the library's. */
int __wrap_vfu_dma_window_open(struct vfu *vfu);
void __wrap_vfu_dma_window_close(struct vfu *vfu);
void *__wrap_vfu_dma_translate(struct vfu *vfu, uint64_t addr, unsigned int access, size_t *len);
int __wrap_vfu_irq_raise(struct vfu *vfu, unsigned int vector);
uint64_t __real_versions_changes(struct versions *versions);
uint64_t __wrap_versions_changes(struct versions *versions);

static struct {
	_Alignas(8) uint8_t memory[BYTES];	/* from BASE on */
	uint64_t hole;		/* no memory from there on, 0 for none */
	unsigned int allowed;	/* windows before one does not open */
	unsigned int opened;
	unsigned int open;
	unsigned int vectors;	/* that there are */
	unsigned int changes_at;	/* window from which on versions have changed, 0 for none */
} bus;

int __wrap_vfu_dma_window_open(struct vfu *vfu)
{
	(void)vfu;
	if (bus.opened == bus.allowed)
		return -1;
	bus.opened++;
	bus.open++;
	return 0;
}

void __wrap_vfu_dma_window_close(struct vfu *vfu)
{
	(void)vfu;
	bus.open--;
}

void *__wrap_vfu_dma_translate(struct vfu *vfu, uint64_t addr, unsigned int access, size_t *len)
{
	uint64_t end = bus.hole && bus.hole >= addr ? bus.hole : BASE + BYTES;

	(void)vfu;
	(void)access;
	assert_int_equal(bus.open, 1);
	if (addr < BASE || addr >= end)
		return NULL;
	*len = *len < end - addr ? *len : end - addr;
	return bus.memory + (addr - BASE);
}

int __wrap_vfu_irq_raise(struct vfu *vfu, unsigned int vector)
{
	(void)vfu;
	return vector < bus.vectors ? 0 : -1;
}

/* An invalidation between two windows. */
uint64_t __wrap_versions_changes(struct versions *versions)
{
	return __real_versions_changes(versions) + (bus.changes_at && bus.opened >= bus.changes_at);
}

/* A port and one agent of bus addresses. */
struct bench {
	struct port *port;
	struct port_config config;
	struct asid_table asids;
	struct counters counters;
	struct port_agent agent;
	uint8_t *buf;
};

static int setup(void **state)
{
	struct bench *bench = calloc(1, sizeof(*bench));

	memset(&bus, 0, sizeof(bus));
	bus.allowed = 100;
	bus.vectors = 2;
	bench->config = (struct port_config){
		.asids = &bench->asids,
		.local = local_create(BYTES),
		.counters = &bench->counters,
		.sanitizer = sanitizer_create(&bench->counters),
		.inject = inject_create(),
		.record = record_create(NULL),
	};
	bench->port = port_create(&bench->config);
	bench->buf = calloc(1, BYTES);
	for (size_t i = 0; i < BYTES; i++)
		bench->buf[i] = (uint8_t)(i * 7 + i / 251 + 1);
	*state = bench;
	return bench->port && bench->buf ? 0 : -1;
}

static int teardown(void **state)
{
	struct bench *bench = *state;
	unsigned int open = bus.open;

	port_destroy(bench->port);
	record_destroy(bench->config.record);
	inject_destroy(bench->config.inject);
	sanitizer_destroy(bench->config.sanitizer);
	local_destroy(bench->config.local);
	free(bench->buf);
	free(bench);
	return open ? -1 : 0;
}

static uint64_t counted(const struct bench *bench, enum counter which)
{
	return counters_get(&bench->counters, which);
}

/* Rows that lie @stride apart on the bus and follow each other in the buffer. */
static int write_rows(struct bench *bench, size_t rows, size_t n, uint64_t stride, uint64_t *fault)
{
	const struct port_rows what = {
		.va = BASE, .stride = stride, .rows = rows, .n = n, .buf = bench->buf,
		.buf_stride = n,
	};

	return port_copy(bench->port, &bench->agent, MMU_WRITE, &what, fault);
}

static void expect_rows(const struct bench *bench, size_t rows, size_t n, uint64_t stride)
{
	for (size_t i = 0; i < rows; i++)
		assert_memory_equal(bus.memory + i * stride, bench->buf + i * n, n);
}

/* An invalidation waits for one window at most. */
static void a_window_is_open_for_so_many_bytes(void **state)
{
	static const struct {
		size_t n;
		unsigned int windows;
	} cases[] = {
		{ 256 * KIB, 1 }, { 256 * KIB + 1, 2 }, { 512 * KIB, 2 }, { 1024 * KIB, 4 },
	};
	struct bench *bench = *state;
	uint64_t fault = 0;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		bus.opened = 0;
		assert_int_equal(write_rows(bench, 1, cases[i].n, 0, &fault), TSR_HW_ERR_NONE);
		assert_int_equal(bus.opened, cases[i].windows);
		expect_rows(bench, 1, cases[i].n, 0);
	}
}

static void so_it_is_for_so_many_rows(void **state)
{
	struct bench *bench = *state;
	uint64_t fault = 0;

	assert_int_equal(write_rows(bench, 4096, 3, 8, &fault), TSR_HW_ERR_NONE);
	assert_int_equal(bus.opened, 1);
	expect_rows(bench, 4096, 3, 8);
	assert_int_equal(write_rows(bench, 4097, 5, 16, &fault), TSR_HW_ERR_NONE);
	assert_int_equal(bus.opened, 3);
	expect_rows(bench, 4097, 5, 16);
	assert_int_equal(bus.memory[5], 0);
}

static void bytes_of_several_rows_fill_a_window(void **state)
{
	struct bench *bench = *state;
	uint64_t fault = 0;

	assert_int_equal(write_rows(bench, 5, 100 * KIB, 200 * KIB, &fault), TSR_HW_ERR_NONE);
	assert_int_equal(bus.opened, 2);
	expect_rows(bench, 5, 100 * KIB, 200 * KIB);
}

static void a_window_that_does_not_open_is_a_fault_where_the_copy_stands(void **state)
{
	struct bench *bench = *state;
	uint64_t fault = 0;

	bus.allowed = 0;
	assert_int_equal(write_rows(bench, 5, 100 * KIB, 200 * KIB, &fault), TSR_HW_ERR_FAULT_BUS);
	assert_int_equal(fault, BASE);
	bus.allowed = 1;
	assert_int_equal(write_rows(bench, 5, 100 * KIB, 200 * KIB, &fault), TSR_HW_ERR_FAULT_BUS);
	assert_int_equal(fault, BASE + 2 * 200 * KIB + 56 * KIB);
	expect_rows(bench, 2, 100 * KIB, 200 * KIB);
	assert_int_equal(bus.memory[2 * 200 * KIB + 56 * KIB], 0);
}

static void a_fault_is_where_memory_ends_and_what_lies_before_is_there(void **state)
{
	struct bench *bench = *state;
	uint64_t fault = 0;

	bus.hole = BASE + 3 * 1000 + 700;
	assert_int_equal(write_rows(bench, 5, 900, 1000, &fault), TSR_HW_ERR_FAULT_BUS);
	assert_int_equal(fault, bus.hole);
	expect_rows(bench, 3, 900, 1000);
	assert_memory_equal(bus.memory + 3000, bench->buf + 3 * 900, 700);
	assert_int_equal(bus.memory[3700], 0);
}

static void bytes_are_counted_once_they_are_there_and_faults_each(void **state)
{
	struct bench *bench = *state;
	uint64_t fault = 0;

	assert_int_equal(write_rows(bench, 5, 900, 1000, &fault), TSR_HW_ERR_NONE);
	assert_int_equal(counted(bench, COUNTER_DMA_WRITTEN_BYTES), 4500);
	assert_int_equal(port_copy_bytes(bench->port, &bench->agent, MMU_READ, BASE, bench->buf, 70,
					 &fault), TSR_HW_ERR_NONE);
	assert_int_equal(counted(bench, COUNTER_DMA_READ_BYTES), 70);
	assert_int_equal(counted(bench, COUNTER_FAULTS), 0);
	bus.hole = BASE + 1;
	for (unsigned int i = 1; i < 4; i++) {
		assert_int_equal(write_rows(bench, 5, 900, 1000, &fault), TSR_HW_ERR_FAULT_BUS);
		assert_int_equal(counted(bench, COUNTER_FAULTS), i);
	}
	assert_int_equal(counted(bench, COUNTER_DMA_WRITTEN_BYTES), 4500);
}

static void a_closed_agent_does_nothing_and_it_is_no_fault(void **state)
{
	struct bench *bench = *state;
	uint64_t fault = 0, token;

	port_close(bench->port, &bench->agent);
	assert_int_equal(write_rows(bench, 1, 8, 0, &fault), PORT_CLOSED);
	assert_false(port_window_open(bench->port, &bench->agent, &token));
	port_progress(bench->port, &bench->agent, BASE, 5);
	assert_int_equal(bus.opened, 0);
	assert_int_equal(bus.memory[0], 0);
	assert_int_equal(counted(bench, COUNTER_FAULTS), 0);
	assert_int_equal(counted(bench, COUNTER_DMA_WRITTEN_BYTES), 0);
}

static void so_does_an_agent_of_the_time_before_a_reset(void **state)
{
	struct bench *bench = *state;
	uint64_t fault = 0;

	port_reset(bench->port);
	assert_int_equal(write_rows(bench, 1, 8, 0, &fault), PORT_CLOSED);
	assert_int_equal(bus.opened, 0);
	bench->agent.epoch = port_epoch(bench->port);
	assert_int_equal(write_rows(bench, 1, 8, 0, &fault), TSR_HW_ERR_NONE);
}

static void a_device_that_is_gone_reaches_nothing_until_it_is_back(void **state)
{
	struct bench *bench = *state;
	uint64_t fault = 0;

	port_set_gone(bench->port, true);
	assert_int_equal(write_rows(bench, 1, 8, 0, &fault), TSR_HW_ERR_FAULT_BUS);
	assert_int_equal(fault, BASE);
	port_raise(bench->port, &bench->agent, 0);
	assert_int_equal(bus.opened, 0);
	assert_int_equal(counted(bench, COUNTER_INTERRUPTS_DROPPED), 1);
	port_set_gone(bench->port, false);
	assert_int_equal(write_rows(bench, 1, 8, 0, &fault), TSR_HW_ERR_NONE);
	port_raise(bench->port, &bench->agent, 0);
	assert_int_equal(counted(bench, COUNTER_INTERRUPTS_0), 1);
}

static void interrupts_are_counted_by_vector_and_those_that_are_lost(void **state)
{
	struct bench *bench = *state;

	port_raise(bench->port, &bench->agent, 0);
	port_raise(bench->port, &bench->agent, 1);
	port_raise(bench->port, &bench->agent, 1);
	assert_int_equal(counted(bench, COUNTER_INTERRUPTS_0), 1);
	assert_int_equal(counted(bench, COUNTER_INTERRUPTS_1), 2);
	bus.vectors = 1;
	port_raise(bench->port, &bench->agent, 1);
	assert_int_equal(counted(bench, COUNTER_INTERRUPTS_DROPPED), 1);
	port_close(bench->port, &bench->agent);
	port_raise(bench->port, &bench->agent, 0);
	assert_int_equal(counted(bench, COUNTER_INTERRUPTS_DROPPED), 2);
	assert_int_equal(counted(bench, COUNTER_INTERRUPTS_0), 1);
	assert_int_equal(counted(bench, COUNTER_INTERRUPTS_1), 2);
}

static void progress_is_added_to_its_word(void **state)
{
	struct bench *bench = *state;
	uint64_t words[3];

	port_progress(bench->port, &bench->agent, BASE + 8, 5);
	port_progress(bench->port, &bench->agent, BASE + 8, 0x700000000);
	memcpy(words, bus.memory, sizeof(words));
	assert_true(words[0] == 0 && words[1] == 0x700000005 && words[2] == 0);
	assert_int_equal(counted(bench, COUNTER_BLOCKS), 0x700000005);
	bus.hole = BASE + 12;
	port_progress(bench->port, &bench->agent, BASE + 8, 1);
	port_progress(bench->port, &bench->agent, BASE + 1, 1);
	assert_memory_equal(words, bus.memory, sizeof(words));
}

/* Use of 8 bytes in address space 1, translated when the sanitizer gave @token. */
static void use(struct bench *bench, uint64_t token, uint64_t va, uint64_t violations)
{
	bench->agent.asid = 1;
	port_window_used(bench->port, &bench->agent, MMU_READ, token, va, 8);
	assert_int_equal(counted(bench, COUNTER_SANITIZER_VIOLATIONS), violations);
}

static void use_of_what_has_been_invalidated_is_a_violation(void **state)
{
	struct bench *bench = *state;
	uint64_t token = sanitizer_token(bench->config.sanitizer);

	use(bench, token, 0x5000, 0);
	port_invalidate(bench->port, 2, 0x5000, 0x1000);
	use(bench, token, 0x5000, 0);
	port_invalidate(bench->port, 1, 0x5000, 0x1000);
	use(bench, token, 0x6000, 0);
	use(bench, token, 0x5ff8, 1);
	token = sanitizer_token(bench->config.sanitizer);
	use(bench, token, 0x5ff8, 1);
	port_reset(bench->port);
	use(bench, token, 0x6000, 2);
	assert_int_equal(counted(bench, COUNTER_DMA_READ_BYTES), 6 * 8);
}

/* Memory is used where it is only if no access has to be looked at, one by one. */
static void windows_are_refused_while_a_fault_waits(void **state)
{
	struct bench *bench = *state;
	uint64_t token;

	assert_true(port_window_open(bench->port, &bench->agent, &token));
	port_window_close(bench->port);
	inject_arm_dma_error(bench->config.inject, true);
	assert_false(port_window_open(bench->port, &bench->agent, &token));
	assert_int_equal(bus.opened, 1);
}

static void an_error_that_is_armed_is_a_fault_of_the_first_byte(void **state)
{
	struct bench *bench = *state;
	uint64_t fault = 0;

	inject_arm_dma_error(bench->config.inject, false);
	assert_int_equal(write_rows(bench, 2, 8, 16, &fault), TSR_HW_ERR_FAULT_BUS);
	assert_int_equal(fault, BASE);
	assert_int_equal(bus.opened, 0);
	assert_int_equal(counted(bench, COUNTER_FAULTS), 1);
	assert_int_equal(write_rows(bench, 2, 8, 16, &fault), TSR_HW_ERR_NONE);
}

/* How many of so many writes arrive as something else. */
static unsigned int spoilt_of_100(struct bench *bench, unsigned int id, size_t rows, size_t n)
{
	unsigned int spoilt = 0;
	uint64_t fault = 0;

	bench->agent.id = id;
	for (unsigned int i = 0; i < 100; i++) {
		assert_int_equal(write_rows(bench, rows, n, n, &fault), TSR_HW_ERR_NONE);
		spoilt += memcmp(bus.memory, bench->buf, rows * n) != 0;
		assert_memory_equal(bus.memory + rows * n, "\0\0\0\0\0\0\0", 8);
		memset(bus.memory, 0, rows * n);
	}
	return spoilt;
}

static void small_writes_of_the_core_may_be_spoilt_and_no_others(void **state)
{
	struct bench *bench = *state;

	bus.allowed = UINT32_MAX;
	inject_set_malicious(bench->config.inject, true, 5);
	assert_in_range(spoilt_of_100(bench, PORT_AGENT_CORE, 1, 64), 1, 99);
	assert_int_equal(spoilt_of_100(bench, PORT_AGENT_CORE, 1, 65), 0);
	assert_int_equal(spoilt_of_100(bench, PORT_AGENT_CORE, 2, 32), 0);
	assert_int_equal(spoilt_of_100(bench, PORT_AGENT_ROM, 1, 64), 0);
	assert_int_equal(spoilt_of_100(bench, 0, 1, 64), 0);
}

#define PAGE	((uint64_t)TSR_HW_PAGE_SIZE)
#define BLOCK	((uint64_t)TSR_HW_BLOCK_SIZE)
#define STATIC	(TSR_HW_PTE_VALID | TSR_HW_PTE_LEAF | TSR_HW_PTE_READ | TSR_HW_PTE_STATIC)

static uint64_t *table(unsigned int page)
{
	return (uint64_t *)(void *)(bus.memory + page * PAGE);
}

/*
 * Address space 1: every block leads to the same page, static, but the one from 64 MiB on to a
 * page that is not, the others of that block as all.
 */
static void map_static_pages(struct bench *bench)
{
	for (unsigned int level = 0; level < 3; level++)
		table(level)[0] = (BASE + (level + 1) * PAGE) | TSR_HW_PTE_VALID;
	for (unsigned int i = 0; i < TSR_HW_PT_ENTRIES; i++) {
		table(2)[i] = (BASE + 3 * PAGE) | TSR_HW_PTE_VALID;
		table(3)[i] = (BASE + 5 * PAGE) | STATIC;
		table(4)[i] = (BASE + 5 * PAGE) | STATIC;
	}
	table(2)[32] = (BASE + 4 * PAGE) | TSR_HW_PTE_VALID;
	table(4)[0] &= ~TSR_HW_PTE_STATIC;
	asid_table_write(&bench->asids, 2, BASE | TSR_HW_ASID_VALID);
	asid_table_write(&bench->asids, 3, 0);
	bench->agent.asid = 1;
}

/* Of a range, found in so many windows. */
static uint64_t version_of(struct bench *bench, uint64_t va, uint64_t n, unsigned int windows)
{
	uint64_t version;

	bus.opened = 0;
	version = port_version(bench->port, &bench->agent, va, n);
	assert_int_equal(bus.opened, windows);
	assert_int_equal(bus.open, 0);
	return version;
}

static void a_range_is_looked_at_512_pages_a_window(void **state)
{
	static const struct {
		uint64_t va;
		uint64_t n;
		unsigned int windows;
	} cases[] = {
		{ PAGE, 1, 1 }, { PAGE + 9, 511 * PAGE - 9, 1 }, { 2 * BLOCK, 512 * PAGE, 1 },
		{ 2 * BLOCK, 512 * PAGE + 1, 2 }, { 3 * BLOCK - 1, 512 * PAGE, 2 },
		{ 2 * BLOCK, 8 * BLOCK, 8 },
	};
	struct bench *bench = *state;

	map_static_pages(bench);
	for (unsigned int i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint64_t version = version_of(bench, cases[i].va, cases[i].n, cases[i].windows);

		assert_int_not_equal(version, 0);
		/* It is known from then on. */
		assert_int_equal(version_of(bench, cases[i].va, cases[i].n, 1), version);
	}
}

static void what_is_too_large_or_of_no_address_space_has_no_version(void **state)
{
	struct bench *bench = *state;

	map_static_pages(bench);
	assert_int_equal(version_of(bench, 2 * BLOCK, 8 * BLOCK + 1, 0), 0);
	bench->agent.asid = 0;
	assert_int_equal(version_of(bench, 2 * BLOCK, PAGE, 0), 0);
	bench->agent.asid = 1;
	inject_arm_dma_error(bench->config.inject, false);
	assert_int_equal(version_of(bench, 2 * BLOCK, PAGE, 0), 0);
	inject_clear(bench->config.inject);
	assert_int_not_equal(version_of(bench, 2 * BLOCK, PAGE, 1), 0);
	bus.allowed = 0;
	assert_int_equal(version_of(bench, 2 * BLOCK, 2 * PAGE, 0), 0);
}

static void the_first_page_that_is_not_static_ends_the_search(void **state)
{
	struct bench *bench = *state;

	map_static_pages(bench);
	assert_int_equal(version_of(bench, 32 * BLOCK, PAGE, 1), 0);
	assert_int_equal(version_of(bench, 32 * BLOCK - PAGE, PAGE + 1, 1), 0);
	assert_int_not_equal(version_of(bench, 32 * BLOCK - PAGE, PAGE, 1), 0);
	assert_int_equal(version_of(bench, 31 * BLOCK, 2 * BLOCK, 2), 0);
	assert_int_not_equal(version_of(bench, 32 * BLOCK + PAGE, PAGE, 1), 0);
}

static void a_change_between_two_windows_ends_it_too(void **state)
{
	struct bench *bench = *state;

	map_static_pages(bench);
	bus.changes_at = 2;
	assert_int_equal(version_of(bench, 2 * BLOCK, 3 * BLOCK, 2), 0);
	bus.changes_at = 1;
	assert_int_not_equal(version_of(bench, 2 * BLOCK, 3 * BLOCK, 3), 0);
	bus.changes_at = 0;
	port_invalidate(bench->port, 1, 3 * BLOCK, PAGE);
	assert_int_not_equal(version_of(bench, 2 * BLOCK, 3 * BLOCK, 3), 0);
}

/* ---- an unkind one ------------------------------------------------------------------ */

static int setup_unkind(void **state)
{
	struct bench *bench;
	int error = setup(state);

	bench = *state;
	port_destroy(bench->port);
	bench->config.unkind = true;
	bench->port = port_create(&bench->config);
	bench->agent.id = PORT_AGENT_CORE;
	bus.allowed = 10000;
	return bench->port ? error : -1;
}

static void publish(struct bench *bench, uint64_t offset, size_t n)
{
	uint64_t fault;

	assert_int_equal(port_copy_bytes(bench->port, &bench->agent, MMU_WRITE, BASE + offset,
					 bench->buf + offset, n, &fault), TSR_HW_ERR_NONE);
}

/* By a slot's sequence number and the rest, however much time passes between them. */
static void a_slot_is_written_in_two_parts_and_other_words_at_once(void **state)
{
	struct bench *bench = *state;

	publish(bench, 64, 64);
	assert_int_equal(bus.opened, 2);
	publish(bench, 256, 8);
	publish(bench, 128, 63);
	assert_int_equal(bus.opened, 4);
	assert_memory_equal(bus.memory + 64, bench->buf + 64, 127);
	assert_memory_equal(bus.memory + 256, bench->buf + 256, 8);
	bus.hole = BASE + 68;
	assert_int_equal(port_copy_bytes(bench->port, &bench->agent, MMU_WRITE, BASE + 64,
					 bench->buf, 64, &(uint64_t){ 0 }), TSR_HW_ERR_FAULT_BUS);
	assert_memory_equal(bus.memory + 64, bench->buf, 4);
	assert_memory_equal(bus.memory + 68, bench->buf + 68, 60);
}

static uint64_t interrupts(const struct bench *bench)
{
	return counted(bench, COUNTER_INTERRUPTS_0) + counted(bench, COUNTER_INTERRUPTS_1);
}

static void an_interrupt_that_is_held_comes_later_and_not_behind_a_reset(void **state)
{
	struct bench *bench = *state;
	uint64_t raised;

	assert_false(port_late(bench->port));
	while (!port_late(bench->port))
		port_raise(bench->port, &bench->agent, 1);
	raised = interrupts(bench);
	for (unsigned int i = 1; port_late(bench->port); i++) {
		port_catch_up(bench->port);
		assert_int_equal(interrupts(bench), raised + i);
	}
	while (!port_late(bench->port))
		port_raise(bench->port, &bench->agent, 0);
	raised = interrupts(bench);
	port_reset(bench->port);
	assert_false(port_late(bench->port));
	port_catch_up(bench->port);
	port_raise(bench->port, &bench->agent, 1);
	assert_false(port_late(bench->port));
	assert_int_equal(interrupts(bench), raised);
}

static void some_interrupts_tell_nothing(void **state)
{
	struct bench *bench = *state;

	for (unsigned int i = 0; i < 300; i++)
		publish(bench, 8, 4);
	assert_true(interrupts(bench) > 0);
}

static void what_was_written_last_is_written_again_in_a_reset(void **state)
{
	struct bench *bench = *state;

	publish(bench, 64, 64);
	publish(bench, 256, 4);
	port_reset(bench->port);
	for (unsigned int i = 0; i < 2; i++) {
		memset(bus.memory, 0, BYTES);
		port_repeat(bench->port);
		assert_memory_equal(bus.memory + 64, bench->buf + 64, 64);
		assert_memory_equal(bus.memory + 256, bench->buf + 256, 4);
		assert_int_equal(bus.memory[260], 0);
	}
	memset(bus.memory, 0, BYTES);
	port_reset(bench->port);
	port_repeat(bench->port);
	assert_int_equal(bus.memory[256], 0);
	bench->agent.epoch = port_epoch(bench->port);
	publish(bench, 256, 4);
	port_reset(bench->port);
	port_drop_late(bench->port);
	memset(bus.memory, 0, BYTES);
	port_repeat(bench->port);
	assert_int_equal(bus.memory[256], 0);
}

static void a_kind_one_is_never_late(void **state)
{
	struct bench *bench = *state;

	bench->agent.id = PORT_AGENT_CORE;
	publish(bench, 64, 64);
	assert_int_equal(bus.opened, 1);
	for (unsigned int i = 0; i < 100; i++)
		port_raise(bench->port, &bench->agent, 1);
	assert_int_equal(interrupts(bench), 100);
	assert_false(port_late(bench->port));
	port_catch_up(bench->port);
	memset(bus.memory, 0, BYTES);
	port_repeat(bench->port);
	port_drop_late(bench->port);
	assert_int_equal(bus.memory[64], 0);
}

#define UNKIND_TEST(function) cmocka_unit_test_setup_teardown(function, setup_unkind, teardown)

#define PORT_TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		PORT_TEST(a_window_is_open_for_so_many_bytes),
		PORT_TEST(so_it_is_for_so_many_rows),
		PORT_TEST(bytes_of_several_rows_fill_a_window),
		PORT_TEST(a_window_that_does_not_open_is_a_fault_where_the_copy_stands),
		PORT_TEST(a_fault_is_where_memory_ends_and_what_lies_before_is_there),
		PORT_TEST(bytes_are_counted_once_they_are_there_and_faults_each),
		PORT_TEST(a_closed_agent_does_nothing_and_it_is_no_fault),
		PORT_TEST(so_does_an_agent_of_the_time_before_a_reset),
		PORT_TEST(a_device_that_is_gone_reaches_nothing_until_it_is_back),
		PORT_TEST(interrupts_are_counted_by_vector_and_those_that_are_lost),
		PORT_TEST(progress_is_added_to_its_word),
		PORT_TEST(use_of_what_has_been_invalidated_is_a_violation),
		PORT_TEST(windows_are_refused_while_a_fault_waits),
		PORT_TEST(an_error_that_is_armed_is_a_fault_of_the_first_byte),
		PORT_TEST(small_writes_of_the_core_may_be_spoilt_and_no_others),
		PORT_TEST(a_range_is_looked_at_512_pages_a_window),
		PORT_TEST(what_is_too_large_or_of_no_address_space_has_no_version),
		PORT_TEST(the_first_page_that_is_not_static_ends_the_search),
		PORT_TEST(a_change_between_two_windows_ends_it_too),
		PORT_TEST(a_kind_one_is_never_late),
		UNKIND_TEST(a_slot_is_written_in_two_parts_and_other_words_at_once),
		UNKIND_TEST(an_interrupt_that_is_held_comes_later_and_not_behind_a_reset),
		UNKIND_TEST(some_interrupts_tell_nothing),
		UNKIND_TEST(what_was_written_last_is_written_again_in_a_reset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
