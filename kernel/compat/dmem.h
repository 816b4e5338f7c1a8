/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Memory cgroups for the memory of devices (dmem). A kernel without them charges nothing.
 */
#ifndef TESSERA_COMPAT_DMEM_H
#define TESSERA_COMPAT_DMEM_H

#include <linux/err.h>
#include <linux/types.h>

#include "config.h"

#ifdef HAVE_DMEM_CGROUP
#include <linux/cgroup_dmem.h>
#include <drm/drm_drv.h>

struct tsr_compat_dmem {
	struct dmem_cgroup_region *region;
};

struct tsr_compat_dmem_charge {
	struct dmem_cgroup_pool_state *pool;
};

static inline int tsr_compat_dmem_register(struct drm_device *drm, const char *name, u64 size,
					   struct tsr_compat_dmem *dmem)
{
	const struct dmem_cgroup_init init = { .size = size };

	dmem->region = drmm_cgroup_register_region(drm, name, &init);

	return PTR_ERR_OR_ZERO(dmem->region);
}

/* Return: 0, -EDQUOT beyond the limit of a cgroup, -ENOMEM. */
static inline int tsr_compat_dmem_charge(struct tsr_compat_dmem *dmem, u64 size,
					 struct tsr_compat_dmem_charge *charge)
{
	int ret = dmem_cgroup_try_charge(dmem->region, size, &charge->pool, NULL);

	return ret == -EAGAIN ? -EDQUOT : ret;
}

static inline void tsr_compat_dmem_uncharge(struct tsr_compat_dmem_charge *charge, u64 size)
{
	dmem_cgroup_uncharge(charge->pool, size);
}
#else
struct drm_device;

struct tsr_compat_dmem {
};

struct tsr_compat_dmem_charge {
};

static inline int tsr_compat_dmem_register(struct drm_device *drm, const char *name, u64 size,
					   struct tsr_compat_dmem *dmem)
{
	return 0;
}

static inline int tsr_compat_dmem_charge(struct tsr_compat_dmem *dmem, u64 size,
					 struct tsr_compat_dmem_charge *charge)
{
	return 0;
}

static inline void tsr_compat_dmem_uncharge(struct tsr_compat_dmem_charge *charge, u64 size)
{
}
#endif

#endif
