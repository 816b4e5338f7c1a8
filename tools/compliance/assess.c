// SPDX-License-Identifier: MIT
#include "assess.h"

#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "rules.h"
#include "scope.h"

const char *cpl_class_name(const struct cpl_rule_version *version, int class)
{
	if (class == CPL_CLASS_NONE)
		return "none";
	return class == CPL_CLASS_UNDETERMINED ? "undetermined" : version->entries[class].id;
}

/* Density */

static void set_density(struct cpl_scope *scope, mpq_srcptr area)
{
	struct cpl_measured *pd = &scope->measure[CPL_PD];

	pd->known = true;
	mpq_div(pd->value, scope->measure[CPL_TPP].value, area);
}

static void set_density_unknown(struct cpl_assessment *assessment)
{
	const struct cpl_area *area = &assessment->area;
	struct cpl_measured *pd = &assessment->scope.measure[CPL_PD];
	char *why;

	if (cpl_area_none(area)) {
		cpl_measured_unknown(pd, "is not defined: no die is made on a non-planar process");
	} else if (!assessment->processing.known) {
		cpl_measured_unknown(pd, "is not known: TPP is not");
	} else {
		why = cpl_format("is not known: %s", area->why ? area->why : "no area");
		cpl_measured_unknown(pd, why);
		free(why);
	}
}

/* Outcomes in one scenario: everything in the scope is either one number or not to be had. */

static enum cpl_outcome excluded(const struct cpl_entry *entry, const enum cpl_outcome *outcomes)
{
	enum cpl_outcome outcome = CPL_DOES_NOT_MEET;

	for (size_t i = 0; i < entry->unless_count; i++)
		if (outcomes[entry->unless[i]] > outcome)
			outcome = outcomes[entry->unless[i]];
	return outcome;
}

static void evaluate_entries(const struct cpl_rule_version *version, struct cpl_scope *scope,
			     enum cpl_outcome *outcomes)
{
	scope->entry = outcomes;
	for (size_t i = 0; i < version->entry_count; i++) {
		const struct cpl_entry *entry = &version->entries[i];
		enum cpl_outcome holds = cpl_predicate_evaluate(entry->when, scope);
		enum cpl_outcome kept = (enum cpl_outcome)(CPL_MEETS - excluded(entry, outcomes));

		outcomes[i] = holds < kept ? holds : kept;
	}
}

static int class_of(const struct cpl_rule_version *version, const enum cpl_outcome *outcomes)
{
	for (size_t i = 0; i < version->entry_count; i++) {
		if (version->entries[i].group != CPL_PROCESSOR ||
		    version->entries[i].kind != CPL_CLASS)
			continue;
		if (outcomes[i] == CPL_MEETS)
			return (int)i;
		if (outcomes[i] == CPL_UNDETERMINED)
			return CPL_CLASS_UNDETERMINED;
	}
	return CPL_CLASS_NONE;
}

/* Folding scenarios together */

struct fold {
	struct cpl_assessment *assessment;
	enum cpl_outcome *combined;
	bool any;
};

static void fold_in(struct fold *fold, const enum cpl_outcome *outcomes)
{
	struct cpl_assessment *assessment = fold->assessment;
	size_t count = assessment->version->entry_count;
	int class = class_of(assessment->version, outcomes);

	if (!fold->any) {
		memcpy(fold->combined, outcomes, count * sizeof(*outcomes));
		assessment->class = class;
		fold->any = true;
		return;
	}
	for (size_t i = 0; i < count; i++)
		if (fold->combined[i] != outcomes[i])
			fold->combined[i] = CPL_UNDETERMINED;
	if (assessment->class != class)
		assessment->class = CPL_CLASS_UNDETERMINED;
}

static void note_range(struct cpl_entry_outcome *entry, const struct cpl_interval *interval,
		       bool adjoins)
{
	if (adjoins) {
		cpl_interval_join(&entry->range[entry->range_count - 1], interval);
		return;
	}
	entry->range = cpl_grow(entry->range, entry->range_count + 1, sizeof(*entry->range));
	cpl_interval_copy(&entry->range[entry->range_count++], interval);
}

static void note_class(struct cpl_assessment *assessment, const struct cpl_interval *interval,
		       int class)
{
	size_t count = assessment->by_area_count;
	struct cpl_class_range *last;

	if (count && assessment->by_area[count - 1].class == class) {
		cpl_interval_join(&assessment->by_area[count - 1].interval, interval);
		return;
	}
	assessment->by_area = cpl_grow(assessment->by_area, count + 1,
				       sizeof(*assessment->by_area));
	last = &assessment->by_area[assessment->by_area_count++];
	cpl_interval_copy(&last->interval, interval);
	last->class = class;
}

static void evaluate_cells(struct fold *fold, const struct cpl_cells *cells,
			   enum cpl_outcome *outcomes)
{
	struct cpl_assessment *assessment = fold->assessment;
	const struct cpl_rule_version *version = assessment->version;
	bool *met_before = cpl_alloc(version->entry_count, sizeof(*met_before));

	for (size_t c = 0; c < cells->count; c++) {
		set_density(&assessment->scope, cells->sample[c]);
		evaluate_entries(version, &assessment->scope, outcomes);
		fold_in(fold, outcomes);
		note_class(assessment, &cells->interval[c], class_of(version, outcomes));
		for (size_t i = 0; i < version->entry_count; i++) {
			bool met = outcomes[i] == CPL_MEETS;

			if (met)
				note_range(&assessment->entry[i], &cells->interval[c],
					   met_before[i]);
			met_before[i] = met;
		}
	}
	free(met_before);
}

static void evaluate_range(struct fold *fold, enum cpl_outcome *outcomes)
{
	struct cpl_assessment *assessment = fold->assessment;
	struct cpl_cells cells;

	cpl_cells_make(&cells, &assessment->area, assessment->processing.tpp, assessment->version);
	evaluate_cells(fold, &cells, outcomes);
	cpl_cells_clear(&cells);
	assessment->scope.measure[CPL_PD].known = false;
	if (assessment->area.certain)
		return;
	assessment->may_be_planar = true;
	evaluate_entries(assessment->version, &assessment->scope, outcomes);
	assessment->if_planar = class_of(assessment->version, outcomes);
	fold_in(fold, outcomes);
}

static void evaluate_scenarios(struct fold *fold, enum cpl_outcome *outcomes)
{
	struct cpl_assessment *assessment = fold->assessment;
	const struct cpl_area *area = &assessment->area;

	if (assessment->processing.known && cpl_area_exact(area))
		set_density(&assessment->scope, area->low);
	else
		set_density_unknown(assessment);
	if (!assessment->processing.known || cpl_area_exact(area) || cpl_area_none(area)) {
		evaluate_entries(assessment->version, &assessment->scope, outcomes);
		fold_in(fold, outcomes);
	} else {
		evaluate_range(fold, outcomes);
	}
}

/* Reasons */

static void drop_ranges(struct cpl_entry_outcome *entry)
{
	for (size_t i = 0; i < entry->range_count; i++)
		cpl_interval_clear(&entry->range[i]);
	entry->range_count = 0;
}

static char *explain_entry(const struct cpl_assessment *assessment, size_t index,
			   const enum cpl_outcome *combined)
{
	const struct cpl_entry *entry = &assessment->version->entries[index];
	enum cpl_outcome holds = cpl_predicate_evaluate(entry->when, &assessment->scope);

	/* The density is not known, yet every possible area gives the same answer. */
	if (holds == CPL_UNDETERMINED && combined[index] != CPL_UNDETERMINED)
		return cpl_strdup(combined[index] == CPL_MEETS ?
				  "met whatever the area that is not known" :
				  "not met whatever the area that is not known");
	for (size_t i = 0; i < entry->unless_count && holds != CPL_DOES_NOT_MEET; i++) {
		size_t by = entry->unless[i];
		const struct cpl_entry *exclusion = &assessment->version->entries[by];
		char *why, *text;

		if (combined[by] == CPL_DOES_NOT_MEET)
			continue;
		why = cpl_predicate_explain(exclusion->when, &assessment->scope);
		text = cpl_format("%s by %s: %s",
				  combined[by] == CPL_MEETS ? "excluded" : "may be excluded",
				  exclusion->id, why);
		free(why);
		return text;
	}
	return cpl_predicate_explain(entry->when, &assessment->scope);
}

static void conclude(struct cpl_assessment *assessment, const enum cpl_outcome *combined)
{
	const struct cpl_rule_version *version = assessment->version;

	assessment->scope.entry = combined;
	for (size_t i = 0; i < version->entry_count; i++) {
		struct cpl_entry_outcome *entry = &assessment->entry[i];

		entry->outcome = combined[i];
		entry->reason = explain_entry(assessment, i, combined);
		if (combined[i] != CPL_UNDETERMINED)
			drop_ranges(entry);
	}
	assessment->scope.entry = NULL;
}

static void evaluate(struct cpl_assessment *assessment)
{
	const struct cpl_rule_version *version = assessment->version;
	enum cpl_outcome *outcomes = cpl_alloc(version->entry_count, sizeof(*outcomes));
	const char **ids = cpl_entry_ids(version->entries, version->entry_count);
	struct fold fold = { .assessment = assessment };

	fold.combined = cpl_alloc(version->entry_count, sizeof(*fold.combined));
	assessment->scope.entry_id = ids;
	evaluate_scenarios(&fold, outcomes);
	conclude(assessment, fold.combined);
	assessment->scope.entry_id = NULL;
	free(fold.combined);
	free(outcomes);
	free(ids);
}

struct cpl_assessment *cpl_assess(const struct tsr_compliance_facts *facts,
				  const struct cpl_rule_version *version,
				  const struct cpl_policy *policy, const struct cpl_extent *extent)
{
	struct cpl_assessment *assessment = cpl_alloc(1, sizeof(*assessment));

	assessment->version = version;
	assessment->extent = *extent;
	assessment->entry = cpl_alloc(version->entry_count, sizeof(*assessment->entry));
	cpl_scope_init(&assessment->scope);
	cpl_processing_compute(&assessment->processing, facts, policy, extent);
	cpl_area_compute(&assessment->area, facts, policy, extent);
	cpl_scope_fill(&assessment->scope, facts, policy, extent, &assessment->processing);
	evaluate(assessment);
	return assessment;
}

void cpl_assessment_free(struct cpl_assessment *assessment)
{
	if (!assessment)
		return;
	for (size_t i = 0; i < assessment->version->entry_count; i++) {
		drop_ranges(&assessment->entry[i]);
		free(assessment->entry[i].range);
		free(assessment->entry[i].reason);
	}
	for (size_t i = 0; i < assessment->by_area_count; i++)
		cpl_interval_clear(&assessment->by_area[i].interval);
	free(assessment->by_area);
	free(assessment->entry);
	cpl_scope_clear(&assessment->scope);
	cpl_processing_clear(&assessment->processing);
	cpl_area_clear(&assessment->area);
	cpl_extent_clear(&assessment->extent);
	free(assessment);
}

/* Whether knowing the dies would change the class. */
static bool depends_on_dies(const struct cpl_assessment *assessment)
{
	if (assessment->class != CPL_CLASS_UNDETERMINED || !assessment->by_area_count)
		return false;
	return assessment->by_area_count > 1 ||
	       (assessment->may_be_planar &&
		assessment->if_planar != assessment->by_area[0].class);
}

char *cpl_class_text(const struct cpl_assessment *assessment)
{
	const struct cpl_rule_version *version = assessment->version;
	char *text = NULL;

	if (!depends_on_dies(assessment))
		return cpl_strdup(cpl_class_name(version, assessment->class));
	for (size_t i = 0; i < assessment->by_area_count; i++) {
		const struct cpl_class_range *range = &assessment->by_area[i];
		char *interval = cpl_interval_text(&range->interval);

		cpl_append(&text, "%s%s if %s", text ? "; " : "",
			   cpl_class_name(version, range->class), interval);
		free(interval);
	}
	if (assessment->may_be_planar)
		cpl_append(&text, "; %s if every die is planar",
			   cpl_class_name(version, assessment->if_planar));
	return text;
}
