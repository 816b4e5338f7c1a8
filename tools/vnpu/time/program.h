/* SPDX-License-Identifier: MIT */
/* Inputs of prologues and epilogues. */
#ifndef VNPU_TIME_PROGRAM_H
#define VNPU_TIME_PROGRAM_H

#include "command.h"
#include "step.h"

/** program_load() - load the inputs of a program, if there is one, for a region */
void program_load(const struct program *program, struct walks *walks,
		  const struct region *region, struct step *step);

/** program_held() - bytes that they hold */
uint64_t program_held(const struct program *program, const struct region *region);

#endif
