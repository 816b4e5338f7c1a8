/* SPDX-License-Identifier: MIT */
#ifndef TSR_COMPLIANCE_JSON_OUT_H
#define TSR_COMPLIANCE_JSON_OUT_H

#include <stdbool.h>
#include <stddef.h>

#include <gmp.h>
#include <json-c/json.h>

/* Most digits after the point where a number is shown; the exact value is always beside it. */
#define CPL_SHOWN_PLACES 4

/** cpl_object(), cpl_array() - new, empty. */
struct json_object *cpl_object(void);
struct json_object *cpl_array(void);

/** cpl_string(), cpl_truth(), cpl_integer() - a new value. */
struct json_object *cpl_string(const char *text);
struct json_object *cpl_truth(bool truth);
struct json_object *cpl_integer(long long number);

/** cpl_decimal() - a number that is printed, and compared, as @text. */
struct json_object *cpl_decimal(double number, const char *text);

/** cpl_add() - add @value, whose ownership passes, as member @name. */
void cpl_add(struct json_object *object, const char *name, struct json_object *value);

/** cpl_add_text() - add a string; NULL adds null. */
void cpl_add_text(struct json_object *object, const char *name, const char *text);

/** cpl_add_taken() - add a string and free it. */
void cpl_add_taken(struct json_object *object, const char *name, char *text);

/** cpl_add_truth() - add true or false. */
void cpl_add_truth(struct json_object *object, const char *name, bool truth);

/** cpl_push() - append @value, whose ownership passes. */
void cpl_push(struct json_object *array, struct json_object *value);

/** cpl_push_text() - append a string. */
void cpl_push_text(struct json_object *array, const char *text);

/**
 * cpl_number() - {"exact", "shown", "truncated", "unit"}
 *
 * "shown" has at most CPL_SHOWN_PLACES places, cut off toward zero, and "truncated" says whether
 * anything was cut off.
 */
struct json_object *cpl_number(mpq_srcptr value, const char *unit);

#endif
