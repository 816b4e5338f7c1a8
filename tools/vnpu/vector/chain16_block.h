/* SPDX-License-Identifier: MIT */
/* chain16_run() with registers of WIDTH bytes (number/widths.h), of chain16_run.c. */

/* Lanes of a register, and of the four that are carried on together. */
#define LANES	(WIDTH / 2u)
#define BLOCK	(4 * LANES)

_Static_assert(CHAIN_BLOCK % BLOCK == 0, "what is widened at a time is whole blocks");

#define lanes	WIDTH_NAME(lanes)
#define codes	WIDTH_NAME(codes)
#define bytes	WIDTH_NAME(bytes)

typedef int16_t lanes __attribute__((vector_size(WIDTH), aligned(2), may_alias));
typedef uint16_t codes __attribute__((vector_size(WIDTH), aligned(2), may_alias));
typedef int8_t bytes __attribute__((vector_size(WIDTH / 2), aligned(1), may_alias));

/* @within: of the elements from @at on that are widened together */
static inline __attribute__((always_inline)) WIDTH_TARGET void WIDTH_NAME(run_block)(
	const struct source *source, size_t at, size_t within, int8_t *to)
{
	const lanes *first = find(&source->first, at, within);
	lanes x0 = first[0], x1 = first[1], x2 = first[2], x3 = first[3];
	const lanes low = (lanes){ 0 } + source->low, high = (lanes){ 0 } + source->high;

	for (unsigned int i = 0; i < source->links; i++) {
		const lanes *y = find(&source->y[i], at, within);

		switch (source->code[i]) {
		CASE(EXACT(CHAIN_ADD), ADD);
		CASE(EXACT(CHAIN_SUB), SUB);
		CASE(EXACT(CHAIN_SUB_FROM), SUB_FROM);
		CASE(EXACT(CHAIN_MUL), MUL);
		CASE(SATURATED(CHAIN_ADD), ADD_SATURATED);
		CASE(SATURATED(CHAIN_SUB), SUB_SATURATED);
		CASE(SATURATED(CHAIN_SUB_FROM), SUB_FROM_SATURATED);
		CASE(SATURATED(CHAIN_MUL), MUL_SATURATED);
		CASE(EXACT(CHAIN_MIN), MIN);
		default:
			EACH(MAX);
		}
	}
	STORE(0, x0);
	STORE(1, x1);
	STORE(2, x2);
	STORE(3, x3);
}

#define DEFINE_WIDEN(type)								\
static inline __attribute__((always_inline)) WIDTH_TARGET void WIDTH_NAME(widen_##type)(	\
	const type##_t *from, int16_t *to)						\
{											\
	_Pragma("GCC ivdep")								\
	for (size_t i = 0; i < CHAIN_BLOCK; i++)					\
		to[i] = from[i];							\
}

DEFINE_WIDEN(int8)
DEFINE_WIDEN(uint8)

static WIDTH_TARGET void WIDTH_NAME(run)(struct source *source, int8_t *to, size_t n)
{
	for (size_t at = 0; at < n; at += CHAIN_BLOCK) {
		for (unsigned int i = 0; i < CHAIN_GIVEN; i++) {
			if (source->narrow[i] && source->is_signed[i])
				WIDTH_NAME(widen_int8)((const int8_t *)source->narrow[i] + at,
						       source->wide[i]);
			else if (source->narrow[i])
				WIDTH_NAME(widen_uint8)((const uint8_t *)source->narrow[i] + at,
							source->wide[i]);
		}
		for (size_t within = 0; within < CHAIN_BLOCK; within += BLOCK)
			WIDTH_NAME(run_block)(source, at, within, to + at + within);
	}
}

#undef DEFINE_WIDEN
#undef lanes
#undef codes
#undef bytes
#undef LANES
#undef BLOCK
