/* SPDX-License-Identifier: MIT */
#ifndef TSR_COMPLIANCE_PROCESSING_H
#define TSR_COMPLIANCE_PROCESSING_H

#include <stdbool.h>
#include <stddef.h>

#include <gmp.h>

#include "tessera-compliance.h"

struct cpl_extent;
struct cpl_policy;

/**
 * struct cpl_contribution - what one number format of one unit gives
 * @declared: there is a declared rate; the figures below are set
 * @origin: of the rate
 * @tops: 2 x MAC/s / 10^12, all copies of the unit in the extent
 * @bits: bit length
 * @product: @tops x @bits
 * @counts: part of the total; several formats of a unit count when they tie
 */
struct cpl_contribution {
	unsigned int unit, format;
	bool declared;
	enum tsr_compliance_origin origin;
	mpq_t tops, bits, product;
	bool counts;
};

/**
 * struct cpl_processing - total processing performance of an extent
 * @known: @tpp and @tops are set; otherwise @why says why not
 */
struct cpl_processing {
	bool known;
	char *why;
	mpq_t tpp, tops;
	struct cpl_contribution *contributions;
	size_t count;
};

/**
 * cpl_processing_compute() - add up the processing units of an extent
 * @processing: set; clear with cpl_processing_clear()
 *
 * TPP = 2 x MacTOPS x bit length, added over the processing units, the format with the highest
 * result counting (15 CFR part 774, supplement no. 1, technical notes to 3A090). TOPS is the same
 * without the bit length (3A991.p.1).
 */
void cpl_processing_compute(struct cpl_processing *processing,
			    const struct tsr_compliance_facts *facts,
			    const struct cpl_policy *policy, const struct cpl_extent *extent);

/** cpl_processing_clear() - release. */
void cpl_processing_clear(struct cpl_processing *processing);

#endif
