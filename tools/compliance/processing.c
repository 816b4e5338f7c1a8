// SPDX-License-Identifier: MIT
#include "processing.h"

#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "extent.h"
#include "facts.h"
#include "policy.h"
#include "rate.h"

#define TERA 1000000000000ul

void cpl_processing_clear(struct cpl_processing *processing)
{
	for (size_t i = 0; i < processing->count; i++) {
		mpq_clear(processing->contributions[i].tops);
		mpq_clear(processing->contributions[i].bits);
		mpq_clear(processing->contributions[i].product);
	}
	mpq_clear(processing->tpp);
	mpq_clear(processing->tops);
	free(processing->contributions);
	free(processing->why);
}

static void fill(struct cpl_contribution *contribution, const struct tsr_compliance_facts *facts,
		 const struct cpl_policy *policy, const struct cpl_extent *extent)
{
	struct cpl_rates rates;

	cpl_rates_init(&rates);
	cpl_rates_compute(&rates, facts, policy, contribution->unit, contribution->format);
	cpl_bit_length(contribution->bits, facts, policy, contribution->unit, contribution->format);
	contribution->declared = rates.declared;
	if (rates.declared) {
		contribution->origin = rates.origin;
		mpq_set_ui(contribution->tops, 2, TERA);
		mpq_canonicalize(contribution->tops);
		mpq_mul(contribution->tops, contribution->tops, rates.value[rates.origin]);
		mpq_mul(contribution->tops, contribution->tops, extent->copies);
		mpq_mul(contribution->product, contribution->tops, contribution->bits);
	}
	cpl_rates_clear(&rates);
}

static void explain_missing(struct cpl_processing *processing,
			    const struct tsr_compliance_facts *facts,
			    const struct cpl_contribution *contribution)
{
	const struct cpl_unit_facts *unit = facts->units[contribution->unit];

	if (processing->why)
		return;
	processing->why = cpl_format("is not known: no origin declares a dense rate for %s of %s",
				     unit->formats[contribution->format]->name, unit->name);
}

static void add_unit(struct cpl_processing *processing, const struct tsr_compliance_facts *facts,
		     const struct cpl_policy *policy, const struct cpl_extent *extent,
		     unsigned int unit)
{
	for (unsigned int i = 0; i < facts->units[unit]->format_count; i++) {
		struct cpl_contribution *contribution;

		processing->contributions = cpl_grow(processing->contributions,
						     processing->count + 1, sizeof(*contribution));
		contribution = &processing->contributions[processing->count++];
		*contribution = (struct cpl_contribution){ .unit = unit, .format = i };
		mpq_init(contribution->tops);
		mpq_init(contribution->bits);
		mpq_init(contribution->product);
		fill(contribution, facts, policy, extent);
		if (!contribution->declared)
			explain_missing(processing, facts, contribution);
	}
}

static bool unit_counts(const struct tsr_compliance_facts *facts, const struct cpl_policy *policy,
			unsigned int unit)
{
	return facts->units[unit]->kind == TSR_COMPLIANCE_DIGITAL ||
	       policy->value[CPL_ANALOG] != CPL_ANALOG_EXCLUDED;
}

/* One number for every unit of the facts, zero for those outside the extent. */
struct totals {
	const struct tsr_compliance_facts *facts;
	mpq_t *of_unit;
	bool *selected;
};

static void totals_init(struct totals *totals, const struct tsr_compliance_facts *facts)
{
	totals->facts = facts;
	totals->of_unit = cpl_alloc(facts->unit_count, sizeof(*totals->of_unit));
	totals->selected = cpl_alloc(facts->unit_count, sizeof(*totals->selected));
	for (unsigned int i = 0; i < facts->unit_count; i++)
		mpq_init(totals->of_unit[i]);
}

static void totals_clear(struct totals *totals)
{
	for (unsigned int i = 0; i < totals->facts->unit_count; i++)
		mpq_clear(totals->of_unit[i]);
	free(totals->of_unit);
	free(totals->selected);
}

static void raise_to(mpq_ptr highest, mpq_srcptr value)
{
	if (mpq_cmp(value, highest) > 0)
		mpq_set(highest, value);
}

static bool same_group(const char *left, const char *right)
{
	return left && right && !strcmp(left, right);
}

static void add_largest(mpq_ptr sum, struct totals *totals)
{
	unsigned int count = totals->facts->unit_count;

	mpq_set_ui(sum, 0, 1);
	for (unsigned int i = 0; i < count; i++)
		raise_to(sum, totals->of_unit[i]);
	for (unsigned int i = 0; i < count; i++)
		totals->selected[i] = mpq_equal(totals->of_unit[i], sum);
}

/* Units without a group run beside every group. */
static bool runs_with(const struct tsr_compliance_facts *facts, unsigned int unit,
		      const char *group)
{
	const char *own = facts->units[unit]->group;

	return !own || same_group(own, group);
}

static void add_group(mpq_ptr sum, struct totals *totals, const char *group, bool select)
{
	mpq_set_ui(sum, 0, 1);
	for (unsigned int i = 0; i < totals->facts->unit_count; i++) {
		bool inside = runs_with(totals->facts, i, group);

		if (inside)
			mpq_add(sum, sum, totals->of_unit[i]);
		if (select)
			totals->selected[i] = inside;
	}
}

static void add_concurrent(mpq_ptr sum, struct totals *totals)
{
	const char *best = NULL;
	mpq_t candidate;

	mpq_init(candidate);
	add_group(sum, totals, NULL, false);
	for (unsigned int i = 0; i < totals->facts->unit_count; i++) {
		const char *group = totals->facts->units[i]->group;

		if (!group)
			continue;
		add_group(candidate, totals, group, false);
		if (mpq_cmp(candidate, sum) <= 0)
			continue;
		mpq_set(sum, candidate);
		best = group;
	}
	add_group(sum, totals, best, true);
	mpq_clear(candidate);
}

static void add_all(mpq_ptr sum, struct totals *totals)
{
	mpq_set_ui(sum, 0, 1);
	for (unsigned int i = 0; i < totals->facts->unit_count; i++) {
		mpq_add(sum, sum, totals->of_unit[i]);
		totals->selected[i] = true;
	}
}

static void add_up(mpq_ptr sum, struct totals *totals, const struct cpl_policy *policy)
{
	switch (policy->value[CPL_SUM]) {
	case CPL_SUM_LARGEST:
		add_largest(sum, totals);
		break;
	case CPL_SUM_CONCURRENT:
		add_concurrent(sum, totals);
		break;
	default:
		add_all(sum, totals);
	}
}

/* Highest product of every unit; with @bits only formats of that bit length compete. */
static void best_of_units(struct totals *totals, const struct cpl_processing *processing,
			  const struct cpl_policy *policy, mpq_srcptr bits)
{
	for (unsigned int i = 0; i < totals->facts->unit_count; i++)
		mpq_set_ui(totals->of_unit[i], 0, 1);
	for (size_t i = 0; i < processing->count; i++) {
		const struct cpl_contribution *each = &processing->contributions[i];

		if (unit_counts(totals->facts, policy, each->unit) &&
		    (!bits || mpq_equal(bits, each->bits)))
			raise_to(totals->of_unit[each->unit], each->product);
	}
}

static void mark_counting(struct cpl_processing *processing, const struct totals *totals,
			  mpq_srcptr bits)
{
	for (size_t i = 0; i < processing->count; i++) {
		struct cpl_contribution *each = &processing->contributions[i];

		each->counts = totals->selected[each->unit] && mpq_sgn(each->product) &&
			       (!bits || mpq_equal(bits, each->bits)) &&
			       mpq_equal(each->product, totals->of_unit[each->unit]);
	}
}

static void add_common(struct cpl_processing *processing, struct totals *totals,
		       const struct cpl_policy *policy)
{
	mpq_t candidate;

	mpq_init(candidate);
	for (size_t i = 0; i < processing->count; i++) {
		mpq_srcptr bits = processing->contributions[i].bits;

		best_of_units(totals, processing, policy, bits);
		add_up(candidate, totals, policy);
		if (mpq_cmp(candidate, processing->tpp) <= 0)
			continue;
		mpq_set(processing->tpp, candidate);
		mark_counting(processing, totals, bits);
	}
	mpq_clear(candidate);
}

static void add_tops(struct cpl_processing *processing, struct totals *totals,
		     const struct cpl_policy *policy)
{
	for (unsigned int i = 0; i < totals->facts->unit_count; i++)
		mpq_set_ui(totals->of_unit[i], 0, 1);
	for (size_t i = 0; i < processing->count; i++) {
		const struct cpl_contribution *each = &processing->contributions[i];

		if (unit_counts(totals->facts, policy, each->unit))
			raise_to(totals->of_unit[each->unit], each->tops);
	}
	add_up(processing->tops, totals, policy);
}

static void total(struct cpl_processing *processing, const struct tsr_compliance_facts *facts,
		  const struct cpl_policy *policy)
{
	struct totals totals;

	totals_init(&totals, facts);
	if (policy->value[CPL_FORMATS] == CPL_FORMAT_COMMON) {
		add_common(processing, &totals, policy);
	} else {
		best_of_units(&totals, processing, policy, NULL);
		add_up(processing->tpp, &totals, policy);
		mark_counting(processing, &totals, NULL);
	}
	add_tops(processing, &totals, policy);
	totals_clear(&totals);
}

void cpl_processing_compute(struct cpl_processing *processing,
			    const struct tsr_compliance_facts *facts,
			    const struct cpl_policy *policy, const struct cpl_extent *extent)
{
	*processing = (struct cpl_processing){ .known = false };
	mpq_init(processing->tpp);
	mpq_init(processing->tops);
	for (unsigned int i = 0; i < facts->unit_count; i++) {
		bool known;

		if (cpl_unit_inside(facts, extent, i, &known))
			add_unit(processing, facts, policy, extent, i);
		else if (!known && !processing->why)
			processing->why = cpl_format("is not known: nobody says which die holds %s",
						     facts->units[i]->name);
	}
	processing->known = !processing->why;
	if (processing->known)
		total(processing, facts, policy);
}
