/* SPDX-License-Identifier: MIT */
/*
 * The time of a node alone, step by step: what is charged to its budget. Counting takes host time
 * in proportion to the steps, which may be any number; so it is done in parts, by whichever thread
 * needs them first: the node's own before it computes, the simulation's as steps end.
 */
#ifndef VNPU_ENGINE_ACCOUNT_H
#define VNPU_ENGINE_ACCOUNT_H

#include <stdbool.h>
#include <stdint.h>

#include "time/class.h"
#include "time/dma.h"
#include "time/gang.h"

struct account;
struct accounts;

/**
 * accounts_create() - what accounts of a device have in common
 * @class: of the device
 *
 * Idle devices are kept for the next accounts: they are large, and know recent walks.
 *
 * Return: NULL without memory.
 */
struct accounts *accounts_create(const struct time_class *class);

/** accounts_destroy() - free; no account is left; NULL is allowed */
void accounts_destroy(struct accounts *accounts);

/**
 * account_create() - nothing is counted yet
 * @accounts: of the device
 * @stream: commands of the node; they stay where they are
 * @ring: bytes of scratchpad that its loads go through
 * @budget: cycles that it may take
 * @account: result
 *
 * Return: 0, or as of timeline_queue().
 */
int account_create(struct accounts *accounts, const struct stream *stream, uint64_t ring,
		   uint64_t budget, struct account **account);

/** account_destroy() - free; NULL is allowed */
void account_destroy(struct account *account);

/**
 * account_reach() - count at least the first @steps
 *
 * Return: whether all are counted, or the budget is exceeded.
 */
bool account_reach(struct account *account, uint64_t steps);

/** account_exceeded() - whether the budget is exceeded within the first @steps, counting them */
bool account_exceeded(struct account *account, uint64_t steps);

/**
 * account_cycles() - the node's time alone
 *
 * Once account_reach() has told that all is counted.
 */
uint64_t account_cycles(const struct account *account);

/** account_steps() - of each command; likewise */
const uint64_t *account_steps(const struct account *account);

/**
 * account_copies() - the time of flows alone, one after another on a DMA engine
 * @accounts: of the device
 * @copies: the flows
 * @count: how many
 * @cycles: result
 *
 * Return: 0 or -ENOMEM.
 */
int account_copies(struct accounts *accounts, const struct copy *copies, unsigned int count,
		   uint64_t *cycles);

#endif
