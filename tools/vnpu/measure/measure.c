// SPDX-License-Identifier: MIT
#include "measure.h"

#include <errno.h>
#include <stdlib.h>

#include <tsr_hw/command.h>

#include "opcodes.h"
#include "tile/tile.h"

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

static int take(const struct measure_source *source, const struct tsr_hw_command *head,
		struct measured *measured)
{
	const struct opcode *opcode = find(head->op);
	unsigned int n = measured->count;
	int error;

	if (!opcode)
		return -EOPNOTSUPP;
	error = opcode->take(source, head, &measured->commands[n], measured->control[n]);
	measured->count++;
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
	uint64_t room = MEASURE_CONTROL_MAX, pieces = MEASURE_PIECES_MAX;
	uint64_t lines = MEASURE_LINES_MAX;
	struct measure_source limited = *source;
	int count = count_commands(source->request);
	const struct tsr_hw_command *head;
	int error;

	*measured = (struct measured){ 0 };
	if (count < 0)
		return count;
	limited.room = &room;
	limited.pieces = &pieces;
	limited.lines = &lines;
	error = allocate(measured, (unsigned int)count);
	for (uint32_t at = 0; !error && (head = command_at(source->request, at)); at += head->size)
		error = take(&limited, head, measured);
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
	unsigned int count = 0;

	for (uint32_t at = 0; count < most && (head = command_at(request, at)); at += head->size)
		count += copy_take(source, head, walks, &copies[count]);
	return count;
}
