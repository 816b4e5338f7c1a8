/* SPDX-License-Identifier: GPL-2.0-only */
/* Engine time of clients. */
#ifndef TSR_USAGE_H
#define TSR_USAGE_H

#include <linux/atomic.h>

struct drm_file;
struct drm_printer;
struct tsr_device;
struct tsr_hw_completion;

/**
 * enum tsr_engine - kinds of engines whose time is told
 * @TSR_ENGINE_TENSOR: tensor tiles
 * @TSR_ENGINE_DMA: DMA engines
 * @TSR_ENGINES: how many kinds there are
 */
enum tsr_engine {
	TSR_ENGINE_TENSOR,
	TSR_ENGINE_DMA,
	TSR_ENGINES
};

/**
 * struct tsr_usage - what all jobs of a client have used so far
 * @cycles: busy cycles by kind of engine, summed over its engines; they only grow
 */
struct tsr_usage {
	atomic64_t cycles[TSR_ENGINES];
};

void tsr_usage_add(struct tsr_usage *usage, struct tsr_device *tdev,
		   const struct tsr_hw_completion *slot);
void tsr_usage_show(struct drm_printer *p, struct drm_file *file);

#endif
