/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/* Generated from contract/boot.yaml by contract/generate; do not edit. */
/*
 * Boot block: how a host and a firmware of different versions agree.
 *
 * Frozen: no version changes it. What comes later is negotiated by version and feature bits.
 */
#ifndef TSR_HW_BOOT_H
#define TSR_HW_BOOT_H

#include <tsr_hw/base.h>
#include <tsr_hw/version.h>

/* TSR_HW_REG_BOOT_STATUS is 0 while undecided, then one of these. */
#define TSR_HW_BOOT_OK			0x01		/* the firmware is ready */
/* image not readable at the given address; by: ROM */
#define TSR_HW_BOOT_BAD_ADDRESS		0x10
/* smaller than a header, larger than the limit, or not image_size; by: ROM */
#define TSR_HW_BOOT_BAD_SIZE		0x11
#define TSR_HW_BOOT_BAD_MAGIC		0x12		/* not TSR_HW_IMAGE_MAGIC; by: ROM */
/* header version, size or a must-be-zero field; by: ROM */
#define TSR_HW_BOOT_BAD_HEADER		0x13
#define TSR_HW_BOOT_BAD_LOAD		0x14	/* load range or entry outside SRAM; by: ROM */
#define TSR_HW_BOOT_BAD_KEY		0x15	/* public key is not the fused one; by: ROM */
/* signature does not match key and bytes; by: ROM */
#define TSR_HW_BOOT_BAD_SIGNATURE	0x16
#define TSR_HW_BOOT_ROLLBACK		0x17	/* detail: the version the fuses demand; by: ROM */
/* image for another hardware major version; by: ROM */
#define TSR_HW_BOOT_BAD_HARDWARE	0x18
/* non-volatile state unreadable or unwritable; by: ROM */
#define TSR_HW_BOOT_STATE_FILE		0x19
/* boot block unreadable or malformed; by: firmware */
#define TSR_HW_BOOT_BAD_BLOCK		0x30
/* no common interface version; detail: max << 16 | min; by: firmware */
#define TSR_HW_BOOT_BAD_ABI		0x31
#define TSR_HW_BOOT_BAD_FEATURES	0x32	/* a required feature is missing; by: firmware */
#define TSR_HW_BOOT_BAD_LAYOUT		0x33	/* ring address or size unusable; by: firmware */

#define TSR_HW_BOOT_BLOCK_MAGIC		0x42525354u	/* "TSRB" */

/**
 * struct tsr_hw_boot_block - written by the host before TSR_HW_REG_BOOT_GO
 * @magic: TSR_HW_BOOT_BLOCK_MAGIC
 * @size: sizeof(struct tsr_hw_boot_block)
 * @abi_min: oldest interface version the host speaks
 * @abi_max: newest
 * @features: feature bits the host can use (TSR_HW_FEATURE_*)
 * @features_required: subset the host cannot do without (TSR_HW_FEATURE_*)
 * @admin_ring: address of the admin queue's struct tsr_hw_ring
 * @admin_done: address of the admin queue's struct tsr_hw_completion_page
 * @event_ring: address of struct tsr_hw_event_ring
 * @control_vector: interrupt vector of admin completions and fatal errors
 * @event_vector: interrupt vector of job events
 * @mbz: must be zero
 * @response: written by the firmware
 * @response.abi: interface version chosen, 0 on refusal
 * @response.fw_version: as in the image header
 * @response.features: feature bits in force (TSR_HW_FEATURE_*)
 * @response.max_contexts: jobs the firmware walks at once
 * @response.mbz: zero
 */
struct tsr_hw_boot_block {
	__le32 magic;
	__le32 size;
	__le32 abi_min;
	__le32 abi_max;
	__le64 features;
	__le64 features_required;
	__le64 admin_ring;
	__le64 admin_done;
	__le64 event_ring;
	__le32 control_vector;
	__le32 event_vector;
	__u8 mbz[64];
	struct {
		__le32 abi;
		__le32 fw_version;
		__le64 features;
		__le32 max_contexts;
		__u8 mbz[108];
	} response;
};

/* Sizes and offsets. */
TSR_HW_SIZE(struct tsr_hw_boot_block, 256);
TSR_HW_OFFSET(struct tsr_hw_boot_block, magic, 0);
TSR_HW_OFFSET(struct tsr_hw_boot_block, size, 4);
TSR_HW_OFFSET(struct tsr_hw_boot_block, abi_min, 8);
TSR_HW_OFFSET(struct tsr_hw_boot_block, abi_max, 12);
TSR_HW_OFFSET(struct tsr_hw_boot_block, features, 16);
TSR_HW_OFFSET(struct tsr_hw_boot_block, features_required, 24);
TSR_HW_OFFSET(struct tsr_hw_boot_block, admin_ring, 32);
TSR_HW_OFFSET(struct tsr_hw_boot_block, admin_done, 40);
TSR_HW_OFFSET(struct tsr_hw_boot_block, event_ring, 48);
TSR_HW_OFFSET(struct tsr_hw_boot_block, control_vector, 56);
TSR_HW_OFFSET(struct tsr_hw_boot_block, event_vector, 60);
TSR_HW_OFFSET(struct tsr_hw_boot_block, mbz, 64);
TSR_HW_OFFSET(struct tsr_hw_boot_block, response, 128);
TSR_HW_OFFSET(struct tsr_hw_boot_block, response.abi, 128);
TSR_HW_OFFSET(struct tsr_hw_boot_block, response.fw_version, 132);
TSR_HW_OFFSET(struct tsr_hw_boot_block, response.features, 136);
TSR_HW_OFFSET(struct tsr_hw_boot_block, response.max_contexts, 144);
TSR_HW_OFFSET(struct tsr_hw_boot_block, response.mbz, 148);

#endif
