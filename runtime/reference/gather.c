// SPDX-License-Identifier: MIT
#include "gather.h"

#include <math.h>
#include <string.h>

static bool replaces(const struct gather *gather, const struct array *x, size_t i)
{
	float now = array_real(x, i), best = array_real(x, gather->extreme);

	/* Not-a-number wins, and -0 is below +0. */
	if (isnan(now) || isnan(best))
		return isnan(now) && !isnan(best);
	if (now == best)
		return !signbit(now) == (gather->mode == GATHER_MAX);
	return gather->mode == GATHER_MAX ? now > best : now < best;
}

void gather_add(struct gather *gather, const struct array *x, size_t i)
{
	if (gather->mode == GATHER_MAX || gather->mode == GATHER_MIN) {
		if (!gather->count || replaces(gather, x, i))
			gather->extreme = i;
	} else if (tsr_type_is_quantized(x->info->type)) {
		gather->codes += array_code(x, i);
	} else {
		gather->real += (double)array_real(x, i);
	}
	gather->count++;
}

static void store_codes(const struct gather *gather, const struct array *x, int64_t divisor,
			struct array *out, size_t i)
{
	float units = (float)gather->codes * (x->info->scale / out->info->scale);

	if (gather->mode == GATHER_MEAN)
		units = units / (float)divisor;
	array_store_units(out, i, units);
}

/* A window wholly in the padding: the lowest value of the type, or zero. */
static void store_nothing(const struct gather *gather, struct array *out, size_t i)
{
	if (gather->mode != GATHER_MAX)
		array_store(out, i, 0);
	else
		array_store(out, i, -INFINITY);
}

void gather_store(const struct gather *gather, const struct array *x, int64_t divisor,
		  struct array *out, size_t i)
{
	size_t size = tsr_type_size(x->info->type);

	if (!gather->count)
		store_nothing(gather, out, i);
	else if (gather->mode == GATHER_MAX || gather->mode == GATHER_MIN)
		memcpy((char *)out->data + i * size, (char *)x->data + gather->extreme * size,
		       size);
	else if (tsr_type_is_quantized(x->info->type))
		store_codes(gather, x, divisor, out, i);
	else
		array_store(out, i, (float)(gather->mode == GATHER_MEAN ?
			    gather->real / (double)divisor : gather->real));
}
