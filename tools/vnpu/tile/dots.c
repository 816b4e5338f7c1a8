/* SPDX-License-Identifier: MIT */
#include "dots.h"

#include <string.h>

#include <number/clones.h>

#include "smaller.h"

static uint64_t groups_of(const struct dots *dots)
{
	return quotient(dots->length, dots->way->group);
}

/* Bytes of a group of all columns of a panel. */
static uint64_t group_bytes(const struct dots_way *way)
{
	return way->columns * way->group;
}

uint64_t dots_panel(const struct dots *dots)
{
	return dots->runs * groups_of(dots) * group_bytes(dots->way);
}

uint64_t dots_panels(const struct dots *dots)
{
	return quotient(dots->columns, dots->way->columns);
}

uint64_t dots_packed(const struct dots *dots)
{
	return dots_panels(dots) * dots_panel(dots);
}

/* ---- second operands ------------------------------------------------------------ */

/* Rows of a panel, column by column. */
#define DEFINE_INTERLEAVE(group)							\
TILE_CLONES static void interleave_##group(const int8_t *const *row, uint64_t columns,	\
					   int8_t *to)					\
{											\
	for (uint64_t i = 0; i < columns; i++)						\
		for (unsigned int k = 0; k < (group); k++)				\
			to[(group) * i + k] = row[k][i];				\
}

DEFINE_INTERLEAVE(2)
DEFINE_INTERLEAVE(4)

/* A row of a panel; columns behind the last one are 0. */
static const int8_t *row_of(const int8_t *b, uint64_t columns, uint64_t most, int8_t *room)
{
	if (columns >= most)
		return b;
	memset(room, 0, most);
	memcpy(room, b, columns);
	return room;
}

/* A run that is no whole number of groups ends with rows of zeros. */
static void pack_run(const struct dots *dots, const int8_t *b, uint64_t columns, int8_t *to)
{
	static const int8_t zeros[DOTS_MOST_COLUMNS];
	const struct dots_way *way = dots->way;
	int8_t room[DOTS_MOST_GROUP][DOTS_MOST_COLUMNS];
	const int8_t *row[DOTS_MOST_GROUP];

	for (uint64_t k = 0; k < dots->length; k += way->group, to += group_bytes(way)) {
		for (unsigned int i = 0; i < way->group; i++)
			row[i] = k + i >= dots->length ? zeros :
				 row_of(b + (k + i) * dots->columns, columns, way->columns,
					room[i]);
		if (way->group == 2)
			interleave_2(row, way->columns, to);
		else
			interleave_4(row, way->columns, to);
	}
}

void dots_pack(const struct dots *dots, const int8_t *b, uint64_t first, uint64_t panels,
	       int8_t *packed)
{
	uint64_t run = groups_of(dots) * group_bytes(dots->way);

	packed += first * dots_panel(dots);
	for (uint64_t panel = first; panel < first + panels; panel++) {
		uint64_t column = panel * dots->way->columns;

		for (uint64_t i = 0; i < dots->runs; i++, packed += run)
			pack_run(dots, b + i * dots->length * dots->columns + column,
				 dots->columns - column, packed);
	}
}

/* ---- products ------------------------------------------------------------------- */

/*
 * A tile that has fewer columns, or too few rows: the last row stands for those that there are not.
 */
static void multiply_part(const struct dots_way *way, const struct dots_depth *depth,
			  const char *const *row, const int8_t *b, const struct dots_sums *sums)
{
	_Alignas(64) int32_t tile[DOTS_ROWS * DOTS_MOST_COLUMNS] = { 0 };
	const struct dots_sums whole = {
		.rows = DOTS_ROWS, .columns = way->columns,
		.from = tile, .from_pitch = way->columns, .to = tile, .pitch = way->columns,
	};
	const char *all[DOTS_ROWS];

	for (unsigned int i = 0; i < DOTS_ROWS; i++)
		all[i] = row[smaller(i, sums->rows - 1)];
	for (uint64_t i = 0; i < sums->rows; i++)
		memcpy(tile + i * way->columns, sums->from + i * sums->from_pitch,
		       sums->columns * sizeof(*tile));
	way->multiply(depth, all, b, &whole);
	for (uint64_t i = 0; i < sums->rows; i++)
		memcpy(sums->to + i * sums->pitch, tile + i * way->columns,
		       sums->columns * sizeof(*tile));
}

/*
 * The part behind this one comes near while the first tiles of this one are computed. Behind the
 * last one there is nothing to read, and nothing is: no fetch ahead is a fault.
 */
static const int8_t *next_of(const struct dots_way *way, const struct dots_depth *depth,
			     const int8_t *b, uint64_t tile)
{
	uint64_t groups = depth->runs * depth->groups;
	uint64_t part = groups * group_bytes(way), at = tile * groups * DOTS_LINE_BYTES;

	return at < part ? b + part + at : b;
}

static void multiply_depth(const struct dots_way *way, const struct dots_depth *depth,
			   const char *const *row, const int8_t *b, const struct dots_sums *panel)
{
	struct dots_sums sums = *panel;
	struct dots_depth part = *depth;

	for (uint64_t at = 0; at < panel->rows; at += DOTS_ROWS) {
		sums.rows = smaller(DOTS_ROWS, panel->rows - at);
		part.next = next_of(way, depth, b, at / DOTS_ROWS);
		if (sums.columns == way->columns && (sums.rows == DOTS_ROWS || way->any_rows))
			way->multiply(&part, row + at, b, &sums);
		else
			multiply_part(way, &part, row + at, b, &sums);
		sums.from += DOTS_ROWS * sums.from_pitch;
		sums.to += DOTS_ROWS * sums.pitch;
	}
}

/* Parts of a run, or several runs: what of a panel stays in a near cache for all rows. */
static void multiply_panel(const struct dots *dots, const char *const *row, const int8_t *b,
			   struct dots_sums *sums)
{
	const struct dots_way *way = dots->way;
	uint64_t run = groups_of(dots), most = run < way->depth ? way->depth / run : 1;
	struct dots_depth depth;

	for (uint64_t i = 0; i < dots->runs; i += depth.runs) {
		depth.at = dots->at + i;
		depth.runs = smaller(most, dots->runs - i);
		for (uint64_t k = 0; k < run; k += depth.groups) {
			depth.first = k * DOTS_GROUP_BYTES;
			depth.groups = smaller(way->depth, run - k);
			multiply_depth(way, &depth, row, b, sums);
			b += depth.runs * depth.groups * group_bytes(way);
			sums->from = sums->to;
			sums->from_pitch = sums->pitch;
		}
	}
}

void dots_multiply(const struct dots *dots, const char *const *row, uint64_t rows,
		   const int8_t *packed, uint64_t columns, const int32_t *start, int32_t *c)
{
	for (uint64_t at = 0; at < columns; at += dots->way->columns) {
		struct dots_sums sums = {
			.rows = rows, .columns = smaller(dots->way->columns, columns - at),
			.from = start + at, .to = c + at, .pitch = columns,
		};

		multiply_panel(dots, row, packed, &sums);
		packed += dots_panel(dots);
	}
}
