/* SPDX-License-Identifier: MIT */
#include "running.h"

#include "reduction.h"

static void run_floats(const struct running *running, float *values, uint64_t columns,
		       float *carry)
{
	for (uint64_t i = 0; i < columns; i++) {
		float before = carry[i];

		carry[i] = reduction_float(running->function, before, values[i]);
		values[i] = running->exclusive ? before : carry[i];
	}
}

static void run_integers(const struct running *running, int64_t *values, uint64_t columns,
			 int64_t *carry)
{
	uint64_t turn = running->type == TSR_HW_TYPE_UINT64 ? 1ull << 63 : 0;

	for (uint64_t i = 0; i < columns; i++) {
		int64_t before = carry[i];

		carry[i] = reduction_integer(running->function, turn, before, values[i]);
		values[i] = running->exclusive ? before : carry[i];
	}
}

static void run_bools(const struct running *running, uint8_t *values, uint64_t columns,
		      uint8_t *carry)
{
	for (uint64_t i = 0; i < columns; i++) {
		uint8_t before = carry[i];

		carry[i] = reduction_bool(running->function, before, values[i]);
		values[i] = running->exclusive ? before : carry[i];
	}
}

void running_rows(const struct running *running, void *values, uint64_t rows, uint64_t columns,
		  void *carry)
{
	for (uint64_t i = 0; i < rows; i++) {
		uint64_t at = (running->reverse ? rows - 1 - i : i) * columns;

		switch (reduction_class(running->type)) {
		case NUMBER_F32:
			run_floats(running, (float *)values + at, columns, carry);
			break;
		case NUMBER_I32:
		case NUMBER_I64:
			run_integers(running, (int64_t *)values + at, columns, carry);
			break;
		case NUMBER_BOOL:
			run_bools(running, (uint8_t *)values + at, columns, carry);
			break;
		}
	}
}
