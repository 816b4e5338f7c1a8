/* SPDX-License-Identifier: MIT */
#include "fold.h"

#include "number/bits.h"
#include "reduction.h"

bool fold_selects(unsigned int function)
{
	return function == TSR_HW_REDUCTION_ARG_MIN || function == TSR_HW_REDUCTION_ARG_MAX;
}

bool fold_has(unsigned int function, unsigned int type)
{
	return fold_selects(function) || reduction_has(function, type);
}

enum number_class fold_class(unsigned int function, unsigned int type)
{
	return fold_selects(function) ? NUMBER_I64 : reduction_class(type);
}

void fold_start(const struct fold *fold, struct fold_state *state)
{
	*state = (struct fold_state){ .index = 0 };
	if (fold_selects(fold->function))
		state->value.i64 = INT64_MIN;
	else
		reduction_start(fold->function, fold->type, &state->value, 1);
}

/* ---- selections: of keys in the order of the elements, the greatest ------------------ */

/* Both zeros have one key; what is not a number is beyond everything, in both directions. */
static int64_t float_key(float value, bool least)
{
	uint32_t bits = fp32_bits(value);
	int64_t key = bits & 0x7fffffff;

	if (value != value)
		return INT64_MAX;
	return (bits >> 31) == least ? key : -key;
}

static void make_keys(const struct fold *fold, const void *values, uint64_t n, int64_t *keys)
{
	uint64_t turn = fold->type == TSR_HW_TYPE_UINT64 ? 1ull << 63 : 0;
	bool least = fold->function == TSR_HW_REDUCTION_ARG_MIN;
	uint64_t reverse = least ? UINT64_MAX : 0;

	for (uint64_t i = 0; i < n; i++) {
		switch (reduction_class(fold->type)) {
		case NUMBER_F32:
			keys[i] = float_key(((const float *)values)[i], least);
			break;
		case NUMBER_I32:
		case NUMBER_I64:
			keys[i] = (int64_t)(((const uint64_t *)values)[i] ^ turn ^ reverse);
			break;
		case NUMBER_BOOL:
			keys[i] = ((const uint8_t *)values)[i] ^ least;
			break;
		}
	}
}

static void select_one(const struct fold *fold, const void *values, uint64_t n,
		       struct fold_state *state)
{
	int64_t keys[REDUCTION_MOST];
	int64_t best = state->value.i64;

	make_keys(fold, values, n, keys);
	for (uint64_t i = 0; i < n; i++) {
		if (keys[i] < best || (keys[i] == best && !fold->last))
			continue;
		best = keys[i];
		state->index = state->count + (int64_t)i;
	}
	state->value.i64 = best;
}

/* ---- sums, products, extremes --------------------------------------------------------- */

static float fold_floats(unsigned int function, float state, const float *values, uint64_t n)
{
	for (uint64_t i = 0; i < n; i++)
		state = reduction_float(function, state, values[i]);
	return state;
}

static int64_t fold_integers(const struct fold *fold, int64_t state, const int64_t *values,
			     uint64_t n)
{
	uint64_t turn = fold->type == TSR_HW_TYPE_UINT64 ? 1ull << 63 : 0;

	for (uint64_t i = 0; i < n; i++)
		state = reduction_integer(fold->function, turn, state, values[i]);
	return state;
}

static uint8_t fold_bools(unsigned int function, uint8_t state, const uint8_t *values, uint64_t n)
{
	for (uint64_t i = 0; i < n; i++)
		state = reduction_bool(function, state, values[i]);
	return state;
}

static void combine_all(const struct fold *fold, const void *values, uint64_t n,
			struct fold_state *state)
{
	switch (reduction_class(fold->type)) {
	case NUMBER_F32:
		state->value.f32 = fold_floats(fold->function, state->value.f32, values, n);
		break;
	case NUMBER_I32:
	case NUMBER_I64:
		state->value.i64 = fold_integers(fold, state->value.i64, values, n);
		break;
	case NUMBER_BOOL:
		state->value.boolean = fold_bools(fold->function, state->value.boolean, values, n);
		break;
	}
}

void fold_values(const struct fold *fold, const void *values, uint64_t n,
		 struct fold_state *state)
{
	if (fold_selects(fold->function))
		select_one(fold, values, n, state);
	else
		combine_all(fold, values, n, state);
	state->count += (int64_t)n;
}

void fold_end(const struct fold *fold, const struct fold_state *state, void *to, uint64_t i)
{
	if (fold_selects(fold->function)) {
		((int64_t *)to)[i] = state->index;
		return;
	}
	switch (reduction_class(fold->type)) {
	case NUMBER_F32:
		((float *)to)[i] = state->value.f32;
		break;
	case NUMBER_I32:
	case NUMBER_I64:
		((int64_t *)to)[i] = state->value.i64;
		break;
	case NUMBER_BOOL:
		((uint8_t *)to)[i] = state->value.boolean;
		break;
	}
}
