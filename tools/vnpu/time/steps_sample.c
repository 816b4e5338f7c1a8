// SPDX-License-Identifier: MIT
#include "steps_sample.h"

#include "program.h"
#include "strips.h"

/* Operations for an output in two and in three spatial dimensions. */
#define OPERATIONS_2D	4
#define OPERATIONS_3D	8

/* The coordinates that a box of d needs: its batch indices and positions, all their elements. */
static struct region coords_region(const struct sample *sample, const struct region *box)
{
	struct region region = { { box->start[0] }, { box->size[0] } };

	for (unsigned int i = 0; i < sample->dims; i++) {
		region.start[1 + i] = box->start[2 + i];
		region.size[1 + i] = box->size[2 + i];
	}
	region.size[1 + sample->dims] = sample->dims;
	return region;
}

/* What x has at the first corner there may be: all have its extents. */
static struct region first_corner(const struct sample *sample, const struct region *box)
{
	struct region region = { { 0, box->start[1] }, { 1, box->size[1] } };

	for (unsigned int i = 0; i < sample->dims; i++)
		region.size[2 + i] = 1;
	return region;
}

/* Bits from the first corner of x to one of a position. */
static int64_t corner_offset(const struct sample *sample, const struct box *first,
			     const uint64_t *position, const uint32_t *corner)
{
	uint64_t image = sample->images ?
		(uint64_t)sample->images[position[0] * sample->image_stride] : position[0];
	int64_t offset = (int64_t)image * first->stride[0];

	for (unsigned int i = 0; i < sample->dims; i++)
		offset += (int64_t)corner[i] * first->stride[2 + i];
	return offset;
}

static bool next_position(const struct sample *sample, const struct region *coords,
			  uint64_t *position)
{
	for (unsigned int i = sample->dims + 1u; i-- > 0;) {
		if (++position[i] < coords->start[i] + coords->size[i])
			return true;
		position[i] = coords->start[i];
	}
	return false;
}

/* All corners of all positions, one after another. */
static void load_corners(struct steps *steps, const struct sample *sample, struct step *step)
{
	const struct region *box = &steps->boxes.box;
	struct region coords = coords_region(sample, box);
	const struct region one = first_corner(sample, box);
	const struct box first = operand_box(&sample->x, &one);
	uint64_t position[WALK_RANK_MAX], corners = 0;
	uint32_t corner[CORNERS_MAX][SPATIAL_MAX];
	struct trail trail = { 0 };
	struct box here = first;

	for (unsigned int i = 0; i <= sample->dims; i++)
		position[i] = coords.start[i];
	do {
		unsigned int count = sample->find(sample, position, corner);

		for (unsigned int i = 0; i < count; i++) {
			here.address = first.address +
				       corner_offset(sample, &first, position, corner[i]);
			trail_add(&trail, steps->walks, &here);
		}
		corners += count;
	} while (next_position(sample, &coords, position));
	step_load(step, &sample->x, &trail.walk, corners * operand_volume(&sample->x, &one));
}

int sample_steps(struct steps *steps, const struct sample *sample)
{
	int error = boxes_begin(&steps->boxes, &sample->d, sample->block, 0);
	const struct region *box = &steps->boxes.box;
	struct region coords = coords_region(sample, box);
	uint64_t elements = region_elements(box, steps->boxes.rank);

	steps->working_set = 2 * (held_of_region(&sample->coords, &coords) +
				  program_held(&sample->post, box));
	if (operand_loads(&sample->x))
		steps->working_set += 2 * bytes_held(elements * sample->corners * sample->x.bits);
	return error;
}

void sample_next(struct steps *steps, const struct sample *sample, struct step *step)
{
	const struct region *box = &steps->boxes.box;
	struct region coords = coords_region(sample, box);
	uint64_t outputs = region_elements(box, steps->boxes.rank);
	uint64_t operations = sample->dims > 2 ? OPERATIONS_3D : OPERATIONS_2D;

	if (operand_loads(&sample->x))
		load_corners(steps, sample, step);
	step_load_region(step, steps->walks, &sample->coords, &coords);
	program_load(&sample->post, steps->walks, box, step);
	step->vector = divide_up(outputs * operations, steps->class->vector_operations) +
		       strips_linear(steps->class, &sample->post, outputs);
	step_store(step, steps->walks, &sample->d, box);
}
