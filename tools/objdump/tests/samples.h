/* SPDX-License-Identifier: MIT */
/* What the tests work on: every golden vector, and the programs of the test models. */
#ifndef OBJDUMP_TESTS_SAMPLES_H
#define OBJDUMP_TESTS_SAMPLES_H

#include <stdbool.h>
#include <stddef.h>

#include "bytes.h"
#include "defects.h"

/**
 * struct sample - a program or a stream
 * @name: file and case
 * @vector: from a golden vector, else compiled from a model
 * @good: the vector's verdict is NONE, or it was compiled
 * @refused: the vector's verdict is PROGRAM
 * @stream: a stream by itself
 */
struct sample {
	char name[300];
	bool vector;
	bool good;
	bool refused;
	bool stream;
	struct bytes bytes;
};

/** struct samples - all of them */
struct samples {
	struct sample *sample;
	size_t count;
};

/**
 * samples_load() - ends the process with a message if something is not there
 * @vectors: folder of the golden vectors
 * @programs: folder of compiled programs
 */
void samples_load(struct samples *samples, const char *vectors, const char *programs);

void samples_free(struct samples *samples);

/** sample_check() - what is wrong with it */
void sample_check(const struct sample *sample, struct defects *defects);

/** sample_comes_back() - does its text give its bytes again? Tells if not. */
bool sample_comes_back(const struct sample *sample);

/** sample_text() - its text with all bytes, for free() */
char *sample_text(const struct sample *sample, size_t *size);

#endif
