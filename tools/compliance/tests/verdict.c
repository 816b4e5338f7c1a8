// SPDX-License-Identifier: MIT
#include "verdict.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define MOST_SETTINGS 8

static struct tsr_compliance_rules *loaded;

static void unload(void)
{
	tsr_compliance_rules_free(loaded);
}

const struct tsr_compliance_rules *verdict_rules(void)
{
	struct tsr_compliance_error error = { "" };

	if (loaded)
		return loaded;
	if (tsr_compliance_rules_load(RULES_FILE, &loaded, &error))
		fail_msg("%s", error.text);
	atexit(unload);
	return loaded;
}

/* Splits "name=value name=value" in place. */
static size_t split(char *text, struct tsr_compliance_setting *settings)
{
	size_t count = 0;
	char *rest = text, *word;

	while ((word = strsep(&rest, " "))) {
		char *equals = strchr(word, '=');

		assert_non_null(equals);
		assert_true(count < MOST_SETTINGS);
		*equals = '\0';
		settings[count].name = word;
		settings[count++].value = equals + 1;
	}
	return count;
}

char *verdict_text(const struct tsr_compliance_facts *facts, const char *rule, const char *policy)
{
	struct tsr_compliance_setting settings[MOST_SETTINGS];
	struct tsr_compliance_options options = {
		.size = sizeof(options), .rule = rule, .policy = settings,
	};
	struct tsr_compliance_error error = { "" };
	char *copy = policy ? strdup(policy) : NULL, *json;

	if (copy)
		options.policy_count = split(copy, settings);
	if (tsr_compliance_evaluate(facts, verdict_rules(), &options, &json, &error))
		fail_msg("%s", error.text);
	free(copy);
	return json;
}

struct json_object *verdict(const struct tsr_compliance_facts *facts, const char *rule,
			    const char *policy)
{
	char *text = verdict_text(facts, rule, policy);
	struct json_object *report = json_tokener_parse(text);

	free(text);
	assert_non_null(report);
	return report;
}

struct json_object *verdict_at(struct json_object *report, const char *path)
{
	char *copy = strdup(path), *rest = copy, *step;

	while (report && (step = strsep(&rest, "."))) {
		if (json_object_is_type(report, json_type_array))
			report = json_object_array_get_idx(report, strtoul(step, NULL, 10));
		else
			report = json_object_object_get(report, step);
	}
	free(copy);
	return report;
}

const char *verdict_string(struct json_object *report, const char *path)
{
	struct json_object *value = verdict_at(report, path);

	return json_object_is_type(value, json_type_string) ? json_object_get_string(value) : "";
}

/* The element of the array at @path whose member @name is @wanted. */
static struct json_object *find(struct json_object *report, const char *path, const char *name,
				const char *wanted)
{
	struct json_object *array = verdict_at(report, path);

	if (!json_object_is_type(array, json_type_array))
		return NULL;
	for (size_t i = 0; i < json_object_array_length(array); i++) {
		struct json_object *item = json_object_array_get_idx(array, i);

		if (!strcmp(verdict_string(item, name), wanted))
			return item;
	}
	return NULL;
}

struct json_object *verdict_level(struct json_object *report, const char *level)
{
	return find(report, "levels", "level", level);
}

const char *verdict_exact(struct json_object *report, const char *quantity)
{
	struct json_object *quantities = verdict_at(verdict_level(report, "package"), "quantities");

	return verdict_string(verdict_at(quantities, quantity), "exact");
}

struct json_object *verdict_entry(struct json_object *report, const char *entry)
{
	return find(verdict_level(report, "package"), "entries", "id", entry);
}

const char *verdict_outcome(struct json_object *report, const char *entry)
{
	return verdict_string(verdict_entry(report, entry), "outcome");
}

struct json_object *verdict_finding(struct json_object *report, const char *code)
{
	return find(report, "findings", "code", code);
}

struct json_object *verdict_switch(struct json_object *report, const char *name, const char *value)
{
	struct json_object *array = verdict_at(report, "switches");

	for (size_t i = 0; i < json_object_array_length(array); i++) {
		struct json_object *item = json_object_array_get_idx(array, i);

		if (!strcmp(verdict_string(item, "switch"), name) &&
		    !strcmp(verdict_string(item, "value"), value))
			return item;
	}
	return NULL;
}

char *verdict_class(const struct tsr_compliance_facts *facts, const char *rule, const char *policy)
{
	struct json_object *report = verdict(facts, rule, policy);
	char *class = strdup(verdict_string(report, "result.text"));

	json_object_put(report);
	return class;
}
