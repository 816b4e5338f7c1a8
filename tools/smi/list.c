// SPDX-License-Identifier: MIT
/* tessera-smi list: which NPUs are there. Touches no device node. */
#include <stdio.h>

#include <tessera.h>

#include "smi.h"

#define DEVICES_MAX	64

static struct json_object *describe(const struct tsr_device_entry *entry)
{
	struct json_object *object = json_object_new_object();

	json_object_object_add(object, "index", json_object_new_int((int)entry->index));
	json_object_object_add(object, "path", json_object_new_string(entry->path));
	json_object_object_add(object, "bus", json_object_new_string(entry->bus));
	json_object_object_add(object, "sku", json_object_new_string(smi_sku_name(entry->sku)));
	return object;
}

static void print_table(struct json_object *devices)
{
	size_t i, count = json_object_array_length(devices);

	printf("%-5s  %-8s  %-14s  %s\n", "NPU", "CLASS", "BUS", "NODE");
	for (i = 0; i < count; i++) {
		struct json_object *device = json_object_array_get_idx(devices, i);

		printf("%-5.0f  %-8s  %-14s  %s\n", smi_number(device, "index"),
		       smi_text(device, "sku"), smi_text(device, "bus"), smi_text(device, "path"));
	}
	if (!count)
		puts("(none: is the tessera module loaded?)");
}

int smi_list(const struct smi_options *options)
{
	struct tsr_device_entry entries[DEVICES_MAX];
	struct json_object *devices;
	int count = tsr_device_list(entries, DEVICES_MAX), i;

	if (count < 0)
		return smi_report(count);
	devices = json_object_new_array();
	for (i = 0; i < count && i < DEVICES_MAX; i++)
		json_object_array_add(devices, describe(&entries[i]));
	if (options->json) {
		smi_print_json(smi_document("devices", devices));
	} else {
		print_table(devices);
		json_object_put(devices);
	}
	return SMI_OK;
}
