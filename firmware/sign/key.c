// SPDX-License-Identifier: (GPL-2.0-only OR MIT)
#include "key.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

_Static_assert(crypto_sign_PUBLICKEYBYTES == 32 && crypto_sign_SECRETKEYBYTES == 64, "Ed25519");

#define HEX_SIZE (2 * crypto_sign_SEEDBYTES + 1)

static bool parse_seed(const char *line, uint8_t seed[crypto_sign_SEEDBYTES])
{
	const char *end = NULL;
	size_t length = 0;

	if (sodium_hex2bin(seed, crypto_sign_SEEDBYTES, line, strlen(line), NULL, &length, &end))
		return false;
	return length == crypto_sign_SEEDBYTES && (*end == '\n' || *end == '\0');
}

static bool read_seed(FILE *file, uint8_t seed[crypto_sign_SEEDBYTES])
{
	char line[256];
	bool found = false;

	while (!found && fgets(line, sizeof(line), file))
		found = line[0] != '#' && parse_seed(line, seed);
	sodium_memzero(line, sizeof(line));
	return found;
}

int key_read(const char *path, struct sign_key *key)
{
	uint8_t seed[crypto_sign_SEEDBYTES];
	FILE *file = fopen(path, "re");
	bool found;

	if (!file) {
		fprintf(stderr, "tessera-sign: cannot read key %s: %s\n", path, strerror(errno));
		return -1;
	}
	found = read_seed(file, seed);
	fclose(file);
	if (!found) {
		fprintf(stderr, "tessera-sign: %s holds no key: one line of 64 hexadecimal digits"
			" is expected (tessera-sign --keygen FILE makes one)\n", path);
		return -1;
	}
	crypto_sign_seed_keypair(key->public, key->secret, seed);
	sodium_memzero(seed, sizeof(seed));
	return 0;
}

static int write_seed(int fd, const uint8_t seed[crypto_sign_SEEDBYTES])
{
	char hex[HEX_SIZE];
	int written;

	sodium_bin2hex(hex, sizeof(hex), seed, crypto_sign_SEEDBYTES);
	written = dprintf(fd, "# Ed25519 seed of a firmware signing key. Keep it secret.\n%s\n",
			  hex);
	sodium_memzero(hex, sizeof(hex));
	return written < 0 ? -1 : 0;
}

int key_generate(const char *path)
{
	uint8_t seed[crypto_sign_SEEDBYTES];
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	int error;

	if (fd < 0) {
		fprintf(stderr, "tessera-sign: cannot make key %s: %s\n", path, strerror(errno));
		return -1;
	}
	randombytes_buf(seed, sizeof(seed));
	error = write_seed(fd, seed);
	sodium_memzero(seed, sizeof(seed));
	if (close(fd) || error) {
		fprintf(stderr, "tessera-sign: cannot write key %s: %s\n", path, strerror(errno));
		return -1;
	}
	return 0;
}
