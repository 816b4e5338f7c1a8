/* SPDX-License-Identifier: MIT */
#include "text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool text_word(char word[32])
{
	return scanf("%31s", word) == 1;
}

int64_t text_number(void)
{
	int64_t number;

	if (scanf("%" SCNd64, &number) != 1) {
		fprintf(stderr, "there is no number\n");
		exit(1);
	}
	return number;
}

static void read_operand(struct operand *operand)
{
	*operand = (struct operand){ .bits = (uint8_t)text_number() };
	if (!operand->bits)
		return;
	operand->rank = (uint8_t)text_number();
	operand->memory = (uint8_t)text_number();
	operand->tile = (uint8_t)text_number();
	operand->is_static = text_number();
	operand->multicast = (uint8_t)text_number();
	operand->address = (uint64_t)text_number();
	for (unsigned int i = 0; i < operand->rank; i++)
		operand->extent[i] = (uint64_t)text_number();
	for (unsigned int i = 0; i < operand->rank; i++)
		operand->stride[i] = text_number();
}

static void read_program(struct program *program)
{
	program->present = text_number();
	program->weight = (uint64_t)text_number();
	program->inputs = (uint8_t)text_number();
	for (unsigned int i = 0; i < program->inputs; i++)
		read_operand(&program->input[i]);
}

static void read_blocks(struct blocks *blocks)
{
	blocks->bm = (uint64_t)text_number();
	blocks->bn = (uint64_t)text_number();
	blocks->bk = (uint64_t)text_number();
	blocks->bg = (uint64_t)text_number();
	blocks->order = (enum order)text_number();
}

static void read_precision(struct precision *precision)
{
	precision->macs = (uint32_t)text_number();
	precision->floating = text_number();
	precision->wide = text_number();
}

static void read_quantization(struct quantization *quantization)
{
	quantization->block = (uint64_t)text_number();
	read_operand(&quantization->scale);
	read_operand(&quantization->zeros);
}

static void read_window(struct window *window)
{
	window->kernel = (uint32_t)text_number();
	window->stride = (uint32_t)text_number();
	window->dilation = (uint32_t)text_number();
	window->input_dilation = (uint32_t)text_number();
	window->before = text_number();
}

/* A count and as many numbers; NULL if the count is 0. */
static int32_t *read_numbers(void)
{
	int64_t count = text_number();
	int32_t *numbers = count ? malloc((size_t)count * sizeof(*numbers)) : NULL;

	for (int64_t i = 0; numbers && i < count; i++)
		numbers[i] = (int32_t)text_number();
	return numbers;
}

static void read_gemm(struct gemm *gemm)
{
	read_operand(&gemm->a);
	read_operand(&gemm->b);
	read_operand(&gemm->d);
	read_operand(&gemm->rows);
	gemm->row_counts = read_numbers();
	gemm->count_stride = 1;
	read_quantization(&gemm->qa);
	read_quantization(&gemm->qb);
	read_blocks(&gemm->blocks);
	read_precision(&gemm->precision);
	gemm->strict = text_number();
	read_program(&gemm->post);
}

static void read_conv(struct conv *conv)
{
	read_operand(&conv->x);
	read_operand(&conv->w);
	read_operand(&conv->d);
	read_quantization(&conv->qw);
	conv->dims = (uint8_t)text_number();
	for (unsigned int i = 0; i < conv->dims; i++)
		read_window(&conv->window[i]);
	conv->groups = (uint64_t)text_number();
	read_blocks(&conv->blocks);
	read_precision(&conv->precision);
	conv->strict = text_number();
	read_program(&conv->post);
}

static void read_block(uint64_t *block, const struct operand *walked)
{
	for (unsigned int i = 0; i < walked->rank; i++)
		block[i] = (uint64_t)text_number();
}

static void read_elementwise(struct elementwise *elementwise)
{
	read_operand(&elementwise->d);
	read_program(&elementwise->post);
	read_block(elementwise->block, &elementwise->d);
}

static void read_pool(struct pool *pool)
{
	read_operand(&pool->x);
	read_operand(&pool->d);
	read_operand(&pool->index);
	pool->dims = (uint8_t)text_number();
	for (unsigned int i = 0; i < pool->dims; i++)
		read_window(&pool->window[i]);
	read_program(&pool->post);
	read_block(pool->block, &pool->d);
}

static void read_reduce(struct reduce *reduce)
{
	read_operand(&reduce->x);
	read_operand(&reduce->d);
	reduce->axes = (uint8_t)text_number();
	reduce->scans = text_number();
	read_program(&reduce->pre);
	read_program(&reduce->post);
	read_block(reduce->block, &reduce->x);
}

static void read_normalize(struct normalize *normalize)
{
	read_operand(&normalize->x);
	read_operand(&normalize->d);
	normalize->axes = (uint8_t)text_number();
	normalize->mode = (enum normalization)text_number();
	normalize->strict = text_number();
	read_program(&normalize->pre);
	read_program(&normalize->post);
	read_block(normalize->block, &normalize->x);
}

static void read_move(struct move *move)
{
	read_operand(&move->x);
	read_operand(&move->d);
	for (unsigned int i = 0; i < move->d.rank; i++)
		move->before[i] = text_number();
	for (unsigned int i = 0; i < move->d.rank; i++)
		move->outside[i] = (enum outside)text_number();
	read_block(move->block, &move->d);
}

static void read_attention(struct attention *attention)
{
	read_operand(&attention->q);
	read_operand(&attention->k);
	read_operand(&attention->v);
	read_operand(&attention->d);
	read_operand(&attention->mask);
	read_operand(&attention->lengths);
	attention->length = read_numbers();
	attention->length_stride = 1;
	read_operand(&attention->pages);
	attention->page = read_numbers();
	attention->page_stride[0] = (uint64_t)text_number();
	attention->page_stride[1] = 1;
	attention->page_tokens = (uint64_t)text_number();
	attention->keys = (uint64_t)text_number();
	read_operand(&attention->scale_k);
	read_operand(&attention->zeros_k);
	read_operand(&attention->scale_v);
	read_operand(&attention->zeros_v);
	attention->causal = text_number();
	read_blocks(&attention->blocks);
	read_precision(&attention->precision);
	attention->strict = text_number();
	read_program(&attention->post);
}

static void read_gather(struct gather *gather)
{
	int64_t count, *values;
	uint64_t distance = 1;

	read_operand(&gather->dense);
	read_operand(&gather->indexed);
	read_operand(&gather->index);
	count = text_number();
	values = calloc((size_t)count + 1, sizeof(*values));
	for (int64_t i = 0; values && i < count; i++)
		values[i] = text_number();
	gather->values = values;
	for (unsigned int i = gather->index.rank; i-- > 0; distance *= gather->index.extent[i])
		gather->value_stride[i] = distance;
	gather->scatters = text_number();
	gather->combines = text_number();
	gather->selection = (enum selection)text_number();
	gather->axis = (uint8_t)text_number();
	gather->batch_dims = (uint8_t)text_number();
	read_block(gather->block, &gather->dense);
}

static void read_resample(struct resample *resample)
{
	read_operand(&resample->x);
	read_operand(&resample->first);
	resample->values = read_numbers();
	resample->value_stride = 1;
	read_operand(&resample->weight);
	read_operand(&resample->d);
	resample->axis = (uint8_t)text_number();
	resample->taps = (uint64_t)text_number();
	read_program(&resample->post);
	read_block(resample->block, &resample->d);
}

static const struct {
	const char *name;
	enum kind kind;
} kinds[] = {
	{ "gemm", KIND_GEMM },
	{ "conv", KIND_CONV },
	{ "vector", KIND_VECTOR },
	{ "pool", KIND_POOL },
	{ "reduce", KIND_REDUCE },
	{ "normalize", KIND_NORMALIZE },
	{ "move", KIND_MOVE },
	{ "attention", KIND_ATTENTION },
	{ "gather", KIND_GATHER },
	{ "resample", KIND_RESAMPLE },
};

static enum kind read_kind(void)
{
	char word[32] = "";

	text_word(word);
	for (unsigned int i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (!strcmp(word, kinds[i].name))
			return kinds[i].kind;
	fprintf(stderr, "'%s' is no command\n", word);
	exit(1);
}

void text_command(struct command *command)
{
	*command = (struct command){ .kind = read_kind() };
	command->overlap = text_number();
	command->barrier = text_number();
	switch (command->kind) {
	case KIND_GEMM:
		read_gemm(&command->gemm);
		break;
	case KIND_CONV:
		read_conv(&command->conv);
		break;
	case KIND_VECTOR:
		read_elementwise(&command->elementwise);
		break;
	case KIND_POOL:
		read_pool(&command->pool);
		break;
	case KIND_REDUCE:
		read_reduce(&command->reduce);
		break;
	case KIND_NORMALIZE:
		read_normalize(&command->normalize);
		break;
	case KIND_MOVE:
		read_move(&command->move);
		break;
	case KIND_ATTENTION:
		read_attention(&command->attention);
		break;
	case KIND_GATHER:
		read_gather(&command->gather);
		break;
	case KIND_RESAMPLE:
		read_resample(&command->resample);
		break;
	case KIND_SAMPLE:
	case KIND_SORT:
	case KIND_COMPACT:
	case KIND_SUPPRESS:
		/* The simulation has the cycles of these only. */
		break;
	}
}
