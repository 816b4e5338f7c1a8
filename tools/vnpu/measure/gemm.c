// SPDX-License-Identifier: MIT
/* MATMUL, which is GEMM of version 2. */
#include <errno.h>
#include <stdlib.h>

#include <tsr_hw/fuse.h>

#include "control.h"
#include "descriptor.h"
#include "number/types.h"
#include "opcodes.h"
#include "program.h"
#include "tile/sku.h"
#include "tile/tile.h"

_Static_assert((int)OUTPUT_N == TSR_HW_ORDER_OUTPUT_N, "n outermost");
_Static_assert((int)OUTPUT_M == TSR_HW_ORDER_OUTPUT_M, "m outermost");
_Static_assert((int)A_RESIDENT == TSR_HW_ORDER_A_RESIDENT, "a is kept");
_Static_assert((int)B_RESIDENT == TSR_HW_ORDER_B_RESIDENT, "b is kept");

/* The type that a product of two operands runs at. */
static unsigned int runs_at(unsigned int a)
{
	switch (a) {
	case TSR_HW_TYPE_FP8_E5M2:
		return TSR_HW_TYPE_FP8_E4M3;
	case TSR_HW_TYPE_UINT8:
		return TSR_HW_TYPE_INT8;
	case TSR_HW_TYPE_UINT4:
		return TSR_HW_TYPE_INT4;
	default:
		return a;
	}
}

static void take_quant(const struct tile_request *request, const struct tsr_hw_quant *raw,
		       uint64_t depth, struct quantization *quantization)
{
	quantization->block = raw->kind == TSR_HW_QUANT_BLOCKS ? raw->block : depth;
	if (!quantization->block)
		quantization->block = 1;
	take_tensor(request, &raw->scale, &quantization->scale);
	take_tensor(request, &raw->zeros, &quantization->zeros);
}

static struct blocks take_blocks(const struct tsr_hw_blocks *raw)
{
	return (struct blocks){
		.bm = raw->bm, .bn = raw->bn, .bk = raw->bk, .bg = raw->bg,
		.order = (enum order)raw->order,
	};
}

/* A count that is no number of rows ends the node: then it counts as none. */
static int take_rows(const struct measure_source *source, struct gemm *gemm, void **control)
{
	uint64_t height = gemm->a.extent[gemm->a.rank - 2], count;
	int64_t *values;
	int32_t *rows;
	int error;

	if (!gemm->rows.bits)
		return 0;
	error = control_read(source, &gemm->rows, &values, &count);
	if (error)
		return error;
	rows = calloc(count + 1, sizeof(*rows));
	for (uint64_t i = 0; rows && i < count; i++)
		rows[i] = values[i] >= 0 && (uint64_t)values[i] <= height ? (int32_t)values[i] : 0;
	free(values);
	gemm->row_counts = rows;
	*control = rows;
	return rows ? 0 : -ENOMEM;
}

static int take(const struct measure_source *source, const void *raw, struct command *command,
		void **control)
{
	const struct tsr_hw_matmul *bytes = raw;
	const struct tile_request *request = source->request;
	unsigned int type = runs_at(bytes->a.type);
	struct gemm *gemm = &command->gemm;
	uint64_t depth;

	command->kind = KIND_GEMM;
	take_tensor(request, &bytes->a, &gemm->a);
	take_tensor(request, &bytes->b, &gemm->b);
	take_tensor(request, &bytes->d, &gemm->d);
	take_tensor(request, &bytes->rows, &gemm->rows);
	depth = gemm->a.extent[gemm->a.rank - 1];
	take_quant(request, &bytes->qa, depth, &gemm->qa);
	take_quant(request, &bytes->qb, depth, &gemm->qb);
	gemm->blocks = take_blocks(&bytes->blocks);
	gemm->precision = (struct precision){
		.macs = source->fuses->macs[type], .floating = number_is_floating(type),
		.wide = type == TSR_HW_TYPE_INT16,
		.femtojoules = source->energy->mac[type],
	};
	gemm->strict = request->strict;
	take_program(request, &bytes->head, bytes->head.post, &gemm->post);
	return gemm->precision.macs ? take_rows(source, gemm, control) : -EOPNOTSUPP;
}

const struct opcode opcode_matmul = { TSR_HW_OP_MATMUL, take };
