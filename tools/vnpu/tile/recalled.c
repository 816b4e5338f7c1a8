/* SPDX-License-Identifier: MIT */
#include "recalled.h"

#include <pthread.h>
#include <stdbool.h>
#include <string.h>

#include <tsr_hw/error.h>

#include "execution.h"
#include "fingerprint.h"
#include "tile.h"
#include "view.h"

/* Versions are consecutive numbers, so those of a network have a place each. */
#define PLACES	1024u

/* The fingerprint of elements when their memory had a version. */
struct place {
	uint64_t version;	/* 0 of a free one */
	uint64_t count;
	struct view view;
	struct fingerprint fingerprint;
};

static struct {
	pthread_mutex_t lock;
	struct place place[PLACES];	/* protected by lock */
} kept = { .lock = PTHREAD_MUTEX_INITIALIZER };

/* The lowest and the highest element are those at the ends of every dimension. */
static uint64_t version_of_range(const struct tile_memory *memory, const struct view *view)
{
	uint64_t before = 0, behind = 0;

	for (unsigned int i = 0; i < view->rank; i++) {
		uint64_t reach = (view->dim[i] - 1) * view->stride[i];

		if ((int64_t)reach < 0)
			before -= reach;
		else
			behind += reach;
	}
	return memory->version(memory->ctx, view->va - before, before + behind + view->size);
}

/* Return: 0 if nothing is known of the memory. Halves of bytes are not counted in bytes. */
static uint64_t version_of(const struct tile_memory *memory, const struct view *view,
			   uint64_t count)
{
	return memory->version && count && !view->halves ? version_of_range(memory, view) : 0;
}

static bool is_same_view(const struct view *a, const struct view *b)
{
	return a->va == b->va && a->size == b->size && a->rank == b->rank &&
	       !memcmp(a->dim, b->dim, a->rank * sizeof(a->dim[0])) &&
	       !memcmp(a->stride, b->stride, a->rank * sizeof(a->stride[0]));
}

/* Return: whether it is there. */
static bool recall(struct place *wanted)
{
	const struct place *place = &kept.place[wanted->version % PLACES];
	bool found;

	pthread_mutex_lock(&kept.lock);
	found = place->version == wanted->version && place->count == wanted->count &&
		is_same_view(&place->view, &wanted->view);
	if (found)
		wanted->fingerprint = place->fingerprint;
	pthread_mutex_unlock(&kept.lock);
	return found;
}

static void keep(const struct place *place)
{
	pthread_mutex_lock(&kept.lock);
	kept.place[place->version % PLACES] = *place;
	pthread_mutex_unlock(&kept.lock);
}

/* A version that was asked for before elements are read is no newer than they. */
int recalled_fingerprint(struct execution *execution, const struct view *view, uint64_t count,
			 struct fingerprint *fingerprint)
{
	struct place place = {
		.version = version_of(execution->memory, view, count), .count = count,
		.view = *view,
	};
	int error;

	if (!place.version)
		return fingerprint_of(execution, view, count, fingerprint);
	if (!recall(&place)) {
		error = fingerprint_of(execution, view, count, &place.fingerprint);
		if (error)
			return error;
		keep(&place);
	}
	*fingerprint = place.fingerprint;
	return TSR_HW_ERR_NONE;
}
