/* SPDX-License-Identifier: MIT */
#include "facts.h"

#include <stddef.h>

#include <tsr_hw/vector.h>

#define FACTS(name, ...) [TSR_HW_VECTOR_##name] = { __VA_ARGS__ },

static const struct vector_facts facts[UINT8_MAX + 1] = {
	TSR_HW_VECTOR_ROWS(FACTS)
};

const struct vector_facts *vector_facts_of(uint8_t op)
{
	return facts[op].types ? &facts[op] : NULL;
}
