/* SPDX-License-Identifier: MIT */
/*
 * One of the two programs of a measurement in pairs. The other end asks for a round by a
 * line "round SEED" and gets a line with its nanoseconds; any other line ends it.
 */
#ifndef BENCH_ROUNDS_H
#define BENCH_ROUNDS_H

#include <stdint.h>

/**
 * rounds_serve() - answer until the last round
 * @port: path of what both directions go through, or NULL for standard input and output
 * @round: measures one; operands come from @seed
 * @context: for @round
 *
 * A port that cannot be opened ends the program with a message.
 */
void rounds_serve(const char *port, uint64_t (*round)(void *context, uint64_t seed), void *context);

#endif
