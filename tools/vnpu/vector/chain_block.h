/* SPDX-License-Identifier: MIT */
/* chain_run() with registers of WIDTH bytes (number/widths.h), of chain.c. */

/* Elements of a register, and of the eight that are carried on together. */
#define LANES	(WIDTH / 4u)
#define BLOCK	(8 * LANES)

_Static_assert(CHAIN_BLOCK % BLOCK == 0, "a strip is whole blocks");

#define reals		WIDTH_NAME(reals)
#define integers	WIDTH_NAME(integers)
#define codes		WIDTH_NAME(codes)

typedef float reals __attribute__((vector_size(WIDTH), aligned(4), may_alias));
typedef int32_t integers __attribute__((vector_size(WIDTH), aligned(4), may_alias));
typedef uint32_t codes __attribute__((vector_size(WIDTH), aligned(4), may_alias));

#define DEFINE_BLOCK(name, lanes, element, KIND)					\
static inline __attribute__((always_inline)) WIDTH_TARGET void WIDTH_NAME(block_##name)(	\
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
static WIDTH_TARGET void WIDTH_NAME(run_##name)(const struct chain *chain,		\
						const void *const *place,		\
						element *d, size_t n)			\
{											\
	for (size_t at = 0; at < n; at += BLOCK)					\
		WIDTH_NAME(block_##name)(chain, place, at, d);				\
}

DEFINE_BLOCK(f32, reals, float, REAL)
DEFINE_BLOCK(i32, integers, int32_t, INTEGER)

static void WIDTH_NAME(run)(const struct chain *chain, const void *const *place, void *d, size_t n)
{
	if (chain->type == TSR_HW_VECTOR_TYPE_F32)
		WIDTH_NAME(run_f32)(chain, place, d, n);
	else
		WIDTH_NAME(run_i32)(chain, place, d, n);
}

#undef DEFINE_BLOCK
#undef reals
#undef integers
#undef codes
#undef LANES
#undef BLOCK
