/* SPDX-License-Identifier: MIT */
/* Programs and streams as JSON: docs/man/tessera-objdump.1 lists the members. */
#ifndef OBJDUMP_JSON_H
#define OBJDUMP_JSON_H

#include <stddef.h>
#include <stdint.h>

#include "text.h"

struct defects;
struct json_object;

/** json_program() - members of a program, put into @object */
void json_program(struct json_object *object, const void *bytes, size_t size,
		  const struct text_options *options);

/** json_stream() - the commands of a stream by itself, put into @object */
void json_stream(struct json_object *object, const void *bytes, size_t size);

/** json_slots() - a slot table, put into @object */
void json_slots(struct json_object *object, const void *bytes, size_t size);

/** json_defects() - what is wrong, put into @object */
void json_defects(struct json_object *object, const struct defects *defects);

#endif
