/* SPDX-License-Identifier: MIT */
/* Valid programs with every kind of command, to be spoilt. */
#ifndef FAULTS_WORKLOAD_H
#define FAULTS_WORKLOAD_H

#include <stdint.h>

#include "kselftest/tsr_kselftest.h"

#define WORKLOADS		4
#define WORKLOAD_SLOTS		3
#define WORKLOAD_DATA		0x10000u	/* bytes of slot 0, read and written */
#define WORKLOAD_CONSTANTS	0x2000u		/* bytes of slots 1 and 2, read only */

/** workload() - program number @which; to be freed */
struct tsr_program *workload(unsigned int which);

#endif
