// SPDX-License-Identifier: MIT
/*
 * Whatever signed firmware does with its registers while the guest changes memory under
 * it, a reset ends it, nothing of it runs afterwards, and the device boots again. A
 * new seed in every run; VNPU_SEED repeats one that failed. Seeds that once showed a fault
 * are run always. usage: vnpu-test-hostile_firmware [IMAGES]
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include <tsr_hw/fuse.h>
#include <tsr_hw/registers.h>

#include "cmocka_prelude.h"
#include "harness.h"
#include "hostile_firmware.h"
#include "hostile_host.h"
#include "payload.h"
#include "random.h"
#include "soc/device.h"
#include "tile/staging.h"
#include "tile/tests/classes.h"

#define MEMORY	(64u << 20)

/* Images of each product in one run, and between two looks whether it still works. */
#define IMAGES	25

/* How much the guest writes at once, and how long it rests. */
#define WORDS_AT_ONCE	1024
#define WORDS_REST_US	50

/* How long an image runs: this build's firmware first clears its memory. */
#define INSTRUCTIONS		100000
#define REAL_INSTRUCTIONS	300000
#define MOST_MS			32

/* What hostile nodes may stage: their operands are small, and so is what is kept. */
#define STAGED	(256ull << 20)


/* The first argument: so many new images, in whole rounds of all products. */
static unsigned long images;

static const uint64_t corpus[] = { 1, 77, 0x5eed, 0xdeadbeef };

/* The guest: it writes to all of memory but where image and page tables of the test are. */
struct guest {
	struct harness *harness;
	pthread_t thread;
	uint64_t seed;
	atomic_bool stop;
};

static uint64_t hostile_word(uint64_t *random)
{
	uint64_t val = random_next(random);
	uint64_t page = HARNESS_MEMORY_BASE +
		(val >> 12) % (MEMORY / TSR_HW_PAGE_SIZE) * TSR_HW_PAGE_SIZE;

	switch (val % 6) {
	case 0:
		return 0;
	case 1:
		return UINT64_MAX;
	case 2:
		return page | TSR_HW_PTE_VALID;
	case 3:
		return page | TSR_HW_PTE_VALID | TSR_HW_PTE_LEAF | ASPACE_RWF;
	case 4:
		return val >> 48;
	}
	return val;
}

static void *guest_main(void *arg)
{
	struct guest *guest = arg;
	uint64_t random = guest->seed;
	uint64_t *memory = harness_at(guest->harness, HARNESS_MEMORY_BASE);
	const size_t first = MEMORY / 8 / sizeof(*memory);	/* behind what the test allocates */
	const size_t words = MEMORY / sizeof(*memory) - first;

	while (!atomic_load(&guest->stop)) {
		for (int i = 0; i < WORDS_AT_ONCE; i++)
			memory[first + random_next(&random) % words] = hostile_word(&random);
		/* The processor is for the device. */
		usleep(WORDS_REST_US);
	}
	return NULL;
}

/* Bells of several pages and queues, address spaces and invalidation rings anywhere. */
static void disturb(struct harness *h, uint64_t *random)
{
	for (int i = 0; i < 8; i++) {
		uint64_t page = HARNESS_MEMORY_BASE +
			random_next(random) % (MEMORY / TSR_HW_PAGE_SIZE) * TSR_HW_PAGE_SIZE;

		harness_doorbell(h, random_next(random) % 64, random_next(random) % 34);
		harness_write64(h, TSR_HW_REG_ASID_ROOT_LO(2 + random_next(random) % 62),
				page | TSR_HW_ASID_VALID);
		harness_write64(h, TSR_HW_REG_INV_RING_LO, page);
		harness_write32(h, TSR_HW_REG_INV_DOORBELL, 1);
	}
}

/*
 * Until the core sleeps, has stopped, has run long enough, or takes long. No verdict depends on how
 * far it came.
 */
static void let_it_run(struct harness *h, uint64_t instructions)
{
	uint64_t first = harness_counter(h, "firmware_instructions"), before = UINT64_MAX;

	for (int i = 0; i < MOST_MS; i++) {
		uint64_t now = harness_counter(h, "firmware_instructions");

		if (now == before || now - first > instructions)
			return;
		before = now;
		sleep_ms(1);
	}
}

static void run_image(struct harness *h, uint64_t seed)
{
	const struct tsr_hw_fuses *fuses = device_fuses(harness_device(h));
	static struct test_image image;
	struct aspace as;
	uint64_t block;
	bool real;

	print_message("VNPU_SEED=%#llx\n", (unsigned long long)seed);
	harness_free_all(h);
	real = hostile_firmware(&image, &seed, fuses->tensor_tiles + fuses->dma_engines);
	aspace_make(&as, h, 1);
	hostile_memory(&as, &seed);
	block = hostile_host_make(&as, &seed);
	harness_boot(h, &image, image.size, block);
	hostile_host_ring(&as);
	disturb(h, &seed);
	if (seed & 1)
		let_it_run(h, real ? REAL_INSTRUCTIONS : INSTRUCTIONS);
	assert_true(harness_reset(h));
	assert_int_equal(harness_counter(h, "sanitizer_violations"), 0);
	assert_true(staging_usage().peak <= STAGED);
}

static void expect_a_device_that_works(struct harness *h)
{
	static struct test_image image;

	harness_free_all(h);
	test_image_make(&image, payload_ready, payload_ready_words);
	harness_boot(h, &image, image.size, 0);
	assert_true(harness_wait_state(h, TSR_HW_STATE_READY));
	assert_true(harness_reset(h));
}

static void run_seeds(const char *product, const uint64_t *seeds, size_t count)
{
	uint8_t hash[32];
	char path[512];
	struct harness_options options = { .memory = MEMORY, .sku = path, .key_hash = hash };
	struct guest guest = { .seed = seeds[0] };

	snprintf(path, sizeof(path), VNPU_SKUS "/%s.json", product);
	test_key_hash(hash);
	guest.harness = harness_open(&options);
	assert_non_null(guest.harness);
	staging_reset_peak();
	assert_int_equal(pthread_create(&guest.thread, NULL, guest_main, &guest), 0);
	for (size_t i = 0; i < count; i++)
		run_image(guest.harness, seeds[i]);
	expect_a_device_that_works(guest.harness);
	atomic_store(&guest.stop, true);
	pthread_join(guest.thread, NULL);
	print_message("%s: %llu nodes ended, %llu failed, %llu were aborted\n", product,
		      (unsigned long long)harness_counter(guest.harness, "nodes_tensor"),
		      (unsigned long long)harness_counter(guest.harness, "nodes_failed"),
		      (unsigned long long)harness_counter(guest.harness, "nodes_aborted"));
	harness_close(guest.harness);
	assert_int_equal(staging_usage().used, 0);
}

static void known_images_do_no_harm(void **state)
{
	(void)state;
	for (size_t i = 0; i < CLASSES; i++)
		run_seeds(classes[i], corpus, sizeof(corpus) / sizeof(corpus[0]));
}

/* Return: images that were run. */
static unsigned int run_round(uint64_t *random, bool repeated)
{
	uint64_t seeds[IMAGES];

	for (size_t i = 0; i < CLASSES; i++) {
		for (int n = 0; n < IMAGES; n++)
			seeds[n] = repeated ? *random : random_next(random);
		run_seeds(classes[i], seeds, IMAGES);
	}
	return CLASSES * IMAGES;
}

static void new_images_do_no_harm(void **state)
{
	const char *given = getenv("VNPU_SEED");
	uint64_t random = given ? strtoull(given, NULL, 0) : (uint64_t)time(NULL);
	unsigned long done = 0;

	(void)state;
	do {
		done += run_round(&random, given);
		print_message("# %lu images did no harm\n", done);
	} while (done < images);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_images_do_no_harm),
		cmocka_unit_test(new_images_do_no_harm),
	};

	if (argc > 1)
		images = strtoul(argv[1], NULL, 0);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
