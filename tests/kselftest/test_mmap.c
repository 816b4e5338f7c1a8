// SPDX-License-Identifier: GPL-2.0-only
/* CPU mappings: what programs do with them must not hurt, and show the right bytes. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <kselftest_harness.h>

#include "tsr_kselftest.h"

#define PAGE	4096ull
#define PAGES	64ull

FIXTURE(mmap) {
	struct tsr_context c;
	struct tsr_bo bo;
	uint64_t offset;
};

FIXTURE_SETUP(mmap)
{
	ASSERT_EQ(0, tsr_context_open(&self->c));
	ASSERT_EQ(0, tsr_bo_create(self->c.fd, PAGES * PAGE, 0, &self->bo));
	ASSERT_EQ(0, tsr_bo_mmap_offset(self->c.fd, self->bo.handle, &self->offset));
	for (uint64_t i = 0; i < PAGES; i++)
		((uint8_t *)self->bo.map)[i * PAGE] = (uint8_t)(i + 1);
}

FIXTURE_TEARDOWN(mmap)
{
	tsr_context_close(&self->c);
}

static uint8_t *map_all(int fd, uint64_t offset, int prot, int flags)
{
	return mmap(NULL, PAGES * PAGE, prot, flags, fd, (off_t)offset);
}

TEST_F(mmap, two_mappings_show_the_same_bytes)
{
	uint8_t *map = map_all(self->c.fd, self->offset, PROT_READ | PROT_WRITE, MAP_SHARED);

	ASSERT_NE(MAP_FAILED, map);
	for (uint64_t i = 0; i < PAGES; i++)
		EXPECT_EQ(i + 1, map[i * PAGE]);
	map[PAGE] = 99;
	EXPECT_EQ(99, ((uint8_t *)self->bo.map)[PAGE]);
}

TEST_F(mmap, a_private_mapping_is_refused)
{
	EXPECT_EQ(MAP_FAILED, map_all(self->c.fd, self->offset, PROT_READ | PROT_WRITE,
				      MAP_PRIVATE));
	EXPECT_EQ(EINVAL, errno);
}

TEST_F(mmap, more_than_the_object_is_refused)
{
	EXPECT_EQ(MAP_FAILED, mmap(NULL, (PAGES + 1) * PAGE, PROT_READ, MAP_SHARED, self->c.fd,
				   (off_t)self->offset));
	EXPECT_EQ(MAP_FAILED, mmap(NULL, PAGE, PROT_READ, MAP_SHARED, self->c.fd, 0));
	EXPECT_EQ(MAP_FAILED, mmap(NULL, PAGE, PROT_READ, MAP_SHARED, self->c.fd,
				   (off_t)(self->offset + PAGES * PAGE)));
}

TEST_F(mmap, another_file_may_not_use_the_offset)
{
	int other = tsr_open();

	ASSERT_LE(0, other);
	EXPECT_EQ(MAP_FAILED, map_all(other, self->offset, PROT_READ, MAP_SHARED));
	EXPECT_EQ(EACCES, errno);
	close(other);
}

TEST_F(mmap, a_hidden_object_cannot_be_mapped_by_guessing)
{
	struct drm_tessera_bo_create hidden = {
		.size = PAGES * PAGE, .flags = DRM_TESSERA_BO_NO_MMAP,
	};
	struct drm_tessera_bo_create plain = { .size = PAGES * PAGE };
	uint64_t end;

	ASSERT_EQ(0, tsr_ioctl(self->c.fd, DRM_IOCTL_TESSERA_BO_CREATE, &hidden));
	ASSERT_EQ(0, tsr_ioctl(self->c.fd, DRM_IOCTL_TESSERA_BO_CREATE, &plain));
	ASSERT_EQ(0, tsr_bo_mmap_offset(self->c.fd, plain.handle, &end));
	/* Offsets are handed out in order: only the known objects around may be mapped. */
	for (uint64_t at = self->offset + PAGES * PAGE; at < end; at += PAGE)
		EXPECT_EQ(MAP_FAILED, map_all(self->c.fd, at, PROT_READ, MAP_SHARED));
}

TEST_F(mmap, a_split_mapping_keeps_its_bytes)
{
	uint8_t *map = map_all(self->c.fd, self->offset, PROT_READ | PROT_WRITE, MAP_SHARED);

	ASSERT_NE(MAP_FAILED, map);
	ASSERT_EQ(0, mprotect(map + 10 * PAGE, 10 * PAGE, PROT_READ));
	ASSERT_EQ(0, munmap(map + 30 * PAGE, PAGE));
	for (uint64_t i = 0; i < PAGES; i++)
		if (i != 30)
			EXPECT_EQ(i + 1, map[i * PAGE]);
}

TEST_F(mmap, a_moved_part_keeps_its_bytes)
{
	uint8_t *map = map_all(self->c.fd, self->offset, PROT_READ | PROT_WRITE, MAP_SHARED);
	uint8_t *room = mmap(NULL, PAGES * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	uint8_t *moved;

	ASSERT_NE(MAP_FAILED, map);
	moved = mremap(map + 20 * PAGE, 10 * PAGE, 10 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, room);
	ASSERT_NE(MAP_FAILED, moved);
	for (uint64_t i = 0; i < 10; i++)
		EXPECT_EQ(21 + i, moved[i * PAGE]);
	EXPECT_EQ(31, map[30 * PAGE]);
}

TEST_F(mmap, a_mapping_cannot_grow)
{
	EXPECT_EQ(MAP_FAILED, mremap(self->bo.map, PAGES * PAGE, 2 * PAGES * PAGE,
				     MREMAP_MAYMOVE));
}

TEST_F(mmap, advice_changes_nothing)
{
	madvise(self->bo.map, PAGES * PAGE, MADV_DONTNEED);
	madvise(self->bo.map, PAGES * PAGE, MADV_REMOVE);
	madvise(self->bo.map, PAGES * PAGE, MADV_FREE);
	madvise(self->bo.map, PAGES * PAGE, MADV_HUGEPAGE);
	for (uint64_t i = 0; i < PAGES; i++)
		EXPECT_EQ(i + 1, ((uint8_t *)self->bo.map)[i * PAGE]);
}

TEST_F(mmap, a_child_shares_the_memory)
{
	uint8_t *map = self->bo.map;
	int status;
	pid_t child = fork();

	if (!child) {
		map[5 * PAGE] = 77;
		_exit(map[6 * PAGE] == 7 ? 0 : 1);
	}
	ASSERT_EQ(child, waitpid(child, &status, 0));
	EXPECT_EQ(0, status);
	EXPECT_EQ(77, map[5 * PAGE]);
}

TEST_F(mmap, a_mapping_outlives_handle_and_file)
{
	struct drm_gem_close args = { .handle = self->bo.handle };
	uint8_t *map = self->bo.map;

	ASSERT_EQ(0, tsr_ioctl(self->c.fd, DRM_IOCTL_GEM_CLOSE, &args));
	EXPECT_EQ(64, map[63 * PAGE]);
	close(self->c.fd);
	self->c.fd = -1;
	EXPECT_EQ(63, map[62 * PAGE]);
	map[62 * PAGE] = 1;
	EXPECT_EQ(1, map[62 * PAGE]);
}

TEST_F(mmap, a_read_only_mapping_stays_read_only)
{
	uint8_t *map = map_all(self->c.fd, self->offset, PROT_READ, MAP_SHARED);
	int status;
	pid_t child;

	ASSERT_NE(MAP_FAILED, map);
	child = fork();
	if (!child) {
		*(volatile uint8_t *)map = 1;
		_exit(0);
	}
	ASSERT_EQ(child, waitpid(child, &status, 0));
	EXPECT_TRUE(WIFSIGNALED(status));
	EXPECT_EQ(1, ((uint8_t *)self->bo.map)[0]);
}

TEST_HARNESS_MAIN
