// SPDX-License-Identifier: MIT
/*
 * What libtessera adds to an inference, in a guest whose clock counts instructions: the
 * submission, the wait for a job that has ended, and the release of its handle, with no
 * and with thousands of other buffers in the context. Then system calls and memory
 * allocations of whole inferences, counted.
 *
 * As in submit_insns.c, completions are held back and the submitter has real-time
 * priority, so that the driver's workers run between the batches and not in them.
 */
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>

#include "control.h"
#include "inference.h"
#include "npu.h"
#include "syscalls.h"

#define BATCHES		16
#define BATCH		16
#define INFERENCES	100
#define BUFFERS		4000

/* A tenth above what was measured on Linux 6.12: 5,120 to 5,460, 1,807, 178, and their sum. */
#define SUBMIT_LIMIT	5900
#define WAIT_LIMIT	2000
#define RELEASE_LIMIT	196
#define RUN_LIMIT	7900

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);

static uint64_t allocations;

/*
 * Counted, then as always. The library's calls come here as well: an executable's
 * symbols are looked at first.
 */
void *malloc(size_t size)
{
	allocations++;
	return __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
	allocations++;
	return __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
	allocations++;
	return __libc_realloc(old, size);
}

/* Instructions per call, the least of all batches. */
struct cost {
	double submit;
	double wait;
	double release;
};

static void keep_least(double *best, uint64_t start, uint64_t end)
{
	double each = (double)(end - start) / BATCH;

	if (!*best || each < *best)
		*best = each;
}

static void batch(struct inference *inference, struct control *control, struct cost *cost)
{
	struct tsr_job *jobs[BATCH], *last;
	uint64_t time[4];
	int i;

	control_command(control, "hold");
	time[0] = now_ns();
	for (i = 0; i < BATCH; i++)
		jobs[i] = inference_submit(inference, 1);
	time[1] = now_ns();
	control_command(control, "release");
	keep_least(&cost->submit, time[0], time[1]);

	/* A job behind them, so that all have ended and none has been waited for. */
	last = inference_submit(inference, 1);
	inference_wait(last);
	tsr_job_destroy(last);
	time[1] = now_ns();
	for (i = 0; i < BATCH; i++)
		inference_wait(jobs[i]);
	time[2] = now_ns();
	for (i = 0; i < BATCH; i++)
		tsr_job_destroy(jobs[i]);
	time[3] = now_ns();
	keep_least(&cost->wait, time[1], time[2]);
	keep_least(&cost->release, time[2], time[3]);
}

static struct cost measure(struct inference *inference, struct control *control)
{
	struct cost cost = { 0 };

	for (int i = 0; i < BATCHES; i++)
		batch(inference, control, &cost);
	return cost;
}

static void add_buffers(struct inference *inference)
{
	struct tsr_buffer *buffer;

	errno = 0;
	for (int i = 0; i < BUFFERS; i++)
		if (tsr_buffer_create(inference->context, 4096, &buffer))
			die("%s", tsr_error());
}

static void run(struct inference *inference, int count)
{
	struct tsr_job *job;

	for (int i = 0; i < count; i++) {
		job = inference_submit(inference, (float)i);
		inference_wait(job);
		inference_check(inference, (float)i);
		tsr_job_destroy(job);
	}
}

/* Traced. The first inference allocates what all others use again. */
static void counted_inferences(void)
{
	struct inference inference;

	inference_open(&inference);
	run(&inference, 1);
	syscalls_mark();
	run(&inference, INFERENCES);
	syscalls_mark();
	inference_close(&inference);
}

static void print(const char *name, double value, const char *unit, double limit)
{
	printf("# metric %s %.3f %s <= %g\n", name, value, unit, limit);
	fflush(stdout);
}

static void print_counts(struct inference *inference)
{
	struct syscalls counted;
	uint64_t before;

	syscalls_count(&counted, counted_inferences);
	print("run_syscalls", (double)counted.all / INFERENCES, "calls", 2);
	print("run_ioctls", (double)counted.ioctls / INFERENCES, "calls", 2);
	if (counted.ioctls < 2 * INFERENCES)
		die("%d inferences made only %llu ioctls", INFERENCES,
		    (unsigned long long)counted.ioctls);
	before = allocations;
	run(inference, INFERENCES);
	print("run_allocations", (double)(allocations - before) / INFERENCES, "calls", 0);
	if (!before)
		die("no allocation was counted");
}

static void get_real_time(void)
{
	const struct sched_param param = { .sched_priority = 1 };

	if (sched_setscheduler(0, SCHED_FIFO, &param))
		die("sched_setscheduler");
}

int main(int argc, char **argv)
{
	struct control *control;
	struct inference inference;
	struct cost few, many;

	control = control_open(argc > 1 ? argv[1] : "/dev/virtio-ports/tessera.npu0.control");
	inference_open(&inference);
	run(&inference, 1);
	print_counts(&inference);
	get_real_time();
	few = measure(&inference, control);
	print("run_submit_insns", few.submit, "instructions", SUBMIT_LIMIT);
	print("run_wait_insns", few.wait, "instructions", WAIT_LIMIT);
	print("run_release_insns", few.release, "instructions", RELEASE_LIMIT);
	print("run_insns", few.submit + few.wait + few.release, "instructions", RUN_LIMIT);
	add_buffers(&inference);
	many = measure(&inference, control);
	print("submit_4000_over_0_buffers", many.submit / few.submit, "ratio", 1.05);
	return 0;
}
