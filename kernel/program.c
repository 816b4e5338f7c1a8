// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sealed programs: the device checks them once.
 *
 * A program lies in one mapping of a sealed object, so its bytes do not change, and that
 * mapping stays while the program is sealed. The device's handle makes jobs cheaper and
 * nothing else: a program without one runs by its address. There is none when the device or
 * the user's share of its table is full, and none of a program whose UNSEAL waits.
 *
 * Invariants:
 *
 * 1. A descriptor in a ring names a handle only while the program counts it as a user, and the
 *    device is told to end a handle only when there is no user. So it never answers BUSY.
 * 2. The list of programs and their handles change only while resets are blocked, or by the
 *    reset itself. A reset gives every program a new handle before it rebuilds the rings.
 */

#include "program.h"

#include <linux/kref.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/wait.h>
#include <linux/xarray.h>

#include <drm/drm_drv.h>
#include <drm/drm_file.h>
#include <drm/drm_managed.h>

#include <tsr_hw/program.h>
#include <tsr_hw/queue.h>
#include <tsr_hw/version.h>

#include <tessera_accel.h>

#include "bind.h"
#include "client.h"
#include "device.h"
#include "drv.h"
#include "fw.h"
#include "hfi.h"
#include "reset.h"
#include "vm.h"

/* Attempts to seal a program; each can meet a reset that another's fault has caused. */
#define TSR_PROGRAM_ATTEMPTS	3

/**
 * struct tsr_program_table - sealed programs of a device
 * @lock: protects @list against others that add and remove; inside of blocked resets
 * @list: &struct tsr_program
 */
struct tsr_program_table {
	struct mutex lock;	/* list */
	struct list_head list;
};

/**
 * struct tsr_program - a sealed program
 * @ref: held by the file's number and by jobs
 * @tdev: device
 * @vm: its address space, referenced; keeps the mapping until the program is unsealed
 * @mapping: the mapping that has it, until it is unsealed
 * @va: virtual address
 * @size: bytes
 * @charged: it counts as one of the client's handles
 * @link: in &tsr_program_table.list
 * @lock: protects all below; inside of queue locks; taken in interrupts
 * @handle: how the device knows it, 0 for not at all
 * @users: jobs in rings whose descriptors have @handle
 * @ending: an UNSEAL waits for them, or has ended the program
 * @idle: woken when the last of them leaves while @ending
 */
struct tsr_program {
	struct kref ref;
	struct tsr_device *tdev;
	struct tsr_vm *vm;
	struct drm_gpuva *mapping;
	u64 va;
	u32 size;
	bool charged;
	struct list_head link;
	spinlock_t lock;	/* handle, users, ending */
	u64 handle;
	unsigned int users;
	bool ending;
	wait_queue_head_t idle;
};

/**
 * tsr_program_table_init() - allocate the table
 * @tdev: device
 *
 * Return: 0 or a negative errno.
 */
int tsr_program_table_init(struct tsr_device *tdev)
{
	struct tsr_program_table *table;

	table = drmm_kzalloc(&tdev->drm, sizeof(*table), GFP_KERNEL);
	if (!table)
		return -ENOMEM;
	INIT_LIST_HEAD(&table->list);
	tdev->programs = table;

	return drmm_mutex_init(&tdev->drm, &table->lock);
}

/**
 * tsr_program_get() - sealed program of a client
 * @file: client
 * @id: its number, as userspace says it
 *
 * Return: the program, referenced, or NULL.
 */
struct tsr_program *tsr_program_get(struct drm_file *file, u64 id)
{
	struct tsr_file *tfile = file->driver_priv;
	struct tsr_program *program;

	if (id > U32_MAX)
		return NULL;
	xa_lock(&tfile->programs);
	program = xa_load(&tfile->programs, id);
	if (program)
		kref_get(&program->ref);
	xa_unlock(&tfile->programs);

	return program;
}

static void tsr_program_free(struct kref *ref)
{
	struct tsr_program *program = container_of(ref, struct tsr_program, ref);

	tsr_vm_put(program->vm);
	kfree(program);
}

/**
 * tsr_program_put() - drop a reference
 * @program: program, or NULL
 *
 * Context: process.
 */
void tsr_program_put(struct tsr_program *program)
{
	if (program)
		kref_put(&program->ref, tsr_program_free);
}

/**
 * tsr_program_is_of() - is a program in this address space?
 * @program: program
 * @vm: address space
 *
 * Return: true if it is.
 */
bool tsr_program_is_of(const struct tsr_program *program, const struct tsr_vm *vm)
{
	return program->vm == vm;
}

/**
 * tsr_program_enter() - a job of the program goes into a ring
 * @program: program
 * @desc: its descriptor, which gets the handle, or without one the address
 *
 * Context: any.
 * Return: true when the handle is in use, and tsr_program_leave() is due.
 */
bool tsr_program_enter(struct tsr_program *program, struct tsr_hw_job *desc)
{
	unsigned long flags;
	bool named;

	spin_lock_irqsave(&program->lock, flags);
	named = program->handle && !program->ending;
	if (named)
		program->users++;
	desc->program = cpu_to_le64(named ? program->handle : program->va);
	desc->program_size = cpu_to_le32(program->size);
	desc->flags &= ~cpu_to_le32(TSR_HW_JOB_SEALED);
	desc->flags |= cpu_to_le32(named ? TSR_HW_JOB_SEALED : 0);
	spin_unlock_irqrestore(&program->lock, flags);

	return named;
}

/**
 * tsr_program_leave() - the job has left the ring
 * @program: program
 *
 * Context: any.
 */
void tsr_program_leave(struct tsr_program *program)
{
	unsigned long flags;

	spin_lock_irqsave(&program->lock, flags);
	if (!--program->users && program->ending)
		wake_up(&program->idle);
	spin_unlock_irqrestore(&program->lock, flags);
}

static void tsr_program_set_handle(struct tsr_program *program, u64 handle)
{
	spin_lock_irq(&program->lock);
	program->handle = handle;
	spin_unlock_irq(&program->lock);
}

/* Return: 0, with or without a handle; the device's verdict of the header; or no answer. */
static int tsr_program_announce(struct tsr_program *program)
{
	u64 handle = 0;
	int ret;

	if (!program->charged)
		return 0;
	ret = tsr_hfi_seal(program->tdev, tsr_vm_asid(program->vm), program->va, program->size,
			   &handle);
	/* Its table is full. */
	if (ret == -ENOSPC)
		ret = 0;
	tsr_program_set_handle(program, ret ? 0 : handle);

	return ret;
}

/**
 * tsr_program_restart_all() - after a reset: give the programs new handles
 * @tdev: device, its firmware running, its rings not yet rebuilt
 *
 * Return: 0 or a negative errno.
 */
int tsr_program_restart_all(struct tsr_device *tdev)
{
	struct tsr_program *program;
	int ret;

	list_for_each_entry(program, &tdev->programs->list, link) {
		ret = tsr_program_announce(program);
		/* A program that was refused runs by its address, and its jobs tell why. */
		if (ret && ret != -EINVAL && ret != -EFAULT && ret != -EOPNOTSUPP)
			return ret;
	}

	return 0;
}

static void tsr_program_list_add(struct tsr_program *program)
{
	struct tsr_program_table *table = program->tdev->programs;

	mutex_lock(&table->lock);
	list_add_tail(&program->link, &table->list);
	mutex_unlock(&table->lock);
}

static void tsr_program_list_remove(struct tsr_program *program)
{
	mutex_lock(&program->tdev->programs->lock);
	list_del_init(&program->link);
	mutex_unlock(&program->tdev->programs->lock);
}

static int tsr_program_install(struct tsr_program *program, unsigned int *generation)
{
	int ret;

	*generation = tsr_reset_block(program->tdev);
	ret = tsr_program_announce(program);
	if (!ret)
		tsr_program_list_add(program);
	tsr_reset_unblock(program->tdev);

	return ret;
}

/* The device may have made a handle without an answer: a reset ends it. */
static int tsr_program_try_start(struct tsr_program *program)
{
	struct tsr_device *tdev = program->tdev;
	unsigned int attempt, generation;
	int ret;

	for (attempt = 0; attempt < TSR_PROGRAM_ATTEMPTS; attempt++) {
		ret = tsr_program_install(program, &generation);
		if (ret != -ETIMEDOUT && ret != -EIO)
			return ret;
		tsr_reset_and_wait(tdev, "program cannot be sealed", generation);
		ret = tsr_device_status(tdev);
		if (ret)
			return ret;
	}

	return -EIO;
}

static int tsr_program_start(struct tsr_program *program)
{
	int ret, idx;

	if (!drm_dev_enter(&program->tdev->drm, &idx))
		return -ENODEV;
	ret = tsr_program_try_start(program);
	drm_dev_exit(idx);

	return ret;
}

static void tsr_program_withdraw(struct tsr_program *program)
{
	struct tsr_device *tdev = program->tdev;
	unsigned int generation;
	int ret = 0;

	generation = tsr_reset_block(tdev);
	if (program->handle)
		ret = tsr_hfi_unseal(tdev, tsr_vm_asid(program->vm), program->handle);
	tsr_program_set_handle(program, 0);
	tsr_program_list_remove(program);
	tsr_reset_unblock(tdev);

	if (ret && !tsr_device_status(tdev))
		tsr_reset_and_wait(tdev, "program cannot be unsealed", generation);
}

/* No job in a ring names the handle, and none will. */
static void tsr_program_end(struct tsr_program *program)
{
	int idx;

	if (drm_dev_enter(&program->tdev->drm, &idx)) {
		tsr_program_withdraw(program);
		drm_dev_exit(idx);
	} else {
		tsr_device_wait_quiet(program->tdev);
		tsr_program_list_remove(program);
	}
	if (program->charged)
		tsr_client_uncharge(tsr_vm_client(program->vm), TSR_RESOURCE_PROGRAM, 1);
	tsr_bind_unpin(program->vm, program->mapping);
	tsr_program_put(program);
}

/**
 * tsr_program_close_all() - end the programs of a client that goes, its queues gone
 * @tfile: client
 */
void tsr_program_close_all(struct tsr_file *tfile)
{
	struct tsr_program *program;
	unsigned long id;

	xa_for_each(&tfile->programs, id, program)
		tsr_program_end(program);
	xa_destroy(&tfile->programs);
}

/* Consumes the reference to @vm. */
static struct tsr_program *tsr_program_alloc(struct tsr_device *tdev, struct tsr_vm *vm, u64 va,
					     u32 size)
{
	struct tsr_program *program = kzalloc_obj(*program, GFP_KERNEL_ACCOUNT);

	if (!program) {
		tsr_vm_put(vm);
		return NULL;
	}
	kref_init(&program->ref);
	program->tdev = tdev;
	program->vm = vm;
	program->va = va;
	program->size = size;
	INIT_LIST_HEAD(&program->link);
	spin_lock_init(&program->lock);
	init_waitqueue_head(&program->idle);

	return program;
}

/* Consumes the reference to @vm. */
static struct tsr_program *tsr_program_create(struct tsr_device *tdev, struct tsr_vm *vm, u64 va,
					      u32 size)
{
	struct tsr_program *program = tsr_program_alloc(tdev, vm, va, size);
	int ret;

	if (!program)
		return ERR_PTR(-ENOMEM);
	program->mapping = tsr_bind_pin(vm, va, size);
	if (IS_ERR(program->mapping)) {
		ret = PTR_ERR(program->mapping);
		goto err_put;
	}
	program->charged = !tsr_client_charge(tsr_vm_client(vm), TSR_RESOURCE_PROGRAM, 1);
	ret = tsr_program_start(program);
	if (ret)
		goto err_unpin;

	return program;

err_unpin:
	if (program->charged)
		tsr_client_uncharge(tsr_vm_client(vm), TSR_RESOURCE_PROGRAM, 1);
	tsr_bind_unpin(vm, program->mapping);
err_put:
	tsr_program_put(program);
	return ERR_PTR(ret);
}

static int tsr_program_check_args(const struct drm_tessera_program_seal *args)
{
	if (args->flags || !IS_ALIGNED(args->va, TSR_HW_PROGRAM_ALIGN) ||
	    args->size < sizeof(struct tsr_hw_program))
		return -EINVAL;

	return 0;
}

/**
 * tsr_ioctl_program_seal() - PROGRAM_SEAL
 * @drm: device
 * @data: &struct drm_tessera_program_seal
 * @file: client
 *
 * Return: 0 or a negative errno.
 */
int tsr_ioctl_program_seal(struct drm_device *drm, void *data, struct drm_file *file)
{
	struct drm_tessera_program_seal *args = data;
	struct tsr_file *tfile = file->driver_priv;
	struct tsr_device *tdev = to_tsr_device(drm);
	struct tsr_program *program;
	struct tsr_vm *vm;
	int ret;

	ret = tsr_program_check_args(args);
	if (ret)
		return ret;
	if (!tsr_fw_agreed(tdev, TSR_HW_FEATURE_SEALED))
		return -EOPNOTSUPP;
	vm = tsr_vm_get(file, args->vm_id);
	if (!vm)
		return -ENOENT;

	program = tsr_program_create(tdev, vm, args->va, args->size);
	if (IS_ERR(program))
		return PTR_ERR(program);
	ret = xa_alloc(&tfile->programs, &args->program_id, program, xa_limit_31b,
		       GFP_KERNEL_ACCOUNT);
	if (ret)
		tsr_program_end(program);

	return ret;
}

static bool tsr_program_is_idle(struct tsr_program *program)
{
	bool idle;

	spin_lock_irq(&program->lock);
	idle = !program->users;
	spin_unlock_irq(&program->lock);

	return idle;
}

/* Return: false when another UNSEAL is at work, or was. */
static bool tsr_program_begin_end(struct tsr_program *program)
{
	bool first;

	spin_lock_irq(&program->lock);
	first = !program->ending;
	program->ending = true;
	spin_unlock_irq(&program->lock);

	return first;
}

static void tsr_program_cancel_end(struct tsr_program *program)
{
	spin_lock_irq(&program->lock);
	program->ending = false;
	spin_unlock_irq(&program->lock);
}

static int tsr_program_unseal(struct tsr_file *tfile, u32 id, struct tsr_program *program)
{
	int ret;

	if (!tsr_program_begin_end(program))
		return -ENOENT;
	ret = wait_event_interruptible(program->idle, tsr_program_is_idle(program));
	if (ret) {
		tsr_program_cancel_end(program);
		return -EINTR;
	}
	xa_erase(&tfile->programs, id);
	tsr_program_end(program);

	return 0;
}

/**
 * tsr_ioctl_program_unseal() - PROGRAM_UNSEAL
 * @drm: device
 * @data: &struct drm_tessera_program_unseal
 * @file: client
 *
 * Return: 0 or a negative errno.
 */
int tsr_ioctl_program_unseal(struct drm_device *drm, void *data, struct drm_file *file)
{
	struct drm_tessera_program_unseal *args = data;
	struct tsr_file *tfile = file->driver_priv;
	struct tsr_program *program;
	int ret;

	if (args->pad)
		return -EINVAL;
	program = tsr_program_get(file, args->program_id);
	if (!program)
		return -ENOENT;

	ret = tsr_program_unseal(tfile, args->program_id, program);
	tsr_program_put(program);

	return ret;
}
