/* SPDX-License-Identifier: MIT */
#ifndef TEST_MEASURE_NODE_H
#define TEST_MEASURE_NODE_H

#include <stdint.h>

#include "time/amounts.h"

struct measure_source;

/**
 * struct node_time - a node alone on its device
 * @cycles: from its start to its end
 * @amounts: what it does
 * @energy: picojoules, at the highest voltage
 */
struct node_time {
	uint64_t cycles;
	struct amounts amounts;
	uint64_t energy;
};

/**
 * node_time() - run a node from idle engines, without any other
 * @source: a stream that tile_prepare() accepts
 * @time: result
 *
 * Return: 0, or as of measure_stream() and timeline_queue().
 */
int node_time(const struct measure_source *source, struct node_time *time);

#endif
