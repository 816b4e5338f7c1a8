// SPDX-License-Identifier: MIT
#include "npu.h"

#include "cmocka_prelude.h"

#include <tessera.h>

struct tsr_device *device;
struct tsr_context *context;

int npu_open_device(void **state)
{
	struct tsr_device_entry entry;

	(void)state;
	if (tsr_device_list(&entry, 1) < 1)
		return -1;
	return tsr_device_open(entry.index, &device);
}

int npu_close_device(void **state)
{
	(void)state;
	tsr_device_close(device);
	return 0;
}

int npu_open_context(void **state)
{
	(void)state;
	return tsr_context_create(device, NULL, &context);
}

int npu_close_context(void **state)
{
	(void)state;
	tsr_context_destroy(context);
	return 0;
}

void require(int error)
{
	if (error < 0)
		fail_msg("%s", tsr_error());
}
