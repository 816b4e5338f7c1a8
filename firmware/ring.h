/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/* Rings written by the host: each word of them is read once per use. */
#ifndef RING_H
#define RING_H

#include <stdint.h>

struct tsr_hw_admin;
struct tsr_hw_job;

/*
 * @ring is the physical address of a struct tsr_hw_ring. Each returns TSR_HW_ERR_NONE or
 * TSR_HW_ERR_FAULT_BUS; destinations are static objects.
 */
uint32_t ring_read_tail(uint64_t ring, uint32_t *tail);
uint32_t ring_read_job(uint64_t ring, uint32_t seq, struct tsr_hw_job *job);
uint32_t ring_read_admin(uint64_t ring, uint32_t seq, struct tsr_hw_admin *admin);

#endif
