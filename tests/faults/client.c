// SPDX-License-Identifier: MIT
#include "client.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <drm.h>

#include "tap.h"

#define LONG_REPEAT	60000u

int client_open(struct client *client)
{
	int ret;

	memset(client, 0, sizeof(*client));
	ret = tsr_context_open(&client->c);
	if (ret)
		return ret;
	ret = tsr_bo_create(client->c.fd, CLIENT_DATA_SIZE, client->c.vm, &client->data);
	if (ret)
		return ret;
	client->done = tsr_syncobj_create(client->c.fd);
	if (!client->done)
		return -EIO;
	return tsr_map(client->c.fd, client->c.vm, client->data.handle, 0, TSR_VA_DATA,
		       CLIENT_DATA_SIZE, TSR_BIND_RW);
}

void client_close(struct client *client)
{
	tsr_syncobj_destroy(client->c.fd, client->done);
	tsr_bo_destroy(client->c.fd, &client->data);
	tsr_context_close(&client->c);
}

void client_slot(struct client *client, unsigned int i, uint64_t va, uint64_t size, uint32_t flags)
{
	char *table = (char *)client->c.program.map + (TSR_VA_SLOTS - TSR_VA_PROGRAM);

	((struct tsr_hw_slot *)table)[i] = (struct tsr_hw_slot){
		.address = va, .size = size, .flags = flags,
	};
}

void client_load(struct client *client, struct tsr_program *program, uint32_t slots)
{
	client->c.slot_count = slots;
	client->c.program_size = tsr_program_end(program, slots, client->c.program.map);
	free(program);
}

void client_load_copies(struct client *client, unsigned int copies)
{
	struct tsr_program *program = tsr_program_begin();
	uint32_t half = CLIENT_DATA_SIZE / 2;

	client_slot(client, 0, TSR_VA_DATA, half, TSR_HW_SLOT_READ);
	client_slot(client, 1, TSR_VA_DATA + half, half, TSR_HW_SLOT_WRITE);
	while (copies--)
		tsr_program_copy(program, 0, 1, half);
	client_load(client, program, 2);
}

void client_load_copy(struct client *client)
{
	client_load_copies(client, 1);
}

int client_submit_job(struct client *client, struct drm_tessera_job *job)
{
	struct drm_tessera_sync sync = {
		.flags = DRM_TESSERA_SYNC_SIGNAL, .handle = client->done,
	};
	struct drm_syncobj_array reset = {
		.handles = (uintptr_t)&client->done, .count_handles = 1,
	};
	int ret = tsr_ioctl(client->c.fd, DRM_IOCTL_SYNCOBJ_RESET, &reset);

	if (ret)
		return ret;
	job->syncs = (struct drm_tessera_array)DRM_TESSERA_ARRAY(1, &sync);
	return tsr_submit(client->c.fd, client->c.queue, job, 1);
}

int client_submit(struct client *client)
{
	struct drm_tessera_job job = tsr_context_job(&client->c);

	return client_submit_job(client, &job);
}

int client_submit_long(struct client *client, uint32_t flags)
{
	struct drm_tessera_job job = tsr_context_job(&client->c);

	job.repeat = LONG_REPEAT;
	job.flags = flags;
	return client_submit_job(client, &job);
}

int client_start_endless(struct client *client, uint32_t flags)
{
	struct tsr_program *program = tsr_program_begin();
	uint32_t half = CLIENT_DATA_SIZE / 2;
	struct drm_tessera_job job;
	int ret;

	client_slot(client, 0, TSR_VA_DATA, half, TSR_HW_SLOT_READ);
	client_slot(client, 1, TSR_VA_DATA + half, half, TSR_HW_SLOT_WRITE);
	tsr_program_nop(program);
	tsr_program_copy(program, 0, 1, half);
	client_load(client, program, 2);
	job = tsr_context_job(&client->c);
	job.flags = flags;
	if (!tsr_control("inject hang node=1", NULL, 0))
		return -EIO;
	ret = client_submit_job(client, &job);
	if (!ret)
		tsr_await_fault();
	return ret;
}

int client_wait(struct client *client, double seconds)
{
	int ret = tsr_syncobj_wait(client->c.fd, client->done, 0, (int)(seconds * 1000));

	if (ret)
		return ret == -ETIME ? -ETIMEDOUT : ret;
	ret = tsr_syncobj_status(client->c.fd, client->done);
	return ret == 1 ? 0 : ret;
}

int client_again(struct client *client)
{
	int ret = tsr_queue_destroy(client->c.fd, client->c.queue);

	return ret ? ret : tsr_queue_create(client->c.fd, client->c.vm,
					    DRM_TESSERA_PRIORITY_NORMAL, &client->c.queue);
}

int client_state(struct client *client, struct drm_tessera_queue_get_state *state)
{
	return tsr_queue_state(client->c.fd, client->c.queue, state);
}

double job_timeout(void)
{
	struct drm_tessera_query_limits limits = { 0 };
	struct drm_tessera_dev_query query = {
		.type = DRM_TESSERA_QUERY_LIMITS,
		.size = sizeof(limits),
		.pointer = (uintptr_t)&limits,
	};
	int fd = tsr_open();

	tap_need(fd >= 0 && !tsr_ioctl(fd, DRM_IOCTL_TESSERA_DEV_QUERY, &query), "DEV_QUERY");
	close(fd);
	return (double)limits.job_timeout_ns * 1e-9;
}
