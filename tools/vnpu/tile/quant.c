/* SPDX-License-Identifier: MIT */
#include "quant.h"

#include <tsr_hw/error.h>

#include "number/types.h"
#include "parameter.h"

#define TYPES_SCALE	(TYPE_BIT(TSR_HW_TYPE_FP32) | TYPE_BIT(TSR_HW_TYPE_FP16) | \
			 TYPE_BIT(TSR_HW_TYPE_E8M0))

/* What only some classes multiply: block_types of the fuses says which do. */
#define TYPES_BLOCK	(TYPE_BIT(TSR_HW_TYPE_FP4_E2M1) | TYPE_BIT(TSR_HW_TYPE_E8M0))

/* A zero point fits an int32, whatever the type it is subtracted from. */
static int take_zero(const struct tile_request *request, const struct tsr_hw_quant *raw,
		     struct quant *quant)
{
	__le64 field = raw->zero;
	bool named = parameter_named64(field);
	int error = parameter_take64(request, &field);

	if (error)
		return error;
	quant->zero = (int64_t)field;
	if (quant->zero != (int32_t)quant->zero)
		return named ? TSR_HW_ERR_PARAMETER : TSR_HW_ERR_COMMAND;
	return TSR_HW_ERR_NONE;
}

static bool has_block(uint32_t block, uint64_t depth)
{
	return block == 32 || block == 64 || block == 128 || (block && block == depth);
}

/* Fields that a kind does not use are zero, and so is what makes no sense for the operand. */
static int check_fields(const struct tsr_hw_quant *raw, const struct quant_operand *operand)
{
	unsigned int kinds = operand->kinds | 1u << TSR_HW_QUANT_NONE;
	bool integer = number_is_integer(operand->tensor->type);

	if (raw->kind > TSR_HW_QUANT_BLOCKS || !(kinds & 1u << raw->kind))
		return TSR_HW_ERR_COMMAND;
	if (raw->mbz[0] || raw->mbz[1] || raw->mbz[2])
		return TSR_HW_ERR_COMMAND;
	if (raw->kind != TSR_HW_QUANT_ZERO && raw->zero)
		return TSR_HW_ERR_COMMAND;
	if (raw->kind == TSR_HW_QUANT_BLOCKS ? !has_block(raw->block, operand->depth) : raw->block)
		return TSR_HW_ERR_COMMAND;
	if (!integer && (raw->kind == TSR_HW_QUANT_ZERO || raw->kind == TSR_HW_QUANT_ZEROS))
		return TSR_HW_ERR_COMMAND;
	return TSR_HW_ERR_NONE;
}

/* [batch.., others, blocks] or [batch.., blocks, others]; a batch extent of 1 serves all. */
static int check_shape(const struct tensor *tensor, const struct quant_operand *operand,
		       uint64_t blocks)
{
	unsigned int batch = operand->batch;
	uint64_t rows = operand->blocks_last ? operand->others : blocks;
	uint64_t columns = operand->blocks_last ? blocks : operand->others;

	if (tensor->rank != batch + 2)
		return TSR_HW_ERR_COMMAND;
	for (unsigned int i = 0; i < batch; i++)
		if (tensor->dim[i] != 1 && tensor->dim[i] != operand->tensor->dim[i])
			return TSR_HW_ERR_COMMAND;
	return tensor->dim[batch] == rows && tensor->dim[batch + 1] == columns ?
	       TSR_HW_ERR_NONE : TSR_HW_ERR_COMMAND;
}

static int take_scale(const struct tile_request *request, const struct tsr_hw_quant *raw,
		      const struct quant_operand *operand, struct quant *quant)
{
	int error;

	if (raw->kind != TSR_HW_QUANT_BLOCKS)
		return tensor_is_absent(&raw->scale) ? TSR_HW_ERR_NONE : TSR_HW_ERR_COMMAND;
	error = tensor_decode(request, &raw->scale, TYPES_SCALE, 0, &quant->scale);
	return error ? error : check_shape(&quant->scale, operand,
					   quant_blocks(operand->depth, quant->block));
}

static int take_zeros(const struct tile_request *request, const struct tsr_hw_quant *raw,
		      const struct quant_operand *operand, struct quant *quant)
{
	uint32_t types = TYPE_BIT(operand->tensor->type) | TYPE_BIT(TSR_HW_TYPE_INT32);
	bool blocks = raw->kind == TSR_HW_QUANT_BLOCKS;
	int error;

	if (tensor_is_absent(&raw->zeros))
		return raw->kind == TSR_HW_QUANT_ZEROS ? TSR_HW_ERR_COMMAND : TSR_HW_ERR_NONE;
	if (raw->kind != TSR_HW_QUANT_ZEROS && !blocks)
		return TSR_HW_ERR_COMMAND;
	if (!number_is_integer(operand->tensor->type))
		return TSR_HW_ERR_COMMAND;
	error = tensor_decode(request, &raw->zeros, types, 0, &quant->zeros);
	return error ? error : check_shape(&quant->zeros, operand, blocks ?
					   quant_blocks(operand->depth, quant->block) : 1);
}

int quant_decode(const struct tile_request *request, const struct tsr_hw_quant *raw,
		 const struct quant_operand *operand, struct quant *quant)
{
	int error = check_fields(raw, operand);

	*quant = (struct quant){ .kind = raw->kind };
	if (error)
		return error;
	if (raw->kind == TSR_HW_QUANT_BLOCKS)
		quant->block = raw->block;
	if (raw->kind == TSR_HW_QUANT_ZEROS)
		quant->block = operand->depth ? operand->depth : 1;
	if (raw->kind == TSR_HW_QUANT_ZERO)
		error = take_zero(request, raw, quant);
	if (!error)
		error = take_scale(request, raw, operand, quant);
	return error ? error : take_zeros(request, raw, operand, quant);
}

uint32_t quant_block_types(const struct tensor *operand, const struct quant *quant)
{
	uint32_t types = TYPE_BIT(operand->type);

	if (tensor_present(&quant->scale))
		types |= TYPE_BIT(quant->scale.type);
	return types & TYPES_BLOCK;
}

uint64_t quant_bytes(const struct quant *quant)
{
	uint64_t bytes = 0;

	if (tensor_present(&quant->scale))
		bytes += tensor_bytes(&quant->scale);
	if (tensor_present(&quant->zeros))
		bytes += tensor_bytes(&quant->zeros);
	return bytes;
}
