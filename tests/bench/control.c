// SPDX-License-Identifier: MIT
#include "control.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <json-c/json.h>

#include "npu.h"

struct control {
	int port;
};

struct control *control_open(const char *path)
{
	struct control *control = calloc(1, sizeof(*control));

	if (!control)
		die("no memory");
	control->port = open(path, O_RDWR | O_CLOEXEC);
	if (control->port < 0)
		die("%s cannot be opened", path);
	return control;
}

void control_close(struct control *control)
{
	close(control->port);
	free(control);
}

/* Up to the newline, which is dropped. Return: false when there is no whole line. */
static bool read_line(int fd, char *line, size_t size)
{
	for (size_t n = 0; n < size; n++) {
		if (read(fd, &line[n], 1) != 1)
			return false;
		if (line[n] != '\n')
			continue;
		line[n] = '\0';
		return true;
	}
	return false;
}

/* Return: the answer, owned by the caller. */
static struct json_object *ask(struct control *control, const char *command)
{
	struct json_object *answer, *ok;
	char line[4096];

	errno = 0;
	if (dprintf(control->port, "%s\n", command) < 0 ||
	    !read_line(control->port, line, sizeof(line)))
		die("the control port does not answer to \"%s\"", command);
	answer = json_tokener_parse(line);
	if (!json_object_object_get_ex(answer, "ok", &ok) || !json_object_get_boolean(ok))
		die("the virtual NPU refuses \"%s\": %s", command, line);
	return answer;
}

void control_command(struct control *control, const char *command)
{
	json_object_put(ask(control, command));
}

static uint64_t number(struct json_object *answer, const char *key)
{
	struct json_object *value;

	if (!json_object_object_get_ex(answer, key, &value))
		die("the virtual NPU has no counter %s", key);
	return json_object_get_uint64(value);
}

void control_counters(struct control *control, struct counters *counters)
{
	struct json_object *device = ask(control, "counters");
	struct json_object *transport = ask(control, "transport");

	counters->mmio_reads = number(device, "mmio_reads") + number(transport, "reads_bar4");
	counters->mmio_writes = number(device, "mmio_writes") + number(transport, "writes_bar4");
	counters->nop_nodes = number(device, "nodes_nop");
	json_object_put(device);
	json_object_put(transport);
}
