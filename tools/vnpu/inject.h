/* SPDX-License-Identifier: MIT */
/*
 * Faults to make on demand. Each is armed from the control socket and fires once. The parts of
 * the device ask by inline functions, which need no more than the operations of who made the
 * set: a device without one links nothing of inject.c.
 */
#ifndef VNPU_INJECT_H
#define VNPU_INJECT_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tile/tile.h"

struct inject;

/** struct inject_ops - what asks and what returns; see the inline functions of the same names */
struct inject_ops {
	bool (*hang)(struct inject *inject, uint32_t queue, uint32_t node);
	bool (*engine_error)(struct inject *inject, uint32_t node);
	bool (*dma_error)(struct inject *inject, unsigned int agent);
	bool (*drop_irq)(struct inject *inject);
	void (*corrupt)(struct inject *inject, void *buf, size_t n);
	void (*take_flip)(struct inject *inject, struct tile_flip *flip);
	void (*return_flip)(struct inject *inject, const struct tile_flip *flip);
	void (*destroy)(struct inject *inject);
};

/**
 * struct inject - a set of faults, as the parts of the device see it
 * @ops: of who made it
 * @any: something is armed; what runs undisturbed takes no lock
 */
struct inject {
	const struct inject_ops *ops;
	atomic_bool any;
};

/* "Any" for queue and node numbers. */
#define INJECT_ANY UINT32_MAX

/** inject_create() - nothing armed; NULL without memory */
struct inject *inject_create(void);

/** inject_clear() - disarm everything */
void inject_clear(struct inject *inject);

/**
 * inject_arm_hang() - a node that never completes
 * @inject: the set of faults
 * @queue: its queue or INJECT_ANY
 * @node: its number in the program or INJECT_ANY
 * @skip: matching nodes that pass before it
 */
void inject_arm_hang(struct inject *inject, uint32_t queue, uint32_t node, uint32_t skip);

/** inject_arm_engine_error() - a node that ends with TSR_HW_ERR_ENGINE; @node as above */
void inject_arm_engine_error(struct inject *inject, uint32_t node);

/** inject_arm_flip_weight() - one wrong bit in a staged weight operand */
void inject_arm_flip_weight(struct inject *inject, uint64_t bit);

/** inject_arm_flip_result() - one wrong bit in a staged result */
void inject_arm_flip_result(struct inject *inject, uint64_t bit);

/** inject_arm_dma_error() - the next access of an engine fails; of the core if @core */
void inject_arm_dma_error(struct inject *inject, bool core);

/** inject_arm_drop_irq() - the next interrupt is lost */
void inject_arm_drop_irq(struct inject *inject);

/** inject_arm_corrupt_completion() - the next completion slot holds garbage */
void inject_arm_corrupt_completion(struct inject *inject);

/**
 * inject_arm_shift_completion() - the next completion is wrong in its sequences only
 * @inject: faults
 * @seq: added to the sequence in its slot
 * @completed: added to the completed word that follows it
 */
void inject_arm_shift_completion(struct inject *inject, uint32_t seq, uint32_t completed);

/**
 * inject_set_malicious() - hostile contents in what the firmware publishes
 * @inject: the set of faults
 * @on: begin or end
 * @seed: of the choice which words and what
 */
void inject_set_malicious(struct inject *inject, bool on, uint64_t seed);

/*
 * The rest is for the parts of the device, of which none needs a set: NULL is one in which
 * nothing is armed.
 */

/** inject_armed() - is there a fault that has not fired yet, malice included? */
static inline bool inject_armed(const struct inject *inject)
{
	return inject && atomic_load_explicit(&inject->any, memory_order_relaxed);
}

/** inject_destroy() - free it or NULL */
static inline void inject_destroy(struct inject *inject)
{
	if (inject)
		inject->ops->destroy(inject);
}

/* True: make the fault now. */
static inline bool inject_hang(struct inject *inject, uint32_t queue, uint32_t node)
{
	return inject_armed(inject) && inject->ops->hang(inject, queue, node);
}

static inline bool inject_engine_error(struct inject *inject, uint32_t node)
{
	return inject_armed(inject) && inject->ops->engine_error(inject, node);
}

static inline bool inject_dma_error(struct inject *inject, unsigned int agent)
{
	return inject_armed(inject) && inject->ops->dma_error(inject, agent);
}

static inline bool inject_drop_irq(struct inject *inject)
{
	return inject_armed(inject) && inject->ops->drop_irq(inject);
}

/**
 * inject_corrupt() - change what the firmware writes to host memory, if armed
 * @inject: the set of faults
 * @buf: the bytes
 * @n: how many
 */
static inline void inject_corrupt(struct inject *inject, void *buf, size_t n)
{
	if (inject_armed(inject) && n)
		inject->ops->corrupt(inject, buf, n);
}

/**
 * inject_take_flip() - bit errors for the node that starts
 * @inject: the set of faults
 * @flip: filled; none when nothing is armed
 */
static inline void inject_take_flip(struct inject *inject, struct tile_flip *flip)
{
	*flip = (struct tile_flip){ TILE_FLIP_NONE, TILE_FLIP_NONE };
	if (inject_armed(inject))
		inject->ops->take_flip(inject, flip);
}

/** inject_return_flip() - arm again what the node had no use for */
static inline void inject_return_flip(struct inject *inject, const struct tile_flip *flip)
{
	if (inject)
		inject->ops->return_flip(inject, flip);
}

#endif
