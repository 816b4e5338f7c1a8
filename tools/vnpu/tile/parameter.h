/* SPDX-License-Identifier: MIT */
/* Fields of commands that name a parameter of the job. */
#ifndef VNPU_TILE_PARAMETER_H
#define VNPU_TILE_PARAMETER_H

#include <stdbool.h>
#include <stdint.h>

#include <tsr_hw/base.h>

struct tile_request;
struct tsr_hw_tensor;

/** parameter_named32() - whether a field of 32 bits names a parameter */
bool parameter_named32(uint32_t field);

/** parameter_named64() - whether a field of 64 bits does */
bool parameter_named64(uint64_t field);

/**
 * parameter_take32() - give a field of 32 bits its parameter's value, if it names one
 * @request: parameters
 * @field: the field, unsigned, of values below 2^31
 *
 * Return: TSR_HW_ERR_NONE, TSR_HW_ERR_COMMAND or TSR_HW_ERR_PARAMETER.
 */
int parameter_take32(const struct tile_request *request, __le32 *field);

/**
 * parameter_take64() - the same for a field of 64 bits, signed or not
 * @request: parameters
 * @field: the field
 *
 * Return: as parameter_take32().
 */
int parameter_take64(const struct tile_request *request, __le64 *field);

/**
 * parameter_take_bytes() - parameter_take64() of a number of bytes
 * @request: parameters
 * @field: the field
 * @unit: what it must be a multiple of; 0: anything
 *
 * Return: as parameter_take32(). A value that stands in the field itself is not looked at.
 */
int parameter_take_bytes(const struct tile_request *request, __le64 *field, uint32_t unit);

/**
 * parameter_take_pad() - parameter_take64() of elements that lie around a tensor
 * @request: parameters
 * @field: the field, signed: above -2^31 and below 2^31
 *
 * Return: TSR_HW_ERR_NONE; what parameter_take32() returns; for other values TSR_HW_ERR_COMMAND,
 * of a parameter TSR_HW_ERR_PARAMETER.
 */
int parameter_take_pad(const struct tile_request *request, __le64 *field);

/**
 * parameter_tensor() - give the fields of a tensor their parameters' values
 * @request: parameters
 * @raw: descriptor; names no parameter afterwards
 * @size: bytes of an element, which offsets are multiples of; 0 when it is not known
 *
 * Fields beyond the rank stay as they are: no command may use them.
 *
 * Return: as parameter_take32().
 */
int parameter_tensor(const struct tile_request *request, struct tsr_hw_tensor *raw, uint32_t size);

#endif
