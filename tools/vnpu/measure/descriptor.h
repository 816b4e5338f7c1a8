/* SPDX-License-Identifier: MIT */
/* Tensors and bytes of checked commands as time sees them. */
#ifndef VNPU_MEASURE_DESCRIPTOR_H
#define VNPU_MEASURE_DESCRIPTOR_H

#include <tsr_hw/command.h>

#include "time/operand.h"

struct measure_source;
struct tile_request;

/** take_tensor() - the operand that a descriptor means; one without bits if it says none */
void take_tensor(const struct measure_source *source, const struct tsr_hw_tensor *raw,
		 struct operand *operand);

/** take_memory() - the one that an address is of */
enum memory take_memory(const struct measure_source *source, uint64_t va);

/** take_place() - the address that a place means */
uint64_t take_place(const struct tile_request *request, const struct tsr_hw_place *raw);

/** take_bytes() - the value of a field of 64 bits that may name a parameter */
uint64_t take_bytes(const struct tile_request *request, __le64 field);

/** take_step() - extents of a step, of as many dimensions as the walked tensor has */
void take_step(const struct tsr_hw_step *raw, const struct operand *walked, uint64_t *block);

#endif
