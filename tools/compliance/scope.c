// SPDX-License-Identifier: MIT
#include "scope.h"

#include <stdlib.h>

#include "alloc.h"
#include "choose.h"
#include "extent.h"
#include "facts.h"
#include "policy.h"
#include "predicate.h"
#include "processing.h"

void cpl_measured_unknown(struct cpl_measured *measured, const char *why)
{
	measured->known = false;
	free(measured->why);
	measured->why = cpl_strdup(why);
}

static void set_known(struct cpl_measured *measured, mpq_srcptr value)
{
	measured->known = true;
	mpq_set(measured->value, value);
}

static void set_processing(struct cpl_scope *scope, const struct cpl_processing *processing)
{
	if (processing->known) {
		set_known(&scope->measure[CPL_TPP], processing->tpp);
		set_known(&scope->measure[CPL_TOPS], processing->tops);
	} else {
		cpl_measured_unknown(&scope->measure[CPL_TPP], processing->why);
		cpl_measured_unknown(&scope->measure[CPL_TOPS], processing->why);
	}
}

/* Figures of the package hold for a die only when it is the only one. */
static bool whole_package(const struct tsr_compliance_facts *facts,
			  const struct cpl_extent *extent)
{
	return extent->level == CPL_PACKAGE ||
	       (extent->level == CPL_DIE_LEVEL && cpl_counting_dies(facts) == 1);
}

static void set_bandwidth(struct cpl_measured *measured, const struct tsr_compliance_facts *facts,
			  const struct cpl_policy *policy, const struct cpl_extent *extent,
			  const enum tsr_compliance_quantity by_level[3])
{
	const struct cpl_figure *figure = NULL;

	if (whole_package(facts, extent))
		figure = cpl_choose(&facts->whole[by_level[0]], policy, CPL_HIGHER, NULL);
	else if (extent->level == CPL_BOARD)
		figure = cpl_choose(&facts->whole[by_level[1]], policy, CPL_HIGHER, NULL);
	else if (extent->level == CPL_NODE)
		figure = cpl_choose(&facts->whole[by_level[2]], policy, CPL_HIGHER, NULL);
	if (figure)
		set_known(measured, figure->value);
	else
		cpl_measured_unknown(measured, "is not known: no figure at this level");
}

static void set_bandwidths(struct cpl_scope *scope, const struct tsr_compliance_facts *facts,
			   const struct cpl_policy *policy, const struct cpl_extent *extent)
{
	static const enum tsr_compliance_quantity io[] = {
		TSR_COMPLIANCE_IO_RATE, TSR_COMPLIANCE_BOARD_IO_RATE, TSR_COMPLIANCE_NODE_IO_RATE,
	};
	static const enum tsr_compliance_quantity dram[] = {
		TSR_COMPLIANCE_DRAM_BANDWIDTH, TSR_COMPLIANCE_BOARD_DRAM_BANDWIDTH,
		TSR_COMPLIANCE_NODE_DRAM_BANDWIDTH,
	};

	set_bandwidth(&scope->measure[CPL_IO], facts, policy, extent, io);
	set_bandwidth(&scope->measure[CPL_DRAM], facts, policy, extent, dram);
}

static void set_memory_density(struct cpl_scope *scope, const struct tsr_compliance_facts *facts,
			       const struct cpl_policy *policy)
{
	struct cpl_measured *density = &scope->measure[CPL_HBM_DENSITY];
	const struct cpl_figure *bandwidth, *area;

	bandwidth = cpl_choose(&facts->whole[TSR_COMPLIANCE_HBM_BANDWIDTH], policy, CPL_HIGHER,
			       NULL);
	area = cpl_choose(&facts->whole[TSR_COMPLIANCE_HBM_AREA], policy, CPL_LOWER, NULL);
	if (!bandwidth) {
		cpl_measured_unknown(density, "is not known: no HBM package is described");
	} else if (!area) {
		cpl_measured_unknown(density, "is not known: the HBM package's area is not");
	} else {
		density->known = true;
		mpq_div(density->value, bandwidth->value, area->value);
	}
}

static void set_conditions(struct cpl_scope *scope, const struct tsr_compliance_facts *facts,
			   const struct cpl_policy *policy)
{
	static const enum cpl_outcome outcomes[] = {
		[CPL_NO] = CPL_DOES_NOT_MEET, [CPL_NOT_KNOWN] = CPL_UNDETERMINED,
		[CPL_YES] = CPL_MEETS,
	};
	struct cpl_truth *datacentre = &scope->condition[CPL_IS_DATACENTRE];
	enum cpl_answer answer;

	answer = cpl_choose_truth(&facts->whole[TSR_COMPLIANCE_HBM_COPACKAGED], policy);
	scope->condition[CPL_IS_HBM_COPACKAGED].outcome = outcomes[answer];
	answer = cpl_choose_truth(&facts->whole[TSR_COMPLIANCE_DATACENTRE], policy);
	datacentre->outcome = outcomes[answer];
	if (answer != CPL_NOT_KNOWN)
		return;
	if (policy->value[CPL_UNKNOWN_DATACENTRE] == CPL_UNKNOWN_IS_DATACENTRE) {
		datacentre->outcome = CPL_MEETS;
		datacentre->why = "not known, taken as data centre";
	} else {
		datacentre->outcome = CPL_DOES_NOT_MEET;
		datacentre->why = "not known, taken as no data centre";
	}
}

void cpl_scope_fill(struct cpl_scope *scope, const struct tsr_compliance_facts *facts,
		    const struct cpl_policy *policy, const struct cpl_extent *extent,
		    const struct cpl_processing *processing)
{
	set_processing(scope, processing);
	set_bandwidths(scope, facts, policy, extent);
	set_memory_density(scope, facts, policy);
	set_conditions(scope, facts, policy);
}
