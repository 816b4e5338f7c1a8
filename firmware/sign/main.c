// SPDX-License-Identifier: (GPL-2.0-only OR MIT)
/* tessera-sign: make, sign, check and print images for the management core. */
#include <errno.h>
#include <getopt.h>
#include <sodium.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tsr_hw/core.h>
#include <tsr_hw/version.h>

#include "../feature_set.h"
#include "image.h"

static const char usage_text[] =
	"usage: tessera-sign --key FILE --output IMAGE [OPTION...] INPUT\n"
	"       tessera-sign --keygen FILE\n"
	"       tessera-sign --verify IMAGE\n"
	"       tessera-sign --print IMAGE\n"
	"       tessera-sign --hash KEY\n"
	"\n"
	"INPUT is an ELF executable for the management core, or with --raw a plain binary.\n"
	"The same input, key and options give the same bytes.\n"
	"\n"
	"  --version X.Y.Z         firmware version (default 1.0.0)\n"
	"  --security-version N    anti-rollback version (default 1)\n"
	"  --abi MIN-MAX           host-firmware interface range\n"
	"  --hw-major N            hardware major version (default 1)\n"
	"  --features BITS         features offered\n"
	"  --name TEXT             description\n"
	"  --raw                   INPUT is the payload\n"
	"  --load ADDRESS          where a raw payload goes (default start of SRAM)\n"
	"  --entry ADDRESS         first instruction (default: the ELF file's, or the load\n"
	"                          address)\n";

struct options {
	struct image_facts facts;
	const char *key;
	const char *output;
	const char *input;
	bool raw;
	bool has_entry;
	uint32_t load;
	uint32_t entry;
};

static uint64_t number(const char *text, const char *option, uint64_t limit)
{
	char *end;
	unsigned long long value;

	errno = 0;
	value = strtoull(text, &end, 0);
	if (errno || end == text || *end || value > limit) {
		fprintf(stderr, "tessera-sign: %s: \"%s\" is not a number up to 0x%llx\n", option,
			text, (unsigned long long)limit);
		exit(2);
	}
	return value;
}

static uint32_t version_number(const char *text)
{
	unsigned int major, minor, patch;
	char rest;

	if (sscanf(text, "%u.%u.%u%c", &major, &minor, &patch, &rest) != 3 || major > 0xff ||
	    minor > 0xff || patch > 0xffff) {
		fprintf(stderr, "tessera-sign: --version: \"%s\" is not like 1.2.3\n", text);
		exit(2);
	}
	return major << 24 | minor << 16 | patch;
}

static void abi_range(const char *text, struct image_facts *facts)
{
	char rest;

	if (sscanf(text, "%hu-%hu%c", &facts->abi_min, &facts->abi_max, &rest) != 2 ||
	    facts->abi_min > facts->abi_max) {
		fprintf(stderr, "tessera-sign: --abi: \"%s\" is not like 1-2\n", text);
		exit(2);
	}
}

static uint8_t *read_file(const char *path, size_t *size)
{
	FILE *file = fopen(path, "re");
	uint8_t *bytes = NULL;
	long length = -1;

	if (file && !fseek(file, 0, SEEK_END))
		length = ftell(file);
	if (length >= 0 && !fseek(file, 0, SEEK_SET))
		bytes = malloc((size_t)length + 1);
	if (bytes && fread(bytes, 1, (size_t)length, file) != (size_t)length) {
		free(bytes);
		bytes = NULL;
	}
	if (!bytes)
		fprintf(stderr, "tessera-sign: cannot read %s: %s\n", path, strerror(errno));
	if (file)
		fclose(file);
	*size = bytes ? (size_t)length : 0;
	return bytes;
}

static int write_file(const char *path, const uint8_t *bytes, size_t size)
{
	FILE *file = fopen(path, "we");
	bool good = file && fwrite(bytes, 1, size, file) == size;

	if (file && fclose(file))
		good = false;
	if (good)
		return 0;
	fprintf(stderr, "tessera-sign: cannot write %s: %s\n", path, strerror(errno));
	return 1;
}

static int load_payload(const struct options *options, struct payload *payload)
{
	const char *wrong;
	uint8_t *bytes;
	size_t size;

	bytes = read_file(options->input, &size);
	if (!bytes)
		return -1;
	if (options->raw) {
		*payload = (struct payload){ bytes, size, options->load, options->load };
	} else {
		wrong = payload_from_elf(bytes, size, payload);
		free(bytes);
		if (wrong) {
			fprintf(stderr, "tessera-sign: %s: %s\n", options->input, wrong);
			return -1;
		}
	}
	if (options->has_entry)
		payload->entry = options->entry;
	return 0;
}

static int make(const struct options *options)
{
	struct payload payload = { 0 };
	struct sign_key key;
	uint8_t *image;
	size_t size;
	int status = 1;

	if (key_read(options->key, &key))
		return 1;
	if (!load_payload(options, &payload)) {
		image = image_make(&options->facts, &payload, &key, &size);
		if (image)
			status = write_file(options->output, image, size);
		free(image);
	}
	payload_free(&payload);
	sodium_memzero(&key, sizeof(key));
	return status;
}

static int inspect(const char *path, bool print)
{
	size_t size;
	uint8_t *image = read_file(path, &size);
	const char *wrong;

	if (!image)
		return 1;
	wrong = image_verify(image, size);
	if (print && size >= sizeof(struct tsr_hw_image_header))
		image_print(image);
	if (wrong)
		fprintf(stderr, "tessera-sign: %s: %s\n", path, wrong);
	else
		printf("%s: good\n", path);
	free(image);
	return wrong ? 1 : 0;
}

/* What the fuses of a device hold that trusts this key. */
static int print_hash(const char *path)
{
	char text[2 * crypto_hash_sha256_BYTES + 1];
	uint8_t hash[crypto_hash_sha256_BYTES];
	struct sign_key key;

	if (key_read(path, &key))
		return 1;
	crypto_hash_sha256(hash, key.public, sizeof(key.public));
	sodium_memzero(&key, sizeof(key));
	puts(sodium_bin2hex(text, sizeof(text), hash, sizeof(hash)));
	return 0;
}

static const struct option long_options[] = {
	{ "key", required_argument, NULL, 'k' },
	{ "output", required_argument, NULL, 'o' },
	{ "keygen", required_argument, NULL, 'g' },
	{ "verify", required_argument, NULL, 'c' },
	{ "print", required_argument, NULL, 'p' },
	{ "hash", required_argument, NULL, 'H' },
	{ "version", required_argument, NULL, 'v' },
	{ "security-version", required_argument, NULL, 's' },
	{ "abi", required_argument, NULL, 'a' },
	{ "hw-major", required_argument, NULL, 'w' },
	{ "features", required_argument, NULL, 'f' },
	{ "name", required_argument, NULL, 'n' },
	{ "raw", no_argument, NULL, 'r' },
	{ "load", required_argument, NULL, 'l' },
	{ "entry", required_argument, NULL, 'e' },
	{ "help", no_argument, NULL, 'h' },
	{ 0 },
};

static void image_option(int option, const char *value, struct options *options)
{
	struct image_facts *facts = &options->facts;

	switch (option) {
	case 'v': facts->fw_version = version_number(value); break;
	case 's': facts->security_version = (uint32_t)number(value, "--security-version",
							      UINT32_MAX); break;
	case 'a': abi_range(value, facts); break;
	case 'w': facts->hw_major = (uint32_t)number(value, "--hw-major", UINT32_MAX); break;
	case 'f': facts->features = number(value, "--features", UINT64_MAX); break;
	case 'n': facts->name = value; break;
	case 'r': options->raw = true; break;
	case 'l': options->load = (uint32_t)number(value, "--load", UINT32_MAX); break;
	case 'e':
		options->entry = (uint32_t)number(value, "--entry", UINT32_MAX);
		options->has_entry = true;
		break;
	case 'k': options->key = value; break;
	case 'o': options->output = value; break;
	default:
		fputs(usage_text, stderr);
		exit(2);
	}
}

int main(int argc, char **argv)
{
	struct options options = {
		.load = TSR_HW_SRAM_BASE,
		.facts = {
			.security_version = 1, .fw_version = 1u << 24, .hw_major = 1,
			.abi_min = TSR_HW_ABI_VERSION_MIN, .abi_max = TSR_HW_ABI_VERSION_MAX,
			.features = FIRMWARE_FEATURES, .name = "Tessera management firmware",
		},
	};
	int option;

	if (sodium_init() < 0) {
		fprintf(stderr, "tessera-sign: libsodium does not start\n");
		return 1;
	}
	while ((option = getopt_long(argc, argv, "k:o:h", long_options, NULL)) != -1) {
		switch (option) {
		case 'g': return key_generate(optarg) ? 1 : 0;
		case 'c': return inspect(optarg, false);
		case 'p': return inspect(optarg, true);
		case 'H': return print_hash(optarg);
		case 'h': fputs(usage_text, stdout); return 0;
		default: image_option(option, optarg, &options);
		}
	}
	if (optind + 1 != argc || !options.key || !options.output) {
		fputs(usage_text, stderr);
		return 2;
	}
	options.input = argv[optind];
	return make(&options);
}
