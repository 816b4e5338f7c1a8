/* SPDX-License-Identifier: MIT */
/*
 * What real firmware finds in host memory when it comes up: a boot block, admin commands,
 * queues with jobs. All of it lies there before the boot, and nothing waits for an answer, for
 * the firmware may be spoilt.
 */
#ifndef VNPU_TESTS_HOSTILE_HOST_H
#define VNPU_TESTS_HOSTILE_HOST_H

#include <stdint.h>

struct aspace;

/**
 * hostile_host_make() - a boot block and what it leads to
 * @as: address space 1, with what hostile_memory() placed there
 * @random: state of the generator
 *
 * Some of the words are spoilt.
 *
 * Return: bus address of the block.
 */
uint64_t hostile_host_make(struct aspace *as, uint64_t *random);

/** hostile_host_ring() - all bells that the firmware may wait for */
void hostile_host_ring(struct aspace *as);

#endif
