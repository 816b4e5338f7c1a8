/* SPDX-License-Identifier: MIT */
/*
 * Doorbells: BAR2. A bell rung by the host is first incoming, and pending from the moment
 * the simulation takes it: the firmware sees bells change only between instructions of
 * its own choosing, which makes a recorded run repeatable.
 */
#ifndef VNPU_DOORBELL_H
#define VNPU_DOORBELL_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include <tsr_hw/base.h>
#include <tsr_hw/registers.h>

#define DOORBELL_STRIDE_LOG2 16u
#define DOORBELL_PAGES ((unsigned int)TSR_HW_ASID_COUNT)
#define DOORBELLS_PER_PAGE 32u
#define DOORBELL_QUEUES 64u
#define DOORBELL_BAR_SIZE ((uint64_t)DOORBELL_PAGES << DOORBELL_STRIDE_LOG2)

struct counters;

/**
 * struct doorbells - rung bells, a bit per index
 * @incoming: by page, rung by the host
 * @incoming_pages: pages with incoming bells
 * @pending: by page, seen by the firmware; simulation thread only
 * @pending_pages: pages with pending bells; simulation thread only
 */
struct doorbells {
	atomic_uint incoming[DOORBELL_PAGES];
	atomic_ullong incoming_pages;
	uint32_t pending[DOORBELL_PAGES];
	uint64_t pending_pages;
};

/**
 * doorbells_write() - the host writes BAR2
 * @bells: the bells
 * @offset: in the BAR
 * @size: bytes written
 * @val: index
 *
 * Return: whether a bell was rung; anything else is no bell.
 */
bool doorbells_write(struct doorbells *bells, uint64_t offset, unsigned int size, uint64_t val);

/** doorbells_forget_incoming() - reset, on the thread that writes */
void doorbells_forget_incoming(struct doorbells *bells);

/** doorbells_take() - take the incoming bells of one page; false when there are none */
bool doorbells_take(struct doorbells *bells, unsigned int *page, uint32_t *rung);

/** doorbells_pend() - the firmware may see the bells @rung of @page */
void doorbells_pend(struct doorbells *bells, unsigned int page, uint32_t rung);

/** doorbells_forget_pending() - reset, on the simulation thread */
void doorbells_forget_pending(struct doorbells *bells);

/** doorbells_claim() - the firmware reads and clears the bells of @page */
uint32_t doorbells_claim(struct doorbells *bells, unsigned int page);

#endif
