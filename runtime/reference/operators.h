/* SPDX-License-Identifier: MIT */
/* One function per operator: @in are its inputs (data NULL when absent), @out its result. */
#ifndef TSR_REFERENCE_OPERATORS_H
#define TSR_REFERENCE_OPERATORS_H

#include "element.h"

typedef void (*reference_operator)(const struct tsr_graph_node *node, const struct array *in,
				   struct array *out);

void reference_conv(const struct tsr_graph_node *node, const struct array *in, struct array *out);
void reference_gemm(const struct tsr_graph_node *node, const struct array *in, struct array *out);
void reference_pool(const struct tsr_graph_node *node, const struct array *in, struct array *out);
void reference_unary(const struct tsr_graph_node *node, const struct array *in, struct array *out);
void reference_binary(const struct tsr_graph_node *node, const struct array *in, struct array *out);
void reference_convert(const struct tsr_graph_node *node, const struct array *in,
		       struct array *out);
void reference_reduce(const struct tsr_graph_node *node, const struct array *in, struct array *out);
void reference_softmax(const struct tsr_graph_node *node, const struct array *in,
		       struct array *out);
void reference_reshape(const struct tsr_graph_node *node, const struct array *in,
		       struct array *out);
void reference_transpose(const struct tsr_graph_node *node, const struct array *in,
			 struct array *out);
void reference_concat(const struct tsr_graph_node *node, const struct array *in, struct array *out);

#endif
