// SPDX-License-Identifier: MIT
/* The page walk alone, on a memory of the test's own: where each address leads, and why not. */
#include <string.h>

#include <tsr_hw/error.h>
#include <tsr_hw/mmu.h>

#include "cmocka_prelude.h"
#include "memory/invalidation.h"
#include "memory/mmu.h"
#include "memory/tlb.h"
#include "register/asid.h"
#include "vfu/vfu.h"

#define PAGE TSR_HW_PAGE_SIZE
#define BLOCK TSR_HW_BLOCK_SIZE

/* Memory of the bus: tables are made from its begin, leaves lead wherever the test says. */
#define BUS 0x80000000ull
#define BUS_PAGES 1024u

#define RWF (TSR_HW_PTE_READ | TSR_HW_PTE_WRITE | TSR_HW_PTE_FETCH)
#define GOOD (RWF | TSR_HW_PTE_VALID | TSR_HW_PTE_LEAF)
#define LOCAL TSR_HW_PTE_APERTURE_LOCAL

#define ASID 5u
#define VA 0x7654321000ull

static _Alignas(4096) char memory[BUS_PAGES * 4096];

struct space {
	unsigned int pages;	/* of the memory, that tables have */
	uint64_t root;
	struct asid_table asids;
	struct mmu_cursor cursor;
	unsigned int walks;	/* translations since the test looked */
	unsigned int access;	/* of the last one */
	struct tlb *tlb;	/* of the tests that keep something */
};

static struct space space;

void *vfu_dma_translate(struct vfu *vfu, uint64_t addr, unsigned int access, size_t *len)
{
	uint64_t at = addr - BUS;

	assert_ptr_equal(vfu, &space);
	space.walks++;
	space.access = access;
	if (at >= sizeof(memory))
		return NULL;
	if (*len > sizeof(memory) - at)
		*len = sizeof(memory) - at;
	return memory + at;
}

static uint64_t new_table(void)
{
	uint64_t at = (uint64_t)space.pages++ * PAGE;

	memset(memory + at, 0, PAGE);
	return BUS + at;
}

/* The entry of a level; tables above it are made. */
static uint64_t *entry(uint64_t va, int level)
{
	uint64_t table = space.root & TSR_HW_PTE_ADDR;

	for (int at = TSR_HW_PT_LEVELS - 1;; at--) {
		uint64_t *found = (uint64_t *)(memory + (table - BUS)) +
				  (va >> TSR_HW_PT_SHIFT(at) & (TSR_HW_PT_ENTRIES - 1));

		if (at == level)
			return found;
		if (!*found)
			*found = new_table() | TSR_HW_PTE_VALID;
		table = *found & TSR_HW_PTE_ADDR;
	}
}

static void set_root(uint64_t root)
{
	space.root = root;
	asid_table_write(&space.asids, 2 * ASID, (uint32_t)root);
	asid_table_write(&space.asids, 2 * ASID + 1, root >> 32);
}

/* Nothing is remembered of what was found before. */
static void new_window(enum mmu_access access, uint64_t local_size)
{
	space.cursor = (struct mmu_cursor){
		.vfu = (struct vfu *)&space, .asids = &space.asids, .asid = ASID,
		.access = access, .local_size = local_size,
	};
	space.walks = 0;
}

static int setup(void **state)
{
	(void)state;
	memset(&space, 0, sizeof(space));
	set_root(new_table() | TSR_HW_ASID_VALID);
	new_window(MMU_READ, 0);
	return 0;
}

static void expect_fault(uint64_t va, int error)
{
	struct mmu_place place;
	size_t len = 1;

	assert_int_equal(mmu_map(&space.cursor, va, &len, &place), error);
}

static void expect_host(uint64_t va, size_t want, uint64_t bus, size_t found)
{
	struct mmu_place place;
	size_t len = want;

	assert_int_equal(mmu_map(&space.cursor, va, &len, &place), TSR_HW_ERR_NONE);
	assert_ptr_equal(place.host, memory + (bus - BUS));
	assert_int_equal(len, found);
}

static void expect_local(uint64_t va, size_t want, uint64_t offset, size_t found)
{
	struct mmu_place place;
	size_t len = want;

	assert_int_equal(mmu_map(&space.cursor, va, &len, &place), TSR_HW_ERR_NONE);
	assert_null(place.host);
	assert_int_equal(place.local, offset);
	assert_int_equal(len, found);
}

static void a_page_ends_where_it_ends(void **state)
{
	(void)state;
	*entry(VA, 0) = (BUS + 100 * PAGE) | GOOD;
	*entry(VA + PAGE, 0) = (BUS + 200 * PAGE) | GOOD;
	expect_host(VA, 10, BUS + 100 * PAGE, 10);
	expect_host(VA, 3 * PAGE, BUS + 100 * PAGE, PAGE);
	expect_host(VA + 100, PAGE, BUS + 100 * PAGE + 100, PAGE - 100);
	expect_host(VA + PAGE - 1, 2, BUS + 101 * PAGE - 1, 1);
	expect_host(VA + PAGE, 1, BUS + 200 * PAGE, 1);
	expect_fault(VA + 2 * PAGE, TSR_HW_ERR_FAULT_READ);
	expect_fault(VA - 1, TSR_HW_ERR_FAULT_READ);
	expect_host(VA, PAGE, BUS + 100 * PAGE, PAGE);
}

static void what_was_found_is_not_looked_for_again(void **state)
{
	(void)state;
	*entry(VA, 0) = (BUS + 100 * PAGE) | GOOD;
	*entry(VA + PAGE, 0) = (BUS + 101 * PAGE) | GOOD;
	new_window(MMU_READ, 0);
	expect_host(VA + 8, 8, BUS + 100 * PAGE + 8, 8);
	assert_int_equal(space.walks, TSR_HW_PT_LEVELS + 1);
	expect_host(VA + PAGE - 8, 8, BUS + 101 * PAGE - 8, 8);
	assert_int_equal(space.walks, TSR_HW_PT_LEVELS + 1);
	expect_host(VA + PAGE, 8, BUS + 101 * PAGE, 8);
	assert_int_equal(space.walks, TSR_HW_PT_LEVELS + 2);
}

static void a_table_of_pages_ends_with_its_block(void **state)
{
	const uint64_t last = (VA & ~(BLOCK - 1)) + BLOCK - PAGE;

	(void)state;
	*entry(last, 0) = (BUS + 100 * PAGE) | GOOD;
	*entry(last + PAGE, 0) = (BUS + 300 * PAGE) | GOOD;
	*entry(last - BLOCK + PAGE, 0) = (BUS + 400 * PAGE) | GOOD;
	expect_host(last, 8, BUS + 100 * PAGE, 8);
	expect_host(last + PAGE, 8, BUS + 300 * PAGE, 8);
	expect_host(last, 8, BUS + 100 * PAGE, 8);
	expect_host(last - BLOCK + PAGE, 8, BUS + 400 * PAGE, 8);
	expect_fault(last - BLOCK, TSR_HW_ERR_FAULT_READ);
}

static void a_leaf_of_2_mib_spans_them(void **state)
{
	const uint64_t block = VA & ~(BLOCK - 1);

	(void)state;
	*entry(block, 1) = BUS | GOOD;
	expect_host(block, 2 * BLOCK, BUS, BLOCK);
	expect_host(block + BLOCK - 1, 2, BUS + BLOCK - 1, 1);
	expect_host(block + 5 * PAGE + 7, BLOCK, BUS + 5 * PAGE + 7, BLOCK - 5 * PAGE - 7);
	expect_fault(block + BLOCK, TSR_HW_ERR_FAULT_READ);
	expect_fault(block - 1, TSR_HW_ERR_FAULT_READ);
}

static void each_bit_below_2_mib_is_zero_in_their_leaf(void **state)
{
	(void)state;
	for (unsigned int bit = TSR_HW_PAGE_SHIFT; bit < TSR_HW_BLOCK_SHIFT; bit++) {
		*entry(VA, 1) = BUS | GOOD | 1ull << bit;
		new_window(MMU_READ, 0);
		expect_fault(VA, TSR_HW_ERR_FAULT_READ);
	}
	*entry(VA, 1) = BUS | GOOD;
	expect_host(VA & ~(BLOCK - 1), 1, BUS, 1);
}

static void larger_leaves_are_reserved(void **state)
{
	(void)state;
	*entry(VA, 2) = 0x80000000ull | GOOD;
	expect_fault(VA & ~0x3fffffffull, TSR_HW_ERR_FAULT_READ);
	*entry(VA, 3) = GOOD;
	expect_fault(VA, TSR_HW_ERR_FAULT_READ);
}

static void each_access_needs_its_permission(void **state)
{
	static const struct {
		enum mmu_access access;
		uint64_t permission;
		int error;
		unsigned int asked;
	} rows[] = {
		{ MMU_READ, TSR_HW_PTE_READ, TSR_HW_ERR_FAULT_READ, VFU_DMA_READ },
		{ MMU_WRITE, TSR_HW_PTE_WRITE, TSR_HW_ERR_FAULT_WRITE, VFU_DMA_WRITE },
		{ MMU_FETCH, TSR_HW_PTE_FETCH, TSR_HW_ERR_FAULT_FETCH, VFU_DMA_READ },
	};

	(void)state;
	for (unsigned int i = 0; i < 3; i++) {
		const uint64_t leaf = (BUS + 100 * PAGE) | TSR_HW_PTE_VALID | TSR_HW_PTE_LEAF;

		*entry(VA, 0) = leaf | rows[i].permission;
		new_window(rows[i].access, 0);
		expect_host(VA, 1, BUS + 100 * PAGE, 1);
		assert_int_equal(space.access, rows[i].asked);
		*entry(VA, 0) = leaf | (RWF & ~rows[i].permission);
		new_window(rows[i].access, 0);
		expect_fault(VA, rows[i].error);
		/* So does what is not mapped at all. */
		expect_fault(VA + PAGE, rows[i].error);
		expect_fault(VA + BLOCK, rows[i].error);
		expect_fault(0, rows[i].error);
		set_root(space.root & ~TSR_HW_ASID_VALID);
		new_window(rows[i].access, 0);
		expect_fault(VA, rows[i].error);
		set_root(space.root | TSR_HW_ASID_VALID);
	}
}

static void each_bit_that_must_be_zero_is_looked_at(void **state)
{
	(void)state;
	for (unsigned int bit = 0; bit < 64; bit++) {
		const uint64_t one = 1ull << bit;

		*entry(VA, 0) = (BUS + 100 * PAGE) | GOOD | one;
		new_window(MMU_READ, 0);
		if (one & TSR_HW_PTE_MBZ)
			expect_fault(VA, TSR_HW_ERR_FAULT_READ);
		*entry(VA, 0) = (BUS + 100 * PAGE) | GOOD;
		for (int level = 1; level < TSR_HW_PT_LEVELS; level++) {
			uint64_t good = *entry(VA, level);

			if (!(one & TSR_HW_PTE_TABLE_MBZ))
				continue;
			*entry(VA, level) = good | one;
			new_window(MMU_READ, 0);
			expect_fault(VA, TSR_HW_ERR_FAULT_READ);
			*entry(VA, level) = good;
		}
		if (one & TSR_HW_ASID_MBZ) {
			set_root(space.root | one);
			new_window(MMU_READ, 0);
			expect_fault(VA, TSR_HW_ERR_FAULT_READ);
			set_root(space.root & ~one);
		}
		new_window(MMU_READ, 0);
		expect_host(VA, 1, BUS + 100 * PAGE, 1);
	}
}

static void an_entry_that_is_not_valid_maps_nothing(void **state)
{
	(void)state;
	for (int level = 0; level < TSR_HW_PT_LEVELS; level++) {
		uint64_t good;

		*entry(VA, 0) = (BUS + 100 * PAGE) | GOOD;
		good = *entry(VA, level);
		*entry(VA, level) = good & ~TSR_HW_PTE_VALID;
		new_window(MMU_READ, 0);
		expect_fault(VA, TSR_HW_ERR_FAULT_READ);
		*entry(VA, level) = good;
	}
	*entry(VA, 0) &= ~TSR_HW_PTE_LEAF;
	expect_fault(VA, TSR_HW_ERR_FAULT_READ);
}

static void the_first_page_and_addresses_of_more_than_48_bits_fault(void **state)
{
	const uint64_t end = 1ull << TSR_HW_VA_BITS;

	(void)state;
	*entry(0, 0) = (BUS + 100 * PAGE) | GOOD;
	*entry(PAGE, 0) = (BUS + 101 * PAGE) | GOOD;
	*entry(end - PAGE, 0) = (BUS + 102 * PAGE) | GOOD;
	expect_fault(0, TSR_HW_ERR_FAULT_READ);
	expect_fault(PAGE - 1, TSR_HW_ERR_FAULT_READ);
	expect_host(PAGE, PAGE, BUS + 101 * PAGE, PAGE);
	expect_host(end - 1, 2, BUS + 103 * PAGE - 1, 1);
	expect_fault(end, TSR_HW_ERR_FAULT_READ);
	expect_fault(end + PAGE, TSR_HW_ERR_FAULT_READ);
	expect_fault(UINT64_MAX, TSR_HW_ERR_FAULT_READ);
	/* Nor does anything remain of a page that an address failed behind. */
	expect_fault(VA, TSR_HW_ERR_FAULT_READ);
	expect_host(PAGE, 1, BUS + 101 * PAGE, 1);
}

static void a_table_that_is_not_there_is_a_bus_fault(void **state)
{
	(void)state;
	for (int level = 1; level < TSR_HW_PT_LEVELS; level++) {
		uint64_t good;

		*entry(VA, 0) = (BUS + 100 * PAGE) | GOOD;
		good = *entry(VA, level);
		*entry(VA, level) = (BUS + sizeof(memory)) | TSR_HW_PTE_VALID;
		new_window(MMU_READ, 0);
		expect_fault(VA, TSR_HW_ERR_FAULT_BUS);
		*entry(VA, level) = good;
	}
	set_root((BUS + sizeof(memory)) | TSR_HW_ASID_VALID);
	new_window(MMU_READ, 0);
	expect_fault(VA, TSR_HW_ERR_FAULT_BUS);
}

static void a_page_that_is_not_there_is_a_bus_fault(void **state)
{
	(void)state;
	*entry(VA, 0) = (BUS + sizeof(memory)) | GOOD;
	*entry(VA + PAGE, 0) = (BUS + 100 * PAGE) | GOOD;
	expect_fault(VA, TSR_HW_ERR_FAULT_BUS);
	expect_host(VA + PAGE, 1, BUS + 100 * PAGE, 1);
}

static void local_memory_has_its_size(void **state)
{
	const uint64_t block = VA & ~(BLOCK - 1);

	(void)state;
	*entry(block, 1) = LOCAL | GOOD;
	new_window(MMU_WRITE, BLOCK / 2);
	expect_local(block, BLOCK, 0, BLOCK / 2);
	expect_local(block + 9, BLOCK, 9, BLOCK / 2 - 9);
	expect_local(block + BLOCK / 2 - 1, 2, BLOCK / 2 - 1, 1);
	expect_fault(block + BLOCK / 2, TSR_HW_ERR_FAULT_BUS);
	expect_fault(block + BLOCK - 1, TSR_HW_ERR_FAULT_BUS);
	*entry(VA + BLOCK, 0) = (BLOCK / 2 - PAGE) | LOCAL | GOOD;
	*entry(VA + BLOCK + PAGE, 0) = (BLOCK / 2) | LOCAL | GOOD;
	expect_local(VA + BLOCK + 1, PAGE, BLOCK / 2 - PAGE + 1, PAGE - 1);
	expect_fault(VA + BLOCK + PAGE, TSR_HW_ERR_FAULT_BUS);
}

static void a_device_without_it_has_no_such_leaf(void **state)
{
	(void)state;
	*entry(VA, 0) = PAGE | LOCAL | GOOD;
	expect_fault(VA, TSR_HW_ERR_FAULT_READ);
	new_window(MMU_READ, 2 * PAGE);
	expect_local(VA, 1, PAGE, 1);
	*entry(VA, 0) = PAGE | TSR_HW_PTE_APERTURE_PEER | GOOD;
	new_window(MMU_READ, 2 * PAGE);
	expect_fault(VA, TSR_HW_ERR_FAULT_READ);
	*entry(VA, 0) = PAGE | TSR_HW_PTE_APERTURE_PEER | LOCAL | GOOD;
	expect_fault(VA, TSR_HW_ERR_FAULT_READ);
}

static void address_spaces_are_1_to_63(void **state)
{
	(void)state;
	*entry(VA, 0) = (BUS + 100 * PAGE) | GOOD;
	for (unsigned int asid = 0; asid < TSR_HW_ASID_COUNT; asid++) {
		asid_table_write(&space.asids, 2 * asid, (uint32_t)space.root);
		asid_table_write(&space.asids, 2 * asid + 1, space.root >> 32);
		assert_int_equal(asid_table_root(&space.asids, asid), asid ? space.root : 0);
		new_window(MMU_READ, 0);
		space.cursor.asid = asid;
		if (asid)
			expect_host(VA, 1, BUS + 100 * PAGE, 1);
		else
			expect_fault(VA, TSR_HW_ERR_FAULT_READ);
	}
	new_window(MMU_READ, 0);
	space.cursor.asid = TSR_HW_ASID_COUNT;
	expect_fault(VA, TSR_HW_ERR_FAULT_READ);
	assert_int_equal(asid_table_root(&space.asids, UINT32_MAX), 0);
}

static void a_root_counts_when_its_high_word_is_written(void **state)
{
	(void)state;
	asid_table_write(&space.asids, 14, 0x11111111);
	assert_int_equal(asid_table_read(&space.asids, 14), 0);
	asid_table_write(&space.asids, 15, 0x22222222);
	assert_int_equal(asid_table_root(&space.asids, 7), 0x2222222211111111);
	asid_table_write(&space.asids, 14, 0x33333333);
	assert_int_equal(asid_table_read(&space.asids, 14), 0x11111111);
	assert_int_equal(asid_table_read(&space.asids, 15), 0x22222222);
	asid_table_reset(&space.asids);
	assert_int_equal(asid_table_root(&space.asids, 7), 0);
	assert_int_equal(asid_table_root(&space.asids, ASID), 0);
	asid_table_write(&space.asids, 15, 0x44444444);
	assert_int_equal(asid_table_root(&space.asids, 7), 0x4444444400000000);
}

#define MMU_TEST(function) cmocka_unit_test_setup(function, setup)

/* ---- what is kept --------------------------------------------------------------- */

static int setup_keeping(void **state)
{
	setup(state);
	space.tlb = tlb_create();
	return space.tlb ? 0 : -1;
}

static int drop_all(void **state)
{
	(void)state;
	tlb_destroy(space.tlb);
	return 0;
}

static void keep_on(enum mmu_access access)
{
	new_window(access, 0);
	space.cursor.tlb = space.tlb;
}

static void invalidate(unsigned int asid, uint64_t va, uint64_t size)
{
	const struct invalidation inv = { asid, va, size };

	tlb_invalidated(space.tlb, &inv);
	keep_on(MMU_READ);
}

static void a_leaf_is_kept_until_it_is_invalidated(void **state)
{
	(void)state;
	*entry(VA, 0) = (BUS + 100 * PAGE) | GOOD;
	keep_on(MMU_READ);
	expect_host(VA, 10, BUS + 100 * PAGE, 10);
	*entry(VA, 0) = (BUS + 200 * PAGE) | GOOD;
	keep_on(MMU_READ);
	expect_host(VA, 10, BUS + 100 * PAGE, 10);
	/* Of its neighbours, and of another address space. */
	invalidate(ASID, VA + PAGE, PAGE);
	invalidate(ASID, VA - PAGE, PAGE);
	invalidate(ASID + 1, VA, PAGE);
	expect_host(VA, 10, BUS + 100 * PAGE, 10);
	invalidate(ASID, VA, PAGE);
	expect_host(VA, 10, BUS + 200 * PAGE, 10);
	*entry(VA, 0) = 0;
	keep_on(MMU_READ);
	expect_host(VA, 10, BUS + 200 * PAGE, 10);
	invalidate(ASID, 0, UINT64_MAX);
	expect_fault(VA, TSR_HW_ERR_FAULT_READ);
}

static void a_large_leaf_is_kept_for_all_that_it_maps(void **state)
{
	const uint64_t block = VA & ~(BLOCK - 1);

	(void)state;
	*entry(VA, 1) = BUS | GOOD;
	keep_on(MMU_READ);
	expect_host(block + PAGE, 10, BUS + PAGE, 10);
	*entry(VA, 1) = 0;
	keep_on(MMU_READ);
	expect_host(block + 5 * PAGE, 10, BUS + 5 * PAGE, 10);
	invalidate(ASID, block + 9 * PAGE, PAGE);
	expect_fault(block + 5 * PAGE, TSR_HW_ERR_FAULT_READ);
}

static void a_table_is_kept_when_another_one_is_in_its_place(void **state)
{
	uint64_t other = new_table();

	(void)state;
	*entry(VA, 0) = (BUS + 100 * PAGE) | GOOD;
	*entry(VA + PAGE, 0) = (BUS + 101 * PAGE) | GOOD;
	keep_on(MMU_READ);
	expect_host(VA, 10, BUS + 100 * PAGE, 10);
	*entry(VA, 1) = other | TSR_HW_PTE_VALID;
	keep_on(MMU_READ);
	expect_host(VA + PAGE, 10, BUS + 101 * PAGE, 10);
	invalidate(ASID, VA, PAGE);
	expect_fault(VA, TSR_HW_ERR_FAULT_READ);
}

/* A walk to the neighbour finds the table, although no entry leads there any more. */
static void tables_of_all_levels_are_kept(void **state)
{
	(void)state;
	*entry(VA, 0) = (BUS + 100 * PAGE) | GOOD;
	for (int level = 1; level < TSR_HW_PT_LEVELS; level++) {
		uint64_t *above = entry(VA, level), table = *above;
		uint64_t far = VA ^ 1ull << (TSR_HW_PT_SHIFT(level) - 1);

		*entry(far, 0) = 0;
		invalidate(ASID, 0, UINT64_MAX);
		expect_host(VA, 10, BUS + 100 * PAGE, 10);
		*entry(far, 0) = (BUS + 200 * PAGE) | GOOD;
		*above = 0;
		keep_on(MMU_READ);
		expect_host(far, 10, BUS + 200 * PAGE, 10);
		invalidate(ASID, VA + PAGE, PAGE);
		expect_fault(far + PAGE, TSR_HW_ERR_FAULT_READ);
		*above = table;
	}
}

static void a_root_is_kept(void **state)
{
	(void)state;
	*entry(VA, 0) = (BUS + 100 * PAGE) | GOOD;
	keep_on(MMU_READ);
	expect_fault(~VA & ((1ull << TSR_HW_VA_BITS) - PAGE), TSR_HW_ERR_FAULT_READ);
	set_root(new_table() | TSR_HW_ASID_VALID);
	keep_on(MMU_READ);
	expect_host(VA, 10, BUS + 100 * PAGE, 10);
	invalidate(ASID, VA, PAGE);
	expect_fault(VA, TSR_HW_ERR_FAULT_READ);
}

static void leaves_beside_one_are_read_with_it(void **state)
{
	const uint64_t first = VA & ~(64 * PAGE - 1);

	(void)state;
	for (unsigned int i = 0; i < 65; i++)
		*entry(first + i * PAGE, 0) = (BUS + (100 + i) * PAGE) | GOOD;
	*entry(first + 7 * PAGE, 0) = 0;
	keep_on(MMU_READ);
	expect_host(first + 9 * PAGE, 10, BUS + 109 * PAGE, 10);
	for (unsigned int i = 0; i < 65; i++)
		*entry(first + i * PAGE, 0) = (BUS + 200 * PAGE) | GOOD;
	keep_on(MMU_READ);
	expect_host(first, 10, BUS + 100 * PAGE, 10);
	expect_host(first + 63 * PAGE, 10, BUS + 163 * PAGE, 10);
	/* What was not there, and what is in another group. */
	expect_host(first + 7 * PAGE, 10, BUS + 200 * PAGE, 10);
	expect_host(first + 64 * PAGE, 10, BUS + 200 * PAGE, 10);
	/* A second look at the group changes nothing of what is kept. */
	expect_host(first + 63 * PAGE, 10, BUS + 163 * PAGE, 10);
	invalidate(ASID, first + 63 * PAGE, PAGE);
	expect_host(first + 63 * PAGE, 10, BUS + 200 * PAGE, 10);
	expect_host(first, 10, BUS + 100 * PAGE, 10);
}

static void a_root_is_not_looked_at_for_what_is_kept(void **state)
{
	(void)state;
	*entry(VA, 0) = (BUS + 100 * PAGE) | GOOD;
	keep_on(MMU_READ);
	expect_host(VA, 10, BUS + 100 * PAGE, 10);
	set_root(0);
	keep_on(MMU_READ);
	expect_host(VA, 10, BUS + 100 * PAGE, 10);
	invalidate(INVALIDATION_ALL_ASIDS, 0, UINT64_MAX);
	expect_fault(VA, TSR_HW_ERR_FAULT_READ);
}

/* To map a page, and to allow more, needs no invalidation. */
static void what_is_not_mapped_or_not_allowed_is_not_kept(void **state)
{
	(void)state;
	*entry(VA, 0) = 0;
	keep_on(MMU_READ);
	expect_fault(VA, TSR_HW_ERR_FAULT_READ);
	*entry(VA, 0) = (BUS + 100 * PAGE) | TSR_HW_PTE_VALID | TSR_HW_PTE_LEAF | TSR_HW_PTE_READ;
	keep_on(MMU_READ);
	expect_host(VA, 10, BUS + 100 * PAGE, 10);
	keep_on(MMU_WRITE);
	expect_fault(VA, TSR_HW_ERR_FAULT_WRITE);
	*entry(VA, 0) = (BUS + 100 * PAGE) | GOOD;
	keep_on(MMU_WRITE);
	expect_host(VA, 10, BUS + 100 * PAGE, 10);
	*entry(VA, 0) = 0;
	keep_on(MMU_WRITE);
	expect_host(VA, 10, BUS + 100 * PAGE, 10);
}

#define KEEPING_TEST(name) cmocka_unit_test_setup_teardown(name, setup_keeping, drop_all)

int main(void)
{
	const struct CMUnitTest tests[] = {
		MMU_TEST(a_page_ends_where_it_ends),
		MMU_TEST(what_was_found_is_not_looked_for_again),
		MMU_TEST(a_table_of_pages_ends_with_its_block),
		MMU_TEST(a_leaf_of_2_mib_spans_them),
		MMU_TEST(each_bit_below_2_mib_is_zero_in_their_leaf),
		MMU_TEST(larger_leaves_are_reserved),
		MMU_TEST(each_access_needs_its_permission),
		MMU_TEST(each_bit_that_must_be_zero_is_looked_at),
		MMU_TEST(an_entry_that_is_not_valid_maps_nothing),
		MMU_TEST(the_first_page_and_addresses_of_more_than_48_bits_fault),
		MMU_TEST(a_table_that_is_not_there_is_a_bus_fault),
		MMU_TEST(a_page_that_is_not_there_is_a_bus_fault),
		MMU_TEST(local_memory_has_its_size),
		MMU_TEST(a_device_without_it_has_no_such_leaf),
		MMU_TEST(address_spaces_are_1_to_63),
		MMU_TEST(a_root_counts_when_its_high_word_is_written),
		KEEPING_TEST(a_leaf_is_kept_until_it_is_invalidated),
		KEEPING_TEST(a_large_leaf_is_kept_for_all_that_it_maps),
		KEEPING_TEST(a_table_is_kept_when_another_one_is_in_its_place),
		KEEPING_TEST(tables_of_all_levels_are_kept),
		KEEPING_TEST(a_root_is_kept),
		KEEPING_TEST(leaves_beside_one_are_read_with_it),
		KEEPING_TEST(a_root_is_not_looked_at_for_what_is_kept),
		KEEPING_TEST(what_is_not_mapped_or_not_allowed_is_not_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
