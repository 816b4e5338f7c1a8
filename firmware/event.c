// SPDX-License-Identifier: (GPL-2.0-only OR MIT)
/*
 * The wake-up protocol is modelled in model/event_ring.pml: publish, then look at arm.
 * The host writes arm, then looks at the ring. One of the two sees the other.
 */
#include "event.h"

#include <stdbool.h>
#include <stddef.h>

#include <tsr_hw/error.h>
#include <tsr_hw/queue.h>

#include "copy.h"
#include "reg.h"
#include "trace.h"

static struct {
	uint64_t ring;
	uint32_t control_vector;
	uint32_t event_vector;
	uint32_t next;		/* number of the next event */
	uint32_t arm;		/* as last read from the host */
	uint32_t lost;
} events;

void event_start(uint64_t ring, uint32_t control_vector, uint32_t event_vector)
{
	events.ring = ring;
	events.control_vector = control_vector;
	events.event_vector = event_vector;
	events.next = 0;
	events.arm = 0;
	events.lost = 0;
}

static void write_device(uint64_t address, const void *local, uint32_t size)
{
	uint32_t error = copy_write(COPY_PHYSICAL, address, local, size);

	if (error != TSR_HW_ERR_NONE)
		trace_add(TSR_HW_TRACE_BUS_FAULT, 0, error, (uint32_t)address);
}

static void read_arm(void)
{
	static uint32_t word;
	uint64_t address = events.ring + offsetof(struct tsr_hw_event_ring, arm);
	uint32_t error = copy_read(COPY_PHYSICAL, address, &word, sizeof(word));

	if (error == TSR_HW_ERR_NONE)
		events.arm = word;
	else
		trace_add(TSR_HW_TRACE_BUS_FAULT, 0, error, (uint32_t)address);
}

static bool ring_full(void)
{
	if (events.next - events.arm < TSR_HW_EVENT_ENTRIES)
		return false;
	read_arm();
	return events.next - events.arm >= TSR_HW_EVENT_ENTRIES;
}

static void raise(uint32_t type)
{
	sys_write(TSR_HW_SYS_RAISE,
		  type == TSR_HW_EVENT_ADMIN ? events.control_vector : events.event_vector);
}

/* The host may be asleep with a full ring it has not looked at: raise in any case. */
static void lose(uint32_t type)
{
	static uint32_t word;

	events.lost++;
	word = events.lost;
	write_device(events.ring + offsetof(struct tsr_hw_event_ring, lost), &word, sizeof(word));
	trace_add(TSR_HW_TRACE_EVENT_LOST, 0, events.lost, 0);
	raise(type);
}

/* The half with the phase goes last, in one access: a host never sees half an event. */
static void write_event(const struct tsr_hw_event *event)
{
	uint32_t half = offsetof(struct tsr_hw_event, mbz);
	uint64_t address = events.ring + offsetof(struct tsr_hw_event_ring, event) +
			   (events.next % TSR_HW_EVENT_ENTRIES) * sizeof(*event);

	write_device(address, event, half);
	write_device(address + half, &event->mbz, (uint32_t)sizeof(*event) - half);
}

void event_publish(uint32_t type, uint32_t queue, uint32_t seq)
{
	static struct tsr_hw_event event;
	uint32_t number = events.next;

	if (ring_full()) {
		lose(type);
		return;
	}
	event.queue = (uint16_t)queue;
	event.type = (uint16_t)type;
	event.seq = seq;
	event.phase = 1u + (number / TSR_HW_EVENT_ENTRIES) % 2u;
	write_event(&event);
	events.next = number + 1u;
	read_arm();
	if (events.arm == number)
		raise(type);
}
