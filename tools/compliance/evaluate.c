// SPDX-License-Identifier: MIT
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "assess.h"
#include "assess_report.h"
#include "date.h"
#include "tessera-compliance.h"
#include "evidence.h"
#include "facts.h"
#include "fail.h"
#include "findings.h"
#include "headline.h"
#include "json_out.h"
#include "pack.h"
#include "policy.h"
#include "rules.h"

#define STATEMENT \
	"Computed values beside quoted thresholds. Classification is the exporter's act."

/* One evaluation: what was asked, and who set which switch. */
struct request {
	const struct tsr_compliance_facts *facts;
	const struct tsr_compliance_rules *rules;
	const struct cpl_rule_version *version;
	const char *date;
	struct cpl_policy policy;
	const char *set_by[CPL_SWITCHES];
};

static int check_facts(const struct tsr_compliance_facts *facts,
		       struct tsr_compliance_error *error)
{
	if (!facts->unit_count)
		return cpl_fail(error, -EINVAL, "units: at least one processing unit is needed");
	for (unsigned int i = 0; i < facts->unit_count; i++)
		if (!facts->units[i]->format_count)
			return cpl_fail(error, -EINVAL,
					"units[%u].formats: at least one format is needed", i);
	return 0;
}

static int find_version(struct request *request, const struct tsr_compliance_options *options,
			struct tsr_compliance_error *error)
{
	const char *id = options->rule;

	if (options->date && !cpl_date_valid(options->date))
		return cpl_fail(error, -EINVAL,
				"date: '%s' is not a day of the calendar, YYYY-MM-DD",
				options->date);
	if (!id && !options->date)
		return cpl_fail(error, -EINVAL, "a rule version or a date is needed");
	if (!id)
		id = tsr_compliance_rules_in_force(request->rules, options->date);
	if (!id)
		return cpl_fail(error, -ENOENT, "date: no rule version was in force on %s",
				options->date);
	request->date = options->date;
	request->version = cpl_rules_find(request->rules, id);
	if (!request->version)
		return cpl_fail(error, -ENOENT, "rule: there is no version '%s'", id);
	return 0;
}

static int set_switch(struct request *request, const char *name, const char *value,
		      const char *by, struct tsr_compliance_error *error)
{
	int ret = cpl_policy_set(&request->policy, name, value, error);

	if (!ret)
		request->set_by[cpl_switch_find(name)] = by;
	return ret;
}

/* A caller cannot choose what the text does not leave open. */
static int check_settled(const struct request *request, const struct cpl_policy *settled,
			 struct tsr_compliance_error *error)
{
	for (int i = 0; i < CPL_SWITCHES; i++)
		if (request->version->settled[i] &&
		    request->policy.value[i] != settled->value[i])
			return cpl_fail(error, -EINVAL,
					"policy %s: the text of %s settles it as %s",
					cpl_switch_name((enum cpl_switch)i), request->version->id,
					cpl_switch_value((enum cpl_switch)i, settled->value[i]));
	return 0;
}

static int make_policy(struct request *request, const struct tsr_compliance_options *options,
		       struct tsr_compliance_error *error)
{
	struct cpl_policy settled;
	int ret = 0;

	cpl_policy_init(&request->policy);
	for (int i = 0; i < CPL_SWITCHES; i++)
		request->set_by[i] = request->version->settled[i] ? "rule" : "default";
	for (size_t i = 0; i < request->version->policy_count && !ret; i++)
		ret = set_switch(request, request->version->policy[i].name,
				 request->version->policy[i].value, "rule", error);
	settled = request->policy;
	for (size_t i = 0; i < options->policy_count && !ret; i++)
		ret = set_switch(request, options->policy[i].name, options->policy[i].value,
				 "caller", error);
	return ret ? ret : check_settled(request, &settled, error);
}

/* Which device the figures are about; the evidence has every origin of it. */
static const char *identity(const struct tsr_compliance_facts *facts,
			    enum tsr_compliance_quantity quantity)
{
	const struct cpl_figure *figure = facts->whole[quantity].figure;

	if (figure[TSR_COMPLIANCE_REPORTED].given)
		return figure[TSR_COMPLIANCE_REPORTED].text;
	return figure[TSR_COMPLIANCE_ASSERTED].given ? figure[TSR_COMPLIANCE_ASSERTED].text : NULL;
}

static struct json_object *report_subject(const struct tsr_compliance_facts *facts)
{
	struct json_object *object = cpl_object();

	cpl_add_text(object, "vendor", facts->vendor);
	cpl_add_text(object, "name", facts->name);
	cpl_add_truth(object, "virtual", cpl_facts_virtual(facts));
	cpl_add_text(object, "serial", identity(facts, TSR_COMPLIANCE_SERIAL));
	cpl_add_text(object, "firmware_measurement", identity(facts, TSR_COMPLIANCE_FIRMWARE));
	return object;
}

/* Codes of the findings that make the computed class worthless, or NULL. */
static char *error_codes(struct json_object *findings)
{
	size_t count = json_object_array_length(findings);
	char *codes = NULL;

	for (size_t i = 0; i < count; i++) {
		struct json_object *finding = json_object_array_get_idx(findings, i), *member;

		json_object_object_get_ex(finding, "severity", &member);
		if (strcmp(json_object_get_string(member), "error"))
			continue;
		json_object_object_get_ex(finding, "code", &member);
		if (!codes || !strstr(codes, json_object_get_string(member)))
			cpl_append(&codes, "%s%s", codes ? ", " : "",
				   json_object_get_string(member));
	}
	return codes;
}

static size_t count_flips(struct json_object *switches)
{
	size_t count = json_object_array_length(switches), flips = 0;

	for (size_t i = 0; i < count; i++) {
		struct json_object *flip;

		json_object_object_get_ex(json_object_array_get_idx(switches, i), "flips", &flip);
		flips += json_object_get_boolean(flip);
	}
	return flips;
}

/*
 * The result never says more than the findings let it: with an error among them nothing is
 * determined, and the class of the figures as they stand is only told beside it.
 */
static struct json_object *report_result(const struct tsr_compliance_facts *facts,
					 const struct cpl_assessment *headline,
					 struct json_object *findings,
					 struct json_object *switches)
{
	struct json_object *object = cpl_class_report(headline);
	char *codes = error_codes(findings), *text = cpl_class_text(headline);
	int die = headline->extent.die;

	cpl_add_text(object, "computed", text);
	if (codes) {
		cpl_add_text(object, "entry", "undetermined");
		cpl_add_taken(object, "text",
			      cpl_format("undetermined because of error findings (%s); "
					 "as computed: %s", codes, text));
	}
	cpl_add(object, "flips", cpl_integer((long long)count_flips(switches)));
	free(codes);
	free(text);
	cpl_add_text(object, "level", cpl_switch_value(CPL_LEVEL, headline->extent.level));
	cpl_add_text(object, "die", die < 0 ? NULL : facts->dies[die]->name);
	return object;
}

static struct json_object *report_rule(const struct request *request)
{
	const struct cpl_rule_version *version = request->version;
	struct json_object *object = cpl_object();

	cpl_add_text(object, "id", version->id);
	cpl_add_text(object, "title", version->title);
	cpl_add_text(object, "kind", version->consolidated ? "consolidated" : "amendment");
	cpl_add_text(object, "published", version->published);
	cpl_add_text(object, "effective", version->effective);
	cpl_add_text(object, "cite", version->cite);
	cpl_add_text(object, "status", version->status);
	cpl_add_text(object, "note", version->note);
	cpl_add_text(object, "date_asked", request->date);
	cpl_add_text(object, "data_revised", request->rules->revised);
	cpl_add_text(object, "data_verified_through", request->rules->verified_through);
	cpl_add_text(object, "data_file", request->rules->file);
	cpl_add_text(object, "data_sha256", request->rules->sha256);
	return object;
}

static struct json_object *report_policy(const struct request *request)
{
	struct json_object *array = cpl_array();

	for (unsigned int i = 0; i < CPL_SWITCHES; i++) {
		struct json_object *object = cpl_object();
		const char *name, *values, *meaning;

		tsr_compliance_policy_describe(i, &name, &values, &meaning);
		cpl_add_text(object, "switch", name);
		cpl_add_text(object, "value",
			     cpl_switch_value((enum cpl_switch)i, request->policy.value[i]));
		cpl_add_text(object, "values", values);
		cpl_add_text(object, "set_by", request->set_by[i]);
		cpl_add_text(object, "meaning", meaning);
		cpl_push(array, object);
	}
	return array;
}

static struct json_object *report_definitions(const struct tsr_compliance_rules *rules)
{
	struct json_object *array = cpl_array();

	for (size_t i = 0; i < rules->definition_count; i++) {
		const struct cpl_definition *definition = &rules->definitions[i];
		struct json_object *object = cpl_object();

		cpl_add_text(object, "quantity", definition->quantity);
		cpl_add_text(object, "name", definition->name);
		cpl_add_text(object, "meaning", definition->meaning);
		cpl_add_text(object, "cite", definition->cite);
		cpl_push(array, object);
	}
	return array;
}

static struct json_object *report_findings(const struct request *request,
					   const struct cpl_assessment *headline)
{
	const struct cpl_question question = {
		.facts = request->facts, .rules = request->rules, .version = request->version,
		.policy = &request->policy, .date = request->date,
	};

	return cpl_findings_report(&question, headline);
}

static struct json_object *report(const struct request *request,
				  const struct cpl_assessment *headline)
{
	const struct tsr_compliance_facts *facts = request->facts;
	struct json_object *top = cpl_object();
	struct json_object *findings = report_findings(request, headline);
	struct json_object *switches = cpl_switches_report(facts, request->version,
							   &request->policy, headline);

	cpl_add(top, "schema", json_object_new_int(1));
	cpl_add_text(top, "report", "tessera-compliance");
	cpl_add_text(top, "statement", STATEMENT);
	cpl_add(top, "subject", report_subject(facts));
	cpl_add(top, "rule", report_rule(request));
	cpl_add(top, "policy", report_policy(request));
	cpl_add(top, "result", report_result(facts, headline, findings, switches));
	cpl_add(top, "levels", cpl_levels_report(facts, request->version, &request->policy));
	cpl_add(top, "switches", switches);
	cpl_add(top, "packs",
		cpl_packs_report(facts, request->version, &request->policy, headline));
	cpl_add(top, "findings", findings);
	cpl_add(top, "caps", cpl_caps_report(facts));
	cpl_add(top, "evidence", cpl_evidence_report(facts));
	cpl_add(top, "definitions", report_definitions(request->rules));
	return top;
}

static char *serialize(struct json_object *object)
{
	return cpl_format("%s\n",
			  json_object_to_json_string_ext(object, JSON_C_TO_STRING_PRETTY |
							 JSON_C_TO_STRING_NOSLASHESCAPE));
}

int tsr_compliance_evaluate(const struct tsr_compliance_facts *facts,
			    const struct tsr_compliance_rules *rules,
			    const struct tsr_compliance_options *options, char **json,
			    struct tsr_compliance_error *error)
{
	struct request request = { .facts = facts, .rules = rules };
	struct cpl_assessment *headline;
	struct json_object *object;
	int ret;

	*json = NULL;
	if (options->size < sizeof(*options))
		return cpl_fail(error, -EINVAL, "options: size is not set");
	ret = check_facts(facts, error);
	if (!ret)
		ret = find_version(&request, options, error);
	if (!ret)
		ret = make_policy(&request, options, error);
	if (ret)
		return ret;
	headline = cpl_headline(facts, request.version, &request.policy);
	if (!headline)
		return cpl_fail(error, -EINVAL, "policy level=%s: the facts do not describe it",
				cpl_switch_value(CPL_LEVEL, request.policy.value[CPL_LEVEL]));
	object = report(&request, headline);
	*json = serialize(object);
	json_object_put(object);
	cpl_assessment_free(headline);
	return 0;
}
