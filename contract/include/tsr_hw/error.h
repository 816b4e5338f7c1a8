/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/* Generated from contract/error.yaml by contract/generate; do not edit. */
/*
 * Error codes a job or an admin command completes with.
 *
 * Each names a cause; the kernel maps it to an errno of the DRM vocabulary.
 */
#ifndef TSR_HW_ERROR_H
#define TSR_HW_ERROR_H

/* Error codes. */
#define TSR_HW_ERR_NONE			0		/* no error */
#define TSR_HW_ERR_FAULT_READ		1	/* address not mapped for reading; errno: EFAULT */
#define TSR_HW_ERR_FAULT_WRITE		2	/* address not mapped for writing; errno: EFAULT */
/* address not mapped for command fetch; errno: EFAULT */
#define TSR_HW_ERR_FAULT_FETCH		3
/* physical address answered by nothing; errno: EFAULT */
#define TSR_HW_ERR_FAULT_BUS		4
#define TSR_HW_ERR_PROGRAM		5	/* header, node or edge malformed; errno: EINVAL */
#define TSR_HW_ERR_COMMAND		6	/* engine rejected a command; errno: EINVAL */
/* slot missing, out of bounds or of the wrong direction; errno: EINVAL */
#define TSR_HW_ERR_SLOT			7
#define TSR_HW_ERR_BUDGET		8	/* engine-time budget used up; errno: ETIME */
/* killed by the host: no progress, or queue destroyed; errno: ETIME or ECANCELED */
#define TSR_HW_ERR_KILLED		9
/* never started: an earlier job of its queue failed; errno: ECANCELED */
#define TSR_HW_ERR_CANCELED		10
/* engine reported an internal error (ECC, parity); errno: EIO */
#define TSR_HW_ERR_ENGINE		11
#define TSR_HW_ERR_DESCRIPTOR		12	/* job descriptor malformed; errno: EINVAL */
/* valid, but not by this device; errno: EOPNOTSUPP */
#define TSR_HW_ERR_UNSUPPORTED		13
#define TSR_HW_ERR_INVALID		14		/* admin command argument out of range */
#define TSR_HW_ERR_BUSY			15		/* admin command: object in use */
/* admin command: table full; job: a group larger than a tile's scratchpad; errno: ENOSPC */
#define TSR_HW_ERR_RESOURCES		16
/* an index from memory outside of its range, or no room for what was found; errno: ERANGE */
#define TSR_HW_ERR_INDEX		17
/*
 * a field names a parameter that the job does not have, or whose value the field could not have;
 * errno: EINVAL
 */
#define TSR_HW_ERR_PARAMETER		18

/* Node numbers that are no node. */
#define TSR_HW_NODE_NONE		0xffffffffu	/* no single node caused it */

#endif
