// SPDX-License-Identifier: MIT
#include "entries.h"

#include <string.h>

static unsigned int place_of(const struct entries *entries, unsigned int n)
{
	return (entries->first + n) % TSR_HW_ENGINE_PLACES;
}

struct entry *entries_add(struct entries *entries)
{
	if (entries->count == TSR_HW_ENGINE_PLACES)
		return NULL;
	return &entries->place[place_of(entries, entries->count++)];
}

const struct entry *entries_begin(struct entries *entries)
{
	if (entries->begun == entries->count)
		return NULL;
	return &entries->place[place_of(entries, entries->begun++)];
}

const struct entry *entries_running(const struct entries *entries)
{
	return &entries->place[place_of(entries, entries->ended)];
}

void entries_end(struct entries *entries, uint64_t order)
{
	entries->place[place_of(entries, entries->ended)].order = order;
	entries->ended++;
}

/* Those before it have ended and are still to be read: they move up by one. */
void entries_fail(struct entries *entries)
{
	for (unsigned int n = entries->ended; n > 0; n--)
		entries->place[place_of(entries, n)] = entries->place[place_of(entries, n - 1)];
	entries->first = place_of(entries, 1);
	entries->count--;
	entries->begun--;
}

const struct entry *entries_ended(const struct entries *entries)
{
	return entries->ended ? &entries->place[entries->first] : NULL;
}

void entries_drop(struct entries *entries)
{
	entries->first = place_of(entries, 1);
	entries->count--;
	entries->begun--;
	entries->ended--;
}

void entries_recall(struct entries *entries)
{
	entries->count = entries->begun;
}

void entries_clear(struct entries *entries)
{
	memset(entries, 0, sizeof(*entries));
}
