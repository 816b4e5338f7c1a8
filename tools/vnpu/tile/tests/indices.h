/* SPDX-License-Identifier: MIT */
/* Random commands with indices, and the plain rule of what an index selects. */
#ifndef TEST_INDICES_H
#define TEST_INDICES_H

#include <stdbool.h>
#include <stdint.h>

#include <number/types.h>

#include "bench.h"
#include "vector/tests/reference.h"

#define INDICES_TYPES	15

/** indices_types - every type with elements of whole bytes */
extern const uint8_t indices_types[INDICES_TYPES];

/** indices_any_type() - one of them */
unsigned int indices_any_type(struct bench *bench);

/** indices_type_of() - one of them that registers hold as @class */
unsigned int indices_type_of(struct bench *bench, enum number_class class);

/** indices_step() - extents of a step over a tensor: whole dimensions from the last one on */
void indices_step(struct tsr_hw_step *step, const struct tsr_hw_tensor *walked);

/**
 * indices_random() - a random command
 * @bench: holds its tensors
 * @gather: result, of kind @gather->kind; the header is not touched
 * @type: of the elements
 * @scatter: @gather->d is what is indexed, not @gather->x
 *
 * Indices are inside of their dimensions, negative ones too, but for one now and then.
 */
void indices_random(struct bench *bench, struct tsr_hw_gather *gather, unsigned int type,
		    bool scatter);

/** indices_of_rank() - the same with so many dimensions of what is indexed, and a layout of all */
void indices_of_rank(struct bench *bench, struct tsr_hw_gather *gather, unsigned int type,
		     bool scatter, unsigned int rank, unsigned int layout);

/**
 * indices_select() - where one element of the parts lies in the whole
 * @bench: memory with the indices
 * @gather: kind, axis, batch_dims and index
 * @whole: what is indexed
 * @parts: coordinates in what is selected
 * @at: result: coordinates in the whole
 *
 * Return: whether all indices are inside of their dimensions.
 */
bool indices_select(const struct bench *bench, const struct tsr_hw_gather *gather,
		    const struct tsr_hw_tensor *whole, const uint64_t *parts, uint64_t *at);

/** indices_coordinates() - coordinates of row-major element @index of a tensor */
void indices_coordinates(const struct tsr_hw_tensor *tensor, uint64_t index, uint64_t *at);

/** indices_put() - set row-major element @at of an int32 or int64 tensor */
void indices_put(struct bench *bench, const struct tsr_hw_tensor *index, uint64_t at,
		 int64_t value);

/** indices_bits() - bits of the element at an address */
uint64_t indices_bits(const struct bench *bench, const struct tsr_hw_tensor *tensor, uint64_t va);

/** indices_value() - the element of a type at an address, as a register has it */
union value indices_value(const struct bench *bench, unsigned int type, uint64_t va);

/** indices_real() - the element of a tensor at an address as fp32 */
float indices_real(const struct bench *bench, const struct tsr_hw_tensor *tensor, uint64_t va);

#endif
