/* SPDX-License-Identifier: MIT */
/* A number of the contract as a word: by its name, by the names of its bits, or in digits. */
#ifndef OBJDUMP_VALUE_H
#define OBJDUMP_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct tsr_hw_meaning;
struct tsr_hw_member;

/** value_name() - the name of a value of an enumeration, or NULL */
const char *value_name(const struct tsr_hw_meaning *meaning, uint64_t value);

/** value_number() - digits: decimal below 65536, else hexadecimal */
void value_number(FILE *out, uint64_t value);

/**
 * value_print() - one word
 * @meaning: of the number, or NULL
 *
 * Bits are joined by "|", a field of several has its value behind ":", bits without a name
 * stand last as a number.
 */
void value_print(FILE *out, const struct tsr_hw_meaning *meaning, uint64_t value);

/** value_parse() - what value_print() wrote; @text ends the word */
bool value_parse(const char *text, const struct tsr_hw_meaning *meaning, uint64_t *value);

/**
 * value_names_parameter() - does an element of a member name a parameter?
 * @number: of it
 */
bool value_names_parameter(const struct tsr_hw_member *member, uint64_t value, uint64_t *number);

/** value_print_element() - an element of a member: "$3" for parameter 3, else value_print() */
void value_print_element(FILE *out, const struct tsr_hw_member *member, uint64_t value);

/** value_parse_element() - what value_print_element() wrote; @text ends the word */
bool value_parse_element(const char *text, const struct tsr_hw_member *member, uint64_t *value);

/** value_size() - bytes of a member, of all its elements */
size_t value_size(const struct tsr_hw_member *member);

/** value_is_zero() - are all these bytes zero? */
bool value_is_zero(const uint8_t *bytes, size_t size);

/** value_digits() - decimal, or hexadecimal with 0x; nothing behind */
bool value_digits(const char *text, uint64_t *value);

#endif
