/* SPDX-License-Identifier: MIT */
#include "chain.h"

#include <number/clones.h>

/* Elements of a register, which compilers split where the processor's are smaller. */
#define LANES	16u

typedef float reals __attribute__((vector_size(64), aligned(4), may_alias));
typedef int32_t integers __attribute__((vector_size(64), aligned(4), may_alias));
typedef uint32_t codes __attribute__((vector_size(64), aligned(4), may_alias));

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

#define DEFINE_BLOCK(name, lanes, element, KIND)					\
static inline __attribute__((always_inline)) void block_##name(				\
	const struct chain *chain, const void *const *place, size_t at, element *d)	\
{											\
	const element *first = (const element *)place[chain->first] + at;		\
	lanes x0 = LOAD(lanes, first, 0), x1 = LOAD(lanes, first, 1);			\
	lanes x2 = LOAD(lanes, first, 2), x3 = LOAD(lanes, first, 3);			\
	lanes x4 = LOAD(lanes, first, 4), x5 = LOAD(lanes, first, 5);			\
	lanes x6 = LOAD(lanes, first, 6), x7 = LOAD(lanes, first, 7);			\
											\
	for (unsigned int i = 0; i < chain->links; i++) {				\
		const element *y = (const element *)place[chain->link[i].place] + at;	\
											\
		switch (chain->link[i].operation) {					\
		case CHAIN_ADD:								\
			EACH(lanes, ADD_##KIND);					\
			break;								\
		case CHAIN_SUB:								\
			EACH(lanes, SUB_##KIND);					\
			break;								\
		case CHAIN_SUB_FROM:							\
			EACH(lanes, SUB_FROM_##KIND);					\
			break;								\
		case CHAIN_MUL:								\
			EACH(lanes, MUL_##KIND);					\
			break;								\
		case CHAIN_MIN:								\
			EACH(lanes, MIN_##KIND);					\
			break;								\
		default:								\
			EACH(lanes, MAX_##KIND);					\
			break;								\
		}									\
	}										\
	STORE(lanes, d + at, 0, x0);							\
	STORE(lanes, d + at, 1, x1);							\
	STORE(lanes, d + at, 2, x2);							\
	STORE(lanes, d + at, 3, x3);							\
	STORE(lanes, d + at, 4, x4);							\
	STORE(lanes, d + at, 5, x5);							\
	STORE(lanes, d + at, 6, x6);							\
	STORE(lanes, d + at, 7, x7);							\
}											\
											\
TILE_CLONES static void run_##name(const struct chain *chain, const void *const *place,	\
				   element *d, size_t n)				\
{											\
	for (size_t at = 0; at < n; at += CHAIN_BLOCK)					\
		block_##name(chain, place, at, d);					\
}

DEFINE_BLOCK(f32, reals, float, REAL)
DEFINE_BLOCK(i32, integers, int32_t, INTEGER)

void chain_run(const struct chain *chain, const void *const *place, void *d, size_t n)
{
	if (chain->type == TSR_HW_VECTOR_TYPE_F32)
		run_f32(chain, place, d, n);
	else
		run_i32(chain, place, d, n);
}
