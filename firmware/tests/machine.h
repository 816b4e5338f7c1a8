/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/*
 * The peripherals of tsr_hw/core.h as far as firmware logic can tell: host memory behind
 * address spaces, copy engine, engines that end when a test says so, doorbells.
 */
#ifndef TESTS_MACHINE_H
#define TESTS_MACHINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MACHINE_PAGE 4096u
#define MACHINE_PHYSICAL (16u << 20)	/* host memory, addresses from 0 */
#define MACHINE_VIRTUAL (16u << 20)	/* every address space ends here */
#define MACHINE_SPACES 8u
#define MACHINE_ENGINES 6u
#define MACHINE_SCRATCHPAD 0x70000u	/* bytes of each tile */

#define MAP_READ 1u
#define MAP_WRITE 2u
#define MAP_FETCH 4u

/* Back to power-on, with @tensor tiles, then @dma engines. */
void machine_reset(uint32_t tensor, uint32_t dma);

/* Host memory, for the test's own use. */
void *machine_memory(uint64_t physical);

/* Map whole pages; permissions 0 unmap. */
void machine_map(uint32_t asid, uint64_t va, uint64_t physical, uint32_t size, uint32_t allowed);

/* Make a physical page answer nothing, or answer again. */
void machine_break_page(uint64_t physical, bool broken);

void machine_ring(uint32_t page, uint32_t index);

/* Run firmware until it would wait for an event; fails the test when it never does. */
void machine_settle(void);

/* One turn only. */
void machine_turn(void);

uint64_t machine_cycles(void);
void machine_advance(uint64_t cycles);

uint32_t machine_raised(uint32_t vector);
uint32_t machine_state(void);
uint32_t machine_boot_status(void);
uint32_t machine_boot_detail(void);
void machine_set_boot_block(uint64_t physical);

/* What an engine was started with. */
struct machine_node {
	uint32_t asid;
	uint32_t queue;
	uint32_t node;
	uint64_t stream;
	uint32_t stream_size;
	uint64_t program;
	uint64_t budget;
	uint64_t progress;
	uint64_t slot0;		/* address of the first slot, 0 when there is none */
	const uint64_t *parameters;
	uint32_t parameter_count;
	uint32_t flags;
	uint32_t resident;	/* bytes that are bound */
	uint32_t ring;
	bool entered;		/* not started */
};

bool machine_busy(uint32_t instance);
const struct machine_node *machine_running(uint32_t instance);

/* What an engine reports at its end; @shared of its cycles it would not take alone. */
struct machine_result {
	uint32_t error;
	uint64_t cycles;
	uint64_t shared;
	uint64_t blocks;
	uint64_t fault;
	uint32_t range;
};

/*
 * End a busy engine's node; a result of NULL is success after 100 cycles and one
 * block, of a binding none.
 */
void machine_end(uint32_t instance, const struct machine_result *result);

/* An idle engine says DONE for no reason. */
void machine_glitch(uint32_t instance);

/* Nodes that an engine has places for. */
uint32_t machine_entered(uint32_t instance);

/* Nodes started since the reset, and aborted ones. */
uint32_t machine_started(void);
uint32_t machine_aborted(void);

/* Called at every start, before the firmware goes on; may be NULL. */
void machine_on_start(void (*hook)(uint32_t instance, const struct machine_node *node));

/* Called when a group is bound: a node NODE_NONE is busy then. */
void machine_on_bind(void (*hook)(uint32_t instance, const struct machine_node *binding));

/* Called before every copy the firmware makes; lets a test act as a racing host. */
void machine_on_copy(void (*hook)(uint32_t control, uint32_t asid, uint64_t address));

#endif
