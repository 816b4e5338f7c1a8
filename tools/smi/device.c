// SPDX-License-Identifier: MIT
/* Which devices a command is about, and what to say when one cannot be had. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include <abi/fuse.h>
#include <tessera.h>

#include "smi.h"

#define DEVICES_MAX	64

enum smi_exit smi_exit_of(int error)
{
	switch (-error) {
	case 0:
		return SMI_OK;
	case EINVAL:
		return SMI_USAGE;
	case EOPNOTSUPP:
		return SMI_NOT_SUPPORTED;
	case EACCES:
	case EPERM:
		return SMI_NO_PERMISSION;
	case ENOENT:
		return SMI_NOT_FOUND;
	case ENODEV:
	case EIO:
		return SMI_DEVICE_LOST;
	case EPROTO:
		return SMI_VERSION_MISMATCH;
	default:
		return SMI_OTHER;
	}
}

enum smi_exit smi_report(int error)
{
	fprintf(stderr, "tessera-smi: %s\n", tsr_error());
	return smi_exit_of(error);
}

static int visit_one(unsigned int index,
		     int (*visit)(struct tsr_device *device, unsigned int index, void *context),
		     void *context)
{
	struct tsr_device *device;
	int error = tsr_device_open(index, &device), status;

	if (error)
		return smi_report(error);
	status = visit(device, index, context);
	tsr_device_close(device);
	return status;
}

int smi_each_device(const struct smi_options *options,
		    int (*visit)(struct tsr_device *device, unsigned int index, void *context),
		    void *context)
{
	struct tsr_device_entry entries[DEVICES_MAX];
	int count, i, status = SMI_OK;

	if (options->device != SMI_ALL_DEVICES)
		return visit_one((unsigned int)options->device, visit, context);
	count = tsr_device_list(entries, DEVICES_MAX);
	if (count < 0)
		return smi_report(count);
	if (!count) {
		fputs("tessera-smi: no Tessera NPU found; is the tessera module loaded (modprobe "
		      "tessera), and does lspci -d 1af4:10f0 show a device?\n", stderr);
		return SMI_NO_DRIVER;
	}
	for (i = 0; i < count && i < DEVICES_MAX && !status; i++)
		status = visit_one(entries[i].index, visit, context);
	return status;
}

const char *smi_sku_name(uint32_t sku)
{
	static const char *const names[] = {
		[TSR_SKU_ULP] = "ulp", [TSR_SKU_EDGE] = "edge", [TSR_SKU_PC] = "pc",
		[TSR_SKU_ADAS] = "adas", [TSR_SKU_SERVER] = "server", [TSR_SKU_DC] = "dc",
		[TSR_SKU_CIM] = "cim",
	};

	return sku < sizeof(names) / sizeof(names[0]) && names[sku] ? names[sku] : "unknown";
}
