/* SPDX-License-Identifier: MIT */
/*
 * NORMALIZE, one operation after another, each rounded once: what the manual has in strict mode
 * and a virtual NPU in both. The kind is the type of the input.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "breadth.h"
#include "reductions.h"
#include "stored.h"

struct normalizing {
	struct tsr_hw_normalize body;
	struct programs programs;
};

static void make(struct bench *bench, const struct breadth_case *one,
		 struct normalizing *normalizing)
{
	struct tsr_hw_normalize *body = &normalizing->body;
	uint32_t dim[TSR_HW_MAX_RANK];

	memset(normalizing, 0, sizeof(*normalizing));
	breadth_shape(bench, one->rank, dim);
	body->head.op = TSR_HW_OP_NORMALIZE;
	body->axes = 1 + bench_below(bench, (1u << one->rank) - 1);
	body->mode = (uint8_t)bench_below(bench, 4);
	if (body->mode == TSR_HW_NORMALIZE_STANDARD || body->mode == TSR_HW_NORMALIZE_RMS)
		body->epsilon = bench_below(bench, 4) ?
				bench_bits(bench_uniform(bench, 0, 0.01f)) : 0;
	breadth_input(bench, &body->x, breadth_types[one->kind], one->rank, dim, one->layout);
	breadth_output(bench, &body->d, breadth_any_output(bench), one->rank, dim, one->layout);
	breadth_step_of(bench, &body->step, &body->x, &body->d);
	if (!bench_below(bench, 3))
		reductions_prologue(bench, &body->x, &normalizing->programs);
	if (bench_below(bench, 2))
		reductions_epilogue(bench, NUMBER_F32, &body->d, &normalizing->programs);
	programs_place(&normalizing->programs, &body->head, sizeof(*body));
}

static float real(const struct bench *bench, const struct normalizing *normalizing,
		  const uint64_t *at)
{
	const struct tsr_hw_tensor *x = &normalizing->body.x;
	union value value = reductions_loaded(bench, &normalizing->programs, x, at);

	return stored_is_float(x->type) ? value.f32 : (float)value.i64;
}

/* A row: its elements by their numbers in x. */
struct row {
	uint64_t n;
	uint64_t *number;
	float *value;
};

static float largest(const struct row *row)
{
	float most = -INFINITY;

	for (uint64_t i = 0; i < row->n; i++)
		most = isnan(most) || isnan(row->value[i]) ? NAN : fmaxf(most, row->value[i]);
	return most;
}

/* Rounded once: the long double is right to more bits than make a difference. */
static float power_of_e(float x)
{
	return (float)expl((long double)x);
}

static void softmax(const struct row *row, bool logarithm)
{
	float most = largest(row);
	float log_sum;
	float sum = 0;

	for (uint64_t i = 0; i < row->n; i++)
		sum += power_of_e(row->value[i] - most);
	log_sum = (float)logl((long double)sum);
	for (uint64_t i = 0; i < row->n; i++) {
		float t = row->value[i] - most;

		row->value[i] = logarithm ? t - log_sum : power_of_e(t) / sum;
	}
}

static float mean(const struct row *row, float centre)
{
	float sum = 0;

	for (uint64_t i = 0; i < row->n; i++) {
		float t = row->value[i] - centre;

		sum += t * t;
	}
	return sum / (float)row->n;
}

static void standard(const struct row *row, float epsilon, bool centred)
{
	float centre = 0;
	float root;

	for (uint64_t i = 0; centred && i < row->n; i++)
		centre += row->value[i];
	if (centred)
		centre /= (float)row->n;
	root = sqrtf(mean(row, centre) + epsilon);
	for (uint64_t i = 0; i < row->n; i++)
		row->value[i] = (centred ? row->value[i] - centre : row->value[i]) / root;
}

static bool same_row(const struct tsr_hw_normalize *body, uint64_t a, uint64_t b)
{
	uint64_t x[TSR_HW_MAX_RANK], y[TSR_HW_MAX_RANK];

	breadth_coordinates(&body->x, a, x);
	breadth_coordinates(&body->x, b, y);
	for (unsigned int i = 0; i < body->x.rank; i++)
		if (!(body->axes & 1u << i) && x[i] != y[i])
			return false;
	return true;
}

static void expect_row(const struct bench *bench, const struct normalizing *normalizing,
		       const struct row *row)
{
	const struct tsr_hw_normalize *body = &normalizing->body;
	uint64_t at[TSR_HW_MAX_RANK];

	if (body->mode == TSR_HW_NORMALIZE_SOFTMAX || body->mode == TSR_HW_NORMALIZE_LOG_SOFTMAX)
		softmax(row, body->mode == TSR_HW_NORMALIZE_LOG_SOFTMAX);
	else
		standard(row, bench_float(body->epsilon), body->mode == TSR_HW_NORMALIZE_STANDARD);
	for (uint64_t i = 0; i < row->n; i++) {
		const union value value = { .f32 = row->value[i] };

		breadth_coordinates(&body->d, row->number[i], at);
		reductions_expect(bench, NUMBER_F32, &normalizing->programs, &body->d, at, value);
	}
}

/* The row that begins with element @first of x; false if that lies further back in one. */
static bool take_row(const struct bench *bench, const struct normalizing *normalizing,
		     uint64_t first, struct row *row)
{
	const struct tsr_hw_normalize *body = &normalizing->body;
	uint64_t at[TSR_HW_MAX_RANK];

	breadth_coordinates(&body->x, first, at);
	for (unsigned int i = 0; i < body->x.rank; i++)
		if (body->axes & 1u << i && at[i])
			return false;
	row->n = 0;
	for (uint64_t i = first; i < bench_plain_elements(&body->x); i++) {
		if (!same_row(body, first, i))
			continue;
		breadth_coordinates(&body->x, i, at);
		row->number[row->n] = i;
		row->value[row->n++] = real(bench, normalizing, at);
	}
	return true;
}

static bool run(struct bench *bench, const struct breadth_case *one)
{
	struct normalizing normalizing;
	struct row row;
	uint64_t n;
	bool good;

	make(bench, one, &normalizing);
	n = bench_plain_elements(&normalizing.body.x);
	row.number = calloc(n + 1, sizeof(*row.number));
	row.value = calloc(n + 1, sizeof(*row.value));
	good = breadth_execute(bench, &normalizing);
	for (uint64_t i = 0; good && i < n; i++)
		if (take_row(bench, &normalizing, i, &row))
			expect_row(bench, &normalizing, &row);
	free(row.number);
	free(row.value);
	return good && breadth_padded(bench, &normalizing.body.d);
}

const struct breadth_command breadth_normalize = {
	"NORMALIZE", BREADTH_ALL_TYPES, 1, TSR_HW_MAX_RANK, run,
};
