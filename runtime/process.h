/* SPDX-License-Identifier: MIT */
/* Which process an object belongs to: a child of fork() has copies it must not use. */
#ifndef TSR_PROCESS_H
#define TSR_PROCESS_H

#include <stdbool.h>
#include <stdint.h>

/**
 * tsr_process_token() - a number for the calling process
 *
 * Return: not that of any ancestor whose memory this process has; 0 when out of memory.
 */
uint64_t tsr_process_token(void);

/**
 * tsr_process_is() - is the calling process the one that got @token?
 * @token: from tsr_process_token(), not 0
 *
 * Reads one word: no system call.
 */
bool tsr_process_is(uint64_t token);

#endif
