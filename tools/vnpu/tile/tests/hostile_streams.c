/* SPDX-License-Identifier: MIT */
#include "hostile_streams.h"

#include <string.h>

#include <tsr_hw/command.h>
#include <tsr_hw/decode.h>
#include <tsr_hw/mutate.h>

#include "hostile_commands.h"
#include "vectors.h"

/* Slots begin and end far from the end of the address space. */
#define SLOT_BYTES	(1ull << 45)

/* Golden vectors to begin with. */
#define SEEDS_MAX	1024

/* Tensors of a command, those of its programs included. */
#define TENSORS_MAX	40

/* Elements in a page, of one byte. */
#define PAGE_ELEMENTS	4096

struct seed {
	unsigned int kind;
	uint32_t size;
	uint8_t bytes[HOSTILE_STREAM_BYTES / 2];
};

struct tensors {
	struct tsr_hw_tensor *tensor[TENSORS_MAX];
	bool dense[TENSORS_MAX];
	unsigned int count;
};

static struct seed seeds[SEEDS_MAX];
static unsigned int seed_count;

/* What parameters are: small values, aligned ones, and such that few or no fields can have. */
static const uint64_t parameters[] = { 4, 0, 1, 64, 1ull << 31, UINT64_MAX, TSR_HW_PARAMETER_64 };

static unsigned int below(uint64_t *random, unsigned int n)
{
	return (unsigned int)((tsr_hw_draw(random) >> 16) % n);
}

/* ---- golden vectors -------------------------------------------------------------- */

static bool add_seed(void *context, const struct vector *vector)
{
	struct seed *seed = &seeds[seed_count];

	(void)context;
	if (!vector->stream_size || vector->stream_size > sizeof(seed->bytes))
		return true;
	if (seed_count == SEEDS_MAX)
		return false;
	seed->kind = vector->engine;
	seed->size = (uint32_t)vector->stream_size;
	memcpy(seed->bytes, vector->stream, vector->stream_size);
	seed_count++;
	return true;
}

bool hostile_streams_open(void)
{
	seed_count = 0;
	return vectors_each("valid.txt", add_seed, NULL) > 0 &&
	       vectors_each("results.txt", add_seed, NULL) > 0;
}

/* ---- tensors of a command -------------------------------------------------------- */

static uint64_t dense_stride(const struct tsr_hw_tensor *tensor, unsigned int dim)
{
	uint64_t step = 1;

	for (unsigned int i = tensor->rank; i-- > dim + 1u;)
		step *= tensor->dim[i];
	return step;
}

static bool is_dense(const struct tsr_hw_tensor *tensor)
{
	for (unsigned int i = 0; i < tensor->rank; i++)
		if (tensor->stride[i] != dense_stride(tensor, i))
			return false;
	return true;
}

static void make_dense(struct tsr_hw_tensor *tensor)
{
	for (unsigned int i = 0; i < tensor->rank; i++)
		tensor->stride[i] = dense_stride(tensor, i);
}

static void add_tensor(struct tensors *tensors, void *at)
{
	struct tsr_hw_tensor *tensor = at;

	if (tensors->count == TENSORS_MAX || tensor->slot == TSR_HW_SLOT_NONE ||
	    tensor->rank > TSR_HW_MAX_RANK)
		return;
	tensors->dense[tensors->count] = is_dense(tensor);
	tensors->tensor[tensors->count++] = tensor;
}

static void find_in(const struct tsr_hw_structure *structure, uint8_t *bytes,
		    struct tensors *tensors)
{
	static const struct tsr_hw_structure *wanted;

	if (!wanted)
		wanted = tsr_hw_find("tensor");
	if (structure == wanted) {
		add_tensor(tensors, bytes);
		return;
	}
	for (size_t i = 0; i < structure->member_count; i++) {
		const struct tsr_hw_member *member = &structure->members[i];

		if (!member->structure || !tsr_hw_is_there(member, bytes))
			continue;
		for (size_t j = 0; j < (member->count ? member->count : 1); j++)
			find_in(member->structure, bytes + member->offset + j * member->size,
				tensors);
	}
}

static void find_tensors(uint8_t *command, size_t size, struct tensors *tensors)
{
	const struct tsr_hw_structure *body = tsr_hw_command_at(command, size);
	struct tsr_hw_part part;

	tensors->count = 0;
	for (size_t i = 0; body && tsr_hw_command_part(body, command, i, &part); i++)
		find_in(part.structure, command + part.offset, tensors);
}

static struct tsr_hw_tensor *any_of(const struct tensors *tensors, uint64_t *random)
{
	return tensors->tensor[below(random, tensors->count)];
}

/* ---- changes --------------------------------------------------------------------- */

/* Nothing, one, few, where sizes of the device end, and now and then very many. */
static uint32_t any_extent(uint64_t *random)
{
	switch (below(random, 16)) {
	case 0: case 1: case 2:
		return 0;
	case 3: case 4:
		return 1;
	case 5: case 6: case 7: case 8: case 9:
		return 2 + below(random, 31);
	case 10: case 11:
		return below(random, 1u << 12);
	case 12: case 13:
		return (1u << below(random, 14)) + below(random, 3) - 1;
	default:
		return (1u << (14 + below(random, 18))) + below(random, 3) - 1;
	}
}

/* All extents that equal one of them become another; or one alone. */
static void change_extent(const struct tensors *tensors, uint64_t *random)
{
	struct tsr_hw_tensor *chosen = any_of(tensors, random);
	uint32_t was, is = any_extent(random);
	unsigned int at;

	if (!chosen->rank)
		return;
	at = below(random, chosen->rank);
	was = chosen->dim[at];
	if (!below(random, 6)) {
		chosen->dim[at] = is;
		return;
	}
	for (unsigned int i = 0; i < tensors->count; i++)
		for (unsigned int j = 0; j < tensors->tensor[i]->rank; j++)
			if (tensors->tensor[i]->dim[j] == was)
				tensors->tensor[i]->dim[j] = is;
}

/* One more dimension in front of all tensors of a rank. */
static void add_dimension(const struct tensors *tensors, uint64_t *random)
{
	unsigned int rank = any_of(tensors, random)->rank;
	uint32_t extent = any_extent(random);

	for (unsigned int i = 0; i < tensors->count && rank < TSR_HW_MAX_RANK; i++) {
		struct tsr_hw_tensor *tensor = tensors->tensor[i];

		if (tensor->rank != rank)
			continue;
		memmove(&tensor->dim[1], tensor->dim, rank * sizeof(tensor->dim[0]));
		memmove(&tensor->stride[1], tensor->stride, rank * sizeof(tensor->stride[0]));
		tensor->rank++;
		tensor->dim[0] = extent;
		tensor->stride[0] = below(random, 2) ? dense_stride(tensor, 0) : 0;
	}
}

static void change_type(const struct tensors *tensors, uint64_t *random)
{
	const struct tsr_hw_meaning *types = tsr_hw_find_meaning("TYPE");
	uint8_t was = any_of(tensors, random)->type;
	uint8_t is = (uint8_t)types->names[below(random, (unsigned int)types->count)].value;
	unsigned int from = below(random, 3) ? 0 : below(random, tensors->count);

	for (unsigned int i = from; i < tensors->count; i++)
		if (tensors->tensor[i]->type == was)
			tensors->tensor[i]->type = is;
}

/* Neighbours are a page or more apart, repeated, backwards, or in another order. */
static void change_layout(const struct tensors *tensors, uint64_t *random)
{
	struct tsr_hw_tensor *tensor = any_of(tensors, random);
	unsigned int at, other;
	uint64_t stride;

	if (!tensor->rank)
		return;
	at = below(random, tensor->rank);
	other = below(random, tensor->rank);
	tensor->offset = SLOT_BYTES / 2;
	switch (below(random, 5)) {
	case 0:
		tensor->stride[at] = 0;
		break;
	case 1:
		tensor->stride[at] = -tensor->stride[at];
		break;
	case 2:
		for (unsigned int i = 0; i < tensor->rank; i++)
			tensor->stride[i] = dense_stride(tensor, i) * PAGE_ELEMENTS;
		break;
	case 3:
		tensor->stride[at] = 1ull << below(random, 30);
		break;
	default:
		stride = tensor->stride[at];
		tensor->stride[at] = tensor->stride[other];
		tensor->stride[other] = stride;
		break;
	}
}

static void keep_dense(const struct tensors *tensors)
{
	for (unsigned int i = 0; i < tensors->count; i++)
		if (tensors->dense[i])
			make_dense(tensors->tensor[i]);
}

static void change_command(uint8_t *command, uint32_t size, uint64_t *random)
{
	struct tensors tensors;

	find_tensors(command, size, &tensors);
	if (!tensors.count || !below(random, 8)) {
		tsr_hw_mutate_stream(command, size, random);
		return;
	}
	switch (below(random, 8)) {
	case 0:
		change_type(&tensors, random);
		break;
	case 1: case 2:
		change_layout(&tensors, random);
		break;
	case 3:
		add_dimension(&tensors, random);
		break;
	default:
		change_extent(&tensors, random);
		keep_dense(&tensors);
		break;
	}
}

/* ---- streams --------------------------------------------------------------------- */

/* Extents have up to so many bits together. A few commands ask for all there is, most end soon. */
static unsigned int any_bits(bool large, uint64_t *random)
{
	return large ? 36 : 4 + below(random, 10);
}

/* Return: bytes at @at, or 0 if there is no room. */
static uint32_t add_command(struct hostile_stream *stream, uint32_t at, uint64_t *random)
{
	uint32_t room = HOSTILE_STREAM_BYTES - at, size;
	const void *bytes;
	struct hostile hostile;
	unsigned int kind;

	if (below(random, 2)) {
		hostile_make(&hostile, random, any_bits(stream->large, random));
		bytes = &hostile.command;
		size = hostile.size;
		kind = hostile.kind;
	} else {
		const struct seed *seed = &seeds[below(random, seed_count)];

		bytes = seed->bytes;
		size = seed->size;
		kind = seed->kind;
	}
	if (size > room || (at && kind != stream->kind))
		return 0;
	stream->kind = kind;
	memcpy(stream->bytes + at, bytes, size);
	for (unsigned int changes = below(random, 3); changes--;)
		change_command(stream->bytes + at, size, random);
	return size;
}

/* Zeros, small numbers of both widths, numbers that differ, or anything. */
static struct endless_contents any_contents(uint64_t *random)
{
	const uint64_t value = below(random, 2) ? below(random, 64) : below(random, 1u << 20);
	const uint64_t both = value | value << 32;

	switch (below(random, 8)) {
	case 0:
		return (struct endless_contents){ .word = value };
	case 1:
		return (struct endless_contents){ .word = both };
	case 2:
		return (struct endless_contents){ .spread = both };
	case 3:
		return (struct endless_contents){ .spread = value };
	case 4:
		return (struct endless_contents){ .word = tsr_hw_draw(random) };
	default:
		return (struct endless_contents){ 0 };
	}
}

void hostile_stream_make(struct hostile_stream *stream, uint64_t *random)
{
	unsigned int commands = below(random, 8) ? 1 : 2 + below(random, 3);
	uint32_t added;

	stream->large = !below(random, 64);
	stream->strict = !below(random, 4);
	stream->size = 0;
	stream->contents = any_contents(random);
	for (unsigned int i = 0; i < HOSTILE_STREAM_SLOTS; i++)
		stream->slot[i] = (struct tsr_hw_slot){
			.address = SLOT_BYTES * (i + 1),
			.size = SLOT_BYTES,
			.flags = TSR_HW_SLOT_READ | TSR_HW_SLOT_WRITE,
		};
	if (!below(random, 64))
		tsr_hw_mutate(tsr_hw_find("slot"),
			      &stream->slot[below(random, HOSTILE_STREAM_SLOTS)], random);
	while (commands-- && (added = add_command(stream, stream->size, random)))
		stream->size += added;
}

struct tile_request hostile_stream_request(const struct hostile_stream *stream)
{
	return (struct tile_request){
		.kind = stream->kind,
		.stream = stream->bytes,
		.stream_size = stream->size,
		.slots = stream->slot,
		.slot_count = HOSTILE_STREAM_SLOTS,
		.parameters = parameters,
		.parameter_count = sizeof(parameters) / sizeof(parameters[0]),
		.program = SLOT_BYTES * (HOSTILE_STREAM_SLOTS + 1),
		.program_size = 1u << 20,
		.strict = stream->strict,
	};
}
