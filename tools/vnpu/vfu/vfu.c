// SPDX-License-Identifier: MIT
/* Life cycle of the server: socket, protocol thread, clients one after the other. */
#include "vfu.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "dispatch.h"
#include "server.h"

#define MIN_BAR_SIZE 4096u
#define MAX_BAR0_SIZE (1ull << 31)
#define MAX_BAR2_SIZE (1ull << 40)

static bool valid_bar(uint64_t size, uint64_t max)
{
	return size >= MIN_BAR_SIZE && size <= max && !(size & (size - 1));
}

static int check_config(const struct vfu_config *config)
{
	const struct vfu_ops *ops = config->ops;
	unsigned int max_vectors = config->irq_mode == VFU_IRQ_MSI ? 1 : VFU_MAX_VECTORS;

	if (!ops || !ops->mmio_read || !ops->mmio_write || !ops->reset)
		return -EINVAL;
	if (!valid_bar(config->bar0_size, MAX_BAR0_SIZE) ||
	    !valid_bar(config->bar2_size, MAX_BAR2_SIZE))
		return -EINVAL;
	if (config->vectors == 0 || config->vectors > max_vectors)
		return -EINVAL;
	return 0;
}

static int init(struct vfu *vfu, const struct vfu_config *config)
{
	int ret = vfu_dma_init(&vfu->dma);

	if (ret)
		return ret;
	vfu->stop_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (vfu->stop_fd < 0) {
		ret = -errno;
		vfu_dma_fini(&vfu->dma);
		return ret;
	}
	vfu->config = *config;
	vfu->listen_fd = -1;
	vfu->link = (struct vfu_link){ .fd = -1, .stop_fd = vfu->stop_fd };
	pci_config_init(&vfu->pci, config);
	vfu_irq_init(&vfu->irq, config->irq_mode, config->vectors);
	return 0;
}

int vfu_create(const struct vfu_config *config, struct vfu **out)
{
	struct vfu *vfu;
	int ret = check_config(config);

	if (ret)
		return ret;
	vfu = calloc(1, sizeof(*vfu));
	if (!vfu)
		return -ENOMEM;
	ret = init(vfu, config);
	if (ret) {
		free(vfu);
		return ret;
	}
	*out = vfu;
	return 0;
}

static void set_nonblocking(int fd)
{
	fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
}

static void exchange_messages(struct vfu *vfu, struct vfu_message *msg, struct vfu_reply *reply)
{
	int ret;

	do {
		ret = vfu_message_receive(&vfu->link, msg);
		if (!ret)
			ret = vfu_dispatch(vfu, msg, reply);
		else
			vfu_message_close_fds(msg);
	} while (!ret);
	if (ret == -EPROTO)
		vfu_warn(vfu, "closing the connection: the client broke the protocol");
	else if (ret != -ECONNRESET && ret != -ECANCELED)
		vfu_warn(vfu, "closing the connection: %s", strerror(-ret));
}

/*
 * A client reads the end of the stream then. If its messages stayed unread when the socket is
 * closed, it would read ECONNRESET, at which QEMU 11.1 ends with a failed assertion.
 */
static void hang_up(int fd)
{
	char unread[4096];

	shutdown(fd, SHUT_RDWR);
	while (recv(fd, unread, sizeof(unread), MSG_DONTWAIT) > 0)
		;
}

void vfu_hang_up(struct vfu *vfu)
{
	hang_up(vfu->link.fd);
}

static void disconnect(struct vfu *vfu)
{
	hang_up(vfu->link.fd);
	close(vfu->link.fd);
	vfu->link.fd = -1;
	vfu->negotiated = false;
	vfu_dma_remove_all(&vfu->dma);
	vfu_irq_close_all(&vfu->irq);
	vfu_reset(vfu, VFU_RESET_DISCONNECT);
}

void vfu_serve(struct vfu *vfu, int fd)
{
	struct vfu_message *msg = calloc(1, sizeof(*msg));
	struct vfu_reply *reply = malloc(sizeof(*reply));

	set_nonblocking(fd);
	vfu->link.fd = fd;
	atomic_store(&vfu->log_budget.used, 0);
	vfu_count(vfu, connections);
	if (msg && reply)
		exchange_messages(vfu, msg, reply);
	else
		vnpu_log(VNPU_LOG_ERROR, "no memory to serve a client");
	disconnect(vfu);
	free(msg);
	free(reply);
}

/* Wait for a client or for the request to stop. */
static void wait_for_client(const struct vfu *vfu)
{
	struct pollfd fds[2] = {
		{ .fd = vfu->listen_fd, .events = POLLIN },
		{ .fd = vfu->stop_fd, .events = POLLIN },
	};

	poll(fds, 2, -1);
}

/* Wait a moment: true when the server is asked to stop. */
static bool stop_requested(const struct vfu *vfu, int timeout_ms)
{
	struct pollfd fd = { .fd = vfu->stop_fd, .events = POLLIN };

	return poll(&fd, 1, timeout_ms) > 0;
}

static void *protocol_thread(void *arg)
{
	const int retry_ms = 100;
	struct vfu *vfu = arg;
	int fd;

	prctl(PR_SET_NAME, "vfio-user");
	while (!stop_requested(vfu, 0)) {
		wait_for_client(vfu);
		fd = accept4(vfu->listen_fd, NULL, NULL, SOCK_CLOEXEC);
		if (fd < 0) {
			/* Out of descriptors, perhaps: the client stays in the backlog. */
			stop_requested(vfu, retry_ms);
			continue;
		}
		vnpu_log(VNPU_LOG_INFO, "client connected");
		vfu_serve(vfu, fd);
		vnpu_log(VNPU_LOG_INFO, "client disconnected");
	}
	return NULL;
}

static void close_socket(struct vfu *vfu)
{
	if (vfu->listen_fd < 0)
		return;
	close(vfu->listen_fd);
	vfu->listen_fd = -1;
}

/* Signals are for the threads of the program, not for the library's. */
static int start_thread(struct vfu *vfu)
{
	sigset_t all, old;
	int ret;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	ret = pthread_create(&vfu->thread, NULL, protocol_thread, vfu);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	return -ret;
}

int vfu_start(struct vfu *vfu, int listen_fd)
{
	int ret;

	vfu->listen_fd = listen_fd;
	ret = start_thread(vfu);
	if (ret) {
		close_socket(vfu);
		return ret;
	}
	vfu->thread_running = true;
	return 0;
}

void vfu_stop(struct vfu *vfu)
{
	const uint64_t one = 1;

	/* It cannot fail: the counter is never near its limit. */
	if (write(vfu->stop_fd, &one, sizeof(one)) != sizeof(one))
		vnpu_log(VNPU_LOG_ERROR, "cannot stop the protocol thread: %s", strerror(errno));
	if (vfu->thread_running)
		pthread_join(vfu->thread, NULL);
	vfu->thread_running = false;
	close_socket(vfu);
}

void vfu_destroy(struct vfu *vfu)
{
	if (!vfu)
		return;
	vfu_stop(vfu);
	vfu_dma_fini(&vfu->dma);
	vfu_irq_fini(&vfu->irq);
	close(vfu->stop_fd);
	free(vfu);
}
