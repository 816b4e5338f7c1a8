// SPDX-License-Identifier: MIT
#include <errno.h>

#include "control.h"
#include "descriptor.h"
#include "opcodes.h"
#include "product.h"
#include "program.h"
#include "tile/tile.h"

/* Lengths that are none end the node, and so do pages that are none of the pools'. */
static int take_lengths(const struct measure_source *source, struct attention *attention,
			void **control)
{
	struct control lengths;
	int32_t *values;
	int error = control_read_narrow(source, &attention->lengths, &attention->d,
				      (int64_t)attention->keys, &lengths, &values);

	attention->length = values;
	attention->length_stride = lengths.stride[0];
	*control = values;
	return error;
}

static int take_pages(const struct measure_source *source, struct attention *attention,
		      void **control)
{
	struct control pages;
	int32_t *values;
	int error = control_read_narrow(source, &attention->pages, &attention->d,
				      (int64_t)attention->k.extent[0] - 1, &pages, &values);

	attention->page = values;
	attention->page_stride[0] = pages.stride[0];
	attention->page_stride[1] = pages.stride[1];
	*control = values;
	return error;
}

static void take_scales(const struct measure_source *source,
			const struct tsr_hw_attention *bytes, struct attention *attention)
{
	take_tensor(source, &bytes->qk.scale, &attention->scale_k);
	take_tensor(source, &bytes->qk.zeros, &attention->zeros_k);
	take_tensor(source, &bytes->qv.scale, &attention->scale_v);
	take_tensor(source, &bytes->qv.zeros, &attention->zeros_v);
}

static void take_operands(const struct measure_source *source,
			  const struct tsr_hw_attention *bytes, struct attention *attention)
{
	take_tensor(source, &bytes->q, &attention->q);
	take_tensor(source, &bytes->k, &attention->k);
	take_tensor(source, &bytes->v, &attention->v);
	take_tensor(source, &bytes->d, &attention->d);
	take_tensor(source, &bytes->mask, &attention->mask);
	take_tensor(source, &bytes->lengths, &attention->lengths);
	take_tensor(source, &bytes->pages, &attention->pages);
	take_scales(source, bytes, attention);
}

static int take(const struct measure_source *source, const void *raw, struct command *command)
{
	const struct tsr_hw_attention *bytes = raw;
	struct attention *attention = &command->attention;

	command->kind = KIND_ATTENTION;
	take_operands(source, bytes, attention);
	attention->page_tokens = attention->k.extent[2];
	attention->keys = attention->k.extent[2];
	if (attention->pages.bits)
		attention->keys *= attention->pages.extent[1];
	attention->causal = bytes->mask_kind == TSR_HW_MASK_CAUSAL;
	attention->blocks = take_blocks(&bytes->blocks);
	attention->precision = take_precision(source, bytes->q.type);
	attention->strict = source->request->strict;
	take_program(source, &bytes->head, bytes->head.post, &attention->post);
	return attention->precision.macs ? 0 : -EOPNOTSUPP;
}

static int read_control(const struct measure_source *source, struct command *command,
			void **control)
{
	int error = take_lengths(source, &command->attention, &control[0]);

	return error ? error : take_pages(source, &command->attention, &control[1]);
}

const struct opcode opcode_attention = { TSR_HW_OP_ATTENTION, take, read_control };
