// SPDX-License-Identifier: MIT
#include "irq.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/vfio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "server.h"

static void init_vector(struct vfu_vector *vector)
{
	vector->fd = -1;
	vector->pending = false;
}

void vfu_irq_init(struct vfu_irqs *irqs, enum vfu_irq_mode mode, unsigned int count)
{
	unsigned int i;

	pthread_mutex_init(&irqs->lock, NULL);
	irqs->index = mode == VFU_IRQ_MSIX ? VFIO_PCI_MSIX_IRQ_INDEX : VFIO_PCI_MSI_IRQ_INDEX;
	irqs->count = count;
	for (i = 0; i < VFU_MAX_VECTORS; i++)
		init_vector(&irqs->vectors[i]);
	init_vector(&irqs->error);
	init_vector(&irqs->request);
}

void vfu_irq_fini(struct vfu_irqs *irqs)
{
	vfu_irq_close_all(irqs);
	pthread_mutex_destroy(&irqs->lock);
}

unsigned int vfu_irq_index_count(const struct vfu_irqs *irqs, unsigned int index)
{
	if (index == irqs->index)
		return irqs->count;
	return index == VFIO_PCI_ERR_IRQ_INDEX || index == VFIO_PCI_REQ_IRQ_INDEX ? 1 : 0;
}

static struct vfu_vector *find_vector(struct vfu_irqs *irqs, unsigned int index, unsigned int n)
{
	if (index == VFIO_PCI_ERR_IRQ_INDEX)
		return &irqs->error;
	if (index == VFIO_PCI_REQ_IRQ_INDEX)
		return &irqs->request;
	return &irqs->vectors[n];
}

/*
 * A pipe or socket could block or raise SIGPIPE. Eventfds are anonymous inodes, which have
 * no file type; the others of that sort refuse the write.
 */
bool vfu_irq_is_eventfd(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && (st.st_mode & S_IFMT) == 0;
}

/* A full counter means that the client is told already. */
static void write_eventfd(int fd)
{
	const uint64_t one = 1;
	ssize_t n;

	do {
		n = write(fd, &one, sizeof(one));
	} while (n < 0 && errno == EINTR);
}

static void make_nonblocking(int fd)
{
	int flags = fcntl(fd, F_GETFL);

	if (flags >= 0 && !(flags & O_NONBLOCK))
		fcntl(fd, F_SETFL, flags | O_NONBLOCK);
}

static void set_fd(struct vfu_vector *vector, int fd)
{
	if (vector->fd >= 0)
		close(vector->fd);
	vector->fd = fd;
	if (fd < 0)
		return;
	make_nonblocking(fd);
	if (vector->pending)
		write_eventfd(fd);
	vector->pending = false;
}

void vfu_irq_assign(struct vfu_irqs *irqs, unsigned int index, unsigned int n, int fd)
{
	pthread_mutex_lock(&irqs->lock);
	set_fd(find_vector(irqs, index, n), fd);
	pthread_mutex_unlock(&irqs->lock);
}

void vfu_irq_close_all(struct vfu_irqs *irqs)
{
	unsigned int i;

	pthread_mutex_lock(&irqs->lock);
	for (i = 0; i < irqs->count; i++) {
		set_fd(&irqs->vectors[i], -1);
		irqs->vectors[i].pending = false;
	}
	set_fd(&irqs->error, -1);
	set_fd(&irqs->request, -1);
	pthread_mutex_unlock(&irqs->lock);
}

void vfu_irq_clear_pending(struct vfu_irqs *irqs)
{
	unsigned int i;

	pthread_mutex_lock(&irqs->lock);
	for (i = 0; i < irqs->count; i++)
		irqs->vectors[i].pending = false;
	pthread_mutex_unlock(&irqs->lock);
}

void vfu_irq_signal(struct vfu_irqs *irqs, unsigned int vector)
{
	struct vfu_vector *v = &irqs->vectors[vector];

	pthread_mutex_lock(&irqs->lock);
	if (v->fd >= 0)
		write_eventfd(v->fd);
	else
		v->pending = true;
	pthread_mutex_unlock(&irqs->lock);
}

bool vfu_irq_pending(struct vfu_irqs *irqs, unsigned int vector)
{
	bool pending;

	pthread_mutex_lock(&irqs->lock);
	pending = vector < irqs->count && irqs->vectors[vector].pending;
	pthread_mutex_unlock(&irqs->lock);
	return pending;
}

int vfu_irq_raise(struct vfu *vfu, unsigned int vector)
{
	if (vector >= vfu->irq.count)
		return -EINVAL;
	if (!vfu_bus_master(vfu)) {
		vfu_count(vfu, irqs_dropped);
		return -EPERM;
	}
	vfu_irq_signal(&vfu->irq, vector);
	vfu_count(vfu, irqs);
	return 0;
}
