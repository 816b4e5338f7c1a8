/* SPDX-License-Identifier: MIT */
/*
 * Firmware that means no good: signed, so the ROM starts it. It writes what it likes to every
 * register the core has, changes itself and how traps are taken, is any instructions at all, or
 * this build's firmware with some words changed. Made from a seed.
 */
#ifndef VNPU_TESTS_HOSTILE_FIRMWARE_H
#define VNPU_TESTS_HOSTILE_FIRMWARE_H

#include <stdbool.h>
#include <stdint.h>

#include "aspace.h"
#include "test_image.h"

/* Where its engines find streams and operands, in address space 1. */
#define HOSTILE_VA	0x10000000u
#define HOSTILE_BYTES	(2u << 20)

/**
 * hostile_firmware() - an image
 * @image: result
 * @random: state of the generator
 * @engines: the device has so many
 *
 * Return: whether it is this build's, which does much before it is ready.
 */
bool hostile_firmware(struct test_image *image, uint64_t *random, unsigned int engines);

/**
 * hostile_memory() - what its engines work on
 * @as: address space 1, HOSTILE_BYTES at HOSTILE_VA are mapped by this call
 * @random: state of the generator
 *
 * Streams of good and of spoilt commands.
 */
void hostile_memory(struct aspace *as, uint64_t *random);

#endif
