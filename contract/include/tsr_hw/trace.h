/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/*
 * Trace ring of the firmware, read with TSR_ADMIN_TRACE: the newest records, oldest
 * first. The completion's @blocks is the number of records copied. For people and
 * crash dumps; nothing is decided by it.
 */
#ifndef TSR_HW_TRACE_H
#define TSR_HW_TRACE_H

#include <tsr_hw/base.h>

#define TSR_TRACE_READY			1	/* arg0: interface version; arg1: features */
#define TSR_TRACE_STRAY_BELL		2	/* queue: doorbell page; arg0: index; arg1: strays so far */
#define TSR_TRACE_QUEUE_CREATE		3	/* arg0: client; arg1: asid << 16 | doorbell index */
#define TSR_TRACE_QUEUE_DESTROY		4
#define TSR_TRACE_QUEUE_KILL		5
#define TSR_TRACE_QUEUE_FAIL		6	/* arg0: sequence blamed; arg1: TSR_ERR_* */
#define TSR_TRACE_BAD_TAIL		7	/* arg0: tail read; arg1: last sequence completed */
#define TSR_TRACE_JOB_START		8	/* arg0: sequence; arg1: job context */
#define TSR_TRACE_JOB_END		9	/* arg0: sequence; arg1: TSR_ERR_* */
#define TSR_TRACE_NODE_START		10	/* arg0: node; arg1: engine instance */
#define TSR_TRACE_NODE_END		11	/* arg0: node; arg1: TSR_ERR_* */
#define TSR_TRACE_NODE_SKIP		12	/* arg0: node */
#define TSR_TRACE_EVENT_LOST		13	/* arg0: events lost so far */
#define TSR_TRACE_BUS_FAULT		14	/* arg0: TSR_ERR_*; arg1: low word of the address */

/**
 * struct tsr_abi_trace - one record
 * @cycle: low word of the device cycle
 * @queue: device-wide queue number
 * @code: TSR_TRACE_*
 * @arg0: see the code
 * @arg1: see the code
 */
struct tsr_abi_trace {
	__le32 cycle;
	__le16 queue;
	__le16 code;
	__le32 arg0;
	__le32 arg1;
};
TSR_ABI_SIZE(struct tsr_abi_trace, 16);

#endif
