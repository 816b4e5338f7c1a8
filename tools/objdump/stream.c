// SPDX-License-Identifier: MIT
#include "stream.h"

#include <stdio.h>
#include <string.h>

#include <tsr_hw/command.h>
#include <tsr_hw/decode.h>

#include "value.h"

static const char header_name[] = "command";

const struct tsr_hw_meaning *stream_opcodes(void)
{
	return tsr_hw_find_meaning("OP");
}

bool stream_implied(const struct tsr_hw_structure *structure, const struct tsr_hw_member *member)
{
	return !strcmp(structure->name, header_name) &&
	       (member->offset == offsetof(struct tsr_hw_command, op) ||
		member->offset == offsetof(struct tsr_hw_command, size));
}

void stream_head(void *bytes, uint64_t op, const struct tsr_hw_structure *body)
{
	struct tsr_hw_command head;

	memcpy(&head, bytes, sizeof(head));
	head.op = (uint8_t)op;
	head.size = (uint16_t)body->size;
	memcpy(bytes, &head, sizeof(head));
}

bool stream_next(const uint8_t *bytes, size_t *at, size_t end, struct command *command)
{
	struct tsr_hw_command head;

	if (end - *at < sizeof(head))
		return false;
	memcpy(&head, bytes + *at, sizeof(head));
	command->offset = *at;
	command->name = value_name(stream_opcodes(), head.op);
	command->body = tsr_hw_find_body(head.op);
	if (!command->name || !command->body || command->body->size != head.size ||
	    head.size > end - *at)
		return false;
	*at += head.size;
	return true;
}

void stream_defect(const uint8_t *bytes, size_t at, size_t end, const char **path, char *rule,
		   size_t rule_size)
{
	const struct tsr_hw_structure *body;
	struct tsr_hw_command head;
	const char *name;

	*path = "head";
	if (end - at < sizeof(head)) {
		snprintf(rule, rule_size, "is cut off: %zu bytes are left, a command header has %zu",
			 end - at, sizeof(head));
		return;
	}
	memcpy(&head, bytes + at, sizeof(head));
	name = value_name(stream_opcodes(), head.op);
	body = tsr_hw_find_body(head.op);
	*path = body && body->size != head.size ? "head.size" : "head.op";
	if (!name)
		snprintf(rule, rule_size, "is 0x%x, which is no value of OP", head.op);
	else if (!body)
		snprintf(rule, rule_size, "is %s, which has no body in this version", name);
	else if (body->size != head.size)
		snprintf(rule, rule_size, "is %u, %s has %zu bytes", head.size, name, body->size);
	else
		snprintf(rule, rule_size, "is %s, which has %zu bytes; %zu are left", name,
			 body->size, end - at);
}
