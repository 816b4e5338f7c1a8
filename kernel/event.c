// SPDX-License-Identifier: GPL-2.0-only
/*
 * Event ring and interrupts.
 *
 * An event says where to look, never what happened: the handler reads the completion
 * page of the queue an event names, and a forged, repeated or lost event does no harm.
 * There is no acknowledge register; the sleeping host publishes the number of the next
 * event it waits for, orders, and looks once more.
 */

#include "event.h"

#include <linux/dma-fence.h>
#include <linux/dma-mapping.h>
#include <linux/interrupt.h>
#include <linux/pci.h>

#include <drm/drm_managed.h>
#include <drm/drm_print.h>

#include <tsr_hw/boot.h>
#include <tsr_hw/queue.h>

#include "device.h"
#include "hfi.h"
#include "queue.h"
#include "reset.h"

/* Events handled and jobs ended in the hard interrupt; what is more is for a thread. */
#define TSR_EVENT_BURST		64

/**
 * struct tsr_event - event ring and interrupts
 * @lock: one consumer at a time; protects @next and @lost
 * @ring: the ring
 * @ring_dma: its address
 * @next: number of the next event
 * @lost: value of the ring's overflow counter that was handled
 * @irqs: interrupts requested
 */
struct tsr_event {
	spinlock_t lock;	/* consumption */
	struct tsr_hw_event_ring *ring;
	dma_addr_t ring_dma;
	u32 next;
	u32 lost;
	unsigned int irqs;
};

/* Return: true when it is handled, false when the budget is used up. */
static bool tsr_event_handle(struct tsr_device *tdev, const struct tsr_hw_event *event,
			     unsigned int *budget)
{
	switch (le16_to_cpu(event->type)) {
	case TSR_HW_EVENT_JOB:
	case TSR_HW_EVENT_FAULT:
		return tsr_queue_event(tdev, le16_to_cpu(event->queue), budget);
	case TSR_HW_EVENT_ADMIN:
		tsr_hfi_event(tdev);
		return true;
	default:
		drm_dbg_driver(&tdev->drm, "unknown event %u\n", le16_to_cpu(event->type));
		return true;
	}
}

/* Read the next event, if there is one. */
static bool tsr_event_read(struct tsr_event *events, struct tsr_hw_event *event)
{
	struct tsr_hw_event *slot = &events->ring->event[events->next % TSR_HW_EVENT_ENTRIES];
	u32 phase = 1 + (events->next / TSR_HW_EVENT_ENTRIES) % 2;

	lockdep_assert_held(&events->lock);

	if (le32_to_cpu(READ_ONCE(slot->phase)) != phase)
		return false;
	dma_rmb();	/* the event after the phase that makes it valid */
	event->queue = READ_ONCE(slot->queue);
	event->type = READ_ONCE(slot->type);

	return true;
}

/* An event counts as consumed when it is handled wholly; else it is read once more. */
static bool tsr_event_consume(struct tsr_device *tdev, unsigned int *budget)
{
	struct tsr_event *events = tdev->event;
	struct tsr_hw_event event;

	while (*budget) {
		if (!tsr_event_read(events, &event))
			return true;
		(*budget)--;
		if (!tsr_event_handle(tdev, &event, budget))
			return false;
		events->next++;
	}

	return false;
}

static bool tsr_event_look_for_lost(struct tsr_device *tdev, unsigned int *budget)
{
	struct tsr_event *events = tdev->event;
	u32 lost = le32_to_cpu(READ_ONCE(events->ring->lost));

	if (lost == events->lost)
		return true;
	tsr_hfi_event(tdev);
	if (!tsr_queue_event_all(tdev, budget))
		return false;
	events->lost = lost;

	return true;
}

/* Return: true when all is handled and the ring armed, false when the budget is used up. */
static bool tsr_event_process(struct tsr_device *tdev, unsigned int budget)
{
	struct tsr_event *events = tdev->event;
	unsigned long flags;
	bool drained;
	u32 armed;

	spin_lock_irqsave(&events->lock, flags);
	do {
		drained = tsr_event_consume(tdev, &budget);
		armed = events->next;
		WRITE_ONCE(events->ring->arm, cpu_to_le32(armed));
		mb();	/* arm before the last look; pairs with the device's publish before arm */
		drained = tsr_event_look_for_lost(tdev, &budget) && drained;
		drained = drained && tsr_event_consume(tdev, &budget);
	} while (drained && events->next != armed);
	spin_unlock_irqrestore(&events->lock, flags);

	return drained;
}

static irqreturn_t tsr_event_irq(int irq, void *data)
{
	bool cookie = dma_fence_begin_signalling();
	bool drained = tsr_event_process(data, TSR_EVENT_BURST);

	dma_fence_end_signalling(cookie);

	return drained ? IRQ_HANDLED : IRQ_WAKE_THREAD;
}

/* A reset stops a device that never has enough. */
static void tsr_event_drain(struct tsr_device *tdev)
{
	while (!tsr_event_process(tdev, TSR_EVENT_BURST) && !tsr_reset_pending(tdev))
		cond_resched();
}

static irqreturn_t tsr_event_thread(int irq, void *data)
{
	bool cookie = dma_fence_begin_signalling();

	tsr_event_drain(data);
	dma_fence_end_signalling(cookie);

	return IRQ_HANDLED;
}

/**
 * tsr_event_poll() - look for events whose interrupt was lost
 * @tdev: device, resets blocked
 *
 * Without this a lost interrupt would be the last: the device raises only for the event the
 * host says it waits for.
 */
void tsr_event_poll(struct tsr_device *tdev)
{
	tsr_event_drain(tdev);
}

/**
 * tsr_event_init() - allocate the event ring and request the interrupts, disabled
 * @tdev: device, its vectors allocated
 *
 * Return: 0 or a negative errno.
 */
int tsr_event_init(struct tsr_device *tdev)
{
	struct pci_dev *pdev = to_pci_dev(tdev->drm.dev);
	struct tsr_event *events;
	unsigned int i;
	int ret;

	events = drmm_kzalloc(&tdev->drm, sizeof(*events), GFP_KERNEL);
	if (!events)
		return -ENOMEM;
	spin_lock_init(&events->lock);
	events->ring = dmam_alloc_coherent(&pdev->dev, sizeof(*events->ring), &events->ring_dma,
					   GFP_KERNEL);
	if (!events->ring)
		return -ENOMEM;
	tdev->event = events;

	for (i = 0; i < tdev->hw.vectors; i++) {
		ret = request_threaded_irq(pci_irq_vector(pdev, i), tsr_event_irq,
					   tsr_event_thread, IRQF_NO_AUTOEN, "tessera", tdev);
		if (ret) {
			tsr_event_fini(tdev);
			return ret;
		}
		events->irqs++;
	}

	return 0;
}

/**
 * tsr_event_fini() - give the interrupts back
 * @tdev: device
 */
void tsr_event_fini(struct tsr_device *tdev)
{
	struct tsr_event *events = tdev->event;

	while (events->irqs)
		free_irq(pci_irq_vector(to_pci_dev(tdev->drm.dev), --events->irqs), tdev);
}

/**
 * tsr_event_start() - empty the ring and let interrupts in
 * @tdev: device, in reset
 */
void tsr_event_start(struct tsr_device *tdev)
{
	struct tsr_event *events = tdev->event;
	unsigned int i;

	memset(events->ring, 0, sizeof(*events->ring));
	events->next = 0;
	events->lost = 0;
	for (i = 0; i < events->irqs; i++)
		enable_irq(pci_irq_vector(to_pci_dev(tdev->drm.dev), i));
}

/**
 * tsr_event_stop() - keep interrupts out; no handler runs when this returns
 * @tdev: device
 */
void tsr_event_stop(struct tsr_device *tdev)
{
	unsigned int i;

	for (i = 0; i < tdev->event->irqs; i++)
		disable_irq(pci_irq_vector(to_pci_dev(tdev->drm.dev), i));
}

/**
 * tsr_event_describe() - tell a boot block where the event ring is
 * @tdev: device
 * @block: boot block
 */
void tsr_event_describe(struct tsr_device *tdev, struct tsr_hw_boot_block *block)
{
	block->event_ring = cpu_to_le64(tdev->event->ring_dma);
	block->control_vector = cpu_to_le32(0);
	block->event_vector = cpu_to_le32(tdev->event->irqs - 1);
}
