// SPDX-License-Identifier: MIT
#include "message.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Wait until the socket is ready for @events. */
static int wait_ready(const struct vfu_link *link, short events)
{
	struct pollfd fds[2] = {
		{ .fd = link->fd, .events = events },
		{ .fd = link->stop_fd, .events = POLLIN },
	};

	while (poll(fds, 2, -1) < 0) {
		if (errno != EINTR)
			return -errno;
	}
	return fds[1].revents ? -ECANCELED : 0;
}

/* Whether a call that failed with errno may be tried again; waits for that. It does not block. */
static int retry(const struct vfu_link *link, short events)
{
	if (errno == EAGAIN || errno == EWOULDBLOCK)
		return wait_ready(link, events);
	return errno == EPIPE ? -ECONNRESET : -errno;
}

static int receive_bytes(const struct vfu_link *link, void *buf, size_t size)
{
	size_t done = 0;
	ssize_t n;
	int ret;

	while (done < size) {
		n = recv(link->fd, (uint8_t *)buf + done, size - done, 0);
		if (n == 0)
			return -ECONNRESET;
		if (n > 0) {
			done += (size_t)n;
			continue;
		}
		ret = retry(link, POLLIN);
		if (ret)
			return ret;
	}
	return 0;
}

static void collect_fds(struct msghdr *hdr, struct vfu_message *msg)
{
	struct cmsghdr *c;
	size_t count;

	for (c = CMSG_FIRSTHDR(hdr); c; c = CMSG_NXTHDR(hdr, c)) {
		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
			continue;
		count = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		memcpy(msg->fds + msg->fd_count, CMSG_DATA(c), count * sizeof(int));
		msg->fd_count += count;
	}
	msg->fds_lost = hdr->msg_flags & MSG_CTRUNC;
}

/* File descriptors travel with the first bytes of a message. */
static int receive_header(const struct vfu_link *link, struct vfu_message *msg)
{
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(sizeof(msg->fds))];
	} control;
	struct iovec iov = { .iov_base = &msg->header, .iov_len = sizeof(msg->header) };
	struct msghdr hdr = { .msg_iov = &iov, .msg_iovlen = 1 };
	ssize_t n;
	int ret;

	for (;;) {
		hdr.msg_control = control.bytes;
		hdr.msg_controllen = sizeof(control.bytes);
		n = recvmsg(link->fd, &hdr, MSG_CMSG_CLOEXEC);
		if (n >= 0)
			break;
		ret = retry(link, POLLIN);
		if (ret)
			return ret;
	}
	collect_fds(&hdr, msg);
	if (n == 0)
		return -ECONNRESET;
	return receive_bytes(link, (uint8_t *)&msg->header + n, sizeof(msg->header) - (size_t)n);
}

int vfu_message_receive(struct vfu_link *link, struct vfu_message *msg)
{
	int ret;

	ret = receive_header(link, msg);
	if (ret)
		return ret;
	if (msg->header.size < sizeof(msg->header) ||
	    msg->header.size > sizeof(msg->header) + sizeof(msg->payload) ||
	    (msg->header.flags & VFU_FLAG_TYPE) != VFU_FLAG_TYPE_COMMAND)
		return -EPROTO;
	msg->payload_size = msg->header.size - (uint32_t)sizeof(msg->header);
	return receive_bytes(link, msg->payload, msg->payload_size);
}

void vfu_message_close_fds(struct vfu_message *msg)
{
	unsigned int i;

	for (i = 0; i < msg->fd_count; i++) {
		if (msg->fds[i] >= 0)
			close(msg->fds[i]);
	}
	msg->fd_count = 0;
}

static int send_bytes(const struct vfu_link *link, const uint8_t *bytes, size_t size)
{
	ssize_t n;
	int ret;

	while (size) {
		n = send(link->fd, bytes, size, MSG_NOSIGNAL);
		if (n > 0) {
			bytes += n;
			size -= (size_t)n;
			continue;
		}
		ret = retry(link, POLLOUT);
		if (ret)
			return ret;
	}
	return 0;
}

_Static_assert(offsetof(struct vfu_reply, payload) ==
	       offsetof(struct vfu_reply, header) + sizeof(struct vfu_header), "sent at once");

int vfu_message_reply(struct vfu_link *link, const struct vfu_header *command, int error,
		      struct vfu_reply *reply)
{
	uint32_t size = (uint32_t)sizeof(reply->header) + (error ? 0 : reply->size);

	reply->header = (struct vfu_header){
		.id = command->id,
		.command = command->command,
		.size = size,
		.flags = VFU_FLAG_TYPE_REPLY | (error ? VFU_FLAG_ERROR : 0),
		.error = (uint32_t)error,
	};
	return send_bytes(link, (const uint8_t *)reply + offsetof(struct vfu_reply, header), size);
}
