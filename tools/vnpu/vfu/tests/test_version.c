// SPDX-License-Identifier: MIT
#include <string.h>

#include "cmocka_prelude.h"
#include "session.h"

/* Send a version message with these capabilities; the size counts the final NUL. */
static bool propose(struct session *s, uint16_t major, uint16_t minor, const char *caps,
		    size_t caps_size, struct client_reply *reply)
{
	struct vfu_version version = { .major = major, .minor = minor };
	uint8_t payload[512];

	memcpy(payload, &version, sizeof(version));
	memcpy(payload + sizeof(version), caps, caps_size);
	return client_call(s->fd, VFU_CMD_VERSION, payload,
			   (uint32_t)(sizeof(version) + caps_size), reply);
}

static void version_zero_is_echoed_with_capabilities(void **state)
{
	static const char caps[] = "{\"capabilities\":{\"write_multiple\":true}}";
	const struct vfu_version *version;
	struct client_reply reply;

	assert_true(propose(*state, 0, 0, caps, sizeof(caps), &reply));
	assert_int_equal(reply.header.flags, VFU_FLAG_TYPE_REPLY);
	version = (const void *)reply.payload;
	assert_int_equal(version->major, 0);
	assert_int_equal(version->minor, 0);
	assert_int_equal(reply.payload[reply.size - 1], 0);
	assert_non_null(strstr((char *)(version + 1), "\"max_msg_fds\":16"));
	assert_non_null(strstr((char *)(version + 1), "\"write_multiple\":true"));
}

static void write_multiple_is_offered_only_to_who_asks(void **state)
{
	struct client_reply reply;

	assert_true(propose(*state, 0, 0, "{}", 3, &reply));
	assert_null(strstr((char *)reply.payload + sizeof(struct vfu_version), "write_multiple"));
}

static void later_minor_is_answered_with_zero(void **state)
{
	struct client_reply reply;

	assert_true(propose(*state, 0, 7, "", 0, &reply));
	assert_int_equal(((const struct vfu_version *)(const void *)reply.payload)->minor, 0);
}

static void other_major_closes_the_connection(void **state)
{
	struct session *s = *state;
	struct client_reply reply;

	assert_false(propose(s, 1, 0, "", 0, &reply));
	assert_true(client_hung_up(s->fd));
}

static void expect_refused(struct session *s, const char *caps, size_t size)
{
	struct client_reply reply;

	assert_false(propose(s, 0, 0, caps, size, &reply));
	session_disconnect(s);
	assert_true(session_connect(s));
}

static void broken_capabilities_close_the_connection(void **state)
{
	expect_refused(*state, "{}", 2);
	expect_refused(*state, "{\"capabilities\":", 17);
	expect_refused(*state, "[]", 3);
	expect_refused(*state, "\"text\"", 7);
	expect_refused(*state, "\0\0", 2);
}

static void capabilities_of_the_wrong_type_are_ignored(void **state)
{
	static const char caps[] = "{\"capabilities\":[1,2]}";
	struct client_reply reply;

	assert_true(propose(*state, 0, 0, caps, sizeof(caps), &reply));
}

static void other_commands_before_the_version_close_the_connection(void **state)
{
	struct session *s = *state;
	struct client_reply reply;

	assert_false(client_call(s->fd, VFU_CMD_RESET, NULL, 0, &reply));
	assert_true(client_hung_up(s->fd));
	assert_int_equal(s->device.resets[VFU_RESET_DEVICE], 0);
}

static void second_version_closes_the_connection(void **state)
{
	struct session *s = *state;

	assert_true(client_negotiate(s->fd));
	assert_false(client_negotiate(s->fd));
	assert_true(client_hung_up(s->fd));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		RAW_SESSION_TEST(version_zero_is_echoed_with_capabilities),
		RAW_SESSION_TEST(write_multiple_is_offered_only_to_who_asks),
		RAW_SESSION_TEST(later_minor_is_answered_with_zero),
		RAW_SESSION_TEST(other_major_closes_the_connection),
		RAW_SESSION_TEST(broken_capabilities_close_the_connection),
		RAW_SESSION_TEST(capabilities_of_the_wrong_type_are_ignored),
		RAW_SESSION_TEST(other_commands_before_the_version_close_the_connection),
		RAW_SESSION_TEST(second_version_closes_the_connection),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
