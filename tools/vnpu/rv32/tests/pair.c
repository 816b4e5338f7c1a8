// SPDX-License-Identifier: MIT
#include "pair.h"

#include <stdlib.h>
#include <string.h>

#include "cmocka_prelude.h"

static int no_load(void *opaque, uint32_t addr, unsigned int size, uint32_t *val)
{
	(void)opaque;
	(void)addr;
	(void)size;
	(void)val;
	return -1;
}

static int no_store(void *opaque, uint32_t addr, unsigned int size, uint32_t val)
{
	(void)opaque;
	(void)addr;
	(void)size;
	(void)val;
	return -1;
}

static const struct rv32_bus empty_bus = { .load = no_load, .store = no_store };

int pair_setup(void **state)
{
	struct pair *pair = calloc(1, sizeof(*pair));
	struct rv32_config config = {
		.bus = &empty_bus, .window_base = PAIR_BASE, .window_size = PAIR_SIZE,
	};

	if (!pair)
		return -1;
	config.window = pair->memory;
	pair->cpu = rv32_create(&config);
	pair->ref = reference_create(PAIR_BASE, PAIR_SIZE);
	*state = pair;
	return pair->cpu ? 0 : -1;
}

int pair_teardown(void **state)
{
	struct pair *pair = *state;

	rv32_destroy(pair->cpu);
	reference_destroy(pair->ref);
	free(pair);
	return 0;
}

void pair_write(struct pair *pair, uint32_t addr, const void *buf, uint32_t len)
{
	memcpy(pair->memory + (addr - PAIR_BASE), buf, len);
	reference_write(pair->ref, addr, buf, len);
}

void pair_start(struct pair *pair, uint32_t pc, const uint32_t regs[32])
{
	unsigned int i;

	rv32_reset(pair->cpu, pc);
	for (i = 1; i < 32; i++)
		rv32_set_reg(pair->cpu, i, regs[i]);
	reference_set_regs(pair->ref, regs);
}

void pair_compare_regs(struct pair *pair)
{
	uint32_t regs[32];
	unsigned int i;

	reference_get_regs(pair->ref, regs);
	for (i = 0; i < 32; i++) {
		if (rv32_reg(pair->cpu, i) != regs[i])
			fail_msg("x%u is %#x, the reference has %#x", i, rv32_reg(pair->cpu, i),
				 regs[i]);
	}
}

bool pair_step(struct pair *pair)
{
	uint32_t pc = rv32_pc(pair->cpu), next = pc;
	bool ran = rv32_run(pair->cpu, 1) == RV32_STOP_BUDGET;
	uint32_t raw;

	memcpy(&raw, pair->memory + (pc - PAIR_BASE), sizeof(raw));
	if (reference_step(pair->ref, &next) != ran)
		fail_msg("%#x at %#x: one traps, the other does not", raw, pc);
	if (!ran)
		return false;
	if (rv32_pc(pair->cpu) != next)
		fail_msg("%#x at %#x: goes on at %#x, the reference at %#x", raw, pc,
			 rv32_pc(pair->cpu), next);
	pair_compare_regs(pair);
	return true;
}

void pair_compare_memory(struct pair *pair, uint32_t addr, uint32_t len)
{
	uint8_t *theirs = malloc(len);

	assert_non_null(theirs);
	reference_read(pair->ref, addr, theirs, len);
	assert_memory_equal(pair->memory + (addr - PAIR_BASE), theirs, len);
	free(theirs);
}
