// SPDX-License-Identifier: (GPL-2.0-only OR MIT)
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <tsr_hw/command.h>
#include <tsr_hw/mutate.h>
#include <tsr_hw/queue.h>
#include <tsr_hw/vector.h>

#define DRAWS	20000

static const struct tsr_hw_gemm plain = {
	.head = { .op = TSR_HW_OP_GEMM, .size = sizeof(plain) },
};

/* The bytes that are not those of @before lie in one number of up to eight bytes at @offset. */
static void expect_one_change(const void *before, const void *after, size_t size, size_t offset)
{
	for (size_t i = 0; i < size; i++) {
		bool inside = i >= offset && i - offset < 8;

		if (((const uint8_t *)before)[i] != ((const uint8_t *)after)[i] && !inside)
			fail_msg("byte %zu differs, the number at %zu was changed", i, offset);
	}
}

static void one_number_changes_at_a_time(void **state)
{
	uint64_t random = 1;

	(void)state;
	for (int i = 0; i < DRAWS; i++) {
		struct tsr_hw_gemm gemm = plain;
		size_t offset = tsr_hw_mutate(tsr_hw_find("gemm"), &gemm, &random);

		expect_one_change(&plain, &gemm, sizeof(gemm), offset);
	}
}

static void fields_that_may_name_a_parameter_do(void **state)
{
	const struct tsr_hw_fill fill = { .head = { .op = TSR_HW_OP_FILL } };
	unsigned int places = 0, sizes = 0, values = 0;
	uint64_t random = 3;

	(void)state;
	for (int i = 0; i < DRAWS; i++) {
		struct tsr_hw_fill changed = fill;

		tsr_hw_mutate(tsr_hw_find("fill"), &changed, &random);
		places += changed.dst.offset == TSR_HW_PARAMETER_64 + 5;
		sizes += changed.size == TSR_HW_PARAMETER_64 + 5;
		values += changed.value == TSR_HW_PARAMETER_64 + 5;
	}
	assert_true(places && sizes);
	assert_int_equal(values, 0);
}

static void every_number_is_changed(void **state)
{
	bool changed[sizeof(plain)] = { false };
	uint64_t random = 2;

	(void)state;
	for (int i = 0; i < DRAWS; i++) {
		struct tsr_hw_gemm gemm = plain;

		changed[tsr_hw_mutate(tsr_hw_find("gemm"), &gemm, &random)] = true;
	}
	assert_true(changed[offsetof(struct tsr_hw_gemm, head.op)]);
	assert_true(changed[offsetof(struct tsr_hw_gemm, a.dim[0])]);
	assert_true(changed[offsetof(struct tsr_hw_gemm, d.stride[7])]);
	assert_true(changed[offsetof(struct tsr_hw_gemm, qb.zeros.mbz1[1])]);
	assert_true(changed[offsetof(struct tsr_hw_gemm, blocks.order)]);
}

static void every_value_with_a_name_is_tried(void **state)
{
	const struct tsr_hw_meaning *types = tsr_hw_find_meaning("TYPE");
	bool tried[256] = { false };
	uint64_t random = 3;

	(void)state;
	for (int i = 0; i < 20 * DRAWS; i++) {
		struct tsr_hw_gemm gemm = plain;

		tsr_hw_mutate(tsr_hw_find("gemm"), &gemm, &random);
		tried[gemm.b.type] = true;
	}
	for (size_t i = 0; i < types->count; i++)
		assert_true(tried[types->names[i].value]);
	assert_true(tried[255]);
}

/* The arguments of another command are no numbers of this one. */
static void alternatives_change_only_where_they_hold(void **state)
{
	const struct tsr_hw_admin trace = { .op = TSR_HW_ADMIN_TRACE };
	uint64_t random = 4;

	(void)state;
	for (int i = 0; i < DRAWS; i++) {
		struct tsr_hw_admin command = trace;
		size_t offset = tsr_hw_mutate(tsr_hw_find("admin"), &command, &random);

		assert_true(offset < offsetof(struct tsr_hw_admin, trace) + sizeof(trace.trace));
	}
}

static void equal_states_give_equal_changes(void **state)
{
	struct tsr_hw_gemm gemm[2] = { plain, plain };

	(void)state;
	for (int i = 0; i < 2; i++) {
		uint64_t random = 5;

		for (int n = 0; n < 100; n++)
			tsr_hw_mutate(tsr_hw_find("gemm"), &gemm[i], &random);
	}
	assert_memory_equal(&gemm[0], &gemm[1], sizeof(gemm[0]));
	assert_memory_not_equal(&gemm[0], &plain, sizeof(plain));
}

static void every_command_of_a_stream_is_changed(void **state)
{
	const struct tsr_hw_gemm stream[3] = { plain, plain, plain };
	bool changed[3] = { false };
	uint64_t random = 6;

	(void)state;
	for (int i = 0; i < DRAWS; i++) {
		struct tsr_hw_gemm copy[3];
		size_t offset;

		memcpy(copy, stream, sizeof(copy));
		offset = tsr_hw_mutate_stream(copy, sizeof(copy), &random);
		expect_one_change(stream, copy, sizeof(copy), offset);
		changed[offset / sizeof(plain)] = true;
	}
	assert_true(changed[0] && changed[1] && changed[2]);
}

/* A command with an epilogue and a prologue of one instruction each. */
struct with_programs {
	struct tsr_hw_scan scan;
	struct {
		struct tsr_hw_vector head;
		struct tsr_hw_insn insn;
	} post, pre;
};

static void every_part_of_a_command_is_changed(void **state)
{
	const struct with_programs command = {
		.scan.head = { .op = TSR_HW_OP_SCAN, .size = sizeof(command),
			       .post = offsetof(struct with_programs, post),
			       .pre = offsetof(struct with_programs, pre) },
		.post.head.insns = 1,
		.pre.head.insns = 1,
	};
	bool changed[sizeof(command)] = { false };
	uint64_t random = 8;

	(void)state;
	for (int i = 0; i < DRAWS; i++) {
		struct with_programs copy = command;
		size_t offset = tsr_hw_mutate_stream(&copy, sizeof(copy), &random);

		expect_one_change(&command, &copy, sizeof(copy), offset);
		changed[offset] = true;
	}
	assert_true(changed[offsetof(struct with_programs, scan.axis)]);
	assert_true(changed[offsetof(struct with_programs, post.head.result)]);
	assert_true(changed[offsetof(struct with_programs, post.insn.op)]);
	assert_true(changed[offsetof(struct with_programs, pre.head.result)]);
	assert_true(changed[offsetof(struct with_programs, pre.insn.op)]);
}

static void bytes_that_are_no_command_change_too(void **state)
{
	uint64_t random = 7;

	(void)state;
	for (size_t size = 1; size < 40; size++) {
		const uint8_t zero[40] = { 0 };
		bool changed = false;

		for (int i = 0; i < 200; i++) {
			uint8_t bytes[40] = { 0 };

			tsr_hw_mutate_stream(bytes, size, &random);
			assert_memory_equal(bytes + size, zero, sizeof(bytes) - size);
			changed |= memcmp(bytes, zero, size) != 0;
		}
		assert_true(changed);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_number_changes_at_a_time),
		cmocka_unit_test(every_number_is_changed),
		cmocka_unit_test(fields_that_may_name_a_parameter_do),
		cmocka_unit_test(every_value_with_a_name_is_tried),
		cmocka_unit_test(alternatives_change_only_where_they_hold),
		cmocka_unit_test(equal_states_give_equal_changes),
		cmocka_unit_test(every_command_of_a_stream_is_changed),
		cmocka_unit_test(every_part_of_a_command_is_changed),
		cmocka_unit_test(bytes_that_are_no_command_change_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
