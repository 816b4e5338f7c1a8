/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/* Generated from contract/core.yaml by contract/generate; do not edit. */
/*
 * The management core's own address map: SRAM and peripherals.
 *
 * RV32IMAC with Zicsr, machine mode. Only firmware and the device see this; the host never does.
 * Peripheral registers are 32 bits, word access only.
 */
#ifndef TSR_HW_CORE_H
#define TSR_HW_CORE_H

#include <tsr_hw/base.h>

#define TSR_HW_SRAM_BASE		0x10000000u	/* private memory of the core */
#define TSR_HW_SRAM_SIZE		0x00100000u	/* 1 MiB */

/* Sources of the external interrupt. */
#define TSR_HW_EVENT_SOURCE_DOORBELL	(1u << 0)	/* a bell is pending */
#define TSR_HW_EVENT_SOURCE_ENGINE	(1u << 1)	/* an instance has DONE set */
#define TSR_HW_EVENT_SOURCE_TIMER	(1u << 2)	/* the timer fired */

/* System block. */

#define TSR_HW_SYS_BASE			0x40000000u	/* address of the block */
#define TSR_HW_SYS_CAPS			0x000		/* as TSR_HW_REG_CAPS */
#define TSR_HW_SYS_BOOT_BLOCK_LO	0x004	/* as the host wrote TSR_HW_REG_BOOT_BLOCK_LO */
#define TSR_HW_SYS_BOOT_BLOCK_HI	0x008
#define TSR_HW_SYS_STATE		0x00c		/* write READY or BOOT_FAILED */
#define TSR_HW_SYS_BOOT_STATUS		0x010		/* write it before the state */
#define TSR_HW_SYS_BOOT_DETAIL		0x014		/* write it before the state */
#define TSR_HW_SYS_CYCLES_LO		0x018		/* device cycles; LO latches HI */
#define TSR_HW_SYS_CYCLES_HI		0x01c
#define TSR_HW_SYS_RAISE		0x020		/* a vector number raises the vector */
#define TSR_HW_SYS_EVENTS		0x024		/* drives the external interrupt */
/* device cycle of the next timer event; writing HI arms; all ones disarms; firing disarms */
#define TSR_HW_SYS_TIMER_LO		0x028
#define TSR_HW_SYS_TIMER_HI		0x02c
#define TSR_HW_SYS_ENGINES		0x030		/* engine instances */
#define TSR_HW_SYS_ENGINE_DONE		0x034		/* bit per instance with DONE set */
#define TSR_HW_SYS_DOORBELL_PAGES_LO	0x038		/* bit per page with a bell pending */
#define TSR_HW_SYS_DOORBELL_PAGES_HI	0x03c
#define TSR_HW_SYS_FW_VERSION		0x040		/* of the running image, from its header */
#define TSR_HW_SYS_CLOCK_KHZ		0x044		/* as TSR_HW_REG_CLOCK_KHZ */
/* the end of an entered node that was not read yet, the earliest; reading it frees its place */
#define TSR_HW_SYS_ENDED		0x048
#define   TSR_HW_ENDED_NODE		0x0000ffffu	/* its number */
#define   TSR_HW_ENDED_ENGINE		0x001f0000u	/* instance that ran it */
#define   TSR_HW_ENDED_VALID		(1u << 31)	/* 0: no end is left to read */
/*
 * SRAM address of the trace, TSR_HW_TRACE_RECORDS of struct tsr_hw_trace; writing it begins at the
 * first; 0: there is none
 */
#define TSR_HW_SYS_TRACE		0x04c
/* index of the next record of the trace; reading takes it for the core */
#define TSR_HW_SYS_TRACE_TAKE		0x050
#define TSR_HW_SYS_TRACE_TAKEN		0x054		/* records of the trace that were taken */
#define   TSR_HW_TRACE_TAKEN_NEXT	0x0000ffffu	/* index of the next one */
#define   TSR_HW_TRACE_TAKEN_FULL	(1u << 31)	/* each was taken */
#define TSR_HW_SYS_DOORBELL(page)	(0x100 + 4 * (page))	/* bit per index; read clears */

/*
 * Copy engine between host memory and SRAM. A write to CONTROL runs the copy and stalls the core
 * until it is done; copies are performed in program order. Naturally aligned copies of up to 8
 * bytes are single-copy atomic.
 */

#define TSR_HW_COPY_BASE		0x40001000u	/* address of the block */
#define TSR_HW_COPY_HOST_LO		0x000		/* address in host memory */
#define TSR_HW_COPY_HOST_HI		0x004
#define TSR_HW_COPY_LOCAL		0x008		/* SRAM address */
#define TSR_HW_COPY_SIZE		0x00c		/* bytes */
/* 0: physical address, else virtual in that space */
#define TSR_HW_COPY_ASID		0x010
#define TSR_HW_COPY_CONTROL		0x014		/* runs the copy */
#define   TSR_HW_COPY_READ		1		/* host to SRAM, read permission */
#define   TSR_HW_COPY_FETCH		2		/* host to SRAM, fetch permission */
#define   TSR_HW_COPY_WRITE		3		/* SRAM to host */
/* adds SIZE to the 64-bit word at HOST, a physical address, in one access */
#define   TSR_HW_COPY_ADD		4
#define TSR_HW_COPY_STATUS		0x018		/* NONE or a fault */
#define TSR_HW_COPY_FAULT_LO		0x01c		/* first faulting address */
#define TSR_HW_COPY_FAULT_HI		0x020

#define TSR_HW_ENGINE_MAX		32		/* engine instances at most */
/* records of the trace that core and engines write in SRAM */
#define TSR_HW_TRACE_RECORDS		1024
/* nodes entered into an engine whose ends were not read */
#define TSR_HW_ENGINE_PLACES		4
#define TSR_HW_NODE_LEAST_CYCLES	160	/* what a node takes of its job's budget at least */

/**
 * struct tsr_hw_engine_job - what the nodes of a job have in common that are entered; in SRAM
 * @asid: address space of all accesses
 * @queue: queue, for traces and fault injection
 * @slots: SRAM address of an array of struct tsr_hw_slot
 * @slot_count: entries there
 * @parameters: SRAM address of an array of 64-bit words, 8-byte aligned
 * @parameter_count: words there, at most TSR_HW_MAX_PARAMETERS
 * @program_size: bytes of the program
 * @flags: as TSR_HW_ENGINE_FLAGS
 * @program: virtual address of the program
 * @streams: virtual address of its streams
 * @progress: physical address of the queue's progress word
 * @budget: cycles that @charged and @alone may come to; all ones: no limit
 * @charged: what the core takes of it
 * @alone: what engines have taken of it: of each node ALONE, at least TSR_HW_NODE_LEAST_CYCLES
 * @cycles: engine time of its nodes: of tensor tiles, of DMA engines
 * @blocks: blocks retired of nodes that have ended
 */
struct tsr_hw_engine_job {
	__le32 asid;
	__le32 queue;
	__le32 slots;
	__le32 slot_count;
	__le32 parameters;
	__le32 parameter_count;
	__le32 program_size;
	__le32 flags;
	__le64 program;
	__le64 streams;
	__le64 progress;
	__le64 budget;
	__le64 charged;
	__le64 alone;
	__le64 cycles[2];
	__le64 blocks;
};

/*
 * Engine instances. Arguments are set while idle, START begins, the engine fetches its stream
 * itself (fetch permission, once). BUSY falls and DONE rises together with the results. ABORT stops
 * at once, leaves neither BUSY nor DONE nor entered nodes and zeroes the engine's memory, as a
 * change of ASID does. JOB and NUMBER may be set while BUSY.
 */

#define TSR_HW_ENGINE_BASE(n)		(0x40010000u + 0x100 * (n))	/* address of the block */
#define TSR_HW_ENGINE_KIND		0x00		/* TENSOR or DMA */
#define TSR_HW_ENGINE_STATUS		0x04		/* what it does */
#define   TSR_HW_ENGINE_BUSY		(1u << 0)	/* a node runs */
#define   TSR_HW_ENGINE_DONE		(1u << 1)	/* results are valid */
#define   TSR_HW_ENGINE_ERROR		0x0000ff00u	/* when DONE */
#define TSR_HW_ENGINE_CONTROL		0x08		/* commands */
#define   TSR_HW_ENGINE_START		1		/* begins a node */
#define   TSR_HW_ENGINE_ABORT		2		/* ends it at once */
#define   TSR_HW_ENGINE_ACK		3		/* clears DONE */
/*
 * makes RESIDENT bytes the resident part, all zero; like a node that takes RESIDENT // (4 W) cycles
 */
#define   TSR_HW_ENGINE_BIND		4
#define   TSR_HW_ENGINE_RECALL		5	/* takes back what was entered and has not begun */
#define TSR_HW_ENGINE_ASID		0x0c		/* address space of all accesses */
#define TSR_HW_ENGINE_STREAM_LO		0x10		/* virtual address of the command stream */
#define TSR_HW_ENGINE_STREAM_HI		0x14
#define TSR_HW_ENGINE_STREAM_SIZE	0x18		/* bytes of it; 0 is a no-op node */
#define TSR_HW_ENGINE_SLOTS		0x1c	/* SRAM address of an array of struct tsr_hw_slot */
#define TSR_HW_ENGINE_SLOT_COUNT	0x20		/* entries there */
/* virtual address; what TSR_HW_SLOT_PROGRAM means */
#define TSR_HW_ENGINE_PROGRAM_LO	0x24
#define TSR_HW_ENGINE_PROGRAM_HI	0x28
#define TSR_HW_ENGINE_PROGRAM_SIZE	0x2c		/* bytes of it */
#define TSR_HW_ENGINE_PROGRESS_LO	0x30	/* physical address of the queue's progress word */
#define TSR_HW_ENGINE_PROGRESS_HI	0x34
/* cycles the node may take; more: TSR_HW_ERR_BUDGET */
#define TSR_HW_ENGINE_BUDGET_LO		0x38
#define TSR_HW_ENGINE_BUDGET_HI		0x3c
#define TSR_HW_ENGINE_QUEUE		0x40		/* queue, for traces and fault injection */
#define TSR_HW_ENGINE_NODE		0x44		/* node, for traces and fault injection */
/* SRAM address of an array of 64-bit words, 8-byte aligned */
#define TSR_HW_ENGINE_PARAMETERS	0x48
#define TSR_HW_ENGINE_PARAMETER_COUNT	0x4c	/* words there, at most TSR_HW_MAX_PARAMETERS */
/* first of the results, which are valid while DONE, this one while BUSY too: cycle it started */
#define TSR_HW_ENGINE_START_LO		0x50
#define TSR_HW_ENGINE_START_HI		0x54
#define TSR_HW_ENGINE_END_LO		0x58		/* cycle it ended */
#define TSR_HW_ENGINE_END_HI		0x5c
#define TSR_HW_ENGINE_MACS_LO		0x60		/* multiply-accumulates retired */
#define TSR_HW_ENGINE_MACS_HI		0x64
#define TSR_HW_ENGINE_READ_LO		0x68		/* bytes read */
#define TSR_HW_ENGINE_READ_HI		0x6c
#define TSR_HW_ENGINE_WRITTEN_LO	0x70		/* bytes written */
#define TSR_HW_ENGINE_WRITTEN_HI	0x74
#define TSR_HW_ENGINE_BLOCKS_LO		0x78		/* blocks retired */
#define TSR_HW_ENGINE_BLOCKS_HI		0x7c
#define TSR_HW_ENGINE_ENERGY_LO		0x80		/* picojoules */
#define TSR_HW_ENGINE_ENERGY_HI		0x84
#define TSR_HW_ENGINE_FAULT_LO		0x88	/* faulting address, or offset in the stream */
#define TSR_HW_ENGINE_FAULT_HI		0x8c
#define TSR_HW_ENGINE_RANGE		0x90		/* results that are no finite numbers */
#define TSR_HW_ENGINE_FLAGS		0x94		/* how the node is run; an argument */
#define   TSR_HW_ENGINE_STRICT		(1u << 0)	/* strict numeric mode */
/* commands may name TSR_HW_SLOT_SCRATCHPAD */
#define   TSR_HW_ENGINE_GROUP		(1u << 1)
/* cycles that count against its budget: the node's time alone */
#define TSR_HW_ENGINE_ALONE_LO		0x98
#define TSR_HW_ENGINE_ALONE_HI		0x9c
/* bytes of the resident part, which BIND makes; 0 at START gives it up */
#define TSR_HW_ENGINE_RESIDENT		0xa8
/* bytes that loads go through, 0 for SCRATCHPAD; TSR_HW_ERR_RESOURCES if RESIDENT leaves less */
#define TSR_HW_ENGINE_RING		0xac
/* bytes of a tile's scratchpad that are no reserve */
#define TSR_HW_ENGINE_SCRATCHPAD	0xb0
/* SRAM address of struct tsr_hw_engine_job of what is entered, 8-byte aligned */
#define TSR_HW_ENGINE_JOB		0xb4
/* of the node that is entered, for traces and TSR_HW_SYS_ENDED */
#define TSR_HW_ENGINE_NUMBER		0xb8
/*
 * SRAM address of struct tsr_hw_node, which is read at once and entered with JOB and NUMBER;
 * ignored without a place
 */
#define TSR_HW_ENGINE_ENTER		0xbc
/* nodes entered whose ends were not read, at most TSR_HW_ENGINE_PLACES */
#define TSR_HW_ENGINE_ENTERED		0xc0

/* Sizes and offsets. */
TSR_HW_SIZE(struct tsr_hw_engine_job, 104);
TSR_HW_OFFSET(struct tsr_hw_engine_job, asid, 0);
TSR_HW_OFFSET(struct tsr_hw_engine_job, queue, 4);
TSR_HW_OFFSET(struct tsr_hw_engine_job, slots, 8);
TSR_HW_OFFSET(struct tsr_hw_engine_job, slot_count, 12);
TSR_HW_OFFSET(struct tsr_hw_engine_job, parameters, 16);
TSR_HW_OFFSET(struct tsr_hw_engine_job, parameter_count, 20);
TSR_HW_OFFSET(struct tsr_hw_engine_job, program_size, 24);
TSR_HW_OFFSET(struct tsr_hw_engine_job, flags, 28);
TSR_HW_OFFSET(struct tsr_hw_engine_job, program, 32);
TSR_HW_OFFSET(struct tsr_hw_engine_job, streams, 40);
TSR_HW_OFFSET(struct tsr_hw_engine_job, progress, 48);
TSR_HW_OFFSET(struct tsr_hw_engine_job, budget, 56);
TSR_HW_OFFSET(struct tsr_hw_engine_job, charged, 64);
TSR_HW_OFFSET(struct tsr_hw_engine_job, alone, 72);
TSR_HW_OFFSET(struct tsr_hw_engine_job, cycles, 80);
TSR_HW_OFFSET(struct tsr_hw_engine_job, blocks, 96);

#endif
