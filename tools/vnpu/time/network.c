// SPDX-License-Identifier: MIT
#include "network.h"

#define ONE ((uint64_t)1 << 32)

/* The state of one computation of rates. */
struct filling {
	struct flow *active[FLOWS_MAX];
	unsigned int count;
	uint64_t free[RESOURCES_MAX];
	uint64_t weight[RESOURCES_MAX];	/* of active flows */
	uint64_t used;			/* resources with weight */
	uint64_t level;
};

uint64_t network_capacity(uint64_t mb_s, uint64_t khz)
{
	return (uint64_t)((unsigned __int128)mb_s * 1000 * ONE / khz);
}

void network_resize(struct network *network, unsigned int resource, uint64_t capacity)
{
	network->capacity[resource] = capacity;
	network->changed = true;
}

static uint64_t least(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

void flow_set(struct flow *flow, uint64_t size, uint64_t uses, uint64_t issue,
	      uint32_t port_bytes)
{
	unsigned __int128 left = (unsigned __int128)size << 32;

	*flow = (struct flow){ .uses = uses, .weight = 1, .size = size, .cap = UNLIMITED,
			       .left = left, .end = NEVER };
	if (port_bytes)
		flow->cap = port_bytes * ONE;
	if (issue)
		flow->cap = least(flow->cap, (uint64_t)((left + issue - 1) / issue));
}

void network_begin(struct network *network, struct flow *flow)
{
	flow->moving = true;
	network->flows[network->count++] = flow;
	network->changed = true;
}

void network_remove(struct network *network, struct flow *flow)
{
	unsigned int i = 0;

	while (network->flows[i] != flow)
		i++;
	network->flows[i] = network->flows[--network->count];
	network->changed = true;
	flow->moving = false;
}

uint64_t network_next(const struct network *network)
{
	uint64_t next = NEVER;

	for (unsigned int i = 0; i < network->count; i++)
		next = least(next, network->flows[i]->end);
	return next;
}

static unsigned int lowest(uint64_t bits)
{
	return __builtin_ctzll(bits);
}

static void account(struct network *network, const struct flow *flow)
{
	for (uint64_t uses = flow->uses; uses; uses &= uses - 1)
		network->moved[lowest(uses)] += flow->size * flow->weight;
}

void network_advance(struct network *network, uint64_t time)
{
	unsigned int i = 0;

	network->now = time;
	while (i < network->count) {
		struct flow *flow = network->flows[i];

		if (flow->end > time) {
			i++;
			continue;
		}
		account(network, flow);
		network_remove(network, flow);
	}
}

static uint64_t used_by(const struct filling *filling)
{
	uint64_t used = 0;

	for (unsigned int i = 0; i < filling->count; i++)
		used |= filling->active[i]->uses;
	return used;
}

static void weigh(struct filling *filling)
{
	filling->used = used_by(filling);
	for (uint64_t used = filling->used; used; used &= used - 1)
		filling->weight[lowest(used)] = 0;
	for (unsigned int i = 0; i < filling->count; i++) {
		const struct flow *flow = filling->active[i];

		for (uint64_t uses = flow->uses; uses; uses &= uses - 1)
			filling->weight[lowest(uses)] += flow->weight;
	}
}

/* By how much all active flows can rise together. */
static uint64_t rise(const struct filling *filling)
{
	uint64_t most = UNLIMITED;

	for (uint64_t used = filling->used; used; used &= used - 1) {
		unsigned int resource = lowest(used);

		most = least(most, filling->free[resource] / filling->weight[resource]);
	}
	for (unsigned int i = 0; i < filling->count; i++)
		if (filling->active[i]->cap != UNLIMITED)
			most = least(most, filling->active[i]->cap - filling->level);
	return most;
}

/* Takes what the rise uses from the resources. Return: those that are full. */
static uint64_t take(struct filling *filling, uint64_t q)
{
	uint64_t full = 0;

	filling->level += q;
	for (uint64_t used = filling->used; used; used &= used - 1) {
		unsigned int resource = lowest(used);

		filling->free[resource] -= q * filling->weight[resource];
		if (filling->free[resource] < filling->weight[resource])
			full |= (uint64_t)1 << resource;
	}
	return full;
}

/* Flows at their cap or on a full resource keep the level as their rate. */
static void stop(struct filling *filling, uint64_t full)
{
	unsigned int kept = 0;

	for (unsigned int i = 0; i < filling->count; i++) {
		struct flow *flow = filling->active[i];

		if (flow->cap == filling->level || flow->uses & full)
			flow->rate = filling->level;
		else
			filling->active[kept++] = flow;
	}
	filling->count = kept;
}

static void fill(const struct network *network)
{
	struct filling filling;

	filling.count = network->count;
	filling.level = 0;
	for (unsigned int i = 0; i < network->count; i++)
		filling.active[i] = network->flows[i];
	for (uint64_t used = used_by(&filling); used; used &= used - 1)
		filling.free[lowest(used)] = network->capacity[lowest(used)];
	while (filling.count) {
		weigh(&filling);
		stop(&filling, take(&filling, rise(&filling)));
	}
}

static uint64_t end_of(const struct network *network, const struct flow *flow)
{
	if (!flow->rate)
		return NEVER;
	return network->time + (uint64_t)((flow->left + flow->rate - 1) / flow->rate);
}

/* What has moved since the rates were computed; a flow that has begun since then has rate 0. */
static void move_bytes(struct network *network)
{
	uint64_t elapsed = network->now - network->time;

	for (unsigned int i = 0; i < network->count; i++)
		network->flows[i]->left -= (unsigned __int128)network->flows[i]->rate * elapsed;
	network->time = network->now;
}

void network_settle(struct network *network)
{
	if (!network->changed)
		return;
	move_bytes(network);
	fill(network);
	for (unsigned int i = 0; i < network->count; i++)
		network->flows[i]->end = end_of(network, network->flows[i]);
	network->changed = false;
}
