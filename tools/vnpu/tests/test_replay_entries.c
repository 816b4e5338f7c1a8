// SPDX-License-Identifier: MIT
/* Records made by hand: what is no record, and which difference each entry can have. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <tsr_hw/error.h>

#include "clock.h"
#include "cmocka_prelude.h"
#include "memory/port.h"
#include "no_input.h"
#include "own_folder.h"
#include "trace/record_format.h"
#include "trace/replay.h"

#define FILE_PATH "made.record"

/* Device time, of the one clock there is. */
static uint64_t now;

uint64_t clock_now(const struct clock *clock)
{
	(void)clock;
	return now;
}

/* A record under construction; entries get this step and the time. */
struct made {
	uint8_t bytes[16384];
	size_t size;
	uint64_t step;
};

static struct made made;

static void add(const void *bytes, size_t size)
{
	assert_true(made.size + size <= sizeof(made.bytes));
	if (size)
		memcpy(made.bytes + made.size, bytes, size);
	made.size += size;
}

static void add_entry(uint32_t type, const void *payload, size_t size, const void *data,
		      size_t data_size)
{
	const struct record_entry entry = {
		.type = type, .size = (uint32_t)(size + data_size), .step = made.step,
		.cycles = now,
	};

	add(&entry, sizeof(entry));
	add(payload, size);
	add(data, data_size);
}

static void begin(void)
{
	const struct record_header header = { .magic = RECORD_MAGIC, .version = RECORD_VERSION };

	made.size = 0;
	made.step = 0;
	now = 0;
	add(&header, sizeof(header));
}

static int setup(void **state)
{
	(void)state;
	begin();
	return 0;
}

static void write_file(size_t size)
{
	FILE *file = fopen(FILE_PATH, "wb");

	assert_non_null(file);
	assert_int_equal(fwrite(made.bytes, 1, size, file), size);
	fclose(file);
}

static struct replay *open_made(void)
{
	struct replay *replay;
	char error[256];

	write_file(made.size);
	assert_int_equal(replay_open(FILE_PATH, &replay, error, sizeof(error)), 0);
	replay_set_clock(replay, NULL);
	return replay;
}

static void a_record_may_have_number_0(void **state)
{
	struct replay *replay;
	char error[256];
	bool open;
	int input;
	int ret;

	(void)state;
	write_file(made.size);
	input = no_input_begin();
	ret = replay_open(FILE_PATH, &replay, error, sizeof(error));
	open = number_0_is_open();
	no_input_end(input);
	assert_int_equal(ret, 0);
	assert_false(open);
	replay_close(replay);
}

static void expect_no_record(void)
{
	struct replay *replay;
	char error[256];

	write_file(made.size);
	assert_int_equal(replay_open(FILE_PATH, &replay, error, sizeof(error)), -EINVAL);
	assert_string_equal(error, "record " FILE_PATH
			    " cannot be used: it is no record of this version, or damaged");
}

/* The difference begins with where it was found. */
static void expect_difference(struct replay *replay, const char *text)
{
	assert_non_null(replay_difference(replay));
	assert_string_equal(replay_difference(replay), text);
	replay_close(replay);
}

static void expect_equal(struct replay *replay, uint64_t compared)
{
	if (replay_difference(replay))
		fail_msg("%s", replay_difference(replay));
	assert_int_equal(replay_compared(replay), compared);
	assert_true(replay_ended(replay));
	replay_close(replay);
}

/* A node's access. */
static struct port_agent node_agent(uint64_t serial)
{
	return (struct port_agent){ .id = 3, .asid = 1, .serial = serial };
}

static const struct port_agent core = { .id = PORT_AGENT_CORE };

static struct record_copy copy_of(const struct port_agent *agent, enum mmu_access access,
				  uint64_t va, uint64_t rows, uint64_t n)
{
	return (struct record_copy){
		.agent = agent->id, .asid = agent->asid, .serial = agent->serial,
		.access = access, .va = va, .rows = rows, .n = n,
	};
}

static void add_copy(const struct record_copy *copy, const void *data)
{
	add_entry(RECORD_COPY, copy, sizeof(*copy), data, data ? copy->rows * copy->n : 0);
}

static int copy_now(struct replay *replay, const struct port_agent *agent,
		    enum mmu_access access, uint64_t va, size_t n, void *buf, uint64_t *fault)
{
	const struct port_rows rows = { .va = va, .rows = 1, .n = n, .buf = buf };

	return replay_copy(replay, agent, access, &rows, fault);
}

static void a_file_that_is_not_there_is_named(void **state)
{
	struct replay *replay;
	char error[256];

	(void)state;
	assert_int_equal(replay_open("nothing", &replay, error, sizeof(error)), -ENOENT);
	assert_string_equal(error, "record nothing cannot be used: No such file or directory");
}

static void a_header_is_the_least(void **state)
{
	struct record_header *header = (struct record_header *)made.bytes;
	struct replay *replay;

	(void)state;
	header->serial = 77;
	header->vectors = 2;
	replay = open_made();
	assert_int_equal(replay_header(replay)->serial, 77);
	assert_int_equal(replay_header(replay)->vectors, 2);
	expect_equal(replay, 0);
	made.size--;
	expect_no_record();
	made.size++;
	header->magic ^= 1;
	expect_no_record();
	header->magic ^= 1;
	header->version++;
	expect_no_record();
	header->version -= 2;
	expect_no_record();
}

/* Least bytes of what each type holds. */
static const struct {
	uint32_t type;
	uint32_t size;
} sizes[] = {
	{ RECORD_INPUT, sizeof(struct record_input) }, { RECORD_NODE, sizeof(struct record_node) },
	{ RECORD_DONE, sizeof(struct record_done) }, { RECORD_RAISE, sizeof(uint64_t) },
	{ RECORD_MEMORY, sizeof(struct record_memory) },
	{ RECORD_MMIO, sizeof(struct record_mmio) },
};

static void an_entry_has_all_its_members(void **state)
{
	static const uint8_t zeros[256];

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		begin();
		add_entry(sizes[i].type, zeros, sizes[i].size, NULL, 0);
		replay_close(open_made());
		begin();
		add_entry(sizes[i].type, zeros, sizes[i].size - 1, NULL, 0);
		expect_no_record();
	}
	begin();
	add_entry(0, zeros, sizeof(zeros), NULL, 0);
	expect_no_record();
	begin();
	add_entry(RECORD_MEMORY + 1, zeros, sizeof(zeros), NULL, 0);
	expect_no_record();
}

static void data_of_a_copy_are_its_rows(void **state)
{
	static const uint8_t data[64];
	static const struct {
		uint64_t rows;
		uint64_t n;
		size_t data;
	} bad[] = {
		{ 2, 8, 15 }, { 2, 8, 17 }, { 0, 8, 0 }, { 0, 0, 0 }, { 2, 0, 0 },
		{ 1ull << 61, 8, 0 },
	};
	struct record_copy copy = copy_of(&core, MMU_READ, 0, 2, 8);

	(void)state;
	add_entry(RECORD_COPY, &copy, sizeof(copy), data, 16);
	replay_close(open_made());
	for (unsigned int i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		begin();
		copy.rows = bad[i].rows;
		copy.n = bad[i].n;
		add_entry(RECORD_COPY, &copy, sizeof(copy), data, bad[i].data);
		expect_no_record();
	}
	/* A row of no bytes has none. */
	begin();
	copy.rows = 1;
	copy.n = 0;
	add_entry(RECORD_COPY, &copy, sizeof(copy), NULL, 0);
	replay_close(open_made());
	begin();
	copy.error = TSR_HW_ERR_FAULT_READ;
	copy.n = 8;
	add_entry(RECORD_COPY, &copy, sizeof(copy), NULL, 0);
	replay_close(open_made());
	begin();
	add_entry(RECORD_COPY, &copy, sizeof(copy), data, 8);
	expect_no_record();
}

/* Of the last entry any number of bytes may be missing; those before it count. */
static void a_last_entry_that_is_not_whole_is_dropped(void **state)
{
	const uint64_t vector = 1;
	size_t first;

	(void)state;
	add_entry(RECORD_RAISE, &vector, sizeof(vector), NULL, 0);
	first = made.size;
	add_entry(RECORD_RAISE, &vector, sizeof(vector), NULL, 0);
	for (size_t size = first; size < made.size; size++) {
		struct replay *replay;
		char error[256];

		write_file(size);
		assert_int_equal(replay_open(FILE_PATH, &replay, error, sizeof(error)), 0);
		assert_false(replay_ended(replay));
		replay_raise(replay, 1);
		expect_equal(replay, 1);
	}
}

static void an_interrupt_is_that_of_the_record(void **state)
{
	const uint64_t vector = 1;
	struct replay *replay;

	(void)state;
	add_entry(RECORD_RAISE, &vector, sizeof(vector), NULL, 0);
	replay = open_made();
	replay_raise(replay, 1);
	/* What comes behind the end is not compared. */
	replay_raise(replay, 0);
	expect_equal(replay, 1);
	replay = open_made();
	replay_raise(replay, 0);
	expect_difference(replay, "step 0, cycle 0: interrupt 0 where 1 was recorded");
}

static void the_first_difference_stays(void **state)
{
	const uint64_t vectors[] = { 1, 5 };
	struct replay *replay;

	(void)state;
	add_entry(RECORD_RAISE, &vectors[0], sizeof(vectors[0]), NULL, 0);
	add_entry(RECORD_RAISE, &vectors[1], sizeof(vectors[1]), NULL, 0);
	replay = open_made();
	replay_raise(replay, 0);
	replay_raise(replay, 1);
	replay_raise(replay, 5);
	replay_step(replay, 9);
	assert_int_equal(replay_compared(replay), 0);
	expect_difference(replay, "step 0, cycle 0: interrupt 0 where 1 was recorded");
}

/* Each type where another was recorded, by its name. */
static void another_kind_of_entry_is_named(void **state)
{
	static const char *const names[] = {
		"an input", "a copy", "the start of a node", "the end of a node",
		"where an operand lies",
	};
	static const uint32_t types[] = {
		RECORD_INPUT, RECORD_COPY, RECORD_NODE, RECORD_DONE, RECORD_MEMORY,
	};
	struct record_copy copy = copy_of(&core, MMU_READ, 0, 1, 128);
	static uint8_t data[256];

	(void)state;
	memcpy(data, &copy, sizeof(copy));
	for (unsigned int i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		struct replay *replay;
		char text[160];

		begin();
		add_entry(types[i], data, sizeof(copy) + 128, NULL, 0);
		replay = open_made();
		replay_raise(replay, 0);
		snprintf(text, sizeof(text),
			 "step 0, cycle 0: an interrupt where %s was recorded", names[i]);
		expect_difference(replay, text);
	}
}

static void an_entry_comes_at_its_step_and_cycle(void **state)
{
	const uint64_t vector = 1;
	struct replay *replay;

	(void)state;
	made.step = 3;
	now = 500;
	add_entry(RECORD_RAISE, &vector, sizeof(vector), NULL, 0);
	replay = open_made();
	replay_step(replay, 3);
	replay_raise(replay, 1);
	expect_equal(replay, 1);
	replay = open_made();
	replay_step(replay, 2);
	replay_raise(replay, 1);
	expect_difference(replay, "step 2, cycle 500: an interrupt, recorded at step 3, cycle 500");
	replay = open_made();
	replay_step(replay, 3);
	now = 499;
	replay_raise(replay, 1);
	expect_difference(replay, "step 3, cycle 499: an interrupt, recorded at step 3, cycle 500");
	now = 600;
	replay = open_made();
	replay_step(replay, 3);
	assert_null(replay_difference(replay));
	replay_step(replay, 4);
	expect_difference(replay, "step 4, cycle 600: an interrupt was recorded for step 3 and has "
			  "not come");
	replay = open_made();
	replay_stands_still(replay);
	expect_difference(replay,
			  "step 0, cycle 600: it stands still where an interrupt was recorded "
			  "for step 3");
}

static void standing_still_at_the_end_is_no_difference(void **state)
{
	struct replay *replay = open_made();

	(void)state;
	replay_stands_still(replay);
	replay_step(replay, 5);
	expect_equal(replay, 0);
}

static void inputs_are_those_of_their_step(void **state)
{
	const struct record_input wanted = { RECORD_INPUT_BELLS, 4, 5, 6 };
	const uint64_t vector = 0;
	struct record_input input;
	struct replay *replay;

	(void)state;
	add_entry(RECORD_INPUT, &wanted, sizeof(wanted), NULL, 0);
	add_entry(RECORD_RAISE, &vector, sizeof(vector), NULL, 0);
	made.step = 1;
	add_entry(RECORD_INPUT, &wanted, sizeof(wanted), NULL, 0);
	replay = open_made();
	assert_true(replay_next_input(replay, &input));
	assert_memory_equal(&input, &wanted, sizeof(input));
	assert_false(replay_next_input(replay, &input));
	replay_raise(replay, 0);
	assert_false(replay_next_input(replay, &input));
	replay_step(replay, 1);
	assert_true(replay_next_input(replay, &input));
	assert_false(replay_next_input(replay, &input));
	expect_equal(replay, 3);
	/* None after a difference. */
	replay = open_made();
	replay_raise(replay, 0);
	assert_false(replay_next_input(replay, &input));
	expect_difference(replay, "step 0, cycle 0: an interrupt where an input was recorded");
}

/* Accesses of registers are for the reader, those of nodes are looked up when they come. */
static void what_has_no_order_is_passed_over(void **state)
{
	static const uint8_t data[8] = "8 bytes";
	const struct port_agent agent = node_agent(1);
	const struct record_copy copy = copy_of(&agent, MMU_READ, 0x1000, 1, 8);
	const struct record_mmio mmio = { 0 };
	const uint64_t vector = 0;
	struct replay *replay;

	(void)state;
	add_entry(RECORD_MMIO, &mmio, sizeof(mmio), NULL, 0);
	add_copy(&copy, data);
	replay = open_made();
	assert_true(replay_ended(replay));
	replay_raise(replay, 0);
	expect_equal(replay, 0);
	add_entry(RECORD_RAISE, &vector, sizeof(vector), NULL, 0);
	replay = open_made();
	assert_false(replay_ended(replay));
	replay_raise(replay, 0);
	expect_equal(replay, 1);
}

static void the_core_reads_what_was_recorded(void **state)
{
	static const struct port_agent agents[] = {
		{ .id = PORT_AGENT_ROM }, { .id = PORT_AGENT_CORE },
		{ .id = PORT_AGENT_CORE, .asid = 9 },
	};
	uint64_t fault = 7;
	char buf[8];

	(void)state;
	for (unsigned int i = 0; i < sizeof(agents) / sizeof(agents[0]); i++) {
		const struct record_copy copy = copy_of(&agents[i], MMU_READ, 0x1000, 1, 8);
		struct replay *replay;

		begin();
		add_copy(&copy, "recorded");
		replay = open_made();
		memset(buf, 0, sizeof(buf));
		assert_int_equal(copy_now(replay, &agents[i], MMU_READ, 0x1000, 8, buf, &fault), 0);
		assert_memory_equal(buf, "recorded", 8);
		/* Behind the end nothing is there. */
		assert_int_equal(copy_now(replay, &agents[i], MMU_READ, 0x1000, 8, buf, &fault),
				 PORT_CLOSED);
		expect_equal(replay, 1);
	}
}

static void the_core_writes_what_was_recorded(void **state)
{
	const struct record_copy copy = copy_of(&core, MMU_WRITE, 0x1000, 1, 8);
	char written[] = "recorded";
	struct replay *replay;
	uint64_t fault;

	(void)state;
	add_copy(&copy, "recorded");
	replay = open_made();
	assert_int_equal(copy_now(replay, &core, MMU_WRITE, 0x1000, 8, written, &fault), 0);
	assert_string_equal(written, "recorded");
	expect_equal(replay, 1);
	replay = open_made();
	written[7]++;
	assert_int_equal(copy_now(replay, &core, MMU_WRITE, 0x1000, 8, written, &fault),
			 PORT_CLOSED);
	assert_int_equal(replay_compared(replay), 0);
	expect_difference(replay,
			  "step 0, cycle 0: other contents of a write of 8 bytes at 0x1000");
}

static void a_fault_of_the_core_is_told_again(void **state)
{
	struct record_copy copy = copy_of(&core, MMU_WRITE, 0x1000, 1, 8);
	char buf[] = "anything";
	struct replay *replay;
	uint64_t fault = 0;

	(void)state;
	copy.error = TSR_HW_ERR_FAULT_WRITE;
	copy.fault = 0x1004;
	add_copy(&copy, NULL);
	copy.access = MMU_READ;
	copy.error = TSR_HW_ERR_FAULT_READ;
	add_copy(&copy, NULL);
	replay = open_made();
	assert_int_equal(copy_now(replay, &core, MMU_WRITE, 0x1000, 8, buf, &fault),
			 TSR_HW_ERR_FAULT_WRITE);
	assert_int_equal(fault, 0x1004);
	assert_int_equal(copy_now(replay, &core, MMU_READ, 0x1000, 8, buf, &fault),
			 TSR_HW_ERR_FAULT_READ);
	assert_string_equal(buf, "anything");
	expect_equal(replay, 2);
}

/* One thing is another than in the record. */
static void another_copy_of_the_core_differs(void **state)
{
	const struct port_agent agent = { .id = PORT_AGENT_CORE, .asid = 4 };
	const struct record_copy copy = copy_of(&agent, MMU_READ, 0x1000, 1, 8);
	static const struct {
		struct port_agent agent;
		enum mmu_access access;
		struct port_rows rows;
	} other[] = {
		{ { .id = PORT_AGENT_ROM, .asid = 4 }, MMU_READ, { 0x1000, 0, 1, 8, NULL, 0 } },
		{ { .id = PORT_AGENT_CORE, .asid = 5 }, MMU_READ, { 0x1000, 0, 1, 8, NULL, 0 } },
		{ { .id = PORT_AGENT_CORE, .asid = 4 }, MMU_FETCH, { 0x1000, 0, 1, 8, NULL, 0 } },
		{ { .id = PORT_AGENT_CORE, .asid = 4 }, MMU_READ, { 0x1008, 0, 1, 8, NULL, 0 } },
		{ { .id = PORT_AGENT_CORE, .asid = 4 }, MMU_READ, { 0x1000, 0, 1, 7, NULL, 0 } },
		{ { .id = PORT_AGENT_CORE, .asid = 4 }, MMU_READ, { 0x1000, 0, 2, 8, NULL, 0 } },
	};

	(void)state;
	add_copy(&copy, "recorded");
	for (unsigned int i = 0; i < sizeof(other) / sizeof(other[0]); i++) {
		struct replay *replay = open_made();
		struct port_rows rows = other[i].rows;
		char buf[16] = "", text[160];
		uint64_t fault;

		rows.buf = buf;
		assert_int_equal(replay_copy(replay, &other[i].agent, other[i].access, &rows,
					     &fault), PORT_CLOSED);
		assert_string_equal(buf, "");
		snprintf(text, sizeof(text),
			 "step 0, cycle 0: a copy of %zu bytes at 0x%llx where 8 "
			 "at 0x1000 were recorded",
			 rows.n, (unsigned long long)rows.va);
		expect_difference(replay, text);
	}
}

static void where_an_operand_lies_is_as_recorded(void **state)
{
	const struct record_memory there = { 6, 0x5000, 1 }, here = { 6, 0x6000, 0 };
	const struct port_agent agent = node_agent(6), other = node_agent(7);
	struct replay *replay;

	(void)state;
	add_entry(RECORD_MEMORY, &there, sizeof(there), NULL, 0);
	add_entry(RECORD_MEMORY, &here, sizeof(here), NULL, 0);
	replay = open_made();
	assert_true(replay_memory(replay, &agent, 0x5000));
	assert_false(replay_memory(replay, &agent, 0x6000));
	assert_false(replay_memory(replay, &agent, 0x5000));
	expect_equal(replay, 2);
	replay = open_made();
	assert_false(replay_memory(replay, &agent, 0x5008));
	expect_difference(replay, "step 0, cycle 0: an operand at 0x5008 where one at 0x5000 was "
			  "recorded");
	replay = open_made();
	assert_false(replay_memory(replay, &other, 0x5000));
	expect_difference(replay, "step 0, cycle 0: an operand at 0x5000 where one at 0x5000 was "
			  "recorded");
}

static void faults_of_a_node_are_those_that_were_injected(void **state)
{
	const struct record_node recorded = { 4, 1, 1, 10, 20 };
	struct record_node node = { .serial = 4 };
	struct replay *replay;

	(void)state;
	add_entry(RECORD_NODE, &recorded, sizeof(recorded), NULL, 0);
	replay = open_made();
	replay_node(replay, &node);
	assert_memory_equal(&node, &recorded, sizeof(node));
	expect_equal(replay, 1);
	replay = open_made();
	node = (struct record_node){ .serial = 5 };
	replay_node(replay, &node);
	assert_int_equal(node.hang, 0);
	expect_difference(replay, "step 0, cycle 0: another node starts");
}

static void a_node_ends_as_it_did(void **state)
{
	const struct record_done recorded = { 4, TSR_HW_ERR_FAULT_READ, 0x1000, 900 };
	struct replay *replay;

	(void)state;
	add_entry(RECORD_DONE, &recorded, sizeof(recorded), NULL, 0);
	replay = open_made();
	replay_done(replay, &recorded);
	expect_equal(replay, 1);
	for (unsigned int word = 0; word < sizeof(recorded) / sizeof(uint64_t); word++) {
		struct record_done done = recorded;
		char text[200];

		((uint64_t *)&done)[word] += 2;
		replay = open_made();
		replay_done(replay, &done);
		snprintf(text, sizeof(text),
			 "step 0, cycle 0: node %llu ends with error %llu at cycle "
			 "%llu where %d, 900 was recorded",
			 (unsigned long long)done.serial, (unsigned long long)done.error,
			 (unsigned long long)done.end, TSR_HW_ERR_FAULT_READ);
		expect_difference(replay, text);
	}
}

static void add_done(uint64_t serial)
{
	const struct record_done done = { .serial = serial };

	add_entry(RECORD_DONE, &done, sizeof(done), NULL, 0);
}

static void end_node(struct replay *replay, uint64_t serial)
{
	replay_done(replay, &(struct record_done){ .serial = serial });
}

/* The node's accesses may be cut in another way, and come in another order. */
static void a_node_finds_its_bytes_by_address(void **state)
{
	const struct port_agent agent = node_agent(2);
	struct record_copy copy = copy_of(&agent, MMU_READ, 0x1000, 3, 8);
	char buf[24] = "", again[2][4];
	struct port_rows rows = { 0x1004, 0x100, 2, 4, again, 4 };
	struct replay *replay;
	uint64_t fault;

	(void)state;
	copy.stride = 0x100;
	add_copy(&copy, "abcdefghijklmnopqrstuvwx");
	copy = copy_of(&agent, MMU_READ, 0x1008, 1, 8);
	add_copy(&copy, "01234567");
	add_done(2);
	replay = open_made();
	assert_int_equal(copy_now(replay, &agent, MMU_READ, 0x1200, 8, buf, &fault), 0);
	assert_memory_equal(buf, "qrstuvwx", 8);
	assert_int_equal(copy_now(replay, &agent, MMU_READ, 0x1000, 16, buf, &fault), 0);
	assert_memory_equal(buf, "abcdefgh01234567", 16);
	assert_int_equal(replay_copy(replay, &agent, MMU_READ, &rows, &fault), 0);
	assert_memory_equal(again, "efghmnop", 8);
	end_node(replay, 2);
	expect_equal(replay, 1);
}

static void an_access_that_was_not_recorded_is_told_when_its_node_ends(void **state)
{
	const struct port_agent agent = node_agent(2);
	const struct record_copy copy = copy_of(&agent, MMU_READ, 0x1000, 1, 8);
	struct replay *replay;
	uint64_t fault;
	char buf[16];

	(void)state;
	add_copy(&copy, "abcdefgh");
	add_done(2);
	replay = open_made();
	assert_int_equal(copy_now(replay, &agent, MMU_READ, 0x1000, 9, buf, &fault), PORT_CLOSED);
	assert_null(replay_difference(replay));
	/* The first of several. */
	assert_int_equal(copy_now(replay, &agent, MMU_READ, 0xfff, 1, buf, &fault), PORT_CLOSED);
	end_node(replay, 2);
	expect_difference(replay,
			  "step 0, cycle 0: node 2 makes an access not recorded at 0x1008");
	replay = open_made();
	assert_int_equal(copy_now(replay, &agent, MMU_WRITE, 0x1000, 1, buf, &fault), PORT_CLOSED);
	end_node(replay, 2);
	expect_difference(replay,
			  "step 0, cycle 0: node 2 makes an access not recorded at 0x1000");
}

static void other_bytes_that_a_node_writes_are_told_when_it_ends(void **state)
{
	const struct port_agent agent = node_agent(2);
	const struct record_copy copy = copy_of(&agent, MMU_WRITE, 0x1000, 1, 8);
	char good[] = "abcdefgh", bad[] = "abcdefgi";
	struct replay *replay;
	uint64_t fault;

	(void)state;
	add_copy(&copy, "abcdefgh");
	add_done(2);
	replay = open_made();
	assert_int_equal(copy_now(replay, &agent, MMU_WRITE, 0x1000, 8, good, &fault), 0);
	end_node(replay, 2);
	expect_equal(replay, 1);
	replay = open_made();
	assert_int_equal(copy_now(replay, &agent, MMU_WRITE, 0x1000, 8, bad, &fault), 0);
	end_node(replay, 2);
	expect_difference(replay, "step 0, cycle 0: node 2 writes other contents at 0x1000");
}

/* An aborted node may have come further than it did. */
static void trouble_of_a_node_that_does_not_end_is_dropped(void **state)
{
	const struct port_agent aborted = node_agent(2);
	struct replay *replay;
	uint64_t fault;
	char buf[8];

	(void)state;
	add_done(1);
	add_done(3);
	replay = open_made();
	assert_int_equal(copy_now(replay, &aborted, MMU_READ, 0x1000, 8, buf, &fault),
			 PORT_CLOSED);
	end_node(replay, 1);
	end_node(replay, 3);
	expect_equal(replay, 2);
	/* It does not hide that of the node behind it. */
	begin();
	add_done(3);
	add_done(4);
	replay = open_made();
	assert_int_equal(copy_now(replay, &aborted, MMU_READ, 0x1000, 8, buf, &fault),
			 PORT_CLOSED);
	end_node(replay, 3);
	assert_int_equal(copy_now(replay, &(struct port_agent){ .id = 3, .asid = 1, .serial = 4 },
				  MMU_READ, 0x2000, 8, buf, &fault), PORT_CLOSED);
	end_node(replay, 4);
	expect_difference(replay,
			  "step 0, cycle 0: node 4 makes an access not recorded at 0x2000");
}

static void a_fault_of_a_node_comes_at_its_address(void **state)
{
	static const struct {
		uint64_t serial;
		enum mmu_access access;
		uint64_t va;
		size_t n;
	} elsewhere[] = {
		{ 2, MMU_READ, 0x1000, 6 }, { 2, MMU_READ, 0x1007, 8 }, { 2, MMU_WRITE, 0x1000, 8 },
		{ 3, MMU_READ, 0x1000, 8 }, { 2, MMU_READ, 0x3000, 8 },
	};
	const struct port_agent agent = node_agent(2);
	struct record_copy copy = copy_of(&agent, MMU_READ, 0x1000, 1, 8);
	struct replay *replay;
	uint64_t fault = 0;
	char buf[32];

	(void)state;
	copy.error = TSR_HW_ERR_FAULT_READ;
	copy.fault = 0x1006;
	add_copy(&copy, NULL);
	/* Of an access that was closed there is nothing to know. */
	copy.error = PORT_CLOSED;
	copy.fault = 0x3000;
	add_copy(&copy, NULL);
	add_done(2);
	replay = open_made();
	assert_int_equal(copy_now(replay, &agent, MMU_READ, 0x1000, 7, buf, &fault),
			 TSR_HW_ERR_FAULT_READ);
	assert_int_equal(fault, 0x1006);
	assert_int_equal(copy_now(replay, &agent, MMU_READ, 0x1006, 1, buf, &fault),
			 TSR_HW_ERR_FAULT_READ);
	end_node(replay, 2);
	expect_equal(replay, 1);
	for (unsigned int i = 0; i < sizeof(elsewhere) / sizeof(elsewhere[0]); i++) {
		const struct port_agent its = node_agent(elsewhere[i].serial);

		replay = open_made();
		assert_int_equal(copy_now(replay, &its, elsewhere[i].access, elsewhere[i].va,
					  elsewhere[i].n, buf, &fault), PORT_CLOSED);
		replay_close(replay);
	}
}

/* Read and written by turns, an address has its bytes in the order of the accesses. */
static void bytes_of_one_address_come_in_order(void **state)
{
	const struct port_agent agent = node_agent(2);
	const struct record_copy copy = copy_of(&agent, MMU_READ, 0x1000, 1, 4);
	struct replay *replay;
	char buf[4];
	uint64_t fault;

	(void)state;
	add_copy(&copy, "1111");
	add_copy(&copy, "2222");
	add_copy(&copy, "3333");
	replay = open_made();
	for (char digit = '1'; digit <= '3'; digit++) {
		/* In two halves, as another cut would have it. */
		for (unsigned int half = 0; half < 2; half++) {
			assert_int_equal(copy_now(replay, &agent, MMU_READ, 0x1000 + 2 * half, 2,
						  buf, &fault), 0);
			assert_int_equal(buf[0], digit);
			assert_int_equal(buf[1], digit);
		}
	}
	replay_close(replay);
}

#define ENTRY_TEST(function) cmocka_unit_test_setup(function, setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ENTRY_TEST(a_file_that_is_not_there_is_named),
		ENTRY_TEST(a_record_may_have_number_0),
		ENTRY_TEST(a_header_is_the_least),
		ENTRY_TEST(an_entry_has_all_its_members),
		ENTRY_TEST(data_of_a_copy_are_its_rows),
		ENTRY_TEST(a_last_entry_that_is_not_whole_is_dropped),
		ENTRY_TEST(an_interrupt_is_that_of_the_record),
		ENTRY_TEST(the_first_difference_stays),
		ENTRY_TEST(another_kind_of_entry_is_named),
		ENTRY_TEST(an_entry_comes_at_its_step_and_cycle),
		ENTRY_TEST(standing_still_at_the_end_is_no_difference),
		ENTRY_TEST(inputs_are_those_of_their_step),
		ENTRY_TEST(what_has_no_order_is_passed_over),
		ENTRY_TEST(the_core_reads_what_was_recorded),
		ENTRY_TEST(the_core_writes_what_was_recorded),
		ENTRY_TEST(a_fault_of_the_core_is_told_again),
		ENTRY_TEST(another_copy_of_the_core_differs),
		ENTRY_TEST(where_an_operand_lies_is_as_recorded),
		ENTRY_TEST(faults_of_a_node_are_those_that_were_injected),
		ENTRY_TEST(a_node_ends_as_it_did),
		ENTRY_TEST(a_node_finds_its_bytes_by_address),
		ENTRY_TEST(an_access_that_was_not_recorded_is_told_when_its_node_ends),
		ENTRY_TEST(other_bytes_that_a_node_writes_are_told_when_it_ends),
		ENTRY_TEST(trouble_of_a_node_that_does_not_end_is_dropped),
		ENTRY_TEST(a_fault_of_a_node_comes_at_its_address),
		ENTRY_TEST(bytes_of_one_address_come_in_order),
	};

	own_folder_enter();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
