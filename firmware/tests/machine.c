// SPDX-License-Identifier: (GPL-2.0-only OR MIT)
#include "machine.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include <tsr_hw/core.h>
#include <tsr_hw/error.h>
#include <tsr_hw/program.h>
#include <tsr_hw/registers.h>
#include <tsr_hw/trace.h>

#include "port/port.h"
#include "service.h"

#define PAGES (MACHINE_PHYSICAL / MACHINE_PAGE)
#define VIRTUAL_PAGES (MACHINE_VIRTUAL / MACHINE_PAGE)

/* More turns than any test's work can need: beyond it the firmware is in an endless loop. */
#define TURN_LIMIT 2000000u

struct entry {
	struct tsr_hw_node node;
	struct tsr_hw_engine_job *job;
	uint32_t number;
	uint32_t order;			/* of its end among all ends */
};

struct engine {
	uint32_t kind;
	bool busy;
	bool done;
	bool entered;			/* what runs was entered: the entry behind those ended */
	struct entry entry[TSR_HW_ENGINE_PLACES];
	uint32_t entries;
	uint32_t ended;			/* of them, the first ones: their ends were not read */
	uint32_t resident;
	uint32_t resident_asid;
	uint32_t reg[0x100 / 4];
	struct machine_node node;
};

static struct {
	uint8_t memory[MACHINE_PHYSICAL];
	bool broken[PAGES];
	struct {
		uint32_t page;
		uint32_t allowed;
	} map[MACHINE_SPACES][VIRTUAL_PAGES];
	uint32_t copy[0x100 / 4];
	struct engine engine[MACHINE_ENGINES];
	uint32_t engines;
	uint32_t bell[64];
	uint64_t cycles;
	uint32_t cycles_high;
	uint64_t boot_block;
	uint32_t state, boot_status, boot_detail;
	uint32_t raised[8];
	uint32_t trace, record;
	bool traced;			/* each record was taken */
	uint32_t started, aborted, ends;
	void (*on_start)(uint32_t, const struct machine_node *);
	void (*on_bind)(uint32_t, const struct machine_node *);
	void (*on_copy)(uint32_t, uint32_t, uint64_t);
} m;

/* Local addresses are distances from here, so that they fit 32 bits on any host. */
static uint8_t origin;

uint32_t port_local(const void *object)
{
	intptr_t distance = (intptr_t)object - (intptr_t)&origin;

	assert_true(distance == (int32_t)distance);
	return (uint32_t)distance;
}

static void *local_pointer(uint32_t local)
{
	return (void *)((intptr_t)&origin + (int32_t)local);
}

void port_barrier(void)
{
}

void port_wait(void)
{
	fail_msg("only main() waits");
}

void machine_reset(uint32_t tensor, uint32_t dma)
{
	assert_true(tensor + dma <= MACHINE_ENGINES);
	memset(&m, 0, sizeof(m));
	m.engines = tensor + dma;
	for (uint32_t i = 0; i < m.engines; i++)
		m.engine[i].kind = i < tensor ? TSR_HW_ENGINE_TENSOR : TSR_HW_ENGINE_DMA;
	for (uint32_t i = 0; i < tensor; i++)
		m.engine[i].reg[TSR_HW_ENGINE_SCRATCHPAD / 4] = MACHINE_SCRATCHPAD;
}

void *machine_memory(uint64_t physical)
{
	assert_true(physical < MACHINE_PHYSICAL);
	return &m.memory[physical];
}

void machine_map(uint32_t asid, uint64_t va, uint64_t physical, uint32_t size, uint32_t allowed)
{
	assert_true(asid > 0 && asid < MACHINE_SPACES && va + size <= MACHINE_VIRTUAL);
	for (uint32_t i = 0; i < (size + MACHINE_PAGE - 1) / MACHINE_PAGE; i++) {
		m.map[asid][va / MACHINE_PAGE + i].page = (uint32_t)(physical / MACHINE_PAGE) + i;
		m.map[asid][va / MACHINE_PAGE + i].allowed = allowed;
	}
}

void machine_break_page(uint64_t physical, bool broken)
{
	m.broken[physical / MACHINE_PAGE] = broken;
}

void machine_ring(uint32_t page, uint32_t index)
{
	m.bell[page] |= 1u << index;
}

static uint32_t done_mask(void)
{
	uint32_t mask = 0;

	for (uint32_t i = 0; i < m.engines; i++)
		mask |= m.engine[i].done ? 1u << i : 0;
	return mask;
}

static uint32_t ended_mask(void)
{
	uint32_t mask = 0;

	for (uint32_t i = 0; i < m.engines; i++)
		mask |= m.engine[i].ended != 0u ? 1u << i : 0;
	return mask;
}

static uint32_t bell_mask(uint32_t first)
{
	uint32_t mask = 0;

	for (uint32_t i = 0; i < 32; i++)
		mask |= m.bell[first + i] ? 1u << i : 0;
	return mask;
}

static uint32_t events(void)
{
	return (bell_mask(0) | bell_mask(32) ? TSR_HW_EVENT_SOURCE_DOORBELL : 0) |
	       (done_mask() | ended_mask() ? TSR_HW_EVENT_SOURCE_ENGINE : 0);
}

/* The place of an entry is free. */
static void leave(struct engine *engine, uint32_t place)
{
	engine->entries--;
	memmove(&engine->entry[place], &engine->entry[place + 1],
		(engine->entries - place) * sizeof(engine->entry[0]));
}

static uint32_t take_end(void)
{
	uint32_t found = m.engines, order = UINT32_MAX, number;

	for (uint32_t i = 0; i < m.engines; i++) {
		if (m.engine[i].ended == 0u || m.engine[i].entry[0].order > order)
			continue;
		found = i;
		order = m.engine[i].entry[0].order;
	}
	if (found == m.engines)
		return 0;
	number = m.engine[found].entry[0].number;
	m.engine[found].ended--;
	leave(&m.engine[found], 0);
	return TSR_HW_ENDED_VALID | found << 16 | number;
}

void machine_settle(void)
{
	uint32_t turns = 0;

	while (service_turn() || events())
		assert_true(++turns < TURN_LIMIT);
}

void machine_turn(void)
{
	service_turn();
}

uint64_t machine_cycles(void)
{
	return m.cycles;
}

void machine_advance(uint64_t cycles)
{
	m.cycles += cycles;
}

uint32_t machine_raised(uint32_t vector)
{
	return m.raised[vector];
}

uint32_t machine_state(void)
{
	return m.state;
}

uint32_t machine_boot_status(void)
{
	return m.boot_status;
}

uint32_t machine_boot_detail(void)
{
	return m.boot_detail;
}

void machine_set_boot_block(uint64_t physical)
{
	m.boot_block = physical;
}

bool machine_busy(uint32_t instance)
{
	return m.engine[instance].busy;
}

const struct machine_node *machine_running(uint32_t instance)
{
	return m.engine[instance].busy ? &m.engine[instance].node : NULL;
}

uint32_t machine_entered(uint32_t instance)
{
	return m.engine[instance].entries;
}

uint32_t machine_started(void)
{
	return m.started;
}

uint32_t machine_aborted(void)
{
	return m.aborted;
}

void machine_on_start(void (*hook)(uint32_t instance, const struct machine_node *node))
{
	m.on_start = hook;
}

void machine_on_bind(void (*hook)(uint32_t instance, const struct machine_node *binding))
{
	m.on_bind = hook;
}

void machine_on_copy(void (*hook)(uint32_t control, uint32_t asid, uint64_t address))
{
	m.on_copy = hook;
}

static void set64(struct engine *engine, uint32_t offset, uint64_t value)
{
	engine->reg[offset / 4] = (uint32_t)value;
	engine->reg[offset / 4 + 1] = (uint32_t)(value >> 32);
}

static uint64_t get64(const struct engine *engine, uint32_t offset)
{
	return (uint64_t)engine->reg[offset / 4 + 1] << 32 | engine->reg[offset / 4];
}

static uint32_t take_record(void)
{
	uint32_t record = m.record;

	m.record = (record + 1) % TSR_HW_TRACE_RECORDS;
	m.traced |= m.record == 0;
	return record;
}

/* Of an entered node. */
static void trace(const struct engine *engine, uint16_t code, uint32_t arg)
{
	struct tsr_hw_trace *records = local_pointer(m.trace);

	records[take_record()] = (struct tsr_hw_trace){
		.cycle = (uint32_t)m.cycles, .queue = (uint16_t)engine->node.queue, .code = code,
		.arg0 = engine->node.node, .arg1 = arg,
	};
}

static void begin(uint32_t instance)
{
	struct engine *engine = &m.engine[instance];

	assert_int_not_equal(engine->node.asid, 0);
	if (engine->node.resident == 0 || engine->node.asid != engine->resident_asid)
		engine->resident = 0;
	assert_int_equal(engine->node.resident, engine->resident);
	engine->busy = true;
	engine->reg[TSR_HW_ENGINE_STATUS / 4] = TSR_HW_ENGINE_BUSY;
	set64(engine, TSR_HW_ENGINE_START_LO, m.cycles);
	m.started++;
	if (m.on_start)
		m.on_start(instance, &engine->node);
}

static uint64_t budget_left(const struct tsr_hw_engine_job *job)
{
	uint64_t taken = job->charged + job->alone;

	if (job->budget == UINT64_MAX)
		return job->budget;
	return job->budget > taken ? job->budget - taken : 0;
}

/* Nothing is left of the budget. */
static void refuse(struct engine *engine)
{
	leave(engine, engine->ended);
	engine->entered = false;
	engine->done = true;
	engine->reg[TSR_HW_ENGINE_STATUS / 4] = TSR_HW_ENGINE_DONE | TSR_HW_ERR_BUDGET << 8;
	set64(engine, TSR_HW_ENGINE_START_LO, m.cycles);
	set64(engine, TSR_HW_ENGINE_END_LO, m.cycles);
	set64(engine, TSR_HW_ENGINE_ALONE_LO, 0);
	set64(engine, TSR_HW_ENGINE_BLOCKS_LO, 0);
	set64(engine, TSR_HW_ENGINE_FAULT_LO, 0);
}

/* The first entry that has not begun, if the engine can begin one. */
static void begin_next(struct engine *engine)
{
	const struct entry *entry = &engine->entry[engine->ended];
	const struct tsr_hw_engine_job *job = entry->job;
	const struct tsr_hw_slot *slot;

	if (engine->busy || engine->done || engine->ended == engine->entries)
		return;
	slot = local_pointer(job->slots);
	engine->entered = true;
	engine->reg[TSR_HW_ENGINE_NODE / 4] = entry->number;
	engine->node = (struct machine_node){
		.asid = job->asid,
		.queue = job->queue,
		.node = entry->number,
		.stream = job->streams + entry->node.stream,
		.stream_size = entry->node.stream_size,
		.program = job->program,
		.budget = budget_left(job),
		.progress = job->progress,
		.slot0 = job->slot_count ? slot->address : 0,
		.parameters = local_pointer(job->parameters),
		.parameter_count = job->parameter_count,
		.flags = job->flags,
		.ring = entry->node.ring,
		.entered = true,
	};
	trace(engine, TSR_HW_TRACE_NODE_START, (uint32_t)(engine - m.engine));
	if (engine->node.budget)
		begin((uint32_t)(engine - m.engine));
	else
		refuse(engine);
}

static void end_entered(struct engine *engine, const struct machine_result *result)
{
	struct tsr_hw_engine_job *job = engine->entry[engine->ended].job;
	uint64_t alone = result->cycles - result->shared;

	engine->entered = false;
	engine->entry[engine->ended++].order = m.ends++;
	trace(engine, TSR_HW_TRACE_NODE_END, TSR_HW_ERR_NONE);
	engine->reg[TSR_HW_ENGINE_STATUS / 4] = 0;
	job->alone += alone > TSR_HW_NODE_LEAST_CYCLES ? alone : TSR_HW_NODE_LEAST_CYCLES;
	job->cycles[engine->kind != TSR_HW_ENGINE_TENSOR] += result->cycles;
	job->blocks += result->blocks;
	begin_next(engine);
}

void machine_end(uint32_t instance, const struct machine_result *result)
{
	static const struct machine_result good = { .cycles = 100, .blocks = 1 };
	static const struct machine_result bound = { .cycles = 100 };
	static const struct machine_result exceeded = { .error = TSR_HW_ERR_BUDGET };
	struct engine *engine = &m.engine[instance];

	assert_true(engine->busy);
	if (!result)
		result = engine->node.node == TSR_HW_NODE_NONE ? &bound : &good;
	engine->busy = false;
	m.cycles += result->cycles;
	if (engine->entered && !result->error &&
	    result->cycles - result->shared > engine->node.budget)
		result = &exceeded;
	if (engine->entered && !result->error) {
		end_entered(engine, result);
		return;
	}
	if (engine->entered)
		leave(engine, engine->ended);
	engine->entered = false;
	engine->done = true;
	engine->reg[TSR_HW_ENGINE_STATUS / 4] = TSR_HW_ENGINE_DONE | result->error << 8;
	set64(engine, TSR_HW_ENGINE_START_LO, m.cycles - result->cycles);
	set64(engine, TSR_HW_ENGINE_END_LO, m.cycles);
	set64(engine, TSR_HW_ENGINE_ALONE_LO, result->cycles - result->shared);
	set64(engine, TSR_HW_ENGINE_BLOCKS_LO, result->blocks);
	set64(engine, TSR_HW_ENGINE_MACS_LO, 1000 + engine->node.node);
	set64(engine, TSR_HW_ENGINE_READ_LO, 2000);
	set64(engine, TSR_HW_ENGINE_WRITTEN_LO, 3000);
	set64(engine, TSR_HW_ENGINE_ENERGY_LO, 4000);
	set64(engine, TSR_HW_ENGINE_FAULT_LO, result->fault);
	engine->reg[TSR_HW_ENGINE_RANGE / 4] = result->range;
}

void machine_glitch(uint32_t instance)
{
	assert_false(m.engine[instance].busy);
	m.engine[instance].done = true;
	m.engine[instance].reg[TSR_HW_ENGINE_STATUS / 4] = TSR_HW_ENGINE_DONE;
}

/* The core enters behind entered nodes, and only where there is a place. */
static void enter(uint32_t instance, uint32_t address)
{
	struct engine *engine = &m.engine[instance];

	assert_false(engine->busy && !engine->entered);
	assert_true(engine->entries < TSR_HW_ENGINE_PLACES);
	engine->entry[engine->entries++] = (struct entry){
		.node = *(const struct tsr_hw_node *)local_pointer(address),
		.job = local_pointer(engine->reg[TSR_HW_ENGINE_JOB / 4]),
		.number = engine->reg[TSR_HW_ENGINE_NUMBER / 4],
	};
	begin_next(engine);
}

static void start(uint32_t instance)
{
	struct engine *engine = &m.engine[instance];
	uint32_t slots = engine->reg[TSR_HW_ENGINE_SLOT_COUNT / 4];
	const struct tsr_hw_slot *slot = local_pointer(engine->reg[TSR_HW_ENGINE_SLOTS / 4]);

	assert_false(engine->busy || engine->done || engine->entries != 0u);
	engine->node = (struct machine_node){
		.asid = engine->reg[TSR_HW_ENGINE_ASID / 4],
		.queue = engine->reg[TSR_HW_ENGINE_QUEUE / 4],
		.node = engine->reg[TSR_HW_ENGINE_NODE / 4],
		.stream = get64(engine, TSR_HW_ENGINE_STREAM_LO),
		.stream_size = engine->reg[TSR_HW_ENGINE_STREAM_SIZE / 4],
		.program = get64(engine, TSR_HW_ENGINE_PROGRAM_LO),
		.budget = get64(engine, TSR_HW_ENGINE_BUDGET_LO),
		.progress = get64(engine, TSR_HW_ENGINE_PROGRESS_LO),
		.slot0 = slots ? slot->address : 0,
		.parameters = local_pointer(engine->reg[TSR_HW_ENGINE_PARAMETERS / 4]),
		.parameter_count = engine->reg[TSR_HW_ENGINE_PARAMETER_COUNT / 4],
		.flags = engine->reg[TSR_HW_ENGINE_FLAGS / 4],
		.resident = engine->reg[TSR_HW_ENGINE_RESIDENT / 4],
		.ring = engine->reg[TSR_HW_ENGINE_RING / 4],
	};
	begin(instance);
}

static void bind(uint32_t instance)
{
	struct engine *engine = &m.engine[instance];

	assert_false(engine->busy);
	assert_false(engine->done);
	assert_int_equal(engine->kind, TSR_HW_ENGINE_TENSOR);
	engine->resident = engine->reg[TSR_HW_ENGINE_RESIDENT / 4];
	engine->resident_asid = engine->reg[TSR_HW_ENGINE_ASID / 4];
	assert_true(engine->resident <= MACHINE_SCRATCHPAD);
	engine->node = (struct machine_node){
		.asid = engine->resident_asid,
		.queue = engine->reg[TSR_HW_ENGINE_QUEUE / 4],
		.node = engine->reg[TSR_HW_ENGINE_NODE / 4],
		.resident = engine->resident,
	};
	engine->busy = true;
	engine->reg[TSR_HW_ENGINE_STATUS / 4] = TSR_HW_ENGINE_BUSY;
	if (m.on_bind)
		m.on_bind(instance, &engine->node);
}

static void engine_control(uint32_t instance, uint32_t command)
{
	struct engine *engine = &m.engine[instance];

	if (command == TSR_HW_ENGINE_START) {
		start(instance);
		return;
	}
	if (command == TSR_HW_ENGINE_BIND) {
		bind(instance);
		return;
	}
	if (command == TSR_HW_ENGINE_RECALL) {
		engine->entries = engine->ended + engine->entered;
		return;
	}
	assert_true(command == TSR_HW_ENGINE_ABORT || command == TSR_HW_ENGINE_ACK);
	engine->reg[TSR_HW_ENGINE_STATUS / 4] = 0;
	if (command == TSR_HW_ENGINE_ACK) {
		assert_true(engine->done);
		engine->done = false;
		begin_next(engine);
		return;
	}
	m.aborted++;
	engine->busy = false;
	engine->done = false;
	engine->entered = false;
	engine->entries = 0;
	engine->ended = 0;
}

/* The part of a copy inside one page; false when it faults. */
static uint8_t *translate(uint32_t asid, uint64_t address, uint32_t need)
{
	uint64_t physical = address;

	if (asid) {
		if (asid >= MACHINE_SPACES || address >= MACHINE_VIRTUAL ||
		    !(m.map[asid][address / MACHINE_PAGE].allowed & need))
			return NULL;
		physical = (uint64_t)m.map[asid][address / MACHINE_PAGE].page * MACHINE_PAGE +
			   address % MACHINE_PAGE;
	}
	if (physical >= MACHINE_PHYSICAL || m.broken[physical / MACHINE_PAGE])
		return NULL;
	return &m.memory[physical];
}

static void add(uint64_t address, uint32_t value)
{
	uint64_t *word = (uint64_t *)translate(0, address, 0);

	assert_int_equal(address % sizeof(*word), 0);
	m.cycles += 16;
	if (word)
		*word += value;
}

static void copy(uint32_t control)
{
	static const uint32_t need[] = { 0, MAP_READ, MAP_FETCH, MAP_WRITE };
	static const uint32_t error[] = {
		0, TSR_HW_ERR_FAULT_READ, TSR_HW_ERR_FAULT_FETCH, TSR_HW_ERR_FAULT_WRITE,
	};
	uint64_t address = (uint64_t)m.copy[TSR_HW_COPY_HOST_HI / 4] << 32 |
			   m.copy[TSR_HW_COPY_HOST_LO / 4];
	uint32_t asid = m.copy[TSR_HW_COPY_ASID / 4];
	uint32_t left = m.copy[TSR_HW_COPY_SIZE / 4];
	uint8_t *local = local_pointer(m.copy[TSR_HW_COPY_LOCAL / 4]);

	assert_true(control >= TSR_HW_COPY_READ && control <= TSR_HW_COPY_ADD);
	if (control == TSR_HW_COPY_ADD) {
		add(address, left);
		return;
	}
	assert_true(left > 0 && left <= 65536);
	if (m.on_copy)
		m.on_copy(control, asid, address);
	m.cycles += 16 + left / 16;
	m.copy[TSR_HW_COPY_STATUS / 4] = TSR_HW_ERR_NONE;
	while (left) {
		uint32_t part = MACHINE_PAGE - (uint32_t)(address % MACHINE_PAGE);
		uint8_t *host = translate(asid, address, need[control]);

		if (part > left)
			part = left;
		if (!host) {
			m.copy[TSR_HW_COPY_STATUS / 4] =
				asid ? error[control] : TSR_HW_ERR_FAULT_BUS;
			m.copy[TSR_HW_COPY_FAULT_LO / 4] = (uint32_t)address;
			m.copy[TSR_HW_COPY_FAULT_HI / 4] = (uint32_t)(address >> 32);
			return;
		}
		if (control == TSR_HW_COPY_WRITE)
			memcpy(host, local, part);
		else
			memcpy(local, host, part);
		address += part;
		local += part;
		left -= part;
	}
}

static uint32_t read_bells(uint32_t page)
{
	uint32_t bells = m.bell[page];

	m.bell[page] = 0;
	return bells;
}

static uint32_t sys_load(uint32_t offset)
{
	if (offset >= TSR_HW_SYS_DOORBELL(0) && offset < TSR_HW_SYS_DOORBELL(64))
		return read_bells((offset - TSR_HW_SYS_DOORBELL(0)) / 4);
	switch (offset) {
	case TSR_HW_SYS_BOOT_BLOCK_LO: return (uint32_t)m.boot_block;
	case TSR_HW_SYS_BOOT_BLOCK_HI: return (uint32_t)(m.boot_block >> 32);
	case TSR_HW_SYS_CYCLES_LO:
		m.cycles_high = (uint32_t)(m.cycles >> 32);
		return (uint32_t)m.cycles;
	case TSR_HW_SYS_CYCLES_HI: return m.cycles_high;
	case TSR_HW_SYS_EVENTS: return events();
	case TSR_HW_SYS_ENGINES: return m.engines;
	case TSR_HW_SYS_ENGINE_DONE: return done_mask();
	case TSR_HW_SYS_ENDED: return take_end();
	case TSR_HW_SYS_TRACE_TAKE: return take_record();
	case TSR_HW_SYS_TRACE_TAKEN:
		return m.record | (m.traced ? TSR_HW_TRACE_TAKEN_FULL : 0);
	case TSR_HW_SYS_DOORBELL_PAGES_LO: return bell_mask(0);
	case TSR_HW_SYS_DOORBELL_PAGES_HI: return bell_mask(32);
	case TSR_HW_SYS_FW_VERSION: return 0x01000000;
	default: fail_msg("read of unknown system register 0x%x", offset);
	}
	return 0;
}

static void sys_store(uint32_t offset, uint32_t value)
{
	switch (offset) {
	case TSR_HW_SYS_STATE: m.state = value; break;
	case TSR_HW_SYS_BOOT_STATUS: m.boot_status = value; break;
	case TSR_HW_SYS_BOOT_DETAIL: m.boot_detail = value; break;
	case TSR_HW_SYS_TRACE:
		m.trace = value;
		m.record = 0;
		m.traced = false;
		break;
	case TSR_HW_SYS_RAISE:
		assert_true(value < 8);
		m.raised[value]++;
		break;
	default: fail_msg("write of unknown system register 0x%x", offset);
	}
}

uint32_t port_read(uint32_t address)
{
	uint32_t instance = (address - TSR_HW_ENGINE_BASE(0)) / 0x100;

	m.cycles += 2;
	if (address >= TSR_HW_ENGINE_BASE(0) && instance < m.engines) {
		if ((address & 0xff) == TSR_HW_ENGINE_KIND)
			return m.engine[instance].kind;
		if ((address & 0xff) == TSR_HW_ENGINE_ENTERED)
			return m.engine[instance].entries;
		return m.engine[instance].reg[(address & 0xff) / 4];
	}
	if (address >= TSR_HW_COPY_BASE)
		return m.copy[(address - TSR_HW_COPY_BASE) / 4];
	return sys_load(address - TSR_HW_SYS_BASE);
}

void port_write(uint32_t address, uint32_t value)
{
	uint32_t instance = (address - TSR_HW_ENGINE_BASE(0)) / 0x100;

	m.cycles += 2;
	if (address >= TSR_HW_ENGINE_BASE(0)) {
		assert_true(instance < m.engines);
		if ((address & 0xff) == TSR_HW_ENGINE_CONTROL)
			engine_control(instance, value);
		else if ((address & 0xff) == TSR_HW_ENGINE_ENTER)
			enter(instance, value);
		else if (m.engine[instance].busy && (address & 0xff) != TSR_HW_ENGINE_NUMBER)
			fail_msg("register 0x%x of a busy engine is set", address & 0xff);
		else
			m.engine[instance].reg[(address & 0xff) / 4] = value;
	} else if (address >= TSR_HW_COPY_BASE) {
		m.copy[(address - TSR_HW_COPY_BASE) / 4] = value;
		if (address - TSR_HW_COPY_BASE == TSR_HW_COPY_CONTROL)
			copy(value);
	} else {
		sys_store(address - TSR_HW_SYS_BASE, value);
	}
}
