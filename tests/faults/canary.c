// SPDX-License-Identifier: MIT
#include "canary.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "client.h"
#include "gemm.h"
#include "tap.h"

#define COPY_BYTES	4096

/* What parent and canaries share. One writer each: the canary of that kind, or the parent. */
struct board {
	atomic_int phase;
	atomic_bool stop;
	atomic_bool forgive;
	atomic_uint pause;
	struct {
		atomic_ullong jobs[CANARY_PHASES];
		atomic_uint interrupted;
		atomic_bool failed;
		char why[128];
	} canary[CANARY_KINDS];
};

struct canaries {
	struct board *board;
	pid_t pid[CANARY_KINDS];
};

static const char *const kind_name[CANARY_KINDS] = { "tile", "DMA" };
static const char *const phase_name[CANARY_PHASES] = { "before", "during", "after" };

static void load(struct client *client, enum canary_kind kind)
{
	struct tsr_program *program = tsr_program_begin();

	client_slot(client, 0, TSR_VA_DATA, CLIENT_DATA_SIZE / 2,
		    TSR_HW_SLOT_READ | TSR_HW_SLOT_WRITE);
	client_slot(client, 1, TSR_VA_DATA + CLIENT_DATA_SIZE / 2, CLIENT_DATA_SIZE / 2,
		    TSR_HW_SLOT_READ | TSR_HW_SLOT_WRITE);
	if (kind == CANARY_TILE)
		gemm_node(program, 0, 0);
	else
		tsr_program_copy(program, 0, 1, COPY_BYTES);
	client_load(client, program, 2);
}

static void fill(struct client *client, enum canary_kind kind, uint64_t seed)
{
	uint64_t *words = client->data.map;

	if (kind == CANARY_TILE) {
		gemm_fill(client->data.map, seed);
		return;
	}
	for (unsigned int i = 0; i < COPY_BYTES / sizeof(*words); i++)
		words[i] = next_random(&seed);
}

static bool right(const struct client *client, enum canary_kind kind)
{
	const char *data = client->data.map;

	if (kind == CANARY_TILE)
		return gemm_right(client->data.map);
	return !memcmp(data, data + CLIENT_DATA_SIZE / 2, COPY_BYTES);
}

static int run_once(struct client *client, enum canary_kind kind, uint64_t seed)
{
	int ret;

	fill(client, kind, seed);
	ret = client_submit(client);
	if (!ret)
		ret = client_wait(client, PATIENCE);
	if (!ret && !right(client, kind))
		ret = -EBADMSG;
	return ret;
}

static void fail(struct board *board, enum canary_kind kind, uint64_t job, int error)
{
	snprintf(board->canary[kind].why, sizeof(board->canary[kind].why), "job %llu: %s",
		 (unsigned long long)job,
		 error == -EBADMSG ? "wrong result" : strerror(-error));
	board->canary[kind].failed = true;
}

/* Return: true to go on. */
static bool count(struct board *board, enum canary_kind kind, uint64_t job, int error)
{
	if (!error)
		board->canary[kind].jobs[board->phase]++;
	else if (error == -ECANCELED && board->forgive)
		board->canary[kind].interrupted++;
	else
		fail(board, kind, job, error);
	return !board->canary[kind].failed;
}

static void sing(struct board *board, enum canary_kind kind)
{
	struct client client;
	int ret = client_open(&client);

	if (ret) {
		fail(board, kind, 0, ret);
		return;
	}
	load(&client, kind);
	for (uint64_t job = 1; !board->stop; job++) {
		ret = run_once(&client, kind, job);
		if (ret == -ECANCELED && board->forgive)
			tap_need(!client_again(&client), "a new queue for a canary");
		if (!count(board, kind, job, ret))
			break;
		if (board->pause)
			usleep(board->pause);
	}
	client_close(&client);
}

static pid_t hatch(struct board *board, enum canary_kind kind, unsigned int npu)
{
	pid_t parent = getpid();
	pid_t pid = fork();

	if (pid)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
	tsr_use_npu(npu);
	sing(board, kind);
	_exit(board->canary[kind].failed);
}

struct canaries *canaries_start(unsigned int npu)
{
	struct canaries *canaries = calloc(1, sizeof(*canaries));

	tap_need(canaries, "memory for the canaries");
	canaries->board = mmap(NULL, sizeof(*canaries->board), PROT_READ | PROT_WRITE,
			       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	tap_need(canaries->board != MAP_FAILED, "shared memory for the canaries");
	for (int kind = 0; kind < CANARY_KINDS; kind++) {
		canaries->pid[kind] = hatch(canaries->board, kind, npu);
		tap_need(canaries->pid[kind] > 0, "process for a canary");
	}
	tap_need(canaries_await(canaries, 50), "canaries run: tile %s, DMA %s",
		 canaries->board->canary[CANARY_TILE].why, canaries->board->canary[CANARY_DMA].why);
	return canaries;
}

void canaries_forgive(struct canaries *canaries)
{
	canaries->board->forgive = true;
}

void canaries_pace(struct canaries *canaries, unsigned int pause)
{
	canaries->board->pause = pause;
}

void canaries_enter(struct canaries *canaries, enum canary_phase phase)
{
	canaries->board->phase = phase;
}

uint64_t canaries_jobs(const struct canaries *canaries, enum canary_kind kind)
{
	uint64_t jobs = 0;

	for (int phase = 0; phase < CANARY_PHASES; phase++)
		jobs += canaries->board->canary[kind].jobs[phase];
	return jobs;
}

static bool await_one(struct canaries *canaries, enum canary_kind kind, uint64_t jobs)
{
	double deadline = seconds_now() + PATIENCE;

	while (canaries_jobs(canaries, kind) < jobs) {
		if (canaries->board->canary[kind].failed || seconds_now() > deadline)
			return false;
		usleep(10000);
	}
	return true;
}

int canaries_await(struct canaries *canaries, uint64_t jobs)
{
	uint64_t tile = canaries_jobs(canaries, CANARY_TILE) + jobs;
	uint64_t dma = canaries_jobs(canaries, CANARY_DMA) + jobs;

	return await_one(canaries, CANARY_TILE, tile) && await_one(canaries, CANARY_DMA, dma);
}

static void await_total(struct canaries *canaries)
{
	while (canaries_jobs(canaries, CANARY_TILE) + canaries_jobs(canaries, CANARY_DMA) <
	       CANARY_JOBS && canaries_await(canaries, 10))
		;
}

static void report_kind(const struct board *board, enum canary_kind kind, int status)
{
	tap_ok(!board->canary[kind].failed && status == 0, "no job of the %s canary failed%s%s",
	       kind_name[kind], board->canary[kind].failed ? ": " : "", board->canary[kind].why);
	for (int phase = 0; phase < CANARY_PHASES; phase++)
		tap_ok(board->canary[kind].jobs[phase] > 0, "%s canary %s: %llu jobs bit-exact",
		       kind_name[kind], phase_name[phase],
		       (unsigned long long)board->canary[kind].jobs[phase]);
	if (board->canary[kind].interrupted)
		tap_note("%u jobs of the %s canary were interrupted by resets",
			 board->canary[kind].interrupted, kind_name[kind]);
}

void canaries_end(struct canaries *canaries, const char *name)
{
	char metric[64];
	uint64_t total;
	int status;

	await_total(canaries);
	canaries->board->stop = true;
	for (int kind = 0; kind < CANARY_KINDS; kind++) {
		waitpid(canaries->pid[kind], &status, 0);
		report_kind(canaries->board, kind, status);
	}
	total = canaries_jobs(canaries, CANARY_TILE) + canaries_jobs(canaries, CANARY_DMA);
	snprintf(metric, sizeof(metric), "canary_jobs_%s", name);
	tap_ok(total >= CANARY_JOBS, "canaries completed %llu jobs", (unsigned long long)total);
	tap_metric(metric, (double)total, "jobs", CANARY_JOBS);
	munmap(canaries->board, sizeof(*canaries->board));
	free(canaries);
}
