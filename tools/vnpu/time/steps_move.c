// SPDX-License-Identifier: MIT
#include "steps_move.h"

/* Bytes of a lane in a cycle. */
#define MOVE_BYTES 4

/* Inputs from @low to @high, which may lie outside. */
struct reach {
	int64_t low;
	int64_t high;
};

static int64_t within(int64_t index, int64_t n)
{
	return index < 0 ? 0 : index >= n ? n - 1 : index;
}

static int64_t modulo(int64_t a, int64_t n)
{
	return (a % n + n) % n;
}

/* Whether an index equal to @point modulo @period is reached. */
static bool passes(struct reach reach, int64_t point, int64_t period)
{
	return modulo(point - reach.low, period) <= reach.high - reach.low;
}

static int64_t reflected(int64_t index, int64_t n)
{
	int64_t place = modulo(index, 2 * n - 2);

	return place < n ? place : 2 * n - 2 - place;
}

static struct reach reflect(struct reach reach, int64_t n)
{
	int64_t a, b;
	struct reach result;

	if (n == 1)
		return (struct reach){ 0, 0 };
	a = reflected(reach.low, n);
	b = reflected(reach.high, n);
	result = (struct reach){ a < b ? a : b, a < b ? b : a };
	if (passes(reach, 0, 2 * n - 2))
		result.low = 0;
	if (passes(reach, n - 1, 2 * n - 2))
		result.high = n - 1;
	return result;
}

static struct reach wrap(struct reach reach, int64_t n)
{
	int64_t low = modulo(reach.low, n);

	if (low + (reach.high - reach.low) < n)
		return (struct reach){ low, low + (reach.high - reach.low) };
	return (struct reach){ 0, n - 1 };
}

/* From the lowest to the highest input that some outputs of a dimension read. */
static struct reach reach_of(const struct move *move, unsigned int dimension, struct reach reach)
{
	int64_t n = (int64_t)move->x.extent[dimension];

	switch (move->outside[dimension]) {
	case OUTSIDE_CONSTANT:
		return (struct reach){ reach.low < 0 ? 0 : reach.low,
				       reach.high >= n ? n - 1 : reach.high };
	case OUTSIDE_EDGE:
		return (struct reach){ within(reach.low, n), within(reach.high, n) };
	case OUTSIDE_REFLECT:
		return reflect(reach, n);
	case OUTSIDE_WRAP:
		return wrap(reach, n);
	}
	return reach;
}

struct region move_input(const struct move *move, const struct region *box)
{
	struct region region = { 0 };

	for (unsigned int i = 0; i < move->d.rank; i++) {
		int64_t low = (int64_t)box->start[i] - move->before[i];
		struct reach reach = { low, low + (int64_t)box->size[i] - 1 };

		if (!move->x.extent[i])
			return (struct region){ 0 };
		reach = reach_of(move, i, reach);
		if (reach.high < reach.low)
			return (struct region){ 0 };
		region.start[i] = (uint64_t)reach.low;
		region.size[i] = (uint64_t)(reach.high - reach.low) + 1;
	}
	return region;
}

/* As much of x as a box has, at most all; where it wraps it reaches both ends. */
static struct region largest_region(const struct move *move, const struct region *box)
{
	struct region region = { 0 };

	for (unsigned int i = 0; i < move->d.rank; i++) {
		bool all = move->outside[i] == OUTSIDE_WRAP || move->x.extent[i] < box->size[i];

		region.size[i] = all ? move->x.extent[i] : box->size[i];
	}
	return region;
}

int move_steps(struct steps *steps, const struct move *move)
{
	int error = boxes_begin(&steps->boxes, &move->d, move->block, 0);
	struct region largest = largest_region(move, &steps->boxes.box);

	steps->working_set = 2 * held_of_region(&move->x, &largest);
	return error;
}

void move_next(struct steps *steps, const struct move *move, struct step *step)
{
	const struct region *box = &steps->boxes.box;
	struct region source = move_input(move, box);
	uint64_t bits = region_elements(box, steps->boxes.rank) * move->d.bits;

	step_load_region(step, steps->walks, &move->x, &source);
	step->vector = divide_up(divide_up(bits, 8),
				 (uint64_t)MOVE_BYTES * steps->class->vector_operations);
	step_store(step, steps->walks, &move->d, box);
}
