/* SPDX-License-Identifier: MIT */
/* The server's state, private to this library. */
#ifndef VFU_SERVER_H
#define VFU_SERVER_H

#include <pthread.h>
#include <stdatomic.h>

#include "dma_table.h"
#include "irq.h"
#include "log.h"
#include "message.h"
#include "pci_config.h"
#include "vfu.h"

/**
 * struct vfu - one device and its connection
 * @config: as given
 * @counters: written and read with atomic accesses
 * @pci: configuration space; protocol thread only
 * @msix_table: contents of the MSI-X table, which the client keeps itself and does not
 *	forward; protocol thread only
 * @dma: guest memory and bus mastering
 * @irq: eventfds of the interrupts
 * @link: the client's socket; protocol thread only
 * @negotiated: the VERSION exchange is done; protocol thread only
 * @log_budget: lines that one connection may cause
 * @listen_fd: listening socket or -1
 * @stop_fd: eventfd, readable once the server has to end
 * @thread: the protocol thread, when @thread_running
 */
struct vfu {
	struct vfu_config config;
	struct vfu_counters counters;
	struct pci_config pci;
	uint8_t msix_table[MSIX_PBA_OFFSET];
	struct vfu_dma dma;
	struct vfu_irqs irq;
	struct vfu_link link;
	bool negotiated;
	struct vnpu_log_budget log_budget;
	int listen_fd;
	int stop_fd;
	pthread_t thread;
	bool thread_running;
};

/* Count one event in a field of struct vfu_counters. */
#define vfu_count(vfu, field) \
	__atomic_fetch_add(&(vfu)->counters.field, 1, __ATOMIC_RELAXED)

#define vfu_warn(vfu, ...) \
	vnpu_log_limited(&(vfu)->log_budget, VNPU_LOG_WARN, __VA_ARGS__)

/**
 * vfu_reset() - return PCI side and device to the power-on state
 * @vfu: the server, on the protocol thread
 * @kind: handed to the device
 */
void vfu_reset(struct vfu *vfu, enum vfu_reset kind);

#endif
