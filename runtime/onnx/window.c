// SPDX-License-Identifier: MIT
/* Strides, dilations and padding, explicit or automatic. */
#include <errno.h>

#include "importer.h"

#define WINDOW_MAX	65536

static int fill(struct importer *im, const char *name, uint32_t *values, size_t count,
		uint32_t otherwise)
{
	int64_t given[4];
	size_t i;
	int found = attribute_ints(im, name, given, count);

	if (found < 0)
		return found;
	for (i = 0; i < count; i++) {
		if (found && (given[i] < 0 || given[i] > WINDOW_MAX))
			return import_fail(im, -EBADMSG, "attribute %s has the value %lld", name,
					   (long long)given[i]);
		values[i] = found ? (uint32_t)given[i] : otherwise;
	}
	return 0;
}

/* SAME pads so that the output has ceil(in / stride); an odd column goes to one side. */
static void pad_same(const int64_t in[2], const int64_t kernel[2], const uint32_t stride[2],
		     const uint32_t dilation[2], bool upper, uint32_t pad[4])
{
	int i;

	for (i = 0; i < 2; i++) {
		int64_t out = (in[i] + stride[i] - 1) / stride[i];
		int64_t total = (out - 1) * stride[i] + dilation[i] * (kernel[i] - 1) + 1 - in[i];

		total = total > 0 ? total : 0;
		pad[i] = (uint32_t)(upper ? total / 2 : total - total / 2);
		pad[2 + i] = (uint32_t)(total - pad[i]);
	}
}

static bool any(const uint32_t pad[4])
{
	return pad[0] || pad[1] || pad[2] || pad[3];
}

/* A mode that none of these is stays unread, and is refused with its name. */
static int apply_auto_pad(struct importer *im, const int64_t in[2], const int64_t kernel[2],
			  const uint32_t stride[2], const uint32_t dilation[2], uint32_t pad[4])
{
	bool upper = attribute_is(im, "auto_pad", "SAME_UPPER");
	bool same = upper || attribute_is(im, "auto_pad", "SAME_LOWER");

	if (attribute_is(im, "auto_pad", "NOTSET"))
		return 0;
	if ((same || attribute_is(im, "auto_pad", "VALID")) && any(pad))
		return import_fail(im, -EBADMSG, "auto_pad and pads are both given");
	if (same)
		pad_same(in, kernel, stride, dilation, upper, pad);
	return 0;
}

int import_window(struct importer *im, const int64_t in[2], const int64_t kernel[2],
		  bool dilates, uint32_t stride[2], uint32_t dilation[2], uint32_t pad[4])
{
	int error = fill(im, "strides", stride, 2, 1);

	dilation[0] = 1;
	dilation[1] = 1;
	if (!error && dilates)
		error = fill(im, "dilations", dilation, 2, 1);
	if (!error)
		error = fill(im, "pads", pad, 4, 0);
	if (error)
		return error;
	if (!stride[0] || !stride[1] || !dilation[0] || !dilation[1])
		return import_fail(im, -EBADMSG, "a stride or dilation is 0");
	return apply_auto_pad(im, in, kernel, stride, dilation, pad);
}
