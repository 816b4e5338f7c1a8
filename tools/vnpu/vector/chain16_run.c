/* SPDX-License-Identifier: MIT */
#include "chain16.h"

#include <string.h>

#include <number/clones.h>
#include <tsr_hw/types.h>

/* Lanes of a register, which compilers split where the processor's are smaller. */
#define LANES	32u

typedef int16_t lanes __attribute__((vector_size(64), aligned(2), may_alias));
typedef uint16_t codes __attribute__((vector_size(64), aligned(2), may_alias));
typedef int8_t bytes __attribute__((vector_size(32), aligned(1), may_alias));

/*
 * Elements of a block.
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
#define CHOOSE(mask, a, b)	((lanes)(((codes)(mask) & (codes)(a)) | (~(codes)(mask) & (codes)(b))))

/* The limit on the side of a sign, which stands in the highest bit. */
#define LIMIT(sign)		(((sign) >> 15) ^ INT16_MAX)

#define ADD(x, y)		WRAP(x, +, y)
#define SUB(x, y)		WRAP(x, -, y)
#define SUB_FROM(x, y)		WRAP(y, -, x)
#define MUL(x, y)		WRAP(x, *, y)

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
#define SUB_FROM_SATURATED(x, y)	SUB_SATURATED(y, x)
#define MUL_SATURATED(x, y)								\
	__extension__({									\
		const lanes x_ = (x), y_ = (y), low_ = WRAP(x_, *, y_);			\
		const lanes upper_ = UPPER_HALVES(x_, y_);				\
											\
		CHOOSE(upper_ == (low_ >> 15), low_, LIMIT(x_ ^ y_));			\
	})

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

static inline __attribute__((always_inline)) const lanes *find(const struct operand *operand,
							       size_t at)
{
	return (const lanes *)(operand->at + (at & operand->follows));
}

#define STORE(i, x)									\
	(*(bytes *)(to + (i) * LANES) = __builtin_convertvector(MAX(MIN(x, high), low), bytes))

static inline __attribute__((always_inline)) void run_block(const struct source *source, size_t at,
							    int8_t *to)
{
	const lanes *first = find(&source->first, at);
	lanes x0 = first[0], x1 = first[1], x2 = first[2], x3 = first[3];
	const lanes low = (lanes){ 0 } + source->low, high = (lanes){ 0 } + source->high;

	for (unsigned int i = 0; i < source->links; i++) {
		const lanes *y = find(&source->y[i], at);

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
static inline __attribute__((always_inline)) void widen_##type(const type##_t *from,	\
							       int16_t *to)		\
{											\
	_Pragma("GCC ivdep")								\
	for (size_t i = 0; i < CHAIN_BLOCK; i++)					\
		to[i] = from[i];							\
}

DEFINE_WIDEN(int8)
DEFINE_WIDEN(uint8)

TILE_CLONES static void run(struct source *source, int8_t *to, size_t n)
{
	for (size_t at = 0; at < n; at += CHAIN_BLOCK) {
		for (unsigned int i = 0; i < CHAIN_GIVEN; i++) {
			if (source->narrow[i] && source->is_signed[i])
				widen_int8((const int8_t *)source->narrow[i] + at, source->wide[i]);
			else if (source->narrow[i])
				widen_uint8((const uint8_t *)source->narrow[i] + at, source->wide[i]);
		}
		run_block(source, at, to + at);
	}
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
