/* SPDX-License-Identifier: MIT */
#include "operation.h"

#define OPERATION(name, ...) [TSR_HW_VECTOR_##name] = &vector_operation_##name,

static const struct vector_operation *const operations[TSR_HW_VECTOR_COUNT] = {
	TSR_HW_VECTOR_ROWS(OPERATION)
};

const struct vector_operation *vector_operation_of(unsigned int op)
{
	return operations[op];
}
