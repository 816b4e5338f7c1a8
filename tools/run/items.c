// SPDX-License-Identifier: MIT
#include "items.h"

#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "npy.h"
#include "rank.h"

#define RUNS_MAX	((uint64_t)1 << 24)
#define SHOWN_ITEMS	10
#define SHOWN_VALUES	10

static size_t elements(const struct tsr_argument *argument)
{
	return argument->size / tsr_type_size(argument->info.type);
}

static size_t row_elements(const struct tsr_argument *argument)
{
	return elements(argument) / (size_t)argument->info.dim[0];
}

static char type_kind(enum tsr_type type)
{
	if (type == TSR_INT8 || type == TSR_INT32)
		return 'i';
	return type == TSR_UINT8 ? 'u' : 'f';
}

/* Raw files hold elements of the input's own type: items one after the other. */
static void shape_raw(const struct tsr_argument *argument, struct npy *array)
{
	const struct tsr_tensor_info *info = &argument->info;

	array->rank = info->rank;
	memcpy(array->dim, info->dim, info->rank * sizeof(info->dim[0]));
	array->dim[0] = (int64_t)(array->count / row_elements(argument));
}

static enum exit_code load_raw(const char *path, const struct tsr_argument *argument,
			       struct npy *array)
{
	size_t row = row_elements(argument) * tsr_type_size(argument->info.type), got = 0;
	FILE *stream = fopen(path, "rbe");
	struct stat status = { 0 };

	if (!stream || fstat(fileno(stream), &status)) {
		if (stream)
			fclose(stream);
		return complain(EXIT_FILE, "%s: %m", path);
	}
	*array = (struct npy){
		.kind = type_kind(argument->info.type),
		.width = tsr_type_size(argument->info.type),
		.data = malloc((size_t)status.st_size + 1),
	};
	if (array->data)
		got = fread(array->data, 1, (size_t)status.st_size, stream);
	fclose(stream);
	array->count = got / array->width;
	shape_raw(argument, array);
	if (got == (size_t)status.st_size && got % row == 0)
		return EXIT_OK;
	free(array->data);
	return complain(EXIT_FILE, "%s: %zu bytes are not a whole number of items; one item of "
			"input %s has %zu bytes of %s", path, got, argument->name, row,
			tsr_type_name(argument->info.type));
}

static enum exit_code load(const char *path, const struct tsr_argument *argument,
			   struct npy *array)
{
	size_t length = strlen(path);
	char error[256];

	if (length < 4 || strcmp(path + length - 4, ".npy"))
		return load_raw(path, argument, array);
	if (npy_load(path, array, error, sizeof(error)))
		return complain(EXIT_FILE, "%s", error);
	return EXIT_OK;
}

/* "(10, 1, 28, 28)"; the first extent of an input is any number. */
static void print_shape(char *text, size_t size, const int64_t *dim, unsigned int rank, bool any)
{
	size_t used = (size_t)snprintf(text, size, "(");
	unsigned int i;

	for (i = 0; i < rank && used < size; i++)
		if (any && !i)
			used += (size_t)snprintf(text + used, size - used, "any%s",
						 rank > 1 ? ", " : "");
		else
			used += (size_t)snprintf(text + used, size - used, "%" PRId64 "%s", dim[i],
						 i + 1 < rank ? ", " : "");
	if (used < size)
		snprintf(text + used, size - used, ")");
}

static bool shape_fits(const struct npy *array, const struct tsr_tensor_info *info)
{
	unsigned int i;

	/* A single number for an input of one. */
	if (!array->rank)
		return info->rank == 1 && info->dim[0] == 1;
	for (i = 1; i < info->rank && i < array->rank; i++)
		if (array->dim[i] != info->dim[i])
			return false;
	return array->rank == info->rank && array->count;
}

static enum exit_code check_shape(const char *path, const struct npy *array,
				  const struct tsr_argument *argument)
{
	char given[256], wanted[256];

	if (shape_fits(array, &argument->info))
		return EXIT_OK;
	print_shape(given, sizeof(given), array->dim, array->rank, false);
	print_shape(wanted, sizeof(wanted), argument->info.dim, argument->info.rank, true);
	return complain(EXIT_FILE, "%s: it has shape %s, input %s wants %s", path, given,
			argument->name, wanted);
}

/* Wide enough for every element type a file may have. */
static long double element(const struct npy *array, size_t i)
{
	switch (array->kind << 4 | (int)array->width) {
	case 'f' << 4 | 2:
		return (float)((_Float16 *)array->data)[i];
	case 'f' << 4 | 4:
		return ((float *)array->data)[i];
	case 'f' << 4 | 8:
		return ((double *)array->data)[i];
	case 'u' << 4 | 1:
		return ((uint8_t *)array->data)[i];
	case 'u' << 4 | 2:
		return ((uint16_t *)array->data)[i];
	case 'u' << 4 | 4:
		return ((uint32_t *)array->data)[i];
	case 'i' << 4 | 1:
		return ((int8_t *)array->data)[i];
	case 'i' << 4 | 2:
		return ((int16_t *)array->data)[i];
	case 'i' << 4 | 4:
		return ((int32_t *)array->data)[i];
	case 'i' << 4 | 8:
		return ((int64_t *)array->data)[i];
	default:
		return ((uint64_t *)array->data)[i];
	}
}

/* An integer is kept as it is; a real number may be rounded, but not to infinity. */
static bool is_kept(const struct npy *array, long double value, float converted)
{
	if (array->kind == 'f')
		return !isfinite(value) || isfinite(converted);
	return value == (long double)converted;
}

/* Numbers of any type make a floating-point input; codes must be codes already. */
static enum exit_code convert(const char *path, const struct npy *array, struct items *items)
{
	enum tsr_type type = items->argument->info.type;
	size_t i;

	if (array->kind == type_kind(type) && array->width == tsr_type_size(type)) {
		memcpy(items->data, array->data, array->count * array->width);
		return EXIT_OK;
	}
	if (type != TSR_FP32)
		return complain(EXIT_FILE, "%s: input %s wants %s elements", path,
				items->argument->name, tsr_type_name(type));
	for (i = 0; i < array->count; i++) {
		long double value = element(array, i);

		((float *)items->data)[i] = (float)value;
		if (!is_kept(array, value, (float)value))
			return complain(EXIT_FILE, "%s: element %zu, %.20Lg, is no number of type "
					"fp32, which input %s wants", path, i, value,
					items->argument->name);
	}
	return EXIT_OK;
}

/* How many runs @count elements are; all inputs must agree. */
static enum exit_code measure(const char *path, const struct tsr_argument *argument, size_t count,
			      bool first, struct workload *work)
{
	uint64_t batch = (uint64_t)argument->info.dim[0], rows = count / row_elements(argument);
	uint64_t runs = (rows + batch - 1) / batch;

	if (runs > RUNS_MAX)
		return complain(EXIT_FILE, "%s: %" PRIu64 " runs are too many; use a larger "
				"--batch", path, runs);
	if (!first && (runs != work->runs || runs * batch - rows != work->padding))
		return complain(EXIT_FILE, "%s: %" PRIu64 " items of input %s do not go with those "
				"of the inputs before", path, rows, argument->name);
	work->runs = (uint32_t)runs;
	work->padding = runs * batch - rows;
	if (first)
		work->items = rows;
	return EXIT_OK;
}

static enum exit_code make_room(struct items *items, uint32_t runs)
{
	items->data = calloc(runs, items->argument->size);
	return items->data ? EXIT_OK : complain(EXIT_FILE, "no memory for %u times %zu bytes", runs,
						items->argument->size);
}

static enum exit_code read_input(const char *path, size_t i, struct workload *work)
{
	struct items *items = &work->input[i];
	struct npy array;
	enum exit_code code = load(path, items->argument, &array);

	if (code)
		return code;
	code = check_shape(path, &array, items->argument);
	if (!code)
		code = measure(path, items->argument, array.count, i == 0, work);
	if (!code)
		code = make_room(items, work->runs);
	if (!code)
		code = convert(path, &array, items);
	free(array.data);
	return code;
}

static uint64_t next_random(uint64_t *state)
{
	/* SplitMix64 */
	uint64_t z = (*state += 0x9e3779b97f4a7c15u);

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

static enum exit_code invent_input(uint64_t *state, struct items *items)
{
	enum exit_code code = make_room(items, 1);
	size_t i;

	if (code)
		return code;
	if (items->argument->info.type == TSR_FP32)
		for (i = 0; i < elements(items->argument); i++)
			((float *)items->data)[i] =
				(float)(next_random(state) >> 40) * 0x1p-23f - 1;
	else
		for (i = 0; i < items->argument->size; i++)
			((uint8_t *)items->data)[i] = (uint8_t)next_random(state);
	return EXIT_OK;
}

static enum exit_code make_inputs(const struct options *options, struct workload *work)
{
	enum exit_code code = EXIT_OK;
	uint64_t state = options->seed;
	size_t i;

	if (options->input_count && options->input_count != work->inputs)
		return complain(EXIT_USAGE, "the model has %zu inputs, %zu files are given",
				work->inputs, options->input_count);
	work->runs = 1;
	work->items = work->inputs ? (uint64_t)work->input[0].argument->info.dim[0] : 1;
	for (i = 0; i < work->inputs && !code; i++)
		code = options->input_count ? read_input(options->input[i], i, work) :
					      invent_input(&state, &work->input[i]);
	return code;
}

static enum exit_code make_outputs(const struct options *options, struct workload *work)
{
	enum exit_code code = EXIT_OK;
	size_t i;

	if (options->output_count > work->outputs)
		return complain(EXIT_USAGE, "the model has %zu outputs, %zu files are given",
				work->outputs, options->output_count);
	for (i = 0; i < work->outputs && !code; i++) {
		if (work->padding &&
		    work->output[i].argument->info.dim[0] != work->input[0].argument->info.dim[0])
			return complain(EXIT_FILE, "%" PRIu64 " items are not a multiple of the "
					"batch of %lld, and output %s has no batch to cut",
					work->items,
					(long long)work->input[0].argument->info.dim[0],
					work->output[i].argument->name);
		code = make_room(&work->output[i], work->runs);
	}
	return code;
}

enum exit_code workload_make(const struct options *options, const struct tsr_program *program,
			     struct workload *work)
{
	enum exit_code code;
	size_t i;

	*work = (struct workload){
		.inputs = tsr_program_inputs(program), .outputs = tsr_program_outputs(program),
	};
	work->input = calloc(work->inputs + 1, sizeof(*work->input));
	work->output = calloc(work->outputs + 1, sizeof(*work->output));
	if (!work->input || !work->output)
		return complain(EXIT_FILE, "out of memory");
	for (i = 0; i < work->inputs; i++)
		work->input[i].argument = tsr_program_input(program, i);
	for (i = 0; i < work->outputs; i++)
		work->output[i].argument = tsr_program_output(program, i);
	code = make_inputs(options, work);
	return code ? code : make_outputs(options, work);
}

void workload_free(struct workload *work)
{
	size_t i;

	for (i = 0; work->input && i < work->inputs; i++)
		free(work->input[i].data);
	for (i = 0; work->output && i < work->outputs; i++)
		free(work->output[i].data);
	free(work->input);
	free(work->output);
}

uint64_t items_rows(const struct workload *work, const struct items *items)
{
	return work->runs * (uint64_t)items->argument->info.dim[0] - work->padding;
}

enum exit_code workload_save(const struct options *options, const struct workload *work)
{
	char error[256];
	size_t i;

	for (i = 0; i < options->output_count; i++) {
		const struct items *items = &work->output[i];
		const struct tsr_tensor_info *info = &items->argument->info;
		struct npy array = {
			.kind = type_kind(info->type), .width = tsr_type_size(info->type),
			.rank = info->rank, .data = items->data,
		};

		memcpy(array.dim, info->dim, info->rank * sizeof(info->dim[0]));
		array.dim[0] = (int64_t)items_rows(work, items);
		array.count = (size_t)array.dim[0] * row_elements(items->argument);
		if (npy_save(options->output[i], &array, error, sizeof(error)))
			return complain(EXIT_FILE, "%s", error);
	}
	return EXIT_OK;
}

/* An integer output stands for real numbers. */
static float value_at(const struct items *items, size_t i)
{
	const struct tsr_tensor_info *info = &items->argument->info;

	switch (info->type) {
	case TSR_FP32:
		return ((float *)items->data)[i];
	case TSR_FP16:
		return (float)((_Float16 *)items->data)[i];
	case TSR_INT8:
		return (float)(((int8_t *)items->data)[i] - info->zero_point) * info->scale;
	case TSR_UINT8:
		return (float)(((uint8_t *)items->data)[i] - info->zero_point) * info->scale;
	case TSR_INT32:
		return (float)((int32_t *)items->data)[i];
	default:
		return 0;
	}
}

static void print_row(const struct items *items, uint64_t row)
{
	size_t count = row_elements(items->argument), i;

	for (i = 0; i < count && i < SHOWN_VALUES; i++)
		printf(" %10.5g", value_at(items, row * count + i));
	puts(i < count ? " ..." : "");
}

static void print_top(const struct items *items, uint64_t row, unsigned int top)
{
	size_t count = row_elements(items->argument), i, shown;
	float *values = malloc(count * sizeof(*values));
	size_t *best = malloc(top * sizeof(*best));

	if (values && best) {
		for (i = 0; i < count; i++)
			values[i] = value_at(items, row * count + i);
		shown = rank_largest(values, count, best, top);
		for (i = 0; i < shown; i++)
			printf("  %zu (%.5g)", best[i], values[best[i]]);
	}
	puts("");
	free(best);
	free(values);
}

void workload_print(const struct options *options, const struct workload *work)
{
	uint64_t row, rows;
	size_t i;

	for (i = 0; i < work->outputs; i++) {
		const struct items *items = &work->output[i];

		rows = items_rows(work, items);
		printf("%s (%s), %" PRIu64 " x %zu\n", items->argument->name,
		       tsr_type_name(items->argument->info.type), rows,
		       row_elements(items->argument));
		for (row = 0; row < rows && row < SHOWN_ITEMS; row++) {
			printf("%6" PRIu64 ":", row);
			if (options->top)
				print_top(items, row, options->top);
			else
				print_row(items, row);
		}
		if (row < rows)
			printf("   ... %" PRIu64 " more\n", rows - row);
	}
}
