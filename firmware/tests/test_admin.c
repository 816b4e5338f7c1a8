// SPDX-License-Identifier: (GPL-2.0-only OR MIT)
/* Admin commands, good and bad. */
#include "suite.h"

#include <tsr_hw/trace.h>

#define TRACE_AT 0x1f0000u

static void nop_completes(void **state)
{
	(void)state;
	assert_int_equal(driver_admin_op(TSR_HW_ADMIN_NOP, 0), TSR_HW_ERR_NONE);
	assert_int_equal(driver_admin_completion()->node, TSR_HW_NODE_NONE);
	assert_true(driver_admin_completion()->end >= driver_admin_completion()->start);
}

static void every_command_raises_the_control_vector_when_armed(void **state)
{
	uint32_t before = machine_raised(CONTROL_VECTOR);

	(void)state;
	driver_admin_op(TSR_HW_ADMIN_NOP, 0);
	assert_int_equal(machine_raised(CONTROL_VECTOR), before + 1);
	assert_int_equal(machine_raised(EVENT_VECTOR), 0);
	assert_int_equal(driver_events()->event[0].type, TSR_HW_EVENT_ADMIN);
	assert_int_equal(driver_events()->event[0].queue, 0);
}

static void unknown_command_is_unsupported(void **state)
{
	(void)state;
	assert_int_equal(driver_admin_op(8, 0), TSR_HW_ERR_UNSUPPORTED);
	assert_int_equal(driver_admin_op(0xffff, 0), TSR_HW_ERR_UNSUPPORTED);
}

static void reserved_fields_must_be_zero(void **state)
{
	struct tsr_hw_admin command = { .op = TSR_HW_ADMIN_NOP, .mbz = 1 };

	(void)state;
	assert_int_equal(driver_admin(&command), TSR_HW_ERR_INVALID);
	command = (struct tsr_hw_admin){ .op = TSR_HW_ADMIN_NOP, .queue = 1 };
	assert_int_equal(driver_admin(&command), TSR_HW_ERR_INVALID);
	command = (struct tsr_hw_admin){ .op = TSR_HW_ADMIN_NOP };
	command.pad[47] = 1;
	assert_int_equal(driver_admin(&command), TSR_HW_ERR_INVALID);
}

static const struct driver_queue first = {
	.number = 1, .asid = 2, .index = 1, .ring = 0x10000, .done = 0x12000,
};

static void create_takes_good_arguments(void **state)
{
	struct tsr_hw_admin command = driver_create_command(&first);

	(void)state;
	assert_int_equal(driver_admin(&command), TSR_HW_ERR_NONE);
}

static void create_refuses(void (*change)(struct tsr_hw_admin *command), uint32_t error)
{
	struct tsr_hw_admin command = driver_create_command(&first);

	change(&command);
	assert_int_equal(driver_admin(&command), error);
	/* Nothing is left of the attempt: the good command still works. */
	command = driver_create_command(&first);
	assert_int_equal(driver_admin(&command), TSR_HW_ERR_NONE);
	assert_int_equal(driver_admin_op(TSR_HW_ADMIN_QUEUE_DESTROY, 1), TSR_HW_ERR_NONE);
}

#define REFUSAL(name, statement)				\
	static void name(struct tsr_hw_admin *command)		\
	{							\
		statement;					\
	}

REFUSAL(number_zero, command->queue = 0)
REFUSAL(number_large, command->queue = 64)
REFUSAL(asid_zero, command->create.asid = 0)
REFUSAL(asid_large, command->create.asid = 64)
REFUSAL(index_large, command->create.index = 32)
REFUSAL(priority_large, command->create.priority = 4)
REFUSAL(weight_zero, command->create.weight = 0)
REFUSAL(mbz_set, command->create.mbz = 1)
REFUSAL(save_set, command->create.save = 0x20000)
REFUSAL(ring_zero, command->create.ring = 0)
REFUSAL(ring_unaligned, command->create.ring += 8)
REFUSAL(ring_beyond, command->create.ring = 1ull << 52)
REFUSAL(done_zero, command->create.done = 0)
REFUSAL(done_unaligned, command->create.done += 2048)
REFUSAL(ring_nowhere, command->create.ring = MACHINE_PHYSICAL)
REFUSAL(done_nowhere, command->create.done = MACHINE_PHYSICAL)
REFUSAL(slots_nowhere, command->create.done = MACHINE_PHYSICAL - MACHINE_PAGE)

static void create_refuses_bad_arguments(void **state)
{
	static void (*const invalid[])(struct tsr_hw_admin *) = {
		number_zero, number_large, asid_zero, asid_large, index_large, priority_large,
		weight_zero, mbz_set, save_set, ring_zero, ring_unaligned, ring_beyond,
		done_zero, done_unaligned,
	};

	(void)state;
	for (size_t i = 0; i < sizeof(invalid) / sizeof(invalid[0]); i++)
		create_refuses(invalid[i], TSR_HW_ERR_INVALID);
}

static void create_refuses_unreachable_memory(void **state)
{
	(void)state;
	create_refuses(ring_nowhere, TSR_HW_ERR_FAULT_BUS);
	create_refuses(done_nowhere, TSR_HW_ERR_FAULT_BUS);
	create_refuses(slots_nowhere, TSR_HW_ERR_FAULT_BUS);
}

static void create_refuses_a_taken_number(void **state)
{
	struct tsr_hw_admin command = driver_create_command(&first);

	(void)state;
	assert_int_equal(driver_admin(&command), TSR_HW_ERR_NONE);
	command.create.index = 9;
	assert_int_equal(driver_admin(&command), TSR_HW_ERR_BUSY);
}

static void create_refuses_a_taken_doorbell(void **state)
{
	struct tsr_hw_admin command = driver_create_command(&first);

	(void)state;
	assert_int_equal(driver_admin(&command), TSR_HW_ERR_NONE);
	command.queue = 2;
	assert_int_equal(driver_admin(&command), TSR_HW_ERR_BUSY);
}

static void all_sixty_three_queues_exist_at_once(void **state)
{
	struct tsr_hw_admin command;

	(void)state;
	for (uint32_t i = 1; i < 64; i++) {
		command = driver_create_command(&first);
		command.queue = (uint16_t)i;
		command.create.asid = (uint16_t)i;
		assert_int_equal(driver_admin(&command), TSR_HW_ERR_NONE);
	}
}

static void destroy_and_kill_need_a_queue(void **state)
{
	static const uint32_t wrong[] = { 0, 5, 63, 64, 0xffff };

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		assert_int_equal(driver_admin_op(TSR_HW_ADMIN_QUEUE_DESTROY, wrong[i]),
				 TSR_HW_ERR_INVALID);
		assert_int_equal(driver_admin_op(TSR_HW_ADMIN_QUEUE_KILL, wrong[i]),
				 TSR_HW_ERR_INVALID);
	}
}

static void a_destroyed_number_can_be_used_again(void **state)
{
	struct tsr_hw_admin command;

	(void)state;
	for (uint32_t i = 0; i < 200; i++) {
		command = driver_create_command(&first);
		assert_int_equal(driver_admin(&command), TSR_HW_ERR_NONE);
		assert_int_equal(driver_admin_op(TSR_HW_ADMIN_QUEUE_DESTROY, 1), TSR_HW_ERR_NONE);
	}
}

static void wrong_sequence_is_a_bad_descriptor(void **state)
{
	struct tsr_hw_ring *ring = machine_memory(0x2000);

	(void)state;
	driver_admin_op(TSR_HW_ADMIN_NOP, 0);
	ring->admin[2].seq = 77;
	ring->tail = 2;
	machine_ring(0, 0);
	machine_settle();
	assert_int_equal(((struct tsr_hw_completion_page *)machine_memory(0x4000))->slot[2].error,
			 TSR_HW_ERR_DESCRIPTOR);
	/* Back in step with the driver, which counted one. */
	driver_start();
}

static void lying_admin_tail_is_ignored(void **state)
{
	struct tsr_hw_ring *ring = machine_memory(0x2000);

	(void)state;
	ring->tail = 65;
	machine_ring(0, 0);
	machine_settle();
	ring->tail = 0xffffffff;
	machine_ring(0, 0);
	machine_settle();
	assert_int_equal(driver_admin_op(TSR_HW_ADMIN_NOP, 0), TSR_HW_ERR_NONE);
}

static uint32_t read_trace(uint64_t address, uint64_t size)
{
	struct tsr_hw_admin command = {
		.op = TSR_HW_ADMIN_TRACE, .trace = { .address = address, .size = size },
	};

	return driver_admin(&command);
}

static void trace_gives_the_newest_records_in_order(void **state)
{
	const struct tsr_hw_trace *record = machine_memory(TRACE_AT);

	(void)state;
	driver_queue(3, TSR_HW_PRIORITY_LOW, 1, 0);
	driver_admin_op(TSR_HW_ADMIN_QUEUE_KILL, 3);
	driver_admin_op(TSR_HW_ADMIN_QUEUE_DESTROY, 3);
	assert_int_equal(read_trace(TRACE_AT, 4 * sizeof(*record)), TSR_HW_ERR_NONE);
	assert_int_equal(driver_admin_completion()->blocks, 4);
	assert_int_equal(record[0].code, TSR_HW_TRACE_QUEUE_CREATE);
	assert_int_equal(record[0].arg0, 100 + 3);
	assert_int_equal(record[1].code, TSR_HW_TRACE_QUEUE_KILL);
	assert_int_equal(record[2].code, TSR_HW_TRACE_QUEUE_FAIL);
	assert_int_equal(record[3].code, TSR_HW_TRACE_QUEUE_DESTROY);
	assert_int_equal(record[3].queue, 3);
	assert_true(record[3].cycle >= record[0].cycle);
}

static void trace_reports_an_unreachable_destination(void **state)
{
	(void)state;
	assert_int_equal(read_trace(MACHINE_PHYSICAL, 4096), TSR_HW_ERR_FAULT_BUS);
	assert_int_equal(driver_admin_completion()->blocks, 0);
	assert_int_equal(read_trace(TRACE_AT, 0), TSR_HW_ERR_NONE);
}

static void trace_wraps(void **state)
{
	const struct tsr_hw_trace *record = machine_memory(TRACE_AT);

	(void)state;
	for (uint32_t i = 1; i <= 3000; i++) {
		machine_ring(5, 6);
		machine_settle();
	}
	assert_int_equal(read_trace(TRACE_AT, 1 << 20), TSR_HW_ERR_NONE);
	assert_int_equal(driver_admin_completion()->blocks, 1024);
	for (uint32_t i = 1; i < 1024; i++)
		assert_int_equal(record[i].arg1, record[i - 1].arg1 + 1);
}

static void stray_doorbells_are_counted_and_ignored(void **state)
{
	const struct tsr_hw_trace *record = machine_memory(TRACE_AT);

	(void)state;
	machine_ring(0, 1);
	machine_settle();
	machine_ring(63, 31);
	machine_settle();
	assert_int_equal(read_trace(TRACE_AT, 2 * sizeof(*record)), TSR_HW_ERR_NONE);
	assert_int_equal(record[0].code, TSR_HW_TRACE_STRAY_BELL);
	assert_int_equal(record[0].queue, 0);
	assert_int_equal(record[0].arg0, 1);
	assert_int_equal(record[1].queue, 63);
	assert_int_equal(record[1].arg0, 31);
	assert_int_equal(record[1].arg1, record[0].arg1 + 1);
}

static void many_commands_behind_one_doorbell(void **state)
{
	struct tsr_hw_ring *ring = machine_memory(0x2000);
	const struct tsr_hw_completion_page *page = machine_memory(0x4000);

	(void)state;
	for (uint32_t i = 1; i <= 64; i++)
		ring->admin[i % 64] = (struct tsr_hw_admin){ .seq = i, .op = i % 2 ? 0 : 9 };
	ring->tail = 64;
	machine_ring(0, 0);
	machine_settle();
	assert_int_equal(page->completed, 64);
	for (uint32_t i = 1; i <= 64; i++) {
		assert_int_equal(page->slot[i % 64].seq, i);
		assert_int_equal(page->slot[i % 64].error,
				 i % 2 ? TSR_HW_ERR_NONE : TSR_HW_ERR_UNSUPPORTED);
	}
	driver_start();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		booted_test(nop_completes),
		booted_test(every_command_raises_the_control_vector_when_armed),
		booted_test(unknown_command_is_unsupported),
		booted_test(reserved_fields_must_be_zero),
		booted_test(create_takes_good_arguments),
		booted_test(create_refuses_bad_arguments),
		booted_test(create_refuses_unreachable_memory),
		booted_test(create_refuses_a_taken_number),
		booted_test(create_refuses_a_taken_doorbell),
		booted_test(all_sixty_three_queues_exist_at_once),
		booted_test(destroy_and_kill_need_a_queue),
		booted_test(a_destroyed_number_can_be_used_again),
		booted_test(wrong_sequence_is_a_bad_descriptor),
		booted_test(lying_admin_tail_is_ignored),
		booted_test(trace_gives_the_newest_records_in_order),
		booted_test(trace_reports_an_unreachable_destination),
		booted_test(trace_wraps),
		booted_test(stray_doorbells_are_counted_and_ignored),
		booted_test(many_commands_behind_one_doorbell),
	};

	return cmocka_run_group_tests_name("firmware admin queue", tests, NULL, NULL);
}
