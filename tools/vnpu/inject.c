// SPDX-License-Identifier: MIT
#include "inject.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <tsr_hw/queue.h>

#include "memory/port.h"
#include "random.h"
#include "smaller.h"

/* Of the writes in malicious mode one in so many is changed. */
#define MALICIOUS_SHARE 4

struct target {
	bool armed;
	uint32_t queue;
	uint32_t node;
	uint32_t skip;
};

struct faults {
	struct inject inject;
	pthread_mutex_t lock;	/* protects all below */
	struct target hang;
	struct target engine_error;
	struct tile_flip flip;
	bool dma_error_engine;
	bool dma_error_core;
	bool drop_irq;
	bool corrupt_completion;
	bool shift_completion;
	bool shift_completed;	/* the slot was shifted, now the word that follows it */
	uint32_t seq_shift;
	uint32_t completed_shift;
	bool malicious;
	uint64_t random;
};

static const struct tile_flip no_flip = { TILE_FLIP_NONE, TILE_FLIP_NONE };

static struct faults *begin(struct inject *inject)
{
	struct faults *faults = (struct faults *)inject;

	pthread_mutex_lock(&faults->lock);
	return faults;
}

static void end(struct faults *faults)
{
	bool flip = faults->flip.weight_bit != TILE_FLIP_NONE ||
		    faults->flip.result_bit != TILE_FLIP_NONE;

	atomic_store(&faults->inject.any,
		     faults->hang.armed || faults->engine_error.armed || flip ||
		     faults->dma_error_engine || faults->dma_error_core || faults->drop_irq ||
		     faults->corrupt_completion || faults->shift_completion ||
		     faults->shift_completed || faults->malicious);
	pthread_mutex_unlock(&faults->lock);
}

void inject_clear(struct inject *inject)
{
	struct faults *faults = begin(inject);

	faults->hang.armed = false;
	faults->engine_error.armed = false;
	faults->flip = no_flip;
	faults->dma_error_engine = false;
	faults->dma_error_core = false;
	faults->drop_irq = false;
	faults->corrupt_completion = false;
	faults->shift_completion = false;
	faults->shift_completed = false;
	faults->malicious = false;
	end(faults);
}

void inject_arm_hang(struct inject *inject, uint32_t queue, uint32_t node, uint32_t skip)
{
	struct faults *faults = begin(inject);

	faults->hang = (struct target){ true, queue, node, skip };
	end(faults);
}

void inject_arm_engine_error(struct inject *inject, uint32_t node)
{
	struct faults *faults = begin(inject);

	faults->engine_error = (struct target){ true, INJECT_ANY, node, 0 };
	end(faults);
}

void inject_arm_flip_weight(struct inject *inject, uint64_t bit)
{
	struct faults *faults = begin(inject);

	faults->flip.weight_bit = bit;
	end(faults);
}

void inject_arm_flip_result(struct inject *inject, uint64_t bit)
{
	struct faults *faults = begin(inject);

	faults->flip.result_bit = bit;
	end(faults);
}

void inject_arm_dma_error(struct inject *inject, bool core)
{
	struct faults *faults = begin(inject);

	if (core)
		faults->dma_error_core = true;
	else
		faults->dma_error_engine = true;
	end(faults);
}

void inject_arm_drop_irq(struct inject *inject)
{
	struct faults *faults = begin(inject);

	faults->drop_irq = true;
	end(faults);
}

void inject_arm_corrupt_completion(struct inject *inject)
{
	struct faults *faults = begin(inject);

	faults->corrupt_completion = true;
	end(faults);
}

void inject_arm_shift_completion(struct inject *inject, uint32_t seq, uint32_t completed)
{
	struct faults *faults = begin(inject);

	faults->shift_completion = true;
	faults->seq_shift = seq;
	faults->completed_shift = completed;
	end(faults);
}

void inject_set_malicious(struct inject *inject, bool on, uint64_t seed)
{
	struct faults *faults = begin(inject);

	faults->malicious = on;
	faults->random = seed;
	end(faults);
}

static bool target_hit(struct target *target, uint32_t queue, uint32_t node)
{
	if (!target->armed ||
	    (target->queue != INJECT_ANY && target->queue != queue) ||
	    (target->node != INJECT_ANY && target->node != node))
		return false;
	if (target->skip) {
		target->skip--;
		return false;
	}
	target->armed = false;
	return true;
}

static bool hang(struct inject *inject, uint32_t queue, uint32_t node)
{
	struct faults *faults = begin(inject);
	bool hit = target_hit(&faults->hang, queue, node);

	end(faults);
	return hit;
}

static bool engine_error(struct inject *inject, uint32_t node)
{
	struct faults *faults = begin(inject);
	bool hit = target_hit(&faults->engine_error, INJECT_ANY, node);

	end(faults);
	return hit;
}

static bool take(bool *armed)
{
	bool hit = *armed;

	*armed = false;
	return hit;
}

static bool dma_error(struct inject *inject, unsigned int agent)
{
	struct faults *faults = begin(inject);
	bool hit = false;

	if (agent < PORT_AGENT_ROM)
		hit = take(&faults->dma_error_engine);
	else if (agent == PORT_AGENT_CORE)
		hit = take(&faults->dma_error_core);
	end(faults);
	return hit;
}

static bool drop_irq(struct inject *inject)
{
	struct faults *faults = begin(inject);
	bool hit = take(&faults->drop_irq);

	end(faults);
	return hit;
}

static void fill_random(uint64_t *random, void *buf, size_t n)
{
	uint64_t word;
	size_t len;

	for (; n; n -= len, buf = (char *)buf + len) {
		word = random_next(random);
		len = smaller(n, sizeof(word));
		memcpy(buf, &word, len);
	}
}

/* Either garbage all over, or one bit, or a value at the edge of its range. */
static void spoil(uint64_t *random, void *buf, size_t n)
{
	uint64_t choice = random_next(random);
	size_t byte = choice / 16 % n;

	switch (choice % 4) {
	case 0:
		fill_random(random, buf, n);
		break;
	case 1:
		memset(buf, 0xff, n);
		break;
	case 2:
		memset(buf, 0, n);
		break;
	default:
		((uint8_t *)buf)[byte] ^= 1u << choice / 4 % 4;
		break;
	}
}

/* Return: true for a write that is part of a completion that was to be shifted. */
static bool shift_completion(struct faults *faults, void *buf, size_t n)
{
	struct tsr_hw_completion *slot = buf;
	uint32_t *completed = buf;

	if (faults->shift_completion && n == sizeof(*slot)) {
		faults->shift_completion = false;
		faults->shift_completed = true;
		slot->seq += faults->seq_shift;
		return true;
	}
	if (faults->shift_completed && n == sizeof(*completed)) {
		faults->shift_completed = false;
		*completed += faults->completed_shift;
		return true;
	}
	return false;
}

static void corrupt(struct inject *inject, void *buf, size_t n)
{
	struct faults *faults = begin(inject);

	if (shift_completion(faults, buf, n)) {
		end(faults);
		return;
	}
	if (faults->corrupt_completion && n == sizeof(struct tsr_hw_completion)) {
		faults->corrupt_completion = false;
		fill_random(&faults->random, buf, n);
	} else if (faults->malicious && random_next(&faults->random) % MALICIOUS_SHARE == 0) {
		spoil(&faults->random, buf, n);
	}
	end(faults);
}

static void take_flip(struct inject *inject, struct tile_flip *flip)
{
	struct faults *faults = begin(inject);

	*flip = faults->flip;
	faults->flip = no_flip;
	end(faults);
}

static void return_flip(struct inject *inject, const struct tile_flip *flip)
{
	struct faults *faults;

	if (flip->weight_bit == TILE_FLIP_NONE && flip->result_bit == TILE_FLIP_NONE)
		return;
	faults = begin(inject);
	if (faults->flip.weight_bit == TILE_FLIP_NONE)
		faults->flip.weight_bit = flip->weight_bit;
	if (faults->flip.result_bit == TILE_FLIP_NONE)
		faults->flip.result_bit = flip->result_bit;
	end(faults);
}

static void destroy(struct inject *inject)
{
	struct faults *faults = (struct faults *)inject;

	pthread_mutex_destroy(&faults->lock);
	free(faults);
}

static const struct inject_ops ops = {
	.hang = hang,
	.engine_error = engine_error,
	.dma_error = dma_error,
	.drop_irq = drop_irq,
	.corrupt = corrupt,
	.take_flip = take_flip,
	.return_flip = return_flip,
	.destroy = destroy,
};

struct inject *inject_create(void)
{
	struct faults *faults = calloc(1, sizeof(*faults));

	if (!faults)
		return NULL;
	pthread_mutex_init(&faults->lock, NULL);
	faults->inject.ops = &ops;
	faults->flip = no_flip;
	return &faults->inject;
}
