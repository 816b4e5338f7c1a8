// SPDX-License-Identifier: MIT
/* A socket is its user's alone, and nothing else is removed for it. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "cmocka_prelude.h"
#include "no_input.h"
#include "process/listener.h"

struct place {
	char folder[32];
	char path[64];
};

static int setup(void **state)
{
	struct place *place = calloc(1, sizeof(*place));

	strcpy(place->folder, "/tmp/vnpu-listen-XXXXXX");
	if (!mkdtemp(place->folder))
		return -1;
	snprintf(place->path, sizeof(place->path), "%s/socket", place->folder);
	*state = place;
	return 0;
}

static int teardown(void **state)
{
	struct place *place = *state;
	int left = unlink(place->path);

	if (rmdir(place->folder))
		left = -1;
	free(place);
	return left;
}

static mode_t mode_of(const struct place *place)
{
	struct stat info;

	assert_int_equal(lstat(place->path, &info), 0);
	return info.st_mode;
}

static int connect_to(const char *path)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	int ret;

	strcpy(addr.sun_path, path);
	ret = connect(fd, (struct sockaddr *)&addr, sizeof(addr));
	close(fd);
	return ret;
}

static void only_its_user_may_connect(void **state)
{
	struct place *place = *state;
	mode_t mask = umask(0);
	int fd = listener_open(place->path, 1);

	assert_int_equal(umask(mask), 0);
	assert_true(fd >= 0);
	assert_int_equal(mode_of(place), S_IFSOCK | 0600);
	assert_int_equal(connect_to(place->path), 0);
	close(fd);
}

static void what_an_ended_process_left_is_replaced(void **state)
{
	struct place *place = *state;
	int fd = listener_open(place->path, 1);

	close(fd);
	assert_int_not_equal(connect_to(place->path), 0);
	fd = listener_open(place->path, 1);
	assert_true(fd >= 0);
	assert_int_equal(connect_to(place->path), 0);
	close(fd);
}

static void a_socket_in_use_stays(void **state)
{
	struct place *place = *state;
	int fd = listener_open(place->path, 4);

	assert_int_equal(listener_open(place->path, 1), -EADDRINUSE);
	assert_int_equal(connect_to(place->path), 0);
	close(fd);
}

static void a_full_backlog_is_in_use(void **state)
{
	struct place *place = *state;
	int fd = listener_open(place->path, 0);

	assert_int_equal(listener_open(place->path, 1), -EADDRINUSE);
	assert_int_equal(listener_open(place->path, 1), -EADDRINUSE);
	assert_int_equal(listener_open(place->path, 1), -EADDRINUSE);
	close(fd);
}

static void expect_kept(const struct place *place, mode_t type)
{
	assert_int_equal(listener_open(place->path, 1), -EEXIST);
	assert_int_equal(mode_of(place) & S_IFMT, type);
}

static void a_file_stays_as_it_is(void **state)
{
	struct place *place = *state;
	int fd = open(place->path, O_WRONLY | O_CREAT, 0600);
	struct stat info;

	assert_int_equal(write(fd, "text", 4), 4);
	close(fd);
	expect_kept(place, S_IFREG);
	assert_int_equal(stat(place->path, &info), 0);
	assert_int_equal(info.st_size, 4);
}

static void a_pipe_stays(void **state)
{
	struct place *place = *state;

	assert_int_equal(mkfifo(place->path, 0600), 0);
	expect_kept(place, S_IFIFO);
}

static void a_link_stays_and_so_does_its_target(void **state)
{
	struct place *place = *state;
	char target[80];
	int fd;

	snprintf(target, sizeof(target), "%s.target", place->path);
	fd = listener_open(target, 1);
	close(fd);
	assert_int_equal(symlink(target, place->path), 0);
	expect_kept(place, S_IFLNK);
	assert_int_equal(unlink(target), 0);
}

static void a_socket_of_another_user_stays(void **state)
{
	struct place *place = *state;
	int fd = listener_open(place->path, 1);

	close(fd);
	if (chown(place->path, 65534, (gid_t)-1))
		skip();
	expect_kept(place, S_IFSOCK);
}

static void a_path_that_is_too_long_is_refused(void **state)
{
	struct place *place = *state;
	char path[128];
	int fd;

	memset(path, 'a', sizeof(path));
	path[108] = '\0';
	assert_int_equal(listener_open(path, 1), -ENAMETOOLONG);
	fd = listener_open(place->path, 1);
	assert_true(fd >= 0);
	close(fd);
}

/* The one that asks whether another process listens, and then the listener's own. */
static void sockets_may_have_number_0(void **state)
{
	struct place *place = *state;
	int first = listener_open(place->path, 1);
	int input = no_input_begin();
	int busy = listener_open(place->path, 1);
	bool asked_with_0 = number_0_is_open();
	int second;

	close(first);
	second = listener_open(place->path, 1);
	no_input_end(input);
	assert_true(first >= 0);
	assert_int_equal(busy, -EADDRINUSE);
	assert_false(asked_with_0);
	assert_int_equal(second, 0);
}

#define LISTENER_TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		LISTENER_TEST(only_its_user_may_connect),
		LISTENER_TEST(what_an_ended_process_left_is_replaced),
		LISTENER_TEST(sockets_may_have_number_0),
		LISTENER_TEST(a_socket_in_use_stays),
		LISTENER_TEST(a_full_backlog_is_in_use),
		LISTENER_TEST(a_file_stays_as_it_is),
		LISTENER_TEST(a_pipe_stays),
		LISTENER_TEST(a_link_stays_and_so_does_its_target),
		LISTENER_TEST(a_socket_of_another_user_stays),
		LISTENER_TEST(a_path_that_is_too_long_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
