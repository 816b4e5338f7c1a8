// SPDX-License-Identifier: MIT
/* Tensor descriptions: what is well-formed, and what an operator's output is. */
#include <errno.h>
#include <math.h>

#include "graph.h"
#include "../error.h"

bool tsr_type_is_quantized(enum tsr_type type)
{
	return type == TSR_INT8 || type == TSR_UINT8;
}

bool tsr_type_is_integer(enum tsr_type type)
{
	return tsr_type_is_quantized(type) || type == TSR_INT32;
}

uint64_t tsr_info_elements(const struct tsr_tensor_info *info)
{
	uint64_t elements = 1;
	unsigned int i;

	for (i = 0; i < info->rank; i++)
		if (__builtin_mul_overflow(elements, (uint64_t)info->dim[i], &elements))
			return 0;
	return elements;
}

static int check_zero_point(enum tsr_type type, int32_t zero_point)
{
	int32_t low = type == TSR_INT8 ? INT8_MIN : 0;
	int32_t high = type == TSR_INT8 ? INT8_MAX : UINT8_MAX;

	if (zero_point < low || zero_point > high)
		return tsr_fail(-EINVAL, "zero point %d does not fit %s", zero_point,
				tsr_type_name(type));
	return 0;
}

int tsr_info_set_output(struct tsr_tensor_info *info, const struct tsr_tensor_info *like,
			const struct tsr_quantization *out)
{
	enum tsr_type type = out && out->type ? out->type : like->type;

	if (!tsr_type_size(type))
		return tsr_fail(-EINVAL, "output type %d is unknown", type);
	info->type = type;
	info->scale = 0;
	info->zero_point = 0;
	info->scales = NULL;
	info->scale_count = 0;
	info->scale_axis = 0;
	if (!tsr_type_is_quantized(type))
		return 0;
	info->scale = out ? out->scale : like->scale;
	info->zero_point = out ? out->zero_point : like->zero_point;
	if (!(info->scale > 0) || !isfinite(info->scale))
		return tsr_fail(-EINVAL, "an %s output needs a finite scale above 0",
				tsr_type_name(type));
	return check_zero_point(type, info->zero_point);
}

uint64_t tsr_operator_macs(enum tsr_operator op, const struct tsr_tensor_info *a,
			   const struct tsr_tensor_info *b, const struct tsr_tensor_info *out)
{
	switch (op) {
	case TSR_OPERATOR_CONV:
		return tsr_info_elements(out) * (uint64_t)(b->dim[1] * b->dim[2] * b->dim[3]);
	case TSR_OPERATOR_GEMM:
		return tsr_info_elements(out) * (uint64_t)a->dim[a->rank - 1];
	default:
		return 0;
	}
}
