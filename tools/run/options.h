/* SPDX-License-Identifier: MIT */
/* Command line of tessera-run. */
#ifndef RUN_OPTIONS_H
#define RUN_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <tessera-onnx.h>
#include <tessera.h>

#include "message.h"

#define FILES_MAX	16
#define DIMENSIONS_MAX	64

/**
 * struct options - what the user asked for
 * @model: ONNX file
 * @input: files for the model's inputs, in order
 * @input_count: how many; none means random numbers
 * @output: files for the model's outputs, in order
 * @output_count: how many
 * @device: selector of tsr_device_find(), NULL for the first one
 * @precision: TSR_FP32, TSR_FP16 or TSR_BF16
 * @batch: extent of the inputs' first dimension where it is open, 0 when not given
 * @dimension: extents of open dimensions by name
 * @dimension_count: how many
 * @import_memory: bytes the import may allocate, 0 for the library's choice
 * @rounds: times the whole input is run
 * @seed: of random inputs
 * @top: largest values to print per item, 0 for none
 * @profile: print a table of the nodes
 * @strict: run in strict numeric mode
 * @local: load the model into the device's own memory
 * @range_check: tell of results that are infinite or not a number
 * @reference: compare with the reference
 * @operators: list the supported operators and do nothing else
 * @json: file for a report in JSON, or NULL
 * @program: file for the compiled program, or NULL
 */
struct options {
	const char *model;
	const char *input[FILES_MAX];
	size_t input_count;
	const char *output[FILES_MAX];
	size_t output_count;
	const char *device;
	enum tsr_type precision;
	int64_t batch;
	struct tsr_onnx_dimension dimension[DIMENSIONS_MAX];
	size_t dimension_count;
	uint64_t import_memory;
	uint32_t rounds;
	uint64_t seed;
	unsigned int top;
	bool profile;
	bool strict;
	bool local;
	bool range_check;
	bool reference;
	bool operators;
	const char *json;
	const char *program;
};

/**
 * options_parse() - read the command line
 * @finished: out: help or version was printed, nothing is left to do
 *
 * Return: EXIT_OK, or EXIT_USAGE after a complaint.
 */
enum exit_code options_parse(int argc, char **argv, struct options *options, bool *finished);

#endif
