// SPDX-License-Identifier: MIT
/* Which NPUs are found in a class folder like /sys/class/accel. */
#include "cmocka_prelude.h"

#include <errno.h>
#include <fcntl.h>
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
	assert_int_equal(tsr_device_scan("/nonexistent/accel", NULL, 0), -ENOENT);
	assert_int_equal(tsr_device_scan_nodes("/nonexistent", NULL, 0), 0);
}

static void a_node_of_another_device_is_noticed(void **state)
{
	char folder[128], path[160];
	int fd = open("/dev/null", O_RDWR), file = open("/proc/self/exe", O_RDONLY);

	(void)state;
	snprintf(folder, sizeof(folder), "%s/accel", sysfs);
	snprintf(path, sizeof(path), "%s/accel3", folder);
	assert_int_equal(tsr_device_check_node(folder, fd, 3), 0);
	write_file(path, "dev", "1:3\n");
	assert_int_equal(tsr_device_check_node(folder, fd, 3), 0);
	assert_int_equal(tsr_device_check_node(folder, file, 3), -ENODEV);
	write_file(path, "dev", "1:5\n");
	assert_int_equal(tsr_device_check_node(folder, fd, 3), -ENODEV);
	close(file);
	close(fd);
}

static void selectors_are_read(void **state)
{
	struct tsr_selector selector;

	(void)state;
	assert_int_equal(tsr_selector_parse("12", &selector), 0);
	assert_true(selector.kind == TSR_SELECT_INDEX && selector.index == 12);
	assert_int_equal(tsr_selector_parse("0000:01:00.0", &selector), 0);
	assert_true(selector.kind == TSR_SELECT_BUS && !strcmp(selector.bus, "0000:01:00.0"));
	assert_int_equal(tsr_selector_parse("0A:1f.7", &selector), 0);
	assert_true(selector.kind == TSR_SELECT_BUS && !strcmp(selector.bus, "0000:0a:1f.7"));
	assert_int_equal(tsr_selector_parse("serial:00000000deadbeef", &selector), 0);
	assert_true(selector.kind == TSR_SELECT_SERIAL && selector.serial == 0xdeadbeef);
}

static void what_names_no_npu_is_refused(void **state)
{
	static const char *const texts[] = {
		"", "-1", "1x", "1.5", "0000:01:00.0 ", "0000:01:00", "01:00.0.0", "serial:",
		"serial:12345678123456789", "serial:xyz", "1234567",
	};
	struct tsr_selector selector;

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_int_equal(tsr_selector_parse(texts[i], &selector), -EINVAL);
}

/* The serial number of accelN is 0x100 + N here; accel10 cannot be opened. */
static int serial_of(const struct tsr_device_entry *entry, uint64_t *number)
{
	*number = 0x100 + entry->index;
	return entry->index == 10 ? -EACCES : 0;
}

static int select_from(const char *visible, struct tsr_device_entry entries[8])
{
	assert_int_equal(scan(entries, 8), 2);
	return tsr_device_select(visible, entries, 2, serial_of);
}

static void visible_devices_are_those_named_in_their_order(void **state)
{
	struct tsr_device_entry entries[8];

	(void)state;
	assert_int_equal(select_from("10,0000:01:00.0", entries), 2);
	assert_int_equal(entries[0].index, 10);
	assert_int_equal(entries[1].index, 3);
	assert_int_equal(select_from("serial:103", entries), 1);
	assert_int_equal(entries[0].index, 3);
	assert_int_equal(select_from("", entries), 0);
	assert_int_equal(select_from("4", entries), -ENOENT);
	assert_int_equal(select_from("serial:10a", entries), -ENOENT);
	assert_int_equal(select_from("3,", entries), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(npus_are_found_in_order_of_their_number),
		cmocka_unit_test(the_count_may_exceed_the_capacity),
		cmocka_unit_test(no_class_folder_means_no_npus),
		cmocka_unit_test(a_node_of_another_device_is_noticed),
		cmocka_unit_test(selectors_are_read),
		cmocka_unit_test(what_names_no_npu_is_refused),
		cmocka_unit_test(visible_devices_are_those_named_in_their_order),
	};

	return cmocka_run_group_tests(tests, make_sysfs, remove_sysfs);
}
