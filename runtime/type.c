// SPDX-License-Identifier: MIT
#include "include/tessera.h"

static const struct {
	const char *name;
	size_t size;
} types[] = {
	[TSR_FP32] = { "fp32", 4 },
	[TSR_FP16] = { "fp16", 2 },
	[TSR_BF16] = { "bf16", 2 },
	[TSR_INT8] = { "int8", 1 },
	[TSR_UINT8] = { "uint8", 1 },
	[TSR_INT32] = { "int32", 4 },
};

static bool known(enum tsr_type type)
{
	return (size_t)type < sizeof(types) / sizeof(types[0]) && types[type].name;
}

size_t tsr_type_size(enum tsr_type type)
{
	return known(type) ? types[type].size : 0;
}

const char *tsr_type_name(enum tsr_type type)
{
	return known(type) ? types[type].name : "?";
}
