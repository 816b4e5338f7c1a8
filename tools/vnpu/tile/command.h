/* SPDX-License-Identifier: MIT */
/* A checked command, and what every operation must provide. */
#ifndef VNPU_TILE_COMMAND_H
#define VNPU_TILE_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "block.h"
#include "loaded.h"
#include "pairing.h"
#include "product_blocks.h"
#include "quant.h"
#include "sliding.h"
#include "tensor.h"

struct command;
struct execution;
struct tile_request;
struct tsr_hw_fuses;
struct work;

/**
 * struct operation - one opcode of one kind of engine
 * @opcode: TSR_HW_OP_*
 * @engine: TSR_HW_ENGINE_* that has it
 * @size: bytes of header and body
 * @has_program: a VECTOR program can follow, so that the command is longer
 * @has_prologue: so can one for what it loads
 * @moves: the result is bits of the operand, not a number computed from it
 * @decode: check @raw (header checked, as many bytes as it says) and fill the command's union;
 *          TSR_HW_ERR_NONE, _COMMAND, _SLOT or _UNSUPPORTED
 * @check: NULL, or what depends on the device; TSR_HW_ERR_NONE or _COMMAND
 * @measure: what it asks of fuses and host
 * @execute: TSR_HW_ERR_*, or EXECUTION_ABORTED; reports progress, at the end of all
 */
struct operation {
	uint8_t opcode;
	uint8_t engine;
	uint16_t size;
	bool has_program;
	bool has_prologue;
	bool moves;
	int (*decode)(const struct tile_request *request, const void *raw,
		      struct command *command);
	int (*check)(const struct tsr_hw_fuses *fuses, uint64_t ring,
		     const struct command *command);
	void (*measure)(const struct command *command, struct work *work);
	int (*execute)(struct execution *execution, const struct command *command);
};

/* Bytes that a command has for a structure of its own. */
#define COMMAND_OWN	1024

/**
 * struct command - one checked command
 * @operation: what it is
 * @offset: of its header in the stream
 * @d: output
 * @also_stores: stores something else than @d, even if that has no elements
 */
struct command {
	const struct operation *operation;
	uint32_t offset;
	bool also_stores;
	struct tensor d;
	union {
		struct {
			struct tensor a;
			struct tensor b;
			struct tensor rows;
			struct quant qa;
			struct quant qb;
			struct pairing pairing;
			struct product_blocks blocks;
			struct block post;
		} gemm;
		struct {
			struct tensor x;
			struct tensor index;
			struct block post;
			struct sliding window[TSR_HW_MAX_SPATIAL];	/* missing ones first */
			uint64_t taps;
			uint8_t mode;
			bool counts;
		} pool;
		struct {
			struct tensor x;
			struct tensor w;
			struct quant qx;
			struct quant qw;
			struct pairing pairing;
			struct product_blocks blocks;
			struct block post;
			struct sliding window[TSR_HW_MAX_SPATIAL];	/* missing ones first */
			uint32_t groups;
		} conv;
		struct block block;
		struct {
			struct loaded loaded;
			struct block post;
			uint32_t axes;
			uint8_t function;
			bool last;
		} reduce;
		struct {
			struct loaded loaded;
			struct block post;
			uint8_t axis;
			uint8_t function;
			bool exclusive;
			bool reverse;
		} scan;
		struct {
			struct loaded loaded;
			struct block post;
			uint32_t axes;
			uint8_t mode;
			float epsilon;
		} normalize;
		struct {
			struct tensor x;
			uint64_t value;
			int64_t before[TSR_HW_MAX_RANK];
			uint8_t mode[TSR_HW_MAX_RANK];
		} move;
		struct {
			struct tensor src;
			struct tensor crc;
		} copy;
		struct {
			uint64_t value;
		} fill;
		struct {
			struct tensor x;
			struct tensor index;
			uint8_t kind;
			uint8_t axis;
			uint8_t batch_dims;
			uint8_t reduction;
		} gather;
		struct {
			struct tensor x;
			struct tensor indices;
			bool values;		/* they are the output, else the indices */
			bool descending;
		} sort;
		struct {
			struct tensor x;
			struct tensor coords;
		} compact;
		struct {
			struct tensor boxes;
			struct tensor scores;
			struct tensor indices;
			float threshold;
			uint32_t max;
		} suppress;
		struct {
			struct tensor x;
			struct tensor first;
			struct tensor weight;
			struct block post;
			uint8_t axis;
			uint16_t taps;
		} resample;
		struct {
			struct tensor x;
			struct tensor coords;
			struct tensor batch;
			struct block post;
			uint8_t mode;
			uint8_t outside;
			uint8_t dims;
		} sample;
		struct {
			struct tensor q;
			struct tensor k;
			struct tensor v;
			struct tensor mask;
			struct tensor lengths;
			struct tensor pages;
			struct quant qk;
			struct quant qv;
			struct product_blocks blocks;
			struct block post;
			float scale;
			uint8_t mask_kind;
		} attention;
		/* Of a command without a member here: what its own file keeps. */
		_Alignas(max_align_t) unsigned char own[COMMAND_OWN];
	};
};

/** command_is_empty() - whether there is nothing to do */
static inline bool command_is_empty(const struct command *command)
{
	return !command->also_stores && !tensor_elements(&command->d);
}

#define OPERATION(name) extern const struct operation operation_##name;
#include "tile/operations.h"
/* MOVE on a DMA engine. */
extern const struct operation operation_move_dma;

#endif
