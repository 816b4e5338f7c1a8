// SPDX-License-Identifier: MIT
#include "assess_report.h"

#include "assess.h"
#include "facts.h"
#include "json_out.h"
#include "lines.h"
#include "policy.h"
#include "rules.h"

/* Bounds that do not exist are left out. */
static struct json_object *report_interval(const struct cpl_interval *interval)
{
	struct json_object *object = cpl_object();

	if (mpq_sgn(interval->low))
		cpl_add(object, interval->low_closed ? "area_from" : "area_above",
			cpl_number(interval->low, "mm2"));
	if (!interval->unbounded)
		cpl_add(object, interval->high_closed ? "area_to" : "area_below",
			cpl_number(interval->high, "mm2"));
	cpl_add_taken(object, "text", cpl_interval_text(interval));
	return object;
}

static struct json_object *report_format(const struct tsr_compliance_facts *facts,
					 const struct cpl_contribution *contribution)
{
	const struct cpl_unit_facts *unit = facts->units[contribution->unit];
	struct json_object *object = cpl_object();

	cpl_add_text(object, "unit", unit->name);
	cpl_add_text(object, "format", unit->formats[contribution->format]->name);
	cpl_add_truth(object, "analog", unit->kind == TSR_COMPLIANCE_ANALOG);
	cpl_add(object, "bits", cpl_number(contribution->bits, "bit"));
	cpl_add_truth(object, "counts", contribution->counts);
	if (!contribution->declared) {
		cpl_add(object, "tops", NULL);
		return object;
	}
	cpl_add(object, "tops", cpl_number(contribution->tops, "TOPS"));
	cpl_add(object, "tpp", cpl_number(contribution->product, "1"));
	cpl_add_text(object, "origin", cpl_origin_name(contribution->origin));
	return object;
}

static struct json_object *report_formats(const struct tsr_compliance_facts *facts,
					  const struct cpl_processing *processing)
{
	struct json_object *array = cpl_array();

	for (size_t i = 0; i < processing->count; i++)
		cpl_push(array, report_format(facts, &processing->contributions[i]));
	return array;
}

static struct json_object *report_quantities(const struct cpl_scope *scope)
{
	struct json_object *object = cpl_object();

	for (int i = 0; i < CPL_MEASURES; i++) {
		const struct cpl_measured *measured = &scope->measure[i];
		enum cpl_measure measure = (enum cpl_measure)i;
		struct json_object *value;

		if (measured->known) {
			value = cpl_number(measured->value, cpl_measure_unit(measure));
		} else {
			value = cpl_object();
			cpl_add(value, "exact", NULL);
			cpl_add_text(value, "why", measured->why);
		}
		cpl_add(object, cpl_measure_name(measure), value);
	}
	return object;
}

static struct json_object *report_area(const struct cpl_area *area)
{
	struct json_object *object = cpl_object();

	if (cpl_area_exact(area)) {
		cpl_add(object, "value", cpl_number(area->low, "mm2"));
		return object;
	}
	cpl_add(object, "value", NULL);
	cpl_add_text(object, "why",
		     cpl_area_none(area) ? "no die is made on a non-planar process" : area->why);
	if (mpq_sgn(area->low))
		cpl_add(object, "at_least", cpl_number(area->low, "mm2"));
	if (!area->unbounded && mpq_sgn(area->high))
		cpl_add(object, "at_most", cpl_number(area->high, "mm2"));
	return object;
}

static struct json_object *report_cite(const struct cpl_entry *entry)
{
	struct json_object *cite = cpl_object();

	cpl_add_text(cite, "instrument", entry->instrument);
	cpl_add_text(cite, "paragraph", entry->paragraph);
	cpl_add_text(cite, "date", entry->date);
	cpl_add_text(cite, "source", entry->source);
	return cite;
}

static struct json_object *report_entry(const struct cpl_entry *entry,
					const struct cpl_entry_outcome *outcome)
{
	struct json_object *object = cpl_object(), *ranges = cpl_array();

	cpl_add_text(object, "id", entry->id);
	cpl_add_text(object, "group", cpl_group_name(entry->group));
	cpl_add_text(object, "kind", cpl_entry_kind_name(entry->kind));
	cpl_add_text(object, "title", entry->title);
	cpl_add_text(object, "outcome", cpl_outcome_name(outcome->outcome));
	cpl_add_text(object, "reason", outcome->reason);
	for (size_t i = 0; i < outcome->range_count; i++)
		cpl_push(ranges, report_interval(&outcome->range[i]));
	cpl_add(object, "met_if", ranges);
	cpl_add(object, "cite", report_cite(entry));
	return object;
}

static struct json_object *report_entries(const struct cpl_assessment *assessment)
{
	struct json_object *array = cpl_array();

	for (size_t i = 0; i < assessment->version->entry_count; i++)
		cpl_push(array, report_entry(&assessment->version->entries[i],
					     &assessment->entry[i]));
	return array;
}

static struct json_object *also_met(const struct cpl_assessment *assessment)
{
	const struct cpl_rule_version *version = assessment->version;
	struct json_object *array = cpl_array();

	for (int i = 0; i < (int)version->entry_count; i++)
		if (i != assessment->class && version->entries[i].group == CPL_PROCESSOR &&
		    version->entries[i].kind == CPL_CLASS &&
		    assessment->entry[i].outcome == CPL_MEETS)
			cpl_push_text(array, version->entries[i].id);
	return array;
}

struct json_object *cpl_class_report(const struct cpl_assessment *assessment)
{
	struct json_object *object = cpl_object(), *ranges = cpl_array();

	cpl_add_text(object, "entry", cpl_class_name(assessment->version, assessment->class));
	cpl_add_taken(object, "text", cpl_class_text(assessment));
	cpl_add(object, "also_met", also_met(assessment));
	for (size_t i = 0; i < assessment->by_area_count; i++) {
		const struct cpl_class_range *range = &assessment->by_area[i];
		struct json_object *item = report_interval(&range->interval);

		cpl_add_text(item, "entry", cpl_class_name(assessment->version, range->class));
		cpl_push(ranges, item);
	}
	cpl_add(object, "by_area", ranges);
	cpl_add_text(object, "if_planar", assessment->may_be_planar ?
		     cpl_class_name(assessment->version, assessment->if_planar) : NULL);
	return object;
}

struct json_object *cpl_assess_report(const struct tsr_compliance_facts *facts,
				      const struct cpl_assessment *assessment)
{
	const struct cpl_extent *extent = &assessment->extent;
	struct json_object *object = cpl_object();

	cpl_add_text(object, "level", cpl_switch_value(CPL_LEVEL, extent->level));
	cpl_add_text(object, "die", extent->die < 0 ? NULL : facts->dies[extent->die]->name);
	if (extent->level != CPL_DIE_LEVEL)
		cpl_add(object, "packages", cpl_number(extent->copies, "1"));
	cpl_add(object, "class", cpl_class_report(assessment));
	cpl_add(object, "formats", report_formats(facts, &assessment->processing));
	cpl_add(object, "quantities", report_quantities(&assessment->scope));
	cpl_add(object, "applicable_die_area", report_area(&assessment->area));
	cpl_add(object, "entries", report_entries(assessment));
	cpl_add(object, "lines", cpl_lines_report(assessment));
	return object;
}
