// SPDX-License-Identifier: MIT
/* COPY, FILL and MOVE of a DMA engine: what is read and written is one flow. */
#include "descriptor.h"
#include "opcodes.h"
#include "time/steps_move.h"

static struct walk walk_bytes_at(struct walks *walks, uint64_t address, uint64_t size)
{
	const struct box box = {
		.address = (int64_t)(8 * address), .rank = 1, .extent = { size }, .stride = { 8 },
	};

	return walk_of(walks, &box);
}

static struct walk walk_region(struct walks *walks, const struct operand *operand,
			       const struct region *region)
{
	const struct box box = operand_box(operand, region);

	return walk_of(walks, &box);
}

static void take_copy(const struct measure_source *source, const struct tsr_hw_copy *raw,
		      struct walks *walks, struct copy *copy)
{
	uint64_t from = take_place(source->request, &raw->src);
	uint64_t to = take_place(source->request, &raw->dst);
	uint64_t size = take_bytes(source->request, raw->size);

	copy->from = take_memory(source, from);
	copy->to = take_memory(source, to);
	copy->source = walk_bytes_at(walks, from, size);
	copy->destination = walk_bytes_at(walks, to, size);
}

static void take_fill(const struct measure_source *source, const struct tsr_hw_fill *raw,
		      struct walks *walks, struct copy *copy)
{
	uint64_t to = take_place(source->request, &raw->dst);

	copy->fills = true;
	copy->to = take_memory(source, to);
	copy->destination = walk_bytes_at(walks, to, take_bytes(source->request, raw->size));
}

/* A constant around nothing is a fill. */
static void take_move(const struct measure_source *source, const void *raw, struct walks *walks,
		      struct copy *copy)
{
	struct move move = { 0 };
	struct region whole = { 0 }, input;

	move_take(source, raw, &move);
	copy->from = move.x.memory;
	copy->to = move.d.memory;
	for (unsigned int i = 0; i < move.d.rank; i++)
		whole.size[i] = move.d.extent[i];
	input = move_input(&move, &whole);
	copy->source = walk_region(walks, &move.x, &input);
	copy->destination = walk_region(walks, &move.d, &whole);
	copy->fills = !copy->source.bursts;
}

bool copy_take(const struct measure_source *source, const struct tsr_hw_command *head,
	       struct walks *walks, struct copy *copy)
{
	*copy = (struct copy){ 0 };
	switch (head->op) {
	case TSR_HW_OP_COPY:
		take_copy(source, (const void *)head, walks, copy);
		break;
	case TSR_HW_OP_FILL:
		take_fill(source, (const void *)head, walks, copy);
		break;
	case TSR_HW_OP_MOVE:
		take_move(source, head, walks, copy);
		break;
	}
	return copy->destination.bursts > 0;
}
