/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/* Job contexts: the jobs the firmware walks at once. */
#ifndef JOB_H
#define JOB_H

#define JOB_CONTEXTS 8u

#endif
