/* SPDX-License-Identifier: MIT */
#include "bench.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "guarded.h"

void bench_open(struct bench *bench, const char *sku, size_t bytes, uint64_t seed)
{
	char path[256];
	char error[256];

	memset(bench, 0, sizeof(*bench));
	snprintf(path, sizeof(path), "%s/%s.json", SKU_DIR, sku);
	if (sku_load(path, &bench->sku, error, sizeof(error))) {
		fprintf(stderr, "%s\n", error);
		exit(1);
	}
	bench->memory = fake_memory_create(bytes, (uint32_t)seed);
	bench->end = FAKE_BASE + bytes;
	bench->random = seed * 0x9e3779b97f4a7c15ull + 1;
	bench->strict = getenv("TILE_TEST_STRICT") != NULL;
	bench_reset(bench);
}

void bench_close(struct bench *bench)
{
	fake_memory_destroy(bench->memory);
	sku_free(bench->sku);
}

void bench_reset(struct bench *bench)
{
	bench->slots = 0;
	bench->next = FAKE_BASE;
}

uint32_t bench_random(struct bench *bench)
{
	bench->random = bench->random * 6364136223846793005ull + 1442695040888963407ull;
	return (uint32_t)(bench->random >> 32);
}

uint32_t bench_below(struct bench *bench, uint32_t n)
{
	return (uint32_t)((uint64_t)bench_random(bench) * n >> 32);
}

uint32_t bench_extent(struct bench *bench, uint32_t most)
{
	return bench_below(bench, 48) ? 1 + bench_below(bench, most) : 0;
}

float bench_uniform(struct bench *bench, float low, float high)
{
	return low + (high - low) * (float)(bench_random(bench) >> 8) * 0x1p-24f;
}

unsigned int bench_any_layout(struct bench *bench)
{
	unsigned int layout = bench_below(bench, 4);

	return bench_below(bench, 3) ? layout : layout | LAYOUT_BACKWARDS;
}

uint32_t bench_bits(float value)
{
	uint32_t bits;

	memcpy(&bits, &value, sizeof(bits));
	return bits;
}

float bench_float(uint32_t bits)
{
	float value;

	memcpy(&value, &bits, sizeof(value));
	return value;
}

uint32_t bench_size(unsigned int type)
{
	switch (type) {
	case TSR_HW_TYPE_FP8_E4M3:
	case TSR_HW_TYPE_FP8_E5M2:
	case TSR_HW_TYPE_INT8:
	case TSR_HW_TYPE_UINT8:
	case TSR_HW_TYPE_BOOL:
	case TSR_HW_TYPE_E8M0:
		return 1;
	case TSR_HW_TYPE_FP16:
	case TSR_HW_TYPE_BF16:
	case TSR_HW_TYPE_INT16:
	case TSR_HW_TYPE_UINT16:
		return 2;
	case TSR_HW_TYPE_INT64:
	case TSR_HW_TYPE_UINT64:
		return 8;
	default:
		return 4;
	}
}

/* Truncation is enough here: any bit pattern of a moderate number will do. */
static uint64_t random_element(struct bench *bench, unsigned int type)
{
	float value = bench_uniform(bench, -2, 2);
	int exponent;

	switch (type) {
	case TSR_HW_TYPE_FP32:
		return bench_bits(value);
	case TSR_HW_TYPE_BF16:
		return bench_bits(value) >> 16;
	case TSR_HW_TYPE_FP16:
		if (bench_below(bench, 16) == 0)	/* denormals and zero */
			return bench_below(bench, 0x400) | bench_below(bench, 2) << 15;
		exponent = 8 + (int)bench_below(bench, 8);
		return (uint32_t)exponent << 10 | bench_below(bench, 0x400) |
		       bench_below(bench, 2) << 15;
	case TSR_HW_TYPE_INT32:
		return bench_random(bench) >> 12;
	case TSR_HW_TYPE_INT64:
	case TSR_HW_TYPE_UINT64:
		return (uint64_t)bench_random(bench) << 32 | bench_random(bench);
	default:
		return bench_random(bench);
	}
}

static void shuffle(struct bench *bench, unsigned int *order, unsigned int n)
{
	for (unsigned int i = n; i > 1; i--) {
		unsigned int other = bench_below(bench, i);
		unsigned int swap = order[i - 1];

		order[i - 1] = order[other];
		order[other] = swap;
	}
}

/*
 * Elements that a tensor lies in: from the lowest to the highest, and those in front of the first.
 */
struct room {
	uint64_t elements;
	uint64_t below;
};

/* Strides from the innermost dimension of memory outwards. */
static struct room make_strides(struct bench *bench, struct tsr_hw_tensor *tensor,
				unsigned int layout)
{
	unsigned int order[TSR_HW_MAX_RANK];
	struct room room = { .elements = 1 };

	for (unsigned int i = 0; i < tensor->rank; i++)
		order[i] = tensor->rank - 1 - i;
	if (layout & LAYOUT_SHUFFLED)
		shuffle(bench, order, tensor->rank);
	for (unsigned int n = 0; n < tensor->rank; n++) {
		unsigned int i = order[n];

		if (layout & LAYOUT_REPEAT && !bench_below(bench, 3))
			continue;
		if (layout & LAYOUT_GAPS && !bench_below(bench, 2))
			room.elements += bench_below(bench, 9);
		tensor->stride[i] = room.elements;
		if (tensor->dim[i] > 1 && layout & LAYOUT_BACKWARDS &&
		    bench_below(bench, 2)) {
			tensor->stride[i] = -room.elements;
			room.below += (tensor->dim[i] - 1) * room.elements;
		}
		room.elements *= tensor->dim[i];
	}
	return room;
}

static void add_slot(struct bench *bench, struct tsr_hw_tensor *tensor,
		     const struct room *room, uint32_t flags)
{
	uint64_t lead = 64 * bench_below(bench, 5);
	uint32_t size = bench_size(tensor->type);
	uint64_t bytes = lead + room->elements * size;
	struct tsr_hw_slot *slot = &bench->slot[bench->slots];

	tensor->slot = (uint16_t)bench->slots++;
	tensor->offset = lead + room->below * size;
	*slot = (struct tsr_hw_slot){ .address = bench->next, .size = bytes, .flags = flags };
	bench->next += (bytes + 4 * FAKE_PAGE - 1) / 64 * 64;
	if (bench->next > bench->end) {
		fprintf(stderr, "test bench: out of memory\n");
		exit(1);
	}
}

static void fill(struct bench *bench, const struct tsr_hw_tensor *tensor)
{
	uint64_t elements = bench_plain_elements(tensor);
	uint32_t size = bench_size(tensor->type);

	for (uint64_t i = 0; i < elements; i++) {
		uint64_t element = random_element(bench, tensor->type);

		fake_memory_poke(bench->memory, bench_plain_address(bench, tensor, i), &element,
				 size);
	}
}

void bench_plain(struct bench *bench, struct tsr_hw_tensor *tensor, unsigned int type,
		 unsigned int rank, const uint32_t *dim, unsigned int layout, uint32_t flags)
{
	struct room room;

	memset(tensor, 0, sizeof(*tensor));
	tensor->type = (uint8_t)type;
	tensor->rank = (uint8_t)rank;
	for (unsigned int i = 0; i < rank; i++)
		tensor->dim[i] = dim[i];
	room = make_strides(bench, tensor, layout);
	add_slot(bench, tensor, &room, flags);
	fill(bench, tensor);
}

void bench_absent(struct tsr_hw_tensor *tensor)
{
	*tensor = (struct tsr_hw_tensor){ .slot = TSR_HW_SLOT_NONE };
}

uint64_t bench_plain_elements(const struct tsr_hw_tensor *tensor)
{
	uint64_t elements = 1;

	for (unsigned int i = 0; i < tensor->rank; i++)
		elements *= tensor->dim[i];
	return elements;
}

uint64_t bench_plain_at(const struct bench *bench, const struct tsr_hw_tensor *tensor,
			const uint64_t *at)
{
	uint64_t element = 0;

	for (unsigned int i = 0; i < tensor->rank; i++)
		element += at[i] * tensor->stride[i];
	return bench->slot[tensor->slot].address + tensor->offset +
	       element * bench_size(tensor->type);
}

uint64_t bench_plain_address(const struct bench *bench, const struct tsr_hw_tensor *tensor,
			     uint64_t index)
{
	uint64_t at[TSR_HW_MAX_RANK];

	for (unsigned int i = tensor->rank; i-- > 0;) {
		at[i] = index % tensor->dim[i];
		index /= tensor->dim[i];
	}
	return bench_plain_at(bench, tensor, at);
}

uint64_t bench_report(struct tile_job *job, const void *stream, uint32_t size)
{
	uint64_t steps[TSR_HW_MAX_STREAM / sizeof(struct tsr_hw_command)];
	unsigned int count = 0;

	for (uint32_t at = 0; at < size;) {
		const struct tsr_hw_command *head = (const void *)((const char *)stream + at);

		steps[count++] = BENCH_STEPS;
		at += head->size;
	}
	tile_report(job, steps);
	return (uint64_t)BENCH_STEPS * count;
}

struct tile_request bench_request(const struct bench *bench, unsigned int kind, const void *stream,
				  uint32_t size)
{
	return (struct tile_request){
		.kind = kind,
		.stream = guarded_copy(stream, size),
		.stream_size = size,
		.slots = bench->slot,
		.slot_count = bench->slots,
		.strict = bench->strict,
		.parameters = bench->parameters,
		.parameter_count = bench->parameter_count,
	};
}

struct tile_job *bench_prepare(const struct bench *bench, unsigned int kind, const void *stream,
			       uint32_t size, struct outcome *outcome)
{
	const struct tile_request request = bench_request(bench, kind, stream, size);
	struct tile_job *job;

	outcome->steps = 0;
	if (!tile_prepare(bench->sku, &request, &job, &outcome->size, &outcome->result))
		outcome->steps = bench_report(job, stream, size);
	return job;
}

void bench_run_flipped(struct bench *bench, const void *command, struct tile_flip *flip,
		       struct outcome *outcome)
{
	const struct tsr_hw_command *head = command;
	struct tile_memory memory = fake_memory_accessors(bench->memory);
	unsigned int kind = head->op < TSR_HW_OP_COPY ? TSR_HW_ENGINE_TENSOR : TSR_HW_ENGINE_DMA;
	struct tile_job *job = bench_prepare(bench, kind, command, head->size, outcome);

	outcome->progress = 0;
	fake_memory_progress(bench->memory);
	if (!job)
		return;
	/* It was checked that all operands lie in slots, so nothing else is read or written. */
	fake_memory_confine(bench->memory, bench->slot, bench->slots);
	tile_execute(job, &memory, flip, &outcome->result);
	fake_memory_confine(bench->memory, NULL, 0);
	outcome->progress = fake_memory_progress(bench->memory);
	tile_free(job);
}

void bench_run(struct bench *bench, const void *command, struct outcome *outcome)
{
	bench_run_flipped(bench, command, NULL, outcome);
}
