// SPDX-License-Identifier: (GPL-2.0-only OR MIT)
#include "trap.h"

#define MIE_EXTERNAL (1u << 11)

void trap_prepare(void)
{
	__asm__ volatile("csrw mtvec, zero");
	__asm__ volatile("csrci mstatus, 8");
	__asm__ volatile("csrw mie, %0" :: "r"(MIE_EXTERNAL));
}

_Noreturn void trap_stop(void)
{
	__asm__ volatile("csrw mie, zero");
	for (;;)
		__asm__ volatile("wfi");
}
