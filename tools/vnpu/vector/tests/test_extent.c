/* SPDX-License-Identifier: MIT */
/* Each operation writes as many elements as it is asked for: behind them lies the next register. */
#include "suite.h"

#include <string.h>

#include <tsr_hw/types.h>

#include "vector/operation.h"

/* Bytes of a register, and as many behind it. */
#define ROOM	(2 * VECTOR_STRIP * sizeof(uint64_t))

static const uint64_t parameters[64];
static const struct vector_program program;
static const struct vector_setting setting = { .dims = { 4, 4, 4 }, .parameters = parameters };

static _Alignas(64) uint8_t operand[ROOM];
static _Alignas(64) uint8_t result[2][ROOM];

/* Bytes up to the last one that is written: it is the same whatever was there before. */
static size_t extent_of(unsigned int op, unsigned int type, size_t n)
{
	uint64_t divisions = 0;
	size_t end = ROOM;

	for (unsigned int i = 0; i < 2; i++) {
		const struct vector_work work = {
			.d = result[i], .a = operand, .b = operand, .c = operand, .n = n,
			.type = type,
			.imm = op == TSR_HW_VECTOR_ROUND_TO ? TSR_HW_TYPE_FP16 : 0,
			.program = &program, .setting = &setting, .divisions_by_zero = &divisions,
		};

		memset(result[i], i ? 0xa5 : 0x5a, ROOM);
		vector_operation_of(op)->loop[type](&work);
	}
	while (end && result[0][end - 1] != result[1][end - 1])
		end--;
	return end;
}

static void operation_writes_what_it_is_asked_for(void **state)
{
	static const size_t counts[] = { 1, 2, 7, 16, 33, VECTOR_STRIP - 1, VECTOR_STRIP };
	unsigned int tried = 0;

	(void)state;
	memset(operand, 1, sizeof(operand));
	for (unsigned int op = 0; op < TSR_HW_VECTOR_COUNT; op++) {
		const struct vector_operation *operation = vector_operation_of(op);

		for (unsigned int type = 0; operation && type < TSR_HW_VECTOR_TYPES; type++) {
			size_t size;

			if (!operation->loop[type])
				continue;
			size = extent_of(op, type, VECTOR_STRIP) / VECTOR_STRIP;
			if (size != 1 && size != 4 && size != 8)
				fail_msg("operation %u of type %u writes %zu bytes each", op, type,
					 size);
			for (unsigned int i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
				assert_int_equal(extent_of(op, type, counts[i]), counts[i] * size);
			tried++;
		}
	}
	assert_true(tried > 50);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(operation_writes_what_it_is_asked_for),
	};

	return cmocka_run_group_tests_name("vector: extents", tests, NULL, NULL);
}
