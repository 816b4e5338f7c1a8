// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every ioctl with wrong arguments: one error each, and nothing changed. What is refused has
 * one defect, and is accepted without it.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <kselftest_harness.h>

#include <tsr_hw/fuse.h>
#include <tsr_hw/version.h>

#include "tsr_kselftest.h"

#define PAGE		4096ull
#define NO_SUCH		0x7fffffffu
#define BAD_POINTER	((void *)8)

FIXTURE(ioctl) {
	struct tsr_context c;
	struct tsr_bo bo;
};

FIXTURE_SETUP(ioctl)
{
	ASSERT_EQ(0, tsr_context_open(&self->c));
	ASSERT_EQ(0, tsr_bo_create(self->c.fd, 4 * PAGE, 0, &self->bo));
	tsr_context_load_nops(&self->c, 1);
}

FIXTURE_TEARDOWN(ioctl)
{
	/* Whatever was tried, the client still works. */
	EXPECT_EQ(0, tsr_context_run(&self->c));
	munmap(self->bo.map, self->bo.size);
	tsr_context_close(&self->c);
}

static bool core_ioctl_permitted(unsigned int nr)
{
	static const unsigned int permitted[] = {
		_IOC_NR(DRM_IOCTL_VERSION), _IOC_NR(DRM_IOCTL_GET_CAP),
		_IOC_NR(DRM_IOCTL_GEM_CLOSE), _IOC_NR(DRM_IOCTL_PRIME_HANDLE_TO_FD),
		_IOC_NR(DRM_IOCTL_PRIME_FD_TO_HANDLE), _IOC_NR(DRM_IOCTL_SYNCOBJ_CREATE),
		_IOC_NR(DRM_IOCTL_SYNCOBJ_DESTROY), _IOC_NR(DRM_IOCTL_SYNCOBJ_HANDLE_TO_FD),
		_IOC_NR(DRM_IOCTL_SYNCOBJ_FD_TO_HANDLE), _IOC_NR(DRM_IOCTL_SYNCOBJ_WAIT),
		_IOC_NR(DRM_IOCTL_SYNCOBJ_RESET), _IOC_NR(DRM_IOCTL_SYNCOBJ_SIGNAL),
		_IOC_NR(DRM_IOCTL_SYNCOBJ_TIMELINE_WAIT), _IOC_NR(DRM_IOCTL_SYNCOBJ_QUERY),
		_IOC_NR(DRM_IOCTL_SYNCOBJ_TRANSFER), _IOC_NR(DRM_IOCTL_SYNCOBJ_TIMELINE_SIGNAL),
		_IOC_NR(DRM_IOCTL_SYNCOBJ_EVENTFD), 0xd1 /* SET_CLIENT_NAME of newer kernels */,
	};

	for (size_t i = 0; i < ARRAY_COUNT(permitted); i++)
		if (permitted[i] == nr)
			return true;
	return false;
}

static bool driver_ioctl_exists(unsigned int nr)
{
	return nr >= 0x40 && nr <= 0x40 + DRM_TESSERA_PROGRAM_UNSEAL;
}

TEST_F(ioctl, numbers_that_are_not_ours_are_refused)
{
	static const unsigned int sizes[] = { 0, 4, 8, 16, 24, 64, 256 };
	static const unsigned int dirs[] = { _IOC_NONE, _IOC_READ, _IOC_WRITE,
					     _IOC_READ | _IOC_WRITE };
	unsigned char argument[256] = { 0 };

	for (unsigned int nr = 0; nr < 256; nr++) {
		for (unsigned int i = 0; i < ARRAY_COUNT(sizes) * ARRAY_COUNT(dirs); i++) {
			unsigned int cmd = _IOC(dirs[i % 4], 'd', nr, sizes[i / 4]);
			int ret = tsr_ioctl(self->c.fd, cmd, argument);

			if (!core_ioctl_permitted(nr) && !driver_ioctl_exists(nr)) {
				EXPECT_EQ(-ENOTTY, ret)
					TH_LOG("number %#x", nr);
			}
		}
	}
	EXPECT_EQ(-ENOTTY, tsr_ioctl(self->c.fd, _IOC(_IOC_READ, 'e', 0, 8), argument));
}

TEST_F(ioctl, all_numbers_with_garbage_do_no_harm)
{
	unsigned char argument[256];
	int other = tsr_open();

	ASSERT_LE(0, other);
	srand(1);
	for (unsigned int round = 0; round < 20; round++) {
		for (unsigned int nr = 0; nr < 256; nr++) {
			for (size_t i = 0; i < sizeof(argument); i++)
				argument[i] = round % 2 ? (unsigned char)rand() : rand() % 4 == 0;
			/* Not GEM_CLOSE and the like on the client of the other tests. */
			tsr_ioctl(other, _IOC(_IOC_READ | _IOC_WRITE, 'd', nr, 8 * (round + 1)),
				  argument);
		}
	}
	close(other);
}

TEST_F(ioctl, a_bad_pointer_is_a_fault)
{
	static const unsigned long requests[] = {
		DRM_IOCTL_TESSERA_DEV_QUERY, DRM_IOCTL_TESSERA_VM_CREATE,
		DRM_IOCTL_TESSERA_VM_DESTROY, DRM_IOCTL_TESSERA_VM_BIND,
		DRM_IOCTL_TESSERA_BO_CREATE, DRM_IOCTL_TESSERA_BO_MMAP_OFFSET,
		DRM_IOCTL_TESSERA_BO_SYNC, DRM_IOCTL_TESSERA_QUEUE_CREATE,
		DRM_IOCTL_TESSERA_QUEUE_DESTROY, DRM_IOCTL_TESSERA_QUEUE_GET_STATE,
		DRM_IOCTL_TESSERA_SUBMIT, DRM_IOCTL_TESSERA_QUEUE_WAIT,
		DRM_IOCTL_TESSERA_BO_SEAL, DRM_IOCTL_TESSERA_PROGRAM_SEAL,
		DRM_IOCTL_TESSERA_PROGRAM_UNSEAL,
	};

	for (size_t i = 0; i < ARRAY_COUNT(requests); i++)
		EXPECT_EQ(-EFAULT, tsr_ioctl(self->c.fd, requests[i], BAD_POINTER));
}

TEST_F(ioctl, dev_query_negotiates_the_size)
{
	struct drm_tessera_query_hw hw, part;
	struct {
		struct drm_tessera_query_hw hw;
		uint8_t more[64];
	} longer;
	struct drm_tessera_dev_query query = { .type = DRM_TESSERA_QUERY_HW };

	ASSERT_EQ(0, tsr_ioctl(self->c.fd, DRM_IOCTL_TESSERA_DEV_QUERY, &query));
	EXPECT_EQ(sizeof(hw), query.size);
	query.pointer = (uintptr_t)&hw;
	ASSERT_EQ(0, tsr_ioctl(self->c.fd, DRM_IOCTL_TESSERA_DEV_QUERY, &query));
	EXPECT_EQ(48, hw.va_bits);
	EXPECT_EQ(0x00010000, hw.hw_version);

	memset(&part, 0x5a, sizeof(part));
	query.pointer = (uintptr_t)&part;
	query.size = 8;
	ASSERT_EQ(0, tsr_ioctl(self->c.fd, DRM_IOCTL_TESSERA_DEV_QUERY, &query));
	EXPECT_EQ(sizeof(hw), query.size);
	EXPECT_EQ(hw.caps, part.caps);
	EXPECT_EQ(0x5a5a5a5a, part.sku);

	memset(&longer, 0x5a, sizeof(longer));
	query.pointer = (uintptr_t)&longer;
	query.size = sizeof(longer);
	ASSERT_EQ(0, tsr_ioctl(self->c.fd, DRM_IOCTL_TESSERA_DEV_QUERY, &query));
	EXPECT_EQ(0, longer.more[0]);
	EXPECT_EQ(0, longer.more[63]);
}

TEST_F(ioctl, dev_query_knows_fuses_firmware_and_limits)
{
	struct tsr_hw_fuses fuses;
	struct drm_tessera_query_firmware firmware;
	struct drm_tessera_query_limits limits;
	struct drm_tessera_dev_query query = {
		.type = DRM_TESSERA_QUERY_FUSES, .size = sizeof(fuses),
		.pointer = (uintptr_t)&fuses,
	};
	unsigned int any = 0;

	ASSERT_EQ(0, tsr_ioctl(self->c.fd, DRM_IOCTL_TESSERA_DEV_QUERY, &query));
	EXPECT_EQ(TSR_HW_FUSE_MAGIC, fuses.magic);
	query = (struct drm_tessera_dev_query){
		.type = DRM_TESSERA_QUERY_FIRMWARE, .size = sizeof(firmware),
		.pointer = (uintptr_t)&firmware,
	};
	ASSERT_EQ(0, tsr_ioctl(self->c.fd, DRM_IOCTL_TESSERA_DEV_QUERY, &query));
	EXPECT_EQ(TSR_HW_ABI_VERSION_MAX, firmware.abi);
	for (unsigned int i = 0; i < 32; i++)
		any |= firmware.measurement[i];
	EXPECT_NE(0, any);
	query = (struct drm_tessera_dev_query){
		.type = DRM_TESSERA_QUERY_LIMITS, .size = sizeof(limits),
		.pointer = (uintptr_t)&limits,
	};
	ASSERT_EQ(0, tsr_ioctl(self->c.fd, DRM_IOCTL_TESSERA_DEV_QUERY, &query));
	EXPECT_LT(0, limits.max_jobs);
	EXPECT_EQ(15, limits.priorities);
	EXPECT_EQ(4096, limits.user_va_start);
}

TEST_F(ioctl, dev_query_refuses_nonsense)
{
	struct drm_tessera_dev_query query = { .type = DRM_TESSERA_QUERY_MEMORY + 1 };

	EXPECT_EQ(-EINVAL, tsr_ioctl(self->c.fd, DRM_IOCTL_TESSERA_DEV_QUERY, &query));
	query.type = DRM_TESSERA_QUERY_MEMORY;
	EXPECT_EQ(0, tsr_ioctl(self->c.fd, DRM_IOCTL_TESSERA_DEV_QUERY, &query));
	query.type = ~0u;
	EXPECT_EQ(-EINVAL, tsr_ioctl(self->c.fd, DRM_IOCTL_TESSERA_DEV_QUERY, &query));
	query = (struct drm_tessera_dev_query){ .size = 8, .pointer = 8 };
	EXPECT_EQ(-EFAULT, tsr_ioctl(self->c.fd, DRM_IOCTL_TESSERA_DEV_QUERY, &query));
}

TEST_F(ioctl, vm_create_and_destroy_refuse_nonsense)
{
	struct drm_tessera_vm_create create = { .flags = 1 };
	struct drm_tessera_vm_destroy destroy = { .vm_id = self->c.vm, .pad = 1 };

	EXPECT_EQ(-EINVAL, tsr_ioctl(self->c.fd, DRM_IOCTL_TESSERA_VM_CREATE, &create));
	EXPECT_EQ(-EINVAL, tsr_ioctl(self->c.fd, DRM_IOCTL_TESSERA_VM_DESTROY, &destroy));
	EXPECT_EQ(-ENOENT, tsr_vm_destroy(self->c.fd, 0));
	EXPECT_EQ(-ENOENT, tsr_vm_destroy(self->c.fd, NO_SUCH));
	EXPECT_EQ(-EBUSY, tsr_vm_destroy(self->c.fd, self->c.vm));
	create.flags = 0;
	ASSERT_EQ(0, tsr_ioctl(self->c.fd, DRM_IOCTL_TESSERA_VM_CREATE, &create));
	EXPECT_EQ(0, tsr_vm_destroy(self->c.fd, create.vm_id));
}

TEST_F(ioctl, bo_create_refuses_nonsense)
{
	static const uint64_t sizes[] = { 0, ~0ull, 1ull << 63, (1ull << 63) - 1, 1ull << 48 };
	struct drm_tessera_bo_create args;

	for (size_t i = 0; i < ARRAY_COUNT(sizes); i++) {
		args = (struct drm_tessera_bo_create){ .size = sizes[i] };
		EXPECT_EQ(-EINVAL, tsr_ioctl(self->c.fd, DRM_IOCTL_TESSERA_BO_CREATE, &args));
	}
	args = (struct drm_tessera_bo_create){ .size = PAGE, .flags = 1u << 2 };
	EXPECT_EQ(-EINVAL, tsr_ioctl(self->c.fd, DRM_IOCTL_TESSERA_BO_CREATE, &args));
	args = (struct drm_tessera_bo_create){ .size = PAGE, .flags = 1u << 31 };
	EXPECT_EQ(-EINVAL, tsr_ioctl(self->c.fd, DRM_IOCTL_TESSERA_BO_CREATE, &args));
	args = (struct drm_tessera_bo_create){ .size = PAGE, .pad = 1 };
	EXPECT_EQ(-EINVAL, tsr_ioctl(self->c.fd, DRM_IOCTL_TESSERA_BO_CREATE, &args));
	args = (struct drm_tessera_bo_create){ .size = PAGE, .exclusive_vm_id = NO_SUCH };
	EXPECT_EQ(-ENOENT, tsr_ioctl(self->c.fd, DRM_IOCTL_TESSERA_BO_CREATE, &args));
	args = (struct drm_tessera_bo_create){
		.size = PAGE, .exclusive_vm_id = self->c.vm, .flags = DRM_TESSERA_BO_NO_MMAP,
	};
	EXPECT_EQ(0, tsr_ioctl(self->c.fd, DRM_IOCTL_TESSERA_BO_CREATE, &args));
}

TEST_F(ioctl, bo_create_rounds_the_size_up)
{
	struct drm_tessera_bo_create args = { .size = 1 };

	ASSERT_EQ(0, tsr_ioctl(self->c.fd, DRM_IOCTL_TESSERA_BO_CREATE, &args));
	EXPECT_EQ(PAGE, args.size);
}

TEST_F(ioctl, bo_mmap_offset_refuses_nonsense)
{
	struct drm_tessera_bo_create hidden = { .size = PAGE, .flags = DRM_TESSERA_BO_NO_MMAP };
	struct drm_tessera_bo_mmap_offset args = { .handle = self->bo.handle, .pad = 1 };

	EXPECT_EQ(-EINVAL, tsr_ioctl(self->c.fd, DRM_IOCTL_TESSERA_BO_MMAP_OFFSET, &args));
	args = (struct drm_tessera_bo_mmap_offset){ .handle = 0 };
	EXPECT_EQ(-ENOENT, tsr_ioctl(self->c.fd, DRM_IOCTL_TESSERA_BO_MMAP_OFFSET, &args));
	args.handle = NO_SUCH;
	EXPECT_EQ(-ENOENT, tsr_ioctl(self->c.fd, DRM_IOCTL_TESSERA_BO_MMAP_OFFSET, &args));
	ASSERT_EQ(0, tsr_ioctl(self->c.fd, DRM_IOCTL_TESSERA_BO_CREATE, &hidden));
	args.handle = hidden.handle;
	EXPECT_EQ(-EACCES, tsr_ioctl(self->c.fd, DRM_IOCTL_TESSERA_BO_MMAP_OFFSET, &args));
	args.handle = self->bo.handle;
	EXPECT_EQ(0, tsr_ioctl(self->c.fd, DRM_IOCTL_TESSERA_BO_MMAP_OFFSET, &args));
}

TEST_F(ioctl, bo_sync_checks_its_range)
{
	struct drm_tessera_bo_sync good = {
		.handle = self->bo.handle, .flags = DRM_TESSERA_BO_SYNC_TO_DEVICE,
		.offset = PAGE, .size = 3 * PAGE,
	};
	struct drm_tessera_bo_sync args = good;

	EXPECT_EQ(0, tsr_ioctl(self->c.fd, DRM_IOCTL_TESSERA_BO_SYNC, &args));
	args.size = 3 * PAGE + 1;
	EXPECT_EQ(-EINVAL, tsr_ioctl(self->c.fd, DRM_IOCTL_TESSERA_BO_SYNC, &args));
	args.size = ~0ull;
	EXPECT_EQ(-EINVAL, tsr_ioctl(self->c.fd, DRM_IOCTL_TESSERA_BO_SYNC, &args));
	args.size = 0;
	EXPECT_EQ(-EINVAL, tsr_ioctl(self->c.fd, DRM_IOCTL_TESSERA_BO_SYNC, &args));
	args = good;
	args.offset = ~0ull;
	EXPECT_EQ(-EINVAL, tsr_ioctl(self->c.fd, DRM_IOCTL_TESSERA_BO_SYNC, &args));
	args = good;
	args.flags = 0;
	EXPECT_EQ(-EINVAL, tsr_ioctl(self->c.fd, DRM_IOCTL_TESSERA_BO_SYNC, &args));
	args.flags = 4;
	EXPECT_EQ(-EINVAL, tsr_ioctl(self->c.fd, DRM_IOCTL_TESSERA_BO_SYNC, &args));
	args.flags = DRM_TESSERA_BO_SYNC_FROM_DEVICE;
	EXPECT_EQ(0, tsr_ioctl(self->c.fd, DRM_IOCTL_TESSERA_BO_SYNC, &args));
	args = good;
	args.offset = 4 * PAGE;
	args.size = 1;
	EXPECT_EQ(-EINVAL, tsr_ioctl(self->c.fd, DRM_IOCTL_TESSERA_BO_SYNC, &args));
	args.offset--;
	EXPECT_EQ(0, tsr_ioctl(self->c.fd, DRM_IOCTL_TESSERA_BO_SYNC, &args));
	args = good;
	args.handle = NO_SUCH;
	EXPECT_EQ(-ENOENT, tsr_ioctl(self->c.fd, DRM_IOCTL_TESSERA_BO_SYNC, &args));
}

static int bind_one(struct tsr_context *c, struct drm_tessera_vm_bind_op op)
{
	return tsr_bind(c->fd, c->vm, &op, 1);
}

TEST_F(ioctl, vm_bind_checks_each_field_of_a_map)
{
	const struct drm_tessera_vm_bind_op good = {
		.op = DRM_TESSERA_BIND_MAP, .flags = TSR_BIND_RW, .bo_handle = self->bo.handle,
		.va = TSR_VA_DATA, .size = 4 * PAGE,
	};
	struct drm_tessera_vm_bind_op op = good;

	EXPECT_EQ(0, bind_one(&self->c, op));
	op.flags = 0;
	EXPECT_EQ(-EINVAL, bind_one(&self->c, op));
	op.flags = 8;
	EXPECT_EQ(-EINVAL, bind_one(&self->c, op));
	op = good;
	op.pad = 1;
	EXPECT_EQ(-EINVAL, bind_one(&self->c, op));
	op = good;
	op.op = 2;
	EXPECT_EQ(-EINVAL, bind_one(&self->c, op));
	op = good;
	op.bo_handle = 0;
	EXPECT_EQ(-ENOENT, bind_one(&self->c, op));
	op.bo_handle = NO_SUCH;
	EXPECT_EQ(-ENOENT, bind_one(&self->c, op));
	op = good;
	op.bo_offset = 1;
	EXPECT_EQ(-EINVAL, bind_one(&self->c, op));
	op.bo_offset = PAGE;
	EXPECT_EQ(-EINVAL, bind_one(&self->c, op));
	op.bo_offset = ~0ull & ~(PAGE - 1);
	EXPECT_EQ(-EINVAL, bind_one(&self->c, op));
	op = good;
	op.size = 0;
	EXPECT_EQ(-EINVAL, bind_one(&self->c, op));
	op.size = PAGE + 1;
	EXPECT_EQ(-EINVAL, bind_one(&self->c, op));
	op.size = 5 * PAGE;
	EXPECT_EQ(-EINVAL, bind_one(&self->c, op));
}

TEST_F(ioctl, vm_bind_keeps_to_the_user_range)
{
	static const uint64_t starts[] = {
		0, 1, PAGE - 1, (1ull << 48) - (1ull << 32), (1ull << 48) - PAGE, 1ull << 48,
		~0ull & ~(PAGE - 1), (1ull << 48) - (1ull << 32) - PAGE,
	};
	struct drm_tessera_vm_bind_op op = {
		.op = DRM_TESSERA_BIND_MAP, .flags = TSR_BIND_RW, .bo_handle = self->bo.handle,
		.size = 2 * PAGE,
	};

	for (size_t i = 0; i < ARRAY_COUNT(starts); i++) {
		op.va = starts[i];
		EXPECT_EQ(-EINVAL, bind_one(&self->c, op));
	}
	op = (struct drm_tessera_vm_bind_op){
		.op = DRM_TESSERA_BIND_UNMAP, .va = PAGE, .size = ~0ull & ~(PAGE - 1),
	};
	EXPECT_EQ(-EINVAL, bind_one(&self->c, op));
}

TEST_F(ioctl, vm_bind_unmap_takes_no_object)
{
	const struct drm_tessera_vm_bind_op good = {
		.op = DRM_TESSERA_BIND_UNMAP, .va = TSR_VA_DATA, .size = PAGE,
	};
	struct drm_tessera_vm_bind_op op = good;

	EXPECT_EQ(0, bind_one(&self->c, op));
	op.bo_handle = self->bo.handle;
	EXPECT_EQ(-EINVAL, bind_one(&self->c, op));
	op = good;
	op.bo_offset = PAGE;
	EXPECT_EQ(-EINVAL, bind_one(&self->c, op));
	op = good;
	op.flags = DRM_TESSERA_BIND_READ;
	EXPECT_EQ(-EINVAL, bind_one(&self->c, op));
}

TEST_F(ioctl, vm_bind_checks_its_arrays)
{
	struct {
		struct drm_tessera_vm_bind_op op;
		uint64_t more;
	} longer = { .op = { .op = DRM_TESSERA_BIND_UNMAP, .va = TSR_VA_DATA, .size = PAGE } };
	struct drm_tessera_vm_bind args = {
		.vm_id = self->c.vm,
		.ops = { .stride = sizeof(longer), .count = 1, .array = (uintptr_t)&longer },
	};

	EXPECT_EQ(0, tsr_ioctl(self->c.fd, DRM_IOCTL_TESSERA_VM_BIND, &args));
	longer.more = 1;
	EXPECT_EQ(-E2BIG, tsr_ioctl(self->c.fd, DRM_IOCTL_TESSERA_VM_BIND, &args));
	args.ops.stride = sizeof(longer.op) - 8;
	EXPECT_EQ(-EINVAL, tsr_ioctl(self->c.fd, DRM_IOCTL_TESSERA_VM_BIND, &args));
	args.ops.stride = sizeof(longer.op);
	args.ops.count = ~0u;
	EXPECT_EQ(-EINVAL, tsr_ioctl(self->c.fd, DRM_IOCTL_TESSERA_VM_BIND, &args));
	args.ops.count = 1;
	args.ops.array = 8;
	EXPECT_EQ(-EFAULT, tsr_ioctl(self->c.fd, DRM_IOCTL_TESSERA_VM_BIND, &args));
	args.ops.array = (uintptr_t)&longer;
	args.flags = 1;
	EXPECT_EQ(-EINVAL, tsr_ioctl(self->c.fd, DRM_IOCTL_TESSERA_VM_BIND, &args));
	args.flags = 0;
	args.vm_id = NO_SUCH;
	EXPECT_EQ(-ENOENT, tsr_ioctl(self->c.fd, DRM_IOCTL_TESSERA_VM_BIND, &args));
	args.vm_id = self->c.vm;
	args.ops.count = 0;
	EXPECT_EQ(0, tsr_ioctl(self->c.fd, DRM_IOCTL_TESSERA_VM_BIND, &args));
}

TEST_F(ioctl, queue_create_refuses_nonsense)
{
	const struct drm_tessera_queue_create good = { .vm_id = self->c.vm, .priority = 1 };
	struct drm_tessera_queue_create args = good;

	args.vm_id = NO_SUCH;
	EXPECT_EQ(-ENOENT, tsr_ioctl(self->c.fd, DRM_IOCTL_TESSERA_QUEUE_CREATE, &args));
	args = good;
	args.priority = 4;
	EXPECT_EQ(-EINVAL, tsr_ioctl(self->c.fd, DRM_IOCTL_TESSERA_QUEUE_CREATE, &args));
	args = good;
	args.flags = 1;
	EXPECT_EQ(-EINVAL, tsr_ioctl(self->c.fd, DRM_IOCTL_TESSERA_QUEUE_CREATE, &args));
	args = good;
	args.budget_ns = ~0ull;
	EXPECT_EQ(-EINVAL, tsr_ioctl(self->c.fd, DRM_IOCTL_TESSERA_QUEUE_CREATE, &args));
	args = good;
	EXPECT_EQ(0, tsr_ioctl(self->c.fd, DRM_IOCTL_TESSERA_QUEUE_CREATE, &args));
}

TEST_F(ioctl, high_priorities_are_for_the_privileged)
{
	uint32_t queue;

	EXPECT_EQ(0, tsr_queue_create(self->c.fd, self->c.vm, DRM_TESSERA_PRIORITY_REALTIME,
				      &queue));
	ASSERT_EQ(0, setresuid(65534, 65534, 65534));
	EXPECT_EQ(-EACCES, tsr_queue_create(self->c.fd, self->c.vm,
					    DRM_TESSERA_PRIORITY_REALTIME, &queue));
	EXPECT_EQ(-EACCES, tsr_queue_create(self->c.fd, self->c.vm, DRM_TESSERA_PRIORITY_HIGH,
					    &queue));
	EXPECT_EQ(0, tsr_queue_create(self->c.fd, self->c.vm, DRM_TESSERA_PRIORITY_LOW, &queue));
}

TEST_F(ioctl, queue_destroy_and_state_refuse_nonsense)
{
	struct drm_tessera_queue_destroy destroy = { .queue_id = self->c.queue, .pad = 1 };
	struct drm_tessera_queue_get_state state;

	EXPECT_EQ(-EINVAL, tsr_ioctl(self->c.fd, DRM_IOCTL_TESSERA_QUEUE_DESTROY, &destroy));
	EXPECT_EQ(-ENOENT, tsr_queue_destroy(self->c.fd, 0));
	EXPECT_EQ(-ENOENT, tsr_queue_destroy(self->c.fd, NO_SUCH));
	EXPECT_EQ(-ENOENT, tsr_queue_state(self->c.fd, NO_SUCH, &state));
	EXPECT_EQ(0, tsr_queue_state(self->c.fd, self->c.queue, &state));
	destroy.pad = 0;
	EXPECT_EQ(0, tsr_ioctl(self->c.fd, DRM_IOCTL_TESSERA_QUEUE_DESTROY, &destroy));
	ASSERT_EQ(0, tsr_queue_create(self->c.fd, self->c.vm, DRM_TESSERA_PRIORITY_NORMAL,
				      &self->c.queue));
}

TEST_F(ioctl, objects_belong_to_their_file)
{
	struct drm_tessera_queue_get_state state;
	int other = tsr_open();

	ASSERT_LE(0, other);
	EXPECT_EQ(-ENOENT, tsr_vm_destroy(other, self->c.vm));
	EXPECT_EQ(-ENOENT, tsr_queue_destroy(other, self->c.queue));
	EXPECT_EQ(-ENOENT, tsr_queue_state(other, self->c.queue, &state));
	EXPECT_EQ(-ENOENT, tsr_unmap(other, self->c.vm, TSR_VA_PROGRAM, PAGE));
	close(other);
}

TEST_F(ioctl, submit_checks_each_field_of_a_job)
{
	const struct drm_tessera_job good = tsr_context_job(&self->c);
	struct drm_tessera_job job = good;

	job.flags = 8;
	EXPECT_EQ(-EINVAL, tsr_submit(self->c.fd, self->c.queue, &job, 1));
	job = good;
	job.parameters = TSR_VA_DATA;
	EXPECT_EQ(-EINVAL, tsr_submit(self->c.fd, self->c.queue, &job, 1));
	job.parameter_count = 257;
	EXPECT_EQ(-EINVAL, tsr_submit(self->c.fd, self->c.queue, &job, 1));
	job.parameter_count = 1;
	job.parameters += 4;
	EXPECT_EQ(-EINVAL, tsr_submit(self->c.fd, self->c.queue, &job, 1));
	job.parameters = (1ull << 48) - 8;
	EXPECT_EQ(-EINVAL, tsr_submit(self->c.fd, self->c.queue, &job, 1));
	job = good;
	job.repeat = 0;
	EXPECT_EQ(-EINVAL, tsr_submit(self->c.fd, self->c.queue, &job, 1));
	job.repeat = 65537;
	EXPECT_EQ(-EINVAL, tsr_submit(self->c.fd, self->c.queue, &job, 1));
	job = good;
	job.profile = TSR_VA_DATA;
	EXPECT_EQ(-EINVAL, tsr_submit(self->c.fd, self->c.queue, &job, 1));
	job = good;
	job.profile_count = 1;
	EXPECT_EQ(-EINVAL, tsr_submit(self->c.fd, self->c.queue, &job, 1));
	job = good;
	job.program += 32;
	EXPECT_EQ(-EINVAL, tsr_submit(self->c.fd, self->c.queue, &job, 1));
	job.program = 1ull << 48;
	EXPECT_EQ(-EINVAL, tsr_submit(self->c.fd, self->c.queue, &job, 1));
	job.program = ~63ull;
	EXPECT_EQ(-EINVAL, tsr_submit(self->c.fd, self->c.queue, &job, 1));
	job = good;
	job.program_size = 127;
	EXPECT_EQ(-EINVAL, tsr_submit(self->c.fd, self->c.queue, &job, 1));
	job = good;
	job.slots = TSR_VA_SLOTS + 4;
	EXPECT_EQ(-EINVAL, tsr_submit(self->c.fd, self->c.queue, &job, 1));
	job.slots = TSR_VA_SLOTS;
	job.slot_count = 1025;
	EXPECT_EQ(-EINVAL, tsr_submit(self->c.fd, self->c.queue, &job, 1));
	job.slots = (1ull << 48) - 8;
	job.slot_count = 1;
	EXPECT_EQ(-EINVAL, tsr_submit(self->c.fd, self->c.queue, &job, 1));
	job = good;
	job.flags = DRM_TESSERA_JOB_PROFILE;
	job.profile = TSR_VA_DATA + 4;
	job.profile_count = 1;
	EXPECT_EQ(-EINVAL, tsr_submit(self->c.fd, self->c.queue, &job, 1));
	job.profile = (1ull << 48) - 4096;
	job.profile_count = ~0u;
	EXPECT_EQ(-EINVAL, tsr_submit(self->c.fd, self->c.queue, &job, 1));
	job = good;
	job.syncs.count = 65;
	job.syncs.stride = sizeof(struct drm_tessera_sync);
	EXPECT_EQ(-EINVAL, tsr_submit(self->c.fd, self->c.queue, &job, 1));
	job.syncs.count = 1;
	job.syncs.stride = 8;
	EXPECT_EQ(-EINVAL, tsr_submit(self->c.fd, self->c.queue, &job, 1));
	job.syncs.stride = sizeof(struct drm_tessera_sync);
	job.syncs.array = 8;
	EXPECT_EQ(-EFAULT, tsr_submit(self->c.fd, self->c.queue, &job, 1));
	job = good;
	EXPECT_EQ(0, tsr_submit(self->c.fd, self->c.queue, &job, 1));
}

/* The bit says whether the firmware has it. */
TEST_F(ioctl, submit_takes_strict_jobs_where_the_firmware_has_the_mode)
{
	struct drm_tessera_job job = tsr_context_job(&self->c);
	struct drm_tessera_query_firmware firmware;

	ASSERT_EQ(0, tsr_query(self->c.fd, DRM_TESSERA_QUERY_FIRMWARE, &firmware,
			       sizeof(firmware)));
	ASSERT_NE(0, firmware.features & TSR_HW_FEATURE_STRICT);
	job.flags = DRM_TESSERA_JOB_STRICT;
	EXPECT_EQ(0, tsr_submit(self->c.fd, self->c.queue, &job, 1));
	job.flags |= 8;
	EXPECT_EQ(-EINVAL, tsr_submit(self->c.fd, self->c.queue, &job, 1));
	job.flags = 0;
	EXPECT_EQ(0, tsr_submit(self->c.fd, self->c.queue, &job, 1));
}

/* What is at an address only the device can know: the highest are let through to it. */
TEST_F(ioctl, submit_takes_the_largest_of_each_field_of_a_job)
{
	struct drm_tessera_job job = tsr_context_job(&self->c);
	uint32_t working = self->c.queue;

	job.repeat = 65536;
	EXPECT_EQ(0, tsr_submit(self->c.fd, self->c.queue, &job, 1));
	ASSERT_EQ(0, tsr_queue_create(self->c.fd, self->c.vm, DRM_TESSERA_PRIORITY_NORMAL,
				      &self->c.queue));
	job.repeat = 1;
	job.flags = DRM_TESSERA_JOB_PROFILE | DRM_TESSERA_JOB_REPLAYABLE;
	job.program = (1ull << 48) - (1ull << 32) - 128;
	job.program_size = 128;
	job.slot_count = 1024;
	job.slots = (1ull << 48) - (1ull << 32) - 1024 * sizeof(struct tsr_hw_slot);
	job.parameter_count = 256;
	job.parameters = (1ull << 48) - (1ull << 32) - 256 * sizeof(uint64_t);
	job.profile_count = 1;
	job.profile = (1ull << 48) - (1ull << 32) - sizeof(struct tsr_hw_profile);
	EXPECT_EQ(0, tsr_submit(self->c.fd, self->c.queue, &job, 1));
	job.program += 64;
	EXPECT_EQ(-EINVAL, tsr_submit(self->c.fd, self->c.queue, &job, 1));
	job.program -= 64;
	job.slots += 8;
	EXPECT_EQ(-EINVAL, tsr_submit(self->c.fd, self->c.queue, &job, 1));
	job.slots -= 8;
	job.parameters += 8;
	EXPECT_EQ(-EINVAL, tsr_submit(self->c.fd, self->c.queue, &job, 1));
	job.parameters -= 8;
	job.profile += 8;
	EXPECT_EQ(-EINVAL, tsr_submit(self->c.fd, self->c.queue, &job, 1));
	self->c.queue = working;
}

TEST_F(ioctl, submit_checks_its_array)
{
	struct {
		struct drm_tessera_job job;
		uint64_t more;
	} longer = { .job = tsr_context_job(&self->c) };
	struct drm_tessera_submit args = {
		.queue_id = self->c.queue,
		.jobs = { .stride = sizeof(longer), .count = 1, .array = (uintptr_t)&longer },
	};

	EXPECT_EQ(0, tsr_ioctl(self->c.fd, DRM_IOCTL_TESSERA_SUBMIT, &args));
	longer.more = 1;
	EXPECT_EQ(-E2BIG, tsr_ioctl(self->c.fd, DRM_IOCTL_TESSERA_SUBMIT, &args));
	args.jobs.stride = sizeof(longer.job) - 8;
	EXPECT_EQ(-EINVAL, tsr_ioctl(self->c.fd, DRM_IOCTL_TESSERA_SUBMIT, &args));
	args.jobs.stride = sizeof(longer.job);
	args.jobs.count = 0;
	EXPECT_EQ(-EINVAL, tsr_ioctl(self->c.fd, DRM_IOCTL_TESSERA_SUBMIT, &args));
	args.jobs.count = ~0u;
	EXPECT_EQ(-EINVAL, tsr_ioctl(self->c.fd, DRM_IOCTL_TESSERA_SUBMIT, &args));
	args.jobs.count = 1;
	args.jobs.array = 8;
	EXPECT_EQ(-EFAULT, tsr_ioctl(self->c.fd, DRM_IOCTL_TESSERA_SUBMIT, &args));
	args.jobs.array = (uintptr_t)&longer;
	args.flags = 1;
	EXPECT_EQ(-EINVAL, tsr_ioctl(self->c.fd, DRM_IOCTL_TESSERA_SUBMIT, &args));
	args.flags = 0;
	args.queue_id = NO_SUCH;
	EXPECT_EQ(-ENOENT, tsr_ioctl(self->c.fd, DRM_IOCTL_TESSERA_SUBMIT, &args));
}

TEST_F(ioctl, submit_to_read_only_memory_is_a_fault_and_no_job)
{
	struct drm_tessera_job *job = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
					   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct drm_tessera_queue_get_state state;

	ASSERT_NE(MAP_FAILED, job);
	*job = tsr_context_job(&self->c);
	ASSERT_EQ(0, mprotect(job, PAGE, PROT_READ));
	EXPECT_EQ(-EFAULT, tsr_submit(self->c.fd, self->c.queue, job, 1));
	ASSERT_EQ(0, tsr_queue_state(self->c.fd, self->c.queue, &state));
	EXPECT_EQ(0, state.pending);
	EXPECT_EQ(0, state.completed);
}

TEST_F(ioctl, submit_checks_each_sync)
{
	uint32_t handle = tsr_syncobj_create(self->c.fd);
	const struct drm_tessera_sync bad[] = {
		{ .flags = 0, .handle = handle },
		{ .flags = DRM_TESSERA_SYNC_TIMELINE, .handle = handle, .point = 1 },
		{ .flags = DRM_TESSERA_SYNC_WAIT | DRM_TESSERA_SYNC_SIGNAL, .handle = handle },
		{ .flags = DRM_TESSERA_SYNC_SIGNAL | 8, .handle = handle },
		{ .flags = DRM_TESSERA_SYNC_SIGNAL, .handle = handle, .point = 1 },
		{ .flags = DRM_TESSERA_SYNC_SIGNAL | DRM_TESSERA_SYNC_TIMELINE, .handle = handle },
	};
	const struct drm_tessera_sync good[] = {
		{ .flags = DRM_TESSERA_SYNC_SIGNAL, .handle = handle },
		{ .flags = DRM_TESSERA_SYNC_WAIT, .handle = handle },
		{ .flags = DRM_TESSERA_SYNC_SIGNAL | DRM_TESSERA_SYNC_TIMELINE, .handle = handle,
		  .point = 1 },
	};
	struct drm_tessera_sync sync;

	for (size_t i = 0; i < ARRAY_COUNT(bad); i++) {
		sync = bad[i];
		EXPECT_EQ(-EINVAL, tsr_context_submit(&self->c, &sync, 1));
	}
	for (size_t i = 0; i < ARRAY_COUNT(good); i++) {
		sync = good[i];
		EXPECT_EQ(0, tsr_context_submit(&self->c, &sync, 1));
	}
	sync = (struct drm_tessera_sync){ .flags = DRM_TESSERA_SYNC_SIGNAL, .handle = NO_SUCH };
	EXPECT_EQ(-ENOENT, tsr_context_submit(&self->c, &sync, 1));
	sync.flags = DRM_TESSERA_SYNC_WAIT;
	EXPECT_EQ(-ENOENT, tsr_context_submit(&self->c, &sync, 1));
}

TEST_F(ioctl, fdinfo_can_be_read)
{
	char path[64], text[4096];
	ssize_t size;
	int fd;

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", self->c.fd);
	fd = open(path, O_RDONLY);
	ASSERT_LE(0, fd);
	size = read(fd, text, sizeof(text) - 1);
	close(fd);
	ASSERT_LT(0, size);
	text[size] = 0;
	EXPECT_NE(NULL, strstr(text, "drm-driver:\ttessera"));
	EXPECT_NE(NULL, strstr(text, "drm-total-memory"));
}

TEST_HARNESS_MAIN
