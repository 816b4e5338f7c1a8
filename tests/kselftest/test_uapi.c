// SPDX-License-Identifier: GPL-2.0-only
/* What the header promises of sizes and limits: programs older and newer than the kernel. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <kselftest_harness.h>

#include <tsr_hw/fuse.h>
#include <drm.h>

#include "tsr_kselftest.h"

#define PAGE		4096ull
#define MORE		8u	/* bytes of a field that this kernel does not know */

#define PIN(type, NAME) \
	_Static_assert(sizeof(struct drm_tessera_##type) == DRM_TESSERA_##NAME##_SIZE_VER0, #NAME)

PIN(dev_query, DEV_QUERY);
PIN(vm_create, VM_CREATE);
PIN(vm_destroy, VM_DESTROY);
PIN(vm_bind, VM_BIND);
PIN(vm_bind_op, VM_BIND_OP);
PIN(bo_create, BO_CREATE);
PIN(bo_mmap_offset, BO_MMAP_OFFSET);
PIN(bo_sync, BO_SYNC);
PIN(bo_seal, BO_SEAL);
PIN(program_seal, PROGRAM_SEAL);
PIN(program_unseal, PROGRAM_UNSEAL);
PIN(queue_create, QUEUE_CREATE);
PIN(queue_destroy, QUEUE_DESTROY);
PIN(queue_get_state, QUEUE_GET_STATE);
PIN(submit, SUBMIT);
PIN(queue_wait, QUEUE_WAIT);
PIN(job, JOB);
PIN(sync, SYNC);

FIXTURE(uapi) {
	struct tsr_context c;
	struct tsr_bo bo;
	uint32_t unmapped;	/* an object that nothing may write */
	struct drm_tessera_job job;
	struct drm_tessera_query_limits limits;
};

FIXTURE_SETUP(uapi)
{
	struct drm_tessera_bo_create create = { .size = PAGE };

	ASSERT_EQ(0, tsr_context_open(&self->c));
	ASSERT_EQ(0, tsr_ioctl(self->c.fd, DRM_IOCTL_TESSERA_BO_CREATE, &create));
	self->unmapped = create.handle;
	ASSERT_EQ(0, tsr_bo_create(self->c.fd, 4 * PAGE, 0, &self->bo));
	tsr_context_load_nops(&self->c, 1);
	self->job = tsr_context_job(&self->c);
	ASSERT_EQ(0, tsr_query(self->c.fd, DRM_TESSERA_QUERY_LIMITS, &self->limits,
			       sizeof(self->limits)));
}

FIXTURE_TEARDOWN(uapi)
{
	/* Whatever was tried, the client still works. */
	EXPECT_EQ(0, tsr_context_run(&self->c));
	munmap(self->bo.map, self->bo.size);
	tsr_context_close(&self->c);
}

/* An argument that the kernel takes, with room for what it does not know. */
union argument {
	struct drm_tessera_dev_query dev_query;
	struct drm_tessera_vm_create vm_create;
	struct drm_tessera_vm_destroy vm_destroy;
	struct drm_tessera_vm_bind vm_bind;
	struct drm_tessera_bo_create bo_create;
	struct drm_tessera_bo_mmap_offset bo_mmap_offset;
	struct drm_tessera_bo_sync bo_sync;
	struct drm_tessera_bo_seal bo_seal;
	struct drm_tessera_program_seal program_seal;
	struct drm_tessera_program_unseal program_unseal;
	struct drm_tessera_queue_create queue_create;
	struct drm_tessera_queue_destroy queue_destroy;
	struct drm_tessera_queue_get_state queue_get_state;
	struct drm_tessera_submit submit;
	struct drm_tessera_queue_wait queue_wait;
	unsigned char bytes[128];
};

/* The context's, as it is found where nothing writes it any more. */
static struct drm_tessera_program_seal program_to_seal(FIXTURE_DATA(uapi) *self)
{
	struct drm_tessera_bo_seal seal = { .handle = self->c.program.handle };

	munmap(self->c.program.map, self->c.program.size);
	self->c.program.map = NULL;
	tsr_ioctl(self->c.fd, DRM_IOCTL_TESSERA_BO_SEAL, &seal);
	return (struct drm_tessera_program_seal){
		.va = TSR_VA_PROGRAM, .size = self->c.program_size, .vm_id = self->c.vm,
	};
}

static union argument good_argument(FIXTURE_DATA(uapi) *self, unsigned int id)
{
	union argument a = { 0 };

	switch (id) {
	case DRM_TESSERA_VM_DESTROY:
		tsr_vm_create(self->c.fd, &a.vm_destroy.vm_id);
		break;
	case DRM_TESSERA_VM_BIND:
		a.vm_bind.vm_id = self->c.vm;
		break;
	case DRM_TESSERA_BO_CREATE:
		a.bo_create.size = PAGE;
		break;
	case DRM_TESSERA_BO_MMAP_OFFSET:
		a.bo_mmap_offset.handle = self->bo.handle;
		break;
	case DRM_TESSERA_BO_SYNC:
		a.bo_sync.handle = self->bo.handle;
		a.bo_sync.flags = DRM_TESSERA_BO_SYNC_TO_DEVICE;
		a.bo_sync.size = PAGE;
		break;
	case DRM_TESSERA_PROGRAM_SEAL:
		a.program_seal = program_to_seal(self);
		break;
	case DRM_TESSERA_PROGRAM_UNSEAL:
		a.program_seal = program_to_seal(self);
		tsr_ioctl(self->c.fd, DRM_IOCTL_TESSERA_PROGRAM_SEAL, &a.program_seal);
		a.program_unseal = (struct drm_tessera_program_unseal){
			.program_id = a.program_seal.program_id,
		};
		break;
	case DRM_TESSERA_BO_SEAL:
		a.bo_seal.handle = self->unmapped;
		break;
	case DRM_TESSERA_QUEUE_CREATE:
		a.queue_create.vm_id = self->c.vm;
		break;
	case DRM_TESSERA_QUEUE_DESTROY:
		tsr_queue_create(self->c.fd, self->c.vm, DRM_TESSERA_PRIORITY_NORMAL,
				 &a.queue_destroy.queue_id);
		break;
	case DRM_TESSERA_QUEUE_GET_STATE:
		a.queue_get_state.queue_id = self->c.queue;
		break;
	case DRM_TESSERA_SUBMIT:
		a.submit.queue_id = self->c.queue;
		a.submit.jobs = (struct drm_tessera_array)DRM_TESSERA_ARRAY(1, &self->job);
		break;
	case DRM_TESSERA_QUEUE_WAIT:
		tsr_context_run(&self->c);
		a.queue_wait.queue_id = self->c.queue;
		a.queue_wait.seq = 1;
		a.queue_wait.deadline_ns = UINT64_MAX;
		break;
	}
	return a;
}

/* The ioctl as a program would call it whose structure has @size bytes. */
static int call(FIXTURE_DATA(uapi) *self, unsigned long request, unsigned int dir,
		unsigned int size, unsigned char beyond)
{
	union argument a = good_argument(self, _IOC_NR(request) - DRM_COMMAND_BASE);

	memset(a.bytes + _IOC_SIZE(request), beyond, sizeof(a) - _IOC_SIZE(request));
	return tsr_ioctl(self->c.fd, _IOC(dir, 'd', _IOC_NR(request), size), &a);
}

static const unsigned long requests[] = {
	DRM_IOCTL_TESSERA_DEV_QUERY, DRM_IOCTL_TESSERA_VM_CREATE, DRM_IOCTL_TESSERA_VM_DESTROY,
	DRM_IOCTL_TESSERA_VM_BIND, DRM_IOCTL_TESSERA_BO_CREATE,
	DRM_IOCTL_TESSERA_BO_MMAP_OFFSET, DRM_IOCTL_TESSERA_BO_SYNC,
	DRM_IOCTL_TESSERA_QUEUE_CREATE, DRM_IOCTL_TESSERA_QUEUE_DESTROY,
	DRM_IOCTL_TESSERA_QUEUE_GET_STATE, DRM_IOCTL_TESSERA_SUBMIT,
	DRM_IOCTL_TESSERA_QUEUE_WAIT, DRM_IOCTL_TESSERA_BO_SEAL,
	DRM_IOCTL_TESSERA_PROGRAM_SEAL, DRM_IOCTL_TESSERA_PROGRAM_UNSEAL,
};

#define READ_WRITE	(_IOC_READ | _IOC_WRITE)

TEST_F(uapi, the_numbers_of_all_ioctls_are_dense)
{
	for (size_t i = 0; i < ARRAY_COUNT(requests); i++)
		EXPECT_EQ(DRM_COMMAND_BASE + i, _IOC_NR(requests[i]));
}

TEST_F(uapi, an_argument_shorter_than_the_first_version_is_refused)
{
	for (size_t i = 0; i < ARRAY_COUNT(requests); i++) {
		unsigned int size = _IOC_SIZE(requests[i]);

		EXPECT_EQ(0, call(self, requests[i], READ_WRITE, size, 0))
			TH_LOG("ioctl %zu", i);
		EXPECT_EQ(-EINVAL, call(self, requests[i], READ_WRITE, size - 1, 0))
			TH_LOG("ioctl %zu", i);
		EXPECT_EQ(-EINVAL, call(self, requests[i], READ_WRITE, 0, 0))
			TH_LOG("ioctl %zu", i);
	}
}

TEST_F(uapi, a_longer_argument_may_say_nothing_that_the_kernel_does_not_know)
{
	for (size_t i = 0; i < ARRAY_COUNT(requests); i++) {
		unsigned int size = _IOC_SIZE(requests[i]);

		EXPECT_EQ(0, call(self, requests[i], READ_WRITE, size + MORE, 0))
			TH_LOG("ioctl %zu", i);
		EXPECT_EQ(-E2BIG, call(self, requests[i], READ_WRITE, size + MORE, 1))
			TH_LOG("ioctl %zu", i);
		/* What is behind the argument is none of the kernel's business. */
		EXPECT_EQ(0, call(self, requests[i], READ_WRITE, size, 1))
			TH_LOG("ioctl %zu", i);
	}
}

TEST_F(uapi, a_longer_argument_must_be_readable)
{
	unsigned char *pages = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE,
				    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	const unsigned int size = DRM_TESSERA_VM_CREATE_SIZE_VER0;

	ASSERT_NE(MAP_FAILED, pages);
	ASSERT_EQ(0, munmap(pages + PAGE, PAGE));
	EXPECT_EQ(0, tsr_ioctl(self->c.fd, DRM_IOCTL_TESSERA_VM_CREATE, pages + PAGE - size));
	EXPECT_EQ(-EFAULT, tsr_ioctl(self->c.fd, _IOC(READ_WRITE, 'd',
						      _IOC_NR(DRM_IOCTL_TESSERA_VM_CREATE),
						      size + MORE), pages + PAGE - size));
}

/* The core would hand zeros to the handler, or keep its answer. */
TEST_F(uapi, another_direction_is_another_ioctl)
{
	static const unsigned int dirs[] = { _IOC_NONE, _IOC_READ, _IOC_WRITE };

	for (size_t i = 0; i < ARRAY_COUNT(requests); i++) {
		for (size_t j = 0; j < ARRAY_COUNT(dirs); j++) {
			EXPECT_EQ(-ENOTTY, call(self, requests[i], dirs[j],
						_IOC_SIZE(requests[i]), 0))
				TH_LOG("ioctl %zu, direction %zu", i, j);
		}
	}
}

static int bind_stride(FIXTURE_DATA(uapi) *self, uint32_t stride, unsigned char beyond)
{
	_Alignas(8) unsigned char element[2 * PAGE];
	struct drm_tessera_vm_bind args = {
		.vm_id = self->c.vm,
		.ops = { .stride = stride, .count = 1, .array = (uintptr_t)element },
	};

	memset(element, beyond, sizeof(element));
	*(struct drm_tessera_vm_bind_op *)element = (struct drm_tessera_vm_bind_op){
		.op = DRM_TESSERA_BIND_UNMAP, .va = TSR_VA_DATA, .size = PAGE,
	};
	return tsr_ioctl(self->c.fd, DRM_IOCTL_TESSERA_VM_BIND, &args);
}

static int submit_stride(FIXTURE_DATA(uapi) *self, uint32_t stride, unsigned char beyond)
{
	_Alignas(8) unsigned char element[2 * PAGE];
	struct drm_tessera_submit args = {
		.queue_id = self->c.queue,
		.jobs = { .stride = stride, .count = 1, .array = (uintptr_t)element },
	};

	memset(element, beyond, sizeof(element));
	*(struct drm_tessera_job *)element = self->job;
	return tsr_ioctl(self->c.fd, DRM_IOCTL_TESSERA_SUBMIT, &args);
}

static int sync_stride(FIXTURE_DATA(uapi) *self, uint32_t stride, unsigned char beyond)
{
	_Alignas(8) unsigned char element[2 * PAGE];
	struct drm_tessera_job job = self->job;
	int ret;

	memset(element, beyond, sizeof(element));
	*(struct drm_tessera_sync *)element = (struct drm_tessera_sync){
		.flags = DRM_TESSERA_SYNC_SIGNAL, .handle = tsr_syncobj_create(self->c.fd),
	};
	job.syncs = (struct drm_tessera_array){
		.stride = stride, .count = 1, .array = (uintptr_t)element,
	};
	ret = tsr_submit(self->c.fd, self->c.queue, &job, 1);
	tsr_syncobj_destroy(self->c.fd, ((struct drm_tessera_sync *)element)->handle);
	return ret;
}

TEST_F(uapi, array_elements_are_negotiated_like_arguments)
{
	static const struct {
		int (*call)(FIXTURE_DATA(uapi) *self, uint32_t stride, unsigned char beyond);
		uint32_t size;
	} element[] = {
		{ bind_stride, DRM_TESSERA_VM_BIND_OP_SIZE_VER0 },
		{ submit_stride, DRM_TESSERA_JOB_SIZE_VER0 },
		{ sync_stride, DRM_TESSERA_SYNC_SIZE_VER0 },
	};

	for (size_t i = 0; i < ARRAY_COUNT(element); i++) {
		EXPECT_EQ(0, element[i].call(self, element[i].size, 1));
		EXPECT_EQ(-EINVAL, element[i].call(self, element[i].size - 1, 0));
		EXPECT_EQ(-EINVAL, element[i].call(self, 0, 0));
		EXPECT_EQ(0, element[i].call(self, element[i].size + MORE, 0));
		EXPECT_EQ(-E2BIG, element[i].call(self, element[i].size + MORE, 1));
		EXPECT_EQ(0, element[i].call(self, PAGE, 0));
		EXPECT_EQ(-E2BIG, element[i].call(self, PAGE + MORE, 0));
	}
}

static int submit_many(FIXTURE_DATA(uapi) *self, uint32_t count)
{
	struct drm_tessera_job *jobs = calloc(count, sizeof(*jobs));
	int ret;

	for (uint32_t i = 0; i < count; i++)
		jobs[i] = self->job;
	ret = tsr_submit(self->c.fd, self->c.queue, jobs, count);
	free(jobs);
	return ret;
}

TEST_F(uapi, max_jobs_is_what_a_submit_takes)
{
	EXPECT_EQ(0, submit_many(self, self->limits.max_jobs));
	EXPECT_EQ(-EINVAL, submit_many(self, self->limits.max_jobs + 1));
}

/* Jobs whose syncs signal points of one timeline, @syncs in all, as many as may be in each. */
static int submit_syncs(FIXTURE_DATA(uapi) *self, uint32_t timeline, uint64_t *point,
			uint32_t syncs)
{
	struct drm_tessera_sync *sync = calloc(syncs, sizeof(*sync));
	struct drm_tessera_job jobs[64];
	uint32_t count = 0, left, most = self->limits.max_syncs;
	int ret;

	for (uint32_t i = 0; i < syncs; i++)
		sync[i] = (struct drm_tessera_sync){
			.flags = DRM_TESSERA_SYNC_SIGNAL | DRM_TESSERA_SYNC_TIMELINE,
			.handle = timeline, .point = ++*point,
		};
	for (left = syncs; left; count++) {
		uint32_t some = left < most ? left : most;

		jobs[count] = self->job;
		jobs[count].syncs = (struct drm_tessera_array)
			DRM_TESSERA_ARRAY(some, sync + (syncs - left));
		left -= some;
	}
	ret = tsr_submit(self->c.fd, self->c.queue, jobs, count);
	free(sync);
	return ret;
}

TEST_F(uapi, max_syncs_is_what_a_job_takes)
{
	uint32_t timeline = tsr_syncobj_create(self->c.fd);
	uint64_t point = 0;

	EXPECT_EQ(0, submit_syncs(self, timeline, &point, self->limits.max_syncs));
	self->limits.max_syncs++;
	EXPECT_EQ(-EINVAL, submit_syncs(self, timeline, &point, self->limits.max_syncs));
}

TEST_F(uapi, max_submit_syncs_is_what_all_jobs_of_a_submit_take)
{
	uint32_t timeline = tsr_syncobj_create(self->c.fd);
	struct drm_tessera_queue_get_state state;
	uint64_t point = 0;

	EXPECT_EQ(0, submit_syncs(self, timeline, &point, self->limits.max_submit_syncs));
	EXPECT_EQ(0, tsr_syncobj_wait(self->c.fd, timeline, point, TSR_HANG_MS));
	ASSERT_EQ(0, tsr_queue_state(self->c.fd, self->c.queue, &state));
	EXPECT_EQ(-EINVAL, submit_syncs(self, timeline, &point,
					self->limits.max_submit_syncs + 1));
	/* Refused as a whole. */
	EXPECT_EQ(self->limits.max_submit_syncs / self->limits.max_syncs, state.completed);
	ASSERT_EQ(0, tsr_queue_state(self->c.fd, self->c.queue, &state));
	EXPECT_EQ(self->limits.max_submit_syncs / self->limits.max_syncs, state.completed);
	EXPECT_EQ(0, state.pending);
}

static int bind_many(FIXTURE_DATA(uapi) *self, uint32_t count)
{
	struct drm_tessera_vm_bind_op *ops = calloc(count, sizeof(*ops));
	int ret;

	for (uint32_t i = 0; i < count; i++)
		ops[i] = (struct drm_tessera_vm_bind_op){
			.op = DRM_TESSERA_BIND_UNMAP, .va = TSR_VA_DATA + i * PAGE, .size = PAGE,
		};
	ret = tsr_bind(self->c.fd, self->c.vm, ops, count);
	free(ops);
	return ret;
}

TEST_F(uapi, max_binds_is_what_a_vm_bind_takes)
{
	EXPECT_EQ(0, bind_many(self, self->limits.max_binds));
	EXPECT_EQ(-EINVAL, bind_many(self, self->limits.max_binds + 1));
}

static int map_page(FIXTURE_DATA(uapi) *self, uint64_t va)
{
	return tsr_map(self->c.fd, self->c.vm, self->bo.handle, 0, va, PAGE, TSR_BIND_RW);
}

TEST_F(uapi, the_user_range_is_what_can_be_mapped)
{
	EXPECT_EQ(0, map_page(self, self->limits.user_va_start));
	EXPECT_EQ(-EINVAL, map_page(self, self->limits.user_va_start - PAGE));
	EXPECT_EQ(0, map_page(self, self->limits.user_va_end - PAGE));
	EXPECT_EQ(-EINVAL, map_page(self, self->limits.user_va_end));
}

TEST_F(uapi, max_slots_is_what_a_job_takes)
{
	self->job.slots = TSR_VA_SLOTS;
	self->job.slot_count = self->limits.max_slots + 1;
	EXPECT_EQ(-EINVAL, tsr_submit(self->c.fd, self->c.queue, &self->job, 1));
	/* The firmware will refuse it, since its program has none. */
	ASSERT_EQ(0, tsr_queue_create(self->c.fd, self->c.vm, DRM_TESSERA_PRIORITY_NORMAL,
				      &self->c.queue));
	self->job.slot_count--;
	EXPECT_EQ(0, tsr_submit(self->c.fd, self->c.queue, &self->job, 1));
	ASSERT_EQ(0, tsr_queue_create(self->c.fd, self->c.vm, DRM_TESSERA_PRIORITY_NORMAL,
				      &self->c.queue));
}

TEST_F(uapi, max_nodes_is_what_a_program_has)
{
	ASSERT_EQ(TSR_HW_MAX_NODES, self->limits.max_nodes);
	tsr_context_load_nops(&self->c, self->limits.max_nodes);
	EXPECT_EQ(0, tsr_context_run(&self->c));
}

/* There may be no memory for the largest. */
TEST_F(uapi, max_bo_size_is_what_an_object_has)
{
	struct drm_tessera_bo_create args = { .size = self->limits.max_bo_size };

	EXPECT_NE(-EINVAL, tsr_ioctl(self->c.fd, DRM_IOCTL_TESSERA_BO_CREATE, &args));
	args = (struct drm_tessera_bo_create){ .size = self->limits.max_bo_size + 1 };
	EXPECT_EQ(-EINVAL, tsr_ioctl(self->c.fd, DRM_IOCTL_TESSERA_BO_CREATE, &args));
}

TEST_F(uapi, max_budget_ns_is_what_a_queue_gives_a_job)
{
	struct drm_tessera_queue_create args = {
		.vm_id = self->c.vm, .budget_ns = self->limits.max_budget_ns,
	};

	EXPECT_EQ(0, tsr_ioctl(self->c.fd, DRM_IOCTL_TESSERA_QUEUE_CREATE, &args));
	args.budget_ns++;
	EXPECT_EQ(-EINVAL, tsr_ioctl(self->c.fd, DRM_IOCTL_TESSERA_QUEUE_CREATE, &args));
}

TEST_F(uapi, job_timeout_ns_is_the_module_parameter_in_host_time)
{
	struct drm_tessera_query_hw hw;
	unsigned long long ms = 0;
	FILE *file = fopen("/sys/module/tessera/parameters/job_timeout_ms", "re");

	ASSERT_NE(NULL, file);
	EXPECT_EQ(1, fscanf(file, "%llu", &ms));
	fclose(file);
	ASSERT_EQ(0, tsr_query(self->c.fd, DRM_TESSERA_QUERY_HW, &hw, sizeof(hw)));
	EXPECT_EQ(ms * hw.time_scale * 1000000, self->limits.job_timeout_ns);
}

TEST_F(uapi, priorities_are_those_the_process_may_use)
{
	EXPECT_EQ(15, self->limits.priorities);
	ASSERT_EQ(0, setresuid(65534, 65534, 65534));
	ASSERT_EQ(0, tsr_query(self->c.fd, DRM_TESSERA_QUERY_LIMITS, &self->limits,
			       sizeof(self->limits)));
	EXPECT_EQ(1u << DRM_TESSERA_PRIORITY_LOW | 1u << DRM_TESSERA_PRIORITY_NORMAL,
		  self->limits.priorities);
}

TEST_F(uapi, the_identification_agrees_with_the_fuses)
{
	struct drm_tessera_query_hw hw;
	struct tsr_hw_fuses fuses;

	ASSERT_EQ(0, tsr_query(self->c.fd, DRM_TESSERA_QUERY_HW, &hw, sizeof(hw)));
	ASSERT_EQ(0, tsr_query(self->c.fd, DRM_TESSERA_QUERY_FUSES, &fuses, sizeof(fuses)));
	EXPECT_EQ(fuses.sku, hw.sku);
	EXPECT_EQ(fuses.clock_khz, hw.clock_khz);
	EXPECT_EQ(fuses.serial, hw.serial);
}

TEST_HARNESS_MAIN
