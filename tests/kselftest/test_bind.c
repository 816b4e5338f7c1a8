// SPDX-License-Identifier: GPL-2.0-only
/* VM_BIND of many operations: how much work one call is, counted by probes of the kernel. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <kselftest_harness.h>

#include "tsr_kselftest.h"

#define PAGE		4096ull
#define BLOCK		0x200000ull	/* one table of leaves each */
#define SIZE		(64 * PAGE)
#define OPS		4096u
#define ATTEMPTS	20

#define TRACING		"/sys/kernel/tracing/"

/* Return: whether all of @text went into the file. */
static bool put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_APPEND | O_CLOEXEC);
	ssize_t length = -1;

	if (fd >= 0)
		length = write(fd, text, strlen(text));
	close(fd);
	return length == (ssize_t)strlen(text);
}

/* Count the calls of a function of the driver under a name. */
static bool probe(const char *name, const char *function)
{
	char text[128];
	bool ok;

	snprintf(text, sizeof(text), "p:tsr/%s tessera:%s", name, function);
	ok = put(TRACING "kprobe_events", text);
	snprintf(text, sizeof(text), TRACING "events/tsr/%s/enable", name);
	return ok && put(text, "1");
}

static void unprobe(const char *name)
{
	char text[128];

	snprintf(text, sizeof(text), TRACING "events/tsr/%s/enable", name);
	put(text, "0");
	snprintf(text, sizeof(text), "-:tsr/%s", name);
	put(TRACING "kprobe_events", text);
}

static long long calls(const char *name)
{
	char line[256], event[64];
	long long hits, found = -1;
	FILE *file = fopen(TRACING "kprobe_profile", "re");

	while (file && fgets(line, sizeof(line), file))
		if (sscanf(line, "%63s %lld", event, &hits) == 2 && !strcmp(event, name))
			found = hits;
	if (file)
		fclose(file);
	return found;
}

FIXTURE(bind) {
	struct tsr_context c;
	struct tsr_bo a;
	struct tsr_bo b;
	struct drm_tessera_vm_bind_op *op;
};

FIXTURE_SETUP(bind)
{
	unprobe("reserve");
	unprobe("write");
	ASSERT_EQ(0, tsr_context_open(&self->c));
	ASSERT_EQ(0, tsr_bo_create(self->c.fd, SIZE, 0, &self->a));
	ASSERT_EQ(0, tsr_bo_create(self->c.fd, SIZE, 0, &self->b));
	self->op = calloc(OPS, sizeof(*self->op));
	ASSERT_NE(NULL, self->op);
	ASSERT_TRUE(probe("reserve", "tsr_pgtable_reserve_map"));
	ASSERT_TRUE(probe("write", "tsr_pgtable_map"));
}

FIXTURE_TEARDOWN(bind)
{
	unprobe("write");
	unprobe("reserve");
	free(self->op);
	tsr_context_close(&self->c);
}

static struct drm_tessera_vm_bind_op map_op(uint32_t handle, uint64_t va, uint64_t size)
{
	return (struct drm_tessera_vm_bind_op){
		.op = DRM_TESSERA_BIND_MAP,
		.flags = TSR_BIND_RW,
		.bo_handle = handle,
		.va = va,
		.size = size,
	};
}

TEST_F(bind, what_operations_have_in_common_is_written_once)
{
	long long before = calls("write");

	for (unsigned int i = 0; i < OPS; i++)
		self->op[i] = map_op(i == OPS - 1 ? self->b.handle : self->a.handle, TSR_VA_DATA,
				     16 * PAGE);
	ASSERT_LE(0, before);
	ASSERT_EQ(0, tsr_bind(self->c.fd, self->c.vm, self->op, OPS));
	EXPECT_EQ(before + 1, calls("write"));

	/* It is the last one that holds. */
	tsr_context_load_fill(&self->c, TSR_VA_DATA, 16 * PAGE, 0x5a);
	ASSERT_EQ(0, tsr_context_run(&self->c));
	EXPECT_EQ(0, *(uint8_t *)self->a.map);
	EXPECT_EQ(0x5a, *(uint8_t *)self->b.map);
}

TEST_F(bind, overlapping_operations_in_any_order_leave_the_last_of_each_page)
{
	uint64_t page, size = 8 * PAGE;

	/* Downwards by a page each: of every operation but the last, the upper page stays. */
	for (unsigned int i = 0; i < 32; i++)
		self->op[i] = map_op(i % 2 ? self->a.handle : self->b.handle,
				     TSR_VA_DATA + (32 - i) * PAGE, size);
	self->op[32] = (struct drm_tessera_vm_bind_op){
		.op = DRM_TESSERA_BIND_UNMAP, .va = TSR_VA_DATA + 20 * PAGE, .size = 4 * PAGE,
	};
	ASSERT_EQ(0, tsr_bind(self->c.fd, self->c.vm, self->op, 33));

	for (unsigned int i = 0; i < 40; i++) {
		page = TSR_VA_DATA + i * PAGE;
		tsr_context_load_fill(&self->c, page, 1, (uint8_t)(i + 1));
		if (i >= 1 && (i < 20 || i >= 24))
			continue;
		EXPECT_EQ(-EFAULT, tsr_context_run(&self->c));
		ASSERT_EQ(0, tsr_queue_destroy(self->c.fd, self->c.queue));
		ASSERT_EQ(0, tsr_queue_create(self->c.fd, self->c.vm,
					      DRM_TESSERA_PRIORITY_NORMAL, &self->c.queue));
	}
	tsr_context_load_fill(&self->c, TSR_VA_DATA + PAGE, 19 * PAGE, 0x11);
	EXPECT_EQ(0, tsr_context_run(&self->c));
	tsr_context_load_fill(&self->c, TSR_VA_DATA + 24 * PAGE, 16 * PAGE, 0x11);
	EXPECT_EQ(0, tsr_context_run(&self->c));
	/* Page 32 + 7 is the first operation's last page, page 31 + 7 the second's. */
	EXPECT_EQ(0x11, ((uint8_t *)self->b.map)[7 * PAGE]);
	EXPECT_EQ(0x11, ((uint8_t *)self->a.map)[7 * PAGE]);
	EXPECT_EQ(0, ((uint8_t *)self->b.map)[8 * PAGE]);
}

TEST_F(bind, what_one_call_maps_is_bounded)
{
	struct drm_tessera_query_limits limits = { 0 };
	struct drm_tessera_bo_create bo = { .size = 64ull << 20 };
	uint32_t count = 0;
	uint64_t left;

	ASSERT_EQ(0, tsr_query(self->c.fd, DRM_TESSERA_QUERY_LIMITS, &limits, sizeof(limits)));
	ASSERT_LT(bo.size, limits.max_bind_size);
	ASSERT_EQ(0, tsr_ioctl(self->c.fd, DRM_IOCTL_TESSERA_BO_CREATE, &bo));
	for (left = limits.max_bind_size & ~(PAGE - 1); left > bo.size; left -= bo.size)
		self->op[count++] = map_op(bo.handle, TSR_VA_DATA, bo.size);
	self->op[count++] = map_op(bo.handle, TSR_VA_DATA + bo.size, left);
	EXPECT_EQ(0, tsr_bind(self->c.fd, self->c.vm, self->op, count));
	self->op[count++] = map_op(bo.handle, TSR_VA_DATA, PAGE);
	EXPECT_EQ(-EINVAL, tsr_bind(self->c.fd, self->c.vm, self->op, count));
	/* What is unmapped costs no more than what there is to unmap. */
	self->op[count - 1] = (struct drm_tessera_vm_bind_op){
		.op = DRM_TESSERA_BIND_UNMAP, .va = TSR_VA_DATA, .size = 1ull << 40,
	};
	EXPECT_EQ(0, tsr_bind(self->c.fd, self->c.vm, self->op, count));
}

/* Kill a process once its call has begun to reserve tables; Return: mappings it wrote then. */
static long long written_by_a_killed_call(int fd, uint32_t vm, struct drm_tessera_vm_bind_op *op)
{
	long long reserved = calls("reserve"), written = calls("write");
	pid_t child = fork();

	if (!child) {
		tsr_bind(fd, vm, op, OPS);
		_exit(0);
	}
	while (calls("reserve") == reserved && waitpid(child, NULL, WNOHANG) == 0)
		;
	kill(child, SIGKILL);
	while (waitpid(child, NULL, 0) == -1 && errno == EINTR)
		;
	return calls("write") - written;
}

/*
 * The kill can come too late, when all tables are reserved; then it is tried again. A call
 * that is not to be killed writes all each time.
 */
TEST_F(bind, a_killed_call_ends_before_it_writes)
{
	long long written;
	int i;

	for (unsigned int n = 0; n < OPS; n++)
		self->op[n] = map_op(self->a.handle, BLOCK * (1024 + n), PAGE);
	for (i = 0; i < ATTEMPTS; i++) {
		written = written_by_a_killed_call(self->c.fd, self->c.vm, self->op);
		if (!written)
			break;
		EXPECT_EQ(OPS, written);
		ASSERT_EQ(0, tsr_unmap(self->c.fd, self->c.vm, BLOCK * 1024, BLOCK * OPS));
	}
	EXPECT_GT(ATTEMPTS, i);

	/* None of it is left: a job faults where it would have mapped first. */
	tsr_context_load_fill(&self->c, BLOCK * 1024, 1, 1);
	EXPECT_EQ(-EFAULT, tsr_context_run(&self->c));
	ASSERT_EQ(0, tsr_bind(self->c.fd, self->c.vm, self->op, OPS));
}

TEST_HARNESS_MAIN
