// SPDX-License-Identifier: MIT
/* Static memory: what is made of it is kept until it is invalidated, and no longer. */
#include <tsr_hw/error.h>

#include "cmocka_prelude.h"
#include "fixture.h"
#include "harness.h"
#include "inv.h"
#include "program.h"

/* A convolution of 2 x 2 taps on one picture; weights fill some pages and the half of one. */
#define KERNEL 2u
#define SIZE 8u
#define OUT (SIZE - KERNEL + 1)
#define CHANNELS 16u
#define TERMS (CHANNELS * KERNEL * KERNEL)
#define OUTPUTS 72u

/* Outputs of one whose weights have more pages than a window looks at. */
#define MANY_OUTPUTS 9000u

#define X_VA 0x10000000ull
#define W_VA 0x20000000ull
#define D_VA 0x30000000ull
#define W_BYTES (TERMS * OUTPUTS * sizeof(float))
#define W_PAGES 5u

#define SETTLED (TSR_HW_PTE_READ | TSR_HW_PTE_STATIC)

struct conv {
	struct fixture *f;
	struct tsr_hw_job job;
	uint32_t outputs;
	float *x;
	float *w;
	float *d;
};

static struct tsr_hw_tensor tensor(unsigned int slot, const uint32_t dim[4],
				   const uint64_t stride[4])
{
	struct tsr_hw_tensor tensor = {
		.slot = (__le16)slot, .type = TSR_HW_TYPE_FP32, .rank = 4,
	};

	for (int i = 0; i < 4; i++) {
		tensor.dim[i] = dim[i];
		tensor.stride[i] = stride[i];
	}
	return tensor;
}

static struct tsr_hw_tensor picture(unsigned int slot, uint32_t channels, uint32_t size)
{
	return tensor(slot, (uint32_t[]){ 1, channels, size, size },
		      (uint64_t[]){ channels * size * size, 1, channels * size, channels });
}

static struct tsr_hw_conv command(uint32_t outputs)
{
	const struct tsr_hw_tensor none = { .slot = TSR_HW_SLOT_NONE };
	const struct tsr_hw_quant plain = { .scale = none, .zeros = none };
	const struct tsr_hw_window window = { .kernel = KERNEL, .stride = 1, .dilation = 1,
					      .input_dilation = 1 };
	const uint64_t tap = (uint64_t)CHANNELS * outputs;

	return (struct tsr_hw_conv){
		.head = { .op = TSR_HW_OP_CONV, .size = sizeof(struct tsr_hw_conv) },
		.x = picture(0, CHANNELS, SIZE),
		.w = tensor(1, (uint32_t[]){ outputs, CHANNELS, KERNEL, KERNEL },
			    (uint64_t[]){ 1, outputs, tap * KERNEL, tap }),
		.d = picture(2, outputs, OUT),
		.qx = plain,
		.qw = plain,
		.blocks = { .bm = 2, .bn = 32, .bk = TERMS, .bg = 1 },
		.window = { window, window },
		.groups = 1,
		.dims = 2,
	};
}

static float *operand(struct fixture *f, uint64_t va, size_t size, uint64_t perms)
{
	return harness_at(f->harness, aspace_alloc(&f->as, va, size, perms));
}

static void set(float *values, size_t n, float value)
{
	for (size_t i = 0; i < n; i++)
		values[i] = value;
}

/* Sums of TERMS products of 1 and 1. */
static struct conv conv_of(struct fixture *f, uint64_t w_perms, uint32_t outputs)
{
	const size_t x_size = CHANNELS * SIZE * SIZE * sizeof(float);
	const size_t d_size = outputs * OUT * OUT * sizeof(float);
	const size_t w_size = outputs * TERMS * sizeof(float);
	const struct tsr_hw_slot slots[] = {
		{ X_VA, x_size, 0, TSR_HW_SLOT_READ, 0 },
		{ W_VA, w_size, 0, TSR_HW_SLOT_READ, 0 },
		{ D_VA, d_size, 0, TSR_HW_SLOT_WRITE, 0 },
	};
	const struct tsr_hw_conv conv = command(outputs);
	struct test_program program;
	struct conv made = {
		.f = f,
		.outputs = outputs,
		.x = operand(f, X_VA, x_size, TSR_HW_PTE_READ),
		.w = operand(f, W_VA, w_size, w_perms),
		.d = operand(f, D_VA, d_size, TSR_HW_PTE_WRITE),
	};

	set(made.x, x_size / sizeof(float), 1);
	set(made.w, w_size / sizeof(float), 1);
	program_begin(&program);
	program_node(&program, TSR_HW_ENGINE_TENSOR, &conv, sizeof(conv));
	made.job = program_place(&program, &f->as, 0x40000000, slots, 3);
	return made;
}

static struct conv conv_make(struct fixture *f, uint64_t w_perms)
{
	return conv_of(f, w_perms, OUTPUTS);
}

/* Return: how often weights were read: all else is less than they. */
static uint64_t run(struct conv *conv, float want)
{
	struct harness *h = conv->f->harness;
	uint64_t before = harness_counter(h, "dma_read_bytes");

	assert_int_equal(driver_run(&conv->f->queue, &conv->job), TSR_HW_ERR_NONE);
	for (unsigned int i = 0; i < conv->outputs * OUT * OUT; i++)
		assert_float_equal(conv->d[i], want, 0);
	return (harness_counter(h, "dma_read_bytes") - before) /
	       (conv->outputs * TERMS * sizeof(float));
}

static void invalidate(struct inv *inv, uint32_t asid, uint64_t va)
{
	inv_post(inv, (struct tsr_hw_inv_cmd){
		.op = TSR_HW_INV_RANGE, .asid = asid, .va = va, .size = TSR_HW_PAGE_SIZE });
	assert_true(inv_wait(inv));
}

static void weights_in_static_memory_are_read_for_one_job(void **state)
{
	struct conv conv = conv_make(*state, SETTLED);

	assert_int_not_equal(run(&conv, TERMS), 0);
	assert_int_equal(run(&conv, TERMS), 0);
	assert_int_equal(run(&conv, TERMS), 0);
}

static void weights_in_other_memory_are_read_for_each_job(void **state)
{
	struct conv conv = conv_make(*state, TSR_HW_PTE_READ);

	for (int i = 0; i < 3; i++)
		assert_int_not_equal(run(&conv, TERMS), 0);
	set(conv.w, W_BYTES / sizeof(float), 2);
	run(&conv, 2 * TERMS);
}

static void one_page_that_is_not_static_is_enough(void **state)
{
	struct conv conv = conv_make(*state, SETTLED);

	*aspace_entry(&conv.f->as, W_VA + (W_PAGES - 1) * TSR_HW_PAGE_SIZE, 0) &=
		~TSR_HW_PTE_STATIC;
	run(&conv, TERMS);
	set(conv.w, W_BYTES / sizeof(float), 2);
	run(&conv, 2 * TERMS);
}

static void an_invalidation_of_any_page_of_them_ends_it(void **state)
{
	struct conv conv = conv_make(*state, SETTLED);
	struct inv inv = inv_make(*state);
	float value = 1;

	for (unsigned int page = 0; page < W_PAGES; page++) {
		run(&conv, value * TERMS);
		set(conv.w, W_BYTES / sizeof(float), ++value);
		invalidate(&inv, 1, W_VA + page * TSR_HW_PAGE_SIZE);
		run(&conv, value * TERMS);
	}
}

static void so_are_those_of_many_pages(void **state)
{
	struct conv conv = conv_of(*state, SETTLED, MANY_OUTPUTS);
	struct inv inv = inv_make(*state);
	uint64_t last = (MANY_OUTPUTS * TERMS * sizeof(float) - 1) / TSR_HW_PAGE_SIZE *
			TSR_HW_PAGE_SIZE;

	assert_int_not_equal(run(&conv, TERMS), 0);
	assert_int_equal(run(&conv, TERMS), 0);
	invalidate(&inv, 1, W_VA + last);
	assert_int_not_equal(run(&conv, TERMS), 0);
	*aspace_entry(&conv.f->as, W_VA + last, 0) &= ~TSR_HW_PTE_STATIC;
	invalidate(&inv, 1, W_VA + last);
	for (int i = 0; i < 2; i++)
		assert_int_not_equal(run(&conv, TERMS), 0);
}

static void invalidations_elsewhere_do_not(void **state)
{
	struct conv conv = conv_make(*state, SETTLED);
	struct inv inv = inv_make(*state);

	run(&conv, TERMS);
	invalidate(&inv, 1, W_VA - TSR_HW_PAGE_SIZE);
	invalidate(&inv, 1, W_VA + W_PAGES * TSR_HW_PAGE_SIZE);
	invalidate(&inv, 2, W_VA);
	assert_int_equal(run(&conv, TERMS), 0);
}

static void an_invalidation_of_the_address_space_ends_it(void **state)
{
	struct conv conv = conv_make(*state, SETTLED);
	struct inv inv = inv_make(*state);

	run(&conv, TERMS);
	set(conv.w, W_BYTES / sizeof(float), 2);
	inv_post(&inv, (struct tsr_hw_inv_cmd){ .op = TSR_HW_INV_ASID, .asid = 1 });
	assert_true(inv_wait(&inv));
	run(&conv, 2 * TERMS);
}

static void the_same_address_of_another_space_has_its_own(void **state)
{
	struct fixture other = *(struct fixture *)*state;
	struct conv one = conv_make(*state, SETTLED), two;

	aspace_make(&other.as, other.harness, 2);
	assert_int_equal(driver_queue_create(&other.queue, &other.driver, 2, 2, 0), 0);
	two = conv_make(&other, SETTLED);
	set(two.w, W_BYTES / sizeof(float), 5);
	run(&one, TERMS);
	run(&two, 5 * TERMS);
	assert_int_equal(run(&one, TERMS), 0);
	assert_int_equal(run(&two, 5 * TERMS), 0);
}

static void a_reset_ends_it(void **state)
{
	struct fixture *f = *state;
	struct conv conv = conv_make(f, SETTLED);

	run(&conv, TERMS);
	assert_true(harness_reset(f->harness));
	assert_true(fixture_boot(f));
	conv = conv_make(f, SETTLED);
	set(conv.w, W_BYTES / sizeof(float), 3);
	run(&conv, 3 * TERMS);
}

static void it_is_not_written(void **state)
{
	struct fixture *f = *state;
	struct conv conv = conv_make(f, SETTLED | TSR_HW_PTE_WRITE);

	assert_int_equal(driver_run(&f->queue, &conv.job), TSR_HW_ERR_FAULT_READ);
}

#define STATIC_TEST(function) \
	cmocka_unit_test_setup_teardown(function, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		STATIC_TEST(weights_in_static_memory_are_read_for_one_job),
		STATIC_TEST(so_are_those_of_many_pages),
		STATIC_TEST(weights_in_other_memory_are_read_for_each_job),
		STATIC_TEST(one_page_that_is_not_static_is_enough),
		STATIC_TEST(an_invalidation_of_any_page_of_them_ends_it),
		STATIC_TEST(invalidations_elsewhere_do_not),
		STATIC_TEST(an_invalidation_of_the_address_space_ends_it),
		STATIC_TEST(the_same_address_of_another_space_has_its_own),
		STATIC_TEST(a_reset_ends_it),
		STATIC_TEST(it_is_not_written),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
