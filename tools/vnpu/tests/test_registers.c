// SPDX-License-Identifier: MIT
/* BAR0, word by word, against the manual's table of registers. */
#include <stdio.h>
#include <string.h>

#include <tsr_hw/fuse.h>
#include <tsr_hw/quote.h>
#include <tsr_hw/registers.h>

#include "cmocka_prelude.h"
#include "harness.h"
#include "soc/device.h"

#define WORDS (TSR_HW_BAR_REGS_SIZE / 4)

/* What the manual says of a word. */
struct word {
	bool readable;
	bool runs;		/* a clock: any value */
	bool writable;
	bool commits;		/* the high half of a writable pair */
	uint32_t value;		/* in state RESET */
};

struct file {
	struct word word[WORDS];
};

static void readable(struct file *file, uint64_t offset, uint32_t value)
{
	file->word[offset / 4] = (struct word){ .readable = true, .value = value };
}

static void readable_range(struct file *file, uint64_t offset, uint64_t size)
{
	for (uint64_t at = 0; at < size; at += 4)
		readable(file, offset + at, 0);
}

static void writable_pair(struct file *file, uint64_t low)
{
	file->word[low / 4] = (struct word){ .readable = true, .writable = true };
	file->word[low / 4 + 1] = (struct word){ .readable = true, .writable = true,
						 .commits = true };
}

static void constants(struct file *file, const struct tsr_hw_fuses *fuses)
{
	readable(file, TSR_HW_REG_ID, TSR_HW_ID_MAGIC);
	readable(file, TSR_HW_REG_VERSION, 0x00010000);
	readable(file, TSR_HW_REG_CAPS, TSR_HW_CAP_VIRTUAL | TSR_HW_CAP_TENSOR | TSR_HW_CAP_DMA);
	readable(file, TSR_HW_REG_ADDRESS, 48 << 8 | 52);
	readable(file, TSR_HW_REG_DOORBELL, 64 << 8 | 16);
	readable(file, TSR_HW_REG_ASIDS, 64);
	readable(file, TSR_HW_REG_QUEUES, 32 << 16 | 64);
	readable(file, TSR_HW_REG_VECTORS, 2);
	readable(file, TSR_HW_REG_TIME_SCALE, 2);
	readable(file, TSR_HW_REG_CLOCK_KHZ, fuses->clock_khz);
	readable(file, TSR_HW_REG_PROGRAM_LIMITS, 8 << 24 | 10 << 16 | 16 << 8 | 14);
	for (uint64_t at = 0; at < TSR_HW_REG_FUSES_SIZE; at += 4) {
		uint32_t value = 0;

		if (at < sizeof(*fuses))
			memcpy(&value, (const char *)fuses + at, sizeof(value));
		readable(file, TSR_HW_REG_FUSES + at, value);
	}
}

static void variables(struct file *file, unsigned int resets)
{
	file->word[TSR_HW_REG_TIMESTAMP_LO / 4] = (struct word){ .readable = true, .runs = true };
	file->word[TSR_HW_REG_TIMESTAMP_HI / 4] = (struct word){ .readable = true, .runs = true };
	readable_range(file, TSR_HW_REG_CYCLES_LO, 8);
	readable(file, TSR_HW_REG_STATUS, resets << 16 | TSR_HW_STATE_RESET);
	readable_range(file, TSR_HW_REG_BOOT_STATUS, 8);
	readable_range(file, TSR_HW_REG_FATAL_CAUSE, 12);
	readable_range(file, TSR_HW_REG_MEASUREMENT, 32);
	readable_range(file, TSR_HW_REG_DEVICE_KEY, 32);
	for (uint64_t at = 0; at < 32; at += 4)
		file->word[(TSR_HW_REG_QUOTE_NONCE + at) / 4] =
			(struct word){ .readable = true, .writable = true };
	readable(file, TSR_HW_REG_QUOTE_STATUS, TSR_HW_QUOTE_IDLE);
	writable_pair(file, TSR_HW_REG_FW_ADDR_LO);
	file->word[TSR_HW_REG_FW_SIZE / 4] = (struct word){ .readable = true, .writable = true };
	writable_pair(file, TSR_HW_REG_BOOT_BLOCK_LO);
	writable_pair(file, TSR_HW_REG_INV_RING_LO);
	writable_pair(file, TSR_HW_REG_QUOTE_ADDR_LO);
	for (unsigned int i = 0; i < TSR_HW_ASID_COUNT; i++)
		writable_pair(file, TSR_HW_REG_ASID_ROOT_LO(i));
}

static void expect_file(struct harness *h, const struct file *file)
{
	uint64_t bad = harness_counter(h, "bad_accesses");
	uint64_t unused = 0;

	for (uint64_t i = 0; i < WORDS; i++) {
		const struct word *word = &file->word[i];
		uint32_t value = harness_read32(h, 4 * i);

		unused += !word->readable;
		if (!word->runs && value != word->value)
			fail_msg("%#llx reads %#x, not %#x", 4ull * i, value, word->value);
	}
	assert_int_equal(harness_counter(h, "bad_accesses") - bad, unused);
}

/* Not what starts something: those are written by every other test. */
static bool acts(uint64_t offset)
{
	return offset == TSR_HW_REG_BOOT_GO || offset == TSR_HW_REG_INV_DOORBELL ||
	       offset == TSR_HW_REG_QUOTE_GO;
}

static uint32_t pattern(uint64_t offset)
{
	return (uint32_t)offset * 2654435761u + 12345;
}

/* Of pairs, the low half alone changes nothing. */
static void write_all(struct harness *h, struct file *file)
{
	for (uint64_t i = 0; i < WORDS; i++) {
		struct word *word = &file->word[i];
		bool low = word->writable && !word->commits && file->word[i + 1].commits;

		if (acts(4 * i))
			continue;
		harness_write32(h, 4 * i, pattern(4 * i));
		if (word->writable && !low)
			word->value = pattern(4 * i);
		if (word->commits)
			file->word[i - 1].value = pattern(4 * i - 4);
		if (low)
			assert_int_equal(harness_read32(h, 4 * i), word->value);
	}
}

static void registers_are_those_of_the_manual(void **state)
{
	struct harness *h = harness_open(&(struct harness_options){ 0 });
	static struct file file;
	unsigned int resets;

	(void)state;
	assert_non_null(h);
	resets = harness_read32(h, TSR_HW_REG_STATUS) >> 16;
	constants(&file, device_fuses(harness_device(h)));
	variables(&file, resets);
	expect_file(h, &file);
	write_all(h, &file);
	expect_file(h, &file);
	assert_true(harness_reset(h));
	variables(&file, resets + 1);
	expect_file(h, &file);
	harness_close(h);
}

static void one_vector_is_told(void **state)
{
	struct harness *h = harness_open(&(struct harness_options){ .single_vector = true });

	(void)state;
	assert_non_null(h);
	assert_int_equal(harness_read32(h, TSR_HW_REG_VECTORS), 1);
	harness_close(h);
}

static void advance(struct harness *h, const char *cycles)
{
	char line[64];

	snprintf(line, sizeof(line), "advance %s", cycles);
	assert_true(harness_command(h, line));
	assert_true(harness_settle(h));
}

static void the_low_half_of_the_cycles_latches_the_high_half(void **state)
{
	struct harness *h = harness_open(&(struct harness_options){ 0 });

	(void)state;
	assert_non_null(h);
	advance(h, "30064771077");		/* 7 * 2^32 + 5 */
	assert_int_equal(harness_read32(h, TSR_HW_REG_CYCLES_HI), 0);
	assert_int_equal(harness_read32(h, TSR_HW_REG_CYCLES_LO), 5);
	advance(h, "4294967296");
	assert_int_equal(harness_read32(h, TSR_HW_REG_CYCLES_HI), 7);
	assert_int_equal(harness_read32(h, TSR_HW_REG_CYCLES_LO), 5);
	assert_int_equal(harness_read32(h, TSR_HW_REG_CYCLES_HI), 8);
	harness_close(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(registers_are_those_of_the_manual),
		cmocka_unit_test(one_vector_is_told),
		cmocka_unit_test(the_low_half_of_the_cycles_latches_the_high_half),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
