// SPDX-License-Identifier: MIT
#include "report.h"

#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "json.h"
#include "layout.h"
#include "text.h"
#include "vectors.h"

#define SCHEMA		1
#define LABEL_SIZE	512

/* A program or a stream, from a file of its own or a golden vector. */
struct unit {
	const char *file;
	const struct vector *vector;	/* or NULL */
	const struct bytes *bytes;
	bool stream;
	struct defects defects;
};

void report_begin(struct report *report, const struct options *options)
{
	*report = (struct report){ .options = options };
	if (options->json)
		report->files = json_object_new_array();
}

static void print_text(const struct report *report, const struct unit *unit)
{
	bool printed;

	if (report->printed)
		putchar('\n');
	if (unit->vector) {
		printf("# case %s\n", unit->vector->name);
		fwrite(unit->vector->fields.data, 1, unit->vector->fields.size, stdout);
		printed = text_slots(stdout, unit->vector->slots.data, unit->vector->slots.size);
	} else {
		printf("# %s\n", unit->file);
		printed = true;
	}
	if (unit->stream)
		printed &= text_stream(stdout, unit->bytes->data, unit->bytes->size);
	else
		printed &= text_program(stdout, unit->bytes->data, unit->bytes->size,
					&report->options->text);
	if (!printed)
		complain("%s: no memory", unit->file);
}

static void add_json(const struct report *report, const struct unit *unit)
{
	struct json_object *object = json_object_new_object();

	json_object_object_add(object, "file", json_object_new_string(unit->file));
	if (unit->vector) {
		json_object_object_add(object, "case", json_object_new_string(unit->vector->name));
		json_slots(object, unit->vector->slots.data, unit->vector->slots.size);
	}
	if (unit->stream)
		json_stream(object, unit->bytes->data, unit->bytes->size);
	else
		json_program(object, unit->bytes->data, unit->bytes->size, &report->options->text);
	json_defects(object, &unit->defects);
	json_object_array_add(report->files, object);
}

static void tell_defects(const struct unit *unit)
{
	char label[LABEL_SIZE];

	if (unit->vector)
		snprintf(label, sizeof(label), "%s: case %s", unit->file, unit->vector->name);
	else
		snprintf(label, sizeof(label), "%s", unit->file);
	defects_print(&unit->defects, label);
}

/* One node was asked for: is it there? */
static void check_node_asked(struct report *report, const struct unit *unit)
{
	struct layout layout;
	uint32_t asked = report->options->text.node;

	if (unit->stream || asked == TEXT_ALL_NODES ||
	    (layout_read(unit->bytes->data, unit->bytes->size, &layout) &&
	     asked < layout.node_count))
		return;
	complain("%s: there is no node %u", unit->file, asked);
	report->malformed = true;
}

static void report_unit(struct report *report, struct unit *unit)
{
	const struct bytes *bytes = unit->bytes;

	if (unit->stream)
		check_stream(bytes->data, 0, bytes->size, CHECK_ANY_ENGINE, "", &unit->defects);
	else
		check_program(bytes->data, bytes->size, &unit->defects);
	if (report->files)
		add_json(report, unit);
	else
		print_text(report, unit);
	report->printed++;
	fflush(stdout);
	tell_defects(unit);
	check_node_asked(report, unit);
	report->malformed |= unit->defects.count > 0;
}

/* ---- golden vectors -------------------------------------------------------------- */

struct vector_report {
	struct report *report;
	const char *file;
	size_t found;
};

static void report_vector(void *context, const struct vector *vector)
{
	struct vector_report *work = context;
	const char *wanted = work->report->options->name;
	struct unit unit = { .file = work->file, .vector = vector, .stream = !vector->has_program,
			     .bytes = vector->has_program ? &vector->program : &vector->stream };

	if (!wanted || !strcmp(wanted, vector->name)) {
		work->found++;
		report_unit(work->report, &unit);
	}
}

static void report_vectors(struct report *report, const char *name, const struct bytes *file)
{
	struct vector_report work = { .report = report, .file = name };
	struct text_error error;

	if (!vectors_each(file, report_vector, &work, &error)) {
		complain("%s: line %u: %s", name, error.line, error.message);
		report->malformed = true;
	} else if (!work.found) {
		complain("%s: there is no case%s%s", name, report->options->name ? " " : "",
			 report->options->name ? report->options->name : "");
		report->malformed = true;
	}
}

void report_file(struct report *report, const char *name, const struct bytes *file)
{
	struct unit unit = { .file = name, .bytes = file, .stream = report->options->stream };

	if (!report->options->stream && vectors_are(file)) {
		report_vectors(report, name, file);
	} else if (unit.stream || layout_is_program(file->data, file->size)) {
		report_unit(report, &unit);
	} else {
		complain("%s: offset 0x0: program: magic must be 0x%x; --stream reads a command stream without a program",
			 name, TSR_HW_PROGRAM_MAGIC);
		report->malformed = true;
	}
}

bool report_end(struct report *report)
{
	struct json_object *document;

	if (report->files) {
		document = json_object_new_object();
		json_object_object_add(document, "schema", json_object_new_int(SCHEMA));
		json_object_object_add(document, "files", report->files);
		puts(json_object_to_json_string_ext(document, JSON_C_TO_STRING_PRETTY |
						    JSON_C_TO_STRING_NOSLASHESCAPE));
		json_object_put(document);
	}
	return !fflush(stdout) && !ferror(stdout);
}
