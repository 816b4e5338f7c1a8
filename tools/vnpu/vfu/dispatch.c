// SPDX-License-Identifier: MIT
#include "dispatch.h"

#include <errno.h>
#include <string.h>

#include "server.h"

/**
 * struct vfu_command_type - what a command looks like
 * @name: for the log
 * @handler: NULL for a command this server does not support
 * @min_payload: bytes of the fixed part
 * @variable: more bytes may follow; the handler checks them
 * @takes_fds: file descriptors may come along
 */
struct vfu_command_type {
	const char *name;
	vfu_handler *handler;
	uint32_t min_payload;
	bool variable;
	bool takes_fds;
};

static const struct vfu_command_type commands[VFU_CMD_COUNT] = {
	[VFU_CMD_VERSION] = {
		"VERSION", vfu_handle_version, sizeof(struct vfu_version), true, false,
	},
	[VFU_CMD_DMA_MAP] = {
		"DMA_MAP", vfu_handle_dma_map, sizeof(struct vfu_dma_map), false, true,
	},
	[VFU_CMD_DMA_UNMAP] = {
		"DMA_UNMAP", vfu_handle_dma_unmap, sizeof(struct vfu_dma_unmap), false, false,
	},
	[VFU_CMD_GET_INFO] = {
		"GET_INFO", vfu_handle_get_info, sizeof(struct vfu_device_info), false, false,
	},
	[VFU_CMD_GET_REGION_INFO] = {
		"GET_REGION_INFO", vfu_handle_get_region_info, sizeof(struct vfu_region_info),
		false, false,
	},
	[VFU_CMD_GET_IRQ_INFO] = {
		"GET_IRQ_INFO", vfu_handle_get_irq_info, sizeof(struct vfu_irq_info),
		false, false,
	},
	[VFU_CMD_SET_IRQS] = {
		"SET_IRQS", vfu_handle_set_irqs, sizeof(struct vfu_irq_set), true, true,
	},
	[VFU_CMD_REGION_READ] = {
		"REGION_READ", vfu_handle_region_read, sizeof(struct vfu_region_access),
		false, false,
	},
	[VFU_CMD_REGION_WRITE] = {
		"REGION_WRITE", vfu_handle_region_write, sizeof(struct vfu_region_access),
		true, false,
	},
	[VFU_CMD_RESET] = { "RESET", vfu_handle_reset, 0, false, false },
	[VFU_CMD_REGION_WRITE_MULTI] = {
		"REGION_WRITE_MULTI", vfu_handle_region_write_multi, sizeof(uint64_t),
		true, false,
	},
};

static const struct vfu_command_type *find_command(const struct vfu_message *msg)
{
	const struct vfu_command_type *type;

	if (msg->header.command >= VFU_CMD_COUNT)
		return NULL;
	type = &commands[msg->header.command];
	return type->handler ? type : NULL;
}

static int check(const struct vfu *vfu, const struct vfu_command_type *type,
		 const struct vfu_message *msg)
{
	if (msg->header.flags & ~(VFU_FLAG_TYPE | VFU_FLAG_NO_REPLY))
		return -EINVAL;
	if (msg->payload_size < type->min_payload)
		return -EINVAL;
	if (msg->payload_size > type->min_payload && !type->variable)
		return -EINVAL;
	if (msg->fds_lost || (msg->fd_count && !type->takes_fds))
		return -EINVAL;
	/* The version exchange comes first, and once. */
	if (vfu->negotiated == (type->handler == vfu_handle_version))
		return VFU_HANGUP;
	return 0;
}

static int carry_out(struct vfu *vfu, struct vfu_message *msg, struct vfu_reply *reply)
{
	const struct vfu_command_type *type = find_command(msg);
	int ret;

	if (!type) {
		vfu_warn(vfu, "client sent unsupported command %u", msg->header.command);
		return -ENOTSUP;
	}
	ret = check(vfu, type, msg);
	if (!ret) {
		vfu_count(vfu, messages);
		ret = type->handler(vfu, msg, reply);
	}
	if (ret)
		vfu_warn(vfu, "refused %s of %u bytes with %u fds: %s", type->name,
			 msg->payload_size, msg->fd_count,
			 ret == VFU_HANGUP ? "closing the connection" : strerror(-ret));
	return ret;
}

int vfu_dispatch(struct vfu *vfu, struct vfu_message *msg, struct vfu_reply *reply)
{
	int ret;

	reply->size = 0;
	ret = carry_out(vfu, msg, reply);
	vfu_message_close_fds(msg);
	if (ret)
		vfu_count(vfu, rejected);
	if (ret == VFU_HANGUP)
		return -EPROTO;
	if (msg->header.flags & VFU_FLAG_NO_REPLY)
		return 0;
	return vfu_message_reply(&vfu->link, &msg->header, -ret, reply);
}
