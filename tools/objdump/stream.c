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
		member->offset == offsetof(struct tsr_hw_command, size) ||
		member->offset == offsetof(struct tsr_hw_command, post) ||
		member->offset == offsetof(struct tsr_hw_command, pre));
}

void stream_head(void *bytes, uint64_t op, size_t size, size_t post, size_t pre)
{
	struct tsr_hw_command head;

	memcpy(&head, bytes, sizeof(head));
	head.op = (uint8_t)op;
	head.size = (uint16_t)size;
	head.post = (uint16_t)post;
	head.pre = (uint16_t)pre;
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
	if (!command->name || !command->body)
		return false;
	command->size = tsr_hw_command_size(command->body, bytes + *at, end - *at);
	if (!command->size || command->size != head.size)
		return false;
	*at += head.size;
	return true;
}

/* Whether a program lies at @at and in the bytes that are left; then @at moves behind it. */
static bool pass_program(const uint8_t *bytes, size_t left, size_t place, size_t *at)
{
	size_t size = place == *at ? tsr_hw_program_size(bytes + *at, left - *at) : 0;

	*at += size;
	return size;
}

/* Of a command with a program that does not lie where it must. */
static void program_defect(const uint8_t *bytes, size_t left, const struct tsr_hw_command *head,
			   size_t body, const char **path, char *rule, size_t rule_size)
{
	size_t at = body;
	bool post = head->post && !pass_program(bytes, left, head->post, &at);

	*path = post ? "head.post" : "head.pre";
	snprintf(rule, rule_size, "is %u: a program lies at %zu, in the %zu bytes that are left",
		 post ? head->post : head->pre, at, left);
}

/* Of a command whose opcode has a body. */
static void size_defect(const uint8_t *bytes, size_t left, const struct command *command,
			const char **path, char *rule, size_t rule_size)
{
	size_t body = command->body->size, whole = tsr_hw_command_size(command->body, bytes, left);
	struct tsr_hw_command head;

	memcpy(&head, bytes, sizeof(head));
	if (!head.post && !head.pre)
		whole = body;
	*path = "head.size";
	if (whole && whole != head.size) {
		snprintf(rule, rule_size, "is %u, %s has %zu bytes", head.size, command->name,
			 whole);
	} else if (left < body) {
		*path = "head.op";
		snprintf(rule, rule_size, "is %s, which has %zu bytes; %zu are left", command->name,
			 body, left);
	} else {
		program_defect(bytes, left, &head, body, path, rule, rule_size);
	}
}

void stream_defect(const uint8_t *bytes, size_t at, size_t end, const char **path, char *rule,
		   size_t rule_size)
{
	struct command command = { .offset = at };
	struct tsr_hw_command head;

	*path = "head";
	if (end - at < sizeof(head)) {
		snprintf(rule, rule_size,
			 "is cut off: %zu bytes are left, a command header has %zu", end - at,
			 sizeof(head));
		return;
	}
	memcpy(&head, bytes + at, sizeof(head));
	command.name = value_name(stream_opcodes(), head.op);
	command.body = tsr_hw_find_body(head.op);
	*path = "head.op";
	if (!command.name)
		snprintf(rule, rule_size, "is 0x%x, which is no value of OP", head.op);
	else if (!command.body)
		snprintf(rule, rule_size, "is %s, which has no body in this version", command.name);
	else
		size_defect(bytes + at, end - at, &command, path, rule, rule_size);
}
