// SPDX-License-Identifier: MIT
#include "options.h"

#include <getopt.h>
#include <stdio.h>
#include <unistd.h>

#include "value.h"

static const char usage[] =
	"usage: tessera-objdump [OPTION...] [FILE...]\n"
	"       tessera-objdump --assemble [--output FILE] [FILE]\n"
	"\n"
	"Shows what is in a program for a Tessera NPU, or makes one of text. A file is a\n"
	"program, as tessera-run --program writes it, or golden vectors; without a file, or\n"
	"for -, standard input is read.\n"
	"\n"
	"  -a, --assemble       read text, write bytes\n"
	"  -o, --output FILE    where to (default: standard output)\n"
	"  -x, --hex            show the bytes of constants; then --assemble reads the text\n"
	"  -j, --json           print JSON\n"
	"  -n, --node N         show one node only\n"
	"  -s, --stream         the file is a command stream without a program\n"
	"  -c, --case NAME      show one golden vector only\n"
	"  -h, --help\n"
	"      --version\n";

enum { OPTION_VERSION = 256 };

static const struct option long_options[] = {
	{ "assemble", no_argument, NULL, 'a' },
	{ "output", required_argument, NULL, 'o' },
	{ "hex", no_argument, NULL, 'x' },
	{ "json", no_argument, NULL, 'j' },
	{ "node", required_argument, NULL, 'n' },
	{ "stream", no_argument, NULL, 's' },
	{ "case", required_argument, NULL, 'c' },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, OPTION_VERSION },
	{ 0 },
};

static enum exit_code wrong(const char *sentence)
{
	complain("%s; see tessera-objdump --help", sentence);
	return EXIT_USAGE;
}

static enum exit_code parse_node(struct options *options)
{
	uint64_t number;

	if (!value_digits(optarg, &number) || number >= TEXT_ALL_NODES)
		return wrong("--node wants the number of a node");
	options->text.node = (uint32_t)number;
	return EXIT_OK;
}

static enum exit_code parse_one(int option, struct options *options, bool *finished)
{
	switch (option) {
	case 'a':
		options->assemble = true;
		break;
	case 'o':
		options->output = optarg;
		break;
	case 'x':
		options->text.hex = true;
		break;
	case 'j':
		options->json = true;
		break;
	case 'n':
		return parse_node(options);
	case 's':
		options->stream = true;
		break;
	case 'c':
		options->name = optarg;
		break;
	case 'h':
		fputs(usage, stdout);
		*finished = true;
		break;
	case OPTION_VERSION:
		puts("tessera-objdump " OBJDUMP_VERSION);
		*finished = true;
		break;
	default:
		return wrong("unknown option");
	}
	return EXIT_OK;
}

static enum exit_code check(const struct options *options)
{
	if (options->output && !options->assemble)
		return wrong("--output goes with --assemble");
	if (!options->assemble)
		return EXIT_OK;
	if (options->json || options->stream || options->name || options->text.hex ||
	    options->text.node != TEXT_ALL_NODES)
		return wrong("--assemble takes --output only");
	if (options->file_count > 1)
		return wrong("--assemble takes one text");
	if (!options->output && isatty(STDOUT_FILENO))
		return wrong("--assemble writes no bytes to a terminal, give --output");
	return EXIT_OK;
}

enum exit_code options_parse(int argc, char **argv, struct options *options, bool *finished)
{
	static char *standard_input[] = { "-", NULL };
	enum exit_code code = EXIT_OK;
	int option;

	*options = (struct options){ .text.node = TEXT_ALL_NODES };
	*finished = false;
	while (!code && !*finished &&
	       (option = getopt_long(argc, argv, "ao:xjn:sc:h", long_options, NULL)) != -1)
		code = parse_one(option, options, finished);
	if (code || *finished)
		return code;
	options->files = optind < argc ? argv + optind : standard_input;
	options->file_count = optind < argc ? argc - optind : 1;
	return check(options);
}
