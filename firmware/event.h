/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/* Event ring and interrupts (tsr_hw/queue.h). */
#ifndef EVENT_H
#define EVENT_H

#include <stdint.h>

/**
 * event_start() - begin with an empty ring
 * @ring: physical address of struct tsr_hw_event_ring
 * @control_vector: raised for admin events
 * @event_vector: raised for all others
 */
void event_start(uint64_t ring, uint32_t control_vector, uint32_t event_vector);

/**
 * event_publish() - tell the host that a queue's completed sequence moved
 * @type: TSR_HW_EVENT_*
 * @queue: device-wide queue number
 * @seq: sequence completed, already visible in the completion page
 */
void event_publish(uint32_t type, uint32_t queue, uint32_t seq);

#endif
