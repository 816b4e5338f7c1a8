// SPDX-License-Identifier: (GPL-2.0-only OR MIT)
#include "admin.h"

#include <stdbool.h>

#include <tsr_hw/error.h>
#include <tsr_hw/queue.h>

#include "complete.h"
#include "queue.h"
#include "reg.h"
#include "ring.h"
#include "sealed.h"
#include "trace.h"

#define ADMIN_QUEUE 0u

static uint64_t admin_ring;
static uint64_t admin_done;
static uint32_t admin_completed;

void admin_start(uint64_t ring, uint64_t done)
{
	admin_ring = ring;
	admin_done = done;
	admin_completed = 0;
}

/* Bytes of the argument area beyond @used must be zero. */
static bool rest_zero(const struct tsr_hw_admin *command, uint32_t used)
{
	uint8_t any = 0;

	for (uint32_t i = used; i < sizeof(command->pad); i++)
		any |= command->pad[i];
	return any == 0u;
}

static uint32_t trace(const struct tsr_hw_admin *command, __le64 *records)
{
	uint32_t count = 0;
	uint32_t error;

	if (command->queue != 0u || !rest_zero(command, sizeof(command->trace)))
		return TSR_HW_ERR_INVALID;
	error = trace_copy(command->trace.address, command->trace.size, &count);
	*records = error == TSR_HW_ERR_NONE ? count : 0u;
	return error;
}

/* What a command answers beyond its error goes into @completion. */
static uint32_t execute(const struct tsr_hw_admin *command,
			struct tsr_hw_completion *completion)
{
	if (command->seq != completion->seq)
		return TSR_HW_ERR_DESCRIPTOR;
	if (command->mbz != 0u)
		return TSR_HW_ERR_INVALID;
	switch (command->op) {
	case TSR_HW_ADMIN_NOP:
		return command->queue == 0u && rest_zero(command, 0) ? TSR_HW_ERR_NONE :
								       TSR_HW_ERR_INVALID;
	case TSR_HW_ADMIN_QUEUE_CREATE:
		return queue_create(command);
	case TSR_HW_ADMIN_QUEUE_DESTROY:
		return rest_zero(command, 0) ? queue_destroy(command->queue) : TSR_HW_ERR_INVALID;
	case TSR_HW_ADMIN_QUEUE_KILL:
		return rest_zero(command, 0) ? queue_kill(command->queue) : TSR_HW_ERR_INVALID;
	case TSR_HW_ADMIN_TRACE:
		return trace(command, &completion->blocks);
	case TSR_HW_ADMIN_QUEUE_STATUS:
		return rest_zero(command, 0) ? queue_status(command->queue, completion) :
					       TSR_HW_ERR_INVALID;
	case TSR_HW_ADMIN_SEAL:
		return rest_zero(command, sizeof(command->seal)) ?
			       sealed_create(command, completion) : TSR_HW_ERR_INVALID;
	case TSR_HW_ADMIN_UNSEAL:
		return rest_zero(command, sizeof(command->unseal)) ? sealed_end(command) :
								     TSR_HW_ERR_INVALID;
	default:
		return TSR_HW_ERR_UNSUPPORTED;
	}
}

static void serve_next(void)
{
	static struct tsr_hw_admin command;
	struct tsr_hw_completion completion = {
		.seq = admin_completed + 1u,
		.node = TSR_HW_NODE_NONE,
		.start = sys_cycles(),
	};

	completion.error = ring_read_admin(admin_ring, completion.seq, &command);
	if (completion.error == TSR_HW_ERR_NONE)
		completion.error = execute(&command, &completion);
	completion.end = sys_cycles();
	admin_completed = completion.seq;
	complete_slot(admin_done, &completion);
	complete_publish(admin_done, ADMIN_QUEUE, completion.seq, TSR_HW_EVENT_ADMIN);
}

void admin_service(void)
{
	uint32_t tail;

	if (ring_read_tail(admin_ring, &tail) != TSR_HW_ERR_NONE)
		return;
	if (tail - admin_completed > TSR_HW_RING_ENTRIES) {
		trace_add(TSR_HW_TRACE_BAD_TAIL, ADMIN_QUEUE, tail, admin_completed);
		return;
	}
	while (admin_completed != tail)
		serve_next();
}
