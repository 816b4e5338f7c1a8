/* SPDX-License-Identifier: MIT */
/* SKU files: what a virtual NPU is, read from JSON. */
#ifndef VNPU_SKU_H
#define VNPU_SKU_H

#include <stddef.h>
#include <stdint.h>

#include <abi/fuse.h>

/**
 * struct sku - one product
 * @fuses: complete but for serial, lifecycle, rollback_min and key_hash, which belong
 *         to the device and stay zero here
 * @time_scale: wall-clock seconds one modelled second may take
 * @mac_fj: energy of one multiply-accumulate by TSR_TYPE_* in femtojoules
 * @byte_fj: energy of one byte moved
 * @cycle_fj: energy of one cycle an engine is busy
 */
struct sku {
	struct tsr_abi_fuses fuses;
	uint32_t time_scale;
	uint32_t mac_fj[TSR_FUSE_TYPES];
	uint32_t byte_fj;
	uint32_t cycle_fj;
};

/**
 * sku_load() - read and check a SKU file
 * @path: JSON file, see tools/vnpu/skus
 * @sku: result
 * @message: on error, one line saying what is wrong and where
 * @size: bytes at @message
 *
 * Return: 0, -EINVAL for a bad file, or the errno of reading it.
 */
int sku_load(const char *path, struct sku *sku, char *message, size_t size);

#endif
