// SPDX-License-Identifier: MIT
/* tessera-smi show: one NPU in full, as driver, firmware and fuses report it. */
#include <endian.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>

#include <tsr_hw/fuse.h>
#include <tsr_hw/registers.h>
#include <tessera.h>

#include "tessera_accel.h"

#include "formats.h"
#include "smi.h"

static void add_text(struct json_object *object, const char *key, const char *value)
{
	json_object_object_add(object, key, json_object_new_string(value));
}

static void add_integer(struct json_object *object, const char *key, uint64_t value)
{
	json_object_object_add(object, key, json_object_new_uint64(value));
}

static struct json_object *describe_rates(struct tsr_device *device)
{
	struct json_object *rates = json_object_new_object();
	const struct smi_format *format;

	for (format = smi_formats; format->name; format++) {
		double tops = tsr_device_peak_tops(device, (enum tsr_type)format->type);

		if (tops > 0)
			json_object_object_add(rates, format->name, json_object_new_double(tops));
	}
	return rates;
}

static void describe_firmware(struct json_object *object,
			      const struct drm_tessera_query_firmware *firmware)
{
	char text[65];

	snprintf(text, sizeof(text), "%u.%u.%u", firmware->version >> 24,
		 firmware->version >> 16 & 0xff, firmware->version & 0xffff);
	add_text(object, "firmware_version", text);
	add_integer(object, "firmware_abi", firmware->abi);
	add_integer(object, "firmware_security_version", firmware->security_version);
	smi_hex(firmware->measurement, sizeof(firmware->measurement), text);
	add_text(object, "firmware_measurement", text);
	smi_hex(firmware->device_key, sizeof(firmware->device_key), text);
	add_text(object, "device_key", text);
}

static void describe_hardware(struct json_object *object, struct tsr_device *device)
{
	const struct drm_tessera_query_hw *hw = tsr_device_hw(device);
	const struct tsr_hw_fuses *fuses = tsr_device_fuses(device);
	char text[40];

	json_object_object_add(object, "name",
			       smi_string((const char *)fuses->name, sizeof(fuses->name)));
	snprintf(text, sizeof(text), "%016llx", (unsigned long long)hw->serial);
	add_text(object, "serial", text);
	json_object_object_add(object, "virtual",
			       json_object_new_boolean(!!(hw->caps & TSR_HW_CAP_VIRTUAL)));
	snprintf(text, sizeof(text), "%u.%u", hw->hw_version >> 16, hw->hw_version & 0xffff);
	add_text(object, "hardware_version", text);
	add_integer(object, "clock_khz", hw->clock_khz);
	add_integer(object, "tensor_tiles", le16toh(fuses->tensor_tiles));
	add_integer(object, "array_rows", le16toh(fuses->array_rows));
	add_integer(object, "array_columns", le16toh(fuses->array_columns));
	add_integer(object, "memory_bandwidth_mb_s", le32toh(fuses->memory_mb_s));
	add_integer(object, "local_memory_mib", le32toh(fuses->memory_mib));
}

/* What no object has of local memory at this moment; a driver may be older than the question. */
static void describe_memory(struct json_object *object, struct tsr_device *device)
{
	struct drm_tessera_query_memory memory = { 0 };
	struct drm_tessera_dev_query query = {
		.type = DRM_TESSERA_QUERY_MEMORY, .size = sizeof(memory),
		.pointer = (uintptr_t)&memory,
	};

	if (!ioctl(tsr_device_fd(device), DRM_IOCTL_TESSERA_DEV_QUERY, &query))
		add_integer(object, "local_memory_free_mib", memory.local_free >> 20);
}

static void describe_limits(struct json_object *object,
			    const struct drm_tessera_query_limits *limits)
{
	add_integer(object, "max_vms", limits->max_vms);
	add_integer(object, "max_queues", limits->max_queues);
	add_integer(object, "max_nodes", limits->max_nodes);
	add_integer(object, "job_timeout_ms", limits->job_timeout_ns / 1000000);
}

static int describe(struct smi_board *board, void *context)
{
	struct json_object *object = smi_describe_board(board);
	struct tsr_device *device = board->device;

	json_object_array_add(context, object);
	if (device) {
		describe_hardware(object, device);
		describe_memory(object, device);
		json_object_object_add(object, "peak_tops", describe_rates(device));
		describe_firmware(object, tsr_device_firmware(device));
		describe_limits(object, tsr_device_limits(device));
	}
	return board->state == SMI_HEALTHY ? SMI_OK : smi_complain(board);
}

static void print_line(const char *what, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void print_line(const char *what, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	printf("  %-18s ", what);
	vprintf(format, arguments);
	putchar('\n');
	va_end(arguments);
}

static void print_rates(struct json_object *rates)
{
	printf("  %-18s ", "Peak TOPS, dense");
	json_object_object_foreach(rates, name, value)
		printf("%s %.3g   ", name, json_object_get_double(value));
	putchar('\n');
}

static void print_memory(struct json_object *d)
{
	double rate = smi_number(d, "memory_bandwidth_mb_s") / 1000;

	if (smi_number(d, "local_memory_mib") == 0)
		print_line("Memory", "%.1f GB/s, system memory", rate);
	else if (!json_object_object_get(d, "local_memory_free_mib"))
		print_line("Memory", "%.1f GB/s, local, %.0f MiB", rate,
			   smi_number(d, "local_memory_mib"));
	else
		print_line("Memory", "%.1f GB/s, local, %.0f of %.0f MiB free", rate,
			   smi_number(d, "local_memory_free_mib"),
			   smi_number(d, "local_memory_mib"));
}

static void print_device(struct json_object *d)
{
	bool is_virtual = json_object_get_boolean(json_object_object_get(d, "virtual"));

	printf("NPU %.0f: %s (%s)%s\n", smi_number(d, "index"), smi_text(d, "name"),
	       smi_text(d, "sku"), is_virtual ? ", virtual" : "");
	print_line("Bus", "%s, %s", smi_text(d, "bus"), smi_text(d, "path"));
	print_line("State", "%s", smi_text(d, "state"));
	print_line("Serial", "%s", smi_text(d, "serial"));
	print_line("Architecture", "%s, %.0f tensor tile(s) of %.0f x %.0f at %.0f MHz",
		   smi_text(d, "hardware_version"), smi_number(d, "tensor_tiles"),
		   smi_number(d, "array_rows"), smi_number(d, "array_columns"),
		   smi_number(d, "clock_khz") / 1000);
	print_rates(json_object_object_get(d, "peak_tops"));
	print_memory(d);
	print_line("Firmware", "%s, interface %.0f, security version %.0f",
		   smi_text(d, "firmware_version"), smi_number(d, "firmware_abi"),
		   smi_number(d, "firmware_security_version"));
	print_line("Measurement", "%s, not attested", smi_text(d, "firmware_measurement"));
	print_line("Device key", "%s, nothing signs with it", smi_text(d, "device_key"));
	print_line("Limits", "%.0f address spaces, %.0f queues, %.0f nodes a graph",
		   smi_number(d, "max_vms"), smi_number(d, "max_queues"),
		   smi_number(d, "max_nodes"));
	print_line("Job timeout", "%.0f ms without progress", smi_number(d, "job_timeout_ms"));
}

int smi_show(const struct smi_options *options)
{
	struct json_object *devices = json_object_new_array();
	int code = smi_each_board(options, describe, devices);
	size_t i;

	if (code == SMI_NO_BOARD)
		code = smi_no_board();
	if (options->json) {
		smi_print_json(smi_document("devices", devices));
		return code;
	}
	for (i = 0; i < json_object_array_length(devices); i++) {
		struct json_object *device = json_object_array_get_idx(devices, i);

		if (json_object_object_get(device, "name"))
			print_device(device);
	}
	json_object_put(devices);
	return code;
}
