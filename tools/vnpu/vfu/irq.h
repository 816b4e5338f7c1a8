/* SPDX-License-Identifier: MIT */
/* Eventfds through which the client is interrupted. */
#ifndef VFU_IRQ_H
#define VFU_IRQ_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "vfu.h"

/* INTx, MSI, MSI-X, error and request, as in <linux/vfio.h>. */
#define VFU_IRQ_INDICES 5

/**
 * struct vfu_vector - one interrupt
 * @fd: eventfd or -1
 * @pending: raised while there was no eventfd
 */
struct vfu_vector {
	int fd;
	bool pending;
};

/**
 * struct vfu_irqs - all interrupts of the device
 * @lock: protects the vectors; a leaf
 * @index: the VFIO index the device's vectors are at, MSI or MSI-X
 * @count: vectors at @index
 * @vectors: them
 * @error: the error notifier; accepted because clients want one, never signalled
 * @request: the unplug request notifier, likewise
 */
struct vfu_irqs {
	pthread_mutex_t lock;
	unsigned int index;
	unsigned int count;
	struct vfu_vector vectors[VFU_MAX_VECTORS];
	struct vfu_vector error;
	struct vfu_vector request;
};

/**
 * vfu_irq_init() - no eventfds, nothing pending
 * @irqs: filled
 * @mode: MSI or MSI-X
 * @count: vectors
 */
void vfu_irq_init(struct vfu_irqs *irqs, enum vfu_irq_mode mode, unsigned int count);

/** vfu_irq_fini() - close all eventfds */
void vfu_irq_fini(struct vfu_irqs *irqs);

/** vfu_irq_index_count() - number of interrupts at a VFIO index below VFU_IRQ_INDICES */
unsigned int vfu_irq_index_count(const struct vfu_irqs *irqs, unsigned int index);

/**
 * vfu_irq_assign() - set or remove an eventfd; delivers what was pending
 * @irqs: the interrupts
 * @index: VFIO index
 * @n: number below vfu_irq_index_count()
 * @fd: eventfd, ownership passes; -1 removes
 */
void vfu_irq_assign(struct vfu_irqs *irqs, unsigned int index, unsigned int n, int fd);

/** vfu_irq_close_all() - remove all eventfds and what is pending */
void vfu_irq_close_all(struct vfu_irqs *irqs);

/** vfu_irq_clear_pending() - drop what is pending, as a reset does */
void vfu_irq_clear_pending(struct vfu_irqs *irqs);

/** vfu_irq_signal() - interrupt the client or mark the vector pending */
void vfu_irq_signal(struct vfu_irqs *irqs, unsigned int vector);

/** vfu_irq_pending() - whether a vector is pending; n may be past the last one */
bool vfu_irq_pending(struct vfu_irqs *irqs, unsigned int vector);

/** vfu_irq_is_eventfd() - whether a descriptor can be written to without harm */
bool vfu_irq_is_eventfd(int fd);

#endif
