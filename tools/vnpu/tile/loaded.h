/* SPDX-License-Identifier: MIT */
/* What a command loads: elements of a tensor, and what its prologue makes of them. */
#ifndef VNPU_TILE_LOADED_H
#define VNPU_TILE_LOADED_H

#include <stdbool.h>
#include <stdint.h>

#include "block.h"
#include "tensor.h"

struct tile_request;
struct work;

/**
 * struct loaded - an input, with its prologue if it has one
 * @x: the input
 * @has_pre: it has a prologue
 * @pre: the prologue
 * @type: of the elements that the command gets: that of @x, or one whose elements in memory are
 *	as registers hold the prologue's results
 */
struct loaded {
	struct tensor x;
	bool has_pre;
	struct block pre;
	unsigned int type;
};

/**
 * loaded_decode() - check the prologue, if there is one
 * @request: slot table
 * @command: the whole command, its programs where its header says
 * @loaded: @x is set; gets the rest
 *
 * Return: as block_decode().
 */
int loaded_decode(const struct tile_request *request, const struct tsr_hw_command *command,
		  struct loaded *loaded);

/** loaded_measure() - what the cycle model needs to know of it: its bytes, and its prologue */
void loaded_measure(const struct loaded *loaded, struct work *work);

#endif
