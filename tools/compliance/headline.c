// SPDX-License-Identifier: MIT
#include "headline.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "array.h"
#include "assess.h"
#include "assess_report.h"
#include "facts.h"
#include "json_out.h"
#include "policy.h"
#include "rules.h"

static struct cpl_assessment *assess_level(const struct tsr_compliance_facts *facts,
					   const struct cpl_rule_version *version,
					   const struct cpl_policy *policy,
					   enum cpl_level_value level, unsigned int die)
{
	struct cpl_extent extent;

	if (!cpl_extent_make(&extent, facts, policy, level, (int)die))
		return NULL;
	return cpl_assess(facts, version, policy, &extent);
}

/* Lower is stricter. */
static int rank(const struct cpl_assessment *assessment)
{
	if (assessment->class == CPL_CLASS_UNDETERMINED)
		return -1;
	return assessment->class == CPL_CLASS_NONE ? INT_MAX : assessment->class;
}

static struct cpl_assessment *strictest_die(const struct tsr_compliance_facts *facts,
					    const struct cpl_rule_version *version,
					    const struct cpl_policy *policy)
{
	struct cpl_assessment *strictest = NULL;

	for (unsigned int die = 0; die < facts->die_count; die++) {
		struct cpl_assessment *candidate =
			assess_level(facts, version, policy, CPL_DIE_LEVEL, die);

		if (!candidate || (strictest && rank(strictest) <= rank(candidate))) {
			cpl_assessment_free(candidate);
			continue;
		}
		cpl_assessment_free(strictest);
		strictest = candidate;
	}
	return strictest;
}

struct cpl_assessment *cpl_headline(const struct tsr_compliance_facts *facts,
				    const struct cpl_rule_version *version,
				    const struct cpl_policy *policy)
{
	enum cpl_level_value level = (enum cpl_level_value)policy->value[CPL_LEVEL];

	if (level == CPL_DIE_LEVEL)
		return strictest_die(facts, version, policy);
	return assess_level(facts, version, policy, level, 0);
}

static void push_level(struct json_object *array, const struct tsr_compliance_facts *facts,
		       struct cpl_assessment *assessment)
{
	if (assessment)
		cpl_push(array, cpl_assess_report(facts, assessment));
	cpl_assessment_free(assessment);
}

struct json_object *cpl_levels_report(const struct tsr_compliance_facts *facts,
				      const struct cpl_rule_version *version,
				      const struct cpl_policy *policy)
{
	static const enum cpl_level_value wholes[] = { CPL_PACKAGE, CPL_BOARD, CPL_NODE };
	struct json_object *array = cpl_array();

	for (unsigned int die = 0; die < facts->die_count; die++)
		push_level(array, facts,
			   assess_level(facts, version, policy, CPL_DIE_LEVEL, die));
	for (size_t i = 0; i < ARRAY_SIZE(wholes); i++)
		push_level(array, facts, assess_level(facts, version, policy, wholes[i], 0));
	return array;
}

static struct json_object *report_switch(enum cpl_switch which, unsigned int value,
					 const struct cpl_assessment *other,
					 const struct cpl_assessment *headline)
{
	struct json_object *object = cpl_object();
	char *text = cpl_class_text(other), *usual = cpl_class_text(headline);

	cpl_add_text(object, "switch", cpl_switch_name(which));
	cpl_add_text(object, "value", cpl_switch_value(which, value));
	cpl_add_text(object, "class", cpl_class_name(other->version, other->class));
	cpl_add_text(object, "text", text);
	cpl_add_truth(object, "flips", strcmp(text, usual) != 0);
	cpl_add(object, "tpp", other->processing.known ?
		cpl_number(other->processing.tpp, "1") : NULL);
	free(text);
	free(usual);
	return object;
}

static void push_values(struct json_object *array, const struct tsr_compliance_facts *facts,
			const struct cpl_policy *policy, const struct cpl_assessment *headline,
			enum cpl_switch which)
{
	for (unsigned int value = 0; cpl_switch_value(which, value); value++) {
		struct cpl_policy changed = *policy;
		struct cpl_assessment *other;

		if (value == policy->value[which])
			continue;
		changed.value[which] = value;
		other = cpl_headline(facts, headline->version, &changed);
		if (other)
			cpl_push(array, report_switch(which, value, other, headline));
		cpl_assessment_free(other);
	}
}

struct json_object *cpl_switches_report(const struct tsr_compliance_facts *facts,
					const struct cpl_rule_version *version,
					const struct cpl_policy *policy,
					const struct cpl_assessment *headline)
{
	struct json_object *array = cpl_array();

	for (int which = 0; which < CPL_SWITCHES; which++)
		if (!version->settled[which])
			push_values(array, facts, policy, headline, (enum cpl_switch)which);
	return array;
}
