// SPDX-License-Identifier: MIT
#include <errno.h>
#include <linux/vfio.h>
#include <string.h>

#include "cmocka_prelude.h"
#include "session.h"

#define CONFIG VFIO_PCI_CONFIG_REGION_INDEX

static uint64_t read_ok(struct session *s, uint32_t region, uint64_t offset, uint32_t count)
{
	uint64_t val;

	assert_int_equal(client_read(s->fd, region, offset, count, &val), 0);
	return val;
}

static void registers_are_read_and_written_at_every_size(void **state)
{
	struct session *s = *state;

	assert_int_equal(read_ok(s, 0, 0, 4), DEVICE_MAGIC);
	assert_int_equal(client_write(s->fd, 0, 8, 8, 0x1122334455667788), 0);
	assert_int_equal(read_ok(s, 0, 8, 8), 0x1122334455667788);
	assert_int_equal(read_ok(s, 0, 12, 4), 0x11223344);
	assert_int_equal(read_ok(s, 0, 10, 2), 0x5566);
	assert_int_equal(read_ok(s, 0, 15, 1), 0x11);
}

static void a_write_is_answered_with_its_place_and_length(void **state)
{
	struct session *s = *state;
	struct {
		struct vfu_region_access access;
		uint64_t val;
	} write = { .access = { .region = 0, .offset = 16, .count = 8 }, .val = 5 };
	struct client_reply reply;

	assert_true(client_call(s->fd, VFU_CMD_REGION_WRITE, &write, sizeof(write), &reply));
	assert_int_equal(reply.header.flags, VFU_FLAG_TYPE_REPLY);
	assert_int_equal(reply.size, sizeof(write.access));
	assert_memory_equal(reply.payload, &write.access, sizeof(write.access));
}

static void doorbell_carries_offset_and_value(void **state)
{
	struct session *s = *state;

	assert_int_equal(client_write(s->fd, 2, 0x30000, 4, 77), 0);
	assert_int_equal(s->device.doorbell_offset, 0x30000);
	assert_int_equal(s->device.doorbell, 77);
}

static void accesses_outside_a_region_are_refused(void **state)
{
	struct session *s = *state;
	uint64_t val;

	assert_int_equal(client_read(s->fd, 0, DEVICE_BAR0_SIZE, 4, &val), EINVAL);
	assert_int_equal(client_read(s->fd, 0, UINT64_MAX - 3, 4, &val), EINVAL);
	assert_int_equal(client_read(s->fd, 0, DEVICE_BAR0_SIZE - 4, 8, &val), EINVAL);
	assert_int_equal(client_write(s->fd, 2, DEVICE_BAR2_SIZE, 4, 0), EINVAL);
	assert_int_equal(client_write(s->fd, CONFIG, 4096, 4, 0), EINVAL);
}

static void absent_regions_are_refused(void **state)
{
	struct session *s = *state;
	uint64_t val;

	assert_int_equal(client_read(s->fd, 1, 0, 4, &val), EINVAL);
	assert_int_equal(client_read(s->fd, VFIO_PCI_ROM_REGION_INDEX, 0, 4, &val), EINVAL);
	assert_int_equal(client_read(s->fd, 9, 0, 4, &val), EINVAL);
	assert_int_equal(client_read(s->fd, UINT32_MAX, 0, 4, &val), EINVAL);
}

static void odd_register_accesses_are_refused(void **state)
{
	struct session *s = *state;
	uint64_t val;

	assert_int_equal(client_read(s->fd, 0, 2, 4, &val), EINVAL);
	assert_int_equal(client_read(s->fd, 0, 0, 3, &val), EINVAL);
	assert_int_equal(client_read(s->fd, 0, 0, 0, &val), EINVAL);
	assert_int_equal(client_write(s->fd, 0, 4, 8, 0), EINVAL);
}

static void configuration_space_is_accessed_within_its_limits(void **state)
{
	struct session *s = *state;
	uint64_t val;

	assert_int_equal(client_read(s->fd, CONFIG, 0, 0, &val), EINVAL);
	assert_int_equal(client_write(s->fd, CONFIG, 0, 0, 0), EINVAL);
	assert_int_equal(client_read(s->fd, CONFIG, 4095, 1, &val), 0);
	assert_int_equal(client_read(s->fd, CONFIG, 4095, 2, &val), EINVAL);
	assert_int_equal(client_read(s->fd, CONFIG, 4096, 1, &val), EINVAL);
}

static void write_with_less_data_than_it_says_is_refused(void **state)
{
	struct session *s = *state;
	struct vfu_region_access access = { .region = 0, .offset = 8, .count = 8 };
	uint8_t payload[sizeof(access) + 4] = { 0 };
	struct client_reply reply;

	memcpy(payload, &access, sizeof(access));
	assert_true(client_call(s->fd, VFU_CMD_REGION_WRITE, payload, sizeof(payload), &reply));
	assert_int_equal(reply.header.error, EINVAL);
	assert_int_equal(session_counters(s).writes[0], 0);
}

static void huge_read_is_refused(void **state)
{
	struct session *s = *state;
	struct vfu_region_access access = { .region = CONFIG, .count = UINT32_MAX };
	struct client_reply reply;

	assert_true(client_call(s->fd, VFU_CMD_REGION_READ, &access, sizeof(access), &reply));
	assert_int_equal(reply.header.error, EINVAL);
}

static void device_error_reaches_the_client(void **state)
{
	struct session *s = *state;

	assert_int_equal(client_write(s->fd, 0, DEVICE_BAD_OFFSET, 4, 0), EIO);
}

/* BAR4: the table, and behind it the pending bits, which only the device changes. */
static void the_msix_table_keeps_what_is_written_until_a_reset(void **state)
{
	struct session *s = *state;
	struct client_reply reply;

	for (uint32_t offset = 0; offset < 0x2000; offset += 4)
		assert_int_equal(client_write(s->fd, 4, offset, 4, offset * 77 + 1), 0);
	for (uint32_t offset = 0; offset < 0x2000; offset += 4)
		assert_int_equal(read_ok(s, 4, offset, 4), offset < 0x1000 ? offset * 77 + 1 : 0);
	assert_true(client_call(s->fd, VFU_CMD_RESET, NULL, 0, &reply));
	for (uint32_t offset = 0; offset < 0x2000; offset += 4)
		assert_int_equal(read_ok(s, 4, offset, 4), 0);
}

static void whole_configuration_space_is_read_at_once(void **state)
{
	struct session *s = *state;
	struct vfu_region_access access = { .region = CONFIG, .count = 4096 };
	struct client_reply reply;

	assert_true(client_call(s->fd, VFU_CMD_REGION_READ, &access, sizeof(access), &reply));
	assert_int_equal(reply.size, sizeof(access) + 4096);
	assert_int_equal(reply.payload[sizeof(access)], 0xf4);
	assert_int_equal(reply.payload[sizeof(access) + 1], 0x1a);
}

static void posted_write_gets_no_reply_and_is_counted(void **state)
{
	struct session *s = *state;
	struct vfu_region_access access = { .region = 2, .offset = 0, .count = 4 };
	struct vfu_header header = client_header(VFU_CMD_REGION_WRITE, sizeof(access) + 4);
	uint8_t payload[sizeof(access) + 4] = { 0 };

	memcpy(payload, &access, sizeof(access));
	payload[sizeof(access)] = 9;
	header.flags = VFU_FLAG_NO_REPLY;
	assert_true(client_send(s->fd, &header, payload, NULL, 0));
	/* The next answer is that of the read, and comes after the write. */
	assert_int_equal(read_ok(s, 0, 0, 4), DEVICE_MAGIC);
	assert_int_equal(s->device.doorbell, 9);
	assert_int_equal(session_counters(s).posted_writes, 1);
	assert_int_equal(session_counters(s).writes[2], 1);
}

static void failed_posted_write_gets_no_reply(void **state)
{
	struct session *s = *state;
	struct vfu_region_access access = { .region = 1, .count = 4 };
	struct vfu_header header = client_header(VFU_CMD_REGION_WRITE, sizeof(access) + 4);
	uint8_t payload[sizeof(access) + 4] = { 0 };

	memcpy(payload, &access, sizeof(access));
	header.flags = VFU_FLAG_NO_REPLY;
	assert_true(client_send(s->fd, &header, payload, NULL, 0));
	assert_int_equal(read_ok(s, 0, 0, 4), DEVICE_MAGIC);
}

/* Payload of a WRITE_MULTI that says @n and carries @writes. */
static uint32_t multi_payload(uint8_t *payload, uint64_t n, const struct vfu_multi_write *writes,
			      unsigned int count)
{
	memcpy(payload, &n, sizeof(n));
	memcpy(payload + sizeof(n), writes, count * sizeof(*writes));
	return (uint32_t)(sizeof(n) + count * sizeof(*writes));
}

static void write_multi_makes_all_writes(void **state)
{
	static const struct vfu_multi_write writes[] = {
		{ .offset = 8, .region = 0, .count = 4, .data = { 5 } },
		{ .offset = 16, .region = 0, .count = 8, .data = { 1, 2, 3, 4, 5, 6, 7, 8 } },
		{ .offset = 0x10000, .region = 2, .count = 4, .data = { 6 } },
	};
	struct session *s = *state;
	struct client_reply reply;
	uint8_t payload[128];
	uint64_t done;

	assert_true(client_call(s->fd, VFU_CMD_REGION_WRITE_MULTI, payload,
				multi_payload(payload, 3, writes, 3), &reply));
	assert_int_equal(reply.size, sizeof(done));
	memcpy(&done, reply.payload, sizeof(done));
	assert_int_equal(done, 3);
	assert_int_equal(s->device.regs[1], 5);
	assert_int_equal(s->device.regs[2], 0x0807060504030201);
	assert_int_equal(s->device.doorbell, 6);
	assert_int_equal(session_counters(s).multi_writes, 1);
	assert_int_equal(session_counters(s).writes[0], 2);
	assert_int_equal(session_counters(s).writes[2], 1);
}

static void write_multi_ends_with_the_write_that_fails(void **state)
{
	static const struct vfu_multi_write writes[] = {
		{ .offset = 8, .region = 0, .count = 4, .data = { 5 } },
		{ .offset = DEVICE_BAD_OFFSET, .region = 0, .count = 4, .data = { 6 } },
		{ .offset = 16, .region = 0, .count = 4, .data = { 7 } },
	};
	struct session *s = *state;
	struct client_reply reply;
	uint8_t payload[128];

	assert_true(client_call(s->fd, VFU_CMD_REGION_WRITE_MULTI, payload,
				multi_payload(payload, 3, writes, 3), &reply));
	assert_int_equal(reply.header.error, EIO);
	assert_int_equal(s->device.regs[1], 5);
	assert_int_equal(s->device.regs[2], 0);
}

static void expect_multi_refused(struct session *s, uint64_t n,
				 const struct vfu_multi_write *writes, unsigned int count)
{
	struct client_reply reply;
	uint8_t payload[128];

	assert_true(client_call(s->fd, VFU_CMD_REGION_WRITE_MULTI, payload,
				multi_payload(payload, n, writes, count), &reply));
	assert_int_equal(reply.header.error, EINVAL);
	assert_int_equal(s->device.regs[1], 0);
}

static void bad_write_multi_writes_nothing(void **state)
{
	struct vfu_multi_write writes[] = {
		{ .offset = 8, .region = 0, .count = 4, .data = { 5 } },
		{ .offset = DEVICE_BAR0_SIZE, .region = 0, .count = 4 },
	};

	expect_multi_refused(*state, 2, writes, 2);
	expect_multi_refused(*state, 2, writes, 1);
	expect_multi_refused(*state, UINT64_MAX, writes, 1);
	expect_multi_refused(*state, 1, writes, 2);
	writes[1] = (struct vfu_multi_write){ .region = CONFIG, .offset = 0, .count = 9 };
	expect_multi_refused(*state, 2, writes, 2);
}

static void a_write_multi_with_bytes_behind_it_is_refused(void **state)
{
	struct session *s = *state;
	const struct vfu_multi_write write = { .offset = 8, .region = 0, .count = 4,
					       .data = { 5 } };
	uint8_t payload[sizeof(uint64_t) + 2 * sizeof(write)] = { 0 };
	struct client_reply reply;

	assert_true(client_call(s->fd, VFU_CMD_REGION_WRITE_MULTI, payload,
				multi_payload(payload, 1, &write, 1) + 8, &reply));
	assert_int_equal(reply.header.flags, VFU_FLAG_TYPE_REPLY | VFU_FLAG_ERROR);
	assert_int_equal(reply.header.error, EINVAL);
}

static void reads_and_writes_are_counted_by_bar(void **state)
{
	struct session *s = *state;
	struct vfu_counters counters;

	read_ok(s, 0, 0, 4);
	read_ok(s, 0, 0, 4);
	read_ok(s, 4, 0, 4);
	read_ok(s, CONFIG, 0, 4);
	client_write(s->fd, 2, 0, 4, 0);
	client_write(s->fd, CONFIG, 0x3c, 1, 0);
	counters = session_counters(s);
	assert_int_equal(counters.reads[0], 2);
	assert_int_equal(counters.reads[2], 0);
	assert_int_equal(counters.reads[4], 1);
	assert_int_equal(counters.config_reads, 1);
	assert_int_equal(counters.writes[2], 1);
	assert_int_equal(counters.config_writes, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SESSION_TEST(registers_are_read_and_written_at_every_size),
		SESSION_TEST(a_write_is_answered_with_its_place_and_length),
		SESSION_TEST(doorbell_carries_offset_and_value),
		SESSION_TEST(accesses_outside_a_region_are_refused),
		SESSION_TEST(absent_regions_are_refused),
		SESSION_TEST(odd_register_accesses_are_refused),
		SESSION_TEST(configuration_space_is_accessed_within_its_limits),
		SESSION_TEST(write_with_less_data_than_it_says_is_refused),
		SESSION_TEST(huge_read_is_refused),
		SESSION_TEST(device_error_reaches_the_client),
		SESSION_TEST(the_msix_table_keeps_what_is_written_until_a_reset),
		SESSION_TEST(whole_configuration_space_is_read_at_once),
		SESSION_TEST(posted_write_gets_no_reply_and_is_counted),
		SESSION_TEST(failed_posted_write_gets_no_reply),
		SESSION_TEST(write_multi_makes_all_writes),
		SESSION_TEST(write_multi_ends_with_the_write_that_fails),
		SESSION_TEST(bad_write_multi_writes_nothing),
		SESSION_TEST(a_write_multi_with_bytes_behind_it_is_refused),
		SESSION_TEST(reads_and_writes_are_counted_by_bar),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
