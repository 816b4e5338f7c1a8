// SPDX-License-Identifier: MIT
/*
 * usage: models FOLDER
 *
 * FOLDER is one that tests/models/generate.py or schema_cases.py wrote. Every model is
 * imported, compiled, executed in several orders, and compared with the reference and
 * with ONNX Runtime; or its import is refused with the words that cases.json has.
 */
#include <json-c/json.h>
#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tessera-onnx.h>

#include "../compiler/compiler.h"
#include "../reference/reference.h"
#include "executor.h"
#include "npy.h"
#include "program_check.h"
#include "tile/sku.h"

#define ARGUMENTS	8
#define ORDERS		4

/* Relative to the largest magnitude of an output. */
#define TOLERANCE_FP32	2e-5
#define TOLERANCE_FP16	5e-3
#define TOLERANCE_BF16	4e-2

/*
 * ONNX Runtime computes quantized operators in floating point, so where the exact result
 * is halfway between two codes it takes either, and through several layers a little
 * more. An average of few codes is halfway quite often.
 */
#define STEPS_APART		2.001
#define SHARE_APART		0.05
#define SHARE_APART_AVERAGE	0.5

struct model {
	const char *folder;
	const char *name;
	enum tsr_type precision;
	struct json_object *steps;	/* of the outputs, NULL when not quantized */
	struct json_object *operators;
	struct json_object *refused;	/* words of the refusal, NULL when there is none */
	struct json_object *or_refused;	/* the same where a right result is right as well */
	struct tsr_graph *graph;
	struct tsr_program *program;
	struct npy input[ARGUMENTS];
	struct npy expected[ARGUMENTS];
	void *output[ARGUMENTS];
	size_t inputs;
	size_t outputs;
	char error[512];
};

__attribute__((format(printf, 2, 3)))
static bool fail(struct model *m, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(m->error, sizeof(m->error), format, arguments);
	va_end(arguments);
	return false;
}

static bool load_arrays(struct model *m, const char *kind, size_t count, struct npy *arrays)
{
	char path[512];
	size_t i;

	if (count > ARGUMENTS)
		return fail(m, "%zu %ss", count, kind);
	for (i = 0; i < count; i++) {
		snprintf(path, sizeof(path), "%s/%s/%s_%zu.npy", m->folder, m->name, kind, i);
		if (npy_load(path, &arrays[i], m->error, sizeof(m->error)))
			return false;
		if (arrays[i].kind != 'f' || arrays[i].width != 4)
			return fail(m, "%s is not of type float32", path);
	}
	return true;
}

static bool import(struct model *m)
{
	struct tsr_onnx_options options = TSR_OPTIONS(tsr_onnx_options,
						      .batch = m->input[0].dim[0]);
	char path[512];

	snprintf(path, sizeof(path), "%s/%s/model.onnx", m->folder, m->name);
	return !tsr_onnx_import_file(path, &options, &m->graph) || fail(m, "%s", tsr_error());
}

/* Are all @words in the sentence of the last failure? */
static bool says(const struct json_object *words)
{
	size_t i;

	for (i = 0; i < json_object_array_length(words); i++)
		if (!strstr(tsr_error(),
			    json_object_get_string(json_object_array_get_idx(words, i))))
			return false;
	return true;
}

static bool check_refusal(struct model *m)
{
	if (import(m))
		return fail(m, "it is accepted");
	return says(m->refused) || fail(m, "it is refused with: %s", tsr_error());
}

static bool compile(struct model *m, const struct sku *sku)
{
	struct tsr_compile_options options =
		TSR_OPTIONS(tsr_compile_options, .precision = m->precision);
	size_t i;

	if (tsr_compile_for(m->graph, sku_fuses(sku), &options, &m->program))
		return fail(m, "%s", tsr_error());
	if (tsr_program_inputs(m->program) != m->inputs ||
	    tsr_program_outputs(m->program) != m->outputs)
		return fail(m, "%zu inputs and %zu outputs", tsr_program_inputs(m->program),
			    tsr_program_outputs(m->program));
	for (i = 0; i < m->inputs; i++)
		if (tsr_program_input(m->program, i)->size != m->input[i].count * sizeof(float))
			return fail(m, "input %zu has another size", i);
	for (i = 0; i < m->outputs; i++) {
		if (tsr_program_output(m->program, i)->size !=
		    m->expected[i].count * sizeof(float))
			return fail(m, "output %zu has another size", i);
		m->output[i] = calloc(m->expected[i].count, sizeof(float));
	}
	return true;
}

static bool run(struct model *m, const struct sku *sku, uint64_t seed, void *const *output)
{
	const void *input[ARGUMENTS];
	struct execution execution = {
		.sku = sku, .program = m->program, .input = input, .output = output, .repeat = 1,
		.seed = seed,
	};
	size_t i;

	for (i = 0; i < m->inputs; i++)
		input[i] = m->input[i].data;
	return execute(&execution) || fail(m, "%s", execution.error);
}

/* What the order of the nodes changes is a missing edge. */
static bool run_orders(struct model *m, const struct sku *sku)
{
	void *again[ARGUMENTS] = { 0 };
	bool same = run(m, sku, 0, m->output);
	uint64_t seed;
	size_t i;

	for (i = 0; i < m->outputs; i++)
		again[i] = calloc(m->expected[i].count, sizeof(float));
	for (seed = 1; seed <= ORDERS && same; seed++) {
		same = run(m, sku, seed, again);
		for (i = 0; i < m->outputs && same; i++)
			if (memcmp(m->output[i], again[i], m->expected[i].count * sizeof(float)))
				same = fail(m, "order %llu changes output %zu",
					    (unsigned long long)seed, i);
	}
	for (i = 0; i < m->outputs; i++)
		free(again[i]);
	return same;
}

static double largest_difference(const float *a, const float *b, size_t count, double *magnitude)
{
	double largest = 0;
	size_t i;

	*magnitude = 0;
	for (i = 0; i < count; i++) {
		double difference = fabs((double)a[i] - (double)b[i]);

		*magnitude = fmax(*magnitude, fabs((double)b[i]));
		largest = fmax(largest, isnan(difference) ? INFINITY : difference);
	}
	return largest;
}

static bool within(struct model *m, const char *whose, size_t i, const float *expected,
		   double tolerance)
{
	double magnitude, largest;

	largest = largest_difference(m->output[i], expected, m->expected[i].count, &magnitude);
	if (largest <= tolerance * fmax(magnitude, 1e-3))
		return true;
	return fail(m, "output %zu is %g off %s's, which reaches %g", i, largest, whose, magnitude);
}

static bool uses(const struct model *m, const char *operator)
{
	size_t i;

	for (i = 0; i < json_object_array_length(m->operators); i++)
		if (!strcmp(json_object_get_string(json_object_array_get_idx(m->operators, i)),
			    operator))
			return true;
	return false;
}

static bool near_codes(struct model *m, size_t i)
{
	double share = uses(m, "AveragePool") ? SHARE_APART_AVERAGE : SHARE_APART;
	double step = json_object_get_double(json_object_array_get_idx(m->steps, i));
	const float *a = m->output[i], *b = m->expected[i].data;
	size_t apart = 0, k;

	for (k = 0; k < m->expected[i].count; k++) {
		double steps = fabs((double)a[k] - (double)b[k]) / step;

		if (!(steps <= STEPS_APART))
			return fail(m, "output %zu, value %zu: %g, ONNX Runtime says %g, %.1f "
				    "steps away", i, k, (double)a[k], (double)b[k], steps);
		apart += steps > 0.5;
	}
	if ((double)apart > share * (double)m->expected[i].count + 1)
		return fail(m, "output %zu: %zu of %zu values differ from ONNX Runtime's", i, apart,
			    m->expected[i].count);
	return true;
}

static double tolerance(const struct model *m)
{
	switch (m->precision) {
	case TSR_FP16:
		return TOLERANCE_FP16;
	case TSR_BF16:
		return TOLERANCE_BF16;
	default:
		return TOLERANCE_FP32;
	}
}

static bool compare_with_runtime(struct model *m)
{
	size_t i;

	for (i = 0; i < m->outputs; i++)
		if (m->steps ? !near_codes(m, i) :
			       !within(m, "ONNX Runtime", i, m->expected[i].data, tolerance(m)))
			return false;
	return true;
}

/* The last bits of transcendental functions are left open, and so is a code on the edge. */
static double reference_tolerance(const struct model *m, size_t i)
{
	double magnitude;

	if (!m->steps)
		return tolerance(m);
	largest_difference(m->output[i], m->output[i], m->expected[i].count, &magnitude);
	if (!uses(m, "Softmax") && !uses(m, "Sigmoid"))
		return 0;
	return json_object_get_double(json_object_array_get_idx(m->steps, i)) * 1.001 /
	       fmax(magnitude, 1e-3);
}

static bool compare_with_reference(struct model *m)
{
	const void *input[ARGUMENTS];
	void *output[ARGUMENTS] = { 0 };
	bool agrees;
	size_t i;

	for (i = 0; i < m->inputs; i++)
		input[i] = m->input[i].data;
	for (i = 0; i < m->outputs; i++)
		output[i] = calloc(m->expected[i].count, sizeof(float));
	agrees = !tsr_reference_run(m->graph, input, output) || fail(m, "%s", tsr_error());
	for (i = 0; i < m->outputs && agrees; i++)
		agrees = within(m, "the reference", i, output[i], reference_tolerance(m, i));
	for (i = 0; i < m->outputs; i++)
		free(output[i]);
	return agrees;
}

static bool well_formed(struct model *m, const struct sku *sku)
{
	return !program_check(m->program, sku, m->error, sizeof(m->error));
}

static bool check(struct model *m, const struct sku *sku)
{
	if (m->refused)
		return check_refusal(m);
	if (!load_arrays(m, "input", m->inputs, m->input) ||
	    !load_arrays(m, "output", m->outputs, m->expected))
		return false;
	if (!import(m))
		return m->or_refused && says(m->or_refused);
	return compile(m, sku) && well_formed(m, sku) && run_orders(m, sku) &&
	       compare_with_reference(m) && compare_with_runtime(m);
}

static void release(struct model *m)
{
	size_t i;

	for (i = 0; i < ARGUMENTS; i++) {
		free(m->input[i].data);
		free(m->expected[i].data);
		free(m->output[i]);
	}
	tsr_program_destroy(m->program);
	tsr_graph_destroy(m->graph);
}

static bool check_case(const char *folder, struct json_object *entry, enum tsr_type precision,
		       const struct sku *sku, unsigned int number)
{
	struct model m = {
		.folder = folder, .precision = precision,
		.name = json_object_get_string(json_object_object_get(entry, "name")),
		.inputs = json_object_array_length(json_object_object_get(entry, "inputs")),
		.outputs = json_object_array_length(json_object_object_get(entry, "outputs")),
		.steps = json_object_object_get(entry, "output_steps"),
		.operators = json_object_object_get(entry, "operators"),
		.refused = json_object_object_get(entry, "refused"),
		.or_refused = json_object_object_get(entry, "or_refused"),
	};
	bool good = check(&m, sku);

	printf("%s %u - %s%s%s\n", good ? "ok" : "not ok", number, m.name,
	       precision == TSR_FP32 ? "" : " in ",
	       precision == TSR_FP32 ? "" : tsr_type_name(precision));
	if (!good)
		printf("# %s\n", m.error);
	release(&m);
	return good;
}

int main(int argc, char **argv)
{
	static const enum tsr_type narrow[] = { TSR_FP16, TSR_BF16 };
	struct json_object *index, *cases;
	unsigned int number = 0, bad = 0;
	char path[512], error[256];
	struct sku *sku;
	size_t i, k;

	if (argc != 2)
		return 2;
	snprintf(path, sizeof(path), "%s/cases.json", argv[1]);
	index = json_object_from_file(path);
	cases = index ? json_object_object_get(index, "cases") : NULL;
	if (!cases || sku_load(TESTS_SKU, &sku, error, sizeof(error))) {
		printf("Bail out! %s\n", cases ? error : json_util_get_last_err());
		return 1;
	}
	for (i = 0; i < json_object_array_length(cases); i++) {
		struct json_object *entry = json_object_array_get_idx(cases, i);

		bad += !check_case(argv[1], entry, TSR_FP32, sku, ++number);
		if (json_object_object_get(entry, "output_steps") ||
		    json_object_object_get(entry, "only_fp32"))
			continue;
		for (k = 0; k < sizeof(narrow) / sizeof(narrow[0]); k++)
			bad += !check_case(argv[1], entry, narrow[k], sku, ++number);
	}
	printf("1..%u\n", number);
	sku_free(sku);
	json_object_put(index);
	return bad != 0;
}
