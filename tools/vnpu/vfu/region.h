/* SPDX-License-Identifier: MIT */
#ifndef VFU_REGION_H
#define VFU_REGION_H

#include <stdint.h>

struct vfu;

/**
 * vfu_region_size() - bytes of a VFIO region
 * @vfu: the server
 * @region: VFIO_PCI_*_REGION_INDEX
 *
 * Return: its size, 0 when the device does not have it.
 */
uint64_t vfu_region_size(const struct vfu *vfu, uint32_t region);

#endif
