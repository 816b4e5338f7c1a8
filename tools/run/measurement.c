// SPDX-License-Identifier: MIT
#include "measurement.h"

#include <stdlib.h>

enum exit_code measurement_init(struct measurement *measured, const struct tsr_program *program)
{
	*measured = (struct measurement){ .nodes = tsr_program_nodes(program) };
	measured->node = calloc(measured->nodes + 1, sizeof(*measured->node));
	return measured->node ? EXIT_OK : complain(EXIT_DEVICE, "out of memory");
}

void measurement_free(struct measurement *measured)
{
	free(measured->node);
}

static void add_record(struct measurement *measured, const struct tsr_node_profile *record)
{
	struct node_sum *sum;

	/* The record comes from the device: bound every index of it. */
	if (record->node >= measured->nodes)
		return;
	sum = &measured->node[record->node];
	sum->executions++;
	sum->cycles += record->end - record->start;
	sum->macs += record->macs;
	sum->bytes_read += record->bytes_read;
	sum->bytes_written += record->bytes_written;
	sum->energy_pj += record->energy_pj;
	sum->infinite += record->infinite;
	sum->nan += record->nan;
}

void measurement_add(struct measurement *measured, const struct tsr_program *program,
		     const struct engine_run *run)
{
	size_t i;

	for (i = 0; i < run->records; i++)
		add_record(measured, &run->record[i]);
	for (i = 0; i < measured->nodes; i++)
		measured->macs += tsr_program_node(program, i)->macs * run->repeat;
	measured->runs += run->repeat;
	measured->cycles += run->cycles;
}

double measurement_us(const struct engine *engine, uint64_t cycles)
{
	return (double)cycles * 1e3 / engine_clock_khz(engine);
}

double measurement_tops(const struct engine *engine, uint64_t macs, uint64_t cycles)
{
	return cycles ? 2.0 * (double)macs / measurement_us(engine, cycles) / 1e6 : 0;
}

enum tsr_type measurement_type(const struct tsr_program *program)
{
	uint64_t macs[TSR_INT32 + 1] = { 0 };
	enum tsr_type most = TSR_FP32, type;
	size_t i;

	for (i = 0; i < tsr_program_nodes(program); i++)
		macs[tsr_program_node(program, i)->type] += tsr_program_node(program, i)->macs;
	for (type = 0; type <= TSR_INT32; type++)
		if (macs[type] > macs[most])
			most = type;
	return most;
}
