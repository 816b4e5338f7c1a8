// SPDX-License-Identifier: MIT
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "alloc.h"
#include "tessera-compliance.h"
#include "fail.h"
#include "json_parse.h"
#include "text_out.h"

#define NARROWEST 72
#define WIDEST 200
#define LABEL 14
#define INDENT 2
#define ENTRY_TEXT 36
#define FIGURE_TEXT 40

/* Reading a report: absent members read as "", so that one page serves every report. */

static struct json_object *member(struct json_object *object, const char *name)
{
	struct json_object *value = NULL;

	json_object_object_get_ex(object, name, &value);
	return value;
}

static const char *text_of(struct json_object *object, const char *name)
{
	struct json_object *value = member(object, name);

	return json_object_is_type(value, json_type_string) ? json_object_get_string(value) : "";
}

static bool truth_of(struct json_object *object, const char *name)
{
	return json_object_get_boolean(member(object, name));
}

static size_t length_of(struct json_object *array)
{
	return json_object_is_type(array, json_type_array) ? json_object_array_length(array) : 0;
}

static struct json_object *item_of(struct json_object *array, size_t index)
{
	return json_object_array_get_idx(array, index);
}

/* "~" marks a value whose shown digits are not all of it. */
static char *number_text(struct json_object *number, bool with_unit)
{
	const char *unit = text_of(number, "unit"), *shown = text_of(number, "shown");

	if (!*shown)
		return cpl_strdup("-");
	return cpl_format("%s%s%s%s", truth_of(number, "truncated") ? "~" : "", shown,
			  with_unit && strcmp(unit, "1") ? " " : "",
			  with_unit && strcmp(unit, "1") ? unit : "");
}

static char *joined(struct json_object *array)
{
	char *text = NULL;

	for (size_t i = 0; i < length_of(array); i++)
		cpl_append(&text, "%s%s", text ? ", " : "",
			   json_object_get_string(item_of(array, i)));
	return text ? text : cpl_strdup("");
}

/* Parts of the page */

static void show_head(const struct cpl_page *page, struct json_object *top)
{
	struct json_object *subject = member(top, "subject"), *rule = member(top, "rule");
	char *text;

	fprintf(page->out, "%sTessera export-control report\n%s\n\n",
		truth_of(subject, "virtual") ? "VIRTUAL DEVICE, not silicon: " : "",
		text_of(top, "statement"));
	text = cpl_format("%s %s", text_of(subject, "vendor"), text_of(subject, "name"));
	cpl_page_item(page, LABEL, "Subject", text + strspn(text, " "));
	free(text);
	if (*text_of(subject, "serial"))
		cpl_page_item(page, LABEL, "Serial", text_of(subject, "serial"));
	if (*text_of(subject, "firmware_measurement"))
		cpl_page_item(page, LABEL, "Firmware", text_of(subject, "firmware_measurement"));
	text = cpl_format("%s: %s, %s, effective %s; %s", text_of(rule, "id"),
			  text_of(rule, "title"), text_of(rule, "cite"), text_of(rule, "effective"),
			  text_of(rule, "status"));
	cpl_page_item(page, LABEL, "Rule", text);
	free(text);
	if (*text_of(rule, "note"))
		cpl_page_item(page, LABEL, "", text_of(rule, "note"));
	if (*text_of(rule, "date_asked"))
		cpl_page_item(page, LABEL, "Date asked", text_of(rule, "date_asked"));
	text = cpl_format("%s of %s, verified through %s, SHA-256 %s", text_of(rule, "data_file"),
			  text_of(rule, "data_revised"), text_of(rule, "data_verified_through"),
			  text_of(rule, "data_sha256"));
	cpl_page_item(page, LABEL, "Rule data", text);
	free(text);
}

static void show_policy(const struct cpl_page *page, struct json_object *policy)
{
	char *text = NULL;

	for (size_t i = 0; i < length_of(policy); i++) {
		struct json_object *item = item_of(policy, i);
		const char *by = text_of(item, "set_by");

		cpl_append(&text, "%s%s=%s", text ? " " : "", text_of(item, "switch"),
			   text_of(item, "value"));
		if (strcmp(by, "default"))
			cpl_append(&text, "(%s)", by);
	}
	cpl_page_item(page, LABEL, "Policy", text ? text : "");
	free(text);
}

static void show_result(const struct cpl_page *page, struct json_object *result)
{
	char *also = joined(member(result, "also_met"));

	fputc('\n', page->out);
	if (!strcmp(text_of(result, "entry"), "none"))
		cpl_page_item(page, LABEL, "Result", "no entry of this rule version is met");
	else
		cpl_page_item(page, LABEL, "Result", text_of(result, "text"));
	if (json_object_get_int64(member(result, "flips")) == 1)
		cpl_page_item(page, LABEL, "", "another reading of the text gives another class");
	else if (json_object_get_int64(member(result, "flips")))
		cpl_page_item(page, LABEL, "", "other readings of the text give another class");
	if (*also)
		cpl_page_item(page, LABEL, "Also met", also);
	free(also);
}

/* One row of a table; the last cell is not padded. */
static void show_row(const struct cpl_page *page, const char *mark, const int *widths,
		     const char *const *cells, int count)
{
	fputs(mark, page->out);
	for (int i = 0; i < count; i++) {
		int length = (int)strlen(cells[i]);
		bool last = i == count - 1;

		fputs(last ? "  " : " ", page->out);
		cpl_page_cell(page, last && length < -widths[i] ? -length : widths[i], cells[i]);
	}
	fputc('\n', page->out);
}

static void show_formats(const struct cpl_page *page, struct json_object *formats)
{
	static const int widths[] = { -18, -12, 6, 14, 14, -9 };
	static const char *const head[] = {
		"unit", "format", "bits", "dense TOPS", "TPP", "origin"
	};

	show_row(page, " ", widths, head, 6);
	for (size_t i = 0; i < length_of(formats); i++) {
		struct json_object *item = item_of(formats, i);
		char *bits = number_text(member(item, "bits"), false);
		char *tops = number_text(member(item, "tops"), false);
		char *tpp = number_text(member(item, "tpp"), false);
		const char *const cells[] = {
			text_of(item, "unit"), text_of(item, "format"), bits, tops, tpp,
			text_of(item, "origin"),
		};

		show_row(page, truth_of(item, "counts") ? "*" : " ", widths, cells, 6);
		free(bits);
		free(tops);
		free(tpp);
	}
	fputs("  * counts toward TPP (all that tie are marked)\n", page->out);
}

static void show_quantity(const struct cpl_page *page, const char *name, struct json_object *value)
{
	char *number;

	if (*text_of(value, "why")) {
		cpl_page_item(page, LABEL + INDENT, name, text_of(value, "why"));
		return;
	}
	number = number_text(value, true);
	cpl_page_item(page, LABEL + INDENT, name, number);
	free(number);
}

static void show_quantities(const struct cpl_page *page, struct json_object *level)
{
	struct json_object *quantities = member(level, "quantities");
	struct json_object *area = member(level, "applicable_die_area");

	show_quantity(page, "  TPP", member(quantities, "tpp"));
	show_quantity(page, "  density", member(quantities, "pd"));
	show_quantity(page, "  die area", member(area, "value") ? member(area, "value") : area);
	show_quantity(page, "  TOPS", member(quantities, "tops"));
	show_quantity(page, "  I/O", member(quantities, "io"));
	show_quantity(page, "  DRAM", member(quantities, "dram"));
	show_quantity(page, "  HBM density", member(quantities, "hbm_density"));
}

/* The instrument is named only where it is not that of the whole rule version. */
static void show_entry(const struct cpl_page *page, struct json_object *entry, const char *rule)
{
	const char *kind = text_of(entry, "kind");
	struct json_object *ranges = member(entry, "met_if"), *cite = member(entry, "cite");
	char *label = cpl_format("  %-19s %s", text_of(entry, "id"), text_of(entry, "outcome"));
	char *text = cpl_strdup(text_of(entry, "reason"));

	for (size_t i = 0; i < length_of(ranges); i++)
		cpl_append(&text, "; met if %s", text_of(item_of(ranges, i), "text"));
	cpl_append(&text, " [");
	if (strcmp(kind, "class"))
		cpl_append(&text, "%s, ", kind);
	if (strcmp(text_of(cite, "instrument"), rule))
		cpl_append(&text, "%s, ", text_of(cite, "instrument"));
	cpl_append(&text, "%s]", text_of(cite, "source"));
	cpl_page_item(page, ENTRY_TEXT, label, text);
	free(text);
	free(label);
}

static void show_entries(const struct cpl_page *page, struct json_object *entries,
			 const char *rule)
{
	for (size_t i = 0; i < length_of(entries); i++)
		show_entry(page, item_of(entries, i), rule);
}

static const int line_widths[] = { -12, -11, 16, 14, -18 };

static void show_line(const struct cpl_page *page, struct json_object *line)
{
	struct json_object *flip = member(line, "flip"), *margin = member(line, "margin");
	char *number = number_text(member(line, "threshold"), false);
	char *threshold = cpl_format("%s %s", text_of(line, "relation"), number);
	char *distance = margin ? number_text(margin, true) : cpl_strdup("unknown");
	char *factor = number_text(member(flip, "value_factor"), false);
	char *area = number_text(member(flip, "area"), true);
	const char *const cells[] = {
		text_of(line, "quantity"), threshold, distance, factor,
		strcmp(area, "-") ? area : "",
	};

	show_row(page, " ", line_widths, cells, 5);
	free(number);
	free(threshold);
	free(distance);
	free(factor);
	free(area);
}

static void show_lines(const struct cpl_page *page, struct json_object *lines)
{
	static const char *const head[] = {
		"quantity", "line", "margin", "value reaches", "area reaches"
	};
	static const char *const more[] = { "", "", "", "it times", "it at" };

	show_row(page, " ", line_widths, head, 5);
	show_row(page, " ", line_widths, more, 5);
	for (size_t i = 0; i < length_of(lines); i++)
		show_line(page, item_of(lines, i));
}

static struct json_object *find_level(struct json_object *levels, struct json_object *top)
{
	struct json_object *result = member(top, "result");

	for (size_t i = 0; i < length_of(levels); i++) {
		struct json_object *level = item_of(levels, i);

		if (!strcmp(text_of(level, "level"), text_of(result, "level")) &&
		    !strcmp(text_of(level, "die"), text_of(result, "die")))
			return level;
	}
	return NULL;
}

static void show_levels(const struct cpl_page *page, struct json_object *levels)
{
	for (size_t i = 0; i < length_of(levels); i++) {
		struct json_object *level = item_of(levels, i);
		struct json_object *quantities = member(level, "quantities");
		char *tpp = number_text(member(quantities, "tpp"), false);
		char *pd = number_text(member(quantities, "pd"), false);
		char *label = cpl_format("  %s %s", text_of(level, "level"), text_of(level, "die"));
		char *text = cpl_format("%s  (TPP %s, density %s)",
					text_of(member(level, "class"), "text"), tpp, pd);

		cpl_page_item(page, LABEL + INDENT, label, text);
		free(text);
		free(label);
		free(tpp);
		free(pd);
	}
}

static void show_switches(const struct cpl_page *page, struct json_object *switches)
{
	bool any = false;

	for (size_t i = 0; i < length_of(switches); i++) {
		struct json_object *item = item_of(switches, i);
		char *label, *tpp, *text;

		if (!truth_of(item, "flips"))
			continue;
		any = true;
		label = cpl_format("  %s=%s", text_of(item, "switch"), text_of(item, "value"));
		tpp = number_text(member(item, "tpp"), false);
		text = cpl_format("%s  (TPP %s)", text_of(item, "text"), tpp);
		cpl_page_item(page, ENTRY_TEXT, label, text);
		free(text);
		free(tpp);
		free(label);
	}
	if (!any)
		fputs("  none\n", page->out);
}

static void show_findings(const struct cpl_page *page, struct json_object *findings)
{
	for (size_t i = 0; i < length_of(findings); i++) {
		struct json_object *item = item_of(findings, i);
		char *label = cpl_format("  %s", text_of(item, "severity"));
		char *text = cpl_format("%s: %s", text_of(item, "fact"), text_of(item, "text"));

		cpl_page_item(page, LABEL, label, text);
		free(text);
		free(label);
	}
	if (!length_of(findings))
		fputs("  none\n", page->out);
}

static void show_figure(const struct cpl_page *page, struct json_object *item, const char *label)
{
	const char *unit = strcmp(text_of(item, "unit"), "1") ? text_of(item, "unit") : "";
	char *text = cpl_format("%s%s%s, %s: %s", text_of(item, "value"), *unit ? " " : "", unit,
				text_of(item, "origin"), text_of(item, "source"));

	if (*text_of(item, "time"))
		cpl_append(&text, ", %s", text_of(item, "time"));
	cpl_page_item(page, FIGURE_TEXT, label, text);
	free(text);
}

static void show_evidence(const struct cpl_page *page, struct json_object *top)
{
	struct json_object *evidence = member(top, "evidence"), *caps = member(top, "caps");

	for (size_t i = 0; i < length_of(evidence); i++) {
		struct json_object *item = item_of(evidence, i);
		char *label = cpl_format("  %s", text_of(item, "fact"));

		show_figure(page, item, label);
		free(label);
	}
	for (size_t i = 0; i < length_of(caps); i++) {
		struct json_object *item = item_of(caps, i);
		char *label = cpl_format("  %s cap: %s", text_of(item, "kind"),
					 text_of(item, "name"));

		show_figure(page, item, label);
		free(label);
	}
}

static void show_form(const struct cpl_page *page, struct json_object *form)
{
	for (size_t i = 0; i < length_of(form); i++) {
		struct json_object *item = item_of(form, i);
		char *label = cpl_format("  %s", text_of(item, "field"));
		char *number = number_text(member(item, "value"), true);
		char *sources = joined(member(item, "sources"));
		char *text = cpl_format("%s%s%s%s", member(item, "value") ? number : "",
					text_of(item, "why"), *sources ? "; " : "", sources);

		cpl_page_item(page, FIGURE_TEXT, label, text);
		free(text);
		free(sources);
		free(number);
		free(label);
	}
}

static void show(const struct cpl_page *page, struct json_object *top)
{
	struct json_object *levels = member(top, "levels");
	struct json_object *level = find_level(levels, top);

	show_head(page, top);
	show_policy(page, member(top, "policy"));
	show_result(page, member(top, "result"));
	cpl_page_heading(page, "Peak rates");
	show_formats(page, member(level, "formats"));
	cpl_page_heading(page, "Quantities");
	show_quantities(page, level);
	cpl_page_heading(page, "Entries");
	show_entries(page, member(level, "entries"), text_of(member(top, "rule"), "cite"));
	cpl_page_heading(page, "Margins and flip points");
	show_lines(page, member(level, "lines"));
	cpl_page_heading(page, "Levels");
	show_levels(page, levels);
	cpl_page_heading(page, "Readings of the text that change the result");
	show_switches(page, member(top, "switches"));
	cpl_page_heading(page, "Findings");
	show_findings(page, member(top, "findings"));
	cpl_page_heading(page, "Figures for a notification under licence exception NAC");
	show_form(page, member(member(top, "packs"), "nac"));
	cpl_page_heading(page, "Figures for an attestation to a foundry");
	show_form(page, member(member(top, "packs"), "foundry"));
	cpl_page_heading(page, "Evidence");
	show_evidence(page, top);
	fputc('\n', page->out);
	cpl_page_item(page, INDENT, "~",
		      "marks a value cut off toward zero where it is shown; the JSON report has it exactly.");
}

int tsr_compliance_render_text(const char *json, unsigned int columns, char **text,
			       struct tsr_compliance_error *error)
{
	struct json_object *top = cpl_json_parse(json, strlen(json), "report", error);
	struct cpl_page page;
	size_t length;

	*text = NULL;
	if (!top)
		return -EINVAL;
	if (strcmp(text_of(top, "report"), "tessera-compliance") ||
	    json_object_get_int(member(top, "schema")) != 1) {
		json_object_put(top);
		return cpl_fail(error, -EINVAL, "report: not a Tessera export-control report");
	}
	page.columns = columns < NARROWEST ? NARROWEST : columns > WIDEST ? WIDEST : columns;
	page.out = open_memstream(text, &length);
	if (!page.out) {
		json_object_put(top);
		return cpl_fail(error, -ENOMEM, "report: out of memory");
	}
	show(&page, top);
	fclose(page.out);
	json_object_put(top);
	return 0;
}
