/* SPDX-License-Identifier: MIT */
/*
 * What a command costs the host is bounded by what the cycle model says of it, whatever
 * its operands look like: elements moved, elements moved between two questions whether to
 * give up, memory. Judged by counts alone.
 */
#include "suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <tsr_hw/error.h>

#include "classes.h"
#include "endless.h"
#include "hostile_commands.h"
#include "tile/sku.h"
#include "tile/staging.h"
#include "tile/tile.h"

#define ROUNDS		100
#define THREADS		1u	/* set by OMP_NUM_THREADS in the test's environment */

/* Elements that a thread moves between two questions, of up to three operands. */
#define SLICE		(4u * 65536)

/* Host elements to one operation of the cycle model, and of a command that does nothing. */
#define RATIO		24u
#define FREE		(1u << 18)

/* Operations of the model between two questions, at most. */
#define OPERATIONS	(1ull << 31)

/* Of a convolution with many groups. */
#define CHANNELS	64u
#define PICTURES	(1u << 14)

/* A command is stopped here; many small ones run to their end. */
#define ENOUGH_MOVED	(1u << 20)
#define ENOUGH_POLLS	300u


/* A new one in every run; TILE_SEED repeats a run that failed. */
static uint64_t first_seed(void)
{
	const char *given = getenv("TILE_SEED");
	uint64_t seed = given ? strtoull(given, NULL, 0) : (uint64_t)time(NULL);

	print_message("TILE_SEED=%#llx\n", (unsigned long long)seed);
	return seed;
}

static void show_tensor(const struct tsr_hw_tensor *tensor)
{
	print_message("  type %u:", tensor->type);
	for (unsigned int i = 0; i < tensor->rank; i++)
		print_message(" %u by %lld", tensor->dim[i],
			      (long long)tensor->stride[i]);
	print_message("\n");
}

/* What failed, and how to have it again. */
static void show(const struct hostile *hostile, uint64_t seed, const char *product)
{
	const struct tsr_hw_command *head = &hostile->command.head;
	const size_t size = sizeof(struct tsr_hw_tensor);
	const char *tensor = (const char *)(head + 1);

	print_message("TILE_SEED=%#llx: opcode %#x on %s\n", (unsigned long long)seed, head->op,
		      product);
	for (size_t i = 0; i < 3 && (i + 1) * size + sizeof(*head) <= head->size; i++)
		show_tensor((const void *)(tensor + i * size));
}

/* What is wrong with what a command cost, or NULL. */
static const char *judge(const struct endless *endless, const struct tile_size *node,
			 const struct tile_result *result)
{
	if (staging_usage().peak > TILE_MAX_STAGING)
		return "memory";
	if (staging_usage().used)
		return "memory is lost";
	if (endless->most > THREADS * SLICE)
		return "elements between two questions whether to give up";
	if (endless->late > THREADS * SLICE)
		return "elements after it was told to give up";
	if (endless->moved / RATIO > node->operations + FREE)
		return "elements for so few operations";
	if (endless->given_up)
		return NULL;
	if (result->error || endless->progress != node->steps)
		return "it did not end well";
	return endless->polls < node->operations / OPERATIONS ? "questions for so much work" : NULL;
}

/* Return: whether the command was taken; *@wrong is what is wrong with it. */
static bool run(const struct sku *sku, const struct hostile *hostile, const char **wrong)
{
	const struct tile_request request = {
		.kind = hostile->kind,
		.stream = &hostile->command,
		.stream_size = hostile->size,
		.slots = hostile->slot,
		.slot_count = HOSTILE_SLOTS,
	};
	struct endless endless = { .give_up_moved = ENOUGH_MOVED, .give_up_polls = ENOUGH_POLLS };
	struct tile_memory memory = endless_accessors(&endless);
	struct tile_result result;
	struct tile_size node;
	struct tile_job *job;

	*wrong = NULL;
	if (tile_prepare(sku, &request, &job, &node, &result)) {
		/* It may ask for more than there can be, but not make no sense. */
		if (result.error != TSR_HW_ERR_UNSUPPORTED && result.error != TSR_HW_ERR_SLOT)
			*wrong = "it is malformed";
		return false;
	}
	staging_reset_peak();
	tile_execute(job, &memory, NULL, &result);
	tile_free(job);
	*wrong = judge(&endless, &node, &result);
	if (*wrong)
		print_message("%s: %llu moved, at most %llu at once, %llu late, %llu questions, "
			      "%llu operations, %llu bytes\n", *wrong,
			      (unsigned long long)endless.moved, (unsigned long long)endless.most,
			      (unsigned long long)endless.late, (unsigned long long)endless.polls,
			      (unsigned long long)node.operations,
			      (unsigned long long)staging_usage().peak);
	return true;
}

static int run_product(const char *product, uint64_t *random)
{
	char error[256];
	char path[512];
	struct sku *sku;
	int taken = 0;

	snprintf(path, sizeof(path), "%s/%s.json", SKU_DIR, product);
	assert_int_equal(sku_load(path, &sku, error, sizeof(error)), 0);
	for (int round = 0; round < ROUNDS; round++) {
		uint64_t seed = *random;
		struct hostile hostile;
		const char *wrong;

		hostile_make(&hostile, random, seed & 1 ? 36 : 16);
		taken += run(sku, &hostile, &wrong);
		if (wrong) {
			show(&hostile, seed, product);
			fail_msg("%s", wrong);
		}
	}
	sku_free(sku);
	return taken;
}

static void whatever_a_command_asks_for_is_bounded(void **state)
{
	uint64_t random = first_seed();
	int taken = 0;

	(void)state;
	for (size_t i = 0; i < CLASSES; i++)
		taken += run_product(classes[i], &random);
	assert_true(taken > 6 * ROUNDS / 3);
}

static void shape(struct tsr_hw_tensor *tensor, unsigned int slot, uint32_t rows, uint32_t columns)
{
	*tensor = (struct tsr_hw_tensor){
		.slot = (uint16_t)slot, .type = TSR_HW_TYPE_FP32, .rank = 3,
		.dim = { rows, columns, 1 }, .stride = { columns, 1, 1 },
	};
}

/* Pictures of 64 channels, in so many groups. */
static void make_groups(struct hostile *hostile, uint32_t groups)
{
	const struct tsr_hw_quant none = {
		.scale.slot = TSR_HW_SLOT_NONE, .zeros.slot = TSR_HW_SLOT_NONE,
	};
	struct tsr_hw_conv *conv = &hostile->command.conv;
	uint64_t random = 1;

	hostile_make(hostile, &random, 8);
	hostile->kind = TSR_HW_ENGINE_TENSOR;
	hostile->size = sizeof(*conv);
	*conv = (struct tsr_hw_conv){
		.head = { .op = TSR_HW_OP_CONV, .size = sizeof(*conv) },
		.window = { { .kernel = 1, .stride = 1, .dilation = 1, .input_dilation = 1 } },
		.groups = groups, .dims = 1, .qx = none, .qw = none,
		.blocks = {
			.bm = 1, .bn = CHANNELS / groups, .bk = CHANNELS / groups, .bg = groups,
		},
	};
	shape(&conv->x, 0, PICTURES, CHANNELS);
	shape(&conv->w, 1, CHANNELS, CHANNELS / groups);
	shape(&conv->d, 3, PICTURES, CHANNELS);
}

static uint64_t polls_of(const struct sku *sku, struct hostile *hostile)
{
	struct endless endless = { .give_up_moved = UINT64_MAX, .give_up_polls = UINT64_MAX };
	struct tile_memory memory = endless_accessors(&endless);
	const struct tile_request request = {
		.kind = hostile->kind, .stream = &hostile->command, .stream_size = hostile->size,
		.slots = hostile->slot, .slot_count = HOSTILE_SLOTS,
	};
	struct tile_result result;
	struct tile_size node;
	struct tile_job *job;

	assert_int_equal(tile_prepare(sku, &request, &job, &node, &result), TSR_HW_ERR_NONE);
	tile_execute(job, &memory, NULL, &result);
	tile_free(job);
	assert_int_equal(result.error, TSR_HW_ERR_NONE);
	print_message("%llu questions\n", (unsigned long long)endless.polls);
	return endless.polls;
}

static uint64_t polls_of_groups(const struct sku *sku, uint32_t groups)
{
	struct hostile hostile;

	make_groups(&hostile, groups);
	return polls_of(sku, &hostile);
}

/* The library has a call for each, however little it computes. */
static void groups_of_pictures_are_work_by_themselves(void **state)
{
	char error[256];
	struct sku *sku;

	(void)state;
	assert_int_equal(sku_load(SKU_DIR "/edge.json", &sku, error, sizeof(error)), 0);
	assert_true(polls_of_groups(sku, CHANNELS) >= polls_of_groups(sku, 1) + 6);
	sku_free(sku);
}

/* Few pictures, so that only groups make work. */
static void make_integers(struct hostile *hostile)
{
	struct tsr_hw_conv *conv = &hostile->command.conv;

	make_groups(hostile, CHANNELS / 4);
	conv->x.dim[0] = 6;
	conv->d.dim[0] = 6;
	conv->x.type = TSR_HW_TYPE_UINT8;
	conv->w.type = TSR_HW_TYPE_INT8;
	conv->d.type = TSR_HW_TYPE_INT32;
}

/* Pairs have a block for each, however little it computes. */
static void groups_of_integers_are_asked_about_by_themselves(void **state)
{
	struct hostile hostile;
	char error[256];
	struct sku *sku;

	(void)state;
	if (!strstr(tile_implementation(), "pairs"))
		skip();
	make_integers(&hostile);
	assert_int_equal(sku_load(SKU_DIR "/edge.json", &sku, error, sizeof(error)), 0);
	assert_true(polls_of(sku, &hostile) >= CHANNELS / 4);
	sku_free(sku);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whatever_a_command_asks_for_is_bounded),
		cmocka_unit_test(groups_of_pictures_are_work_by_themselves),
		cmocka_unit_test(groups_of_integers_are_asked_about_by_themselves),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
