/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/* Generated from contract/fuse.yaml by contract/generate; do not edit. */
/*
 * Fuse block: what the device is. Read through TSR_HW_REG_FUSES.
 *
 * Rates are facts of the hardware. Area, process and market are the vendor's assertion repeated
 * here; a report must call them asserted.
 */
#ifndef TSR_HW_FUSE_H
#define TSR_HW_FUSE_H

#include <tsr_hw/base.h>
#include <tsr_hw/types.h>

#define TSR_HW_FUSE_MAGIC		0x55525354u	/* "TSRU" */
#define TSR_HW_FUSE_VERSION		2		/* version of the block */

/*
 * Product classes of contract/skus; also the PCI subsystem id. From 0x8000 on they are vendors'
 * own, 7 is reserved.
 */
#define TSR_HW_SKU_ULP			1		/* sensors and wearables */
#define TSR_HW_SKU_EDGE			2		/* cameras and small robots */
#define TSR_HW_SKU_PC			3		/* notebooks and desktops */
#define TSR_HW_SKU_ADAS			4		/* driver assistance */
#define TSR_HW_SKU_SERVER		5		/* server cards */
#define TSR_HW_SKU_DC			6		/* data-centre packages */

/* X(NAME, file) for each value */
#define TSR_HW_SKU_ROWS(X) \
	X(ULP, "ulp") \
	X(EDGE, "edge") \
	X(PC, "pc") \
	X(ADAS, "adas") \
	X(SERVER, "server") \
	X(DC, "dc")

#define TSR_HW_MAX_DIES			8		/* dies of a package */
/* entries of the tables by element type, more than there are types */
#define TSR_HW_FUSE_TYPES		32

/* What a die is for and how it is made. */
#define TSR_HW_DIE_LOGIC		(1u << 0)	/* computes */
#define TSR_HW_DIE_IO			(1u << 1)	/* talks to other ICs */
#define TSR_HW_DIE_MEMORY		(1u << 2)	/* stores */
#define TSR_HW_DIE_NON_PLANAR		(1u << 8)	/* FinFET or gate-all-around transistors */
#define TSR_HW_DIE_PLANAR		(1u << 9)	/* planar transistors */

/* Market the vendor asserts. */
#define TSR_HW_MARKET_UNKNOWN		0		/* the vendor does not say */
#define TSR_HW_MARKET_DATACENTRE	1		/* data centres */
#define TSR_HW_MARKET_OTHER		2		/* anything else */

/* Life cycle of a part. */
#define TSR_HW_LIFECYCLE_DEVELOPMENT	1	/* takes images signed with the development key */
#define TSR_HW_LIFECYCLE_PRODUCTION	2		/* takes released images only */

/**
 * struct tsr_hw_die - one die of the package
 * @area: in 1/1000 mm^2, 0 when the vendor does not say
 * @process_nm: name of the node in nm
 * @mbz: zero
 * @flags: what it is (TSR_HW_DIE_*)
 * @mbz2: zero
 */
struct tsr_hw_die {
	__le32 area;
	__le16 process_nm;
	__le16 mbz;
	__le32 flags;
	__le32 mbz2;
};

/**
 * struct tsr_hw_fuses - fuse block
 * @magic: TSR_HW_FUSE_MAGIC
 * @version: TSR_HW_FUSE_VERSION
 * @size: sizeof(struct tsr_hw_fuses)
 * @serial: unique per device
 * @sku: product class (or TSR_HW_SKU_ULP, TSR_HW_SKU_EDGE, TSR_HW_SKU_PC, TSR_HW_SKU_ADAS,
 *   TSR_HW_SKU_SERVER, TSR_HW_SKU_DC)
 * @lifecycle: life cycle (TSR_HW_LIFECYCLE_*)
 * @rollback_min: lowest security version the ROM accepts
 * @market: asserted (TSR_HW_MARKET_*)
 * @name: NUL-terminated product name
 * @key_hash: SHA-256 of the firmware signing key
 * @clock_khz: highest clock of the tiles; TSR_HW_REG_CYCLES_LO runs at it
 * @tensor_tiles: tensor tiles of the package
 * @dma_engines: DMA engines
 * @cim_tiles: CIM tiles (reserved)
 * @array_rows: R8: rows of one tile's array (reduction dimension) at 8 bits
 * @array_columns: C: columns (output channels)
 * @vector_operations: L: operations of a tile's vector unit in a cycle
 * @scratchpad_kib: scratchpad of one tile
 * @array_ports: P: rows of the left operand that the array accepts in a cycle
 * @weight_path: W: bytes of weights that reach the array in a cycle
 * @macs: dense multiply-accumulates per cycle and tile, by type of the operands; 0 for types not
 *   computed
 * @port_bytes: bytes a cycle between a tile and memory, each way; 0: no limit
 * @link_mb_s: sustained rate of the host link in 10^6 bytes/s, both ways together; 0: memory is the
 *   system's
 * @load_latency: cycles before the first data of a load
 * @block_cycles_log2: no array or vector part of a step takes longer
 * @block_types: bit 1 << TYPE: types that products take only beside block scales, fp4 of operands
 *   and e8m0 of scales
 * @class_name: NUL-terminated name of the class
 * @mbz0: zero
 * @memory_mb_s: sustained rate of the device's memory in 10^6 bytes/s
 * @memory_mib: local memory, 0 for none
 * @io_mb_s: aggregate bidirectional I/O rate to other ICs, without memory, 10^6 bytes/s
 * @hbm_mb_s: bandwidth of HBM packages, 0 for none
 * @hbm_area: area of those packages in 1/1000 mm^2
 * @die_count: entries of @die
 * @die: dies, asserted
 * @model: version of the cycle model's constants
 * @mbz: zero
 */
struct tsr_hw_fuses {
	__le32 magic;
	__le16 version;
	__le16 size;
	__le64 serial;
	__le32 sku;
	__le32 lifecycle;
	__le32 rollback_min;
	__le32 market;
	__u8 name[32];
	__u8 key_hash[32];
	__le32 clock_khz;
	__le16 tensor_tiles;
	__le16 dma_engines;
	__le16 cim_tiles;
	__le16 array_rows;
	__le16 array_columns;
	__le16 vector_operations;
	__le32 scratchpad_kib;
	__le16 array_ports;
	__le16 weight_path;
	__le32 macs[TSR_HW_FUSE_TYPES];
	__le32 port_bytes;
	__le32 link_mb_s;
	__le16 load_latency;
	__le16 block_cycles_log2;
	__le32 block_types;
	__u8 class_name[16];
	__u8 mbz0[96];
	__le32 memory_mb_s;
	__le32 memory_mib;
	__le32 io_mb_s;
	__le32 hbm_mb_s;
	__le32 hbm_area;
	__le32 die_count;
	struct tsr_hw_die die[TSR_HW_MAX_DIES];
	__le32 model;
	__u8 mbz[484];
};

/* Sizes and offsets. */
TSR_HW_SIZE(struct tsr_hw_die, 16);
TSR_HW_OFFSET(struct tsr_hw_die, area, 0);
TSR_HW_OFFSET(struct tsr_hw_die, process_nm, 4);
TSR_HW_OFFSET(struct tsr_hw_die, mbz, 6);
TSR_HW_OFFSET(struct tsr_hw_die, flags, 8);
TSR_HW_OFFSET(struct tsr_hw_die, mbz2, 12);
TSR_HW_SIZE(struct tsr_hw_fuses, 1016);
TSR_HW_OFFSET(struct tsr_hw_fuses, magic, 0);
TSR_HW_OFFSET(struct tsr_hw_fuses, version, 4);
TSR_HW_OFFSET(struct tsr_hw_fuses, size, 6);
TSR_HW_OFFSET(struct tsr_hw_fuses, serial, 8);
TSR_HW_OFFSET(struct tsr_hw_fuses, sku, 16);
TSR_HW_OFFSET(struct tsr_hw_fuses, lifecycle, 20);
TSR_HW_OFFSET(struct tsr_hw_fuses, rollback_min, 24);
TSR_HW_OFFSET(struct tsr_hw_fuses, market, 28);
TSR_HW_OFFSET(struct tsr_hw_fuses, name, 32);
TSR_HW_OFFSET(struct tsr_hw_fuses, key_hash, 64);
TSR_HW_OFFSET(struct tsr_hw_fuses, clock_khz, 96);
TSR_HW_OFFSET(struct tsr_hw_fuses, tensor_tiles, 100);
TSR_HW_OFFSET(struct tsr_hw_fuses, dma_engines, 102);
TSR_HW_OFFSET(struct tsr_hw_fuses, cim_tiles, 104);
TSR_HW_OFFSET(struct tsr_hw_fuses, array_rows, 106);
TSR_HW_OFFSET(struct tsr_hw_fuses, array_columns, 108);
TSR_HW_OFFSET(struct tsr_hw_fuses, vector_operations, 110);
TSR_HW_OFFSET(struct tsr_hw_fuses, scratchpad_kib, 112);
TSR_HW_OFFSET(struct tsr_hw_fuses, array_ports, 116);
TSR_HW_OFFSET(struct tsr_hw_fuses, weight_path, 118);
TSR_HW_OFFSET(struct tsr_hw_fuses, macs, 120);
TSR_HW_OFFSET(struct tsr_hw_fuses, port_bytes, 248);
TSR_HW_OFFSET(struct tsr_hw_fuses, link_mb_s, 252);
TSR_HW_OFFSET(struct tsr_hw_fuses, load_latency, 256);
TSR_HW_OFFSET(struct tsr_hw_fuses, block_cycles_log2, 258);
TSR_HW_OFFSET(struct tsr_hw_fuses, block_types, 260);
TSR_HW_OFFSET(struct tsr_hw_fuses, class_name, 264);
TSR_HW_OFFSET(struct tsr_hw_fuses, mbz0, 280);
TSR_HW_OFFSET(struct tsr_hw_fuses, memory_mb_s, 376);
TSR_HW_OFFSET(struct tsr_hw_fuses, memory_mib, 380);
TSR_HW_OFFSET(struct tsr_hw_fuses, io_mb_s, 384);
TSR_HW_OFFSET(struct tsr_hw_fuses, hbm_mb_s, 388);
TSR_HW_OFFSET(struct tsr_hw_fuses, hbm_area, 392);
TSR_HW_OFFSET(struct tsr_hw_fuses, die_count, 396);
TSR_HW_OFFSET(struct tsr_hw_fuses, die, 400);
TSR_HW_OFFSET(struct tsr_hw_fuses, model, 528);
TSR_HW_OFFSET(struct tsr_hw_fuses, mbz, 532);

#endif
