/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/*
 * Error codes a job or an admin command completes with.
 *
 * Each names a cause; the kernel maps it to an errno of the DRM vocabulary
 * (docs/hardware.md, "Errors").
 */
#ifndef TSR_HW_ERROR_H
#define TSR_HW_ERROR_H

#define TSR_ERR_NONE		0
#define TSR_ERR_FAULT_READ	1	/* address not mapped for reading */
#define TSR_ERR_FAULT_WRITE	2	/* address not mapped for writing */
#define TSR_ERR_FAULT_FETCH	3	/* address not mapped for command fetch */
#define TSR_ERR_FAULT_BUS	4	/* physical address answered by nothing */
#define TSR_ERR_PROGRAM		5	/* header, node or edge malformed */
#define TSR_ERR_COMMAND		6	/* engine rejected a command */
#define TSR_ERR_SLOT		7	/* slot missing, out of bounds or of the wrong direction */
#define TSR_ERR_BUDGET		8	/* engine-time budget used up */
#define TSR_ERR_KILLED		9	/* killed by the host: no progress, or queue destroyed */
#define TSR_ERR_CANCELED	10	/* never started: an earlier job of its queue failed */
#define TSR_ERR_ENGINE		11	/* engine reported an internal error (ECC, parity) */
#define TSR_ERR_DESCRIPTOR	12	/* job descriptor malformed */
#define TSR_ERR_UNSUPPORTED	13	/* valid, but not by this device */
#define TSR_ERR_INVALID		14	/* admin command argument out of range */
#define TSR_ERR_BUSY		15	/* admin command: object in use */
#define TSR_ERR_RESOURCES	16	/* admin command: table full */

/* Node number reported when no single node is to blame. */
#define TSR_NODE_NONE		0xffffffffu

#endif
