/* SPDX-License-Identifier: MIT */
#ifndef VNPU_TIME_RUN_H
#define VNPU_TIME_RUN_H

#include "tile.h"

/** run_start() - when a command starts; NEVER: not known yet */
static inline uint64_t run_start(struct run *run)
{
	if (run->start != NEVER)
		return run->start;
	if (!run->before)
		run->start = run->node->start;
	else if (run->barrier >= 0)
		run->start = run->node->meeting[run->barrier];
	else if (run->steps.command->overlap)
		run->start = run->before->start;
	else
		run->start = run->before->end;
	return run->start;
}

#endif
