// SPDX-License-Identifier: MIT
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "tessera-compliance.h"
#include "facts.h"
#include "fail.h"
#include "json_in.h"
#include "json_parse.h"
#include "quantity_table.h"

struct loader {
	struct tsr_compliance_facts *facts;
	struct tsr_compliance_error *error;
};

/* Where a quantity's figures go, and how its path is written in messages. */
struct target {
	enum tsr_compliance_quantity quantity;
	unsigned int item, sub;
};

static const char *const origin_names[] = { "asserted", "reported", "measured", NULL };

static const char *value_text(struct json_object *value)
{
	if (json_object_is_type(value, json_type_boolean))
		return json_object_get_boolean(value) ? "true" : "false";
	return cpl_json_number_text(value);
}

static int read_figure(struct json_object *object, const char *path,
		       struct tsr_compliance_figure *figure, struct tsr_compliance_error *error)
{
	static const char *const members[] = { "value", "unit", "origin", "source", "time", NULL };
	unsigned int origin = TSR_COMPLIANCE_ORIGINS;
	struct json_object *value = NULL;

	if (cpl_json_only(object, path, members, error) ||
	    cpl_json_text(object, path, "unit", false, &figure->unit, error) ||
	    cpl_json_text(object, path, "source", true, &figure->source, error) ||
	    cpl_json_text(object, path, "time", false, &figure->time, error) ||
	    cpl_json_choice(object, path, "origin", origin_names, &origin, error))
		return -EINVAL;
	if (!json_object_object_get_ex(object, "value", &value))
		return cpl_fail(error, -EINVAL, "%s.value: missing", path);
	figure->value = value_text(value);
	if (!figure->value)
		return cpl_fail(error, -EINVAL,
				"%s.value: not a value (write large numbers as strings)", path);
	if (origin == TSR_COMPLIANCE_ORIGINS)
		return cpl_fail(error, -EINVAL, "%s.origin: missing", path);
	figure->origin = (enum tsr_compliance_origin)origin;
	return 0;
}

static int load_figure(struct loader *loader, const struct target *target,
		       struct json_object *object, const char *path)
{
	struct tsr_compliance_figure figure;

	if (read_figure(object, path, &figure, loader->error))
		return -EINVAL;
	return tsr_compliance_facts_set(loader->facts, target->quantity, target->item, target->sub,
					&figure, loader->error);
}

static int load_figures(struct loader *loader, const struct target *target,
			struct json_object *value, const char *path)
{
	size_t count;
	int ret = 0;

	if (!json_object_is_type(value, json_type_array))
		return load_figure(loader, target, value, path);
	count = json_object_array_length(value);
	for (size_t i = 0; i < count && !ret; i++) {
		char *at = cpl_format("%s[%zu]", path, i);

		ret = load_figure(loader, target, json_object_array_get_idx(value, i), at);
		free(at);
	}
	return ret;
}

static int load_quantity(struct loader *loader, struct json_object *object,
			 const struct target *target)
{
	const struct cpl_quantity_info *info = &cpl_quantity_table[target->quantity];
	struct json_object *value;
	char *path;
	int ret;

	if (!json_object_object_get_ex(object, info->member, &value))
		return 0;
	path = cpl_facts_path(target->quantity, target->item, target->sub);
	ret = load_figures(loader, target, value, path);
	free(path);
	return ret;
}

static int load_quantities(struct loader *loader, struct json_object *object,
			   const enum tsr_compliance_quantity *quantities, size_t count,
			   unsigned int item, unsigned int sub)
{
	for (size_t i = 0; i < count; i++) {
		const struct target target = { quantities[i], item, sub };
		int ret = load_quantity(loader, object, &target);

		if (ret)
			return ret;
	}
	return 0;
}

typedef int (*load_element)(struct loader *loader, struct json_object *object, const char *path,
			    unsigned int parent);

/* Calls @load for every element of the array member @name, with its path. */
static int load_list(struct loader *loader, struct json_object *object, const char *path,
		     const char *name, load_element load, unsigned int parent)
{
	struct json_object *array;
	size_t count;
	int ret = 0;

	if (cpl_json_array(object, path, name, &array, loader->error))
		return -EINVAL;
	count = array ? json_object_array_length(array) : 0;
	for (size_t i = 0; i < count && !ret; i++) {
		char *at = cpl_format("%s%s%s[%zu]", path, *path ? "." : "", name, i);

		ret = load(loader, json_object_array_get_idx(array, i), at, parent);
		free(at);
	}
	return ret;
}

static int load_die(struct loader *loader, struct json_object *object, const char *path,
		    unsigned int parent)
{
	static const char *const members[] = { "name", "kind", "count", "area", "nonplanar", NULL };
	static const char *const kinds[] = { "logic", "io", "memory", NULL };
	static const enum tsr_compliance_quantity quantities[] = {
		TSR_COMPLIANCE_DIE_AREA, TSR_COMPLIANCE_DIE_NONPLANAR,
	};
	unsigned int kind = TSR_COMPLIANCE_LOGIC, count = 1;
	const char *name;
	int index;

	(void)parent;
	if (cpl_json_only(object, path, members, loader->error) ||
	    cpl_json_text(object, path, "name", true, &name, loader->error) ||
	    cpl_json_choice(object, path, "kind", kinds, &kind, loader->error) ||
	    cpl_json_count(object, path, "count", &count, loader->error))
		return -EINVAL;
	index = tsr_compliance_facts_add_die(loader->facts, name,
					     (enum tsr_compliance_die_kind)kind, count,
					     loader->error);
	if (index < 0)
		return index;
	return load_quantities(loader, object, quantities, 2, (unsigned int)index, 0);
}

static int read_format(struct json_object *object, const char *path,
		       struct tsr_compliance_format *format, struct tsr_compliance_error *error)
{
	static const char *const members[] = {
		"name", "bits", "output_bits", "encoding", "scale_bits", "block_elements",
		"dac_bits", "weight_bits", "macs_per_cycle", "dense_rate",
		"sparse_macs_per_cycle", "sparse_rate", NULL
	};
	static const char *const encodings[] = { "plain", "tf32", "block", NULL };
	unsigned int encoding = TSR_COMPLIANCE_PLAIN;

	*format = (struct tsr_compliance_format){ .name = NULL };
	if (cpl_json_only(object, path, members, error) ||
	    cpl_json_text(object, path, "name", true, &format->name, error) ||
	    cpl_json_choice(object, path, "encoding", encodings, &encoding, error) ||
	    cpl_json_count(object, path, "bits", &format->bits, error) ||
	    cpl_json_count(object, path, "output_bits", &format->output_bits, error) ||
	    cpl_json_count(object, path, "scale_bits", &format->scale_bits, error) ||
	    cpl_json_count(object, path, "block_elements", &format->block_elements, error) ||
	    cpl_json_count(object, path, "dac_bits", &format->dac_bits, error) ||
	    cpl_json_count(object, path, "weight_bits", &format->weight_bits, error))
		return -EINVAL;
	format->encoding = (enum tsr_compliance_encoding)encoding;
	return 0;
}

static int load_format(struct loader *loader, struct json_object *object, const char *path,
		       unsigned int unit)
{
	static const enum tsr_compliance_quantity quantities[] = {
		TSR_COMPLIANCE_MACS_PER_CYCLE, TSR_COMPLIANCE_DENSE_RATE,
		TSR_COMPLIANCE_SPARSE_MACS_PER_CYCLE, TSR_COMPLIANCE_SPARSE_RATE,
	};
	struct tsr_compliance_format format;
	int index;

	if (read_format(object, path, &format, loader->error))
		return -EINVAL;
	index = tsr_compliance_facts_add_format(loader->facts, unit, &format, loader->error);
	if (index < 0)
		return index;
	return load_quantities(loader, object, quantities, 4, unit, (unsigned int)index);
}

static int load_unit(struct loader *loader, struct json_object *object, const char *path,
		     unsigned int parent)
{
	static const char *const members[] = {
		"name", "kind", "group", "die", "clock", "count", "formats", NULL
	};
	static const char *const kinds[] = { "digital", "analog", NULL };
	static const enum tsr_compliance_quantity quantities[] = {
		TSR_COMPLIANCE_UNIT_CLOCK, TSR_COMPLIANCE_UNIT_COUNT,
	};
	struct tsr_compliance_unit unit = { .name = NULL };
	unsigned int kind = TSR_COMPLIANCE_DIGITAL;
	int index, ret;

	(void)parent;
	if (cpl_json_only(object, path, members, loader->error) ||
	    cpl_json_text(object, path, "name", true, &unit.name, loader->error) ||
	    cpl_json_choice(object, path, "kind", kinds, &kind, loader->error) ||
	    cpl_json_text(object, path, "group", false, &unit.group, loader->error) ||
	    cpl_json_text(object, path, "die", false, &unit.die, loader->error))
		return -EINVAL;
	unit.kind = (enum tsr_compliance_unit_kind)kind;
	index = tsr_compliance_facts_add_unit(loader->facts, &unit, loader->error);
	if (index < 0)
		return index;
	ret = load_quantities(loader, object, quantities, 2, (unsigned int)index, 0);
	if (ret)
		return ret;
	return load_list(loader, object, path, "formats", load_format, (unsigned int)index);
}

static int load_cap(struct loader *loader, struct json_object *object, const char *path,
		    unsigned int parent)
{
	static const char *const members[] = {
		"name", "kind", "unit", "format", "target", "limit", NULL
	};
	static const char *const kinds[] = { "reversible", "irreversible", NULL };
	static const char *const targets[] = { "clock", "count", "rate", NULL };
	unsigned int kind = 2, target = 3;
	struct tsr_compliance_cap cap = { .name = NULL };
	struct json_object *limit;
	char *at;
	int ret;

	(void)parent;
	if (cpl_json_only(object, path, members, loader->error) ||
	    cpl_json_text(object, path, "name", true, &cap.name, loader->error) ||
	    cpl_json_choice(object, path, "kind", kinds, &kind, loader->error) ||
	    cpl_json_text(object, path, "unit", true, &cap.unit, loader->error) ||
	    cpl_json_text(object, path, "format", false, &cap.format, loader->error) ||
	    cpl_json_choice(object, path, "target", targets, &target, loader->error))
		return -EINVAL;
	if (kind == 2 || target == 3 || !json_object_object_get_ex(object, "limit", &limit))
		return cpl_fail(loader->error, -EINVAL, "%s: kind, target and limit are needed",
				path);
	cap.irreversible = kind == 1;
	cap.target = (enum tsr_compliance_cap_target)target;
	at = cpl_format("%s.limit", path);
	ret = read_figure(limit, at, &cap.limit, loader->error);
	free(at);
	return ret ? ret : tsr_compliance_facts_add_cap(loader->facts, &cap, loader->error);
}

static int load_whole(struct loader *loader, struct json_object *top)
{
	for (int i = 0; i < TSR_COMPLIANCE_QUANTITIES; i++) {
		const struct cpl_quantity_info *info = &cpl_quantity_table[i];
		const struct target target = { (enum tsr_compliance_quantity)i, 0, 0 };
		struct json_object *holder = top;
		int ret;

		if (info->place != CPL_WHOLE)
			continue;
		if (info->object && !json_object_object_get_ex(top, info->object, &holder))
			continue;
		ret = load_quantity(loader, holder, &target);
		if (ret)
			return ret;
	}
	return 0;
}

static int check_members(struct json_object *top, struct tsr_compliance_error *error)
{
	static const char *const members[] = {
		"schema", "vendor", "name", "serial", "firmware_measurement", "virtual",
		"datacentre", "units", "dies", "caps", "io_rate", "dram_bandwidth", "hbm", "board",
		"node", "transistors", NULL
	};
	static const char *const hbm[] = {
		"bandwidth", "package_area", "copackaged_with_dominant_logic", NULL
	};
	static const char *const board[] = { "packages", "io_rate", "dram_bandwidth", NULL };
	static const char *const node[] = { "boards", "io_rate", "dram_bandwidth", NULL };
	struct json_object *part;
	int ret = cpl_json_only(top, "", members, error);

	if (!ret && json_object_object_get_ex(top, "hbm", &part))
		ret = cpl_json_only(part, "hbm", hbm, error);
	if (!ret && json_object_object_get_ex(top, "board", &part))
		ret = cpl_json_only(part, "board", board, error);
	if (!ret && json_object_object_get_ex(top, "node", &part))
		ret = cpl_json_only(part, "node", node, error);
	return ret;
}

static int load_head(struct loader *loader, struct json_object *top)
{
	const char *schema, *vendor, *name;

	if (cpl_json_text(top, "", "schema", true, &schema, loader->error) ||
	    cpl_json_text(top, "", "vendor", false, &vendor, loader->error) ||
	    cpl_json_text(top, "", "name", true, &name, loader->error))
		return -EINVAL;
	if (strcmp(schema, TSR_COMPLIANCE_FACTS_SCHEMA))
		return cpl_fail(loader->error, -EINVAL, "schema: '%s' is not '%s'", schema,
				TSR_COMPLIANCE_FACTS_SCHEMA);
	if (tsr_compliance_facts_create(vendor, name, &loader->facts))
		return cpl_fail(loader->error, -EINVAL, "name: must not be empty");
	return 0;
}

/* Dies come before units, and both before caps, because the later ones name the earlier. */
static int load_top(struct loader *loader, struct json_object *top)
{
	int ret = check_members(top, loader->error);

	if (!ret)
		ret = load_head(loader, top);
	if (!ret)
		ret = load_list(loader, top, "", "dies", load_die, 0);
	if (!ret)
		ret = load_list(loader, top, "", "units", load_unit, 0);
	if (!ret)
		ret = load_list(loader, top, "", "caps", load_cap, 0);
	if (!ret)
		ret = load_whole(loader, top);
	return ret;
}

int tsr_compliance_facts_from_json(const char *json, size_t size,
				   struct tsr_compliance_facts **facts,
				   struct tsr_compliance_error *error)
{
	struct loader loader = { NULL, error };
	struct json_object *top = cpl_json_parse(json, size, "facts", error);
	int ret;

	*facts = NULL;
	if (!top)
		return -EINVAL;
	ret = load_top(&loader, top);
	json_object_put(top);
	if (ret) {
		tsr_compliance_facts_free(loader.facts);
		return -EINVAL;
	}
	*facts = loader.facts;
	return 0;
}
