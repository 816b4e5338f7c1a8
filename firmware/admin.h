/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/* Admin queue: commands of the host's kernel. */
#ifndef ADMIN_H
#define ADMIN_H

#include <stdint.h>

/* Begin with an empty queue; physical addresses of ring and completion page. */
void admin_start(uint64_t ring, uint64_t done);

/* Its doorbell rang: execute what is new, in order. */
void admin_service(void);

#endif
