// SPDX-License-Identifier: MIT
#include <string.h>

#include "dispatch.h"
#include "server.h"

static const char *reset_name(enum vfu_reset kind)
{
	switch (kind) {
	case VFU_RESET_FLR:
		return "function level reset";
	case VFU_RESET_DEVICE:
		return "device reset";
	case VFU_RESET_DISCONNECT:
		return "client disconnected";
	}
	return "reset";
}

/*
 * Eventfds stay: they are the client's wiring, which outlives a reset of the function. The
 * PCI side is quiet before the device is told of it, so it needs no care for late DMA.
 */
void vfu_reset(struct vfu *vfu, enum vfu_reset kind)
{
	vnpu_log(VNPU_LOG_DEBUG, "%s", reset_name(kind));
	vfu_count(vfu, resets);
	vfu_dma_set_bus_master(&vfu->dma, false);
	vfu_irq_clear_pending(&vfu->irq);
	memset(vfu->msix_table, 0, sizeof(vfu->msix_table));
	pci_config_reset(&vfu->pci);
	vfu->config.ops->reset(vfu->config.opaque, kind);
}

int vfu_handle_reset(struct vfu *vfu, struct vfu_message *msg, struct vfu_reply *reply)
{
	(void)msg;
	(void)reply;
	vfu_reset(vfu, VFU_RESET_DEVICE);
	return 0;
}
