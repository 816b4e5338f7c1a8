// SPDX-License-Identifier: (GPL-2.0-only OR MIT)
/* Boot block: negotiation and refusals. */
#include "suite.h"

#include "feature_set.h"
#include "job.h"

static void accepts_a_matching_host(void **state)
{
	(void)state;
	assert_int_equal(driver_boot(NULL), TSR_HW_BOOT_OK);
	assert_int_equal(driver_boot_block()->response.abi, TSR_HW_ABI_VERSION_MAX);
	assert_int_equal(driver_boot_block()->response.features, FIRMWARE_FEATURES);
	assert_int_equal(driver_boot_block()->response.fw_version, 0x01000000);
	assert_int_equal(driver_boot_block()->response.max_contexts, JOB_CONTEXTS);
}

#define OLDEST	TSR_HW_ABI_VERSION_MIN
#define NEWEST	TSR_HW_ABI_VERSION_MAX

struct versions {
	uint32_t min, max;
	uint32_t status;
	uint32_t chosen;
};

static const struct versions *versions;

static void set_versions(struct tsr_hw_boot_block *block)
{
	block->abi_min = versions->min;
	block->abi_max = versions->max;
}

static void chooses_the_highest_common_version(void **state)
{
	static const struct versions cases[] = {
		{ OLDEST, OLDEST, TSR_HW_BOOT_OK, OLDEST },
		{ 1, NEWEST, TSR_HW_BOOT_OK, NEWEST },
		{ NEWEST, NEWEST + 1, TSR_HW_BOOT_OK, NEWEST },
		{ 1, 0xffffffff, TSR_HW_BOOT_OK, NEWEST },
		{ NEWEST + 1, NEWEST + 1, TSR_HW_BOOT_BAD_ABI, 0 },
		{ NEWEST + 1, 9, TSR_HW_BOOT_BAD_ABI, 0 },
		{ 1, OLDEST - 1, TSR_HW_BOOT_BAD_ABI, 0 },
		{ 0, 1, TSR_HW_BOOT_BAD_BLOCK, 0 },
		{ 0, 0, TSR_HW_BOOT_BAD_BLOCK, 0 },
		{ 2, 1, TSR_HW_BOOT_BAD_BLOCK, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		versions = &cases[i];
		assert_int_equal(driver_boot(set_versions), cases[i].status);
		assert_int_equal(driver_boot_block()->response.abi, cases[i].chosen);
	}
}

static void newer_host(struct tsr_hw_boot_block *block)
{
	block->abi_min = TSR_HW_ABI_VERSION_MAX + 1;
	block->abi_max = TSR_HW_ABI_VERSION_MAX + 3;
}

static void refusal_names_its_own_range(void **state)
{
	(void)state;
	assert_int_equal(driver_boot(newer_host), TSR_HW_BOOT_BAD_ABI);
	assert_int_equal(machine_boot_detail(),
			 TSR_HW_ABI_VERSION_MAX << 16 | TSR_HW_ABI_VERSION_MIN);
}

static void no_profile(struct tsr_hw_boot_block *block)
{
	block->features = TSR_HW_FEATURE_REPEAT | 1ull << 40;
}

static void offers_only_common_features(void **state)
{
	(void)state;
	assert_int_equal(driver_boot(no_profile), TSR_HW_BOOT_OK);
	assert_int_equal(driver_boot_block()->response.features, TSR_HW_FEATURE_REPEAT);
}

static void requires_unknown(struct tsr_hw_boot_block *block)
{
	block->features |= 1ull << 40;
	block->features_required = 1ull << 40;
}

static void refuses_a_required_feature_it_lacks(void **state)
{
	(void)state;
	assert_int_equal(driver_boot(requires_unknown), TSR_HW_BOOT_BAD_FEATURES);
}

static void requires_known(struct tsr_hw_boot_block *block)
{
	block->features_required = TSR_HW_FEATURE_REPEAT;
}

static void accepts_a_required_feature_it_has(void **state)
{
	(void)state;
	assert_int_equal(driver_boot(requires_known), TSR_HW_BOOT_OK);
}

static void requires_unoffered(struct tsr_hw_boot_block *block)
{
	block->features = 0;
	block->features_required = TSR_HW_FEATURE_REPEAT;
}

static void bad_magic(struct tsr_hw_boot_block *block)
{
	block->magic ^= 1;
}

static void bad_size(struct tsr_hw_boot_block *block)
{
	block->size -= 8;
}

static void bad_mbz(struct tsr_hw_boot_block *block)
{
	block->mbz[63] = 1;
}

static void no_block(struct tsr_hw_boot_block *block)
{
	(void)block;
	machine_set_boot_block(MACHINE_PHYSICAL);
}

static void refuses_malformed_blocks(void **state)
{
	static void (*const cases[])(struct tsr_hw_boot_block *) = {
		requires_unoffered, bad_magic, bad_size, bad_mbz, no_block,
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(driver_boot(cases[i]), TSR_HW_BOOT_BAD_BLOCK);
}

static void unaligned_ring(struct tsr_hw_boot_block *block)
{
	block->admin_ring += 64;
}

static void no_ring(struct tsr_hw_boot_block *block)
{
	block->admin_ring = 0;
}

static void ring_outside(struct tsr_hw_boot_block *block)
{
	block->admin_ring = MACHINE_PHYSICAL;
}

static void tail_outside(struct tsr_hw_boot_block *block)
{
	block->admin_ring = MACHINE_PHYSICAL - MACHINE_PAGE;
}

static void done_outside(struct tsr_hw_boot_block *block)
{
	block->admin_done = 1ull << 51;
}

static void done_half_outside(struct tsr_hw_boot_block *block)
{
	block->admin_done = MACHINE_PHYSICAL - MACHINE_PAGE;
}

static void unaligned_events(struct tsr_hw_boot_block *block)
{
	block->event_ring |= 8;
}

static void events_outside(struct tsr_hw_boot_block *block)
{
	block->event_ring = MACHINE_PHYSICAL;
}

static void refuses_unusable_layouts(void **state)
{
	static void (*const cases[])(struct tsr_hw_boot_block *) = {
		unaligned_ring, no_ring, ring_outside, tail_outside, done_outside,
		done_half_outside, unaligned_events, events_outside,
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(driver_boot(cases[i]), TSR_HW_BOOT_BAD_LAYOUT);
}

static void old_response(struct tsr_hw_boot_block *block)
{
	memset(&block->response, 0xff, sizeof(block->response));
}

/* Hosts boot again with the same block. */
static void a_response_of_an_earlier_boot_does_not_matter(void **state)
{
	(void)state;
	assert_int_equal(driver_boot(old_response), TSR_HW_BOOT_OK);
	assert_int_equal(driver_boot_block()->response.abi, TSR_HW_ABI_VERSION_MAX);
	assert_int_equal(driver_boot_block()->response.features, FIRMWARE_FEATURES);
}

static void refusal_leaves_the_response_alone(void **state)
{
	static const uint8_t zero[sizeof(driver_boot_block()->response)];

	(void)state;
	assert_int_equal(driver_boot(newer_host), TSR_HW_BOOT_BAD_ABI);
	assert_memory_equal(&driver_boot_block()->response, zero, sizeof(zero));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(accepts_a_matching_host),
		cmocka_unit_test(a_response_of_an_earlier_boot_does_not_matter),
		cmocka_unit_test(chooses_the_highest_common_version),
		cmocka_unit_test(refusal_names_its_own_range),
		cmocka_unit_test(offers_only_common_features),
		cmocka_unit_test(refuses_a_required_feature_it_lacks),
		cmocka_unit_test(accepts_a_required_feature_it_has),
		cmocka_unit_test(refuses_malformed_blocks),
		cmocka_unit_test(refuses_unusable_layouts),
		cmocka_unit_test(refusal_leaves_the_response_alone),
	};

	return cmocka_run_group_tests_name("firmware boot", tests, NULL, NULL);
}
