/* SPDX-License-Identifier: MIT */
/*
 * Hostile input for the server. An input is a sequence of records, each of them
 *
 *	u8	file descriptors to attach: number in the low 5 bits, kind in the high 3
 *	u16	length, little-endian
 *	bytes	sent as they are
 *
 * so that a fuzzer controls framing, contents and descriptors. One server meets all
 * inputs, each as a new client.
 */
#ifndef VFU_TESTS_FUZZ_MESSAGE_H
#define VFU_TESTS_FUZZ_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct vfu_counters;

#define FUZZ_RECORD_HEADER 3
#define FUZZ_MAX_FDS 31

/** enum fuzz_fd - what kind of descriptor a record attaches */
enum fuzz_fd {
	FUZZ_FD_EVENT,
	FUZZ_FD_MEMORY,
	FUZZ_FD_READ_ONLY_MEMORY,
	FUZZ_FD_PIPE,
	FUZZ_FD_NULL_DEVICE,
	FUZZ_FD_SOCKET,
	FUZZ_FD_FOLDER,
	FUZZ_FD_EPOLL,
	FUZZ_FD_KINDS,
};

/** LLVMFuzzerTestOneInput() - send one input as a client; the entry point of libFuzzer */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/** fuzz_server_alive() - whether a clean client can negotiate and read a register */
bool fuzz_server_alive(void);

/** fuzz_server_counters() - what the server has seen so far */
void fuzz_server_counters(struct vfu_counters *counters);

/** fuzz_server_stop() - end the server and close what this file opened */
void fuzz_server_stop(void);

#endif
