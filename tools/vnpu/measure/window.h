/* SPDX-License-Identifier: MIT */
#ifndef VNPU_MEASURE_WINDOW_H
#define VNPU_MEASURE_WINDOW_H

#include <tsr_hw/command.h>

#include "time/command.h"

struct tile_request;

/** take_windows() - the spatial dimensions of a convolution or pool */
void take_windows(const struct tile_request *request, const struct tsr_hw_window *raw,
		  unsigned int dims, struct window *windows);

#endif
