/* SPDX-License-Identifier: MIT */
/* The client's side of the protocol, with nothing checked on the way out. */
#ifndef VFU_TESTS_CLIENT_H
#define VFU_TESTS_CLIENT_H

#include <stdbool.h>
#include <stddef.h>

#include "vfu/protocol.h"

/**
 * struct client_reply - an answer
 * @header: as received
 * @size: bytes of @payload
 * @payload: aligned for every message struct
 */
struct client_reply {
	struct vfu_header header;
	uint32_t size;
	_Alignas(8) uint8_t payload[VFU_PROTOCOL_MAX_PAYLOAD];
};

/** client_header() - header of a command with @payload_size bytes */
struct vfu_header client_header(uint16_t command, uint32_t payload_size);

/** client_send_raw() - send bytes and file descriptors as they are; false on failure */
bool client_send_raw(int fd, const void *bytes, size_t size, const int *fds, unsigned int count);

/** client_send() - send a command; false on failure */
bool client_send(int fd, const struct vfu_header *header, const void *payload, const int *fds,
		 unsigned int count);

/** client_receive() - wait up to 10 s for an answer; false when there is none */
bool client_receive(int fd, struct client_reply *reply);

/** client_call() - send and receive; false when no answer came */
bool client_call(int fd, uint16_t command, const void *payload, uint32_t size,
		 struct client_reply *reply);

/** client_call_fds() - as client_call(), with file descriptors */
bool client_call_fds(int fd, uint16_t command, const void *payload, uint32_t size,
		     const int *fds, unsigned int count, struct client_reply *reply);

/** client_negotiate() - the version exchange QEMU makes; false when it fails */
bool client_negotiate(int fd);

/** client_read() - read up to 8 bytes of a region; errno of the answer, 0 on success */
int client_read(int fd, uint32_t region, uint64_t offset, uint32_t count, uint64_t *val);

/** client_write() - write up to 8 bytes of a region; errno of the answer, 0 on success */
int client_write(int fd, uint32_t region, uint64_t offset, uint32_t count, uint64_t val);

/** client_hung_up() - wait until the server has closed the connection; false after 10 s */
bool client_hung_up(int fd);

#endif
