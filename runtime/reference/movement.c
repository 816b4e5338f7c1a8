// SPDX-License-Identifier: MIT
/* Reshape, transpose, concat. */
#include <string.h>

#include "operators.h"

static void copy_element(const struct array *from, size_t i, struct array *to, size_t k)
{
	size_t size = tsr_type_size(to->info->type);

	memcpy((char *)to->data + k * size, (char *)from->data + i * size, size);
}

void reference_reshape(const struct tsr_graph_node *node, const struct array *in,
		       struct array *out)
{
	(void)node;
	memcpy(out->data, in[0].data, out->count * tsr_type_size(out->info->type));
}

void reference_transpose(const struct tsr_graph_node *node, const struct array *in,
			 struct array *out)
{
	int64_t at[TSR_RANK_MAX], from[TSR_RANK_MAX];
	unsigned int d;
	size_t i;

	for (i = 0; i < out->count; i++) {
		array_locate(out, i, at);
		for (d = 0; d < out->info->rank; d++)
			from[node->transpose.permutation[d]] = at[d];
		copy_element(&in[0], array_index(&in[0], from), out, i);
	}
}

static bool same_codes(const struct tsr_tensor_info *a, const struct tsr_tensor_info *b)
{
	return a->type == b->type && a->scale == b->scale && a->zero_point == b->zero_point;
}

void reference_concat(const struct tsr_graph_node *node, const struct array *in, struct array *out)
{
	unsigned int axis = node->concat.axis;
	int64_t at[TSR_RANK_MAX], start = 0;
	size_t part, i, k;

	for (part = 0; part < node->in_count; part++) {
		for (i = 0; i < in[part].count; i++) {
			array_locate(&in[part], i, at);
			at[axis] += start;
			k = array_index(out, at);
			if (same_codes(in[part].info, out->info))
				copy_element(&in[part], i, out, k);
			else
				array_store(out, k, array_real(&in[part], i));
		}
		start += in[part].info->dim[axis];
	}
}
