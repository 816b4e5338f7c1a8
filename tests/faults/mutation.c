// SPDX-License-Identifier: MIT
/*
 * Ten thousand mutations of valid programs: every fence signals, without the timeout of
 * jobs, with a documented errno, every queue tells a consistent story, others go on.
 *
 * Two processes work, each with queues side by side, its lanes. Programs and slot tables
 * are mapped read-only, so that no mutant can change another.
 */
#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <tsr_hw/error.h>

#include "canary.h"
#include "client.h"
#include "gemm.h"
#include "kselftest/tsr_kselftest.h"
#include "mutator.h"
#include "tap.h"
#include "workload.h"

#define MUTATIONS	10000
#define PROCESSES	2
#define LANES		12
#define LANE_SIZE	0x8000u
#define LANE_SLOTS	0x7000u		/* of a lane: its slot table */
#define CODE_SIZE	(LANES * LANE_SIZE)
#define CONSTANTS_VA	0x20000000ull
#define BUDGET_NS	100000u		/* of device time; programs take a few thousand cycles */
#define ERRORS		(TSR_HW_ERR_PARAMETER + 1)	/* TSR_HW_ERR_* of a mutant, and none */
#define COMPLAINTS	10
#define PACE_US		60000		/* of the canaries: most of the machine is for mutants */

/* What the processes tell their parent. */
struct tally {
	atomic_uint done;
	atomic_uint device_error[ERRORS];
	atomic_uint unknown_errno;
	atomic_uint inconsistent;
	atomic_uint changed;
	atomic_uint slowest_ms;
	atomic_bool broken;
};

struct lane {
	uint32_t queue;
	uint32_t done;
	uint64_t seed;
	double began;
	int error;
	struct mutant mutant;
};

struct worker {
	struct tally *tally;
	int fd;
	uint32_t vm;
	struct tsr_bo code;
	struct tsr_bo data;
	struct tsr_bo constants;
	struct mutant original[WORKLOADS];
	struct lane lane[LANES];
};

static void complain(struct worker *worker, const struct lane *lane, const char *what,
		     const struct drm_tessera_queue_get_state *state, int error)
{
	if (worker->tally->inconsistent > COMPLAINTS)
		return;
	tap_note("seed %llu: %s: fence %d", (unsigned long long)lane->seed, what, error);
	tap_note("state %#x, error %u, device error %u, node %d, address %#llx", state->state,
		 state->error, state->device_error, (int)state->node,
		 (unsigned long long)state->address);
}

static int expected_errno(uint32_t device_error)
{
	switch (device_error) {
	case TSR_HW_ERR_NONE:
		return 0;
	case TSR_HW_ERR_FAULT_READ:
	case TSR_HW_ERR_FAULT_WRITE:
	case TSR_HW_ERR_FAULT_FETCH:
		return EFAULT;
	case TSR_HW_ERR_PROGRAM:
	case TSR_HW_ERR_COMMAND:
	case TSR_HW_ERR_SLOT:
	case TSR_HW_ERR_PARAMETER:
		return EINVAL;
	case TSR_HW_ERR_INDEX:
		return ERANGE;
	case TSR_HW_ERR_UNSUPPORTED:
		return EOPNOTSUPP;
	case TSR_HW_ERR_RESOURCES:
		return ENOSPC;
	case TSR_HW_ERR_BUDGET:
		return ETIME;
	default:
		return -1;
	}
}

static bool inside(uint64_t address, uint64_t start, uint64_t size)
{
	return address >= start && address - start < size;
}

/* May the mutants access @address so? */
static bool mapped(uint64_t address, uint32_t device_error)
{
	bool code = inside(address, TSR_VA_PROGRAM, CODE_SIZE);
	bool data = inside(address, TSR_VA_DATA, WORKLOAD_DATA);
	bool constants = inside(address, CONSTANTS_VA, WORKLOAD_CONSTANTS);

	if (device_error == TSR_HW_ERR_FAULT_FETCH)
		return code;
	if (device_error == TSR_HW_ERR_FAULT_WRITE)
		return data;
	return code || data || constants;
}

static const char *check_fault(const struct drm_tessera_queue_get_state *state)
{
	bool fault = state->error == EFAULT;

	if (fault != !!(state->state & DRM_TESSERA_QUEUE_FAULTED))
		return "FAULTED without a fault, or the reverse";
	if (fault && mapped(state->address, state->device_error))
		return "the faulting address is mapped";
	/* Of a command that is refused the address is its place in the stream. */
	if (!fault && state->address >= TSR_HW_MAX_STREAM)
		return "an address without a fault";
	return NULL;
}

/* Return: what is wrong with the queue's story, or NULL. */
static const char *check_state(const struct drm_tessera_queue_get_state *state, int error)
{
	if (state->completed != 1 || state->pending)
		return "jobs counted wrongly";
	if (!error)
		return state->state || state->error || state->device_error ? "a failure" : NULL;
	if (!(state->state & DRM_TESSERA_QUEUE_FAILED))
		return "the queue is not failed";
	if (state->state & (DRM_TESSERA_QUEUE_TIMEDOUT | DRM_TESSERA_QUEUE_INNOCENT))
		return "killed";
	if ((int)state->error != -error || expected_errno(state->device_error) != -error)
		return "errors do not agree";
	if (state->node != TSR_HW_NODE_NONE && state->node >= TSR_HW_MAX_NODES)
		return "impossible node";
	if (state->seq != 1)
		return "wrong job";
	return check_fault(state);
}

static bool documented(int error)
{
	return error == 0 || error == -EFAULT || error == -EINVAL || error == -ERANGE ||
	       error == -ENOSPC || error == -EOPNOTSUPP || error == -ETIME;
}

static void place(struct worker *worker, unsigned int number)
{
	struct mutant *mutant = &worker->lane[number].mutant;
	char *lane = (char *)worker->code.map + number * LANE_SIZE;

	memcpy(lane, mutant->program, mutant->size);
	memcpy(lane + LANE_SLOTS, mutant->slots, mutant->slot_count * sizeof(mutant->slots[0]));
}

static bool unchanged(struct worker *worker, unsigned int number)
{
	struct mutant *mutant = &worker->lane[number].mutant;
	char *lane = (char *)worker->code.map + number * LANE_SIZE;

	return !memcmp(lane, mutant->program, mutant->size) &&
	       !memcmp(lane + LANE_SLOTS, mutant->slots,
		       mutant->slot_count * sizeof(mutant->slots[0]));
}

static int submit(struct worker *worker, unsigned int number)
{
	struct lane *lane = &worker->lane[number];
	struct drm_tessera_sync sync = {
		.flags = DRM_TESSERA_SYNC_SIGNAL, .handle = lane->done,
	};
	struct drm_tessera_job job = {
		.program = TSR_VA_PROGRAM + number * LANE_SIZE,
		.program_size = lane->mutant.size,
		.slots = TSR_VA_PROGRAM + number * LANE_SIZE + LANE_SLOTS,
		.slot_count = lane->mutant.slot_count,
		.repeat = 1,
		.syncs = DRM_TESSERA_ARRAY(1, &sync),
	};
	struct drm_syncobj_array reset = {
		.handles = (uintptr_t)&lane->done, .count_handles = 1,
	};

	place(worker, number);
	lane->began = seconds_now();
	if (tsr_ioctl(worker->fd, DRM_IOCTL_SYNCOBJ_RESET, &reset))
		return -EIO;
	return tsr_submit(worker->fd, lane->queue, &job, 1);
}

static int create_queue(struct worker *worker, struct lane *lane)
{
	struct drm_tessera_queue_create args = {
		.vm_id = worker->vm,
		.priority = DRM_TESSERA_PRIORITY_NORMAL,
		.budget_ns = BUDGET_NS,
	};
	int ret = tsr_ioctl(worker->fd, DRM_IOCTL_TESSERA_QUEUE_CREATE, &args);

	lane->queue = args.queue_id;
	return ret;
}

/* Every mutant has a queue of its own, so that each story begins with job 1. */
static bool renew_queue(struct worker *worker, struct lane *lane)
{
	return !tsr_queue_destroy(worker->fd, lane->queue) && !create_queue(worker, lane);
}

static void note_time(struct worker *worker, const struct lane *lane)
{
	unsigned int ms = (unsigned int)((seconds_now() - lane->began) * 1000);

	if (ms > worker->tally->slowest_ms)
		worker->tally->slowest_ms = ms;
}

static bool await(struct worker *worker, struct lane *lane)
{
	static const struct drm_tessera_queue_get_state nothing;

	if (tsr_syncobj_wait(worker->fd, lane->done, 0, (int)(PATIENCE * 1000))) {
		complain(worker, lane, "its fence does not signal", &nothing, -ETIMEDOUT);
		return false;
	}
	note_time(worker, lane);
	lane->error = tsr_syncobj_status(worker->fd, lane->done);
	lane->error = lane->error == 1 ? 0 : lane->error;
	return true;
}

static bool judge(struct worker *worker, unsigned int number)
{
	struct drm_tessera_queue_get_state state = { 0 };
	struct lane *lane = &worker->lane[number];
	const char *wrong;

	if (tsr_queue_state(worker->fd, lane->queue, &state))
		return false;
	wrong = check_state(&state, lane->error);
	if (wrong) {
		worker->tally->inconsistent++;
		complain(worker, lane, wrong, &state, lane->error);
	}
	worker->tally->unknown_errno += !documented(lane->error);
	worker->tally->changed += !unchanged(worker, number);
	if (state.device_error < ERRORS)
		worker->tally->device_error[state.device_error]++;
	return renew_queue(worker, lane);
}

static void breed(struct worker *worker, struct lane *lane, uint64_t seed)
{
	lane->seed = seed;
	lane->mutant = worker->original[seed % WORKLOADS];
	mutate(&lane->mutant, seed);
}

/* As many mutants at once as there are lanes. */
static bool round_of(struct worker *worker, uint64_t first, unsigned int count)
{
	for (unsigned int i = 0; i < count; i++) {
		breed(worker, &worker->lane[i], first + i);
		if (submit(worker, i))
			return false;
	}
	for (unsigned int i = 0; i < count; i++)
		if (!await(worker, &worker->lane[i]))
			return false;
	for (unsigned int i = 0; i < count; i++) {
		if (!judge(worker, i))
			return false;
		worker->tally->done++;
	}
	return true;
}

static void set_slot(struct mutant *mutant, unsigned int i, uint64_t va, uint64_t size,
		     uint32_t flags)
{
	mutant->slots[i] = (struct tsr_hw_slot){ .address = va, .size = size, .flags = flags };
}

static void make_originals(struct worker *worker)
{
	struct tsr_program *program;
	struct mutant *mutant;

	for (unsigned int i = 0; i < WORKLOADS; i++) {
		mutant = &worker->original[i];
		program = workload(i);
		mutant->size = tsr_program_end(program, WORKLOAD_SLOTS, mutant->program);
		mutant->slot_count = WORKLOAD_SLOTS;
		set_slot(mutant, 0, TSR_VA_DATA, WORKLOAD_DATA,
			 TSR_HW_SLOT_READ | TSR_HW_SLOT_WRITE);
		set_slot(mutant, 1, CONSTANTS_VA, WORKLOAD_CONSTANTS, TSR_HW_SLOT_READ);
		set_slot(mutant, 2, CONSTANTS_VA, WORKLOAD_CONSTANTS, TSR_HW_SLOT_READ);
		free(program);
	}
}

static bool map_new(struct worker *worker, struct tsr_bo *bo, uint64_t va, uint64_t size,
		    uint32_t flags)
{
	return !tsr_bo_create(worker->fd, size, worker->vm, bo) &&
	       !tsr_map(worker->fd, worker->vm, bo->handle, 0, va, bo->size, flags);
}

static bool open_worker(struct worker *worker)
{
	worker->fd = tsr_open();
	if (worker->fd < 0 || tsr_vm_create(worker->fd, &worker->vm) ||
	    !map_new(worker, &worker->code, TSR_VA_PROGRAM, CODE_SIZE,
		     DRM_TESSERA_BIND_READ | DRM_TESSERA_BIND_FETCH) ||
	    !map_new(worker, &worker->data, TSR_VA_DATA, WORKLOAD_DATA, TSR_BIND_RW) ||
	    !map_new(worker, &worker->constants, CONSTANTS_VA, WORKLOAD_CONSTANTS,
		     DRM_TESSERA_BIND_READ))
		return false;
	for (unsigned int i = 0; i < LANES; i++) {
		worker->lane[i].done = tsr_syncobj_create(worker->fd);
		if (create_queue(worker, &worker->lane[i]))
			return false;
	}
	make_originals(worker);
	return true;
}

/* Return: true if the programs run as long as they are not changed. */
static bool originals_run(struct worker *worker)
{
	struct lane *lane = &worker->lane[0];

	for (unsigned int i = 0; i < WORKLOADS; i++) {
		lane->mutant = worker->original[i];
		if (submit(worker, 0) || !await(worker, lane) || lane->error) {
			tap_note("unchanged program %u does not run: %d", i, lane->error);
			return false;
		}
	}
	return renew_queue(worker, lane);
}

static void work(struct worker *worker, uint64_t first, uint64_t end)
{
	bool fine = open_worker(worker) && originals_run(worker);
	unsigned int count;

	for (uint64_t seed = first; fine && seed < end; seed += count) {
		count = end - seed < LANES ? (unsigned int)(end - seed) : LANES;
		fine = round_of(worker, seed, count);
	}
	if (!fine || !originals_run(worker))
		worker->tally->broken = true;
}

static pid_t start_worker(struct tally *tally, unsigned int process)
{
	static struct worker worker;
	uint64_t share = MUTATIONS / PROCESSES;
	pid_t pid = fork();

	if (pid)
		return pid;
	worker.tally = tally;
	work(&worker, process * share, (process + 1) * share);
	_exit(0);
}

static void watch(struct tally *tally, double began)
{
	unsigned int shown = 0;

	while (tally->done < MUTATIONS && !tally->broken) {
		usleep(100000);
		if (tally->done < shown + 1000)
			continue;
		shown = tally->done;
		tap_note("%u mutations, %.1f s", shown, seconds_now() - began);
	}
}

static void report_errors(const struct tally *tally)
{
	static const char *const name[ERRORS] = {
		"none", "read fault", "write fault", "fetch fault", "bus fault", "program",
		"command", "slot", "budget", "killed", "canceled", "engine", "descriptor",
		"unsupported", "invalid", "busy", "resources", "index", "parameter",
	};
	static const unsigned int likely[] = {
		TSR_HW_ERR_NONE, TSR_HW_ERR_FAULT_READ, TSR_HW_ERR_FAULT_WRITE, TSR_HW_ERR_PROGRAM,
		TSR_HW_ERR_COMMAND, TSR_HW_ERR_SLOT, TSR_HW_ERR_UNSUPPORTED,
	};

	for (unsigned int i = 0; i < ERRORS; i++)
		if (tally->device_error[i])
			tap_note("outcome %s: %u", name[i], tally->device_error[i]);
	for (unsigned int i = 0; i < sizeof(likely) / sizeof(likely[0]); i++)
		tap_ok(tally->device_error[likely[i]] > 0, "mutants ended with: %s",
		       name[likely[i]]);
}

static void report(const struct tally *tally)
{
	tap_ok(!tally->broken && tally->done == MUTATIONS,
	       "%u mutants ended, the unchanged programs run again", tally->done);
	tap_note("the slowest fence signalled after %u ms", tally->slowest_ms);
	tap_ok(!tally->unknown_errno, "all fences carry 0 or a documented errno");
	tap_ok(!tally->inconsistent, "error, flags, node and address of all queues agree");
	tap_ok(!tally->changed, "no mutant wrote to memory mapped read-only");
	report_errors(tally);
	tap_metric("mutations", tally->done, "programs", MUTATIONS);
}

int main(void)
{
	struct canaries *canaries = canaries_start(0);
	double began = seconds_now();
	long long boots = tsr_counter("boots");
	struct tally *tally;
	pid_t pid[PROCESSES];

	tally = mmap(NULL, sizeof(*tally), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		     0);
	tap_need(tally != MAP_FAILED, "shared memory");
	canaries_pace(canaries, PACE_US);
	canaries_enter(canaries, CANARY_DURING);
	for (unsigned int i = 0; i < PROCESSES; i++)
		pid[i] = start_worker(tally, i);
	watch(tally, began);
	for (unsigned int i = 0; i < PROCESSES; i++)
		waitpid(pid[i], NULL, 0);
	report(tally);
	tap_note("%.0f mutations per second", tally->done / (seconds_now() - began));
	tap_ok(boots > 0 && tsr_counter("boots") == boots, "the firmware was never started again");
	tap_ok(tsr_counter("sanitizer_violations") == 0,
	       "no engine touched memory after its invalidation");
	canaries_pace(canaries, 0);
	canaries_enter(canaries, CANARY_AFTER);
	canaries_await(canaries, 50);
	canaries_end(canaries, "mutation");
	return tap_end();
}
