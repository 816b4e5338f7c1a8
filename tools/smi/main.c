// SPDX-License-Identifier: MIT
/* tessera-smi: what an administrator asks of Tessera NPUs. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tessera.h>

#include "smi.h"

static const struct {
	const char *name;
	int (*run)(const struct smi_options *options);
	const char *help;
} commands[] = {
	{ "list", smi_list, "which NPUs there are" },
	{ "show", smi_show, "identity, peak rates, firmware and limits" },
	{ "compliance", smi_compliance, "export-control figures: TPP, performance density, class" },
};

#define COMMANDS	(sizeof(commands) / sizeof(commands[0]))

static void usage(FILE *out)
{
	size_t i;

	fputs("usage: tessera-smi COMMAND [OPTION...]\n\nCommands:\n", out);
	for (i = 0; i < COMMANDS; i++)
		fprintf(out, "  %-12s %s\n", commands[i].name, commands[i].help);
	fputs("\nOptions:\n"
	      "  --device D   only one NPU: N of /dev/accel/accelN, PCI address, or serial:NUMBER\n"
	      "  --json       print JSON: {\"schema\": 1, ...}\n"
	      "  --version    print the version\n"
	      "\nOf compliance:\n"
	      "  --rule ID            version of the rules (default: the one in force)\n"
	      "  --date YYYY-MM-DD    date asked (default: today)\n"
	      "  --policy NAME=VALUE  how to read the rules; tessera-compliance --help lists them\n"
	      "  --rules FILE         rule data\n"
	      "\nExit status: 0 success, 2 wrong usage, 3 not supported, 4 no permission, 6 not found,\n"
	      "9 no driver or device, 15 device lost, 18 driver and library do not match, 255 other.\n",
	      out);
}

static int add_policy(struct smi_options *options, char *text)
{
	if (options->policies == SMI_POLICIES_MAX) {
		fprintf(stderr, "tessera-smi: more than %d --policy\n", SMI_POLICIES_MAX);
		return SMI_USAGE;
	}
	options->policy[options->policies++] = text;
	return SMI_OK;
}

static int take_option(struct smi_options *options, int option)
{
	switch (option) {
	case 'd':
		options->device = optarg;
		return SMI_OK;
	case 'j':
		options->json = true;
		return SMI_OK;
	case 'r':
		options->rule = optarg;
		return SMI_OK;
	case 't':
		options->date = optarg;
		return SMI_OK;
	case 'f':
		options->rules = optarg;
		return SMI_OK;
	case 'p':
		return add_policy(options, optarg);
	case 'v':
		printf("tessera-smi %s\n", tsr_version());
		exit(SMI_OK);
	case 'h':
		usage(stdout);
		exit(SMI_OK);
	default:
		return SMI_USAGE;
	}
}

static int run_command(const char *name, const struct smi_options *options)
{
	size_t i;

	for (i = 0; i < COMMANDS; i++)
		if (!strcmp(name, commands[i].name))
			return commands[i].run(options);
	fprintf(stderr, "tessera-smi: there is no command %s\n", name);
	usage(stderr);
	return SMI_USAGE;
}

int main(int argc, char **argv)
{
	static const struct option long_options[] = {
		{ "device", required_argument, NULL, 'd' }, { "json", no_argument, NULL, 'j' },
		{ "rule", required_argument, NULL, 'r' }, { "date", required_argument, NULL, 't' },
		{ "rules", required_argument, NULL, 'f' },
		{ "policy", required_argument, NULL, 'p' },
		{ "version", no_argument, NULL, 'v' }, { "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	struct smi_options options = { .device = NULL };
	int option;

	while ((option = getopt_long(argc, argv, "d:jh", long_options, NULL)) != -1)
		if (take_option(&options, option))
			return SMI_USAGE;
	if (optind + 1 != argc) {
		usage(stderr);
		return SMI_USAGE;
	}
	/* An administrator sees every board. */
	unsetenv("TESSERA_VISIBLE_DEVICES");
	return smi_finish(run_command(argv[optind], &options));
}
