// SPDX-License-Identifier: MIT
/*
 * A PCI function with the registers of a Tessera NPU and nothing behind them, in the place of
 * the virtual NPU. What is written at an offset of the doorbell BAR becomes the register at
 * that offset, so that a test in the guest makes a device of whatever facts it likes.
 *
 * It resets at once, and refuses every firmware for its key: a driver that gets that far has
 * accepted the facts.
 */
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include <tsr_hw/boot.h>
#include <tsr_hw/registers.h>

#include "tools/vnpu/log.h"
#include "tools/vnpu/process/listener.h"
#include "tools/vnpu/vfu/vfu.h"

#define DOORBELLS_SIZE	(64u << 20)

/* Written and read by the protocol thread only. */
static uint32_t regs[TSR_HW_BAR_REGS_SIZE / sizeof(uint32_t)];

static uint32_t *reg(uint64_t offset)
{
	return &regs[offset / sizeof(uint32_t)];
}

static int mmio_read(void *opaque, unsigned int bar, uint64_t offset, unsigned int size,
		     uint64_t *val)
{
	(void)opaque;
	*val = bar == TSR_HW_BAR_REGS && size == 4 && offset < sizeof(regs) ? *reg(offset) : 0;
	return 0;
}

static int mmio_write(void *opaque, unsigned int bar, uint64_t offset, unsigned int size,
		      uint64_t val)
{
	(void)opaque;
	if (size != 4 || offset >= sizeof(regs))
		return 0;
	if (bar == TSR_HW_BAR_DOORBELLS)
		*reg(offset) = (uint32_t)val;
	else if (offset == TSR_HW_REG_CONTROL)
		*reg(TSR_HW_REG_STATUS) = TSR_HW_STATE_RESET;
	else if (offset == TSR_HW_REG_BOOT_GO)
		*reg(TSR_HW_REG_STATUS) = TSR_HW_STATE_BOOT_FAILED;
	return 0;
}

static void reset(void *opaque, enum vfu_reset kind)
{
	(void)opaque;
	(void)kind;
	*reg(TSR_HW_REG_STATUS) = TSR_HW_STATE_RESET;
}

static int run(const char *socket_path, const char *control_path)
{
	static const struct vfu_ops ops = {
		.mmio_read = mmio_read, .mmio_write = mmio_write, .reset = reset,
	};
	const struct vfu_config config = {
		.ops = &ops, .vendor_id = TSR_HW_PCI_VENDOR, .device_id = TSR_HW_PCI_DEVICE,
		.subsystem_vendor_id = TSR_HW_PCI_VENDOR, .bar0_size = TSR_HW_BAR_REGS_SIZE,
		.bar2_size = DOORBELLS_SIZE, .vectors = 2, .serial = 1,
	};
	int control = listener_open(control_path, 1);
	int client = listener_open(socket_path, 1);
	struct vfu *vfu;
	sigset_t signals;
	int signal;

	sigemptyset(&signals);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	*reg(TSR_HW_REG_BOOT_STATUS) = TSR_HW_BOOT_BAD_KEY;
	if (control < 0 || client < 0 || vfu_create(&config, &vfu) || vfu_start(vfu, client)) {
		vnpu_log(VNPU_LOG_ERROR, "cannot listen");
		return 1;
	}
	sigwait(&signals, &signal);
	vfu_destroy(vfu);
	close(control);
	return 0;
}

/* The options of the virtual NPU; there is no SKU and no state here. */
int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "socket", required_argument, NULL, 's' },
		{ "control", required_argument, NULL, 'i' },
		{ "test-control", required_argument, NULL, 'c' },
		{ "sku", required_argument, NULL, 'i' },
		{ "state", required_argument, NULL, 'i' },
		{ 0 },
	};
	const char *socket_path = NULL, *control_path = NULL;
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option == 's')
			socket_path = optarg;
		else if (option == 'c')
			control_path = optarg;
		else if (option == '?')
			return 2;
	}
	if (!socket_path || !control_path) {
		fprintf(stderr, "usage: %s --socket PATH --test-control PATH\n", argv[0]);
		return 2;
	}
	vnpu_log_setup("stand-in", VNPU_LOG_DEBUG);
	return run(socket_path, control_path);
}
