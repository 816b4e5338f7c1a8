// SPDX-License-Identifier: MIT
#include "range.h"

#include <inttypes.h>

#include "message.h"

/* Lines of one kind; what more there is, is counted in a last one. */
#define LINES_MAX	8

void range_warn_of_constants(const struct tsr_program *program)
{
	size_t count = tsr_program_range_losses(program), i;

	for (i = 0; i < count && i < LINES_MAX; i++) {
		const struct tsr_range_loss *loss = tsr_program_range_loss(program, i);
		const struct tsr_node_info *node = tsr_program_node(program, loss->node);

		warn("node %s (%s): of %" PRIu64 " values of %s, %" PRIu64 " are beyond %s and "
		     "became its largest, %" PRIu64 " are too small and became its smallest",
		     node->name, node->op, loss->values, loss->constant, loss->overflows,
		     tsr_type_name(loss->type), loss->underflows);
	}
	if (count > LINES_MAX)
		warn("and %zu more; --json lists all", count - LINES_MAX);
}
