/* SPDX-License-Identifier: MIT */
#include "chain.h"

#include <number/widths.h>

/* From one of both types to the other. */
static bool converts(const struct tsr_hw_insn *insn)
{
	unsigned int to = insn->imm & TSR_HW_VECTOR_TO_TYPE;

	return insn->op == TSR_HW_VECTOR_CONVERT && to != insn->type &&
	       (to == TSR_HW_VECTOR_TYPE_F32 || to == TSR_HW_VECTOR_TYPE_I32);
}

bool chain_operation_of(const struct tsr_hw_insn *insn, bool swapped, uint8_t *operation)
{
	if (insn->type != TSR_HW_VECTOR_TYPE_F32 && insn->type != TSR_HW_VECTOR_TYPE_I32)
		return false;
	switch (insn->op) {
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
	*operation = CHAIN_CONVERT;
	return converts(insn);
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

/*
 * To nearest, ties to even; of integers without a fraction; and extrema of what is a number and
 * where it makes no difference which zero is taken. A compiler takes these apart.
 */
#ifdef WIDTH_INTRINSIC
#define REAL_OF(x)		((codes)WIDTH_INTRINSIC(cvtepi32_ps)((WIDTH_REGISTER)(x)))
#define INTEGER_OF(x)		((codes)WIDTH_INTRINSIC(cvttps_epi32)((WIDTH_REALS)(x)))
#define LEAST(x, y)		((reals)WIDTH_INTRINSIC(min_ps)((WIDTH_REALS)(x), (WIDTH_REALS)(y)))
#define LARGEST(x, y)		((reals)WIDTH_INTRINSIC(max_ps)((WIDTH_REALS)(x), (WIDTH_REALS)(y)))
#else
#define REAL_OF(x)		((codes)__builtin_convertvector((integers)(x), reals))
#define INTEGER_OF(x)		((codes)__builtin_convertvector(x, integers))
#define LEAST(x, y)		((reals)CHOOSE((x) < (y), (codes)(x), (codes)(y)))
#define LARGEST(x, y)		((reals)CHOOSE((x) > (y), (codes)(x), (codes)(y)))
#endif
#define ZERO_OF_NAN(x)		((reals)((codes)(x) & (codes)((x) == (x))))

/*
 * Added to a value of less than a third of its size, it leaves the nearest integer in the low bits.
 */
#define ROUNDER			0x1.8p23f

/* From here on every fp32 is an integer; the last one that is an int32. */
#define ALL_INTEGERS		0x1p23f
#define LAST_INT32		0x1.fffffep30f

#define SIGN			0x80000000u

/* All registers of a block. */
#define LOAD(lanes, from, i)	(*(const lanes *)((from) + (i) * LANES))
#define STEP(i, lanes, function)	(x##i = (codes)function((lanes)x##i, LOAD(lanes, y, i)))
#define EACH(lanes, function)								\
	do {										\
		STEP(0, lanes, function);						\
		STEP(1, lanes, function);						\
		STEP(2, lanes, function);						\
		STEP(3, lanes, function);						\
		STEP(4, lanes, function);						\
		STEP(5, lanes, function);						\
		STEP(6, lanes, function);						\
		STEP(7, lanes, function);						\
	} while (0)
#define ALL(function)									\
	do {										\
		function(0, x0);							\
		function(1, x1);							\
		function(2, x2);							\
		function(3, x3);							\
		function(4, x4);							\
		function(5, x5);							\
		function(6, x6);							\
		function(7, x7);							\
	} while (0)

/* What a link does with a type. */
#define CODE(operation, type)	(2 * (operation) + ((type) == TSR_HW_VECTOR_TYPE_F32))
#define CASES(OPERATION)								\
	case CODE(CHAIN_##OPERATION, TSR_HW_VECTOR_TYPE_F32):				\
		EACH(reals, OPERATION##_REAL);						\
		break;									\
	case CODE(CHAIN_##OPERATION, TSR_HW_VECTOR_TYPE_I32):				\
		EACH(integers, OPERATION##_INTEGER);					\
		break

/* Elements of a line of the caches. */
#define LINE_ELEMENTS	16u

/*
 * Where results go, and what else is done meanwhile.
 * @whole: as they are, or NULL
 * @narrow: else as integers of 8 bits
 * @low: least of those
 * @high: largest one
 * @next: elements that are needed soon, and are fetched meanwhile
 * @nexts: of how many inputs
 */
struct target {
	uint32_t *whole;
	uint8_t *narrow;
	int32_t low;
	int32_t high;
	const uint32_t *next[TSR_HW_VECTOR_MAX_INPUTS];
	unsigned int nexts;
};

/*
 * Elements of the next strip, of as many bytes as a block has: processors do not fetch ahead beyond
 * the end of a page, and the next page may lie elsewhere.
 */
static inline __attribute__((always_inline)) void fetch(const struct target *target, size_t at,
							size_t n)
{
	for (unsigned int i = 0; i < target->nexts; i++)
		for (size_t j = 0; j < n; j += LINE_ELEMENTS)
			__builtin_prefetch(target->next[i] + at + j);
}

#define WIDTH_TEXT <vector/chain_block.h>
#include <number/each_width.h>

static void run(const struct chain *chain, const void *const *place, const struct target *target,
		size_t n)
{
	WIDTH_CALL(run, chain, place, target, n);
}

void chain_run(const struct chain *chain, const void *const *place, const void *const *next,
	       void *d, size_t n)
{
	struct target target = { .whole = d };

	for (unsigned int i = 0; i < TSR_HW_VECTOR_MAX_INPUTS; i++)
		if (next[i])
			target.next[target.nexts++] = next[i];
	run(chain, place, &target, n);
}

void chain_store(const struct chain *chain, const void *const *place, int32_t low, int32_t high,
		 uint8_t *to, size_t n)
{
	run(chain, place, &(struct target){ .narrow = to, .low = low, .high = high }, n);
}
