// SPDX-License-Identifier: (GPL-2.0-only OR MIT)
#include "complete.h"

#include <stddef.h>

#include <tsr_hw/error.h>
#include <tsr_hw/queue.h>

#include "copy.h"
#include "event.h"
#include "trace.h"

static uint32_t write_page(uint64_t address, const void *local, uint32_t size)
{
	uint32_t error = copy_write(COPY_PHYSICAL, address, local, size);

	if (error != TSR_HW_ERR_NONE)
		trace_add(TSR_HW_TRACE_BUS_FAULT, 0, error, (uint32_t)address);
	return error;
}

/* A word of the page of slots too, so that a page which is not there refuses the queue. */
uint32_t complete_reset(uint64_t done)
{
	static const uint32_t words[4];
	uint32_t error = write_page(done, words, sizeof(words));

	if (error != TSR_HW_ERR_NONE)
		return error;
	return write_page(done + offsetof(struct tsr_hw_completion_page, slot), words,
			  sizeof(words[0]));
}

void complete_started(uint64_t done, uint32_t seq)
{
	static uint32_t word;

	word = seq;
	(void)write_page(done + offsetof(struct tsr_hw_completion_page, started), &word,
			 sizeof(word));
}

void complete_progress(uint64_t done, uint32_t events)
{
	copy_add(done + offsetof(struct tsr_hw_completion_page, progress), events);
}

void complete_slot(uint64_t done, const struct tsr_hw_completion *completion)
{
	static struct tsr_hw_completion slot;
	uint32_t index = completion->seq % TSR_HW_RING_ENTRIES;

	slot = *completion;
	(void)write_page(done + offsetof(struct tsr_hw_completion_page, slot) +
			 index * sizeof(slot), &slot, sizeof(slot));
}

/* Copies become visible in program order: slots, then the word, then the event. */
void complete_publish(uint64_t done, uint32_t queue, uint32_t seq, uint32_t event)
{
	static uint32_t word;

	word = seq;
	(void)write_page(done + offsetof(struct tsr_hw_completion_page, completed), &word,
			 sizeof(word));
	event_publish(event, queue, seq);
}
