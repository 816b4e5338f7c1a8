// SPDX-License-Identifier: MIT
#include "json_in.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "fail.h"
#include "utf8.h"

#define DEEPEST 24
#define LONGEST_TEXT (64u << 20)
#define LARGEST_COUNT 1000000

static struct json_object *parse_failed(const char *what, const char *why,
					struct tsr_compliance_error *error)
{
	cpl_fail(error, -EINVAL, "%s: %s", what, why);
	return NULL;
}

/* json-c 0.18 refuses all but ASCII when it is strict, so that is what it gets. */
static int parse_strictly(const char *text, const char *what, struct json_object **object,
			  struct tsr_compliance_error *error)
{
	struct json_tokener *tokener = json_tokener_new_ex(DEEPEST);
	char *ascii = cpl_utf8_to_ascii_json(text);
	enum json_tokener_error fault;

	if (!tokener) {
		free(ascii);
		return cpl_fail(error, -ENOMEM, "%s: out of memory", what);
	}
	json_tokener_set_flags(tokener, JSON_TOKENER_STRICT);
	*object = json_tokener_parse_ex(tokener, ascii, (int)strlen(ascii) + 1);
	fault = json_tokener_get_error(tokener);
	if (fault != json_tokener_success)
		cpl_fail(error, -EINVAL, "%s: not JSON at byte %zu: %s", what,
			 json_tokener_get_parse_end(tokener), json_tokener_error_desc(fault));
	json_tokener_free(tokener);
	free(ascii);
	return fault == json_tokener_success ? 0 : -EINVAL;
}

struct json_object *cpl_json_parse(const char *text, const char *what,
				   struct tsr_compliance_error *error)
{
	struct json_object *object = NULL;

	if (!cpl_utf8_valid(text))
		return parse_failed(what, "not UTF-8", error);
	if (strlen(text) > LONGEST_TEXT)
		return parse_failed(what, "too long", error);
	if (parse_strictly(text, what, &object, error))
		return NULL;
	if (json_object_is_type(object, json_type_object))
		return object;
	json_object_put(object);
	return parse_failed(what, "not a JSON object", error);
}

static bool listed(const char *name, const char *const *names)
{
	for (; *names; names++)
		if (!strcmp(name, *names))
			return true;
	return false;
}

int cpl_json_only(struct json_object *object, const char *path, const char *const *names,
		  struct tsr_compliance_error *error)
{
	if (!json_object_is_type(object, json_type_object))
		return cpl_fail(error, -EINVAL, "%s: not an object", *path ? path : "top level");
	json_object_object_foreach(object, name, value) {
		(void)value;
		if (!listed(name, names))
			return cpl_fail(error, -EINVAL, "%s%s%s: there is no such member", path,
					*path ? "." : "", name);
	}
	return 0;
}

int cpl_json_text(struct json_object *object, const char *path, const char *name, bool required,
		  const char **text, struct tsr_compliance_error *error)
{
	struct json_object *value;
	const char *dot = *path ? "." : "";

	*text = NULL;
	if (!json_object_object_get_ex(object, name, &value)) {
		if (!required)
			return 0;
		return cpl_fail(error, -EINVAL, "%s%s%s: missing", path, dot, name);
	}
	if (!json_object_is_type(value, json_type_string))
		return cpl_fail(error, -EINVAL, "%s%s%s: not a string", path, dot, name);
	*text = json_object_get_string(value);
	return 0;
}

int cpl_json_count(struct json_object *object, const char *path, const char *name,
		   unsigned int *number, struct tsr_compliance_error *error)
{
	struct json_object *value;
	int64_t count;

	if (!json_object_object_get_ex(object, name, &value))
		return 0;
	count = json_object_is_type(value, json_type_int) ? json_object_get_int64(value) : -1;
	if (count < 0 || count > LARGEST_COUNT)
		return cpl_fail(error, -EINVAL, "%s.%s: not a whole number of 0 to %d", path, name,
				LARGEST_COUNT);
	*number = (unsigned int)count;
	return 0;
}

int cpl_json_array(struct json_object *object, const char *path, const char *name,
		   struct json_object **array, struct tsr_compliance_error *error)
{
	*array = NULL;
	if (!json_object_object_get_ex(object, name, array))
		return 0;
	if (json_object_is_type(*array, json_type_array))
		return 0;
	return cpl_fail(error, -EINVAL, "%s%s%s: not an array", path, *path ? "." : "", name);
}

int cpl_json_choice(struct json_object *object, const char *path, const char *name,
		    const char *const *names, unsigned int *value,
		    struct tsr_compliance_error *error)
{
	const char *text;

	if (cpl_json_text(object, path, name, false, &text, error))
		return -EINVAL;
	if (!text)
		return 0;
	for (unsigned int i = 0; names[i]; i++) {
		if (!strcmp(text, names[i])) {
			*value = i;
			return 0;
		}
	}
	return cpl_fail(error, -EINVAL, "%s.%s: '%s' is not one of its values", path, name, text);
}

const char *cpl_json_number_text(struct json_object *value)
{
	/* An integer beyond 64 bits is clamped while parsing: refuse the clamped values. */
	if (json_object_is_type(value, json_type_int) &&
	    (json_object_get_uint64(value) == UINT64_MAX ||
	     json_object_get_int64(value) == INT64_MAX))
		return NULL;
	if (json_object_is_type(value, json_type_int) ||
	    json_object_is_type(value, json_type_double) ||
	    json_object_is_type(value, json_type_string))
		return json_object_get_string(value);
	return NULL;
}
