// SPDX-License-Identifier: MIT
/*
 * tessera-compliance: the compliance engine on a facts file, without a device.
 * Exit status: 0 report printed, 1 usage, 2 unusable facts, rule data or options.
 */
#include <errno.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "tessera-compliance.h"

#define LARGEST_FACTS (1u << 20)
#define MOST_SETTINGS 32
#define WIDEST_PAGE 100
#define NARROWEST_PAGE 80

struct arguments {
	const char *facts, *rules, *rule, *date;
	struct tsr_compliance_setting policy[MOST_SETTINGS];
	size_t policy_count;
	bool json, list;
};

static void usage(FILE *out)
{
	const char *name, *values, *meaning;

	fputs("usage: tessera-compliance [OPTION...] FACTS.json\n"
	      "       tessera-compliance --list\n\n"
	      "Computes export-control quantities from facts about a part and compares them with the\n"
	      "thresholds of a rule version. FACTS.json may be - for standard input.\n\n"
	      "  --rule ID           rule version (default: the one in force)\n"
	      "  --date YYYY-MM-DD   date asked (default: today)\n"
	      "  --policy NAME=VALUE reading of the text, may be repeated\n"
	      "  --rules FILE        rule data file\n"
	      "  --json              print the report as JSON\n"
	      "  --list              list the rule versions\n\n"
	      "Policy switches, the default first:\n", out);
	for (size_t i = 0; !tsr_compliance_policy_describe(i, &name, &values, &meaning); i++)
		fprintf(out, "  %s=%s\n      %s\n", name, values, meaning);
}

static int add_policy(struct arguments *arguments, char *text)
{
	char *equals = strchr(text, '=');

	if (!equals || arguments->policy_count == MOST_SETTINGS) {
		fprintf(stderr, "tessera-compliance: --policy wants NAME=VALUE, not '%s'\n", text);
		return -EINVAL;
	}
	*equals = '\0';
	arguments->policy[arguments->policy_count].name = text;
	arguments->policy[arguments->policy_count++].value = equals + 1;
	return 0;
}

static int parse_option(struct arguments *arguments, int option)
{
	switch (option) {
	case 'r':
		arguments->rule = optarg;
		return 0;
	case 'd':
		arguments->date = optarg;
		return 0;
	case 'f':
		arguments->rules = optarg;
		return 0;
	case 'p':
		return add_policy(arguments, optarg);
	case 'j':
		arguments->json = true;
		return 0;
	case 'l':
		arguments->list = true;
		return 0;
	case 'h':
		usage(stdout);
		exit(0);
	case 'v':
		puts("tessera-compliance " TSR_VERSION);
		exit(0);
	default:
		return -EINVAL;
	}
}

static int parse_arguments(struct arguments *arguments, int argc, char **argv)
{
	static const struct option options[] = {
		{ "rule", required_argument, NULL, 'r' }, { "date", required_argument, NULL, 'd' },
		{ "rules", required_argument, NULL, 'f' },
		{ "policy", required_argument, NULL, 'p' }, { "json", no_argument, NULL, 'j' },
		{ "list", no_argument, NULL, 'l' }, { "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'v' },
		{ NULL, 0, NULL, 0 },
	};
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1)
		if (parse_option(arguments, option))
			return -EINVAL;
	if (arguments->list)
		return optind == argc ? 0 : -EINVAL;
	if (optind + 1 != argc)
		return -EINVAL;
	arguments->facts = argv[optind];
	return 0;
}

static char *read_facts(const char *path, size_t *size)
{
	FILE *file = strcmp(path, "-") ? fopen(path, "re") : stdin;
	char *text = calloc(LARGEST_FACTS + 1, 1);

	if (!file || !text) {
		fprintf(stderr, "tessera-compliance: %s: %s\n", path, strerror(errno));
		free(text);
		return NULL;
	}
	*size = fread(text, 1, LARGEST_FACTS, file);
	if (ferror(file) || *size == LARGEST_FACTS) {
		fprintf(stderr, "tessera-compliance: %s: %s\n", path,
			ferror(file) ? strerror(errno) : "larger than 1 MiB");
		free(text);
		text = NULL;
	}
	if (file != stdin)
		fclose(file);
	return text;
}

static void list_rules(const struct tsr_compliance_rules *rules, const char *date)
{
	const char *in_force = tsr_compliance_rules_in_force(rules, date), *id;

	for (size_t i = 0; (id = tsr_compliance_rules_id(rules, i)); i++)
		printf("%s%s\n", id, in_force && !strcmp(id, in_force) ? "  (in force)" : "");
}

static unsigned int page_width(void)
{
	struct winsize size;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) || !size.ws_col)
		return WIDEST_PAGE;
	if (size.ws_col > WIDEST_PAGE)
		return WIDEST_PAGE;
	return size.ws_col < NARROWEST_PAGE ? NARROWEST_PAGE : size.ws_col;
}

static int print_report(const char *json, bool as_json, struct tsr_compliance_error *error)
{
	char *text;

	if (as_json)
		return fputs(json, stdout) < 0 ? -EIO : 0;
	if (tsr_compliance_render_text(json, page_width(), &text, error))
		return -EINVAL;
	fputs(text, stdout);
	free(text);
	return 0;
}

static int report(const struct arguments *arguments, const struct tsr_compliance_rules *rules,
		  struct tsr_compliance_error *error)
{
	const struct tsr_compliance_options options = {
		.size = sizeof(options), .rule = arguments->rule, .date = arguments->date,
		.policy = arguments->policy, .policy_count = arguments->policy_count,
	};
	struct tsr_compliance_facts *facts;
	size_t size;
	char *text = read_facts(arguments->facts, &size), *json;
	int ret;

	if (!text)
		return -EIO;
	ret = tsr_compliance_facts_from_json(text, size, &facts, error);
	free(text);
	if (ret)
		return ret;
	ret = tsr_compliance_evaluate(facts, rules, &options, &json, error);
	tsr_compliance_facts_free(facts);
	if (ret)
		return ret;
	ret = print_report(json, arguments->json, error);
	free(json);
	return ret;
}

static const char *today(char date[11])
{
	time_t now = time(NULL);
	struct tm utc;

	gmtime_r(&now, &utc);
	strftime(date, 11, "%Y-%m-%d", &utc);
	return date;
}

int main(int argc, char **argv)
{
	struct arguments arguments = { .facts = NULL };
	struct tsr_compliance_error error = { "" };
	struct tsr_compliance_rules *rules;
	char date[11];
	int ret;

	if (parse_arguments(&arguments, argc, argv)) {
		usage(stderr);
		return 1;
	}
	if (!arguments.date)
		arguments.date = today(date);
	ret = tsr_compliance_rules_load(arguments.rules ? arguments.rules :
					tsr_compliance_rules_path(), &rules, &error);
	if (!ret && arguments.list)
		list_rules(rules, arguments.date);
	else if (!ret)
		ret = report(&arguments, rules, &error);
	if (error.text[0])
		fprintf(stderr, "tessera-compliance: %s\n", error.text);
	tsr_compliance_rules_free(rules);
	if (fflush(stdout) || ferror(stdout)) {
		fprintf(stderr, "tessera-compliance: cannot write the report: %s\n",
			strerror(errno));
		ret = -EIO;
	}
	return ret ? 2 : 0;
}
