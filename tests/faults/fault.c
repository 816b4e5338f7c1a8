// SPDX-License-Identifier: MIT
/* Unmapped addresses: error, node and exact address are reported, others go on. */
#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <tsr_hw/error.h>

#include "canary.h"
#include "client.h"
#include "gemm.h"
#include "tap.h"

#define PAGE		4096u
#define MARK		0x10000u	/* of the data: the node behind the bad one writes there */
#define MARK_BYTES	64u
#define READ_ONLY	0x20000000ull	/* the data's first page once more, not writable */
#define REPEAT		65535u		/* so often runs a job whose memory is taken away */
#define COPIES_MAX	256u		/* of one program of it */

/**
 * struct fault_case - a job that touches what is not there
 * @name: of the case
 * @load: put program and slot table into place
 * @error: TSR_HW_ERR_FAULT_*
 * @node: that faults, TSR_HW_NODE_NONE for the program itself
 * @address: first address of the fault
 */
struct fault_case {
	const char *name;
	void (*load)(struct client *client);
	uint32_t error;
	uint32_t node;
	uint64_t address;
};

/* Slot 0 is the data; slot 1 is what the case is about; slots 2 and 3 are data as well. */
static void slots(struct client *client, uint64_t va, uint64_t size, uint32_t flags)
{
	client_slot(client, 0, TSR_VA_DATA, CLIENT_DATA_SIZE, TSR_HW_SLOT_READ | TSR_HW_SLOT_WRITE);
	client_slot(client, 1, va, size, flags);
	client_slot(client, 2, TSR_VA_DATA, PAGE, TSR_HW_SLOT_READ | TSR_HW_SLOT_WRITE);
	client_slot(client, 3, TSR_VA_DATA + PAGE, PAGE, TSR_HW_SLOT_READ | TSR_HW_SLOT_WRITE);
}

static struct tsr_program *begin(void)
{
	struct tsr_program *program = tsr_program_begin();

	tsr_program_nop(program);
	return program;
}

static void end(struct client *client, struct tsr_program *program)
{
	tsr_program_fill(program, 0, MARK, MARK_BYTES, 0xaa);
	client_load(client, program, 4);
}

static void load_copy_from(struct client *client, uint64_t va)
{
	struct tsr_program *program = begin();

	slots(client, va, PAGE, TSR_HW_SLOT_READ);
	tsr_program_copy(program, 1, 3, PAGE);
	end(client, program);
}

static void load_dma_read(struct client *client)
{
	load_copy_from(client, TSR_VA_UNMAPPED);
}

static void load_dma_read_null(struct client *client)
{
	load_copy_from(client, 0x10);
}

static void load_dma_read_end(struct client *client)
{
	load_copy_from(client, TSR_VA_DATA + CLIENT_DATA_SIZE - 100);
}

static void load_fill_at(struct client *client, uint64_t va)
{
	struct tsr_program *program = begin();

	slots(client, va, PAGE, TSR_HW_SLOT_WRITE);
	tsr_program_fill(program, 1, 0, PAGE, 0xee);
	end(client, program);
}

static void load_dma_write(struct client *client)
{
	load_fill_at(client, TSR_VA_UNMAPPED);
}

static void load_dma_write_end(struct client *client)
{
	load_fill_at(client, TSR_VA_DATA + CLIENT_DATA_SIZE - 96);
}

static void load_dma_write_read_only(struct client *client)
{
	tap_need(!tsr_map(client->c.fd, client->c.vm, client->data.handle, 0, READ_ONLY, PAGE,
			  DRM_TESSERA_BIND_READ), "VM_BIND read-only");
	load_fill_at(client, READ_ONLY);
}

static void load_tile_left(struct client *client)
{
	struct tsr_program *program = begin();

	slots(client, TSR_VA_UNMAPPED, PAGE, TSR_HW_SLOT_READ);
	gemm_node_in(program, 1, 2, 3);
	end(client, program);
}

static void load_tile_right(struct client *client)
{
	struct tsr_program *program = begin();

	slots(client, TSR_VA_UNMAPPED, PAGE, TSR_HW_SLOT_READ);
	gemm_node_in(program, 2, 1, 3);
	end(client, program);
}

static void load_tile_result(struct client *client)
{
	struct tsr_program *program = begin();

	slots(client, TSR_VA_UNMAPPED, PAGE, TSR_HW_SLOT_WRITE);
	gemm_node_in(program, 2, 3, 1);
	end(client, program);
}

static void load_program_gone(struct client *client)
{
	load_dma_read(client);
	tap_need(!tsr_unmap(client->c.fd, client->c.vm, TSR_VA_PROGRAM, PAGE), "VM_BIND unmap");
}

static void load_program_not_for_fetch(struct client *client)
{
	load_dma_read(client);
	tap_need(!tsr_map(client->c.fd, client->c.vm, client->c.program.handle, 0, TSR_VA_PROGRAM,
			  PAGE, DRM_TESSERA_BIND_READ), "VM_BIND read-only");
}

/* The first whose stream reaches into page 2, of 80 fills. */
#define STREAMS		5440u
#define STREAM_GONE	((2 * PAGE - STREAMS) / (uint32_t)sizeof(struct tsr_hw_fill))

static void load_stream_gone(struct client *client)
{
	struct tsr_program *program = tsr_program_begin();

	slots(client, TSR_VA_DATA, PAGE, TSR_HW_SLOT_WRITE);
	for (unsigned int i = 0; i < 79; i++)
		tsr_program_fill(program, 0, 64 * i, 64, 1);
	end(client, program);
	tap_need(((struct tsr_hw_program *)client->c.program.map)->streams == STREAMS,
		 "streams begin where they should");
	tap_need(!tsr_unmap(client->c.fd, client->c.vm, TSR_VA_PROGRAM + 2 * PAGE, PAGE),
		 "VM_BIND unmap");
}

static void load_slots_gone(struct client *client)
{
	load_dma_read(client);
	tap_need(!tsr_unmap(client->c.fd, client->c.vm, TSR_VA_SLOTS, PAGE), "VM_BIND unmap");
}

static void load_skip_gone(struct client *client)
{
	struct tsr_program *program = begin();

	slots(client, TSR_VA_UNMAPPED, PAGE, TSR_HW_SLOT_READ);
	tsr_program_fill(program, 0, 0, 64, 1);
	program->node[1].flags = TSR_HW_NODE_SKIP;
	program->node[1].word_slot = 1;
	program->node[1].word_offset = 8;
	end(client, program);
}

static const struct fault_case cases[] = {
	{ "DMA source", load_dma_read, TSR_HW_ERR_FAULT_READ, 1, TSR_VA_UNMAPPED },
	{ "DMA source in page 0", load_dma_read_null, TSR_HW_ERR_FAULT_READ, 1, 0x10 },
	{ "DMA source that leaves its mapping", load_dma_read_end, TSR_HW_ERR_FAULT_READ, 1,
	  TSR_VA_DATA + CLIENT_DATA_SIZE },
	{ "DMA destination", load_dma_write, TSR_HW_ERR_FAULT_WRITE, 1, TSR_VA_UNMAPPED },
	{ "DMA destination that leaves its mapping", load_dma_write_end, TSR_HW_ERR_FAULT_WRITE, 1,
	  TSR_VA_DATA + CLIENT_DATA_SIZE },
	{ "DMA destination mapped read-only", load_dma_write_read_only, TSR_HW_ERR_FAULT_WRITE, 1,
	  READ_ONLY },
	{ "left operand", load_tile_left, TSR_HW_ERR_FAULT_READ, 1, TSR_VA_UNMAPPED },
	{ "right operand", load_tile_right, TSR_HW_ERR_FAULT_READ, 1, TSR_VA_UNMAPPED },
	{ "result", load_tile_result, TSR_HW_ERR_FAULT_WRITE, 1, TSR_VA_UNMAPPED },
	{ "program", load_program_gone, TSR_HW_ERR_FAULT_FETCH, TSR_HW_NODE_NONE, TSR_VA_PROGRAM },
	{ "program not mapped for fetch", load_program_not_for_fetch, TSR_HW_ERR_FAULT_FETCH,
	  TSR_HW_NODE_NONE, TSR_VA_PROGRAM },
	{ "command stream", load_stream_gone, TSR_HW_ERR_FAULT_FETCH, STREAM_GONE,
	  TSR_VA_PROGRAM + 2 * PAGE },
	{ "slot table", load_slots_gone, TSR_HW_ERR_FAULT_READ, TSR_HW_NODE_NONE, TSR_VA_SLOTS },
	{ "skip word", load_skip_gone, TSR_HW_ERR_FAULT_READ, 1, TSR_VA_UNMAPPED + 8 },
};

static void check_failed(struct client *client, const struct fault_case *fault, int ret)
{
	struct drm_tessera_queue_get_state state;

	tap_need(!client_state(client, &state), "QUEUE_GET_STATE");
	tap_ok(ret == -EFAULT && state.error == EFAULT &&
	       state.state == (DRM_TESSERA_QUEUE_FAILED | DRM_TESSERA_QUEUE_FAULTED),
	       "%s: fence %d, queue error %u, state %#x", fault->name, ret, state.error,
	       state.state);
	tap_ok(state.device_error == fault->error && state.node == fault->node,
	       "%s: device error %u (%u expected) at node %d (%d expected)", fault->name,
	       state.device_error, fault->error, (int)state.node, (int)fault->node);
	tap_ok(state.address == fault->address, "%s: address %#llx (%#llx expected)", fault->name,
	       (unsigned long long)state.address, (unsigned long long)fault->address);
	tap_ok(client_submit(client) == -ECANCELED, "%s: the queue refuses jobs", fault->name);
}

static bool marked(const struct client *client)
{
	return ((const char *)client->data.map)[MARK] != 0;
}

static void run_case(const struct fault_case *fault)
{
	struct client client;
	int ret;

	tap_need(!client_open(&client), "a client");
	fault->load(&client);
	ret = client_submit(&client);
	if (!ret)
		ret = client_wait(&client, PATIENCE);
	check_failed(&client, fault, ret);
	tap_ok(!marked(&client), "%s: no later node ran", fault->name);
	client_close(&client);
}

static void run_profile_case(void)
{
	const struct fault_case fault = {
		.name = "profile buffer",
		.error = TSR_HW_ERR_FAULT_WRITE,
		.node = 0,
		.address = TSR_VA_UNMAPPED,
	};
	struct drm_tessera_job job;
	struct client client;
	int ret;

	tap_need(!client_open(&client), "a client");
	load_copy_from(&client, TSR_VA_DATA);
	job = tsr_context_job(&client.c);
	job.flags = DRM_TESSERA_JOB_PROFILE;
	job.profile = TSR_VA_UNMAPPED;
	job.profile_count = 8;
	ret = client_submit_job(&client, &job);
	if (!ret)
		ret = client_wait(&client, PATIENCE);
	check_failed(&client, &fault, ret);
	client_close(&client);
}

/* Return: true as soon as the job that runs has moved the device's counter. */
static bool wait_for_nodes(long long from)
{
	double deadline = seconds_now() + PATIENCE;

	while (tsr_counter("nodes_dma") < from + 100) {
		if (seconds_now() > deadline)
			return false;
		usleep(1000);
	}
	return true;
}

static void load_copies(struct client *client, unsigned int copies)
{
	struct tsr_program *program = begin();

	slots(client, TSR_VA_DATA, PAGE, TSR_HW_SLOT_READ);
	while (copies--)
		tsr_program_copy(program, 1, 3, PAGE);
	end(client, program);
}

/* Return: what ends a job of so many copies, again and again, whose @page is taken away. */
static int lose_page(struct client *client, uint64_t page, unsigned int copies)
{
	long long nodes = tsr_counter("nodes_dma");
	struct drm_tessera_job job;

	load_copies(client, copies);
	job = tsr_context_job(&client->c);
	job.repeat = REPEAT;
	tap_need(nodes >= 0 && !client_submit_job(client, &job), "SUBMIT");
	tap_need(wait_for_nodes(nodes), "the job runs");
	tap_need(!tsr_unmap(client->c.fd, client->c.vm, page, PAGE), "VM_BIND");
	memset((char *)client->data.map + (page - TSR_VA_DATA), 0x77, PAGE);
	return client_wait(client, PATIENCE);
}

/* Any of the copies may be the one that finds the page gone. */
static uint32_t node_of(struct client *client, unsigned int copies)
{
	struct drm_tessera_queue_get_state state;

	tap_need(!client_state(client, &state), "QUEUE_GET_STATE");
	return state.node >= 1 && state.node <= copies ? state.node : 1;
}

/*
 * A long job copies from the first page to the second; one of them goes. Where the job ends
 * before that, the next is longer.
 */
static void run_unmapped_in_job(uint64_t page, struct fault_case fault)
{
	unsigned int copies = 1;
	struct client client;
	int ret;

	tap_need(!client_open(&client), "a client");
	while (!(ret = lose_page(&client, page, copies)) && copies < COPIES_MAX) {
		copies *= 2;
		tap_need(!tsr_map(client.c.fd, client.c.vm, client.data.handle, 0, TSR_VA_DATA,
				  CLIENT_DATA_SIZE, TSR_BIND_RW), "VM_BIND");
	}
	tap_ok(ret, "%s: the job of %u x %u copies still ran", fault.name, REPEAT, copies);
	fault.node = node_of(&client, copies);
	check_failed(&client, &fault, ret);
	tap_ok(((char *)client.data.map)[page - TSR_VA_DATA + PAGE - 1] == 0x77,
	       "%s: nothing was written there afterwards", fault.name);
	client_close(&client);
}

static void run_unmapped_cases(void)
{
	const struct fault_case source = {
		"source unmapped in mid-job", NULL, TSR_HW_ERR_FAULT_READ, 1, TSR_VA_DATA,
	};
	const struct fault_case destination = {
		"destination unmapped in mid-job", NULL, TSR_HW_ERR_FAULT_WRITE, 1,
		TSR_VA_DATA + PAGE,
	};

	run_unmapped_in_job(TSR_VA_DATA, source);
	run_unmapped_in_job(TSR_VA_DATA + PAGE, destination);
}

int main(void)
{
	struct canaries *canaries = canaries_start(0);

	canaries_enter(canaries, CANARY_DURING);
	for (unsigned int i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		run_case(&cases[i]);
	run_profile_case();
	run_unmapped_cases();
	tap_ok(tsr_counter("sanitizer_violations") == 0,
	       "no engine touched memory after its invalidation");
	canaries_await(canaries, 50);
	canaries_enter(canaries, CANARY_AFTER);
	canaries_await(canaries, 50);
	canaries_end(canaries, "fault");
	return tap_end();
}
