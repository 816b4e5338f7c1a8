/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/* Generated from contract/registers.yaml by contract/generate; do not edit. */
/*
 * Host-visible registers: BAR0 (64 KiB, 32-bit accesses) and BAR2 (doorbells).
 *
 * 64-bit registers are a low word and a high word; the high word commits a write, reading the low
 * word of a time register latches the high one.
 */
#ifndef TSR_HW_REGISTERS_H
#define TSR_HW_REGISTERS_H

/* a range for experiments, until an identifier is registered */
#define TSR_HW_PCI_VENDOR		0x1af4
/* the Tessera NPU; the product class is the subsystem id */
#define TSR_HW_PCI_DEVICE		0x10f0
#define TSR_HW_PCI_CLASS		0x1200		/* processing accelerator */
#define TSR_HW_BAR_REGS			0		/* BAR of the registers */
#define TSR_HW_BAR_DOORBELLS		2		/* BAR of the doorbells */
#define TSR_HW_BAR_MSIX			4	/* BAR of the MSI-X table and pending bits */
#define TSR_HW_BAR_REGS_SIZE		0x10000u	/* bytes of BAR0 */

/* What the device has. */
#define TSR_HW_CAP_TENSOR		(1u << 0)	/* tensor tiles */
#define TSR_HW_CAP_DMA			(1u << 1)	/* DMA engines */
#define TSR_HW_CAP_LOCAL_MEMORY		(1u << 2)	/* memory of its own */
#define TSR_HW_CAP_CIM			(1u << 3)	/* CIM tiles (reserved) */
#define TSR_HW_CAP_VIRTUAL		(1u << 31)	/* a model, not silicon */

/* State of boot. */
#define TSR_HW_STATE_RESET		0		/* waiting for TSR_HW_REG_BOOT_GO */
/* a reset has begun; accesses to host memory are still outstanding */
#define TSR_HW_STATE_RESETTING		1
#define TSR_HW_STATE_ROM		2		/* the ROM copies and verifies */
#define TSR_HW_STATE_STARTING		3		/* the firmware runs, not ready */
#define TSR_HW_STATE_READY		4		/* the firmware serves its queues */
#define TSR_HW_STATE_BOOT_FAILED	5		/* see TSR_HW_REG_BOOT_STATUS */
#define TSR_HW_STATE_FATAL		6	/* management core stopped; reset to recover */

/* entries of the address-space table, entry 0 included */
#define TSR_HW_ASID_COUNT		64

/* Registers of BAR0, all 32 bits wide and naturally aligned. */

/* constant; a read of all ones means that the device is gone */
#define TSR_HW_REG_ID			0x0000
#define   TSR_HW_ID_MAGIC		0x41525354u	/* "TSRA" */
#define TSR_HW_REG_VERSION		0x0004		/* version of the architecture */
#define   TSR_HW_VERSION_MAJOR		0xffff0000u	/* incompatible with others */
#define   TSR_HW_VERSION_MINOR		0x0000ffffu	/* adds to those below */
#define   TSR_HW_VERSION_1_0		0x00010000u	/* what this contract describes */
#define TSR_HW_REG_CAPS			0x0008		/* what the device has */
#define TSR_HW_REG_ADDRESS		0x000c		/* widths of addresses */
#define   TSR_HW_ADDRESS_PHYS_BITS	0x000000ffu	/* physical address bits */
#define   TSR_HW_ADDRESS_VA_BITS	0x0000ff00u	/* virtual address bits */
#define TSR_HW_REG_DOORBELL		0x0010		/* shape of BAR2 */
/* log2 of the bytes from one page to the next */
#define   TSR_HW_DOORBELL_STRIDE_LOG2	0x000000ffu
#define   TSR_HW_DOORBELL_PAGES		0x00ffff00u	/* doorbell pages */
/* entries of the address-space table, entry 0 included */
#define TSR_HW_REG_ASIDS		0x0014
#define TSR_HW_REG_QUEUES		0x0018		/* how many queues there are */
#define   TSR_HW_QUEUES_TOTAL		0x0000ffffu	/* in total, the admin queue included */
#define   TSR_HW_QUEUES_PER_PAGE	0xffff0000u	/* doorbell indices per page */
#define TSR_HW_REG_VECTORS		0x001c		/* MSI-X vectors */
/*
 * how many wall-clock seconds one modelled second may take, at least 1; 1 on silicon. Host timeouts
 * are multiplied by it
 */
#define TSR_HW_REG_TIME_SCALE		0x0020
#define TSR_HW_REG_CLOCK_KHZ		0x0024		/* frequency of the cycle counter */
/* logarithms, to the base of two, of the limits of a program */
#define TSR_HW_REG_PROGRAM_LIMITS	0x0028
#define   TSR_HW_PROGRAM_NODES_LOG2	0x000000ffu	/* nodes */
/* entries of the successor table and one more */
#define   TSR_HW_PROGRAM_EDGES_LOG2	0x0000ff00u
#define   TSR_HW_PROGRAM_SLOTS_LOG2	0x00ff0000u	/* slots */
#define   TSR_HW_PROGRAM_PARAMETERS_LOG2	0xff000000u	/* parameters */
#define TSR_HW_REG_TIMESTAMP_LO		0x0030		/* host-visible time in ns */
#define TSR_HW_REG_TIMESTAMP_HI		0x0034
#define TSR_HW_REG_CYCLES_LO		0x0038		/* the cycle model's clock */
#define TSR_HW_REG_CYCLES_HI		0x003c
#define TSR_HW_REG_CONTROL		0x0100		/* other values are ignored */
#define   TSR_HW_CONTROL_RESET		0x52534554u	/* reset everything */
#define TSR_HW_REG_STATUS		0x0104		/* where boot is */
#define   TSR_HW_STATUS_STATE		0x000000ffu	/* state of boot */
#define   TSR_HW_STATUS_RESET_COUNT	0xffff0000u	/* resets since power-on, wraps */
#define TSR_HW_REG_BOOT_STATUS		0x0108		/* how boot ended */
#define TSR_HW_REG_BOOT_DETAIL		0x010c		/* a number beside some statuses */
#define TSR_HW_REG_FW_ADDR_LO		0x0110		/* image in host memory */
#define TSR_HW_REG_FW_ADDR_HI		0x0114
#define TSR_HW_REG_FW_SIZE		0x0118		/* bytes of the image */
#define TSR_HW_REG_BOOT_BLOCK_LO	0x0120		/* address of struct tsr_hw_boot_block */
#define TSR_HW_REG_BOOT_BLOCK_HI	0x0124
#define TSR_HW_REG_BOOT_GO		0x0128		/* any write starts the ROM */
#define TSR_HW_REG_FATAL_CAUSE		0x0130		/* mcause of the fatal trap */
#define TSR_HW_REG_FATAL_PC		0x0134		/* its mepc */
#define TSR_HW_REG_FATAL_VALUE		0x0138		/* its mtval */
/* SHA-256 of the image's header and payload; zero before a good boot */
#define TSR_HW_REG_MEASUREMENT		0x0180
/* Ed25519 public key of device and measurement; zero before a good boot */
#define TSR_HW_REG_DEVICE_KEY		0x01a0
#define TSR_HW_REG_QUOTE_NONCE		0x01c0	/* any number that the next quote is to repeat */
#define TSR_HW_REG_QUOTE_ADDR_LO	0x01e0	/* address of struct tsr_hw_quote, untranslated */
#define TSR_HW_REG_QUOTE_ADDR_HI	0x01e4
#define TSR_HW_REG_QUOTE_GO		0x01e8		/* any write has a quote made */
#define TSR_HW_REG_QUOTE_STATUS		0x01ec		/* how that ended */
#define TSR_HW_REG_INV_RING_LO		0x0200		/* address of struct tsr_hw_inv_ring */
#define TSR_HW_REG_INV_RING_HI		0x0204
#define TSR_HW_REG_INV_DOORBELL		0x0208		/* any write lets the MMU read the ring */
/* address-space table, written by the host only */
#define TSR_HW_REG_ASID_ROOT_LO(n)	(0x1000 + 8 * (n))
#define TSR_HW_REG_ASID_ROOT_HI(n)	(0x1004 + 8 * (n))
#define TSR_HW_REG_FUSES		0x8000		/* struct tsr_hw_fuses */

/* bytes of the fuse block; those behind struct tsr_hw_fuses read zero */
#define TSR_HW_REG_FUSES_SIZE		0x1000

/*
 * BAR2: one doorbell page per ASID at a stride of 1 << TSR_HW_DOORBELL_STRIDE_LOG2 bytes. A 32-bit
 * write at the start of page n rings the queue whose index is written, of address space n. Page 0
 * belongs to the kernel. Indices of TSR_HW_QUEUES_PER_PAGE and above are ignored and counted.
 */

#define TSR_HW_DOORBELL_KERNEL_PAGE	0		/* page of the kernel */
#define TSR_HW_DOORBELL_ADMIN		0		/* index of the admin queue in that page */

#endif
