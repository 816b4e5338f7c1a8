/* SPDX-License-Identifier: MIT */
/*
 * The host port: the only way by which ROM, core, engines and MMU reach host memory and
 * raise interrupts.
 *
 * Host memory is touched only inside short windows. A window holds the read side of the
 * port's lock, then a DMA window of the transport; it translates, copies and closes.
 * Invalidation and reset take the write side, so they wait for windows and never for
 * computation. Every access is made in the name of an agent, and an agent that was closed
 * or belongs to the time before a reset opens no window.
 */
#ifndef VNPU_PORT_H
#define VNPU_PORT_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mmu.h"

struct asid_table;
struct counters;
struct inject;
struct local;
struct port;
struct record;
struct replay;
struct sanitizer;
struct vfu;

/* An access of a closed agent: nothing happened and the result is not used. */
#define PORT_CLOSED (-1)

/* Agents that are no engine. */
#define PORT_AGENT_ROM 0x100
#define PORT_AGENT_CORE 0x101
#define PORT_AGENT_MMU 0x102
#define PORT_AGENT_QUOTE 0x103

/**
 * struct port_agent - in whose name an access is made
 * @id: engine instance or PORT_AGENT_*
 * @asid: address space, 0 for bus addresses
 * @serial: number of the node an engine runs, for records
 * @epoch: port_epoch() when its work began
 * @closed: set by port_close()
 */
struct port_agent {
	unsigned int id;
	unsigned int asid;
	uint64_t serial;
	unsigned int epoch;
	atomic_bool closed;
};

/**
 * struct port_rows - what to copy
 * @va: address in the agent's address space
 * @stride: distance of rows there
 * @rows: rows, not zero
 * @n: bytes of a row
 * @buf: private memory
 * @buf_stride: distance of rows there
 */
struct port_rows {
	uint64_t va;
	uint64_t stride;
	size_t rows;
	size_t n;
	void *buf;
	size_t buf_stride;
};

/**
 * struct port_config - what a port works with
 * @vfu: transport; NULL when @replay is set
 * @asids: address-space table
 * @local: local memory, NULL for none
 * @counters: counters
 * @sanitizer: DMA sanitizer
 * @inject: faults to make
 * @record: recorder
 * @replay: NULL, or what answers in place of a host
 * @unkind: keep translations until they are invalidated; take the time that the manual allows
 */
struct port_config {
	struct vfu *vfu;
	const struct asid_table *asids;
	struct local *local;
	struct counters *counters;
	struct sanitizer *sanitizer;
	struct inject *inject;
	struct record *record;
	struct replay *replay;
	bool unkind;
};

/** port_create() - make a port; @config is copied; NULL without memory */
struct port *port_create(const struct port_config *config);

/** port_destroy() - free it or NULL */
void port_destroy(struct port *port);

/** port_epoch() - resets so far; agents are made with it */
unsigned int port_epoch(const struct port *port);

/** port_reset() - end all agents, wait for open windows, and discard local memory's contents */
void port_reset(struct port *port);

/** port_set_gone() - no access and no interrupt gets out any more, or they do again */
void port_set_gone(struct port *port, bool gone);

/** port_close() - end one agent; when it returns no access of it is under way */
void port_close(struct port *port, struct port_agent *agent);

/**
 * port_invalidate() - wait for open windows: no translation is kept beyond one
 * @port: the port
 * @asid: address space
 * @va: first address
 * @size: bytes; UINT64_MAX for the whole address space
 *
 * The sanitizer learns of it before another window opens, for what that one translates is good.
 */
void port_invalidate(struct port *port, uint32_t asid, uint64_t va, uint64_t size);

/**
 * port_copy() - copy between the device and host memory, or its local memory
 * @port: the port
 * @agent: in whose name; from several threads at once
 * @access: MMU_READ and MMU_FETCH copy from the host, MMU_WRITE to it
 * @rows: what
 * @fault: first address that failed; rows and bytes before it may have been copied
 *
 * Naturally aligned copies of up to 8 bytes are single accesses; copies of one thread
 * are seen in program order.
 *
 * Return: TSR_HW_ERR_NONE, TSR_HW_ERR_FAULT_* or PORT_CLOSED.
 */
int port_copy(struct port *port, const struct port_agent *agent, enum mmu_access access,
	      const struct port_rows *rows, uint64_t *fault);

/** port_copy_bytes() - port_copy() of one row */
int port_copy_bytes(struct port *port, const struct port_agent *agent, enum mmu_access access,
		    uint64_t va, void *buf, size_t n, uint64_t *fault);

/**
 * port_put() - write memory in the name of a unit that is no part of what a record repeats
 * @port: the port
 * @agent: the unit
 * @address: bus address
 * @buf: the bytes
 * @n: how many
 *
 * Return: as port_copy(). A replay writes nothing.
 */
int port_put(struct port *port, const struct port_agent *agent, uint64_t address, const void *buf,
	     size_t n);

/**
 * port_window_open() - open a window, to use memory where it is
 * @port: the port
 * @agent: in whose name; from several threads at once
 * @token: result, for port_window_used()
 *
 * No other access by this thread until port_window_close(), which must follow within some ten
 * microseconds: invalidations wait for it.
 *
 * Return: whether it is open. It is not when accesses are recorded, replayed or spoilt, for which
 * they must be copies.
 */
bool port_window_open(struct port *port, const struct port_agent *agent, uint64_t *token);

/**
 * port_window_cursor() - a cursor for port_window_find(), good until the window closes
 * @port: the port
 * @agent: as the window's
 * @access: MMU_READ or MMU_WRITE
 */
struct mmu_cursor port_window_cursor(const struct port *port, const struct port_agent *agent,
				     enum mmu_access access);

/**
 * port_window_find() - where memory is
 * @port: the port
 * @cursor: of port_window_cursor()
 * @va: address
 * @len: in: bytes wanted, not zero; out: bytes that follow there, not more
 *
 * Return: its address here, NULL if it is not mapped so or is none of the host.
 */
char *port_window_find(struct port *port, struct mmu_cursor *cursor, uint64_t va, size_t *len);

/**
 * port_window_used() - tell which memory was used, before the window closes
 * @port: the port
 * @agent: as the window's
 * @access: how
 * @token: of port_window_open()
 * @va: first address
 * @n: bytes
 */
void port_window_used(struct port *port, const struct port_agent *agent, enum mmu_access access,
		      uint64_t token, uint64_t va, uint64_t n);

/** port_window_close() - close this thread's window */
void port_window_close(struct port *port);

/**
 * port_is_local() - whether a page is one of local memory
 * @port: the port
 * @agent: in whose address space; on the simulation thread
 * @va: an address in the page
 *
 * As the page tables say now. What is not mapped, or not for any access, is not, and is no fault.
 */
bool port_is_local(struct port *port, const struct port_agent *agent, uint64_t va);

/**
 * port_version() - a number for what a range holds
 * @port: the port
 * @agent: in whose address space; from several threads at once
 * @va: first address
 * @n: bytes, at least 1
 *
 * Two calls that return the same one, other than 0, found the same bytes there: page tables promise
 * it.
 *
 * Return: 0 if they do not, for more than 16 MiB, or when accesses are recorded, replayed or
 * spoilt.
 */
uint64_t port_version(struct port *port, const struct port_agent *agent, uint64_t va, uint64_t n);

/**
 * port_progress() - add to a progress word
 * @port: the port
 * @agent: an engine's agent
 * @address: bus address of the word
 * @blocks: blocks retired
 */
void port_progress(struct port *port, const struct port_agent *agent, uint64_t address,
		   uint64_t blocks);

/** port_raise() - raise an interrupt vector in the name of @agent; an unkind device may hold it */
void port_raise(struct port *port, const struct port_agent *agent, unsigned int vector);

/** port_late() - is an interrupt held, so that port_catch_up() is due some time? */
bool port_late(struct port *port);

/** port_catch_up() - raise what is held; some of it stays held, to be raised once more */
void port_catch_up(struct port *port);

/** port_repeat() - of an unkind device in reset: what it wrote last it writes once more */
void port_repeat(struct port *port);

/** port_drop_late() - nothing of what was written is written once more */
void port_drop_late(struct port *port);

#endif
