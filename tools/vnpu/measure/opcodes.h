/* SPDX-License-Identifier: MIT */
/* Each kind of command: from its checked bytes to what of it concerns time. */
#ifndef VNPU_MEASURE_OPCODES_H
#define VNPU_MEASURE_OPCODES_H

#include <stdbool.h>

#include <tsr_hw/command.h>

#include "measure.h"
#include "time/dma.h"

/**
 * struct opcode - how the commands of an opcode are described
 * @op: TSR_HW_OP_*
 * @take: fills the command, which is zero, but for values of control data. 0, or a negative errno
 *	as of measure_stream()
 * @read: reads them; NULL without any. @control has MEASURE_CONTROL_TENSORS places for what the
 *	command refers to, to be freed. As @take
 */
struct opcode {
	uint8_t op;
	int (*take)(const struct measure_source *source, const void *raw, struct command *command);
	int (*read)(const struct measure_source *source, struct command *command, void **control);
};

#define OPCODE(name) extern const struct opcode opcode_##name;
#include "measure/commands.h"

/** move_take() - MOVE, on whatever engine */
void move_take(const struct measure_source *source, const void *raw, struct move *move);

/** copy_take() - COPY, FILL and MOVE of a DMA engine; false: there is nothing to move */
bool copy_take(const struct measure_source *source, const struct tsr_hw_command *head,
	       struct walks *walks, struct copy *copy);

#endif
