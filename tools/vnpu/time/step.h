/* SPDX-License-Identifier: MIT */
/* A step of a command: what it loads, computes and stores (docs/hardware.md, "Steps"). */
#ifndef VNPU_TIME_STEP_H
#define VNPU_TIME_STEP_H

#include <stdbool.h>
#include <stdint.h>

#include "operand.h"
#include "walk.h"

/* Control data, operands with scales and zero points, inputs of a prologue and an epilogue. */
#define STEP_LOADS_MAX	20

/**
 * struct load - one operand of a step on its way to the ring
 * @walk: what it touches
 * @held: bytes of the ring
 * @memory: from where, as of struct operand
 * @tile: likewise
 * @multicast: likewise
 * @is_static: likewise
 */
struct load {
	struct walk walk;
	uint64_t held;
	uint8_t memory;
	uint8_t tile;
	uint8_t multicast;
	bool is_static;
};

/**
 * struct store - what a step stores
 * @walk: what it touches; it has bursts
 * @memory: to where, as of struct operand
 */
struct store {
	struct walk walk;
	uint8_t memory;
};

/* Outputs of a step: values and their indices. */
#define STEP_STORES_MAX	2

/**
 * struct step - one step
 * @load: its loads in order, each with bursts
 * @loads: how many
 * @front: of them, control data and STATIC ones
 * @array: cycles of the array
 * @vector: cycles of the vector unit
 * @products: that it computes
 * @store: its stores, in order
 * @stores: how many
 * @freed_array: bytes of the ring that are free at the end of its array part
 * @freed_vector: and at the end of its vector part
 * @on_array: it has an array part, be it of 0 cycles
 * @first: it begins a block of the array
 * @drains: its vector part is the first one of a block of the array
 * @closes: and the last one
 * @last: of its command
 */
struct step {
	struct load load[STEP_LOADS_MAX];
	unsigned int loads;
	unsigned int front;
	uint64_t array;
	uint64_t vector;
	uint64_t products;
	struct store store[STEP_STORES_MAX];
	unsigned int stores;
	uint64_t freed_array;
	uint64_t freed_vector;
	bool on_array;
	bool first;
	bool drains;
	bool closes;
	bool last;
};

/**
 * step_load() - load an operand
 * @step: loads are added in the order of the manual; STATIC ones move to the front
 * @operand: what it is part of
 * @walk: what it touches; without bursts it is none
 * @bits: of its elements
 *
 * Return: bytes that it holds.
 */
uint64_t step_load(struct step *step, const struct operand *operand, const struct walk *walk,
		   uint64_t bits);

/** step_load_region() - step_load() of one region; nothing of the own scratchpad */
uint64_t step_load_region(struct step *step, struct walks *walks, const struct operand *operand,
			  const struct region *region);

/** step_load_control() - step_load_region() of control data, before all that is loaded */
uint64_t step_load_control(struct step *step, struct walks *walks, const struct operand *operand,
			   const struct region *region);

/** step_store() - store a region of an output, which may not exist */
void step_store(struct step *step, struct walks *walks, const struct operand *operand,
		const struct region *region);

/** step_store_walk() - store what a walk touches; nothing if it has no bursts */
void step_store_walk(struct step *step, const struct operand *operand, const struct walk *walk);

/** step_held() - bytes that its loads hold */
uint64_t step_held(const struct step *step);

/** held_of_region() - what step_load_region() would hold */
static inline uint64_t held_of_region(const struct operand *operand, const struct region *region)
{
	return operand_loads(operand) ? bytes_held(operand_volume(operand, region)) : 0;
}

#endif
