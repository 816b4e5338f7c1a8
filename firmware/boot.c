// SPDX-License-Identifier: (GPL-2.0-only OR MIT)
#include "boot.h"

#include <stddef.h>

#include <tsr_hw/boot.h>
#include <tsr_hw/error.h>
#include <tsr_hw/mmu.h>
#include <tsr_hw/queue.h>
#include <tsr_hw/registers.h>
#include <tsr_hw/version.h>

#include "copy.h"
#include "feature_set.h"
#include "job.h"
#include "reg.h"

/* Interface versions spoken; a build for tests speaks others. */
#ifndef BOOT_ABI_MIN
#define BOOT_ABI_MIN TSR_HW_ABI_VERSION_MIN
#define BOOT_ABI_MAX TSR_HW_ABI_VERSION_MAX
#endif

static struct tsr_hw_boot_block block;
static uint32_t probe;
static uint64_t agreed;

static bool all_zero(const uint8_t *bytes, uint32_t size)
{
	uint8_t any = 0;

	for (uint32_t i = 0; i < size; i++)
		any |= bytes[i];
	return any == 0u;
}

static bool block_valid(void)
{
	return block.magic == TSR_HW_BOOT_BLOCK_MAGIC && block.size == sizeof(block) &&
	       block.abi_min != 0u && block.abi_min <= block.abi_max &&
	       (block.features_required & ~block.features) == 0u &&
	       all_zero(block.mbz, sizeof(block.mbz));
}

/* The highest version both sides speak, or 0. */
static uint32_t common_version(void)
{
	uint32_t highest = BOOT_ABI_MAX;

	if (block.abi_max < highest)
		highest = block.abi_max;
	return (highest >= block.abi_min && highest >= BOOT_ABI_MIN) ? highest : 0u;
}

static bool page_readable(uint64_t address)
{
	return address != 0u && (address % TSR_HW_PAGE_SIZE) == 0u &&
	       copy_read(COPY_PHYSICAL, address, &probe, sizeof(probe)) == TSR_HW_ERR_NONE;
}

static bool page_writable(uint64_t address)
{
	probe = 0;
	return (address % TSR_HW_PAGE_SIZE) == 0u &&
	       copy_write(COPY_PHYSICAL, address, &probe, sizeof(probe)) == TSR_HW_ERR_NONE;
}

/* Words the host writes must be readable, words the device writes are set to zero. */
static bool layout_usable(void)
{
	uint64_t tail = block.admin_ring + offsetof(struct tsr_hw_ring, tail);
	uint64_t slots = block.admin_done + offsetof(struct tsr_hw_completion_page, slot);
	uint64_t lost = block.event_ring + offsetof(struct tsr_hw_event_ring, lost);

	return page_readable(block.admin_ring) && page_readable(tail) &&
	       page_readable(block.admin_done) && page_writable(block.admin_done) &&
	       page_writable(slots) &&
	       page_readable(block.event_ring) && page_writable(lost);
}

static uint32_t check_host(uint64_t address)
{
	if (copy_read(COPY_PHYSICAL, address, &block, sizeof(block)) != TSR_HW_ERR_NONE)
		return TSR_HW_BOOT_BAD_BLOCK;
	if (!block_valid())
		return TSR_HW_BOOT_BAD_BLOCK;
	if (common_version() == 0u)
		return TSR_HW_BOOT_BAD_ABI;
	if ((block.features_required & ~FIRMWARE_FEATURES) != 0u)
		return TSR_HW_BOOT_BAD_FEATURES;
	if (!layout_usable())
		return TSR_HW_BOOT_BAD_LAYOUT;
	return TSR_HW_BOOT_OK;
}

static void take_over(struct boot *boot)
{
	boot->abi = common_version();
	agreed = block.features & FIRMWARE_FEATURES;
	boot->features = agreed;
	boot->admin_ring = block.admin_ring;
	boot->admin_done = block.admin_done;
	boot->event_ring = block.event_ring;
	boot->control_vector = block.control_vector;
	boot->event_vector = block.event_vector;
}

static bool respond(uint64_t address, const struct boot *boot)
{
	uint32_t offset = offsetof(struct tsr_hw_boot_block, response);

	(void)__builtin_memset(&block.response, 0, sizeof(block.response));
	block.response.abi = boot->abi;
	block.response.fw_version = sys_read(TSR_HW_SYS_FW_VERSION);
	block.response.features = boot->features;
	block.response.max_contexts = JOB_CONTEXTS;
	return copy_write(COPY_PHYSICAL, address + offset, &block.response,
			  sizeof(block.response)) == TSR_HW_ERR_NONE;
}

static void report(uint32_t status)
{
	uint32_t detail = 0;

	if (status == TSR_HW_BOOT_BAD_ABI)
		detail = ((uint32_t)BOOT_ABI_MAX << 16) | BOOT_ABI_MIN;
	sys_write(TSR_HW_SYS_BOOT_DETAIL, detail);
	sys_write(TSR_HW_SYS_BOOT_STATUS, status);
	sys_write(TSR_HW_SYS_STATE,
		  status == TSR_HW_BOOT_OK ? TSR_HW_STATE_READY : TSR_HW_STATE_BOOT_FAILED);
}

bool boot_negotiate(struct boot *boot)
{
	uint32_t high = sys_read(TSR_HW_SYS_BOOT_BLOCK_HI);
	uint64_t address = ((uint64_t)high << 32) | sys_read(TSR_HW_SYS_BOOT_BLOCK_LO);
	uint32_t status = check_host(address);

	if (status == TSR_HW_BOOT_OK) {
		take_over(boot);
		if (!respond(address, boot))
			status = TSR_HW_BOOT_BAD_BLOCK;
	}
	report(status);
	return status == TSR_HW_BOOT_OK;
}

bool boot_agreed(uint64_t features)
{
	return (features & ~agreed) == 0u;
}
