// SPDX-License-Identifier: MIT
#include "measure.h"

#include <errno.h>
#include <stdlib.h>

#include <tsr_hw/command.h>

#include "class.h"
#include "opcodes.h"
#include "tile/sku.h"
#include "tile/tile.h"
#include "time/steps.h"

static const struct opcode *const opcodes[] = {
#define OPCODE(name) &opcode_##name,
#include "measure/commands.h"
};

static const struct opcode *find(unsigned int op)
{
	for (size_t i = 0; i < sizeof(opcodes) / sizeof(opcodes[0]); i++)
		if (opcodes[i]->op == op)
			return opcodes[i];
	return NULL;
}

/* The command at @offset; NULL: the stream ends there, or what follows is none. */
static const struct tsr_hw_command *command_at(const struct tile_request *request,
					       uint32_t offset)
{
	const struct tsr_hw_command *head;
	uint32_t left = request->stream_size - offset;

	if (offset >= request->stream_size || left < sizeof(*head))
		return NULL;
	head = (const void *)((const char *)request->stream + offset);
	return head->size >= sizeof(*head) && head->size <= left ? head : NULL;
}

/* How many commands there are; -EINVAL: something else follows. */
static int count_commands(const struct tile_request *request)
{
	const struct tsr_hw_command *head;
	uint32_t at = 0;
	int count = 0;

	for (; (head = command_at(request, at)); at += head->size)
		count++;
	return at == request->stream_size ? count : -EINVAL;
}

/* All of a command but its control data. */
static int take(const struct measure_source *source, const struct tsr_hw_command *head,
		struct measured *measured)
{
	const struct opcode *opcode = find(head->op);

	if (!opcode)
		return -EOPNOTSUPP;
	return opcode->take(source, head, &measured->commands[measured->count++]);
}

/* A working set that depends on control data counts without what they add. */
static int check_fit(const struct measure_source *source, const struct command *command)
{
	const struct time_class class = class_of(source->fuses);
	struct steps steps;
	int error = steps_begin(&steps, &class, NULL, command);

	return !error && steps.working_set > sku_ring(source->fuses) ? -EINVAL : error;
}

static int read_one(const struct measure_source *source, const struct opcode *opcode,
		    struct command *command, void **control)
{
	for (unsigned int i = 0; i < MEASURE_CONTROL_TENSORS; i++) {
		free(control[i]);
		control[i] = NULL;
	}
	return opcode->read(source, command, control);
}

/* The control data of all commands, or how many they are; so many have room. */
static int read_control(const struct measure_source *source, bool dry, struct measured *measured)
{
	uint64_t room = MEASURE_CONTROL_MAX, pieces = MEASURE_PIECES_MAX;
	struct measure_source limited = *source;
	const struct tsr_hw_command *head;
	unsigned int n = 0;
	int error = 0;

	limited.room = &room;
	limited.pieces = &pieces;
	limited.dry = dry;
	for (uint32_t at = 0; !error && (head = command_at(source->request, at));
	     at += head->size) {
		const struct opcode *opcode = find(head->op);
		struct command *command = &measured->commands[n];

		if (opcode->read && dry)
			error = check_fit(source, command);
		if (opcode->read && !error)
			error = read_one(&limited, opcode, command, measured->control[n]);
		n++;
	}
	measured->elements = MEASURE_CONTROL_MAX - room;
	return error;
}

static int allocate(struct measured *measured, unsigned int count)
{
	*measured = (struct measured){
		.commands = calloc(count + 1u, sizeof(*measured->commands)),
		.control = calloc(count + 1u, sizeof(*measured->control)),
	};
	return measured->commands && measured->control ? 0 : -ENOMEM;
}

int measure_stream(const struct measure_source *source, struct measured *measured)
{
	uint64_t lines = MEASURE_LINES_MAX;
	struct measure_source limited = *source;
	int count = count_commands(source->request);
	const struct tsr_hw_command *head;
	int error;

	*measured = (struct measured){ 0 };
	if (count < 0)
		return count;
	limited.lines = &lines;
	error = allocate(measured, (unsigned int)count);
	for (uint32_t at = 0; !error && (head = command_at(source->request, at)); at += head->size)
		error = take(&limited, head, measured);
	if (!error)
		error = read_control(source, true, measured);
	if (!error && measured->elements)
		error = read_control(source, false, measured);
	if (error)
		measure_free(measured);
	return error;
}

void measure_free(struct measured *measured)
{
	for (unsigned int i = 0; i < measured->count; i++)
		for (unsigned int j = 0; j < MEASURE_CONTROL_TENSORS; j++)
			free(measured->control[i][j]);
	free(measured->control);
	free(measured->commands);
	*measured = (struct measured){ 0 };
}

unsigned int measure_copies(const struct measure_source *source, struct walks *walks,
			    struct copy *copies, unsigned int most)
{
	const struct tile_request *request = source->request;
	const struct tsr_hw_command *head;
	unsigned int count = 0, command = 0;

	for (uint32_t at = 0; count < most && (head = command_at(request, at)); at += head->size) {
		bool moves = copy_take(source, head, walks, &copies[count]);

		copies[count].command = command++;
		count += moves;
	}
	return count;
}
