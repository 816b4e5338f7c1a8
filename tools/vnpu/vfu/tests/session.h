/* SPDX-License-Identifier: MIT */
/* A server with a connected client, for the unit tests. */
#ifndef VFU_TESTS_SESSION_H
#define VFU_TESTS_SESSION_H

#include <pthread.h>

#include "client.h"
#include "device.h"

/**
 * struct session - server, device and client
 * @device: what the callbacks recorded
 * @vfu: the server
 * @fd: the client's end of the socket
 * @server_fd: the server's end until its thread has taken it
 * @thread: runs vfu_serve()
 */
struct session {
	struct device device;
	struct vfu *vfu;
	int fd;
	int server_fd;
	pthread_t thread;
};

/* A cmocka table entry: the test runs with a client that has negotiated. */
#define SESSION_TEST(function) \
	cmocka_unit_test_setup_teardown(function, session_setup, session_teardown)

/* The same before the version exchange. */
#define RAW_SESSION_TEST(function) \
	cmocka_unit_test_setup_teardown(function, session_setup_raw, session_teardown)

/** session_setup() - cmocka setup: connected and negotiated */
int session_setup(void **state);

/** session_setup_raw() - cmocka setup: connected */
int session_setup_raw(void **state);

/** session_setup_msi() - cmocka setup: negotiated with a single-MSI device */
int session_setup_msi(void **state);

/** session_teardown() - cmocka teardown */
int session_teardown(void **state);

/** session_disconnect() - close the client and wait until the server has noticed */
void session_disconnect(struct session *s);

/** session_connect() - connect a new client after session_disconnect(); false on failure */
bool session_connect(struct session *s);

/** session_set_bus_master() - set or clear bus mastering in the command register */
void session_set_bus_master(struct session *s, bool on);

/** session_counters() - snapshot of the server's counters */
struct vfu_counters session_counters(const struct session *s);

/** open_fd_count() - file descriptors this process has open */
unsigned int open_fd_count(void);

#endif
