/* SPDX-License-Identifier: MIT */
/*
 * Where the members of a JSON text stand, for messages about them. The text has been parsed before.
 */
#ifndef VNPU_TILE_JSON_PLACE_H
#define VNPU_TILE_JSON_PLACE_H

#include <stddef.h>

/**
 * json_place_member() - a member of an object
 * @text: JSON
 * @object: offset of the object's brace
 * @key: member
 *
 * Return: offset of the key's quote, or @object if there is no such member.
 */
size_t json_place_member(const char *text, size_t object, const char *key);

/** json_place_value() - offset of the value of the member whose key stands at @key */
size_t json_place_value(const char *text, size_t key);

/** json_place_element() - offset of element @index of the array whose bracket stands at @array */
size_t json_place_element(const char *text, size_t array, size_t index);

/** json_place_line() - number of the line of an offset, from 1 */
int json_place_line(const char *text, size_t offset);

#endif
