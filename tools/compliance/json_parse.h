/* SPDX-License-Identifier: MIT */
#ifndef TSR_COMPLIANCE_JSON_PARSE_H
#define TSR_COMPLIANCE_JSON_PARSE_H

#include <stddef.h>

struct json_object;
struct tsr_compliance_error;

/**
 * cpl_json_parse() - parse one JSON object strictly
 * @text: UTF-8
 * @size: bytes of @text
 * @what: what it is, for messages
 * @error: filled on failure with the path of the offending member
 *
 * Refused are, besides what is not JSON: two members of one name in an object, strings and names
 * with a NUL, null in an array, more than 24 levels, 64 MiB and more. Numbers keep their text: see
 * cpl_json_number_text().
 *
 * Return: the object, owned by the caller, or NULL.
 */
struct json_object *cpl_json_parse(const char *text, size_t size, const char *what,
				   struct tsr_compliance_error *error);

#endif
