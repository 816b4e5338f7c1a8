// SPDX-License-Identifier: MIT
#include "load_unit.h"

#include "run.h"
#include "unit.h"

#define DECODE_CYCLES 16

static struct request *request_at(struct tile *tile, uint64_t number)
{
	return &tile->requests[number % REQUESTS];
}

static struct flight *flight_at(struct tile *tile, uint64_t number)
{
	return &tile->flights[number % STEPS_IN_FLIGHT];
}

static uint64_t later(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

static uint64_t earlier(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

void load_unit_release(struct tile *tile, uint64_t now)
{
	for (; tile->array_freed < tile->computed; tile->array_freed++) {
		const struct flight *flight = flight_at(tile, tile->array_freed);

		if (flight->array_end > now)
			break;
		tile->held -= flight->freed_array;
	}
	for (; tile->vector_freed < tile->computed; tile->vector_freed++) {
		const struct flight *flight = flight_at(tile, tile->vector_freed);

		if (flight->vector_end > now)
			break;
		tile->held -= flight->freed_vector;
	}
}

/* When room becomes free next, as far as is known. */
static uint64_t next_release(struct tile *tile)
{
	uint64_t next = NEVER;

	if (tile->array_freed < tile->computed)
		next = flight_at(tile, tile->array_freed)->array_end;
	if (tile->vector_freed < tile->computed)
		next = earlier(next, flight_at(tile, tile->vector_freed)->vector_end);
	return next;
}

void load_unit_fixed(struct tile *tile)
{
	tile->fixed = 0;
	for (const struct run *run = tile->oldest; run && run->decoding; run = run->next)
		tile->fixed = later(tile->fixed, run->steps.fixed);
}

/* Commands in flight of another node may leave less than nothing. */
static bool has_room(struct tile *tile, const struct run *run, uint64_t size, uint64_t now)
{
	load_unit_release(tile, now);
	return tile->held + tile->fixed + size <= run->node->ring;
}

static struct request *add_request(struct tile *tile, struct run *run, uint64_t earliest)
{
	struct request *request = request_at(tile, tile->requested++);

	*request = (struct request){ .run = run, .earliest = earliest };
	return request;
}

static void request_decoding(struct tile *tile, struct run *run, uint64_t now)
{
	add_request(tile, run, now)->decodes = true;
	run->decoding = true;
	tile->fixed = later(tile->fixed, run->steps.fixed);
}

/* The earliest time of a load's request, room aside; NEVER: not known yet. */
static uint64_t ready_time(struct run *run, const struct load *load)
{
	if (load->is_static && run->node->prefetch)
		return 0;
	return run_start(run);
}

static bool request_load(struct tile *tile, struct run *run, uint64_t now)
{
	const struct load *load = &tile->step.load[tile->next_load];
	uint64_t ready = ready_time(run, load);
	struct request *request;

	if (ready > now) {
		tile->wake = ready;
		return false;
	}
	if (!has_room(tile, run, load->held, now)) {
		tile->wake = next_release(tile);
		return false;
	}
	request = add_request(tile, run, now + tile->class->load_latency);
	request->load = *load;
	request->first = !tile->next_load;
	request->last = ++tile->next_load == tile->step.loads;
	tile->steps_ahead += request->last;
	tile->held += load->held;
	return true;
}

/* Adds a step whose loads are requested to those in flight. */
static void add_flight(struct tile *tile, struct run *run, uint64_t now)
{
	const struct step *step = &tile->step;

	*flight_at(tile, tile->made) = (struct flight){
		.run = run,
		.requests = tile->requested,
		.loaded = now,
		.array = step->array,
		.vector = step->vector,
		.freed_array = step->freed_array,
		.freed_vector = step->freed_vector,
		.store = { step->store[0], step->store[1] },
		.stores = (uint8_t)step->stores,
		.on_array = step->on_array,
		.first = step->first,
		.drains = step->drains,
		.closes = step->closes,
		.last = step->last,
	};
	tile->made++;
	tile->has_step = false;
	if (step->last)
		tile->requesting = run->next;
}

/* Bytes of a transfer, by the memory that it is of. */
static void count_bytes(const struct tile *tile, struct amounts *amounts, uint8_t memory,
			const struct walk *walk)
{
	if (memory == MEMORY_LOCAL || (memory == MEMORY_SYSTEM && !tile->class->link_mb_s))
		amounts->memory += walk_bytes(walk);
	else if (memory == MEMORY_SYSTEM)
		amounts->link += walk_bytes(walk);
}

/* Whether a tile is the one whose flow serves a multicast: its coordinates along it are 0. */
static bool leads(const struct tile *tile, uint8_t multicast)
{
	return !(multicast & 1 && tile->place[0]) && !(multicast & 2 && tile->place[1]);
}

static void count_store(const struct tile *tile, struct amounts *amounts,
			const struct store *store)
{
	uint64_t before = amounts->memory + amounts->link;

	count_bytes(tile, amounts, store->memory, &store->walk);
	amounts->written += amounts->memory + amounts->link - before;
	if (store->memory == MEMORY_SCRATCHPAD)
		amounts->scratchpad += walk_bytes(&store->walk);
	if (store->memory == MEMORY_GANG)
		amounts->scratchpad += walk_bytes(&store->walk) * tile->grid[0] * tile->grid[1];
}

static uint32_t femtojoules_of(const struct command *command)
{
	switch (command->kind) {
	case KIND_GEMM:
		return command->gemm.precision.femtojoules;
	case KIND_CONV:
		return command->conv.precision.femtojoules;
	case KIND_ATTENTION:
		return command->attention.precision.femtojoules;
	default:
		return 0;
	}
}

static void count_products(const struct command *command, uint64_t products,
			   struct amounts *amounts)
{
	amounts->products += products;
	amounts->product_energy += (unsigned __int128)products * femtojoules_of(command);
}

static void count_amounts(const struct tile *tile, const struct command *command,
			  struct amounts *amounts)
{
	const struct step *step = &tile->step;

	count_products(command, step->products, amounts);
	amounts->vector += step->vector * tile->class->vector_operations;
	for (unsigned int i = 0; i < step->loads; i++) {
		amounts->scratchpad += step->load[i].held;
		if (leads(tile, step->load[i].multicast))
			count_bytes(tile, amounts, step->load[i].memory, &step->load[i].walk);
	}
	for (unsigned int i = 0; i < step->stores; i++)
		count_store(tile, amounts, &step->store[i]);
}

/* Makes the next step, if there is a place for one more in flight. */
static bool make_step(struct tile *tile, struct run *run)
{
	if (tile->has_step)
		return true;
	if (tile->made - tile->ended >= STEPS_IN_FLIGHT)
		return false;
	steps_next(&run->steps, &tile->step);
	count_amounts(tile, run->steps.command, &run->node->amounts);
	tile->has_step = true;
	tile->next_load = 0;
	return true;
}

/* One request, or a step whose requests are made. */
static bool request_one(struct tile *tile, uint64_t now)
{
	struct run *run = tile->requesting;

	if (!run || tile->steps_ahead >= STEPS_AHEAD)
		return false;
	if (!run->decoding) {
		request_decoding(tile, run, now);
		return true;
	}
	if (!run->decoded || !make_step(tile, run))
		return false;
	if (tile->next_load < tile->step.loads)
		return request_load(tile, run, now);
	add_flight(tile, run, now);
	return true;
}

/* Steps whose last request has ended; one without loads is loaded with those before it. */
static bool mark_loaded(struct tile *tile)
{
	bool any = false;

	while (tile->loaded < tile->made) {
		struct flight *flight = flight_at(tile, tile->loaded);

		if (flight->requests > tile->moved)
			break;
		flight->loaded = later(flight->loaded, tile->load.end);
		tile->loaded++;
		any = true;
	}
	return any;
}

bool load_unit_request(struct tile *tile, uint64_t now)
{
	bool any = false;

	tile->wake = NEVER;
	while (request_one(tile, now))
		any = true;
	return mark_loaded(tile) || any;
}

/* The last load of a step does not end before the step's minimum. */
static bool waits_for_minimum(struct tile *tile, const struct request *request, uint64_t now)
{
	if (!request->last || now >= tile->step_begin + STEP_MINIMUM)
		return false;
	unit_count(&tile->load, tile->step_begin + STEP_MINIMUM);
	return true;
}

static bool end_request(struct tile *tile, uint64_t now)
{
	struct request *request = request_at(tile, tile->moved);

	if (!unit_done(&tile->load, now) || waits_for_minimum(tile, request, now))
		return false;
	if (request->decodes)
		request->run->decoded = true;
	tile->steps_ahead -= request->last;
	unit_end(&tile->load, now);
	tile->moved++;
	return true;
}

/* When the next request begins to move. */
static uint64_t begin_time(const struct tile *tile)
{
	const struct request *request = &tile->requests[tile->moved % REQUESTS];

	return later(tile->load.end, request->earliest);
}

static bool begin_request(struct tile *tile, uint64_t now)
{
	struct request *request = request_at(tile, tile->moved);

	if (tile->load.state != UNIT_IDLE || tile->moved == tile->requested ||
	    begin_time(tile) > now)
		return false;
	if (request->decodes) {
		unit_count(&tile->load, now + DECODE_CYCLES);
		return true;
	}
	if (request->load.multicast) {
		tile->load.state = UNIT_JOINS;
		return true;
	}
	if (request->first)
		tile->step_begin = now;
	unit_move(tile, &tile->load, &request->load.walk,
		  unit_uses(tile, request->load.memory, request->load.tile), now);
	return true;
}

bool load_unit_move(struct tile *tile, uint64_t now)
{
	bool any = false;

	while (end_request(tile, now) || begin_request(tile, now))
		any = true;
	return mark_loaded(tile) || any;
}

uint64_t load_unit_next(const struct tile *tile)
{
	if (tile->load.state == UNIT_COUNTS)
		return tile->load.until;
	if (tile->load.state == UNIT_IDLE && tile->moved < tile->requested)
		return begin_time(tile);
	return NEVER;
}
