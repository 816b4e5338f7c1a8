// SPDX-License-Identifier: MIT
#include "samples.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "assemble.h"
#include "check.h"
#include "text.h"
#include "vectors.h"

static const char *const vector_files[] = {
	"commands/valid.txt", "commands/results.txt", "programs.txt",
};

static const char *const vector_folders[] = { "commands/malformed", "commands/twins" };

static void fail(const char *what)
{
	printf("Bail out! %s\n", what);
	exit(1);
}

static struct sample *add(struct samples *samples, const void *bytes, size_t size)
{
	struct sample *sample;

	samples->sample = realloc(samples->sample, (samples->count + 1) * sizeof(*sample));
	if (!samples->sample)
		fail("no memory");
	sample = &samples->sample[samples->count++];
	*sample = (struct sample){ 0 };
	if (!bytes_append(&sample->bytes, bytes, size))
		fail("no memory");
	return sample;
}

struct source {
	struct samples *samples;
	const char *file;
};

static bool has_field(const struct vector *vector, const char *field)
{
	return vector->fields.data &&
	       memmem(vector->fields.data, vector->fields.size, field, strlen(field));
}

static void take_vector(void *context, const struct vector *vector)
{
	const struct source *source = context;
	const struct bytes *bytes = vector->has_program ? &vector->program : &vector->stream;
	struct sample *sample = add(source->samples, bytes->data, bytes->size);

	snprintf(sample->name, sizeof(sample->name), "%s: %s", source->file, vector->name);
	sample->vector = true;
	sample->good = has_field(vector, "# verdict NONE\n");
	sample->refused = has_field(vector, "# verdict PROGRAM\n");
	sample->stream = !vector->has_program;
}

static void load_vectors(struct samples *samples, const char *folder, const char *file)
{
	struct source source = { samples, file };
	struct text_error error;
	struct bytes text = { 0 };
	char path[4096];

	snprintf(path, sizeof(path), "%s/%s", folder, file);
	if (bytes_read(path, &text) || !vectors_each(&text, take_vector, &source, &error))
		fail(path);
	bytes_free(&text);
}

static void load_program(struct samples *samples, const char *folder, const char *name)
{
	struct bytes bytes = { 0 };
	struct sample *sample;
	char path[4096];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	if (bytes_read(path, &bytes))
		fail(path);
	sample = add(samples, bytes.data, bytes.size);
	snprintf(sample->name, sizeof(sample->name), "%s", name);
	sample->good = true;
	bytes_free(&bytes);
}

static int is_visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

/* Every file of a folder, which has some, by their names. */
static void load_each(struct samples *samples, const char *folder,
		      void (*load)(struct samples *samples, const char *folder, const char *name))
{
	struct dirent **entries;
	int count = scandir(folder, &entries, is_visible, alphasort);

	if (count < 1)
		fail(folder);
	for (int i = 0; i < count; i++) {
		load(samples, folder, entries[i]->d_name);
		free(entries[i]);
	}
	free(entries);
}

void samples_load(struct samples *samples, const char *vectors, const char *programs)
{
	*samples = (struct samples){ 0 };
	for (size_t i = 0; i < sizeof(vector_files) / sizeof(vector_files[0]); i++)
		load_vectors(samples, vectors, vector_files[i]);
	for (size_t i = 0; i < sizeof(vector_folders) / sizeof(vector_folders[0]); i++) {
		char folder[4096];

		snprintf(folder, sizeof(folder), "%s/%s", vectors, vector_folders[i]);
		load_each(samples, folder, load_vectors);
	}
	load_each(samples, programs, load_program);
}

void samples_free(struct samples *samples)
{
	for (size_t i = 0; i < samples->count; i++)
		bytes_free(&samples->sample[i].bytes);
	free(samples->sample);
}

char *sample_text(const struct sample *sample, size_t *size)
{
	const struct text_options options = { .hex = true, .node = TEXT_ALL_NODES };
	char *text = NULL;
	FILE *out = open_memstream(&text, size);

	if (!out)
		fail("no memory");
	if (!(sample->stream ? text_stream(out, sample->bytes.data, sample->bytes.size) :
	      text_program(out, sample->bytes.data, sample->bytes.size, &options)))
		fail("no memory");
	fclose(out);
	return text;
}

void sample_check(const struct sample *sample, struct defects *defects)
{
	*defects = (struct defects){ 0 };
	if (sample->stream)
		check_stream(sample->bytes.data, 0, sample->bytes.size, CHECK_ANY_ENGINE, "",
			     defects);
	else
		check_program(sample->bytes.data, sample->bytes.size, defects);
}

bool sample_comes_back(const struct sample *sample)
{
	struct bytes back = { 0 };
	struct text_error error;
	size_t size;
	char *text = sample_text(sample, &size);
	bool same = assemble(text, size, &back, &error) && back.size == sample->bytes.size &&
		    (!back.size || !memcmp(back.data, sample->bytes.data, back.size));

	if (!same)
		printf("# %s: line %u: %s\n%s\n", sample->name, error.line, error.message, text);
	bytes_free(&back);
	free(text);
	return same;
}
