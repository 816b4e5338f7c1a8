// SPDX-License-Identifier: MIT
#include "predicate.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "array.h"
#include "fail.h"
#include "json_in.h"
#include "rational.h"

#define SHOWN_PLACES 4

enum kind {
	ALL,
	ANY,
	NOT,
	COMPARE,
	CONDITION,
	ENTRY,
};

struct cpl_predicate {
	enum kind kind;
	struct cpl_predicate **children;
	size_t child_count;
	enum cpl_measure measure;
	enum cpl_relation relation;
	mpq_t threshold;
	enum cpl_condition condition;
	bool wanted;
	size_t entry;
};

static const char *const measure_names[] = {
	"tpp", "pd", "tops", "io", "dram", "hbm_density", NULL
};

static const char *const measure_units[] = {
	"1", "1/mm2", "TOPS", "GB/s", "GB/s", "GB/s/mm2"
};

static const char *const condition_names[] = { "datacentre", "hbm_copackaged", NULL };

static const char *const relation_signs[] = { ">=", ">", "<=", "<", NULL };

const char *cpl_measure_name(enum cpl_measure measure)
{
	return measure_names[measure];
}

const char *cpl_measure_unit(enum cpl_measure measure)
{
	return measure_units[measure];
}

const char *cpl_relation_sign(enum cpl_relation relation)
{
	return relation_signs[relation];
}

const char *cpl_outcome_name(enum cpl_outcome outcome)
{
	static const char *const names[] = { "does-not-meet", "undetermined", "meets" };

	return names[outcome];
}

void cpl_scope_init(struct cpl_scope *scope)
{
	memset(scope, 0, sizeof(*scope));
	for (int i = 0; i < CPL_MEASURES; i++)
		mpq_init(scope->measure[i].value);
	for (int i = 0; i < CPL_CONDITIONS; i++)
		scope->condition[i].outcome = CPL_UNDETERMINED;
}

void cpl_scope_clear(struct cpl_scope *scope)
{
	for (int i = 0; i < CPL_MEASURES; i++) {
		mpq_clear(scope->measure[i].value);
		free(scope->measure[i].why);
	}
}

/* Reading */

struct parser {
	const char *const *entries;
	size_t entry_count;
	struct tsr_compliance_error *error;
};

static struct cpl_predicate *parse(const struct parser *parser, struct json_object *json,
				   const char *path);

static struct cpl_predicate *node_new(enum kind kind)
{
	struct cpl_predicate *node = cpl_alloc(1, sizeof(*node));

	node->kind = kind;
	mpq_init(node->threshold);
	return node;
}

void cpl_predicate_free(struct cpl_predicate *predicate)
{
	if (!predicate)
		return;
	for (size_t i = 0; i < predicate->child_count; i++)
		cpl_predicate_free(predicate->children[i]);
	mpq_clear(predicate->threshold);
	free(predicate->children);
	free(predicate);
}

static bool add_child(const struct parser *parser, struct cpl_predicate *node,
		      struct json_object *json, const char *path)
{
	struct cpl_predicate *child = parse(parser, json, path);

	if (!child)
		return false;
	node->children = cpl_grow(node->children, node->child_count + 1, sizeof(child));
	node->children[node->child_count++] = child;
	return true;
}

static bool parse_list(const struct parser *parser, struct cpl_predicate *node,
		       struct json_object *list, const char *path)
{
	size_t count = json_object_is_type(list, json_type_array) ?
		json_object_array_length(list) : 0;
	bool good = true;

	if (!count) {
		cpl_fail(parser->error, -EINVAL, "%s: a non-empty array is needed", path);
		return false;
	}
	for (size_t i = 0; i < count && good; i++) {
		char *at = cpl_format("%s[%zu]", path, i);

		good = add_child(parser, node, json_object_array_get_idx(list, i), at);
		free(at);
	}
	return good;
}

static bool parse_compare(const struct parser *parser, struct cpl_predicate *node,
			  struct json_object *json, const char *path)
{
	static const char *const members[] = { "quantity", "relation", "value", NULL };
	unsigned int measure = CPL_MEASURES, relation = 4;
	const char *text = NULL;
	struct json_object *value;

	if (cpl_json_only(json, path, members, parser->error) ||
	    cpl_json_choice(json, path, "quantity", measure_names, &measure, parser->error) ||
	    cpl_json_choice(json, path, "relation", relation_signs, &relation, parser->error))
		return false;
	if (json_object_object_get_ex(json, "value", &value))
		text = cpl_json_number_text(value);
	if (relation == 4 || !text || cpl_rational_parse(node->threshold, text) ||
	    !mpq_sgn(node->threshold)) {
		cpl_fail(parser->error, -EINVAL, "%s: a relation and a value above 0 are needed",
			 path);
		return false;
	}
	node->measure = (enum cpl_measure)measure;
	node->relation = (enum cpl_relation)relation;
	return true;
}

static bool parse_condition(const struct parser *parser, struct cpl_predicate *node,
			    struct json_object *json, const char *path)
{
	static const char *const members[] = { "fact", "is", NULL };
	unsigned int condition = 0;
	struct json_object *wanted;

	if (cpl_json_only(json, path, members, parser->error) ||
	    cpl_json_choice(json, path, "fact", condition_names, &condition, parser->error))
		return false;
	if (!json_object_object_get_ex(json, "is", &wanted) ||
	    !json_object_is_type(wanted, json_type_boolean)) {
		cpl_fail(parser->error, -EINVAL, "%s.is: true or false is needed", path);
		return false;
	}
	node->condition = (enum cpl_condition)condition;
	node->wanted = json_object_get_boolean(wanted);
	return true;
}

static bool parse_entry(const struct parser *parser, struct cpl_predicate *node,
			struct json_object *json, const char *path)
{
	static const char *const members[] = { "entry", NULL };
	const char *id;

	if (cpl_json_only(json, path, members, parser->error) ||
	    cpl_json_text(json, path, "entry", true, &id, parser->error))
		return false;
	for (node->entry = 0; node->entry < parser->entry_count; node->entry++)
		if (!strcmp(parser->entries[node->entry], id))
			return true;
	cpl_fail(parser->error, -EINVAL, "%s.entry: '%s' is not an earlier entry", path, id);
	return false;
}

static bool parse_group(const struct parser *parser, struct cpl_predicate *node,
			struct json_object *json, const char *path, const char *name)
{
	const char *const members[] = { name, NULL };
	struct json_object *inner = json_object_object_get(json, name);
	char *at = cpl_format("%s.%s", path, name);
	bool good = !cpl_json_only(json, path, members, parser->error);

	if (good)
		good = node->kind == NOT ? add_child(parser, node, inner, at) :
			parse_list(parser, node, inner, at);
	free(at);
	return good;
}

static bool parse_node(const struct parser *parser, struct cpl_predicate *node,
		       struct json_object *json, const char *path)
{
	switch (node->kind) {
	case ALL:
		return parse_group(parser, node, json, path, "all");
	case ANY:
		return parse_group(parser, node, json, path, "any");
	case NOT:
		return parse_group(parser, node, json, path, "not");
	case COMPARE:
		return parse_compare(parser, node, json, path);
	case CONDITION:
		return parse_condition(parser, node, json, path);
	default:
		return parse_entry(parser, node, json, path);
	}
}

static struct cpl_predicate *parse(const struct parser *parser, struct json_object *json,
				   const char *path)
{
	static const char *const keys[] = { "all", "any", "not", "quantity", "fact", "entry" };
	struct cpl_predicate *node;

	for (size_t kind = 0; kind < ARRAY_SIZE(keys); kind++) {
		if (!json_object_is_type(json, json_type_object) ||
		    !json_object_object_get_ex(json, keys[kind], NULL))
			continue;
		node = node_new((enum kind)kind);
		if (parse_node(parser, node, json, path))
			return node;
		cpl_predicate_free(node);
		return NULL;
	}
	cpl_fail(parser->error, -EINVAL, "%s: not a predicate", path);
	return NULL;
}

struct cpl_predicate *cpl_predicate_parse(struct json_object *json, const char *path,
					  const char *const *entries, size_t count,
					  struct tsr_compliance_error *error)
{
	const struct parser parser = { entries, count, error };

	return parse(&parser, json, path);
}

/* Evaluating */

bool cpl_line_holds(const struct cpl_line *line, mpq_srcptr value)
{
	int order = mpq_cmp(value, line->threshold);

	switch (line->relation) {
	case CPL_AT_LEAST:
		return order >= 0;
	case CPL_ABOVE:
		return order > 0;
	case CPL_AT_MOST:
		return order <= 0;
	default:
		return order < 0;
	}
}

static struct cpl_line line_of(const struct cpl_predicate *node)
{
	return (struct cpl_line){ node->measure, node->relation, node->threshold };
}

static enum cpl_outcome evaluate_leaf(const struct cpl_predicate *node,
				      const struct cpl_scope *scope)
{
	const struct cpl_measured *measured = &scope->measure[node->measure];
	const struct cpl_line line = line_of(node);

	if (node->kind == ENTRY)
		return scope->entry[node->entry];
	if (node->kind == CONDITION) {
		enum cpl_outcome truth = scope->condition[node->condition].outcome;

		return node->wanted ? truth : (enum cpl_outcome)(CPL_MEETS - truth);
	}
	if (!measured->known)
		return CPL_UNDETERMINED;
	return cpl_line_holds(&line, measured->value) ? CPL_MEETS : CPL_DOES_NOT_MEET;
}

enum cpl_outcome cpl_predicate_evaluate(const struct cpl_predicate *node,
					const struct cpl_scope *scope)
{
	enum cpl_outcome outcome = node->kind == ALL ? CPL_MEETS : CPL_DOES_NOT_MEET;

	if (node->kind == NOT)
		return (enum cpl_outcome)(CPL_MEETS -
					  cpl_predicate_evaluate(node->children[0], scope));
	if (node->kind > NOT)
		return evaluate_leaf(node, scope);
	for (size_t i = 0; i < node->child_count; i++) {
		enum cpl_outcome child = cpl_predicate_evaluate(node->children[i], scope);

		if (node->kind == ALL ? child < outcome : child > outcome)
			outcome = child;
	}
	return outcome;
}

/* Explaining */

static char *explain_compare(const struct cpl_predicate *node, const struct cpl_scope *scope)
{
	static const char *const denied[] = { "<", "<=", ">", ">=" };
	const struct cpl_measured *measured = &scope->measure[node->measure];
	const struct cpl_line line = line_of(node);
	const char *name = measure_names[node->measure];
	char *value, *threshold, *text;
	bool exact;

	if (!measured->known)
		return cpl_format("%s %s", name, measured->why ? measured->why : "is not known");
	value = cpl_rational_truncated(measured->value, SHOWN_PLACES, &exact);
	threshold = cpl_rational_exact(node->threshold);
	text = cpl_format("%s %s%s %s %s", name, exact ? "" : "~", value,
			  cpl_line_holds(&line, measured->value) ?
			  relation_signs[node->relation] : denied[node->relation], threshold);
	free(value);
	free(threshold);
	return text;
}

static char *explain_leaf(const struct cpl_predicate *node, const struct cpl_scope *scope)
{
	const struct cpl_truth *truth = &scope->condition[node->condition];

	if (node->kind == COMPARE)
		return explain_compare(node, scope);
	if (node->kind == ENTRY)
		return cpl_format("%s: %s", scope->entry_id[node->entry],
				  cpl_outcome_name(scope->entry[node->entry]));
	if (truth->outcome == CPL_UNDETERMINED)
		return cpl_format("%s %s", condition_names[node->condition],
				  truth->why ? truth->why : "is not known");
	return cpl_format("%s is %s%s%s%s", condition_names[node->condition],
			  truth->outcome == CPL_MEETS ? "true" : "false", truth->why ? " (" : "",
			  truth->why ? truth->why : "", truth->why ? ")" : "");
}

/* "and" that fails and "or" that holds are decided by one part, the others by all parts alike. */
char *cpl_predicate_explain(const struct cpl_predicate *node, const struct cpl_scope *scope)
{
	enum cpl_outcome outcome = cpl_predicate_evaluate(node, scope);
	bool one_decides = outcome == (node->kind == ALL ? CPL_DOES_NOT_MEET : CPL_MEETS);
	char *text = NULL;

	if (node->kind == NOT)
		return cpl_predicate_explain(node->children[0], scope);
	if (node->kind > NOT)
		return explain_leaf(node, scope);
	for (size_t i = 0; i < node->child_count; i++) {
		char *part;

		if (cpl_predicate_evaluate(node->children[i], scope) != outcome)
			continue;
		part = cpl_predicate_explain(node->children[i], scope);
		if (!text || !strstr(text, part))
			cpl_append(&text, "%s%s", text ? ", " : "", part);
		free(part);
		if (one_decides)
			break;
	}
	return text;
}

void cpl_predicate_lines(const struct cpl_predicate *node,
			 void (*visit)(void *context, const struct cpl_line *line), void *context)
{
	if (node->kind == COMPARE) {
		const struct cpl_line line = line_of(node);

		visit(context, &line);
	}
	for (size_t i = 0; i < node->child_count; i++)
		cpl_predicate_lines(node->children[i], visit, context);
}
