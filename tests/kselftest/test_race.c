// SPDX-License-Identifier: GPL-2.0-only
/* Threads that use one client's objects against each other, and clients killed at work. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <kselftest_harness.h>

#include "tsr_kselftest.h"

#define THREADS		4
#define STEPS		3000	/* of each thread */
#define ROUNDS		15
#define SUBMITS		20	/* of each client in the first round, before it is killed */
#define HANDLES		32

static struct tsr_context shared;

/* What a thread does at random; any error is fine, a crash is not. */
static void one_step(unsigned int *seed)
{
	uint32_t id = 1 + (uint32_t)rand_r(seed) % HANDLES;
	struct drm_tessera_bo_create bo = { .size = 4096u << rand_r(seed) % 6 };
	struct drm_gem_close gem = { .handle = id };
	struct drm_tessera_queue_get_state state;
	struct drm_tessera_job job = tsr_context_job(&shared);
	struct drm_prime_handle prime = { .handle = id, .flags = DRM_RDWR };
	struct drm_tessera_job sealed = tsr_context_sealed_job(&shared, 1 + id % 8);
	struct drm_tessera_bo_seal seal = { .handle = id };
	uint64_t va = TSR_VA_DATA + 4096ull * ((uint64_t)rand_r(seed) % 64);
	uint32_t queue, program;
	void *map;

	switch (rand_r(seed) % 14) {
	case 0:
		tsr_ioctl(shared.fd, DRM_IOCTL_TESSERA_BO_CREATE, &bo);
		break;
	case 1:
		if (id != shared.program.handle)
			tsr_ioctl(shared.fd, DRM_IOCTL_GEM_CLOSE, &gem);
		break;
	case 2:
		tsr_map(shared.fd, shared.vm, id, 0, va, 4096ull << rand_r(seed) % 4, TSR_BIND_RW);
		break;
	case 3:
		tsr_unmap(shared.fd, shared.vm, va, 4096ull << rand_r(seed) % 8);
		break;
	case 4:
		if (id != shared.program.handle &&
		    !tsr_ioctl(shared.fd, DRM_IOCTL_PRIME_HANDLE_TO_FD, &prime)) {
			tsr_ioctl(shared.fd, DRM_IOCTL_PRIME_FD_TO_HANDLE, &prime);
			close(prime.fd);
		}
		break;
	case 5:
		map = tsr_bo_mmap(shared.fd, id, 4096);
		if (map != MAP_FAILED && id != shared.program.handle) {
			*(volatile uint8_t *)map = 1;
			munmap(map, 4096);
		}
		break;
	case 6:
		tsr_queue_create(shared.fd, shared.vm, 0, &queue);
		break;
	case 7:
		tsr_queue_destroy(shared.fd, 2 + id % 8);
		break;
	case 8:
		tsr_queue_state(shared.fd, 1 + id % 8, &state);
		break;
	case 9:
		tsr_ioctl(shared.fd, DRM_IOCTL_TESSERA_BO_SEAL, &seal);
		break;
	case 10:
		tsr_context_seal(&shared, &program);
		break;
	case 11:
		tsr_context_unseal(&shared, 1 + id % 8);
		break;
	case 12:
		tsr_submit(shared.fd, 1 + id % 8, &sealed, 1);
		break;
	default:
		tsr_submit(shared.fd, 1 + id % 8, &job, 1);
	}
}

static void *steps(void *seed)
{
	unsigned int own = (unsigned int)(uintptr_t)seed;

	for (unsigned int i = 0; i < STEPS; i++)
		one_step(&own);
	return NULL;
}

TEST(threads_of_a_client_do_no_harm)
{
	pthread_t thread[THREADS];

	ASSERT_EQ(0, tsr_context_open(&shared));
	tsr_context_load_nops(&shared, 3);
	ASSERT_EQ(0, tsr_context_seal_object(&shared));
	for (uintptr_t i = 0; i < THREADS; i++)
		ASSERT_EQ(0, pthread_create(&thread[i], NULL, steps, (void *)(i + 1)));
	for (int i = 0; i < THREADS; i++)
		pthread_join(thread[i], NULL);
	close(shared.fd);
	ASSERT_EQ(0, tsr_context_open(&shared));
	tsr_context_load_nops(&shared, 1);
	EXPECT_EQ(0, tsr_context_run(&shared));
	tsr_context_close(&shared);
}

/* By address, or by the number of a sealed program. */
static void submit_until_killed(atomic_uint *submits, bool seal)
{
	struct drm_tessera_sync sync = { .flags = DRM_TESSERA_SYNC_SIGNAL };
	struct drm_tessera_job job;
	struct tsr_context c;
	uint32_t id;

	if (tsr_context_open(&c))
		_exit(1);
	tsr_context_load_nops(&c, 20);
	job = tsr_context_job(&c);
	if (seal) {
		if (tsr_context_seal_object(&c) || tsr_context_seal(&c, &id))
			_exit(1);
		job = tsr_context_sealed_job(&c, id);
	}
	sync.handle = tsr_syncobj_create(c.fd);
	job.syncs = (struct drm_tessera_array)DRM_TESSERA_ARRAY(1, &sync);
	for (;;)
		*submits += !tsr_submit(c.fd, c.queue, &job, 1);
}

TEST(killed_clients_leave_nothing_behind)
{
	atomic_uint *submits = mmap(NULL, THREADS * sizeof(*submits), PROT_READ | PROT_WRITE,
				    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t child[THREADS];
	struct tsr_context c;

	ASSERT_NE(MAP_FAILED, (void *)submits);
	for (unsigned int round = 0; round < ROUNDS; round++) {
		for (int i = 0; i < THREADS; i++) {
			submits[i] = 0;
			child[i] = fork();
			ASSERT_LE(0, child[i]);
			if (!child[i])
				submit_until_killed(&submits[i], i % 2);
		}
		for (int i = 0; i < THREADS; i++)
			while (submits[i] < SUBMITS + 4 * round)
				usleep(1000);
		for (int i = 0; i < THREADS; i++)
			kill(child[i], SIGKILL);
		for (int i = 0; i < THREADS; i++)
			waitpid(child[i], NULL, 0);
	}
	munmap(submits, THREADS * sizeof(*submits));
	ASSERT_EQ(0, tsr_context_open(&c));
	tsr_context_load_nops(&c, 1);
	EXPECT_EQ(0, tsr_context_run(&c));
	tsr_context_close(&c);
}

TEST_HARNESS_MAIN
