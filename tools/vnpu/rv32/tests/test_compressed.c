// SPDX-License-Identifier: MIT
/* Every one of the 49,152 compressed encodings. */
#include "cmocka_prelude.h"
#include "pair.h"

/*
 * Shifts by zero are hints that do nothing; the reference takes them for the shifts by 64
 * of RV128 and traps.
 */
static bool is_zero_shift(uint16_t c)
{
	bool slli = (c & 0xf07f) == 0x0002;
	bool srli_srai = (c & 0xf87f) == 0x8001;

	return slli || srli_srai;
}

/*
 * Floating point, shifts by 32 or more and the 64-bit register operations. The reference
 * lets some of these pass as if they were nothing.
 */
static bool is_not_rv32imac(uint16_t c)
{
	unsigned int funct3 = c >> 13;
	bool bit12 = c & 0x1000;

	switch (c & 3) {
	case 0:
		return funct3 != 0 && funct3 != 2 && funct3 != 6;
	case 1:
		return funct3 == 4 && bit12 && ((c >> 10) & 3) != 2;
	default:
		return (funct3 & 1) || (funct3 == 0 && bit12);
	}
}

/* Registers that make every load and store of a compressed instruction hit the data. */
static void pointers(uint32_t regs[32])
{
	unsigned int i;

	for (i = 0; i < 32; i++)
		regs[i] = PAIR_DATA + 0x400 + 16 * i;
	regs[0] = 0;
}

/* Each halfword at an address of its own, so that nothing has to be translated twice. */
static uint32_t place_of(uint32_t c)
{
	return PAIR_CODE + 4 * c;
}

static void place_all(struct pair *pair)
{
	static uint32_t code[0x10000];
	uint32_t c;

	for (c = 0; c < 0x10000; c++)
		code[c] = c | 0x00010000; /* followed by c.nop */
	pair_write(pair, PAIR_CODE, code, sizeof(code));
}

static void every_halfword_matches_the_reference(void **state)
{
	struct pair *pair = *state;
	uint32_t regs[32], c, run = 0;

	place_all(pair);
	pointers(regs);
	for (c = 0; c < 0x10000; c++) {
		if ((c & 3) == 3 || is_zero_shift((uint16_t)c) || is_not_rv32imac((uint16_t)c))
			continue;
		pair_start(pair, place_of(c), regs);
		if (pair_step(pair))
			run++;
		if (c % 1024 == 0)
			pair_compare_memory(pair, PAIR_DATA, PAIR_DATA_SIZE);
	}
	pair_compare_memory(pair, PAIR_DATA, PAIR_DATA_SIZE);
	assert_true(run > 28000);
}

static void everything_else_is_illegal(void **state)
{
	struct pair *pair = *state;
	uint32_t regs[32], c, trapped = 0;

	place_all(pair);
	pointers(regs);
	for (c = 0; c < 0x10000; c++) {
		if ((c & 3) == 3 || !is_not_rv32imac((uint16_t)c))
			continue;
		pair_start(pair, place_of(c), regs);
		assert_int_equal(rv32_run(pair->cpu, 1), RV32_STOP_FATAL);
		assert_int_equal(rv32_fatal_info(pair->cpu)->cause, RV32_CAUSE_ILLEGAL);
		assert_int_equal(rv32_fatal_info(pair->cpu)->tval, c);
		trapped++;
	}
	assert_true(trapped > 16000);
}

static void zero_shifts_do_nothing(void **state)
{
	struct pair *pair = *state;
	static const uint16_t hints[] = { 0x0502, 0x8101, 0x8501 }; /* slli, srli, srai by 0 */
	uint32_t regs[32];
	unsigned int i;

	pointers(regs);
	for (i = 0; i < 3; i++) {
		pair_write(pair, PAIR_CODE, &hints[i], sizeof(hints[i]));
		pair_start(pair, PAIR_CODE, regs);
		assert_int_equal(rv32_run(pair->cpu, 1), RV32_STOP_BUDGET);
		assert_int_equal(rv32_pc(pair->cpu), PAIR_CODE + 2);
		pair_compare_regs(pair);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(every_halfword_matches_the_reference, pair_setup,
						pair_teardown),
		cmocka_unit_test_setup_teardown(everything_else_is_illegal, pair_setup,
						pair_teardown),
		cmocka_unit_test_setup_teardown(zero_shifts_do_nothing, pair_setup, pair_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
