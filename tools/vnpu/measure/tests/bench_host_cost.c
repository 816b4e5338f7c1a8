/* SPDX-License-Identifier: MIT */
/*
 * What commands cost the host (docs/vnpu.md, "What a node costs the host"): random commands that
 * ask for as much as they can, on every product class, each by one thread. Reported are the worst
 * time for a device cycle, the time until an abort is obeyed, and the memory of the process. Times
 * are the thread's own, so other load does not count.
 *
 * usage: measure-bench-host-cost [COMMANDS [SEED]]
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <sys/resource.h>

#include "measure/class.h"
#include "measure/measure.h"
#include "tile/sku.h"
#include "tile/tests/bench.h"
#include "tile/tests/classes.h"
#include "tile/tests/endless.h"
#include "tile/tests/hostile_commands.h"
#include "tile/tests/products.h"
#include "tile/tile.h"
#include "time/alone.h"

/* What a node may cost by itself. The rest is counted by device cycles. */
#define NODE_NS		50000.0

/* What a device cycle may cost, and what may pass until an abort is obeyed. */
#define CYCLE_NS	5000
#define ABORT_MS	50

/* What one command may take, and all that is kept. */
#define MEMORY_MIB	1536

/* A command is stopped here; of its steps so many are counted. */
#define ENOUGH_MOVED	(1u << 20)
#define ENOUGH_POLLS	1000u
#define ENOUGH_STEPS	(1u << 13)

/* A command that may be the worst is measured so often; the least counts. */
#define AGAIN		3

/* Runs of a product that is measured, and commands between two reports. */
#define RUNS	201
#define REPORT	10000

#define OPCODES		256

struct device {
	const char *name;
	struct sku *sku;
	struct time_class class;
	struct alone *alone;
};

/* What one command took. */
struct spent {
	double tile_ns;
	double model_ns;
	double abort_ns;	/* from the answer to give up to the end */
	uint64_t cycles;	/* or some of them */
	uint64_t steps;
	bool given_up;
};

struct worst {
	double cycle_ns;
	uint64_t seed;
	const struct device *device;
	struct spent spent;
};

static double thread_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

/* ---- one command ---------------------------------------------------------------- */

/* Endless memory, and when it first said that the command is to give up. */
struct watched {
	struct endless endless;
	double given_up_ns;
};

static bool aborted(void *ctx)
{
	struct watched *watched = ctx;
	bool answer = endless_accessors(&watched->endless).aborted(&watched->endless);

	if (answer && !watched->given_up_ns)
		watched->given_up_ns = thread_ns();
	return answer;
}

static void read_zero(void *ctx, uint64_t va, uint64_t stride, size_t rows, size_t n, void *dst)
{
	(void)ctx;
	(void)va;
	(void)stride;
	memset(dst, 0, rows * n);
}

static enum memory system_memory(void *ctx, uint64_t va)
{
	(void)ctx;
	(void)va;
	return MEMORY_SYSTEM;
}

/* Device cycles of the stream alone, or of its first steps. */
static void count_cycles(const struct device *device, const struct tile_request *request,
			 struct spent *spent)
{
	static const unsigned int one[2] = { 1, 1 }, first[2] = { 0, 0 };
	const struct tsr_hw_fuses *fuses = sku_fuses(device->sku);
	const struct measure_source source = {
		.fuses = fuses, .energy = sku_energy(device->sku), .request = request,
		.read = read_zero, .memory = system_memory,
	};
	struct measured measured;
	struct stream stream;
	uint64_t cycles;

	if (request->kind != TSR_HW_ENGINE_TENSOR || measure_stream(&source, &measured))
		return;
	stream = (struct stream){ measured.commands, measured.count, NULL };
	if (!alone_begin(device->alone, one, first, class_ring(fuses), &stream))
		while (spent->steps < ENOUGH_STEPS && alone_step(device->alone, &cycles)) {
			spent->cycles += cycles;
			spent->steps++;
		}
	measure_free(&measured);
}

static bool run_once(const struct device *device, const struct hostile *hostile,
		     struct spent *spent)
{
	const struct tile_request request = {
		.kind = hostile->kind,
		.stream = &hostile->command,
		.stream_size = hostile->size,
		.slots = hostile->slot,
		.slot_count = HOSTILE_SLOTS,
	};
	struct watched watched = {
		.endless = { .give_up_moved = ENOUGH_MOVED, .give_up_polls = ENOUGH_POLLS },
	};
	struct tile_memory memory = endless_accessors(&watched.endless);
	double start = thread_ns(), end;
	struct tile_result result;
	struct tile_cost cost;
	struct tile_job *job;

	*spent = (struct spent){ 0 };
	if (tile_prepare(device->sku, &request, &job, &cost, &result))
		return false;
	memory.aborted = aborted;
	tile_execute(job, &memory, NULL, &result);
	tile_free(job);
	end = thread_ns();
	spent->tile_ns = end - start;
	spent->given_up = watched.given_up_ns;
	spent->abort_ns = spent->given_up ? end - watched.given_up_ns : 0;
	start = thread_ns();
	count_cycles(device, &request, spent);
	spent->model_ns = thread_ns() - start;
	if (hostile->kind == TSR_HW_ENGINE_DMA)
		spent->cycles = cost.cycles;
	return true;
}

/*
 * Nanoseconds of the host for a device cycle. Of a command that was given up the cycles are those of
 * all of it; where not all steps were counted, only the model's time for them is known.
 */
static double cycle_ns(const struct spent *spent)
{
	double ns = spent->model_ns - NODE_NS;

	if (spent->steps < ENOUGH_STEPS)
		ns += spent->tile_ns;
	return ns > 0 ? ns / (double)spent->cycles : 0;
}

static double smaller_of(double a, double b)
{
	return a < b ? a : b;
}

/* The least of several times, where it could be the worst: a host that was disturbed shows less. */
static void run_again(const struct device *device, const struct hostile *hostile,
		      struct spent *spent)
{
	for (int i = 1; i < AGAIN; i++) {
		struct spent other;

		run_once(device, hostile, &other);
		spent->tile_ns = smaller_of(spent->tile_ns, other.tile_ns);
		spent->model_ns = smaller_of(spent->model_ns, other.model_ns);
		spent->abort_ns = smaller_of(spent->abort_ns, other.abort_ns);
	}
}

/* ---- devices -------------------------------------------------------------------- */

static void open_devices(struct device *devices)
{
	for (size_t i = 0; i < CLASSES; i++) {
		struct device *device = &devices[i];
		char path[512], error[256];

		device->name = classes[i];
		snprintf(path, sizeof(path), "%s/%s.json", SKU_DIR, classes[i]);
		if (sku_load(path, &device->sku, error, sizeof(error))) {
			fprintf(stderr, "%s\n", error);
			exit(1);
		}
		device->class = class_of(sku_fuses(device->sku));
		device->alone = alone_create(&device->class);
		if (!device->alone)
			exit(1);
	}
}

static void close_devices(struct device *devices)
{
	for (size_t i = 0; i < CLASSES; i++) {
		alone_destroy(devices[i].alone);
		sku_free(devices[i].sku);
	}
}

/* ---- products of a known size ---------------------------------------------------- */

static void make_product(struct bench *bench, struct tsr_hw_gemm *product, unsigned int type,
			 unsigned int result, uint32_t n)
{
	const uint32_t dim[] = { n, n };

	bench_reset(bench);
	*product = (struct tsr_hw_gemm){
		.head = { .op = TSR_HW_OP_GEMM, .size = sizeof(*product) },
		.blocks = { .bm = 96, .bn = 128, .bk = 1024, .bg = 1 },
	};
	bench_plain(bench, &product->a, type, 2, dim, LAYOUT_DENSE, TSR_HW_SLOT_READ);
	bench_plain(bench, &product->b, type, 2, dim, LAYOUT_DENSE, TSR_HW_SLOT_READ);
	bench_plain(bench, &product->d, result, 2, dim, LAYOUT_DENSE, TSR_HW_SLOT_WRITE);
	bench_absent(&product->rows);
	products_no_quant(&product->qa);
	products_no_quant(&product->qb);
}

static int compare(const void *a, const void *b)
{
	double left = *(const double *)a, right = *(const double *)b;

	return (left > right) - (left < right);
}

/* Median of some runs after two. */
static double product_ns(unsigned int type, unsigned int result, uint32_t n)
{
	double ns[RUNS];
	struct tsr_hw_gemm product;
	struct bench bench;

	bench_open(&bench, "edge", 64u << 20, 1);
	make_product(&bench, &product, type, result, n);
	for (int i = -2; i < RUNS; i++) {
		struct outcome outcome;
		double start = thread_ns();

		bench_run(&bench, &product, &outcome);
		ns[i < 0 ? 0 : i] = thread_ns() - start;
		if (outcome.result.error) {
			fprintf(stderr, "a product ends with error %d\n", outcome.result.error);
			exit(1);
		}
	}
	bench_close(&bench);
	qsort(ns, RUNS, sizeof(ns[0]), compare);
	return ns[RUNS / 2];
}

/* ---- all commands ---------------------------------------------------------------- */

static struct worst worst[OPCODES];
static double worst_abort_ns;
static uint64_t taken, given_up;

static void judge(const struct device *device, const struct hostile *hostile, uint64_t seed)
{
	struct worst *known = &worst[hostile->command.head.op];
	struct spent spent;

	/* What takes no time was refused by the time model, and what is of version 1, too. */
	if (!run_once(device, hostile, &spent) || !spent.cycles)
		return;
	taken++;
	given_up += spent.given_up;
	if (cycle_ns(&spent) > known->cycle_ns || spent.abort_ns > worst_abort_ns)
		run_again(device, hostile, &spent);
	if (spent.abort_ns > worst_abort_ns)
		worst_abort_ns = spent.abort_ns;
	if (cycle_ns(&spent) > known->cycle_ns)
		*known = (struct worst){ cycle_ns(&spent), seed, device, spent };
}

static void report(void)
{
	struct rusage usage;
	double most = 0;

	printf("# opcode, class, ns a cycle, us of the tile and of the model, cycles, steps, seed\n");
	for (int op = 0; op < OPCODES; op++) {
		const struct worst *known = &worst[op];

		if (!known->device)
			continue;
		printf("# %#04x %-6s %8.1f %10.1f %10.1f %12llu %8llu %#llx%s\n", op,
		       known->device->name, known->cycle_ns, known->spent.tile_ns / 1e3,
		       known->spent.model_ns / 1e3, (unsigned long long)known->spent.cycles,
		       (unsigned long long)known->spent.steps, (unsigned long long)known->seed,
		       known->spent.given_up ? " given up" : "");
		if (known->cycle_ns > most)
			most = known->cycle_ns;
	}
	getrusage(RUSAGE_SELF, &usage);
	printf("# figure host_commands %llu count\n", (unsigned long long)taken);
	printf("# figure host_commands_given_up %llu count\n", (unsigned long long)given_up);
	printf("# metric host_cost_worst %.4g ns <= %d\n", most, CYCLE_NS);
	printf("# metric host_abort_ms %.4g ms <= %d\n", worst_abort_ns / 1e6, ABORT_MS);
	printf("# metric rss_worst_mib %.4g MiB <= %d\n", (double)usage.ru_maxrss / 1024, MEMORY_MIB);
	fflush(stdout);
}

/* A few ask for all there is, most end soon. By the seed, so that it repeats a command. */
static unsigned int bits_of(uint64_t seed)
{
	return seed >> 32 & 0xf ? 8 + (unsigned int)(seed >> 40) % 13 : 36;
}

int main(int argc, char **argv)
{
	uint64_t commands = argc > 1 ? strtoull(argv[1], NULL, 0) : 10000;
	uint64_t random = argc > 2 ? strtoull(argv[2], NULL, 0) : (uint64_t)time(NULL);
	struct device devices[CLASSES];

	printf("# %s, seed %#llx\n", tile_implementation(), (unsigned long long)random);
	printf("# figure product16_host_us %.4g us\n",
	       product_ns(TSR_HW_TYPE_FP32, TSR_HW_TYPE_FP32, 16) / 1e3);
	open_devices(devices);
	for (uint64_t i = 0; i < commands; i++) {
		uint64_t seed = random;
		struct hostile hostile;

		hostile_make(&hostile, &random, bits_of(seed));
		judge(&devices[seed % CLASSES], &hostile, seed);
		if (i && i % REPORT == 0)
			report();
	}
	report();
	close_devices(devices);
	return 0;
}
