// SPDX-License-Identifier: MIT
/*
 * What a node's computation reaches through its job, with a port, tile and
 * account of the test's own.
 */
#include <stdlib.h>
#include <string.h>

#include <tsr_hw/error.h>

#include "cmocka_prelude.h"
#include "engine/account.h"
#include "engine/job.h"
#include "engine/resident.h"
#include "inject.h"

/* Host memory: pages of the node's address space, of which some are missing, lie apart here. */
#define PAGE		4096u
#define PAGES		4u
#define MISSING		(PAGES * PAGE)
#define TOKEN		0x1234

static char memory[PAGES][2 * PAGE];

/* The port, and what it was asked for. */
static struct {
	unsigned int epoch;
	bool refuses;		/* to open windows */
	bool adjacent;		/* pages follow each other */
	int error;
	struct port_rows copied;
	enum mmu_access access;
	unsigned int copies;
	unsigned int opened;
	unsigned int closed;
	unsigned int used;
	struct port_rows last_used;
	enum mmu_access last_access;
	uint64_t progress_at;
	uint64_t progress;
} port;

/* The tile, the account, and the set of faults. */
static struct {
	void (*execute)(const struct tile_memory *memory);
	unsigned int executed;
	unsigned int freed;
	uint64_t steps;		/* that there are to count */
	uint64_t counted;
	unsigned int calls;
	bool exceeded;
	const uint64_t *reported;
	unsigned int woken;
	struct tile_flip returned;
} tile;

static const uint64_t steps_of_commands[] = { 5, 6 };

unsigned int port_epoch(const struct port *asked)
{
	assert_ptr_equal(asked, &port);
	return port.epoch;
}

int port_copy(struct port *asked, const struct port_agent *agent, enum mmu_access access,
	      const struct port_rows *rows, uint64_t *fault)
{
	assert_ptr_equal(asked, &port);
	assert_int_equal(agent->asid, 3);
	port.copied = *rows;
	port.access = access;
	port.copies++;
	*fault = rows->va + 7;
	return port.error;
}

bool port_window_open(struct port *asked, const struct port_agent *agent, uint64_t *token)
{
	(void)asked;
	assert_int_equal(agent->asid, 3);
	if (port.refuses)
		return false;
	port.opened++;
	*token = TOKEN;
	return true;
}

void port_window_close(struct port *asked)
{
	(void)asked;
	port.closed++;
}

struct mmu_cursor port_window_cursor(const struct port *asked, const struct port_agent *agent,
				     enum mmu_access access)
{
	(void)asked;
	return (struct mmu_cursor){ .asid = agent->asid, .access = access };
}

char *port_window_find(struct port *asked, struct mmu_cursor *cursor, uint64_t va, size_t *len)
{
	size_t rest = PAGE - va % PAGE;

	(void)asked;
	assert_int_equal(cursor->asid, 3);
	port.access = cursor->access;
	if (va >= MISSING)
		return NULL;
	if (*len > rest)
		*len = rest;
	return port.adjacent ? memory[0] + va : memory[va / PAGE] + va % PAGE;
}

void port_window_used(struct port *asked, const struct port_agent *agent, enum mmu_access access,
		      uint64_t token, uint64_t va, uint64_t n)
{
	(void)asked;
	assert_int_equal(agent->asid, 3);
	assert_int_equal(token, TOKEN);
	/* While it is open. */
	assert_int_equal(port.closed, port.opened - 1);
	port.used++;
	port.last_used = (struct port_rows){ .va = va, .n = n };
	port.last_access = access;
}

uint64_t port_version(struct port *asked, const struct port_agent *agent, uint64_t va, uint64_t n)
{
	(void)asked;
	assert_int_equal(agent->asid, 3);
	return va + n;
}

void port_progress(struct port *asked, const struct port_agent *agent, uint64_t address,
		   uint64_t blocks)
{
	(void)asked;
	assert_int_equal(agent->asid, 3);
	port.progress_at = address;
	port.progress += blocks;
}

bool port_is_local(struct port *asked, const struct port_agent *agent, uint64_t va)
{
	(void)asked;
	assert_int_equal(agent->asid, 3);
	return va == 0x77000;
}

bool account_reach(struct account *account, uint64_t steps)
{
	assert_ptr_equal(account, &tile);
	tile.counted = steps;
	tile.calls++;
	return steps >= tile.steps;
}

bool account_exceeded(struct account *account, uint64_t steps)
{
	assert_ptr_equal(account, &tile);
	assert_int_equal(steps, UINT64_MAX);
	return tile.exceeded;
}

const uint64_t *account_steps(const struct account *account)
{
	assert_ptr_equal(account, &tile);
	return steps_of_commands;
}

void account_destroy(struct account *account)
{
	tile.freed += account == (void *)&tile;
}

void measure_free(struct measured *measured)
{
	(void)measured;
}

void tile_report(struct tile_job *job, const uint64_t *steps)
{
	(void)job;
	tile.reported = steps;
}

void tile_free(struct tile_job *job)
{
	(void)job;
}

/* The weight's bit error is made, the result's is not. */
void tile_execute(struct tile_job *job, const struct tile_memory *accessors,
		  struct tile_flip *flip, struct tile_result *result)
{
	(void)job;
	(void)result;
	tile.executed++;
	flip->weight_bit = TILE_FLIP_NONE;
	if (tile.execute)
		tile.execute(accessors);
}

static void return_flip(struct inject *inject, const struct tile_flip *flip);

static const struct inject_ops inject_ops = { .return_flip = return_flip };
static struct inject inject = { .ops = &inject_ops };

static void return_flip(struct inject *set, const struct tile_flip *flip)
{
	assert_ptr_equal(set, &inject);
	tile.returned = *flip;
}

static void wake(void *ctx)
{
	assert_ptr_equal(ctx, &tile);
	tile.woken++;
}

static int setup(void **state)
{
	struct job *job = job_create((struct port *)&port, &inject);

	if (!job)
		return -1;
	memset(&port, 0, sizeof(port));
	memset(&tile, 0, sizeof(tile));
	job->agent.asid = 3;
	job->progress = 0x5550;
	job->wake = wake;
	job->ctx = &tile;
	*state = job;
	return 0;
}

static int teardown(void **state)
{
	job_put(*state);
	return 0;
}

/* Run a node that does this. */
static void computing(struct job *job, void (*execute)(const struct tile_memory *memory))
{
	tile.execute = execute;
	job_run(job);
	assert_int_equal(tile.executed, 1);
	assert_int_equal(port.closed, port.opened);
}

static void open_over_pages(const struct tile_memory *access)
{
	struct tile_window window = {
		.ranges = 2,
		.range = { { .va = 100, .n = 2 * PAGE },
			   { .va = 2 * PAGE, .n = 64, .write = true } },
	};

	assert_true(access->open(access->ctx, &window));
	assert_int_equal(port.access, MMU_WRITE);
	assert_int_equal(window.range[0].parts, 3);
	assert_ptr_equal(window.range[0].part[0].at, memory[0] + 100);
	assert_int_equal(window.range[0].part[0].n, PAGE - 100);
	assert_ptr_equal(window.range[0].part[1].at, memory[1]);
	assert_int_equal(window.range[0].part[1].n, PAGE);
	assert_ptr_equal(window.range[0].part[2].at, memory[2]);
	assert_int_equal(window.range[0].part[2].n, 100);
	assert_int_equal(window.range[1].parts, 1);
	assert_ptr_equal(window.range[1].part[0].at, memory[2]);
	assert_int_equal(window.range[1].part[0].n, 64);
	access->close(access->ctx, &window);
	assert_int_equal(port.used, 2);
	assert_int_equal(port.last_access, MMU_WRITE);
	assert_int_equal(port.last_used.va, 2 * PAGE);
	assert_int_equal(port.last_used.n, 64);
}

static void a_window_shows_its_pages_and_tells_what_was_used(void **state)
{
	computing(*state, open_over_pages);
	assert_int_equal(port.opened, 1);
}

static void open_adjacent(const struct tile_memory *access)
{
	struct tile_window window = { .ranges = 1, .range = { { .va = 100, .n = PAGE } } };

	assert_true(access->open(access->ctx, &window));
	assert_int_equal(port.access, MMU_READ);
	assert_int_equal(window.range[0].parts, 1);
	assert_ptr_equal(window.range[0].part[0].at, memory[0] + 100);
	assert_int_equal(window.range[0].part[0].n, PAGE);
	access->close(access->ctx, &window);
	assert_int_equal(port.last_access, MMU_READ);
}

static void pages_that_follow_each_other_are_one_part(void **state)
{
	port.adjacent = true;
	computing(*state, open_adjacent);
}

static void open_what_is_missing(const struct tile_memory *access)
{
	struct tile_window window = {
		.ranges = 2, .range = { { .va = 0, .n = 8 }, { .va = MISSING - 8, .n = 16 } },
	};

	assert_false(access->open(access->ctx, &window));
	assert_int_equal(port.opened, 1);
	assert_int_equal(port.closed, 1);
	/* What is resident has no pages at all. */
	window.range[1].va = TILE_RESIDENT;
	assert_false(access->open(access->ctx, &window));
	assert_int_equal(port.opened, 2);
	window.range[1].va = MISSING - 16;
	assert_true(access->open(access->ctx, &window));
	assert_int_equal(port.closed, 2);
	access->close(access->ctx, &window);
}

static void a_window_that_cannot_be_had_is_closed(void **state)
{
	computing(*state, open_what_is_missing);
}

static void open_in_vain(const struct tile_memory *access)
{
	struct tile_window window = { .ranges = 1, .range = { { .va = 0, .n = 8 } } };

	assert_false(access->open(access->ctx, &window));
	assert_int_equal(port.closed, 0);
}

static void what_the_port_refuses_is_not_closed(void **state)
{
	port.refuses = true;
	computing(*state, open_in_vain);
}

static void copy_all_ways(const struct tile_memory *access)
{
	char bytes[64];
	uint64_t fault;

	assert_int_equal(access->read(access->ctx, 0x4000, 9, bytes, &fault), port.error);
	assert_int_equal(port.access, MMU_READ);
	assert_int_equal(port.copied.rows, 1);
	assert_int_equal(port.copied.n, 9);
	assert_int_equal(fault, 0x4007);
	assert_int_equal(access->write(access->ctx, 0x5000, 8, bytes, &fault), port.error);
	assert_int_equal(port.access, MMU_WRITE);
	assert_int_equal(port.copied.rows, 1);
	assert_int_equal(fault, 0x5007);
	assert_int_equal(access->read_rows(access->ctx, 0x6000, 32, 3, 4, bytes, 5, &fault),
			 port.error);
	assert_int_equal(port.access, MMU_READ);
	assert_int_equal(port.copied.stride, 32);
	assert_int_equal(port.copied.buf_stride, 5);
	assert_int_equal(access->write_rows(access->ctx, TILE_RESIDENT - 1, 32, 3, 4, bytes, 6,
					    &fault),
			 port.error);
	assert_int_equal(port.access, MMU_WRITE);
	assert_int_equal(port.copied.rows, 3);
	assert_int_equal(port.copied.buf_stride, 6);
	assert_int_equal(port.copies, 4);
}

static void copies_are_the_port_s_and_so_are_their_errors(void **state)
{
	port.error = TSR_HW_ERR_FAULT_READ;
	computing(*state, copy_all_ways);
}

static void copy_closed(const struct tile_memory *access)
{
	uint64_t fault;
	char byte;

	assert_int_equal(access->read(access->ctx, 0, 1, &byte, &fault), TSR_HW_ERR_KILLED);
}

static void a_copy_of_a_closed_agent_is_that_of_a_node_that_was_killed(void **state)
{
	port.error = PORT_CLOSED;
	computing(*state, copy_closed);
}

static void copy_resident(const struct tile_memory *access)
{
	char byte = 'x', back = 0;
	uint64_t fault;

	assert_int_equal(access->write(access->ctx, TILE_RESIDENT, 1, &byte, &fault), 0);
	assert_int_equal(access->read(access->ctx, TILE_RESIDENT, 1, &back, &fault), 0);
	assert_int_equal(back, 'x');
	assert_int_equal(access->read(access->ctx, TILE_RESIDENT + 16, 1, &back, &fault),
			 TSR_HW_ERR_FAULT_READ);
	assert_int_equal(port.copies, 0);
	assert_int_equal(access->version(access->ctx, TILE_RESIDENT, 1), 0);
	assert_int_equal(access->version(access->ctx, TILE_RESIDENT - 16, 1), TILE_RESIDENT - 15);
}

static void what_is_resident_is_the_job_s_own(void **state)
{
	struct job *job = *state;

	job->resident = resident_create(16);
	computing(job, copy_resident);
}

static void advance(const struct tile_memory *access)
{
	access->progress(access->ctx, 4);
	access->progress(access->ctx, 5);
}

static void progress_is_added_to_the_job_s_word(void **state)
{
	computing(*state, advance);
	assert_int_equal(port.progress_at, 0x5550);
	assert_int_equal(port.progress, 9);
}

static void go_on(const struct tile_memory *access)
{
	struct job *job = access->ctx;

	assert_false(access->aborted(access->ctx));
	port.epoch++;
	assert_true(access->aborted(access->ctx));
	port.epoch--;
	atomic_store(&job->agent.closed, true);
	assert_true(access->aborted(access->ctx));
}

static void a_node_is_aborted_by_a_reset_or_alone(void **state)
{
	computing(*state, go_on);
}

static void a_node_that_is_aborted_already_is_not_computed(void **state)
{
	struct job *job = *state;

	job->flip = (struct tile_flip){ 4, 5 };
	port.epoch++;
	job_run(job);
	assert_int_equal(tile.executed, 0);
	assert_int_equal(tile.returned.weight_bit, 4);
	assert_int_equal(tile.returned.result_bit, 5);
}

static void bit_errors_that_are_not_made_are_given_back(void **state)
{
	struct job *job = *state;

	computing(job, NULL);
	assert_int_equal(tile.returned.result_bit, TILE_FLIP_NONE);
	tile.executed = 0;
	job->flip = (struct tile_flip){ 4, 5 };
	computing(job, NULL);
	assert_int_equal(tile.returned.weight_bit, TILE_FLIP_NONE);
	assert_int_equal(tile.returned.result_bit, 5);
}

static void count_up_to(struct job *job, uint64_t steps)
{
	memset(&tile, 0, sizeof(tile));
	tile.steps = steps;
	job->account = (struct account *)&tile;
	computing(job, NULL);
}

static void steps_are_counted_before_a_node_is_computed(void **state)
{
	struct job *job = *state;

	count_up_to(job, 17);
	assert_int_equal(tile.calls, 2);
	assert_ptr_equal(tile.reported, steps_of_commands);
	count_up_to(job, 1 << 14);
	assert_int_equal(tile.calls, 1 << 10);
	assert_ptr_equal(tile.reported, steps_of_commands);
	assert_int_equal(tile.woken, 0);
	assert_false(atomic_load(&job->endless));
}

static void a_node_with_too_many_steps_to_count_is_computed_at_once(void **state)
{
	struct job *job = *state;

	count_up_to(job, (1 << 14) + 1);
	assert_int_equal(tile.counted, 1 << 14);
	assert_null(tile.reported);
	assert_int_equal(tile.woken, 1);
	assert_true(atomic_load(&job->endless));
}

static void a_node_beyond_its_budget_is_not_computed(void **state)
{
	struct job *job = *state;

	tile.exceeded = true;
	job->account = (struct account *)&tile;
	job_run(job);
	assert_int_equal(job->result.error, TSR_HW_ERR_BUDGET);
	assert_int_equal(tile.executed, 0);
	assert_null(tile.reported);
}

static void control_data_is_read_row_after_row(void **state)
{
	char bytes[12];

	job_read(*state, 0x4000, 100, 3, 4, bytes);
	assert_int_equal(port.access, MMU_READ);
	assert_int_equal(port.copied.va, 0x4000);
	assert_int_equal(port.copied.stride, 100);
	assert_int_equal(port.copied.rows, 3);
	assert_int_equal(port.copied.n, 4);
	assert_ptr_equal(port.copied.buf, bytes);
	assert_int_equal(port.copied.buf_stride, 4);
	assert_int_equal(job_memory(*state, 0x77000), MEMORY_LOCAL);
	assert_int_equal(job_memory(*state, 0x78000), MEMORY_SYSTEM);
}

static void the_last_reference_releases_what_a_job_has(void **state)
{
	struct job *job = job_create((struct port *)&port, NULL);

	(void)state;
	job->account = (struct account *)&tile;
	assert_ptr_equal(job_get(job), job);
	job_put(job);
	assert_int_equal(tile.freed, 0);
	job_finish(job);
	assert_true(atomic_load(&job->ready));
	job_put(job);
	assert_int_equal(tile.freed, 1);
	job_put(NULL);
}

#define JOB_TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		JOB_TEST(a_window_shows_its_pages_and_tells_what_was_used),
		JOB_TEST(pages_that_follow_each_other_are_one_part),
		JOB_TEST(a_window_that_cannot_be_had_is_closed),
		JOB_TEST(what_the_port_refuses_is_not_closed),
		JOB_TEST(copies_are_the_port_s_and_so_are_their_errors),
		JOB_TEST(a_copy_of_a_closed_agent_is_that_of_a_node_that_was_killed),
		JOB_TEST(what_is_resident_is_the_job_s_own),
		JOB_TEST(progress_is_added_to_the_job_s_word),
		JOB_TEST(a_node_is_aborted_by_a_reset_or_alone),
		JOB_TEST(a_node_that_is_aborted_already_is_not_computed),
		JOB_TEST(bit_errors_that_are_not_made_are_given_back),
		JOB_TEST(steps_are_counted_before_a_node_is_computed),
		JOB_TEST(a_node_with_too_many_steps_to_count_is_computed_at_once),
		JOB_TEST(a_node_beyond_its_budget_is_not_computed),
		JOB_TEST(control_data_is_read_row_after_row),
		JOB_TEST(the_last_reference_releases_what_a_job_has),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
