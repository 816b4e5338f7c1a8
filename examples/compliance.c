/* SPDX-License-Identifier: MIT */
/* The report of a facts file under one version of the rules, as JSON. */
#include <stdio.h>
#include <stdlib.h>

#include <tessera-compliance.h>

static char *read_file(const char *path)
{
	static char text[1 << 20];
	FILE *file = fopen(path, "r");
	size_t length;

	if (!file)
		return NULL;
	length = fread(text, 1, sizeof(text) - 1, file);
	text[length] = '\0';
	fclose(file);
	return text;
}

int main(int argc, char **argv)
{
	struct tsr_compliance_options options = {
		.size = sizeof(options), .rule = "us-ecfr-2026-09-01",
	};
	char *text = argc == 2 ? read_file(argv[1]) : NULL, *report = NULL;
	struct tsr_compliance_error error = { "usage: compliance FACTS.json" };
	struct tsr_compliance_facts *facts = NULL;
	struct tsr_compliance_rules *rules = NULL;
	int ret = -1;

	if (text)
		ret = tsr_compliance_facts_from_json(text, &facts, &error);
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
