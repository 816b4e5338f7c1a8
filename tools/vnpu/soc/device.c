// SPDX-License-Identifier: MIT
#include "device.h"

#include <errno.h>
#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tsr_hw/core.h>
#include <tsr_hw/fuse.h>
#include <tsr_hw/registers.h>

#include "boot/fuses.h"
#include "boot/quote.h"
#include "boot/rom.h"
#include "boot/state.h"
#include "clock.h"
#include "core/copy_engine.h"
#include "core/core.h"
#include "core/sram.h"
#include "core/sysblock.h"
#include "counters.h"
#include "engine/engine.h"
#include "inject.h"
#include "log.h"
#include "machine.h"
#include "memory/invalidate.h"
#include "memory/local.h"
#include "memory/port.h"
#include "memory/sanitize.h"
#include "register/asid.h"
#include "register/doorbell.h"
#include "register/regs.h"
#include "repeat.h"
#include "simulation.h"
#include "surface/surface.h"
#include "tile/sku.h"
#include "trace/record.h"
#include "trace/record_format.h"
#include "trace/replay.h"
#include "vfu/vfu.h"

#define MSIX_VECTORS 2u

/* Looks at STATUS until one finds that a reset of an unkind device has ended. */
#define RESET_READS 8u

struct device {
	const struct surface *surface;
	struct sku *sku;
	struct state *state;
	struct tsr_hw_fuses fuses;
	struct counters counters;
	struct asid_table asids;
	struct doorbells doorbells;
	struct clock clock;
	struct sysblock sys;
	struct copy_engine copy;
	struct sram *sram;
	struct vfu *vfu;
	struct sanitizer *sanitizer;
	struct inject *inject;
	struct local *local;
	struct port *port;
	struct regs *regs;
	struct engines *engines;
	struct core *core;
	struct quoter *quoter;
	struct rom *rom;
	struct machine *machine;
	struct simulation *simulation;
	struct invalidator *invalidator;
	struct record *record;
	struct replay *replay;
	unsigned int vectors;
	atomic_bool gone;
	struct vnpu_log_budget resets_logged;
};

static void wake_simulation(void *ctx)
{
	struct device *dev = ctx;

	simulation_wake(dev->simulation);
}

/* The order is what keeps the past out: first no access, then nothing to see, then the rest. */
static void reset(struct device *dev)
{
	unsigned int epoch;

	port_reset(dev->port);
	epoch = port_epoch(dev->port);
	regs_reset_begin(dev->regs, epoch);
	doorbells_forget_incoming(&dev->doorbells);
	invalidator_reset(dev->invalidator, epoch);
	simulation_reset(dev->simulation, epoch);
}

static uint64_t all_ones(unsigned int size)
{
	return size < sizeof(uint64_t) ? (1ull << 8 * size) - 1 : UINT64_MAX;
}

/* The device may write until STATUS says RESET, also once more what it has written. */
static uint64_t read_register(struct device *dev, uint64_t offset, unsigned int size)
{
	unsigned int state = regs_state(dev->regs);
	bool resets = offset == TSR_HW_REG_STATUS && state == TSR_HW_STATE_RESETTING;
	uint64_t val;

	if (resets)
		port_repeat(dev->port);
	val = regs_read(dev->regs, offset, size);
	if (resets && regs_state(dev->regs) == TSR_HW_STATE_RESET)
		port_drop_late(dev->port);
	return val;
}

static int mmio_read(void *opaque, unsigned int bar, uint64_t offset, unsigned int size,
		     uint64_t *val)
{
	struct device *dev = opaque;

	counters_add(&dev->counters, bar == TSR_HW_BAR_REGS ? COUNTER_MMIO_READS_BAR0 :
							   COUNTER_MMIO_READS_BAR2, 1);
	if (atomic_load(&dev->gone))
		*val = all_ones(size);
	else
		*val = bar == TSR_HW_BAR_REGS ? read_register(dev, offset, size) : 0;
	record_mmio(dev->record, &(struct record_mmio){ 0, bar, offset, size, *val });
	return 0;
}

static void write_register(struct device *dev, uint64_t offset, unsigned int size, uint64_t val)
{
	switch (regs_write(dev->regs, offset, size, val)) {
	case REGS_RESET:
		reset(dev);
		break;
	case REGS_BOOT:
		simulation_boot(dev->simulation);
		break;
	case REGS_INVALIDATE:
		invalidator_ring(dev->invalidator);
		break;
	case REGS_QUOTE:
		quoter_run(dev->quoter);
		break;
	case REGS_NOTHING:
		break;
	}
}

static void write_doorbell(struct device *dev, uint64_t offset, unsigned int size, uint64_t val)
{
	if (doorbells_write(&dev->doorbells, offset, size, val)) {
		counters_add(&dev->counters, COUNTER_DOORBELLS, 1);
		simulation_wake(dev->simulation);
	} else {
		counters_add(&dev->counters, COUNTER_BAD_DOORBELLS, 1);
	}
}

static int mmio_write(void *opaque, unsigned int bar, uint64_t offset, unsigned int size,
		      uint64_t val)
{
	struct device *dev = opaque;

	counters_add(&dev->counters, bar == TSR_HW_BAR_REGS ? COUNTER_MMIO_WRITES_BAR0 :
							   COUNTER_MMIO_WRITES_BAR2, 1);
	if (atomic_load(&dev->gone))
		return 0;
	record_mmio(dev->record, &(struct record_mmio){ 1, bar, offset, size, val });
	if (bar == TSR_HW_BAR_REGS)
		write_register(dev, offset, size, val);
	else
		write_doorbell(dev, offset, size, val);
	return 0;
}

static void bus_reset(void *opaque, enum vfu_reset kind)
{
	static const char *const names[] = {
		[VFU_RESET_FLR] = "function level reset",
		[VFU_RESET_DEVICE] = "system reset",
		[VFU_RESET_DISCONNECT] = "the client is gone",
	};
	struct device *dev = opaque;

	vnpu_log_limited(&dev->resets_logged, VNPU_LOG_INFO, "reset: %s", names[kind]);
	reset(dev);
	/* Who resets the bus does not wait for STATUS. */
	port_drop_late(dev->port);
}

static const struct vfu_ops vfu_ops = {
	.mmio_read = mmio_read,
	.mmio_write = mmio_write,
	.reset = bus_reset,
};

static uint32_t caps_of(const struct tsr_hw_fuses *fuses)
{
	uint32_t caps = TSR_HW_CAP_VIRTUAL;

	if (fuses->tensor_tiles)
		caps |= TSR_HW_CAP_TENSOR;
	if (fuses->dma_engines)
		caps |= TSR_HW_CAP_DMA;
	return caps;
}

static int create_vfu(struct device *dev, const struct device_config *config)
{
	const struct vfu_config vfu = {
		.ops = &vfu_ops,
		.opaque = dev,
		.vendor_id = TSR_HW_PCI_VENDOR,
		.device_id = TSR_HW_PCI_DEVICE,
		.subsystem_vendor_id = TSR_HW_PCI_VENDOR,
		.subsystem_id = (uint16_t)dev->fuses.sku,
		.revision_id = TSR_HW_VERSION_1_0 >> 16,
		.serial = dev->fuses.serial,
		.bar0_size = TSR_HW_BAR_REGS_SIZE,
		.bar2_size = DOORBELL_BAR_SIZE,
		.irq_mode = config->single_vector ? VFU_IRQ_MSI : VFU_IRQ_MSIX,
		.vectors = config->single_vector ? 1 : MSIX_VECTORS,
	};

	dev->vectors = vfu.vectors;
	if (dev->replay)
		return 0;
	return vfu_create(&vfu, &dev->vfu);
}

/* A record has what was read, so a replay needs none. */
static bool create_local(struct device *dev)
{
	const uint64_t size = (uint64_t)dev->fuses.memory_mib << 20;

	if (!size || dev->replay)
		return true;
	dev->local = local_create(size);
	return dev->local;
}

static bool create_surface(struct device *dev)
{
	if (!dev->surface)
		return true;
	dev->inject = dev->surface->inject_create();
	dev->record = dev->surface->record_create(&dev->clock);
	return dev->inject && dev->record;
}

static bool create_port(struct device *dev, bool unkind)
{
	dev->sanitizer = sanitizer_create(&dev->counters);
	/* A port is reset before it is destroyed, and needs them then. */
	if (!dev->sanitizer || !create_surface(dev))
		return false;
	dev->port = port_create(&(struct port_config){
		.vfu = dev->vfu,
		.asids = &dev->asids,
		.local = dev->local,
		.counters = &dev->counters,
		.sanitizer = dev->sanitizer,
		.inject = dev->inject,
		.record = dev->record,
		.replay = dev->replay,
		.unkind = unkind && !dev->replay,
	});
	return dev->port;
}

static bool create_regs(struct device *dev, const struct device_config *config)
{
	dev->regs = regs_create(&(struct regs_config){
		.fuses = &dev->fuses,
		.asids = &dev->asids,
		.counters = &dev->counters,
		.cycles = &dev->clock.published,
		.caps = caps_of(&dev->fuses),
		.vectors = dev->vectors,
		.time_scale = config->time_scale ? config->time_scale :
						   sku_time_scale(dev->sku),
		.reset_reads = config->unkind && !dev->replay ? RESET_READS : 0,
	});
	return dev->regs;
}

static bool create_core(struct device *dev)
{
	dev->engines = engines_create(&(struct engines_config){
		.sku = dev->sku,
		.port = dev->port,
		.inject = dev->inject,
		.record = dev->record,
		.replay = dev->replay,
		.counters = &dev->counters,
		.clock = &dev->clock,
		.sram = dev->sram,
		.wake = wake_simulation,
		.ctx = dev,
		.serial = dev->replay ? replay_header(dev->replay)->serial : 0,
	});
	dev->copy = (struct copy_engine){
		.port = dev->port,
		.clock = &dev->clock,
		.sram = dev->sram,
	};
	dev->sys = (struct sysblock){
		.port = dev->port,
		.regs = dev->regs,
		.clock = &dev->clock,
		.doorbells = &dev->doorbells,
		.engines = dev->engines,
		.caps = caps_of(&dev->fuses),
		.clock_khz = dev->fuses.clock_khz,
		.vectors = dev->vectors,
	};
	sysblock_reset(&dev->sys, &(struct sysblock_boot){ 0 });
	if (!dev->engines)
		return false;
	dev->core = core_create(&(struct core_config){
		.sram = dev->sram,
		.clock = &dev->clock,
		.sys = &dev->sys,
		.copy = &dev->copy,
		.engines = dev->engines,
	});
	return dev->core;
}

static bool create_simulation(struct device *dev, bool unkind)
{
	dev->quoter = quoter_create(&(struct quoter_config){
		.port = dev->port,
		.regs = dev->regs,
		.serial = dev->fuses.serial,
		.lifecycle = dev->fuses.lifecycle,
		.secret = state_secret(dev->state),
	});
	if (!dev->quoter)
		return false;
	dev->rom = rom_create(&(struct rom_config){
		.port = dev->port,
		.regs = dev->regs,
		.sram = dev->sram,
		.state = dev->state,
		.quoter = dev->quoter,
		.lifecycle = dev->fuses.lifecycle,
		.key_hash = dev->fuses.key_hash,
	});
	dev->machine = machine_create(&(struct machine_config){
		.clock = &dev->clock,
		.core = dev->core,
		.sys = &dev->sys,
		.engines = dev->engines,
		.doorbells = &dev->doorbells,
		.regs = dev->regs,
		.rom = dev->rom,
		.port = dev->port,
		.counters = &dev->counters,
		.record = dev->record,
	});
	dev->simulation = simulation_create(&(struct simulation_config){
		.machine = dev->machine,
		.doorbells = &dev->doorbells,
		.engines = dev->engines,
		.clock = &dev->clock,
		.port = dev->port,
	});
	dev->invalidator = invalidator_create(&(struct invalidator_config){
		.port = dev->port,
		.regs = dev->regs,
		.counters = &dev->counters,
		.late = unkind && !dev->replay,
	});
	return dev->rom && dev->machine && dev->simulation && dev->invalidator;
}

static int create_parts(struct device *dev, const struct device_config *config)
{
	int ret = create_vfu(dev, config);

	if (ret)
		return ret;
	dev->sram = aligned_alloc(_Alignof(struct sram), sizeof(struct sram));
	if (!dev->sram)
		return -ENOMEM;
	memset(dev->sram, 0, sizeof(*dev->sram));
	if (!create_local(dev) || !create_port(dev, config->unkind) ||
	    !create_regs(dev, config) || !create_core(dev) ||
	    !create_simulation(dev, config->unkind))
		return -ENOMEM;
	if (dev->replay)
		replay_set_clock(dev->replay, &dev->clock);
	return 0;
}

/* No more local memory than the host may give: what the fuses say is there can be written. */
static void limit_local(struct device *dev, uint32_t mib)
{
	if (dev->fuses.memory_mib > mib)
		dev->fuses.memory_mib = mib;
}

/* The unit is that of the record; the product must be the same. */
static int load_recorded_facts(struct device *dev, const struct device_config *config,
			       char *error, size_t error_size)
{
	const struct tsr_hw_fuses *recorded = &replay_header(config->replay)->fuses;

	dev->replay = config->replay;
	dev->state = state_make_volatile(recorded->serial, recorded->rollback_min);
	if (!dev->state) {
		snprintf(error, error_size, "not enough memory for the state");
		return -ENOMEM;
	}
	fuses_init(&dev->fuses, dev->sku, dev->state, recorded->key_hash);
	limit_local(dev, recorded->memory_mib);
	if (!memcmp(&dev->fuses, recorded, sizeof(*recorded)))
		return 0;
	snprintf(error, error_size,
		 "the record was made on another product (%.31s) than SKU file %s describes",
		 (const char *)recorded->name, config->sku_path);
	return -EINVAL;
}

static int load_facts(struct device *dev, const struct device_config *config, char *error,
		      size_t error_size)
{
	int ret = sku_load(config->sku_path, &dev->sku, error, error_size);

	if (ret)
		return ret;
	if (sku_fuses(dev->sku)->tensor_tiles + sku_fuses(dev->sku)->dma_engines >
	    TSR_HW_ENGINE_MAX) {
		snprintf(error, error_size,
			 "SKU file %s has more than %d engines; the management core cannot "
			 "address them", config->sku_path, TSR_HW_ENGINE_MAX);
		return -EINVAL;
	}
	if (config->replay)
		return load_recorded_facts(dev, config, error, error_size);
	ret = state_open(config->state_path, &dev->state, error, error_size);
	if (ret)
		return ret;
	fuses_init(&dev->fuses, dev->sku, dev->state, config->key_hash);
	limit_local(dev, config->local_mib ? config->local_mib : DEVICE_LOCAL_MIB);
	return 0;
}

int device_create(const struct device_config *config, struct device **out, char *error,
		  size_t error_size)
{
	struct device *dev = calloc(1, sizeof(*dev));
	int ret;

	if (!dev) {
		snprintf(error, error_size, "not enough memory for a device");
		return -ENOMEM;
	}
	dev->surface = config->surface;
	ret = load_facts(dev, config, error, error_size);
	if (!ret) {
		ret = create_parts(dev, config);
		if (ret)
			snprintf(error, error_size, "the device cannot be made: %s",
				 strerror(-ret));
	}
	if (ret) {
		device_destroy(dev);
		return ret;
	}
	*out = dev;
	return 0;
}

int device_start(struct device *dev)
{
	int ret = simulation_start(dev->simulation);

	return ret ? ret : invalidator_start(dev->invalidator);
}

void device_destroy(struct device *dev)
{
	if (!dev)
		return;
	if (dev->vfu)
		vfu_stop(dev->vfu);
	/* Workers wake the simulation when they are done: its lock must outlive them. */
	if (dev->port)
		port_reset(dev->port);
	if (dev->simulation)
		simulation_stop(dev->simulation);
	engines_destroy(dev->engines);
	simulation_destroy(dev->simulation);
	machine_destroy(dev->machine);
	invalidator_destroy(dev->invalidator);
	rom_destroy(dev->rom);
	quoter_destroy(dev->quoter);
	core_destroy(dev->core);
	regs_destroy(dev->regs);
	port_destroy(dev->port);
	local_destroy(dev->local);
	record_destroy(dev->record);
	inject_destroy(dev->inject);
	sanitizer_destroy(dev->sanitizer);
	if (dev->vfu)
		vfu_destroy(dev->vfu);
	free(dev->sram);
	state_close(dev->state);
	sku_free(dev->sku);
	free(dev);
}

struct vfu *device_vfu(struct device *dev)
{
	return dev->vfu;
}

struct counters *device_counters(struct device *dev)
{
	return &dev->counters;
}

const struct surface *device_surface(const struct device *dev)
{
	return dev->surface;
}

struct inject *device_inject(struct device *dev)
{
	return dev->inject;
}

struct simulation *device_simulation(struct device *dev)
{
	return dev->simulation;
}

const struct tsr_hw_fuses *device_fuses(const struct device *dev)
{
	return &dev->fuses;
}

void device_set_gone(struct device *dev, bool gone)
{
	atomic_store(&dev->gone, gone);
	port_set_gone(dev->port, gone);
	simulation_pause(dev->simulation, gone);
}

int device_record_start(struct device *dev, int fd)
{
	struct record_header header = {
		.magic = RECORD_MAGIC,
		.version = RECORD_VERSION,
		.vectors = dev->vectors,
		.serial = engines_serial(dev->engines),
		.fuses = dev->fuses,
	};

	if (regs_state(dev->regs) != TSR_HW_STATE_RESET)
		return -EBUSY;
	header.fuses.rollback_min = state_rollback_min(dev->state);
	return record_start(dev->record, fd, &header);
}

int device_record_stop(struct device *dev)
{
	return record_stop(dev->record);
}

static unsigned int replay_host_reset(void *ctx)
{
	struct device *dev = ctx;

	port_reset(dev->port);
	regs_reset_begin(dev->regs, port_epoch(dev->port));
	return port_epoch(dev->port);
}

static void write_pair(struct device *dev, uint64_t offset, uint64_t val)
{
	regs_write(dev->regs, offset, sizeof(uint32_t), (uint32_t)val);
	regs_write(dev->regs, offset + sizeof(uint32_t), sizeof(uint32_t), val >> 32);
}

static void replay_host_boot(void *ctx, uint64_t image, uint32_t size, uint64_t boot_block)
{
	struct device *dev = ctx;

	write_pair(dev, TSR_HW_REG_FW_ADDR_LO, image);
	regs_write(dev->regs, TSR_HW_REG_FW_SIZE, sizeof(uint32_t), size);
	write_pair(dev, TSR_HW_REG_BOOT_BLOCK_LO, boot_block);
	regs_write(dev->regs, TSR_HW_REG_BOOT_GO, sizeof(uint32_t), 1);
}

void device_replay(struct device *dev)
{
	const struct repeat_host host = {
		.reset = replay_host_reset,
		.boot = replay_host_boot,
		.ctx = dev,
	};

	dev->surface->repeat(dev->machine, dev->simulation, dev->replay, &host);
}

void device_status(struct device *dev, struct device_status *status)
{
	struct simulation_status sim;

	simulation_status(dev->simulation, &sim);
	*status = (struct device_status){
		.state = regs_state(dev->regs),
		.resets = regs_reset_count(dev->regs),
		.boots = state_boots(dev->state),
		.gone = atomic_load(&dev->gone),
		.bus_master = dev->vfu && vfu_bus_master(dev->vfu),
		.held = sim.held,
		.steps = sim.steps,
		.engines_busy = sim.engines_busy,
		.asleep = sim.asleep,
		.armed = inject_armed(dev->inject),
		.cycles = sim.cycles,
	};
}
