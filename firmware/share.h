/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/* Engine time inside a class, shared by weight: deficit round robin, paid afterwards. */
#ifndef SHARE_H
#define SHARE_H

#include <stdint.h>

struct job;
struct queue;

/* The queue used engine time. */
void share_charge(struct queue *queue, uint64_t cycles);

/**
 * share_choose() - choose between jobs of one class
 * @class: TSR_PRIORITY_*
 * @jobs: bit per job context, at least one
 *
 * Return: the next one in turn whose queue has not used up its share.
 */
struct job *share_choose(uint32_t class, uint32_t jobs);

#endif
