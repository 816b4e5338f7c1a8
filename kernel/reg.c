// SPDX-License-Identifier: GPL-2.0-only
/* Registers: finding out what the device is, waiting for a state. */

#include "reg.h"

#include <linux/bitfield.h>
#include <linux/delay.h>
#include <linux/jiffies.h>

#include <drm/drm_print.h>

#include <tsr_hw/mmu.h>

#define TSR_TIME_SCALE_MAX	1000

/* What the driver is ready to handle; a device that claims more is used that far. */
#define TSR_QUEUES_MAX		64
#define TSR_QUEUES_PER_VM_MAX	64

/**
 * tsr_reg_gone() - is the device no longer there?
 * @tdev: device
 *
 * A removed device reads all ones. To be asked before anything that waits.
 *
 * Return: true when it is gone.
 */
bool tsr_reg_gone(struct tsr_device *tdev)
{
	return tsr_reg_read(tdev, TSR_HW_REG_ID) == ~0u;
}

/**
 * tsr_reg_read_block() - copy a read-only block of registers
 * @tdev: device
 * @reg: first register
 * @to: destination, in the device's byte order
 * @size: bytes, a multiple of 4
 */
void tsr_reg_read_block(struct tsr_device *tdev, u32 reg, void *to, size_t size)
{
	__le32 *word = to;
	size_t i;

	for (i = 0; i < size / sizeof(*word); i++)
		word[i] = cpu_to_le32(tsr_reg_read(tdev, reg + i * sizeof(*word)));
}

/**
 * tsr_reg_wait_state() - wait until the device is in one of some states
 * @tdev: device
 * @states: bit per TSR_HW_STATE_*
 * @timeout_ms: for how long, before TIME_SCALE
 *
 * Context: sleeps.
 * Return: the state reached, -ENODEV when the device is gone, -ETIMEDOUT.
 */
int tsr_reg_wait_state(struct tsr_device *tdev, u32 states, unsigned int timeout_ms)
{
	unsigned long end = jiffies + tsr_device_timeout(tdev, timeout_ms);
	u32 status, state;
	bool late;

	do {
		late = time_after(jiffies, end);
		status = tsr_reg_read(tdev, TSR_HW_REG_STATUS);
		if (status == ~0u)
			return -ENODEV;
		state = FIELD_GET(TSR_HW_STATUS_STATE, status);
		if (state < BITS_PER_TYPE(states) && (BIT(state) & states))
			return state;
		usleep_range(200, 1000);
	} while (!late);

	return -ETIMEDOUT;
}

/* A limit by its logarithm, as the device tells it. */
static u32 tsr_reg_limit(u32 log2)
{
	return BIT(min(log2, 31u));
}

static void tsr_reg_read_hw(struct tsr_device *tdev)
{
	struct tsr_hw *hw = &tdev->hw;
	u32 address = tsr_reg_read(tdev, TSR_HW_REG_ADDRESS);
	u32 doorbell = tsr_reg_read(tdev, TSR_HW_REG_DOORBELL);
	u32 queues = tsr_reg_read(tdev, TSR_HW_REG_QUEUES);
	u32 limits = tsr_reg_read(tdev, TSR_HW_REG_PROGRAM_LIMITS);

	hw->version = tsr_reg_read(tdev, TSR_HW_REG_VERSION);
	hw->caps = tsr_reg_read(tdev, TSR_HW_REG_CAPS);
	hw->phys_bits = FIELD_GET(TSR_HW_ADDRESS_PHYS_BITS, address);
	hw->va_bits = FIELD_GET(TSR_HW_ADDRESS_VA_BITS, address);
	hw->doorbell_shift = FIELD_GET(TSR_HW_DOORBELL_STRIDE_LOG2, doorbell);
	hw->doorbell_pages = FIELD_GET(TSR_HW_DOORBELL_PAGES, doorbell);
	hw->asids = tsr_reg_read(tdev, TSR_HW_REG_ASIDS);
	hw->queues = FIELD_GET(TSR_HW_QUEUES_TOTAL, queues);
	hw->queues_per_page = FIELD_GET(TSR_HW_QUEUES_PER_PAGE, queues);
	hw->vectors = tsr_reg_read(tdev, TSR_HW_REG_VECTORS);
	hw->time_scale = tsr_reg_read(tdev, TSR_HW_REG_TIME_SCALE);
	hw->clock_khz = tsr_reg_read(tdev, TSR_HW_REG_CLOCK_KHZ);
	hw->max_nodes = tsr_reg_limit(FIELD_GET(TSR_HW_PROGRAM_NODES_LOG2, limits));
	hw->max_slots = tsr_reg_limit(FIELD_GET(TSR_HW_PROGRAM_SLOTS_LOG2, limits));
	tsr_reg_read_block(tdev, TSR_HW_REG_FUSES, &hw->fuses, sizeof(hw->fuses));
}

static bool tsr_reg_hw_plausible(const struct tsr_hw *hw)
{
	return hw->phys_bits >= 32 && hw->phys_bits <= 52 && hw->va_bits == TSR_HW_VA_BITS &&
	       hw->doorbell_shift >= TSR_HW_PAGE_SHIFT && hw->doorbell_shift <= 24 &&
	       hw->asids >= 2 && hw->doorbell_pages >= hw->asids &&
	       hw->queues >= 2 && hw->queues_per_page >= 1 && hw->vectors >= 1 &&
	       hw->time_scale >= 1 && hw->time_scale <= TSR_TIME_SCALE_MAX && hw->clock_khz;
}

/**
 * tsr_reg_probe() - read and check what the device says about itself
 * @tdev: device, registers mapped
 *
 * Return: 0, -ENODEV when no device answers, -EINVAL or -EOPNOTSUPP when it is not one
 * this driver can drive.
 */
int tsr_reg_probe(struct tsr_device *tdev)
{
	struct tsr_hw *hw = &tdev->hw;
	u32 id = tsr_reg_read(tdev, TSR_HW_REG_ID);

	if (id == ~0u) {
		drm_err(&tdev->drm, "device does not answer (all registers read as ones)\n");
		return -ENODEV;
	}
	if (id != TSR_HW_ID_MAGIC) {
		drm_err(&tdev->drm, "not a Tessera NPU: ID register is %#x\n", id);
		return -EINVAL;
	}

	tsr_reg_read_hw(tdev);
	if (FIELD_GET(TSR_HW_VERSION_MAJOR, hw->version) != TSR_HW_VERSION_1_0 >> 16) {
		drm_err(&tdev->drm, "hardware version %u.%u is not supported, only 1.x\n",
			hw->version >> 16, hw->version & 0xffff);
		return -EOPNOTSUPP;
	}
	if (!tsr_reg_hw_plausible(hw)) {
		drm_err(&tdev->drm, "capability registers make no sense, device is defective\n");
		return -EINVAL;
	}

	hw->asids = min_t(u32, hw->asids, TSR_HW_ASID_COUNT);
	hw->queues = min_t(u32, hw->queues, TSR_QUEUES_MAX);
	hw->queues_per_page = min_t(u32, hw->queues_per_page, TSR_QUEUES_PER_VM_MAX);

	return 0;
}
