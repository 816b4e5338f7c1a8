/* SPDX-License-Identifier: MIT */
#ifndef _UAPI_TESSERA_ACCEL_H_
#define _UAPI_TESSERA_ACCEL_H_

#include "drm.h"

#if defined(__cplusplus)
extern "C" {
#endif

/**
 * DOC: Rules of this interface
 *
 * - 64-bit little-endian userspace only. Every structure is a multiple of eight
 *   bytes, naturally aligned, without implicit padding.
 * - A structure grows at its end or into its padding; zero means the old
 *   behaviour. Padding and unknown flags that are not zero are refused with
 *   -EINVAL, so that they can gain a meaning. No field is accepted and not honoured.
 * - An argument or array element may be shorter than the kernel's structure, but not
 *   than its first version (DRM_TESSERA_*_SIZE_VER0): -EINVAL. What is missing counts
 *   as zero. It may be longer: -E2BIG when a byte that the kernel does not know is not
 *   zero. An element of more than 4096 bytes is refused with -E2BIG.
 * - Arrays are a &struct drm_tessera_array, which carries the element size.
 * - A new field, flag or query raises the driver's minor version.
 * - Sizes and addresses are bytes; times are nanoseconds of CLOCK_MONOTONIC unless they
 *   are called cycles, which are device cycles, or device time, which is cycles divided by
 *   &drm_tessera_query_hw.clock_khz.
 *
 * Part of this interface are those headers of the hardware contract that describe what a client
 * puts into memory for the device or reads from it: program.h (programs, slots, profile
 * records), command.h (streams), types.h (data types), error.h (TSR_HW_ERR_*) and fuse.h (the
 * fuse block). They are versioned by the words in them: the program header's version, the
 * fuse block's version and &drm_tessera_query_hw.hw_version.
 *
 * Errors of the driver's ioctls. None is -EAGAIN, which drmIoctl() of libdrm repeats
 * without end; -EINTR is repeated by it, and nothing has been changed then.
 *
 * - -EINVAL: malformed argument
 * - -E2BIG: fields set that the kernel does not know
 * - -ENOENT: no such object of this file
 * - -ENOMEM: system memory
 * - -ENOSPC: device resource or address space used up
 * - -EDQUOT: this user holds its limit of a resource
 * - -EACCES, -EPERM: not allowed
 * - -EBUSY: object in use, or no room in a queue
 * - -ETIMEDOUT: the deadline has passed
 * - -ECANCELED: the queue has failed
 * - -EOPNOTSUPP: not by this device
 * - -ENOTTY: no such ioctl
 * - -EFAULT: bad pointer
 * - -EINTR: a signal ended a wait
 * - -ENODEV: device gone, -EIO: device dead after a failed reset
 *
 * On a device that is gone or dead every ioctl returns that error, except those that free
 * or explain: DEV_QUERY, VM_DESTROY, PROGRAM_UNSEAL, QUEUE_DESTROY, QUEUE_GET_STATE,
 * QUEUE_WAIT and of the DRM core VERSION, GET_CAP, GEM_CLOSE and SYNCOBJ_*. After the driver
 * was unbound from the device the DRM core answers -ENODEV to its own ioctls, GEM_CLOSE
 * excepted; sync files exported before tell the verdict of a job then, and closing the device
 * file frees all.
 */

/**
 * enum drm_tessera_ioctl_id - numbers of the driver's ioctls
 */
enum drm_tessera_ioctl_id {
	/** @DRM_TESSERA_DEV_QUERY: facts about the device */
	DRM_TESSERA_DEV_QUERY = 0,
	/** @DRM_TESSERA_VM_CREATE: new address space */
	DRM_TESSERA_VM_CREATE,
	/** @DRM_TESSERA_VM_DESTROY: release an address space */
	DRM_TESSERA_VM_DESTROY,
	/** @DRM_TESSERA_VM_BIND: map and unmap */
	DRM_TESSERA_VM_BIND,
	/** @DRM_TESSERA_BO_CREATE: new buffer object */
	DRM_TESSERA_BO_CREATE,
	/** @DRM_TESSERA_BO_MMAP_OFFSET: offset for mmap() */
	DRM_TESSERA_BO_MMAP_OFFSET,
	/** @DRM_TESSERA_BO_SYNC: order CPU and device accesses */
	DRM_TESSERA_BO_SYNC,
	/** @DRM_TESSERA_QUEUE_CREATE: new job queue */
	DRM_TESSERA_QUEUE_CREATE,
	/** @DRM_TESSERA_QUEUE_DESTROY: end the jobs of a queue and release it */
	DRM_TESSERA_QUEUE_DESTROY,
	/** @DRM_TESSERA_QUEUE_GET_STATE: is it alive, and if not, why */
	DRM_TESSERA_QUEUE_GET_STATE,
	/** @DRM_TESSERA_SUBMIT: run graph jobs */
	DRM_TESSERA_SUBMIT,
	/** @DRM_TESSERA_QUEUE_WAIT: wait for the end of a job and its verdict */
	DRM_TESSERA_QUEUE_WAIT,
	/** @DRM_TESSERA_BO_SEAL: let the bytes of a buffer object change no more */
	DRM_TESSERA_BO_SEAL,
	/** @DRM_TESSERA_PROGRAM_SEAL: have a program checked once for all its jobs */
	DRM_TESSERA_PROGRAM_SEAL,
	/** @DRM_TESSERA_PROGRAM_UNSEAL: release a sealed program */
	DRM_TESSERA_PROGRAM_UNSEAL,
};

/**
 * struct drm_tessera_array - array of structures in user memory
 */
struct drm_tessera_array {
	/** @stride: size of one element as userspace knows it */
	__u32 stride;
	/** @count: number of elements */
	__u32 count;
	/** @array: address of the first */
	__u64 array;
};

#define DRM_TESSERA_ARRAY(cnt, ptr) \
	{ .stride = sizeof((ptr)[0]), .count = (cnt), .array = (__u64)(uintptr_t)(ptr) }

/**
 * struct drm_tessera_sync - a fence to wait for or to signal
 */
struct drm_tessera_sync {
	/** @flags: one of WAIT and SIGNAL, and TIMELINE for a timeline syncobj */
	__u32 flags;
#define DRM_TESSERA_SYNC_WAIT		(1u << 0)
#define DRM_TESSERA_SYNC_SIGNAL		(1u << 1)
#define DRM_TESSERA_SYNC_TIMELINE	(1u << 2)
	/** @handle: syncobj */
	__u32 handle;
	/** @point: timeline point, not 0; 0 for a binary syncobj */
	__u64 point;
};

/**
 * enum drm_tessera_query - what DEV_QUERY can tell
 */
enum drm_tessera_query {
	/** @DRM_TESSERA_QUERY_HW: &struct drm_tessera_query_hw */
	DRM_TESSERA_QUERY_HW = 0,
	/**
	 * @DRM_TESSERA_QUERY_FUSES: the fuse block as the device gives it,
	 * struct tsr_hw_fuses of the hardware manual, little-endian
	 */
	DRM_TESSERA_QUERY_FUSES,
	/** @DRM_TESSERA_QUERY_FIRMWARE: &struct drm_tessera_query_firmware */
	DRM_TESSERA_QUERY_FIRMWARE,
	/** @DRM_TESSERA_QUERY_LIMITS: &struct drm_tessera_query_limits */
	DRM_TESSERA_QUERY_LIMITS,
	/** @DRM_TESSERA_QUERY_STATUS: &struct drm_tessera_query_status */
	DRM_TESSERA_QUERY_STATUS,
	/** @DRM_TESSERA_QUERY_MEMORY: &struct drm_tessera_query_memory */
	DRM_TESSERA_QUERY_MEMORY,
};

/**
 * struct drm_tessera_query_status - whether the device works, as of this call
 */
struct drm_tessera_query_status {
	/** @status: DRM_TESSERA_STATUS_* */
	__u32 status;
#define DRM_TESSERA_STATUS_READY	0	/* jobs run */
#define DRM_TESSERA_STATUS_LOST		1	/* the device does not answer any more */
#define DRM_TESSERA_STATUS_FAILED	2	/* it answers, but resets did not bring it back */
	/**
	 * @resets: a number that each reset of the device increases, also that of a system's
	 * sleep. What LOCAL objects held before is lost.
	 */
	__u32 resets;
};

/**
 * struct drm_tessera_query_memory - the device's own memory, as of this call
 */
struct drm_tessera_query_memory {
	/** @local_size: bytes of local memory, 0 on a device without */
	__u64 local_size;
	/** @local_free: bytes of it that no object has */
	__u64 local_free;
	/**
	 * @max_local_per_user: bytes of it that one user, and all users together, may have;
	 * it does not bind a process with CAP_SYS_ADMIN
	 */
	__u64 max_local_per_user;
};

/**
 * struct drm_tessera_query_hw - identification
 */
struct drm_tessera_query_hw {
	/** @hw_version: major << 16 | minor */
	__u32 hw_version;
	/** @caps: TSR_HW_CAP_* of the hardware manual */
	__u32 caps;
	/** @sku: TSR_HW_SKU_* */
	__u32 sku;
	/** @clock_khz: frequency of device cycles */
	__u32 clock_khz;
	/** @va_bits: width of virtual addresses */
	__u32 va_bits;
	/** @phys_bits: width of physical addresses */
	__u32 phys_bits;
	/** @time_scale: wall-clock seconds a modelled second may take */
	__u32 time_scale;
	/** @vectors: interrupt vectors in use */
	__u32 vectors;
	/** @serial: serial number */
	__u64 serial;
};

/**
 * struct drm_tessera_query_firmware - what runs on the management core
 */
struct drm_tessera_query_firmware {
	/** @version: major << 24 | minor << 16 | patch */
	__u32 version;
	/** @abi: host-firmware interface version in force */
	__u32 abi;
	/** @security_version: anti-rollback version of the image */
	__u32 security_version;
	/** @max_contexts: jobs walked at once */
	__u32 max_contexts;
	/** @features: feature bits in force */
	__u64 features;
	/** @measurement: SHA-256 the boot ROM took of the image */
	__u8 measurement[32];
	/** @device_key: Ed25519 public key of device and measurement; nothing signs with it */
	__u8 device_key[32];
};

/**
 * struct drm_tessera_query_limits - how much of everything
 *
 * What is limited per user is counted over all files the user has open. Beyond a limit
 * the ioctl gives -EDQUOT. All users together leave an eighth of the address spaces and
 * of the queues free, and then get -ENOSPC. Neither binds a process with CAP_SYS_ADMIN.
 */
struct drm_tessera_query_limits {
	/** @max_vms: address spaces of the device */
	__u32 max_vms;
	/** @max_queues: job queues of the device */
	__u32 max_queues;
	/** @max_queues_per_vm: job queues of one address space */
	__u32 max_queues_per_vm;
	/** @max_jobs: jobs one SUBMIT takes */
	__u32 max_jobs;
	/** @max_pending: jobs of one queue not yet complete; beyond that SUBMIT waits */
	__u32 max_pending;
	/** @max_syncs: syncs of one job */
	__u32 max_syncs;
	/** @max_submit_syncs: syncs of all jobs of one SUBMIT together */
	__u32 max_submit_syncs;
	/** @max_nodes: nodes of one program */
	__u32 max_nodes;
	/** @max_slots: slots of one job */
	__u32 max_slots;
	/** @max_binds: operations of one VM_BIND */
	__u32 max_binds;
	/** @priorities: bit per DRM_TESSERA_PRIORITY_* this process may use */
	__u32 priorities;
	/** @pad: 0 */
	__u32 pad;
	/** @user_va_start: first virtual address that can be mapped */
	__u64 user_va_start;
	/** @user_va_end: first one after them */
	__u64 user_va_end;
	/** @max_bo_size: largest buffer object */
	__u64 max_bo_size;
	/** @max_budget_ns: largest engine time a job may be given, in device time */
	__u64 max_budget_ns;
	/** @job_timeout_ns: a job that makes no progress for so long is killed */
	__u64 job_timeout_ns;
	/** @max_vms_per_user: address spaces one user may have */
	__u32 max_vms_per_user;
	/** @max_queues_per_user: job queues one user may have */
	__u32 max_queues_per_user;
	/** @max_pgtable_per_user: bytes of page tables one user may have */
	__u64 max_pgtable_per_user;
	/** @max_bind_size: bytes the MAP operations of one VM_BIND map, each counted */
	__u64 max_bind_size;
};

/**
 * struct drm_tessera_dev_query - argument of DEV_QUERY
 *
 * With @pointer 0 only @size is returned. Otherwise as much as fits is copied,
 * what the kernel does not know is zeroed, and @size is the kernel's size.
 */
struct drm_tessera_dev_query {
	/** @type: &enum drm_tessera_query */
	__u32 type;
	/** @size: in: bytes at @pointer, out: bytes the kernel has */
	__u32 size;
	/** @pointer: where to */
	__u64 pointer;
};

/**
 * struct drm_tessera_vm_create - argument of VM_CREATE
 */
struct drm_tessera_vm_create {
	/** @flags: must be 0 */
	__u32 flags;
	/** @vm_id: out: the address space */
	__u32 vm_id;
	/** @user_va_start: out: first address that can be mapped */
	__u64 user_va_start;
	/** @user_va_end: out: first one after them */
	__u64 user_va_end;
};

/**
 * struct drm_tessera_vm_destroy - argument of VM_DESTROY
 *
 * -EBUSY while a queue or a sealed program of it exists.
 */
struct drm_tessera_vm_destroy {
	/** @vm_id: address space */
	__u32 vm_id;
	/** @pad: must be 0 */
	__u32 pad;
};

/**
 * struct drm_tessera_vm_bind_op - one mapping operation
 */
struct drm_tessera_vm_bind_op {
	/** @op: what to do */
	__u32 op;
#define DRM_TESSERA_BIND_MAP		0
#define DRM_TESSERA_BIND_UNMAP		1
	/** @flags: permissions of a mapping; at least one of READ, WRITE and FETCH */
	__u32 flags;
#define DRM_TESSERA_BIND_READ		(1u << 0)
#define DRM_TESSERA_BIND_WRITE		(1u << 1)
#define DRM_TESSERA_BIND_FETCH		(1u << 2)
	/** @bo_handle: buffer object to map; 0 for UNMAP */
	__u32 bo_handle;
	/** @pad: must be 0 */
	__u32 pad;
	/** @bo_offset: page aligned; 0 for UNMAP */
	__u64 bo_offset;
	/** @va: page aligned, inside the user range */
	__u64 va;
	/** @size: page aligned, not 0 */
	__u64 size;
};

/**
 * struct drm_tessera_vm_bind - argument of VM_BIND
 *
 * All operations are done in order, or none is. -EBUSY when one would change a mapping that
 * has a sealed program. MAP replaces what is mapped in
 * its range; UNMAP of what is not mapped is fine. When the call returns, later
 * submissions see the new mappings and no access through the old ones is left.
 *
 * More than &drm_tessera_query_limits.max_binds operations, and MAP operations of together
 * more than &drm_tessera_query_limits.max_bind_size, are refused with -EINVAL. A process
 * that is killed need not wait for the end of its call, and has done all of it or none.
 */
struct drm_tessera_vm_bind {
	/** @vm_id: address space */
	__u32 vm_id;
	/** @flags: must be 0 */
	__u32 flags;
	/** @ops: &struct drm_tessera_vm_bind_op */
	struct drm_tessera_array ops;
};

/**
 * struct drm_tessera_bo_create - argument of BO_CREATE
 *
 * The memory is zeroed. It is taken, and charged to the memory cgroup of the caller, by
 * the first VM_BIND or mmap() of the object: those give -ENOMEM without room. BO_CREATE
 * itself gives -ENOMEM for an object larger than the cgroup's memory.max.
 *
 * A LOCAL object is memory of the device, behind its MMU: no CPU maps it (BO_MMAP_OFFSET gives
 * -EOPNOTSUPP) and it cannot be exported. Jobs fill and drain it. It is taken and zeroed by
 * BO_CREATE, which waits for the device to do so: -ENOSPC without room, because nothing is
 * evicted for it; -EDQUOT when the user, or a cgroup for the memory of devices (dmem), holds its
 * limit; -EINTR when the caller is killed; -EOPNOTSUPP on a device without local memory.
 *
 * A reset of the device, and a system's sleep, lose what LOCAL objects hold: what is read there
 * before it is written again is undefined, and nothing that any job wrote; sealed ones are no
 * exception. The objects and their mappings stay. So that no job works on what is lost, every
 * queue of an address space that has a LOCAL object mapped then fails and is INNOCENT, whether
 * a job of it ran or not. &drm_tessera_query_status.resets tells of objects that were not
 * mapped.
 */
struct drm_tessera_bo_create {
	/** @size: in: bytes wanted, not 0; out: rounded up to pages */
	__u64 size;
	/** @flags: DRM_TESSERA_BO_* */
	__u32 flags;
#define DRM_TESSERA_BO_NO_MMAP		(1u << 0)	/* never mapped by a CPU */
#define DRM_TESSERA_BO_LOCAL		(1u << 1)	/* memory of the device */
	/**
	 * @exclusive_vm_id: only this address space may map it, and it cannot be
	 * exported; submissions then do not grow with it. 0 for none.
	 */
	__u32 exclusive_vm_id;
	/** @handle: out: GEM handle */
	__u32 handle;
	/** @pad: must be 0 */
	__u32 pad;
};

/**
 * struct drm_tessera_bo_mmap_offset - argument of BO_MMAP_OFFSET
 */
struct drm_tessera_bo_mmap_offset {
	/** @handle: GEM handle; -EACCES for a NO_MMAP object, -EOPNOTSUPP for a LOCAL one */
	__u32 handle;
	/** @pad: must be 0 */
	__u32 pad;
	/** @offset: out: for mmap() of the device file */
	__u64 offset;
};

/**
 * struct drm_tessera_bo_sync - argument of BO_SYNC
 *
 * Orders accesses of the CPU before the call against those of the device after it, or the
 * other way round. The device is coherent, so that either direction orders both.
 */
struct drm_tessera_bo_sync {
	/** @handle: GEM handle */
	__u32 handle;
	/** @flags: at least one direction */
	__u32 flags;
#define DRM_TESSERA_BO_SYNC_TO_DEVICE	(1u << 0)
#define DRM_TESSERA_BO_SYNC_FROM_DEVICE	(1u << 1)
	/** @offset: first byte */
	__u64 offset;
	/** @size: bytes, not 0 */
	__u64 size;
};

/**
 * struct drm_tessera_bo_seal - argument of BO_SEAL
 *
 * From then on the bytes of the object do not change until it is freed, but for those of LOCAL
 * objects, which a reset loses (&struct drm_tessera_bo_create). It is the seal of
 * memfds, F_SEAL_WRITE: nothing that can write is taken away, so that no process faults
 * because of what another one does; -EBUSY while there is
 *
 * - a CPU mapping made before, of a file opened for writing: also without PROT_WRITE, which
 *   mprotect() could add,
 * - a VM_BIND mapping with WRITE,
 * - another driver that has attached to the exported object: the direction in which it maps is
 *   not known.
 *
 * Of a sealed object mmap() with PROT_WRITE gives -EPERM and mprotect() to it -EACCES, VM_BIND
 * with WRITE -EPERM, and other drivers cannot attach (-EPERM). A mapping that VM_BIND makes after
 * the seal tells the device of it, which may keep what it has read; one made before does not, and
 * can be replaced by its like, before PROGRAM_SEAL. Processes that open the same
 * device share it as any other. To seal a sealed object is fine. An imported object is
 * refused with -EPERM.
 */
struct drm_tessera_bo_seal {
	/** @handle: GEM handle */
	__u32 handle;
	/** @flags: must be 0 */
	__u32 flags;
};

/**
 * struct drm_tessera_program_seal - argument of PROGRAM_SEAL
 *
 * The device checks a sealed program with its first job, and not again: jobs with
 * DRM_TESSERA_JOB_SEALED name it by @program_id. It has to lie in one mapping with FETCH (else
 * -EINVAL) of an object that is sealed (else -EPERM, BO_SEAL). That mapping can be changed and
 * the address space be destroyed only after PROGRAM_UNSEAL.
 *
 * -EINVAL and -EFAULT also when there is no header of a program of @size bytes; -EOPNOTSUPP
 * when the device cannot run it, and without bit 4 of &drm_tessera_query_firmware.features.
 *
 * A device remembers so many programs; beyond that, and beyond the share of one user, jobs
 * run as those of programs that are not sealed: no slower than these, and with no error.
 */
struct drm_tessera_program_seal {
	/** @va: address of the program, 64-byte aligned */
	__u64 va;
	/** @size: bytes of it */
	__u32 size;
	/** @vm_id: address space */
	__u32 vm_id;
	/** @flags: must be 0 */
	__u32 flags;
	/** @program_id: out: the sealed program */
	__u32 program_id;
};

/**
 * struct drm_tessera_program_unseal - argument of PROGRAM_UNSEAL
 *
 * Waits for jobs of the program that the device has been given, which end or are killed when
 * they make no progress. A signal ends the wait (-EINTR); the program is sealed then. Jobs
 * that still wait for their syncs run as those of a program that is not sealed.
 */
struct drm_tessera_program_unseal {
	/** @program_id: sealed program */
	__u32 program_id;
	/** @pad: must be 0 */
	__u32 pad;
};

#define DRM_TESSERA_PRIORITY_LOW	0
#define DRM_TESSERA_PRIORITY_NORMAL	1
#define DRM_TESSERA_PRIORITY_HIGH	2	/* needs CAP_SYS_NICE */
#define DRM_TESSERA_PRIORITY_REALTIME	3	/* needs CAP_SYS_NICE */

/**
 * struct drm_tessera_queue_create - argument of QUEUE_CREATE
 */
struct drm_tessera_queue_create {
	/** @vm_id: address space of its jobs */
	__u32 vm_id;
	/** @priority: DRM_TESSERA_PRIORITY_* */
	__u32 priority;
	/**
	 * @budget_ns: engine time one job may take, in device time; 0: the largest allowed.
	 * More than &drm_tessera_query_limits.max_budget_ns is refused with -EINVAL.
	 */
	__u64 budget_ns;
	/** @flags: must be 0 */
	__u32 flags;
	/** @queue_id: out: the queue */
	__u32 queue_id;
};

/**
 * struct drm_tessera_queue_destroy - argument of QUEUE_DESTROY
 *
 * Jobs that have not completed are killed; their fences signal -ECANCELED.
 */
struct drm_tessera_queue_destroy {
	/** @queue_id: queue */
	__u32 queue_id;
	/** @pad: must be 0 */
	__u32 pad;
};

/**
 * struct drm_tessera_queue_get_state - argument of QUEUE_GET_STATE
 *
 * A queue fails with its first job that fails or is not run, whatever the reason,
 * and stays failed; what is reported is that job. All its later jobs end with
 * -ECANCELED and never start. So a fence that signals success says that every
 * earlier job of its queue has succeeded too: no job ever works on what a failed or
 * canceled one should have made. To go on, userspace creates another queue.
 *
 * INNOCENT: the device was reset while the job ran, for a reason that is not known
 * to be the job's, and the job could not be run again (it was not REPLAYABLE, or met
 * too many resets). What it should have written is undefined; submitting the same
 * work again to another queue is sensible. Jobs that had not started run after the
 * reset as if nothing had happened. A queue of an address space with LOCAL objects is
 * INNOCENT after any reset, and @seq is that of its first job which did not end before.
 *
 * DEPENDENCY: a fence that the job was to wait for has an error; the job did not
 * start. Only a job of this queue decides: a queue fails through a fence of
 * another one when a job of its own waits for that fence, and in no other way.
 */
struct drm_tessera_queue_get_state {
	/** @queue_id: queue */
	__u32 queue_id;
	/** @state: out: DRM_TESSERA_QUEUE_* */
	__u32 state;
#define DRM_TESSERA_QUEUE_FAILED	(1u << 0)	/* SUBMIT gives -ECANCELED */
#define DRM_TESSERA_QUEUE_TIMEDOUT	(1u << 1)	/* its job made no progress */
#define DRM_TESSERA_QUEUE_FAULTED	(1u << 2)	/* its job touched an unmapped address */
#define DRM_TESSERA_QUEUE_INNOCENT	(1u << 3)	/* a reset interrupted its job */
#define DRM_TESSERA_QUEUE_DEPENDENCY	(1u << 4)	/* what its job waited for failed */
#define DRM_TESSERA_QUEUE_DEVICE_LOST	(1u << 5)	/* no queue of the device runs again */
	/** @error: out: errno its fence carries, positive, 0 for none */
	__u32 error;
	/** @device_error: out: TSR_HW_ERR_* of the hardware manual */
	__u32 device_error;
	/** @node: out: failed node of the program, ~0 when it is not known */
	__u32 node;
	/** @pending: out: jobs not yet complete */
	__u32 pending;
	/** @address: out: faulting address; of a refused command its offset in the stream; or 0 */
	__u64 address;
	/** @seq: out: number of the failed job, counted from 1 per queue */
	__u64 seq;
	/** @completed: out: jobs of this queue that have completed */
	__u64 completed;
	/** @start: out: device cycle the last completed job started */
	__u64 start;
	/** @end: out: device cycle it ended */
	__u64 end;
};

/**
 * struct drm_tessera_job - one graph job
 */
struct drm_tessera_job {
	/**
	 * @program: address of the program, mapped for fetch, 64-byte aligned; with SEALED
	 * &drm_tessera_program_seal.program_id of one in the queue's address space
	 */
	__u64 program;
	/** @slots: address of its slot table, mapped for reading */
	__u64 slots;
	/**
	 * @parameters: address of the 64-bit words that its commands may name, mapped for
	 * reading; read once, when the job starts. 0 without any
	 */
	__u64 parameters;
	/** @program_size: bytes of the program; 0 with SEALED */
	__u32 program_size;
	/** @slot_count: slots */
	__u32 slot_count;
	/** @repeat: times to run it, at least 1; slots advance by their strides */
	__u32 repeat;
	/**
	 * @flags: PROFILE writes records to @profile. REPLAYABLE promises that the job may
	 * be run again from its beginning after it was interrupted anywhere: it
	 * overwrites nothing that it reads. The kernel then does so after a reset
	 * that is not known to be the job's fault, at most three times; without
	 * the flag, or after that, the job ends with -ECANCELED and its queue is
	 * INNOCENT. A job killed for making no progress is never run again.
	 * STRICT asks for the strict numeric mode of the hardware manual; -EOPNOTSUPP
	 * unless bit 3 of &drm_tessera_query_firmware.features is set.
	 */
	__u32 flags;
#define DRM_TESSERA_JOB_PROFILE		(1u << 0)
#define DRM_TESSERA_JOB_REPLAYABLE	(1u << 1)
#define DRM_TESSERA_JOB_STRICT		(1u << 2)
#define DRM_TESSERA_JOB_SEALED		(1u << 3)	/* @program is a sealed program */
	/** @profile: address of the profile records (PROFILE), mapped for writing */
	__u64 profile;
	/** @profile_count: records that fit there */
	__u32 profile_count;
	/**
	 * @parameter_count: words there, at most 256; -EOPNOTSUPP for any unless bit 2 of
	 * &drm_tessera_query_firmware.features is set
	 */
	__u32 parameter_count;
	/** @syncs: &struct drm_tessera_sync */
	struct drm_tessera_array syncs;
	/** @seq: out: number of the job, counted from 1 per queue */
	__u64 seq;
};

/**
 * struct drm_tessera_submit - argument of SUBMIT
 *
 * All jobs are queued in order, or none is. Jobs of a queue run one after the
 * other. The kernel reads no program; all addresses are virtual ones of the
 * queue's address space, checked by the NPU's MMU.
 *
 * Synchronization is explicit: a job waits for its syncs and for nothing else, and no
 * other waits for it because of a shared buffer. Where a dma-buf is shared with others
 * who rely on its fences, DMA_BUF_IOCTL_EXPORT_SYNC_FILE and _IMPORT_SYNC_FILE translate.
 *
 * A queue holds &drm_tessera_query_limits.max_pending jobs that are not complete. When the
 * new ones find no room, SUBMIT waits for it until @deadline_ns:
 *
 * - 0: it does not wait; -EBUSY
 * - a point in time: -ETIMEDOUT once that has passed
 * - larger than INT64_MAX: without limit
 *
 * The wait ends also when the queue fails (-ECANCELED) or is destroyed (-ENOENT), the
 * device is lost (-ENODEV, -EIO), or a signal arrives (-EINTR). Syncs are resolved before it.
 */
struct drm_tessera_submit {
	/** @queue_id: queue */
	__u32 queue_id;
	/** @flags: must be 0 */
	__u32 flags;
	/** @jobs: &struct drm_tessera_job, at least one */
	struct drm_tessera_array jobs;
	/** @deadline_ns: time of CLOCK_MONOTONIC until which to wait for room */
	__u64 deadline_ns;
};

/**
 * struct drm_tessera_queue_wait - argument of QUEUE_WAIT
 *
 * Waits until a job has ended, and tells how: what waiting for a syncobj does not. Jobs of a
 * queue end in order, so all before it have ended as well. No descriptor is needed.
 *
 * It waits until @deadline_ns as SUBMIT does; -ETIMEDOUT when the job has not ended by then,
 * which with 0 is a question. The wait ends also when the queue is destroyed (-ENOENT) or a
 * signal arrives (-EINTR).
 */
struct drm_tessera_queue_wait {
	/** @queue_id: queue */
	__u32 queue_id;
	/**
	 * @error: out: 0 when the job and all before it succeeded; the positive errno of the
	 * job that made the queue fail; ECANCELED for those after it
	 */
	__u32 error;
	/** @seq: the job's number, &drm_tessera_job.seq; -EINVAL when it was not submitted */
	__u64 seq;
	/** @deadline_ns: time of CLOCK_MONOTONIC until which to wait */
	__u64 deadline_ns;
};

/* Sizes in the first version of the interface: the kernel takes no less. */
#define DRM_TESSERA_DEV_QUERY_SIZE_VER0		16
#define DRM_TESSERA_VM_CREATE_SIZE_VER0		24
#define DRM_TESSERA_VM_DESTROY_SIZE_VER0	8
#define DRM_TESSERA_VM_BIND_SIZE_VER0		24
#define DRM_TESSERA_VM_BIND_OP_SIZE_VER0	40
#define DRM_TESSERA_BO_CREATE_SIZE_VER0		24
#define DRM_TESSERA_BO_MMAP_OFFSET_SIZE_VER0	16
#define DRM_TESSERA_BO_SYNC_SIZE_VER0		24
#define DRM_TESSERA_BO_SEAL_SIZE_VER0		8
#define DRM_TESSERA_PROGRAM_SEAL_SIZE_VER0	24
#define DRM_TESSERA_PROGRAM_UNSEAL_SIZE_VER0	8
#define DRM_TESSERA_QUEUE_CREATE_SIZE_VER0	24
#define DRM_TESSERA_QUEUE_DESTROY_SIZE_VER0	8
#define DRM_TESSERA_QUEUE_GET_STATE_SIZE_VER0	64
#define DRM_TESSERA_QUEUE_WAIT_SIZE_VER0	24
#define DRM_TESSERA_SUBMIT_SIZE_VER0		32
#define DRM_TESSERA_JOB_SIZE_VER0		80
#define DRM_TESSERA_SYNC_SIZE_VER0		16

#define DRM_IOCTL_TESSERA(access, id, type) \
	DRM_IO ## access(DRM_COMMAND_BASE + DRM_TESSERA_ ## id, struct drm_tessera_ ## type)

#define DRM_IOCTL_TESSERA_DEV_QUERY	DRM_IOCTL_TESSERA(WR, DEV_QUERY, dev_query)
#define DRM_IOCTL_TESSERA_VM_CREATE	DRM_IOCTL_TESSERA(WR, VM_CREATE, vm_create)
#define DRM_IOCTL_TESSERA_VM_DESTROY	DRM_IOCTL_TESSERA(WR, VM_DESTROY, vm_destroy)
#define DRM_IOCTL_TESSERA_VM_BIND	DRM_IOCTL_TESSERA(WR, VM_BIND, vm_bind)
#define DRM_IOCTL_TESSERA_BO_CREATE	DRM_IOCTL_TESSERA(WR, BO_CREATE, bo_create)
#define DRM_IOCTL_TESSERA_BO_MMAP_OFFSET \
	DRM_IOCTL_TESSERA(WR, BO_MMAP_OFFSET, bo_mmap_offset)
#define DRM_IOCTL_TESSERA_BO_SYNC	DRM_IOCTL_TESSERA(WR, BO_SYNC, bo_sync)
#define DRM_IOCTL_TESSERA_BO_SEAL	DRM_IOCTL_TESSERA(WR, BO_SEAL, bo_seal)
#define DRM_IOCTL_TESSERA_PROGRAM_SEAL	DRM_IOCTL_TESSERA(WR, PROGRAM_SEAL, program_seal)
#define DRM_IOCTL_TESSERA_PROGRAM_UNSEAL \
	DRM_IOCTL_TESSERA(WR, PROGRAM_UNSEAL, program_unseal)
#define DRM_IOCTL_TESSERA_QUEUE_CREATE	DRM_IOCTL_TESSERA(WR, QUEUE_CREATE, queue_create)
#define DRM_IOCTL_TESSERA_QUEUE_DESTROY	DRM_IOCTL_TESSERA(WR, QUEUE_DESTROY, queue_destroy)
#define DRM_IOCTL_TESSERA_QUEUE_GET_STATE \
	DRM_IOCTL_TESSERA(WR, QUEUE_GET_STATE, queue_get_state)
#define DRM_IOCTL_TESSERA_SUBMIT	DRM_IOCTL_TESSERA(WR, SUBMIT, submit)
#define DRM_IOCTL_TESSERA_QUEUE_WAIT	DRM_IOCTL_TESSERA(WR, QUEUE_WAIT, queue_wait)

#if defined(__cplusplus)
}
#endif

#endif /* _UAPI_TESSERA_ACCEL_H_ */
