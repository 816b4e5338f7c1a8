/* SPDX-License-Identifier: MIT */
/* The graph as operators build it and the compiler reads it. */
#ifndef TSR_GRAPH_H
#define TSR_GRAPH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../include/tessera.h"

/** enum tsr_operator - kinds of node */
enum tsr_operator {
	TSR_OPERATOR_CONV,
	TSR_OPERATOR_GEMM,
	TSR_OPERATOR_POOL,
	TSR_OPERATOR_UNARY,
	TSR_OPERATOR_BINARY,
	TSR_OPERATOR_CONVERT,
	TSR_OPERATOR_REDUCE,
	TSR_OPERATOR_SOFTMAX,
	TSR_OPERATOR_RESHAPE,
	TSR_OPERATOR_TRANSPOSE,
	TSR_OPERATOR_CONCAT,
};

/** struct tsr_graph_tensor - a value of the graph */
struct tsr_graph_tensor {
	char *name;
	struct tsr_tensor_info info;	/* info.scales is owned */
	void *data;			/* of a constant, owned */
	size_t size;			/* bytes, row-major */
	int producer;			/* node, or -1 for inputs and constants */
	bool is_input;
};

/** struct tsr_graph_node - an operator; nodes are in topological order by construction */
struct tsr_graph_node {
	enum tsr_operator op;
	tsr_tensor *in;			/* owned; absent ones are TSR_NO_TENSOR */
	size_t in_count;
	tsr_tensor out;
	union {
		struct tsr_conv_options conv;	/* defaults resolved */
		struct {
			bool transpose_b;
		} gemm;
		struct {
			enum tsr_pool_mode mode;
			struct tsr_pool_options options;	/* defaults resolved */
		} pool;
		struct {
			enum tsr_function function;
			float alpha;
			float beta;
		} elementwise;
		struct {
			enum tsr_reduction reduction;
			uint32_t axes;
		} reduce;
		struct {
			unsigned int permutation[TSR_RANK_MAX];
		} transpose;
		struct {
			unsigned int axis;
		} concat;
	};
};

/** struct tsr_graph_output - a tensor under the name the caller knows it by */
struct tsr_graph_output {
	char *name;
	tsr_tensor tensor;
};

struct tsr_graph {
	char *name;
	struct tsr_graph_tensor *tensors;
	size_t tensor_count;
	struct tsr_graph_node *nodes;
	size_t node_count;
	struct tsr_graph_output *outputs;
	size_t output_count;
};

/** tsr_graph_get() - tensor @number, or NULL with the error sentence set. */
const struct tsr_graph_tensor *tsr_graph_get(const struct tsr_graph *graph, tsr_tensor number,
					     const char *what);

/** tsr_graph_add() - append @node, whose result is described by @info.
 *
 * @node->in is copied. Return: the result's number or a negative errno.
 */
tsr_tensor tsr_graph_add(struct tsr_graph *graph, const struct tsr_graph_node *node,
			 const struct tsr_tensor_info *info);

/** tsr_info_set_output() - apply an operator's @out choice to @info, default as @like. */
int tsr_info_set_output(struct tsr_tensor_info *info, const struct tsr_tensor_info *like,
			const struct tsr_quantization *out);

/** tsr_info_elements() - product of the extents, 0 when it does not fit. */
uint64_t tsr_info_elements(const struct tsr_tensor_info *info);

/** tsr_type_is_integer() - int8, uint8 or int32. */
bool tsr_type_is_integer(enum tsr_type type);

/** tsr_type_is_quantized() - int8 or uint8: carries scale and zero point. */
bool tsr_type_is_quantized(enum tsr_type type);

/**
 * tsr_operator_macs() - multiply-accumulates, as the hardware manual counts them (section 12)
 * @a: first operand
 * @b: second operand, NULL where there is none
 * @out: result
 */
uint64_t tsr_operator_macs(enum tsr_operator op, const struct tsr_tensor_info *a,
			   const struct tsr_tensor_info *b, const struct tsr_tensor_info *out);

/** tsr_operator_name() - "conv", ... */
const char *tsr_operator_name(enum tsr_operator op);

#endif
