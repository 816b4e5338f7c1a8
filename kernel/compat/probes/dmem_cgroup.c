// SPDX-License-Identifier: GPL-2.0-only
#include <linux/cgroup_dmem.h>

#include <drm/drm_drv.h>

struct dmem_cgroup_region *probe(struct drm_device *drm, struct dmem_cgroup_pool_state **pool);

struct dmem_cgroup_region *probe(struct drm_device *drm, struct dmem_cgroup_pool_state **pool)
{
	const struct dmem_cgroup_init init = { .size = 1 };
	struct dmem_cgroup_region *region = drmm_cgroup_register_region(drm, "probe", &init);

	return dmem_cgroup_try_charge(region, 1, pool, NULL) ? NULL : region;
}
