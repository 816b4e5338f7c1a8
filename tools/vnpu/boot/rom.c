// SPDX-License-Identifier: MIT
#include "rom.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <tsr_hw/boot.h>
#include <tsr_hw/error.h>
#include <tsr_hw/image.h>
#include <tsr_hw/registers.h>

#include "core/sram.h"
#include "identity.h"
#include "image.h"
#include "log.h"
#include "memory/port.h"
#include "quote.h"
#include "register/regs.h"
#include "state.h"

struct rom {
	struct rom_config config;
	/* Private: the host cannot change it between check and use. */
	_Alignas(8) uint8_t image[TSR_HW_IMAGE_MAX_SIZE];
};

struct rom *rom_create(const struct rom_config *config)
{
	struct rom *rom = calloc(1, sizeof(*rom));

	if (rom)
		rom->config = *config;
	return rom;
}

void rom_destroy(struct rom *rom)
{
	free(rom);
}

static uint32_t copy_image(struct rom *rom, unsigned int epoch,
			   const struct regs_boot_args *args)
{
	const struct port_agent agent = { .id = PORT_AGENT_ROM, .epoch = epoch };
	uint64_t fault;

	if (!image_size_valid(args->image_size))
		return TSR_HW_BOOT_BAD_SIZE;
	if (port_copy_bytes(rom->config.port, &agent, MMU_READ, args->image, rom->image,
			    args->image_size, &fault))
		return TSR_HW_BOOT_BAD_ADDRESS;
	return 0;
}

static uint32_t check(struct rom *rom, unsigned int epoch, const struct regs_boot_args *args,
		      uint32_t *detail)
{
	const struct tsr_hw_image_header *header = (const void *)rom->image;
	const struct image_policy policy = {
		.key_hash = rom->config.key_hash,
		.rollback_min = state_rollback_min(rom->config.state),
	};
	uint32_t status;
	int error;

	*detail = 0;
	status = copy_image(rom, epoch, args);
	if (!status)
		status = image_verify(rom->image, args->image_size, &policy, detail);
	if (status)
		return status;
	error = state_record_boot(rom->config.state, header->security_version);
	if (error) {
		vnpu_log(VNPU_LOG_ERROR, "the state file cannot be written: %s",
			 strerror(-error));
		return TSR_HW_BOOT_STATE_FILE;
	}
	return 0;
}

static void refuse(struct rom *rom, unsigned int epoch, uint32_t status, uint32_t detail)
{
	const struct port_agent agent = { .id = PORT_AGENT_ROM, .epoch = epoch };
	static struct vnpu_log_budget budget;

	vnpu_log_limited(&budget, VNPU_LOG_WARN,
			 "the boot ROM refused the firmware: status 0x%" PRIx32
			 ", detail 0x%" PRIx32, status, detail);
	regs_set_boot_status(rom->config.regs, epoch, status, detail);
	if (regs_set_state(rom->config.regs, epoch, TSR_HW_STATE_ROM, TSR_HW_STATE_BOOT_FAILED))
		port_raise(rom->config.port, &agent, 0);
}

static void place(struct rom *rom, unsigned int epoch, const struct regs_boot_args *args)
{
	const struct tsr_hw_image_header *header = (const void *)rom->image;
	size_t payload = args->image_size - sizeof(*header);
	struct regs_identity identity;

	identity_derive(&identity, rom->image, args->image_size,
			state_secret(rom->config.state), rom->config.lifecycle);
	regs_set_identity(rom->config.regs, epoch, &identity);
	regs_set_rollback_min(rom->config.regs, state_rollback_min(rom->config.state));
	quoter_started(rom->config.quoter, epoch, header->security_version,
		       state_boots(rom->config.state));
	/* All else there is zero since the reset. */
	memcpy(sram_at(rom->config.sram, header->load_addr, payload), header + 1, payload);
}

bool rom_boot(struct rom *rom, unsigned int epoch, struct rom_start *start)
{
	const struct tsr_hw_image_header *header = (const void *)rom->image;
	struct regs_boot_args args;
	uint32_t detail;
	uint32_t status;

	regs_boot_args(rom->config.regs, &args);
	status = check(rom, epoch, &args, &detail);
	if (status) {
		refuse(rom, epoch, status, detail);
		return false;
	}
	place(rom, epoch, &args);
	start->entry = header->entry;
	start->sys.epoch = epoch;
	start->sys.boot_block = args.boot_block;
	start->sys.fw_version = header->fw_version;
	return regs_set_state(rom->config.regs, epoch, TSR_HW_STATE_ROM, TSR_HW_STATE_STARTING);
}
