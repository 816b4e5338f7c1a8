/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/*
 * The management core's own address map: SRAM and peripherals.
 *
 * RV32IMAC with Zicsr, machine mode. Only firmware and the device see this;
 * the host never does. Peripheral registers are 32 bits, word access only.
 */
#ifndef TSR_HW_CORE_H
#define TSR_HW_CORE_H

#include <tsr_hw/base.h>

#define TSR_SRAM_BASE			0x10000000u
#define TSR_SRAM_SIZE			0x00100000u	/* 1 MiB */

/* System block. */
#define TSR_SYS_BASE			0x40000000u
#define TSR_SYS_CAPS			0x000	/* as TSR_REG_CAPS */
#define TSR_SYS_BOOT_BLOCK_LO		0x004
#define TSR_SYS_BOOT_BLOCK_HI		0x008
#define TSR_SYS_STATE			0x00c	/* write TSR_STATE_READY or TSR_STATE_BOOT_FAILED */
#define TSR_SYS_BOOT_STATUS		0x010	/* write TSR_BOOT_* before the state */
#define TSR_SYS_BOOT_DETAIL		0x014
#define TSR_SYS_CYCLES_LO		0x018	/* device cycles; LO latches HI */
#define TSR_SYS_CYCLES_HI		0x01c
#define TSR_SYS_RAISE			0x020	/* write a vector number */
#define TSR_SYS_EVENTS			0x024	/* TSR_EVENT_SOURCE_*, drives the external interrupt */
#define   TSR_EVENT_SOURCE_DOORBELL	(1u << 0)
#define   TSR_EVENT_SOURCE_ENGINE	(1u << 1)
#define   TSR_EVENT_SOURCE_TIMER	(1u << 2)
#define TSR_SYS_TIMER_LO		0x028	/* device cycle of the next timer event */
#define TSR_SYS_TIMER_HI		0x02c	/* writing HI arms; all ones disarms; firing disarms */
#define TSR_SYS_ENGINES			0x030	/* engine instances */
#define TSR_SYS_ENGINE_DONE		0x034	/* bit per instance with DONE set */
#define TSR_SYS_DOORBELL_PAGES_LO	0x038	/* bit per page with a bell pending */
#define TSR_SYS_DOORBELL_PAGES_HI	0x03c
#define TSR_SYS_FW_VERSION		0x040	/* of the running image, from its header */
#define TSR_SYS_CLOCK_KHZ		0x044
#define TSR_SYS_DOORBELL(page)		(0x100 + 4 * (page))	/* bit per index; read clears */

/*
 * Copy engine between host memory and SRAM. A write to CONTROL runs the copy
 * and stalls the core until it is done; copies are performed in program order.
 * Naturally aligned copies of up to 8 bytes are single-copy atomic.
 */
#define TSR_COPY_BASE			0x40001000u
#define TSR_COPY_HOST_LO		0x000
#define TSR_COPY_HOST_HI		0x004
#define TSR_COPY_LOCAL			0x008	/* SRAM address */
#define TSR_COPY_SIZE			0x00c
#define TSR_COPY_ASID			0x010	/* 0: physical address, else virtual in that space */
#define TSR_COPY_CONTROL		0x014
#define   TSR_COPY_READ			1	/* host to SRAM, read permission */
#define   TSR_COPY_FETCH		2	/* host to SRAM, fetch permission */
#define   TSR_COPY_WRITE		3	/* SRAM to host */
#define TSR_COPY_STATUS			0x018	/* TSR_ERR_NONE or TSR_ERR_FAULT_* */
#define TSR_COPY_FAULT_LO		0x01c
#define TSR_COPY_FAULT_HI		0x020

/*
 * Engine instances. Arguments are set while idle, START begins, the engine
 * fetches its stream itself (fetch permission, once). BUSY falls and DONE rises
 * together with the results. ABORT stops at once, leaves neither BUSY nor DONE
 * and zeroes the engine's memory, as a change of ASID does.
 */
#define TSR_ENGINE_BASE(n)		(0x40010000u + 0x100 * (n))
#define TSR_ENGINE_MAX			32
#define TSR_ENGINE_KIND			0x00	/* TSR_ENGINE_TENSOR or TSR_ENGINE_DMA */
#define TSR_ENGINE_STATUS		0x04
#define   TSR_ENGINE_BUSY		(1u << 0)
#define   TSR_ENGINE_DONE		(1u << 1)
#define   TSR_ENGINE_ERROR		0x0000ff00u	/* TSR_ERR_* when DONE */
#define TSR_ENGINE_CONTROL		0x08
#define   TSR_ENGINE_START		1
#define   TSR_ENGINE_ABORT		2
#define   TSR_ENGINE_ACK		3	/* clears DONE */
#define TSR_ENGINE_ASID			0x0c
#define TSR_ENGINE_STREAM_LO		0x10	/* virtual; size 0 is a no-op node */
#define TSR_ENGINE_STREAM_HI		0x14
#define TSR_ENGINE_STREAM_SIZE		0x18
#define TSR_ENGINE_SLOTS		0x1c	/* SRAM address of struct tsr_abi_slot[] */
#define TSR_ENGINE_SLOT_COUNT		0x20
#define TSR_ENGINE_PROGRAM_LO		0x24	/* virtual; what TSR_SLOT_PROGRAM means */
#define TSR_ENGINE_PROGRAM_HI		0x28
#define TSR_ENGINE_PROGRAM_SIZE		0x2c
#define TSR_ENGINE_PROGRESS_LO		0x30	/* physical address of the queue's progress word */
#define TSR_ENGINE_PROGRESS_HI		0x34
#define TSR_ENGINE_BUDGET_LO		0x38	/* cycles the node may take; more: TSR_ERR_BUDGET */
#define TSR_ENGINE_BUDGET_HI		0x3c
#define TSR_ENGINE_QUEUE		0x40	/* queue and node, for traces and fault injection */
#define TSR_ENGINE_NODE			0x44
#define TSR_ENGINE_START_LO		0x50	/* results, valid while DONE */
#define TSR_ENGINE_START_HI		0x54
#define TSR_ENGINE_END_LO		0x58
#define TSR_ENGINE_END_HI		0x5c
#define TSR_ENGINE_MACS_LO		0x60
#define TSR_ENGINE_MACS_HI		0x64
#define TSR_ENGINE_READ_LO		0x68
#define TSR_ENGINE_READ_HI		0x6c
#define TSR_ENGINE_WRITTEN_LO		0x70
#define TSR_ENGINE_WRITTEN_HI		0x74
#define TSR_ENGINE_BLOCKS_LO		0x78
#define TSR_ENGINE_BLOCKS_HI		0x7c
#define TSR_ENGINE_ENERGY_LO		0x80
#define TSR_ENGINE_ENERGY_HI		0x84
#define TSR_ENGINE_FAULT_LO		0x88	/* faulting address, or offset in the stream */
#define TSR_ENGINE_FAULT_HI		0x8c
#define TSR_ENGINE_RANGE		0x90	/* TSR_RANGE_*: results that are no finite numbers */

#endif
