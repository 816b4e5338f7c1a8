// SPDX-License-Identifier: GPL-2.0-only
/* The device goes: by unbinding, by vanishing, with clients in the middle of everything. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <kselftest_harness.h>

#include "tsr_kselftest.h"

#define DRIVER		"/sys/bus/pci/drivers/tessera"
#define JOBS		20
#define DATA_SIZE	(4u << 20)
#define WORKERS		4

static bool write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool ok = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);

	if (fd >= 0)
		close(fd);
	return ok;
}

/* "0000:01:00.0", found while a driver is bound. */
static bool device_name(char *name, size_t size)
{
	char path[256], link[64];
	ssize_t length;

	snprintf(link, sizeof(link), "/sys/class/accel/accel%d/device", tsr_node());
	length = readlink(link, path, sizeof(path) - 1);
	if (length < 0)
		return false;
	path[length] = 0;
	snprintf(name, size, "%s", strrchr(path, '/') + 1);
	return true;
}

FIXTURE(unplug) {
	struct tsr_context c;
	struct tsr_bo data;
	struct drm_tessera_sync sync;
	uint32_t program;	/* what the context has, sealed */
	char name[64];
};

FIXTURE_SETUP(unplug)
{
	ASSERT_TRUE(device_name(self->name, sizeof(self->name)));
	ASSERT_EQ(0, tsr_context_open(&self->c));
	ASSERT_EQ(0, tsr_bo_create(self->c.fd, 65536, self->c.vm, &self->data));
	ASSERT_EQ(0, tsr_map(self->c.fd, self->c.vm, self->data.handle, 0, TSR_VA_DATA, 65536,
			     TSR_BIND_RW));
	tsr_context_load_fill(&self->c, TSR_VA_DATA, 65536, 1);
	ASSERT_EQ(0, tsr_context_run(&self->c));
	ASSERT_EQ(0, tsr_context_seal_object(&self->c));
	ASSERT_EQ(0, tsr_context_seal(&self->c, &self->program));
	self->sync = (struct drm_tessera_sync){
		.flags = DRM_TESSERA_SYNC_SIGNAL, .handle = tsr_syncobj_create(self->c.fd),
	};
}

FIXTURE_TEARDOWN(unplug)
{
	struct tsr_context again;

	/* The device is back for the next. */
	ASSERT_EQ(0, tsr_context_open(&again));
	tsr_context_load_nops(&again, 1);
	EXPECT_EQ(0, tsr_context_run(&again));
	tsr_context_close(&again);
}

static int gem_close(int fd, uint32_t handle)
{
	struct drm_gem_close args = { .handle = handle };

	return tsr_ioctl(fd, DRM_IOCTL_GEM_CLOSE, &args);
}

static void expect_enodev(struct __test_metadata *_metadata, struct tsr_context *c)
{
	struct drm_prime_handle prime = { .handle = c->program.handle };
	struct drm_tessera_bo_create bo = { .size = 4096 };
	struct drm_tessera_bo_seal seal = { .handle = c->program.handle };
	uint32_t id;

	EXPECT_EQ(-ENODEV, tsr_vm_create(c->fd, &id));
	EXPECT_EQ(-ENODEV, tsr_queue_create(c->fd, c->vm, 0, &id));
	EXPECT_EQ(-ENODEV, tsr_ioctl(c->fd, DRM_IOCTL_TESSERA_BO_CREATE, &bo));
	EXPECT_EQ(-ENODEV, tsr_ioctl(c->fd, DRM_IOCTL_TESSERA_BO_SEAL, &seal));
	EXPECT_EQ(-ENODEV, tsr_context_seal(c, &id));
	EXPECT_EQ(-ENODEV, tsr_context_submit(c, NULL, 0));
	EXPECT_EQ(-ENODEV, tsr_unmap(c->fd, c->vm, TSR_VA_DATA, 65536));
	EXPECT_EQ(-ENODEV, tsr_ioctl(c->fd, DRM_IOCTL_PRIME_HANDLE_TO_FD, &prime));
}

/* The first failure has the queue's error, and the last job was canceled because of it. */
static void expect_verdicts(struct __test_metadata *_metadata, struct tsr_context *c,
			    const struct drm_tessera_queue_get_state *state)
{
	struct drm_tessera_queue_wait wait = { .queue_id = c->queue, .deadline_ns = UINT64_MAX };

	wait.seq = state->seq;
	EXPECT_EQ(0, tsr_ioctl(c->fd, DRM_IOCTL_TESSERA_QUEUE_WAIT, &wait));
	EXPECT_EQ(state->error, wait.error);
	wait.seq = state->completed;
	EXPECT_EQ(0, tsr_ioctl(c->fd, DRM_IOCTL_TESSERA_QUEUE_WAIT, &wait));
	EXPECT_EQ(state->seq == state->completed ? state->error : ECANCELED, wait.error);
	wait.seq++;
	EXPECT_EQ(-EINVAL, tsr_ioctl(c->fd, DRM_IOCTL_TESSERA_QUEUE_WAIT, &wait));
}

/* Of a device that is gone a client can still learn all that it could, and free what it has. */
static void expect_explained(struct __test_metadata *_metadata, struct tsr_context *c)
{
	struct drm_tessera_queue_get_state state;
	struct drm_tessera_query_hw hw = { 0 };

	EXPECT_EQ(0, tsr_query(c->fd, DRM_TESSERA_QUERY_HW, &hw, sizeof(hw)));
	EXPECT_EQ(48, hw.va_bits);
	EXPECT_EQ(0, tsr_queue_state(c->fd, c->queue, &state));
	EXPECT_EQ(DRM_TESSERA_QUEUE_DEVICE_LOST, state.state & DRM_TESSERA_QUEUE_DEVICE_LOST);
	EXPECT_EQ(0, state.pending);
	expect_verdicts(_metadata, c, &state);
	EXPECT_EQ(-ENOENT, tsr_queue_state(c->fd, c->queue + 1, &state));
}

static void expect_freed(struct __test_metadata *_metadata, struct tsr_context *c,
			 uint32_t program)
{
	EXPECT_EQ(0, gem_close(c->fd, c->program.handle));
	EXPECT_EQ(-EINVAL, gem_close(c->fd, c->program.handle));
	EXPECT_EQ(-EBUSY, tsr_vm_destroy(c->fd, c->vm));
	EXPECT_EQ(0, tsr_queue_destroy(c->fd, c->queue));
	EXPECT_EQ(-ENOENT, tsr_queue_destroy(c->fd, c->queue));
	EXPECT_EQ(-EBUSY, tsr_vm_destroy(c->fd, c->vm));
	EXPECT_EQ(0, tsr_context_unseal(c, program));
	EXPECT_EQ(-ENOENT, tsr_context_unseal(c, program));
	EXPECT_EQ(0, tsr_vm_destroy(c->fd, c->vm));
}

/* The DRM core answers for syncobjs, and to an unbound driver's clients no more. */
static void expect_syncobjs(struct __test_metadata *_metadata, struct tsr_context *c,
			    uint32_t handle, int verdict)
{
	EXPECT_EQ(0, tsr_syncobj_wait(c->fd, handle, 0, 0));
	EXPECT_EQ(verdict, tsr_syncobj_status(c->fd, handle));
	EXPECT_EQ(0, tsr_syncobj_signal(c->fd, handle));
	EXPECT_NE(0, tsr_syncobj_create(c->fd));
}

TEST_F(unplug, unbinding_ends_running_jobs)
{
	int fence, held;

	ASSERT_TRUE(tsr_control("hold", NULL, 0));
	for (int i = 0; i < JOBS; i++)
		ASSERT_EQ(0, tsr_context_submit(&self->c, &self->sync, 1));
	fence = tsr_fence_export(self->c.fd, self->sync.handle);
	ASSERT_LE(0, fence);
	tsr_await_engine();
	ASSERT_TRUE(write_file(DRIVER "/unbind", self->name));
	EXPECT_EQ(-ENODEV, tsr_fence_status(fence, 0));
	close(fence);
	expect_enodev(_metadata, &self->c);
	expect_explained(_metadata, &self->c);
	EXPECT_EQ(-ENODEV, tsr_syncobj_wait(self->c.fd, self->sync.handle, 0, 0));

	/* Mappings live on. */
	EXPECT_EQ(1, ((uint8_t *)self->data.map)[65535]);
	memset(self->data.map, 7, 65536);
	EXPECT_EQ(7, ((uint8_t *)self->data.map)[4096]);

	held = self->c.fd;
	ASSERT_TRUE(tsr_control("release", NULL, 0));
	ASSERT_TRUE(write_file(DRIVER "/bind", self->name));
	expect_enodev(_metadata, &self->c);
	expect_freed(_metadata, &self->c, self->program);
	close(held);
}

TEST_F(unplug, an_idle_device_can_be_unbound_again_and_again)
{
	for (int i = 0; i < 5; i++) {
		ASSERT_TRUE(write_file(DRIVER "/unbind", self->name));
		ASSERT_TRUE(write_file(DRIVER "/bind", self->name));
	}
	EXPECT_EQ(1, ((uint8_t *)self->data.map)[0]);
	close(self->c.fd);
}

/* A read of all ones says it all: the driver waits for nothing from there on. */
TEST_F(unplug, a_vanished_device_is_noticed_at_the_next_look)
{
	long long reads;
	int fence;

	ASSERT_TRUE(tsr_control("hold", NULL, 0));
	for (int i = 0; i < JOBS; i++)
		ASSERT_EQ(0, tsr_context_submit(&self->c, &self->sync, 1));
	fence = tsr_fence_export(self->c.fd, self->sync.handle);
	ASSERT_LE(0, fence);
	tsr_await_engine();
	ASSERT_TRUE(tsr_control("all-ones on", NULL, 0));
	reads = tsr_counter("mmio_reads");
	ASSERT_LT(0, reads);
	EXPECT_EQ(-ENODEV, tsr_fence_status(fence, TSR_HANG_MS));
	EXPECT_GE(reads + 1, tsr_counter("mmio_reads"));
	expect_enodev(_metadata, &self->c);
	expect_explained(_metadata, &self->c);
	expect_syncobjs(_metadata, &self->c, self->sync.handle, -ENODEV);
	expect_freed(_metadata, &self->c, self->program);
	close(fence);
	close(self->c.fd);

	ASSERT_TRUE(tsr_control("release", NULL, 0));
	ASSERT_TRUE(tsr_control("all-ones off", NULL, 0));
	reads = tsr_counter("mmio_reads");
	ASSERT_TRUE(write_file(DRIVER "/unbind", self->name));
	EXPECT_EQ(reads, tsr_counter("mmio_reads"));
	ASSERT_TRUE(write_file(DRIVER "/bind", self->name));
}

TEST_F(unplug, a_vanished_device_is_unbound_after_one_look)
{
	long long reads;

	ASSERT_TRUE(tsr_control("all-ones on", NULL, 0));
	reads = tsr_counter("mmio_reads");
	ASSERT_LT(0, reads);
	ASSERT_TRUE(write_file(DRIVER "/unbind", self->name));
	EXPECT_EQ(reads + 1, tsr_counter("mmio_reads"));
	expect_enodev(_metadata, &self->c);
	close(self->c.fd);
	EXPECT_FALSE(write_file(DRIVER "/bind", self->name));
	ASSERT_TRUE(tsr_control("all-ones off", NULL, 0));
	ASSERT_TRUE(write_file(DRIVER "/bind", self->name));
}

/* Memory is taken from running jobs, by unmapping and by leaving; unbinding meets either. */
static int work(struct tsr_context *own, struct tsr_bo *data, unsigned int seed, atomic_uint *jobs)
{
	int ret = tsr_bo_create(own->fd, DATA_SIZE, own->vm, data);

	for (unsigned int i = 0; !ret && i < 10; i++) {
		ret = tsr_map(own->fd, own->vm, data->handle, 0, TSR_VA_DATA, DATA_SIZE,
			      TSR_BIND_RW);
		if (ret)
			break;
		tsr_context_load_fill(own, TSR_VA_DATA, DATA_SIZE, (uint8_t)seed);
		ret = tsr_context_submit(own, NULL, 0);
		*jobs += !ret;
		if (!ret && (i + seed) % 3 == 0)
			ret = tsr_unmap(own->fd, own->vm, TSR_VA_DATA, DATA_SIZE);
		if (!ret && i < 5)
			ret = tsr_context_run(own);
	}
	return ret;
}

/* A client at work; a job that lost its memory ends a turn, the device going ends it all. */
static void work_until_gone(unsigned int seed, atomic_uint *jobs)
{
	struct tsr_context own;
	struct tsr_bo data;

	while (tsr_node() >= 0) {
		data.map = MAP_FAILED;
		if (tsr_context_open(&own)) {
			close(own.fd);
			continue;
		}
		work(&own, &data, seed++, jobs);
		if (data.map != MAP_FAILED)
			munmap(data.map, DATA_SIZE);
		tsr_context_close(&own);
	}
}

/* Until each of them has submitted so many. */
static void await_jobs(const atomic_uint *jobs, unsigned int count)
{
	for (unsigned int i = 0; i < WORKERS; i++)
		while (jobs[i] < count)
			usleep(1000);
}

TEST_F(unplug, clients_at_work_survive_unbinding)
{
	atomic_uint *jobs = mmap(NULL, WORKERS * sizeof(*jobs), PROT_READ | PROT_WRITE,
				 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t worker[WORKERS];
	int status;

	ASSERT_NE(MAP_FAILED, (void *)jobs);
	close(self->c.fd);
	for (unsigned int round = 0; round < 10; round++) {
		for (unsigned int i = 0; i < WORKERS; i++) {
			jobs[i] = 0;
			worker[i] = fork();
			ASSERT_LE(0, worker[i]);
			if (!worker[i]) {
				work_until_gone(i, &jobs[i]);
				_exit(0);
			}
		}
		await_jobs(jobs, 1 + round / 2);
		ASSERT_TRUE(write_file(DRIVER "/unbind", self->name));
		for (unsigned int i = 0; i < WORKERS; i++) {
			ASSERT_EQ(worker[i], waitpid(worker[i], &status, 0));
			EXPECT_EQ(0, status);
		}
		ASSERT_TRUE(write_file(DRIVER "/bind", self->name));
	}
	EXPECT_EQ(0, tsr_counter("sanitizer_violations"));
	munmap(jobs, WORKERS * sizeof(*jobs));
}

static int unload(void)
{
	return syscall(SYS_delete_module, "tessera", O_NONBLOCK) ? -errno : 0;
}

TEST_F(unplug, the_module_stays_while_it_is_used)
{
	int fence;

	EXPECT_EQ(-EAGAIN, unload());
	ASSERT_EQ(0, tsr_context_submit(&self->c, &self->sync, 1));
	fence = tsr_fence_export(self->c.fd, self->sync.handle);
	ASSERT_LE(0, fence);
	munmap(self->data.map, self->data.size);
	tsr_context_close(&self->c);
	/* The fence's functions are the module's. */
	EXPECT_EQ(-EAGAIN, unload());
	EXPECT_NE(0, tsr_fence_status(fence, TSR_HANG_MS));
	close(fence);
}

TEST_HARNESS_MAIN
