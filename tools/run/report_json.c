// SPDX-License-Identifier: MIT
/* The report for programs. Names of members are stable. */
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#include "range.h"
#include "report.h"

static void add_number(struct json_object *object, const char *name, double value)
{
	json_object_object_add(object, name, json_object_new_double(value));
}

static void add_count(struct json_object *object, const char *name, uint64_t value)
{
	json_object_object_add(object, name, json_object_new_uint64(value));
}

static void add_text(struct json_object *object, const char *name, const char *value)
{
	json_object_object_add(object, name, json_object_new_string(value));
}

static struct json_object *describe_node(const struct report *report, size_t i)
{
	const struct tsr_node_info *node = tsr_program_node(report->program, i);
	const struct node_sum *sum = &report->measured->node[i];
	struct json_object *object = json_object_new_object();

	add_text(object, "name", node->name);
	add_text(object, "operator", node->op);
	add_text(object, "type", tsr_type_name(node->type));
	add_count(object, "executions", sum->executions);
	add_count(object, "cycles", sum->cycles);
	add_number(object, "us", measurement_us(report->engine, sum->cycles));
	add_count(object, "macs", sum->macs);
	add_count(object, "bytes_read", sum->bytes_read);
	add_count(object, "bytes_written", sum->bytes_written);
	add_count(object, "energy_pj", sum->energy_pj);
	add_count(object, "infinite", sum->infinite);
	add_count(object, "nan", sum->nan);
	add_number(object, "tops", measurement_tops(report->engine, sum->macs, sum->cycles));
	return object;
}

static struct json_object *describe_nodes(const struct report *report)
{
	struct json_object *array = json_object_new_array();
	size_t i;

	for (i = 0; i < report->measured->nodes; i++)
		json_object_array_add(array, describe_node(report, i));
	return array;
}

/* Constants that the precision does not hold. */
static struct json_object *describe_losses(const struct report *report)
{
	struct json_object *array = json_object_new_array(), *object;
	size_t i;

	for (i = 0; i < tsr_program_range_losses(report->program); i++) {
		const struct tsr_range_loss *loss = tsr_program_range_loss(report->program, i);

		object = json_object_new_object();
		add_text(object, "node", tsr_program_node(report->program, loss->node)->name);
		add_text(object, "constant", loss->constant);
		add_text(object, "type", tsr_type_name(loss->type));
		add_count(object, "values", loss->values);
		add_count(object, "overflows", loss->overflows);
		add_count(object, "underflows", loss->underflows);
		json_object_array_add(array, object);
	}
	return array;
}

/* Nodes whose results were infinite or not a number. */
static struct json_object *describe_nonfinite(const struct report *report)
{
	struct json_object *array = json_object_new_array(), *object;
	size_t i;

	for (i = 0; i < report->measured->nodes; i++) {
		const struct node_sum *sum = &report->measured->node[i];

		if (!sum->infinite && !sum->nan)
			continue;
		object = json_object_new_object();
		add_text(object, "node", tsr_program_node(report->program, i)->name);
		add_count(object, "infinite", sum->infinite);
		add_count(object, "nan", sum->nan);
		json_object_array_add(array, object);
	}
	return array;
}

static struct json_object *describe_comparison(const struct report *report)
{
	struct json_object *array = json_object_new_array(), *object;
	size_t i;

	for (i = 0; i < report->work->outputs; i++) {
		const struct comparison *c = &report->comparison[i];

		object = json_object_new_object();
		add_text(object, "output", report->work->output[i].argument->name);
		json_object_object_add(object, "agrees", json_object_new_boolean(c->passed));
		add_number(object, "absolute", c->absolute);
		add_number(object, "relative", c->relative);
		add_count(object, "different", c->different);
		add_count(object, "values", c->count);
		json_object_array_add(array, object);
	}
	return array;
}

static struct json_object *describe(const struct report *report)
{
	const struct measurement *measured = report->measured;
	enum tsr_type type = measurement_type(report->program);
	struct json_object *object = json_object_new_object();

	add_count(object, "schema", 1);
	add_text(object, "model", report->options->model);
	add_text(object, "device", engine_name(report->engine));
	add_count(object, "clock_khz", engine_clock_khz(report->engine));
	add_text(object, "type", tsr_type_name(type));
	add_count(object, "items", report->work->items * report->options->rounds);
	add_count(object, "runs", measured->runs);
	add_count(object, "cycles", measured->cycles);
	add_number(object, "device_us", measurement_us(report->engine, measured->cycles));
	add_number(object, "host_us", (double)measured->wall_ns / 1e3);
	add_count(object, "macs", measured->macs);
	add_number(object, "tops",
		   measurement_tops(report->engine, measured->macs, measured->cycles));
	add_number(object, "peak_tops", engine_peak_tops(report->engine, type));
	json_object_object_add(object, "range_losses", describe_losses(report));
	if (range_wants_records(report->options, report->program))
		json_object_object_add(object, "nonfinite", describe_nonfinite(report));
	if (report->options->profile)
		json_object_object_add(object, "nodes", describe_nodes(report));
	if (report->comparison)
		json_object_object_add(object, "reference", describe_comparison(report));
	return object;
}

enum exit_code report_json(const struct report *report)
{
	const int style = JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_NOSLASHESCAPE;
	struct json_object *object = describe(report);
	const char *text = json_object_to_json_string_ext(object, style);
	FILE *stream = stdout;
	enum exit_code code = EXIT_OK;

	if (strcmp(report->options->json, "-"))
		stream = fopen(report->options->json, "we");
	if (!stream || fprintf(stream, "%s\n", text) < 0 ||
	    (stream == stdout ? fflush(stream) : fclose(stream)))
		code = complain(EXIT_FILE, "%s: %m", report->options->json);
	json_object_put(object);
	return code;
}
