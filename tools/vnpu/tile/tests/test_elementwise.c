/* SPDX-License-Identifier: MIT */
#include "suite.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "reference.h"

static const uint8_t types[] = { TSR_HW_TYPE_FP32, TSR_HW_TYPE_FP16, TSR_HW_TYPE_BF16,
				 TSR_HW_TYPE_INT8, TSR_HW_TYPE_UINT8, TSR_HW_TYPE_INT32 };

static void random_tensor(struct bench *bench, struct tsr_hw_scaled_tensor *tensor,
			  unsigned int rank,
			  const uint32_t *dim, unsigned int layout, uint32_t flags)
{
	bench_tensor(bench, tensor, types[bench_below(bench, 6)], rank, dim, layout, flags);
	if (tensor->type == TSR_HW_TYPE_INT32) {
		tensor->scale = bench_bits(bench_uniform(bench, 1e-5f, 1e-3f));
		tensor->zero_point = bench_random(bench) >> 16;
	}
}

static void random_command(struct bench *bench, struct tsr_hw_elementwise *command,
			   uint32_t function, bool binary)
{
	unsigned int rank = bench_below(bench, TSR_HW_MAX_RANK + 1);
	uint32_t dim[TSR_HW_MAX_RANK];

	memset(command, 0, sizeof(*command));
	command->head.op = TSR_HW_OP_ELEMENTWISE;
	command->head.size = sizeof(*command);
	command->function = function;
	for (unsigned int i = 0; i < rank; i++)
		dim[i] = bench_extent(bench, i + 1 == rank ? 40 : rank < 6 ? 5 : 2);
	random_tensor(bench, &command->a, rank, dim, bench_any_layout(bench) | LAYOUT_REPEAT,
		      TSR_HW_SLOT_READ);
	bench_none(&command->b);
	if (binary)
		random_tensor(bench, &command->b, rank, dim,
			      bench_any_layout(bench) | LAYOUT_REPEAT, TSR_HW_SLOT_READ);
	random_tensor(bench, &command->d, rank, dim, bench_any_layout(bench), TSR_HW_SLOT_WRITE);
}

static void random_parameters(struct bench *bench, struct tsr_hw_elementwise *command)
{
	switch (command->function) {
	case TSR_HW_EW_CLIP:
		command->alpha = bench_bits(-0.5f);
		command->beta = bench_bits(0.75f);
		break;
	case TSR_HW_EW_HARD_SIGMOID:
		command->alpha = bench_bits(0.2f);
		command->beta = bench_bits(0.5f);
		break;
	case TSR_HW_EW_LEAKY_RELU:
		command->alpha = bench_bits(0.01f);
		break;
	default:
		if (command->function <= TSR_HW_EW_MAX)
			command->activation = bench_below(bench, 3);
		if (command->activation == TSR_HW_ACT_CLIP) {
			command->alpha = bench_bits(-0.5f);
			command->beta = bench_bits(0.75f);
		}
		break;
	}
}

static float clamped(float x, float low, float high)
{
	return x < low ? low : x > high ? high : x;
}

/* Each operation rounded to fp32 once. */
static float unary(const struct tsr_hw_elementwise *command, float x)
{
	float alpha = bench_float(command->alpha);
	float beta = bench_float(command->beta);
	float t = alpha * x;

	switch (command->function) {
	case TSR_HW_EW_RELU: return x < 0 ? 0 : x;
	case TSR_HW_EW_CLIP: return clamped(x, alpha, beta);
	case TSR_HW_EW_SIGMOID: return (float)(1 / (1 + expl(-(long double)x)));
	case TSR_HW_EW_TANH: return (float)tanhl((long double)x);
	case TSR_HW_EW_EXP: return (float)expl((long double)x);
	case TSR_HW_EW_SQRT: return (float)sqrt((double)x);
	case TSR_HW_EW_NEG: return -x;
	case TSR_HW_EW_ABS: return x < 0 ? -x : x;
	case TSR_HW_EW_LEAKY_RELU: return x < 0 ? t : x;
	case TSR_HW_EW_HARD_SIGMOID: return clamped(t + beta, 0, 1);
	default: return (float)erfl((long double)x);
	}
}

static float binary(uint32_t function, float x, float y)
{
	switch (function) {
	case TSR_HW_EW_ADD: return x + y;
	case TSR_HW_EW_SUB: return x - y;
	case TSR_HW_EW_MUL: return x * y;
	case TSR_HW_EW_DIV: return x / y;
	case TSR_HW_EW_MIN: return y < x ? y : x;
	default: return y > x ? y : x;
	}
}

static float compute(const struct bench *bench, const struct tsr_hw_elementwise *command,
		     uint64_t index)
{
	float x = reference_load(bench, &command->a, bench_address(bench, &command->a, index));
	float y;

	if (command->head.op == TSR_HW_OP_CONVERT)
		return x;
	if (command->function > TSR_HW_EW_MAX)
		return unary(command, x);
	y = binary(command->function, x,
		   reference_load(bench, &command->b, bench_address(bench, &command->b, index)));
	if (command->activation == TSR_HW_ACT_RELU)
		return y < 0 ? 0 : y;
	if (command->activation == TSR_HW_ACT_CLIP)
		return clamped(y, bench_float(command->alpha), bench_float(command->beta));
	return y;
}

/* The stored form of @y is what lies at @va. */
static bool stored(const struct bench *bench, const struct tsr_hw_scaled_tensor *d, uint64_t va,
		   float y)
{
	double want;

	if (reference_is_integer(d->type) || d->type == TSR_HW_TYPE_INT32)
		return bench_code(bench, d, va) ==
		       reference_quantize(d, y / bench_float(d->scale));
	want = reference_round(d->type, (double)y);
	return bench_value(bench, d, va) == want ||
	       (isnan(want) && isnan(bench_value(bench, d, va)));
}

static bool matches(const struct bench *bench, const struct tsr_hw_elementwise *command,
		    uint64_t index)
{
	uint64_t va = bench_address(bench, &command->d, index);
	float y = compute(bench, command, index);

	if (stored(bench, &command->d, va, y))
		return true;
	fprintf(stderr, "function %u element %llu: expected %.9g\n", command->function,
		(unsigned long long)index, (double)y);
	return false;
}

static void check_all(struct bench *bench, struct tsr_hw_elementwise *command)
{
	struct outcome outcome;

	bench_run(bench, command, &outcome);
	assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
	assert_int_equal(outcome.progress, outcome.cost.blocks);
	for (uint64_t i = 0; i < bench_elements(&command->d); i++)
		assert_true(matches(bench, command, i));
}

static void functions_match_the_reference(void **state)
{
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 70);
	for (uint32_t function = 0; function <= TSR_HW_EW_ERF; function++) {
		if (function > TSR_HW_EW_MAX && function < TSR_HW_EW_RELU)
			continue;
		for (int i = 0; i < 40; i++) {
			struct tsr_hw_elementwise command;

			bench_reset(&bench);
			random_command(&bench, &command, function, function <= TSR_HW_EW_MAX);
			random_parameters(&bench, &command);
			check_all(&bench, &command);
		}
	}
	bench_close(&bench);
}

static void conversions_match_the_reference(void **state)
{
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 71);
	for (int i = 0; i < 4 * CASES; i++) {
		struct tsr_hw_elementwise command;

		bench_reset(&bench);
		random_command(&bench, &command, 0, false);
		command.head.op = TSR_HW_OP_CONVERT;
		check_all(&bench, &command);
	}
	bench_close(&bench);
}

/* Infinities, NaN, halves of a step and values beyond every range. */
static void special_values_convert_as_the_manual_says(void **state)
{
	static const float values[] = { 0.0f, -0.0f, INFINITY, -INFINITY, NAN, 0.5f, 1.5f, 2.5f,
					-0.5f, -1.5f, 1e30f, -1e30f, 65504.0f, 65520.0f, 65519.9f,
					0x1p-25f, 0x1.8p-25f, 0x1p-149f, 3.3895314e38f,
					2147483648.0f, 4294967296.0f };
	const uint32_t n = sizeof(values) / sizeof(values[0]);
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 72);
	for (unsigned int type = 0; type < 6; type++) {
		struct tsr_hw_elementwise command = {
			.head = { .op = TSR_HW_OP_CONVERT, .size = sizeof(command) },
		};

		bench_reset(&bench);
		bench_tensor(&bench, &command.a, TSR_HW_TYPE_FP32, 1, &n, LAYOUT_DENSE,
			     TSR_HW_SLOT_READ);
		bench_none(&command.b);
		bench_tensor(&bench, &command.d, types[type], 1, &n, LAYOUT_DENSE,
			     TSR_HW_SLOT_WRITE);
		if (types[type] >= TSR_HW_TYPE_INT8)
			command.d.scale = bench_bits(1.0f);
		for (uint32_t i = 0; i < n; i++)
			fake_memory_poke(bench.memory, bench_address(&bench, &command.a, i),
					 &values[i], sizeof(values[i]));
		check_all(&bench, &command);
	}
	bench_close(&bench);
}

/* The runtime reuses memory: same layout, output over input. */
static void output_may_replace_an_operand(void **state)
{
	const uint32_t n = 20000;
	struct tsr_hw_elementwise command = {
		.head = { .op = TSR_HW_OP_ELEMENTWISE, .size = sizeof(command) },
		.function = TSR_HW_EW_ADD,
	};
	struct outcome outcome;
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 73);
	bench_tensor(&bench, &command.a, TSR_HW_TYPE_INT32, 1, &n, LAYOUT_DENSE,
		     TSR_HW_SLOT_READ | TSR_HW_SLOT_WRITE);
	command.a.scale = bench_bits(1.0f);
	command.b = command.a;
	command.d = command.a;
	for (uint32_t i = 0; i < n; i++)
		fake_memory_poke(bench.memory, bench_address(&bench, &command.a, i), &i, 4);
	bench_run(&bench, &command, &outcome);
	assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
	for (uint32_t i = 0; i < n; i++)
		assert_int_equal(bench_code(&bench, &command.d,
					    bench_address(&bench, &command.d, i)), 2 * i);
	bench_close(&bench);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(functions_match_the_reference),
		cmocka_unit_test(conversions_match_the_reference),
		cmocka_unit_test(special_values_convert_as_the_manual_says),
		cmocka_unit_test(output_may_replace_an_operand),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
