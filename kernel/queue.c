// SPDX-License-Identifier: GPL-2.0-only
/*
 * Job queues: creation, destruction, state, and what interrupts and resets do with all.
 */

#include "queue.h"

#include <linux/capability.h>
#include <linux/math64.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/xarray.h>

#include <drm/drm_drv.h>
#include <drm/drm_file.h>
#include <drm/drm_managed.h>

#include <tsr_hw/queue.h>
#include <tsr_hw/registers.h>

#include <tessera_accel.h>

#include "client.h"
#include "device.h"
#include "drv.h"
#include "hfi.h"
#include "queue_internal.h"
#include "reset.h"
#include "vm.h"

#define TSR_QUEUES_MAX		64

/* Attempts to create a queue; each can meet a reset that another's fault has caused. */
#define TSR_QUEUE_ATTEMPTS	3

/**
 * struct tsr_queue_table - queues by device-wide number
 * @lock: protects @queue; outside of queue locks; taken in interrupts
 * @queue: the queues, each referenced
 *
 * Queues come and go only while resets are blocked, so that a reset sees the same ones
 * from its beginning to its end.
 */
struct tsr_queue_table {
	spinlock_t lock;	/* queue */
	struct tsr_queue *queue[TSR_QUEUES_MAX];
};

/* Queues are freed here: a scheduler cannot be ended in one of its own works. */
static struct workqueue_struct *tsr_queue_free_wq;

/**
 * tsr_queue_module_init() - what all devices share
 *
 * Return: 0 or -ENOMEM.
 */
int tsr_queue_module_init(void)
{
	tsr_queue_free_wq = alloc_workqueue("tessera-free", WQ_UNBOUND, 0);

	return tsr_queue_free_wq ? 0 : -ENOMEM;
}

/**
 * tsr_queue_module_exit() - counterpart of tsr_queue_module_init()
 */
void tsr_queue_module_exit(void)
{
	destroy_workqueue(tsr_queue_free_wq);
}

/**
 * tsr_queue_table_init() - allocate the table
 * @tdev: device
 *
 * Return: 0 or -ENOMEM.
 */
int tsr_queue_table_init(struct tsr_device *tdev)
{
	struct tsr_queue_table *table;

	table = drmm_kzalloc(&tdev->drm, sizeof(*table), GFP_KERNEL);
	if (!table)
		return -ENOMEM;
	spin_lock_init(&table->lock);
	tdev->queues = table;

	return 0;
}

static int tsr_queue_table_add(struct tsr_queue *queue)
{
	u32 last = tsr_client_total(queue->tdev, TSR_RESOURCE_QUEUE);
	struct tsr_queue_table *table = queue->tdev->queues;
	int ret = -ENOSPC;
	u16 number;

	spin_lock_irq(&table->lock);
	for (number = 1; number <= last; number++) {
		if (table->queue[number])
			continue;
		kref_get(&queue->ref);
		queue->number = number;
		table->queue[number] = queue;
		ret = 0;
		break;
	}
	spin_unlock_irq(&table->lock);

	return ret;
}

static void tsr_queue_table_remove(struct tsr_queue *queue)
{
	struct tsr_queue_table *table = queue->tdev->queues;

	spin_lock_irq(&table->lock);
	table->queue[queue->number] = NULL;
	spin_unlock_irq(&table->lock);
	tsr_queue_put(queue);
}

/* For resets: the table does not change under them. */
static struct tsr_queue *tsr_queue_next(struct tsr_device *tdev, struct tsr_queue *queue)
{
	unsigned int number;

	for (number = queue ? queue->number + 1 : 1; number < TSR_QUEUES_MAX; number++)
		if (tdev->queues->queue[number])
			return tdev->queues->queue[number];

	return NULL;
}

/**
 * tsr_queue_event() - a queue may have completed jobs
 * @tdev: device
 * @number: what the device says is the queue's number
 * @budget: jobs that may end now; reduced by those that have
 *
 * Context: any.
 * Return: true when all have ended, false when the budget is used up.
 */
bool tsr_queue_event(struct tsr_device *tdev, u16 number, unsigned int *budget)
{
	struct tsr_queue_table *table = tdev->queues;
	struct tsr_queue *queue;
	unsigned long flags;
	bool done = true;

	if (number >= TSR_QUEUES_MAX)
		return true;
	spin_lock_irqsave(&table->lock, flags);
	queue = table->queue[number];
	if (queue) {
		spin_lock(&queue->lock);
		done = tsr_ring_complete(queue, budget);
		spin_unlock(&queue->lock);
	}
	spin_unlock_irqrestore(&table->lock, flags);

	return done;
}

/**
 * tsr_queue_event_all() - any queue may have completed jobs
 * @tdev: device
 * @budget: as of tsr_queue_event()
 *
 * Context: any.
 * Return: as tsr_queue_event().
 */
bool tsr_queue_event_all(struct tsr_device *tdev, unsigned int *budget)
{
	u16 number;

	for (number = 1; number < TSR_QUEUES_MAX; number++)
		if (!tsr_queue_event(tdev, number, budget))
			return false;

	return true;
}

/**
 * tsr_queue_progress_all() - what the device has done for all queues together
 * @tdev: device
 *
 * Context: any.
 * Return: a number that changes while the device works for any queue.
 */
u64 tsr_queue_progress_all(struct tsr_device *tdev)
{
	struct tsr_queue_table *table = tdev->queues;
	struct tsr_queue *queue;
	unsigned long flags;
	u64 progress = 0;
	u16 number;

	spin_lock_irqsave(&table->lock, flags);
	for (number = 1; number < TSR_QUEUES_MAX; number++) {
		queue = table->queue[number];
		if (!queue)
			continue;
		spin_lock(&queue->lock);
		progress += tsr_ring_progress(queue);
		spin_unlock(&queue->lock);
	}
	spin_unlock_irqrestore(&table->lock, flags);

	return progress;
}

/**
 * tsr_queue_stop_all() - let nothing more into the rings, for a reset
 * @tdev: device, resets being this one
 */
void tsr_queue_stop_all(struct tsr_device *tdev)
{
	struct tsr_queue *queue;

	for (queue = tsr_queue_next(tdev, NULL); queue; queue = tsr_queue_next(tdev, queue))
		drm_sched_wqueue_stop(&queue->sched);
}

/**
 * tsr_queue_start_all() - counterpart of tsr_queue_stop_all()
 * @tdev: device
 */
void tsr_queue_start_all(struct tsr_device *tdev)
{
	struct tsr_queue *queue;

	for (queue = tsr_queue_next(tdev, NULL); queue; queue = tsr_queue_next(tdev, queue))
		drm_sched_wqueue_start(&queue->sched);
}

static bool tsr_queue_idle(struct tsr_device *tdev, u16 number)
{
	struct tsr_queue_table *table = tdev->queues;
	struct tsr_queue *queue;
	unsigned long flags;
	bool idle;

	spin_lock_irqsave(&table->lock, flags);
	queue = table->queue[number];
	idle = !queue || READ_ONCE(queue->ring.completed) == READ_ONCE(queue->ring.tail);
	spin_unlock_irqrestore(&table->lock, flags);

	return idle;
}

/**
 * tsr_queue_idle_all() - has the device no job?
 * @tdev: device, nothing more being let into the rings
 *
 * Return: true when all rings are empty.
 */
bool tsr_queue_idle_all(struct tsr_device *tdev)
{
	u16 number;

	for (number = 1; number < TSR_QUEUES_MAX; number++)
		if (!tsr_queue_idle(tdev, number))
			return false;

	return true;
}

/* Make the queue known to the firmware. Allocates nothing. */
static int tsr_queue_announce(struct tsr_queue *queue)
{
	struct tsr_hw_admin command = {
		.op = cpu_to_le16(TSR_HW_ADMIN_QUEUE_CREATE),
		.queue = cpu_to_le16(queue->number),
		.create.ring = cpu_to_le64(queue->ring.host_dma),
		.create.done = cpu_to_le64(queue->ring.done_dma),
		.create.budget = cpu_to_le64(queue->budget),
		.create.asid = cpu_to_le16(tsr_vm_asid(queue->vm)),
		.create.index = cpu_to_le16(queue->index),
		.create.priority = queue->priority,
		.create.weight = queue->client->weight,
		.create.client = cpu_to_le64(queue->client->id),
	};

	return tsr_hfi_command(queue->tdev, &command);
}

/**
 * tsr_queue_restart_all() - after a reset: decide about jobs, make all queues known again
 * @tdev: device, its firmware running
 * @guilty: queue whose job made the reset necessary, or NULL
 *
 * Return: 0 or a negative errno.
 */
int tsr_queue_restart_all(struct tsr_device *tdev, struct tsr_queue *guilty)
{
	struct tsr_queue *queue;
	bool work;
	int ret;

	for (queue = tsr_queue_next(tdev, NULL); queue; queue = tsr_queue_next(tdev, queue)) {
		spin_lock_irq(&queue->lock);
		tsr_ring_rebuild(queue, queue == guilty);
		work = queue->ring.tail;
		spin_unlock_irq(&queue->lock);
		tsr_ring_complete_all(queue);
		ret = tsr_queue_announce(queue);
		if (ret)
			return ret;
		if (work)
			tsr_ring_ring(queue);
	}

	return 0;
}

/*
 * Who waits for room is told even when no job ends, because all of them wait for others.
 *
 * Return: true when all jobs that the scheduler has handed over have ended.
 */
static bool tsr_queue_lose(struct tsr_device *tdev, u16 number)
{
	struct tsr_queue_table *table = tdev->queues;
	unsigned int budget = TSR_RING_BURST;
	struct tsr_queue *queue;
	unsigned long flags;
	bool done = true;

	spin_lock_irqsave(&table->lock, flags);
	queue = table->queue[number];
	if (queue) {
		spin_lock(&queue->lock);
		done = tsr_ring_complete(queue, &budget);
		if (done && queue->ring.completed != queue->ring.tail) {
			tsr_ring_cancel(queue, tsr_device_status(tdev));
			done = false;	/* now those behind them */
		}
		tsr_queue_wake(queue);
		spin_unlock(&queue->lock);
	}
	spin_unlock_irqrestore(&table->lock, flags);

	return done;
}

/**
 * tsr_queue_lose_all() - end all jobs of a device that is lost
 * @tdev: device
 */
void tsr_queue_lose_all(struct tsr_device *tdev)
{
	u16 number;

	for (number = 1; number < TSR_QUEUES_MAX; number++)
		while (!tsr_queue_lose(tdev, number))
			;
}

/**
 * tsr_queue_unplug_all() - take all rings from a device that is going away
 * @tdev: device, unplugged and in reset
 */
void tsr_queue_unplug_all(struct tsr_device *tdev)
{
	struct tsr_queue *queue;

	tsr_queue_lose_all(tdev);
	while ((queue = tsr_queue_next(tdev, NULL))) {
		tsr_ring_free(queue);
		tsr_queue_table_remove(queue);
	}
}

/**
 * tsr_queue_get() - queue of a client
 * @file: client
 * @id: its number
 *
 * Return: the queue, referenced, or NULL.
 */
struct tsr_queue *tsr_queue_get(struct drm_file *file, u32 id)
{
	struct tsr_file *tfile = file->driver_priv;
	struct tsr_queue *queue;

	xa_lock(&tfile->queues);
	queue = xa_load(&tfile->queues, id);
	if (queue)
		kref_get(&queue->ref);
	xa_unlock(&tfile->queues);

	return queue;
}

static void tsr_queue_free(struct tsr_queue *queue)
{
	tsr_vm_put(queue->vm);
	mutex_destroy(&queue->submit_lock);
	mutex_destroy(&queue->admin_lock);
	tsr_client_put(queue->client);
	kfree(queue);
}

static void tsr_queue_free_work(struct work_struct *work)
{
	struct tsr_queue *queue = container_of(work, struct tsr_queue, free_work);

	tsr_sched_fini(queue);
	tsr_queue_free(queue);
	/* The workqueue is flushed at module exit, after this function has returned. */
	module_put(THIS_MODULE);
}

static void tsr_queue_release(struct kref *ref)
{
	struct tsr_queue *queue = container_of(ref, struct tsr_queue, ref);

	queue_work(tsr_queue_free_wq, &queue->free_work);
}

/**
 * tsr_queue_put() - drop a reference
 * @queue: queue
 *
 * Context: any.
 */
void tsr_queue_put(struct tsr_queue *queue)
{
	kref_put(&queue->ref, tsr_queue_release);
}

/**
 * tsr_queue_client_name() - how log lines name the client of a queue
 * @queue: queue
 *
 * Return: command and pid.
 */
const char *tsr_queue_client_name(const struct tsr_queue *queue)
{
	return queue->client->name;
}

/* Take the queue from the firmware, which touches its memory no more afterwards. */
static void tsr_queue_withdraw(struct tsr_queue *queue)
{
	struct tsr_device *tdev = queue->tdev;
	unsigned int generation;
	int ret;

	mutex_lock(&queue->admin_lock);
	generation = tsr_reset_block(tdev);
	ret = tsr_hfi_queue_command(tdev, TSR_HW_ADMIN_QUEUE_DESTROY, queue->number);
	tsr_queue_table_remove(queue);
	tsr_reset_unblock(tdev);
	mutex_unlock(&queue->admin_lock);

	if (ret)
		tsr_reset_and_wait(tdev, "queue cannot be destroyed", generation);
}

static void tsr_queue_cancel(struct tsr_queue *queue)
{
	tsr_ring_complete_all(queue);
	spin_lock_irq(&queue->lock);
	tsr_ring_cancel(queue, tsr_device_status(queue->tdev) ?: -ECANCELED);
	spin_unlock_irq(&queue->lock);
}

/* Jobs not in the ring end through the scheduler, canceled, as their dependencies signal. */
static void tsr_queue_destroy(struct tsr_queue *queue)
{
	struct tsr_device *tdev = queue->tdev;
	int idx;

	spin_lock_irq(&queue->lock);
	WRITE_ONCE(queue->destroyed, true);
	tsr_queue_wake(queue);
	spin_unlock_irq(&queue->lock);

	/* Else the device is being unplugged, and that takes the ring away. */
	if (drm_dev_enter(&tdev->drm, &idx)) {
		tsr_queue_withdraw(queue);
		tsr_queue_cancel(queue);
		tsr_ring_free(queue);
		tsr_ring_complete_all(queue);
		drm_dev_exit(idx);
	}
	tsr_vm_remove_queue(queue->vm, queue->index);
	tsr_client_uncharge(queue->client, TSR_RESOURCE_QUEUE, 1);
	tsr_queue_put(queue);
}

/**
 * tsr_queue_close_all() - destroy the queues of a client that goes
 * @tfile: client
 */
void tsr_queue_close_all(struct tsr_file *tfile)
{
	struct tsr_queue *queue;
	unsigned long id;

	xa_for_each(&tfile->queues, id, queue)
		tsr_queue_destroy(queue);
	xa_destroy(&tfile->queues);
}

static int tsr_queue_try_install(struct tsr_queue *queue, unsigned int *generation)
{
	struct tsr_device *tdev = queue->tdev;
	int ret;

	*generation = tsr_reset_block(tdev);
	ret = tsr_queue_table_add(queue);
	if (!ret) {
		ret = tsr_queue_announce(queue);
		if (ret)
			tsr_queue_table_remove(queue);
	}
	tsr_reset_unblock(tdev);

	return ret;
}

/* The device knows the queue when this succeeds, and none of its addresses otherwise. */
static int tsr_queue_install(struct tsr_queue *queue)
{
	struct tsr_device *tdev = queue->tdev;
	unsigned int attempt, generation;
	int ret;

	for (attempt = 0; attempt < TSR_QUEUE_ATTEMPTS; attempt++) {
		ret = tsr_queue_try_install(queue, &generation);
		if (!ret || ret == -ENOSPC)
			return ret;
		/* It may have taken the addresses after all; or a reset was in the way. */
		tsr_reset_and_wait(tdev, "queue cannot be created", generation);
		ret = tsr_device_status(tdev);
		if (ret)
			return ret;
	}

	return -EIO;
}

static int tsr_queue_start(struct tsr_queue *queue)
{
	int ret, idx;

	if (!drm_dev_enter(&queue->tdev->drm, &idx))
		return -ENODEV;
	ret = tsr_ring_alloc(queue);
	if (!ret) {
		ret = tsr_queue_install(queue);
		if (ret)
			tsr_ring_free(queue);
	}
	drm_dev_exit(idx);

	return ret;
}

/* Userspace counts upwards, the device downwards. */
static u8 tsr_queue_abi_priority(u32 priority)
{
	return TSR_HW_PRIORITY_LOW - priority;
}

/* In device cycles, at least one. */
static u64 tsr_queue_budget(struct tsr_device *tdev, u64 ns)
{
	u64 cycles = mul_u64_u32_div(ns ?: TSR_QUEUE_MAX_BUDGET_NS, tdev->hw.clock_khz,
				     NSEC_PER_MSEC);

	return max(cycles, 1);
}

static struct tsr_queue *tsr_queue_alloc(struct tsr_device *tdev, struct drm_file *file,
					 struct tsr_vm *vm,
					 const struct drm_tessera_queue_create *args)
{
	struct tsr_queue *queue = kzalloc_obj(*queue, GFP_KERNEL_ACCOUNT);
	struct tsr_file *tfile = file->driver_priv;

	if (!queue)
		return NULL;
	kref_init(&queue->ref);
	queue->tdev = tdev;
	queue->vm = vm;
	queue->client = tsr_client_get(tfile->client);
	queue->priority = tsr_queue_abi_priority(args->priority);
	queue->budget = tsr_queue_budget(tdev, args->budget_ns);
	queue->fence_context = dma_fence_context_alloc(1);
	queue->state.node = ~0u;
	mutex_init(&queue->admin_lock);
	mutex_init(&queue->submit_lock);
	init_waitqueue_head(&queue->progress);
	spin_lock_init(&queue->lock);
	INIT_LIST_HEAD(&queue->ring.canceled);
	INIT_WORK(&queue->free_work, tsr_queue_free_work);

	return queue;
}

/* Consumes the reference to @vm. */
static struct tsr_queue *tsr_queue_create(struct tsr_device *tdev, struct drm_file *file,
					  struct tsr_vm *vm,
					  const struct drm_tessera_queue_create *args)
{
	struct tsr_queue *queue;
	int ret;

	queue = tsr_queue_alloc(tdev, file, vm, args);
	if (!queue) {
		tsr_vm_put(vm);
		return ERR_PTR(-ENOMEM);
	}
	ret = tsr_client_charge(queue->client, TSR_RESOURCE_QUEUE, 1);
	if (ret)
		goto err_free;
	ret = tsr_vm_add_queue(vm);
	if (ret < 0)
		goto err_uncharge;
	queue->index = ret;
	ret = tsr_sched_init(queue);
	if (ret)
		goto err_remove;
	__module_get(THIS_MODULE);
	ret = tsr_queue_start(queue);
	if (ret) {
		tsr_vm_remove_queue(vm, queue->index);
		tsr_client_uncharge(queue->client, TSR_RESOURCE_QUEUE, 1);
		tsr_queue_put(queue);
		return ERR_PTR(ret);
	}

	return queue;

err_remove:
	tsr_vm_remove_queue(vm, queue->index);
err_uncharge:
	tsr_client_uncharge(queue->client, TSR_RESOURCE_QUEUE, 1);
err_free:
	tsr_queue_free(queue);
	return ERR_PTR(ret);
}

/**
 * tsr_queue_priority_permit() - may this process use a priority?
 * @priority: DRM_TESSERA_PRIORITY_*
 *
 * Return: 0, -EACCES, or -EINVAL for an unknown one.
 */
int tsr_queue_priority_permit(u32 priority)
{
	if (priority > DRM_TESSERA_PRIORITY_REALTIME)
		return -EINVAL;
	if (priority > DRM_TESSERA_PRIORITY_NORMAL && !capable(CAP_SYS_NICE))
		return -EACCES;

	return 0;
}

static int tsr_queue_check_args(const struct drm_tessera_queue_create *args)
{
	if (args->flags || args->budget_ns > TSR_QUEUE_MAX_BUDGET_NS)
		return -EINVAL;

	return tsr_queue_priority_permit(args->priority);
}

/**
 * tsr_ioctl_queue_create() - QUEUE_CREATE
 * @drm: device
 * @data: &struct drm_tessera_queue_create
 * @file: client
 *
 * Return: 0 or a negative errno.
 */
int tsr_ioctl_queue_create(struct drm_device *drm, void *data, struct drm_file *file)
{
	struct drm_tessera_queue_create *args = data;
	struct tsr_file *tfile = file->driver_priv;
	struct tsr_queue *queue;
	struct tsr_vm *vm;
	int ret;

	ret = tsr_queue_check_args(args);
	if (ret)
		return ret;
	vm = tsr_vm_get(file, args->vm_id);
	if (!vm)
		return -ENOENT;

	queue = tsr_queue_create(to_tsr_device(drm), file, vm, args);
	if (IS_ERR(queue))
		return PTR_ERR(queue);
	ret = xa_alloc(&tfile->queues, &args->queue_id, queue, xa_limit_31b, GFP_KERNEL_ACCOUNT);
	if (ret)
		tsr_queue_destroy(queue);

	return ret;
}

/**
 * tsr_ioctl_queue_destroy() - QUEUE_DESTROY
 * @drm: device
 * @data: &struct drm_tessera_queue_destroy
 * @file: client
 *
 * Return: 0 or a negative errno.
 */
int tsr_ioctl_queue_destroy(struct drm_device *drm, void *data, struct drm_file *file)
{
	struct drm_tessera_queue_destroy *args = data;
	struct tsr_file *tfile = file->driver_priv;
	struct tsr_queue *queue;

	if (args->pad)
		return -EINVAL;
	queue = xa_erase(&tfile->queues, args->queue_id);
	if (!queue)
		return -ENOENT;

	tsr_queue_destroy(queue);

	return 0;
}

/**
 * tsr_ioctl_queue_get_state() - QUEUE_GET_STATE
 * @drm: device
 * @data: &struct drm_tessera_queue_get_state
 * @file: client
 *
 * Return: 0 or a negative errno.
 */
int tsr_ioctl_queue_get_state(struct drm_device *drm, void *data, struct drm_file *file)
{
	struct drm_tessera_queue_get_state *args = data;
	struct tsr_queue *queue;

	queue = tsr_queue_get(file, args->queue_id);
	if (!queue)
		return -ENOENT;

	spin_lock_irq(&queue->lock);
	args->state = queue->state.flags;
	args->error = queue->state.error;
	args->device_error = queue->state.device_error;
	args->node = queue->state.node;
	args->address = queue->state.address;
	args->seq = queue->state.number;
	args->completed = queue->finished;
	args->pending = READ_ONCE(queue->armed) - queue->finished;
	args->start = queue->state.start;
	args->end = queue->state.end;
	spin_unlock_irq(&queue->lock);
	if (tsr_device_status(queue->tdev))
		args->state |= DRM_TESSERA_QUEUE_DEVICE_LOST;
	tsr_queue_put(queue);

	return 0;
}
