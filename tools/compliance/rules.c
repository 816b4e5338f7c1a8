// SPDX-License-Identifier: MIT
#include "rules.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "date.h"
#include "tessera-compliance.h"
#include "predicate.h"

#ifndef TSR_COMPLIANCE_RULES_FILE
#error "TSR_COMPLIANCE_RULES_FILE must name the installed rule data"
#endif

const char *tsr_compliance_rules_path(void)
{
	const char *path = secure_getenv("TESSERA_COMPLIANCE_RULES");

	return path && *path ? path : TSR_COMPLIANCE_RULES_FILE;
}

const char *cpl_group_name(enum cpl_group group)
{
	static const char *const names[] = { "processor", "memory", "system" };

	return names[group];
}

const char *cpl_entry_kind_name(enum cpl_entry_kind kind)
{
	static const char *const names[] = { "class", "exclusion", "exception", "review" };

	return names[kind];
}

const struct cpl_rule_version *cpl_rules_find(const struct tsr_compliance_rules *rules,
					      const char *id)
{
	for (size_t i = 0; i < rules->version_count; i++)
		if (!strcmp(rules->versions[i].id, id))
			return &rules->versions[i];
	return NULL;
}

const char **cpl_entry_ids(const struct cpl_entry *entries, size_t count)
{
	const char **ids = cpl_alloc(count, sizeof(*ids));

	for (size_t i = 0; i < count; i++)
		ids[i] = entries[i].id;
	return ids;
}

const char *tsr_compliance_rules_id(const struct tsr_compliance_rules *rules, size_t index)
{
	return index < rules->version_count ? rules->versions[index].id : NULL;
}

/* Versions are ordered by date, amendments before the consolidated text of the same date. */
const char *tsr_compliance_rules_in_force(const struct tsr_compliance_rules *rules,
					  const char *date)
{
	const char *id = NULL;

	if (!date || !cpl_date_valid(date))
		return NULL;
	for (size_t i = 0; i < rules->version_count; i++)
		if (strcmp(rules->versions[i].effective, date) <= 0)
			id = rules->versions[i].id;
	return id;
}

static void free_entry(struct cpl_entry *entry)
{
	cpl_predicate_free(entry->when);
	free(entry->unless);
	free(entry->id);
	free(entry->title);
	free(entry->paragraph);
	free(entry->instrument);
	free(entry->date);
	free(entry->source);
}

static void free_version(struct cpl_rule_version *version)
{
	for (size_t i = 0; i < version->entry_count; i++)
		free_entry(&version->entries[i]);
	for (size_t i = 0; i < version->policy_count; i++) {
		free(version->policy[i].name);
		free(version->policy[i].value);
	}
	free(version->entries);
	free(version->policy);
	free(version->id);
	free(version->title);
	free(version->published);
	free(version->effective);
	free(version->cite);
	free(version->status);
	free(version->note);
}

void tsr_compliance_rules_free(struct tsr_compliance_rules *rules)
{
	if (!rules)
		return;
	for (size_t i = 0; i < rules->version_count; i++)
		free_version(&rules->versions[i]);
	for (size_t i = 0; i < rules->definition_count; i++) {
		free(rules->definitions[i].quantity);
		free(rules->definitions[i].name);
		free(rules->definitions[i].meaning);
		free(rules->definitions[i].cite);
	}
	free(rules->versions);
	free(rules->definitions);
	free(rules->revised);
	free(rules->verified_through);
	free(rules->file);
	free(rules->sha256);
	free(rules);
}
