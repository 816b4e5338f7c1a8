// SPDX-License-Identifier: GPL-2.0-only
/* Sealed objects: nothing that can write is there when they are sealed, and nothing comes later. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <kselftest_harness.h>

#include "tsr_kselftest.h"

#define PAGE	4096ull
#define PAGES	16ull

FIXTURE(seal) {
	struct tsr_context c;
	struct tsr_bo bo;
	uint64_t offset;
	atomic_uint attempts;
	atomic_bool over;
};

FIXTURE_SETUP(seal)
{
	ASSERT_EQ(0, tsr_context_open(&self->c));
	ASSERT_EQ(0, tsr_bo_create(self->c.fd, PAGES * PAGE, 0, &self->bo));
	ASSERT_EQ(0, tsr_bo_mmap_offset(self->c.fd, self->bo.handle, &self->offset));
	for (uint64_t i = 0; i < PAGES; i++)
		((uint8_t *)self->bo.map)[i * PAGE] = (uint8_t)(i + 1);
}

FIXTURE_TEARDOWN(seal)
{
	tsr_context_close(&self->c);
}

static int seal(int fd, uint32_t handle)
{
	struct drm_tessera_bo_seal args = { .handle = handle };

	return tsr_ioctl(fd, DRM_IOCTL_TESSERA_BO_SEAL, &args);
}

static uint8_t *map(FIXTURE_DATA(seal) *self, int prot)
{
	return mmap(NULL, PAGES * PAGE, prot, MAP_SHARED, self->c.fd, (off_t)self->offset);
}

static void unmap_cpu(FIXTURE_DATA(seal) *self)
{
	munmap(self->bo.map, PAGES * PAGE);
}

TEST_F(seal, the_bytes_can_be_read_and_no_more)
{
	uint8_t *bytes;

	unmap_cpu(self);
	ASSERT_EQ(0, seal(self->c.fd, self->bo.handle));
	EXPECT_EQ(0, seal(self->c.fd, self->bo.handle));
	EXPECT_EQ(MAP_FAILED, map(self, PROT_READ | PROT_WRITE));
	EXPECT_EQ(EPERM, errno);
	EXPECT_EQ(MAP_FAILED, map(self, PROT_WRITE));
	EXPECT_EQ(EPERM, errno);
	bytes = map(self, PROT_READ);
	ASSERT_NE(MAP_FAILED, bytes);
	EXPECT_EQ(-1, mprotect(bytes, PAGE, PROT_READ | PROT_WRITE));
	EXPECT_EQ(EACCES, errno);
	for (uint64_t i = 0; i < PAGES; i++)
		EXPECT_EQ(i + 1, bytes[i * PAGE]);
	EXPECT_EQ(0, munmap(bytes, PAGES * PAGE));
	EXPECT_EQ(0, seal(self->c.fd, self->bo.handle));
}

TEST_F(seal, a_mapping_that_could_become_writable_forbids_it)
{
	uint8_t *bytes = map(self, PROT_READ);

	ASSERT_NE(MAP_FAILED, bytes);
	EXPECT_EQ(-EBUSY, seal(self->c.fd, self->bo.handle));
	unmap_cpu(self);
	EXPECT_EQ(-EBUSY, seal(self->c.fd, self->bo.handle));
	EXPECT_EQ(0, mprotect(bytes, PAGE, PROT_READ | PROT_WRITE));
	EXPECT_EQ(0, munmap(bytes, PAGES * PAGE));
	EXPECT_EQ(0, seal(self->c.fd, self->bo.handle));
}

TEST_F(seal, every_piece_of_a_mapping_counts)
{
	uint8_t *bytes = self->bo.map;

	ASSERT_EQ(0, munmap(bytes + 4 * PAGE, 2 * PAGE));
	EXPECT_EQ(-EBUSY, seal(self->c.fd, self->bo.handle));
	ASSERT_EQ(0, munmap(bytes, 4 * PAGE));
	EXPECT_EQ(-EBUSY, seal(self->c.fd, self->bo.handle));
	bytes = mremap(bytes + 6 * PAGE, 10 * PAGE, 10 * PAGE, MREMAP_MAYMOVE);
	ASSERT_NE(MAP_FAILED, bytes);
	ASSERT_EQ(0, mprotect(bytes, PAGE, PROT_READ));
	EXPECT_EQ(-EBUSY, seal(self->c.fd, self->bo.handle));
	ASSERT_EQ(0, munmap(bytes, 10 * PAGE));
	EXPECT_EQ(0, seal(self->c.fd, self->bo.handle));
}

TEST_F(seal, the_mapping_of_a_child_counts)
{
	int go[2], status;
	pid_t child;
	char byte;

	ASSERT_EQ(0, pipe(go));
	child = fork();
	ASSERT_LE(0, child);
	if (!child) {
		close(go[1]);
		_exit(read(go[0], &byte, 1) != 0);
	}
	close(go[0]);
	unmap_cpu(self);
	EXPECT_EQ(-EBUSY, seal(self->c.fd, self->bo.handle));
	close(go[1]);
	ASSERT_EQ(child, waitpid(child, &status, 0));
	EXPECT_EQ(0, status);
	EXPECT_EQ(0, seal(self->c.fd, self->bo.handle));
}

TEST_F(seal, the_device_may_read_and_fetch_but_not_write)
{
	const uint32_t vm = self->c.vm, handle = self->bo.handle;

	unmap_cpu(self);
	ASSERT_EQ(0, seal(self->c.fd, handle));
	EXPECT_EQ(-EPERM, tsr_map(self->c.fd, vm, handle, 0, TSR_VA_DATA, PAGE, TSR_BIND_RW));
	EXPECT_EQ(-EPERM, tsr_map(self->c.fd, vm, handle, 0, TSR_VA_DATA, PAGE,
				  DRM_TESSERA_BIND_WRITE));
	EXPECT_EQ(0, tsr_map(self->c.fd, vm, handle, 0, TSR_VA_DATA, PAGES * PAGE,
			     DRM_TESSERA_BIND_READ | DRM_TESSERA_BIND_FETCH));
}

TEST_F(seal, a_job_that_writes_a_sealed_object_faults)
{
	struct drm_tessera_queue_get_state state;
	uint8_t *bytes;

	unmap_cpu(self);
	ASSERT_EQ(0, seal(self->c.fd, self->bo.handle));
	ASSERT_EQ(0, tsr_map(self->c.fd, self->c.vm, self->bo.handle, 0, TSR_VA_DATA,
			     PAGES * PAGE, DRM_TESSERA_BIND_READ));
	tsr_context_load_fill(&self->c, TSR_VA_DATA, 64, 0xee);
	EXPECT_EQ(-EFAULT, tsr_context_run(&self->c));
	ASSERT_EQ(0, tsr_queue_state(self->c.fd, self->c.queue, &state));
	EXPECT_TRUE(state.state & DRM_TESSERA_QUEUE_FAULTED);
	bytes = map(self, PROT_READ);
	ASSERT_NE(MAP_FAILED, bytes);
	EXPECT_EQ(1, bytes[0]);
}

/* Weights fill the object but for its last page. */
#define CHANNELS	60u
#define SIZE		8u
#define WEIGHTS		(4 * CHANNELS * CHANNELS)
#define PICTURE		(CHANNELS * SIZE * SIZE * sizeof(float))

static int run_context(void *of)
{
	return tsr_context_run(of);
}

/* What the device reads for one job, in bytes. */
static long long bytes_read(struct tsr_context *c)
{
	return tsr_counter_used("dma_read_bytes", run_context, c);
}

static void set(void *to, size_t n, float value)
{
	for (size_t i = 0; i < n; i++)
		((float *)to)[i] = value;
}

/* Load a convolution with weights at TSR_VA_DATA and a picture of ones, and get its result. */
static const float *load_conv(struct tsr_context *c)
{
	const uint64_t x = TSR_VA_DATA + PAGES * PAGE, size = 16 * PAGE;
	struct tsr_bo pictures;

	if (tsr_bo_create(c->fd, size, 0, &pictures) ||
	    tsr_map(c->fd, c->vm, pictures.handle, 0, x, size, TSR_BIND_RW))
		return NULL;
	set(pictures.map, PICTURE / sizeof(float), 1);
	tsr_context_load_conv(c, CHANNELS, SIZE, x, TSR_VA_DATA, x + PICTURE);
	return (const float *)((const char *)pictures.map + PICTURE);
}

TEST_F(seal, the_device_reads_once_what_was_mapped_after_it)
{
	const long long weights = WEIGHTS * sizeof(float);
	const uint32_t vm = self->c.vm, handle = self->bo.handle;
	const int fd = self->c.fd;
	long long before, after;

	ASSERT_EQ(0, tsr_map(fd, vm, handle, 0, TSR_VA_DATA, PAGES * PAGE, DRM_TESSERA_BIND_READ));
	ASSERT_NE(NULL, load_conv(&self->c));
	unmap_cpu(self);
	ASSERT_EQ(0, seal(fd, handle));
	before = bytes_read(&self->c);
	ASSERT_EQ(0, tsr_map(fd, vm, handle, 0, TSR_VA_DATA, PAGES * PAGE, DRM_TESSERA_BIND_READ));
	after = bytes_read(&self->c);
	EXPECT_LT(0, after);
	EXPECT_LE(after, before - weights);
}

static int seal_filled(struct tsr_context *c, struct tsr_bo *bo, float value)
{
	set(bo->map, WEIGHTS, value);
	munmap(bo->map, bo->size);
	return seal(c->fd, bo->handle);
}

TEST_F(seal, the_device_reads_another_object_at_the_same_place)
{
	struct tsr_context *c = &self->c;
	struct tsr_bo other;
	const float *d;

	ASSERT_EQ(0, tsr_bo_create(c->fd, PAGES * PAGE, 0, &other));
	ASSERT_EQ(0, seal_filled(c, &self->bo, 1));
	ASSERT_EQ(0, seal_filled(c, &other, 2));
	d = load_conv(c);
	ASSERT_NE(NULL, d);
	for (int i = 0; i < 4; i++) {
		ASSERT_EQ(0, tsr_map(c->fd, c->vm, i % 2 ? other.handle : self->bo.handle, 0,
				     TSR_VA_DATA, PAGES * PAGE, DRM_TESSERA_BIND_READ));
		ASSERT_EQ(0, tsr_context_run(c));
		EXPECT_EQ(4 * CHANNELS * (1 + i % 2), d[0]);
	}
}

TEST_F(seal, every_piece_of_a_device_mapping_counts)
{
	const uint32_t vm = self->c.vm, handle = self->bo.handle;
	const int fd = self->c.fd;

	unmap_cpu(self);
	ASSERT_EQ(0, tsr_map(fd, vm, handle, 0, TSR_VA_DATA, PAGES * PAGE, TSR_BIND_RW));
	EXPECT_EQ(-EBUSY, seal(fd, handle));
	ASSERT_EQ(0, tsr_unmap(fd, vm, TSR_VA_DATA + 4 * PAGE, PAGE));
	EXPECT_EQ(-EBUSY, seal(fd, handle));
	ASSERT_EQ(0, tsr_map(fd, vm, handle, 0, TSR_VA_DATA, 4 * PAGE, DRM_TESSERA_BIND_READ));
	EXPECT_EQ(-EBUSY, seal(fd, handle));
	/* An operation that fails leaves what was there. */
	EXPECT_EQ(-EINVAL, tsr_map(fd, vm, handle, 0, TSR_VA_DATA, 2 * PAGES * PAGE, TSR_BIND_RW));
	EXPECT_EQ(-EBUSY, seal(fd, handle));
	ASSERT_EQ(0, tsr_unmap(fd, vm, TSR_VA_DATA, PAGES * PAGE));
	EXPECT_EQ(0, seal(fd, handle));
}

TEST_F(seal, the_end_of_an_address_space_is_the_end_of_its_writers)
{
	uint32_t vm;

	unmap_cpu(self);
	ASSERT_EQ(0, tsr_vm_create(self->c.fd, &vm));
	ASSERT_EQ(0, tsr_map(self->c.fd, vm, self->bo.handle, 0, TSR_VA_DATA, PAGE, TSR_BIND_RW));
	EXPECT_EQ(-EBUSY, seal(self->c.fd, self->bo.handle));
	ASSERT_EQ(0, tsr_vm_destroy(self->c.fd, vm));
	EXPECT_EQ(0, seal(self->c.fd, self->bo.handle));
}

TEST_F(seal, it_holds_for_those_that_share_the_object)
{
	struct drm_prime_handle out = { .handle = self->bo.handle, .flags = DRM_RDWR };
	struct drm_prime_handle in = { 0 };
	int other = tsr_open();
	uint32_t vm;

	ASSERT_LE(0, other);
	unmap_cpu(self);
	ASSERT_EQ(0, tsr_ioctl(self->c.fd, DRM_IOCTL_PRIME_HANDLE_TO_FD, &out));
	in.fd = out.fd;
	ASSERT_EQ(0, tsr_ioctl(other, DRM_IOCTL_PRIME_FD_TO_HANDLE, &in));
	ASSERT_EQ(0, tsr_vm_create(other, &vm));
	ASSERT_EQ(0, tsr_map(other, vm, in.handle, 0, TSR_VA_DATA, PAGE, TSR_BIND_RW));
	EXPECT_EQ(-EBUSY, seal(self->c.fd, self->bo.handle));
	ASSERT_EQ(0, tsr_unmap(other, vm, TSR_VA_DATA, PAGE));
	ASSERT_EQ(0, seal(other, in.handle));
	EXPECT_EQ(-EPERM, tsr_map(self->c.fd, self->c.vm, self->bo.handle, 0, TSR_VA_DATA, PAGE,
				  TSR_BIND_RW));
	EXPECT_EQ(MAP_FAILED, mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, out.fd, 0));
	EXPECT_EQ(EPERM, errno);
	EXPECT_NE(MAP_FAILED, mmap(NULL, PAGE, PROT_READ, MAP_SHARED, out.fd, 0));
	close(out.fd);
	close(other);
}

static int import_on_second(int dmabuf, struct tsr_context *other)
{
	struct drm_prime_handle in = { .fd = dmabuf };
	int ret;

	tsr_use_npu(1);
	ret = tsr_context_open(other);
	tsr_use_npu(0);
	return ret ?: tsr_ioctl(other->fd, DRM_IOCTL_PRIME_FD_TO_HANDLE, &in);
}

TEST_F(seal, another_driver_that_has_attached_forbids_it_and_none_attaches_later)
{
	struct drm_prime_handle out = { .handle = self->bo.handle, .flags = DRM_RDWR };
	struct tsr_context other;

	unmap_cpu(self);
	ASSERT_EQ(0, tsr_ioctl(self->c.fd, DRM_IOCTL_PRIME_HANDLE_TO_FD, &out));
	ASSERT_EQ(0, import_on_second(out.fd, &other));
	EXPECT_EQ(-EBUSY, seal(self->c.fd, self->bo.handle));
	tsr_context_close(&other);
	ASSERT_EQ(0, seal(self->c.fd, self->bo.handle));
	EXPECT_EQ(-EPERM, import_on_second(out.fd, &other));
	tsr_context_close(&other);
	close(out.fd);
}

TEST_F(seal, an_imported_object_is_its_exporters)
{
	struct drm_tessera_bo_create create = { .size = PAGE };
	struct drm_prime_handle out = { .flags = DRM_RDWR }, in = { 0 };
	struct tsr_context other;

	tsr_use_npu(1);
	ASSERT_EQ(0, tsr_context_open(&other));
	tsr_use_npu(0);
	ASSERT_EQ(0, tsr_ioctl(other.fd, DRM_IOCTL_TESSERA_BO_CREATE, &create));
	out.handle = create.handle;
	ASSERT_EQ(0, tsr_ioctl(other.fd, DRM_IOCTL_PRIME_HANDLE_TO_FD, &out));
	in.fd = out.fd;
	ASSERT_EQ(0, tsr_ioctl(self->c.fd, DRM_IOCTL_PRIME_FD_TO_HANDLE, &in));
	EXPECT_EQ(-EPERM, seal(self->c.fd, in.handle));
	close(out.fd);
	tsr_context_close(&other);
}

/* Attempts to write: in the first byte there is how many went well. */
static void *write_again_and_again(void *data)
{
	FIXTURE_DATA(seal) *self = data;
	uint8_t *bytes;

	while (!self->over) {
		bytes = map(self, PROT_READ | PROT_WRITE);
		if (bytes != MAP_FAILED) {
			bytes[0]++;
			munmap(bytes, PAGES * PAGE);
		}
		if (!tsr_map(self->c.fd, self->c.vm, self->bo.handle, 0, TSR_VA_DATA, PAGE,
			     TSR_BIND_RW))
			tsr_unmap(self->c.fd, self->c.vm, TSR_VA_DATA, PAGE);
		self->attempts++;
	}
	return NULL;
}

static void await_attempts(FIXTURE_DATA(seal) *self, unsigned int count)
{
	unsigned int from = self->attempts;

	while (self->attempts - from < count)
		usleep(1000);
}

TEST_F(seal, a_race_with_writers_has_one_winner)
{
	pthread_t writer;
	uint8_t *bytes, first;

	unmap_cpu(self);
	ASSERT_EQ(0, pthread_create(&writer, NULL, write_again_and_again, self));
	await_attempts(self, 10);
	while (seal(self->c.fd, self->bo.handle))
		;
	bytes = map(self, PROT_READ);
	ASSERT_NE(MAP_FAILED, bytes);
	first = bytes[0];
	await_attempts(self, 100);
	EXPECT_EQ(first, bytes[0]);
	self->over = true;
	pthread_join(writer, NULL);
}

TEST_F(seal, malformed_arguments_are_refused)
{
	struct drm_tessera_bo_seal args = { .handle = self->bo.handle, .flags = 1 };

	unmap_cpu(self);
	EXPECT_EQ(-EINVAL, tsr_ioctl(self->c.fd, DRM_IOCTL_TESSERA_BO_SEAL, &args));
	EXPECT_EQ(-ENOENT, seal(self->c.fd, 0x7fffffff));
	EXPECT_EQ(0, seal(self->c.fd, self->bo.handle));
}

TEST_HARNESS_MAIN
