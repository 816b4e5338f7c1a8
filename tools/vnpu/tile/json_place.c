/* SPDX-License-Identifier: MIT */
#include "json_place.h"

#include <stdbool.h>
#include <string.h>

static size_t skip_space(const char *text, size_t at)
{
	return at + strspn(text + at, " \t\r\n");
}

/* Behind the string whose opening quote is at @at. */
static size_t skip_string(const char *text, size_t at)
{
	for (at++; text[at] && text[at] != '"'; at++)
		at += text[at] == '\\' && text[at + 1];
	return at + (text[at] != '\0');
}

/* Behind a value of any kind. */
static size_t skip_value(const char *text, size_t at)
{
	int depth = 0;

	do {
		if (text[at] == '"') {
			at = skip_string(text, at);
			continue;
		}
		if (!depth && strchr(",]}", text[at]))
			break;
		depth += text[at] == '{' || text[at] == '[';
		depth -= text[at] == '}' || text[at] == ']';
		at++;
	} while (text[at]);
	return at;
}

static bool is_key(const char *text, size_t at, const char *key)
{
	size_t size = strlen(key);

	return !strncmp(text + at + 1, key, size) && text[at + 1 + size] == '"';
}

size_t json_place_value(const char *text, size_t key)
{
	size_t colon = skip_space(text, skip_string(text, key));

	return skip_space(text, colon + (text[colon] == ':'));
}

/*
 * Where the element or member behind the one that ends at @end begins, or
 * the closing bracket stands.
 */
static size_t next_of(const char *text, size_t end)
{
	size_t comma = skip_space(text, end);

	return skip_space(text, comma + (text[comma] == ','));
}

size_t json_place_member(const char *text, size_t object, const char *key)
{
	size_t at = skip_space(text, object + (text[object] == '{'));

	while (text[at] == '"') {
		if (is_key(text, at, key))
			return at;
		at = next_of(text, skip_value(text, json_place_value(text, at)));
	}
	return object;
}

size_t json_place_element(const char *text, size_t array, size_t index)
{
	size_t at = skip_space(text, array + (text[array] == '['));

	for (; index && text[at] && text[at] != ']'; index--)
		at = next_of(text, skip_value(text, at));
	return at;
}

int json_place_line(const char *text, size_t offset)
{
	int line = 1;

	for (size_t i = 0; i < offset && text[i]; i++)
		line += text[i] == '\n';
	return line;
}
