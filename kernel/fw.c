// SPDX-License-Identifier: GPL-2.0-only
/*
 * Firmware: image, boot block, boot.
 *
 * The boot ROM copies and verifies the image; the driver only carries it. The image stays
 * in memory the device can read from probe on, so that a reset loads it without allocating
 * and without the file system.
 */

#include "fw.h"

#include <linux/dma-mapping.h>
#include <linux/firmware.h>
#include <linux/module.h>

#include <drm/drm_managed.h>
#include <drm/drm_print.h>

#include <tsr_hw/boot.h>
#include <tsr_hw/image.h>
#include <tsr_hw/version.h>

#include <tessera_accel.h>

#include "event.h"
#include "hfi.h"
#include "reg.h"

MODULE_FIRMWARE(TSR_HW_IMAGE_FILE);

/* Features that the driver can use. */
#define TSR_FW_FEATURES		(TSR_HW_FEATURE_PROFILE | TSR_HW_FEATURE_REPEAT | \
				 TSR_HW_FEATURE_PARAMETERS | TSR_HW_FEATURE_STRICT | \
				 TSR_HW_FEATURE_SEALED | TSR_HW_FEATURE_GROUPS)

/* What is wrong with an image the ROM says; only memory is not wasted on absurd ones. */
#define TSR_FW_FILE_MAX		(2 * TSR_HW_IMAGE_MAX_SIZE)

/**
 * struct tsr_fw - firmware
 * @image: the image, as it came from the file
 * @image_dma: its address
 * @image_size: bytes
 * @block: boot block
 * @block_dma: its address
 * @running: what runs, for queries; set at each boot
 */
struct tsr_fw {
	void *image;
	dma_addr_t image_dma;
	size_t image_size;
	struct tsr_hw_boot_block *block;
	dma_addr_t block_dma;
	struct drm_tessera_query_firmware running;
};

static const struct {
	u32 status;
	int error;
	const char *text;
} tsr_fw_refusals[] = {
	{ TSR_HW_BOOT_BAD_ADDRESS, -EIO, "image not readable for the device" },
	{ TSR_HW_BOOT_BAD_SIZE, -EINVAL, "wrong image size" },
	{ TSR_HW_BOOT_BAD_MAGIC, -EINVAL, "not a firmware image" },
	{ TSR_HW_BOOT_BAD_HEADER, -EINVAL, "malformed image header" },
	{ TSR_HW_BOOT_BAD_LOAD, -EINVAL, "image does not fit into the device's memory" },
	{ TSR_HW_BOOT_BAD_KEY, -EKEYREJECTED,
	  "image signed with a key this device does not trust" },
	{ TSR_HW_BOOT_BAD_SIGNATURE, -EKEYREJECTED, "bad signature" },
	{ TSR_HW_BOOT_ROLLBACK, -EKEYREJECTED, "image older than the device accepts" },
	{ TSR_HW_BOOT_BAD_HARDWARE, -EINVAL, "image for other hardware" },
	{ TSR_HW_BOOT_STATE_FILE, -EIO, "the device's non-volatile state cannot be used" },
	{ TSR_HW_BOOT_BAD_BLOCK, -EIO, "boot block refused" },
	{ TSR_HW_BOOT_BAD_ABI, -EPROTONOSUPPORT, "no common interface version" },
	{ TSR_HW_BOOT_BAD_FEATURES, -EPROTONOSUPPORT, "a required feature is missing" },
	{ TSR_HW_BOOT_BAD_LAYOUT, -EIO, "ring address refused" },
};

static int tsr_fw_empty(struct tsr_device *tdev)
{
	drm_err(&tdev->drm, "firmware %s is empty\n", TSR_HW_IMAGE_FILE);

	return -EINVAL;
}

static int tsr_fw_copy(struct tsr_device *tdev, const struct firmware *file)
{
	struct tsr_fw *fw = tdev->fw;

	if (!file->size)
		return tsr_fw_empty(tdev);
	if (file->size > TSR_FW_FILE_MAX) {
		drm_err(&tdev->drm, "firmware %s has %zu bytes, at most %u make sense\n",
			TSR_HW_IMAGE_FILE, file->size, TSR_HW_IMAGE_MAX_SIZE);
		return -EINVAL;
	}

	fw->image = dmam_alloc_coherent(tdev->drm.dev, file->size, &fw->image_dma, GFP_KERNEL);
	if (!fw->image)
		return -ENOMEM;
	memcpy(fw->image, file->data, file->size);
	fw->image_size = file->size;

	return 0;
}

static int tsr_fw_load(struct tsr_device *tdev)
{
	const struct firmware *file;
	int ret;

	ret = request_firmware(&file, TSR_HW_IMAGE_FILE, tdev->drm.dev);
	/* What is read of an empty file, unlike one that is missing or cannot be read. */
	if (ret == -EINVAL)
		return tsr_fw_empty(tdev);
	if (ret) {
		drm_err(&tdev->drm, "firmware %s not found (%d): install it under /lib/firmware\n",
			TSR_HW_IMAGE_FILE, ret);
		return ret;
	}
	ret = tsr_fw_copy(tdev, file);
	release_firmware(file);

	return ret;
}

/**
 * tsr_fw_init() - load the firmware image and allocate the boot block
 * @tdev: device
 *
 * Return: 0 or a negative errno.
 */
int tsr_fw_init(struct tsr_device *tdev)
{
	struct tsr_fw *fw;

	fw = drmm_kzalloc(&tdev->drm, sizeof(*fw), GFP_KERNEL);
	if (!fw)
		return -ENOMEM;
	fw->block = dmam_alloc_coherent(tdev->drm.dev, sizeof(*fw->block), &fw->block_dma,
					GFP_KERNEL);
	if (!fw->block)
		return -ENOMEM;
	tdev->fw = fw;

	return tsr_fw_load(tdev);
}

static void tsr_fw_write_block(struct tsr_device *tdev)
{
	struct tsr_hw_boot_block *block = tdev->fw->block;

	memset(block, 0, sizeof(*block));
	block->magic = cpu_to_le32(TSR_HW_BOOT_BLOCK_MAGIC);
	block->size = cpu_to_le32(sizeof(*block));
	block->abi_min = cpu_to_le32(TSR_HW_ABI_VERSION_MIN);
	block->abi_max = cpu_to_le32(TSR_HW_ABI_VERSION_MAX);
	block->features = cpu_to_le64(TSR_FW_FEATURES);
	tsr_hfi_describe(tdev, block);
	tsr_event_describe(tdev, block);
}

static void tsr_fw_start(struct tsr_device *tdev)
{
	struct tsr_fw *fw = tdev->fw;

	tsr_fw_write_block(tdev);
	tsr_reg_write64(tdev, TSR_HW_REG_FW_ADDR_LO, fw->image_dma);
	tsr_reg_write(tdev, TSR_HW_REG_FW_SIZE, fw->image_size);
	tsr_reg_write64(tdev, TSR_HW_REG_BOOT_BLOCK_LO, fw->block_dma);
	tsr_reg_write(tdev, TSR_HW_REG_BOOT_GO, 1);
}

static void tsr_fw_report_versions(struct tsr_device *tdev, u32 detail)
{
	drm_err(&tdev->drm,
		"firmware speaks interface versions %u to %u, this driver %u to %u: install matching ones\n",
		detail & 0xffff, detail >> 16, TSR_HW_ABI_VERSION_MIN, TSR_HW_ABI_VERSION_MAX);
}

static int tsr_fw_refused(struct tsr_device *tdev)
{
	u32 status = tsr_reg_read(tdev, TSR_HW_REG_BOOT_STATUS);
	u32 detail = tsr_reg_read(tdev, TSR_HW_REG_BOOT_DETAIL);
	unsigned int i;

	if (status == TSR_HW_BOOT_BAD_ABI)
		tsr_fw_report_versions(tdev, detail);
	for (i = 0; i < ARRAY_SIZE(tsr_fw_refusals); i++) {
		if (tsr_fw_refusals[i].status != status)
			continue;
		drm_err(&tdev->drm, "firmware refused: %s (status %#x, detail %#x)\n",
			tsr_fw_refusals[i].text, status, detail);
		return tsr_fw_refusals[i].error;
	}
	drm_err(&tdev->drm, "firmware refused: unknown status %#x, detail %#x\n", status, detail);

	return -EIO;
}

static int tsr_fw_crashed(struct tsr_device *tdev)
{
	drm_err(&tdev->drm, "firmware crashed while starting: cause %#x, pc %#x, value %#x\n",
		tsr_reg_read(tdev, TSR_HW_REG_FATAL_CAUSE), tsr_reg_read(tdev, TSR_HW_REG_FATAL_PC),
		tsr_reg_read(tdev, TSR_HW_REG_FATAL_VALUE));

	return -EIO;
}

/* The response is device-written: read once, and what it says must be possible. */
static int tsr_fw_check_response(struct tsr_device *tdev)
{
	struct tsr_hw_boot_block *block = tdev->fw->block;
	const struct tsr_hw_image_header *header = tdev->fw->image;
	struct drm_tessera_query_firmware *running = &tdev->fw->running;

	running->abi = le32_to_cpu(READ_ONCE(block->response.abi));
	running->version = le32_to_cpu(READ_ONCE(block->response.fw_version));
	running->features = le64_to_cpu(READ_ONCE(block->response.features));
	running->max_contexts = le32_to_cpu(READ_ONCE(block->response.max_contexts));
	running->security_version = le32_to_cpu(header->security_version);
	tsr_reg_read_block(tdev, TSR_HW_REG_MEASUREMENT, running->measurement,
			   sizeof(running->measurement));
	tsr_reg_read_block(tdev, TSR_HW_REG_DEVICE_KEY, running->device_key,
			   sizeof(running->device_key));

	if (running->abi < TSR_HW_ABI_VERSION_MIN || running->abi > TSR_HW_ABI_VERSION_MAX ||
	    running->features & ~TSR_FW_FEATURES) {
		drm_err(&tdev->drm, "firmware chose interface version %u, features %#llx\n",
			running->abi, running->features);
		return -EPROTONOSUPPORT;
	}

	return 0;
}

/**
 * tsr_fw_boot() - start the firmware
 * @tdev: device in state RESET, its rings and tables ready
 *
 * Context: sleeps, for a bounded time. Allocates nothing.
 * Return: 0, -ENODEV when the device is gone, another negative errno when it refuses.
 */
int tsr_fw_boot(struct tsr_device *tdev)
{
	int state;

	tsr_fw_start(tdev);
	state = tsr_reg_wait_state(tdev, BIT(TSR_HW_STATE_READY) | BIT(TSR_HW_STATE_BOOT_FAILED) |
				   BIT(TSR_HW_STATE_FATAL), TSR_BOOT_TIMEOUT_MS);
	switch (state) {
	case TSR_HW_STATE_READY:
		return tsr_fw_check_response(tdev);
	case TSR_HW_STATE_BOOT_FAILED:
		return tsr_fw_refused(tdev);
	case TSR_HW_STATE_FATAL:
		return tsr_fw_crashed(tdev);
	case -ETIMEDOUT:
		drm_err(&tdev->drm, "firmware does not start: status %#x\n",
			tsr_reg_read(tdev, TSR_HW_REG_STATUS));
		return -ETIMEDOUT;
	default:
		return state;
	}
}

/**
 * tsr_fw_agreed() - are these features in force?
 * @tdev: device that has booted
 * @features: TSR_HW_FEATURE_*
 *
 * Return: true when all are. A reset may change that.
 */
bool tsr_fw_agreed(struct tsr_device *tdev, u64 features)
{
	return !(features & ~READ_ONCE(tdev->fw->running.features));
}

/**
 * tsr_fw_query() - what runs
 * @tdev: device
 * @out: filled in
 */
void tsr_fw_query(struct tsr_device *tdev, struct drm_tessera_query_firmware *out)
{
	*out = tdev->fw->running;
}
