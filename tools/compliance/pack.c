// SPDX-License-Identifier: MIT
#include "pack.h"

#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "assess.h"
#include "choose.h"
#include "facts.h"
#include "headline.h"
#include "json_out.h"
#include "policy.h"

/* Collects the different sources of figures whose path begins with a prefix. */
struct sources {
	struct json_object *array;
	const char *prefix;
};

static bool listed(struct json_object *array, const char *text)
{
	for (size_t i = 0; i < json_object_array_length(array); i++)
		if (!strcmp(json_object_get_string(json_object_array_get_idx(array, i)), text))
			return true;
	return false;
}

static void collect(void *context, enum tsr_compliance_quantity quantity, const char *path,
		    const struct cpl_quantity *figures)
{
	const struct sources *sources = context;

	(void)quantity;
	if (strncmp(path, sources->prefix, strlen(sources->prefix)))
		return;
	for (int i = 0; i < TSR_COMPLIANCE_ORIGINS; i++) {
		char *text;

		if (!figures->figure[i].given)
			continue;
		text = cpl_format("%s: %s", cpl_origin_name((enum tsr_compliance_origin)i),
				  figures->figure[i].source);
		if (!listed(sources->array, text))
			cpl_push_text(sources->array, text);
		free(text);
	}
}

static struct json_object *sources_of(const struct tsr_compliance_facts *facts, const char *first,
				      const char *second)
{
	struct sources sources = { cpl_array(), first };

	cpl_facts_visit(facts, collect, &sources);
	sources.prefix = second;
	if (second)
		cpl_facts_visit(facts, collect, &sources);
	return sources.array;
}

static void add_field(struct json_object *form, const char *field,
		      const struct cpl_measured *measured, const char *unit,
		      struct json_object *sources)
{
	struct json_object *object = cpl_object();

	cpl_add_text(object, "field", field);
	cpl_add(object, "value", measured->known ? cpl_number(measured->value, unit) : NULL);
	if (!measured->known)
		cpl_add_text(object, "why", measured->why);
	cpl_add(object, "sources", sources);
	cpl_push(form, object);
}

static void add_measure(struct json_object *form, const char *field,
			const struct cpl_assessment *assessment, enum cpl_measure measure,
			struct json_object *sources)
{
	add_field(form, field, &assessment->scope.measure[measure], cpl_measure_unit(measure),
		  sources);
}

static void add_performance(struct json_object *form, const struct tsr_compliance_facts *facts,
			    const struct cpl_assessment *headline)
{
	add_measure(form, "total processing performance", headline, CPL_TPP,
		    sources_of(facts, "units", NULL));
	add_measure(form, "performance density", headline, CPL_PD,
		    sources_of(facts, "units", "dies"));
}

/* The largest extent the facts describe. */
static struct cpl_assessment *largest(const struct tsr_compliance_facts *facts,
				      const struct cpl_rule_version *version,
				      const struct cpl_policy *policy)
{
	static const enum cpl_level_value levels[] = { CPL_NODE, CPL_BOARD, CPL_PACKAGE };
	struct cpl_assessment *assessment = NULL;

	for (int i = 0; !assessment; i++) {
		struct cpl_policy changed = *policy;

		changed.value[CPL_LEVEL] = levels[i];
		assessment = cpl_headline(facts, version, &changed);
	}
	return assessment;
}

static void add_aggregate(struct json_object *form, const struct tsr_compliance_facts *facts,
			  const struct cpl_rule_version *version, const struct cpl_policy *policy)
{
	struct cpl_assessment *whole = largest(facts, version, policy);
	char *field = cpl_format("aggregate performance of the %s",
				 cpl_switch_value(CPL_LEVEL, whole->extent.level));

	add_measure(form, field, whole, CPL_TPP, sources_of(facts, "board", "node"));
	free(field);
	cpl_assessment_free(whole);
}

static void add_transistors(struct json_object *form, const struct tsr_compliance_facts *facts,
			    const struct cpl_policy *policy)
{
	const struct cpl_figure *figure = cpl_choose(&facts->whole[TSR_COMPLIANCE_TRANSISTORS],
						     policy, CPL_HIGHER, NULL);
	struct cpl_measured count = { .known = figure };

	mpq_init(count.value);
	if (figure)
		mpq_set(count.value, figure->value);
	else
		count.why = cpl_strdup("is not known: no origin gives it");
	add_field(form, "approximate transistor count", &count, "1",
		  sources_of(facts, "transistors", NULL));
	free(count.why);
	mpq_clear(count.value);
}

struct json_object *cpl_packs_report(const struct tsr_compliance_facts *facts,
				     const struct cpl_rule_version *version,
				     const struct cpl_policy *policy,
				     const struct cpl_assessment *headline)
{
	struct json_object *packs = cpl_object(), *nac = cpl_array(), *foundry = cpl_array();

	add_performance(nac, facts, headline);
	add_measure(nac, "memory bandwidth", headline, CPL_DRAM,
		    sources_of(facts, "dram_bandwidth", NULL));
	add_aggregate(nac, facts, version, policy);
	add_performance(foundry, facts, headline);
	add_transistors(foundry, facts, policy);
	cpl_add(packs, "nac", nac);
	cpl_add(packs, "foundry", foundry);
	return packs;
}
