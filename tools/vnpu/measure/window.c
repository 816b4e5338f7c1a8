// SPDX-License-Identifier: MIT
#include "window.h"

#include "descriptor.h"

_Static_assert(SPATIAL_MAX == TSR_HW_MAX_SPATIAL, "dimensions of windows");

static struct window take_window(const struct tile_request *request,
				 const struct tsr_hw_window *raw)
{
	return (struct window){
		.kernel = raw->kernel,
		.stride = raw->stride,
		.dilation = raw->dilation,
		.input_dilation = raw->input_dilation,
		.before = (int64_t)take_bytes(request, raw->before),
	};
}

void take_windows(const struct tile_request *request, const struct tsr_hw_window *raw,
		  unsigned int dims, struct window *windows)
{
	for (unsigned int i = 0; i < dims && i < SPATIAL_MAX; i++)
		windows[i] = take_window(request, &raw[i]);
}
