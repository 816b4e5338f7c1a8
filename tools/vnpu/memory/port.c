// SPDX-License-Identifier: MIT
#include "port.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <tsr_hw/error.h>

#include "counters.h"
#include "dma.h"
#include "inject.h"
#include "invalidation.h"
#include "local.h"
#include "sanitize.h"
#include "smaller.h"
#include "timing.h"
#include "tlb.h"
#include "trace/record.h"
#include "trace/replay.h"
#include "versions.h"
#include "vfu/vfu.h"

/* A window is open for some ten microseconds: what an invalidation has to wait at most. */
#define WINDOW_BYTES (256u * 1024)
#define WINDOW_ROWS 4096u
#define WINDOW_PAGES 512u

/* What is fetched of a page before it is copied. */
#define LINE_BYTES 64u
#define AHEAD_BYTES (8 * LINE_BYTES)

/* A range of more bytes gets no version: to look at its pages takes some hundred microseconds. */
#define VERSION_BYTES (16ull << 20)

/* What chooses the moments of an unkind device: the same in every run. */
#define TIMING_SEED 1u

struct port {
	struct port_config config;
	struct versions *versions;
	struct tlb *tlb;	/* NULL: translations end with their window */
	struct timing *timing;	/* NULL: what the core publishes is seen at once */
	/*
	 * Windows hold the read side. It is taken before the transport's DMA window;
	 * writers are preferred, or a busy tile would starve an invalidation.
	 */
	pthread_rwlock_t access;
	atomic_uint epoch;
	bool gone;		/* under the lock */
};

static void destroy_parts(struct port *port)
{
	timing_destroy(port->timing);
	tlb_destroy(port->tlb);
	versions_destroy(port->versions);
	free(port);
}

struct port *port_create(const struct port_config *config)
{
	struct port *port = calloc(1, sizeof(*port));
	pthread_rwlockattr_t attr;

	if (!port)
		return NULL;
	port->config = *config;
	port->versions = versions_create();
	if (config->unkind) {
		port->tlb = tlb_create();
		port->timing = timing_create(TIMING_SEED);
	}
	if (!port->versions || (config->unkind && (!port->tlb || !port->timing))) {
		destroy_parts(port);
		return NULL;
	}
	pthread_rwlockattr_init(&attr);
	pthread_rwlockattr_setkind_np(&attr, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
	pthread_rwlock_init(&port->access, &attr);
	pthread_rwlockattr_destroy(&attr);
	return port;
}

void port_destroy(struct port *port)
{
	if (!port)
		return;
	pthread_rwlock_destroy(&port->access);
	destroy_parts(port);
}

unsigned int port_epoch(const struct port *port)
{
	return atomic_load(&port->epoch);
}

/* Called with the write side held: no window is open. */
static void invalidated(struct port *port, const struct invalidation *inv)
{
	sanitizer_invalidated(port->config.sanitizer, inv);
	versions_invalidated(port->versions, inv);
	if (port->tlb)
		tlb_invalidated(port->tlb, inv);
}

void port_invalidate(struct port *port, uint32_t asid, uint64_t va, uint64_t size)
{
	pthread_rwlock_wrlock(&port->access);
	invalidated(port, &(struct invalidation){ asid, va, size });
	pthread_rwlock_unlock(&port->access);
}

void port_reset(struct port *port)
{
	pthread_rwlock_wrlock(&port->access);
	atomic_fetch_add(&port->epoch, 1);
	invalidated(port, &(struct invalidation){ INVALIDATION_ALL_ASIDS, 0, UINT64_MAX });
	local_reset(port->config.local);
	if (port->timing)
		timing_drop_interrupts(port->timing);
	pthread_rwlock_unlock(&port->access);
}

void port_set_gone(struct port *port, bool gone)
{
	pthread_rwlock_wrlock(&port->access);
	port->gone = gone;
	pthread_rwlock_unlock(&port->access);
}

void port_close(struct port *port, struct port_agent *agent)
{
	atomic_store(&agent->closed, true);
	pthread_rwlock_wrlock(&port->access);
	pthread_rwlock_unlock(&port->access);
}

static bool agent_open(const struct port *port, const struct port_agent *agent)
{
	return !atomic_load(&agent->closed) && agent->epoch == port_epoch(port);
}

/* Return: TSR_HW_ERR_NONE with a window open; without one PORT_CLOSED or TSR_HW_ERR_FAULT_BUS. */
static int window_open(struct port *port, const struct port_agent *agent)
{
	int error = PORT_CLOSED;

	pthread_rwlock_rdlock(&port->access);
	if (agent_open(port, agent)) {
		if (!port->gone && vfu_dma_window_open(port->config.vfu) == 0)
			return TSR_HW_ERR_NONE;
		error = TSR_HW_ERR_FAULT_BUS;
	}
	pthread_rwlock_unlock(&port->access);
	return error;
}

static void window_close(struct port *port)
{
	vfu_dma_window_close(port->config.vfu);
	pthread_rwlock_unlock(&port->access);
}

/* Where a copy stands: the next byte is @offset of @row. */
struct position {
	size_t row;
	size_t offset;
};

static int map(struct port *port, struct mmu_cursor *cursor, uint64_t va, size_t *len,
	       struct mmu_place *place)
{
	unsigned int access = cursor->access == MMU_WRITE ? VFU_DMA_WRITE : VFU_DMA_READ;

	if (cursor->asid)
		return mmu_map(cursor, va, len, place);
	place->host = vfu_dma_translate(port->config.vfu, va, access, len);
	return place->host ? TSR_HW_ERR_NONE : TSR_HW_ERR_FAULT_BUS;
}

static int move(struct port *port, enum mmu_access access, const struct mmu_place *place,
		void *buf, size_t len)
{
	if (!place->host && access == MMU_WRITE)
		return local_write(port->config.local, place->local, buf, len);
	if (!place->host)
		local_read(port->config.local, place->local, buf, len);
	else if (access == MMU_WRITE)
		dma_move_out(place->host, buf, len);
	else
		dma_move_in(buf, place->host, len);
	return TSR_HW_ERR_NONE;
}

/* Bytes that follow each other in memory, or why there are none. */
struct stretch {
	struct mmu_place place;
	size_t len;
	int error;
};

static struct stretch stretch_at(struct port *port, struct mmu_cursor *cursor, uint64_t va,
				 size_t most)
{
	struct stretch stretch = { .len = most };

	if (most)
		stretch.error = map(port, cursor, va, &stretch.len, &stretch.place);
	return stretch;
}

/*
 * What a processor fetches ahead ends with a page, so the begin of the next one is asked for
 * while this one is copied.
 */
static void fetch_ahead(const struct stretch *stretch)
{
	if (stretch->error || !stretch->place.host)
		return;
	for (size_t at = 0; at < AHEAD_BYTES && at < stretch->len; at += LINE_BYTES)
		__builtin_prefetch(stretch->place.host + at);
}

static int copy_row(struct port *port, struct mmu_cursor *cursor, uint64_t va, char *buf,
		    size_t n, uint64_t *fault)
{
	uint64_t token = sanitizer_token(port->config.sanitizer);
	uint64_t first = va;
	struct stretch stretch = stretch_at(port, cursor, va, n);

	while (n) {
		size_t len = stretch.len;
		struct stretch next = { 0 };

		if (!stretch.error) {
			next = stretch_at(port, cursor, va + len, n - len);
			fetch_ahead(&next);
			stretch.error = move(port, cursor->access, &stretch.place, buf, len);
		}
		if (stretch.error) {
			*fault = va;
			return stretch.error;
		}
		n -= len;
		va += len;
		buf += len;
		stretch = next;
	}
	if (cursor->asid)
		sanitizer_check(port->config.sanitizer, token, cursor->asid, first,
				va - first);
	return TSR_HW_ERR_NONE;
}

/* Copy as much as one window may. */
static int copy_window(struct port *port, struct mmu_cursor *cursor,
		       const struct port_rows *rows, struct position *at, uint64_t *fault)
{
	size_t bytes = WINDOW_BYTES;
	int error;

	for (unsigned int i = 0; i < WINDOW_ROWS && bytes && at->row < rows->rows; i++) {
		size_t n = smaller(rows->n - at->offset, bytes);

		error = copy_row(port, cursor, rows->va + at->row * rows->stride + at->offset,
				 (char *)rows->buf + at->row * rows->buf_stride + at->offset,
				 n, fault);
		if (error)
			return error;
		bytes -= n;
		at->offset += n;
		if (at->offset == rows->n) {
			at->offset = 0;
			at->row++;
		}
	}
	return TSR_HW_ERR_NONE;
}

static struct mmu_cursor cursor_of(const struct port *port, const struct port_agent *agent,
				   enum mmu_access access)
{
	return (struct mmu_cursor){
		.vfu = port->config.vfu,
		.asids = port->config.asids,
		.asid = agent->asid,
		.access = access,
		.local_size = local_size(port->config.local),
		.tlb = port->tlb,
	};
}

static int copy_live(struct port *port, const struct port_agent *agent, enum mmu_access access,
		     const struct port_rows *rows, uint64_t *fault)
{
	struct position at = { 0 };
	int error = TSR_HW_ERR_NONE;

	while (!error && at.row < rows->rows) {
		struct mmu_cursor cursor = cursor_of(port, agent, access);

		error = window_open(port, agent);
		if (error) {
			*fault = rows->va + at.row * rows->stride + at.offset;
			break;
		}
		error = copy_window(port, &cursor, rows, &at, fault);
		window_close(port);
	}
	return error;
}

static void count(struct port *port, enum mmu_access access, const struct port_rows *rows,
		  int error)
{
	if (error > 0)
		counters_add(port->config.counters, COUNTER_FAULTS, 1);
	if (error)
		return;
	counters_add(port->config.counters, access == MMU_WRITE ? COUNTER_DMA_WRITTEN_BYTES :
		     COUNTER_DMA_READ_BYTES, rows->rows * rows->n);
}

/* Whether an access is of a word or a structure that core and host share. */
static bool shares(const struct port_agent *agent, const struct port_rows *rows)
{
	return agent->id == PORT_AGENT_CORE && agent->asid == 0 && rows->rows == 1 &&
	       rows->n <= TIMING_BYTES;
}

static int raise_now(struct port *port, unsigned int vector)
{
	return port->gone ? -1 : vfu_irq_raise(port->config.vfu, vector);
}

static void count_raise(struct port *port, unsigned int vector, int error)
{
	if (error)
		counters_add(port->config.counters, COUNTER_INTERRUPTS_DROPPED, 1);
	else
		counters_add(port->config.counters, COUNTER_INTERRUPTS_0 + (vector != 0), 1);
}

bool port_late(struct port *port)
{
	return port->timing && timing_holds(port->timing);
}

/* Under the lock, which a reset takes to drop what is held. */
void port_catch_up(struct port *port)
{
	if (!port->timing)
		return;
	pthread_rwlock_rdlock(&port->access);
	for (unsigned int vector = 0, due = timing_due(port->timing); due >> vector; vector++)
		if (due >> vector & 1)
			count_raise(port, vector, raise_now(port, vector));
	pthread_rwlock_unlock(&port->access);
}

/* An interrupt that tells nothing new. */
static void raise_stray(struct port *port, const struct port_agent *agent)
{
	unsigned int vector;

	if (!timing_stray(port->timing, &vector))
		return;
	pthread_rwlock_rdlock(&port->access);
	if (agent_open(port, agent))
		count_raise(port, vector, raise_now(port, vector));
	pthread_rwlock_unlock(&port->access);
}

/* Time for the host, with a reason to look at what is there by now. */
static void pause_core(struct port *port, const struct port_agent *agent,
		       enum timing_place place)
{
	unsigned int us = timing_pause(port->timing, place);

	if (!us)
		return;
	port_catch_up(port);
	raise_stray(port, agent);
	usleep(us);
}

static void remember(struct port *port, const struct port_agent *agent,
		     const struct port_rows *rows)
{
	struct timing_write write = { .epoch = agent->epoch, .address = rows->va, .n = rows->n };

	memcpy(write.bytes, rows->buf, rows->n);
	timing_wrote(port->timing, &write);
}

/* Of a completion slot the sequence number comes first: only the completed word makes it valid. */
static int copy_published(struct port *port, const struct port_agent *agent,
			  const struct port_rows *rows, uint64_t *fault)
{
	struct port_rows part = *rows;
	int error;

	pause_core(port, agent, TIMING_BEFORE);
	if (rows->n == TIMING_BYTES) {
		part.n = TIMING_FIRST_BYTES;
		error = copy_live(port, agent, MMU_WRITE, &part, fault);
		if (error)
			return error;
		pause_core(port, agent, TIMING_WITHIN);
		part.va += TIMING_FIRST_BYTES;
		part.buf = (char *)rows->buf + TIMING_FIRST_BYTES;
		part.n = rows->n - TIMING_FIRST_BYTES;
	}
	error = copy_live(port, agent, MMU_WRITE, &part, fault);
	if (!error)
		remember(port, agent, rows);
	return error;
}

static void repeat(struct port *port, struct timing_write *write)
{
	const struct port_agent agent = { .id = PORT_AGENT_CORE, .epoch = port_epoch(port) };
	const struct port_rows rows = {
		.va = write->address, .rows = 1, .n = write->n, .buf = write->bytes,
	};
	uint64_t fault;

	/* Of an earlier device the memory is the host's. */
	if (write->epoch + 1 == agent.epoch)
		(void)copy_live(port, &agent, MMU_WRITE, &rows, &fault);
}

void port_repeat(struct port *port)
{
	struct timing_write write;

	for (unsigned int i = 0; port->timing && timing_last(port->timing, i, &write); i++)
		repeat(port, &write);
}

void port_drop_late(struct port *port)
{
	if (port->timing)
		timing_drop_writes(port->timing);
}

/* What firmware publishes, changed on its way if that is wanted. */
static int copy_spoilt(struct port *port, const struct port_agent *agent,
		       const struct port_rows *rows, uint64_t *fault)
{
	_Alignas(8) uint8_t bytes[TIMING_BYTES];
	struct port_rows spoilt = *rows;

	memcpy(bytes, rows->buf, rows->n);
	inject_corrupt(port->config.inject, bytes, rows->n);
	spoilt.buf = bytes;
	if (port->timing)
		return copy_published(port, agent, &spoilt, fault);
	return copy_live(port, agent, MMU_WRITE, &spoilt, fault);
}

int port_copy(struct port *port, const struct port_agent *agent, enum mmu_access access,
	      const struct port_rows *rows, uint64_t *fault)
{
	int error;

	/* The host may be told of what was written before by what is read now. */
	if (access != MMU_WRITE)
		atomic_thread_fence(memory_order_seq_cst);
	if (port->config.replay)
		return replay_copy(port->config.replay, agent, access, rows, fault);
	if (inject_dma_error(port->config.inject, agent->id)) {
		*fault = rows->va;
		error = TSR_HW_ERR_FAULT_BUS;
	} else if (access == MMU_WRITE && shares(agent, rows)) {
		error = copy_spoilt(port, agent, rows, fault);
	} else {
		error = copy_live(port, agent, access, rows, fault);
	}
	if (port->timing && !error && access == MMU_READ && shares(agent, rows) &&
	    rows->n == TIMING_BYTES)
		timing_read(port->timing, rows->buf);
	count(port, access, rows, error);
	record_copy(port->config.record, agent, access, rows, error, *fault);
	return error;
}

int port_copy_bytes(struct port *port, const struct port_agent *agent, enum mmu_access access,
		    uint64_t va, void *buf, size_t n, uint64_t *fault)
{
	struct port_rows rows = { .va = va, .rows = 1, .n = n, .buf = buf };

	return port_copy(port, agent, access, &rows, fault);
}

int port_put(struct port *port, const struct port_agent *agent, uint64_t address, const void *buf,
	     size_t n)
{
	const struct port_rows rows = { .va = address, .rows = 1, .n = n, .buf = (void *)buf };
	uint64_t fault;
	int error;

	if (port->config.replay)
		return TSR_HW_ERR_NONE;
	error = copy_live(port, agent, MMU_WRITE, &rows, &fault);
	count(port, MMU_WRITE, &rows, error);
	return error;
}

/* Whether accesses must be copies: they are recorded, replayed or spoilt. */
static bool copies_only(const struct port *port)
{
	const struct port_config *config = &port->config;

	return config->replay || record_active(config->record) || inject_armed(config->inject);
}

bool port_window_open(struct port *port, const struct port_agent *agent, uint64_t *token)
{
	if (copies_only(port))
		return false;
	/* As for copies. */
	atomic_thread_fence(memory_order_seq_cst);
	if (window_open(port, agent))
		return false;
	*token = sanitizer_token(port->config.sanitizer);
	return true;
}

struct mmu_cursor port_window_cursor(const struct port *port, const struct port_agent *agent,
				     enum mmu_access access)
{
	return cursor_of(port, agent, access);
}

char *port_window_find(struct port *port, struct mmu_cursor *cursor, uint64_t va, size_t *len)
{
	struct mmu_place place;

	return map(port, cursor, va, len, &place) ? NULL : place.host;
}

void port_window_used(struct port *port, const struct port_agent *agent, enum mmu_access access,
		      uint64_t token, uint64_t va, uint64_t n)
{
	counters_add(port->config.counters, access == MMU_WRITE ? COUNTER_DMA_WRITTEN_BYTES :
		     COUNTER_DMA_READ_BYTES, n);
	if (agent->asid)
		sanitizer_check(port->config.sanitizer, token, agent->asid, va, n);
}

void port_window_close(struct port *port)
{
	window_close(port);
}

/* In an open window. Return: bytes from @va on that are static, @n or those of its pages; or 0. */
static uint64_t static_bytes(struct port *port, const struct port_agent *agent, uint64_t va,
			     uint64_t n)
{
	struct mmu_cursor cursor = cursor_of(port, agent, MMU_STATIC);
	const uint64_t first = va, end = va + n;

	for (unsigned int i = 0; i < WINDOW_PAGES && va < end; i++) {
		struct mmu_place place;
		size_t len = end - va;

		if (mmu_map(&cursor, va, &len, &place))
			return 0;
		va += len;
	}
	return va - first;
}

/* The range and what is known of it. */
struct version_search {
	uint64_t va;
	uint64_t n;
	uint64_t changes;	/* of versions in its first window */
	uint64_t done;		/* bytes that are static */
	uint64_t version;
};

/* In an open window. Return: whether to go on in another one. */
static bool search_on(struct port *port, const struct port_agent *agent,
		      struct version_search *search)
{
	uint64_t some = 0;

	if (!search->done) {
		search->version = versions_find(port->versions, agent->asid, search->va, search->n);
		if (search->version)
			return false;
		search->changes = versions_changes(port->versions);
	}
	/* What was static in windows before may be invalid by now. */
	if (versions_changes(port->versions) == search->changes)
		some = static_bytes(port, agent, search->va + search->done,
				    search->n - search->done);
	search->done += some;
	if (some && search->done == search->n)
		search->version = versions_add(port->versions, agent->asid, search->va, search->n);
	return some && !search->version;
}

uint64_t port_version(struct port *port, const struct port_agent *agent, uint64_t va, uint64_t n)
{
	struct version_search search = { .va = va, .n = n };
	bool goes_on = agent->asid && n <= VERSION_BYTES && !copies_only(port);

	while (goes_on && !window_open(port, agent)) {
		goes_on = search_on(port, agent, &search);
		window_close(port);
	}
	return search.version;
}

static bool maps_local(struct port *port, const struct port_agent *agent, enum mmu_access access,
		       uint64_t va)
{
	struct mmu_cursor cursor = cursor_of(port, agent, access);
	struct mmu_place place;
	size_t len = 1;

	return mmu_map(&cursor, va, &len, &place) == TSR_HW_ERR_NONE && !place.host;
}

bool port_is_local(struct port *port, const struct port_agent *agent, uint64_t va)
{
	bool local = false;

	if (port->config.replay)
		return replay_memory(port->config.replay, agent, va);
	if (!window_open(port, agent)) {
		local = maps_local(port, agent, MMU_READ, va) ||
			maps_local(port, agent, MMU_WRITE, va);
		window_close(port);
	}
	record_memory(port->config.record, agent, va, local);
	return local;
}

void port_progress(struct port *port, const struct port_agent *agent, uint64_t address,
		   uint64_t blocks)
{
	counters_add(port->config.counters, COUNTER_BLOCKS, blocks);
	if (port->config.replay || window_open(port, agent))
		return;
	dma_add64(port->config.vfu, address, blocks);
	window_close(port);
}

void port_raise(struct port *port, const struct port_agent *agent, unsigned int vector)
{
	bool held = false;
	int error = -1;

	if (port->config.replay) {
		replay_raise(port->config.replay, vector);
		return;
	}
	record_raise(port->config.record, vector);
	/* Under the lock, so that nothing is raised once a reset has returned. */
	pthread_rwlock_rdlock(&port->access);
	if (agent_open(port, agent) && !port->gone && !inject_drop_irq(port->config.inject)) {
		held = port->timing && timing_hold(port->timing, vector);
		error = held ? 0 : raise_now(port, vector);
	}
	pthread_rwlock_unlock(&port->access);
	if (!held)
		count_raise(port, vector, error);
}
