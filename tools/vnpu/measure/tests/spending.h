/* SPDX-License-Identifier: MIT */
/*
 * What a node costs the host: it is checked, measured, computed and counted as the engine does,
 * by one thread, from endless memory. Times are the thread's own, so other load does not count.
 */
#ifndef TEST_SPENDING_H
#define TEST_SPENDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "time/class.h"

struct alone;
struct hostile_stream;
struct sku;
struct walks;

/** struct device - one product class */
struct device {
	const char *name;
	struct sku *sku;
	struct time_class class;
	struct alone *alone;
	struct walks *walks;
};

/**
 * struct spent - what a node took
 * @held_ns: until it was checked and measured, in which the device clock stands
 * @tile_ns: to compute it, or what was computed of it
 * @steps_ns: to find out how long it takes, once
 * @silent_ns: longest time between two questions whether to give up, or to the end
 * @cycles: device time, or that of the steps that were counted
 * @steps: that were counted
 * @error: TSR_HW_ERR_* if it was refused
 * @given_up: it was not computed to the end
 * @part: of the computation that was done, 1 for all of it
 * @uncounted: there are more steps
 * @stuck: there are none, but the node has not ended
 */
struct spent {
	double held_ns;
	double tile_ns;
	double steps_ns;
	double silent_ns;
	uint64_t cycles;
	uint64_t steps;
	int error;
	bool given_up;
	double part;
	bool uncounted;
	bool stuck;
};

/** device_open() - the class in a file of contract/skus; ends the process if it cannot be read */
void device_open(struct device *device, const char *name);

/** device_close() - free */
void device_close(struct device *device);

/** thread_ns() - processor time of this thread */
double thread_ns(void);

/**
 * spend() - a node from its bytes to its end
 * @device: class
 * @stream: the node
 * @patience: how many times as much as usual is computed and counted before it is given up
 * @spent: result
 */
void spend(const struct device *device, const struct hostile_stream *stream, unsigned int patience,
	   struct spent *spent);

/** spent_ns() - of the host, in all; of a computation that was given up as long as all takes */
double spent_ns(const struct spent *spent);

#endif
