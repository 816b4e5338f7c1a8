/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/* Generated from contract/image.yaml by contract/generate; do not edit. */
/*
 * Firmware image: header, signature, payload.
 *
 * Frozen: no version changes it. The Ed25519 signature covers the header up to the signature, then
 * the payload. The payload follows the header directly.
 */
#ifndef TSR_HW_IMAGE_H
#define TSR_HW_IMAGE_H

#include <tsr_hw/base.h>
#include <tsr_hw/version.h>

#define TSR_HW_IMAGE_MAGIC		0x46525354u	/* "TSRF" */
#define TSR_HW_IMAGE_HEADER_VERSION	1		/* version of the header */
#define TSR_HW_IMAGE_MAX_SIZE		0x80000u	/* bytes of header and payload, 512 KiB */
/* the image's name for the kernel's firmware loader */
#define TSR_HW_IMAGE_FILE		"tessera/tessera-fw.bin"

/**
 * struct tsr_hw_image_header - what the boot ROM reads first
 * @magic: TSR_HW_IMAGE_MAGIC
 * @header_version: TSR_HW_IMAGE_HEADER_VERSION
 * @header_size: sizeof(struct tsr_hw_image_header)
 * @image_size: header and payload in bytes; equals the size the host gives
 * @load_addr: where in the core's SRAM the payload goes
 * @entry: first instruction, inside the loaded payload
 * @security_version: anti-rollback version
 * @fw_version: major << 24 | minor << 16 | patch
 * @abi_min: oldest host-firmware interface spoken
 * @abi_max: newest
 * @hw_major: hardware major version the image is for
 * @mbz0: must be zero
 * @features: features offered (TSR_HW_FEATURE_*)
 * @build_id: SHA-256 of the payload
 * @name: NUL-terminated description
 * @public_key: Ed25519 key the image is signed with; its SHA-256 is in the fuses
 * @mbz: must be zero
 * @signature: Ed25519 over all before it and the payload
 */
struct tsr_hw_image_header {
	__le32 magic;
	__le16 header_version;
	__le16 header_size;
	__le32 image_size;
	__le32 load_addr;
	__le32 entry;
	__le32 security_version;
	__le32 fw_version;
	__le16 abi_min;
	__le16 abi_max;
	__le32 hw_major;
	__le32 mbz0;
	__le64 features;
	__u8 build_id[32];
	__u8 name[32];
	__u8 public_key[32];
	__u8 mbz[48];
	__u8 signature[64];
};

/* Sizes and offsets. */
TSR_HW_SIZE(struct tsr_hw_image_header, 256);
TSR_HW_OFFSET(struct tsr_hw_image_header, magic, 0);
TSR_HW_OFFSET(struct tsr_hw_image_header, header_version, 4);
TSR_HW_OFFSET(struct tsr_hw_image_header, header_size, 6);
TSR_HW_OFFSET(struct tsr_hw_image_header, image_size, 8);
TSR_HW_OFFSET(struct tsr_hw_image_header, load_addr, 12);
TSR_HW_OFFSET(struct tsr_hw_image_header, entry, 16);
TSR_HW_OFFSET(struct tsr_hw_image_header, security_version, 20);
TSR_HW_OFFSET(struct tsr_hw_image_header, fw_version, 24);
TSR_HW_OFFSET(struct tsr_hw_image_header, abi_min, 28);
TSR_HW_OFFSET(struct tsr_hw_image_header, abi_max, 30);
TSR_HW_OFFSET(struct tsr_hw_image_header, hw_major, 32);
TSR_HW_OFFSET(struct tsr_hw_image_header, mbz0, 36);
TSR_HW_OFFSET(struct tsr_hw_image_header, features, 40);
TSR_HW_OFFSET(struct tsr_hw_image_header, build_id, 48);
TSR_HW_OFFSET(struct tsr_hw_image_header, name, 80);
TSR_HW_OFFSET(struct tsr_hw_image_header, public_key, 112);
TSR_HW_OFFSET(struct tsr_hw_image_header, mbz, 144);
TSR_HW_OFFSET(struct tsr_hw_image_header, signature, 192);

#endif
