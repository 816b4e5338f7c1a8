// SPDX-License-Identifier: MIT
#include "steps_pool.h"

#include "program.h"
#include "strips.h"
#include "window.h"

/* What the windows of some outputs hit. */
static struct region hit_region(const struct pool *pool, const struct region *outputs)
{
	struct region region = *outputs;

	for (unsigned int i = 0; i < pool->dims; i++) {
		struct range range = { outputs->start[2 + i], outputs->size[2 + i] };

		range = window_hit(&pool->window[i], range, pool->x.extent[2 + i]);
		region.start[2 + i] = range.start;
		region.size[2 + i] = range.size;
	}
	return region;
}

/* The most that they could hit anywhere. */
static struct region widest_region(const struct pool *pool, const struct region *outputs)
{
	struct region region = *outputs;

	for (unsigned int i = 0; i < pool->dims; i++)
		region.size[2 + i] = window_span(&pool->window[i], outputs->size[2 + i],
						 pool->x.extent[2 + i]);
	return region;
}

int pool_steps(struct steps *steps, const struct pool *pool)
{
	int error = boxes_begin(&steps->boxes, &pool->d, pool->block, 0);
	const struct region *box = &steps->boxes.box;
	struct region widest = widest_region(pool, box);

	steps->working_set = 2 * (held_of_region(&pool->x, &widest) +
				  program_held(&pool->post, box));
	return error;
}

void pool_next(struct steps *steps, const struct pool *pool, struct step *step)
{
	const struct region *box = &steps->boxes.box;
	struct region source = hit_region(pool, box);
	uint64_t outputs = region_elements(box, steps->boxes.rank), taps = 1;

	for (unsigned int i = 0; i < pool->dims; i++)
		taps *= pool->window[i].kernel;
	step_load_region(step, steps->walks, &pool->x, &source);
	program_load(&pool->post, steps->walks, box, step);
	step->vector = divide_up(outputs * taps, steps->class->vector_operations) +
		       strips_linear(steps->class, &pool->post, outputs);
	step_store(step, steps->walks, &pool->d, box);
	step_store(step, steps->walks, &pool->index, box);
}
