// SPDX-License-Identifier: MIT
#include "value.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <tsr_hw/command.h>
#include <tsr_hw/decode.h>
#include <tsr_hw/program.h>

#define DECIMAL_END	0x10000
#define WORD_SIZE	64

const char *value_name(const struct tsr_hw_meaning *meaning, uint64_t value)
{
	for (size_t i = 0; meaning && meaning->kind == TSR_HW_VALUES && i < meaning->count; i++) {
		if (meaning->names[i].value == value)
			return meaning->names[i].name;
	}
	return NULL;
}

void value_number(FILE *out, uint64_t value)
{
	fprintf(out, value < DECIMAL_END ? "%" PRIu64 : "0x%" PRIx64, value);
}

static uint64_t lowest_bit(uint64_t mask)
{
	return mask & -mask;
}

static void print_fields(FILE *out, const struct tsr_hw_meaning *meaning, uint64_t value)
{
	const char *separator = "";

	for (size_t i = 0; i < meaning->count; i++) {
		uint64_t mask = meaning->names[i].value, field = value & mask;

		if (!field)
			continue;
		fprintf(out, "%s%s", separator, meaning->names[i].name);
		if (mask != lowest_bit(mask))
			fprintf(out, ":%" PRIu64, field / lowest_bit(mask));
		separator = "|";
		value &= ~mask;
	}
	if (value || !separator[0]) {
		fputs(separator, out);
		value_number(out, value);
	}
}

void value_print(FILE *out, const struct tsr_hw_meaning *meaning, uint64_t value)
{
	const char *name = value_name(meaning, value);

	if (meaning && meaning->kind == TSR_HW_FIELDS)
		print_fields(out, meaning, value);
	else if (name)
		fputs(name, out);
	else
		value_number(out, value);
}

/* What a field holds beside the number of a parameter that it names. */
static uint64_t parameter_mark(const struct tsr_hw_member *member)
{
	return member->size == sizeof(uint32_t) ? TSR_HW_PARAMETER_32 : TSR_HW_PARAMETER_64;
}

bool value_names_parameter(const struct tsr_hw_member *member, uint64_t value, uint64_t *number)
{
	*number = value ^ parameter_mark(member);
	return member->parameter && *number < TSR_HW_MAX_PARAMETERS;
}

void value_print_element(FILE *out, const struct tsr_hw_member *member, uint64_t value)
{
	uint64_t number;

	if (value_names_parameter(member, value, &number))
		fprintf(out, "$%" PRIu64, number);
	else
		value_print(out, member->meaning, value);
}

size_t value_size(const struct tsr_hw_member *member)
{
	return member->size * (member->count ? member->count : 1);
}

bool value_is_zero(const uint8_t *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		if (bytes[i])
			return false;
	}
	return true;
}

bool value_digits(const char *text, uint64_t *value)
{
	char *end;

	if (!isdigit((unsigned char)text[0]))
		return false;
	errno = 0;
	*value = strtoull(text, &end, text[0] == '0' && text[1] == 'x' ? 16 : 10);
	return !errno && !*end;
}

/* NAME, NAME:NUMBER, or a number. */
static bool parse_field(const char *text, const struct tsr_hw_meaning *meaning, uint64_t *value)
{
	const char *colon = strchr(text, ':');
	size_t length = colon ? (size_t)(colon - text) : strlen(text);
	uint64_t number = 1;

	if (value_digits(text, value))
		return true;
	if (colon && !value_digits(colon + 1, &number))
		return false;
	for (size_t i = 0; i < meaning->count; i++) {
		uint64_t mask = meaning->names[i].value;

		if (strlen(meaning->names[i].name) != length ||
		    strncmp(meaning->names[i].name, text, length))
			continue;
		*value = number * lowest_bit(mask);
		return number <= mask / lowest_bit(mask);
	}
	return false;
}

static bool parse_fields(const char *text, const struct tsr_hw_meaning *meaning, uint64_t *value)
{
	char word[WORD_SIZE];
	uint64_t field;

	*value = 0;
	for (;; text++) {
		size_t length = strcspn(text, "|");

		if (length >= sizeof(word))
			return false;
		memcpy(word, text, length);
		word[length] = '\0';
		if (!parse_field(word, meaning, &field))
			return false;
		*value |= field;
		text += length;
		if (!*text)
			return true;
	}
}

bool value_parse(const char *text, const struct tsr_hw_meaning *meaning, uint64_t *value)
{
	if (meaning && meaning->kind == TSR_HW_FIELDS)
		return parse_fields(text, meaning, value);
	for (size_t i = 0; meaning && i < meaning->count; i++) {
		if (!strcmp(meaning->names[i].name, text)) {
			*value = meaning->names[i].value;
			return true;
		}
	}
	return value_digits(text, value);
}

bool value_parse_element(const char *text, const struct tsr_hw_member *member, uint64_t *value)
{
	if (!member->parameter || text[0] != '$')
		return value_parse(text, member->meaning, value);
	if (!value_digits(text + 1, value) || *value >= TSR_HW_MAX_PARAMETERS)
		return false;
	*value += parameter_mark(member);
	return true;
}
