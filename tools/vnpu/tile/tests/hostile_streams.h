/* SPDX-License-Identifier: MIT */
/*
 * Streams that ask for anything: golden vectors and hostile commands, changed. Changes keep the
 * shapes of a command's tensors together, so that many streams are taken however odd they are:
 * nothing beside 2^40, strides of a page, other types, one more dimension, orders of memory. Some
 * change any number by itself, as a guest may.
 */
#ifndef TEST_HOSTILE_STREAMS_H
#define TEST_HOSTILE_STREAMS_H

#include <stdbool.h>
#include <stdint.h>

#include "endless.h"
#include "tile/tile.h"

#define HOSTILE_STREAM_BYTES	4096
#define HOSTILE_STREAM_SLOTS	16

/**
 * struct hostile_stream - a node
 * @kind: TSR_HW_ENGINE_*
 * @strict: strict numeric mode
 * @large: it may be one of the few that ask for a lot of work
 * @size: bytes of @bytes
 * @slot: endless slots
 * @contents: of all memory
 * @bytes: commands
 */
struct hostile_stream {
	unsigned int kind;
	bool strict;
	bool large;
	uint32_t size;
	struct tsr_hw_slot slot[HOSTILE_STREAM_SLOTS];
	struct endless_contents contents;
	_Alignas(8) uint8_t bytes[HOSTILE_STREAM_BYTES];
};

/** hostile_streams_open() - read the golden vectors; false if they cannot be read */
bool hostile_streams_open(void);

/** hostile_stream_make() - the stream that @random, the state of the generator, determines */
void hostile_stream_make(struct hostile_stream *stream, uint64_t *random);

/** hostile_stream_request() - a node of it, for tile_prepare() */
struct tile_request hostile_stream_request(const struct hostile_stream *stream);

#endif
