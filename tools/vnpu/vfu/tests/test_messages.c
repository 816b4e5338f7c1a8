// SPDX-License-Identifier: MIT
/* What the log tells of a client, and messages that do not come and go in one piece. */
#include <errno.h>
#include <fcntl.h>
#include <linux/vfio.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cmocka_prelude.h"
#include "log.h"
#include "session.h"
#include "vfu/dma_table.h"

/* Standard error goes to a file meanwhile. */
static struct {
	FILE *file;
	int before;
} capture;

static void begin_capture(enum vnpu_log_level level)
{
	vnpu_log_setup("test", level);
	capture.file = tmpfile();
	assert_non_null(capture.file);
	capture.before = dup(STDERR_FILENO);
	assert_true(dup2(fileno(capture.file), STDERR_FILENO) >= 0);
}

static void end_capture(char *text, size_t size)
{
	size_t used;

	assert_true(dup2(capture.before, STDERR_FILENO) >= 0);
	close(capture.before);
	rewind(capture.file);
	used = fread(text, 1, size - 1, capture.file);
	text[used] = '\0';
	fclose(capture.file);
	vnpu_log_setup("test", VNPU_LOG_ERROR);
}

/* Until the server has said what it has to say of this client. */
static void leave(struct session *s)
{
	session_disconnect(s);
}

static void a_client_that_does_nothing_wrong_is_not_warned_of(void **state)
{
	struct session *s = *state;
	char text[1024];
	uint64_t val;

	begin_capture(VNPU_LOG_WARN);
	assert_int_equal(client_read(s->fd, 0, 0, 4, &val), 0);
	leave(s);
	end_capture(text, sizeof(text));
	assert_string_equal(text, "");
}

static void a_refused_message_is_told_with_its_size_and_reason(void **state)
{
	struct session *s = *state;
	int fd = dup(STDIN_FILENO);
	struct client_reply reply;
	char text[1024];

	begin_capture(VNPU_LOG_WARN);
	assert_true(client_call(s->fd, 99, NULL, 0, &reply));
	assert_true(client_call(s->fd, VFU_CMD_RESET, "12345678", 8, &reply));
	assert_true(client_call_fds(s->fd, VFU_CMD_GET_INFO, "1234567812345678", 16, &fd, 1,
				    &reply));
	leave(s);
	end_capture(text, sizeof(text));
	close(fd);
	assert_string_equal(text,
			    "test: warning: client sent unsupported command 99\n"
			    "test: warning: refused RESET of 8 bytes with 0 fds: Invalid argument\n"
			    "test: warning: refused GET_INFO of 16 bytes with 1 fds: Invalid "
			    "argument\n");
	assert_int_equal(session_counters(s).rejected, 3);
}

/* What makes the server hang up, and what it says. */
static void expect_end(struct session *s, const void *bytes, size_t size, const char *wanted)
{
	char text[1024];

	begin_capture(VNPU_LOG_WARN);
	assert_true(client_send_raw(s->fd, bytes, size, NULL, 0));
	assert_true(client_hung_up(s->fd));
	leave(s);
	end_capture(text, sizeof(text));
	assert_string_equal(text, wanted);
}

static void a_client_that_breaks_the_protocol_is_told_of(void **state)
{
	struct vfu_header header = client_header(VFU_CMD_RESET, 0);

	header.flags = VFU_FLAG_TYPE_REPLY;
	expect_end(*state, &header, sizeof(header),
		   "test: warning: closing the connection: the client broke the protocol\n");
}

static void a_command_before_the_version_is_told_of(void **state)
{
	struct vfu_header header = client_header(VFU_CMD_RESET, 0);

	expect_end(*state, &header, sizeof(header),
		   "test: warning: refused RESET of 0 bytes with 0 fds: closing the connection\n"
		   "test: warning: closing the connection: the client broke the protocol\n");
}

static void another_version_is_told_of(void **state)
{
	struct {
		struct vfu_header header;
		struct vfu_version version;
	} message = {
		.header = client_header(VFU_CMD_VERSION, sizeof(message.version)),
		.version = { .major = 3, .minor = 4 },
	};

	expect_end(*state, &message, sizeof(message),
		   "test: warning: client speaks vfio-user 3.4, this server 0.0\n"
		   "test: warning: refused VERSION of 4 bytes with 0 fds: closing the connection\n"
		   "test: warning: closing the connection: the client broke the protocol\n");
}

static void capabilities_that_are_none_are_told_of(void **state)
{
	struct {
		struct vfu_header header;
		struct vfu_version version;
		char text[4];
	} message = {
		.header = client_header(VFU_CMD_VERSION, sizeof(message.version) + 4),
		.text = "[1]",
	};

	expect_end(*state, &message, sizeof(message),
		   "test: warning: client sent capabilities that are no JSON object\n"
		   "test: warning: refused VERSION of 8 bytes with 0 fds: closing the connection\n"
		   "test: warning: closing the connection: the client broke the protocol\n");
}

static void a_stop_is_not_warned_of(void **state)
{
	struct session *s = *state;
	char text[1024];

	begin_capture(VNPU_LOG_WARN);
	vfu_stop(s->vfu);
	assert_true(client_hung_up(s->fd));
	leave(s);
	end_capture(text, sizeof(text));
	assert_string_equal(text, "");
}

/* Nothing can be received from the end of a pipe. */
static void a_connection_that_fails_is_told_of_with_the_reason(void **state)
{
	struct session *s = *state;
	int pipes[2];
	char text[1024];

	leave(s);
	assert_int_equal(pipe(pipes), 0);
	begin_capture(VNPU_LOG_WARN);
	vfu_serve(s->vfu, pipes[0]);
	end_capture(text, sizeof(text));
	close(pipes[1]);
	assert_string_equal(text, "test: warning: closing the connection: Socket operation on "
			    "non-socket\n");
}

static void each_reset_has_its_name(void **state)
{
	struct session *s = *state;
	struct client_reply reply;
	char text[2048];

	begin_capture(VNPU_LOG_DEBUG);
	assert_true(client_call(s->fd, VFU_CMD_RESET, NULL, 0, &reply));
	leave(s);
	end_capture(text, sizeof(text));
	assert_string_equal(text, "test: debug: device reset\ntest: debug: client disconnected\n");
	assert_int_equal(session_counters(s).resets, 2);
}

static unsigned int lines_of(const char *text)
{
	unsigned int lines = 0;

	for (; *text; text++)
		lines += *text == '\n';
	return lines;
}

static void each_connection_has_lines_of_its_own(void **state)
{
	struct session *s = *state;
	struct client_reply reply;
	static char text[65536];

	for (int connection = 0; connection < 3; connection++) {
		if (connection) {
			assert_true(session_connect(s));
			assert_true(client_negotiate(s->fd));
		}
		begin_capture(VNPU_LOG_WARN);
		for (unsigned int i = 0; i < VNPU_LOG_BUDGET + 10; i++)
			assert_true(client_call(s->fd, 99, NULL, 0, &reply));
		leave(s);
		end_capture(text, sizeof(text));
		assert_int_equal(lines_of(text), VNPU_LOG_BUDGET + 1);
	}
}

static void on_signal(int number)
{
	(void)number;
}

/* A call that a signal ends is made again. */
static void signals_between_the_bytes_of_a_message_do_no_harm(void **state)
{
	const struct sigaction action = { .sa_handler = on_signal };
	struct vfu_region_access access = { .region = 0, .count = 4 };
	struct session *s = *state;
	struct vfu_header header = client_header(VFU_CMD_REGION_READ, sizeof(access));
	uint8_t bytes[sizeof(header) + sizeof(access)];
	struct client_reply reply;
	struct sigaction before;

	assert_int_equal(sigaction(SIGUSR1, &action, &before), 0);
	memcpy(bytes, &header, sizeof(header));
	memcpy(bytes + sizeof(header), &access, sizeof(access));
	for (size_t i = 0; i < sizeof(bytes); i++) {
		for (int k = 0; k < 5; k++) {
			assert_int_equal(pthread_kill(s->thread, SIGUSR1), 0);
			usleep(200);
		}
		assert_true(client_send_raw(s->fd, bytes + i, 1, NULL, 0));
	}
	assert_true(client_receive(s->fd, &reply));
	assert_int_equal(reply.header.flags, VFU_FLAG_TYPE_REPLY);
	assert_int_equal(sigaction(SIGUSR1, &before, NULL), 0);
}

static void read_config_space(struct session *s, uint8_t *bytes)
{
	const struct vfu_region_access access = {
		.region = VFIO_PCI_CONFIG_REGION_INDEX, .count = 4096,
	};
	static struct client_reply reply;

	assert_true(client_call(s->fd, VFU_CMD_REGION_READ, &access, sizeof(access), &reply));
	assert_int_equal(reply.size, sizeof(access) + 4096);
	memcpy(bytes, reply.payload + sizeof(access), 4096);
}

/* More than the socket holds in either direction; one reply in @period is long. */
static void expect_late_replies(struct session *s, unsigned int period, const uint8_t *space)
{
	static struct vfu_header headers[150];
	static struct client_reply reply;

	for (unsigned int i = 0; i < 150; i++) {
		const struct vfu_region_access access = {
			.region = VFIO_PCI_CONFIG_REGION_INDEX,
			.count = (i + 1) % period ? 4 : 4096,
		};

		headers[i] = client_header(VFU_CMD_REGION_READ, sizeof(access));
		assert_true(client_send(s->fd, &headers[i], &access, NULL, 0));
	}
	for (unsigned int i = 0; i < 150; i++) {
		const uint8_t *bytes = reply.payload + sizeof(struct vfu_region_access);
		uint32_t count = (i + 1) % period ? 4 : 4096;

		assert_true(client_receive(s->fd, &reply));
		assert_int_equal(reply.header.id, headers[i].id);
		assert_int_equal(reply.size, sizeof(struct vfu_region_access) + count);
		assert_memory_equal(space, bytes, count);
	}
}

static void replies_wait_for_a_client_that_reads_late(void **state)
{
	uint8_t space[4096];

	read_config_space(*state, space);
	expect_late_replies(*state, 1, space);
}

/* The least buffer that the kernel gives has room for a part of a long reply behind short ones. */
static void so_do_replies_that_are_sent_in_pieces(void **state)
{
	struct session *s = *state;
	uint8_t space[4096];

	read_config_space(s, space);
	assert_int_equal(setsockopt(s->server_fd, SOL_SOCKET, SO_SNDBUF, &(int){ 1 },
				    sizeof(int)), 0);
	expect_late_replies(s, 5, space);
}

/* No reply is lost, and a stop ends a server that cannot send one. */
static void a_stop_ends_a_server_whose_client_does_not_read(void **state)
{
	struct session *s = *state;
	struct vfu_region_access access = {
		.region = VFIO_PCI_CONFIG_REGION_INDEX, .count = 4096,
	};

	for (unsigned int i = 0; i < 150; i++) {
		struct vfu_header header = client_header(VFU_CMD_REGION_READ, sizeof(access));

		assert_true(client_send(s->fd, &header, &access, NULL, 0));
	}
	vfu_stop(s->vfu);
	pthread_join(s->thread, NULL);
	close(s->fd);
	s->fd = -1;
}

static void as_many_ranges_are_mapped_as_the_protocol_promises(void **state)
{
	struct vfu_dma dma;
	struct vfu_dma_range range = { .size = 4096, .access = VFU_DMA_READ };

	(void)state;
	assert_int_equal(vfu_dma_init(&dma), 0);
	for (unsigned int i = 0; i < VFU_PROTOCOL_MAX_DMA_MAPS; i++) {
		range.addr = (uint64_t)i * 8192;
		assert_int_equal(vfu_dma_add(&dma, &range), 0);
	}
	range.addr += 8192;
	assert_int_equal(vfu_dma_add(&dma, &range), -ENOSPC);
	/* What overlaps is refused for that. */
	range.addr -= 8192;
	assert_int_equal(vfu_dma_add(&dma, &range), -EEXIST);
	assert_int_equal(vfu_dma_remove(&dma, 8192, 4096), 1);
	range.addr = 8192 + 4096;
	assert_int_equal(vfu_dma_add(&dma, &range), 0);
	assert_null(vfu_dma_find(&dma, 8192 + 4095));
	assert_int_equal(vfu_dma_find(&dma, 8192 + 4096)->addr, 8192 + 4096);
	assert_int_equal(vfu_dma_find(&dma, 8192 + 8191)->addr, 8192 + 4096);
	assert_int_equal(vfu_dma_find(&dma, 2 * 8192)->addr, 2 * 8192);
	assert_int_equal(vfu_dma_remove_all(&dma), VFU_PROTOCOL_MAX_DMA_MAPS);
	vfu_dma_fini(&dma);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SESSION_TEST(a_client_that_does_nothing_wrong_is_not_warned_of),
		SESSION_TEST(a_refused_message_is_told_with_its_size_and_reason),
		SESSION_TEST(a_client_that_breaks_the_protocol_is_told_of),
		RAW_SESSION_TEST(a_command_before_the_version_is_told_of),
		RAW_SESSION_TEST(another_version_is_told_of),
		RAW_SESSION_TEST(capabilities_that_are_none_are_told_of),
		SESSION_TEST(a_stop_is_not_warned_of),
		SESSION_TEST(a_connection_that_fails_is_told_of_with_the_reason),
		SESSION_TEST(each_reset_has_its_name),
		SESSION_TEST(each_connection_has_lines_of_its_own),
		SESSION_TEST(signals_between_the_bytes_of_a_message_do_no_harm),
		SESSION_TEST(replies_wait_for_a_client_that_reads_late),
		SESSION_TEST(so_do_replies_that_are_sent_in_pieces),
		SESSION_TEST(a_stop_ends_a_server_whose_client_does_not_read),
		cmocka_unit_test(as_many_ranges_are_mapped_as_the_protocol_promises),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
