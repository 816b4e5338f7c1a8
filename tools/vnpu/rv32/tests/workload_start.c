// SPDX-License-Identifier: MIT
/* Entry of the workload on the core: a stack, then main, then the address it ends at. */
#include "workload.h"

__asm__(".section .start, \"ax\"\n"
	"	.globl	_start\n"
	"_start:\n"
	"	j	1f\n"
	"	.globl	workload_end\n"
	"workload_end:\n"
	"	.option	push\n"
	"	.option	norvc\n"
	"	j	workload_end\n"
	"	.option	pop\n"
	"1:	la	sp, stack_top\n"
	"	call	workload_run_on_core\n"
	"	j	workload_end\n");

uint32_t workload_results[WORKLOAD_RESULTS] __attribute__((section(".results")));

void workload_run_on_core(void);

void workload_run_on_core(void)
{
	workload_run(workload_results);
}
