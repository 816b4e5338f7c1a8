/* SPDX-License-Identifier: MIT */
/*
 * Prints the time of streams that are given as bytes, for tests/fidelity. The words of the input:
 *
 *   sku FILE                    begins a device
 *   engine tensor | dma         on which the stream runs
 *   slots COUNT { ADDRESS SIZE FLAGS }
 *   local COUNT { ADDRESS SIZE } what lies in local memory, by pages
 *   group RESIDENT RING         bytes of the scratchpad that are resident, and loads go through
 *   parameters COUNT { VALUE }
 *   program ADDRESS SIZE        what the slot PROGRAM is
 *   memory ADDRESS HEX          bytes in memory, or at an offset of the resident part; there is
 *				nothing else
 *   stream HEX                  runs it alone; "-" has no bytes
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tsr_hw/mmu.h>

#include "measure/measure.h"
#include "measure/tests/node.h"
#include "measure/tests/words.h"
#include "tile/sku.h"
#include "tile/tile.h"

#define SLOTS_MAX	1024

/* Addresses from a page on. */
struct range {
	uint64_t first;
	uint64_t end;
};

/* Bytes in memory. */
struct piece {
	struct piece *next;
	uint64_t address;
	size_t size;
	unsigned char *bytes;
};

static struct sku *sku;
static struct piece *memory;
static struct tsr_hw_slot slots[SLOTS_MAX];
static struct range local[SLOTS_MAX];
static uint64_t local_count;
static uint64_t parameters[TSR_HW_MAX_PARAMETERS];
static struct tile_request request;

static const struct piece *piece_at(uint64_t va)
{
	for (const struct piece *piece = memory; piece; piece = piece->next)
		if (va - piece->address < piece->size)
			return piece;
	return NULL;
}

static void read_row(uint64_t va, size_t n, unsigned char *dst)
{
	for (const struct piece *piece; n && (piece = piece_at(va));) {
		size_t left = piece->size - (va - piece->address), some = left < n ? left : n;

		memcpy(dst, piece->bytes + (va - piece->address), some);
		va += some;
		dst += some;
		n -= some;
	}
}

static void read_memory(void *ctx, uint64_t va, uint64_t stride, size_t rows, size_t n, void *dst)
{
	(void)ctx;
	if (va >= TILE_RESIDENT)
		va -= TILE_RESIDENT;
	for (size_t i = 0; i < rows; i++)
		read_row(va + i * stride, n, (unsigned char *)dst + i * n);
}

static enum memory memory_of(void *ctx, uint64_t va)
{
	(void)ctx;
	for (uint64_t i = 0; i < local_count; i++)
		if (va >= local[i].first && va < local[i].end)
			return MEMORY_LOCAL;
	return MEMORY_SYSTEM;
}

static void drop_memory(void)
{
	while (memory) {
		struct piece *piece = memory;

		memory = piece->next;
		free(piece->bytes);
		free(piece);
	}
}

static void read_sku(void)
{
	char error[256];

	if (!word_next())
		word_fail("a file is missing");
	sku_free(sku);
	if (sku_load(word, &sku, error, sizeof(error)))
		word_fail(error);
	drop_memory();
	local_count = 0;
	request = (struct tile_request){ .slots = slots, .parameters = parameters };
}

static void read_engine(void)
{
	if (!word_next())
		word_fail("an engine is missing");
	request.kind = strcmp(word, "dma") ? TSR_HW_ENGINE_TENSOR : TSR_HW_ENGINE_DMA;
}

static void read_slots(void)
{
	request.slot_count = (uint32_t)word_number();
	if (request.slot_count > SLOTS_MAX)
		word_fail("too many slots");
	for (uint32_t i = 0; i < request.slot_count; i++) {
		slots[i].address = word_number();
		slots[i].size = word_number();
		slots[i].flags = (uint32_t)word_number();
	}
}

static void read_local(void)
{
	local_count = word_number();
	if (local_count > SLOTS_MAX)
		word_fail("too many slots");
	for (uint64_t i = 0; i < local_count; i++) {
		uint64_t address = word_number(), behind = address + word_number();

		local[i].first = address & ~(TSR_HW_PAGE_SIZE - 1ull);
		local[i].end = (behind + TSR_HW_PAGE_SIZE - 1) & ~(TSR_HW_PAGE_SIZE - 1ull);
	}
}

static void read_group(void)
{
	request.resident = (uint32_t)word_number();
	request.ring = word_number();
}

static void read_parameters(void)
{
	request.parameter_count = (uint32_t)word_number();
	if (request.parameter_count > TSR_HW_MAX_PARAMETERS)
		word_fail("too many parameters");
	for (uint32_t i = 0; i < request.parameter_count; i++)
		parameters[i] = word_number();
}

static void read_program(void)
{
	request.program = word_number();
	request.program_size = (uint32_t)word_number();
}

static void read_piece(void)
{
	struct piece *piece = calloc(1, sizeof(*piece));

	if (!piece)
		word_fail("no memory");
	piece->address = word_number();
	piece->bytes = word_bytes(&piece->size);
	piece->next = memory;
	memory = piece;
}

static void run(void)
{
	const struct measure_source source = {
		.fuses = sku_fuses(sku), .energy = sku_energy(sku), .request = &request,
		.read = read_memory, .memory = memory_of,
	};
	struct node_time time;
	const struct amounts *sum = &time.amounts;
	int error = node_time(&source, &time);

	if (error)
		printf("error %d\n", error);
	else
		printf("%" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64
		       " %" PRIu64 " %" PRIu64 "\n", time.cycles, sum->products, sum->vector,
		       sum->scratchpad, sum->memory, sum->link, sum->steps, time.energy);
	fflush(stdout);
}

static void read_stream(void)
{
	size_t size;
	unsigned char *bytes = word_bytes(&size);

	request.stream = bytes;
	request.stream_size = (uint32_t)size;
	run();
	free(bytes);
}

int main(void)
{
	static const struct word_reader words[] = {
		{ "sku", read_sku }, { "engine", read_engine }, { "slots", read_slots },
		{ "local", read_local }, { "group", read_group }, { "parameters", read_parameters },
		{ "program", read_program }, { "memory", read_piece }, { "stream", read_stream },
	};

	word_each(words, sizeof(words) / sizeof(words[0]));
	return 0;
}
