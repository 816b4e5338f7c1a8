/* SPDX-License-Identifier: MIT */
#include "chain.h"

#include <number/widths.h>

bool chain_operation_of(unsigned int op, unsigned int type, bool swapped, uint8_t *operation)
{
	if (type != TSR_HW_VECTOR_TYPE_F32 && type != TSR_HW_VECTOR_TYPE_I32)
		return false;
	switch (op) {
	case TSR_HW_VECTOR_ADD:
		*operation = CHAIN_ADD;
		return true;
	case TSR_HW_VECTOR_SUB:
		*operation = swapped ? CHAIN_SUB_FROM : CHAIN_SUB;
		return true;
	case TSR_HW_VECTOR_MUL:
		*operation = CHAIN_MUL;
		return true;
	case TSR_HW_VECTOR_MIN:
		*operation = CHAIN_MIN;
		return true;
	case TSR_HW_VECTOR_MAX:
		*operation = CHAIN_MAX;
		return true;
	}
	return false;
}

/* @a where the mask is set, else @b; all three as codes. */
#define CHOOSE(mask, a, b)	((((codes)(mask)) & (a)) | (~(codes)(mask) & (b)))

/* Those of number/extremum.h, lane by lane. */
#define EXTREMUM_REAL(x, y, better, zeros)						\
	((reals)CHOOSE((x) != (x), (codes)(x),						\
		       CHOOSE((x) == (y), (codes)(x) zeros (codes)(y),			\
			      CHOOSE((x) better (y), (codes)(x), (codes)(y)))))
#define MIN_REAL(x, y)		EXTREMUM_REAL(x, y, <, |)
#define MAX_REAL(x, y)		EXTREMUM_REAL(x, y, >, &)

/* Sums and products wrap, so they are computed without a sign. */
#define WRAP(x, op, y)		((integers)((codes)(x) op (codes)(y)))
#define MIN_INTEGER(x, y)	((integers)CHOOSE((x) < (y), (codes)(x), (codes)(y)))
#define MAX_INTEGER(x, y)	((integers)CHOOSE((x) > (y), (codes)(x), (codes)(y)))

#define ADD_REAL(x, y)		((x) + (y))
#define SUB_REAL(x, y)		((x) - (y))
#define SUB_FROM_REAL(x, y)	((y) - (x))
#define MUL_REAL(x, y)		((x) * (y))
#define ADD_INTEGER(x, y)	WRAP(x, +, y)
#define SUB_INTEGER(x, y)	WRAP(x, -, y)
#define SUB_FROM_INTEGER(x, y)	WRAP(y, -, x)
#define MUL_INTEGER(x, y)	WRAP(x, *, y)

/* All registers of a block. */
#define LOAD(lanes, from, i)	(*(const lanes *)((from) + (i) * LANES))
#define EACH(lanes, function)								\
	do {										\
		x0 = function(x0, LOAD(lanes, y, 0));					\
		x1 = function(x1, LOAD(lanes, y, 1));					\
		x2 = function(x2, LOAD(lanes, y, 2));					\
		x3 = function(x3, LOAD(lanes, y, 3));					\
		x4 = function(x4, LOAD(lanes, y, 4));					\
		x5 = function(x5, LOAD(lanes, y, 5));					\
		x6 = function(x6, LOAD(lanes, y, 6));					\
		x7 = function(x7, LOAD(lanes, y, 7));					\
	} while (0)
#define STORE(lanes, to, i, x)	(*(lanes *)((to) + (i) * LANES) = (x))

#define WIDTH_TEXT <vector/chain_block.h>
#include <number/each_width.h>

void chain_run(const struct chain *chain, const void *const *place, void *d, size_t n)
{
	WIDTH_CALL(run, chain, place, d, n);
}
