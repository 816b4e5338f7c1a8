/* SPDX-License-Identifier: MIT */
#ifndef TSR_COMPLIANCE_RATE_H
#define TSR_COMPLIANCE_RATE_H

#include <stdbool.h>

#include <gmp.h>

#include "tessera-compliance.h"

struct cpl_policy;

/**
 * struct cpl_rates - peak dense rate of one format of one unit, in MAC/s
 * @given: by origin, whether it gives a rate
 * @value: by origin; of declared origins after the caps that count
 * @declared: whether there is a declared rate
 * @origin: origin of the declared rate
 * @differs: by origin, its direct rate and its product of factors are not equal
 */
struct cpl_rates {
	bool given[TSR_COMPLIANCE_ORIGINS];
	mpq_t value[TSR_COMPLIANCE_ORIGINS];
	bool differs[TSR_COMPLIANCE_ORIGINS];
	bool declared;
	enum tsr_compliance_origin origin;
};

/** cpl_rates_init() - nothing given. */
void cpl_rates_init(struct cpl_rates *rates);

/** cpl_rates_clear() - release. */
void cpl_rates_clear(struct cpl_rates *rates);

/**
 * cpl_rates_compute() - rates of a format
 * @rates: initialized
 * @policy: switches "caps" and "declared"
 * @unit: index of the unit
 * @format: index of the format
 *
 * The rate is the figure dense_rate, or macs_per_cycle x count x clock where one origin gives all
 * three (15 CFR part 774, supplement no. 1, technical notes to 3A090: the theoretical peak). Where
 * an origin gives both, the higher counts.
 */
void cpl_rates_compute(struct cpl_rates *rates, const struct tsr_compliance_facts *facts,
		       const struct cpl_policy *policy, unsigned int unit, unsigned int format);

/** cpl_sparse_rate() - rate with structured sparsity that @origin gives, if it does; no caps. */
bool cpl_sparse_rate(mpq_ptr out, const struct tsr_compliance_facts *facts, unsigned int unit,
		     unsigned int format, enum tsr_compliance_origin origin);

/**
 * cpl_bit_length() - bit length of an operation in a format
 * @out: set to the length; not always whole (a block format with its share of the scale)
 * @policy: switches "bit-length", "tf32", "block-scale" and "analog"
 */
void cpl_bit_length(mpq_ptr out, const struct tsr_compliance_facts *facts,
		    const struct cpl_policy *policy, unsigned int unit, unsigned int format);

#endif
