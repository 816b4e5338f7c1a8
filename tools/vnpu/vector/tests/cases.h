/* SPDX-License-Identifier: MIT */
/* Reader of the golden vectors in contract/vectors/vector. */
#ifndef TEST_CASES_H
#define TEST_CASES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <tsr_hw/command.h>
#include <tsr_hw/vector.h>

#include "vector/check.h"

/* Bytes of stored elements in one buffer, and parameters of a case. */
#define CASE_BYTES	8192
#define CASE_PARAMETERS	8

/** struct buffer - bytes of a case */
struct buffer {
	_Alignas(8) uint8_t bytes[CASE_BYTES];
	size_t size;
};

/**
 * struct vector_case - one case
 * @given: numbers before the inputs: inputs 0 to 3, then the command's value
 * @type: element types of those, 0 for none
 */
struct vector_case {
	char name[96];
	char rule[96];
	uint64_t dims[TSR_HW_MAX_RANK];
	unsigned int rank;
	unsigned int inputs;
	unsigned int type[TSR_HW_VECTOR_MAX_INPUTS + 1];
	struct buffer given[TSR_HW_VECTOR_MAX_INPUTS + 1];
	struct buffer program;
	struct buffer result;
	unsigned int output;
	uint32_t tile;
	uint64_t parameter[CASE_PARAMETERS];
	unsigned int parameters;
	unsigned int weight;
	uint64_t divisions;
};

/**
 * cases_each() - read a file and hand every case to @check
 * @file: name in the folder
 * @check: called for each; false stops
 *
 * Return: number of cases, or -1 when the file is malformed or @check said no.
 */
int cases_each(const char *file, bool (*check)(const struct vector_case *one));

/**
 * case_check() - vector_check() of a case's program
 * @one: the case
 * @program: set when nothing is wrong
 *
 * Return: as vector_check(); an unfit size of the program's bytes is a failure of the test.
 */
const char *case_check(const struct vector_case *one, struct vector_program *program);

#endif
