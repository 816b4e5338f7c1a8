/* SPDX-License-Identifier: MIT */
#ifndef TSR_COMPLIANCE_TESTS_VERDICT_H
#define TSR_COMPLIANCE_TESTS_VERDICT_H

#include <stdbool.h>

#include <tessera-compliance.h>
#include <json-c/json.h>

#define RULE_2022 "us-bis-2022-10"
#define RULE_2023 "us-bis-2023-11"
#define RULE_2024 "us-bis-2024-12"
#define RULE_CURRENT "us-ecfr-2026-09-01"

/** verdict_rules() - the project's rule data, loaded once. */
const struct tsr_compliance_rules *verdict_rules(void);

/** verdict_text() - report as text; @policy "name=value name=value" or NULL; free with free(). */
char *verdict_text(const struct tsr_compliance_facts *facts, const char *rule, const char *policy);

/** verdict() - the same as a tree; free with json_object_put(). */
struct json_object *verdict(const struct tsr_compliance_facts *facts, const char *rule,
			    const char *policy);

/** verdict_at() - member by a path such as "levels.0.class.text", or NULL. */
struct json_object *verdict_at(struct json_object *report, const char *path);

/** verdict_string() - string at a path, or "". */
const char *verdict_string(struct json_object *report, const char *path);

/** verdict_level() - first assessment of a level ("package"), or NULL. */
struct json_object *verdict_level(struct json_object *report, const char *level);

/** verdict_exact() - exact value of a quantity of the package, or "". */
const char *verdict_exact(struct json_object *report, const char *quantity);

/** verdict_outcome() - outcome of an entry for the package. */
const char *verdict_outcome(struct json_object *report, const char *entry);

/** verdict_entry() - an entry of the package, or NULL. */
struct json_object *verdict_entry(struct json_object *report, const char *entry);

/** verdict_finding() - the first finding with this code, or NULL. */
struct json_object *verdict_finding(struct json_object *report, const char *code);

/** verdict_switch() - the alternative for a switch value, or NULL. */
struct json_object *verdict_switch(struct json_object *report, const char *name,
				   const char *value);

/** verdict_class() - class text of @facts under @rule and @policy; free with free(). */
char *verdict_class(const struct tsr_compliance_facts *facts, const char *rule,
		    const char *policy);

#endif
