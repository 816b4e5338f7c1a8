// SPDX-License-Identifier: MIT
/*
 * A program of one COPY lies in a buffer beside its two slots; what is copied passes through
 * a buffer that CPU and NPU share, piece by piece. Only sizes and slots change, between jobs.
 */
#include "transfer.h"

#include <endian.h>
#include <errno.h>
#include <string.h>

#include <zlib.h>

#include <tsr_hw/command.h>
#include <tsr_hw/program.h>

#include "tessera_accel.h"

#include "context.h"
#include "queue.h"
#include "../error.h"
#include "../include/tessera.h"

/* Bytes of a piece. */
#define STAGING_SIZE	(1u << 20)

enum { FROM, TO };

/* What the NPU reads. */
struct code {
	struct tsr_hw_program program;
	struct tsr_hw_node node;
	struct tsr_hw_copy copy;
	struct tsr_hw_slot slot[2];
};

static void write_code(struct code *code)
{
	struct tsr_hw_program *program = &code->program;

	code->node = (struct tsr_hw_node){
		.engine = TSR_HW_ENGINE_DMA,
		.stream_size = htole32(sizeof(code->copy)),
	};
	code->copy = (struct tsr_hw_copy){
		.head = { .op = TSR_HW_OP_COPY, .size = htole16(sizeof(code->copy)) },
		.src.slot = htole16(FROM),
		.dst.slot = htole16(TO),
		.crc.slot = htole16(TSR_HW_SLOT_NONE),
	};
	*program = (struct tsr_hw_program){
		.magic = htole32(TSR_HW_PROGRAM_MAGIC),
		.version = htole16(TSR_HW_PROGRAM_VERSION),
		.header_size = htole16(sizeof(*program)),
		.size = htole32(offsetof(struct code, slot)),
		.engines = htole32(1u << TSR_HW_ENGINE_DMA),
		.slot_count = htole32(2),
		.node_count = htole32(1),
		.nodes = htole32(offsetof(struct code, node)),
		.streams = htole32(offsetof(struct code, copy)),
		.streams_size = htole32(sizeof(code->copy)),
	};
	program->checksum = htole32((uint32_t)crc32(0, (void *)code,
						    offsetof(struct code, copy)));
}

void tsr_transfer_init(struct tsr_transfer *transfer, struct tsr_context *context)
{
	*transfer = (struct tsr_transfer){ .context = context };
	pthread_mutex_init(&transfer->lock, NULL);
}

void tsr_transfer_destroy(struct tsr_transfer *transfer)
{
	tsr_buffer_destroy(transfer->staging);
	tsr_buffer_destroy(transfer->code);
	pthread_mutex_destroy(&transfer->lock);
}

static int prepare(struct tsr_transfer *transfer)
{
	int error = 0;

	if (!transfer->staging)
		error = tsr_buffer_create(transfer->context, STAGING_SIZE, &transfer->staging);
	if (error || transfer->code)
		return error;
	error = tsr_buffer_create_access(transfer->context, sizeof(struct code),
					 TSR_ACCESS_PROGRAM, false, &transfer->code);
	if (!error)
		write_code(tsr_buffer_data(transfer->code));
	return error;
}

static struct tsr_hw_slot slot_of(uint64_t address, size_t size, uint32_t access)
{
	return (struct tsr_hw_slot){
		.address = htole64(address), .size = htole64(size), .flags = htole32(access),
	};
}

/* Copy between two addresses of the NPU, and wait. */
static int run(struct tsr_transfer *transfer, uint64_t from, uint64_t to, size_t size)
{
	struct tsr_queue *queue = tsr_context_queue(transfer->context);
	struct code *code = tsr_buffer_data(transfer->code);
	uint64_t address = tsr_buffer_address(transfer->code);
	struct drm_tessera_job job = {
		.program = address,
		.program_size = offsetof(struct code, slot),
		.slots = address + offsetof(struct code, slot),
		.slot_count = 2,
		.repeat = 1,
	};
	int error;

	code->copy.size = htole64(size);
	code->slot[FROM] = slot_of(from, size, TSR_HW_SLOT_READ);
	code->slot[TO] = slot_of(to, size, TSR_HW_SLOT_WRITE);
	error = tsr_queue_submit(queue, &job, &(struct tsr_submit_options){ 0 }, 0);
	return error ? error : tsr_queue_wait(queue, job.seq, -1);
}

static int move_in(struct tsr_transfer *transfer, uint64_t address, const char *data, size_t size)
{
	uint64_t staging = tsr_buffer_address(transfer->staging);
	int error = 0;
	size_t piece;

	for (; size && !error; size -= piece, address += piece, data += piece) {
		piece = size < STAGING_SIZE ? size : STAGING_SIZE;
		memcpy(tsr_buffer_data(transfer->staging), data, piece);
		error = run(transfer, staging, address, piece);
	}
	return error;
}

static int move_out(struct tsr_transfer *transfer, uint64_t address, char *data, size_t size)
{
	uint64_t staging = tsr_buffer_address(transfer->staging);
	int error = 0;
	size_t piece;

	for (; size && !error; size -= piece, address += piece, data += piece) {
		piece = size < STAGING_SIZE ? size : STAGING_SIZE;
		error = run(transfer, address, staging, piece);
		if (!error)
			memcpy(data, tsr_buffer_data(transfer->staging), piece);
	}
	return error;
}

int tsr_transfer_in(struct tsr_transfer *transfer, uint64_t address, const void *data,
		    size_t size)
{
	int error;

	pthread_mutex_lock(&transfer->lock);
	error = prepare(transfer);
	if (!error)
		error = move_in(transfer, address, data, size);
	pthread_mutex_unlock(&transfer->lock);
	return error;
}

int tsr_transfer_out(struct tsr_transfer *transfer, uint64_t address, void *data, size_t size)
{
	int error;

	pthread_mutex_lock(&transfer->lock);
	error = prepare(transfer);
	if (!error)
		error = move_out(transfer, address, data, size);
	pthread_mutex_unlock(&transfer->lock);
	return error;
}
