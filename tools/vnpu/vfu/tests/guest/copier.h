/* SPDX-License-Identifier: MIT */
/*
 * Registers of the copier, the smallest device that uses all of the transport: it copies
 * within guest memory on a thread of its own and raises an interrupt.
 *
 * BAR0, 32 bits each. A write of anything to BAR2 offset 0 starts the copy.
 */
#ifndef VFU_TESTS_GUEST_COPIER_H
#define VFU_TESTS_GUEST_COPIER_H

#define COPIER_VENDOR 0x1af4
#define COPIER_DEVICE 0x10ff
#define COPIER_VECTORS 4
#define COPIER_MAX_LENGTH 65536

#define COPIER_MAGIC 0x00
#define COPIER_MAGIC_VALUE 0x434f5059u
#define COPIER_SOURCE_LO 0x04
#define COPIER_SOURCE_HI 0x08
#define COPIER_TARGET_LO 0x0c
#define COPIER_TARGET_HI 0x10
#define COPIER_LENGTH 0x14
#define COPIER_VECTOR 0x18	/* raised when the copy has ended */
#define COPIER_STATUS 0x1c
#define COPIER_IDLE 0
#define COPIER_BUSY 1
#define COPIER_DONE 2
#define COPIER_FAULT 3
#define COPIER_FLR_COUNT 0x20	/* function level resets; survives them */
#define COPIER_NUM_REGS 9

#endif
