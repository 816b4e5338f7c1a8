/* SPDX-License-Identifier: MIT */
/* A running convolution: what the ways to compute it have in common. */
#ifndef VNPU_TILE_CONV_JOB_H
#define VNPU_TILE_CONV_JOB_H

#include <stdbool.h>
#include <stdint.h>

#include "accumulate.h"
#include "block_run.h"
#include "weights.h"

struct command;
struct execution;
struct fingerprint;

/* Dimensions in front of those that windows slide over: N and C. */
#define CONV_LEADING	2u

/* Elements of a picture for each that windows meet: beyond it they are read where they lie. */
#define CONV_SPARSE		8u

/*
 * What may be worked on before the next question whether to give up: multiply-accumulates, of which
 * one thread does some 40 billion a second in fp32. An output costs as many as CONV_OUTPUT_MACS in
 * memory alone.
 */
#define CONV_MACS		(1ull << 30)
#define CONV_OUTPUT_MACS	128u

/* Mask of the dimension that is innermost when inputs and outputs are numbered. */
#define CONV_CHANNELS	(1u << 1)

/**
 * struct conv_job - a running convolution
 * @execution: memory, progress
 * @command: the command
 * @run: epilogue and output, numbered with channels last
 * @weights: of one group
 * @pictures: of conv_by_windows(): @images staged ones, [images, in.., C], unless @sparse
 * @taps: of a window
 * @images: pictures that are staged at a time
 * @pixels: of an output picture
 * @sparse: windows meet so few elements that these are read where they lie
 * @dense: pictures may be staged whole, padding included
 */
struct conv_job {
	struct execution *execution;
	const struct command *command;
	struct block_run run;
	struct weights weights;
	struct rows pictures;
	uint64_t taps;
	uint64_t images;
	uint64_t pixels;
	bool sparse;
	bool dense;
};

/** conv_macs() - how much @outputs are, each of @depth products */
uint64_t conv_macs(uint64_t outputs, uint64_t depth);

/**
 * conv_is_by_channel() - whether weights are staged as [channels, taps, outputs]
 * @job: the convolution
 *
 * Taps are outermost unless scales belong to blocks of whole channels.
 */
bool conv_is_by_channel(const struct conv_job *job);

/**
 * conv_load_weights() - stage the weights of a group
 * @job: the convolution
 * @group: its number
 *
 * Return: as weights_load().
 */
int conv_load_weights(struct conv_job *job, uint64_t group);

/**
 * conv_load_all_weights() - stage the weights of all groups
 * @job: the convolution, its weights without scales
 * @weights: result, all 0 before: planes are [groups, k, outputs of a group], and integers have
 *	terms of all outputs; to be freed whatever is returned
 * @fingerprint: NULL, or result: of the elements that were staged
 *
 * Return: as weights_load().
 */
int conv_load_all_weights(struct conv_job *job, struct weights *weights,
			      struct fingerprint *fingerprint);

/**
 * conv_fingerprint() - of the weights of all groups, in the order they are staged in
 * @job: the convolution
 * @fingerprint: result
 *
 * Return: as fingerprint_of().
 */
int conv_fingerprint(const struct conv_job *job, struct fingerprint *fingerprint);

/**
 * conv_load_pictures() - stage pictures
 * @job: the convolution, not sparse
 * @first: first picture
 * @count: at most @job->images
 *
 * Return: as rows_load().
 */
int conv_load_pictures(struct conv_job *job, uint64_t first, uint64_t count);

/**
 * conv_by_windows() - every window a row of a matrix: of all types and all windows
 * @job: the convolution
 * @first: picture to begin with, a multiple of @job->images
 *
 * Return: TSR_HW_ERR_* or EXECUTION_ABORTED.
 */
int conv_by_windows(struct conv_job *job, uint64_t first);

/** conv_library_suits() - whether conv_by_library() may compute a convolution */
bool conv_library_suits(const struct conv_job *job);

/** conv_library_staging() - bytes of host memory that conv_by_library() takes */
uint64_t conv_library_staging(const struct conv_job *job);

/**
 * conv_by_library() - convolution of the library
 * @job: the convolution, one that suits the library
 *
 * Return: TSR_HW_ERR_* or EXECUTION_ABORTED; TSR_HW_ERR_UNSUPPORTED, before anything is read or
 * written, when the library has no such convolution.
 */
int conv_by_library(struct conv_job *job);

/** conv_dots_suits() - whether conv_by_dots() may compute a dense convolution */
bool conv_dots_suits(const struct conv_job *job);

/** conv_dots_staging() - bytes of host memory that it takes */
uint64_t conv_dots_staging(const struct conv_job *job);

/**
 * conv_by_dots() - integers by products of neighbours (dots.h)
 * @job: a convolution that suits
 *
 * Return: TSR_HW_ERR_* or EXECUTION_ABORTED.
 */
int conv_by_dots(struct conv_job *job);

#endif
