// SPDX-License-Identifier: MIT
#include "control.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "control_commands.h"

#define MAX_CLIENTS 16
#define MAX_LINE 4096

/* How long a client that does not read its replies may hold up the others. */
#define SEND_TIMEOUT_S 2

struct client {
	int fd;			/* -1: free */
	size_t used;
	char line[MAX_LINE];
};

struct control {
	struct device *dev;
	char path[sizeof(((struct sockaddr_un *)0)->sun_path)];
	int listen_fd;
	int stop_fd;
	pthread_t thread;
	bool started;
	struct client client[MAX_CLIENTS];
};

static int open_socket(struct control *control)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };

	strcpy(addr.sun_path, control->path);
	control->listen_fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (control->listen_fd < 0)
		return -errno;
	unlink(control->path);
	if (bind(control->listen_fd, (struct sockaddr *)&addr, sizeof(addr)) ||
	    listen(control->listen_fd, MAX_CLIENTS))
		return -errno;
	return 0;
}

static void close_client(struct client *client)
{
	close(client->fd);
	client->fd = -1;
	client->used = 0;
}

static void accept_client(struct control *control)
{
	const struct timeval timeout = { .tv_sec = SEND_TIMEOUT_S };
	int fd = accept4(control->listen_fd, NULL, NULL, SOCK_CLOEXEC);

	if (fd < 0)
		return;
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof(timeout));
	for (int i = 0; i < MAX_CLIENTS; i++) {
		if (control->client[i].fd >= 0)
			continue;
		control->client[i].fd = fd;
		return;
	}
	close(fd);
}

static bool send_all(int fd, const char *text)
{
	size_t left = strlen(text);
	ssize_t n;

	for (; left; left -= (size_t)n, text += n) {
		n = send(fd, text, left, MSG_NOSIGNAL);
		if (n <= 0)
			return false;
	}
	return true;
}

static bool answer(struct control *control, struct client *client, char *line)
{
	char *reply = control_execute(control->dev, line);
	bool ok = reply && send_all(client->fd, reply) && send_all(client->fd, "\n");

	free(reply);
	return ok;
}

/* Answer every whole line. Return: false when the client is to be dropped. */
static bool answer_lines(struct control *control, struct client *client)
{
	char *end;
	size_t len;

	while ((end = memchr(client->line, '\n', client->used))) {
		*end = '\0';
		if (!answer(control, client, client->line))
			return false;
		len = (size_t)(end + 1 - client->line);
		client->used -= len;
		memmove(client->line, end + 1, client->used);
	}
	return client->used < MAX_LINE;
}

static void serve_client(struct control *control, struct client *client)
{
	ssize_t n = recv(client->fd, client->line + client->used, MAX_LINE - client->used, 0);

	if (n > 0)
		client->used += (size_t)n;
	if (n <= 0 || !answer_lines(control, client))
		close_client(client);
}

static void *control_main(void *arg)
{
	struct control *control = arg;
	struct pollfd fds[2 + MAX_CLIENTS];

	for (;;) {
		fds[0] = (struct pollfd){ .fd = control->stop_fd, .events = POLLIN };
		fds[1] = (struct pollfd){ .fd = control->listen_fd, .events = POLLIN };
		for (int i = 0; i < MAX_CLIENTS; i++)
			fds[2 + i] = (struct pollfd){ .fd = control->client[i].fd,
						      .events = POLLIN };
		if (poll(fds, 2 + MAX_CLIENTS, -1) < 0)
			continue;
		if (fds[0].revents)
			return NULL;
		for (int i = 0; i < MAX_CLIENTS; i++)
			if (fds[2 + i].revents)
				serve_client(control, &control->client[i]);
		if (fds[1].revents)
			accept_client(control);
	}
}

static int start(struct control *control)
{
	int ret = open_socket(control);

	if (ret)
		return ret;
	control->stop_fd = eventfd(0, EFD_CLOEXEC);
	if (control->stop_fd < 0)
		return -errno;
	ret = pthread_create(&control->thread, NULL, control_main, control);
	control->started = !ret;
	return -ret;
}

int control_start(const char *path, struct device *dev, struct control **out)
{
	struct control *control;
	int ret;

	if (strlen(path) >= sizeof(control->path))
		return -ENAMETOOLONG;
	control = calloc(1, sizeof(*control));
	if (!control)
		return -ENOMEM;
	control->dev = dev;
	control->listen_fd = -1;
	control->stop_fd = -1;
	strcpy(control->path, path);
	for (int i = 0; i < MAX_CLIENTS; i++)
		control->client[i].fd = -1;
	ret = start(control);
	if (ret) {
		control_stop(control);
		return ret;
	}
	*out = control;
	return 0;
}

static void end_thread(struct control *control)
{
	const uint64_t one = 1;

	if (!control->started)
		return;
	while (write(control->stop_fd, &one, sizeof(one)) < 0 && errno == EINTR)
		;
	pthread_join(control->thread, NULL);
	unlink(control->path);
}

void control_stop(struct control *control)
{
	if (!control)
		return;
	end_thread(control);
	for (int i = 0; i < MAX_CLIENTS; i++)
		if (control->client[i].fd >= 0)
			close_client(&control->client[i]);
	if (control->stop_fd >= 0)
		close(control->stop_fd);
	if (control->listen_fd >= 0)
		close(control->listen_fd);
	free(control);
}
