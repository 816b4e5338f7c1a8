// SPDX-License-Identifier: MIT
#include "listener.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static int new_socket(void)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	return fd < 0 ? -errno : fd;
}

/* Return: 0 when nothing listens at @addr, -EADDRINUSE when a process does. */
static int probe(const struct sockaddr_un *addr)
{
	int fd = new_socket();
	bool refused;

	if (fd < 0)
		return fd;
	/* A full backlog is -EAGAIN: a process listens. */
	refused = connect(fd, (const struct sockaddr *)addr, sizeof(*addr)) &&
		  errno == ECONNREFUSED;
	close(fd);
	return refused ? 0 : -EADDRINUSE;
}

static int remove_stale(const struct sockaddr_un *addr)
{
	struct stat info;
	int ret;

	if (lstat(addr->sun_path, &info))
		return errno == ENOENT ? 0 : -errno;
	if (!S_ISSOCK(info.st_mode) || info.st_uid != geteuid())
		return -EEXIST;
	ret = probe(addr);
	if (ret)
		return ret;
	return unlink(addr->sun_path) ? -errno : 0;
}

/*
 * bind() gives the file the mode of the socket less the umask: there is no moment at
 * which another user could connect.
 */
static int bind_private(int fd, const struct sockaddr_un *addr)
{
	mode_t mask = umask(0077);
	int ret = 0;

	if (fchmod(fd, 0600) || bind(fd, (const struct sockaddr *)addr, sizeof(*addr)))
		ret = -errno;
	umask(mask);
	return ret;
}

int listener_open(const char *path, int backlog)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int ret;
	int fd;

	if (strlen(path) >= sizeof(addr.sun_path))
		return -ENAMETOOLONG;
	strcpy(addr.sun_path, path);
	ret = remove_stale(&addr);
	if (ret)
		return ret;
	fd = new_socket();
	if (fd < 0)
		return fd;
	ret = bind_private(fd, &addr);
	if (!ret && listen(fd, backlog))
		ret = -errno;
	if (!ret)
		return fd;
	close(fd);
	return ret;
}
