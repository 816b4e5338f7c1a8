// SPDX-License-Identifier: MIT
/* One step becomes one command of the hardware manual, section 11. */
#include <endian.h>
#include <string.h>

#include <tsr_hw/command.h>
#include <tsr_hw/program.h>

#include "compiler.h"

_Static_assert(sizeof(struct tsr_hw_conv) + TSR_HW_VECTOR_MAX_INPUTS *
	       sizeof(struct tsr_hw_tensor) + sizeof(struct tsr_vector) <= TSR_COMMAND_MAX,
	       "commands fit their buffer");
_Static_assert(sizeof(struct tsr_hw_gemm) + TSR_HW_VECTOR_MAX_INPUTS *
	       sizeof(struct tsr_hw_tensor) + sizeof(struct tsr_vector) <= TSR_COMMAND_MAX,
	       "commands fit their buffer");
_Static_assert(sizeof(struct tsr_hw_vector_command) + 2 * sizeof(struct tsr_hw_tensor) +
	       sizeof(struct tsr_vector) <= TSR_COMMAND_MAX, "commands fit their buffer");
_Static_assert(sizeof(struct tsr_hw_normalize) + 2 * sizeof(struct tsr_vector) <= TSR_COMMAND_MAX,
	       "commands fit their buffer");

/* What lowering a step needs to know besides the step. */
struct lowering {
	const struct tsr_hw_fuses *fuses;
	const struct tsr_layout *layout;
	const struct tsr_arguments *arguments;
	uint32_t constants;
};

static uint16_t slot_of(const struct lowering *l, const struct tsr_storage *storage)
{
	switch (storage->kind) {
	case TSR_STORAGE_INPUT:
		return (uint16_t)storage->index;
	case TSR_STORAGE_OUTPUT:
		return (uint16_t)(l->arguments->inputs + storage->index);
	case TSR_STORAGE_SCRATCH:
		return (uint16_t)(l->arguments->inputs + l->arguments->outputs);
	case TSR_STORAGE_CONSTANT:
		return TSR_HW_SLOT_PROGRAM;
	case TSR_STORAGE_NONE:
		break;
	}
	return TSR_HW_SLOT_NONE;
}

static uint64_t offset_of(const struct lowering *l, const struct tsr_storage *storage)
{
	if (storage->kind == TSR_STORAGE_CONSTANT)
		return l->constants + storage->offset;
	return storage->kind == TSR_STORAGE_SCRATCH ? storage->offset : 0;
}

static void lower_bits(const struct lowering *l, const struct tsr_view *view,
		       struct tsr_hw_tensor *tensor)
{
	const struct tsr_storage *storage = &l->layout->storage[view->storage];
	unsigned int i;

	memset(tensor, 0, sizeof(*tensor));
	tensor->slot = htole16(slot_of(l, storage));
	tensor->type = (uint8_t)view->info.type;
	tensor->rank = (uint8_t)view->info.rank;
	tensor->offset = htole64(offset_of(l, storage) + view->offset);
	for (i = 0; i < view->info.rank; i++) {
		tensor->dim[i] = htole32((uint32_t)view->info.dim[i]);
		tensor->stride[i] = htole64(view->stride[i] / tsr_type_size(view->info.type));
	}
}

/* Shaped as @shape, repeating where the tensor has extent 1 or no such dimension. */
static void lower_broadcast(const struct lowering *l, unsigned int view, unsigned int shape,
			    struct tsr_hw_tensor *tensor)
{
	const struct tsr_tensor_info *out = &l->layout->view[shape].info;
	struct tsr_view wide = l->layout->view[view];
	unsigned int i, missing = out->rank - wide.info.rank;

	for (i = out->rank; i-- > 0;) {
		bool own = i >= missing && (wide.info.dim[i - missing] == out->dim[i]);

		wide.stride[i] = own ? wide.stride[i - missing] : 0;
	}
	wide.info.rank = out->rank;
	memcpy(wide.info.dim, out->dim, sizeof(wide.info.dim));
	lower_bits(l, &wide, tensor);
}

static struct tsr_hw_command head(uint8_t op, size_t size)
{
	return (struct tsr_hw_command){ .op = op, .size = htole16((uint16_t)size) };
}

static void swap_last(struct tsr_hw_tensor *tensor)
{
	unsigned int n = tensor->rank - 1u, k = tensor->rank - 2u;
	__le32 dim = tensor->dim[n];
	__le64 stride = tensor->stride[n];

	tensor->dim[n] = tensor->dim[k];
	tensor->dim[k] = dim;
	tensor->stride[n] = tensor->stride[k];
	tensor->stride[k] = stride;
}

/* With dimensions of extent 1 in front, as many as @rank asks for. */
static void lower_ranked(const struct lowering *l, unsigned int view, unsigned int rank,
			 struct tsr_hw_tensor *tensor)
{
	struct tsr_view wide = l->layout->view[view];
	unsigned int i, missing = rank - wide.info.rank;

	for (i = rank; i-- > 0;) {
		wide.info.dim[i] = i >= missing ? wide.info.dim[i - missing] : 1;
		wide.stride[i] = i >= missing ? wide.stride[i - missing] : 0;
	}
	wide.info.rank = rank;
	lower_bits(l, &wide, tensor);
}

/* Shaped as the output of a product: one element for each of its columns, or channels. */
static void lower_columns(const struct lowering *l, const struct tsr_step *step,
			  const struct tsr_view *columns, struct tsr_hw_tensor *tensor)
{
	const struct tsr_tensor_info *out = &l->layout->view[step->out_view].info;
	struct tsr_view view = *columns;

	view.info.rank = out->rank;
	memcpy(view.info.dim, out->dim, sizeof(view.info.dim));
	memset(view.stride, 0, sizeof(view.stride));
	view.stride[step->op == TSR_OPERATOR_CONV ? 1 : out->rank - 1] = columns->stride[0];
	lower_bits(l, &view, tensor);
}

static void lower_multipliers(const struct lowering *l, const struct tsr_step *step,
			      struct tsr_hw_tensor *tensor)
{
	const struct tsr_view view = {
		.storage = l->layout->view[step->in_view[1]].scales,
		.info.type = TSR_FP32,
		.stride = { sizeof(float) },
	};

	lower_columns(l, step, &view, tensor);
}

static void lower_quant(const struct tsr_tensor_info *info, struct tsr_hw_quant *quant)
{
	quant->scale.slot = htole16(TSR_HW_SLOT_NONE);
	quant->zeros.slot = htole16(TSR_HW_SLOT_NONE);
	if (!tsr_type_is_quantized(info->type) || !info->zero_point)
		return;
	quant->kind = TSR_HW_QUANT_ZERO;
	quant->zero = htole64((uint64_t)(int64_t)info->zero_point);
}

static size_t append(void *command, size_t at, const void *bytes, size_t size)
{
	memcpy((char *)command + at, bytes, size);
	return at + size;
}

/* Constants and instructions behind the inputs. */
static size_t append_code(void *command, size_t at, const struct tsr_vector *program)
{
	at = append(command, at, program->constants,
		    program->head.consts * sizeof(program->constants[0]));
	return append(command, at, program->code, program->head.insns * sizeof(program->code[0]));
}

/* The program of a product that has one, behind the body; returns the end of the command. */
static size_t append_epilogue(const struct lowering *l, const struct tsr_step *step, void *command,
			      size_t at)
{
	const struct tsr_view *view = l->layout->view;
	const struct tsr_view *b = &view[step->in_view[1]];
	const struct tsr_epilogue epilogue = {
		.bias = step->in_view[2] != TSR_NO_VIEW,
		.multipliers = b->scales != TSR_NO_STORAGE &&
			       view[step->out_view].info.type != TSR_INT32,
		.residual = step->residual_view != TSR_NO_VIEW,
	};
	struct tsr_hw_tensor tensor;
	struct tsr_vector program;

	tsr_epilogue_of(step, &epilogue, &view[step->in_view[0]].info, &b->info,
			&view[step->out_view].info, &program);
	if (!program.head.insns)
		return at;
	at = append(command, at, &program.head, sizeof(program.head));
	if (epilogue.bias) {
		lower_columns(l, step, &view[step->in_view[2]], &tensor);
		at = append(command, at, &tensor, sizeof(tensor));
	}
	if (epilogue.multipliers) {
		lower_multipliers(l, step, &tensor);
		at = append(command, at, &tensor, sizeof(tensor));
	}
	if (epilogue.residual) {
		lower_bits(l, &view[step->residual_view], &tensor);
		at = append(command, at, &tensor, sizeof(tensor));
	}
	return append_code(command, at, &program);
}

/* What the blocks of a product are chosen by, but for its extents. */
static struct tsr_product product_of(const struct lowering *l, const struct tsr_step *step)
{
	const struct tsr_tensor_info *a = &l->layout->view[step->in_view[0]].info;
	const struct tsr_tensor_info *b = &l->layout->view[step->in_view[1]].info;
	const struct tsr_tensor_info *d = &l->layout->view[step->out_view].info;

	return (struct tsr_product){
		.groups = 1,
		.type = tsr_type_is_quantized(a->type) ? TSR_INT8 : a->type,
		.sizes = {
			tsr_type_size(a->type), tsr_type_size(b->type), tsr_type_size(d->type),
			/* Bias, multipliers and residual, at most. */
			3 * sizeof(float),
		},
	};
}

static size_t lower_gemm(const struct lowering *l, const struct tsr_step *step, void *command)
{
	const struct tsr_view *out = &l->layout->view[step->out_view];
	struct tsr_product product = product_of(l, step);
	struct tsr_hw_gemm *gemm = command;
	size_t size;

	lower_ranked(l, step->in_view[0], out->info.rank, &gemm->a);
	lower_ranked(l, step->in_view[1], out->info.rank, &gemm->b);
	if (step->node->gemm.transpose_b)
		swap_last(&gemm->b);
	lower_bits(l, out, &gemm->d);
	gemm->rows.slot = htole16(TSR_HW_SLOT_NONE);
	lower_quant(&l->layout->view[step->in_view[0]].info, &gemm->qa);
	lower_quant(&l->layout->view[step->in_view[1]].info, &gemm->qb);
	product.m = (uint64_t)out->info.dim[out->info.rank - 2];
	product.n = (uint64_t)out->info.dim[out->info.rank - 1];
	product.k = le32toh(gemm->a.dim[gemm->a.rank - 1]);
	tsr_product_blocks(l->fuses, &product, &gemm->blocks);
	size = append_epilogue(l, step, command, sizeof(*gemm));
	gemm->head = head(TSR_HW_OP_GEMM, size);
	if (size > sizeof(*gemm))
		gemm->head.post = htole16(sizeof(*gemm));
	return size;
}

/* A window over rows or columns, of the pads of both. */
static void lower_window(uint32_t kernel, uint32_t stride, uint32_t dilation, const uint32_t *pad,
			 struct tsr_hw_window *window)
{
	window->kernel = htole32(kernel);
	window->stride = htole32(stride);
	window->dilation = htole32(dilation);
	window->input_dilation = htole32(1);
	window->before = htole64(pad[0]);
	window->after = htole64(pad[2]);
}

static bool lower_conv_blocks(const struct lowering *l, const struct tsr_step *step,
			      struct tsr_hw_blocks *blocks)
{
	const struct tsr_conv_options *options = &step->node->conv;
	const struct tsr_tensor_info *x = &l->layout->view[step->in_view[0]].info;
	const struct tsr_tensor_info *w = &l->layout->view[step->in_view[1]].info;
	const struct tsr_tensor_info *d = &l->layout->view[step->out_view].info;
	struct tsr_product product = product_of(l, step);

	product.m = (uint64_t)(d->dim[0] * d->dim[2]);
	product.n = (uint64_t)d->dim[1] / options->groups;
	product.groups = options->groups;
	product.window.taps = (uint64_t)(w->dim[2] * w->dim[3]);
	product.k = (uint64_t)w->dim[1] * product.window.taps;
	product.window.line = (uint64_t)d->dim[3];
	product.window.in_line = (uint64_t)x->dim[3];
	product.window.lines = (uint64_t)d->dim[2];
	product.window.in_lines = (uint64_t)x->dim[2];
	product.window.stride = options->stride[0];
	product.window.reach = (uint64_t)(w->dim[2] - 1) * options->dilation[0] + 1;
	/* Bias and multipliers repeat along lines. */
	product.sizes.inputs = step->residual_view != TSR_NO_VIEW ? product.sizes.d : 0;
	return tsr_product_blocks(l->fuses, &product, blocks);
}

static size_t lower_conv(const struct lowering *l, const struct tsr_step *step, void *command)
{
	const struct tsr_conv_options *options = &step->node->conv;
	struct tsr_hw_conv *conv = command;
	unsigned int i;
	size_t size;

	lower_bits(l, &l->layout->view[step->in_view[0]], &conv->x);
	lower_bits(l, &l->layout->view[step->in_view[1]], &conv->w);
	lower_bits(l, &l->layout->view[step->out_view], &conv->d);
	lower_quant(&l->layout->view[step->in_view[0]].info, &conv->qx);
	lower_quant(&l->layout->view[step->in_view[1]].info, &conv->qw);
	conv->groups = htole32(options->groups);
	conv->dims = 2;
	for (i = 0; i < 2; i++)
		lower_window(le32toh(conv->w.dim[2 + i]), options->stride[i], options->dilation[i],
			     &options->pad[i], &conv->window[i]);
	if (!lower_conv_blocks(l, step, &conv->blocks))
		return 0;
	size = append_epilogue(l, step, command, sizeof(*conv));
	conv->head = head(TSR_HW_OP_CONV, size);
	if (size > sizeof(*conv))
		conv->head.post = htole16(sizeof(*conv));
	return size;
}

static size_t lower_average(const struct lowering *l, const struct tsr_step *step, void *command)
{
	struct tsr_hw_pool *pool = command;
	struct tsr_vector program;
	size_t at = sizeof(*pool);

	pool->mode = TSR_HW_POOLING_SUM;
	pool->count = tsr_vector_of_average(step->node, &l->layout->view[step->in_view[0]].info,
					    &l->layout->view[step->out_view].info, &program);
	at = append(command, at, &program.head, sizeof(program.head));
	at = append_code(command, at, &program);
	pool->head.post = htole16(sizeof(*pool));
	pool->head.size = htole16((uint16_t)at);
	return at;
}

static size_t lower_pool(const struct lowering *l, const struct tsr_step *step, void *command)
{
	const struct tsr_pool_options *options = &step->node->pool.options;
	const struct tsr_view *out = &l->layout->view[step->out_view];
	struct tsr_hw_pool *pool = command;
	unsigned int i;

	pool->head = head(TSR_HW_OP_POOL, sizeof(*pool));
	lower_bits(l, &l->layout->view[step->in_view[0]], &pool->x);
	lower_bits(l, out, &pool->d);
	pool->index.slot = htole16(TSR_HW_SLOT_NONE);
	pool->dims = 2;
	for (i = 0; i < 2; i++)
		lower_window(options->kernel[i], options->stride[i], options->dilation[i],
			     &options->pad[i], &pool->w[i]);
	tsr_default_blocks(&out->info, &pool->step);
	if (step->node->pool.mode != TSR_POOL_MODE_MAX)
		return lower_average(l, step, command);
	pool->mode = TSR_HW_POOLING_MAX;
	return sizeof(*pool);
}

static size_t lower_vector(const struct lowering *l, const struct tsr_step *step, void *command)
{
	const struct tsr_view *out = &l->layout->view[step->out_view];
	const struct tsr_tensor_info *const in[2] = {
		&l->layout->view[step->in_view[0]].info,
		step->op == TSR_OPERATOR_BINARY ? &l->layout->view[step->in_view[1]].info : NULL,
	};
	struct tsr_hw_vector_command *vector = command;
	struct tsr_hw_tensor tensor;
	struct tsr_vector program;
	size_t at = sizeof(*vector);

	tsr_vector_of(step, in, &out->info, &program);
	lower_bits(l, out, &vector->d);
	tsr_default_blocks(&out->info, &vector->step);
	at = append(command, at, &program.head, sizeof(program.head));
	for (unsigned int i = 0; i < program.head.inputs; i++) {
		lower_broadcast(l, step->in_view[i], step->out_view, &tensor);
		at = append(command, at, &tensor, sizeof(tensor));
	}
	at = append_code(command, at, &program);
	vector->head = head(TSR_HW_OP_VECTOR, at);
	vector->head.post = htole16(sizeof(*vector));
	return at;
}

static size_t append_program(void *command, size_t at, const struct tsr_vector *program)
{
	at = append(command, at, &program->head, sizeof(program->head));
	return append_code(command, at, program);
}

/* Epilogue and prologue, if there are any, behind the body; then the header. */
static size_t lower_programs(const struct lowering *l, const struct tsr_step *step, uint8_t op,
			     size_t body, struct tsr_hw_command *command)
{
	const struct tsr_tensor_info *in = &l->layout->view[step->in_view[0]].info;
	const struct tsr_tensor_info *out = &l->layout->view[step->out_view].info;
	size_t post = 0, pre = 0, at = body;
	struct tsr_vector program;

	if (tsr_vector_behind(step, in, out, &program)) {
		post = at;
		at = append_program(command, at, &program);
	}
	if (tsr_vector_before(step, in, &program)) {
		pre = at;
		at = append_program(command, at, &program);
	}
	*command = head(op, at);
	command->post = htole16((uint16_t)post);
	command->pre = htole16((uint16_t)pre);
	return at;
}

static uint8_t function_of(enum tsr_reduction reduction)
{
	switch (reduction) {
	case TSR_REDUCTION_MAX:
		return TSR_HW_REDUCTION_MAX;
	case TSR_REDUCTION_MIN:
		return TSR_HW_REDUCTION_MIN;
	default:	/* of a mean the epilogue divides */
		return TSR_HW_REDUCTION_SUM;
	}
}

static size_t lower_reduce(const struct lowering *l, const struct tsr_step *step, void *command)
{
	const struct tsr_view *in = &l->layout->view[step->in_view[0]];
	struct tsr_hw_reduce *reduce = command;

	lower_bits(l, in, &reduce->x);
	lower_bits(l, &l->layout->view[step->out_view], &reduce->d);
	reduce->axes = htole32(step->node->reduce.axes);
	reduce->function = function_of(step->node->reduce.reduction);
	tsr_default_blocks(&in->info, &reduce->step);
	return lower_programs(l, step, TSR_HW_OP_REDUCE, sizeof(*reduce), &reduce->head);
}

static size_t lower_softmax(const struct lowering *l, const struct tsr_step *step, void *command)
{
	const struct tsr_view *in = &l->layout->view[step->in_view[0]];
	struct tsr_hw_normalize *normalize = command;

	lower_bits(l, in, &normalize->x);
	lower_bits(l, &l->layout->view[step->out_view], &normalize->d);
	normalize->axes = htole32(step->node->reduce.axes);
	normalize->mode = TSR_HW_NORMALIZE_SOFTMAX;
	tsr_default_blocks(&in->info, &normalize->step);
	return lower_programs(l, step, TSR_HW_OP_NORMALIZE, sizeof(*normalize), &normalize->head);
}

/* Movement looks at bits only: no scale, no zero point. */
static size_t lower_move(const struct lowering *l, const struct tsr_step *step, void *command)
{
	const struct tsr_view *out = &l->layout->view[step->out_view];
	struct tsr_hw_move *move = command;

	move->head = head(TSR_HW_OP_MOVE, sizeof(*move));
	lower_bits(l, &l->layout->view[step->in_view[0]], &move->x);
	lower_bits(l, out, &move->d);
	tsr_default_blocks(&out->info, &move->step);
	return sizeof(*move);
}

size_t tsr_lower(const struct tsr_hw_fuses *fuses, const struct tsr_layout *layout,
		 const struct tsr_arguments *arguments, uint32_t constants,
		 const struct tsr_step *step, void *command)
{
	const struct lowering l = { fuses, layout, arguments, constants };

	memset(command, 0, TSR_COMMAND_MAX);
	switch (step->op) {
	case TSR_OPERATOR_CONV:
		return lower_conv(&l, step, command);
	case TSR_OPERATOR_GEMM:
		return lower_gemm(&l, step, command);
	case TSR_OPERATOR_POOL:
		return lower_pool(&l, step, command);
	case TSR_OPERATOR_UNARY:
	case TSR_OPERATOR_BINARY:
	case TSR_OPERATOR_CONVERT:
		return lower_vector(&l, step, command);
	case TSR_OPERATOR_REDUCE:
		return lower_reduce(&l, step, command);
	case TSR_OPERATOR_SOFTMAX:
		return lower_softmax(&l, step, command);
	default:
		return lower_move(&l, step, command);
	}
}

static const struct tsr_tensor_info *view_info(const struct tsr_layout *layout, unsigned int view)
{
	return view == TSR_NO_VIEW ? NULL : &layout->view[view].info;
}

uint64_t tsr_step_macs(const struct tsr_layout *layout, const struct tsr_step *step)
{
	return tsr_operator_macs(step->op, view_info(layout, step->in_view[0]),
				 view_info(layout, step->in_view[1]),
				 view_info(layout, step->out_view));
}
