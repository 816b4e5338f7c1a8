/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/* The main loop's one turn. */
#ifndef SERVICE_H
#define SERVICE_H

#include <stdbool.h>

struct boot;

/* Prepare everything for the first turn, after the host was accepted. */
void service_start(const struct boot *boot);

/* Look at events, then work a bounded time; false when there is nothing left to do. */
bool service_turn(void);

#endif
