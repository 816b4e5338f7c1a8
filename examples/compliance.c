/* SPDX-License-Identifier: MIT */
/* The report of a facts file under one version of the rules, as JSON. */
#include <stdio.h>
#include <stdlib.h>

#include <tessera-compliance.h>

static char text[1 << 20];

static size_t read_file(const char *path)
{
	FILE *file = fopen(path, "r");
	size_t size;

	if (!file)
		return 0;
	size = fread(text, 1, sizeof(text), file);
	fclose(file);
	return size;
}

int main(int argc, char **argv)
{
	struct tsr_compliance_options options = {
		.size = sizeof(options), .rule = "us-ecfr-2026-09-01",
	};
	size_t size = argc == 2 ? read_file(argv[1]) : 0;
	struct tsr_compliance_error error = { "usage: compliance FACTS.json" };
	struct tsr_compliance_facts *facts = NULL;
	struct tsr_compliance_rules *rules = NULL;
	char *report = NULL;
	int ret = -1;

	if (size)
		ret = tsr_compliance_facts_from_json(text, size, &facts, &error);
	if (!ret)
		ret = tsr_compliance_rules_load(tsr_compliance_rules_path(), &rules, &error);
	if (!ret)
		ret = tsr_compliance_evaluate(facts, rules, &options, &report, &error);
	if (ret)
		fprintf(stderr, "error: %s\n", error.text);
	else
		puts(report);
	free(report);
	tsr_compliance_rules_free(rules);
	tsr_compliance_facts_free(facts);
	return ret ? 1 : 0;
}
