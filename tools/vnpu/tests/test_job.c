// SPDX-License-Identifier: MIT
/* What a node's computation reaches through its job, with a port, tile and account of the test's own. */
#include <stdlib.h>
#include <string.h>

#include <tsr_hw/error.h>

#include "cmocka_prelude.h"
#include "engine/account.h"
#include "engine/job.h"
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
	enum mmu_access access;
	unsigned int opened;
	unsigned int closed;
	unsigned int used;
	struct port_rows last_used;
	enum mmu_access last_access;
} port;

/* The tile. */
static struct {
	void (*execute)(const struct tile_memory *memory);
	unsigned int executed;
} tile;

unsigned int port_epoch(const struct port *asked)
{
	assert_ptr_equal(asked, &port);
	return port.epoch;
}

int port_copy(struct port *asked, const struct port_agent *agent, enum mmu_access access,
	      const struct port_rows *rows, uint64_t *fault)
{
	(void)asked;
	(void)agent;
	(void)access;
	*fault = rows->va;
	return TSR_HW_ERR_FAULT_BUS;
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
	(void)agent;
	return va + n;
}

void port_progress(struct port *asked, const struct port_agent *agent, uint64_t address,
		   uint64_t blocks)
{
	(void)asked;
	(void)agent;
	(void)address;
	(void)blocks;
}

bool port_is_local(struct port *asked, const struct port_agent *agent, uint64_t va)
{
	(void)asked;
	(void)agent;
	return va;
}

bool account_reach(struct account *account, uint64_t steps)
{
	return account && steps;
}

bool account_exceeded(struct account *account, uint64_t steps)
{
	return account && steps;
}

const uint64_t *account_steps(const struct account *account)
{
	(void)account;
	return NULL;
}

void account_destroy(struct account *account)
{
	(void)account;
}

void measure_free(struct measured *measured)
{
	(void)measured;
}

void tile_report(struct tile_job *job, const uint64_t *steps)
{
	(void)job;
	(void)steps;
}

void tile_free(struct tile_job *job)
{
	(void)job;
}

void tile_execute(struct tile_job *job, const struct tile_memory *accessors,
		  struct tile_flip *flip, struct tile_result *result)
{
	(void)job;
	(void)flip;
	(void)result;
	tile.executed++;
	tile.execute(accessors);
}

void inject_return_flip(struct inject *inject, const struct tile_flip *flip)
{
	(void)inject;
	(void)flip;
}

static int setup(void **state)
{
	struct job *job = job_create((struct port *)&port, (struct inject *)&port);

	if (!job)
		return -1;
	memset(&port, 0, sizeof(port));
	memset(&tile, 0, sizeof(tile));
	job->agent.asid = 3;
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
		.range = { { .va = 100, .n = 2 * PAGE }, { .va = 2 * PAGE, .n = 64, .write = true } },
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

#define JOB_TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		JOB_TEST(a_window_shows_its_pages_and_tells_what_was_used),
		JOB_TEST(pages_that_follow_each_other_are_one_part),
		JOB_TEST(a_window_that_cannot_be_had_is_closed),
		JOB_TEST(what_the_port_refuses_is_not_closed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
