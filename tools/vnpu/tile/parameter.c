/* SPDX-License-Identifier: MIT */
#include "parameter.h"

#include <tsr_hw/command.h>
#include <tsr_hw/error.h>

#include "tile.h"

/* Pads are shorter, on either side. */
#define PAD_END	(1ll << 31)

bool parameter_named32(uint32_t field)
{
	return field & TSR_HW_PARAMETER_32;
}

bool parameter_named64(uint64_t field)
{
	return (field & TSR_HW_PARAMETER_64_MASK) == TSR_HW_PARAMETER_64;
}

/* The value of the parameter whose number is @name, which has no other bits. */
static int value_of(const struct tile_request *request, uint64_t name, uint64_t *value)
{
	if (name >= TSR_HW_MAX_PARAMETERS)
		return TSR_HW_ERR_COMMAND;
	if (name >= request->parameter_count)
		return TSR_HW_ERR_PARAMETER;
	*value = request->parameters[name];
	return TSR_HW_ERR_NONE;
}

int parameter_take32(const struct tile_request *request, __le32 *field)
{
	uint64_t value;
	int error;

	if (!parameter_named32(*field))
		return TSR_HW_ERR_NONE;
	error = value_of(request, *field & ~TSR_HW_PARAMETER_32, &value);
	if (error)
		return error;
	if (value > INT32_MAX)
		return TSR_HW_ERR_PARAMETER;
	*field = (uint32_t)value;
	return TSR_HW_ERR_NONE;
}

int parameter_take64(const struct tile_request *request, __le64 *field)
{
	uint64_t value;
	int error;

	if (!parameter_named64(*field))
		return TSR_HW_ERR_NONE;
	error = value_of(request, *field & ~TSR_HW_PARAMETER_64_MASK, &value);
	if (error)
		return error;
	if (parameter_named64(value))
		return TSR_HW_ERR_PARAMETER;
	*field = value;
	return TSR_HW_ERR_NONE;
}

int parameter_take_bytes(const struct tile_request *request, __le64 *field, uint32_t unit)
{
	bool named = parameter_named64(*field);
	int error = parameter_take64(request, field);

	if (!error && named && unit && *field % unit)
		return TSR_HW_ERR_PARAMETER;
	return error;
}

int parameter_take_pad(const struct tile_request *request, __le64 *field)
{
	bool named = parameter_named64(*field);
	int error = parameter_take64(request, field);
	int64_t pad = (int64_t)*field;

	if (error)
		return error;
	if (pad > -PAD_END && pad < PAD_END)
		return TSR_HW_ERR_NONE;
	return named ? TSR_HW_ERR_PARAMETER : TSR_HW_ERR_COMMAND;
}

int parameter_tensor(const struct tile_request *request, struct tsr_hw_tensor *raw, uint32_t size)
{
	int error = parameter_take_bytes(request, &raw->offset, size);

	for (unsigned int i = 0; !error && i < raw->rank && i < TSR_HW_MAX_RANK; i++) {
		error = parameter_take32(request, &raw->dim[i]);
		if (!error)
			error = parameter_take64(request, &raw->stride[i]);
	}
	return error;
}
