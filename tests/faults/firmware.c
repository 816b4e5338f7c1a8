// SPDX-License-Identifier: MIT
/*
 * Firmware images the device must refuse, through the driver: each is refused with the
 * status the boot ROM or the firmware gives, and afterwards the good image runs a job.
 *
 * Usage: faults-firmware images | rolled-back. The first spoils images on NPU 0 beside the
 * canaries of NPU 1, and in the end boots a newer image, after which the ordinary one is a
 * rollback. The second shows that it still is: after a reboot, after a new start of the NPU.
 */
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <tsr_hw/boot.h>
#include <tsr_hw/image.h>
#include <tsr_hw/version.h>

#include "canary.h"
#include "client.h"
#include "gemm.h"
#include "image.h"
#include "sysfs.h"
#include "tap.h"

#define PAYLOAD_FLIPS	8
#define LOG_SIZE	65536
/* Of the image "abi-later", firmware/variants. */
#define LATER_ABI_MIN	1000u
#define LATER_ABI_MAX	1001u
#define ANY		(~0u)	/* detail of a refusal that is not looked at */

static char log_text[LOG_SIZE];	/* kernel messages of the last bind */
static char npu[32];		/* PCI address */

static int log_open(void)
{
	int fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	tap_need(fd >= 0 && lseek(fd, 0, SEEK_END) >= 0, "/dev/kmsg");
	return fd;
}

static void log_read(int fd)
{
	size_t have = 0;
	ssize_t got;

	while (have < LOG_SIZE - 8192) {
		got = read(fd, log_text + have, 8191);
		if (got <= 0 && errno != EPIPE)
			break;
		have += got > 0 ? (size_t)got : 0;
	}
	log_text[have] = 0;
	close(fd);
}

/* Return: 0 or the negative errno of probe; what the kernel says is in log_text. */
static int boot(const struct image *image)
{
	int fd = log_open();
	int ret;

	image_install(image);
	ret = driver_bind(npu);
	log_read(fd);
	return ret;
}

/* Return: the status of the refusal the kernel reports, or 0. */
static unsigned int refusal(unsigned int *detail)
{
	const char *text = strstr(log_text, "firmware refused: ");
	unsigned int status = 0;

	*detail = 0;
	text = text ? strstr(text, "(status ") : NULL;
	if (!text || sscanf(text, "(status %x, detail %x)", &status, detail) != 2)
		return 0;
	return status;
}

static int run_job(void)
{
	struct client client;
	int ret = client_open(&client);

	if (ret)
		return ret;
	client_load_copy(&client);
	memset(client.data.map, 0x3c, CLIENT_DATA_SIZE / 2);
	ret = client_submit(&client);
	ret = ret ? ret : client_wait(&client, PATIENCE);
	if (!ret && ((char *)client.data.map)[CLIENT_DATA_SIZE - 1] != 0x3c)
		ret = -EBADMSG;
	client_close(&client);
	return ret;
}

static void expect_run(const struct image *image, const char *name)
{
	int bound = boot(image);
	int ret = bound ? bound : run_job();

	tap_ok(!ret, "%s runs a job: %d", name, ret);
	if (!bound)
		driver_unbind(npu);
}

static void expect_refusal(const struct image *image, const char *name, unsigned int status,
			   unsigned int detail)
{
	unsigned int got_status, got_detail;
	int ret = boot(image);

	got_status = refusal(&got_detail);
	tap_ok(ret < 0 && got_status == status && (detail == ANY || got_detail == detail),
	       "%s is refused: bind %d, status %#x (%#x expected), detail %#x", name, ret,
	       got_status, status, got_detail);
	if (!ret)
		driver_unbind(npu);
}

/* Refused, and then all is well. */
static void expect_refusal_then(const struct image *good, const struct image *image,
				const char *name, unsigned int status, unsigned int detail)
{
	expect_refusal(image, name, status, detail);
	expect_run(good, "the good image after it");
}

static void try_lengths(const struct image *good)
{
	const size_t length[] = {
		sizeof(struct tsr_hw_image_header), sizeof(struct tsr_hw_image_header) + 1,
		good->size / 2, good->size - 1, good->size + 1,
	};
	struct image image;
	char name[64];

	for (unsigned int i = 0; i < sizeof(length) / sizeof(length[0]); i++) {
		image = image_copy(good, length[i]);
		snprintf(name, sizeof(name), "image of %zu instead of %zu bytes", length[i],
			 good->size);
		expect_refusal_then(good, &image, name, TSR_HW_BOOT_BAD_SIZE, ANY);
		image_free(&image);
	}
}

/* Never given to the device: that would call it an image of the wrong size. */
static void try_empty(const struct image *good)
{
	struct image empty = image_copy(good, 0);
	int ret = boot(&empty);

	tap_ok(ret < 0 && strstr(log_text, " is empty") && !strstr(log_text, "not found"),
	       "an empty file is called empty: bind %d", ret);
	expect_run(good, "the good image after it");
	image_free(&empty);
}

static void try_flip(const struct image *good, const char *what, size_t offset, unsigned int bit,
		     unsigned int status)
{
	struct image image = image_copy(good, good->size);
	char name[80];

	image.bytes[offset] ^= (uint8_t)(1u << bit);
	snprintf(name, sizeof(name), "image with bit %u of byte %zu (%s) flipped", bit, offset,
		 what);
	expect_refusal(&image, name, status, ANY);
	image_free(&image);
}

#define FIELD(name)	#name, offsetof(struct tsr_hw_image_header, name)

static void try_flips(const struct image *good)
{
	static const struct {
		const char *name;
		size_t offset;
		unsigned int status;
	} field[] = {
		{ FIELD(magic), TSR_HW_BOOT_BAD_MAGIC },
		{ FIELD(header_version), TSR_HW_BOOT_BAD_HEADER },
		{ FIELD(header_size), TSR_HW_BOOT_BAD_HEADER },
		{ FIELD(image_size), TSR_HW_BOOT_BAD_SIZE },
		{ FIELD(load_addr), TSR_HW_BOOT_BAD_SIGNATURE },
		{ FIELD(entry), TSR_HW_BOOT_BAD_SIGNATURE },
		{ FIELD(security_version), TSR_HW_BOOT_BAD_SIGNATURE },
		{ FIELD(abi_max), TSR_HW_BOOT_BAD_SIGNATURE },
		{ FIELD(hw_major), TSR_HW_BOOT_BAD_SIGNATURE },
		{ FIELD(mbz0), TSR_HW_BOOT_BAD_HEADER },
		{ FIELD(features), TSR_HW_BOOT_BAD_SIGNATURE },
		{ FIELD(build_id), TSR_HW_BOOT_BAD_SIGNATURE },
		{ FIELD(public_key), TSR_HW_BOOT_BAD_KEY },
		{ FIELD(mbz), TSR_HW_BOOT_BAD_HEADER },
		{ FIELD(signature), TSR_HW_BOOT_BAD_SIGNATURE },
	};
	size_t header = sizeof(struct tsr_hw_image_header);
	uint64_t random = 1;

	for (unsigned int i = 0; i < sizeof(field) / sizeof(field[0]); i++)
		try_flip(good, field[i].name, field[i].offset, i % 8, field[i].status);
	for (unsigned int i = 0; i < PAYLOAD_FLIPS; i++)
		try_flip(good, "payload", header + next_random(&random) % (good->size - header),
			 i, TSR_HW_BOOT_BAD_SIGNATURE);
	expect_run(good, "the good image after all these");
}

static void try_variant(const struct image *good, const char *name, unsigned int status,
			unsigned int detail)
{
	struct image image = image_variant(name);
	char text[64];

	snprintf(text, sizeof(text), "image \"%s\"", name);
	expect_refusal(&image, text, status, detail);
	if (status == TSR_HW_BOOT_BAD_ABI) {
		snprintf(text, sizeof(text), "versions %u to %u, this driver %u to %u",
			 LATER_ABI_MIN, LATER_ABI_MAX, TSR_HW_ABI_VERSION_MIN,
			 TSR_HW_ABI_VERSION_MAX);
		tap_ok(strstr(log_text, text) != NULL, "the kernel names both ranges: %s", text);
	}
	expect_run(good, "the good image after it");
	image_free(&image);
}

static void expect_rolled_back(const struct image *good)
{
	struct image newer = image_variant("security-2");

	expect_refusal(good, "the image that was good before", TSR_HW_BOOT_ROLLBACK, 2);
	expect_run(&newer, "image \"security-2\"");
	expect_refusal(good, "the image that was good before, again", TSR_HW_BOOT_ROLLBACK, 2);
	image_free(&newer);
}

static void try_newer(const struct image *good)
{
	struct image newer = image_variant("security-2");

	expect_run(&newer, "image \"security-2\", the newest so far,");
	image_free(&newer);
	expect_rolled_back(good);
}

static void try_images(const struct image *good)
{
	struct canaries *canaries = canaries_start(1);

	canaries_enter(canaries, CANARY_DURING);
	canaries_pace(canaries, 20000);
	tap_need(!driver_unbind(npu), "unbind");
	try_empty(good);
	try_lengths(good);
	try_flips(good);
	try_variant(good, "untrusted", TSR_HW_BOOT_BAD_KEY, ANY);
	try_variant(good, "hardware-2", TSR_HW_BOOT_BAD_HARDWARE, ANY);
	try_variant(good, "abi-later", TSR_HW_BOOT_BAD_ABI, LATER_ABI_MAX << 16 | LATER_ABI_MIN);
	try_variant(good, "security-0", TSR_HW_BOOT_ROLLBACK, 1);
	try_newer(good);
	canaries_pace(canaries, 0);
	canaries_enter(canaries, CANARY_AFTER);
	canaries_await(canaries, 50);
	canaries_end(canaries, "firmware");
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";
	struct image good = image_good();

	tap_need(tsr_pci_name(npu, sizeof(npu)), "NPU 0");
	if (!strcmp(what, "images"))
		try_images(&good);
	else if (!strcmp(what, "rolled-back"))
		expect_rolled_back(&good);
	else
		tap_ok(false, "usage: faults-firmware images | rolled-back");
	image_free(&good);
	return tap_end();
}
