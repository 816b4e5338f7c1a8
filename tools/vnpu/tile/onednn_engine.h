/* SPDX-License-Identifier: MIT */
/* The library itself: its version and its engine, started at the first use. Any thread. */
#ifndef VNPU_TILE_ONEDNN_ENGINE_H
#define VNPU_TILE_ONEDNN_ENGINE_H

struct dnnl_engine;

/** onednn_engine() - the host's processor, for all primitives; NULL when there is none */
struct dnnl_engine *onednn_engine(void);

/**
 * onednn_name() - version and instruction set
 *
 * Return: a static string.
 */
const char *onednn_name(void);

#endif
