// SPDX-License-Identifier: MIT
/* JSON for programs; everything for people is printed from it. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

/* Length of the UTF-8 sequence at @text that may be shown, 0 for none. */
static size_t sequence(const unsigned char *text, size_t room)
{
	static const uint32_t smallest[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t length = *text < 0x80 ? 1 : *text < 0xc2 ? 0 : *text < 0xe0 ? 2 : *text < 0xf0 ? 3 :
			*text < 0xf5 ? 4 : 0, i;
	uint32_t code = length == 1 ? *text : *text & (0x7fu >> length);

	if (!length || length > room)
		return 0;
	for (i = 1; i < length; i++) {
		if ((text[i] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | (text[i] & 0x3f);
	}
	if (code < smallest[length] || code > 0x10ffff || (code >= 0xd800 && code < 0xe000))
		return 0;
	return code < 0x20 || (code >= 0x7f && code < 0xa0) ? 0 : length;
}

struct json_object *smi_string(const char *bytes, size_t size)
{
	static const char replacement[] = "\xef\xbf\xbd";
	size_t length = strnlen(bytes, size), used = 0, i = 0;
	char *text = malloc(3 * length + 1);
	struct json_object *made;

	while (text && i < length) {
		size_t step = sequence((const unsigned char *)bytes + i, length - i);

		memcpy(text + used, step ? bytes + i : replacement, step ? step : 3);
		used += step ? step : 3;
		i += step ? step : 1;
	}
	made = json_object_new_string_len(text ? text : "", (int)used);
	free(text);
	return made;
}

int smi_finish(int code)
{
	if (!fflush(stdout) && !ferror(stdout))
		return code;
	fprintf(stderr, "tessera-smi: cannot write the output: %s\n", strerror(errno));
	return SMI_OTHER;
}

void smi_hex(const uint8_t *bytes, unsigned int count, char *text)
{
	unsigned int i;

	for (i = 0; i < count; i++)
		sprintf(text + 2 * i, "%02x", bytes[i]);
}
