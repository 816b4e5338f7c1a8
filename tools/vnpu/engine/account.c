// SPDX-License-Identifier: MIT
#include "account.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "known.h"
#include "time/alone.h"

/* Devices without a node that are kept. */
#define IDLE_MAX	16

struct accounts {
	struct time_class class;
	pthread_mutex_t lock;	/* protects all below */
	struct alone *idle[IDLE_MAX];
	unsigned int count;
	struct known *known;
};

struct account {
	struct accounts *accounts;
	struct stream stream;	/* what is counted */
	uint64_t ring;
	pthread_mutex_t lock;	/* protects all below until @done is set */
	struct alone *alone;
	uint64_t budget;
	uint64_t cycles;
	uint64_t steps;		/* that are counted */
	bool done;		/* all, or as many as the budget has */
	bool exceeded;		/* by the last one */
	uint64_t of_command[];	/* steps that have ended, some perhaps not counted yet */
};

struct accounts *accounts_create(const struct time_class *class)
{
	struct accounts *accounts = calloc(1, sizeof(*accounts));

	if (!accounts)
		return NULL;
	accounts->class = *class;
	/* No other tile has a part in this. */
	accounts->class.tiles = 1;
	accounts->known = known_create();
	if (!accounts->known) {
		free(accounts);
		return NULL;
	}
	pthread_mutex_init(&accounts->lock, NULL);
	return accounts;
}

void accounts_destroy(struct accounts *accounts)
{
	if (!accounts)
		return;
	while (accounts->count)
		alone_destroy(accounts->idle[--accounts->count]);
	known_destroy(accounts->known);
	pthread_mutex_destroy(&accounts->lock);
	free(accounts);
}

static struct alone *take_alone(struct accounts *accounts)
{
	struct alone *alone = NULL;

	pthread_mutex_lock(&accounts->lock);
	if (accounts->count)
		alone = accounts->idle[--accounts->count];
	pthread_mutex_unlock(&accounts->lock);
	return alone ? alone : alone_create(&accounts->class);
}

static void give_back(struct accounts *accounts, struct alone *alone)
{
	pthread_mutex_lock(&accounts->lock);
	if (alone && accounts->count < IDLE_MAX) {
		accounts->idle[accounts->count++] = alone;
		alone = NULL;
	}
	pthread_mutex_unlock(&accounts->lock);
	alone_destroy(alone);
}

/* Return: whether the node's time is known, and no more than its budget. */
static bool recall(struct account *account)
{
	struct accounts *accounts = account->accounts;
	struct known_time time;
	bool known;

	pthread_mutex_lock(&accounts->lock);
	known = known_find(accounts->known, &account->stream, account->ring, &time);
	pthread_mutex_unlock(&accounts->lock);
	if (!known || time.cycles > account->budget)
		return false;
	account->cycles = time.cycles;
	account->done = true;
	return true;
}

static void remember(struct account *account)
{
	struct accounts *accounts = account->accounts;
	const struct known_time time = { .cycles = account->cycles };

	pthread_mutex_lock(&accounts->lock);
	known_keep(accounts->known, &account->stream, account->ring, &time);
	pthread_mutex_unlock(&accounts->lock);
}

static int begin(struct account *account)
{
	static const unsigned int grid[2] = { 1, 1 }, place[2] = { 0, 0 };

	if (recall(account))
		return 0;
	account->alone = take_alone(account->accounts);
	if (!account->alone)
		return -ENOMEM;
	memset(account->of_command, 0, account->stream.count * sizeof(uint64_t));
	return alone_begin(account->alone, grid, place, account->ring, &account->stream);
}

int account_create(struct accounts *accounts, const struct stream *stream, uint64_t ring,
		   uint64_t budget, struct account **out)
{
	struct account *account = calloc(1, sizeof(*account) + stream->count * sizeof(uint64_t));
	int error;

	*out = NULL;
	if (!account)
		return -ENOMEM;
	account->accounts = accounts;
	pthread_mutex_init(&account->lock, NULL);
	account->ring = ring;
	account->budget = budget;
	account->stream = (struct stream){ stream->commands, stream->count, account->of_command };
	error = begin(account);
	if (error)
		account_destroy(account);
	else
		*out = account;
	return error;
}

/* What it was counted on drops the node's commands, which may go now. */
static void finish(struct account *account)
{
	if (account->alone)
		alone_end(account->alone);
	give_back(account->accounts, account->alone);
	account->alone = NULL;
	account->done = true;
}

void account_destroy(struct account *account)
{
	if (!account)
		return;
	finish(account);
	pthread_mutex_destroy(&account->lock);
	free(account);
}

/* Called with the lock held. */
static void count_step(struct account *account)
{
	uint64_t cycles;

	if (!alone_step(account->alone, &cycles)) {
		remember(account);
		finish(account);
		return;
	}
	account->cycles += cycles;
	account->steps++;
	account->exceeded = account->cycles > account->budget;
	if (account->exceeded)
		finish(account);
}

bool account_reach(struct account *account, uint64_t steps)
{
	bool done;

	pthread_mutex_lock(&account->lock);
	while (!account->done && account->steps < steps)
		count_step(account);
	done = account->done;
	pthread_mutex_unlock(&account->lock);
	return done;
}

bool account_exceeded(struct account *account, uint64_t steps)
{
	bool exceeded;

	account_reach(account, steps);
	pthread_mutex_lock(&account->lock);
	exceeded = account->exceeded && account->steps <= steps;
	pthread_mutex_unlock(&account->lock);
	return exceeded;
}

uint64_t account_cycles(const struct account *account)
{
	return account->cycles;
}

const uint64_t *account_steps(const struct account *account)
{
	return account->of_command;
}

int account_copies(struct accounts *accounts, const struct copy *copies, unsigned int count,
		   uint64_t *cycles)
{
	struct alone *alone = take_alone(accounts);
	int error = alone ? alone_copies(alone, copies, count, cycles) : -ENOMEM;

	give_back(accounts, alone);
	return error;
}
