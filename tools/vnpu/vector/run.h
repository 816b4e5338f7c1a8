/* SPDX-License-Identifier: MIT */
/* Executes a checked VECTOR program, strip by strip. */
#ifndef VNPU_VECTOR_RUN_H
#define VNPU_VECTOR_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "chain16.h"
#include "check.h"
#include "operation.h"
#include "plan.h"

struct vector_run;

/**
 * struct vector_strip - consecutive elements of the output in row-major order
 * @given: elements of inputs 0 to 3, the last of which may be the command's count, then of
 *	the command's own value, of the types that the program was checked for; what the program
 *	was not given is not looked at
 * @next: where the inputs of the strip behind it are, as far as that is known and they are elements
 *	of 4 bytes; else NULL
 * @first: number of the first element
 * @n: elements, 1 to VECTOR_STRIP
 */
struct vector_strip {
	const void *given[PLAN_GIVEN];
	const void *next[TSR_HW_VECTOR_MAX_INPUTS];
	uint64_t first;
	size_t n;
};

/**
 * vector_begin() - prepare a program for a thread
 * @program: stays as it is until vector_end()
 * @setting: so do the parameters it points to
 *
 * Return: what vector_strip() takes, or NULL without memory.
 */
struct vector_run *vector_begin(const struct vector_program *program,
				const struct vector_setting *setting);

/**
 * vector_strip() - execute the program for a strip
 * @run: of vector_begin()
 * @strip: the elements
 *
 * Return: as many elements of the program's result type, until the next strip; an input if
 * the result is one.
 */
const void *vector_strip(struct vector_run *run, const struct vector_strip *strip);

/**
 * vector_strip_stored() - vector_strip() and number_store() of its results
 * @run: of vector_begin()
 * @strip: the elements
 * @type: what results are stored as, TSR_HW_TYPE_*
 * @to: as many elements as memory holds them, on none of those given
 */
void vector_strip_stored(struct vector_run *run, const struct vector_strip *strip,
			 unsigned int type, void *to);

/**
 * vector_bears_change() - whether what is given to a strip may change while it is executed
 * @run: of vector_begin()
 * @n: elements of the strip
 *
 * If so, nothing but the results is of what it was and what it becomes. Else it must be a copy.
 */
bool vector_bears_change(const struct vector_run *run, size_t n);

/**
 * vector_stores() - whether vector_store() has a way
 * @run: of vector_begin()
 * @ends: as there
 * @n: elements of the strip
 */
bool vector_stores(struct vector_run *run, const struct chain16_ends *ends, size_t n);

/**
 * vector_store() - execute the program for a strip from memory to memory, if there is a way
 * @run: of vector_begin()
 * @strip: the elements, as memory holds them; they may change meanwhile, as with
 *	vector_bears_change()
 * @ends: their types, and how results are stored
 * @to: as many elements as memory holds them, on none of those given
 *
 * Return: false if nothing was done.
 */
bool vector_store(struct vector_run *run, const struct vector_strip *strip,
		  const struct chain16_ends *ends, void *to);

/** vector_divisions_by_zero() - integer divisions by 0 so far */
uint64_t vector_divisions_by_zero(const struct vector_run *run);

/** vector_end() - free it; NULL is allowed */
void vector_end(struct vector_run *run);

#endif
