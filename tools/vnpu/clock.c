// SPDX-License-Identifier: MIT
#include "clock.h"

#include "rv32/rv32.h"

uint64_t clock_now(const struct clock *clock)
{
	return clock->skipped + CLOCK_CYCLES_PER_INSN * rv32_instret(clock->cpu);
}

void clock_skip(struct clock *clock, uint64_t cycles)
{
	clock->skipped += cycles;
}

void clock_skip_to(struct clock *clock, uint64_t cycle)
{
	uint64_t now = clock_now(clock);

	if (cycle > now)
		clock->skipped += cycle - now;
}

void clock_publish(struct clock *clock)
{
	atomic_store_explicit(&clock->published, clock_now(clock), memory_order_relaxed);
}

void clock_reset(struct clock *clock)
{
	clock->skipped = 0;
	clock_publish(clock);
}
