// SPDX-License-Identifier: (GPL-2.0-only OR MIT)
/* Event ring: order of publication, phase, arming, wrap, loss. */
#include "suite.h"

#include "event.h"

#define LOST_AT (EVENT_RING + offsetof(struct tsr_hw_event_ring, lost))
#define EVENTS_AT (EVENT_RING + offsetof(struct tsr_hw_event_ring, event))

static struct graph graph;

/* What a driver does: consume what is valid, arm, look once more. */
static struct {
	uint32_t next;
	uint32_t seen;
} host;

static bool valid(uint32_t number)
{
	return driver_events()->event[number % TSR_HW_EVENT_ENTRIES].phase ==
	       1 + number / TSR_HW_EVENT_ENTRIES % 2;
}

static void consume(void)
{
	while (valid(host.next)) {
		host.next++;
		host.seen++;
	}
	driver_events()->arm = host.next;
}

static void begin(void)
{
	memset(&host, 0, sizeof(host));
	consume();
}

static void an_event_follows_its_job(void **state)
{
	struct driver_queue queue = driver_queue(2, TSR_HW_PRIORITY_NORMAL, 1, 0);
	const struct tsr_hw_event *event;
	struct tsr_hw_job job;

	(void)state;
	begin();
	graph_single(&graph, TSR_HW_ENGINE_NOP);
	job = graph_place(&graph, queue.asid);
	driver_submit(&queue, &job);
	driver_run_all();
	event = &driver_events()->event[host.next];
	assert_int_equal(event->type, TSR_HW_EVENT_JOB);
	assert_int_equal(event->queue, 2);
	assert_int_equal(event->seq, 1);
	assert_int_equal(event->mbz, 0);
	assert_true(valid(host.next));
}

static void a_failure_is_a_fault_event(void **state)
{
	struct driver_queue queue = driver_queue(2, TSR_HW_PRIORITY_NORMAL, 1, 0);
	struct tsr_hw_job job = { .repeat = 0 };

	(void)state;
	begin();
	driver_submit(&queue, &job);
	assert_int_equal(driver_events()->event[host.next].type, TSR_HW_EVENT_FAULT);
}

/* The order of the writes that end a job, as the copy engine saw them. */
static uint64_t writes[64];
static uint32_t write_count;

static void record_write(uint32_t control, uint32_t asid, uint64_t address)
{
	if (!asid && write_count < 64)
		writes[write_count++] =
			control == TSR_HW_COPY_WRITE ? address : address | 1ull << 63;
}

static void slot_then_word_then_event_then_arm(void **state)
{
	struct driver_queue queue = driver_queue(2, TSR_HW_PRIORITY_NORMAL, 1, 0);
	struct tsr_hw_job job;

	(void)state;
	begin();
	graph_single(&graph, TSR_HW_ENGINE_NOP);
	job = graph_place(&graph, queue.asid);
	driver_submit(&queue, &job);
	machine_end(1, NULL);
	write_count = 0;
	machine_on_copy(record_write);
	machine_settle();
	assert_int_equal(write_count, 5);
	assert_int_equal(writes[0], queue.done + 4096 + 64);
	assert_int_equal(writes[1], queue.done);
	assert_int_equal(writes[2], EVENTS_AT + host.next * 16);
	assert_int_equal(writes[3], EVENTS_AT + host.next * 16 + 8);
	assert_true(writes[4] == (EVENT_RING | 1ull << 63));
}

static void raises_only_the_event_the_host_waits_for(void **state)
{
	(void)state;
	begin();
	event_publish(TSR_HW_EVENT_JOB, 1, 1);
	assert_int_equal(machine_raised(EVENT_VECTOR), 1);
	event_publish(TSR_HW_EVENT_JOB, 1, 2);
	event_publish(TSR_HW_EVENT_JOB, 1, 3);
	assert_int_equal(machine_raised(EVENT_VECTOR), 1);
	consume();
	event_publish(TSR_HW_EVENT_FAULT, 1, 4);
	assert_int_equal(machine_raised(EVENT_VECTOR), 2);
	assert_int_equal(machine_raised(CONTROL_VECTOR), 0);
}

static void wraps_with_alternating_phase(void **state)
{
	(void)state;
	begin();
	for (uint32_t i = 0; i < 10 * TSR_HW_EVENT_ENTRIES; i++) {
		event_publish(TSR_HW_EVENT_JOB, 1, i);
		assert_int_equal(driver_events()->event[i % TSR_HW_EVENT_ENTRIES].seq, i);
		consume();
		assert_int_equal(host.next, i + 1);
	}
	assert_int_equal(driver_events()->lost, 0);
	assert_int_equal(machine_raised(EVENT_VECTOR), 10 * TSR_HW_EVENT_ENTRIES);
}

static void a_full_ring_loses_events_and_says_so(void **state)
{
	(void)state;
	begin();
	for (uint32_t i = 0; i < TSR_HW_EVENT_ENTRIES; i++)
		event_publish(TSR_HW_EVENT_JOB, 1, i);
	assert_int_equal(driver_events()->lost, 0);
	assert_int_equal(machine_raised(EVENT_VECTOR), 1);
	event_publish(TSR_HW_EVENT_JOB, 1, 5000);
	event_publish(TSR_HW_EVENT_JOB, 1, 5001);
	assert_int_equal(driver_events()->lost, 2);
	assert_int_equal(machine_raised(EVENT_VECTOR), 3);
	/* Nothing unread was overwritten, and the numbering did not advance. */
	consume();
	assert_int_equal(host.next, TSR_HW_EVENT_ENTRIES);
	event_publish(TSR_HW_EVENT_JOB, 1, 6000);
	consume();
	assert_int_equal(host.next, TSR_HW_EVENT_ENTRIES + 1);
	assert_int_equal(driver_events()->event[0].seq, 6000);
	assert_int_equal(driver_events()->lost, 2);
}

/* A host that arms at the last possible moment, between publication and the look at arm. */
static void arm_late(uint32_t control, uint32_t asid, uint64_t address)
{
	if (control == TSR_HW_COPY_READ && !asid && address == EVENT_RING)
		consume();
}

static void a_host_that_arms_late_has_seen_the_event(void **state)
{
	(void)state;
	begin();
	machine_on_copy(arm_late);
	for (uint32_t i = 0; i < 100; i++)
		event_publish(TSR_HW_EVENT_JOB, 1, i);
	assert_int_equal(host.seen, 100);
	assert_int_equal(machine_raised(EVENT_VECTOR), 0);
}

/* Whatever the moments at which the host works, it never sleeps on an unseen event. */
static uint32_t interleaving;

static void consume_sometimes(uint32_t control, uint32_t asid, uint64_t address)
{
	(void)control;
	(void)asid;
	(void)address;
	if (random_next(&interleaving) % 7 == 0)
		consume();
}

static void no_wake_up_is_lost_in_random_interleavings(void **state)
{
	(void)state;
	begin();
	interleaving = 4711;
	machine_on_copy(consume_sometimes);
	for (uint32_t i = 0; i < 200000; i++) {
		uint32_t raised = machine_raised(EVENT_VECTOR);

		event_publish(TSR_HW_EVENT_JOB, 1, i);
		if (host.next != i + 1 && driver_events()->arm == i)
			assert_int_equal(machine_raised(EVENT_VECTOR), raised + 1);
		if (machine_raised(EVENT_VECTOR) != raised)
			consume();
	}
	machine_on_copy(NULL);
	consume();
	assert_int_equal(host.seen, 200000);
	assert_int_equal(driver_events()->lost, 0);
}

static void an_unreachable_ring_does_not_stop_the_firmware(void **state)
{
	struct driver_queue queue = driver_queue(2, TSR_HW_PRIORITY_NORMAL, 1, 0);
	struct tsr_hw_job job;

	(void)state;
	machine_break_page(EVENT_RING, true);
	machine_break_page(LOST_AT, true);
	machine_break_page(EVENTS_AT, true);
	graph_single(&graph, TSR_HW_ENGINE_NOP);
	job = graph_place(&graph, queue.asid);
	driver_submit(&queue, &job);
	driver_run_all();
	driver_expect(&queue, 1, TSR_HW_ERR_NONE);
	machine_break_page(EVENT_RING, false);
	machine_break_page(LOST_AT, false);
	machine_break_page(EVENTS_AT, false);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		booted_test(an_event_follows_its_job),
		booted_test(a_failure_is_a_fault_event),
		booted_test(slot_then_word_then_event_then_arm),
		booted_test(raises_only_the_event_the_host_waits_for),
		booted_test(wraps_with_alternating_phase),
		booted_test(a_full_ring_loses_events_and_says_so),
		booted_test(a_host_that_arms_late_has_seen_the_event),
		booted_test(no_wake_up_is_lost_in_random_interleavings),
		booted_test(an_unreachable_ring_does_not_stop_the_firmware),
	};

	return cmocka_run_group_tests_name("firmware event ring", tests, NULL, NULL);
}
