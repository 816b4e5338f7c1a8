// SPDX-License-Identifier: MIT
/*
 * Symbolic dimensions of the inputs: each has an extent given by its name. One without
 * a name is called by its place, INPUT:DIMENSION.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "importer.h"

#define LABEL_MAX	256

/* A dimension of an input whose extent the model leaves open. */
struct open_dimension {
	const char *input;
	const char *symbol;	/* NULL without a name */
	unsigned int place;
};

static bool is_called(const struct open_dimension *open, const char *name)
{
	char label[LABEL_MAX];

	if (open->symbol)
		return !strcmp(name, open->symbol);
	snprintf(label, sizeof(label), "%s:%u", open->input, open->place);
	return !strcmp(name, label);
}

/* Exporters write -1 or 0 for "unknown" as well. */
static bool is_open(const Onnx__TensorShapeProto__Dimension *given, const char *input,
		    unsigned int place, struct open_dimension *open)
{
	bool named = given->value_case == ONNX__TENSOR_SHAPE_PROTO__DIMENSION__VALUE_DIM_PARAM &&
		     given->dim_param && *given->dim_param;

	*open = (struct open_dimension){ input, named ? given->dim_param : NULL, place };
	return given->value_case != ONNX__TENSOR_SHAPE_PROTO__DIMENSION__VALUE_DIM_VALUE ||
	       given->dim_value == -1 || given->dim_value == 0;
}

/* The batch option is a name for the first dimension of every input. */
static int64_t extent_given(const struct importer *im, const struct open_dimension *open)
{
	size_t i;

	for (i = 0; i < im->options.dimension_count; i++)
		if (is_called(open, im->options.dimensions[i].name))
			return im->options.dimensions[i].extent;
	return open->place ? 0 : im->options.batch;
}

int dimension_extent(struct importer *im, const char *input, unsigned int place,
		     const Onnx__TensorShapeProto__Dimension *given, int64_t *extent)
{
	struct open_dimension open;
	char label[LABEL_MAX];

	*extent = given->dim_value;
	if (is_open(given, input, place, &open)) {
		*extent = extent_given(im, &open);
		if (open.symbol)
			snprintf(label, sizeof(label), "%s", open.symbol);
		else
			snprintf(label, sizeof(label), "%s:%u", input, place);
		if (!*extent)
			return import_fail(im, -EINVAL, "dimension %u of input %s is open: give "
					   "%s an extent (tessera-run: --dim %s=EXTENT%s)", place,
					   input, label, label,
					   place ? "" : ", or --batch EXTENT");
	}
	if (*extent < 1 || *extent > INT32_MAX)
		return import_fail(im, -EBADMSG, "dimension %u of input %s has an extent of %lld",
				   place, input, (long long)*extent);
	return 0;
}

static bool is_dimension_of(const Onnx__ValueInfoProto *input, const char *name)
{
	const Onnx__TensorShapeProto *shape;
	struct open_dimension open;
	size_t i;

	if (!input->name || !input->type || !input->type->tensor_type ||
	    input->type->value_case != ONNX__TYPE_PROTO__VALUE_TENSOR_TYPE)
		return false;
	shape = input->type->tensor_type->shape;
	for (i = 0; shape && i < shape->n_dim; i++)
		if (is_open(shape->dim[i], input->name, (unsigned int)i, &open) &&
		    is_called(&open, name))
			return true;
	return false;
}

/* A name that no input has is a mistake: its extent would be ignored. */
static int check_name(struct importer *im, size_t number)
{
	const struct tsr_onnx_dimension *given = &im->options.dimensions[number];
	size_t i;

	if (!given->name || given->extent < 1)
		return import_fail(im, -EINVAL, "dimension %s is given an extent of %lld",
				   given->name ? given->name : "without a name",
				   (long long)given->extent);
	for (i = 0; i < number; i++)
		if (!strcmp(given->name, im->options.dimensions[i].name))
			return import_fail(im, -EINVAL, "dimension %s is given two extents",
					   given->name);
	for (i = 0; i < im->model->n_input; i++)
		if (is_dimension_of(im->model->input[i], given->name))
			return 0;
	return import_fail(im, -EINVAL, "no input has an open dimension %s", given->name);
}

int dimensions_check(struct importer *im)
{
	size_t i;
	int error = 0;

	if (im->options.batch < 0)
		return import_fail(im, -EINVAL, "the batch is %lld", (long long)im->options.batch);
	for (i = 0; i < im->options.dimension_count && !error; i++)
		error = check_name(im, i);
	return error;
}
