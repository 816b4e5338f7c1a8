/* SPDX-License-Identifier: MIT */
/*
 * What commands cost the host (docs/vnpu.md, "What a node costs the host"): random streams that
 * ask for anything, on every product class, each by one thread. Reported are the worst time for a
 * device cycle, the longest time until an abort is obeyed, and the memory of the process. Times
 * are the thread's own, so other load does not count.
 *
 * usage: measure-bench-host-cost [STREAMS [SEED]]
 *
 * One stream alone is printed. Every report tells of all streams so far, and of the seed that
 * continues where it stopped.
 */
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <sys/resource.h>
#include <sys/time.h>

#include <tsr_hw/decode.h>
#include <tsr_hw/error.h>

#include "spending.h"
#include "tile/staging.h"
#include "tile/tests/bench.h"
#include "tile/tests/classes.h"
#include "tile/tests/hostile_streams.h"
#include "tile/tests/products.h"

/* What a node may cost by itself. The rest is counted by device cycles. */
#define NODE_NS		50000.0

/* What a device cycle may cost, and what may pass until an abort is obeyed. */
#define CYCLE_NS	5000
#define ABORT_MS	50

/* What one command may take, and all that is kept. */
#define MEMORY_MIB	1536

/*
 * How much is computed of a stream that asks for much, and how much more of
 * one that may be the worst.
 */
#define LARGE		16
#define THOROUGH	16
#define PATIENCE_MAX	256

/* A stream that may be the worst, beyond small figures, is measured so often; the least counts. */
#define AGAIN			3
#define DISTURBED		16
#define SUSPECT_CYCLE_NS	250.0
#define SUSPECT_SILENT_NS	2e6
#define SUSPECT_HELD_NS		5e6

/*
 * Processor seconds after which a stream that has not ended is a fault. It may take CYCLE_NS for
 * each of some million cycles, and is asked for them several times.
 */
#define HANG_S		300

/*
 * Times that a product is measured, each time so many runs: asking for the time costs some of one.
 */
#define TIMES	51
#define RUNS	64

/* Streams between two reports. */
#define REPORT	100000

#define OPCODES		256
#define ERRORS		64

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

static double runs_ns(struct bench *bench, const struct tsr_hw_gemm *product)
{
	double start = thread_ns();

	for (unsigned int i = 0; i < RUNS; i++) {
		struct outcome outcome;

		bench_run(bench, product, &outcome);
		if (outcome.result.error) {
			fprintf(stderr, "a product ends with error %d\n", outcome.result.error);
			exit(1);
		}
	}
	return (thread_ns() - start) / RUNS;
}

/* Of a run, the median after two times. */
static double product_ns(unsigned int type, unsigned int result, uint32_t n)
{
	double ns[TIMES];
	struct tsr_hw_gemm product;
	struct bench bench;

	bench_open(&bench, "edge", 64u << 20, 1);
	make_product(&bench, &product, type, result, n);
	for (int i = -2; i < TIMES; i++)
		ns[i < 0 ? 0 : i] = runs_ns(&bench, &product);
	bench_close(&bench);
	qsort(ns, TIMES, sizeof(ns[0]), compare);
	return ns[TIMES / 2];
}

/* ---- all streams ----------------------------------------------------------------- */

/* The worst of a kind: how much, and how to have it again. */
struct worst {
	double ns;
	uint64_t seed;
	const struct device *device;
	struct spent spent;
};

static struct worst worst_cycle[OPCODES], worst_silent, worst_held;
static uint64_t taken[OPCODES], refused[ERRORS];
static uint64_t streams, given_up, stuck;
static uint64_t staged;

/* For the timer: the stream at work. */
static volatile uint64_t current_seed;

static double cycle_ns(const struct spent *spent)
{
	double ns = spent_ns(spent) - NODE_NS;

	return ns > 0 ? ns / (double)spent->cycles : 0;
}

static double smaller_of(double a, double b)
{
	return a < b ? a : b;
}

static double larger_of(double a, double b)
{
	return a > b ? a : b;
}

static unsigned int patience_of(const struct hostile_stream *stream)
{
	return stream->large ? LARGE : 1;
}

/* Whether a stream is worse than all before, and so much that it is worth another look. */
static bool is_suspect(const struct spent *spent, const struct worst *known)
{
	return cycle_ns(spent) > larger_of(known->ns, SUSPECT_CYCLE_NS) ||
	       spent->silent_ns > larger_of(worst_silent.ns, SUSPECT_SILENT_NS) ||
	       spent->held_ns > larger_of(worst_held.ns, SUSPECT_HELD_NS);
}

/* The least of several times: a host that was disturbed shows less. */
static void spend_again(const struct device *device, const struct hostile_stream *stream,
			unsigned int patience, struct spent *spent)
{
	for (int i = 1; i < AGAIN; i++) {
		struct spent other;

		spend(device, stream, patience, &other);
		spent->held_ns = smaller_of(spent->held_ns, other.held_ns);
		spent->tile_ns = smaller_of(spent->tile_ns, other.tile_ns);
		spent->steps_ns = smaller_of(spent->steps_ns, other.steps_ns);
		spent->silent_ns = smaller_of(spent->silent_ns, other.silent_ns);
	}
}

static bool exceeds(const struct spent *spent)
{
	return cycle_ns(spent) > CYCLE_NS || spent->silent_ns > ABORT_MS * 1e6;
}

/* What was computed before it was given up may not be like the rest: then more and more of it. */
static void look_again(const struct device *device, const struct hostile_stream *stream,
		       const struct worst *known, struct spent *spent)
{
	unsigned int patience = patience_of(stream);

	spend_again(device, stream, patience, spent);
	/* A host may be disturbed for as long as a few times of a short stream take. */
	for (int i = 0; i < DISTURBED && exceeds(spent); i++)
		spend_again(device, stream, patience, spent);
	while (is_suspect(spent, known) && (spent->given_up || spent->uncounted) &&
	       patience < PATIENCE_MAX) {
		patience *= THOROUGH;
		spend(device, stream, patience, spent);
		spend_again(device, stream, patience, spent);
	}
}

static void note(struct worst *known, double ns, const struct worst *one)
{
	if (ns <= known->ns)
		return;
	*known = *one;
	known->ns = ns;
}

/* The time model knows no end of it. */
static void note_stuck(const struct spent *spent, uint64_t seed)
{
	if (!spent->stuck)
		return;
	if (!stuck++)
		fprintf(stderr, "a node does not go on behind step %llu, seed %#llx\n",
			(unsigned long long)spent->steps, (unsigned long long)seed);
}

static void judge(const struct device *device, const struct hostile_stream *stream, uint64_t seed)
{
	const unsigned int op = stream->bytes[0];
	struct worst one = { .seed = seed, .device = device };
	struct spent *spent = &one.spent;

	staging_reset_peak();
	spend(device, stream, patience_of(stream), spent);
	if (is_suspect(spent, &worst_cycle[op]))
		look_again(device, stream, &worst_cycle[op], spent);
	note(&worst_cycle[op], cycle_ns(spent), &one);
	note(&worst_silent, spent->silent_ns, &one);
	note(&worst_held, spent->held_ns, &one);
	note_stuck(spent, seed);
	streams++;
	given_up += spent->given_up;
	refused[spent->error % ERRORS]++;
	taken[op] += !spent->error;
	if (staging_usage().peak > staged)
		staged = staging_usage().peak;
}

static void report_worst(const char *what, int op, const struct worst *known)
{
	const struct spent *spent = &known->spent;

	if (!known->device)
		return;
	printf("# %-6s %#04x %-6s %9llu %9.1f %8.1f %9.1f %8.1f %11llu %5llu %#llx%s%s\n", what, op,
	       known->device->name, (unsigned long long)taken[op], cycle_ns(spent),
	       spent->held_ns / 1e3, spent->tile_ns / 1e3, spent->steps_ns / 1e3,
	       (unsigned long long)spent->cycles, (unsigned long long)spent->steps,
	       (unsigned long long)known->seed, spent->given_up ? " given up" : "",
	       spent->error ? " refused" : "");
}

static void report_refusals(void)
{
	for (unsigned int i = 1; i < ERRORS; i++)
		if (refused[i])
			printf("# figure host_streams_refused_%u %llu count\n", i,
			       (unsigned long long)refused[i]);
}

static void report(uint64_t next)
{
	struct rusage usage;
	double most = 0;

	printf("# worst of opcode, class, taken, ns a cycle, us held, of the tile, of the steps, "
	       "cycles, steps, seed\n");
	for (int op = 0; op < OPCODES; op++) {
		report_worst("cycle", op, &worst_cycle[op]);
		if (worst_cycle[op].ns > most)
			most = worst_cycle[op].ns;
	}
	report_worst("abort", 0, &worst_silent);
	report_worst("held", 0, &worst_held);
	getrusage(RUSAGE_SELF, &usage);
	printf("# figure host_streams %llu count, next seed %#llx\n", (unsigned long long)streams,
	       (unsigned long long)next);
	printf("# figure host_streams_given_up %llu count\n", (unsigned long long)given_up);
	report_refusals();
	printf("# figure host_held_ms %.4g ms\n", worst_held.ns / 1e6);
	printf("# figure host_staged_mib %.4g MiB\n", (double)staged / 0x100000);
	printf("# metric host_cost_worst %.4g ns <= %d\n", most, CYCLE_NS);
	printf("# metric host_abort_ms %.4g ms <= %d\n", worst_silent.ns / 1e6, ABORT_MS);
	printf("# metric host_stuck %llu count <= 0\n", (unsigned long long)stuck);
	printf("# metric rss_worst_mib %.4g MiB <= %d\n", (double)usage.ru_maxrss / 1024, MEMORY_MIB);
	fflush(stdout);
}

/* Every second of processor time: the same stream too often is one that does not end. */
static void on_timer(int signal)
{
	static uint64_t last_seed;
	static int seconds;
	char line[64];

	(void)signal;
	seconds = current_seed == last_seed ? seconds + 1 : 0;
	last_seed = current_seed;
	if (seconds < HANG_S)
		return;
	snprintf(line, sizeof(line), "seed %#llx does not end\n", (unsigned long long)last_seed);
	if (write(STDERR_FILENO, line, strlen(line)) < 0)
		_exit(2);
	abort();
}

static void watch_for_hangs(void)
{
	const struct itimerval second = { { 1, 0 }, { 1, 0 } };
	const struct sigaction action = { .sa_handler = on_timer };

	sigaction(SIGPROF, &action, NULL);
	setitimer(ITIMER_PROF, &second, NULL);
}

static void run(struct device *devices, uint64_t count, uint64_t random)
{
	static struct hostile_stream stream;

	for (uint64_t i = 0; i < count; i++) {
		uint64_t seed = random;

		current_seed = seed;
		hostile_stream_make(&stream, &random);
		if (count == 1)
			tsr_hw_decode_stream(stdout, stream.bytes, stream.size);
		judge(&devices[seed % CLASSES], &stream, seed);
		if (i && i % REPORT == 0)
			report(random);
	}
	report(random);
}

int main(int argc, char **argv)
{
	uint64_t count = argc > 1 ? strtoull(argv[1], NULL, 0) : 20000;
	uint64_t random = argc > 2 ? strtoull(argv[2], NULL, 0) : (uint64_t)time(NULL);
	struct device devices[CLASSES];

	printf("# %s, seed %#llx\n", tile_implementation(), (unsigned long long)random);
	printf("# figure product16_host_us %.4g us\n",
	       product_ns(TSR_HW_TYPE_FP32, TSR_HW_TYPE_FP32, 16) / 1e3);
	if (!hostile_streams_open()) {
		fprintf(stderr, "the golden vectors cannot be read\n");
		return 1;
	}
	for (size_t i = 0; i < CLASSES; i++)
		device_open(&devices[i], classes[i]);
	watch_for_hangs();
	run(devices, count, random);
	for (size_t i = 0; i < CLASSES; i++)
		device_close(&devices[i]);
	return 0;
}
