// SPDX-License-Identifier: MIT
#include "findings.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "assess.h"
#include "choose.h"
#include "facts.h"
#include "json_out.h"
#include "policy.h"
#include "rate.h"
#include "rational.h"
#include "rules.h"

/* Takes ownership of @text. */
static void push(struct json_object *array, const char *severity, const char *code,
		 const char *fact, char *text)
{
	struct json_object *object = cpl_object();

	cpl_add_text(object, "severity", severity);
	cpl_add_text(object, "code", code);
	cpl_add_text(object, "fact", fact);
	cpl_add_taken(object, "text", text);
	cpl_push(array, object);
}

/* Rates */

struct rate_check {
	struct json_object *array;
	const struct tsr_compliance_facts *facts;
	struct cpl_policy policy; /* measurements never count as declared here */
	unsigned int unit, format;
	struct cpl_rates rates;
	char *path;
};

static char *tera_macs(mpq_srcptr rate)
{
	char *digits, *text;
	mpq_t tera;
	bool exact;

	mpq_init(tera);
	mpq_set_ui(tera, 1, 1000000000000ul);
	mpq_mul(tera, tera, rate);
	digits = cpl_rational_truncated(tera, CPL_SHOWN_PLACES, &exact);
	text = cpl_format("%s%s TMAC/s", exact ? "" : "~", digits);
	free(digits);
	mpq_clear(tera);
	return text;
}

static void check_declared(const struct rate_check *check)
{
	const struct cpl_format_facts *format =
		check->facts->units[check->unit]->formats[check->format];
	const char *why = "no origin gives a dense rate, or all its factors";

	if (check->rates.declared)
		return;
	if (check->rates.given[TSR_COMPLIANCE_MEASURED])
		why = "there is only a measurement, which cannot show the theoretical peak";
	else if (format->sparse_rate.figure[TSR_COMPLIANCE_ASSERTED].given ||
		 format->sparse_rate.figure[TSR_COMPLIANCE_REPORTED].given)
		why = "only a sparse rate is given, and half of it is not always the dense rate";
	push(check->array, "warning", "no-declared-rate", check->path,
	     cpl_format("the peak dense rate is not known: %s", why));
}

static void check_measured(const struct rate_check *check)
{
	const struct cpl_rates *rates = &check->rates;
	char *measured, *declared;
	int order;

	if (!rates->declared || !rates->given[TSR_COMPLIANCE_MEASURED])
		return;
	order = mpq_cmp(rates->value[TSR_COMPLIANCE_MEASURED], rates->value[rates->origin]);
	if (!order)
		return;
	measured = tera_macs(rates->value[TSR_COMPLIANCE_MEASURED]);
	declared = tera_macs(rates->value[rates->origin]);
	if (order > 0)
		push(check->array, "error", "measured-above-declared", check->path,
		     cpl_format("measured %s is above the declared peak %s: see the switch declared",
				measured, declared));
	else
		push(check->array, "note", "measured-below-declared", check->path,
		     cpl_format("measured %s, declared peak %s: the declared peak counts", measured,
				declared));
	free(measured);
	free(declared);
}

static void check_origins(const struct rate_check *check)
{
	const struct cpl_rates *rates = &check->rates;
	char *asserted, *reported;

	if (!rates->given[TSR_COMPLIANCE_ASSERTED] || !rates->given[TSR_COMPLIANCE_REPORTED] ||
	    mpq_equal(rates->value[TSR_COMPLIANCE_ASSERTED],
		      rates->value[TSR_COMPLIANCE_REPORTED]))
		return;
	asserted = tera_macs(rates->value[TSR_COMPLIANCE_ASSERTED]);
	reported = tera_macs(rates->value[TSR_COMPLIANCE_REPORTED]);
	push(check->array, "warning", "origins-differ", check->path,
	     cpl_format("asserted %s, reported %s", asserted, reported));
	free(asserted);
	free(reported);
}

static void check_factors(const struct rate_check *check)
{
	for (int i = 0; i < TSR_COMPLIANCE_ORIGINS; i++)
		if (check->rates.differs[i])
			push(check->array, "warning", "rate-and-factors-differ", check->path,
			     cpl_format("the %s rate is not the product of the %s factors; the higher one is used",
					cpl_origin_name((enum tsr_compliance_origin)i),
					cpl_origin_name((enum tsr_compliance_origin)i)));
}

/* Compared without caps, which are not applied to sparse rates. */
static void check_sparse(const struct rate_check *check)
{
	struct cpl_policy policy = check->policy;
	struct cpl_rates dense;
	mpq_t sparse, half;

	policy.value[CPL_CAPS] = CPL_CAPS_NONE;
	cpl_rates_init(&dense);
	cpl_rates_compute(&dense, check->facts, &policy, check->unit, check->format);
	mpq_init(sparse);
	mpq_init(half);
	mpq_set_ui(half, 1, 2);
	for (int i = 0; i < TSR_COMPLIANCE_ORIGINS; i++) {
		if (!dense.given[i] ||
		    !cpl_sparse_rate(sparse, check->facts, check->unit, check->format,
				     (enum tsr_compliance_origin)i) || !mpq_sgn(sparse))
			continue;
		mpq_mul(sparse, sparse, half);
		if (mpq_equal(sparse, dense.value[i]))
			continue;
		push(check->array, "note", "sparse-not-twice-dense", check->path,
		     cpl_format("the %s sparse rate is not twice the dense one; the dense one counts",
				cpl_origin_name((enum tsr_compliance_origin)i)));
	}
	cpl_rates_clear(&dense);
	mpq_clear(sparse);
	mpq_clear(half);
}

static void check_format(struct rate_check *check)
{
	const struct cpl_unit_facts *unit = check->facts->units[check->unit];

	check->path = cpl_format("%s.%s", unit->name, unit->formats[check->format]->name);
	cpl_rates_init(&check->rates);
	cpl_rates_compute(&check->rates, check->facts, &check->policy, check->unit, check->format);
	check_declared(check);
	check_measured(check);
	check_origins(check);
	check_factors(check);
	check_sparse(check);
	cpl_rates_clear(&check->rates);
	free(check->path);
}

static void check_rates(struct json_object *array, const struct tsr_compliance_facts *facts,
			const struct cpl_policy *policy)
{
	struct rate_check check = { .array = array, .facts = facts, .policy = *policy };

	if (policy->value[CPL_DECLARED] == CPL_DECLARED_WITH_MEASURED)
		check.policy.value[CPL_DECLARED] = CPL_DECLARED_STRICTEST;
	for (check.unit = 0; check.unit < facts->unit_count; check.unit++)
		for (check.format = 0; check.format < facts->units[check.unit]->format_count;
		     check.format++)
			check_format(&check);
}

/* Other figures */

static bool same_figure(enum tsr_compliance_quantity quantity, const struct cpl_figure *left,
			const struct cpl_figure *right)
{
	if (!cpl_quantity_unit(quantity))
		return !strcmp(left->text, right->text);
	return mpq_equal(left->value, right->value);
}

static bool is_rate(enum tsr_compliance_quantity quantity)
{
	return quantity == TSR_COMPLIANCE_DENSE_RATE || quantity == TSR_COMPLIANCE_MACS_PER_CYCLE;
}

static bool all_same(enum tsr_compliance_quantity quantity, const struct cpl_quantity *figures)
{
	const struct cpl_figure *first = NULL;

	for (int i = 0; i < TSR_COMPLIANCE_ORIGINS; i++) {
		const struct cpl_figure *figure = &figures->figure[i];

		if (!figure->given || !figure->known)
			continue;
		if (first && !same_figure(quantity, first, figure))
			return false;
		first = figure;
	}
	return true;
}

static void visit(void *context, enum tsr_compliance_quantity quantity, const char *path,
		  const struct cpl_quantity *figures)
{
	struct json_object *array = context;
	char *text = NULL;

	if (is_rate(quantity))
		return;
	if (!all_same(quantity, figures)) {
		for (int i = 0; i < TSR_COMPLIANCE_ORIGINS; i++) {
			const struct cpl_figure *figure = &figures->figure[i];

			if (figure->given)
				cpl_append(&text, "%s%s %s%s%s", text ? ", " : "",
					   cpl_origin_name((enum tsr_compliance_origin)i),
					   figure->text, figure->unit ? " " : "",
					   figure->unit ? figure->unit : "");
		}
		push(array, "warning", "origins-differ", path, text);
	} else if (!figures->figure[TSR_COMPLIANCE_ASSERTED].given &&
		   !figures->figure[TSR_COMPLIANCE_REPORTED].given) {
		push(array, "note", "only-measured", path,
		     cpl_strdup("nobody declares this figure; the measurement is used"));
	}
}

/* The facts as a whole */

static bool has_direct_rate(const struct cpl_unit_facts *unit)
{
	for (unsigned int i = 0; i < unit->format_count; i++)
		if (unit->formats[i]->dense_rate.figure[TSR_COMPLIANCE_ASSERTED].given ||
		    unit->formats[i]->dense_rate.figure[TSR_COMPLIANCE_REPORTED].given)
			return true;
	return false;
}

static void check_cap(struct json_object *array, const struct tsr_compliance_facts *facts,
		      const struct cpl_cap_facts *cap)
{
	if (!cap->irreversible)
		push(array, "note", "cap-is-information", cap->name,
		     cpl_strdup("a cap that can be undone does not lower TPP"));
	else if (cap->target != TSR_COMPLIANCE_CAP_RATE && has_direct_rate(facts->units[cap->unit]))
		push(array, "warning", "cap-not-applied", cap->name,
		     cpl_format("rates of %s that are given as one figure are not lowered by a cap on a factor",
				facts->units[cap->unit]->name));
}

static void check_units(struct json_object *array, const struct tsr_compliance_facts *facts,
			const struct cpl_rule_version *version)
{
	for (unsigned int i = 0; i < facts->unit_count; i++)
		if (facts->units[i]->kind == TSR_COMPLIANCE_ANALOG && !version->settled[CPL_ANALOG])
			push(array, "warning", "analog-ambiguous", facts->units[i]->name,
			     cpl_strdup("how analog compute-in-memory counts is a reading: see the switch analog"));
}

static void check_headline(struct json_object *array, const struct cpl_assessment *headline)
{
	const struct cpl_truth *datacentre = &headline->scope.condition[CPL_IS_DATACENTRE];

	if (datacentre->why)
		push(array, "warning", "datacentre-not-known", "datacentre",
		     cpl_format("whether the part is designed or marketed for data centres is %s",
				datacentre->why));
	if (cpl_area_none(&headline->area))
		push(array, "note", "density-not-defined", "dies",
		     cpl_strdup("no die is made on a non-planar process, so there is no density"));
	else if (headline->area.why)
		push(array, "warning", "area-not-known", "dies", cpl_strdup(headline->area.why));
}

/* What was published after the last day that was read may have changed any line. */
static void check_date(struct json_object *array, const struct cpl_question *question)
{
	const char *last = question->rules->verified_through;

	if (question->date && strcmp(question->date, last) > 0)
		push(array, "error", "date-not-verified", "date",
		     cpl_format("the rule data takes into account what was published until %s; "
				"what is in force on %s is not known here", last, question->date));
}

static void check_model(struct json_object *array, const struct tsr_compliance_facts *facts)
{
	if (cpl_facts_virtual(facts))
		push(array, "warning", "virtual-device", "virtual",
		     cpl_strdup("the figures are those of a model and are evidence about the model only"));
}

struct json_object *cpl_findings_report(const struct cpl_question *question,
					const struct cpl_assessment *headline)
{
	const struct tsr_compliance_facts *facts = question->facts;
	struct json_object *array = cpl_array();

	check_date(array, question);
	check_model(array, facts);
	check_rates(array, facts, question->policy);
	cpl_facts_visit(facts, visit, array);
	check_units(array, facts, headline->version);
	for (unsigned int i = 0; i < facts->cap_count; i++)
		check_cap(array, facts, facts->caps[i]);
	check_headline(array, headline);
	return array;
}
