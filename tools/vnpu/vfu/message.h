/* SPDX-License-Identifier: MIT */
/* Framing: whole messages with their file descriptors over a stream socket. */
#ifndef VFU_MESSAGE_H
#define VFU_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "protocol.h"

/**
 * struct vfu_link - a connected client
 * @fd: its socket, non-blocking, or -1
 * @stop_fd: readable when waiting must end
 */
struct vfu_link {
	int fd;
	int stop_fd;
};

/**
 * struct vfu_message - a received message
 * @header: checked for size and type
 * @payload_size: bytes of @payload
 * @fd_count: file descriptors that came along
 * @fds: them; one that a handler keeps is replaced by -1
 * @fds_lost: more came than fit; they are closed already
 * @payload: aligned for every message struct
 */
struct vfu_message {
	struct vfu_header header;
	uint32_t payload_size;
	unsigned int fd_count;
	int fds[VFU_PROTOCOL_MAX_FDS];
	bool fds_lost;
	_Alignas(8) uint8_t payload[VFU_PROTOCOL_MAX_PAYLOAD];
};

/**
 * struct vfu_reply - an answer
 * @size: bytes of @payload
 * @header: filled when it is sent
 * @payload: aligned for every message struct, and next to @header
 */
struct vfu_reply {
	uint32_t size;
	_Alignas(8) struct vfu_header header;
	uint8_t payload[VFU_PROTOCOL_MAX_PAYLOAD];
};

/**
 * vfu_message_receive() - wait for the next message
 * @link: the client
 * @msg: filled, has no file descriptors yet; those it gets belong to the caller, also on error
 *
 * Return: 0, -ECONNRESET the client is gone, -ECANCELED stop was requested, -EPROTO the
 * bytes are no message (there is no way to find the next one), or another negative errno.
 */
int vfu_message_receive(struct vfu_link *link, struct vfu_message *msg);

/**
 * vfu_message_close_fds() - close the file descriptors that were not taken
 * @msg: the message
 */
void vfu_message_close_fds(struct vfu_message *msg);

/**
 * vfu_message_reply() - answer a command
 * @link: the client
 * @command: header of the command
 * @error: 0, or a positive errno that replaces the payload
 * @reply: its size and payload; the header is filled
 *
 * Return: 0 or a negative errno as vfu_message_receive().
 */
int vfu_message_reply(struct vfu_link *link, const struct vfu_header *command, int error,
		      struct vfu_reply *reply);

#endif
