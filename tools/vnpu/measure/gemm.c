// SPDX-License-Identifier: MIT
#include <errno.h>

#include "control.h"
#include "descriptor.h"
#include "opcodes.h"
#include "product.h"
#include "program.h"
#include "tile/tile.h"

/* A count that is no number of rows ends the node: then it counts as none. */
static int read_rows(const struct measure_source *source, struct command *command, void **control)
{
	struct gemm *gemm = &command->gemm;
	int64_t height = (int64_t)gemm->a.extent[gemm->a.rank - 2];
	struct control counts;
	int32_t *rows;
	int error = control_read_narrow(source, &gemm->rows, &gemm->d, height, &counts, &rows);

	gemm->row_counts = rows;
	gemm->count_stride = counts.stride[0];
	*control = rows;
	return error;
}

static int take(const struct measure_source *source, const void *raw, struct command *command)
{
	const struct tsr_hw_gemm *bytes = raw;
	struct gemm *gemm = &command->gemm;
	uint64_t depth;

	command->kind = KIND_GEMM;
	take_tensor(source, &bytes->a, &gemm->a);
	take_tensor(source, &bytes->b, &gemm->b);
	take_tensor(source, &bytes->d, &gemm->d);
	take_tensor(source, &bytes->rows, &gemm->rows);
	depth = gemm->a.extent[gemm->a.rank - 1];
	take_quant(source, &bytes->qa, depth, &gemm->qa);
	take_quant(source, &bytes->qb, depth, &gemm->qb);
	gemm->blocks = take_blocks(&bytes->blocks);
	gemm->precision = take_precision(source, bytes->a.type);
	gemm->strict = source->request->strict;
	take_program(source, &bytes->head, bytes->head.post, &gemm->post);
	return gemm->precision.macs ? 0 : -EOPNOTSUPP;
}

const struct opcode opcode_gemm = { TSR_HW_OP_GEMM, take, read_rows };
