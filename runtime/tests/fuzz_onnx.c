// SPDX-License-Identifier: MIT
/*
 * usage: fuzz_onnx COUNT SEED FOLDER
 *
 * Damages the models of a folder made by tests/models/generate.py and imports them.
 * Nothing may crash, nothing may be read out of bounds (built with sanitizers it shows),
 * every refusal has a sentence, an import allocates no more than it may, and whatever
 * compiles is a well-formed program.
 */
#include <errno.h>
#include <glob.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tessera-onnx.h>

#include "../compiler/compiler.h"
#include "../error.h"
#include "allocations.h"
#include "program_check.h"
#include "random.h"
#include "tile/sku.h"

#define SLACK	4096	/* bytes a mutant may grow */

/* What an import allocates beyond its budget: the graph itself, a few short names. */
#define UNPAID	((size_t)64 << 10)

struct file {
	uint8_t *data;
	size_t size;
};

struct tally {
	unsigned long refused;
	unsigned long over;	/* of those, beyond a limit */
	unsigned long imported;
	unsigned long compiled;
};

static struct file read_file(const char *path)
{
	struct file file = { NULL, 0 };
	FILE *stream = fopen(path, "rb");

	if (!stream)
		return file;
	fseek(stream, 0, SEEK_END);
	file.size = (size_t)ftell(stream);
	rewind(stream);
	file.data = malloc(file.size + 1);
	if (file.data && fread(file.data, 1, file.size, stream) != file.size)
		file.size = 0;
	fclose(stream);
	return file;
}

static void damage_bytes(struct file *file, uint64_t *random)
{
	static const uint8_t interesting[] = { 0, 1, 0x7f, 0x80, 0xff, 0x08, 0x10, 0x12 };
	size_t at = random_below(random, file->size);

	if (random_below(random, 2))
		file->data[at] ^= (uint8_t)(1u << random_below(random, 8));
	else
		file->data[at] = interesting[random_below(random, sizeof(interesting))];
}

static void cut(struct file *file, uint64_t *random)
{
	size_t at = random_below(random, file->size);
	size_t length = 1 + random_below(random, 32);

	if (length > file->size - at)
		length = file->size - at;
	memmove(file->data + at, file->data + at + length, file->size - at - length);
	file->size -= length;
}

static void repeat(struct file *file, size_t room, uint64_t *random)
{
	size_t at = random_below(random, file->size);
	size_t length = 1 + random_below(random, 64);

	if (length > file->size - at)
		length = file->size - at;
	if (file->size + length > room)
		return;
	memmove(file->data + at + length, file->data + at, file->size - at);
	file->size += length;
}

static void overwrite(struct file *file, uint64_t *random)
{
	size_t from = random_below(random, file->size), to = random_below(random, file->size);
	size_t length = 1 + random_below(random, 16), limit = file->size - (from > to ? from : to);

	memmove(file->data + to, file->data + from, length < limit ? length : limit);
}

static struct file mutate(const struct file *original, uint64_t *random)
{
	struct file mutant = { malloc(original->size + SLACK), original->size };
	uint64_t changes = 1 + random_below(random, 4);

	memcpy(mutant.data, original->data, original->size);
	while (changes-- && mutant.size > 1)
		switch (random_below(random, 6)) {
		case 0:
			cut(&mutant, random);
			break;
		case 1:
			repeat(&mutant, original->size + SLACK, random);
			break;
		case 2:
			overwrite(&mutant, random);
			break;
		default:
			damage_bytes(&mutant, random);
		}
	/* Exactly as long as it says, so that a sanitizer sees one byte too many. */
	mutant.data = realloc(mutant.data, mutant.size);
	return mutant;
}

static bool compile(const struct tsr_graph *graph, const struct sku *sku, uint64_t *random,
		    struct tally *tally)
{
	static const enum tsr_type precisions[] = { TSR_FP32, TSR_FP16, TSR_BF16 };
	struct tsr_compile_options options =
		TSR_OPTIONS(tsr_compile_options, .precision = precisions[random_below(random, 3)]);
	struct tsr_program *program;
	char error[256];
	bool good;

	if (tsr_compile_for(graph, sku_fuses(sku), &options, &program))
		return true;
	tally->compiled++;
	good = !program_check(program, sku, error, sizeof(error));
	if (!good)
		printf("# %s\n", error);
	tsr_program_destroy(program);
	return good;
}

/* Often too little, to see that nothing is allocated before it is paid for. */
static uint64_t choose_memory(const struct file *mutant, uint64_t *random)
{
	if (random_below(random, 4))
		return TSR_ONNX_MEMORY_BASE + TSR_ONNX_MEMORY_PER_BYTE * mutant->size;
	return 1 + random_below(random, 64 * mutant->size);
}

static bool try_mutant(const struct file *mutant, const struct sku *sku, uint64_t *random,
		       struct tally *tally)
{
	uint64_t memory = choose_memory(mutant, random);
	struct tsr_onnx_options options =
		TSR_OPTIONS(tsr_onnx_options, .batch = (int64_t)random_below(random, 4),
			    .memory = memory);
	struct tsr_graph *graph;
	bool good = true;
	int error;

	tsr_fail(0, "%s", "");
	allocations_begin();
	error = tsr_onnx_import(mutant->data, mutant->size, &options, &graph);
	if (allocations_peak() > memory + UNPAID) {
		printf("# %zu bytes allocated of %llu\n", allocations_peak(),
		       (unsigned long long)memory);
		good = false;
	}
	if (error) {
		tally->refused++;
		tally->over += error == -E2BIG;
		if (tsr_error()[0] && !graph)
			return good;
		puts("# refused without a reason");
		return false;
	}
	tally->imported++;
	good &= compile(graph, sku, random, tally);
	tsr_graph_destroy(graph);
	return good;
}

static void save(const struct file *mutant)
{
	FILE *stream = fopen("mutant.onnx", "wb");

	if (stream && fwrite(mutant->data, 1, mutant->size, stream) == mutant->size)
		puts("# it is in mutant.onnx");
	if (stream)
		fclose(stream);
}

static bool fuzz(const glob_t *models, unsigned long count, uint64_t seed, const struct sku *sku)
{
	struct tally tally = { 0 };
	bool good = true;
	unsigned long i;

	for (i = 0; i < count && good; i++) {
		uint64_t random = seed * 1000003 + i;
		const char *path = models->gl_pathv[random_below(&random, models->gl_pathc)];
		struct file original = read_file(path), mutant;

		mutant = mutate(&original, &random);
		good = try_mutant(&mutant, sku, &random, &tally);
		if (!good) {
			printf("# mutant %lu of %s\n", i, path);
			save(&mutant);
		}
		free(mutant.data);
		free(original.data);
	}
	printf("# %lu mutants: %lu refused, %lu of them beyond a limit, %lu imported, "
	       "%lu compiled\n", i, tally.refused, tally.over, tally.imported, tally.compiled);
	/* A fuzzer that never gets past the first check tests nothing. */
	return good && tally.over && tally.refused > tally.over && tally.compiled;
}

int main(int argc, char **argv)
{
	char pattern[512], error[256];
	struct sku *sku;
	glob_t models;
	bool good;

	if (argc != 4)
		return 2;
	snprintf(pattern, sizeof(pattern), "%s/*/model.onnx", argv[3]);
	if (glob(pattern, 0, NULL, &models) || sku_load(TESTS_SKU, &sku, error, sizeof(error))) {
		puts("Bail out! no models or no SKU file");
		return 1;
	}
	good = fuzz(&models, strtoul(argv[1], NULL, 10), strtoull(argv[2], NULL, 10), sku);
	printf("%s 1 - damaged models are refused or compiled\n1..1\n", good ? "ok" : "not ok");
	globfree(&models);
	sku_free(sku);
	return !good;
}
