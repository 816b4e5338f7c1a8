/* SPDX-License-Identifier: MIT */
/*
 * A record of a run: a header, then entries in the order in which they happened. Entries
 * of the simulation thread are in the order of device time; accesses of engines carry the
 * number of their node, because threads of the host make them in any order.
 */
#ifndef VNPU_RECORD_FORMAT_H
#define VNPU_RECORD_FORMAT_H

#include <stdint.h>

#include <tsr_hw/fuse.h>

#define RECORD_MAGIC 0x3143455241524554ull	/* "TERAREC1" in memory order of the file */
#define RECORD_VERSION 2u

/**
 * struct record_header - which device was recorded, from its power-on state
 * @serial: nodes it had started before; numbers of nodes go on from here
 */
struct record_header {
	uint64_t magic;
	uint32_t version;
	uint32_t vectors;
	uint64_t serial;
	struct tsr_hw_fuses fuses;
};

/** enum record_type - what an entry holds */
enum record_type {
	RECORD_INPUT = 1,	/* struct record_input: what other threads wanted */
	RECORD_COPY,		/* struct record_copy and the data */
	RECORD_NODE,		/* struct record_node: a node starts */
	RECORD_DONE,		/* struct record_done: a node ends */
	RECORD_RAISE,		/* uint64_t: vector */
	RECORD_MMIO,		/* struct record_mmio: for the reader, not replayed */
	RECORD_MEMORY,		/* struct record_memory: where an operand of a node lies */
};

/**
 * struct record_entry - head of every entry
 * @type: enum record_type
 * @size: bytes that follow
 * @step: steps of the simulation since the reset
 * @cycles: device clock
 */
struct record_entry {
	uint32_t type;
	uint32_t size;
	uint64_t step;
	uint64_t cycles;
};

/** enum record_input_kind - what @a and @b mean is said here */
enum record_input_kind {
	RECORD_INPUT_RESET = 1,
	RECORD_INPUT_BOOT,	/* image, boot block; size in @c */
	RECORD_INPUT_BELLS,	/* page, indices */
	RECORD_INPUT_CRASH,
	RECORD_INPUT_HOLD,
	RECORD_INPUT_RELEASE,
	RECORD_INPUT_STEPS,	/* completions */
	RECORD_INPUT_ADVANCE,	/* cycles */
};

struct record_input {
	uint64_t kind;
	uint64_t a;
	uint64_t b;
	uint64_t c;
};

/** struct record_copy - struct port_agent and struct port_rows of one access */
struct record_copy {
	uint32_t agent;
	uint32_t asid;
	uint64_t serial;
	uint32_t access;
	int32_t error;
	uint64_t va;
	uint64_t stride;
	uint64_t rows;
	uint64_t n;
	uint64_t fault;
};

/** struct record_node - a node and the faults injected into it */
struct record_node {
	uint64_t serial;
	uint32_t hang;
	uint32_t engine_error;
	uint64_t weight_bit;
	uint64_t result_bit;
};

/** struct record_memory - whether the page of an address was one of local memory */
struct record_memory {
	uint64_t serial;
	uint64_t va;
	uint64_t local;
};

/** struct record_done - how it ended */
struct record_done {
	uint64_t serial;
	uint64_t error;
	uint64_t fault;
	uint64_t end;
};

/** struct record_mmio - one register access */
struct record_mmio {
	uint32_t write;
	uint32_t bar;
	uint64_t offset;
	uint64_t size;
	uint64_t val;
};

#endif
