// SPDX-License-Identifier: MIT
/*
 * 100,000 mutated messages against one server. With file names as arguments it sends those
 * inputs instead, to look at what a fuzzer found.
 */
#include <stdio.h>
#include <stdlib.h>

#include "cmocka_prelude.h"
#include "fuzz_message.h"
#include "message_mutator.h"
#include "session.h"

#define TARGET_MESSAGES 100000u
#define INPUTS_PER_BATCH 50
#define DEFAULT_SEED 0x76667573ull

static uint64_t first_seed(void)
{
	const char *text = getenv("TESSERA_VFU_SEED");

	return text ? strtoull(text, NULL, 0) : DEFAULT_SEED;
}

static void mutated_messages_never_harm_the_server(void **state)
{
	struct mutator *mutator = calloc(1, sizeof(*mutator));
	struct vfu_counters seen;
	unsigned int before, i;

	(void)state;
	assert_non_null(mutator);
	mutator->random = first_seed();
	/* The first visit opens what the server and this test keep open. */
	assert_true(fuzz_server_alive());
	before = open_fd_count();
	while (mutator->mutated < TARGET_MESSAGES) {
		for (i = 0; i < INPUTS_PER_BATCH; i++) {
			mutator_next(mutator);
			LLVMFuzzerTestOneInput(mutator->input, mutator->size);
		}
		assert_true(fuzz_server_alive());
		assert_int_equal(open_fd_count(), before);
	}
	fuzz_server_counters(&seen);
	print_message("%llu messages mutated, %llu accepted, %llu refused, %llu ranges mapped\n",
		      (unsigned long long)mutator->mutated, (unsigned long long)seen.messages,
		      (unsigned long long)seen.rejected, (unsigned long long)seen.dma_maps);
	/* They were looked at, not lost behind an early hang-up. */
	assert_true(seen.messages > TARGET_MESSAGES / 4);
	assert_true(seen.rejected > TARGET_MESSAGES / 4);
	assert_true(seen.dma_maps > 0 && seen.irqs > 0);
	free(mutator);
	fuzz_server_stop();
}

static int send_file(const char *path)
{
	static uint8_t input[1 << 20];
	FILE *file = fopen(path, "rb");
	size_t size;

	if (!file) {
		perror(path);
		return 1;
	}
	size = fread(input, 1, sizeof(input), file);
	fclose(file);
	LLVMFuzzerTestOneInput(input, size);
	return !fuzz_server_alive();
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(mutated_messages_never_harm_the_server),
	};
	int i, failed = 0;

	for (i = 1; i < argc; i++)
		failed |= send_file(argv[i]);
	if (argc > 1)
		return failed;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
