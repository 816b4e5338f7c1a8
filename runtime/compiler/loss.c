// SPDX-License-Identifier: MIT
/* Which nodes read constants that the program's precision does not hold. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "compiler.h"
#include "../error.h"

static bool reads(const struct tsr_layout *layout, const struct tsr_step *step, const void *data)
{
	unsigned int views[5];
	size_t count = tsr_step_views(step, views), i;

	for (i = 1; i < count; i++)
		if (layout->storage[layout->view[views[i]].storage].data == data)
			return true;
	return false;
}

static int add(struct tsr_range_losses *found, size_t node, const struct tsr_graph_tensor *tensor,
	       const struct tsr_loss *loss)
{
	struct tsr_range_loss *grown;

	grown = reallocarray(found->loss, found->count + 1, sizeof(*grown));
	if (!grown)
		return tsr_fail(-ENOMEM, "out of memory");
	found->loss = grown;
	grown[found->count] = (struct tsr_range_loss){
		.node = node, .constant = strdup(tensor->name), .type = tensor->info.type,
		.values = tsr_info_elements(&tensor->info),
		.overflows = loss->overflows, .underflows = loss->underflows,
	};
	if (!grown[found->count].constant)
		return tsr_fail(-ENOMEM, "out of memory");
	found->count++;
	return 0;
}

static int find_readers(const struct tsr_graph *graph, const struct tsr_steps *steps,
			const struct tsr_layout *layout, const struct tsr_loss *loss,
			struct tsr_range_losses *found)
{
	const struct tsr_graph_tensor *tensor = &graph->tensors[loss->constant];
	size_t i;
	int error = 0;

	for (i = 0; i < steps->count && !error; i++)
		if (reads(layout, &steps->step[i], tensor->data))
			error = add(found, i, tensor, loss);
	return error;
}

int tsr_find_losses(const struct tsr_graph *graph, const struct tsr_steps *steps,
		    const struct tsr_layout *layout, const struct tsr_losses *losses,
		    struct tsr_range_losses *found)
{
	size_t i;
	int error = 0;

	for (i = 0; i < losses->count && !error; i++)
		error = find_readers(graph, steps, layout, &losses->loss[i], found);
	return error;
}
