/* SPDX-License-Identifier: MIT */
/*
 * From the bytes of a node's stream, which the tile has checked, to what tools/vnpu/time needs of
 * them. Nothing is checked again; control data that break a rule, or cannot be read, count as 0:
 * the command will end the node anyway.
 */
#ifndef VNPU_MEASURE_MEASURE_H
#define VNPU_MEASURE_MEASURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "time/command.h"

struct copy;
struct sku_energy;
struct tile_request;
struct tsr_hw_fuses;
struct walks;

/* Elements of control data of a stream, at most; repeated ones count once. */
#define MEASURE_CONTROL_MAX	(1u << 22)

/* Pieces of them that do not follow each other, at most: each takes a walk of page tables. */
#define MEASURE_PIECES_MAX	(1u << 18)

/* Lines of an image, of all convolutions of a stream together, at most. */
#define MEASURE_LINES_MAX	(1u << 20)

/* Tensors of control data of a command, at most. */
#define MEASURE_CONTROL_TENSORS	2

/**
 * struct measure_source - where a node comes from
 * @fuses: of the device
 * @energy: constants of its class
 * @request: its stream, slots and parameters, as tile_prepare() took them
 * @read: copy @rows rows of @n bytes, @stride bytes apart, to @dst, one behind the other; what
 *	cannot be read, and what lies behind it, may stay as it is
 * @memory: MEMORY_LOCAL or MEMORY_SYSTEM: of which memory the page of an address is; not called for
 *	a device without local memory
 * @ctx: argument of @read and @memory
 * @room: set by measure_stream(): elements of control data that may still be read
 * @pieces: likewise: pieces that they may still be in
 * @lines: likewise: lines that convolutions may still have
 * @dry: likewise: control data are counted, not read
 */
struct measure_source {
	const struct tsr_hw_fuses *fuses;
	const struct sku_energy *energy;
	const struct tile_request *request;
	void (*read)(void *ctx, uint64_t va, uint64_t stride, size_t rows, size_t n, void *dst);
	enum memory (*memory)(void *ctx, uint64_t va);
	void *ctx;
	uint64_t *room;
	uint64_t *pieces;
	uint64_t *lines;
	bool dry;
};

/**
 * struct measured - the commands of a stream
 * @elements: of control data that were read
 * @count: how many
 * @commands: they stay where they are until measure_free()
 * @control: control data of each, or NULL
 */
struct measured {
	uint64_t elements;
	unsigned int count;
	struct command *commands;
	void *(*control)[MEASURE_CONTROL_TENSORS];
};

/**
 * measure_stream() - the commands of a tensor tile's stream
 * @source: a stream that tile_prepare() accepts: fields of commands are not looked at again
 * @measured: result; to be freed if 0 is returned
 *
 * Ends on whatever bytes: a header that cannot be one of a checked stream is -EINVAL.
 *
 * Control data are read last, once it is known that nothing else refuses the stream.
 *
 * Return: 0, -ENOMEM, -EINVAL also for a command whose working set does not fit, whatever its
 * control data are, -E2BIG: there are too many control data, pieces or lines, or -EOPNOTSUPP: a
 * command is not known.
 */
int measure_stream(const struct measure_source *source, struct measured *measured);

/** measure_free() - free what measure_stream() gave */
void measure_free(struct measured *measured);

/**
 * measure_copies() - the flows of a DMA engine's stream
 * @source: a stream that tile_prepare() accepts; nothing of it is read
 * @walks: for counting
 * @copies: result; commands that move nothing have none
 * @most: entries of @copies
 *
 * Return: how many; what is beyond @most is left out.
 */
unsigned int measure_copies(const struct measure_source *source, struct walks *walks,
			    struct copy *copies, unsigned int most);

#endif
