/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/* Generated from contract/trace.yaml by contract/generate; do not edit. */
/*
 * Trace ring of the firmware, read with TSR_HW_ADMIN_TRACE: the newest records, oldest first.
 *
 * The completion's @blocks is the number of records copied. For people and core dumps; nothing is
 * decided by it.
 */
#ifndef TSR_HW_TRACE_H
#define TSR_HW_TRACE_H

#include <tsr_hw/base.h>

/* What a record tells. */

/* the firmware serves its queues; arg0: interface version; arg1: features */
#define TSR_HW_TRACE_READY		1
/* a bell of no queue; queue: doorbell page; arg0: index; arg1: strays so far */
#define TSR_HW_TRACE_STRAY_BELL		2
/* a queue was created; arg0: client; arg1: asid << 16 | doorbell index */
#define TSR_HW_TRACE_QUEUE_CREATE	3
#define TSR_HW_TRACE_QUEUE_DESTROY	4		/* a queue was destroyed */
#define TSR_HW_TRACE_QUEUE_KILL		5		/* a queue was killed */
/* a queue failed; arg0: sequence that failed it; arg1: TSR_HW_ERR_* */
#define TSR_HW_TRACE_QUEUE_FAIL		6
/* a tail was out of range; arg0: tail read; arg1: last sequence completed */
#define TSR_HW_TRACE_BAD_TAIL		7
/* a job started; arg0: sequence; arg1: job context */
#define TSR_HW_TRACE_JOB_START		8
/* a job ended; arg0: sequence; arg1: TSR_HW_ERR_* */
#define TSR_HW_TRACE_JOB_END		9
/* a node started; arg0: node; arg1: engine instance */
#define TSR_HW_TRACE_NODE_START		10
#define TSR_HW_TRACE_NODE_END		11	/* a node ended; arg0: node; arg1: TSR_HW_ERR_* */
#define TSR_HW_TRACE_NODE_SKIP		12		/* a node was skipped; arg0: node */
/* the event ring was full; arg0: events lost so far */
#define TSR_HW_TRACE_EVENT_LOST		13
/* host memory did not answer; arg0: TSR_HW_ERR_*; arg1: low word of the address */
#define TSR_HW_TRACE_BUS_FAULT		14
/* a group is bound to a tile; arg0: group; arg1: engine instance */
#define TSR_HW_TRACE_GROUP_BIND		15
/* its tile is free for others; arg0: group; arg1: engine instance */
#define TSR_HW_TRACE_GROUP_FREE		16

/**
 * struct tsr_hw_trace - one record
 * @cycle: low word of the device cycle
 * @queue: device-wide queue number
 * @code: what happened (TSR_HW_TRACE_*)
 * @arg0: see the code
 * @arg1: see the code
 */
struct tsr_hw_trace {
	__le32 cycle;
	__le16 queue;
	__le16 code;
	__le32 arg0;
	__le32 arg1;
};

/* Sizes and offsets. */
TSR_HW_SIZE(struct tsr_hw_trace, 16);
TSR_HW_OFFSET(struct tsr_hw_trace, cycle, 0);
TSR_HW_OFFSET(struct tsr_hw_trace, queue, 4);
TSR_HW_OFFSET(struct tsr_hw_trace, code, 6);
TSR_HW_OFFSET(struct tsr_hw_trace, arg0, 8);
TSR_HW_OFFSET(struct tsr_hw_trace, arg1, 12);

#endif
