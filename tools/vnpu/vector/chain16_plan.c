/* SPDX-License-Identifier: MIT */
/*
 * A lane holds what the register does as long as that fits into 16 bits. From then on it only is
 * as good: both are the same where the register lies within a bound, and on the same side of it
 * where it does not. A sum loses as much of the bound as its operand can be large. A product loses
 * nothing, nor does an extremum. If a later value lies within the bound, lanes hold it again.
 */
#include "chain16.h"

#include <tsr_hw/types.h>

#define LARGEST(a, b)	((a) > (b) ? (a) : (b))
#define LEAST(a, b)	((a) < (b) ? (a) : (b))

struct range {
	int64_t low;
	int64_t high;
};

/*
 * @of: the register
 * @exact: lanes hold the same
 * @bound: else what they agree within
 */
struct value {
	struct range of;
	bool exact;
	int64_t bound;
};

static bool fits(struct range range, int64_t low, int64_t high)
{
	return range.low >= low && range.high <= high;
}

static bool range_of_type(unsigned int type, struct range *range)
{
	switch (type) {
	case TSR_HW_TYPE_INT8:
		*range = (struct range){ INT8_MIN, INT8_MAX };
		return true;
	case TSR_HW_TYPE_UINT8:
		*range = (struct range){ 0, UINT8_MAX };
		return true;
	case TSR_HW_TYPE_INT16:
		*range = (struct range){ INT16_MIN, INT16_MAX };
		return true;
	}
	return false;
}

static bool range_of(const struct chain16_ends *ends, const void *const *place, uint8_t number,
		     struct range *range)
{
	if (number < CHAIN_GIVEN)
		return range_of_type(ends->type[number], range);
	range->low = range->high = *(const int32_t *)place[number];
	return fits(*range, INT16_MIN, INT16_MAX);
}

static struct range product(struct range x, struct range y)
{
	int64_t a = x.low * y.low, b = x.low * y.high, c = x.high * y.low, d = x.high * y.high;

	return (struct range){ LEAST(LEAST(a, b), LEAST(c, d)),
			       LARGEST(LARGEST(a, b), LARGEST(c, d)) };
}

static struct range result_of(unsigned int operation, struct range x, struct range y)
{
	switch (operation) {
	case CHAIN_ADD:
		return (struct range){ x.low + y.low, x.high + y.high };
	case CHAIN_SUB:
		return (struct range){ x.low - y.high, x.high - y.low };
	case CHAIN_SUB_FROM:
		return (struct range){ y.low - x.high, y.high - x.low };
	case CHAIN_MUL:
		return product(x, y);
	case CHAIN_MIN:
		return (struct range){ LEAST(x.low, y.low), LEAST(x.high, y.high) };
	default:
		return (struct range){ LARGEST(x.low, y.low), LARGEST(x.high, y.high) };
	}
}

static bool is_sum(unsigned int operation)
{
	return operation == CHAIN_ADD || operation == CHAIN_SUB || operation == CHAIN_SUB_FROM;
}

/* Return: false if 16 bits are not enough, or 32 wrap. */
static bool step(struct value *x, unsigned int operation, struct range y, bool *saturates)
{
	x->of = result_of(operation, x->of, y);
	if (!fits(x->of, INT32_MIN, INT32_MAX))
		return false;
	*saturates = !x->exact || !fits(x->of, INT16_MIN, INT16_MAX);
	if (!*saturates)
		return true;
	if (x->exact)
		x->bound = INT16_MAX;
	else if (is_sum(operation))
		x->bound -= LARGEST(-y.low, y.high);
	x->exact = fits(x->of, 1 - x->bound, x->bound - 1);
	return x->bound > 0;
}

/* Stored are all values that 8 bits have, or the nearest of them. */
static bool may_store(const struct chain16_ends *ends, const struct value *result)
{
	if (ends->result != TSR_HW_TYPE_INT8 && ends->result != TSR_HW_TYPE_UINT8)
		return false;
	return result->exact || (!ends->wraps && result->bound >= UINT8_MAX);
}

bool chain16_plan(const struct chain *chain, const struct chain16_ends *ends,
		  const void *const *place, struct chain16 *plan)
{
	struct value value = { .exact = true };
	struct range y;

	*plan = (struct chain16){ .ends = *ends };
	if (!chain->links || chain->type != TSR_HW_VECTOR_TYPE_I32 ||
	    !range_of(ends, place, chain->first, &value.of))
		return false;
	for (unsigned int i = 0; i < chain->links; i++)
		if (chain->link[i].operation == CHAIN_CONVERT ||
		    !range_of(ends, place, chain->link[i].place, &y) ||
		    !step(&value, chain->link[i].operation, y, &plan->saturates[i]))
			return false;
	return may_store(ends, &value);
}
