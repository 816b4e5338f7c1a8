// SPDX-License-Identifier: MIT
#include "evidence.h"

#include "facts.h"
#include "json_out.h"

static void add_figure(struct json_object *object, const struct cpl_figure *figure,
		       enum tsr_compliance_origin origin)
{
	cpl_add_text(object, "value", figure->text);
	cpl_add_text(object, "unit", figure->unit);
	cpl_add_text(object, "origin", cpl_origin_name(origin));
	cpl_add_text(object, "source", figure->source);
	cpl_add_text(object, "time", figure->time);
}

static void visit(void *context, enum tsr_compliance_quantity quantity, const char *path,
		  const struct cpl_quantity *figures)
{
	struct json_object *array = context;

	(void)quantity;
	for (int i = 0; i < TSR_COMPLIANCE_ORIGINS; i++) {
		struct json_object *object;

		if (!figures->figure[i].given)
			continue;
		object = cpl_object();
		cpl_add_text(object, "fact", path);
		add_figure(object, &figures->figure[i], (enum tsr_compliance_origin)i);
		cpl_push(array, object);
	}
}

struct json_object *cpl_evidence_report(const struct tsr_compliance_facts *facts)
{
	struct json_object *array = cpl_array();

	cpl_facts_visit(facts, visit, array);
	return array;
}

struct json_object *cpl_caps_report(const struct tsr_compliance_facts *facts)
{
	static const char *const targets[] = { "clock", "count", "rate" };
	struct json_object *array = cpl_array();

	for (unsigned int i = 0; i < facts->cap_count; i++) {
		const struct cpl_cap_facts *cap = facts->caps[i];
		const struct cpl_unit_facts *unit = facts->units[cap->unit];
		struct json_object *object = cpl_object();

		cpl_add_text(object, "name", cap->name);
		cpl_add_text(object, "kind", cap->irreversible ? "irreversible" : "reversible");
		cpl_add_text(object, "unit", unit->name);
		cpl_add_text(object, "format",
			     cap->format < 0 ? NULL : unit->formats[cap->format]->name);
		cpl_add_text(object, "target", targets[cap->target]);
		add_figure(object, &cap->limit, cap->origin);
		cpl_push(array, object);
	}
	return array;
}
