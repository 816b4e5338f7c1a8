/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/* Generated from contract/queue.yaml by contract/generate; do not edit. */
/*
 * Rings between host and firmware: admin queue, job queues, events.
 *
 * Every word has exactly one writer. A queue is a ring page and a host page written by the host,
 * and a completion page, in fact two, written by the device. Sequence numbers are 32 bits, start at
 * 1 and wrap; sequence s lives in slot s modulo TSR_HW_RING_ENTRIES of both ring and completion
 * page.
 */
#ifndef TSR_HW_QUEUE_H
#define TSR_HW_QUEUE_H

#include <tsr_hw/base.h>
#include <tsr_hw/error.h>

#define TSR_HW_RING_ENTRIES		64		/* descriptors of a ring */

/* Job flags. */
#define TSR_HW_JOB_PROFILE		(1u << 0)	/* write per-node records */
#define TSR_HW_JOB_REPLAYABLE		(1u << 1)	/* may be run again after a reset */
/* strict numeric mode; without TSR_HW_FEATURE_STRICT the job ends with TSR_HW_ERR_UNSUPPORTED */
#define TSR_HW_JOB_STRICT		(1u << 2)
/*
 * @program is a handle that SEAL gave; without TSR_HW_FEATURE_SEALED the job ends with
 * TSR_HW_ERR_UNSUPPORTED
 */
#define TSR_HW_JOB_SEALED		(1u << 3)
/* all of them */
#define TSR_HW_JOB_FLAGS		(TSR_HW_JOB_PROFILE | TSR_HW_JOB_REPLAYABLE | \
					 TSR_HW_JOB_STRICT | TSR_HW_JOB_SEALED)

#define TSR_HW_JOB_MAX_REPEAT		65536u		/* most runs of the program in one job */
#define TSR_HW_SEALED_MIN		128	/* sealed programs that every device has room for */

/**
 * struct tsr_hw_job - one graph job; virtual addresses only, nothing privileged
 * @seq: sequence number
 * @flags: what to do beside (TSR_HW_JOB_*)
 * @program: address of the program header, mapped for fetch, 64-byte aligned; or a handle (SEALED)
 * @program_size: bytes of the program
 * @slot_count: entries at @slots
 * @slots: address of an array of struct tsr_hw_slot, mapped for reading, 8-byte aligned
 * @parameters: address of an array of 64-bit words, mapped for reading, 8-byte aligned; without
 *   TSR_HW_FEATURE_PARAMETERS a job that has any ends with TSR_HW_ERR_UNSUPPORTED
 * @profile: address of an array of struct tsr_hw_profile, mapped for writing (PROFILE)
 * @parameter_count: words at @parameters, at most TSR_HW_MAX_PARAMETERS
 * @profile_count: records that fit there; further ones are dropped
 * @repeat: times the program runs, 1 to TSR_HW_JOB_MAX_REPEAT
 * @mbz: must be zero
 */
struct tsr_hw_job {
	__le32 seq;
	__le32 flags;
	__le64 program;
	__le32 program_size;
	__le32 slot_count;
	__le64 slots;
	__le64 parameters;
	__le64 profile;
	__le32 parameter_count;
	__le32 profile_count;
	__le32 repeat;
	__le32 mbz;
};

/* Admin commands. */
#define TSR_HW_ADMIN_NOP		0		/* answers that the firmware runs */
#define TSR_HW_ADMIN_QUEUE_CREATE	1		/* creates a queue from args.create */
#define TSR_HW_ADMIN_QUEUE_DESTROY	2	/* kills what runs, then removes the queue */
/* ends the running job KILLED, later ones CANCELED */
#define TSR_HW_ADMIN_QUEUE_KILL		3
/* copies the newest trace records to args.trace.address */
#define TSR_HW_ADMIN_TRACE		4
/*
 * does an engine work for the queue? Completes with its node and engine, TSR_HW_NODE_NONE for no,
 * and in @blocks the last sequence the firmware has completed
 */
#define TSR_HW_ADMIN_QUEUE_STATUS	5
/* gives the program of args.seal a handle; completes with it in @blocks */
#define TSR_HW_ADMIN_SEAL		6
/* ends the handle of args.unseal, or all of an address space */
#define TSR_HW_ADMIN_UNSEAL		7

/* Scheduling classes, highest first. */
#define TSR_HW_PRIORITY_REALTIME	0		/* before all others */
#define TSR_HW_PRIORITY_HIGH		1		/* before NORMAL and LOW */
#define TSR_HW_PRIORITY_NORMAL		2		/* the default */
#define TSR_HW_PRIORITY_LOW		3		/* what can wait */
#define TSR_HW_PRIORITY_COUNT		4		/* one more than the highest */

/**
 * struct tsr_hw_admin - one admin command
 * @seq: sequence number
 * @op: what (TSR_HW_ADMIN_*)
 * @queue: device-wide queue number, 1 to TSR_HW_QUEUES_TOTAL - 1 (0 is the admin queue)
 * @mbz: must be zero
 * @create: arguments of QUEUE_CREATE; addresses are physical
 * @create.ring: address of struct tsr_hw_ring
 * @create.done: address of struct tsr_hw_completion_page
 * @create.save: save area, 0 for none (reserved)
 * @create.budget: device cycles one job may take, 0 for no limit
 * @create.asid: address space, also the doorbell page
 * @create.index: doorbell index in that page
 * @create.priority: scheduling class (TSR_HW_PRIORITY_*)
 * @create.weight: share of the client inside the class, 1 to 255; its newest queue's holds
 * @create.mbz: must be zero
 * @create.client: client id; the queues of a client in a class have one share between them
 * @trace: arguments of TRACE
 * @trace.address: physical address of the destination
 * @trace.size: bytes there
 * @seal: arguments of SEAL
 * @seal.program: address of the program header, mapped for fetch, 64-byte aligned
 * @seal.size: bytes of the program
 * @seal.asid: address space
 * @seal.mbz: must be zero
 * @unseal: arguments of UNSEAL
 * @unseal.handle: what SEAL gave; 0: every handle of the address space
 * @unseal.asid: address space
 * @unseal.mbz: must be zero
 * @pad: makes every command 64 bytes
 */
struct tsr_hw_admin {
	__le32 seq;
	__le16 op;
	__le16 queue;
	__le64 mbz;
	union {
		struct {
			__le64 ring;
			__le64 done;
			__le64 save;
			__le64 budget;
			__le16 asid;
			__le16 index;
			__u8 priority;
			__u8 weight;
			__le16 mbz;
			__le64 client;
		} create;
		struct {
			__le64 address;
			__le64 size;
		} trace;
		struct {
			__le64 program;
			__le32 size;
			__le16 asid;
			__le16 mbz;
		} seal;
		struct {
			__le64 handle;
			__le16 asid;
			__le16 mbz[3];
		} unseal;
		__u8 pad[48];
	};
};

/**
 * struct tsr_hw_ring - what the host writes for one queue, two pages
 * @job: descriptors of a job queue
 * @admin: commands of the admin queue
 * @tail: last sequence written; the doorbell asks for a read of it
 * @mbz: must be zero
 */
struct tsr_hw_ring {
	union {
		struct tsr_hw_job job[TSR_HW_RING_ENTRIES];
		struct tsr_hw_admin admin[TSR_HW_RING_ENTRIES];
	};
	__le32 tail;
	__le32 mbz[1023];
};

/**
 * struct tsr_hw_completion - how one job ended
 * @seq: its sequence number
 * @error: how it ended (TSR_HW_ERR_*)
 * @node: node that caused the error (or TSR_HW_NODE_NONE)
 * @engine: engine instance that reported the error, or 0
 * @address: faulting virtual address; for COMMAND, SLOT and UNSUPPORTED the offset of the command
 *   in its stream; else 0
 * @start: device cycle the firmware began it, 0 when it never started
 * @end: device cycle it ended
 * @blocks: blocks retired for it; of admin commands what they answer
 * @tile_cycles: busy cycles of all tensor tiles for it: from the start of each node to its end, or
 *   to the abort of one that was ended
 * @dma_cycles: busy cycles of all DMA engines for it, counted alike; no-op nodes pass through one
 */
struct tsr_hw_completion {
	__le32 seq;
	__le32 error;
	__le32 node;
	__le32 engine;
	__le64 address;
	__le64 start;
	__le64 end;
	__le64 blocks;
	__le64 tile_cycles;
	__le64 dma_cycles;
};

/**
 * struct tsr_hw_completion_page - what the device writes for one queue, two pages
 * @completed: last sequence completed, written after its slot
 * @started: last sequence started
 * @progress: blocks retired for this queue since it was created; engines write it while they work,
 *   so it moves during a long node
 * @mbz: zero
 * @slot: one per ring slot, the second page
 */
struct tsr_hw_completion_page {
	__le32 completed;
	__le32 started;
	__le64 progress;
	__le64 mbz[510];
	struct tsr_hw_completion slot[TSR_HW_RING_ENTRIES];
};

/*
 * Event ring. The device publishes event n in slot n modulo the entries with phase 1 + (n /
 * entries) % 2, orders, reads @arm and raises the vector when @arm equals n: the host had seen
 * everything before n and waits. The host writes the number of the next event it waits for, a full
 * barrier, and reads the ring once more. Events are numbered from 0.
 */

#define TSR_HW_EVENT_ENTRIES		1024		/* events of the ring */

/* Types of events. */
#define TSR_HW_EVENT_JOB		1		/* a queue's completed sequence moved */
#define TSR_HW_EVENT_FAULT		2		/* a job ended with an error */
#define TSR_HW_EVENT_ADMIN		3	/* the admin queue's completed sequence moved */
#define TSR_HW_EVENT_CIM		16		/* 16 to 31 are for CIM tiles (reserved) */

/**
 * struct tsr_hw_event - one event
 * @queue: device-wide queue number
 * @type: what happened (TSR_HW_EVENT_*)
 * @seq: sequence completed
 * @mbz: zero
 * @phase: written last; 1 or 2, alternating each time round
 */
struct tsr_hw_event {
	__le16 queue;
	__le16 type;
	__le32 seq;
	__le32 mbz;
	__le32 phase;
};

/**
 * struct tsr_hw_event_ring - events, six pages
 * @arm: number of the next event the host waits for; written by the host
 * @host_mbz: must be zero
 * @lost: times the ring was full, by the device: after a change the host reads every queue
 * @device_mbz: zero
 * @event: written by the device
 */
struct tsr_hw_event_ring {
	__le32 arm;
	__le32 host_mbz[1023];
	__le32 lost;
	__le32 device_mbz[1023];
	struct tsr_hw_event event[TSR_HW_EVENT_ENTRIES];
};

/* Sizes and offsets. */
TSR_HW_SIZE(struct tsr_hw_job, 64);
TSR_HW_OFFSET(struct tsr_hw_job, seq, 0);
TSR_HW_OFFSET(struct tsr_hw_job, flags, 4);
TSR_HW_OFFSET(struct tsr_hw_job, program, 8);
TSR_HW_OFFSET(struct tsr_hw_job, program_size, 16);
TSR_HW_OFFSET(struct tsr_hw_job, slot_count, 20);
TSR_HW_OFFSET(struct tsr_hw_job, slots, 24);
TSR_HW_OFFSET(struct tsr_hw_job, parameters, 32);
TSR_HW_OFFSET(struct tsr_hw_job, profile, 40);
TSR_HW_OFFSET(struct tsr_hw_job, parameter_count, 48);
TSR_HW_OFFSET(struct tsr_hw_job, profile_count, 52);
TSR_HW_OFFSET(struct tsr_hw_job, repeat, 56);
TSR_HW_OFFSET(struct tsr_hw_job, mbz, 60);
TSR_HW_SIZE(struct tsr_hw_admin, 64);
TSR_HW_OFFSET(struct tsr_hw_admin, seq, 0);
TSR_HW_OFFSET(struct tsr_hw_admin, op, 4);
TSR_HW_OFFSET(struct tsr_hw_admin, queue, 6);
TSR_HW_OFFSET(struct tsr_hw_admin, mbz, 8);
TSR_HW_OFFSET(struct tsr_hw_admin, create, 16);
TSR_HW_OFFSET(struct tsr_hw_admin, create.ring, 16);
TSR_HW_OFFSET(struct tsr_hw_admin, create.done, 24);
TSR_HW_OFFSET(struct tsr_hw_admin, create.save, 32);
TSR_HW_OFFSET(struct tsr_hw_admin, create.budget, 40);
TSR_HW_OFFSET(struct tsr_hw_admin, create.asid, 48);
TSR_HW_OFFSET(struct tsr_hw_admin, create.index, 50);
TSR_HW_OFFSET(struct tsr_hw_admin, create.priority, 52);
TSR_HW_OFFSET(struct tsr_hw_admin, create.weight, 53);
TSR_HW_OFFSET(struct tsr_hw_admin, create.mbz, 54);
TSR_HW_OFFSET(struct tsr_hw_admin, create.client, 56);
TSR_HW_OFFSET(struct tsr_hw_admin, trace, 16);
TSR_HW_OFFSET(struct tsr_hw_admin, trace.address, 16);
TSR_HW_OFFSET(struct tsr_hw_admin, trace.size, 24);
TSR_HW_OFFSET(struct tsr_hw_admin, seal, 16);
TSR_HW_OFFSET(struct tsr_hw_admin, seal.program, 16);
TSR_HW_OFFSET(struct tsr_hw_admin, seal.size, 24);
TSR_HW_OFFSET(struct tsr_hw_admin, seal.asid, 28);
TSR_HW_OFFSET(struct tsr_hw_admin, seal.mbz, 30);
TSR_HW_OFFSET(struct tsr_hw_admin, unseal, 16);
TSR_HW_OFFSET(struct tsr_hw_admin, unseal.handle, 16);
TSR_HW_OFFSET(struct tsr_hw_admin, unseal.asid, 24);
TSR_HW_OFFSET(struct tsr_hw_admin, unseal.mbz, 26);
TSR_HW_OFFSET(struct tsr_hw_admin, pad, 16);
TSR_HW_SIZE(struct tsr_hw_ring, 8192);
TSR_HW_OFFSET(struct tsr_hw_ring, job, 0);
TSR_HW_OFFSET(struct tsr_hw_ring, admin, 0);
TSR_HW_OFFSET(struct tsr_hw_ring, tail, 4096);
TSR_HW_OFFSET(struct tsr_hw_ring, mbz, 4100);
TSR_HW_SIZE(struct tsr_hw_completion, 64);
TSR_HW_OFFSET(struct tsr_hw_completion, seq, 0);
TSR_HW_OFFSET(struct tsr_hw_completion, error, 4);
TSR_HW_OFFSET(struct tsr_hw_completion, node, 8);
TSR_HW_OFFSET(struct tsr_hw_completion, engine, 12);
TSR_HW_OFFSET(struct tsr_hw_completion, address, 16);
TSR_HW_OFFSET(struct tsr_hw_completion, start, 24);
TSR_HW_OFFSET(struct tsr_hw_completion, end, 32);
TSR_HW_OFFSET(struct tsr_hw_completion, blocks, 40);
TSR_HW_OFFSET(struct tsr_hw_completion, tile_cycles, 48);
TSR_HW_OFFSET(struct tsr_hw_completion, dma_cycles, 56);
TSR_HW_SIZE(struct tsr_hw_completion_page, 8192);
TSR_HW_OFFSET(struct tsr_hw_completion_page, completed, 0);
TSR_HW_OFFSET(struct tsr_hw_completion_page, started, 4);
TSR_HW_OFFSET(struct tsr_hw_completion_page, progress, 8);
TSR_HW_OFFSET(struct tsr_hw_completion_page, mbz, 16);
TSR_HW_OFFSET(struct tsr_hw_completion_page, slot, 4096);
TSR_HW_SIZE(struct tsr_hw_event, 16);
TSR_HW_OFFSET(struct tsr_hw_event, queue, 0);
TSR_HW_OFFSET(struct tsr_hw_event, type, 2);
TSR_HW_OFFSET(struct tsr_hw_event, seq, 4);
TSR_HW_OFFSET(struct tsr_hw_event, mbz, 8);
TSR_HW_OFFSET(struct tsr_hw_event, phase, 12);
TSR_HW_SIZE(struct tsr_hw_event_ring, 24576);
TSR_HW_OFFSET(struct tsr_hw_event_ring, arm, 0);
TSR_HW_OFFSET(struct tsr_hw_event_ring, host_mbz, 4);
TSR_HW_OFFSET(struct tsr_hw_event_ring, lost, 4096);
TSR_HW_OFFSET(struct tsr_hw_event_ring, device_mbz, 4100);
TSR_HW_OFFSET(struct tsr_hw_event_ring, event, 8192);

#endif
