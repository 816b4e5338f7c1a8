// SPDX-License-Identifier: GPL-2.0-only
/*
 * Arrays of structures in user memory.
 *
 * An element may be shorter than the driver's structure (an old program: the rest counts
 * as zero) or longer (a new one: the rest must be zero).
 */

#include "array.h"

#include <linux/uaccess.h>

#include <tessera_accel.h>

/**
 * tsr_array_check() - check the shape of an array
 * @array: the array
 * @min_stride: size of an element in the first version of the interface
 * @max_count: most elements allowed
 *
 * Return: 0, -EINVAL for too many or too short elements, -E2BIG for absurdly long ones.
 */
int tsr_array_check(const struct drm_tessera_array *array, u32 min_stride, u32 max_count)
{
	if (array->count > max_count)
		return -EINVAL;
	if (array->count && array->stride < min_stride)
		return -EINVAL;
	if (array->count && array->stride > PAGE_SIZE)
		return -E2BIG;

	return 0;
}

/**
 * tsr_array_at() - where an element is
 * @array: a checked array
 * @i: which
 *
 * Return: its address.
 */
void __user *tsr_array_at(const struct drm_tessera_array *array, u32 i)
{
	return u64_to_user_ptr(array->array + (u64)i * array->stride);
}

/**
 * tsr_array_get() - copy one element
 * @array: a checked array
 * @i: which
 * @to: destination
 * @size: size of the driver's structure
 *
 * Return: 0, -EFAULT, or -E2BIG when what the driver does not know is not zero.
 */
int tsr_array_get(const struct drm_tessera_array *array, u32 i, void *to, size_t size)
{
	return copy_struct_from_user(to, size, tsr_array_at(array, i), array->stride);
}
