// SPDX-License-Identifier: MIT
#include "regs.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <tsr_hw/boot.h>
#include <tsr_hw/fuse.h>
#include <tsr_hw/mmu.h>
#include <tsr_hw/program.h>
#include <tsr_hw/quote.h>
#include <tsr_hw/registers.h>

#include "asid.h"
#include "counters.h"
#include "doorbell.h"

#define PHYS_BITS 52u

/* The core keeps tables of so many nodes, successors, slots and parameters. */
#define NODES_LOG2 14u
#define EDGES_LOG2 16u
#define SLOTS_LOG2 10u
#define PARAMETERS_LOG2 8u
#define PROGRAM_LIMITS \
	(PARAMETERS_LOG2 << 24 | SLOTS_LOG2 << 16 | EDGES_LOG2 << 8 | NODES_LOG2)

_Static_assert(TSR_HW_MAX_NODES == 1u << NODES_LOG2, "as PROGRAM_LIMITS says");
_Static_assert(TSR_HW_MAX_EDGES == (1u << EDGES_LOG2) - 1u, "as PROGRAM_LIMITS says");
_Static_assert(TSR_HW_MAX_SLOTS == 1u << SLOTS_LOG2, "as PROGRAM_LIMITS says");
_Static_assert(TSR_HW_MAX_PARAMETERS == 1u << PARAMETERS_LOG2, "as PROGRAM_LIMITS says");

#define ASID_ROOT_END TSR_HW_REG_ASID_ROOT_LO(TSR_HW_ASID_COUNT)
#define NONCE_END (TSR_HW_REG_QUOTE_NONCE + sizeof(((struct regs *)0)->quote_nonce))
#define IDENTITY_END (TSR_HW_REG_MEASUREMENT + sizeof(struct regs_identity))

/* A 64-bit register that is written low word first. */
struct wide {
	uint64_t val;
	uint32_t low;
};

struct regs {
	struct regs_config config;
	pthread_mutex_t lock;	/* protects all below */
	struct tsr_hw_fuses fuses;
	unsigned int epoch;
	unsigned int state;
	unsigned int resets;
	unsigned int reads_left;	/* of a reset that ends with the one behind them */
	uint32_t boot_status;
	uint32_t boot_detail;
	struct wide image;
	uint32_t image_size;
	struct wide boot_block;
	struct wide inv_ring;
	uint8_t quote_nonce[32];
	struct wide quote_address;
	uint32_t quote_status;
	struct regs_fatal fatal;
	struct regs_identity identity;
	uint32_t timestamp_hi;
	uint32_t cycles_hi;
};

struct regs *regs_create(const struct regs_config *config)
{
	struct regs *regs = calloc(1, sizeof(*regs));

	if (!regs)
		return NULL;
	regs->config = *config;
	regs->fuses = *config->fuses;
	pthread_mutex_init(&regs->lock, NULL);
	return regs;
}

void regs_destroy(struct regs *regs)
{
	if (!regs)
		return;
	pthread_mutex_destroy(&regs->lock);
	free(regs);
}

static uint32_t latch(uint64_t val, uint32_t *high)
{
	*high = val >> 32;
	return (uint32_t)val;
}

static uint64_t timestamp(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static uint32_t word_of(const void *bytes, uint64_t offset)
{
	uint32_t word;

	memcpy(&word, (const char *)bytes + offset, sizeof(word));
	return word;
}

/* Ranges of words. Return: false when @offset is in none of them. */
static bool read_range(struct regs *regs, uint64_t offset, uint32_t *val)
{
	if (offset >= TSR_HW_REG_ASID_ROOT_LO(0) && offset < ASID_ROOT_END) {
		*val = asid_table_read(regs->config.asids,
				       (offset - TSR_HW_REG_ASID_ROOT_LO(0)) / 4);
		return true;
	}
	if (offset >= TSR_HW_REG_FUSES && offset < TSR_HW_REG_FUSES + TSR_HW_REG_FUSES_SIZE) {
		offset -= TSR_HW_REG_FUSES;
		*val = offset < sizeof(struct tsr_hw_fuses) ?
			       word_of(&regs->fuses, offset) : 0;
		return true;
	}
	if (offset >= TSR_HW_REG_MEASUREMENT && offset < IDENTITY_END) {
		*val = word_of(&regs->identity, offset - TSR_HW_REG_MEASUREMENT);
		return true;
	}
	if (offset >= TSR_HW_REG_QUOTE_NONCE && offset < NONCE_END) {
		*val = word_of(regs->quote_nonce, offset - TSR_HW_REG_QUOTE_NONCE);
		return true;
	}
	return false;
}

/* Facts that never change. */
static bool read_constant(struct regs *regs, uint64_t offset, uint32_t *val)
{
	switch (offset) {
	case TSR_HW_REG_ID:
		*val = TSR_HW_ID_MAGIC;
		return true;
	case TSR_HW_REG_VERSION:
		*val = TSR_HW_VERSION_1_0;
		return true;
	case TSR_HW_REG_CAPS:
		*val = regs->config.caps;
		return true;
	case TSR_HW_REG_ADDRESS:
		*val = TSR_HW_VA_BITS << 8 | PHYS_BITS;
		return true;
	case TSR_HW_REG_DOORBELL:
		*val = DOORBELL_PAGES << 8 | DOORBELL_STRIDE_LOG2;
		return true;
	case TSR_HW_REG_ASIDS:
		*val = TSR_HW_ASID_COUNT;
		return true;
	case TSR_HW_REG_QUEUES:
		*val = DOORBELLS_PER_PAGE << 16 | DOORBELL_QUEUES;
		return true;
	case TSR_HW_REG_VECTORS:
		*val = regs->config.vectors;
		return true;
	case TSR_HW_REG_TIME_SCALE:
		*val = regs->config.time_scale;
		return true;
	case TSR_HW_REG_CLOCK_KHZ:
		*val = regs->fuses.clock_khz;
		return true;
	case TSR_HW_REG_PROGRAM_LIMITS:
		*val = PROGRAM_LIMITS;
		return true;
	}
	return false;
}

static bool read_time(struct regs *regs, uint64_t offset, uint32_t *val)
{
	switch (offset) {
	case TSR_HW_REG_TIMESTAMP_LO:
		*val = latch(timestamp(), &regs->timestamp_hi);
		return true;
	case TSR_HW_REG_TIMESTAMP_HI:
		*val = regs->timestamp_hi;
		return true;
	case TSR_HW_REG_CYCLES_LO:
		*val = latch(atomic_load(regs->config.cycles), &regs->cycles_hi);
		return true;
	case TSR_HW_REG_CYCLES_HI:
		*val = regs->cycles_hi;
		return true;
	}
	return false;
}

static void clear(struct regs *regs)
{
	regs->boot_status = 0;
	regs->boot_detail = 0;
	regs->image = (struct wide){ 0 };
	regs->image_size = 0;
	regs->boot_block = (struct wide){ 0 };
	regs->inv_ring = (struct wide){ 0 };
	memset(regs->quote_nonce, 0, sizeof(regs->quote_nonce));
	regs->quote_address = (struct wide){ 0 };
	regs->quote_status = TSR_HW_QUOTE_IDLE;
	regs->timestamp_hi = 0;
	regs->cycles_hi = 0;
	memset(&regs->fatal, 0, sizeof(regs->fatal));
	memset(&regs->identity, 0, sizeof(regs->identity));
	asid_table_reset(regs->config.asids);
}

static void end_reset(struct regs *regs)
{
	regs->state = TSR_HW_STATE_RESET;
	regs->quote_status = TSR_HW_QUOTE_IDLE;
	regs->resets++;
}

/* A reset that takes its time ends before the host may see that it has. */
static void read_in_reset(struct regs *regs)
{
	if (!regs->reads_left || --regs->reads_left)
		return;
	/* What was written meanwhile is gone. */
	clear(regs);
	end_reset(regs);
}

static bool read_state(struct regs *regs, uint64_t offset, uint32_t *val)
{
	switch (offset) {
	case TSR_HW_REG_STATUS:
		read_in_reset(regs);
		*val = (regs->resets & 0xffff) << 16 | regs->state;
		return true;
	case TSR_HW_REG_BOOT_STATUS:
		*val = regs->boot_status;
		return true;
	case TSR_HW_REG_BOOT_DETAIL:
		*val = regs->boot_detail;
		return true;
	case TSR_HW_REG_FATAL_CAUSE:
		*val = regs->fatal.cause;
		return true;
	case TSR_HW_REG_FATAL_PC:
		*val = regs->fatal.pc;
		return true;
	case TSR_HW_REG_FATAL_VALUE:
		*val = regs->fatal.value;
		return true;
	case TSR_HW_REG_QUOTE_STATUS:
		*val = regs->quote_status;
		return true;
	}
	return false;
}

static bool read_setting(struct regs *regs, uint64_t offset, uint32_t *val)
{
	switch (offset) {
	case TSR_HW_REG_FW_ADDR_LO:
		*val = (uint32_t)regs->image.val;
		return true;
	case TSR_HW_REG_FW_ADDR_HI:
		*val = regs->image.val >> 32;
		return true;
	case TSR_HW_REG_FW_SIZE:
		*val = regs->image_size;
		return true;
	case TSR_HW_REG_BOOT_BLOCK_LO:
		*val = (uint32_t)regs->boot_block.val;
		return true;
	case TSR_HW_REG_BOOT_BLOCK_HI:
		*val = regs->boot_block.val >> 32;
		return true;
	case TSR_HW_REG_INV_RING_LO:
		*val = (uint32_t)regs->inv_ring.val;
		return true;
	case TSR_HW_REG_INV_RING_HI:
		*val = regs->inv_ring.val >> 32;
		return true;
	case TSR_HW_REG_QUOTE_ADDR_LO:
		*val = (uint32_t)regs->quote_address.val;
		return true;
	case TSR_HW_REG_QUOTE_ADDR_HI:
		*val = regs->quote_address.val >> 32;
		return true;
	}
	return false;
}

uint64_t regs_read(struct regs *regs, uint64_t offset, unsigned int size)
{
	uint32_t val = 0;
	bool known;

	pthread_mutex_lock(&regs->lock);
	known = size == sizeof(uint32_t) &&
		(read_constant(regs, offset, &val) || read_time(regs, offset, &val) ||
		 read_state(regs, offset, &val) || read_setting(regs, offset, &val) ||
		 read_range(regs, offset, &val));
	pthread_mutex_unlock(&regs->lock);
	if (!known)
		counters_add(regs->config.counters, COUNTER_BAD_ACCESSES, 1);
	return val;
}

static void wide_commit(struct wide *wide, uint32_t high)
{
	wide->val = (uint64_t)high << 32 | wide->low;
}

/* Registers that only count in state RESET. Return: false when @offset is none. */
static bool write_boot(struct regs *regs, uint64_t offset, uint32_t val,
		       enum regs_action *action)
{
	bool open = regs->state == TSR_HW_STATE_RESET;

	switch (offset) {
	case TSR_HW_REG_FW_ADDR_LO:
		regs->image.low = val;
		return true;
	case TSR_HW_REG_FW_ADDR_HI:
		if (open)
			wide_commit(&regs->image, val);
		return true;
	case TSR_HW_REG_FW_SIZE:
		if (open)
			regs->image_size = val;
		return true;
	case TSR_HW_REG_BOOT_BLOCK_LO:
		regs->boot_block.low = val;
		return true;
	case TSR_HW_REG_BOOT_BLOCK_HI:
		if (open)
			wide_commit(&regs->boot_block, val);
		return true;
	case TSR_HW_REG_BOOT_GO:
		if (!open)
			return true;
		regs->state = TSR_HW_STATE_ROM;
		*action = REGS_BOOT;
		return true;
	}
	return false;
}

/* Return: false when @offset is none of a quote's. */
static bool write_quote(struct regs *regs, uint64_t offset, uint32_t val,
			enum regs_action *action)
{
	switch (offset) {
	case TSR_HW_REG_QUOTE_ADDR_LO:
		regs->quote_address.low = val;
		return true;
	case TSR_HW_REG_QUOTE_ADDR_HI:
		wide_commit(&regs->quote_address, val);
		return true;
	case TSR_HW_REG_QUOTE_GO:
		regs->quote_status = TSR_HW_QUOTE_BUSY;
		*action = REGS_QUOTE;
		return true;
	}
	if (offset < TSR_HW_REG_QUOTE_NONCE || offset >= NONCE_END)
		return false;
	memcpy(regs->quote_nonce + (offset - TSR_HW_REG_QUOTE_NONCE), &val, sizeof(val));
	return true;
}

static bool write_any_time(struct regs *regs, uint64_t offset, uint32_t val,
			   enum regs_action *action)
{
	switch (offset) {
	case TSR_HW_REG_CONTROL:
		if (val == TSR_HW_CONTROL_RESET)
			*action = REGS_RESET;
		return true;
	case TSR_HW_REG_INV_RING_LO:
		regs->inv_ring.low = val;
		return true;
	case TSR_HW_REG_INV_RING_HI:
		wide_commit(&regs->inv_ring, val);
		return true;
	case TSR_HW_REG_INV_DOORBELL:
		*action = REGS_INVALIDATE;
		return true;
	}
	if (offset < TSR_HW_REG_ASID_ROOT_LO(0) || offset >= ASID_ROOT_END)
		return false;
	asid_table_write(regs->config.asids, (offset - TSR_HW_REG_ASID_ROOT_LO(0)) / 4, val);
	return true;
}

enum regs_action regs_write(struct regs *regs, uint64_t offset, unsigned int size, uint64_t val)
{
	enum regs_action action = REGS_NOTHING;
	bool known;

	/* The address-space table is indexed by whole words. */
	if (size != sizeof(uint32_t) || offset % sizeof(uint32_t)) {
		counters_add(regs->config.counters, COUNTER_BAD_ACCESSES, 1);
		return REGS_NOTHING;
	}
	pthread_mutex_lock(&regs->lock);
	known = write_boot(regs, offset, (uint32_t)val, &action) ||
		write_quote(regs, offset, (uint32_t)val, &action) ||
		write_any_time(regs, offset, (uint32_t)val, &action);
	pthread_mutex_unlock(&regs->lock);
	if (!known)
		counters_add(regs->config.counters, COUNTER_BAD_ACCESSES, 1);
	return action;
}

void regs_reset_begin(struct regs *regs, unsigned int epoch)
{
	pthread_mutex_lock(&regs->lock);
	regs->epoch = epoch;
	regs->state = TSR_HW_STATE_RESETTING;
	regs->reads_left = 0;
	clear(regs);
	pthread_mutex_unlock(&regs->lock);
}

void regs_reset_end(struct regs *regs, unsigned int epoch)
{
	pthread_mutex_lock(&regs->lock);
	if (epoch == regs->epoch && regs->state == TSR_HW_STATE_RESETTING) {
		if (regs->config.reset_reads)
			regs->reads_left = regs->config.reset_reads;
		else
			end_reset(regs);
	}
	pthread_mutex_unlock(&regs->lock);
}

unsigned int regs_state(struct regs *regs)
{
	unsigned int state;

	pthread_mutex_lock(&regs->lock);
	state = regs->state;
	pthread_mutex_unlock(&regs->lock);
	return state;
}

unsigned int regs_reset_count(struct regs *regs)
{
	unsigned int resets;

	pthread_mutex_lock(&regs->lock);
	resets = regs->resets;
	pthread_mutex_unlock(&regs->lock);
	return resets;
}

bool regs_set_state(struct regs *regs, unsigned int epoch, unsigned int from, unsigned int to)
{
	bool changed;

	pthread_mutex_lock(&regs->lock);
	changed = epoch == regs->epoch && regs->state == from;
	if (changed)
		regs->state = to;
	pthread_mutex_unlock(&regs->lock);
	return changed;
}

void regs_set_boot_status(struct regs *regs, unsigned int epoch, uint32_t status,
			  uint32_t detail)
{
	pthread_mutex_lock(&regs->lock);
	if (epoch == regs->epoch) {
		regs->boot_status = status;
		regs->boot_detail = detail;
	}
	pthread_mutex_unlock(&regs->lock);
}

bool regs_set_fatal(struct regs *regs, unsigned int epoch, const struct regs_fatal *fatal)
{
	bool changed;

	pthread_mutex_lock(&regs->lock);
	changed = epoch == regs->epoch && regs->state != TSR_HW_STATE_FATAL;
	if (changed) {
		regs->state = TSR_HW_STATE_FATAL;
		regs->fatal = *fatal;
	}
	pthread_mutex_unlock(&regs->lock);
	return changed;
}

void regs_set_identity(struct regs *regs, unsigned int epoch,
		       const struct regs_identity *identity)
{
	pthread_mutex_lock(&regs->lock);
	if (epoch == regs->epoch)
		regs->identity = *identity;
	pthread_mutex_unlock(&regs->lock);
}

void regs_quote(struct regs *regs, struct regs_quote *quote)
{
	pthread_mutex_lock(&regs->lock);
	*quote = (struct regs_quote){
		.epoch = regs->epoch, .address = regs->quote_address.val,
		.identity = regs->identity, .fuses = regs->fuses,
	};
	memcpy(quote->nonce, regs->quote_nonce, sizeof(quote->nonce));
	pthread_mutex_unlock(&regs->lock);
}

void regs_set_quote_status(struct regs *regs, unsigned int epoch, uint32_t status)
{
	pthread_mutex_lock(&regs->lock);
	if (epoch == regs->epoch)
		regs->quote_status = status;
	pthread_mutex_unlock(&regs->lock);
}

void regs_set_rollback_min(struct regs *regs, uint32_t version)
{
	pthread_mutex_lock(&regs->lock);
	regs->fuses.rollback_min = version;
	pthread_mutex_unlock(&regs->lock);
}

void regs_boot_args(struct regs *regs, struct regs_boot_args *args)
{
	pthread_mutex_lock(&regs->lock);
	args->image = regs->image.val;
	args->image_size = regs->image_size;
	args->boot_block = regs->boot_block.val;
	pthread_mutex_unlock(&regs->lock);
}

uint64_t regs_inv_ring(struct regs *regs)
{
	uint64_t ring;

	pthread_mutex_lock(&regs->lock);
	ring = regs->inv_ring.val;
	pthread_mutex_unlock(&regs->lock);
	return ring;
}
