// SPDX-License-Identifier: MIT
#include "json_out.h"

#include <stdio.h>
#include <stdlib.h>

#include "rational.h"

/* Like cpl_alloc(): without memory there is no report, never half of one. */
static void require(bool done)
{
	if (done)
		return;
	fputs("tessera-compliance: out of memory\n", stderr);
	abort();
}

static struct json_object *required(struct json_object *object)
{
	require(object);
	return object;
}

struct json_object *cpl_object(void)
{
	return required(json_object_new_object());
}

struct json_object *cpl_array(void)
{
	return required(json_object_new_array());
}

struct json_object *cpl_string(const char *text)
{
	return required(json_object_new_string(text));
}

struct json_object *cpl_truth(bool truth)
{
	return required(json_object_new_boolean(truth));
}

struct json_object *cpl_integer(long long number)
{
	return required(json_object_new_int64(number));
}

struct json_object *cpl_decimal(double number, const char *text)
{
	return required(json_object_new_double_s(number, text));
}

void cpl_add(struct json_object *object, const char *name, struct json_object *value)
{
	require(!json_object_object_add(object, name, value));
}

void cpl_add_text(struct json_object *object, const char *name, const char *text)
{
	cpl_add(object, name, text ? cpl_string(text) : NULL);
}

void cpl_add_taken(struct json_object *object, const char *name, char *text)
{
	cpl_add_text(object, name, text);
	free(text);
}

void cpl_add_truth(struct json_object *object, const char *name, bool truth)
{
	cpl_add(object, name, cpl_truth(truth));
}

void cpl_push(struct json_object *array, struct json_object *value)
{
	require(!json_object_array_add(array, value));
}

void cpl_push_text(struct json_object *array, const char *text)
{
	cpl_push(array, cpl_string(text));
}

struct json_object *cpl_number(mpq_srcptr value, const char *unit)
{
	struct json_object *number = cpl_object();
	bool exact;

	cpl_add_taken(number, "exact", cpl_rational_exact(value));
	cpl_add_taken(number, "shown", cpl_rational_truncated(value, CPL_SHOWN_PLACES, &exact));
	cpl_add_truth(number, "truncated", !exact);
	cpl_add_text(number, "unit", unit);
	return number;
}
