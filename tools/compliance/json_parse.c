// SPDX-License-Identifier: MIT
/*
 * JSON text to a tree of json-c objects. yyjson reads it: unlike json-c's own parser it keeps
 * numbers as they are written and shows both of two members of one name. Legal figures must not
 * depend on which of them a parser prefers, so such text is refused, as is a string with a NUL,
 * which would end early in C.
 */
#include "json_parse.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <yyjson.h>

#include "alloc.h"
#include "fail.h"
#include "json_out.h"

#define DEEPEST 24
#define LONGEST_TEXT (64u << 20)

/* Converts one value; @path names it in messages. NULL and @error on failure. */
static struct json_object *convert(yyjson_val *value, const char *path, unsigned int depth,
				   struct tsr_compliance_error *error);

static struct json_object *refuse(const char *path, const char *why,
				  struct tsr_compliance_error *error)
{
	cpl_fail(error, -EINVAL, "%s: %s", *path ? path : "top level", why);
	return NULL;
}

static bool has_nul(yyjson_val *text)
{
	return strlen(yyjson_get_str(text)) != yyjson_get_len(text);
}

/* A whole number of 64 bits is an integer; any other number keeps its text. */
static struct json_object *convert_number(yyjson_val *value)
{
	const char *text = yyjson_get_raw(value);
	char *end;
	long long number;

	errno = 0;
	number = strtoll(text, &end, 10);
	if (!*end && !errno)
		return cpl_integer(number);
	return cpl_decimal(strtod(text, NULL), text);
}

static struct json_object *convert_array(yyjson_val *value, const char *path, unsigned int depth,
					 struct tsr_compliance_error *error)
{
	struct json_object *array = cpl_array();
	size_t i, count;
	yyjson_val *element;

	yyjson_arr_foreach(value, i, count, element) {
		char *at = cpl_format("%s[%zu]", path, i);
		struct json_object *made = yyjson_is_null(element) ?
			refuse(at, "null is no value", error) :
			convert(element, at, depth + 1, error);

		free(at);
		if (!made) {
			json_object_put(array);
			return NULL;
		}
		cpl_push(array, made);
	}
	return array;
}

static bool add_member(struct json_object *object, yyjson_val *key, const char *path,
		       unsigned int depth, struct tsr_compliance_error *error)
{
	const char *name = yyjson_get_str(key);
	yyjson_val *value = yyjson_obj_iter_get_val(key);
	struct json_object *made = NULL;
	char *at = cpl_format("%s%s%s", path, *path ? "." : "", name);
	bool good = false;

	if (has_nul(key)) {
		refuse(path, "a member's name has a NUL in it", error);
	} else if (json_object_object_get_ex(object, name, NULL)) {
		refuse(at, "given twice", error);
	} else {
		made = yyjson_is_null(value) ? NULL : convert(value, at, depth + 1, error);
		good = made || yyjson_is_null(value);
	}
	if (good)
		cpl_add(object, name, made);
	free(at);
	return good;
}

static struct json_object *convert_object(yyjson_val *value, const char *path, unsigned int depth,
					  struct tsr_compliance_error *error)
{
	struct json_object *object = cpl_object();
	yyjson_obj_iter members;
	yyjson_val *key;

	yyjson_obj_iter_init(value, &members);
	while ((key = yyjson_obj_iter_next(&members))) {
		if (!add_member(object, key, path, depth, error)) {
			json_object_put(object);
			return NULL;
		}
	}
	return object;
}

static struct json_object *convert(yyjson_val *value, const char *path, unsigned int depth,
				   struct tsr_compliance_error *error)
{
	if (depth > DEEPEST)
		return refuse(path, "nested too deeply", error);
	if (yyjson_is_obj(value))
		return convert_object(value, path, depth, error);
	if (yyjson_is_arr(value))
		return convert_array(value, path, depth, error);
	if (yyjson_is_raw(value))
		return convert_number(value);
	if (yyjson_is_bool(value))
		return cpl_truth(yyjson_get_bool(value));
	if (has_nul(value))
		return refuse(path, "a string with a NUL in it", error);
	return cpl_string(yyjson_get_str(value));
}

struct json_object *cpl_json_parse(const char *text, size_t size, const char *what,
				   struct tsr_compliance_error *error)
{
	struct json_object *object = NULL;
	yyjson_read_err fault;
	yyjson_doc *document;

	if (size > LONGEST_TEXT)
		return refuse(what, "too long", error);
	document = yyjson_read_opts((char *)(uintptr_t)text, size, YYJSON_READ_NUMBER_AS_RAW, NULL,
				    &fault);
	if (!document) {
		cpl_fail(error, -EINVAL, "%s: not JSON at byte %zu: %s", what, fault.pos,
			 fault.msg);
		return NULL;
	}
	if (yyjson_is_obj(yyjson_doc_get_root(document)))
		object = convert(yyjson_doc_get_root(document), "", 1, error);
	else
		refuse(what, "not a JSON object", error);
	yyjson_doc_free(document);
	return object;
}
