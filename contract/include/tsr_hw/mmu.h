/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/*
 * Address spaces: page-table entries, the address-space table and the
 * invalidation ring.
 *
 * 48-bit virtual addresses, four levels of 512 entries, 4 KiB and 2 MiB leaves.
 * Level 3 is the root; level 0 entries are always leaves; level 1 entries may be.
 */
#ifndef TSR_HW_MMU_H
#define TSR_HW_MMU_H

#include <tsr_hw/base.h>

#define TSR_VA_BITS			48
#define TSR_PAGE_SHIFT			12
#define TSR_PAGE_SIZE			(1ull << TSR_PAGE_SHIFT)
#define TSR_BLOCK_SHIFT			21
#define TSR_BLOCK_SIZE			(1ull << TSR_BLOCK_SHIFT)
#define TSR_PT_LEVELS			4
#define TSR_PT_ENTRIES			512
#define TSR_PT_SHIFT(level)		(TSR_PAGE_SHIFT + 9 * (level))

/* Virtual page 0 always faults; the top 4 GiB are the kernel's. */
#define TSR_VA_USER_START		TSR_PAGE_SIZE
#define TSR_VA_USER_END			((1ull << TSR_VA_BITS) - (1ull << 32))

#define TSR_PTE_VALID			(1ull << 0)
#define TSR_PTE_READ			(1ull << 1)
#define TSR_PTE_WRITE			(1ull << 2)
#define TSR_PTE_FETCH			(1ull << 3)
#define TSR_PTE_LEAF			(1ull << 4)	/* set in every leaf, level 0 too */
#define TSR_PTE_APERTURE		(3ull << 5)
#define   TSR_PTE_APERTURE_SYSTEM	(0ull << 5)
#define   TSR_PTE_APERTURE_LOCAL	(1ull << 5)	/* reserved */
#define   TSR_PTE_APERTURE_PEER		(2ull << 5)	/* reserved */
#define TSR_PTE_ADDR			0x000ffffffffff000ull
#define TSR_PTE_MBZ			0xfff0000000000f80ull
/* A table entry has VALID and an address, nothing else. */
#define TSR_PTE_TABLE_MBZ		0xfff0000000000ffeull

/* Entry of the address-space table: root table address and this bit. */
#define TSR_ASID_VALID			(1ull << 0)
#define TSR_ASID_MBZ			0xfff0000000000ffeull

/* Invalidation commands. An invalidation covers all cached walks of its range. */
#define TSR_INV_RANGE			1
#define TSR_INV_ASID			2

/**
 * struct tsr_abi_inv_cmd - one invalidation
 * @seq: sequence number, consecutive from 1
 * @op: TSR_INV_*
 * @asid: address space
 * @mbz: must be zero
 * @va: first address, page aligned (RANGE)
 * @size: bytes, page aligned (RANGE)
 */
struct tsr_abi_inv_cmd {
	__le32 seq;
	__le32 op;
	__le32 asid;
	__le32 mbz;
	__le64 va;
	__le64 size;
};
TSR_ABI_SIZE(struct tsr_abi_inv_cmd, 32);

#define TSR_INV_RING_ENTRIES		64

/**
 * struct tsr_abi_inv_ring - invalidation ring, two pages
 * @cmd: commands, written by the host; command seq is in slot seq modulo the entries
 * @tail: last sequence written, by the host
 * @host_mbz: must be zero
 * @done: last sequence completed, by the device: no access through an older
 *        translation is outstanding or will start
 * @error: sequence of the first malformed command, by the device, 0 for none
 * @device_mbz: zero
 */
struct tsr_abi_inv_ring {
	struct tsr_abi_inv_cmd cmd[TSR_INV_RING_ENTRIES];
	__le32 tail;
	__le32 host_mbz[511];
	__le32 done;
	__le32 error;
	__le32 device_mbz[1022];
};
TSR_ABI_OFFSET(struct tsr_abi_inv_ring, tail, 2048);
TSR_ABI_OFFSET(struct tsr_abi_inv_ring, done, 4096);
TSR_ABI_SIZE(struct tsr_abi_inv_ring, 8192);

#endif
