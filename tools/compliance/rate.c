// SPDX-License-Identifier: MIT
#include "rate.h"

#include "choose.h"
#include "facts.h"
#include "policy.h"

void cpl_rates_init(struct cpl_rates *rates)
{
	*rates = (struct cpl_rates){ .declared = false };
	for (int i = 0; i < TSR_COMPLIANCE_ORIGINS; i++)
		mpq_init(rates->value[i]);
}

void cpl_rates_clear(struct cpl_rates *rates)
{
	for (int i = 0; i < TSR_COMPLIANCE_ORIGINS; i++)
		mpq_clear(rates->value[i]);
}

static bool cap_counts(const struct cpl_cap_facts *cap, const struct cpl_policy *policy)
{
	unsigned int rule = policy->value[CPL_CAPS];

	return rule == CPL_CAPS_ALL || (rule == CPL_CAPS_IRREVERSIBLE && cap->irreversible);
}

/* Lowers @value to the tightest cap on @target that counts. */
static void apply_caps(mpq_ptr value, const struct tsr_compliance_facts *facts,
		       const struct cpl_policy *policy, unsigned int unit, int format,
		       enum tsr_compliance_cap_target target)
{
	for (unsigned int i = 0; i < facts->cap_count; i++) {
		const struct cpl_cap_facts *cap = facts->caps[i];

		if (cap->unit != unit || cap->target != target || !cap_counts(cap, policy))
			continue;
		if (cap->format >= 0 && cap->format != format)
			continue;
		if (mpq_cmp(cap->limit.value, value) < 0)
			mpq_set(value, cap->limit.value);
	}
}

/*
 * count x clock of one origin; a unit without a count is one element. Without a policy no
 * caps apply: what was measured was measured under them.
 */
static bool element_clock(mpq_ptr out, const struct tsr_compliance_facts *facts,
			  const struct cpl_policy *policy, unsigned int index,
			  enum tsr_compliance_origin origin)
{
	const struct cpl_unit_facts *unit = facts->units[index];
	const struct cpl_figure *clock = &unit->clock.figure[origin];
	const struct cpl_figure *count = &unit->count.figure[origin];
	bool nobody_counts = true;
	mpq_t elements;

	for (int i = 0; i < TSR_COMPLIANCE_ORIGINS; i++)
		nobody_counts &= !unit->count.figure[i].given;
	if (!clock->given || (!count->given && !nobody_counts))
		return false;
	mpq_init(elements);
	if (count->given)
		mpq_set(elements, count->value);
	else
		mpq_set_ui(elements, 1, 1);
	mpq_set(out, clock->value);
	if (policy) {
		apply_caps(out, facts, policy, index, -1, TSR_COMPLIANCE_CAP_CLOCK);
		apply_caps(elements, facts, policy, index, -1, TSR_COMPLIANCE_CAP_COUNT);
	}
	mpq_mul(out, out, elements);
	mpq_clear(elements);
	return true;
}

static bool product(mpq_ptr out, const struct tsr_compliance_facts *facts,
		    const struct cpl_policy *policy, unsigned int unit,
		    const struct cpl_quantity *macs_per_cycle, enum tsr_compliance_origin origin)
{
	const struct cpl_figure *macs = &macs_per_cycle->figure[origin];

	if (!macs->given || !element_clock(out, facts, policy, unit, origin))
		return false;
	mpq_mul(out, out, macs->value);
	return true;
}

static void compute_origin(struct cpl_rates *rates, const struct tsr_compliance_facts *facts,
			   const struct cpl_policy *policy, unsigned int unit, unsigned int format,
			   enum tsr_compliance_origin origin)
{
	const struct cpl_format_facts *given = facts->units[unit]->formats[format];
	const struct cpl_figure *direct = &given->dense_rate.figure[origin];
	bool measured = origin == TSR_COMPLIANCE_MEASURED;
	mpq_ptr value = rates->value[origin];
	bool has_product = product(value, facts, measured ? NULL : policy, unit,
				   &given->macs_per_cycle, origin);

	rates->given[origin] = has_product || direct->given;
	rates->differs[origin] = has_product && direct->given && !mpq_equal(value, direct->value);
	if (direct->given && (!has_product || mpq_cmp(direct->value, value) > 0))
		mpq_set(value, direct->value);
	if (!measured)
		apply_caps(value, facts, policy, unit, (int)format, TSR_COMPLIANCE_CAP_RATE);
}

void cpl_rates_compute(struct cpl_rates *rates, const struct tsr_compliance_facts *facts,
		       const struct cpl_policy *policy, unsigned int unit, unsigned int format)
{
	for (int i = 0; i < TSR_COMPLIANCE_ORIGINS; i++)
		compute_origin(rates, facts, policy, unit, format, (enum tsr_compliance_origin)i);
	rates->declared = false;
	for (int i = 0; i < TSR_COMPLIANCE_ORIGINS; i++) {
		if (!cpl_origin_counts(policy, rates->given, (enum tsr_compliance_origin)i))
			continue;
		if (rates->declared && mpq_cmp(rates->value[i], rates->value[rates->origin]) <= 0)
			continue;
		rates->declared = true;
		rates->origin = (enum tsr_compliance_origin)i;
	}
}

bool cpl_sparse_rate(mpq_ptr out, const struct tsr_compliance_facts *facts, unsigned int unit,
		     unsigned int format, enum tsr_compliance_origin origin)
{
	const struct cpl_format_facts *given = facts->units[unit]->formats[format];
	const struct cpl_figure *direct = &given->sparse_rate.figure[origin];

	if (!direct->given)
		return product(out, facts, NULL, unit, &given->sparse_macs_per_cycle, origin);
	mpq_set(out, direct->value);
	return true;
}

static void analog_bits(mpq_ptr out, const struct cpl_format_facts *format,
			const struct cpl_policy *policy)
{
	unsigned int bits = format->dac_bits > format->weight_bits ?
		format->dac_bits : format->weight_bits;

	mpq_set_ui(out, policy->value[CPL_ANALOG] == CPL_ANALOG_TIMES_8 ? 8 : bits, 1);
}

static void digital_bits(mpq_ptr out, const struct cpl_format_facts *format,
			 const struct cpl_policy *policy)
{
	unsigned int bits = format->bits;
	mpq_t share;

	if (format->encoding == TSR_COMPLIANCE_TF32 &&
	    policy->value[CPL_TF32] == CPL_TF32_AS_19)
		bits = 19;
	mpq_set_ui(out, bits, 1);
	if (format->encoding != TSR_COMPLIANCE_BLOCK ||
	    policy->value[CPL_BLOCK_SCALE] != CPL_BLOCK_WITH_SCALE)
		return;
	mpq_init(share);
	mpq_set_ui(share, format->scale_bits, format->block_elements);
	mpq_canonicalize(share);
	mpq_add(out, out, share);
	mpq_clear(share);
}

void cpl_bit_length(mpq_ptr out, const struct tsr_compliance_facts *facts,
		    const struct cpl_policy *policy, unsigned int unit, unsigned int index)
{
	const struct cpl_format_facts *format = facts->units[unit]->formats[index];

	if (facts->units[unit]->kind == TSR_COMPLIANCE_ANALOG) {
		analog_bits(out, format, policy);
		return;
	}
	digital_bits(out, format, policy);
	if (policy->value[CPL_BIT_LENGTH] == CPL_BITS_OF_INPUTS_AND_OUTPUT &&
	    mpq_cmp_ui(out, format->output_bits, 1) < 0)
		mpq_set_ui(out, format->output_bits, 1);
}
