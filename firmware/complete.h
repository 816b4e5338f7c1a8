/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/* Completion pages: slots, the completed and the started word. */
#ifndef COMPLETE_H
#define COMPLETE_H

#include <stdint.h>

struct tsr_hw_completion;

/* @done is the physical address of a struct tsr_hw_completion_page. */

/* Zero the device's words of a new queue; TSR_HW_ERR_NONE or TSR_HW_ERR_FAULT_BUS. */
uint32_t complete_reset(uint64_t done);

/* Work was done for the queue that no engine counts. */
void complete_progress(uint64_t done, uint32_t events);

/* A job begins. */
void complete_started(uint64_t done, uint32_t seq);

/* Fill the slot of @completion->seq; not valid for the host before complete_publish(). */
void complete_slot(uint64_t done, const struct tsr_hw_completion *completion);

/**
 * complete_publish() - make completions up to @seq visible and announce them
 * @done: completion page
 * @queue: device-wide queue number
 * @seq: last sequence completed
 * @event: TSR_HW_EVENT_*
 */
void complete_publish(uint64_t done, uint32_t queue, uint32_t seq, uint32_t event);

#endif
