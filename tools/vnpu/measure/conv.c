// SPDX-License-Identifier: MIT
#include <errno.h>

#include "descriptor.h"
#include "opcodes.h"
#include "product.h"
#include "program.h"
#include "tile/tile.h"
#include "window.h"

/* Scales and zero points are [O, blocks of k]; those of a second operand of GEMM the other way. */
static void exchange(struct operand *operand)
{
	uint64_t extent = operand->extent[0];
	int64_t stride = operand->stride[0];

	if (!operand->bits)
		return;
	operand->extent[0] = operand->extent[1];
	operand->stride[0] = operand->stride[1];
	operand->extent[1] = extent;
	operand->stride[1] = stride;
}

static uint64_t depth_of(const struct conv *conv)
{
	uint64_t depth = 1;

	for (unsigned int i = 1; i < conv->w.rank; i++)
		depth *= conv->w.extent[i];
	return depth;
}

/* Beginning a convolution looks at the lines of an image. */
static int take_lines(const struct measure_source *source, const struct conv *conv)
{
	uint64_t lines = 1;

	for (unsigned int i = 2; i + 1 < conv->d.rank; i++)
		if (__builtin_mul_overflow(lines, conv->d.extent[i], &lines))
			return -E2BIG;
	if (lines > *source->lines)
		return -E2BIG;
	*source->lines -= lines;
	return 0;
}

static int take(const struct measure_source *source, const void *raw, struct command *command)
{
	const struct tsr_hw_conv *bytes = raw;
	const struct tile_request *request = source->request;
	struct conv *conv = &command->conv;

	command->kind = KIND_CONV;
	take_tensor(source, &bytes->x, &conv->x);
	take_tensor(source, &bytes->w, &conv->w);
	take_tensor(source, &bytes->d, &conv->d);
	take_quant(source, &bytes->qw, depth_of(conv), &conv->qw);
	exchange(&conv->qw.scale);
	exchange(&conv->qw.zeros);
	conv->dims = bytes->dims;
	take_windows(request, bytes->window, bytes->dims, conv->window);
	conv->groups = bytes->groups;
	conv->blocks = take_blocks(&bytes->blocks);
	conv->precision = take_precision(source, bytes->x.type);
	conv->strict = request->strict;
	take_program(source, &bytes->head, bytes->head.post, &conv->post);
	return conv->precision.macs ? take_lines(source, conv) : -EOPNOTSUPP;
}

const struct opcode opcode_conv = { TSR_HW_OP_CONV, take, NULL };
