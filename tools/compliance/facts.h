/* SPDX-License-Identifier: MIT */
#ifndef TSR_COMPLIANCE_FACTS_H
#define TSR_COMPLIANCE_FACTS_H

#include <stdbool.h>

#include <gmp.h>

#include "tessera-compliance.h"

/**
 * struct cpl_figure - a stored figure
 * @given: there is one
 * @known: false for a truth value of "unknown"
 * @value: in the quantity's first unit; 0 or 1 for truth values; unused for text
 * @text: the value as given
 * @unit: as given, or NULL
 */
struct cpl_figure {
	bool given;
	bool known;
	mpq_t value;
	char *text;
	char *unit;
	char *source;
	char *time;
};

/** struct cpl_quantity - the figures of one quantity, one per origin, never merged */
struct cpl_quantity {
	struct cpl_figure figure[TSR_COMPLIANCE_ORIGINS];
};

struct cpl_format_facts {
	char *name;
	unsigned int bits, output_bits, scale_bits, block_elements, dac_bits, weight_bits;
	enum tsr_compliance_encoding encoding;
	struct cpl_quantity macs_per_cycle, dense_rate;
	struct cpl_quantity sparse_macs_per_cycle, sparse_rate;
};

struct cpl_unit_facts {
	char *name;
	char *group;
	enum tsr_compliance_unit_kind kind;
	int die; /* index, or -1 */
	struct cpl_quantity clock, count;
	struct cpl_format_facts **formats;
	unsigned int format_count;
};

struct cpl_die_facts {
	char *name;
	enum tsr_compliance_die_kind kind;
	unsigned int count;
	struct cpl_quantity area, nonplanar;
};

struct cpl_cap_facts {
	char *name;
	bool irreversible;
	unsigned int unit;
	int format; /* index, or -1 for all */
	enum tsr_compliance_cap_target target;
	enum tsr_compliance_origin origin;
	struct cpl_figure limit;
};

struct tsr_compliance_facts {
	char *vendor;
	char *name;
	struct cpl_quantity whole[TSR_COMPLIANCE_QUANTITIES]; /* those without an index */
	struct cpl_unit_facts **units;
	struct cpl_die_facts **dies;
	struct cpl_cap_facts **caps;
	unsigned int unit_count, die_count, cap_count;
};

/** cpl_facts_quantity() - the stored quantity, or NULL if @item or @sub does not exist. */
struct cpl_quantity *cpl_facts_quantity(struct tsr_compliance_facts *facts,
					enum tsr_compliance_quantity quantity, unsigned int item,
					unsigned int sub);

/** cpl_facts_path() - path of a quantity in the JSON form; free with free(). */
char *cpl_facts_path(enum tsr_compliance_quantity quantity, unsigned int item, unsigned int sub);

/** cpl_quantity_unit() - the unit values are stored in, or NULL for truth values and text. */
const char *cpl_quantity_unit(enum tsr_compliance_quantity quantity);

/** cpl_quantity_is_truth() - whether the quantity is a truth value. */
bool cpl_quantity_is_truth(enum tsr_compliance_quantity quantity);

/** cpl_origin_name() - "asserted", "reported" or "measured". */
const char *cpl_origin_name(enum tsr_compliance_origin origin);

/**
 * typedef cpl_figure_visitor - called for one quantity that has at least one figure
 * @context: as given to cpl_facts_visit()
 * @path: path in the JSON form
 */
typedef void (*cpl_figure_visitor)(void *context, enum tsr_compliance_quantity quantity,
				   const char *path, const struct cpl_quantity *figures);

/** cpl_facts_visit() - visit every quantity with a figure, always in the same order. */
void cpl_facts_visit(const struct tsr_compliance_facts *facts, cpl_figure_visitor visit,
		     void *context);

/** cpl_facts_virtual() - whether any origin says that the part is a model. */
bool cpl_facts_virtual(const struct tsr_compliance_facts *facts);

#endif
