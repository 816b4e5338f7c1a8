/* SPDX-License-Identifier: MIT */
/* NORMALIZE against a walk over each row, to the bit and to the error that the manual states. */
#include "suite.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "indices.h"
#include "reductions.h"
#include "staged.h"
#include "stored.h"
#include "tile/staging.h"

#define MODES	(TSR_HW_NORMALIZE_RMS + 1)

struct normalize_command {
	struct tsr_hw_normalize normalize;
	struct programs programs;
};

/* ---- rows ------------------------------------------------------------------------ */

static bool is_inner(const struct normalize_command *command, unsigned int dimension)
{
	return command->normalize.axes >> dimension & 1;
}

static uint64_t depth_of(const struct normalize_command *command)
{
	uint64_t depth = 1;

	for (unsigned int i = 0; i < command->normalize.x.rank; i++)
		if (is_inner(command, i))
			depth *= command->normalize.x.dim[i];
	return depth;
}

/* Coordinates of element @number of the row that @at lies in. */
static void go_to(const struct normalize_command *command, uint64_t number, uint64_t *at)
{
	const struct tsr_hw_tensor *x = &command->normalize.x;

	for (unsigned int i = x->rank; i-- > 0;) {
		if (!is_inner(command, i))
			continue;
		at[i] = number % x->dim[i];
		number /= x->dim[i];
	}
}

static float loaded(const struct bench *bench, const struct normalize_command *command,
		    const uint64_t *at)
{
	const struct tsr_hw_tensor *x = &command->normalize.x;
	union value value = reductions_loaded(bench, &command->programs, x, at);
	unsigned int type = reductions_type(&command->programs, x);

	return stored_is_float(type) ? value.f32 : (float)value.i64;
}

static float *load_row(const struct bench *bench, const struct normalize_command *command,
		       uint64_t *at)
{
	uint64_t depth = depth_of(command);
	float *values = calloc(depth, sizeof(*values));

	assert_non_null(values);
	for (uint64_t i = 0; i < depth; i++) {
		go_to(command, i, at);
		values[i] = loaded(bench, command, at);
	}
	return values;
}

/* @body sees each row, with the coordinates of an element of it. */
static void for_rows(struct bench *bench, const struct normalize_command *command,
		     void (*body)(struct bench *bench, const struct normalize_command *command,
				  uint64_t *at, float *values))
{
	const struct tsr_hw_tensor *x = &command->normalize.x;
	uint64_t at[TSR_HW_MAX_RANK], begin[TSR_HW_MAX_RANK];

	for (uint64_t i = 0; i < bench_plain_elements(x); i++) {
		float *values;

		indices_coordinates(x, i, begin);
		memcpy(at, begin, sizeof(at));
		go_to(command, 0, at);
		if (memcmp(at, begin, x->rank * sizeof(*at)))
			continue;
		values = load_row(bench, command, at);
		body(bench, command, at, values);
		free(values);
	}
}

/* ---- the plain rule, one rounding for each operation ------------------------------ */

static float greatest(const float *values, uint64_t n)
{
	float best = -INFINITY;

	for (uint64_t i = 0; i < n; i++)
		if (isnan(values[i]) || values[i] > best)
			best = isnan(best) ? best : values[i];
	return best;
}

static void softmax(float *values, uint64_t n, bool logarithm)
{
	float best = greatest(values, n);
	float sum = 0;

	for (uint64_t i = 0; i < n; i++) {
		values[i] = values[i] - best;
		sum += (float)expl(values[i]);
	}
	for (uint64_t i = 0; i < n; i++)
		values[i] = logarithm ? values[i] - (float)logl(sum) :
					(float)expl(values[i]) / sum;
}

static void standard(float *values, uint64_t n, float epsilon, bool centred)
{
	float mean = 0, squares = 0;

	for (uint64_t i = 0; i < n && centred; i++)
		mean += values[i];
	mean /= (float)n;
	for (uint64_t i = 0; i < n; i++) {
		values[i] -= mean;
		squares += values[i] * values[i];
	}
	for (uint64_t i = 0; i < n; i++)
		values[i] /= sqrtf(squares / (float)n + epsilon);
}

static void normalize(const struct tsr_hw_normalize *how, float *values, uint64_t n)
{
	float epsilon = bench_float(how->epsilon);

	if (how->mode <= TSR_HW_NORMALIZE_LOG_SOFTMAX)
		softmax(values, n, how->mode == TSR_HW_NORMALIZE_LOG_SOFTMAX);
	else
		standard(values, n, epsilon, how->mode == TSR_HW_NORMALIZE_STANDARD);
}

static void expect_row(struct bench *bench, const struct normalize_command *command, uint64_t *at,
		       float *values)
{
	uint64_t depth = depth_of(command);

	normalize(&command->normalize, values, depth);
	for (uint64_t i = 0; i < depth; i++) {
		go_to(command, i, at);
		reductions_expect(bench, NUMBER_F32, &command->programs, &command->normalize.d, at,
				  (union value){ .f32 = values[i] });
	}
}

/* ---- commands -------------------------------------------------------------------- */

static void plain(struct bench *bench, struct normalize_command *command, unsigned int mode,
		  unsigned int type, unsigned int d_type, unsigned int rank, const uint32_t *dim,
		  uint32_t axes)
{
	struct tsr_hw_normalize *how = &command->normalize;

	memset(command, 0, sizeof(*command));
	how->head.op = TSR_HW_OP_NORMALIZE;
	how->mode = (uint8_t)mode;
	how->axes = axes;
	if (mode >= TSR_HW_NORMALIZE_STANDARD)
		how->epsilon = bench_bits(bench_below(bench, 4) ? 1e-5f : 0);
	bench_plain(bench, &how->x, type, rank, dim, bench_any_layout(bench) | LAYOUT_REPEAT,
		    TSR_HW_SLOT_READ);
	bench_plain(bench, &how->d, d_type, rank, dim, bench_any_layout(bench),
		    TSR_HW_SLOT_WRITE);
	indices_step(&how->step, &how->x);
	programs_place(&command->programs, &how->head, sizeof(*how));
}

static void make(struct bench *bench, struct normalize_command *command, unsigned int mode,
		 unsigned int type, unsigned int rank, const uint32_t *dim, uint32_t axes)
{
	struct tsr_hw_normalize *how = &command->normalize;

	plain(bench, command, mode, type, indices_any_type(bench), rank, dim, axes);
	if (bench_below(bench, 2))
		reductions_prologue(bench, &how->x, &command->programs);
	if (bench_below(bench, 2))
		reductions_epilogue(bench, NUMBER_F32, &how->d, &command->programs);
	programs_place(&command->programs, &how->head, sizeof(*how));
}

static void run(struct bench *bench, const struct normalize_command *command)
{
	struct outcome outcome;

	bench_run(bench, command, &outcome);
	assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
	assert_int_equal(outcome.progress, outcome.steps);
}

static void run_and_expect(struct bench *bench, const struct normalize_command *command)
{
	run(bench, command);
	for_rows(bench, command, expect_row);
}

static void poke(struct bench *bench, const struct tsr_hw_tensor *x, uint64_t index, float value)
{
	fake_memory_poke(bench->memory, bench_plain_address(bench, x, index), &value,
			 sizeof(value));
}

static float peek(const struct bench *bench, const struct tsr_hw_tensor *d, uint64_t index)
{
	return bench_float((uint32_t)indices_bits(bench, d, bench_plain_address(bench, d, index)));
}

/* ---- to the bit ------------------------------------------------------------------ */

static void random_commands_match_the_walk(void **state)
{
	static const uint32_t most[] = { 0, 4500, 70, 16, 8, 6 };
	struct normalize_command command;
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 430);
	for (unsigned int i = 0; i < 6 * CASES; i++) {
		unsigned int rank = 1 + bench_below(&bench, 5);
		uint32_t dim[TSR_HW_MAX_RANK];

		bench_reset(&bench);
		for (unsigned int k = 0; k < rank; k++)
			dim[k] = bench_extent(&bench, most[rank]);
		make(&bench, &command, bench_below(&bench, MODES),
		     indices_types[i % INDICES_TYPES], rank, dim,
		     1 + bench_below(&bench, (1u << rank) - 1));
		run_and_expect(&bench, &command);
	}
	bench_close(&bench);
}

/* As many as a piece has, one less, one more, several pieces; with rows in front and behind. */
static void deep_rows_match_the_walk(void **state)
{
	static const uint32_t depths[] = { 2047, 2048, 2049, 6000 };
	struct normalize_command command;
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 431);
	for (unsigned int i = 0; i < 8 * MODES; i++) {
		const uint32_t rows[] = { 5, depths[i / 2 % 4] };
		const uint32_t columns[] = { depths[i / 2 % 4], 5 };

		bench_reset(&bench);
		make(&bench, &command, i / 8, indices_any_type(&bench), 2, i & 1 ? rows : columns,
		     i & 1 ? 2 : 1);
		run_and_expect(&bench, &command);
	}
	bench_close(&bench);
}

/* Rows whose values are kept, and longer ones, which are loaded again; also between two reports. */
static void very_deep_rows_match_the_walk(void **state)
{
	static const uint32_t depths[] = { 1u << 18, (1u << 18) + 1, (1u << 22) + 5000 };
	struct normalize_command command;
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", 8 * MEMORY_BYTES, 432);
	for (unsigned int i = 0; i < 3 * MODES; i++) {
		bench_reset(&bench);
		plain(&bench, &command, i / 3, TSR_HW_TYPE_FP16, TSR_HW_TYPE_FP32, 1,
		      &depths[i % 3], 1);
		run_and_expect(&bench, &command);
	}
	bench_close(&bench);
}

/* Of which a chunk has several. */
static void rows_that_are_kept_take_what_they_are_said_to(void **state)
{
	static const uint32_t dim[] = { 40, 1u << 18 };
	struct normalize_command command;
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", 8 * MEMORY_BYTES, 434);
	plain(&bench, &command, TSR_HW_NORMALIZE_SOFTMAX, TSR_HW_TYPE_INT8, TSR_HW_TYPE_INT8, 2,
	      dim, 2);
	staging_reset_peak();
	run(&bench, &command);
	assert_true(staged_as_said(&bench, &command));
	bench_close(&bench);
}

/* ---- against exact values -------------------------------------------------------- */

/* Errors in units of 2^-24, and what the manual allows. */
struct exact {
	long double value;
	long double bound;	/* of the error */
};

static void exact_softmax(const float *values, uint64_t n, bool logarithm, struct exact *exact)
{
	long double best = greatest(values, n), sum = 0;

	for (uint64_t i = 0; i < n; i++)
		sum += expl(values[i] - best);
	for (uint64_t i = 0; i < n; i++) {
		long double shifted = values[i] - best;

		if (logarithm) {
			exact[i].value = shifted - logl(sum);
			exact[i].bound = fabsl(exact[i].value) + fabsl(shifted) + n + 3 + logl(n);
		} else {
			exact[i].value = expl(shifted) / sum;
			exact[i].bound = exact[i].value * (n + 3 + logl(n) + fabsl(shifted));
		}
	}
}

static void exact_standard(const float *values, uint64_t n, float epsilon, bool centred,
			   struct exact *exact)
{
	long double mean = 0, size = 0, squares = 0, root;

	for (uint64_t i = 0; i < n; i++) {
		mean += centred ? values[i] : 0;
		size += centred ? fabsl(values[i]) : 0;
	}
	mean /= n;
	for (uint64_t i = 0; i < n; i++)
		squares += (values[i] - mean) * (values[i] - mean);
	root = sqrtl(squares / n + epsilon);
	for (uint64_t i = 0; i < n; i++) {
		long double value = (values[i] - mean) / root;

		exact[i].value = value;
		exact[i].bound = (n + 8) * (fabsl(value) + (1 + fabsl(value)) * size / n / root);
	}
}

/* The worst error in ulp, in units of 2^-24 of the result, and as a part of what is allowed. */
static struct worst {
	long double ulp;
	long double relative;
	long double part;
} worst;

static void judge(const struct tsr_hw_normalize *how, uint64_t index, float got,
		  const struct exact *exact)
{
	const long double unit = 0x1p-24L, least = 0x1p-149L;
	long double error = fabsl(got - exact->value);
	long double allowed = exact->bound * unit * 1.001L + least;

	if (!(error <= allowed))
		fail_msg("mode %u, element %llu: %a, exactly %La, wrong by %Lg of %Lg", how->mode,
			 (unsigned long long)index, (double)got, exact->value, error / unit,
			 allowed / unit);
	worst.part = fmaxl(worst.part, error / allowed);
	if (fabsl(exact->value) < 0x1p-126L)
		return;
	worst.ulp = fmaxl(worst.ulp, error / ldexpl(1, ilogbl(exact->value) - 23));
	worst.relative = fmaxl(worst.relative, error / unit / fabsl(exact->value));
}

static void judge_row(struct bench *bench, const struct normalize_command *command, uint64_t *at,
		      float *values)
{
	const struct tsr_hw_normalize *how = &command->normalize;
	uint64_t n = depth_of(command);
	struct exact *exact = calloc(n, sizeof(*exact));

	assert_non_null(exact);
	if (how->mode <= TSR_HW_NORMALIZE_LOG_SOFTMAX)
		exact_softmax(values, n, how->mode == TSR_HW_NORMALIZE_LOG_SOFTMAX, exact);
	else
		exact_standard(values, n, bench_float(how->epsilon),
			       how->mode == TSR_HW_NORMALIZE_STANDARD, exact);
	for (uint64_t i = 0; i < n; i++) {
		go_to(command, i, at);
		judge(how, i,
		      bench_float((uint32_t)indices_bits(bench, &how->d,
							 bench_plain_at(bench, &how->d, at))),
		      &exact[i]);
	}
	free(exact);
}

static void results_are_as_near_as_the_manual_says(void **state)
{
	static const uint32_t depths[] = { 1, 2, 7, 64, 1000, 4096 };
	static const float spreads[] = { 0.01f, 1, 20, 90 };
	struct normalize_command command;
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 433);
	for (unsigned int mode = 0; mode < MODES; mode++) {
		worst = (struct worst){ 0 };
		for (unsigned int i = 0; i < 24; i++) {
			const uint32_t dim[] = { 6, depths[i % 6] };

			bench_reset(&bench);
			plain(&bench, &command, mode, TSR_HW_TYPE_FP32, TSR_HW_TYPE_FP32, 2, dim,
			      2);
			command.normalize.epsilon = mode >= TSR_HW_NORMALIZE_STANDARD ?
						    bench_bits(1e-5f) : 0;
			for (uint64_t k = 0; k < bench_plain_elements(&command.normalize.x); k++)
				poke(&bench, &command.normalize.x, k,
				     bench_uniform(&bench, -1, 1.5f) * spreads[i / 6]);
			run(&bench, &command);
			for_rows(&bench, &command, judge_row);
		}
		print_message("# mode %u: worst error %.2Lf x 2^-24 of the result, "
			      "%.2Lf of what is allowed\n", mode, worst.relative, worst.part);
		assert_true(worst.part > 0.01L);
	}
	bench_close(&bench);
}

/* Rows as networks have them: the figure that the manual gives for them. */
static void ordinary_rows_of_softmax_are_within_twelve_ulp(void **state)
{
	const uint32_t dim[] = { 20, 1000 };
	struct normalize_command command;
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 436);
	worst = (struct worst){ 0 };
	plain(&bench, &command, TSR_HW_NORMALIZE_SOFTMAX, TSR_HW_TYPE_FP32, TSR_HW_TYPE_FP32, 2,
	      dim, 2);
	for (uint64_t i = 0; i < bench_plain_elements(&command.normalize.x); i++)
		poke(&bench, &command.normalize.x, i, bench_uniform(&bench, -1, 1));
	run(&bench, &command);
	for_rows(&bench, &command, judge_row);
	print_message("# softmax of 1,000 values: %.2Lf ulp\n", worst.ulp);
	assert_true(worst.ulp <= 12 && worst.ulp > 0.5L);
	bench_close(&bench);
}

/* ---- special values -------------------------------------------------------------- */

/* What softmax makes of a row of 1s with one other value: of that, and of the rest. */
static void rows_with_special_values_are_as_stated(void **state)
{
	static const struct {
		float value;
		bool throughout;
		float place;	/* not-a-number: all of the row is */
	} cases[] = {
		{ NAN, false, NAN },
		{ INFINITY, false, NAN },
		{ -INFINITY, false, 0 },
		{ -INFINITY, true, NAN },
		{ -200, false, 0 },
		{ 3e38f, true, 0.25f },
	};
	const uint32_t dim[] = { 4 };
	struct normalize_command command;
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 434);
	for (unsigned int i = 0; i < 2 * sizeof(cases) / sizeof(cases[0]); i++) {
		float place = cases[i / 2].place;

		bench_reset(&bench);
		plain(&bench, &command, i % 2, TSR_HW_TYPE_FP32, TSR_HW_TYPE_FP32, 1, dim, 1);
		bench_plain(&bench, &command.normalize.x, TSR_HW_TYPE_FP32, 1, dim, LAYOUT_DENSE,
			    TSR_HW_SLOT_READ);
		for (uint64_t k = 0; k < 4; k++)
			poke(&bench, &command.normalize.x, k,
			     k == 2 || cases[i / 2].throughout ? cases[i / 2].value : 1);
		run_and_expect(&bench, &command);
		if (isnan(place)) {
			for (uint64_t k = 0; k < 4; k++)
				assert_true(isnan(peek(&bench, &command.normalize.d, k)));
		} else if (i % 2 == TSR_HW_NORMALIZE_SOFTMAX) {
			assert_true(peek(&bench, &command.normalize.d, 2) == place);
			assert_false(signbit(peek(&bench, &command.normalize.d, 2)));
		}
	}
	bench_close(&bench);
}

static void a_fault_of_the_input_tells_its_address(void **state)
{
	const uint32_t dim[] = { 20000 };
	struct normalize_command command;
	struct outcome outcome;
	struct bench bench;
	uint64_t va;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 435);
	for (unsigned int mode = 0; mode < MODES; mode++) {
		bench_reset(&bench);
		plain(&bench, &command, mode, TSR_HW_TYPE_FP32, TSR_HW_TYPE_FP32, 1, dim, 1);
		bench_plain(&bench, &command.normalize.x, TSR_HW_TYPE_FP32, 1, dim, LAYOUT_DENSE,
			    TSR_HW_SLOT_READ);
		va = (bench_plain_address(&bench, &command.normalize.x, 9000) + FAKE_PAGE - 1) /
		     FAKE_PAGE * FAKE_PAGE;
		fake_memory_protect(bench.memory, va, false, false);
		bench_run(&bench, &command, &outcome);
		assert_int_equal(outcome.result.error, TSR_HW_ERR_FAULT_READ);
		assert_int_equal(outcome.result.fault, va);
		fake_memory_protect(bench.memory, va, true, true);
	}
	bench_close(&bench);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_commands_match_the_walk),
		cmocka_unit_test(deep_rows_match_the_walk),
		cmocka_unit_test(very_deep_rows_match_the_walk),
		cmocka_unit_test(rows_that_are_kept_take_what_they_are_said_to),
		cmocka_unit_test(results_are_as_near_as_the_manual_says),
		cmocka_unit_test(ordinary_rows_of_softmax_are_within_twelve_ulp),
		cmocka_unit_test(rows_with_special_values_are_as_stated),
		cmocka_unit_test(a_fault_of_the_input_tells_its_address),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
