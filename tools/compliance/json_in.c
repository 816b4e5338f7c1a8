// SPDX-License-Identifier: MIT
#include "json_in.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "fail.h"

#define LARGEST_COUNT 1000000

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
	if (json_object_is_type(value, json_type_int) ||
	    json_object_is_type(value, json_type_double) ||
	    json_object_is_type(value, json_type_string))
		return json_object_get_string(value);
	return NULL;
}
