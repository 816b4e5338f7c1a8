// SPDX-License-Identifier: MIT
/*
 * The guest reboots in the middle of a job: once in order, once as after a crash. The
 * program runs in each boot; TESSERA_BOOT says which it is.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/reboot.h>
#include <unistd.h>

#include "canary.h"
#include "client.h"
#include "tap.h"

/* The kernel quiesces the device through the driver's shutdown. */
static void reboot_in_order(void)
{
	reboot(RB_AUTOBOOT);
}

/* Nothing is quiesced first. */
static void reboot_at_once(void)
{
	int fd = open("/proc/sysrq-trigger", O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, "b", 1) != 1)
		tap_ok(false, "sysrq");
	pause();
}

static void reboot_in_job(unsigned int boot, void (*do_reboot)(void))
{
	struct canaries *canaries = canaries_start(0);
	struct client client;

	tap_ok(canaries_await(canaries, 20), "boot %u: canaries: %llu jobs bit-exact", boot,
	       (unsigned long long)(canaries_jobs(canaries, CANARY_TILE) +
				    canaries_jobs(canaries, CANARY_DMA)));
	tap_need(!client_open(&client) && !client_start_endless(&client, 0), "a job");
	tap_ok(client_wait(&client, 0) == -ETIMEDOUT, "boot %u: a job runs", boot);
	tap_end();
	/* An answer by another port of the same device: the output has left the guest. */
	tap_need(tsr_control("status", NULL, 0), "control");
	do_reboot();
}

static int last_boot(void)
{
	struct canaries *canaries = canaries_start(0);

	canaries_enter(canaries, CANARY_DURING);
	canaries_await(canaries, 50);
	canaries_enter(canaries, CANARY_AFTER);
	canaries_await(canaries, 50);
	canaries_end(canaries, "reboot");
	return tap_end();
}

int main(void)
{
	const char *text = getenv("TESSERA_BOOT");
	unsigned int boot = text ? (unsigned int)atoi(text) : 0;

	tap_need(boot > 0, "TESSERA_BOOT");
	if (boot == 1)
		reboot_in_job(boot, reboot_in_order);
	if (boot == 2)
		reboot_in_job(boot, reboot_at_once);
	return last_boot();
}
