// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory and engine time of clients: completions say what each job used, fdinfo tells the sums.
 *
 * It is time of the device: its clock counts while there is work, and a modelled device may
 * take longer by the clock on the wall.
 */

#include "usage.h"

#include <linux/dma-resv.h>
#include <linux/idr.h>
#include <linux/math64.h>

#include <drm/drm_file.h>
#include <drm/drm_gem.h>
#include <drm/drm_print.h>

#include <tsr_hw/queue.h>

#include "client.h"
#include "compat/tessera_compat.h"
#include "device.h"
#include "drv.h"
#include "gem.h"
#include "local.h"
#include "queue.h"

static const char *const tsr_engine_names[TSR_ENGINES] = {
	[TSR_ENGINE_TENSOR] = "tensor",
	[TSR_ENGINE_DMA] = "dma",
};

static u32 tsr_engine_count(const struct tsr_hw *hw, enum tsr_engine engine)
{
	switch (engine) {
	case TSR_ENGINE_TENSOR:
		return le16_to_cpu(hw->fuses.tensor_tiles);
	case TSR_ENGINE_DMA:
		return le16_to_cpu(hw->fuses.dma_engines);
	default:
		return 0;
	}
}

/*
 * No job uses more than all engines do in the longest budget: what a device says beyond is
 * false, and would let the sum wrap.
 */
static void tsr_usage_add_engine(struct tsr_usage *usage, const struct tsr_hw *hw,
				 enum tsr_engine engine, u64 cycles)
{
	u64 budget = (u64)hw->clock_khz * div_u64(TSR_QUEUE_MAX_BUDGET_NS, NSEC_PER_MSEC);

	cycles = min(cycles, budget * tsr_engine_count(hw, engine));
	atomic64_add(cycles, &usage->cycles[engine]);
}

/**
 * tsr_usage_add() - a job has ended
 * @usage: of its client
 * @tdev: device
 * @slot: the driver's copy of the job's completion slot
 *
 * Context: any.
 */
void tsr_usage_add(struct tsr_usage *usage, struct tsr_device *tdev,
		   const struct tsr_hw_completion *slot)
{
	tsr_usage_add_engine(usage, &tdev->hw, TSR_ENGINE_TENSOR, le64_to_cpu(slot->tile_cycles));
	tsr_usage_add_engine(usage, &tdev->hw, TSR_ENGINE_DMA, le64_to_cpu(slot->dma_cycles));
}

/* The keys are those of Documentation/gpu/drm-usage-stats.rst. */
static void tsr_usage_show_engine(struct drm_printer *p, const struct tsr_hw *hw,
				  enum tsr_engine engine, u64 cycles)
{
	const char *name = tsr_engine_names[engine];
	u32 count = tsr_engine_count(hw, engine);

	if (!count)
		return;
	drm_printf(p, "drm-engine-%s:\t%llu ns\n", name,
		   mul_u64_u32_div(cycles, NSEC_PER_MSEC, hw->clock_khz));
	drm_printf(p, "drm-engine-capacity-%s:\t%u\n", name, count);
	drm_printf(p, "drm-cycles-%s:\t%llu\n", name, cycles);
	drm_printf(p, "drm-maxfreq-%s:\t%u KHz\n", name, hw->clock_khz);
}

static void tsr_usage_add_object(struct drm_memory_stats *stats, struct drm_gem_object *obj)
{
	if (drm_gem_object_is_shared_for_memory_stats(obj))
		stats->shared += obj->size;
	else
		stats->private += obj->size;
	if (!dma_resv_test_signaled(obj->resv, dma_resv_usage_rw(true)))
		stats->active += obj->size;
}

/* What drm_show_memory_stats() would print, apart by whose memory it is. */
static void tsr_usage_show_memory(struct drm_printer *p, struct tsr_device *tdev,
				  struct drm_file *file)
{
	struct drm_memory_stats system = { }, local = { };
	struct drm_gem_object *obj;
	int id;

	spin_lock(&file->table_lock);
	idr_for_each_entry(&file->object_idr, obj, id)
		tsr_usage_add_object(tsr_bo_is_local(obj) ? &local : &system, obj);
	spin_unlock(&file->table_lock);

	drm_print_memory_stats(p, &system, DRM_GEM_OBJECT_ACTIVE, "memory");
	if (!tsr_local_size(tdev))
		return;
	local.resident = local.shared + local.private;
	drm_print_memory_stats(p, &local, DRM_GEM_OBJECT_ACTIVE | DRM_GEM_OBJECT_RESIDENT, "local");
}

/**
 * tsr_usage_show() - fdinfo of a file: memory, engine time
 * @p: where to print
 * @file: file
 */
void tsr_usage_show(struct drm_printer *p, struct drm_file *file)
{
	struct tsr_file *tfile = file->driver_priv;
	struct tsr_client *client = tfile->client;
	enum tsr_engine engine;

	tsr_usage_show_memory(p, client->tdev, file);
	for (engine = 0; engine < TSR_ENGINES; engine++)
		tsr_usage_show_engine(p, &client->tdev->hw, engine,
				      atomic64_read(&client->usage.cycles[engine]));
}
