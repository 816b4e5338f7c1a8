/* SPDX-License-Identifier: MIT */
#include <tsr_hw/error.h>

#include "command.h"
#include "conv_dense.h"
#include "conv_job.h"
#include "conv_kept.h"
#include "execution.h"
#include "int8.h"
#include "packed.h"
#include "pairs.h"
#include "parallel.h"
#include "pictures.h"
#include "smaller.h"
#include "staging.h"
#include "tile.h"

/*
 * Windows of a block share weights while these are in a cache: at least so many, more if there are few outputs.
 * Sums stay in a cache until they are stored.
 */
#define LEAST_ROWS	(9 * PAIRS_ROWS)
#define MOST_ROWS	(40 * PAIRS_ROWS)
#define BLOCK_SUMS	16384u

/*
 * Blocks of rows are a multiple of one number, parts of the columns of the only block at most another: few threads
 * get the same number of them, and where a fault is met first does not depend on how many threads there are.
 */
#define EVEN_BLOCKS	4u
#define MOST_PARTS	8u

/* Multiply-accumulates between two questions whether to give up. */
#define BLOCK_MACS	(1ull << 28)

/* Panels that are packed between two of them. */
#define PACKED_BYTES	(1ull << 20)

/*
 * A running one.
 * @pairs: of a group: a row is a window, its runs lie in one line of a picture
 * @group: bytes of a group's packed weights
 * @images: of @inputs
 * @first: number of the first one
 * @rows: windows of @inputs
 * @blocks: that @rows are cut into
 * @columns: of a block, in each group
 */
struct pairs_conv {
	struct conv_job *job;
	struct pictures pictures;
	struct pairs pairs;
	uint64_t *at;
	uint64_t group;
	struct packed *packed;
	int16_t *inputs;
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

static struct pairs pairs_of(const struct conv_job *job)
{
	const struct sliding *window = windows_of(job);
	uint64_t channels = job->command->conv.w.dim[1];

	if (has_whole_lines(job))
		return (struct pairs){ .runs = window[0].kernel,
				       .length = window[1].kernel * channels,
				       .columns = job->weights.n };
	return (struct pairs){ .runs = (uint64_t)window[0].kernel * window[1].kernel,
			       .length = channels, .columns = job->weights.n };
}

/* Where the library has exact products, these are quicker for windows that it has no convolution for. */
bool conv_pairs_suits(const struct conv_job *job)
{
	return job->dense && pairing_is_exact(job->weights.pairing) &&
	       job->weights.n >= PAIRS_LEAST_COLUMNS && pairs_exist() && !int8_by_library();
}

/* One element behind the last one is read. */
static uint64_t inputs_size(const struct conv_job *job)
{
	return (conv_dense_inputs(job) + 1) * sizeof(int16_t);
}

uint64_t conv_pairs_staging(const struct conv_job *job)
{
	const struct pairs pairs = pairs_of(job);

	/* Weights are staged before they are packed. */
	return staging_size(inputs_size(job)) + staging_size(pairs.runs * sizeof(uint64_t)) +
	       weights_staging(job->weights.pairing, job->weights.k,
			       job->weights.n * job->command->conv.groups) +
	       staging_size(job->command->conv.groups * pairs_packed(&pairs));
}

/* ---- weights -------------------------------------------------------------------- */

/* Where weights are packed from and to. */
struct packing {
	const struct pairs_conv *conv;
	const int8_t *weights;
	int8_t *packed;
};

/* Panels are numbered through all groups. */
static int pack_panels(void *context, uint64_t first, uint64_t n, uint64_t *fault)
{
	const struct packing *packing = context;
	const struct pairs_conv *conv = packing->conv;
	uint64_t panels = pairs_panels(&conv->pairs);
	uint64_t each = conv->job->weights.k * conv->pairs.columns;

	(void)fault;
	for (uint64_t i = first; i < first + n; i++)
		pairs_pack(&conv->pairs, packing->weights + i / panels * each, i % panels, 1,
			   packing->packed + i / panels * conv->group);
	return TSR_HW_ERR_NONE;
}

static int pack(const void *context, const void *weights, void *packed)
{
	const struct pairs_conv *conv = context;
	struct packing packing = { conv, weights, packed };
	uint64_t panels = conv->job->command->conv.groups * pairs_panels(&conv->pairs);

	return parallel_ranges(conv->job->execution->memory, panels,
			       PACKED_BYTES / pairs_panel(&conv->pairs) + 1, pack_panels, &packing,
			       &conv->job->execution->fault);
}

static int prepare_weights(struct pairs_conv *conv)
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
		.pack = pack, .context = conv,
		.bytes = job->command->conv.groups * pairs_packed(&conv->pairs),
	};

	return conv_kept_weights(job, &key, &packing, &conv->packed);
}

static uint64_t quotient(uint64_t of, uint64_t by)
{
	return (of + by - 1) / by;
}

/* ---- windows -------------------------------------------------------------------- */

static void place_runs(struct pairs_conv *conv)
{
	const struct sliding *window = windows_of(conv->job);
	uint64_t channels = channels_of(conv->job);
	uint64_t line = pictures_extent(&conv->pictures, 1) * channels;
	uint64_t columns = conv->pairs.runs / window[0].kernel;

	for (uint64_t i = 0; i < conv->pairs.runs; i++)
		conv->at[i] = i / columns * window[0].dilation * line +
			      i % columns * window[1].dilation * channels;
}

/* Where the windows of some results begin, of which the first is number @first of the chunk. */
static void place_rows(const struct pairs_conv *conv, uint64_t first, uint64_t n, uint64_t group,
		       const int16_t **row)
{
	const struct sliding *window = windows_of(conv->job);
	uint64_t channels = channels_of(conv->job);
	uint64_t lines = pictures_extent(&conv->pictures, 0);
	uint64_t columns = pictures_extent(&conv->pictures, 1);

	for (uint64_t i = 0; i < n; i++) {
		uint64_t pixel = first + i, x = pixel % window[1].out;
		uint64_t line = pixel / window[1].out;
		uint64_t image = line / window[0].out, y = line % window[0].out;

		row[i] = conv->inputs + channels * ((image * lines + y * window[0].stride) * columns +
						    x * window[1].stride) +
			 group * conv->job->command->conv.w.dim[1];
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

static int store(const struct pairs_conv *conv, const struct sums *sums, int32_t *values,
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

/* Sums of a block, of as many panels at a time as there is room for. */
static int make_group(const struct pairs_conv *conv, const struct sums *block, uint64_t group,
		      uint64_t *fault)
{
	const struct pairs *pairs = &conv->pairs;
	const int8_t *packed = (const int8_t *)conv->packed->weights + group * conv->group;
	uint64_t most = BLOCK_SUMS / block->rows / PAIRS_COLUMNS * PAIRS_COLUMNS;
	uint64_t end = smaller(block->column + block->columns, pairs->columns);
	_Alignas(64) int32_t values[BLOCK_SUMS];
	const int16_t *row[MOST_ROWS];
	int error = TSR_HW_ERR_NONE;

	place_rows(conv, block->first, block->rows, group, row);
	for (uint64_t at = block->column; !error && at < end; at += most) {
		const struct sums sums = {
			.first = conv->first * conv->job->pixels + block->first,
			.rows = block->rows,
			.column = group * pairs->columns + at,
			.columns = smaller(most, end - at),
		};

		pairs_multiply(pairs, row, block->rows,
			       packed + at / PAIRS_COLUMNS * pairs_panel(pairs), sums.columns, values,
			       sums.columns);
		error = store(conv, &sums, values, fault);
	}
	return error;
}

/* The row that a block begins with. */
static uint64_t first_row(const struct pairs_conv *conv, uint64_t block)
{
	uint64_t tiles = quotient(conv->rows, PAIRS_ROWS);

	return smaller(tiles * block / conv->blocks * PAIRS_ROWS, conv->rows);
}

/* Blocks are numbered by groups, then by parts of the columns, then by rows. */
static int make_blocks(void *context, uint64_t first, uint64_t n, uint64_t *fault)
{
	const struct pairs_conv *conv = context;
	uint64_t parts = quotient(conv->pairs.columns, conv->columns);
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

/* Whole panels, @most at most if that is one. */
static uint64_t part_of(uint64_t columns, uint64_t most)
{
	return smaller(columns, larger(most / PAIRS_COLUMNS, 1) * PAIRS_COLUMNS);
}

/* Blocks have about the same number of tiles. The only one is cut into parts of its columns. */
static void divide(struct pairs_conv *conv, uint64_t rows)
{
	uint64_t columns = conv->pairs.columns, tiles = quotient(rows, PAIRS_ROWS);
	uint64_t most = smaller(larger(BLOCK_SUMS / columns, LEAST_ROWS), MOST_ROWS) / PAIRS_ROWS;
	uint64_t macs;

	conv->rows = rows;
	conv->blocks = tiles <= most ? 1 :
		       smaller(tiles, EVEN_BLOCKS * quotient(tiles, EVEN_BLOCKS * most));
	macs = quotient(tiles, conv->blocks) * PAIRS_ROWS * conv->job->weights.k;
	conv->columns = part_of(columns, BLOCK_MACS / macs);
	if (conv->blocks == 1)
		conv->columns = part_of(conv->columns, quotient(columns, MOST_PARTS));
}

static uint64_t count_blocks(const struct pairs_conv *conv)
{
	return conv->job->command->conv.groups * conv->blocks *
	       quotient(conv->pairs.columns, conv->columns);
}

static int run_pictures(struct pairs_conv *conv, uint64_t first, uint64_t images)
{
	struct conv_job *job = conv->job;
	int error = pictures_load(job->execution, &conv->pictures, first, images, conv->inputs);

	conv->first = first;
	divide(conv, images * job->pixels);
	if (!error)
		error = parallel_ranges(job->execution->memory, count_blocks(conv), 1, make_blocks, conv,
					&job->execution->fault);
	return error ? error : execution_progress(job->execution, first + images,
						  job->command->d.dim[0]);
}

/* ---- all of it ------------------------------------------------------------------ */

static int run(struct pairs_conv *conv)
{
	struct conv_job *job = conv->job;
	uint64_t total = job->command->d.dim[0];
	int error = prepare_weights(conv);

	if (!error)
		place_runs(conv);
	for (uint64_t first = 0; !error && first < total; first += job->images)
		error = run_pictures(conv, first, smaller(job->images, total - first));
	packed_put(conv->packed);
	return error;
}

static void describe(struct conv_job *job, struct pairs_conv *conv)
{
	const struct command *command = job->command;

	*conv = (struct pairs_conv){ .job = job, .pairs = pairs_of(job) };
	conv_dense_pictures(job, &conv->pictures);
	conv->pictures.wide = true;
	conv->pictures.padding = 0;
	conv->pictures.zero = (int32_t)command->conv.qx.zero +
			      codes_first_offset(command->conv.x.type);
	conv->group = pairs_packed(&conv->pairs);
}

int conv_by_pairs(struct conv_job *job)
{
	struct pairs_conv conv;
	int error = TSR_HW_ERR_ENGINE;

	describe(job, &conv);
	conv.at = staging_get(conv.pairs.runs * sizeof(*conv.at));
	conv.pairs.at = conv.at;
	conv.inputs = staging_get(inputs_size(job));
	if (conv.at && conv.inputs)
		error = run(&conv);
	staging_put(conv.inputs);
	staging_put(conv.at);
	return error;
}
