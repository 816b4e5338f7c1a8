// SPDX-License-Identifier: MIT
/* tessera-smi compliance: the engine's report on a device's own facts. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include <tessera-compliance.h>
#include <tessera.h>

#include "facts.h"
#include "smi.h"

#define WIDTH_MAX	100

/* One report per device, all of the same request. */
struct request {
	struct tsr_compliance_options options;
	struct tsr_compliance_setting settings[SMI_POLICIES_MAX];
	struct tsr_compliance_rules *rules;
	char date[16];
	char time[32];
	bool json;
	struct json_object *reports;
};

static int add_policies(struct request *request, const struct smi_options *options)
{
	unsigned int i;

	for (i = 0; i < options->policies; i++) {
		char *equals = strchr(options->policy[i], '=');

		if (!equals) {
			fprintf(stderr, "tessera-smi: --policy wants NAME=VALUE, not %s\n",
				options->policy[i]);
			return SMI_USAGE;
		}
		*equals = '\0';
		request->settings[i].name = options->policy[i];
		request->settings[i].value = equals + 1;
	}
	request->options.policy = request->settings;
	request->options.policy_count = options->policies;
	return SMI_OK;
}

static void note_time(struct request *request)
{
	time_t now = time(NULL);
	struct tm utc;

	gmtime_r(&now, &utc);
	strftime(request->date, sizeof(request->date), "%Y-%m-%d", &utc);
	strftime(request->time, sizeof(request->time), "%Y-%m-%dT%H:%M:%SZ", &utc);
	if (!request->options.date)
		request->options.date = request->date;
}

static unsigned int page_width(void)
{
	struct winsize size;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) || !size.ws_col || size.ws_col > WIDTH_MAX)
		return WIDTH_MAX;
	return size.ws_col;
}

static int print_text(const char *json, struct tsr_compliance_error *error)
{
	char *text;
	int status = tsr_compliance_render_text(json, page_width(), &text, error);

	if (status)
		return status;
	fputs(text, stdout);
	free(text);
	return 0;
}

static int evaluate(struct request *request, struct tsr_compliance_facts *facts,
		    struct tsr_compliance_error *error)
{
	char *json;
	int status = tsr_compliance_evaluate(facts, request->rules, &request->options, &json,
					     error);

	if (status)
		return status;
	if (request->json)
		json_object_array_add(request->reports, json_tokener_parse(json));
	else
		status = print_text(json, error);
	free(json);
	return status;
}

/* In JSON every board has an entry: its report, or why there is none. */
static void add_failure(struct request *request, const struct smi_board *board, const char *why)
{
	struct json_object *object = smi_describe_board(board);

	json_object_object_add(object, "error", smi_string(why, strlen(why)));
	json_object_array_add(request->reports, object);
}

static int report(struct smi_board *board, void *context)
{
	struct tsr_compliance_error error = { "" };
	struct request *request = context;
	struct tsr_compliance_facts *facts;
	int status;

	if (board->state != SMI_HEALTHY) {
		add_failure(request, board, board->reason);
		return smi_complain(board);
	}
	status = smi_facts(board->device, request->time, &facts, &error);
	if (!status) {
		status = evaluate(request, facts, &error);
		tsr_compliance_facts_free(facts);
	}
	if (!status)
		return SMI_OK;
	add_failure(request, board, error.text);
	fprintf(stderr, "tessera-smi: NPU %u: %s\n", board->entry.index, error.text);
	return smi_exit_of(status);
}

static int load_rules(struct request *request, const char *given)
{
	struct tsr_compliance_error error = { "" };
	const char *path = given ? given : tsr_compliance_rules_path();
	int status = tsr_compliance_rules_load(path, &request->rules, &error);

	if (!status)
		return SMI_OK;
	fprintf(stderr, "tessera-smi: %s: %s\n", path, error.text);
	if (request->json) {
		struct json_object *document = smi_document("reports", json_object_new_array());

		json_object_object_add(document, "error",
				       smi_string(error.text, sizeof(error.text)));
		smi_print_json(document);
	}
	return smi_exit_of(status);
}

int smi_compliance(const struct smi_options *options)
{
	struct request request = {
		.options = {
			.size = sizeof(request.options), .rule = options->rule,
			.date = options->date,
		},
		.json = options->json,
	};
	int status = add_policies(&request, options);

	if (status)
		return status;
	note_time(&request);
	status = load_rules(&request, options->rules);
	if (status)
		return status;
	request.reports = json_object_new_array();
	status = smi_each_board(options, report, &request);
	tsr_compliance_rules_free(request.rules);
	if (status == SMI_NO_BOARD)
		status = smi_no_board();
	if (request.json)
		smi_print_json(smi_document("reports", request.reports));
	else
		json_object_put(request.reports);
	return status;
}
