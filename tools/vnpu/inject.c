// SPDX-License-Identifier: MIT
#include "inject.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include <tsr_hw/queue.h>

#include "memory/port.h"
#include "random.h"
#include "smaller.h"
#include "tile/tile.h"

/* Of the writes in malicious mode one in so many is changed. */
#define MALICIOUS_SHARE 4

struct target {
	bool armed;
	uint32_t queue;
	uint32_t node;
	uint32_t skip;
};

struct inject {
	/* Set while anything is armed: what runs undisturbed takes no lock. */
	atomic_bool any;
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

struct inject *inject_create(void)
{
	struct inject *inject = calloc(1, sizeof(*inject));

	if (!inject)
		return NULL;
	pthread_mutex_init(&inject->lock, NULL);
	inject->flip = no_flip;
	return inject;
}

void inject_destroy(struct inject *inject)
{
	if (!inject)
		return;
	pthread_mutex_destroy(&inject->lock);
	free(inject);
}

static void begin(struct inject *inject)
{
	pthread_mutex_lock(&inject->lock);
}

static void end(struct inject *inject)
{
	bool flip = inject->flip.weight_bit != TILE_FLIP_NONE ||
		    inject->flip.result_bit != TILE_FLIP_NONE;

	atomic_store(&inject->any, inject->hang.armed || inject->engine_error.armed || flip ||
		     inject->dma_error_engine || inject->dma_error_core || inject->drop_irq ||
		     inject->corrupt_completion || inject->shift_completion ||
		     inject->shift_completed || inject->malicious);
	pthread_mutex_unlock(&inject->lock);
}

static bool nothing_armed(const struct inject *inject)
{
	return !atomic_load_explicit(&inject->any, memory_order_relaxed);
}

bool inject_armed(const struct inject *inject)
{
	return !nothing_armed(inject);
}

void inject_clear(struct inject *inject)
{
	begin(inject);
	inject->hang.armed = false;
	inject->engine_error.armed = false;
	inject->flip = no_flip;
	inject->dma_error_engine = false;
	inject->dma_error_core = false;
	inject->drop_irq = false;
	inject->corrupt_completion = false;
	inject->shift_completion = false;
	inject->shift_completed = false;
	inject->malicious = false;
	end(inject);
}

void inject_arm_hang(struct inject *inject, uint32_t queue, uint32_t node, uint32_t skip)
{
	begin(inject);
	inject->hang = (struct target){ true, queue, node, skip };
	end(inject);
}

void inject_arm_engine_error(struct inject *inject, uint32_t node)
{
	begin(inject);
	inject->engine_error = (struct target){ true, INJECT_ANY, node, 0 };
	end(inject);
}

void inject_arm_flip_weight(struct inject *inject, uint64_t bit)
{
	begin(inject);
	inject->flip.weight_bit = bit;
	end(inject);
}

void inject_arm_flip_result(struct inject *inject, uint64_t bit)
{
	begin(inject);
	inject->flip.result_bit = bit;
	end(inject);
}

void inject_arm_dma_error(struct inject *inject, bool core)
{
	begin(inject);
	if (core)
		inject->dma_error_core = true;
	else
		inject->dma_error_engine = true;
	end(inject);
}

void inject_arm_drop_irq(struct inject *inject)
{
	begin(inject);
	inject->drop_irq = true;
	end(inject);
}

void inject_arm_corrupt_completion(struct inject *inject)
{
	begin(inject);
	inject->corrupt_completion = true;
	end(inject);
}

void inject_arm_shift_completion(struct inject *inject, uint32_t seq, uint32_t completed)
{
	begin(inject);
	inject->shift_completion = true;
	inject->seq_shift = seq;
	inject->completed_shift = completed;
	end(inject);
}

void inject_set_malicious(struct inject *inject, bool on, uint64_t seed)
{
	begin(inject);
	inject->malicious = on;
	inject->random = seed;
	end(inject);
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

bool inject_hang(struct inject *inject, uint32_t queue, uint32_t node)
{
	bool hit;

	if (nothing_armed(inject))
		return false;
	begin(inject);
	hit = target_hit(&inject->hang, queue, node);
	end(inject);
	return hit;
}

bool inject_engine_error(struct inject *inject, uint32_t node)
{
	bool hit;

	if (nothing_armed(inject))
		return false;
	begin(inject);
	hit = target_hit(&inject->engine_error, INJECT_ANY, node);
	end(inject);
	return hit;
}

static bool take(struct inject *inject, bool *armed)
{
	bool hit;

	begin(inject);
	hit = *armed;
	*armed = false;
	end(inject);
	return hit;
}

bool inject_dma_error(struct inject *inject, unsigned int agent)
{
	if (nothing_armed(inject))
		return false;
	if (agent < PORT_AGENT_ROM)
		return take(inject, &inject->dma_error_engine);
	return agent == PORT_AGENT_CORE && take(inject, &inject->dma_error_core);
}

bool inject_drop_irq(struct inject *inject)
{
	return !nothing_armed(inject) && take(inject, &inject->drop_irq);
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
static bool shift_completion(struct inject *inject, void *buf, size_t n)
{
	struct tsr_hw_completion *slot = buf;
	uint32_t *completed = buf;

	if (inject->shift_completion && n == sizeof(*slot)) {
		inject->shift_completion = false;
		inject->shift_completed = true;
		slot->seq += inject->seq_shift;
		return true;
	}
	if (inject->shift_completed && n == sizeof(*completed)) {
		inject->shift_completed = false;
		*completed += inject->completed_shift;
		return true;
	}
	return false;
}

void inject_corrupt(struct inject *inject, void *buf, size_t n)
{
	if (nothing_armed(inject) || n == 0)
		return;
	begin(inject);
	if (shift_completion(inject, buf, n)) {
		end(inject);
		return;
	}
	if (inject->corrupt_completion && n == sizeof(struct tsr_hw_completion)) {
		inject->corrupt_completion = false;
		fill_random(&inject->random, buf, n);
	} else if (inject->malicious && random_next(&inject->random) % MALICIOUS_SHARE == 0) {
		spoil(&inject->random, buf, n);
	}
	end(inject);
}

void inject_take_flip(struct inject *inject, struct tile_flip *flip)
{
	*flip = no_flip;
	if (nothing_armed(inject))
		return;
	begin(inject);
	*flip = inject->flip;
	inject->flip = no_flip;
	end(inject);
}

void inject_return_flip(struct inject *inject, const struct tile_flip *flip)
{
	if (flip->weight_bit == TILE_FLIP_NONE && flip->result_bit == TILE_FLIP_NONE)
		return;
	begin(inject);
	if (inject->flip.weight_bit == TILE_FLIP_NONE)
		inject->flip.weight_bit = flip->weight_bit;
	if (inject->flip.result_bit == TILE_FLIP_NONE)
		inject->flip.result_bit = flip->result_bit;
	end(inject);
}
