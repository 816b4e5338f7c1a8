/* SPDX-License-Identifier: MIT */
#include "chain16.h"

#include <string.h>

#include <number/widths.h>
#include <tsr_hw/types.h>

/*
 * Elements of what is widened at a time.
 * @at: the first one of all, or of each block
 * @follows: all bits set if each block has elements of its own, else none
 */
struct operand {
	const int16_t *at;
	size_t follows;
};

/*
 * A chain with its operands.
 * @code: operation of each link, twice it, one more if it saturates
 * @narrow: elements of 8 bits, and whether these have a sign
 * @wide: they, for one block
 * @constant: constants of links
 */
struct source {
	unsigned int links;
	struct operand first;
	struct operand y[TSR_HW_VECTOR_MAX_INSNS];
	uint8_t code[TSR_HW_VECTOR_MAX_INSNS];
	const void *narrow[CHAIN_GIVEN];
	bool is_signed[CHAIN_GIVEN];
	int16_t low;
	int16_t high;
	_Alignas(64) int16_t wide[CHAIN_GIVEN][CHAIN_BLOCK];
	_Alignas(64) int16_t constant[TSR_HW_VECTOR_MAX_INSNS + 1][CHAIN_BLOCK];
};

/* What compilers know for what it is when it is said lane by lane. */
#define LANE_BY_LANE(x, y, expression)							\
	__extension__({									\
		const lanes xs_ = (x), ys_ = (y);					\
		lanes all_;								\
											\
		for (unsigned int i_ = 0; i_ < LANES; i_++) {				\
			const int16_t a = xs_[i_], b = ys_[i_];				\
											\
			all_[i_] = (int16_t)(expression);				\
		}									\
		all_;									\
	})
#define MIN(x, y)		LANE_BY_LANE(x, y, a < b ? a : b)
#define MAX(x, y)		LANE_BY_LANE(x, y, a > b ? a : b)
#define UPPER_HALVES(x, y)	LANE_BY_LANE(x, y, a * b >> 16)

#define WRAP(x, op, y)		((lanes)((codes)(x) op (codes)(y)))
#define CHOOSE(mask, a, b)								\
	((lanes)(((codes)(mask) & (codes)(a)) | (~(codes)(mask) & (codes)(b))))

/* The limit on the side of a sign, which stands in the highest bit. */
#define LIMIT(sign)		(((sign) >> 15) ^ INT16_MAX)

#define ADD(x, y)		WRAP(x, +, y)
#define SUB(x, y)		WRAP(x, -, y)
#define SUB_FROM(x, y)		WRAP(y, -, x)
#define MUL(x, y)		WRAP(x, *, y)

/* Instructions for it, where there are: a product is made whole of its halves, and packed. */
#ifdef WIDTH_INTRINSIC
#define AS_LANES(name, x, y)								\
	((lanes)WIDTH_INTRINSIC(name)((WIDTH_REGISTER)(x), (WIDTH_REGISTER)(y)))
#define ADD_SATURATED(x, y)	AS_LANES(adds_epi16, x, y)
#define SUB_SATURATED(x, y)	AS_LANES(subs_epi16, x, y)
#define MUL_SATURATED(x, y)								\
	__extension__({									\
		const lanes x_ = (x), y_ = (y);						\
		const lanes low_ = WRAP(x_, *, y_), upper_ = AS_LANES(mulhi_epi16, x_, y_);	\
											\
		AS_LANES(packs_epi32, AS_LANES(unpacklo_epi16, low_, upper_),		\
			 AS_LANES(unpackhi_epi16, low_, upper_));			\
	})
#else
#define ADD_SATURATED(x, y)								\
	__extension__({									\
		const lanes x_ = (x), y_ = (y), sum_ = WRAP(x_, +, y_);			\
											\
		CHOOSE(((x_ ^ sum_) & (y_ ^ sum_)) < 0, LIMIT(x_), sum_);		\
	})
#define SUB_SATURATED(x, y)								\
	__extension__({									\
		const lanes x_ = (x), y_ = (y), rest_ = WRAP(x_, -, y_);		\
											\
		CHOOSE(((x_ ^ y_) & (x_ ^ rest_)) < 0, LIMIT(x_), rest_);		\
	})
#define MUL_SATURATED(x, y)								\
	__extension__({									\
		const lanes x_ = (x), y_ = (y), low_ = WRAP(x_, *, y_);			\
		const lanes upper_ = UPPER_HALVES(x_, y_);				\
											\
		CHOOSE(upper_ == (low_ >> 15), low_, LIMIT(x_ ^ y_));			\
	})
#endif
#define SUB_FROM_SATURATED(x, y)	SUB_SATURATED(y, x)

#define EACH(function)									\
	do {										\
		x0 = function(x0, y[0]);						\
		x1 = function(x1, y[1]);						\
		x2 = function(x2, y[2]);						\
		x3 = function(x3, y[3]);						\
	} while (0)
#define CASE(code, function)								\
	case code:									\
		EACH(function);								\
		break

#define EXACT(operation)	(2 * (operation))
#define SATURATED(operation)	(2 * (operation) + 1)

#define STORE(i, x)									\
	(*(bytes *)(to + (i) * LANES) = __builtin_convertvector(MAX(MIN(x, high), low), bytes))

static inline __attribute__((always_inline)) const void *find(const struct operand *operand,
							      size_t at, size_t within)
{
	return operand->at + (at & operand->follows) + within;
}

#define WIDTH_TEXT <vector/chain16_block.h>
#include <number/each_width.h>

static void run(struct source *source, int8_t *to, size_t n)
{
	WIDTH_CALL(run, source, to, n);
}

/* @constant: room for one */
static struct operand operand_of(struct source *source, const struct chain16_ends *ends,
				 const void *const *place, uint8_t number, int16_t *constant)
{
	unsigned int type = number < CHAIN_GIVEN ? ends->type[number] : TSR_HW_TYPE_NONE;

	if (type == TSR_HW_TYPE_INT16)
		return (struct operand){ place[number], SIZE_MAX };
	if (type != TSR_HW_TYPE_NONE) {
		source->narrow[number] = place[number];
		source->is_signed[number] = type == TSR_HW_TYPE_INT8;
		return (struct operand){ source->wide[number], 0 };
	}
	for (unsigned int i = 0; i < CHAIN_BLOCK; i++)
		constant[i] = (int16_t)*(const int32_t *)place[number];
	return (struct operand){ constant, 0 };
}

static void set_limits(struct source *source, const struct chain16_ends *ends)
{
	bool is_signed = ends->result == TSR_HW_TYPE_INT8;

	source->low = ends->wraps ? INT16_MIN : is_signed ? INT8_MIN : 0;
	source->high = ends->wraps ? INT16_MAX : is_signed ? INT8_MAX : UINT8_MAX;
}

static uint8_t code_of(unsigned int operation, bool saturates)
{
	bool is_extremum = operation == CHAIN_MIN || operation == CHAIN_MAX;

	return (uint8_t)(saturates && !is_extremum ? SATURATED(operation) : EXACT(operation));
}

void chain16_run(const struct chain *chain, const struct chain16 *plan, const void *const *place,
		 void *to, size_t n)
{
	struct source source;

	memset(source.narrow, 0, sizeof(source.narrow));
	source.links = chain->links;
	source.first = operand_of(&source, &plan->ends, place, chain->first,
				  source.constant[chain->links]);
	for (unsigned int i = 0; i < chain->links; i++) {
		source.y[i] = operand_of(&source, &plan->ends, place, chain->link[i].place,
					 source.constant[i]);
		source.code[i] = code_of(chain->link[i].operation, plan->saturates[i]);
	}
	set_limits(&source, &plan->ends);
	run(&source, to, n);
}
