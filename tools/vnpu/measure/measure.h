/* SPDX-License-Identifier: MIT */
/*
 * From the bytes of a node's stream, which the tile has checked, to what tools/vnpu/time needs of
 * them. Nothing is checked again; control data that break a rule, or cannot be read, count as 0:
 * the command will end the node anyway.
 */
#ifndef VNPU_MEASURE_MEASURE_H
#define VNPU_MEASURE_MEASURE_H

#include <stddef.h>
#include <stdint.h>

#include "time/command.h"

struct copy;
struct sku_energy;
struct tile_request;
struct tsr_hw_fuses;
struct walks;

/* Elements of control data of a command, repeated ones counted. */
#define MEASURE_CONTROL_MAX	(1u << 24)

/**
 * struct measure_source - where a node comes from
 * @fuses: of the device
 * @energy: constants of its class
 * @request: its stream, slots and parameters, as tile_prepare() took them
 * @read: copy @n bytes at @va to @dst; 0, or anything else if some cannot be read
 * @ctx: argument of @read
 */
struct measure_source {
	const struct tsr_hw_fuses *fuses;
	const struct sku_energy *energy;
	const struct tile_request *request;
	int (*read)(void *ctx, uint64_t va, size_t n, void *dst);
	void *ctx;
};

/**
 * struct measured - the commands of a stream
 * @count: how many
 * @commands: they stay where they are until measure_free()
 * @control: control data of each, or NULL
 * @product_energy: femtojoules of the products of all
 */
struct measured {
	unsigned int count;
	struct command *commands;
	void **control;
	unsigned __int128 product_energy;
};

/**
 * measure_stream() - the commands of a tensor tile's stream
 * @source: a stream that tile_prepare() accepts
 * @measured: result; to be freed if 0 is returned
 *
 * Return: 0, -ENOMEM, or -EOPNOTSUPP: a command is of version 1 or has too many control data.
 */
int measure_stream(const struct measure_source *source, struct measured *measured);

/** measure_free() - free what measure_stream() gave */
void measure_free(struct measured *measured);

/**
 * measure_copies() - the flows of a DMA engine's stream
 * @request: a stream that tile_prepare() accepts
 * @walks: for counting
 * @copies: result; commands that move nothing have none
 * @most: entries of @copies
 *
 * Return: how many; what is beyond @most is left out.
 */
unsigned int measure_copies(const struct tile_request *request, struct walks *walks,
			    struct copy *copies, unsigned int most);

#endif
