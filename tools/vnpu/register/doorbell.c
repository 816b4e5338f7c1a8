// SPDX-License-Identifier: MIT
#include "doorbell.h"

bool doorbells_write(struct doorbells *bells, uint64_t offset, unsigned int size, uint64_t val)
{
	uint64_t page = offset >> DOORBELL_STRIDE_LOG2;

	if (page >= DOORBELL_PAGES || offset & ((1u << DOORBELL_STRIDE_LOG2) - 1) ||
	    size != sizeof(uint32_t) || val >= DOORBELLS_PER_PAGE)
		return false;
	atomic_fetch_or(&bells->incoming[page], 1u << val);
	atomic_fetch_or(&bells->incoming_pages, 1ull << page);
	return true;
}

void doorbells_forget_incoming(struct doorbells *bells)
{
	atomic_store(&bells->incoming_pages, 0);
	for (unsigned int page = 0; page < DOORBELL_PAGES; page++)
		atomic_store(&bells->incoming[page], 0);
}

bool doorbells_take(struct doorbells *bells, unsigned int *page, uint32_t *rung)
{
	uint64_t pages = atomic_load(&bells->incoming_pages);

	if (!pages)
		return false;
	*page = (unsigned int)__builtin_ctzll(pages);
	/* In this order: a bell rung in between marks its page again. */
	atomic_fetch_and(&bells->incoming_pages, ~(1ull << *page));
	*rung = atomic_exchange(&bells->incoming[*page], 0);
	return true;
}

void doorbells_pend(struct doorbells *bells, unsigned int page, uint32_t rung)
{
	if (page >= DOORBELL_PAGES || !rung)
		return;
	bells->pending[page] |= rung;
	bells->pending_pages |= 1ull << page;
}

void doorbells_forget_pending(struct doorbells *bells)
{
	bells->pending_pages = 0;
	for (unsigned int page = 0; page < DOORBELL_PAGES; page++)
		bells->pending[page] = 0;
}

uint32_t doorbells_claim(struct doorbells *bells, unsigned int page)
{
	uint32_t rung = bells->pending[page];

	bells->pending[page] = 0;
	bells->pending_pages &= ~(1ull << page);
	return rung;
}
