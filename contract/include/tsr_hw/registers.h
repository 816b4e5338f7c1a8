/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/*
 * Host-visible registers: BAR0 (64 KiB, 32-bit accesses) and BAR2 (doorbells).
 *
 * 64-bit registers are a low word and a high word; the high word commits.
 * A read of all ones from TSR_REG_ID means the device is gone.
 */
#ifndef TSR_HW_REGISTERS_H
#define TSR_HW_REGISTERS_H

#define TSR_PCI_VENDOR			0x1af4
#define TSR_PCI_DEVICE			0x10f0
#define TSR_PCI_CLASS			0x1200

#define TSR_BAR_REGS			0
#define TSR_BAR_DOORBELLS		2
#define TSR_BAR_MSIX			4
#define TSR_BAR_REGS_SIZE		0x10000

/* Identification: constant while the device is present. */
#define TSR_REG_ID			0x0000
#define   TSR_ID_MAGIC			0x41525354u	/* "TSRA" */
#define TSR_REG_HW_VERSION		0x0004
#define   TSR_HW_VERSION_MAJOR		0xffff0000u
#define   TSR_HW_VERSION_MINOR		0x0000ffffu
#define   TSR_HW_VERSION_1_0		0x00010000u
#define TSR_REG_CAPS			0x0008
#define   TSR_CAP_TENSOR		(1u << 0)
#define   TSR_CAP_DMA			(1u << 1)
#define   TSR_CAP_LOCAL_MEMORY		(1u << 2)	/* reserved */
#define   TSR_CAP_CIM			(1u << 3)	/* reserved */
#define   TSR_CAP_VIRTUAL		(1u << 31)	/* a model, not silicon */
#define TSR_REG_ADDRESS			0x000c
#define   TSR_ADDRESS_PHYS_BITS		0x000000ffu
#define   TSR_ADDRESS_VA_BITS		0x0000ff00u
#define TSR_REG_DOORBELL		0x0010
#define   TSR_DOORBELL_STRIDE_LOG2	0x000000ffu
#define   TSR_DOORBELL_PAGES		0x00ffff00u
#define TSR_REG_ASIDS			0x0014		/* entries of the address-space table */
#define TSR_REG_QUEUES			0x0018
#define   TSR_QUEUES_TOTAL		0x0000ffffu
#define   TSR_QUEUES_PER_PAGE		0xffff0000u	/* doorbell indices per page */
#define TSR_REG_VECTORS			0x001c
/*
 * How many wall-clock seconds one modelled second may take, at least 1.
 * 1 on silicon. Host timeouts are multiplied by it.
 */
#define TSR_REG_TIME_SCALE		0x0020
#define TSR_REG_CLOCK_KHZ		0x0024		/* frequency of DEVICE_CYCLES */
#define TSR_REG_PROGRAM_LIMITS		0x0028
#define   TSR_PROGRAM_MAX_NODES		0x0000ffffu
#define   TSR_PROGRAM_MAX_SLOTS		0xffff0000u
#define TSR_REG_TIMESTAMP_LO		0x0030		/* ns, host-visible time; LO latches HI */
#define TSR_REG_TIMESTAMP_HI		0x0034
#define TSR_REG_CYCLES_LO		0x0038		/* cycle model's clock; LO latches HI */
#define TSR_REG_CYCLES_HI		0x003c

/* Control and boot. */
#define TSR_REG_CONTROL			0x0100
#define   TSR_CONTROL_RESET		0x52534554u	/* full reset; anything else ignored */
#define TSR_REG_STATUS			0x0104
#define   TSR_STATUS_STATE		0x000000ffu
#define   TSR_STATE_RESET		0	/* waiting for TSR_REG_BOOT_GO */
#define   TSR_STATE_RESETTING		1
#define   TSR_STATE_ROM			2	/* ROM copies and verifies */
#define   TSR_STATE_STARTING		3	/* firmware runs, not ready */
#define   TSR_STATE_READY		4
#define   TSR_STATE_BOOT_FAILED		5	/* see TSR_REG_BOOT_STATUS */
#define   TSR_STATE_FATAL		6	/* management core stopped; reset to recover */
#define   TSR_STATUS_RESET_COUNT	0xffff0000u	/* resets since power-on, wraps */
#define TSR_REG_BOOT_STATUS		0x0108		/* TSR_BOOT_* in boot.h */
#define TSR_REG_BOOT_DETAIL		0x010c
#define TSR_REG_FW_ADDR_LO		0x0110		/* image in host memory */
#define TSR_REG_FW_ADDR_HI		0x0114
#define TSR_REG_FW_SIZE			0x0118
#define TSR_REG_BOOT_BLOCK_LO		0x0120		/* struct tsr_abi_boot_block */
#define TSR_REG_BOOT_BLOCK_HI		0x0124
#define TSR_REG_BOOT_GO			0x0128		/* any write starts the ROM */
#define TSR_REG_FATAL_CAUSE		0x0130		/* mcause of the fatal trap */
#define TSR_REG_FATAL_PC		0x0134
#define TSR_REG_FATAL_VALUE		0x0138		/* mtval */

/* Identity of what runs: 32 bytes each, read-only, zero before a good boot. */
#define TSR_REG_MEASUREMENT		0x0180		/* SHA-256 of header and payload */
#define TSR_REG_DEVICE_KEY		0x01a0		/* Ed25519 public key, device and measurement */

/* Invalidation ring of the MMU (mmu.h). */
#define TSR_REG_INV_RING_LO		0x0200		/* struct tsr_abi_inv_ring */
#define TSR_REG_INV_RING_HI		0x0204
#define TSR_REG_INV_DOORBELL		0x0208		/* any write: look at the ring */

/* Address-space table: one 64-bit root per ASID (mmu.h); only the host writes it. */
#define TSR_REG_ASID_ROOT_LO(n)		(0x1000 + 8 * (n))
#define TSR_REG_ASID_ROOT_HI(n)		(0x1004 + 8 * (n))
#define TSR_ASID_COUNT			64

/* Fuse block, read-only: struct tsr_abi_fuses (fuse.h). */
#define TSR_REG_FUSES			0x8000
#define TSR_REG_FUSES_SIZE		0x1000

/*
 * BAR2: one doorbell page per ASID at TSR_DOORBELL_STRIDE_LOG2. A 32-bit write
 * at the start of page n rings queue index {value} of address space n. Page 0
 * belongs to the kernel; its index 0 is the admin ring. Indices of
 * TSR_QUEUES_PER_PAGE and above are ignored and counted.
 */
#define TSR_DOORBELL_KERNEL_PAGE	0
#define TSR_DOORBELL_ADMIN		0

#endif
