// SPDX-License-Identifier: MIT
#include "client.h"

#include <poll.h>
#include <string.h>
#include <sys/socket.h>

/* Ends a wait for what never comes, far above what any host needs. */
#define TIMEOUT_MS 60000
#define MAX_SENT_FDS 64

struct vfu_header client_header(uint16_t command, uint32_t payload_size)
{
	static uint16_t next_id;

	return (struct vfu_header){
		.id = next_id++,
		.command = command,
		.size = (uint32_t)sizeof(struct vfu_header) + payload_size,
	};
}

static bool send_plain(int fd, const uint8_t *bytes, size_t size)
{
	ssize_t n;

	while (size) {
		n = send(fd, bytes, size, MSG_NOSIGNAL);
		if (n <= 0)
			return false;
		bytes += n;
		size -= (size_t)n;
	}
	return true;
}

bool client_send_raw(int fd, const void *bytes, size_t size, const int *fds, unsigned int count)
{
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(MAX_SENT_FDS * sizeof(int))];
	} control;
	struct iovec iov = { .iov_base = (void *)bytes, .iov_len = size };
	struct msghdr hdr = { .msg_iov = &iov, .msg_iovlen = 1 };
	struct cmsghdr *c;
	ssize_t n;

	if (!count)
		return send_plain(fd, bytes, size);
	memset(&control, 0, sizeof(control));
	hdr.msg_control = control.bytes;
	hdr.msg_controllen = CMSG_SPACE(count * sizeof(int));
	c = CMSG_FIRSTHDR(&hdr);
	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(count * sizeof(int));
	memcpy(CMSG_DATA(c), fds, count * sizeof(int));
	n = sendmsg(fd, &hdr, MSG_NOSIGNAL);
	return n > 0 && send_plain(fd, (const uint8_t *)bytes + n, size - (size_t)n);
}

bool client_send(int fd, const struct vfu_header *header, const void *payload, const int *fds,
		 unsigned int count)
{
	uint8_t bytes[sizeof(*header) + VFU_PROTOCOL_MAX_PAYLOAD];
	size_t size = header->size - sizeof(*header);

	memcpy(bytes, header, sizeof(*header));
	if (size)
		memcpy(bytes + sizeof(*header), payload, size);
	return client_send_raw(fd, bytes, sizeof(*header) + size, fds, count);
}

static bool receive_bytes(int fd, void *buf, size_t size)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN };
	size_t done = 0;
	ssize_t n;

	while (done < size) {
		if (poll(&pfd, 1, TIMEOUT_MS) <= 0)
			return false;
		n = recv(fd, (uint8_t *)buf + done, size - done, 0);
		if (n <= 0)
			return false;
		done += (size_t)n;
	}
	return true;
}

bool client_receive(int fd, struct client_reply *reply)
{
	if (!receive_bytes(fd, &reply->header, sizeof(reply->header)))
		return false;
	if (reply->header.size < sizeof(reply->header) ||
	    reply->header.size > sizeof(reply->header) + sizeof(reply->payload))
		return false;
	reply->size = reply->header.size - (uint32_t)sizeof(reply->header);
	return receive_bytes(fd, reply->payload, reply->size);
}

bool client_call_fds(int fd, uint16_t command, const void *payload, uint32_t size,
		     const int *fds, unsigned int count, struct client_reply *reply)
{
	struct vfu_header header = client_header(command, size);

	return client_send(fd, &header, payload, fds, count) && client_receive(fd, reply) &&
	       reply->header.id == header.id && reply->header.command == command;
}

bool client_call(int fd, uint16_t command, const void *payload, uint32_t size,
		 struct client_reply *reply)
{
	return client_call_fds(fd, command, payload, size, NULL, 0, reply);
}

bool client_negotiate(int fd)
{
	static const char caps[] = "{\"capabilities\":{\"max_msg_fds\":8,\"write_multiple\":true}}";
	uint8_t payload[sizeof(struct vfu_version) + sizeof(caps)] = { 0 };
	struct client_reply reply;

	memcpy(payload + sizeof(struct vfu_version), caps, sizeof(caps));
	return client_call(fd, VFU_CMD_VERSION, payload, sizeof(payload), &reply) &&
	       !(reply.header.flags & VFU_FLAG_ERROR);
}

int client_read(int fd, uint32_t region, uint64_t offset, uint32_t count, uint64_t *val)
{
	struct vfu_region_access access = { .offset = offset, .region = region, .count = count };
	struct client_reply reply;

	*val = 0;
	if (!client_call(fd, VFU_CMD_REGION_READ, &access, sizeof(access), &reply))
		return -1;
	if (reply.header.flags & VFU_FLAG_ERROR)
		return (int)reply.header.error;
	memcpy(val, reply.payload + sizeof(access), count);
	return 0;
}

int client_write(int fd, uint32_t region, uint64_t offset, uint32_t count, uint64_t val)
{
	struct vfu_region_access access = { .offset = offset, .region = region, .count = count };
	uint8_t payload[sizeof(access) + sizeof(val)];
	struct client_reply reply;

	memcpy(payload, &access, sizeof(access));
	memcpy(payload + sizeof(access), &val, count);
	if (!client_call(fd, VFU_CMD_REGION_WRITE, payload, (uint32_t)sizeof(access) + count,
			 &reply))
		return -1;
	return reply.header.flags & VFU_FLAG_ERROR ? (int)reply.header.error : 0;
}

bool client_hung_up(int fd)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN };
	char byte;

	while (poll(&pfd, 1, TIMEOUT_MS) > 0) {
		if (recv(fd, &byte, 1, 0) <= 0)
			return true;
	}
	return false;
}
