// SPDX-License-Identifier: MIT
/*
 * The host's half of the measurement of convolutions: those of ResNet-50 by oneDNN, in
 * the layouts that it prefers, its primitives made and its weights packed once. The first
 * line printed is the implementation's name of the first one of 3 x 3; rounds (rounds.h) are asked
 * for on standard input.
 *
 * usage: conv_host fp32|int8
 */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "clock.h"
#include "matrix.h"
#include "onednn_host.h"
#include "resnet50.h"
#include "rounds.h"

#define RANK		4
#define ARGUMENTS	4
#define NAMED		2	/* 3 x 3, 64 channels */

struct layer {
	dnnl_primitive_t primitive;
	dnnl_exec_arg_t arg[ARGUMENTS];
	int args;
	void *x;
	size_t bytes;	/* of x */
};

struct convs {
	bool integer;
	struct onednn onednn;
	struct layer layer[RESNET50_CONVS];
	char name[64];
};

/* In a layout that the library chooses. */
static dnnl_memory_desc_t any(const struct convs *convs, int64_t a, int64_t b, int64_t c)
{
	const dnnl_dims_t dims = { a, b, c, c };
	dnnl_memory_desc_t desc;

	onednn_check(dnnl_memory_desc_create_with_tag(&desc, RANK, dims,
						      convs->integer ? dnnl_s8 : dnnl_f32,
						      dnnl_format_tag_any), "layout");
	return desc;
}

/* Results of int8 are scaled to int8, as the guest's are. */
static dnnl_primitive_attr_t attributes(const struct convs *convs)
{
	dnnl_primitive_attr_t attr;

	onednn_check(dnnl_primitive_attr_create(&attr), "attributes");
	if (convs->integer)
		onednn_check(dnnl_primitive_attr_set_scales_mask(attr, DNNL_ARG_DST, 0), "scale");
	return attr;
}

static dnnl_primitive_desc_t describe(const struct convs *convs, const struct square_conv *conv)
{
	const dnnl_dims_t stride = { conv->stride, conv->stride }, dilation = { 0, 0 };
	const dnnl_dims_t pad = { conv->pad, conv->pad };
	dnnl_primitive_desc_t desc;

	onednn_check(dnnl_convolution_forward_primitive_desc_create(&desc, convs->onednn.engine,
			dnnl_forward_inference, dnnl_convolution_direct,
			any(convs, 1, conv->channels, conv->size),
			any(convs, conv->outputs, conv->channels, conv->kernel), NULL,
			any(convs, 1, conv->outputs, conv_out(conv)), stride, dilation, pad, pad,
			attributes(convs)), "convolution");
	return desc;
}

/* Memory as the primitive wants it, with elements of the type in any order. */
static void *bind_argument(const struct convs *convs, struct layer *layer,
			   const_dnnl_primitive_desc_t desc, dnnl_query_t query, int argument)
{
	const_dnnl_memory_desc_t memory = dnnl_primitive_desc_query_md(desc, query, 0);
	size_t bytes = dnnl_memory_desc_get_size(memory);
	void *data = onednn_allocate(bytes);
	enum matrix_type type = convs->integer ? MATRIX_INT8 : MATRIX_FP32;

	matrix_fill(data, type, bytes / matrix_element(type), 1);
	layer->arg[layer->args++] = (dnnl_exec_arg_t){
		argument, onednn_memory(&convs->onednn, memory, data) };
	layer->bytes = bytes;
	return data;
}

static void bind_scale(const struct convs *convs, struct layer *layer)
{
	static float scale = 0x1p12f;
	const dnnl_dims_t dims = { 1 };
	dnnl_memory_desc_t desc;

	onednn_check(dnnl_memory_desc_create_with_tag(&desc, 1, dims, dnnl_f32, dnnl_a), "layout");
	layer->arg[layer->args++] = (dnnl_exec_arg_t){
		DNNL_ARG_ATTR_SCALES | DNNL_ARG_DST, onednn_memory(&convs->onednn, desc, &scale) };
}

static void prepare(struct convs *convs)
{
	struct square_conv conv[RESNET50_CONVS];

	resnet50_convs(conv);
	onednn_open(&convs->onednn);
	for (int i = 0; i < RESNET50_CONVS; i++) {
		struct layer *layer = &convs->layer[i];
		dnnl_primitive_desc_t desc = describe(convs, &conv[i]);

		if (i == NAMED)
			snprintf(convs->name, sizeof(convs->name), "%s", onednn_name(desc));
		bind_argument(convs, layer, desc, dnnl_query_weights_md, DNNL_ARG_WEIGHTS);
		bind_argument(convs, layer, desc, dnnl_query_dst_md, DNNL_ARG_DST);
		layer->x = bind_argument(convs, layer, desc, dnnl_query_src_md, DNNL_ARG_SRC);
		if (convs->integer)
			bind_scale(convs, layer);
		layer->primitive = onednn_primitive(desc);
	}
}

static uint64_t timed_round(void *context, uint64_t seed)
{
	const struct convs *convs = context;
	enum matrix_type type = convs->integer ? MATRIX_INT8 : MATRIX_FP32;
	uint64_t start;

	for (int i = 0; i < RESNET50_CONVS; i++)
		matrix_fill(convs->layer[i].x, type, convs->layer[i].bytes / matrix_element(type),
			    seed);
	start = now_ns();
	for (int i = 0; i < RESNET50_CONVS; i++)
		onednn_check(dnnl_primitive_execute(convs->layer[i].primitive,
						    convs->onednn.stream, convs->layer[i].args,
						    convs->layer[i].arg), "execution");
	onednn_check(dnnl_stream_wait(convs->onednn.stream), "wait");
	return now_ns() - start;
}

int main(int argc, char **argv)
{
	static struct convs convs;

	if (argc < 2) {
		fputs("usage: conv_host fp32|int8\n", stderr);
		return 2;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	convs.integer = !strcmp(argv[1], "int8");
	prepare(&convs);
	/* Not before all can be measured. */
	printf("%s\n", convs.name);
	rounds_serve(NULL, timed_round, &convs);
	return 0;
}
