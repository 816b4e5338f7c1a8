// SPDX-License-Identifier: MIT
/*
 * Two clocks: the budget ends a job by the device cycles it takes, the timeout one that
 * makes no progress. A job over its budget has not timed out; a slow one is left alone.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include <tsr_hw/command.h>
#include <tsr_hw/error.h>
#include <tsr_hw/queue.h>

#include "canary.h"
#include "client.h"
#include "gemm.h"
#include "tap.h"

#define MARK		0x10000u	/* of the data */
#define TIMEOUTS	2		/* so many a slow job takes at least */

/* A large product of few bytes: rows and columns of the operands are repeated by stride 0. */
#define LARGE		2048u
#define LARGE_N		64u
#define LARGE_BYTES	(LARGE * LARGE_N * 4)
#define LARGE_VA	0x30000000ull
#define STEPS_MAX	32u	/* of one program */

static void set_budget(struct client *client, uint64_t cycles)
{
	struct drm_tessera_queue_create args = {
		.vm_id = client->c.vm,
		.priority = DRM_TESSERA_PRIORITY_NORMAL,
		.budget_ns = tsr_cycles_to_ns(client->c.fd, cycles),
	};

	tap_need(!tsr_queue_destroy(client->c.fd, client->c.queue) &&
		 !tsr_ioctl(client->c.fd, DRM_IOCTL_TESSERA_QUEUE_CREATE, &args), "a queue");
	client->c.queue = args.queue_id;
}

static uint64_t cycles_of_last(struct client *client)
{
	struct drm_tessera_queue_get_state state;

	tap_need(!client_state(client, &state), "QUEUE_GET_STATE");
	return state.end - state.start;
}

static void check_over_budget(struct client *client, const char *name, uint32_t node)
{
	struct drm_tessera_queue_get_state state;
	double began = seconds_now();
	int ret = client_wait(client, PATIENCE);

	tap_ok(ret == -ETIME, "%s: ends with %d after %.2f s", name, ret, seconds_now() - began);
	tap_need(!client_state(client, &state), "QUEUE_GET_STATE");
	tap_ok(state.state == DRM_TESSERA_QUEUE_FAILED && state.error == ETIME &&
	       state.device_error == TSR_HW_ERR_BUDGET,
	       "%s: its queue is failed, not timed out (state %#x, device error %u)", name,
	       state.state, state.device_error);
	tap_ok(state.node == node, "%s: node %d is named", name, (int)state.node);
}

static void load_chain(struct client *client)
{
	struct tsr_program *program = tsr_program_begin();

	client_slot(client, 0, TSR_VA_DATA, CLIENT_DATA_SIZE, TSR_HW_SLOT_READ | TSR_HW_SLOT_WRITE);
	tsr_program_fill(program, 0, 0, 4096, 1);
	tsr_program_fill(program, 0, 4096, 0x8000, 2);
	tsr_program_fill(program, 0, MARK, 4096, 3);
	client_load(client, program, 1);
}

/* The last node is refused before it runs. */
static void run_last_node_over_budget(void)
{
	struct client client;
	uint64_t cycles;

	tap_need(!client_open(&client), "a client");
	load_chain(&client);
	tap_need(!client_submit(&client) && !client_wait(&client, PATIENCE), "the chain");
	cycles = cycles_of_last(&client);
	memset(client.data.map, 0, CLIENT_DATA_SIZE);
	/* Of the three nodes the second takes most: half of all leaves too little for it. */
	set_budget(&client, cycles / 2 > 1000 ? 1000 : cycles / 2);
	tap_need(!client_submit(&client), "SUBMIT");
	check_over_budget(&client, "second node over budget", 1);
	tap_ok(((char *)client.data.map)[0] == 1 && !((char *)client.data.map)[4096] &&
	       !((char *)client.data.map)[MARK], "the first node ran, the others did not");
	client_close(&client);
}

/* Every repetition fits, all together do not. */
static void run_repetitions_over_budget(void)
{
	struct client client;

	tap_need(!client_open(&client), "a client");
	load_chain(&client);
	set_budget(&client, 1000000);
	tap_need(!client_submit_long(&client, 0), "SUBMIT");
	check_over_budget(&client, "many repetitions over budget", 1);
	client_close(&client);
}

static struct tsr_hw_tensor repeated(uint32_t rows, uint32_t columns)
{
	return (struct tsr_hw_tensor){
		.type = TSR_HW_TYPE_INT8,
		.rank = 2,
		.dim = { rows, columns },
	};
}

/* One node of many commands, each a product that takes the host a while. */
static void load_products(struct client *client, unsigned int commands)
{
	const struct tsr_hw_tensor none = { .slot = TSR_HW_SLOT_NONE };
	struct tsr_program *program = tsr_program_begin();
	struct tsr_hw_gemm gemm = {
		.head = { .op = TSR_HW_OP_GEMM, .size = sizeof(gemm) },
		.a = repeated(LARGE, LARGE),
		.b = repeated(LARGE, LARGE_N),
		.d = {
			.slot = 1, .type = TSR_HW_TYPE_INT32, .rank = 2,
			.dim = { LARGE, LARGE_N },
			.stride = { LARGE_N, 1 },
		},
		.rows = none,
		.qa = { .scale = none, .zeros = none },
		.qb = { .scale = none, .zeros = none },
		.blocks = { .bm = 16, .bn = 128, .bk = 128, .bg = 1 },
	};
	static uint8_t stream[STEPS_MAX * sizeof(gemm)];

	_Static_assert(sizeof(stream) <= TSR_HW_MAX_STREAM, "all steps are one stream");
	for (unsigned int i = 0; i < commands; i++)
		memcpy(stream + i * sizeof(gemm), &gemm, sizeof(gemm));
	client_slot(client, 0, TSR_VA_DATA, 4096, TSR_HW_SLOT_READ);
	client_slot(client, 1, LARGE_VA, LARGE_BYTES, TSR_HW_SLOT_WRITE);
	tsr_program_node(program, TSR_HW_ENGINE_TENSOR, stream,
			 (uint32_t)(commands * sizeof(gemm)));
	client_load(client, program, 2);
}

/* Work of many steps of the same kind: @load makes a program of so many, the job repeats it. */
struct work {
	const char *step;
	void (*load)(struct client *client, unsigned int steps);
	unsigned int steps;
	uint32_t repeat;
};

static bool grow(struct work *work)
{
	if (work->steps < STEPS_MAX)
		work->steps *= 2;
	else if (work->repeat <= TSR_HW_JOB_MAX_REPEAT / 2)
		work->repeat *= 2;
	else
		return false;
	return true;
}

static double seconds_of(struct client *client, const struct work *work, int *ret)
{
	struct drm_tessera_job job;
	double began;

	work->load(client, work->steps);
	job = tsr_context_job(&client->c);
	job.repeat = work->repeat;
	began = seconds_now();
	*ret = client_submit_job(client, &job);
	if (!*ret)
		*ret = client_wait(client, PATIENCE);
	return seconds_now() - began;
}

/*
 * The work doubles until it takes long enough, whatever the host's speed: what is judged is
 * only that a job of more than one timeout, each of whose steps takes a small part of it,
 * succeeds.
 */
static void run_longer_than_timeouts(struct client *client, double timeout, struct work work)
{
	double seconds;
	int ret;

	do
		seconds = seconds_of(client, &work, &ret);
	while (!ret && seconds <= TIMEOUTS * timeout && grow(&work));
	tap_ok(!ret && seconds > TIMEOUTS * timeout,
	       "a job of %u x %u %s, %.1f timeouts long, succeeds: %d", work.repeat, work.steps,
	       work.step, seconds / timeout, ret);
}

static void run_slow_node(double timeout)
{
	struct client client;
	struct tsr_bo large;

	tap_need(!client_open(&client), "a client");
	tap_need(!tsr_bo_create(client.c.fd, LARGE_BYTES, client.c.vm, &large) &&
		 !tsr_map(client.c.fd, client.c.vm, large.handle, 0, LARGE_VA, large.size,
			  TSR_BIND_RW), "a large buffer");
	memset(client.data.map, 3, 4096);
	run_longer_than_timeouts(&client, timeout, (struct work){
		.step = "products in a node", .load = load_products, .steps = 16, .repeat = 1,
	});
	tap_ok(*(int32_t *)large.map == (int32_t)(9 * LARGE), "the product is right");
	tsr_bo_destroy(client.c.fd, &large);
	client_close(&client);
}

static void run_many_repetitions(double timeout)
{
	struct client client;

	tap_need(!client_open(&client), "a client");
	run_longer_than_timeouts(&client, timeout, (struct work){
		.step = "copies", .load = client_load_copies, .steps = 1, .repeat = 1024,
	});
	client_close(&client);
}

int main(void)
{
	struct canaries *canaries = canaries_start(0);
	double timeout = job_timeout();

	canaries_enter(canaries, CANARY_DURING);
	run_last_node_over_budget();
	run_repetitions_over_budget();
	canaries_pace(canaries, 20000);
	run_many_repetitions(timeout);
	run_slow_node(timeout);
	canaries_pace(canaries, 0);
	canaries_await(canaries, 10);
	canaries_enter(canaries, CANARY_AFTER);
	canaries_await(canaries, 50);
	canaries_end(canaries, "budget");
	return tap_end();
}
