/* SPDX-License-Identifier: MIT */
#ifndef TSR_COMPLIANCE_JSON_IN_H
#define TSR_COMPLIANCE_JSON_IN_H

#include <stdbool.h>
#include <stddef.h>

#include <json-c/json.h>

struct tsr_compliance_error;

/** cpl_json_only() - 0 if @object is an object with members of the NULL-ended list @names only. */
int cpl_json_only(struct json_object *object, const char *path, const char *const *names,
		  struct tsr_compliance_error *error);

/** cpl_json_text() - a string member; *@text is NULL if absent and not @required. */
int cpl_json_text(struct json_object *object, const char *path, const char *name, bool required,
		  const char **text, struct tsr_compliance_error *error);

/** cpl_json_count() - a small whole number member; *@value stays if absent. */
int cpl_json_count(struct json_object *object, const char *path, const char *name,
		   unsigned int *value, struct tsr_compliance_error *error);

/** cpl_json_array() - an array member; *@array is NULL if absent. */
int cpl_json_array(struct json_object *object, const char *path, const char *name,
		   struct json_object **array, struct tsr_compliance_error *error);

/**
 * cpl_json_choice() - index of a string member in the NULL-ended list @names
 *
 * *@value stays if the member is absent.
 */
int cpl_json_choice(struct json_object *object, const char *path, const char *name,
		    const char *const *names, unsigned int *value,
		    struct tsr_compliance_error *error);

/**
 * cpl_json_number_text() - a number as written, from a JSON string or number
 *
 * Return: the text, owned by @value, or NULL if @value is neither.
 */
const char *cpl_json_number_text(struct json_object *value);

#endif
