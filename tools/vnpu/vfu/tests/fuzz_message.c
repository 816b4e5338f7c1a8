// SPDX-License-Identifier: MIT
#include "fuzz_message.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "client.h"
#include "device.h"
#include "log.h"

#define MEMORY_SIZE (1u << 20)
#define MAX_RECORD 4096u

/**
 * struct target - the server under attack and what is sent to it
 * @device: the device behind it
 * @vfu: the server
 * @fds: one descriptor of each kind
 * @busy: a thread that does DMA and raises interrupts meanwhile
 * @stop: ends it
 */
struct target {
	struct device device;
	struct vfu *vfu;
	int fds[FUZZ_FD_KINDS];
	pthread_t busy;
	atomic_bool stop;
};

static struct target *target;

/* The device at work: its windows and interrupts race with what the client does. */
static void *use_memory(void *arg)
{
	struct target *t = arg;
	const struct timespec pause = { .tv_nsec = 50000 };
	uint8_t buf[256];
	uint64_t addr = 0;

	while (!atomic_load(&t->stop)) {
		vfu_dma_read(t->vfu, addr, buf, sizeof(buf));
		vfu_dma_write(t->vfu, addr + 64, buf, sizeof(buf));
		vfu_irq_raise(t->vfu, (unsigned int)(addr / 4096) % DEVICE_VECTORS);
		addr = (addr + 4032) % MEMORY_SIZE;
		nanosleep(&pause, NULL);
	}
	return NULL;
}

static int read_only_memory(int memory)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", memory);
	return open(path, O_RDONLY | O_CLOEXEC);
}

static bool open_fds(int fds[FUZZ_FD_KINDS])
{
	int pair[2], i;

	fds[FUZZ_FD_EVENT] = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	fds[FUZZ_FD_MEMORY] = memfd_create("guest", MFD_CLOEXEC);
	if (ftruncate(fds[FUZZ_FD_MEMORY], MEMORY_SIZE) || pipe2(pair, O_CLOEXEC))
		return false;
	fds[FUZZ_FD_READ_ONLY_MEMORY] = read_only_memory(fds[FUZZ_FD_MEMORY]);
	fds[FUZZ_FD_PIPE] = pair[1];
	close(pair[0]);
	fds[FUZZ_FD_NULL_DEVICE] = open("/dev/null", O_RDWR | O_CLOEXEC);
	fds[FUZZ_FD_SOCKET] = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	fds[FUZZ_FD_FOLDER] = open("/", O_RDONLY | O_CLOEXEC | O_DIRECTORY);
	fds[FUZZ_FD_EPOLL] = epoll_create1(EPOLL_CLOEXEC);
	for (i = 0; i < FUZZ_FD_KINDS; i++) {
		if (fds[i] < 0)
			return false;
	}
	return true;
}

static struct target *start(void)
{
	struct target *t = calloc(1, sizeof(*t));
	struct vfu_config config;

	/* One line for each of 100,000 bad messages is of no use. */
	vnpu_log_setup("fuzz", VNPU_LOG_ERROR);
	if (!t || !open_fds(t->fds))
		abort();
	config = device_config(&t->device);
	if (vfu_create(&config, &t->vfu) || pthread_create(&t->busy, NULL, use_memory, t))
		abort();
	return t;
}

void fuzz_server_stop(void)
{
	int i;

	if (!target)
		return;
	atomic_store(&target->stop, true);
	pthread_join(target->busy, NULL);
	vfu_destroy(target->vfu);
	for (i = 0; i < FUZZ_FD_KINDS; i++)
		close(target->fds[i]);
	free(target);
	target = NULL;
}

/**
 * struct visit - one client's stay
 * @fd: the client's end
 * @server_fd: the server's end
 * @thread: serves it
 */
struct visit {
	int fd;
	int server_fd;
	pthread_t thread;
};

static void *serve(void *arg)
{
	const struct visit *visit = arg;

	vfu_serve(target->vfu, visit->server_fd);
	return NULL;
}

static void arrive(struct visit *visit)
{
	int fds[2];

	if (!target)
		target = start();
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds))
		abort();
	visit->fd = fds[0];
	visit->server_fd = fds[1];
	if (pthread_create(&visit->thread, NULL, serve, visit))
		abort();
}

static void leave(struct visit *visit)
{
	close(visit->fd);
	pthread_join(visit->thread, NULL);
}

/* Throw the answers away, or the server would wait for room to send them. */
static void drain(int fd)
{
	static uint8_t buf[65536];

	while (recv(fd, buf, sizeof(buf), MSG_DONTWAIT) > 0)
		continue;
}

static ssize_t send_some(int fd, const uint8_t *bytes, size_t size, const int *fds,
			 unsigned int count)
{
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(FUZZ_MAX_FDS * sizeof(int))];
	} control = { 0 };
	struct iovec iov = { .iov_base = (void *)bytes, .iov_len = size };
	struct msghdr hdr = { .msg_iov = &iov, .msg_iovlen = 1 };
	struct cmsghdr *c;

	if (count) {
		hdr.msg_control = control.bytes;
		hdr.msg_controllen = CMSG_SPACE(count * sizeof(int));
		c = CMSG_FIRSTHDR(&hdr);
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(count * sizeof(int));
		memcpy(CMSG_DATA(c), fds, count * sizeof(int));
	}
	return sendmsg(fd, &hdr, MSG_NOSIGNAL | MSG_DONTWAIT);
}

/* False when the server has hung up. */
static bool send_record(int fd, const uint8_t *bytes, size_t size, const int *fds,
			unsigned int count)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN | POLLOUT };
	ssize_t n;

	while (size) {
		n = send_some(fd, bytes, size, fds, count);
		if (n < 0 && errno != EAGAIN)
			return false;
		if (n > 0) {
			bytes += n;
			size -= (size_t)n;
			count = 0;
		}
		drain(fd);
		if (n < 0)
			poll(&pfd, 1, -1);
	}
	return true;
}

/* The next record; returns its bytes or NULL at the end of the input. */
static const uint8_t *next_record(const uint8_t **data, size_t *size, size_t *len, uint8_t *spec)
{
	const uint8_t *bytes = *data + FUZZ_RECORD_HEADER;

	if (*size < FUZZ_RECORD_HEADER)
		return NULL;
	*spec = (*data)[0];
	*len = ((*data)[1] | (size_t)(*data)[2] << 8) % (MAX_RECORD + 1);
	*size -= FUZZ_RECORD_HEADER;
	if (*len > *size)
		*len = *size;
	*data = bytes + *len;
	*size -= *len;
	return bytes;
}

static void send_all(int fd, const uint8_t *data, size_t size)
{
	int fds[FUZZ_MAX_FDS];
	const uint8_t *bytes;
	unsigned int count, i;
	uint8_t spec;
	size_t len;

	while ((bytes = next_record(&data, &size, &len, &spec))) {
		count = spec & FUZZ_MAX_FDS;
		for (i = 0; i < count; i++)
			fds[i] = target->fds[spec >> 5];
		if (!send_record(fd, bytes, len, fds, count))
			return;
	}
}

/* Read answers until the server, which sees the end of the input, hangs up. */
static void wait_for_hangup(int fd)
{
	static uint8_t buf[65536];

	shutdown(fd, SHUT_WR);
	while (recv(fd, buf, sizeof(buf), 0) > 0)
		continue;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct visit visit;

	arrive(&visit);
	send_all(visit.fd, data, size);
	wait_for_hangup(visit.fd);
	leave(&visit);
	return 0;
}

bool fuzz_server_alive(void)
{
	struct visit visit;
	uint64_t val;
	bool alive;

	arrive(&visit);
	alive = client_negotiate(visit.fd) && client_read(visit.fd, 0, 0, 4, &val) == 0 &&
		val == DEVICE_MAGIC;
	leave(&visit);
	return alive;
}

void fuzz_server_counters(struct vfu_counters *counters)
{
	vfu_get_counters(target->vfu, counters);
}
