// SPDX-License-Identifier: MIT
/*
 * usage: test_samples VECTORS PROGRAMS
 *
 * Every golden vector and every compiled program: text and back gives the same bytes, and
 * what is right has no defect. TAP.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "samples.h"

/* The least there must be, or the tests show nothing. */
#define VECTORS_LEAST	500
#define PROGRAMS_LEAST	100

static unsigned int number;
static bool all_passed = true;

static void result(bool passed, const char *name)
{
	printf("%sok %u - %s\n", passed ? "" : "not ", ++number, name);
	all_passed &= passed;
}

/* Bytes as they are stand only where constants are, or what no part of the contract describes. */
static bool all_is_named(const struct sample *sample)
{
	size_t size;
	char *text = sample_text(sample, &size);
	bool named = strncmp(text, "bytes ", 6) && !strstr(text, "\nbytes ") &&
		     !strstr(text, "\nlength ");

	if (!named)
		printf("# %s: has bytes without a name\n", sample->name);
	free(text);
	return named;
}

/* The vectors of programs have streams of arbitrary bytes: what is wrong there does not count. */
static size_t defects_outside_of_streams(const struct sample *sample)
{
	struct defects defects;
	size_t count = 0;

	sample_check(sample, &defects);
	for (size_t i = 0; i < defects.count && i < DEFECTS_KEPT; i++)
		count += sample->stream || !strstr(defects.kept[i].path, ": command ");
	return count;
}

static bool has_no_defect(const struct sample *sample)
{
	struct defects defects;

	sample_check(sample, &defects);
	if (defects.count)
		printf("# %s: 0x%zx: %s %s\n", sample->name, defects.kept[0].offset,
		       defects.kept[0].path, defects.kept[0].rule);
	return !defects.count;
}

struct counts {
	size_t vectors;
	size_t programs;
};

static struct counts count_samples(const struct samples *samples)
{
	struct counts counts = { 0 };

	for (size_t i = 0; i < samples->count; i++) {
		counts.vectors += samples->sample[i].vector;
		counts.programs += !samples->sample[i].vector;
	}
	printf("# %zu vectors, %zu programs\n", counts.vectors, counts.programs);
	return counts;
}

static bool each(const struct samples *samples, bool vectors, bool (*holds)(const struct sample *))
{
	bool all = true;

	for (size_t i = 0; i < samples->count; i++) {
		if (samples->sample[i].vector == vectors)
			all &= holds(&samples->sample[i]);
	}
	return all;
}

static bool good_has_no_defect(const struct sample *sample)
{
	if (!sample->good || !defects_outside_of_streams(sample))
		return true;
	printf("# %s\n", sample->name);
	return false;
}

static bool good_stream_is_named(const struct sample *sample)
{
	return !sample->good || !sample->stream || all_is_named(sample);
}

int main(int argc, char **argv)
{
	struct samples samples;
	struct counts counts;

	if (argc != 3)
		return 2;
	samples_load(&samples, argv[1], argv[2]);
	counts = count_samples(&samples);
	result(counts.vectors >= VECTORS_LEAST && counts.programs >= PROGRAMS_LEAST,
	       "there are vectors and programs");
	result(each(&samples, true, sample_comes_back),
	       "every golden vector comes back from its text");
	result(each(&samples, false, sample_comes_back),
	       "every compiled program comes back from its text");
	result(each(&samples, true, good_stream_is_named),
	       "every byte of a stream that an engine takes is a named field's");
	result(each(&samples, false, all_is_named),
	       "every byte of a compiled program is a named field's or a constant's");
	result(each(&samples, true, good_has_no_defect), "a vector that is accepted has no defect");
	result(each(&samples, false, has_no_defect), "a compiled program has no defect");
	printf("1..%u\n", number);
	samples_free(&samples);
	return !all_passed;
}
