// SPDX-License-Identifier: MIT
#include <errno.h>
#include <fcntl.h>
#include <linux/vfio.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "cmocka_prelude.h"
#include "session.h"

/* The linker puts these in front of the library's. */
void *__real_malloc(size_t n);
void *__real_calloc(size_t count, size_t n);
void __real_free(void *memory);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t count, size_t n);
void __wrap_free(void *memory);

/* Structures that are made less those that are released. */
static atomic_int live;

/* There is no memory for the next one. */
static atomic_bool no_memory;

void *__wrap_malloc(size_t n)
{
	void *memory = __real_malloc(n);

	atomic_fetch_add(&live, memory != NULL);
	return memory;
}

void *__wrap_calloc(size_t count, size_t n)
{
	void *memory = atomic_exchange(&no_memory, false) ? NULL : __real_calloc(count, n);

	atomic_fetch_add(&live, memory != NULL);
	return memory;
}

void __wrap_free(void *memory)
{
	atomic_fetch_sub(&live, memory != NULL);
	__real_free(memory);
}

#define PAGE 4096u
#define READ_WRITE (VFIO_DMA_MAP_FLAG_READ | VFIO_DMA_MAP_FLAG_WRITE)
#define MEMORY_SIZE (16 * PAGE)

/* Guest memory: a memfd, as QEMU's memory-backend-memfd. */
static int new_memory(void)
{
	int fd = memfd_create("guest", MFD_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(ftruncate(fd, MEMORY_SIZE), 0);
	return fd;
}

/* Send DMA_MAP; errno of the answer. */
static int map(struct session *s, uint32_t flags, uint64_t address, uint64_t size, int fd,
	       uint64_t offset)
{
	struct vfu_dma_map request = {
		.argsz = sizeof(request), .flags = flags, .offset = offset, .address = address,
		.size = size,
	};
	struct client_reply reply;

	assert_true(client_call_fds(s->fd, VFU_CMD_DMA_MAP, &request, sizeof(request), &fd,
				    fd >= 0 ? 1 : 0, &reply));
	return (int)reply.header.error;
}

static int unmap(struct session *s, uint32_t flags, uint64_t address, uint64_t size)
{
	struct vfu_dma_unmap request = {
		.argsz = sizeof(request), .flags = flags, .address = address, .size = size,
	};
	struct client_reply reply;

	assert_true(client_call(s->fd, VFU_CMD_DMA_UNMAP, &request, sizeof(request), &reply));
	if (reply.header.flags & VFU_FLAG_ERROR)
		return (int)reply.header.error;
	assert_int_equal(reply.size, sizeof(request));
	assert_memory_equal(reply.payload, &request, sizeof(request));
	return 0;
}

static void mapped_memory_is_shared_both_ways(void **state)
{
	struct session *s = *state;
	int fd = new_memory();
	char text[6] = "";

	session_set_bus_master(s, true);
	assert_int_equal(map(s, READ_WRITE, 0x100000, 2 * PAGE, fd, PAGE), 0);
	assert_int_equal(pwrite(fd, "hello", 6, PAGE + 10), 6);
	assert_int_equal(vfu_dma_read(s->vfu, 0x10000a, text, 6), 0);
	assert_string_equal(text, "hello");
	assert_int_equal(vfu_dma_write(s->vfu, 0x101000, "there", 6), 0);
	assert_int_equal(pread(fd, text, 6, 2 * PAGE), 6);
	assert_string_equal(text, "there");
	assert_int_equal(session_counters(s).dma_maps, 1);
	close(fd);
}

static void access_needs_bus_mastering(void **state)
{
	struct session *s = *state;
	int fd = new_memory();
	uint32_t val;

	assert_int_equal(map(s, READ_WRITE, 0, PAGE, fd, 0), 0);
	assert_int_equal(vfu_dma_read(s->vfu, 0, &val, 4), -EPERM);
	assert_int_equal(vfu_dma_window_open(s->vfu), -EPERM);
	session_set_bus_master(s, true);
	assert_int_equal(vfu_dma_read(s->vfu, 0, &val, 4), 0);
	session_set_bus_master(s, false);
	assert_int_equal(vfu_dma_write(s->vfu, 0, &val, 4), -EPERM);
	close(fd);
}

/*
 * Neighbours on the bus are apart in the file, and here too: the kernel places a mapping
 * below the one before it, so what follows the first range in memory is not the second.
 */
static void copy_spans_adjacent_ranges(void **state)
{
	struct session *s = *state;
	int fd = new_memory();
	uint64_t val = 0;

	session_set_bus_master(s, true);
	assert_int_equal(map(s, READ_WRITE, 0x1000, PAGE, fd, 2 * PAGE), 0);
	assert_int_equal(map(s, READ_WRITE, 0x2000, PAGE, fd, 8 * PAGE), 0);
	assert_int_equal(vfu_dma_write(s->vfu, 0x1ffc, "abcdefgh", 8), 0);
	assert_int_equal(pread(fd, &val, 4, 3 * PAGE - 4), 4);
	assert_memory_equal(&val, "abcd", 4);
	assert_int_equal(pread(fd, &val, 4, 8 * PAGE), 4);
	assert_memory_equal(&val, "efgh", 4);
	assert_int_equal(vfu_dma_read(s->vfu, 0x1ffc, &val, 8), 0);
	assert_memory_equal(&val, "abcdefgh", 8);
	close(fd);
}

static void copy_into_a_hole_touches_nothing(void **state)
{
	struct session *s = *state;
	int fd = new_memory();
	uint64_t val = 0;

	session_set_bus_master(s, true);
	assert_int_equal(map(s, READ_WRITE, 0x1000, PAGE, fd, 0), 0);
	assert_int_equal(vfu_dma_write(s->vfu, 0x1ffc, "abcdefgh", 8), -EFAULT);
	assert_int_equal(pread(fd, &val, 4, PAGE - 4), 4);
	assert_int_equal(val, 0);
	assert_int_equal(vfu_dma_read(s->vfu, 0xffc, &val, 8), -EFAULT);
	assert_int_equal(vfu_dma_read(s->vfu, UINT64_MAX, &val, 1), -EFAULT);
	close(fd);
}

static void access_rights_are_honoured(void **state)
{
	struct session *s = *state;
	int fd = new_memory();
	uint32_t val = 0;

	session_set_bus_master(s, true);
	assert_int_equal(map(s, VFIO_DMA_MAP_FLAG_READ, 0, PAGE, fd, 0), 0);
	assert_int_equal(map(s, VFIO_DMA_MAP_FLAG_WRITE, PAGE, PAGE, fd, PAGE), 0);
	assert_int_equal(vfu_dma_read(s->vfu, 0, &val, 4), 0);
	assert_int_equal(vfu_dma_write(s->vfu, 0, &val, 4), -EFAULT);
	assert_int_equal(vfu_dma_write(s->vfu, PAGE, &val, 4), 0);
	assert_int_equal(vfu_dma_read(s->vfu, PAGE, &val, 4), -EFAULT);
	close(fd);
}

static void range_without_descriptor_exists_but_cannot_be_accessed(void **state)
{
	struct session *s = *state;
	uint32_t val;

	session_set_bus_master(s, true);
	assert_int_equal(map(s, READ_WRITE, 0xc0000, 32 * PAGE, -1, 0), 0);
	assert_int_equal(vfu_dma_read(s->vfu, 0xc0000, &val, 4), -EFAULT);
	assert_int_equal(map(s, READ_WRITE, 0xc0000, PAGE, -1, 0), EEXIST);
	assert_int_equal(unmap(s, 0, 0xc0000, 32 * PAGE), 0);
}

static void words_are_single_accesses_and_must_be_aligned(void **state)
{
	struct session *s = *state;
	int fd = new_memory();
	uint64_t wide = 0;
	uint32_t val = 0;

	session_set_bus_master(s, true);
	assert_int_equal(map(s, READ_WRITE, 0, PAGE, fd, 0), 0);
	assert_int_equal(vfu_dma_window_open(s->vfu), 0);
	assert_int_equal(vfu_dma_store64(s->vfu, 8, 0x1122334455667788), 0);
	assert_int_equal(vfu_dma_load64(s->vfu, 8, &wide), 0);
	assert_int_equal(wide, 0x1122334455667788);
	assert_int_equal(vfu_dma_store32(s->vfu, 12, 0xaabbccdd), 0);
	assert_int_equal(vfu_dma_load32(s->vfu, 12, &val), 0);
	assert_int_equal(val, 0xaabbccdd);
	assert_int_equal(vfu_dma_load32(s->vfu, 2, &val), -EINVAL);
	assert_int_equal(vfu_dma_store64(s->vfu, 4, 0), -EINVAL);
	assert_int_equal(vfu_dma_load32(s->vfu, PAGE, &val), -EFAULT);
	vfu_dma_window_close(s->vfu);
	close(fd);
}

/* Each of both sizes, read and written. */
static void a_word_that_cannot_be_reached_is_told(void **state)
{
	struct session *s = *state;
	int fd = new_memory();
	uint32_t val32 = 7;
	uint64_t val64 = 9;

	session_set_bus_master(s, true);
	assert_int_equal(map(s, VFIO_DMA_MAP_FLAG_READ, 0, PAGE, fd, 0), 0);
	assert_int_equal(map(s, VFIO_DMA_MAP_FLAG_WRITE, PAGE, PAGE, fd, PAGE), 0);
	assert_int_equal(vfu_dma_window_open(s->vfu), 0);
	for (uint64_t at = 1; at < 4; at++) {
		assert_int_equal(vfu_dma_load32(s->vfu, at, &val32), -EINVAL);
		assert_int_equal(vfu_dma_store32(s->vfu, PAGE + at, 1), -EINVAL);
		assert_int_equal(vfu_dma_load64(s->vfu, 2 * at, &val64), -EINVAL);
		assert_int_equal(vfu_dma_store64(s->vfu, PAGE + 2 * at, 1), -EINVAL);
	}
	assert_int_equal(vfu_dma_load32(s->vfu, PAGE, &val32), -EFAULT);
	assert_int_equal(vfu_dma_store32(s->vfu, 0, 1), -EFAULT);
	assert_int_equal(vfu_dma_load64(s->vfu, PAGE, &val64), -EFAULT);
	assert_int_equal(vfu_dma_store64(s->vfu, 0, 1), -EFAULT);
	assert_int_equal(val32, 7);
	assert_int_equal(val64, 9);
	assert_int_equal(vfu_dma_store64(s->vfu, 2 * PAGE - 8, 5), 0);
	assert_int_equal(vfu_dma_load64(s->vfu, PAGE - 8, &val64), 0);
	vfu_dma_window_close(s->vfu);
	assert_int_equal(val64, 0);
	assert_int_equal(pread(fd, &val64, 8, 2 * PAGE - 8), 8);
	assert_int_equal(val64, 5);
	close(fd);
}

static void translation_stops_at_the_range_end(void **state)
{
	struct session *s = *state;
	int fd = new_memory();
	size_t len = 3 * PAGE;

	session_set_bus_master(s, true);
	assert_int_equal(map(s, READ_WRITE, 0x4000, 2 * PAGE, fd, 0), 0);
	assert_int_equal(vfu_dma_window_open(s->vfu), 0);
	assert_non_null(vfu_dma_translate(s->vfu, 0x4800, VFU_DMA_READ, &len));
	assert_int_equal(len, 2 * PAGE - 0x800);
	assert_null(vfu_dma_translate(s->vfu, 0x3fff, VFU_DMA_READ, &len));
	vfu_dma_window_close(s->vfu);
	close(fd);
}

static void overlapping_maps_are_refused(void **state)
{
	struct session *s = *state;
	int fd = new_memory();

	assert_int_equal(map(s, READ_WRITE, 0x10000, 4 * PAGE, fd, 0), 0);
	assert_int_equal(map(s, READ_WRITE, 0x10000, 4 * PAGE, fd, 0), EEXIST);
	assert_int_equal(map(s, READ_WRITE, 0xf000, 2 * PAGE, fd, 0), EEXIST);
	assert_int_equal(map(s, READ_WRITE, 0x13000, PAGE, fd, 0), EEXIST);
	assert_int_equal(map(s, READ_WRITE, 0x8000, 16 * PAGE, fd, 0), EEXIST);
	assert_int_equal(map(s, READ_WRITE, 0x14000, PAGE, fd, 0), 0);
	close(fd);
}

static void bad_maps_are_refused(void **state)
{
	struct session *s = *state;
	int fd = new_memory(), pipes[2];

	assert_int_equal(pipe(pipes), 0);
	assert_int_equal(map(s, 0, 0, PAGE, fd, 0), EINVAL);
	assert_int_equal(map(s, READ_WRITE | 4, 0, PAGE, fd, 0), EINVAL);
	assert_int_equal(map(s, READ_WRITE, 0, 0, fd, 0), EINVAL);
	assert_int_equal(map(s, READ_WRITE, 1, PAGE, fd, 0), EINVAL);
	assert_int_equal(map(s, READ_WRITE, 0, PAGE + 1, fd, 0), EINVAL);
	assert_int_equal(map(s, READ_WRITE, 0, PAGE, fd, 1), EINVAL);
	assert_int_equal(map(s, READ_WRITE, UINT64_MAX - PAGE + 1, 2 * PAGE, fd, 0), EINVAL);
	assert_int_equal(map(s, READ_WRITE, 0, MEMORY_SIZE + PAGE, fd, 0), EINVAL);
	assert_int_equal(map(s, READ_WRITE, 0, PAGE, fd, MEMORY_SIZE), EINVAL);
	assert_int_equal(map(s, READ_WRITE, 0, PAGE, fd, UINT64_MAX - PAGE + 1), EINVAL);
	assert_int_equal(map(s, READ_WRITE, 0, PAGE, pipes[0], 0), EINVAL);
	assert_int_equal(session_counters(s).dma_maps, 0);
	close(pipes[0]);
	close(pipes[1]);
	close(fd);
}

/*
 * A structure that says it is shorter than it is, and one that came with
 * more files than it can have.
 */
static void maps_of_another_form_are_refused(void **state)
{
	static const struct {
		int less;	/* bytes of argsz */
		unsigned int files;
		uint32_t error;
	} cases[] = {
		{ 0, 1, 0 }, { -8, 1, 0 }, { 1, 1, EINVAL }, { 0, 2, EINVAL }, { 1, 2, EINVAL },
	};
	struct session *s = *state;
	int fd = new_memory();
	const int fds[] = { fd, fd };

	for (unsigned int i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct vfu_dma_map request = {
			.argsz = (uint32_t)((int)sizeof(request) - cases[i].less),
			.flags = READ_WRITE, .address = i * PAGE, .size = PAGE,
		};
		struct client_reply reply;

		assert_true(client_call_fds(s->fd, VFU_CMD_DMA_MAP, &request, sizeof(request),
					    fds, cases[i].files, &reply));
		assert_int_equal(reply.header.error, cases[i].error);
	}
	assert_int_equal(session_counters(s).dma_maps, 2);
	close(fd);
}

static void bad_unmaps_are_refused(void **state)
{
	const struct vfu_dma_unmap good = { .argsz = sizeof(good), .address = PAGE, .size = PAGE };
	struct vfu_dma_unmap bad[] = { good, good, good, good, good, good, good };
	struct session *s = *state;
	struct client_reply reply;
	int fd = new_memory();

	bad[0].argsz--;
	bad[1].flags = VFIO_DMA_UNMAP_FLAG_GET_DIRTY_BITMAP;
	bad[2].address++;
	bad[3].size++;
	bad[4].size = 0;
	bad[5].flags = VFIO_DMA_UNMAP_FLAG_ALL;
	bad[5].size = 0;
	bad[6].flags = VFIO_DMA_UNMAP_FLAG_ALL;
	bad[6].address = 0;
	assert_int_equal(map(s, READ_WRITE, PAGE, PAGE, fd, 0), 0);
	for (unsigned int i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_true(client_call(s->fd, VFU_CMD_DMA_UNMAP, &bad[i], sizeof(bad[i]), &reply));
		assert_true(reply.header.flags & VFU_FLAG_ERROR);
		assert_int_equal(reply.header.error, EINVAL);
	}
	assert_int_equal(session_counters(s).dma_unmaps, 0);
	assert_true(client_call(s->fd, VFU_CMD_DMA_UNMAP, &good, sizeof(good), &reply));
	assert_false(reply.header.flags & VFU_FLAG_ERROR);
	assert_int_equal(session_counters(s).dma_unmaps, 1);
	close(fd);
}

static void last_page_of_the_address_space_can_be_mapped(void **state)
{
	struct session *s = *state;
	int fd = new_memory();
	uint32_t val;

	session_set_bus_master(s, true);
	assert_int_equal(map(s, READ_WRITE, UINT64_MAX - PAGE + 1, PAGE, fd, 0), 0);
	assert_int_equal(map(s, READ_WRITE, 0, PAGE, fd, 0), 0);
	assert_int_equal(vfu_dma_read(s->vfu, UINT64_MAX - 3, &val, 4), 0);
	assert_int_equal(vfu_dma_read(s->vfu, UINT64_MAX - 1, &val, 4), -EFAULT);
	close(fd);
}

static void unmapped_memory_cannot_be_accessed(void **state)
{
	struct session *s = *state;
	int fd = new_memory();
	uint32_t val;

	session_set_bus_master(s, true);
	assert_int_equal(map(s, READ_WRITE, 0x1000, PAGE, fd, 0), 0);
	assert_int_equal(map(s, READ_WRITE, 0x2000, PAGE, fd, 0), 0);
	assert_int_equal(unmap(s, 0, 0x1000, PAGE), 0);
	assert_int_equal(vfu_dma_read(s->vfu, 0x1000, &val, 4), -EFAULT);
	assert_int_equal(vfu_dma_read(s->vfu, 0x2000, &val, 4), 0);
	assert_int_equal(session_counters(s).dma_unmaps, 1);
	close(fd);
}

static void unmap_takes_every_range_inside_and_never_half_of_one(void **state)
{
	struct session *s = *state;
	int fd = new_memory();

	assert_int_equal(map(s, READ_WRITE, 0x1000, PAGE, fd, 0), 0);
	assert_int_equal(map(s, READ_WRITE, 0x3000, 2 * PAGE, fd, 0), 0);
	assert_int_equal(unmap(s, 0, 0, 4 * PAGE), EINVAL);
	assert_int_equal(unmap(s, 0, 0x4000, PAGE), EINVAL);
	assert_int_equal(session_counters(s).dma_unmaps, 0);
	assert_int_equal(unmap(s, 0, 0, 16 * PAGE), 0);
	assert_int_equal(session_counters(s).dma_unmaps, 2);
	assert_int_equal(unmap(s, 0, 0, 16 * PAGE), 0);
	close(fd);
}

static void unmap_all_takes_everything(void **state)
{
	struct session *s = *state;
	int fd = new_memory();

	assert_int_equal(map(s, READ_WRITE, 0, PAGE, fd, 0), 0);
	assert_int_equal(map(s, READ_WRITE, UINT64_MAX - PAGE + 1, PAGE, fd, 0), 0);
	assert_int_equal(unmap(s, VFIO_DMA_UNMAP_FLAG_ALL, 0, PAGE), EINVAL);
	assert_int_equal(unmap(s, VFIO_DMA_UNMAP_FLAG_ALL, 0, 0), 0);
	assert_int_equal(session_counters(s).dma_unmaps, 2);
	assert_int_equal(unmap(s, VFIO_DMA_UNMAP_FLAG_GET_DIRTY_BITMAP, 0, PAGE), EINVAL);
	close(fd);
}

static void many_single_pages_stay_in_order(void **state)
{
	enum { PAGES = 512 };
	struct session *s = *state;
	int fd = new_memory();
	uint64_t i, addr;
	uint32_t val;

	session_set_bus_master(s, true);
	/* 7 is odd, so this visits every page once, out of order. */
	for (i = 0; i < PAGES; i++) {
		addr = (i * 7 % PAGES) * PAGE;
		assert_int_equal(map(s, READ_WRITE, addr, PAGE, fd, addr % MEMORY_SIZE), 0);
	}
	for (i = 0; i < PAGES; i++) {
		val = (uint32_t)i;
		assert_int_equal(vfu_dma_write(s->vfu, i * PAGE + 4 * (i / 16), &val, 4), 0);
	}
	for (i = 0; i < PAGES; i++) {
		assert_int_equal(vfu_dma_read(s->vfu, i * PAGE + 4 * (i / 16), &val, 4), 0);
		assert_int_equal(val, i);
	}
	close(fd);
}

/* Here the first page lies above the others, below the server's stack. */
static void copy_of_many_ranges_stays_inside_each(void **state)
{
	enum { PAGES = 16 };
	struct session *s = *state;
	int fd = new_memory();
	uint8_t buf[PAGES * PAGE];
	uint32_t i;

	session_set_bus_master(s, true);
	for (i = 0; i < PAGES; i++) {
		assert_int_equal(map(s, READ_WRITE, i * PAGE, PAGE, fd, (PAGES - 1 - i) * PAGE), 0);
		buf[0] = (uint8_t)(i + 1);
		assert_int_equal(pwrite(fd, buf, 1, (PAGES - 1 - i) * PAGE), 1);
	}
	assert_int_equal(vfu_dma_read(s->vfu, 0, buf, sizeof(buf)), 0);
	for (i = 0; i < PAGES; i++)
		assert_int_equal(buf[i * PAGE], i + 1);
	memset(buf, 0xa5, sizeof(buf));
	assert_int_equal(vfu_dma_write(s->vfu, 0, buf, sizeof(buf)), 0);
	assert_int_equal(pread(fd, buf, 1, (PAGES - 1) * PAGE), 1);
	assert_int_equal(buf[0], 0xa5);
	close(fd);
}

/* Over the ends of pages that lie in the file in another order: their bytes, and no others. */
static void copies_of_any_length_move_their_bytes_alone(void **state)
{
	static const size_t lengths[] = { 1, 100, PAGE - 7, PAGE, PAGE + 1, 2 * PAGE + 300,
					  3 * PAGE };
	static const unsigned int place[] = { 9, 2, 12, 5 };
	struct session *s = *state;
	int fd = new_memory();
	static uint8_t from[3 * PAGE], to[3 * PAGE + 1], file[MEMORY_SIZE], expected[MEMORY_SIZE];

	session_set_bus_master(s, true);
	for (unsigned int i = 0; i < 4; i++)
		assert_int_equal(map(s, READ_WRITE, i * PAGE, PAGE, fd, place[i] * PAGE), 0);
	for (size_t i = 0; i < sizeof(from); i++)
		from[i] = (uint8_t)(i * 31 + i / PAGE + 1);
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		for (uint64_t at = 0; at + lengths[i] <= 4 * PAGE; at += 1111) {
			memset(expected, 0x77, sizeof(expected));
			assert_int_equal(pwrite(fd, expected, sizeof(expected), 0),
					 sizeof(expected));
			for (size_t k = 0; k < lengths[i]; k++)
				expected[place[(at + k) / PAGE] * PAGE + (at + k) % PAGE] = from[k];
			assert_int_equal(vfu_dma_write(s->vfu, at, from, lengths[i]), 0);
			assert_int_equal(pread(fd, file, sizeof(file), 0), sizeof(file));
			assert_memory_equal(file, expected, sizeof(file));
			memset(to, 0x55, sizeof(to));
			assert_int_equal(vfu_dma_read(s->vfu, at, to, lengths[i]), 0);
			assert_memory_equal(to, from, lengths[i]);
			assert_int_equal(to[lengths[i]], 0x55);
		}
	}
	close(fd);
}

static void disconnecting_unmaps_everything(void **state)
{
	struct session *s = *state;
	int fd = new_memory();
	uint32_t val;

	assert_int_equal(map(s, READ_WRITE, 0, PAGE, fd, 0), 0);
	session_disconnect(s);
	assert_true(session_connect(s));
	assert_true(client_negotiate(s->fd));
	session_set_bus_master(s, true);
	assert_int_equal(vfu_dma_read(s->vfu, 0, &val, 4), -EFAULT);
	assert_int_equal(map(s, READ_WRITE, 0, PAGE, fd, 0), 0);
	close(fd);
}

/**
 * struct copier - a device thread that copies in windows
 * @vfu: the server
 * @stop: ends it
 * @copies: windows in which the memory was there
 */
struct copier {
	struct vfu *vfu;
	atomic_bool stop;
	atomic_uint copies;
};

static void *copy_in_windows(void *arg)
{
	struct copier *copier = arg;
	uint8_t buf[PAGE];

	while (!atomic_load(&copier->stop)) {
		if (!vfu_dma_read(copier->vfu, 0, buf, sizeof(buf)))
			atomic_fetch_add(&copier->copies, 1);
	}
	return NULL;
}

/* A pointer used after the unmap would crash, or be seen by the sanitizers. */
static void unmap_waits_for_open_windows(void **state)
{
	enum { ROUNDS = 300 };
	struct session *s = *state;
	struct copier copier = { .vfu = s->vfu };
	const struct timespec tick = { .tv_nsec = 100000 };
	pthread_t threads[2];
	int fd = new_memory();
	unsigned int i;

	session_set_bus_master(s, true);
	for (i = 0; i < 2; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, copy_in_windows, &copier), 0);
	for (i = 0; i < ROUNDS || !atomic_load(&copier.copies); i++) {
		assert_int_equal(map(s, READ_WRITE, 0, PAGE, fd, 0), 0);
		nanosleep(&tick, NULL);
		assert_int_equal(unmap(s, 0, 0, PAGE), 0);
	}
	atomic_store(&copier.stop, true);
	for (i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	assert_true(atomic_load(&copier.copies) > 0);
	close(fd);
}

/* Mappings of guest memory in this process. */
static unsigned int mappings(void)
{
	FILE *maps = fopen("/proc/self/maps", "r");
	unsigned int count = 0;
	char line[512];

	assert_non_null(maps);
	while (fgets(line, sizeof(line), maps))
		count += strstr(line, "/memfd:guest") != NULL;
	fclose(maps);
	return count;
}

/* As an IOMMU's driver maps: page by page, in no order, and neighbours here are none there. */
static void pages_take_no_mapping_each(void **state)
{
	struct session *s = *state;
	const unsigned int pages = 3000;
	int fd = memfd_create("guest", MFD_CLOEXEC);
	uint32_t val;

	assert_int_equal(ftruncate(fd, (off_t)pages * PAGE), 0);
	for (unsigned int i = 0; i < pages; i++) {
		uint64_t page = (uint64_t)i * 7 % pages;

		val = i;
		assert_int_equal(pwrite(fd, &val, 4, (off_t)(page * PAGE)), 4);
		assert_int_equal(map(s, READ_WRITE, 0x100000 + i * 2 * PAGE, PAGE, fd,
				     page * PAGE), 0);
	}
	assert_int_equal(mappings(), 1);
	session_set_bus_master(s, true);
	for (unsigned int i = 0; i < pages; i++) {
		assert_int_equal(vfu_dma_read(s->vfu, 0x100000 + i * 2 * PAGE, &val, 4), 0);
		assert_int_equal(val, i);
		assert_int_equal(vfu_dma_read(s->vfu, 0x101000 + i * 2 * PAGE, &val, 4), -EFAULT);
	}
	assert_int_equal(unmap(s, 0, 0x100000, (uint64_t)pages * 2 * PAGE), 0);
	assert_int_equal(vfu_dma_read(s->vfu, 0x100000, &val, 4), -EFAULT);
	assert_int_equal(mappings(), 0);
	close(fd);
}

/* What a range does not allow stays forbidden, though the mapping would. */
static void ranges_of_one_file_keep_their_own_rights(void **state)
{
	struct session *s = *state;
	int fd = new_memory();
	uint32_t val = 1;

	session_set_bus_master(s, true);
	assert_int_equal(map(s, VFIO_DMA_MAP_FLAG_READ, 0x100000, PAGE, fd, 0), 0);
	assert_int_equal(map(s, VFIO_DMA_MAP_FLAG_WRITE, 0x101000, PAGE, fd, PAGE), 0);
	assert_int_equal(vfu_dma_write(s->vfu, 0x100000, &val, 4), -EFAULT);
	assert_int_equal(vfu_dma_read(s->vfu, 0x101000, &val, 4), -EFAULT);
	assert_int_equal(vfu_dma_write(s->vfu, 0x101000, &val, 4), 0);
	assert_int_equal(vfu_dma_read(s->vfu, 0x100000, &val, 4), 0);
	close(fd);
}

static int open_for_reading(int memory)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", memory);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	return fd;
}

/* A mapping that only reads is none for a range that is written. */
static void a_file_that_can_only_be_read_is_mapped_for_reading(void **state)
{
	struct session *s = *state;
	int memory = new_memory(), fd = open_for_reading(memory);
	uint32_t val = 77;

	session_set_bus_master(s, true);
	assert_int_equal(pwrite(memory, &val, 4, 0), 4);
	assert_int_equal(map(s, VFIO_DMA_MAP_FLAG_WRITE, 0, PAGE, fd, 0), EACCES);
	assert_int_equal(map(s, READ_WRITE, 0, PAGE, fd, 0), EACCES);
	assert_int_equal(map(s, VFIO_DMA_MAP_FLAG_READ, 0, PAGE, fd, 0), 0);
	assert_int_equal(vfu_dma_read(s->vfu, 0, &val, 4), 0);
	assert_int_equal(val, 77);
	assert_int_equal(map(s, READ_WRITE, PAGE, PAGE, memory, PAGE), 0);
	assert_int_equal(vfu_dma_write(s->vfu, PAGE, &val, 4), 0);
	close(fd);
	close(memory);
}

static void a_mapping_that_fails_or_ends_leaves_nothing(void **state)
{
	struct session *s = *state;
	int memory = new_memory(), fd = open_for_reading(memory);
	int before = atomic_load(&live);

	assert_int_equal(map(s, READ_WRITE, 0, PAGE, fd, 0), EACCES);
	assert_int_equal(atomic_load(&live), before);
	assert_int_equal(map(s, READ_WRITE, 0, PAGE, memory, 0), 0);
	assert_int_equal(map(s, READ_WRITE, PAGE, PAGE, memory, PAGE), 0);
	assert_int_equal(atomic_load(&live), before + 1);
	/* Refused, so it takes nothing either. */
	assert_int_equal(map(s, READ_WRITE, 0, 2 * PAGE, memory, 0), EEXIST);
	assert_int_equal(unmap(s, 0, 0, PAGE), 0);
	assert_int_equal(mappings(), 1);
	assert_int_equal(unmap(s, 0, PAGE, PAGE), 0);
	assert_int_equal(atomic_load(&live), before);
	assert_int_equal(mappings(), 0);
	close(fd);
	close(memory);
}

static void files_have_a_mapping_each_until_their_last_range_ends(void **state)
{
	struct session *s = *state;
	int first = new_memory(), second = new_memory();

	assert_int_equal(map(s, READ_WRITE, 0, PAGE, first, 0), 0);
	assert_int_equal(map(s, READ_WRITE, PAGE, PAGE, second, 0), 0);
	assert_int_equal(mappings(), 2);
	assert_int_equal(unmap(s, 0, 0, PAGE), 0);
	assert_int_equal(mappings(), 1);
	/* That of the second is known still. */
	assert_int_equal(map(s, READ_WRITE, 2 * PAGE, PAGE, second, PAGE), 0);
	assert_int_equal(mappings(), 1);
	assert_int_equal(map(s, READ_WRITE, 3 * PAGE, PAGE, first, 0), 0);
	assert_int_equal(unmap(s, 0, PAGE, 2 * PAGE), 0);
	assert_int_equal(mappings(), 1);
	assert_int_equal(unmap(s, 0, 3 * PAGE, PAGE), 0);
	assert_int_equal(mappings(), 0);
	close(first);
	close(second);
}

static void without_memory_a_range_is_not_mapped(void **state)
{
	struct session *s = *state;
	int fd = new_memory();

	atomic_store(&no_memory, true);
	assert_int_equal(map(s, READ_WRITE, 0, PAGE, fd, 0), ENOMEM);
	assert_int_equal(map(s, READ_WRITE, 0, PAGE, fd, 0), 0);
	close(fd);
}

static void a_connection_leaves_nothing(void **state)
{
	struct session *s = *state;
	int before;

	session_disconnect(s);
	before = atomic_load(&live);
	for (unsigned int i = 0; i < 3; i++) {
		assert_true(session_connect(s));
		assert_true(client_negotiate(s->fd));
		session_disconnect(s);
		assert_int_equal(atomic_load(&live), before);
	}
}

static void without_memory_a_client_is_not_served(void **state)
{
	struct session *s = *state;

	session_disconnect(s);
	atomic_store(&no_memory, true);
	assert_true(session_connect(s));
	assert_true(client_hung_up(s->fd));
	session_disconnect(s);
	assert_true(session_connect(s));
	assert_true(client_negotiate(s->fd));
}

/* Memory that is plugged in later may be the same file, grown. */
static void a_file_that_has_grown_is_mapped_again(void **state)
{
	struct session *s = *state;
	int fd = new_memory();
	uint32_t val = 77;

	session_set_bus_master(s, true);
	assert_int_equal(map(s, READ_WRITE, 0x100000, PAGE, fd, 0), 0);
	assert_int_equal(ftruncate(fd, 2 * MEMORY_SIZE), 0);
	assert_int_equal(map(s, READ_WRITE, 0x200000, PAGE, fd, MEMORY_SIZE), 0);
	assert_int_equal(vfu_dma_write(s->vfu, 0x200000, &val, 4), 0);
	val = 0;
	assert_int_equal(pread(fd, &val, 4, MEMORY_SIZE), 4);
	assert_int_equal(val, 77);
	assert_int_equal(vfu_dma_read(s->vfu, 0x100000, &val, 4), 0);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SESSION_TEST(mapped_memory_is_shared_both_ways),
		SESSION_TEST(pages_take_no_mapping_each),
		SESSION_TEST(ranges_of_one_file_keep_their_own_rights),
		SESSION_TEST(a_file_that_can_only_be_read_is_mapped_for_reading),
		SESSION_TEST(a_mapping_that_fails_or_ends_leaves_nothing),
		SESSION_TEST(files_have_a_mapping_each_until_their_last_range_ends),
		SESSION_TEST(without_memory_a_range_is_not_mapped),
		SESSION_TEST(a_connection_leaves_nothing),
		SESSION_TEST(without_memory_a_client_is_not_served),
		SESSION_TEST(a_file_that_has_grown_is_mapped_again),
		SESSION_TEST(access_needs_bus_mastering),
		SESSION_TEST(copy_spans_adjacent_ranges),
		SESSION_TEST(copy_into_a_hole_touches_nothing),
		SESSION_TEST(access_rights_are_honoured),
		SESSION_TEST(range_without_descriptor_exists_but_cannot_be_accessed),
		SESSION_TEST(words_are_single_accesses_and_must_be_aligned),
		SESSION_TEST(a_word_that_cannot_be_reached_is_told),
		SESSION_TEST(translation_stops_at_the_range_end),
		SESSION_TEST(overlapping_maps_are_refused),
		SESSION_TEST(bad_maps_are_refused),
		SESSION_TEST(maps_of_another_form_are_refused),
		SESSION_TEST(bad_unmaps_are_refused),
		SESSION_TEST(last_page_of_the_address_space_can_be_mapped),
		SESSION_TEST(unmapped_memory_cannot_be_accessed),
		SESSION_TEST(unmap_takes_every_range_inside_and_never_half_of_one),
		SESSION_TEST(unmap_all_takes_everything),
		SESSION_TEST(many_single_pages_stay_in_order),
		SESSION_TEST(copy_of_many_ranges_stays_inside_each),
		SESSION_TEST(copies_of_any_length_move_their_bytes_alone),
		SESSION_TEST(disconnecting_unmaps_everything),
		SESSION_TEST(unmap_waits_for_open_windows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
