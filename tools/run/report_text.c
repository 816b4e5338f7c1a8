// SPDX-License-Identifier: MIT
/* Tables for people. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "report.h"

#define BAR	20

static uint64_t busy_cycles(const struct measurement *measured)
{
	uint64_t cycles = 0;
	size_t i;

	for (i = 0; i < measured->nodes; i++)
		cycles += measured->node[i].cycles;
	return cycles;
}

static void print_rate(const struct report *report, const struct tsr_node_info *node,
		       const struct node_sum *sum)
{
	double tops = measurement_tops(report->engine, sum->macs, sum->cycles);
	double peak = engine_peak_tops(report->engine, node->type);

	if (sum->macs && peak > 0)
		printf(" %8.3f %5.1f%%", tops, 100 * tops / peak);
	else
		printf(" %8s %6s", "-", "-");
}

static void print_node(const struct report *report, size_t i, uint64_t all)
{
	const struct tsr_node_info *node = tsr_program_node(report->program, i);
	const struct node_sum *sum = &report->measured->node[i];
	uint64_t runs = sum->executions ? sum->executions : 1;
	double share = all ? (double)sum->cycles / (double)all : 0;
	char bar[BAR + 1] = { 0 };

	memset(bar, '#', (size_t)(share * BAR + 0.5));
	printf("%4zu %-28.28s %-22.22s %-6s %10" PRIu64 " %10.2f %12" PRIu64 " %5.1f%%", i,
	       node->name, node->op, tsr_type_name(node->type), sum->cycles / runs,
	       measurement_us(report->engine, sum->cycles) / (double)runs, sum->macs / runs,
	       100 * share);
	print_rate(report, node, sum);
	printf(" %s\n", bar);
}

void report_profile(const struct report *report)
{
	uint64_t all = busy_cycles(report->measured);
	size_t i;

	printf("\n%4s %-28s %-22s %-6s %10s %10s %12s %6s %8s %6s\n", "node", "name", "operator",
	       "type", "cycles", "us", "MACs", "share", "TOPS", "peak");
	for (i = 0; i < report->measured->nodes; i++)
		print_node(report, i, all);
	printf("Figures of a node are per run; peak is the share of the device's peak rate.\n");
}

static void print_energy(const struct report *report)
{
	uint64_t energy = 0, runs = report->measured->runs ? report->measured->runs : 1;
	size_t i;

	for (i = 0; i < report->measured->nodes; i++)
		energy += report->measured->node[i].energy_pj;
	if (energy && report->options->profile)
		printf("modelled energy: %.3f uJ per run\n", (double)energy / (double)runs / 1e6);
}

void report_total(const struct report *report)
{
	const struct measurement *measured = report->measured;
	enum tsr_type type = measurement_type(report->program);
	double us = measurement_us(report->engine, measured->cycles);
	double tops = measurement_tops(report->engine, measured->macs, measured->cycles);
	double peak = engine_peak_tops(report->engine, type);
	uint64_t items = report->work->items * report->options->rounds;

	printf("\n%s\n", engine_name(report->engine));
	printf("device time: %.3f ms for %" PRIu64 " items in %" PRIu64 " runs, %.2f us per item\n",
	       us / 1e3, items, measured->runs, us / (double)items);
	printf("achieved: %.4f of %.3f TOPS peak at %s, %.1f %%\n", tops, peak,
	       tsr_type_name(type), peak > 0 ? 100 * tops / peak : 0);
	print_energy(report);
	printf("host time: %.3f ms, copies included\n", (double)measured->wall_ns / 1e6);
}

void report_comparison(const struct report *report)
{
	size_t i;

	printf("\nagainst the reference on the CPU:\n");
	for (i = 0; i < report->work->outputs; i++) {
		const struct comparison *c = &report->comparison[i];

		printf("  %s: %s; largest error %.3g absolute, %.3g relative; %" PRIu64 " of %"
		       PRIu64 " values differ in a bit\n",
		       report->work->output[i].argument->name, c->passed ? "agrees" : "DIFFERS",
		       c->absolute, c->relative, c->different, c->count);
	}
}
