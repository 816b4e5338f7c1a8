// SPDX-License-Identifier: MIT
#include "host.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include <tsr_hw/command.h>
#include <tsr_hw/error.h>
#include <tsr_hw/image.h>
#include <tsr_hw/mmu.h>
#include <tsr_hw/program.h>
#include <tsr_hw/registers.h>
#include <tsr_hw/version.h>

#include "cmocka_prelude.h"
#include "firmware/tests/reference_crc.h"
#include "harness.h"

#define QUEUES 16u

struct queue {
	uint64_t ring;
	uint64_t done;
	uint32_t asid;
	uint32_t submitted;
};

struct host {
	struct harness *harness;
	struct tsr_hw_boot_block *block;
	struct queue queue[QUEUES];	/* 0: admin */
	uint64_t root[8];		/* by address space */
};

struct host_image *host_read_image(const char *variable)
{
	struct host_image *image = malloc(sizeof(*image));
	const char *path = getenv(variable);
	FILE *file;

	assert_non_null(image);
	assert_non_null(path);
	file = fopen(path, "rb");
	assert_non_null(file);
	image->size = fread(image->bytes, 1, sizeof(image->bytes), file);
	assert_true(image->size > sizeof(struct tsr_hw_image_header));
	fclose(file);
	return image;
}

static uint64_t write_boot_block(struct host *host)
{
	uint64_t at = harness_alloc(host->harness, sizeof(*host->block));

	host->queue[0].ring = harness_alloc(host->harness, sizeof(struct tsr_hw_ring));
	host->queue[0].done = harness_alloc(host->harness,
					    sizeof(struct tsr_hw_completion_page));
	host->block = harness_at(host->harness, at);
	*host->block = (struct tsr_hw_boot_block){
		.magic = TSR_HW_BOOT_BLOCK_MAGIC,
		.size = sizeof(*host->block),
		.abi_min = TSR_HW_ABI_VERSION_MIN,
		.abi_max = TSR_HW_ABI_VERSION_MAX,
		.features = TSR_HW_FEATURES,
		.admin_ring = host->queue[0].ring,
		.admin_done = host->queue[0].done,
		.event_ring = harness_alloc(host->harness, sizeof(struct tsr_hw_event_ring)),
		.event_vector = 1,
	};
	return at;
}

/* The image's own key is fused, so that it is trusted whichever signed this build. */
struct host *host_open(const char *sku, const struct host_image *image)
{
	const struct tsr_hw_image_header *header =
		(const struct tsr_hw_image_header *)image->bytes;
	struct host *host = calloc(1, sizeof(*host));
	uint8_t key_hash[crypto_hash_sha256_BYTES];

	assert_non_null(host);
	crypto_hash_sha256(key_hash, header->public_key, sizeof(header->public_key));
	host->harness = harness_open(&(struct harness_options){
		.sku = sku, .key_hash = key_hash,
	});
	assert_non_null(host->harness);
	return host;
}

uint32_t host_start(struct host *host, const void *bytes, size_t size)
{
	uint32_t state = TSR_HW_STATE_ROM;

	harness_free_all(host->harness);
	memset(host->queue, 0, sizeof(host->queue));
	harness_boot(host->harness, bytes, size, write_boot_block(host));
	for (uint32_t ms = 0; ms < HARNESS_HANG_MS; ms++) {
		state = harness_state(host->harness);
		if (state != TSR_HW_STATE_ROM && state != TSR_HW_STATE_STARTING)
			break;
		sleep_ms(1);
	}
	return state;
}

struct host *host_boot(const char *sku)
{
	struct host_image *image = host_read_image("TESSERA_FIRMWARE");
	struct host *host = host_open(sku, image);

	assert_int_equal(host_start(host, image->bytes, image->size), TSR_HW_STATE_READY);
	assert_int_equal(host->block->response.abi, TSR_HW_ABI_VERSION_MAX);
	free(image);
	return host;
}

void host_close(struct host *host)
{
	harness_close(host->harness);
	free(host);
}

struct harness *host_harness(struct host *host)
{
	return host->harness;
}

static struct tsr_hw_ring *ring_of(struct host *host, uint32_t number)
{
	return harness_at(host->harness, host->queue[number].ring);
}

const volatile struct tsr_hw_completion_page *host_page(struct host *host, uint32_t number)
{
	return harness_at(host->harness, host->queue[number].done);
}

static void publish_tail(struct host *host, uint32_t number, uint32_t index)
{
	struct queue *queue = &host->queue[number];

	__atomic_store_n(&ring_of(host, number)->tail, queue->submitted, __ATOMIC_RELEASE);
	harness_doorbell(host->harness, queue->asid, index);
}

uint32_t host_admin(struct host *host, struct tsr_hw_admin *command)
{
	uint32_t seq = ++host->queue[0].submitted;

	command->seq = seq;
	ring_of(host, 0)->admin[seq % TSR_HW_RING_ENTRIES] = *command;
	publish_tail(host, 0, TSR_HW_DOORBELL_ADMIN);
	return host_wait(host, 0, seq).error;
}

uint32_t host_admin_op(struct host *host, uint32_t op, uint32_t queue)
{
	struct tsr_hw_admin command = { .op = (uint16_t)op, .queue = (uint16_t)queue };

	return host_admin(host, &command);
}

void host_seal(struct host *host, uint32_t asid, struct tsr_hw_job *job)
{
	struct tsr_hw_admin command = {
		.op = TSR_HW_ADMIN_SEAL,
		.seal = {
			.program = job->program,
			.size = job->program_size,
			.asid = (uint16_t)asid,
		},
	};

	assert_int_equal(host_admin(host, &command), TSR_HW_ERR_NONE);
	job->flags |= TSR_HW_JOB_SEALED;
	job->program = host_page(host, 0)->slot[command.seq % TSR_HW_RING_ENTRIES].blocks;
}

uint32_t host_unseal(struct host *host, uint32_t asid, uint64_t handle)
{
	struct tsr_hw_admin command = {
		.op = TSR_HW_ADMIN_UNSEAL,
		.unseal = { .handle = handle, .asid = (uint16_t)asid },
	};

	return host_admin(host, &command);
}

/* Tables of three levels, then one 2 MiB leaf with every permission. */
void *host_space(struct host *host, uint32_t asid)
{
	uint64_t table[3], leaf = TSR_HW_PTE_VALID | TSR_HW_PTE_READ | TSR_HW_PTE_WRITE |
				  TSR_HW_PTE_FETCH | TSR_HW_PTE_LEAF;
	uint64_t memory = harness_alloc(host->harness, 2 * TSR_HW_BLOCK_SIZE);

	memory = (memory + TSR_HW_BLOCK_SIZE - 1) / TSR_HW_BLOCK_SIZE * TSR_HW_BLOCK_SIZE;
	for (uint32_t i = 0; i < 3; i++)
		table[i] = harness_alloc(host->harness, 4096);
	for (uint32_t i = 0; i < 3; i++) {
		uint64_t *entry = harness_at(host->harness, table[i]);
		uint32_t index = HOST_VA >> TSR_HW_PT_SHIFT(3 - i) & (TSR_HW_PT_ENTRIES - 1);

		entry[index] = i < 2 ? table[i + 1] | TSR_HW_PTE_VALID : memory | leaf;
	}
	harness_write64(host->harness, TSR_HW_REG_ASID_ROOT_LO(asid), table[0] | TSR_HW_ASID_VALID);
	host->root[asid] = table[0];
	return harness_at(host->harness, memory);
}

void host_entry(struct host *host, uint32_t asid, uint64_t va, unsigned int level, uint64_t entry)
{
	uint64_t *table = harness_at(host->harness, host->root[asid]);

	for (unsigned int at = TSR_HW_PT_LEVELS - 1; at > level; at--) {
		uint64_t below = harness_alloc(host->harness, 4096);

		table[va >> TSR_HW_PT_SHIFT(at) & (TSR_HW_PT_ENTRIES - 1)] =
			below | TSR_HW_PTE_VALID;
		table = harness_at(host->harness, below);
	}
	table[va >> TSR_HW_PT_SHIFT(level) & (TSR_HW_PT_ENTRIES - 1)] = entry;
}

void host_queue(struct host *host, uint32_t number, uint32_t asid, uint32_t priority,
		uint64_t budget)
{
	struct queue *queue = &host->queue[number];
	struct tsr_hw_admin command;

	*queue = (struct queue){
		.ring = harness_alloc(host->harness, sizeof(struct tsr_hw_ring)),
		.done = harness_alloc(host->harness, sizeof(struct tsr_hw_completion_page)),
		.asid = asid,
	};
	command = (struct tsr_hw_admin){
		.op = TSR_HW_ADMIN_QUEUE_CREATE,
		.queue = (uint16_t)number,
		.create = {
			.ring = queue->ring,
			.done = queue->done,
			.budget = budget,
			.asid = (uint16_t)asid,
			.index = (uint16_t)number,
			.priority = (uint8_t)priority,
			.weight = 1,
		},
	};
	assert_int_equal(host_admin(host, &command), TSR_HW_ERR_NONE);
}

uint32_t host_submit(struct host *host, uint32_t number, const struct tsr_hw_job *job)
{
	uint32_t seq = ++host->queue[number].submitted;
	struct tsr_hw_job *slot = &ring_of(host, number)->job[seq % TSR_HW_RING_ENTRIES];

	*slot = *job;
	slot->seq = seq;
	publish_tail(host, number, number);
	return seq;
}

struct tsr_hw_completion host_wait(struct host *host, uint32_t number, uint32_t seq)
{
	const struct tsr_hw_completion_page *page = harness_at(host->harness,
								host->queue[number].done);
	struct tsr_hw_completion completion;

	for (uint32_t ms = 0; ms < HARNESS_HANG_MS; ms++) {
		if ((int32_t)(__atomic_load_n(&page->completed, __ATOMIC_ACQUIRE) - seq) >= 0)
			break;
		sleep_ms(1);
	}
	assert_true((int32_t)(page->completed - seq) >= 0);
	completion = page->slot[seq % TSR_HW_RING_ENTRIES];
	assert_int_equal(completion.seq, seq);
	return completion;
}

static struct tsr_hw_program *begin_program(void *memory, uint32_t nodes, uint32_t edges)
{
	struct tsr_hw_program *header = memory;

	memset(memory, 0, sizeof(*header) + nodes * sizeof(struct tsr_hw_node));
	header->magic = TSR_HW_PROGRAM_MAGIC;
	header->version = TSR_HW_PROGRAM_VERSION;
	header->header_size = sizeof(*header);
	header->node_count = nodes;
	header->edge_count = edges;
	header->nodes = sizeof(*header);
	header->edges = header->nodes + nodes * (uint32_t)sizeof(struct tsr_hw_node);
	header->streams = (header->edges + 2 * edges + 63) / 64 * 64;
	header->size = header->streams;
	return header;
}

static struct tsr_hw_job end_program(struct tsr_hw_program *header)
{
	const uint8_t *bytes = (const uint8_t *)header;
	uint32_t crc;

	header->checksum = 0;
	crc = reference_crc(0, bytes, sizeof(*header));
	crc = reference_crc(crc, bytes + header->nodes,
			    header->node_count * sizeof(struct tsr_hw_node));
	header->checksum = reference_crc(crc, bytes + header->edges, 2 * header->edge_count);
	return (struct tsr_hw_job){
		.program = HOST_VA, .program_size = header->size, .repeat = 1,
	};
}

struct tsr_hw_job host_graph(void *memory, uint32_t nodes, bool chain)
{
	uint32_t edges = chain ? nodes - 1 : 0;
	struct tsr_hw_program *header = begin_program(memory, nodes, edges);
	struct tsr_hw_node *node = (struct tsr_hw_node *)((char *)memory + header->nodes);
	uint16_t *edge = (uint16_t *)((char *)memory + header->edges);

	for (uint32_t i = 0; i < edges; i++) {
		edge[i] = (uint16_t)(i + 1);
		node[i].succ_first = i;
		node[i].succ_count = 1;
		node[i + 1].pred_count = 1;
	}
	return end_program(header);
}

struct tsr_hw_job host_copy_program(void *memory, uint64_t from, uint64_t to, uint32_t bytes)
{
	struct tsr_hw_program *header = begin_program(memory, 1, 0);
	struct tsr_hw_node *node = (struct tsr_hw_node *)((char *)memory + header->nodes);
	struct tsr_hw_copy *copy = (struct tsr_hw_copy *)((char *)memory + header->streams);
	struct tsr_hw_slot *slot = (struct tsr_hw_slot *)((char *)memory + 4096);
	struct tsr_hw_job job;

	*copy = (struct tsr_hw_copy){
		.head = { .op = TSR_HW_OP_COPY, .size = sizeof(*copy) },
		.dst = { .slot = 1 },
		.crc = { .slot = TSR_HW_SLOT_NONE },
		.size = bytes,
	};
	slot[0] = (struct tsr_hw_slot){ .address = from, .size = bytes, .flags = TSR_HW_SLOT_READ };
	slot[1] = (struct tsr_hw_slot){ .address = to, .size = bytes, .flags = TSR_HW_SLOT_WRITE };
	header->streams_size = sizeof(*copy);
	header->size += sizeof(*copy);
	header->engines = 1u << TSR_HW_ENGINE_DMA;
	header->slot_count = 2;
	node->engine = TSR_HW_ENGINE_DMA;
	node->stream_size = sizeof(*copy);
	job = end_program(header);
	job.slots = HOST_VA + 4096;
	job.slot_count = 2;
	return job;
}

uint64_t host_instructions(struct host *host)
{
	return harness_counter(host->harness, "firmware_instructions");
}

void host_settle(struct host *host)
{
	assert_true(harness_settle(host->harness));
}
