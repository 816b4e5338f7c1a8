// SPDX-License-Identifier: MIT
/* The device's verdict on the golden vectors: boot ROM and MMU. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tsr_hw/boot.h>
#include <tsr_hw/decode.h>
#include <tsr_hw/error.h>
#include <tsr_hw/image.h>
#include <tsr_hw/mmu.h>
#include <tsr_hw/registers.h>

#include "cmocka_prelude.h"
#include "firmware/tests/vectors.h"
#include "harness.h"
#include "host.h"

static uint32_t status_named(const char *name)
{
	uint64_t status = 0;

	if (!tsr_hw_named("BOOT", name, &status))
		fail_msg("no boot status is called %s", name);
	return (uint32_t)status;
}

/* An image of security version 2 has run on this device. */
static void raise_minimum(struct harness *h)
{
	static uint8_t image[TSR_HW_IMAGE_MAX_SIZE];
	FILE *file = fopen(getenv("TESSERA_FIRMWARE_SECURITY_2"), "rb");
	size_t size;

	assert_non_null(file);
	size = fread(image, 1, sizeof(image), file);
	fclose(file);
	/* It finds no boot block, but that is after the ROM has accepted it. */
	harness_boot(h, image, size, 0);
	assert_true(harness_wait_state(h, TSR_HW_STATE_BOOT_FAILED));
	assert_int_equal(harness_read32(h, TSR_HW_REG_BOOT_STATUS), TSR_HW_BOOT_BAD_BLOCK);
	assert_true(harness_reset(h));
	harness_free_all(h);
}

static void start_rom(struct harness *h, const uint8_t *bytes, size_t size, uint32_t claimed)
{
	uint64_t at = harness_alloc(h, size + 1);

	if (size)
		memcpy(harness_at(h, at), bytes, size);
	harness_write64(h, TSR_HW_REG_FW_ADDR_LO, at);
	harness_write32(h, TSR_HW_REG_FW_SIZE, claimed);
	harness_write32(h, TSR_HW_REG_BOOT_GO, 1);
}

static void try_image(const struct vector_case *vector)
{
	size_t size, hash_size;
	const uint8_t *image = vector_bytes(vector, "image", &size);
	const uint8_t *hash = vector_bytes(vector, "key_hash", &hash_size);
	struct harness *h = harness_open(&(struct harness_options){ .key_hash = hash });
	uint32_t status = status_named(vector_text(vector, "verdict")), state;

	assert_non_null(h);
	if (vector_number(vector, "rollback_min", 0) > 1)
		raise_minimum(h);
	start_rom(h, image, size, (uint32_t)vector_number(vector, "size", size));
	state = status == TSR_HW_BOOT_OK ? TSR_HW_STATE_READY : TSR_HW_STATE_BOOT_FAILED;
	if (!harness_wait_state(h, state))
		fail_msg("%s: state %u", vector->name, harness_state(h));
	if (status != TSR_HW_BOOT_OK && harness_read32(h, TSR_HW_REG_BOOT_STATUS) != status)
		fail_msg("%s: status 0x%x, not 0x%x", vector->name,
			 harness_read32(h, TSR_HW_REG_BOOT_STATUS), status);
	assert_int_equal(harness_read32(h, TSR_HW_REG_BOOT_DETAIL),
			 vector_number(vector, "detail", 0));
	harness_close(h);
}

static void images_get_their_verdict(void **state)
{
	(void)state;
	assert_int_equal(vectors_run(getenv("TESSERA_VECTORS"), "images.txt", try_image), 28);
}

/* Nothing else is in its 512 GiB. */
#define PROBE_VA 0x7f0000000000ull

static struct host *host;
static uint8_t *memory;

/* Begins, fails, and leaves nothing. */
static uint32_t failure_of(struct tsr_hw_job *job)
{
	uint32_t error;

	host_queue(host, 1, 1, TSR_HW_PRIORITY_NORMAL, 0);
	error = host_wait(host, 1, host_submit(host, 1, job)).error;
	assert_int_equal(host_admin_op(host, TSR_HW_ADMIN_QUEUE_DESTROY, 1), TSR_HW_ERR_NONE);
	return error;
}

static uint32_t fetch_at_probe(void)
{
	struct tsr_hw_job job = { .program = PROBE_VA, .program_size = 4096, .repeat = 1 };

	return failure_of(&job);
}

static uint32_t read_at_probe(void)
{
	struct tsr_hw_job job = host_graph(memory, 1, false);

	job.slots = PROBE_VA;
	job.slot_count = 1;
	return failure_of(&job);
}

static uint32_t write_at_probe(void)
{
	struct tsr_hw_job job = host_graph(memory, 1, false);

	job.flags = TSR_HW_JOB_PROFILE;
	job.profile = PROBE_VA;
	job.profile_count = 1;
	return failure_of(&job);
}

/* What an access gives: the vectors' addresses are none of the host's memory. */
static uint32_t expected(const struct vector_case *vector, char permission, uint32_t fault)
{
	const char *leaf = vector_text(vector, "leaf");

	if (vector_text(vector, "table"))
		return TSR_HW_ERR_FAULT_BUS;
	if (!leaf || !strchr(strrchr(leaf, ' '), permission))
		return fault;
	return TSR_HW_ERR_FAULT_BUS;
}

static void invalidate(void)
{
	static uint32_t seq;
	static struct tsr_hw_inv_ring *ring;

	if (!ring) {
		uint64_t at = harness_alloc(host_harness(host), sizeof(*ring));

		ring = harness_at(host_harness(host), at);
		harness_write64(host_harness(host), TSR_HW_REG_INV_RING_LO, at);
	}
	seq++;
	ring->cmd[seq % TSR_HW_INV_RING_ENTRIES] = (struct tsr_hw_inv_cmd){
		.seq = seq, .op = TSR_HW_INV_ASID, .asid = 1,
	};
	__atomic_store_n(&ring->tail, seq, __ATOMIC_RELEASE);
	harness_write32(host_harness(host), TSR_HW_REG_INV_DOORBELL, 1);
	while (__atomic_load_n(&ring->done, __ATOMIC_ACQUIRE) != seq)
		sleep_ms(1);
	assert_int_equal(ring->error, 0);
}

static void try_entry(const struct vector_case *vector)
{
	unsigned int level = (unsigned int)vector_number(vector, "level", 0);
	static const struct {
		char permission;
		uint32_t fault;
		uint32_t (*probe)(void);
	} probes[] = {
		{ 'f', TSR_HW_ERR_FAULT_FETCH, fetch_at_probe },
		{ 'r', TSR_HW_ERR_FAULT_READ, read_at_probe },
		{ 'w', TSR_HW_ERR_FAULT_WRITE, write_at_probe },
	};

	host_entry(host, 1, PROBE_VA, level, vector_number(vector, "entry", 0));
	invalidate();
	for (size_t i = 0; i < 3; i++) {
		uint32_t want = expected(vector, probes[i].permission, probes[i].fault);
		uint32_t got = probes[i].probe();

		if (got != want)
			fail_msg("%s: %c gives error %u, not %u", vector->name,
				 probes[i].permission, got, want);
	}
}

static void page_table_entries_mean_what_they_say(void **state)
{
	(void)state;
	host = host_boot(NULL);
	memory = host_space(host, 1);
	assert_int_equal(vectors_run(getenv("TESSERA_VECTORS"), "page-table-entries.txt",
				     try_entry), 160);
	host_close(host);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(images_get_their_verdict),
		cmocka_unit_test(page_table_entries_mean_what_they_say),
	};

	return cmocka_run_group_tests_name("golden vectors on the virtual NPU", tests, NULL, NULL);
}
