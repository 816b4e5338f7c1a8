/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/* Generated from contract/mmu.yaml by contract/generate; do not edit. */
/*
 * Address spaces: page-table entries, the address-space table and the invalidation ring.
 *
 * 48-bit virtual addresses, four levels of 512 entries, 4 KiB and 2 MiB leaves. Level 3 is the
 * root; level 0 entries are always leaves; level 1 entries may be.
 */
#ifndef TSR_HW_MMU_H
#define TSR_HW_MMU_H

#include <tsr_hw/base.h>

#define TSR_HW_VA_BITS			48		/* bits of a virtual address */
#define TSR_HW_PAGE_SHIFT		12		/* log2 of TSR_HW_PAGE_SIZE */
#define TSR_HW_PAGE_SIZE		4096ull		/* bytes of a leaf at level 0 */
#define TSR_HW_BLOCK_SHIFT		21		/* log2 of TSR_HW_BLOCK_SIZE */
#define TSR_HW_BLOCK_SIZE		0x200000ull	/* bytes of a leaf at level 1 */
#define TSR_HW_PT_LEVELS		4		/* levels of page tables */
#define TSR_HW_PT_ENTRIES		512		/* entries of a page table */

/* log2 of the bytes that an entry of a level spans */
#define TSR_HW_PT_SHIFT(level)		(TSR_HW_PAGE_SHIFT + 9 * (level))

#define TSR_HW_VA_USER_START		4096ull		/* virtual page 0 always faults */
#define TSR_HW_VA_USER_END		0xffff00000000ull	/* the top 4 GiB are the kernel's */

/* A leaf of a page table. */
#define TSR_HW_PTE_VALID		(1ull << 0)	/* the entry maps */
#define TSR_HW_PTE_READ			(1ull << 1)	/* reads */
#define TSR_HW_PTE_WRITE		(1ull << 2)	/* writes */
#define TSR_HW_PTE_FETCH		(1ull << 3)	/* fetches of commands */
#define TSR_HW_PTE_LEAF			(1ull << 4)	/* set in every leaf, level 0 too */
#define TSR_HW_PTE_APERTURE		0x0000000000000060ull	/* memory it maps */
/* what is mapped does not change while it is mapped so */
#define TSR_HW_PTE_STATIC		(1ull << 7)
/* physical address, or offset in local memory; bits 20 to 12 are zero in a 2 MiB leaf */
#define TSR_HW_PTE_ADDR			0x000ffffffffff000ull
#define TSR_HW_PTE_MBZ			0xfff0000000000f00ull	/* everything else must be zero */

/* Apertures. */
#define TSR_HW_PTE_APERTURE_SYSTEM	(0ull << 5)	/* system memory */
#define TSR_HW_PTE_APERTURE_LOCAL	(1ull << 5)	/* the device's own memory */
#define TSR_HW_PTE_APERTURE_PEER	(2ull << 5)	/* memory of another device (reserved) */

/* a table entry has VALID and an address and nothing else */
#define TSR_HW_PTE_TABLE_MBZ		0xfff0000000000ffeull

/* An entry of the address-space table. */
#define TSR_HW_ASID_VALID		(1ull << 0)	/* the space exists */
#define TSR_HW_ASID_MBZ			0xfff0000000000ffeull	/* everything else must be zero */

/* Invalidation commands; each covers all cached walks of its range. */
#define TSR_HW_INV_RANGE		1		/* a range of an address space */
#define TSR_HW_INV_ASID			2		/* a whole address space */

/**
 * struct tsr_hw_inv_cmd - one invalidation
 * @seq: sequence number, consecutive from 1
 * @op: what (TSR_HW_INV_*)
 * @asid: address space
 * @mbz: must be zero
 * @va: first address, page aligned (RANGE)
 * @size: bytes, page aligned (RANGE)
 */
struct tsr_hw_inv_cmd {
	__le32 seq;
	__le32 op;
	__le32 asid;
	__le32 mbz;
	__le64 va;
	__le64 size;
};

#define TSR_HW_INV_RING_ENTRIES		64		/* commands of the ring */

/**
 * struct tsr_hw_inv_ring - invalidation ring, two pages
 * @cmd: commands, written by the host; command seq is in slot seq modulo the entries
 * @tail: last sequence written, by the host
 * @host_mbz: must be zero
 * @done: last sequence completed, by the device: no access through an older translation is
 *   outstanding or will start
 * @error: sequence of the first malformed command, by the device, 0 for none
 * @device_mbz: zero
 */
struct tsr_hw_inv_ring {
	struct tsr_hw_inv_cmd cmd[TSR_HW_INV_RING_ENTRIES];
	__le32 tail;
	__le32 host_mbz[511];
	__le32 done;
	__le32 error;
	__le32 device_mbz[1022];
};

/* Sizes and offsets. */
TSR_HW_SIZE(struct tsr_hw_inv_cmd, 32);
TSR_HW_OFFSET(struct tsr_hw_inv_cmd, seq, 0);
TSR_HW_OFFSET(struct tsr_hw_inv_cmd, op, 4);
TSR_HW_OFFSET(struct tsr_hw_inv_cmd, asid, 8);
TSR_HW_OFFSET(struct tsr_hw_inv_cmd, mbz, 12);
TSR_HW_OFFSET(struct tsr_hw_inv_cmd, va, 16);
TSR_HW_OFFSET(struct tsr_hw_inv_cmd, size, 24);
TSR_HW_SIZE(struct tsr_hw_inv_ring, 8192);
TSR_HW_OFFSET(struct tsr_hw_inv_ring, cmd, 0);
TSR_HW_OFFSET(struct tsr_hw_inv_ring, tail, 2048);
TSR_HW_OFFSET(struct tsr_hw_inv_ring, host_mbz, 2052);
TSR_HW_OFFSET(struct tsr_hw_inv_ring, done, 4096);
TSR_HW_OFFSET(struct tsr_hw_inv_ring, error, 4100);
TSR_HW_OFFSET(struct tsr_hw_inv_ring, device_mbz, 4104);

#endif
