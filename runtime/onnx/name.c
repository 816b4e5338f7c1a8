// SPDX-License-Identifier: MIT
/*
 * The names of a model. All of them are in the file before the first node is imported,
 * so they are sorted once and found by bisection. Against names chosen by an attacker
 * this takes at most log2(n) comparisons, where a hash table would need a secret key;
 * glibc's tsearch() would be as good, but allocates for each name beyond any budget.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "importer.h"

/* What makes a value that no node makes. */
#define MAKER_INPUT		SIZE_MAX
#define MAKER_INITIALIZER	(SIZE_MAX - 1)

static int compare(const void *a, const void *b)
{
	return strcmp(((const struct name *)a)->text, ((const struct name *)b)->text);
}

struct name *name_find(const struct importer *im, const char *text)
{
	size_t low = 0, high = im->name_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = strcmp(text, im->names[middle].text);

		if (!order)
			return &im->names[middle];
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

static size_t count_names(const Onnx__GraphProto *model)
{
	size_t count = model->n_input + model->n_initializer, n;

	for (n = 0; n < model->n_node; n++)
		count += model->node[n]->n_output;
	return count;
}

static void add(struct importer *im, const char *text, size_t maker)
{
	if (text && *text)
		im->names[im->name_count++] = (struct name){ .text = text, .maker = maker };
}

static void add_all(struct importer *im)
{
	const Onnx__GraphProto *model = im->model;
	size_t n, i;

	for (i = 0; i < model->n_input; i++)
		add(im, model->input[i]->name, MAKER_INPUT);
	for (i = 0; i < model->n_initializer; i++)
		add(im, model->initializer[i]->name, MAKER_INITIALIZER);
	for (n = 0; n < model->n_node; n++)
		for (i = 0; i < model->node[n]->n_output; i++)
			add(im, model->node[n]->output[i], n);
}

/* Files of before IR version 4 list initializers among the inputs: one value, not two. */
static bool is_listed_initializer(const struct name *a, const struct name *b)
{
	return a->maker != b->maker && a->maker >= MAKER_INITIALIZER &&
	       b->maker >= MAKER_INITIALIZER;
}

static int refuse_duplicates(struct importer *im)
{
	size_t i, kept = 0;

	for (i = 0; i < im->name_count; i++) {
		struct name *last = kept ? &im->names[kept - 1] : NULL, *name = &im->names[i];

		if (!last || strcmp(last->text, name->text)) {
			im->names[kept++] = *name;
			continue;
		}
		if (!is_listed_initializer(last, name))
			return import_fail(im, -EBADMSG, "the name %s is given to two values",
					   name->text);
		/* A third one is a duplicate of either. */
		last->maker = MAKER_INITIALIZER;
		if (i + 1 < im->name_count && !strcmp(im->names[i + 1].text, name->text))
			return import_fail(im, -EBADMSG, "the name %s is given to two values",
					   name->text);
	}
	im->name_count = kept;
	return 0;
}

static int count_node_readers(struct importer *im, size_t n)
{
	const Onnx__NodeProto *node = im->model->node[n];
	size_t i;

	for (i = 0; i < node->n_input; i++) {
		struct name *name;

		if (!node->input[i] || !*node->input[i])
			continue;
		name = name_find(im, node->input[i]);
		if (!name) {
			im->node = node;
			return import_fail(im, -EBADMSG, "nothing makes its input %s",
					   node->input[i]);
		}
		name->reader = n;
		name->readers++;
	}
	return 0;
}

static int count_readers(struct importer *im)
{
	size_t n;
	int error = 0;

	for (n = 0; n < im->model->n_node && !error; n++)
		error = count_node_readers(im, n);
	im->node = NULL;
	for (n = 0; n < im->model->n_output && !error; n++) {
		const char *text = im->model->output[n]->name;
		struct name *name = text && *text ? name_find(im, text) : NULL;

		if (!name)
			return import_fail(im, -EBADMSG, "nothing makes output %s",
					   text && *text ? text : "without a name");
		if (name->is_output)
			return import_fail(im, -EBADMSG, "output %s is listed twice", text);
		name->is_output = true;
	}
	return error;
}

int names_collect(struct importer *im)
{
	size_t count = count_names(im->model);
	int error = budget_take(im, count + 1, sizeof(*im->names), "the names of its values");

	if (error)
		return error;
	im->names = calloc(count + 1, sizeof(*im->names));
	if (!im->names)
		return import_fail(im, -ENOMEM, "out of memory");
	add_all(im);
	qsort(im->names, im->name_count, sizeof(*im->names), compare);
	error = refuse_duplicates(im);
	return error ? error : count_readers(im);
}
