/* SPDX-License-Identifier: MIT */
/* A running convolution, and the two ways to compute it. */
#ifndef VNPU_TILE_CONV_JOB_H
#define VNPU_TILE_CONV_JOB_H

#include <stdbool.h>
#include <stdint.h>

#include "product.h"

struct command;
struct execution;

/**
 * struct conv_job - a running convolution
 * @execution: memory, progress
 * @command: the command
 * @channels: bias and scales
 * @images: pictures in all
 * @chunk: pictures staged at a time
 * @pixels: of an output picture
 * @depth: rows of a group's weights, KH * KW * C / groups
 * @outputs: columns of a group's weights, O / groups
 * @sparse: the windows meet so few pixels that these are read where they lie
 * @library: the library may compute it
 * @pictures: @chunk pictures, dense and channels last: uint8 codes, or fp32; NULL if @sparse
 *
 * Weights are staged as [groups, KH, KW, C / groups, O / groups]: a group's are the
 * matrix that its windows are multiplied with.
 */
struct conv_job {
	struct execution *execution;
	const struct command *command;
	struct channels channels;
	uint64_t images;
	uint64_t chunk;
	uint64_t pixels;
	uint64_t depth;
	uint64_t outputs;
	bool sparse;
	bool library;
	void *pictures;
};

/**
 * conv_weights_view() - weights of some groups in staging order
 * @view: result
 * @command: the command
 * @first: first group
 * @groups: groups
 */
void conv_weights_view(struct view *view, const struct command *command, uint64_t first,
		       uint64_t groups);

/**
 * conv_finish() - where accumulators of some output channels go
 * @job: the convolution
 * @first: first channel
 * @channels: channels
 * @finish: result
 */
void conv_finish(const struct conv_job *job, uint64_t first, uint64_t channels,
		 struct finish *finish);

/**
 * conv_load_pictures() - stage pictures
 * @job: the convolution
 * @first: first picture
 * @count: at most @job->chunk
 *
 * Return: TSR_HW_ERR_*.
 */
int conv_load_pictures(const struct conv_job *job, uint64_t first, uint64_t count);

/**
 * conv_by_windows() - every window a row of a matrix: exact for integers
 * @job: the convolution
 *
 * Return: TSR_HW_ERR_* or EXECUTION_ABORTED.
 */
int conv_by_windows(const struct conv_job *job);

/**
 * conv_by_library() - fp32 convolution of the library
 * @job: the convolution, floating point
 *
 * Return: TSR_HW_ERR_* or EXECUTION_ABORTED; TSR_HW_ERR_UNSUPPORTED, before anything is
 * written, when the library has no such convolution.
 */
int conv_by_library(const struct conv_job *job);

#endif
