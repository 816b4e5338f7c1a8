/* SPDX-License-Identifier: MIT */
/* An import in progress: the names of the model and what they stand for. */
#ifndef TSR_ONNX_IMPORTER_H
#define TSR_ONNX_IMPORTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "onnx/onnx.pb-c.h"

#include "../graph/graph.h"
#include "../include/tessera-onnx.h"

#define IMPORT_RANK_MAX	8

/* Operator sets and file formats the handlers were written for: onnx 1.17's. */
#define OPSET_MIN	7
#define OPSET_MAX	22
#define IR_VERSION_MAX	10

/* No operator has more; a bit each says which were read. */
#define ATTRIBUTES_MAX	64

#define NODES_MAX	(1u << 17)

/* What a tensor of the graph and the node that makes it take, names aside. */
#define TENSOR_COST	1024u

/* The largest tensor a model may compute; nothing of it is allocated at import. */
#define TENSOR_BYTES_MAX	((uint64_t)16 << 30)

/** struct literal - a constant known at import, in host memory */
struct literal {
	int32_t type;			/* ONNX__TENSOR_PROTO__DATA_TYPE__* */
	unsigned int rank;
	int64_t dim[IMPORT_RANK_MAX];
	size_t count;
	void *data;			/* fp32, int8, uint8, int32 or int64 elements, owned */
	struct literal *next;		/* in the importer's list */
};

/** struct codes - how integers stand for real numbers */
struct codes {
	enum tsr_type type;		/* 0 where a node does not say it */
	float scale;			/* one for all, or */
	const float *scales;		/* per channel, owned by a literal */
	size_t scale_count;
	unsigned int axis;
	int64_t given_axis;		/* as the node has it, not checked */
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
	tsr_tensor reals;	/* what import_tensor() made of it, 0 when not yet, else + 1 */
	tsr_tensor constant;	/* what import_codes() made of its literal, likewise */
};

/** struct name - a value's name, before and after it is bound */
struct name {
	const char *text;	/* owned by the model */
	size_t maker;		/* node, or what name.c says */
	size_t readers;		/* inputs of nodes with this name */
	size_t reader;		/* the last of those nodes */
	bool is_output;		/* of the graph */
	bool bound;		/* @value is valid */
	struct value value;
};

/** struct budget - bytes the import may still allocate */
struct budget {
	uint64_t left;
	uint64_t allowed;
	bool exceeded;		/* what the import then returns, whatever a handler makes of it */
};

/**
 * struct usage - what the handler of the current node has read
 * @attributes: bit per attribute
 * @inputs: one per input; room for the most inputs a node of the model has
 *
 * Whatever of a node is not read by the end of its handler is refused by name, so an
 * attribute or input that a handler does not know can not change a result unseen.
 */
struct usage {
	uint64_t attributes;
	bool *inputs;
};

struct importer {
	struct tsr_graph *graph;
	Onnx__GraphProto *model;
	int64_t opset;
	struct tsr_onnx_options options;
	struct budget budget;
	struct name *names;		/* sorted by text */
	size_t name_count;
	struct literal *literals;	/* all of them, to be freed at the end */
	bool *done;			/* nodes an earlier one has taken up */
	const Onnx__NodeProto *node;	/* being imported, for messages */
	size_t node_tensors;		/* of the graph, before the node */
	struct usage usage;
};

/** import_fail() - tsr_fail() with the node named in front. */
int import_fail(const struct importer *im, int error, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* --- budget --- */
/** budget_init() - @given bytes, or for 0 what a file of @size bytes may take by default. */
void budget_init(struct importer *im, size_t size, uint64_t given);
/** budget_take() - before @count times @size bytes are allocated for @what. */
int budget_take(struct importer *im, uint64_t count, uint64_t size, const char *what);
/** wire_check() - refuse bytes that unpacking would take too deep or too much memory for. */
int wire_check(struct importer *im, const void *data, size_t size);

/* --- model and its dimensions --- */
/** model_check() - versions, limits and what is not supported of a whole model. */
int model_check(struct importer *im, const Onnx__ModelProto *model);
/** dimensions_check() - is each dimension that the caller names one of an input? */
int dimensions_check(struct importer *im);
/** dimension_extent() - extent of dimension @place of @input. */
int dimension_extent(struct importer *im, const char *input, unsigned int place,
		     const Onnx__TensorShapeProto__Dimension *given, int64_t *extent);

/* --- names --- */
/** names_collect() - find all names, their readers, duplicates and what nothing makes. */
int names_collect(struct importer *im);
struct name *name_find(const struct importer *im, const char *text);

/* --- nodes --- */
int import_nodes(struct importer *im);
/** node_is_read() - was everything @node has read? Notes an error that names the rest if not. */
int node_is_read(struct importer *im);

/* --- inputs and outputs of the graph --- */
int import_inputs(struct importer *im);
int import_outputs(struct importer *im);

/* --- values --- */
/** import_find() - the value called @name, NULL when nothing has made it yet. */
struct value *import_find(const struct importer *im, const char *name);
/** import_input() - value of input @i, now read; NULL, with an error noted, when absent. */
struct value *import_input(struct importer *im, size_t i);
bool import_has_input(const struct importer *im, size_t i);
int import_bind(struct importer *im, const char *name, const struct value *value);
/** import_name() - call @tensor as the model does, if the current node made it. */
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
/** literal_code() - element @i of int8, uint8 or int32. */
int32_t literal_code(const struct literal *literal, size_t i);
/** literal_graph_type() - its type in a graph, 0 when there is none. */
enum tsr_type literal_graph_type(const struct literal *literal);
/** literal_constant() - add it to the graph; @codes NULL for reals. */
tsr_tensor literal_constant(struct importer *im, const struct literal *literal,
			    const struct codes *codes, const char *name);

/* --- attributes: what these find, and is of the type asked for, counts as read --- */
int64_t attribute_int(struct importer *im, const char *name, int64_t otherwise);
float attribute_float(struct importer *im, const char *name, float otherwise);
/** attribute_ints() - copies @count values; 1 when present, 0 when not, or a negative errno. */
int attribute_ints(struct importer *im, const char *name, int64_t *values, size_t count);
/** attribute_list() - all values of an INTS attribute, NULL when absent. */
const int64_t *attribute_list(struct importer *im, const char *name, size_t *count);
/** attribute_is() - is it given and equal to @value? Then it counts as read. */
bool attribute_is(struct importer *im, const char *name, const char *value);
/** attribute_find() - attribute @name of type @type, NULL when absent. */
const Onnx__AttributeProto *attribute_find(struct importer *im, const char *name,
					   Onnx__AttributeProto__AttributeType type);

/* --- quantized operators (quantize.c) --- */
/**
 * import_result() - how the result of the node is to be stored
 * @only: type of codes the operator can make, 0 for any
 * @out: set to the codes of the QuantizeLinear that alone reads it, or reads the
 *	activation that alone reads it; else to fp32
 * @name: set to the name to bind the result to
 *
 * Return: true when a QuantizeLinear reads it, which is then done.
 */
bool import_result(struct importer *im, enum tsr_type only, struct tsr_quantization *out,
		   const char **name);

/**
 * struct mean - how an operator that sums codes of one input is computed
 * @x: its operand
 * @codes: integers are summed; else reals
 * @quantized: what import_result() returned
 * @out: codes of the result, or NULL with @codes false
 * @name: to bind it to
 */
struct mean {
	tsr_tensor x;
	bool codes;
	bool quantized;
	struct tsr_quantization out;
	const char *name;
};

/**
 * import_mean() - decide that for input 0, of which @count elements are summed
 *
 * Sums of codes become codes of their own type only, and int32 holds them up to
 * INT32_MAX. Where either does not fit, the operator computes with reals.
 */
int import_mean(struct importer *im, uint64_t count, struct mean *mean);
/** import_sum_fits() - does int32 hold the sum of @count products of codes? */
bool import_sum_fits(uint64_t count);
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
int import_dropout(struct importer *im);
int import_quantize(struct importer *im);
int import_dequantize(struct importer *im);

/** operator_names() - of the operators with a handler, NULL-terminated, sorted. */
const char *const *operator_names(void);
/** operator_find() - handler of @op, and the operator set it came with; NULL when unknown. */
import_handler operator_find(const char *op, int *since);

/** import_axis() - a possibly negative axis, checked. Return: the axis or a negative errno. */
int import_axis(const struct importer *im, int64_t axis, unsigned int rank);

/** import_axes_list() - axes as given: an attribute, or from operator set @input_since input 1. */
int import_axes_list(struct importer *im, int input_since, const int64_t **list, size_t *count);

/**
 * import_axes() - the same as a set
 * @axes: bit per axis
 *
 * Return: how many are given, or a negative errno.
 */
int import_axes(struct importer *im, int input_since, unsigned int rank, uint32_t *axes);

/**
 * import_window() - strides, dilations and padding of a sliding window
 * @dilates: the operator has an attribute for dilations
 */
int import_window(struct importer *im, const int64_t in[2], const int64_t kernel[2],
		  bool dilates, uint32_t stride[2], uint32_t dilation[2], uint32_t pad[4]);

#endif
