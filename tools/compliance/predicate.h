/* SPDX-License-Identifier: MIT */
#ifndef TSR_COMPLIANCE_PREDICATE_H
#define TSR_COMPLIANCE_PREDICATE_H

#include <stdbool.h>
#include <stddef.h>

#include <gmp.h>
#include <json-c/json.h>

struct tsr_compliance_error;
struct cpl_predicate;

/**
 * enum cpl_outcome - three-valued truth, ordered so that "and" is the minimum and "or" the maximum
 */
enum cpl_outcome {
	CPL_DOES_NOT_MEET,
	CPL_UNDETERMINED,
	CPL_MEETS,
};

/** enum cpl_measure - quantities a predicate can compare */
enum cpl_measure {
	CPL_TPP,
	CPL_PD,
	CPL_TOPS,
	CPL_IO,
	CPL_DRAM,
	CPL_HBM_DENSITY,
	CPL_MEASURES
};

/** enum cpl_condition - truth values a predicate can ask for */
enum cpl_condition {
	CPL_IS_DATACENTRE,
	CPL_IS_HBM_COPACKAGED,
	CPL_CONDITIONS
};

/**
 * struct cpl_measured - value of one measure for one evaluation
 * @known: @value is set; otherwise @why says why not
 */
struct cpl_measured {
	bool known;
	mpq_t value;
	char *why;
};

/** struct cpl_truth - truth of one condition; @why: that it is not known, or only assumed */
struct cpl_truth {
	enum cpl_outcome outcome;
	const char *why;
};

/** struct cpl_scope - what a predicate is evaluated against */
struct cpl_scope {
	struct cpl_measured measure[CPL_MEASURES];
	struct cpl_truth condition[CPL_CONDITIONS];
	const enum cpl_outcome *entry; /* outcomes of the entries before this one */
	const char *const *entry_id;
};

/** enum cpl_relation - comparison as written in the text */
enum cpl_relation {
	CPL_AT_LEAST, /* >= */
	CPL_ABOVE,    /* > */
	CPL_AT_MOST,  /* <= */
	CPL_BELOW,    /* < */
};

/** struct cpl_line - one comparison with a threshold */
struct cpl_line {
	enum cpl_measure measure;
	enum cpl_relation relation;
	mpq_srcptr threshold; /* owned by the predicate */
};

/** cpl_scope_init() - everything unknown. */
void cpl_scope_init(struct cpl_scope *scope);

/** cpl_scope_clear() - release what the scope owns. */
void cpl_scope_clear(struct cpl_scope *scope);

/**
 * cpl_predicate_parse() - read an expression tree
 * @json: {"all": [...]}, {"any": [...]}, {"not": {...}}, {"quantity", "relation", "value"},
 *	{"fact", "is"} or {"entry"}
 * @path: path for messages
 * @entries: ids that "entry" may name
 * @count: number of them
 *
 * Return: the predicate, or NULL with @error filled.
 */
struct cpl_predicate *cpl_predicate_parse(struct json_object *json, const char *path,
					  const char *const *entries, size_t count,
					  struct tsr_compliance_error *error);

/** cpl_predicate_free() - free a predicate or NULL. */
void cpl_predicate_free(struct cpl_predicate *predicate);

/** cpl_predicate_evaluate() - three-valued (Kleene) value in @scope. */
enum cpl_outcome cpl_predicate_evaluate(const struct cpl_predicate *predicate,
					const struct cpl_scope *scope);

/** cpl_predicate_explain() - the parts that decided the value, in words; free with free(). */
char *cpl_predicate_explain(const struct cpl_predicate *predicate, const struct cpl_scope *scope);

/**
 * cpl_predicate_lines() - visit every comparison in the predicate, in written order
 * @context: passed to @visit
 */
void cpl_predicate_lines(const struct cpl_predicate *predicate,
			 void (*visit)(void *context, const struct cpl_line *line), void *context);

/** cpl_line_holds() - whether @value satisfies @line. */
bool cpl_line_holds(const struct cpl_line *line, mpq_srcptr value);

/** cpl_measure_name() - name in rule data and report. */
const char *cpl_measure_name(enum cpl_measure measure);

/** cpl_measure_unit() - unit, or "1". */
const char *cpl_measure_unit(enum cpl_measure measure);

/** cpl_relation_sign() - ">=", ">", "<=" or "<". */
const char *cpl_relation_sign(enum cpl_relation relation);

/** cpl_outcome_name() - "meets", "does-not-meet" or "undetermined". */
const char *cpl_outcome_name(enum cpl_outcome outcome);

#endif
