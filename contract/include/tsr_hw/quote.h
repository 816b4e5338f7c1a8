/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/* Generated from contract/quote.yaml by contract/generate; do not edit. */
/*
 * The quote: a device's signed statement about itself.
 *
 * Made by a signing unit that the firmware does not reach, when the host writes
 * TSR_HW_REG_QUOTE_GO. Signatures are Ed25519; each structure that is signed begins with a magic
 * number of its own.
 */
#ifndef TSR_HW_QUOTE_H
#define TSR_HW_QUOTE_H

#include <tsr_hw/base.h>

/* TSR_HW_REG_QUOTE_STATUS. */
#define TSR_HW_QUOTE_IDLE		0		/* none was asked for since the reset */
#define TSR_HW_QUOTE_BUSY		1		/* it is being made */
#define TSR_HW_QUOTE_DONE		2		/* it is in memory */
/*
 * memory at QUOTE_ADDR could not be written, or not all of it, or the address is not a multiple of
 * 8
 */
#define TSR_HW_QUOTE_BAD_ADDRESS	3
#define TSR_HW_QUOTE_NOT_READY		4		/* no image was started since the reset */

/* In every signed part of a quote. */
#define TSR_HW_QUOTE_FLAG_VIRTUAL	(1u << 0)	/* a model, not silicon */
/* life cycle of the fuses is not production */
#define TSR_HW_QUOTE_FLAG_DEVELOPMENT	(1u << 1)

#define TSR_HW_QUOTE_MAGIC		0x51525354u	/* "TSRQ" */
#define TSR_HW_QUOTE_ENDORSEMENT_MAGIC	0x45525354u	/* "TSRE" */
#define TSR_HW_QUOTE_CERTIFICATE_MAGIC	0x43525354u	/* "TSRC" */
/* of struct tsr_hw_quote; the structures below change their magic number */
#define TSR_HW_QUOTE_VERSION		1
/* seed, of 32 bytes, of the key that certifies models; everybody has it */
#define TSR_HW_QUOTE_VIRTUAL_ROOT	"tessera virtual root: not secret"

/**
 * struct tsr_hw_quote - what the unit writes
 * @magic: TSR_HW_QUOTE_MAGIC
 * @version: TSR_HW_QUOTE_VERSION
 * @size: sizeof(struct tsr_hw_quote)
 * @flags: of this device (TSR_HW_QUOTE_FLAG_*)
 * @security_version: of the running image
 * @serial: of this device
 * @boot_counter: boots so far, this one included
 * @nonce: as the host wrote it
 * @fuses: SHA-256 of struct tsr_hw_fuses as the registers show them
 * @measurement: SHA-256 of the running image's header and payload
 * @device_key: Ed25519 public key of device and measurement
 * @signature: by device_key, over all before it
 * @identity_key: Ed25519 public key of the device
 * @endorsement: by identity_key, over struct tsr_hw_quote_endorsement
 * @certificate: by the vendor's root, over struct tsr_hw_quote_certificate
 */
struct tsr_hw_quote {
	__le32 magic;
	__le16 version;
	__le16 size;
	__le32 flags;
	__le32 security_version;
	__le64 serial;
	__le64 boot_counter;
	__u8 nonce[32];
	__u8 fuses[32];
	__u8 measurement[32];
	__u8 device_key[32];
	__u8 signature[64];
	__u8 identity_key[32];
	__u8 endorsement[64];
	__u8 certificate[64];
};

/**
 * struct tsr_hw_quote_endorsement - what the device's own key says of the key of one image
 * @magic: TSR_HW_QUOTE_ENDORSEMENT_MAGIC
 * @flags: as in struct tsr_hw_quote (TSR_HW_QUOTE_FLAG_*)
 * @serial: as in struct tsr_hw_quote
 * @device_key: as in struct tsr_hw_quote
 * @measurement: as in struct tsr_hw_quote
 */
struct tsr_hw_quote_endorsement {
	__le32 magic;
	__le32 flags;
	__le64 serial;
	__u8 device_key[32];
	__u8 measurement[32];
};

/**
 * struct tsr_hw_quote_certificate - what the vendor says of a device
 * @magic: TSR_HW_QUOTE_CERTIFICATE_MAGIC
 * @flags: as in struct tsr_hw_quote (TSR_HW_QUOTE_FLAG_*)
 * @serial: as in struct tsr_hw_quote
 * @identity_key: as in struct tsr_hw_quote
 */
struct tsr_hw_quote_certificate {
	__le32 magic;
	__le32 flags;
	__le64 serial;
	__u8 identity_key[32];
};

/* Sizes and offsets. */
TSR_HW_SIZE(struct tsr_hw_quote, 384);
TSR_HW_OFFSET(struct tsr_hw_quote, magic, 0);
TSR_HW_OFFSET(struct tsr_hw_quote, version, 4);
TSR_HW_OFFSET(struct tsr_hw_quote, size, 6);
TSR_HW_OFFSET(struct tsr_hw_quote, flags, 8);
TSR_HW_OFFSET(struct tsr_hw_quote, security_version, 12);
TSR_HW_OFFSET(struct tsr_hw_quote, serial, 16);
TSR_HW_OFFSET(struct tsr_hw_quote, boot_counter, 24);
TSR_HW_OFFSET(struct tsr_hw_quote, nonce, 32);
TSR_HW_OFFSET(struct tsr_hw_quote, fuses, 64);
TSR_HW_OFFSET(struct tsr_hw_quote, measurement, 96);
TSR_HW_OFFSET(struct tsr_hw_quote, device_key, 128);
TSR_HW_OFFSET(struct tsr_hw_quote, signature, 160);
TSR_HW_OFFSET(struct tsr_hw_quote, identity_key, 224);
TSR_HW_OFFSET(struct tsr_hw_quote, endorsement, 256);
TSR_HW_OFFSET(struct tsr_hw_quote, certificate, 320);
TSR_HW_SIZE(struct tsr_hw_quote_endorsement, 80);
TSR_HW_OFFSET(struct tsr_hw_quote_endorsement, magic, 0);
TSR_HW_OFFSET(struct tsr_hw_quote_endorsement, flags, 4);
TSR_HW_OFFSET(struct tsr_hw_quote_endorsement, serial, 8);
TSR_HW_OFFSET(struct tsr_hw_quote_endorsement, device_key, 16);
TSR_HW_OFFSET(struct tsr_hw_quote_endorsement, measurement, 48);
TSR_HW_SIZE(struct tsr_hw_quote_certificate, 48);
TSR_HW_OFFSET(struct tsr_hw_quote_certificate, magic, 0);
TSR_HW_OFFSET(struct tsr_hw_quote_certificate, flags, 4);
TSR_HW_OFFSET(struct tsr_hw_quote_certificate, serial, 8);
TSR_HW_OFFSET(struct tsr_hw_quote_certificate, identity_key, 16);

#endif
