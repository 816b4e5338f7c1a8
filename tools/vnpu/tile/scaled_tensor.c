/* SPDX-License-Identifier: MIT */
#include "scaled_tensor.h"

#include <math.h>
#include <string.h>

#include <tsr_hw/error.h>
#include <tsr_hw/program.h>

#include "slot.h"

static int check_zero(const struct tsr_hw_scaled_tensor *raw)
{
	int32_t zero = (int32_t)raw->zero_point;

	switch (raw->type) {
	case TSR_HW_TYPE_INT8:
		return zero < INT8_MIN || zero > INT8_MAX ? TSR_HW_ERR_COMMAND : TSR_HW_ERR_NONE;
	case TSR_HW_TYPE_UINT8:
		return zero < 0 || zero > UINT8_MAX ? TSR_HW_ERR_COMMAND : TSR_HW_ERR_NONE;
	default:
		return TSR_HW_ERR_NONE;
	}
}

static bool is_quantized(const struct tsr_hw_scaled_tensor *raw, unsigned int use)
{
	if (use & TENSOR_RAW || type_is_fp(raw->type))
		return false;
	return raw->type != TSR_HW_TYPE_INT32 || !(use & TENSOR_ACC);
}

static int check_quantization(const struct tsr_hw_scaled_tensor *raw, unsigned int use,
			      struct tensor *tensor)
{
	bool vector = raw->scale_slot != TSR_HW_SLOT_NONE;

	if (!vector && raw->scale_offset)
		return TSR_HW_ERR_COMMAND;
	if (!is_quantized(raw, use))
		return raw->scale || raw->zero_point || vector ?
		       TSR_HW_ERR_COMMAND : TSR_HW_ERR_NONE;
	if (vector && (!(use & TENSOR_CHANNELS) || raw->scale))
		return TSR_HW_ERR_COMMAND;
	memcpy(&tensor->scale, &raw->scale, sizeof(tensor->scale));
	if (!vector && !(isfinite(tensor->scale) && tensor->scale > 0))
		return TSR_HW_ERR_COMMAND;
	tensor->zero = (int32_t)raw->zero_point;
	tensor->per_channel = vector;
	return check_zero(raw);
}

static bool has_unused(const struct tsr_hw_scaled_tensor *raw)
{
	return raw->mbz2[0] || raw->mbz2[1] || raw->mbz2[2];
}

/* The first members of a scaled tensor are those of a tensor. */
static struct tsr_hw_tensor place_of(const struct tsr_hw_scaled_tensor *raw)
{
	struct tsr_hw_tensor place;

	memcpy(&place, raw, sizeof(place));
	return place;
}

int scaled_tensor_decode(const struct tile_request *request,
			 const struct tsr_hw_scaled_tensor *raw, uint32_t types,
			 unsigned int use, struct tensor *tensor)
{
	const struct tsr_hw_tensor place = place_of(raw);
	int error = tensor_shape(&place, types, tensor);

	if (!error && has_unused(raw))
		error = TSR_HW_ERR_COMMAND;
	if (!error)
		error = check_quantization(raw, use, tensor);
	return error ? error : tensor_place(request, &place, use, tensor);
}

int scaled_tensor_absent(const struct tsr_hw_scaled_tensor *raw)
{
	static const struct tsr_hw_scaled_tensor absent = { .slot = TSR_HW_SLOT_NONE };

	return memcmp(raw, &absent, sizeof(absent)) ? TSR_HW_ERR_COMMAND : TSR_HW_ERR_NONE;
}

int scaled_tensor_decode_optional(const struct tile_request *request,
				  const struct tsr_hw_scaled_tensor *raw, uint32_t types,
				  unsigned int use, struct tensor *tensor)
{
	if (raw->slot != TSR_HW_SLOT_NONE)
		return scaled_tensor_decode(request, raw, types, use, tensor);
	memset(tensor, 0, sizeof(*tensor));
	return scaled_tensor_absent(raw);
}

int scaled_tensor_channels(const struct tile_request *request,
			   const struct tsr_hw_scaled_tensor *raw, uint64_t channels,
			   struct tensor *tensor)
{
	const struct extent extent = { .span = channels * sizeof(float) };

	if (!tensor->per_channel)
		return TSR_HW_ERR_NONE;
	if (raw->scale_offset % sizeof(float))
		return TSR_HW_ERR_COMMAND;
	return slot_locate(request, raw->scale_slot, raw->scale_offset, &extent, sizeof(float),
			   TSR_HW_SLOT_READ, &tensor->scales);
}
