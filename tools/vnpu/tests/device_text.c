// SPDX-License-Identifier: MIT
/*
 * Runs nodes on devices, for tests/fidelity: one job, a program of nodes that do not depend on each
 * other. For each node it prints its engine's kind and number, the node's start and end, what
 * it multiplied, read and wrote, and its energy, or "error N" for the job. The words of the input:
 *
 *   device CLASS                begins a device
 *   slots COUNT { ADDRESS SIZE FLAGS }   memory that is 0, and the slots that it is
 *   local COUNT { ADDRESS SIZE }         what of it lies in local memory, by pages
 *   group RESIDENT RING         begins a group, which the tensor nodes behind it are of
 *   tensor HEX | dma HEX        a node
 *   run                         runs the job
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include <tsr_hw/command.h>
#include <tsr_hw/error.h>
#include <tsr_hw/mmu.h>

#include "aspace.h"
#include "driver.h"
#include "fixture.h"
#include "harness.h"
#include "measure/tests/words.h"
#include "program.h"

#define SLOTS_MAX	64

#define PROGRAM_VA	0x7000000000ull
#define RECORDS_VA	0x7100000000ull
#define CLEAR_VA	0x7200000000ull
#define RW		(TSR_HW_PTE_READ | TSR_HW_PTE_WRITE)

static struct fixture *fixture;
static struct tsr_hw_slot slots[SLOTS_MAX];
static unsigned int slot_count;
static struct test_program program;
static const struct tsr_hw_profile *records;

static void end_device(void)
{
	void *done = fixture;

	if (fixture && fixture_teardown(&done))
		word_fail("the device found an access that it must not make");
	fixture = NULL;
}

static void begin_device(void)
{
	end_device();
	if (!word_next())
		word_fail("a class is missing");
	fixture = fixture_open(word);
	if (!fixture)
		word_fail("no device");
	records = harness_at(fixture->harness,
			     aspace_alloc(&fixture->as, RECORDS_VA, TSR_HW_PAGE_SIZE, RW));
	program_begin(&program);
}

/* Whole pages; one that slots share is the last one's. */
static void map_slot(const struct tsr_hw_slot *slot)
{
	uint64_t first = slot->address & ~(TSR_HW_PAGE_SIZE - 1ull);

	aspace_alloc(&fixture->as, first, slot->address + slot->size - first, RW);
}

static void read_slots(void)
{
	slot_count = (unsigned int)word_number();
	if (slot_count > SLOTS_MAX)
		word_fail("too many slots");
	for (unsigned int i = 0; i < slot_count; i++) {
		slots[i] = (struct tsr_hw_slot){ .address = word_number() };
		slots[i].size = word_number();
		slots[i].flags = (uint32_t)word_number();
		map_slot(&slots[i]);
	}
}

/* Nothing has written it yet; whole pages, and what it is read as else is of no meaning. */
static void clear(const struct tsr_hw_slot *parts, unsigned int count)
{
	struct tsr_hw_job job;

	program_begin(&program);
	for (unsigned int i = 0; i < count; i++) {
		const struct tsr_hw_fill fill = {
			.head = { .op = TSR_HW_OP_FILL, .size = sizeof(fill) },
			.dst = { .slot = (__le16)i }, .size = parts[i].size, .width = 8,
		};

		program_node(&program, TSR_HW_ENGINE_DMA, &fill, sizeof(fill));
	}
	job = program_place(&program, &fixture->as, CLEAR_VA, parts, count);
	if (driver_run(&fixture->queue, &job))
		word_fail("local memory was not cleared");
	program_begin(&program);
}

static void read_local(void)
{
	static struct tsr_hw_slot parts[PROGRAM_MAX_NODES];
	unsigned int count = (unsigned int)word_number();
	uint64_t offset = TSR_HW_PTE_APERTURE_LOCAL;

	if (count > PROGRAM_MAX_NODES)
		word_fail("too many parts of local memory");
	for (unsigned int i = 0; i < count; i++) {
		uint64_t address = word_number();
		uint64_t behind = address + word_number() + TSR_HW_PAGE_SIZE - 1;
		struct tsr_hw_slot *part = &parts[i];

		*part = (struct tsr_hw_slot){ .flags = TSR_HW_SLOT_WRITE };
		part->address = address & ~(TSR_HW_PAGE_SIZE - 1ull);
		part->size = (behind & ~(TSR_HW_PAGE_SIZE - 1ull)) - part->address;
		aspace_map(&fixture->as, part->address, offset, part->size, RW);
		offset += part->size;
	}
	if (count)
		clear(parts, count);
}

static void read_node(unsigned int engine)
{
	size_t size;
	unsigned char *bytes = word_bytes(&size);

	if (program.node_count == PROGRAM_MAX_NODES ||
	    program.streams_size + size > PROGRAM_MAX_STREAMS)
		word_fail("too many nodes");
	program_node(&program, engine, bytes, size);
	free(bytes);
}

static void read_group(void)
{
	uint32_t resident = (uint32_t)word_number();

	if (program.group_count == PROGRAM_MAX_GROUPS)
		word_fail("too many groups");
	program_group(&program, resident, (uint32_t)word_number());
}

static void read_tensor(void)
{
	read_node(TSR_HW_ENGINE_TENSOR);
	program.nodes[program.node_count - 1].group = (__le16)program.group_count;
}

static void read_dma(void)
{
	read_node(TSR_HW_ENGINE_DMA);
}

static void print_records(void)
{
	for (unsigned int i = 0; i < program.node_count; i++) {
		const struct tsr_hw_profile *r = &records[i];

		printf("%" PRIu32 " %" PRIu32 " %" PRIu32 " %" PRIu64 " %" PRIu64 " %" PRIu64
		       " %" PRIu64 " %" PRIu64 " %" PRIu64 "\n", r->node, r->engine & 0xff,
		       r->engine >> 8 & 0xff, (uint64_t)r->start, (uint64_t)r->end,
		       (uint64_t)r->macs, (uint64_t)r->bytes_read, (uint64_t)r->bytes_written,
		       (uint64_t)r->energy);
	}
}

static void run(void)
{
	struct tsr_hw_job job = program_place(&program, &fixture->as,
					      PROGRAM_VA, slots, slot_count);
	int error;

	job.flags = TSR_HW_JOB_PROFILE;
	job.profile = RECORDS_VA;
	job.profile_count = program.node_count;
	error = driver_run(&fixture->queue, &job);
	if (error)
		printf("error %d\n", error);
	else
		print_records();
	printf("run\n");
	program_begin(&program);
}

int main(void)
{
	static const struct word_reader words[] = {
		{ "device", begin_device }, { "slots", read_slots }, { "local", read_local },
		{ "group", read_group }, { "tensor", read_tensor }, { "dma", read_dma },
		{ "run", run },
	};

	word_each(words, sizeof(words) / sizeof(words[0]));
	end_device();
	return 0;
}
