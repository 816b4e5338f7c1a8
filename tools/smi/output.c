// SPDX-License-Identifier: MIT
/* JSON for programs; everything for people is printed from it. */
#include <stdio.h>

#include "smi.h"

struct json_object *smi_document(const char *key, struct json_object *value)
{
	struct json_object *document = json_object_new_object();

	json_object_object_add(document, "schema", json_object_new_int(1));
	json_object_object_add(document, key, value);
	return document;
}

void smi_print_json(struct json_object *document)
{
	puts(json_object_to_json_string_ext(document, JSON_C_TO_STRING_PRETTY |
					    JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(document);
}

const char *smi_text(struct json_object *object, const char *key)
{
	struct json_object *member = json_object_object_get(object, key);

	return member ? json_object_get_string(member) : "";
}

double smi_number(struct json_object *object, const char *key)
{
	struct json_object *member = json_object_object_get(object, key);

	return member ? json_object_get_double(member) : 0;
}

void smi_hex(const uint8_t *bytes, unsigned int count, char *text)
{
	unsigned int i;

	for (i = 0; i < count; i++)
		sprintf(text + 2 * i, "%02x", bytes[i]);
}
