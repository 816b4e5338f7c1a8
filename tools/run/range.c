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

bool range_wants_records(const struct options *options, const struct tsr_program *program)
{
	bool narrow = false;
	size_t i;

	for (i = 0; i < tsr_program_nodes(program); i++) {
		enum tsr_type type = tsr_program_node(program, i)->type;

		narrow |= type == TSR_FP16 || type == TSR_BF16;
	}
	return options->profile || (options->range_check && narrow);
}

/* Records tell counts rounded down, so each is the least it can be. */
void range_warn_of_results(const struct tsr_program *program, const struct measurement *measured)
{
	size_t found = 0, i;

	for (i = 0; i < measured->nodes; i++) {
		const struct tsr_node_info *node = tsr_program_node(program, i);
		const struct node_sum *sum = &measured->node[i];

		if ((!sum->infinite && !sum->nan) || ++found > LINES_MAX)
			continue;
		warn("node %s (%s): at least %" PRIu64 " results are infinite, %" PRIu64
		     " not a number%s", node->name, node->op, sum->infinite, sum->nan,
		     found == 1 ? "; later nodes may follow from this one" : "");
	}
	if (found > LINES_MAX)
		warn("and %zu more nodes; --json lists all", found - LINES_MAX);
}
