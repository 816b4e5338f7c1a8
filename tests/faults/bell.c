// SPDX-License-Identifier: MIT
/*
 * Bus mastering is off for a moment: what the device was to read or write then is lost. A
 * bell that it received meanwhile costs time; the end of a job costs that job, not more.
 */
#include <errno.h>
#include <stdint.h>
#include <unistd.h>

#include "client.h"
#include "sysfs.h"
#include "tap.h"

static char npu[32];	/* PCI address */

/* Wait until the device has failed to reach memory. */
static void await_fault(long long before)
{
	while (tsr_counter("faults") == before)
		usleep(1000);
}

static void lose_bell(struct client *client)
{
	long long resets = tsr_counter("resets"), faults = tsr_counter("faults");
	int ret;

	client_load_copy(client);
	tap_need(!function_master(npu, false), "bus mastering off");
	tap_need(!client_submit(client), "SUBMIT");
	await_fault(faults);
	tap_need(!function_master(npu, true), "bus mastering on");
	ret = client_wait(client, PATIENCE);
	tap_ok(!ret, "a job whose bell was lost succeeds: %d", ret);
	tap_ok(tsr_counter("resets") == resets, "without a reset");
}

static void lose_end(struct client *client)
{
	long long resets = tsr_counter("resets"), faults;
	struct drm_tessera_queue_get_state state;
	int ret;

	tap_need(tsr_control("hold", NULL, 0), "control");
	tap_need(!client_submit(client), "SUBMIT");
	tsr_await_engine();
	faults = tsr_counter("faults");
	tap_need(!function_master(npu, false), "bus mastering off");
	tap_need(tsr_control("release", NULL, 0), "control");
	await_fault(faults);
	tap_need(!function_master(npu, true), "bus mastering on");
	ret = client_wait(client, PATIENCE);
	tap_ok(ret == -ECANCELED, "a job whose end was lost ends: %d", ret);
	tap_ok(tsr_counter("resets") == resets + 1, "by one reset");
	tap_need(!client_state(client, &state), "QUEUE_GET_STATE");
	tap_ok(state.state == (DRM_TESSERA_QUEUE_FAILED | DRM_TESSERA_QUEUE_INNOCENT),
	       "its queue has failed, innocent: %#x", state.state);
	tap_need(!client_again(client), "a new queue");
	ret = client_submit(client);
	ret = ret ? ret : client_wait(client, PATIENCE);
	tap_ok(!ret, "another queue runs a job: %d", ret);
}

int main(void)
{
	struct client client;

	tap_need(tsr_pci_name(npu, sizeof(npu)), "NPU 0");
	tap_need(!client_open(&client), "a client");
	lose_bell(&client);
	lose_end(&client);
	client_close(&client);
	return tap_end();
}
