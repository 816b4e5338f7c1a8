// SPDX-License-Identifier: MIT
#include "mutator.h"

#include <stddef.h>
#include <string.h>

#include <zlib.h>

#include "gemm.h"

/* A part of the mutant, and how often it is chosen. */
struct part {
	uint8_t *bytes;
	uint32_t size;
	unsigned int share;
};

enum {
	PART_HEADER,
	PART_NODES,
	PART_EDGES,
	PART_STREAMS,
	PART_SLOTS,
	PARTS,
};

static const struct tsr_hw_program *header_of(const struct mutant *mutant)
{
	return (const void *)mutant->program;
}

static void find_parts(struct mutant *mutant, struct part *part)
{
	const struct tsr_hw_program *header = header_of(mutant);
	uint8_t *bytes = mutant->program;

	part[PART_HEADER] = (struct part){ bytes, sizeof(*header), 1 };
	part[PART_NODES] = (struct part){
		bytes + header->nodes,
		header->node_count * (uint32_t)sizeof(struct tsr_hw_node), 2,
	};
	part[PART_EDGES] = (struct part){
		bytes + header->edges, header->edge_count * (uint32_t)sizeof(uint16_t), 1,
	};
	part[PART_STREAMS] = (struct part){ bytes + header->streams, header->streams_size, 7 };
	part[PART_SLOTS] = (struct part){
		(uint8_t *)mutant->slots,
		mutant->slot_count * (uint32_t)sizeof(mutant->slots[0]), 4,
	};
}

static const struct part *choose(const struct part *part, uint64_t *random)
{
	unsigned int shares = 0, at;

	for (int i = 0; i < PARTS; i++)
		shares += part[i].share;
	at = (unsigned int)(next_random(random) % shares);
	for (int i = 0; ; i++) {
		if (at < part[i].share)
			return &part[i];
		at -= part[i].share;
	}
}

/* Values at the edges of what fields can hold. */
static uint64_t edge_value(uint64_t old, uint64_t *random)
{
	static const uint64_t edge[] = {
		0, 1, 2, 7, 64, 1024, 4095, 4096, 0xffff, 0xfffe, 0x7fffffff, 0x80000000,
		0xffffffff, 0x100000000, TSR_VA_DATA, TSR_VA_PROGRAM, TSR_VA_UNMAPPED,
		0x7ffffffff000, 0x800000000000, 0x1000000000000, INT64_MAX, UINT64_MAX,
	};
	uint64_t choice = next_random(random);

	switch (choice % 4) {
	case 0:
		return old + 1;
	case 1:
		return old - 1;
	case 2:
		return old * (2 + choice / 4 % 100);
	default:
		return edge[choice / 4 % (sizeof(edge) / sizeof(edge[0]))];
	}
}

/* One aligned field of one, two, four or eight bytes. */
static void change_field(const struct part *part, uint64_t *random)
{
	uint32_t size = 1u << next_random(random) % 4;
	uint32_t at = (uint32_t)(next_random(random) % part->size) & ~(size - 1);
	uint64_t value = 0;

	if (size > part->size - at)
		return;
	memcpy(&value, part->bytes + at, size);
	value = edge_value(value, random);
	memcpy(part->bytes + at, &value, size);
}

static void flip_bit(const struct part *part, uint64_t *random)
{
	uint64_t bit = next_random(random) % (8ull * part->size);

	part->bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
}

static void write_garbage(const struct part *part, uint64_t *random)
{
	uint32_t at = (uint32_t)(next_random(random) % part->size);
	uint32_t left = part->size - at;

	for (uint32_t i = 0; i < left && i < 16; i++)
		part->bytes[at + i] = (uint8_t)next_random(random);
}

/* Eight to 64 bytes of one place to another: nodes, tensors, slots change places. */
static void copy_piece(const struct part *part, uint64_t *random)
{
	uint32_t size = 8u << next_random(random) % 4;
	uint32_t from, to;

	if (part->size < size)
		return;
	from = (uint32_t)(next_random(random) % (part->size - size + 1)) & ~7u;
	to = (uint32_t)(next_random(random) % (part->size - size + 1)) & ~7u;
	memmove(part->bytes + to, part->bytes + from, size);
}

static void change(const struct part *part, uint64_t *random)
{
	uint64_t choice = next_random(random) % 8;

	if (!part->size)
		return;
	if (choice < 4)
		change_field(part, random);
	else if (choice < 6)
		flip_bit(part, random);
	else if (choice < 7)
		write_garbage(part, random);
	else
		copy_piece(part, random);
}

/* As far as the header still says where its tables are. */
static void correct_checksum(struct mutant *mutant)
{
	struct tsr_hw_program *header = (void *)mutant->program;
	uint64_t nodes = header->node_count * (uint64_t)sizeof(struct tsr_hw_node);
	uint64_t edges = header->edge_count * (uint64_t)sizeof(uint16_t);
	uLong crc;

	if (header->nodes + nodes > mutant->size || header->edges + edges > mutant->size)
		return;
	header->checksum = 0;
	crc = crc32(0, mutant->program, sizeof(*header));
	crc = crc32(crc, mutant->program + header->nodes, (uInt)nodes);
	crc = crc32(crc, mutant->program + header->edges, (uInt)edges);
	header->checksum = (uint32_t)crc;
}

void mutate(struct mutant *mutant, uint64_t seed)
{
	uint64_t random = seed;
	unsigned int places = 1 + next_random(&random) % 4;
	struct part part[PARTS];

	find_parts(mutant, part);
	while (places--)
		change(choose(part, &random), &random);
	if (next_random(&random) % 8)
		correct_checksum(mutant);
}
