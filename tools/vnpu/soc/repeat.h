/* SPDX-License-Identifier: MIT */
#ifndef VNPU_REPEAT_H
#define VNPU_REPEAT_H

#include <stdint.h>

struct machine;
struct replay;
struct simulation;

/**
 * struct repeat_host - the host's part in a repeated run
 * @reset: reset port and registers; returns the new epoch
 * @boot: write the boot registers, BOOT_GO last
 * @ctx: their argument
 */
struct repeat_host {
	unsigned int (*reset)(void *ctx);
	void (*boot)(void *ctx, uint64_t image, uint32_t size, uint64_t boot_block);
	void *ctx;
};

/**
 * repeat_run() - drive a machine with the inputs of a record
 * @machine: a machine whose port and engines answer from @replay
 * @sim: its simulation, whose thread does not run: engines wake it
 * @replay: the record
 * @host: what a reset and a boot need besides
 *
 * Returns at the end of the record or at the first difference.
 */
void repeat_run(struct machine *machine, struct simulation *sim, struct replay *replay,
		const struct repeat_host *host);

#endif
