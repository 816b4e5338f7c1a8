// SPDX-License-Identifier: MIT
#include "session.h"

#include <dirent.h>
#include <linux/pci_regs.h>
#include <linux/vfio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cmocka_prelude.h"
#include "log.h"

static void *serve(void *arg)
{
	struct session *s = arg;

	vfu_serve(s->vfu, s->server_fd);
	return NULL;
}

bool session_connect(struct session *s)
{
	int fds[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds))
		return false;
	s->fd = fds[0];
	s->server_fd = fds[1];
	return pthread_create(&s->thread, NULL, serve, s) == 0;
}

void session_disconnect(struct session *s)
{
	close(s->fd);
	pthread_join(s->thread, NULL);
	s->fd = -1;
}

static int setup(void **state, enum vfu_irq_mode mode, bool negotiate)
{
	struct session *s = calloc(1, sizeof(*s));
	struct vfu_config config;

	if (!s)
		return -1;
	/* The tests provoke warnings by the thousand. */
	vnpu_log_setup("test", VNPU_LOG_ERROR);
	config = device_config(&s->device);
	config.irq_mode = mode;
	config.vectors = mode == VFU_IRQ_MSI ? 1 : DEVICE_VECTORS;
	if (vfu_create(&config, &s->vfu) || !session_connect(s))
		return -1;
	*state = s;
	return negotiate && !client_negotiate(s->fd) ? -1 : 0;
}

int session_setup(void **state)
{
	return setup(state, VFU_IRQ_MSIX, true);
}

int session_setup_raw(void **state)
{
	return setup(state, VFU_IRQ_MSIX, false);
}

int session_setup_msi(void **state)
{
	return setup(state, VFU_IRQ_MSI, true);
}

int session_teardown(void **state)
{
	struct session *s = *state;

	if (s->fd >= 0)
		session_disconnect(s);
	vfu_destroy(s->vfu);
	free(s);
	return 0;
}

void session_set_bus_master(struct session *s, bool on)
{
	assert_int_equal(client_write(s->fd, VFIO_PCI_CONFIG_REGION_INDEX, PCI_COMMAND, 2,
				      on ? PCI_COMMAND_MASTER : 0), 0);
}

struct vfu_counters session_counters(const struct session *s)
{
	struct vfu_counters counters;

	vfu_get_counters(s->vfu, &counters);
	return counters;
}

unsigned int open_fd_count(void)
{
	DIR *dir = opendir("/proc/self/fd");
	unsigned int count = 0;

	if (!dir)
		return 0;
	while (readdir(dir))
		count++;
	closedir(dir);
	return count;
}
