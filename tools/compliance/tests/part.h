/* SPDX-License-Identifier: MIT */
#ifndef TSR_COMPLIANCE_TESTS_PART_H
#define TSR_COMPLIANCE_TESTS_PART_H

#include <tessera-compliance.h>

/* Shorthand for making facts in tests; anything refused fails the running test. */

/** part_new() - facts without units and dies. */
struct tsr_compliance_facts *part_new(const char *name);

/** part_simple() - one logic die of @area (NULL: not given), one unit on it, one format. */
struct tsr_compliance_facts *part_simple(unsigned int bits, const char *tops, const char *area);

/** part_set() - one figure; @unit NULL for truth values and text. */
void part_set(struct tsr_compliance_facts *facts, enum tsr_compliance_quantity quantity,
	      unsigned int item, unsigned int sub, enum tsr_compliance_origin origin,
	      const char *value, const char *unit);

/** part_assert() - as part_set() with an asserted figure. */
void part_assert(struct tsr_compliance_facts *facts, enum tsr_compliance_quantity quantity,
		 unsigned int item, unsigned int sub, const char *value, const char *unit);

/** part_die() - a die; @area NULL: not given; @nonplanar "true", "false" or "unknown". */
unsigned int part_die(struct tsr_compliance_facts *facts, const char *name,
		      enum tsr_compliance_die_kind kind, unsigned int count, const char *area,
		      const char *nonplanar);

/** part_unit() - a digital unit; @group and @die may be NULL. */
unsigned int part_unit(struct tsr_compliance_facts *facts, const char *name, const char *group,
		       const char *die);

/** part_format() - a plain format with an asserted dense rate in TOPS (NULL: none). */
unsigned int part_format(struct tsr_compliance_facts *facts, unsigned int unit, const char *name,
			 unsigned int bits, const char *tops);

/** part_describe_format() - any format with an asserted dense rate in TOPS (NULL: none). */
unsigned int part_describe_format(struct tsr_compliance_facts *facts, unsigned int unit,
				  const struct tsr_compliance_format *format, const char *tops);

#endif
