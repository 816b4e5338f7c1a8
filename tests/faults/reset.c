// SPDX-License-Identifier: MIT
/*
 * The function is reset, taken from the driver, hung: by others than its clients, in the
 * middle of jobs. NPU 0 suffers; the canaries of NPU 1 may not notice.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <tsr_hw/error.h>

#include "canary.h"
#include "client.h"
#include "fence.h"
#include "sysfs.h"
#include "tap.h"

#define RESETS		8
#define UNBINDS		3
#define FAULTS		20

static void start_endless(struct client *client, uint32_t flags)
{
	tap_need(!client_start_endless(client, flags), "SUBMIT");
	tap_need(client_wait(client, 0) == -ETIMEDOUT, "the job runs");
}

static void check_innocent(struct client *client, unsigned int i)
{
	const uint32_t innocent = DRM_TESSERA_QUEUE_FAILED | DRM_TESSERA_QUEUE_INNOCENT;
	struct drm_tessera_queue_get_state state;
	int ret = client_wait(client, PATIENCE);

	tap_ok(ret == -ECANCELED, "reset %u: the interrupted job ends with %d", i, ret);
	tap_need(!client_state(client, &state), "QUEUE_GET_STATE");
	tap_ok(state.state == innocent, "reset %u: its queue has failed, innocent: %#x", i,
	       state.state);
	tap_ok(client_submit(client) == -ECANCELED, "reset %u: it takes no more jobs", i);
	tap_need(!client_again(client), "a new queue");
	memset(client->data.map, (int)i + 1, CLIENT_DATA_SIZE / 2);
	ret = client_submit(client);
	ret = ret ? ret : client_wait(client, PATIENCE);
	tap_ok(!ret && ((char *)client->data.map)[CLIENT_DATA_SIZE - 1] == (char)(i + 1),
	       "reset %u: another queue of the client runs a job", i);
}

static void reset_in_job(const char *name, unsigned int i)
{
	struct client client;

	tap_need(!client_open(&client), "a client");
	start_endless(&client, 0);
	tap_ok(!function_reset(name), "reset %u of the function", i);
	check_innocent(&client, i);
	client_close(&client);
}

static void reset_in_replayable_job(const char *name)
{
	struct client client;
	int ret;

	tap_need(!client_open(&client), "a client");
	memset(client.data.map, 0x5a, CLIENT_DATA_SIZE / 2);
	start_endless(&client, DRM_TESSERA_JOB_REPLAYABLE);
	tap_ok(!function_reset(name), "reset of the function in a replayable job");
	ret = client_wait(&client, PATIENCE);
	tap_ok(!ret && ((char *)client.data.map)[CLIENT_DATA_SIZE - 1] == 0x5a,
	       "it runs again and succeeds: %d", ret);
	client_close(&client);
}

static void run_resets(const char *name)
{
	struct canaries *canaries = canaries_start(0);

	canaries_forgive(canaries);
	canaries_enter(canaries, CANARY_DURING);
	for (unsigned int i = 0; i < RESETS; i++) {
		reset_in_job(name, i);
		tap_need(canaries_await(canaries, 10), "the canaries go on after reset %u", i);
	}
	reset_in_replayable_job(name);
	canaries_enter(canaries, CANARY_AFTER);
	canaries_await(canaries, 50);
	canaries_end(canaries, "function_reset");
}

static void unbind_in_job(const char *name, unsigned int i)
{
	struct drm_tessera_queue_get_state state;
	struct client client;
	int fence, ret;

	tap_need(!client_open(&client), "a client");
	start_endless(&client, 0);
	fence = fence_export(client.c.fd, client.done);
	tap_ok(module_remove() < 0, "unbind %u: the module cannot be removed while it is used", i);
	tap_ok(!driver_unbind(name), "unbind %u", i);
	ret = fence_wait(fence, PATIENCE);
	close(fence);
	tap_ok(ret == -ENODEV, "unbind %u: the interrupted job ends with %d", i, ret);
	ret = client_state(&client, &state);
	tap_ok(!ret && state.state & DRM_TESSERA_QUEUE_DEVICE_LOST,
	       "unbind %u: the queue says why (%d, state %#x)", i, ret, state.state);
	ret = client_submit(&client);
	tap_ok(ret == -ENODEV, "unbind %u: ioctls return %d", i, ret);
	tap_ok(module_remove() < 0, "unbind %u: nor while a file of it is open", i);
	client_close(&client);
	tap_ok(!driver_bind(name), "bind %u", i);
}

static int run_job(void)
{
	struct client client;
	int ret;

	tap_need(!client_open(&client), "a client");
	client_load_copy(&client);
	memset(client.data.map, 0x3c, CLIENT_DATA_SIZE / 2);
	ret = client_submit(&client);
	ret = ret ? ret : client_wait(&client, PATIENCE);
	if (!ret && ((char *)client.data.map)[CLIENT_DATA_SIZE - 1] != 0x3c)
		ret = -EBADMSG;
	client_close(&client);
	return ret;
}

static int run_failing_job(uint64_t va)
{
	struct client client;
	int ret;

	tap_need(!client_open(&client), "a client");
	client_load_copy(&client);
	client_slot(&client, 0, va, CLIENT_DATA_SIZE / 2, TSR_HW_SLOT_READ);
	ret = client_submit(&client);
	ret = ret ? ret : client_wait(&client, PATIENCE);
	client_close(&client);
	return ret;
}

static void fail_jobs(void)
{
	unsigned int wrong = 0;

	for (unsigned int i = 0; i < FAULTS; i++)
		wrong += run_failing_job(TSR_VA_UNMAPPED + 4096 * i) != -EFAULT;
	tap_ok(!wrong, "NPU 0: %u jobs fault", FAULTS);
	tap_need(tsr_control("inject hang", NULL, 0), "control");
	tap_ok(run_failing_job(TSR_VA_DATA) == -ETIME, "NPU 0: a job hangs and is killed");
}

static void crash_firmware(void)
{
	struct client client;
	int ret;

	tap_need(!client_open(&client), "a client");
	start_endless(&client, 0);
	tap_need(tsr_control("inject firmware-crash", NULL, 0), "control");
	ret = client_wait(&client, PATIENCE);
	tap_ok(ret == -ECANCELED, "NPU 0: its firmware crashes, the job ends with %d", ret);
	client_close(&client);
	tap_ok(!run_job(), "NPU 0: runs a job after that");
}

/* The last reference may still be on its way out of the kernel when its client has ended. */
static void remove_and_load(void)
{
	double deadline = seconds_now() + PATIENCE;
	int ret = module_remove();

	while (ret == -EAGAIN && seconds_now() < deadline) {
		usleep(1000);
		ret = module_remove();
	}
	tap_ok(!ret, "the module is removed when nobody uses it: %d", ret);
	tap_need(!system("load-module"), "load-module");
	tap_ok(!run_job(), "a job runs after that");
}

int main(void)
{
	struct canaries *neighbours = canaries_start(1);
	char name[32];

	canaries_pace(neighbours, 20000);
	canaries_enter(neighbours, CANARY_DURING);
	tsr_use_npu(0);
	tap_need(tsr_pci_name(name, sizeof(name)), "NPU 0");
	run_resets(name);
	for (unsigned int i = 0; i < UNBINDS; i++) {
		unbind_in_job(name, i);
		tap_ok(!run_job(), "bind %u: a job runs", i);
	}
	fail_jobs();
	crash_firmware();
	canaries_pace(neighbours, 0);
	canaries_enter(neighbours, CANARY_AFTER);
	canaries_await(neighbours, 50);
	canaries_end(neighbours, "other_npu");
	remove_and_load();
	return tap_end();
}
