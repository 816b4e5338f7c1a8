/* SPDX-License-Identifier: MIT */
/*
 * The host's registers: BAR0. The protocol thread reads and writes, the simulation thread
 * publishes state. What it publishes carries the epoch it belongs to, so that nothing of
 * the time before a reset shows after it.
 */
#ifndef VNPU_REGS_H
#define VNPU_REGS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include <tsr_hw/fuse.h>

struct asid_table;
struct counters;
struct regs;

/** enum regs_action - what a register write asks the device to do */
enum regs_action {
	REGS_NOTHING,
	REGS_RESET,
	REGS_BOOT,
	REGS_INVALIDATE,
	REGS_QUOTE,
};

/**
 * struct regs_config - constant facts and what is shown through registers
 * @fuses: fuse block; copied
 * @asids: address-space table
 * @counters: counters
 * @cycles: published device clock
 * @caps: TSR_HW_CAP_*
 * @vectors: interrupt vectors
 * @time_scale: TSR_HW_REG_TIME_SCALE
 * @reset_reads: looks at STATUS until one finds that a reset has ended; 0: the first may
 */
struct regs_config {
	const struct tsr_hw_fuses *fuses;
	struct asid_table *asids;
	struct counters *counters;
	const atomic_ullong *cycles;
	uint32_t caps;
	uint32_t vectors;
	uint32_t time_scale;
	unsigned int reset_reads;
};

/**
 * struct regs_boot_args - what the host wants started
 * @image: bus address of the firmware image
 * @image_size: its size
 * @boot_block: bus address of the boot block
 */
struct regs_boot_args {
	uint64_t image;
	uint32_t image_size;
	uint64_t boot_block;
};

/** struct regs_fatal - why the management core stopped, as RV32 says it */
struct regs_fatal {
	uint32_t cause;
	uint32_t pc;
	uint32_t value;
};

/** struct regs_identity - what runs */
struct regs_identity {
	uint8_t measurement[32];
	uint8_t device_key[32];
};

/**
 * struct regs_quote - what a quote is asked for with, and what it tells of the registers
 * @epoch: of all this
 * @nonce: TSR_HW_REG_QUOTE_NONCE
 * @address: TSR_HW_REG_QUOTE_ADDR
 * @identity: what runs
 * @fuses: as they are shown
 */
struct regs_quote {
	unsigned int epoch;
	uint8_t nonce[32];
	uint64_t address;
	struct regs_identity identity;
	struct tsr_hw_fuses fuses;
};

/** regs_create() - power-on state; @config is copied; NULL without memory */
struct regs *regs_create(const struct regs_config *config);

/** regs_destroy() - free it or NULL */
void regs_destroy(struct regs *regs);

/** regs_read() - the host reads @size bytes at @offset of BAR0 */
uint64_t regs_read(struct regs *regs, uint64_t offset, unsigned int size);

/**
 * regs_write() - the host writes @size bytes at @offset of BAR0
 *
 * Return: what the caller has to do now.
 */
enum regs_action regs_write(struct regs *regs, uint64_t offset, unsigned int size,
			    uint64_t val);

/** regs_reset_begin() - power-on values, state RESETTING; older epochs are ignored */
void regs_reset_begin(struct regs *regs, unsigned int epoch);

/** regs_reset_end() - state RESET, one more reset, unless another began meanwhile */
void regs_reset_end(struct regs *regs, unsigned int epoch);

/** regs_state() - TSR_HW_STATE_* */
unsigned int regs_state(struct regs *regs);

/** regs_reset_count() - resets since power-on */
unsigned int regs_reset_count(struct regs *regs);

/**
 * regs_set_state() - change the state
 * @regs: the registers
 * @epoch: in whose name
 * @from: state it must be in
 * @to: new state
 *
 * Return: whether it was changed.
 */
bool regs_set_state(struct regs *regs, unsigned int epoch, unsigned int from, unsigned int to);

/** regs_set_boot_status() - TSR_HW_BOOT_* and its detail */
void regs_set_boot_status(struct regs *regs, unsigned int epoch, uint32_t status,
			  uint32_t detail);

/** regs_set_fatal() - the core stopped: state FATAL; returns whether it was not before */
bool regs_set_fatal(struct regs *regs, unsigned int epoch, const struct regs_fatal *fatal);

/** regs_set_identity() - measurement and device key */
void regs_set_identity(struct regs *regs, unsigned int epoch,
		       const struct regs_identity *identity);

/** regs_set_rollback_min() - the fuses demand a newer image from now on */
void regs_set_rollback_min(struct regs *regs, uint32_t version);

/** regs_boot_args() - image and boot block the host named */
void regs_boot_args(struct regs *regs, struct regs_boot_args *args);

/** regs_quote() - what is asked for */
void regs_quote(struct regs *regs, struct regs_quote *quote);

/** regs_set_quote_status() - TSR_HW_QUOTE_* */
void regs_set_quote_status(struct regs *regs, unsigned int epoch, uint32_t status);

/** regs_inv_ring() - bus address of the invalidation ring */
uint64_t regs_inv_ring(struct regs *regs);

#endif
