/* SPDX-License-Identifier: MIT */
#include "loaded.h"

#include <tsr_hw/error.h>

#include "work.h"

/* In memory, an element of these is as it is in a register. */
static unsigned int type_of(enum number_class class)
{
	static const unsigned int types[] = {
		[NUMBER_F32] = TSR_HW_TYPE_FP32,
		[NUMBER_I32] = TSR_HW_TYPE_INT32,
		[NUMBER_I64] = TSR_HW_TYPE_INT64,
		[NUMBER_BOOL] = TSR_HW_TYPE_BOOL,
	};

	return types[class];
}

int loaded_decode(const struct tile_request *request, const struct tsr_hw_command *command,
		  struct loaded *loaded)
{
	struct vector_given given = {
		.has_value = true,
		.value = number_class_of(loaded->x.type),
		.rank = loaded->x.rank,
	};
	int error;

	loaded->type = loaded->x.type;
	loaded->has_pre = command->pre;
	if (!loaded->has_pre)
		return TSR_HW_ERR_NONE;
	error = block_decode(request, command, command->pre, &loaded->x, &given, &loaded->pre);
	if (error)
		return error;
	loaded->type = type_of(loaded->pre.program.result);
	/* They say how a result is stored. */
	return loaded->pre.program.head.flags ? TSR_HW_ERR_COMMAND : TSR_HW_ERR_NONE;
}

void loaded_measure(const struct loaded *loaded, struct work *work)
{
	work->bytes += tensor_bytes(&loaded->x);
	if (!loaded->has_pre)
		return;
	work->bytes += block_bytes(&loaded->pre);
	work_pass(work, tensor_elements(&loaded->x), loaded->pre.program.weight);
}
