/* SPDX-License-Identifier: MIT */
#ifndef TSR_COMPLIANCE_RULES_H
#define TSR_COMPLIANCE_RULES_H

#include <stdbool.h>
#include <stddef.h>

#include "policy.h"

struct cpl_predicate;
struct tsr_compliance_rules;

/** enum cpl_group - what an entry classifies */
enum cpl_group {
	CPL_PROCESSOR,
	CPL_MEMORY,
	CPL_SYSTEM,
};

/** enum cpl_entry_kind - what meeting an entry means */
enum cpl_entry_kind {
	CPL_CLASS,     /* a classification */
	CPL_EXCLUSION, /* takes items out of the classes that name it */
	CPL_EXCEPTION, /* the computable part of a licence exception */
	CPL_REVIEW,    /* the computable part of a licence review line */
};

/** struct cpl_entry - one entry of a rule version */
struct cpl_entry {
	char *id, *title, *paragraph, *instrument, *date, *source;
	enum cpl_group group;
	enum cpl_entry_kind kind;
	struct cpl_predicate *when;
	size_t *unless; /* indices of exclusions */
	size_t unless_count;
};

/** struct cpl_policy_default - a switch value that the text of the version itself fixes */
struct cpl_policy_default {
	char *name, *value;
};

/**
 * struct cpl_rule_version - one version of the rule
 * @policy: values its text gives to switches
 * @settled: switches its text leaves no choice about
 */
struct cpl_rule_version {
	char *id, *title, *published, *effective, *cite, *status, *note;
	bool consolidated;
	struct cpl_entry *entries;
	size_t entry_count;
	struct cpl_policy_default *policy;
	size_t policy_count;
	bool settled[CPL_SWITCHES];
};

/** struct cpl_definition - meaning of a quantity, for the report */
struct cpl_definition {
	char *quantity, *name, *meaning, *cite;
};

/**
 * struct tsr_compliance_rules - a file of rule data
 * @revised: day the data was last changed
 * @verified_through: last day whose publications the data takes into account
 * @file: name of the file, without its folders
 * @sha256: of the file's bytes, in hexadecimal digits
 */
struct tsr_compliance_rules {
	char *revised, *verified_through, *file, *sha256;
	struct cpl_definition *definitions;
	size_t definition_count;
	struct cpl_rule_version *versions; /* ordered by effective date */
	size_t version_count;
};

/** cpl_rules_find() - the version with this id, or NULL. */
const struct cpl_rule_version *cpl_rules_find(const struct tsr_compliance_rules *rules,
					      const char *id);

/** cpl_entry_ids() - ids of the first @count entries; free the array, not the strings. */
const char **cpl_entry_ids(const struct cpl_entry *entries, size_t count);

/** cpl_group_name(), cpl_entry_kind_name() - names in rule data and report. */
const char *cpl_group_name(enum cpl_group group);
const char *cpl_entry_kind_name(enum cpl_entry_kind kind);

#endif
