// SPDX-License-Identifier: (GPL-2.0-only OR MIT)
/*
 * Prints standard input as structures of one kind, 64-bit words of one
 * meaning, or a command stream.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <tsr_hw/decode.h>

#define INPUT_MAX	(1 << 20)

static int decode_all(const struct tsr_hw_structure *structure, const uint8_t *bytes, size_t size)
{
	size_t at;

	for (at = 0; size - at >= structure->size; at += structure->size) {
		if (at)
			putchar('\n');
		tsr_hw_decode(stdout, structure, bytes + at);
	}
	return at == size ? 0 : 1;
}

static int decode_words(const struct tsr_hw_meaning *meaning, const uint8_t *bytes, size_t size)
{
	uint64_t word;

	for (size_t at = 0; size - at >= sizeof(word); at += sizeof(word)) {
		memcpy(&word, bytes + at, sizeof(word));
		tsr_hw_decode_word(stdout, meaning, word);
	}
	return size % sizeof(word) ? 1 : 0;
}

static int run(const char *name, const uint8_t *bytes, size_t size)
{
	const struct tsr_hw_structure *structure = tsr_hw_find(name);
	const struct tsr_hw_meaning *meaning = tsr_hw_find_meaning(name);

	if (!strcmp(name, "stream"))
		return tsr_hw_decode_stream(stdout, bytes, size) == size ? 0 : 1;
	if (structure)
		return decode_all(structure, bytes, size);
	if (meaning)
		return decode_words(meaning, bytes, size);
	fprintf(stderr,
		"contract-decode: %s: unknown; it takes stream, names as ERR or PTE, and structures:\n",
		name);
	for (size_t i = 0; i < tsr_hw_structure_count; i++)
		fprintf(stderr, "  %s\n", tsr_hw_structures[i]->name);
	return 2;
}

int main(int argc, char **argv)
{
	uint8_t *bytes = malloc(INPUT_MAX);
	size_t size;
	int status;

	if (argc != 2 || !bytes) {
		fputs("usage: contract-decode STRUCTURE|MEANING|stream <BYTES\n", stderr);
		free(bytes);
		return 2;
	}
	size = fread(bytes, 1, INPUT_MAX, stdin);
	status = run(argv[1], bytes, size);
	if (status == 1)
		fputs("contract-decode: bytes are left that are no whole structure\n", stderr);
	free(bytes);
	return status;
}
