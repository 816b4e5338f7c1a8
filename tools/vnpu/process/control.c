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
#include <unistd.h>

#define MAX_CLIENTS 16
#define MAX_LINE 4096

/* How long a client that does not read its replies may hold up the others. */
#define SEND_TIMEOUT_S 2

struct client {
	int fd;			/* -1: free */
	int passed;		/* descriptor for the next command, or -1 */
	enum control_role role;
	size_t used;
	char line[MAX_LINE];
};

struct control {
	struct control_config config;
	int stop_fd;
	pthread_t thread;
	struct client client[MAX_CLIENTS];
};

static void close_passed(struct client *client)
{
	if (client->passed >= 0)
		close(client->passed);
	client->passed = -1;
}

static void close_client(struct client *client)
{
	close_passed(client);
	close(client->fd);
	client->fd = -1;
	client->used = 0;
}

static void accept_client(struct control *control, enum control_role role)
{
	const struct timeval timeout = { .tv_sec = SEND_TIMEOUT_S };
	int fd = accept4(control->config.fd[role], NULL, NULL, SOCK_CLOEXEC);

	if (fd < 0)
		return;
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof(timeout));
	for (int i = 0; i < MAX_CLIENTS; i++) {
		if (control->client[i].fd >= 0)
			continue;
		control->client[i].fd = fd;
		control->client[i].role = role;
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
	struct control_request request = { client->role, line, client->passed };
	char *reply = control_execute(control->config.dev, &request);
	bool ok = reply && send_all(client->fd, reply) && send_all(client->fd, "\n");

	client->passed = request.fd;
	close_passed(client);
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

/* Room for more than are taken: what does not fit is closed by the kernel. */
union passed {
	struct cmsghdr head;
	char bytes[CMSG_SPACE(2 * sizeof(int))];
};

/* Keep the first descriptor of the host, close all others. */
static void take_descriptors(struct client *client, struct msghdr *msg)
{
	struct cmsghdr *head = CMSG_FIRSTHDR(msg);
	size_t count;
	int fd;

	if (!head || head->cmsg_level != SOL_SOCKET || head->cmsg_type != SCM_RIGHTS)
		return;
	count = (head->cmsg_len - CMSG_LEN(0)) / sizeof(fd);
	for (size_t i = 0; i < count; i++) {
		memcpy(&fd, CMSG_DATA(head) + i * sizeof(fd), sizeof(fd));
		if (client->role == CONTROL_HOST && client->passed < 0)
			client->passed = fd;
		else
			close(fd);
	}
}

static ssize_t receive(struct client *client)
{
	struct iovec text = { client->line + client->used, MAX_LINE - client->used };
	union passed passed;
	struct msghdr msg = {
		.msg_iov = &text,
		.msg_iovlen = 1,
		.msg_control = passed.bytes,
		.msg_controllen = sizeof(passed.bytes),
	};
	ssize_t n = recvmsg(client->fd, &msg, MSG_CMSG_CLOEXEC);

	if (n >= 0)
		take_descriptors(client, &msg);
	return n;
}

static void serve_client(struct control *control, struct client *client)
{
	ssize_t n = receive(client);

	if (n > 0)
		client->used += (size_t)n;
	if (n <= 0 || !answer_lines(control, client))
		close_client(client);
}

enum { POLL_STOP, POLL_LISTEN, POLL_CLIENTS = POLL_LISTEN + CONTROL_ROLES };

static void wait_for_work(const struct control *control, struct pollfd *fds)
{
	fds[POLL_STOP] = (struct pollfd){ .fd = control->stop_fd, .events = POLLIN };
	for (unsigned int role = 0; role < CONTROL_ROLES; role++)
		fds[POLL_LISTEN + role] = (struct pollfd){ .fd = control->config.fd[role],
							   .events = POLLIN };
	for (int i = 0; i < MAX_CLIENTS; i++)
		fds[POLL_CLIENTS + i] = (struct pollfd){ .fd = control->client[i].fd,
							 .events = POLLIN };
	while (poll(fds, POLL_CLIENTS + MAX_CLIENTS, -1) < 0)
		;
}

static void *control_main(void *arg)
{
	struct control *control = arg;
	struct pollfd fds[POLL_CLIENTS + MAX_CLIENTS];

	for (;;) {
		wait_for_work(control, fds);
		if (fds[POLL_STOP].revents)
			return NULL;
		for (int i = 0; i < MAX_CLIENTS; i++)
			if (fds[POLL_CLIENTS + i].revents)
				serve_client(control, &control->client[i]);
		for (unsigned int role = 0; role < CONTROL_ROLES; role++)
			if (fds[POLL_LISTEN + role].revents)
				accept_client(control, role);
	}
}

static int start(struct control *control)
{
	int ret;

	control->stop_fd = eventfd(0, EFD_CLOEXEC);
	if (control->stop_fd < 0)
		return -errno;
	ret = pthread_create(&control->thread, NULL, control_main, control);
	if (ret) {
		close(control->stop_fd);
		return -ret;
	}
	return 0;
}

int control_start(const struct control_config *config, struct control **out)
{
	struct control *control = calloc(1, sizeof(*control));
	int ret;

	if (!control)
		return -ENOMEM;
	control->config = *config;
	for (int i = 0; i < MAX_CLIENTS; i++) {
		control->client[i].fd = -1;
		control->client[i].passed = -1;
	}
	ret = start(control);
	if (ret) {
		free(control);
		return ret;
	}
	*out = control;
	return 0;
}

static void end_thread(struct control *control)
{
	const uint64_t one = 1;

	while (write(control->stop_fd, &one, sizeof(one)) < 0 && errno == EINTR)
		;
	pthread_join(control->thread, NULL);
}

void control_stop(struct control *control)
{
	if (!control)
		return;
	end_thread(control);
	for (int i = 0; i < MAX_CLIENTS; i++)
		if (control->client[i].fd >= 0)
			close_client(&control->client[i]);
	close(control->stop_fd);
	for (unsigned int role = 0; role < CONTROL_ROLES; role++)
		if (control->config.fd[role] >= 0)
			close(control->config.fd[role]);
	free(control);
}
