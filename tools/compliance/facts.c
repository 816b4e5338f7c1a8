// SPDX-License-Identifier: MIT
#include "facts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "fail.h"
#include "figure.h"
#include "quantity_table.h"
#include "utf8.h"

#define MOST_ELEMENTS 256
#define MOST_BITS 128
#define LONGEST_NAME 128

const char *cpl_origin_name(enum tsr_compliance_origin origin)
{
	static const char *const names[] = { "asserted", "reported", "measured" };

	return names[origin];
}

const char *cpl_quantity_unit(enum tsr_compliance_quantity quantity)
{
	return cpl_quantity_table[quantity].scales[0].name;
}

bool cpl_quantity_is_truth(enum tsr_compliance_quantity quantity)
{
	return cpl_quantity_table[quantity].kind == CPL_TRUTH;
}

static int check_name(const char *name, const char *what, struct tsr_compliance_error *error)
{
	if (name && *name && strlen(name) <= LONGEST_NAME && cpl_utf8_valid(name))
		return 0;
	return cpl_fail(error, -EINVAL, "%s: a name of 1 to %d bytes of UTF-8 is needed", what,
			LONGEST_NAME);
}

/* Life cycle */

int tsr_compliance_facts_create(const char *vendor, const char *name,
				struct tsr_compliance_facts **out)
{
	struct tsr_compliance_facts *facts;

	*out = NULL;
	if (check_name(name, "name", NULL) || (vendor && !cpl_utf8_valid(vendor)))
		return -EINVAL;
	facts = cpl_alloc(1, sizeof(*facts));
	facts->vendor = cpl_strdup(vendor);
	facts->name = cpl_strdup(name);
	for (int i = 0; i < TSR_COMPLIANCE_QUANTITIES; i++)
		cpl_quantity_init(&facts->whole[i]);
	*out = facts;
	return 0;
}

static void format_free(struct cpl_format_facts *format)
{
	cpl_quantity_clear(&format->macs_per_cycle);
	cpl_quantity_clear(&format->dense_rate);
	cpl_quantity_clear(&format->sparse_macs_per_cycle);
	cpl_quantity_clear(&format->sparse_rate);
	free(format->name);
	free(format);
}

static void unit_free(struct cpl_unit_facts *unit)
{
	for (unsigned int i = 0; i < unit->format_count; i++)
		format_free(unit->formats[i]);
	cpl_quantity_clear(&unit->clock);
	cpl_quantity_clear(&unit->count);
	free(unit->formats);
	free(unit->group);
	free(unit->name);
	free(unit);
}

static void die_free(struct cpl_die_facts *die)
{
	cpl_quantity_clear(&die->area);
	cpl_quantity_clear(&die->nonplanar);
	free(die->name);
	free(die);
}

static void cap_free(struct cpl_cap_facts *cap)
{
	cpl_figure_clear(&cap->limit);
	free(cap->name);
	free(cap);
}

void tsr_compliance_facts_free(struct tsr_compliance_facts *facts)
{
	if (!facts)
		return;
	for (unsigned int i = 0; i < facts->unit_count; i++)
		unit_free(facts->units[i]);
	for (unsigned int i = 0; i < facts->die_count; i++)
		die_free(facts->dies[i]);
	for (unsigned int i = 0; i < facts->cap_count; i++)
		cap_free(facts->caps[i]);
	for (int i = 0; i < TSR_COMPLIANCE_QUANTITIES; i++)
		cpl_quantity_clear(&facts->whole[i]);
	free(facts->units);
	free(facts->dies);
	free(facts->caps);
	free(facts->vendor);
	free(facts->name);
	free(facts);
}

/* Dies, units, formats, caps */

static int find_die(const struct tsr_compliance_facts *facts, const char *name)
{
	for (unsigned int i = 0; i < facts->die_count; i++)
		if (!strcmp(facts->dies[i]->name, name))
			return (int)i;
	return -1;
}

static int find_unit(const struct tsr_compliance_facts *facts, const char *name)
{
	for (unsigned int i = 0; i < facts->unit_count; i++)
		if (!strcmp(facts->units[i]->name, name))
			return (int)i;
	return -1;
}

static int find_format(const struct cpl_unit_facts *unit, const char *name)
{
	for (unsigned int i = 0; i < unit->format_count; i++)
		if (!strcmp(unit->formats[i]->name, name))
			return (int)i;
	return -1;
}

static int check_room(unsigned int count, const char *what, struct tsr_compliance_error *error)
{
	if (count < MOST_ELEMENTS)
		return 0;
	return cpl_fail(error, -EINVAL, "%s: more than %d entries", what, MOST_ELEMENTS);
}

int tsr_compliance_facts_add_die(struct tsr_compliance_facts *facts, const char *name,
				 enum tsr_compliance_die_kind kind, unsigned int count,
				 struct tsr_compliance_error *error)
{
	unsigned int index = facts->die_count;
	struct cpl_die_facts *die;

	if (check_name(name, "dies: name", error) || check_room(index, "dies", error))
		return -EINVAL;
	if (kind > TSR_COMPLIANCE_MEMORY)
		return cpl_fail(error, -EINVAL, "dies[%u].kind: no such kind", index);
	if (!count || count > MOST_ELEMENTS)
		return cpl_fail(error, -EINVAL, "dies[%u].count: 1 to %d is needed", index,
				MOST_ELEMENTS);
	if (find_die(facts, name) >= 0)
		return cpl_fail(error, -EEXIST, "dies[%u].name: there is already a die '%s'", index,
				name);
	die = cpl_alloc(1, sizeof(*die));
	die->name = cpl_strdup(name);
	die->kind = kind;
	die->count = count;
	cpl_quantity_init(&die->area);
	cpl_quantity_init(&die->nonplanar);
	facts->dies = cpl_grow(facts->dies, index + 1, sizeof(die));
	facts->dies[facts->die_count++] = die;
	return (int)index;
}

int tsr_compliance_facts_add_unit(struct tsr_compliance_facts *facts,
				  const struct tsr_compliance_unit *description,
				  struct tsr_compliance_error *error)
{
	const char *die = description->die;
	unsigned int index = facts->unit_count;
	struct cpl_unit_facts *unit;

	if (check_name(description->name, "units: name", error) ||
	    check_room(index, "units", error))
		return -EINVAL;
	if (description->kind > TSR_COMPLIANCE_ANALOG)
		return cpl_fail(error, -EINVAL, "units[%u].kind: no such kind", index);
	if (description->group && check_name(description->group, "units: group", error))
		return -EINVAL;
	if (find_unit(facts, description->name) >= 0)
		return cpl_fail(error, -EEXIST, "units[%u].name: there is already a unit '%s'",
				index, description->name);
	if (die && find_die(facts, die) < 0)
		return cpl_fail(error, -EINVAL, "units[%u].die: there is no die '%s'", index, die);
	unit = cpl_alloc(1, sizeof(*unit));
	unit->name = cpl_strdup(description->name);
	unit->group = cpl_strdup(description->group);
	unit->kind = description->kind;
	unit->die = die ? find_die(facts, die) : -1;
	cpl_quantity_init(&unit->clock);
	cpl_quantity_init(&unit->count);
	facts->units = cpl_grow(facts->units, index + 1, sizeof(unit));
	facts->units[facts->unit_count++] = unit;
	return (int)index;
}

static const char *digital_fault(const struct tsr_compliance_format *format)
{
	bool block = format->encoding == TSR_COMPLIANCE_BLOCK;

	if (!format->bits || format->bits > MOST_BITS)
		return "bits: 1 to 128 is needed";
	if (format->dac_bits || format->weight_bits)
		return "dac_bits and weight_bits belong to analog units";
	if (format->encoding == TSR_COMPLIANCE_TF32 && format->bits != 32)
		return "bits: TF32 is given as 32; the switch tf32 decides what counts";
	if (block != (format->scale_bits && format->block_elements))
		return "scale_bits and block_elements go with the block encoding, both above 0";
	return NULL;
}

static const char *analog_fault(const struct tsr_compliance_format *format)
{
	if (format->bits || format->encoding != TSR_COMPLIANCE_PLAIN)
		return "bits and encoding belong to digital units";
	if (!format->dac_bits || !format->weight_bits)
		return "dac_bits and weight_bits are needed";
	if (format->dac_bits > MOST_BITS || format->weight_bits > MOST_BITS)
		return "dac_bits, weight_bits: at most 128";
	return NULL;
}

static const char *format_fault(const struct cpl_unit_facts *unit,
				const struct tsr_compliance_format *format)
{
	if (format->encoding > TSR_COMPLIANCE_BLOCK)
		return "encoding: no such encoding";
	if (format->output_bits > MOST_BITS || format->scale_bits > MOST_BITS)
		return "output_bits, scale_bits: at most 128";
	return unit->kind == TSR_COMPLIANCE_ANALOG ? analog_fault(format) : digital_fault(format);
}

static struct cpl_format_facts *format_new(const struct tsr_compliance_format *description)
{
	struct cpl_format_facts *format = cpl_alloc(1, sizeof(*format));

	format->name = cpl_strdup(description->name);
	format->bits = description->bits;
	format->output_bits = description->output_bits;
	format->encoding = description->encoding;
	format->scale_bits = description->scale_bits;
	format->block_elements = description->block_elements;
	format->dac_bits = description->dac_bits;
	format->weight_bits = description->weight_bits;
	cpl_quantity_init(&format->macs_per_cycle);
	cpl_quantity_init(&format->dense_rate);
	cpl_quantity_init(&format->sparse_macs_per_cycle);
	cpl_quantity_init(&format->sparse_rate);
	return format;
}

int tsr_compliance_facts_add_format(struct tsr_compliance_facts *facts, unsigned int index,
				    const struct tsr_compliance_format *format,
				    struct tsr_compliance_error *error)
{
	struct cpl_unit_facts *unit;
	const char *fault;

	if (index >= facts->unit_count)
		return cpl_fail(error, -EINVAL, "units[%u]: there is no such unit", index);
	unit = facts->units[index];
	if (check_name(format->name, "formats: name", error) ||
	    check_room(unit->format_count, "formats", error))
		return -EINVAL;
	if (find_format(unit, format->name) >= 0)
		return cpl_fail(error, -EEXIST,
				"units[%u].formats[%u].name: there is already a format '%s'", index,
				unit->format_count, format->name);
	fault = format_fault(unit, format);
	if (fault)
		return cpl_fail(error, -EINVAL, "units[%u].formats[%u]: %s", index,
				unit->format_count, fault);
	unit->formats = cpl_grow(unit->formats, unit->format_count + 1, sizeof(*unit->formats));
	unit->formats[unit->format_count++] = format_new(format);
	return (int)unit->format_count - 1;
}

/* Setting figures */

struct cpl_quantity *cpl_facts_quantity(struct tsr_compliance_facts *facts,
					enum tsr_compliance_quantity quantity, unsigned int item,
					unsigned int sub)
{
	struct cpl_unit_facts *unit = item < facts->unit_count ? facts->units[item] : NULL;
	struct cpl_die_facts *die = item < facts->die_count ? facts->dies[item] : NULL;
	struct cpl_format_facts *format =
		unit && sub < unit->format_count ? unit->formats[sub] : NULL;

	switch (quantity) {
	case TSR_COMPLIANCE_UNIT_CLOCK:
		return unit && !sub ? &unit->clock : NULL;
	case TSR_COMPLIANCE_UNIT_COUNT:
		return unit && !sub ? &unit->count : NULL;
	case TSR_COMPLIANCE_MACS_PER_CYCLE:
		return format ? &format->macs_per_cycle : NULL;
	case TSR_COMPLIANCE_DENSE_RATE:
		return format ? &format->dense_rate : NULL;
	case TSR_COMPLIANCE_SPARSE_MACS_PER_CYCLE:
		return format ? &format->sparse_macs_per_cycle : NULL;
	case TSR_COMPLIANCE_SPARSE_RATE:
		return format ? &format->sparse_rate : NULL;
	case TSR_COMPLIANCE_DIE_AREA:
		return die && !sub ? &die->area : NULL;
	case TSR_COMPLIANCE_DIE_NONPLANAR:
		return die && !sub ? &die->nonplanar : NULL;
	default:
		return !item && !sub ? &facts->whole[quantity] : NULL;
	}
}

char *cpl_facts_path(enum tsr_compliance_quantity quantity, unsigned int item, unsigned int sub)
{
	const struct cpl_quantity_info *info = &cpl_quantity_table[quantity];

	switch (info->place) {
	case CPL_UNIT:
		return cpl_format("units[%u].%s", item, info->member);
	case CPL_FORMAT:
		return cpl_format("units[%u].formats[%u].%s", item, sub, info->member);
	case CPL_DIE:
		return cpl_format("dies[%u].%s", item, info->member);
	default:
		return cpl_format("%s%s%s", info->object ? info->object : "",
				  info->object ? "." : "", info->member);
	}
}

int tsr_compliance_facts_set(struct tsr_compliance_facts *facts,
			     enum tsr_compliance_quantity quantity, unsigned int item,
			     unsigned int sub, const struct tsr_compliance_figure *figure,
			     struct tsr_compliance_error *error)
{
	struct cpl_quantity *stored;
	char *path;
	int ret;

	if (quantity >= TSR_COMPLIANCE_QUANTITIES)
		return cpl_fail(error, -EINVAL, "quantity %u does not exist", quantity);
	path = cpl_facts_path(quantity, item, sub);
	stored = cpl_facts_quantity(facts, quantity, item, sub);
	if (!stored)
		ret = cpl_fail(error, -EINVAL, "%s: there is no such element", path);
	else if (figure->origin >= TSR_COMPLIANCE_ORIGINS)
		ret = cpl_figure_check(figure, path, error);
	else
		ret = cpl_figure_store(&stored->figure[figure->origin],
				       &cpl_quantity_table[quantity], figure, path, error);
	free(path);
	return ret;
}

/* A cap's limit is written like the figure it limits. */
static enum tsr_compliance_quantity limited_quantity(enum tsr_compliance_cap_target target)
{
	switch (target) {
	case TSR_COMPLIANCE_CAP_CLOCK:
		return TSR_COMPLIANCE_UNIT_CLOCK;
	case TSR_COMPLIANCE_CAP_COUNT:
		return TSR_COMPLIANCE_UNIT_COUNT;
	default:
		return TSR_COMPLIANCE_DENSE_RATE;
	}
}

static int check_cap(const struct tsr_compliance_facts *facts, const struct tsr_compliance_cap *cap,
		     unsigned int index, struct tsr_compliance_error *error)
{
	int unit = cap->unit ? find_unit(facts, cap->unit) : -1;

	if (check_name(cap->name, "caps: name", error) || check_room(index, "caps", error))
		return -EINVAL;
	if (unit < 0)
		return cpl_fail(error, -EINVAL, "caps[%u].unit: there is no unit '%s'", index,
				cap->unit ? cap->unit : "");
	if (cap->target > TSR_COMPLIANCE_CAP_RATE)
		return cpl_fail(error, -EINVAL, "caps[%u].target: no such target", index);
	if (cap->format && cap->target != TSR_COMPLIANCE_CAP_RATE)
		return cpl_fail(error, -EINVAL, "caps[%u].format: only a rate has a format", index);
	if (cap->format && find_format(facts->units[unit], cap->format) < 0)
		return cpl_fail(error, -EINVAL, "caps[%u].format: there is no format '%s'", index,
				cap->format);
	return 0;
}

int tsr_compliance_facts_add_cap(struct tsr_compliance_facts *facts,
				 const struct tsr_compliance_cap *description,
				 struct tsr_compliance_error *error)
{
	const struct cpl_quantity_info *info;
	unsigned int index = facts->cap_count;
	struct cpl_cap_facts *cap;
	char *path;
	int ret;

	if (check_cap(facts, description, index, error))
		return -EINVAL;
	info = &cpl_quantity_table[limited_quantity(description->target)];
	cap = cpl_alloc(1, sizeof(*cap));
	cap->name = cpl_strdup(description->name);
	cap->irreversible = description->irreversible;
	cap->unit = (unsigned int)find_unit(facts, description->unit);
	cap->format = description->format ?
		find_format(facts->units[cap->unit], description->format) : -1;
	cap->target = description->target;
	cap->origin = description->limit.origin;
	cpl_figure_init(&cap->limit);
	path = cpl_format("caps[%u].limit", index);
	ret = cpl_figure_store(&cap->limit, info, &description->limit, path, error);
	free(path);
	if (ret) {
		cap_free(cap);
		return ret;
	}
	facts->caps = cpl_grow(facts->caps, index + 1, sizeof(cap));
	facts->caps[facts->cap_count++] = cap;
	return 0;
}

/* Visiting */

static bool has_figure(const struct cpl_quantity *quantity)
{
	for (int origin = 0; origin < TSR_COMPLIANCE_ORIGINS; origin++)
		if (quantity->figure[origin].given)
			return true;
	return false;
}

struct visit {
	cpl_figure_visitor visit;
	void *context;
};

static void visit_one(const struct visit *visit, enum tsr_compliance_quantity quantity,
		      unsigned int item, unsigned int sub, const struct cpl_quantity *figures)
{
	char *path;

	if (!has_figure(figures))
		return;
	path = cpl_facts_path(quantity, item, sub);
	visit->visit(visit->context, quantity, path, figures);
	free(path);
}

static void visit_unit(const struct visit *visit, unsigned int item,
		       const struct cpl_unit_facts *unit)
{
	visit_one(visit, TSR_COMPLIANCE_UNIT_CLOCK, item, 0, &unit->clock);
	visit_one(visit, TSR_COMPLIANCE_UNIT_COUNT, item, 0, &unit->count);
	for (unsigned int i = 0; i < unit->format_count; i++) {
		const struct cpl_format_facts *format = unit->formats[i];

		visit_one(visit, TSR_COMPLIANCE_MACS_PER_CYCLE, item, i, &format->macs_per_cycle);
		visit_one(visit, TSR_COMPLIANCE_DENSE_RATE, item, i, &format->dense_rate);
		visit_one(visit, TSR_COMPLIANCE_SPARSE_MACS_PER_CYCLE, item, i,
			  &format->sparse_macs_per_cycle);
		visit_one(visit, TSR_COMPLIANCE_SPARSE_RATE, item, i, &format->sparse_rate);
	}
}

void cpl_facts_visit(const struct tsr_compliance_facts *facts, cpl_figure_visitor visitor,
		     void *context)
{
	const struct visit visit = { visitor, context };

	for (unsigned int i = 0; i < facts->unit_count; i++)
		visit_unit(&visit, i, facts->units[i]);
	for (unsigned int i = 0; i < facts->die_count; i++) {
		visit_one(&visit, TSR_COMPLIANCE_DIE_AREA, i, 0, &facts->dies[i]->area);
		visit_one(&visit, TSR_COMPLIANCE_DIE_NONPLANAR, i, 0, &facts->dies[i]->nonplanar);
	}
	for (int i = 0; i < TSR_COMPLIANCE_QUANTITIES; i++)
		visit_one(&visit, (enum tsr_compliance_quantity)i, 0, 0, &facts->whole[i]);
}

bool cpl_facts_virtual(const struct tsr_compliance_facts *facts)
{
	const struct cpl_figure *figure = facts->whole[TSR_COMPLIANCE_VIRTUAL].figure;

	for (int origin = 0; origin < TSR_COMPLIANCE_ORIGINS; origin++)
		if (figure[origin].given && figure[origin].known && mpq_sgn(figure[origin].value))
			return true;
	return false;
}
