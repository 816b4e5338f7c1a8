/* SPDX-License-Identifier: MIT */
#include "primitive.h"

#include <errno.h>
#include <string.h>

#include "host_caches.h"
#include "onednn.h"
#include "onednn_engine.h"

static void step_free(struct primitive_step *step)
{
	for (int i = 0; i < step->args; i++)
		if (step->desc[i])
			dnnl_memory_desc_destroy(step->desc[i]);
	if (step->primitive)
		dnnl_primitive_destroy(step->primitive);
}

/* Scratch memory is ours, so one primitive can run on several threads at once. */
static dnnl_primitive_attr_t make_attributes(void)
{
	dnnl_primitive_attr_t attr;

	if (dnnl_primitive_attr_create(&attr) != dnnl_success)
		return NULL;
	dnnl_primitive_attr_set_scratchpad_mode(attr, dnnl_scratchpad_mode_user);
	/* The environment must not turn fp32 into less. */
	dnnl_primitive_attr_set_fpmath_mode(attr, dnnl_fpmath_mode_strict);
	return attr;
}

static dnnl_memory_desc_t dense(int rank, const dnnl_dims_t dims, dnnl_data_type_t type,
				dnnl_format_tag_t tag)
{
	dnnl_memory_desc_t desc;

	return dnnl_memory_desc_create_with_tag(&desc, rank, dims, type, tag) == dnnl_success ?
	       desc : NULL;
}

static void step_arg(struct primitive_step *step, int arg, dnnl_memory_desc_t desc)
{
	step->arg[step->args] = arg;
	step->desc[step->args++] = desc;
}

/* Takes the primitive descriptor. */
static int step_finish(struct primitive_step *step, dnnl_primitive_desc_t pd)
{
	const_dnnl_memory_desc_t scratch;
	dnnl_status_t status = dnnl_unimplemented;

	scratch = dnnl_primitive_desc_query_md(pd, dnnl_query_scratchpad_md, 0);
	step->scratch = scratch ? dnnl_memory_desc_get_size(scratch) : 0;
	if (step->scratch <= ONEDNN_MOST_SCRATCH)
		status = dnnl_primitive_create(&step->primitive, pd);
	dnnl_primitive_desc_destroy(pd);
	return status == dnnl_success ? 0 : -ENOTSUP;
}

/* Of operands and result. */
static const struct { dnnl_data_type_t a, b, c; } types[] = {
	[ONEDNN_F32] = { dnnl_f32, dnnl_f32, dnnl_f32 },
	[ONEDNN_U8S8] = { dnnl_u8, dnnl_s8, dnnl_s32 },
	[ONEDNN_BF16] = { dnnl_bf16, dnnl_bf16, dnnl_f32 },
};

/* A matrix whose rows are @pitch elements apart. */
static dnnl_memory_desc_t rows(const dnnl_dims_t dims, dnnl_data_type_t type, int64_t pitch)
{
	const dnnl_dims_t strides = { pitch, 1 };
	dnnl_memory_desc_t desc;

	return dnnl_memory_desc_create_with_strides(&desc, 2, dims, type,
						    strides) == dnnl_success ? desc : NULL;
}

static int make_matmul(struct primitive *primitive)
{
	const int64_t *shape = primitive->key.shape;
	const dnnl_dims_t a = { shape[0], shape[2] };
	const dnnl_dims_t b = { shape[2], shape[1] };
	const dnnl_dims_t c = { shape[0], shape[1] };
	dnnl_primitive_attr_t attr = make_attributes();
	struct primitive_step *step = &primitive->main;
	dnnl_primitive_desc_t pd;
	dnnl_status_t status;

	step_arg(step, DNNL_ARG_SRC, dense(2, a, types[primitive->key.kind].a, dnnl_ab));
	step_arg(step, DNNL_ARG_WEIGHTS, rows(b, types[primitive->key.kind].b, shape[3]));
	step_arg(step, DNNL_ARG_DST, rows(c, types[primitive->key.kind].c, shape[3]));
	status = dnnl_matmul_primitive_desc_create(&pd, onednn_engine(), step->desc[0],
						   step->desc[1], NULL, step->desc[2], attr);
	dnnl_primitive_attr_destroy(attr);
	return status == dnnl_success ? step_finish(step, pd) : -ENOTSUP;
}

/* Weights come as [groups, KH, KW, C / groups, O / groups]. */
static dnnl_memory_desc_t conv_weights(const struct onednn_conv *conv)
{
	int64_t c = conv->channels / conv->groups;
	int64_t o = conv->outputs / conv->groups;
	const dnnl_dims_t dims = { conv->groups, o, c, conv->kernel[0], conv->kernel[1] };
	const dnnl_dims_t strides = {
		conv->kernel[0] * conv->kernel[1] * c * o, 1, o, conv->kernel[1] * c * o, c * o,
	};
	dnnl_memory_desc_t desc;

	return dnnl_memory_desc_create_with_strides(&desc, 5, dims, types[conv->product].b,
						    strides) == dnnl_success ? desc : NULL;
}

static dnnl_status_t describe_conv(const struct onednn_conv *conv,
				   const struct primitive_step *step, dnnl_primitive_desc_t *pd)
{
	const dnnl_dims_t dims = {
		conv->groups, conv->outputs / conv->groups, conv->channels / conv->groups,
		conv->kernel[0], conv->kernel[1],
	};
	const dnnl_dims_t stride = { conv->stride[0], conv->stride[1] };
	const dnnl_dims_t dilation = { conv->dilation[0] - 1, conv->dilation[1] - 1 };
	const dnnl_dims_t before = { conv->pad_before[0], conv->pad_before[1] };
	const dnnl_dims_t after = { conv->pad_after[0], conv->pad_after[1] };
	dnnl_memory_desc_t any = dense(5, dims, types[conv->product].b,
				       dnnl_format_tag_any);
	dnnl_primitive_attr_t attr = make_attributes();
	dnnl_status_t status;

	status = dnnl_convolution_forward_primitive_desc_create(pd, onednn_engine(),
			dnnl_forward_inference, dnnl_convolution_direct, step->desc[0], any,
			NULL, step->desc[1], stride, dilation, before, after, attr);
	dnnl_primitive_attr_destroy(attr);
	dnnl_memory_desc_destroy(any);
	return status;
}

/* The reorder from our layout of the weights to the one the convolution chose. */
static int make_pack(struct primitive *primitive, dnnl_memory_desc_t plain)
{
	dnnl_primitive_attr_t attr;
	dnnl_memory_desc_t packed;
	dnnl_primitive_desc_t pd;
	dnnl_status_t status;

	step_arg(&primitive->pack, DNNL_ARG_FROM, plain);
	dnnl_memory_desc_clone(&packed, primitive->main.desc[2]);
	step_arg(&primitive->pack, DNNL_ARG_TO, packed);
	primitive->packed_size = dnnl_memory_desc_get_size(packed);
	if (primitive->packed_size > ONEDNN_MOST_SCRATCH)
		return -ENOTSUP;
	attr = make_attributes();
	status = dnnl_reorder_primitive_desc_create(&pd, plain, onednn_engine(), packed,
						    onednn_engine(), attr);
	dnnl_primitive_attr_destroy(attr);
	return status == dnnl_success ? step_finish(&primitive->pack, pd) : -ENOTSUP;
}

static bool is_pointwise(const struct onednn_conv *conv)
{
	return conv->kernel[0] == 1 && conv->kernel[1] == 1;
}

/*
 * For rows or columns between windows that no window has, the library's kernels count the
 * smaller of kernel and stride in the size of a thread's scratch memory and step by the
 * stride. Of several threads one writes into the next one's then, which no margin shows.
 * A kernel of one element takes another way, which does not copy.
 */
static bool leaves_out(const struct onednn_conv *conv)
{
	if (is_pointwise(conv))
		return false;
	return conv->stride[0] > conv->kernel[0] || conv->stride[1] > conv->kernel[1];
}

static int make_conv(struct primitive *primitive)
{
	struct primitive_step *step = &primitive->main;
	struct onednn_conv conv;
	dnnl_memory_desc_t packed;
	dnnl_primitive_desc_t pd;
	int ret;

	memcpy(&conv, primitive->key.shape, sizeof(conv));
	/* The process would end: host_caches.h. */
	if (leaves_out(&conv) || (is_pointwise(&conv) && host_caches_hidden()))
		return -ENOTSUP;
	const dnnl_dims_t x = { conv.images, conv.channels, conv.height, conv.width };
	const dnnl_dims_t d = { conv.images, conv.outputs, conv.out_height, conv.out_width };

	step_arg(step, DNNL_ARG_SRC, dense(4, x, types[conv.product].a, dnnl_nhwc));
	step_arg(step, DNNL_ARG_DST, dense(4, d, types[conv.product].c, dnnl_nhwc));
	if (describe_conv(&conv, step, &pd) != dnnl_success)
		return -ENOTSUP;
	dnnl_memory_desc_clone(&packed,
			       dnnl_primitive_desc_query_md(pd, dnnl_query_weights_md, 0));
	step_arg(step, DNNL_ARG_WEIGHTS, packed);
	ret = step_finish(step, pd);
	return ret ? ret : make_pack(primitive, conv_weights(&conv));
}

static size_t largest_of(const struct primitive_step *step, size_t largest)
{
	if (step->scratch > largest)
		largest = step->scratch;
	for (int i = 0; i < step->args; i++) {
		size_t bytes = dnnl_memory_desc_get_size(step->desc[i]);

		if (bytes > largest)
			largest = bytes;
	}
	return largest;
}

int primitive_make(struct primitive *primitive, const struct primitive_key *key)
{
	int ret;

	*primitive = (struct primitive){ .key = *key };
	ret = key->kind == PRIMITIVE_CONV ? make_conv(primitive) : make_matmul(primitive);
	primitive->largest = largest_of(&primitive->pack, largest_of(&primitive->main, 0));
	return ret;
}

void primitive_release(struct primitive *primitive)
{
	step_free(&primitive->main);
	step_free(&primitive->pack);
}
