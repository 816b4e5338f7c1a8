// SPDX-License-Identifier: MIT
/*
 * Instructions of SUBMIT, in a guest whose clock counts instructions: an empty
 * ioctl for comparison, then jobs of one and of a thousand no-op nodes. While a
 * batch is timed the virtual NPU holds its completions back, so that nothing but
 * SUBMIT is in it; afterwards all jobs must succeed and all nodes be counted.
 *
 * The guest has one CPU. Whether the scheduler's worker runs between two SUBMITs or
 * after the batch would be chance, so the submitter has real-time priority and the
 * worker comes after it.
 */
#include <inttypes.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include <drm.h>

#include "control.h"
#include "job.h"
#include "npu.h"
#include "program.h"

#define BATCHES		16
#define MANY_NODES	1000

/* Shorter than the timer's period, so that most batches hold no tick. */
#define IOCTL_BATCH	1000
#define SUBMIT_BATCH	16

/* Bounds against growth; a clock that does not count instructions misses them by far. */
#define EMPTY_IOCTL_LIMIT	2000
#define SUBMIT_LIMIT		6000

/* What a job waits for. */
enum before {
	BEFORE_SIGNALLED,	/* a syncobj that has signalled */
	BEFORE_PENDING,		/* the job submitted before it */
};

struct measurement {
	struct npu npu;
	struct control *control;
	uint32_t batch;
	uint32_t ready;			/* signalled */
	uint32_t out[SUBMIT_BATCH];
	struct job job[SUBMIT_BATCH];
};

static void get_real_time(void)
{
	const struct sched_param param = { .sched_priority = 1 };

	if (sched_setscheduler(0, SCHED_FIFO, &param))
		die("sched_setscheduler");
}

static uint64_t min(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static uint64_t empty_ioctl_batch(const struct npu *npu)
{
	struct drm_get_cap cap = { .capability = DRM_CAP_SYNCOBJ };
	uint64_t start = now_ns();

	for (int i = 0; i < IOCTL_BATCH; i++)
		if (ioctl(npu->fd, DRM_IOCTL_GET_CAP, &cap))
			die("GET_CAP");
	return now_ns() - start;
}

static double empty_ioctl(const struct npu *npu)
{
	uint64_t best = UINT64_MAX;

	for (int i = 0; i < BATCHES; i++)
		best = min(best, empty_ioctl_batch(npu));
	return (double)best / IOCTL_BATCH;
}

static void prepare(struct measurement *m, const struct program *program, enum before before)
{
	for (uint32_t i = 0; i < m->batch; i++) {
		uint32_t in = before == BEFORE_PENDING && i ? m->out[i - 1] : m->ready;

		m->out[i] = npu_syncobj(&m->npu, 0);
		job_init(&m->job[i], &m->npu, program, in, m->out[i]);
	}
}

static uint64_t timed_batch(struct measurement *m)
{
	uint64_t start, end;

	control_command(m->control, "hold");
	start = now_ns();
	for (uint32_t i = 0; i < m->batch; i++)
		job_submit(&m->job[i], &m->npu);
	end = now_ns();
	control_command(m->control, "release");
	return end - start;
}

static void finish(struct measurement *m)
{
	for (uint32_t i = 0; i < m->batch; i++) {
		npu_wait(&m->npu, m->out[i]);
		npu_syncobj_free(&m->npu, m->out[i]);
	}
}

/* Return: instructions per SUBMIT, the least of all batches. */
static double submit(struct measurement *m, uint32_t nodes, enum before before)
{
	struct counters start, end;
	uint64_t best = UINT64_MAX;
	struct program program;
	uint64_t ran, expected;

	program_nop(&m->npu, &program, nodes);
	control_counters(m->control, &start);
	for (int i = 0; i < BATCHES; i++) {
		prepare(m, &program, before);
		best = min(best, timed_batch(m));
		finish(m);
	}
	control_counters(m->control, &end);
	ran = end.nop_nodes - start.nop_nodes;
	expected = (uint64_t)BATCHES * m->batch * nodes;
	if (ran != expected)
		die("%" PRIu64 " nodes submitted, but the device ran %" PRIu64, expected, ran);
	return (double)best / m->batch;
}

static void print(const char *name, double value, const char *unit, double limit)
{
	printf("# metric %s %.3f %s <= %g\n", name, value, unit, limit);
	fflush(stdout);
}

static void measure(struct measurement *m)
{
	double one, many;

	print("drm_empty_ioctl_insns", empty_ioctl(&m->npu), "instructions", EMPTY_IOCTL_LIMIT);
	one = submit(m, 1, BEFORE_SIGNALLED);
	print("submit_null_insns", one, "instructions", SUBMIT_LIMIT);
	many = submit(m, MANY_NODES, BEFORE_SIGNALLED);
	print("submit_1000_insns", many, "instructions", SUBMIT_LIMIT);
	print("submit_1000_over_1_nodes", many / one, "ratio", 1.05);
	print("submit_pending_fence_insns", submit(m, 1, BEFORE_PENDING), "instructions",
	      SUBMIT_LIMIT);
}

int main(int argc, char **argv)
{
	struct measurement *m = calloc(1, sizeof(*m));

	if (!m)
		die("no memory");
	m->control = control_open(argc > 1 ? argv[1] : "/dev/virtio-ports/tessera.npu0.control");
	npu_open(&m->npu, argc > 2 ? argv[2] : "/dev/accel/accel0");
	m->batch = (uint32_t)min(m->npu.max_pending, SUBMIT_BATCH);
	m->ready = npu_syncobj(&m->npu, 1);
	get_real_time();
	printf("# batches of %" PRIu32 " jobs, the least of %d\n", m->batch, BATCHES);
	measure(m);
	npu_syncobj_free(&m->npu, m->ready);
	npu_close(&m->npu);
	control_close(m->control);
	free(m);
	return 0;
}
