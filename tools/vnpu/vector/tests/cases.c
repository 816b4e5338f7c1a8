/* SPDX-License-Identifier: MIT */
#include "cases.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tsr_hw/decode.h>

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool append(struct buffer *buffer, const char *hex)
{
	for (; hex_digit(hex[0]) >= 0 && hex_digit(hex[1]) >= 0; hex += 2) {
		if (buffer->size == sizeof(buffer->bytes))
			return false;
		buffer->bytes[buffer->size++] = (uint8_t)(hex_digit(hex[0]) << 4 |
							  hex_digit(hex[1]));
	}
	return !*hex;
}

static struct buffer *buffer_of(struct vector_case *one, const char *name)
{
	if (!strcmp(name, "program"))
		return &one->program;
	if (!strcmp(name, "result"))
		return &one->result;
	if (!strcmp(name, "value"))
		return &one->given[TSR_HW_VECTOR_VALUE];
	if (!strncmp(name, "input", 5) && name[5] >= '0' && name[5] < '4' && !name[6])
		return &one->given[name[5] - '0'];
	return NULL;
}

static bool set_type(unsigned int *type, const char *name)
{
	uint64_t number;

	if (!tsr_hw_named("TYPE", name, &number))
		return false;
	*type = (unsigned int)number;
	return true;
}

static bool set_dims(struct vector_case *one, char *words)
{
	char *rest = NULL;

	for (char *word = strtok_r(words, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) {
		if (one->rank == TSR_HW_MAX_RANK)
			return false;
		one->dims[one->rank++] = strtoull(word, NULL, 0);
	}
	return true;
}

static bool set_parameter(struct vector_case *one, const char *words)
{
	char *end;
	unsigned long number = strtoul(words, &end, 10);

	if (number != one->parameters || number >= CASE_PARAMETERS)
		return false;
	one->parameter[one->parameters++] = strtoull(end, NULL, 0);
	return true;
}

static bool set_bytes(struct vector_case *one, char *words)
{
	char *rest = NULL;
	const char *name = strtok_r(words, " ", &rest);
	struct buffer *buffer = name ? buffer_of(one, name) : NULL;

	return buffer && append(buffer, rest);
}

static bool set_number(struct vector_case *one, const char *key, const char *words)
{
	uint64_t number = strtoull(words, NULL, 0);

	if (!strcmp(key, "tile"))
		one->tile = (uint32_t)number;
	else if (!strcmp(key, "weight"))
		one->weight = (unsigned int)number;
	else if (!strcmp(key, "divisions"))
		one->divisions = number;
	else
		return false;
	return true;
}

static bool set_field(struct vector_case *one, const char *key, char *words)
{
	if (!strcmp(key, "bytes"))
		return set_bytes(one, words);
	if (!strcmp(key, "dims"))
		return set_dims(one, words);
	if (!strcmp(key, "input"))
		/* The fifth of a malformed program is told by its head. */
		return one->inputs == TSR_HW_VECTOR_MAX_INPUTS ||
		       set_type(&one->type[one->inputs++], words);
	if (!strcmp(key, "value"))
		return set_type(&one->type[TSR_HW_VECTOR_VALUE], words);
	if (!strcmp(key, "output"))
		return set_type(&one->output, words);
	if (!strcmp(key, "parameter"))
		return set_parameter(one, words);
	if (!strcmp(key, "rule"))
		return snprintf(one->rule, sizeof(one->rule), "%s", words) > 0;
	return set_number(one, key, words);
}

/* Splits "KEY WORDS". */
static char *split(char *line)
{
	char *words;

	line[strcspn(line, "\n")] = '\0';
	words = strchr(line, ' ');
	if (!words)
		return line + strlen(line);
	*words = '\0';
	return words + 1;
}

static int read_cases(FILE *file, struct vector_case *one,
		      bool (*check)(const struct vector_case *one))
{
	char line[1024];
	int cases = 0;

	while (fgets(line, sizeof(line), file)) {
		char *words = split(line);

		if (line[0] == '#' || !line[0])
			continue;
		if (!strcmp(line, "case")) {
			memset(one, 0, sizeof(*one));
			snprintf(one->name, sizeof(one->name), "%s", words);
		} else if (!strcmp(line, "end")) {
			cases++;
			if (!check(one)) {
				fprintf(stderr, "case %s fails\n", one->name);
				return -1;
			}
		} else if (!set_field(one, line, words)) {
			fprintf(stderr, "case %s: bad line: %s\n", one->name, line);
			return -1;
		}
	}
	return cases;
}

int cases_each(const char *file, bool (*check)(const struct vector_case *one))
{
	struct vector_case *one = calloc(1, sizeof(*one));
	char path[512];
	FILE *stream;
	int cases = -1;

	snprintf(path, sizeof(path), "%s/%s", VECTOR_DIR, file);
	stream = fopen(path, "r");
	if (stream && one)
		cases = read_cases(stream, one, check);
	if (stream)
		fclose(stream);
	free(one);
	return cases;
}

const char *case_check(const struct vector_case *one, struct vector_program *program)
{
	struct vector_given given = { .rank = one->rank };
	struct tsr_hw_vector head;
	const uint8_t *constants = one->program.bytes + sizeof(head);
	const struct tsr_hw_insn *code;

	memcpy(&head, one->program.bytes, sizeof(head));
	if (one->program.size != sizeof(head) + head.consts * sizeof(uint64_t) +
					 head.insns * sizeof(struct tsr_hw_insn))
		return "the case has too many bytes, or too few";
	for (unsigned int i = 0; i < one->inputs; i++)
		given.input[i] = number_class_of(one->type[i]);
	given.has_value = one->type[TSR_HW_VECTOR_VALUE];
	given.value = number_class_of(one->type[TSR_HW_VECTOR_VALUE]);
	code = (const struct tsr_hw_insn *)(constants + head.consts * sizeof(uint64_t));
	return vector_check(&head, (const uint64_t *)constants, code, &given, program);
}
