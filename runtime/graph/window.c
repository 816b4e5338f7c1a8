// SPDX-License-Identifier: MIT
#include "window.h"

#include <errno.h>

#include "../error.h"

int tsr_window_infer(const char *what, const struct tsr_tensor_info *x, const int64_t kernel[2],
		     const uint32_t stride[2], const uint32_t dilation[2], const uint32_t pad[4],
		     struct tsr_tensor_info *info)
{
	int i;

	for (i = 0; i < 2; i++) {
		int64_t window = (int64_t)dilation[i] * (kernel[i] - 1) + 1;
		int64_t room = x->dim[2 + i] + pad[i] + pad[2 + i];

		if (room < window)
			return tsr_fail(-EINVAL, "%s: a window of %lld does not fit %lld padded "
					"%s", what, (long long)window, (long long)room,
					i ? "columns" : "rows");
		info->dim[2 + i] = (room - window) / stride[i] + 1;
	}
	return 0;
}
