// SPDX-License-Identifier: MIT
/*
 * Register accesses a job costs: 1,000 SUBMITs, each waited for, between two
 * readings of the virtual NPU's counters.
 */
#include <inttypes.h>
#include <stdio.h>

#include <tsr_hw/fuse.h>

#include "control.h"
#include "job.h"
#include "npu.h"
#include "program.h"

#define JOBS 1000

static void run_jobs(const struct npu *npu, const struct program *program, int jobs)
{
	uint32_t out = npu_syncobj(npu, 0);
	struct job job;

	job_init(&job, npu, program, 0, out);
	for (int i = 0; i < jobs; i++) {
		job_submit(&job, npu);
		npu_wait(npu, out);
	}
	npu_syncobj_free(npu, out);
}

static void print(const char *name, uint64_t total, const char *relation, int limit)
{
	printf("# metric %s %g accesses %s %d\n", name, (double)total / JOBS, relation, limit);
}

int main(int argc, char **argv)
{
	const char *port = argc > 1 ? argv[1] : "/dev/virtio-ports/tessera.npu0.control";
	struct control *control = control_open(port);
	struct counters before, after;
	struct program program;
	uint64_t nodes;
	struct npu npu;

	/* The driver has read all fuses, so a counter below that does not count. */
	control_counters(control, &before);
	if (before.mmio_reads < sizeof(struct tsr_hw_fuses) / sizeof(uint32_t) ||
	    !before.mmio_writes)
		die("%" PRIu64 " register reads, %" PRIu64 " writes since power-on: not counted",
		    before.mmio_reads, before.mmio_writes);
	npu_open(&npu, argc > 2 ? argv[2] : "/dev/accel/accel0");
	program_nop(&npu, &program, 1);
	run_jobs(&npu, &program, 1);
	control_counters(control, &before);
	run_jobs(&npu, &program, JOBS);
	control_counters(control, &after);

	nodes = after.nop_nodes - before.nop_nodes;
	if (nodes != JOBS)
		die("%d jobs of one node, but the device ran %" PRIu64, JOBS, nodes);
	print("mmio_reads_per_job", after.mmio_reads - before.mmio_reads, "<=", 0);
	print("mmio_writes_per_job", after.mmio_writes - before.mmio_writes, "<=", 1);
	npu_close(&npu);
	control_close(control);
	return 0;
}
