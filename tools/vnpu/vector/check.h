/* SPDX-License-Identifier: MIT */
/* From the bytes of a VECTOR program to one that can be executed. */
#ifndef VNPU_VECTOR_CHECK_H
#define VNPU_VECTOR_CHECK_H

#include <stdbool.h>
#include <stdint.h>

#include <number/types.h>
#include <tsr_hw/vector.h>

/**
 * struct vector_given - what a command gives its program
 * @input: types of the registers that hold the inputs
 * @has_value: the command has a value of its own
 * @value: the type of its register
 * @has_count: the register of the last input has a number of the command's, i64, and there
 *	are fewer inputs
 * @rank: of the output
 */
struct vector_given {
	enum number_class input[TSR_HW_VECTOR_MAX_INPUTS];
	bool has_value;
	enum number_class value;
	bool has_count;
	unsigned int rank;
};

/**
 * struct vector_program - a program that breaks no rule
 * @head: as it was
 * @constants: as they were
 * @code: as it was
 * @value: type of the command's value, if it has one
 * @result: type of the result
 * @rank: of the output
 * @weight: cycles for a strip
 * @parameters: one more than the highest parameter it names, 0 for none
 */
struct vector_program {
	struct tsr_hw_vector head;
	uint64_t constants[TSR_HW_VECTOR_MAX_CONSTS];
	struct tsr_hw_insn code[TSR_HW_VECTOR_MAX_INSNS];
	enum number_class value;
	enum number_class result;
	unsigned int rank;
	unsigned int weight;
	unsigned int parameters;
};

/**
 * vector_check_head() - the head alone, before anything behind it can be looked at
 * @head: of a program
 *
 * Return: NULL, or in words what is wrong.
 */
const char *vector_check_head(const struct tsr_hw_vector *head);

/**
 * vector_check() - all of a program
 * @head: of the program
 * @constants: as many as the head says
 * @code: as many instructions as the head says
 * @given: what the command gives it
 * @program: set when nothing is wrong
 *
 * Return: NULL, or in words what is wrong.
 */
const char *vector_check(const struct tsr_hw_vector *head, const uint64_t *constants,
			 const struct tsr_hw_insn *code, const struct vector_given *given,
			 struct vector_program *program);

#endif
