/* SPDX-License-Identifier: MIT */
#ifndef VNPU_TILE_SKU_H
#define VNPU_TILE_SKU_H

#include <stddef.h>
#include <stdint.h>

#include <tsr_hw/fuse.h>

struct sku;

/**
 * struct sku_energy - constants of the energy model, in femtojoules
 * @mac: one multiply-accumulate, by TSR_HW_TYPE_* of the operands
 * @vector: an operation of the vector unit
 * @scratchpad: a byte that a load holds or a store writes in a scratchpad
 * @byte: one byte moved between memory and engine
 * @link: one byte moved over the host link
 * @cycle: one cycle an engine is busy
 */
struct sku_energy {
	uint32_t mac[TSR_HW_FUSE_TYPES];
	uint32_t vector;
	uint32_t scratchpad;
	uint32_t byte;
	uint32_t link;
	uint32_t cycle;
};

/**
 * sku_load() - read a SKU file
 * @path: a JSON file as in contract/skus
 * @out: the SKU, owned by the caller, read-only from then on
 * @error: on failure a sentence for the user that names file, key and cause
 * @error_size: bytes at @error
 *
 * Return: 0, -EINVAL for bad contents, or the negative errno of reading.
 */
int sku_load(const char *path, struct sku **out, char *error, size_t error_size);

/** sku_free() - free a SKU or NULL */
void sku_free(struct sku *sku);

/**
 * sku_fuses() - fuse block of the SKU
 * @sku: the SKU
 *
 * Return: the block; serial, rollback_min, lifecycle and key_hash are zero, the device
 * fills them in.
 */
const struct tsr_hw_fuses *sku_fuses(const struct sku *sku);

/**
 * sku_ring() - scratchpad of a tile for resident parts and the rings of loads
 * @fuses: of the SKU
 *
 * Return: bytes: all but the eighth that is REALTIME work's reserve.
 */
uint64_t sku_ring(const struct tsr_hw_fuses *fuses);

/**
 * sku_energy() - constants of the energy model
 * @sku: the SKU
 *
 * Return: the constants, valid as long as @sku.
 */
const struct sku_energy *sku_energy(const struct sku *sku);

/**
 * sku_time_scale() - TSR_HW_REG_TIME_SCALE the SKU file asks for
 * @sku: the SKU
 *
 * Return: at least 1; 1 when the file does not say.
 */
uint32_t sku_time_scale(const struct sku *sku);

#endif
