// SPDX-License-Identifier: MIT
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "cmocka_prelude.h"
#include "process/listener.h"
#include "session.h"
#include "tests/no_input.h"

static bool alive(struct session *s)
{
	uint64_t val;

	return client_read(s->fd, 0, 0, 4, &val) == 0 && val == DEVICE_MAGIC;
}

static void message_may_arrive_byte_by_byte(void **state)
{
	struct session *s = *state;
	struct vfu_region_access access = { .region = 0, .count = 4 };
	struct vfu_header header = client_header(VFU_CMD_REGION_READ, sizeof(access));
	uint8_t bytes[sizeof(header) + sizeof(access)];
	struct client_reply reply;
	size_t i;

	memcpy(bytes, &header, sizeof(header));
	memcpy(bytes + sizeof(header), &access, sizeof(access));
	for (i = 0; i < sizeof(bytes); i++)
		assert_true(client_send_raw(s->fd, bytes + i, 1, NULL, 0));
	assert_true(client_receive(s->fd, &reply));
	assert_int_equal(reply.header.flags, VFU_FLAG_TYPE_REPLY);
}

static void pipelined_messages_are_answered_in_order(void **state)
{
	struct session *s = *state;
	struct vfu_region_access access = { .region = 0, .count = 4 };
	struct vfu_header headers[20];
	struct client_reply reply;
	unsigned int i;

	for (i = 0; i < 20; i++) {
		headers[i] = client_header(VFU_CMD_REGION_READ, sizeof(access));
		assert_true(client_send(s->fd, &headers[i], &access, NULL, 0));
	}
	for (i = 0; i < 20; i++) {
		assert_true(client_receive(s->fd, &reply));
		assert_int_equal(reply.header.id, headers[i].id);
	}
}

static void unsupported_commands_get_an_error(void **state)
{
	static const uint16_t commands[] = { 0, 6, 11, 12, 14, 16, 17, 18, 19, 0xffff };
	struct session *s = *state;
	struct client_reply reply;
	unsigned int i;

	for (i = 0; i < sizeof(commands) / sizeof(*commands); i++) {
		assert_true(client_call(s->fd, commands[i], NULL, 0, &reply));
		assert_int_equal(reply.header.flags, VFU_FLAG_TYPE_REPLY | VFU_FLAG_ERROR);
		assert_int_equal(reply.header.error, ENOTSUP);
	}
	assert_true(alive(s));
}

static void unknown_flags_get_an_error(void **state)
{
	struct session *s = *state;
	struct vfu_header header = client_header(VFU_CMD_RESET, 0);
	struct client_reply reply;

	header.flags = 0x40;
	assert_true(client_send(s->fd, &header, NULL, NULL, 0));
	assert_true(client_receive(s->fd, &reply));
	assert_int_equal(reply.header.error, EINVAL);
	assert_int_equal(s->device.resets[VFU_RESET_DEVICE], 0);
}

static void an_answer_has_nothing_of_the_one_before(void **state)
{
	struct session *s = *state;
	struct client_reply reply;

	assert_true(alive(s));
	assert_true(client_call(s->fd, VFU_CMD_RESET, NULL, 0, &reply));
	assert_int_equal(reply.header.flags, VFU_FLAG_TYPE_REPLY);
	assert_int_equal(reply.header.error, 0);
	assert_int_equal(reply.size, 0);
}

static void payload_where_none_belongs_gets_an_error(void **state)
{
	struct session *s = *state;
	struct client_reply reply;

	assert_true(client_call(s->fd, VFU_CMD_RESET, "12345678", 8, &reply));
	assert_int_equal(reply.header.error, EINVAL);
}

/* Send a header with this size and type; the server must hang up. */
static void expect_hangup(struct session *s, uint32_t size, uint32_t flags)
{
	struct vfu_header header = client_header(VFU_CMD_RESET, 0);

	header.size = size;
	header.flags = flags;
	assert_true(client_send_raw(s->fd, &header, sizeof(header), NULL, 0));
	assert_true(client_hung_up(s->fd));
	session_disconnect(s);
	assert_true(session_connect(s));
	assert_true(client_negotiate(s->fd));
	assert_true(alive(s));
}

static void impossible_headers_close_the_connection(void **state)
{
	expect_hangup(*state, 0, 0);
	expect_hangup(*state, 15, 0);
	expect_hangup(*state, UINT32_MAX, 0);
	expect_hangup(*state, 16 + VFU_PROTOCOL_MAX_PAYLOAD + 1, 0);
	expect_hangup(*state, 16, VFU_FLAG_TYPE_REPLY);
	expect_hangup(*state, 16, 2);
}

static void the_largest_message_is_answered(void **state)
{
	struct session *s = *state;
	static uint8_t payload[VFU_PROTOCOL_MAX_PAYLOAD];
	const struct vfu_region_access access = { .count = VFU_PROTOCOL_MAX_XFER };
	struct client_reply reply;

	memcpy(payload, &access, sizeof(access));
	assert_true(client_call(s->fd, VFU_CMD_REGION_WRITE, payload, sizeof(payload), &reply));
	assert_int_equal(reply.header.error, EINVAL);
	assert_true(alive(s));
}

static void a_client_with_unread_messages_reads_the_end_not_an_error(void **state)
{
	struct session *s = *state;
	struct vfu_header broken = client_header(VFU_CMD_RESET, 0);
	char bytes[sizeof(broken) + 60000] = { 0 };
	char byte;

	broken.flags = 2;
	memcpy(bytes, &broken, sizeof(broken));
	assert_true(client_send_raw(s->fd, bytes, sizeof(bytes), NULL, 0));
	assert_int_equal(recv(s->fd, &byte, 1, 0), 0);
}

static void client_that_leaves_in_mid_message_is_forgotten(void **state)
{
	struct session *s = *state;
	struct vfu_header header = client_header(VFU_CMD_RESET, 100);

	assert_true(client_send_raw(s->fd, &header, sizeof(header), NULL, 0));
	session_disconnect(s);
	assert_int_equal(s->device.resets[VFU_RESET_DEVICE], 0);
	assert_int_equal(s->device.resets[VFU_RESET_DISCONNECT], 1);
	assert_true(session_connect(s));
	assert_true(client_negotiate(s->fd) && alive(s));
}

static void reconnecting_starts_from_power_on(void **state)
{
	struct session *s = *state;
	unsigned int i;

	for (i = 0; i < 5; i++) {
		session_set_bus_master(s, true);
		assert_int_equal(client_write(s->fd, 0, 8, 4, 5), 0);
		session_disconnect(s);
		assert_int_equal(s->device.resets[VFU_RESET_DISCONNECT], i + 1);
		assert_false(vfu_bus_master(s->vfu));
		assert_true(session_connect(s));
		assert_true(client_negotiate(s->fd));
		assert_int_equal(s->device.regs[1], 0);
	}
	assert_int_equal(session_counters(s).connections, 6);
}

/* Send a command with @count descriptors; errno of the answer. */
static int send_with_fds(struct session *s, uint16_t command, uint32_t size, unsigned int count)
{
	uint8_t payload[64] = { 0 };
	struct client_reply reply;
	unsigned int i;
	int fds[32];
	bool ok;

	for (i = 0; i < count; i++)
		fds[i] = eventfd(0, EFD_CLOEXEC);
	ok = client_call_fds(s->fd, command, payload, size, fds, count, &reply);
	for (i = 0; i < count; i++)
		close(fds[i]);
	assert_true(ok);
	return (int)reply.header.error;
}

static void unexpected_descriptors_are_refused_and_closed(void **state)
{
	struct session *s = *state;
	unsigned int before = open_fd_count();

	assert_int_equal(send_with_fds(s, VFU_CMD_RESET, 0, 1), EINVAL);
	assert_int_equal(send_with_fds(s, VFU_CMD_DMA_MAP, 32, 2), EINVAL);
	assert_int_equal(send_with_fds(s, VFU_CMD_SET_IRQS, 20, 16), EINVAL);
	assert_int_equal(send_with_fds(s, VFU_CMD_SET_IRQS, 20, 17), EINVAL);
	assert_int_equal(send_with_fds(s, VFU_CMD_SET_IRQS, 20, 32), EINVAL);
	assert_int_equal(send_with_fds(s, 99, 0, 3), ENOTSUP);
	assert_int_equal(open_fd_count(), before);
}

/* As in a process that was started without a standard input. */
static void an_unexpected_descriptor_that_gets_number_0_is_closed(void **state)
{
	struct session *s = *state;
	int fd = eventfd(0, EFD_CLOEXEC);
	int input = no_input_begin();
	struct client_reply reply;
	bool open;

	assert_true(client_call_fds(s->fd, VFU_CMD_RESET, NULL, 0, &fd, 1, &reply));
	open = number_0_is_open();
	no_input_end(input);
	close(fd);
	assert_int_equal(reply.header.error, EINVAL);
	assert_false(open);
}

/* As above, with the descriptor that the server waits by. */
static void a_server_may_have_number_0(void **state)
{
	struct device device = { 0 };
	const struct vfu_config config = device_config(&device);
	int input = no_input_begin();
	struct vfu *vfu;
	bool before, after;
	int ret;

	(void)state;
	ret = vfu_create(&config, &vfu);
	before = number_0_is_open();
	if (!ret)
		vfu_destroy(vfu);
	after = number_0_is_open();
	no_input_end(input);
	assert_int_equal(ret, 0);
	assert_true(before);
	assert_false(after);
}

/* What a server for it returns; one that is made is destroyed. */
static int try(const struct vfu_config *config)
{
	struct vfu *vfu;
	int ret = vfu_create(config, &vfu);

	if (!ret)
		vfu_destroy(vfu);
	return ret;
}

/* It has no socket to close, and number 0 is another's. */
static void a_server_that_never_listened_closes_what_it_opened(void **state)
{
	struct device device = { 0 };
	const struct vfu_config config = device_config(&device);
	int input = no_input_begin();
	int other = eventfd(0, EFD_CLOEXEC);
	unsigned int before = open_fd_count(), after;
	int ret = try(&config);
	bool open = number_0_is_open();

	(void)state;
	after = open_fd_count();
	no_input_end(input);
	assert_int_equal(other, 0);
	assert_int_equal(ret, 0);
	assert_true(open);
	assert_int_equal(after, before);
}

/* Bytes that the server has not read yet. */
static int unread(const struct session *s)
{
	int n = -1;

	assert_int_equal(ioctl(s->server_fd, FIONREAD, &n), 0);
	return n;
}

static void a_message_that_a_stop_cuts_off_is_not_carried_out(void **state)
{
	struct session *s = *state;
	const struct vfu_region_access access = { .region = 0, .offset = 8, .count = 4 };
	const struct vfu_header header = client_header(VFU_CMD_REGION_WRITE, sizeof(access) + 4);

	assert_int_equal(client_write(s->fd, 0, 8, 4, 5), 0);
	assert_true(client_send_raw(s->fd, &header, sizeof(header), NULL, 0));
	assert_true(client_send_raw(s->fd, &access, sizeof(access), NULL, 0));
	while (unread(s))
		usleep(100);
	vfu_stop(s->vfu);
	assert_true(client_hung_up(s->fd));
	assert_int_equal(session_counters(s).writes[0], 1);
	assert_int_equal(session_counters(s).messages, 2);
}

static void stop_ends_a_waiting_server(void **state)
{
	struct session *s = *state;

	vfu_stop(s->vfu);
	assert_true(client_hung_up(s->fd));
}

/* A server that listens on a socket of its own in a temporary folder. */
struct listener {
	struct device device;
	struct vfu *vfu;
	char dir[32];
	char path[64];
};

static void listener_start(struct listener *l)
{
	struct vfu_config config;

	memset(l, 0, sizeof(*l));
	strcpy(l->dir, "/tmp/vfu-test-XXXXXX");
	assert_non_null(mkdtemp(l->dir));
	snprintf(l->path, sizeof(l->path), "%s/socket", l->dir);
	config = device_config(&l->device);
	assert_int_equal(vfu_create(&config, &l->vfu), 0);
}

static void listener_stop(struct listener *l)
{
	vfu_destroy(l->vfu);
	assert_int_equal(unlink(l->path), 0);
	assert_int_equal(rmdir(l->dir), 0);
}

static int connect_socket(int fd, const char *path)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };

	strcpy(addr.sun_path, path);
	return connect(fd, (struct sockaddr *)&addr, sizeof(addr));
}

static int connect_to(const char *path)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_int_equal(connect_socket(fd, path), 0);
	return fd;
}

static void clients_are_served_one_after_the_other(void **state)
{
	struct listener l;
	uint64_t val;
	int first, second;

	(void)state;
	listener_start(&l);
	assert_int_equal(vfu_start(l.vfu, listener_open(l.path, 1)), 0);
	first = connect_to(l.path);
	assert_true(client_negotiate(first));
	second = connect_to(l.path);
	assert_int_equal(client_read(first, 0, 0, 4, &val), 0);
	close(first);
	assert_true(client_negotiate(second));
	assert_int_equal(client_read(second, 0, 0, 4, &val), 0);
	assert_int_equal(val, DEVICE_MAGIC);
	close(second);
	listener_stop(&l);
}

/* For who looks at the threads of the process. */
static void the_thread_of_the_protocol_has_its_name(void **state)
{
	struct listener l;
	char text[16];
	bool found = false;
	glob_t names;
	int client;

	(void)state;
	listener_start(&l);
	assert_int_equal(vfu_start(l.vfu, listener_open(l.path, 1)), 0);
	client = connect_to(l.path);
	assert_true(client_negotiate(client));
	assert_int_equal(glob("/proc/self/task/*/comm", 0, NULL, &names), 0);
	for (size_t i = 0; i < names.gl_pathc; i++) {
		int fd = open(names.gl_pathv[i], O_RDONLY | O_CLOEXEC);
		ssize_t n = read(fd, text, sizeof(text));

		found |= n == 10 && !memcmp(text, "vfio-user\n", 10);
		close(fd);
	}
	globfree(&names);
	assert_true(found);
	close(client);
	listener_stop(&l);
}

static void a_client_may_have_number_0(void **state)
{
	int client = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct listener l;
	bool served, left;
	int input;

	(void)state;
	listener_start(&l);
	assert_int_equal(vfu_start(l.vfu, listener_open(l.path, 1)), 0);
	input = no_input_begin();
	served = !connect_socket(client, l.path) && client_negotiate(client) && number_0_is_open();
	vfu_stop(l.vfu);
	left = number_0_is_open();
	no_input_end(input);
	assert_true(served);
	assert_false(left);
	close(client);
	listener_stop(&l);
}

static void so_may_the_socket_that_listens(void **state)
{
	struct listener l;
	bool left;
	int fd, input;

	(void)state;
	listener_start(&l);
	input = no_input_begin();
	fd = listener_open(l.path, 1);
	vfu_start(l.vfu, fd);
	vfu_stop(l.vfu);
	left = number_0_is_open();
	no_input_end(input);
	assert_int_equal(fd, 0);
	assert_false(left);
	listener_stop(&l);
}

/* No descriptor is left for the server's own. */
static void a_server_without_descriptors_is_not_made(void **state)
{
	struct device device = { 0 };
	const struct vfu_config config = device_config(&device);
	struct rlimit before, none;
	struct vfu *vfu;
	int error;

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	none = before;
	none.rlim_cur = 0;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	error = vfu_create(&config, &vfu);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
	assert_int_equal(error, -EMFILE);
}

static void a_stopped_server_takes_no_client(void **state)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct listener l;

	(void)state;
	listener_start(&l);
	assert_int_equal(vfu_start(l.vfu, listener_open(l.path, 1)), 0);
	vfu_stop(l.vfu);
	strcpy(addr.sun_path, l.path);
	assert_int_equal(connect(fd, (struct sockaddr *)&addr, sizeof(addr)), -1);
	assert_int_equal(errno, ECONNREFUSED);
	close(fd);
	listener_stop(&l);
}

static int try_bars(uint64_t bar0_size, uint64_t bar2_size)
{
	struct device device = { 0 };
	struct vfu_config config = device_config(&device);

	config.bar0_size = bar0_size;
	config.bar2_size = bar2_size;
	return try(&config);
}

static int try_vectors(enum vfu_irq_mode mode, unsigned int vectors)
{
	struct device device = { 0 };
	struct vfu_config config = device_config(&device);

	config.irq_mode = mode;
	config.vectors = vectors;
	return try(&config);
}

static void bars_are_powers_of_two_of_a_page_or_more(void **state)
{
	(void)state;
	assert_int_equal(try_bars(4096, 4096), 0);
	assert_int_equal(try_bars(2048, 4096), -EINVAL);
	assert_int_equal(try_bars(4096, 2048), -EINVAL);
	assert_int_equal(try_bars(3 * 4096, 4096), -EINVAL);
	assert_int_equal(try_bars(4096, 3 * 4096), -EINVAL);
	assert_int_equal(try_bars(1ull << 31, 1ull << 40), 0);
	assert_int_equal(try_bars(1ull << 32, 4096), -EINVAL);
	assert_int_equal(try_bars(4096, 1ull << 41), -EINVAL);
}

static void a_device_has_1_to_256_vectors_and_with_msi_one(void **state)
{
	(void)state;
	assert_int_equal(try_vectors(VFU_IRQ_MSIX, 0), -EINVAL);
	assert_int_equal(try_vectors(VFU_IRQ_MSIX, 1), 0);
	assert_int_equal(try_vectors(VFU_IRQ_MSIX, 256), 0);
	assert_int_equal(try_vectors(VFU_IRQ_MSIX, 257), -EINVAL);
	assert_int_equal(try_vectors(VFU_IRQ_MSI, 1), 0);
	assert_int_equal(try_vectors(VFU_IRQ_MSI, 2), -EINVAL);
}

static int try_ops(const struct vfu_ops *ops)
{
	struct device device = { 0 };
	struct vfu_config config = device_config(&device);

	config.ops = ops;
	return try(&config);
}

static void a_device_answers_reads_writes_and_resets(void **state)
{
	struct device device = { 0 };
	const struct vfu_ops all = *device_config(&device).ops;
	struct vfu_ops some[4] = { all, all, all, all };

	(void)state;
	some[0].mmio_read = NULL;
	some[1].mmio_write = NULL;
	some[2].reset = NULL;
	some[3].irq_changed = NULL;
	for (unsigned int i = 0; i < 3; i++)
		assert_int_equal(try_ops(&some[i]), -EINVAL);
	assert_int_equal(try_ops(&some[3]), 0);
	assert_int_equal(try_ops(NULL), -EINVAL);
}

static void counters_end_where_their_structure_does(void **state)
{
	struct session *s = *state;
	struct {
		struct vfu_counters counters;
		uint64_t behind[8];
	} all;

	memset(&all, 0x5a, sizeof(all));
	vfu_get_counters(s->vfu, &all.counters);
	assert_int_equal(all.counters.connections, 1);
	for (unsigned int i = 0; i < 8; i++)
		assert_int_equal(all.behind[i], 0x5a5a5a5a5a5a5a5a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SESSION_TEST(message_may_arrive_byte_by_byte),
		SESSION_TEST(pipelined_messages_are_answered_in_order),
		SESSION_TEST(unsupported_commands_get_an_error),
		SESSION_TEST(unknown_flags_get_an_error),
		SESSION_TEST(an_answer_has_nothing_of_the_one_before),
		SESSION_TEST(payload_where_none_belongs_gets_an_error),
		SESSION_TEST(impossible_headers_close_the_connection),
		SESSION_TEST(the_largest_message_is_answered),
		SESSION_TEST(a_client_with_unread_messages_reads_the_end_not_an_error),
		SESSION_TEST(client_that_leaves_in_mid_message_is_forgotten),
		SESSION_TEST(reconnecting_starts_from_power_on),
		SESSION_TEST(unexpected_descriptors_are_refused_and_closed),
		SESSION_TEST(an_unexpected_descriptor_that_gets_number_0_is_closed),
		cmocka_unit_test(a_server_may_have_number_0),
		cmocka_unit_test(a_server_that_never_listened_closes_what_it_opened),
		SESSION_TEST(a_message_that_a_stop_cuts_off_is_not_carried_out),
		SESSION_TEST(stop_ends_a_waiting_server),
		cmocka_unit_test(clients_are_served_one_after_the_other),
		cmocka_unit_test(the_thread_of_the_protocol_has_its_name),
		cmocka_unit_test(a_client_may_have_number_0),
		cmocka_unit_test(so_may_the_socket_that_listens),
		cmocka_unit_test(a_server_without_descriptors_is_not_made),
		cmocka_unit_test(a_stopped_server_takes_no_client),
		cmocka_unit_test(bars_are_powers_of_two_of_a_page_or_more),
		cmocka_unit_test(a_device_has_1_to_256_vectors_and_with_msi_one),
		cmocka_unit_test(a_device_answers_reads_writes_and_resets),
		SESSION_TEST(counters_end_where_their_structure_does),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
