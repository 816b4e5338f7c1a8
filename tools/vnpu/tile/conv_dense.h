/* SPDX-License-Identifier: MIT */
/* What the ways of a convolution that stage whole pictures, padding included, have in common. */
#ifndef VNPU_TILE_CONV_DENSE_H
#define VNPU_TILE_CONV_DENSE_H

#include <stdbool.h>
#include <stdint.h>

#include <tsr_hw/command.h>

struct conv_job;
struct pictures;
struct sliding;

/* Windows slide over rows and columns, the last two dimensions. */
#define CONV_ROWS	(TSR_HW_MAX_SPATIAL - 2)

/**
 * conv_dense_suits() - whether one of these ways may compute it
 * @job: the convolution, all but @dense and @execution are set
 */
bool conv_dense_suits(const struct conv_job *job);

/** conv_dense_pictures() - pictures as they are staged: integers with their padding */
void conv_dense_pictures(const struct conv_job *job, struct pictures *pictures);

/** conv_dense_inputs() - elements of the pictures that are staged at a time */
uint64_t conv_dense_inputs(const struct conv_job *job);

/** conv_dense_results() - elements that they give */
uint64_t conv_dense_results(const struct conv_job *job);

/** conv_dense_bytes() - host memory for pictures, weights and results of four bytes each */
uint64_t conv_dense_bytes(const struct conv_job *job);

/** conv_dense_pad_after() - elements that windows reach beyond the last one */
int64_t conv_dense_pad_after(const struct sliding *window);

#endif
