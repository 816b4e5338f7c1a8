/* SPDX-License-Identifier: MIT */
/* An import in progress: the names of the model and what they stand for. */
#ifndef TSR_ONNX_IMPORTER_H
#define TSR_ONNX_IMPORTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "onnx/onnx.pb-c.h"

#include "../graph/graph.h"

#define IMPORT_RANK_MAX	8

/** struct literal - a constant known at import, in host memory */
struct literal {
	int32_t type;			/* ONNX__TENSOR_PROTO__DATA_TYPE__* */
	unsigned int rank;
	int64_t dim[IMPORT_RANK_MAX];
	size_t count;
	void *data;			/* fp32, int8, uint8, int32 or int64 elements, owned */
};

/** struct codes - how integers stand for real numbers */
struct codes {
	enum tsr_type type;
	float scale;			/* one for all, or */
	const float *scales;		/* per channel, owned by a literal */
	size_t scale_count;
	unsigned int axis;
	int32_t zero_point;
};

enum value_kind {
	VALUE_TENSOR,		/* a tensor of the graph */
	VALUE_LITERAL,
	VALUE_DEQUANTIZED,	/* the reals a tensor or literal of integer codes stands for */
};

/** struct value - what a name of the model stands for */
struct value {
	const char *name;	/* owned by the model */
	enum value_kind kind;
	tsr_tensor tensor;	/* VALUE_TENSOR, VALUE_DEQUANTIZED of a tensor */
	struct literal *literal;	/* VALUE_LITERAL, VALUE_DEQUANTIZED of a literal */
	struct codes codes;	/* VALUE_DEQUANTIZED */
};

struct importer {
	struct tsr_graph *graph;
	Onnx__GraphProto *model;
	int64_t opset;
	int64_t batch;
	struct value *values;
	size_t value_count;
	size_t value_capacity;
	struct literal **literals;	/* all of them, to be freed at the end */
	size_t literal_count;
	bool *done;			/* nodes an earlier one has taken up */
	const Onnx__NodeProto *node;	/* being imported, for messages */
};

/** import_fail() - tsr_fail() with the node named in front. */
int import_fail(const struct importer *im, int error, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* --- values --- */
struct value *import_find(struct importer *im, const char *name);
/** import_input() - value of input @i, NULL when absent or (with an error noted) unknown. */
struct value *import_input(struct importer *im, size_t i);
bool import_has_input(const struct importer *im, size_t i);
int import_bind(struct importer *im, const char *name, const struct value *value);
/** import_name() - call @tensor, a result of the current node, as the model does. */
int import_name(struct importer *im, tsr_tensor tensor);
int import_bind_tensor(struct importer *im, tsr_tensor tensor);
int import_bind_literal(struct importer *im, struct literal *literal);
/** import_tensor() - input @i as a tensor of reals: constants are added, codes converted. */
tsr_tensor import_tensor(struct importer *im, size_t i);
/** import_literal() - input @i as a constant of @type, or NULL with an error noted. */
const struct literal *import_literal(struct importer *im, size_t i, int32_t type);
/** import_reals() - input @i as a constant of fp32 numbers, or NULL with an error noted. */
const struct literal *import_reals(struct importer *im, size_t i);
int import_shape(struct importer *im, const struct value *value, unsigned int *rank,
		 int64_t dim[IMPORT_RANK_MAX]);

/* --- literals --- */
struct literal *literal_new(struct importer *im, int32_t type, unsigned int rank,
			    const int64_t *dim);
struct literal *literal_of(struct importer *im, const Onnx__TensorProto *proto);
/** literal_reals() - the fp32 numbers that constant codes stand for, NULL without memory. */
struct literal *literal_reals(struct importer *im, const struct literal *literal,
			      const struct codes *codes);
size_t literal_element(int32_t type);
/** literal_graph_type() - its type in a graph, 0 when there is none. */
enum tsr_type literal_graph_type(const struct literal *literal);
/** literal_constant() - add it to the graph; @codes NULL for reals. */
tsr_tensor literal_constant(struct importer *im, const struct literal *literal,
			    const struct codes *codes, const char *name);

/* --- attributes --- */
int64_t attribute_int(const struct importer *im, const char *name, int64_t otherwise);
float attribute_float(const struct importer *im, const char *name, float otherwise);
/** attribute_ints() - copies @count values; 1 when present, 0 when not, or a negative errno. */
int attribute_ints(const struct importer *im, const char *name, int64_t *values, size_t count);
/** attribute_list() - all values of an INTS attribute, NULL when absent. */
const int64_t *attribute_list(const struct importer *im, const char *name, size_t *count);
bool attribute_is(const struct importer *im, const char *name, const char *value);
const Onnx__AttributeProto *attribute_find(const struct importer *im, const char *name);

/* --- quantized operators (quantize.c) --- */
/**
 * import_result() - how the result of the node is to be stored
 * @out: set to the codes of the QuantizeLinear that alone reads it, or reads the
 *	activation that alone reads it; else to fp32
 * @name: set to the name to bind the result to
 *
 * Return: true when a QuantizeLinear reads it, which is then done.
 */
bool import_result(struct importer *im, struct tsr_quantization *out, const char **name);
/** import_codes() - input @i as a tensor of integer codes, or TSR_NO_TENSOR. */
tsr_tensor import_codes(struct importer *im, size_t i);
/** import_is_quantized() - is input @i the reals of integer codes? */
bool import_is_quantized(struct importer *im, size_t i);
/** import_operand() - codes where @quantized, else reals. */
tsr_tensor import_operand(struct importer *im, size_t i, bool quantized);
/** import_finish() - bind @tensor, the result of the current node, to its name. */
int import_finish(struct importer *im, tsr_tensor tensor, bool quantized, const char *name);
/** import_bias() - bias input @i for operands @x and @w, or TSR_NO_TENSOR. */
int import_bias(struct importer *im, size_t i, tsr_tensor x, tsr_tensor w, unsigned int w_axis,
		tsr_tensor *bias);

/* --- operators: one handler per ONNX operator --- */
typedef int (*import_handler)(struct importer *im);

int import_conv(struct importer *im);
int import_gemm(struct importer *im);
int import_matmul(struct importer *im);
int import_pool(struct importer *im);
int import_global_pool(struct importer *im);
int import_unary(struct importer *im);
int import_clip(struct importer *im);
int import_binary(struct importer *im);
int import_batch_normalization(struct importer *im);
int import_reduce(struct importer *im);
int import_softmax(struct importer *im);
int import_reshape(struct importer *im);
int import_flatten(struct importer *im);
int import_squeeze(struct importer *im);
int import_unsqueeze(struct importer *im);
int import_transpose(struct importer *im);
int import_concat(struct importer *im);
int import_pad(struct importer *im);
int import_identity(struct importer *im);
int import_constant(struct importer *im);
int import_shape_of(struct importer *im);
int import_gather(struct importer *im);
int import_cast(struct importer *im);
int import_quantize(struct importer *im);
int import_dequantize(struct importer *im);

/** import_axis() - a possibly negative axis, checked. Return: the axis or a negative errno. */
int import_axis(const struct importer *im, int64_t axis, unsigned int rank);

/**
 * import_axes() - axes as an attribute, or from opset 13 or 18 on as input 1
 * @axes: bit per axis
 *
 * Return: how many are given, or a negative errno.
 */
int import_axes(struct importer *im, unsigned int rank, uint32_t *axes);

/** import_window() - strides, dilations and padding of a sliding window. */
int import_window(struct importer *im, const int64_t in[2], const int64_t kernel[2],
		  uint32_t stride[2], uint32_t dilation[2], uint32_t pad[4]);

#endif
