// SPDX-License-Identifier: MIT
/* Which of the NPUs a person, a configuration or TESSERA_VISIBLE_DEVICES means. */
#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tessera_accel.h"

#include "device.h"
#include "../error.h"
#include "../include/tessera.h"

#define ENTRIES_MAX	64
#define SELECTOR_MAX	64
#define SERIAL_PREFIX	"serial:"
#define SERIAL_DIGITS	16

static bool all_of(const char *text, int (*kind)(int c))
{
	const char *p;

	for (p = text; *p; p++)
		if (!kind((unsigned char)*p))
			return false;
	return p != text;
}

static bool parse_bus(const char *text, char bus[32])
{
	unsigned int domain = 0, number, device, function;
	int end = 0;

	if (sscanf(text, "%4x:%2x:%2x.%1x%n", &domain, &number, &device, &function, &end) != 4 ||
	    text[end]) {
		domain = 0;
		end = 0;
		if (sscanf(text, "%2x:%2x.%1x%n", &number, &device, &function, &end) != 3 ||
		    text[end])
			return false;
	}
	snprintf(bus, 32, "%04x:%02x:%02x.%x", domain, number, device, function);
	return true;
}

int tsr_selector_parse(const char *text, struct tsr_selector *selector)
{
	const char *digits = text + strlen(SERIAL_PREFIX);

	*selector = (struct tsr_selector){ .kind = TSR_SELECT_INDEX };
	if (all_of(text, isdigit) && strlen(text) <= 6) {
		selector->index = (unsigned int)strtoul(text, NULL, 10);
		return 0;
	}
	if (!strncmp(text, SERIAL_PREFIX, strlen(SERIAL_PREFIX))) {
		selector->kind = TSR_SELECT_SERIAL;
		selector->serial = strtoull(digits, NULL, 16);
		if (all_of(digits, isxdigit) && strlen(digits) <= SERIAL_DIGITS)
			return 0;
	} else if (parse_bus(text, selector->bus)) {
		selector->kind = TSR_SELECT_BUS;
		return 0;
	}
	return tsr_fail(-EINVAL, "\"%s\" names no NPU: give a number (2), a PCI address "
			"(0000:01:00.0) or " SERIAL_PREFIX "0123456789abcdef", text);
}

/* Return: position of the entry that @selector means, @count when there is none, or an errno. */
static int position_of(const struct tsr_selector *selector,
		       const struct tsr_device_entry *entries, size_t count,
		       int (*serial)(const struct tsr_device_entry *entry, uint64_t *number))
{
	uint64_t number;
	size_t i;

	for (i = 0; i < count; i++) {
		bool same = false;

		if (selector->kind == TSR_SELECT_INDEX)
			same = entries[i].index == selector->index;
		else if (selector->kind == TSR_SELECT_BUS)
			same = !strcmp(entries[i].bus, selector->bus);
		else if (!serial(&entries[i], &number))
			same = number == selector->serial;
		if (same)
			break;
	}
	return (int)i;
}

static int find(const char *text, const struct tsr_device_entry *entries, size_t count,
		int (*serial)(const struct tsr_device_entry *entry, uint64_t *number))
{
	struct tsr_selector selector;
	int ret = tsr_selector_parse(text, &selector);

	if (!ret)
		ret = position_of(&selector, entries, count, serial);
	if (ret == (int)count)
		ret = tsr_fail(-ENOENT, "there is no NPU \"%s\"; tessera-smi list shows those that "
			       "there are", text);
	return ret;
}

int tsr_device_select(const char *visible, struct tsr_device_entry *entries, size_t count,
		      int (*serial)(const struct tsr_device_entry *entry, uint64_t *number))
{
	struct tsr_device_entry chosen[ENTRIES_MAX];
	char list[ENTRIES_MAX * SELECTOR_MAX], *rest = list, *word;
	size_t kept = 0;

	if (strlen(visible) >= sizeof(list))
		return tsr_fail(-EINVAL, "TESSERA_VISIBLE_DEVICES is too long");
	strcpy(list, visible);
	while (*visible && (word = strsep(&rest, ","))) {
		int at = find(word, entries, count, serial);

		if (at < 0)
			return tsr_fail(at, "TESSERA_VISIBLE_DEVICES: \"%s\" is no NPU of this "
					"machine (tessera-smi list shows them)", word);
		if (kept == ENTRIES_MAX)
			return tsr_fail(-EINVAL, "TESSERA_VISIBLE_DEVICES names too many NPUs");
		chosen[kept++] = entries[at];
	}
	memcpy(entries, chosen, kept * sizeof(*chosen));
	return (int)kept;
}

/* Asked past TESSERA_VISIBLE_DEVICES, which may be what names the serial number. */
static int serial_of(const struct tsr_device_entry *entry, uint64_t *number)
{
	struct tsr_device *device;
	int ret = tsr_device_open_any(entry->index, &device);

	if (ret)
		return ret;
	*number = tsr_device_hw(device)->serial;
	tsr_device_close(device);
	return 0;
}

static int scan_all(struct tsr_device_entry entries[ENTRIES_MAX])
{
	int count = tsr_device_scan(TSR_SYSFS_ACCEL, entries, ENTRIES_MAX);

	if (count == -ENOENT)
		count = tsr_device_scan_nodes(TSR_DEV_ACCEL, entries, ENTRIES_MAX);
	return count > ENTRIES_MAX ? ENTRIES_MAX : count;
}

static int visible_devices(struct tsr_device_entry entries[ENTRIES_MAX])
{
	const char *visible = secure_getenv("TESSERA_VISIBLE_DEVICES");
	int count = scan_all(entries);

	if (count < 0 || !visible)
		return count;
	return tsr_device_select(visible, entries, (size_t)count, serial_of);
}

int tsr_device_list(struct tsr_device_entry *entries, size_t capacity)
{
	struct tsr_device_entry all[ENTRIES_MAX];
	int count = visible_devices(all);

	if (count > 0 && entries)
		memcpy(entries, all, ((size_t)count < capacity ? (size_t)count : capacity) *
		       sizeof(*all));
	return count;
}

int tsr_device_find(const char *selector, unsigned int *index)
{
	struct tsr_device_entry entries[ENTRIES_MAX];
	int count = visible_devices(entries), at;

	if (count < 0)
		return count;
	at = find(selector, entries, (size_t)count, serial_of);
	if (at == -ENOENT && secure_getenv("TESSERA_VISIBLE_DEVICES"))
		return tsr_fail(-ENOENT, "there is no NPU \"%s\", or it is hidden by "
				"TESSERA_VISIBLE_DEVICES", selector);
	if (at < 0)
		return at;
	*index = entries[at].index;
	return 0;
}

int tsr_device_check_visible(unsigned int index)
{
	struct tsr_device_entry entries[ENTRIES_MAX];
	int count, i;

	if (!secure_getenv("TESSERA_VISIBLE_DEVICES"))
		return 0;
	count = visible_devices(entries);
	for (i = 0; i < count; i++)
		if (entries[i].index == index)
			return 0;
	if (count < 0)
		return count;
	return tsr_fail(-ENOENT, "/dev/accel/accel%u is hidden by TESSERA_VISIBLE_DEVICES", index);
}
