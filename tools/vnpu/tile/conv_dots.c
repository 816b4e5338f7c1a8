/* SPDX-License-Identifier: MIT */
#include <tsr_hw/error.h>

#include "command.h"
#include "conv_dense.h"
#include "conv_job.h"
#include "conv_kept.h"
#include "dots.h"
#include "execution.h"
#include "int8.h"
#include "packed.h"
#include "pairs.h"
#include "parallel.h"
#include "pictures.h"
#include "quads.h"
#include "smaller.h"
#include "staging.h"
#include "tile.h"

/*
 * Windows of a block share weights while these are in a cache: as many as leave room for the sums
 * of all columns until they are stored, within these limits. Not more windows than the lower one
 * are cut for threads alone.
 */
#define LEAST_ROWS	(9 * DOTS_ROWS)
#define MOST_ROWS	(40 * DOTS_ROWS)

/* Of panels, and of what epilogues work on together (vector/chain.h). */
#define WHOLE_COLUMNS	128u

/*
 * Blocks of rows are a multiple of it, parts of the columns of the only block at most as many: few
 * threads get about the same of them, and where a fault is met first does not depend on how many
 * threads there are.
 */
#define EVEN_BLOCKS	4u

/* Multiply-accumulates between two questions whether to give up. */
#define BLOCK_MACS	(1ull << 28)

/* Panels that are packed between two of them. */
#define PACKED_BYTES	(1ull << 20)

/*
 * A running one.
 * @dots: of a group: a row is a window, its runs lie in one line of a picture
 * @element: bytes of a staged element
 * @zero: what is to be taken off these for the zero point, by @start
 * @group: bytes of a group's packed weights
 * @inputs: staged pictures
 * @start: what the sums of each output begin with
 * @first: number of the first staged picture
 * @rows: windows of the staged ones
 * @blocks: that @rows are cut into
 * @columns: of a block, in each group
 */
struct dots_conv {
	struct conv_job *job;
	struct pictures pictures;
	struct dots dots;
	uint64_t element;
	int64_t zero;
	uint64_t *at;
	uint64_t group;
	struct packed *packed;
	char *inputs;
	int32_t *start;
	uint64_t first;
	uint64_t rows;
	uint64_t blocks;
	uint64_t columns;
};

static const struct sliding *windows_of(const struct conv_job *job)
{
	return &job->command->conv.window[CONV_ROWS];
}

static uint64_t channels_of(const struct conv_job *job)
{
	return job->command->conv.x.dim[1];
}

/* Columns of a window that lie next to each other, with all channels, are one run. */
static bool has_whole_lines(const struct conv_job *job)
{
	return job->command->conv.groups == 1 && windows_of(job)[1].dilation == 1;
}

/* Of the columns that panels have, at least three quarters are there. */
static bool fills_panels(uint64_t columns, const struct dots_way *way)
{
	return quotient(columns, way->columns) * way->columns / 4 * 3 <= columns;
}

/*
 * Sums are stored from a cache here, so that the library's ways are for what leaves panels empty.
 */
static const struct dots_way *way_of(const struct conv_job *job)
{
	const struct dots_way *quads = quads_way();

	if (quads && fills_panels(job->weights.n, quads))
		return quads;
	return int8_by_library() || job->weights.n < PAIRS_LEAST_COLUMNS ? NULL : pairs_way();
}

static struct dots dots_of(const struct conv_job *job)
{
	const struct sliding *window = windows_of(job);
	uint64_t channels = job->command->conv.w.dim[1];
	struct dots dots = {
		.way = way_of(job), .runs = window[0].kernel, .length = window[1].kernel * channels,
		.columns = job->weights.n,
	};

	if (has_whole_lines(job))
		return dots;
	dots.runs *= window[1].kernel;
	dots.length = channels;
	return dots;
}

bool conv_dots_suits(const struct conv_job *job)
{
	return job->dense && pairing_is_exact(job->weights.pairing) && way_of(job);
}

static uint64_t element_of(const struct dots *dots)
{
	return DOTS_GROUP_BYTES / dots->way->group;
}

/* Up to a group behind the last element is read. */
static uint64_t inputs_size(const struct conv_job *job, const struct dots *dots)
{
	return conv_dense_inputs(job) * element_of(dots) + DOTS_GROUP_BYTES;
}

static uint64_t start_size(const struct conv_job *job)
{
	return job->command->d.dim[1] * sizeof(int32_t);
}

uint64_t conv_dots_staging(const struct conv_job *job)
{
	const struct dots dots = dots_of(job);

	/* Weights are staged before they are packed. */
	return staging_size(inputs_size(job, &dots)) + staging_size(dots.runs * sizeof(uint64_t)) +
	       staging_size(start_size(job)) +
	       weights_staging(job->weights.pairing, job->weights.k,
			       job->weights.n * job->command->conv.groups) +
	       staging_size(job->command->conv.groups * dots_packed(&dots));
}

/* ---- weights -------------------------------------------------------------------- */

/* Where weights are packed from and to. */
struct packing {
	const struct dots_conv *conv;
	const int8_t *weights;
	int8_t *packed;
};

/* Panels are numbered through all groups. */
static int pack_panels(void *context, uint64_t first, uint64_t n, uint64_t *fault)
{
	const struct packing *packing = context;
	const struct dots_conv *conv = packing->conv;
	uint64_t panels = dots_panels(&conv->dots);
	uint64_t each = conv->job->weights.k * conv->dots.columns;

	(void)fault;
	for (uint64_t i = first; i < first + n; i++)
		dots_pack(&conv->dots, packing->weights + i / panels * each, i % panels, 1,
			  packing->packed + i / panels * conv->group);
	return TSR_HW_ERR_NONE;
}

static int pack(const void *context, const void *weights, void *packed)
{
	const struct dots_conv *conv = context;
	struct packing packing = { conv, weights, packed };
	uint64_t panels = conv->job->command->conv.groups * dots_panels(&conv->dots);

	return parallel_ranges(conv->job->execution->memory, panels,
			       PACKED_BYTES / dots_panel(&conv->dots) + 1, pack_panels, &packing,
			       &conv->job->execution->fault);
}

static int prepare_weights(struct dots_conv *conv)
{
	struct conv_job *job = conv->job;
	const struct sliding *window = windows_of(job);
	struct packed_key key = {
		.type = job->command->conv.w.type,
		.conv = {
			.channels = (int64_t)channels_of(job),
			.outputs = (int64_t)job->command->d.dim[1],
			.kernel = { window[0].kernel, window[1].kernel },
			.dilation = { 1, has_whole_lines(job) ? 1 : window[1].dilation },
			.groups = job->command->conv.groups,
		},
	};
	const struct conv_packing packing = {
		/* What is kept serves inputs of any zero point. */
		.pack = pack, .context = conv, .has_terms = conv->element == sizeof(uint8_t),
		.bytes = job->command->conv.groups * dots_packed(&conv->dots),
	};

	return conv_kept_weights(job, &key, &packing, &conv->packed);
}

/* ---- windows -------------------------------------------------------------------- */

static void place_runs(struct dots_conv *conv)
{
	const struct sliding *window = windows_of(conv->job);
	uint64_t channels = channels_of(conv->job);
	uint64_t line = pictures_extent(&conv->pictures, 1) * channels;
	uint64_t columns = conv->dots.runs / window[0].kernel;

	for (uint64_t i = 0; i < conv->dots.runs; i++)
		conv->at[i] = conv->element * (i / columns * window[0].dilation * line +
					       i % columns * window[1].dilation * channels);
}

/* sum (a - z) b = sum a b - z sum b, modulo 2^32. */
static void set_start(const struct dots_conv *conv)
{
	const uint32_t *terms = conv->packed->terms;

	for (uint64_t i = 0; i < conv->job->command->d.dim[1]; i++)
		conv->start[i] = conv->zero ? (int32_t)(0 - terms[i] * (uint32_t)conv->zero) : 0;
}

/* Where the windows of some results begin, of which the first is number @first of the chunk. */
static void place_rows(const struct dots_conv *conv, uint64_t first, uint64_t n, uint64_t group,
		       const char **row)
{
	const struct sliding *window = windows_of(conv->job);
	uint64_t channels = channels_of(conv->job);
	uint64_t lines = pictures_extent(&conv->pictures, 0);
	uint64_t columns = pictures_extent(&conv->pictures, 1);

	for (uint64_t i = 0; i < n; i++) {
		uint64_t pixel = first + i, x = pixel % window[1].out;
		uint64_t line = pixel / window[1].out;
		uint64_t image = line / window[0].out, y = line % window[0].out;

		row[i] = conv->inputs + conv->element *
			 (channels * ((image * lines + y * window[0].stride) * columns +
				      x * window[1].stride) +
			  group * conv->job->command->conv.w.dim[1]);
	}
}

/* ---- results -------------------------------------------------------------------- */

/* Some outputs of some rows. */
struct sums {
	uint64_t first;
	uint64_t rows;
	uint64_t column;
	uint64_t columns;
};

static int store(const struct dots_conv *conv, const struct sums *sums, int32_t *values,
		 uint64_t *fault)
{
	uint64_t width = conv->job->command->d.dim[1];
	int error = TSR_HW_ERR_NONE;

	if (sums->columns == width)
		return block_range(&conv->job->run, sums->first * width, sums->rows * width, values,
				   fault);
	for (uint64_t i = 0; !error && i < sums->rows; i++)
		error = block_range(&conv->job->run, (sums->first + i) * width + sums->column,
				    sums->columns, values + i * sums->columns, fault);
	return error;
}

/* Sums that there is room for: of all columns, or of few rows. */
static uint64_t columns_at_once(const struct dots *dots, uint64_t rows)
{
	uint64_t most = dots->way->sums / rows;

	return most >= dots->columns ? dots->columns : most / WHOLE_COLUMNS * WHOLE_COLUMNS;
}

static int make_group(const struct dots_conv *conv, const struct sums *block, uint64_t group,
		      uint64_t *fault)
{
	const struct dots *dots = &conv->dots;
	const int8_t *packed = (const int8_t *)conv->packed->weights + group * conv->group;
	uint64_t most = columns_at_once(dots, block->rows);
	uint64_t end = smaller(block->column + block->columns, dots->columns);
	_Alignas(64) int32_t values[DOTS_MOST_SUMS];
	const char *row[MOST_ROWS];
	int error = TSR_HW_ERR_NONE;

	place_rows(conv, block->first, block->rows, group, row);
	for (uint64_t at = block->column; !error && at < end; at += most) {
		const struct sums sums = {
			.first = conv->first * conv->job->pixels + block->first,
			.rows = block->rows,
			.column = group * dots->columns + at,
			.columns = smaller(most, end - at),
		};

		dots_multiply(dots, row, block->rows,
			      packed + at / dots->way->columns * dots_panel(dots), sums.columns,
			      conv->start + sums.column, values);
		error = store(conv, &sums, values, fault);
	}
	return error;
}

/* The row that a block begins with. */
static uint64_t first_row(const struct dots_conv *conv, uint64_t block)
{
	uint64_t tiles = quotient(conv->rows, DOTS_ROWS);

	return smaller(tiles * block / conv->blocks * DOTS_ROWS, conv->rows);
}

/* Blocks are numbered by groups, then by parts of the columns, then by rows. */
static int make_blocks(void *context, uint64_t first, uint64_t n, uint64_t *fault)
{
	const struct dots_conv *conv = context;
	uint64_t parts = quotient(conv->dots.columns, conv->columns);
	int error = TSR_HW_ERR_NONE;

	for (uint64_t i = first; !error && i < first + n; i++) {
		uint64_t rows = i % conv->blocks, part = i / conv->blocks % parts;
		const struct sums block = {
			.first = first_row(conv, rows),
			.rows = first_row(conv, rows + 1) - first_row(conv, rows),
			.column = part * conv->columns,
			.columns = conv->columns,
		};

		error = make_group(conv, &block, i / conv->blocks / parts, fault);
	}
	return error;
}

/* Whole panels, @most columns at most if that is one. */
static uint64_t part_of(const struct dots *dots, uint64_t columns, uint64_t most)
{
	return smaller(columns, larger(most / dots->way->columns, 1) * dots->way->columns);
}

/* Tiles of a block, of which one panel is not too much work. */
static uint64_t most_tiles(const struct dots_conv *conv)
{
	const struct dots_way *way = conv->dots.way;
	uint64_t rows = smaller(larger(way->sums / conv->dots.columns, LEAST_ROWS), MOST_ROWS);
	uint64_t work = BLOCK_MACS / way->columns / conv->job->weights.k;

	return larger(smaller(rows, work) / DOTS_ROWS, 1);
}

/*
 * Blocks have about the same number of tiles. Few rows of many columns are one,
 * cut into parts of these.
 */
static void divide(struct dots_conv *conv, uint64_t rows)
{
	uint64_t columns = conv->dots.columns, tiles = quotient(rows, DOTS_ROWS);
	uint64_t unit = columns < WHOLE_COLUMNS ? conv->dots.way->columns : WHOLE_COLUMNS;
	uint64_t most = most_tiles(conv), macs;
	bool is_one = rows <= LEAST_ROWS && tiles <= most &&
		      (columns > unit || conv->job->command->conv.groups > 1);

	conv->rows = rows;
	conv->blocks = is_one ? 1 :
		       smaller(tiles, EVEN_BLOCKS * quotient(tiles, EVEN_BLOCKS * most));
	conv->columns = is_one ? quotient(quotient(columns, unit), EVEN_BLOCKS) * unit : columns;
	macs = quotient(tiles, conv->blocks) * DOTS_ROWS * conv->job->weights.k;
	conv->columns = part_of(&conv->dots, conv->columns, BLOCK_MACS / macs);
}

static uint64_t count_blocks(const struct dots_conv *conv)
{
	return conv->job->command->conv.groups * conv->blocks *
	       quotient(conv->dots.columns, conv->columns);
}

static int run_pictures(struct dots_conv *conv, uint64_t first, uint64_t images)
{
	struct conv_job *job = conv->job;
	int error = pictures_load(job->execution, &conv->pictures, first, images, conv->inputs);

	conv->first = first;
	divide(conv, images * job->pixels);
	if (!error)
		error = parallel_ranges(job->execution->memory, count_blocks(conv), 1, make_blocks,
					conv, &job->execution->fault);
	return error ? error : execution_progress(job->execution, first + images,
						  job->command->d.dim[0]);
}

/* ---- all of it ------------------------------------------------------------------ */

static int run(struct dots_conv *conv)
{
	struct conv_job *job = conv->job;
	uint64_t total = job->command->d.dim[0];
	int error = prepare_weights(conv);

	if (!error) {
		place_runs(conv);
		set_start(conv);
	}
	for (uint64_t first = 0; !error && first < total; first += job->images)
		error = run_pictures(conv, first, smaller(job->images, total - first));
	packed_put(conv->packed);
	return error;
}

/* Pairs take the zero point off elements; quads take its products off the sums. */
static void describe(struct conv_job *job, struct dots_conv *conv)
{
	const struct command *command = job->command;
	int64_t zero = command->conv.qx.zero + codes_first_offset(command->conv.x.type);

	*conv = (struct dots_conv){ .job = job, .dots = dots_of(job) };
	conv_dense_pictures(job, &conv->pictures);
	conv->element = element_of(&conv->dots);
	conv->group = dots_packed(&conv->dots);
	if (conv->element == sizeof(uint8_t)) {
		conv->zero = zero;
		return;
	}
	conv->pictures.wide = true;
	conv->pictures.padding = 0;
	conv->pictures.zero = (int32_t)zero;
}

int conv_by_dots(struct conv_job *job)
{
	struct dots_conv conv;
	int error = TSR_HW_ERR_ENGINE;

	describe(job, &conv);
	conv.at = staging_get(conv.dots.runs * sizeof(*conv.at));
	conv.dots.at = conv.at;
	conv.inputs = staging_get(inputs_size(job, &conv.dots));
	conv.start = staging_get(start_size(job));
	if (conv.at && conv.inputs && conv.start)
		error = run(&conv);
	staging_put(conv.start);
	staging_put(conv.inputs);
	staging_put(conv.at);
	return error;
}
