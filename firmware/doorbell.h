/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/* Which queue a doorbell (page, index) rings. */
#ifndef DOORBELL_H
#define DOORBELL_H

#include <stdbool.h>
#include <stdint.h>

#define DOORBELL_PAGES 64u
#define DOORBELL_INDICES 32u

/* @queue is never 0: the admin bell is fixed. False when the bell is taken or does not exist. */
bool doorbell_bind(uint32_t page, uint32_t index, uint32_t queue);
void doorbell_unbind(uint32_t page, uint32_t index);

/* Look after every queue whose bell rang. */
void doorbell_service(void);

#endif
