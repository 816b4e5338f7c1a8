/* SPDX-License-Identifier: MIT */
/* run() with registers of WIDTH bytes (number/widths.h), of chain.c. */

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

/* The rules are those of integer_of_f32(). */
static inline __attribute__((always_inline)) WIDTH_TARGET codes WIDTH_NAME(to_integer)(reals x)
{
	const codes sign = (codes)x & SIGN;
	const reals t = ZERO_OF_NAN(x), size = (reals)((codes)t & ~SIGN), zero = { 0 };
	const reals rounder = (reals)(sign | (codes)(zero + ALL_INTEGERS));
	const reals nearest = (reals)CHOOSE(size < ALL_INTEGERS, (codes)((t + rounder) - rounder),
					    (codes)t);
	const reals limited = LARGEST(LEAST(nearest, zero + LAST_INT32), zero - 0x1p31f);
	const codes large = (codes)(nearest > LAST_INT32);

	return CHOOSE(large, ~SIGN, INTEGER_OF(limited));
}

static inline __attribute__((always_inline)) WIDTH_TARGET codes WIDTH_NAME(nearest_8)(
	reals x, const struct target *target)
{
	const reals zero = { 0 };
	const reals limited = LARGEST(LEAST(ZERO_OF_NAN(x), zero + (float)target->high),
				      zero + (float)target->low);

	return (codes)(limited + ROUNDER);
}

static inline __attribute__((always_inline)) WIDTH_TARGET codes WIDTH_NAME(between)(
	integers x, const struct target *target)
{
	const integers zero = { 0 };

	return (codes)MAX_INTEGER(MIN_INTEGER(x, zero + target->high), zero + target->low);
}

#define CONVERT_REAL(i, x)	(x = WIDTH_NAME(to_integer)((reals)x))
#define CONVERT_INTEGER(i, x)	(x = REAL_OF(x))
#define STORE(i, x)		(*(codes *)(to + (i) * LANES) = (x))
#define LIMIT_REAL(i, x)	(x = WIDTH_NAME(nearest_8)((reals)x, target))
#define LIMIT_INTEGER(i, x)	(x = WIDTH_NAME(between)((integers)x, target))

static inline __attribute__((always_inline)) WIDTH_TARGET void WIDTH_NAME(narrow)(
	const uint32_t *from, uint8_t *to)
{
	for (size_t i = 0; i < BLOCK; i++)
		to[i] = (uint8_t)from[i];
}

static inline __attribute__((always_inline)) WIDTH_TARGET void WIDTH_NAME(run_block)(
	const struct chain *chain, const void *const *place, size_t at, const struct target *target)
{
	const uint32_t *first = (const uint32_t *)place[chain->first] + at;
	_Alignas(64) uint32_t limited[BLOCK];
	uint32_t *to = target->whole ? target->whole + at : limited;
	codes x0 = LOAD(codes, first, 0), x1 = LOAD(codes, first, 1);
	codes x2 = LOAD(codes, first, 2), x3 = LOAD(codes, first, 3);
	codes x4 = LOAD(codes, first, 4), x5 = LOAD(codes, first, 5);
	codes x6 = LOAD(codes, first, 6), x7 = LOAD(codes, first, 7);

	for (unsigned int i = 0; i < chain->links; i++) {
		const uint32_t *y = (const uint32_t *)place[chain->link[i].place] + at;

		switch (CODE(chain->link[i].operation, chain->link[i].type)) {
		CASES(ADD);
		CASES(SUB);
		CASES(SUB_FROM);
		CASES(MUL);
		CASES(MIN);
		CASES(MAX);
		case CODE(CHAIN_CONVERT, TSR_HW_VECTOR_TYPE_F32):
			ALL(CONVERT_REAL);
			break;
		default:
			ALL(CONVERT_INTEGER);
			break;
		}
	}
	if (!target->whole && chain->type == TSR_HW_VECTOR_TYPE_F32)
		ALL(LIMIT_REAL);
	else if (!target->whole)
		ALL(LIMIT_INTEGER);
	ALL(STORE);
	if (!target->whole)
		WIDTH_NAME(narrow)(limited, target->narrow + at);
}

static WIDTH_TARGET void WIDTH_NAME(run)(const struct chain *chain, const void *const *place,
					 const struct target *target, size_t n)
{
	for (size_t at = 0; at < n; at += BLOCK) {
		fetch(target, at, BLOCK);
		WIDTH_NAME(run_block)(chain, place, at, target);
	}
}

#undef CONVERT_REAL
#undef CONVERT_INTEGER
#undef STORE
#undef LIMIT_REAL
#undef LIMIT_INTEGER
#undef reals
#undef integers
#undef codes
#undef LANES
#undef BLOCK
