// SPDX-License-Identifier: (GPL-2.0-only OR MIT)
/* What a structure violates is told once each, with offset, member and rule. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <tsr_hw/command.h>
#include <tsr_hw/decode.h>
#include <tsr_hw/program.h>

struct told {
	unsigned int count;
	size_t offset;
	char text[256];
};

static void note(void *context, size_t offset, const char *path, const char *rule)
{
	struct told *told = context;

	told->count++;
	told->offset = offset;
	snprintf(told->text, sizeof(told->text), "%s %s", path, rule);
}

static struct told checked(const char *name, const void *bytes)
{
	struct told told = { 0 };

	tsr_hw_check(tsr_hw_find(name), bytes, note, &told);
	return told;
}

static void expect(const struct told *told, size_t offset, const char *text)
{
	assert_int_equal(told->count, 1);
	assert_int_equal(told->offset, offset);
	assert_string_equal(told->text, text);
}

static void a_structure_within_the_rules_has_no_defect(void **state)
{
	const struct tsr_hw_node node = { .engine = TSR_HW_ENGINE_DMA, .flags = TSR_HW_NODE_SKIP,
					  .word_slot = TSR_HW_SLOT_PROGRAM, .tag = 0xffffffff };

	(void)state;
	assert_int_equal(checked("node", &node).count, 0);
}

static void an_element_that_must_be_zero_is_told_with_its_index(void **state)
{
	const struct tsr_hw_program program = { .magic = TSR_HW_PROGRAM_MAGIC,
						 .version = TSR_HW_PROGRAM_VERSION,
						 .mbz = { 0, 5 } };
	const struct told told = checked("program", &program);

	(void)state;
	expect(&told, offsetof(struct tsr_hw_program, mbz[1]), "mbz[1] is 0x5, must be zero");
}

static void a_member_of_a_structure_inside_is_told_with_its_path(void **state)
{
	struct tsr_hw_gemm gemm = { .head = { .op = TSR_HW_OP_GEMM } };
	struct told told;

	(void)state;
	gemm.qb.scale.type = 0x7f;
	told = checked("gemm", &gemm);
	expect(&told, offsetof(struct tsr_hw_gemm, qb.scale.type),
	       "qb.scale.type is 127, which is no value of TYPE");
}

static void a_bit_without_a_name_is_told(void **state)
{
	const struct tsr_hw_slot slot = { .flags = TSR_HW_SLOT_READ | 0x10 };
	const struct told told = checked("slot", &slot);

	(void)state;
	expect(&told, offsetof(struct tsr_hw_slot, flags),
	       "flags is 0x11, bits 0x10 are none of SLOT");
}

static void a_member_with_one_value_has_that(void **state)
{
	struct tsr_hw_program program = { .magic = TSR_HW_PROGRAM_MAGIC, .version = 9 };
	char wanted[64];
	struct told told;

	(void)state;
	told = checked("program", &program);
	snprintf(wanted, sizeof(wanted), "version is 0x9, must be %#x", TSR_HW_PROGRAM_VERSION);
	expect(&told, offsetof(struct tsr_hw_program, version), wanted);
	program.version = TSR_HW_PROGRAM_VERSION;
	assert_int_equal(checked("program", &program).count, 0);
}

static void numbers_of_every_size_come_back(void **state)
{
	uint8_t bytes[10];

	(void)state;
	for (size_t size = 1; size <= 8; size++) {
		const uint64_t value = 0x8877665544332211 & (~0ull >> (64 - 8 * size));

		memset(bytes, 0xee, sizeof(bytes));
		tsr_hw_store(bytes + 1, size, 0x8877665544332211);
		assert_int_equal(bytes[0], 0xee);
		assert_int_equal(bytes[1], 0x11);
		assert_int_equal(bytes[size + 1], 0xee);
		assert_true(tsr_hw_load(bytes + 1, size) == value);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_structure_within_the_rules_has_no_defect),
		cmocka_unit_test(an_element_that_must_be_zero_is_told_with_its_index),
		cmocka_unit_test(a_member_of_a_structure_inside_is_told_with_its_path),
		cmocka_unit_test(a_bit_without_a_name_is_told),
		cmocka_unit_test(a_member_with_one_value_has_that),
		cmocka_unit_test(numbers_of_every_size_come_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
