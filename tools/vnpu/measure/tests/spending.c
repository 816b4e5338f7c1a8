/* SPDX-License-Identifier: MIT */
#include "spending.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <tsr_hw/error.h>

#include "measure/class.h"
#include "measure/measure.h"
#include "smaller.h"
#include "tile/sku.h"
#include "tile/tests/endless.h"
#include "tile/tests/hostile_streams.h"
#include "tile/tile.h"
#include "time/alone.h"
#include "time/walk.h"

/* Cycles of a node that is refused. */
#define REFUSE_CYCLES	64u

/* Elements of control data that a cycle of it pays for. */
#define CONTROL_A_CYCLE	64u

/* A node is stopped here, by a patience of 1; of its steps so many are counted. */
#define ENOUGH_MOVED	(1ull << 16)
#define ENOUGH_POLLS	50ull
#define ENOUGH_STEPS	(1ull << 9)

/* Less of a computation than this does not tell what all of it takes. */
#define PART_KNOWN	0.05

/* Flows of a DMA engine's node that are looked at. */
#define COPIES		64

/* Memory of a node, and when it was last asked whether to give up. */
struct watched {
	struct endless endless;
	double asked_ns;
	double silent_ns;
};

double thread_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

void device_open(struct device *device, const char *name)
{
	char path[512], error[256];

	device->name = name;
	snprintf(path, sizeof(path), "%s/%s.json", SKU_DIR, name);
	if (sku_load(path, &device->sku, error, sizeof(error))) {
		fprintf(stderr, "%s\n", error);
		exit(1);
	}
	device->class = class_of(sku_fuses(device->sku));
	device->alone = alone_create(&device->class);
	device->walks = walks_create();
	if (!device->alone || !device->walks)
		exit(1);
}

void device_close(struct device *device)
{
	walks_destroy(device->walks);
	alone_destroy(device->alone);
	sku_free(device->sku);
}

static void note_silence(struct watched *watched)
{
	double now = thread_ns();

	if (now - watched->asked_ns > watched->silent_ns)
		watched->silent_ns = now - watched->asked_ns;
	watched->asked_ns = now;
}

static bool aborted(void *ctx)
{
	struct watched *watched = ctx;

	note_silence(watched);
	return endless_accessors(&watched->endless).aborted(&watched->endless);
}

static void read_control(void *ctx, uint64_t va, uint64_t stride, size_t rows, size_t n, void *dst)
{
	for (size_t i = 0; i < rows; i++)
		endless_fill(ctx, va + i * stride, n, (char *)dst + i * n);
}

/* Local memory of those that have it is every other GiB. */
static enum memory memory_of(void *ctx, uint64_t va)
{
	(void)ctx;
	return va >> 30 & 1 ? MEMORY_LOCAL : MEMORY_SYSTEM;
}

static struct measure_source source_of(const struct device *device,
				       const struct hostile_stream *stream,
				       const struct tile_request *request)
{
	return (struct measure_source){
		.fuses = sku_fuses(device->sku),
		.energy = sku_energy(device->sku),
		.request = request,
		.read = read_control,
		.memory = memory_of,
		.ctx = (void *)&stream->contents,
	};
}

/* Return: the error of a node that ends so. */
static int refusal(int error)
{
	switch (error) {
	case 0:
		return TSR_HW_ERR_NONE;
	case -EINVAL:
		return TSR_HW_ERR_COMMAND;
	default:
		return TSR_HW_ERR_UNSUPPORTED;
	}
}

/* What an engine does before a node begins. */
static int begin(const struct device *device, const struct hostile_stream *stream,
		 struct tile_job **job, struct tile_size *size, struct measured *measured,
		 uint64_t *dma_cycles)
{
	const struct tile_request request = hostile_stream_request(stream);
	const struct measure_source source = source_of(device, stream, &request);
	struct copy copies[COPIES];
	struct tile_result result;
	int error = tile_prepare(device->sku, &request, job, size, &result);

	if (error)
		return error;
	if (stream->kind == TSR_HW_ENGINE_TENSOR)
		return refusal(measure_stream(&source, measured));
	return refusal(alone_copies(device->alone, copies,
				    measure_copies(&source, device->walks, copies, COPIES),
				    dma_cycles));
}

static void compute(const struct hostile_stream *stream, struct tile_job *job,
		    const struct tile_size *size, unsigned int patience, struct spent *spent)
{
	struct watched watched = {
		.endless = {
			.contents = stream->contents,
			.give_up_moved = ENOUGH_MOVED * patience,
			.give_up_polls = ENOUGH_POLLS * patience,
		},
	};
	struct tile_memory memory = endless_accessors(&watched.endless);
	struct tile_result result;
	double start = thread_ns();

	memory.aborted = aborted;
	watched.asked_ns = start;
	tile_execute(job, &memory, NULL, &result);
	note_silence(&watched);
	spent->tile_ns = watched.asked_ns - start;
	spent->silent_ns = watched.silent_ns;
	spent->given_up = watched.endless.given_up;
	spent->part = 1;
	if (spent->given_up)
		spent->part = (double)watched.endless.progress / (double)size->steps;
}

static void count_steps(const struct device *device, const struct measured *measured,
			unsigned int patience, struct spent *spent)
{
	static const unsigned int one[2] = { 1, 1 }, first[2] = { 0, 0 };
	const struct stream commands = { measured->commands, measured->count, NULL };
	const uint64_t enough = ENOUGH_STEPS * patience;
	uint64_t ring = sku_ring(sku_fuses(device->sku)), cycles;
	double start = thread_ns();

	spent->error = refusal(alone_begin(device->alone, one, first, ring, &commands));
	while (!spent->error && spent->steps < enough && alone_step(device->alone, &cycles)) {
		spent->cycles += cycles;
		spent->steps++;
	}
	spent->uncounted = spent->steps == enough;
	spent->stuck = !spent->error && !spent->uncounted && !alone_ended(device->alone);
	alone_end(device->alone);
	spent->steps_ns = thread_ns() - start;
}

void spend(const struct device *device, const struct hostile_stream *stream, unsigned int patience,
	   struct spent *spent)
{
	struct measured measured = { 0 };
	struct tile_job *job = NULL;
	struct tile_size size = { 0 };
	double start = thread_ns();

	*spent = (struct spent){ .part = 1 };
	spent->error = begin(device, stream, &job, &size, &measured, &spent->cycles);
	spent->held_ns = thread_ns() - start;
	if (!spent->error && stream->kind == TSR_HW_ENGINE_TENSOR)
		count_steps(device, &measured, patience, spent);
	if (!spent->error)
		compute(stream, job, &size, patience, spent);
	tile_free(job);
	if (spent->cycles < REFUSE_CYCLES)
		spent->cycles = REFUSE_CYCLES;
	if (spent->error)
		spent->cycles += measured.elements / CONTROL_A_CYCLE;
	measure_free(&measured);
}

/* Steps are counted twice: for the budget, and on the timeline. */
double spent_ns(const struct spent *spent)
{
	double ns = spent->held_ns + 2 * spent->steps_ns;

	/* Device time of all that is computed is not known, or how much of it was done. */
	if (spent->uncounted || spent->part < PART_KNOWN)
		return ns;
	return ns + spent->tile_ns / spent->part;
}
