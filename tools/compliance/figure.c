// SPDX-License-Identifier: MIT
#include "figure.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "date.h"
#include "facts.h"
#include "fail.h"
#include "quantity_table.h"
#include "rational.h"
#include "utf8.h"

void cpl_figure_init(struct cpl_figure *figure)
{
	*figure = (struct cpl_figure){ .given = false };
	mpq_init(figure->value);
}

void cpl_figure_clear(struct cpl_figure *figure)
{
	mpq_clear(figure->value);
	free(figure->text);
	free(figure->unit);
	free(figure->source);
	free(figure->time);
}

void cpl_quantity_init(struct cpl_quantity *quantity)
{
	for (int origin = 0; origin < TSR_COMPLIANCE_ORIGINS; origin++)
		cpl_figure_init(&quantity->figure[origin]);
}

void cpl_quantity_clear(struct cpl_quantity *quantity)
{
	for (int origin = 0; origin < TSR_COMPLIANCE_ORIGINS; origin++)
		cpl_figure_clear(&quantity->figure[origin]);
}

static int parse_truth(struct cpl_figure *figure, const char *text)
{
	bool yes = !strcmp(text, "true");

	figure->known = strcmp(text, "unknown") != 0;
	mpq_set_ui(figure->value, yes, 1);
	return !figure->known || yes || !strcmp(text, "false") ? 0 : -EINVAL;
}

static const struct cpl_unit_scale *find_scale(const struct cpl_quantity_info *info,
					       const char *unit)
{
	for (int i = 0; i < CPL_MOST_SCALES && info->scales[i].name; i++)
		if (!strcmp(info->scales[i].name, unit))
			return &info->scales[i];
	return NULL;
}

static char *accepted_units(const struct cpl_quantity_info *info)
{
	char *list = NULL;

	for (int i = 0; i < CPL_MOST_SCALES && info->scales[i].name; i++)
		cpl_append(&list, "%s\"%s\"", i ? ", " : "", info->scales[i].name);
	return list;
}

static int bad_unit(const struct cpl_quantity_info *info, const char *path, const char *unit,
		    struct tsr_compliance_error *error)
{
	char *units = accepted_units(info);

	cpl_fail(error, -EINVAL, "%s.unit: '%s' is not a unit of this quantity; use %s", path,
		 unit ? unit : "(none)", units ? units : "none");
	free(units);
	return -EINVAL;
}

static int parse_number(struct cpl_figure *figure, const struct cpl_quantity_info *info,
			const struct tsr_compliance_figure *given, const char *path,
			struct tsr_compliance_error *error)
{
	const struct cpl_unit_scale *scale = given->unit ? find_scale(info, given->unit) : NULL;
	mpq_t factor;

	if (!scale)
		return bad_unit(info, path, given->unit, error);
	if (cpl_rational_parse(figure->value, given->value))
		return cpl_fail(error, -EINVAL,
				"%s.value: '%s' is not a number such as 826, 1.41e9 or 1/3", path,
				given->value);
	if (info->kind != CPL_NON_NEGATIVE && !mpq_sgn(figure->value))
		return cpl_fail(error, -EINVAL,
				"%s.value: must be above 0; leave it out if unknown", path);
	if (info->kind == CPL_COUNT && mpz_cmp_ui(mpq_denref(figure->value), 1))
		return cpl_fail(error, -EINVAL, "%s.value: '%s' is not a whole number", path,
				given->value);
	mpq_init(factor);
	mpq_set_ui(factor, scale->numerator, scale->denominator);
	mpq_mul(figure->value, figure->value, factor);
	mpq_clear(factor);
	figure->known = true;
	return 0;
}

static int parse_value(struct cpl_figure *figure, const struct cpl_quantity_info *info,
		       const struct tsr_compliance_figure *given, const char *path,
		       struct tsr_compliance_error *error)
{
	if (info->kind != CPL_TRUTH && info->kind != CPL_TEXT)
		return parse_number(figure, info, given, path, error);
	if (given->unit)
		return bad_unit(info, path, given->unit, error);
	figure->known = true;
	if (info->kind == CPL_TRUTH && parse_truth(figure, given->value))
		return cpl_fail(error, -EINVAL, "%s.value: '%s' is not true, false or unknown",
				path, given->value);
	return 0;
}

int cpl_figure_check(const struct tsr_compliance_figure *given, const char *path,
		     struct tsr_compliance_error *error)
{
	if (!given->value || !*given->value)
		return cpl_fail(error, -EINVAL, "%s.value: missing", path);
	if (given->origin >= TSR_COMPLIANCE_ORIGINS)
		return cpl_fail(error, -EINVAL, "%s.origin: asserted, reported or measured", path);
	if (!given->source || !*given->source)
		return cpl_fail(error, -EINVAL, "%s.source: say where the figure comes from", path);
	if (!cpl_utf8_valid(given->value) || !cpl_utf8_valid(given->source))
		return cpl_fail(error, -EINVAL, "%s: value and source are UTF-8", path);
	if (given->time && !cpl_time_valid(given->time))
		return cpl_fail(error, -EINVAL,
				"%s.time: not a moment such as 2026-11-01 or 2026-11-01T10:00:00Z",
				path);
	return 0;
}

int cpl_figure_store(struct cpl_figure *figure, const struct cpl_quantity_info *info,
		     const struct tsr_compliance_figure *given, const char *path,
		     struct tsr_compliance_error *error)
{
	if (cpl_figure_check(given, path, error))
		return -EINVAL;
	if (figure->given)
		return cpl_fail(error, -EEXIST, "%s: there is already a figure of origin '%s'",
				path, cpl_origin_name(given->origin));
	if (parse_value(figure, info, given, path, error))
		return -EINVAL;
	figure->given = true;
	figure->text = cpl_strdup(given->value);
	figure->unit = cpl_strdup(given->unit);
	figure->source = cpl_strdup(given->source);
	figure->time = cpl_strdup(given->time);
	return 0;
}
