// SPDX-License-Identifier: MIT
/* The client connects, disconnects and tries out interrupts. */
#include <errno.h>
#include <linux/vfio.h>

#include "dispatch.h"
#include "server.h"

static bool is_device_vector(const struct vfu *vfu, const struct vfu_irq_set *set)
{
	return set->index == vfu->irq.index;
}

static void report(struct vfu *vfu, const struct vfu_irq_set *set, unsigned int n, bool enabled)
{
	const struct vfu_config *config = &vfu->config;

	if (config->ops->irq_changed && is_device_vector(vfu, set))
		config->ops->irq_changed(config->opaque, n, enabled);
}

static void assign_one(struct vfu *vfu, const struct vfu_irq_set *set, unsigned int n, int fd)
{
	vfu_irq_assign(&vfu->irq, set->index, n, fd);
	report(vfu, set, n, fd >= 0);
}

static int assign_eventfds(struct vfu *vfu, const struct vfu_irq_set *set,
			   struct vfu_message *msg)
{
	uint32_t i;

	if (set->count == 0 || (msg->fd_count && msg->fd_count != set->count))
		return -EINVAL;
	for (i = 0; i < msg->fd_count; i++) {
		if (!vfu_irq_is_eventfd(msg->fds[i]))
			return -EINVAL;
	}
	for (i = 0; i < set->count; i++) {
		assign_one(vfu, set, set->start + i, msg->fd_count ? msg->fds[i] : -1);
		if (msg->fd_count)
			msg->fds[i] = -1;
	}
	return 0;
}

static int disable_index(struct vfu *vfu, const struct vfu_irq_set *set)
{
	unsigned int count = vfu_irq_index_count(&vfu->irq, set->index), i;

	if (set->start)
		return -EINVAL;
	for (i = 0; i < count; i++)
		assign_one(vfu, set, i, -1);
	if (is_device_vector(vfu, set))
		vfu_irq_clear_pending(&vfu->irq);
	return 0;
}

/* A test of the client's own wiring: bus mastering does not matter. */
static int trigger(struct vfu *vfu, const struct vfu_irq_set *set, const uint8_t *chosen)
{
	uint32_t i;

	/* The error notifier stops the guest, so it is never signalled. */
	if (!is_device_vector(vfu, set))
		return -EINVAL;
	for (i = 0; i < set->count; i++) {
		if (!chosen || chosen[i])
			vfu_irq_signal(&vfu->irq, set->start + i);
	}
	return 0;
}

static int check_set(const struct vfu *vfu, const struct vfu_irq_set *set,
		     const struct vfu_message *msg)
{
	uint32_t data = set->flags & VFIO_IRQ_SET_DATA_TYPE_MASK;
	uint64_t size = sizeof(*set);
	unsigned int count;

	if (set->flags & ~(VFIO_IRQ_SET_DATA_TYPE_MASK | VFIO_IRQ_SET_ACTION_TYPE_MASK))
		return -EINVAL;
	/* No interrupt here can be masked, so triggering is the only action. */
	if ((set->flags & VFIO_IRQ_SET_ACTION_TYPE_MASK) != VFIO_IRQ_SET_ACTION_TRIGGER)
		return -EINVAL;
	if (set->index >= VFU_IRQ_INDICES)
		return -EINVAL;
	count = vfu_irq_index_count(&vfu->irq, set->index);
	if (set->count > count || set->start > count - set->count)
		return -EINVAL;
	if (data == VFIO_IRQ_SET_DATA_BOOL)
		size += set->count;
	if (set->argsz != size || msg->payload_size != size)
		return -EINVAL;
	return msg->fd_count && data != VFIO_IRQ_SET_DATA_EVENTFD ? -EINVAL : 0;
}

int vfu_handle_set_irqs(struct vfu *vfu, struct vfu_message *msg, struct vfu_reply *reply)
{
	const struct vfu_irq_set *set = (const void *)msg->payload;
	int ret = check_set(vfu, set, msg);

	(void)reply;
	if (ret)
		return ret;
	switch (set->flags & VFIO_IRQ_SET_DATA_TYPE_MASK) {
	case VFIO_IRQ_SET_DATA_NONE:
		return set->count ? trigger(vfu, set, NULL) : disable_index(vfu, set);
	case VFIO_IRQ_SET_DATA_BOOL:
		return trigger(vfu, set, (const uint8_t *)(set + 1));
	case VFIO_IRQ_SET_DATA_EVENTFD:
		return assign_eventfds(vfu, set, msg);
	default:
		return -EINVAL;
	}
}
