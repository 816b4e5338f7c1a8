/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/* Signing keys: a text file with one line, the 32-byte Ed25519 seed in hexadecimal. */
#ifndef SIGN_KEY_H
#define SIGN_KEY_H

#include <stdint.h>

/**
 * struct sign_key - an Ed25519 key pair
 * @public: public key
 * @secret: secret key in libsodium's form
 */
struct sign_key {
	uint8_t public[32];
	uint8_t secret[64];
};

/**
 * key_read() - load a key file
 * @path: file
 * @key: result
 *
 * Lines that begin with '#' are comments. Return: 0, or -1 with a message on stderr.
 */
int key_read(const char *path, struct sign_key *key);

/**
 * key_generate() - make a new key file, readable by its owner alone
 * @path: file, which must not exist
 *
 * Return: 0, or -1 with a message on stderr.
 */
int key_generate(const char *path);

#endif
