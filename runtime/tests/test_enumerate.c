// SPDX-License-Identifier: MIT
/* Which NPUs are found in a class folder like /sys/class/accel. */
#include "cmocka_prelude.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <tessera.h>

#include "../device/device.h"

static char sysfs[] = "/tmp/tessera-sysfs-XXXXXX";

static void write_file(const char *folder, const char *name, const char *text)
{
	char path[256];
	FILE *stream;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	stream = fopen(path, "w");
	assert_non_null(stream);
	fputs(text, stream);
	fclose(stream);
}

static void add_device(const char *bus, const char *node, const char *vendor, const char *sku)
{
	char folder[128], link[256], target[128];

	snprintf(folder, sizeof(folder), "%s/devices/%s", sysfs, bus);
	assert_int_equal(mkdir(folder, 0700), 0);
	write_file(folder, "vendor", vendor);
	write_file(folder, "device", "0x10f0\n");
	write_file(folder, "subsystem_device", sku);
	snprintf(folder, sizeof(folder), "%s/accel/%s", sysfs, node);
	assert_int_equal(mkdir(folder, 0700), 0);
	snprintf(link, sizeof(link), "%s/device", folder);
	snprintf(target, sizeof(target), "../../devices/%s", bus);
	assert_int_equal(symlink(target, link), 0);
}

static int make_sysfs(void **state)
{
	char folder[128];

	(void)state;
	if (!mkdtemp(sysfs))
		return -1;
	snprintf(folder, sizeof(folder), "%s/devices", sysfs);
	mkdir(folder, 0700);
	snprintf(folder, sizeof(folder), "%s/accel", sysfs);
	mkdir(folder, 0700);
	add_device("0000:02:00.0", "accel10", "0x1af4\n", "0x0005\n");
	add_device("0000:01:00.0", "accel3", "0x1af4\n", "0x0002\n");
	add_device("0000:03:00.0", "accel4", "0x8086\n", "0x0002\n");
	add_device("0000:04:00.0", "renderD128", "0x1af4\n", "0x0002\n");
	add_device("0000:05:00.0", "accel7", "junk\n", "0x0002\n");
	return 0;
}

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *walk)
{
	(void)status;
	(void)type;
	(void)walk;
	return remove(path);
}

static int remove_sysfs(void **state)
{
	(void)state;
	return nftw(sysfs, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static int scan(struct tsr_device_entry *entries, size_t capacity)
{
	char folder[128];

	snprintf(folder, sizeof(folder), "%s/accel", sysfs);
	return tsr_device_scan(folder, entries, capacity);
}

static void npus_are_found_in_order_of_their_number(void **state)
{
	struct tsr_device_entry entries[8];

	(void)state;
	assert_int_equal(scan(entries, 8), 2);
	assert_int_equal(entries[0].index, 3);
	assert_int_equal(entries[0].sku, 2);
	assert_string_equal(entries[0].path, "/dev/accel/accel3");
	assert_string_equal(entries[0].bus, "0000:01:00.0");
	assert_int_equal(entries[1].index, 10);
	assert_int_equal(entries[1].sku, 5);
}

static void the_count_may_exceed_the_capacity(void **state)
{
	(void)state;
	assert_int_equal(scan(NULL, 0), 2);
}

static void no_class_folder_means_no_npus(void **state)
{
	(void)state;
	assert_int_equal(tsr_device_scan("/nonexistent/accel", NULL, 0), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(npus_are_found_in_order_of_their_number),
		cmocka_unit_test(the_count_may_exceed_the_capacity),
		cmocka_unit_test(no_class_folder_means_no_npus),
	};

	return cmocka_run_group_tests(tests, make_sysfs, remove_sysfs);
}
