/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/* Generated from contract/program.yaml by contract/generate; do not edit. */
/*
 * Programs: a compiled graph in memory, position-independent and never patched.
 *
 * A program is header, tables of nodes, successors, loops and groups, command streams and
 * constants, each at an offset from the header. Memory outside it is addressed as (slot, offset); a
 * submission brings the slot table.
 */
#ifndef TSR_HW_PROGRAM_H
#define TSR_HW_PROGRAM_H

#include <tsr_hw/base.h>
#include <tsr_hw/version.h>

#define TSR_HW_PROGRAM_MAGIC		0x50525354u	/* "TSRP" */
#define TSR_HW_PROGRAM_VERSION		2		/* version of the format */
#define TSR_HW_PROGRAM_ALIGN		64		/* alignment of a program in memory */

/* Limits of this version; TSR_HW_REG_PROGRAM_LIMITS gives those of the device. */

#define TSR_HW_MAX_NODES		16384		/* nodes of a program */
#define TSR_HW_MAX_EDGES		65535		/* entries of the successor table */
#define TSR_HW_MAX_SLOTS		1024		/* slots of a program */
#define TSR_HW_MAX_PARAMETERS		256		/* parameters of a job */
#define TSR_HW_MAX_LOOP_DEPTH		4		/* loops inside of each other */
#define TSR_HW_MAX_LOOP_STEPS		4		/* parameters that one loop increases */
#define TSR_HW_MAX_GROUPS		256		/* residency groups of a program */
/* bytes of which resident parts and rings are multiples */
#define TSR_HW_SCRATCHPAD_ALIGN		64
#define TSR_HW_MAX_STREAM		65536u		/* bytes of one node's stream */

/* Slot numbers that are no index into the slot table. */

/* the program itself: constants beside the code, read-only */
#define TSR_HW_SLOT_PROGRAM		0xffffu
#define TSR_HW_SLOT_NONE		0xfffeu		/* no slot */
/* the resident part of the tile's scratchpad, for nodes of a group */
#define TSR_HW_SLOT_SCRATCHPAD		0xfffdu

/* Kinds of engines, and of what the core does itself. */
#define TSR_HW_ENGINE_NOP		0	/* no stream; passes through the DMA engine */
#define TSR_HW_ENGINE_TENSOR		1		/* tensor tile */
#define TSR_HW_ENGINE_DMA		2		/* DMA engine */
#define TSR_HW_ENGINE_PARAMETER		3		/* the core reads a word into a parameter */
#define TSR_HW_ENGINE_LOOP		4		/* the core repeats the nodes behind it */
#define TSR_HW_ENGINE_CIM		5		/* CIM tile (reserved) */
#define TSR_HW_ENGINE_KINDS		6		/* one more than the highest */

/**
 * struct tsr_hw_program - program header
 * @magic: TSR_HW_PROGRAM_MAGIC
 * @version: TSR_HW_PROGRAM_VERSION
 * @header_size: sizeof(struct tsr_hw_program)
 * @size: bytes of the whole program
 * @checksum: CRC-32 (IEEE 802.3, reflected) of header, node, successor, loop and group table, in
 *   this order, with this field zero
 * @features: features needed (TSR_HW_FEATURE_*)
 * @engines: bit per engine kind used
 * @slot_count: slots used
 * @node_count: nodes, at least 1
 * @edge_count: entries of the successor table
 * @nodes: offset of an array of struct tsr_hw_node
 * @edges: offset of the successor table, __le16 node numbers
 * @streams: offset of the command streams
 * @streams_size: bytes of them
 * @constants: offset of the constants
 * @constants_size: bytes of them
 * @ops: modelled operations of one run, two per multiply-accumulate
 * @loops: offset of an array of struct tsr_hw_loop
 * @loop_count: loops, at most TSR_HW_MAX_NODES
 * @groups: offset of an array of struct tsr_hw_group
 * @group_count: groups, at most TSR_HW_MAX_GROUPS
 * @mbz: must be zero
 */
struct tsr_hw_program {
	__le32 magic;
	__le16 version;
	__le16 header_size;
	__le32 size;
	__le32 checksum;
	__le64 features;
	__le32 engines;
	__le32 slot_count;
	__le32 node_count;
	__le32 edge_count;
	__le32 nodes;
	__le32 edges;
	__le32 streams;
	__le32 streams_size;
	__le32 constants;
	__le32 constants_size;
	__le64 ops;
	__le32 loops;
	__le32 loop_count;
	__le32 groups;
	__le32 group_count;
	__u8 mbz[40];
};

/* Node flags; 8 to 15 are reserved for CIM tiles. */

/* read the word at @word_slot and @word_offset */
#define TSR_HW_NODE_SKIP		(1u << 0)
/* of a PARAMETER node: the word has 64 bits */
#define TSR_HW_NODE_WIDE		(1u << 1)

/**
 * struct tsr_hw_node - one node of the graph
 * @engine: kind of engine that runs it (TSR_HW_ENGINE_*)
 * @mbz0: must be zero
 * @flags: what to do beside (TSR_HW_NODE_*)
 * @group: residency group, n for the n-th of the table, 0 for none; only of TENSOR nodes
 * @pred_count: edges that lead here
 * @succ_count: edges that start here
 * @word_slot: slot of a word that is read once before the node starts: with SKIP 32 bits, and when
 *   they are not zero the node completes without running; of a PARAMETER node what the parameter
 *   becomes (or TSR_HW_SLOT_PROGRAM, TSR_HW_SLOT_NONE, TSR_HW_SLOT_SCRATCHPAD)
 * @succ_first: index of the first in the successor table; every successor has a higher node number,
 *   so a program is acyclic by construction
 * @stream: offset of the command stream from the start of the streams, 8-byte aligned
 * @stream_size: bytes of it, a multiple of 8
 * @mbz1: must be zero
 * @ring: of a TENSOR node of no group the bytes of scratchpad that its loads go through, 0 for all
 *   that is no reserve; else 0
 * @word_offset: byte offset of the word, a multiple of its size
 * @ops: modelled operations
 * @index: of a LOOP its entry in the loop table, of a PARAMETER node the parameter, else 0
 * @body_count: of a LOOP how many of the nodes behind it are its body, else 0
 * @tag: free for the compiler, repeated in the profile record
 * @mbz2: must be zero
 */
struct tsr_hw_node {
	__u8 engine;
	__u8 mbz0;
	__le16 flags;
	__le16 group;
	__le16 pred_count;
	__le16 succ_count;
	__le16 word_slot;
	__le32 succ_first;
	__le32 stream;
	__le32 stream_size;
	__le32 mbz1;
	__le32 ring;
	__le64 word_offset;
	__le64 ops;
	__le32 index;
	__le32 body_count;
	__le32 tag;
	__le32 mbz2;
};

/**
 * struct tsr_hw_loop_step - what a loop does to a parameter after each turn
 * @parameter: parameter, zero if @amount is
 * @mbz: must be zero
 * @amount: is added, signed, modulo 2^64
 */
struct tsr_hw_loop_step {
	__le32 parameter;
	__le32 mbz;
	__le64 amount;
};

/**
 * struct tsr_hw_loop - how often the body of a LOOP runs
 * @count: turns, 0 to 2^31 - 1 (p)
 * @mbz: must be zero
 * @step: what each turn adds
 */
struct tsr_hw_loop {
	__le32 count;
	__le32 mbz;
	struct tsr_hw_loop_step step[TSR_HW_MAX_LOOP_STEPS];
};

/**
 * struct tsr_hw_group - a residency group, whose nodes leave results for each other in a tile's
 *   scratchpad
 * @grid: rows and columns of tiles that it holds; 1 and 1
 * @resident: bytes of the resident part on each, a multiple of TSR_HW_SCRATCHPAD_ALIGN
 * @ring: bytes that its nodes' loads go through, a multiple of TSR_HW_SCRATCHPAD_ALIGN
 * @mbz: must be zero
 */
struct tsr_hw_group {
	__le16 grid[2];
	__le32 resident;
	__le32 ring;
	__le32 mbz;
};

/* What commands may do with a slot; checked for correctness, the MMU isolates. */
#define TSR_HW_SLOT_READ		(1u << 0)	/* read it */
#define TSR_HW_SLOT_WRITE		(1u << 1)	/* write it */

/**
 * struct tsr_hw_slot - one argument of a submission
 * @address: virtual address, any alignment the commands can live with
 * @size: bytes visible at offset 0 to size - 1
 * @stride: added to @address for every further repetition of the program
 * @flags: what commands may do (TSR_HW_SLOT_*)
 * @mbz: must be zero
 */
struct tsr_hw_slot {
	__le64 address;
	__le64 size;
	__le64 stride;
	__le32 flags;
	__le32 mbz;
};

/*
 * How many floating-point results of a node are infinite or not a number, each as the count's
 * length in bits: 0 for none, n for 2^(n-1) to 2^n - 1.
 */
#define TSR_HW_RANGE_INFINITE		0x000000ffu	/* infinite */
#define TSR_HW_RANGE_NAN		0x0000ff00u	/* not a number */

/**
 * struct tsr_hw_profile - what one node did
 * @node: node number
 * @repetition: which run of the program, from 0
 * @engine: TSR_HW_ENGINE_* in the low 8 bits, instance in the next 8, TSR_HW_RANGE_* in the upper
 *   16
 * @tag: the node's tag
 * @start: device cycle its engine started
 * @end: device cycle its engine ended
 * @macs: multiply-accumulates retired
 * @bytes_read: bytes read through the MMU
 * @bytes_written: bytes written through the MMU
 * @energy: modelled energy in picojoules
 */
struct tsr_hw_profile {
	__le32 node;
	__le32 repetition;
	__le32 engine;
	__le32 tag;
	__le64 start;
	__le64 end;
	__le64 macs;
	__le64 bytes_read;
	__le64 bytes_written;
	__le64 energy;
};

/* Sizes and offsets. */
TSR_HW_SIZE(struct tsr_hw_program, 128);
TSR_HW_OFFSET(struct tsr_hw_program, magic, 0);
TSR_HW_OFFSET(struct tsr_hw_program, version, 4);
TSR_HW_OFFSET(struct tsr_hw_program, header_size, 6);
TSR_HW_OFFSET(struct tsr_hw_program, size, 8);
TSR_HW_OFFSET(struct tsr_hw_program, checksum, 12);
TSR_HW_OFFSET(struct tsr_hw_program, features, 16);
TSR_HW_OFFSET(struct tsr_hw_program, engines, 24);
TSR_HW_OFFSET(struct tsr_hw_program, slot_count, 28);
TSR_HW_OFFSET(struct tsr_hw_program, node_count, 32);
TSR_HW_OFFSET(struct tsr_hw_program, edge_count, 36);
TSR_HW_OFFSET(struct tsr_hw_program, nodes, 40);
TSR_HW_OFFSET(struct tsr_hw_program, edges, 44);
TSR_HW_OFFSET(struct tsr_hw_program, streams, 48);
TSR_HW_OFFSET(struct tsr_hw_program, streams_size, 52);
TSR_HW_OFFSET(struct tsr_hw_program, constants, 56);
TSR_HW_OFFSET(struct tsr_hw_program, constants_size, 60);
TSR_HW_OFFSET(struct tsr_hw_program, ops, 64);
TSR_HW_OFFSET(struct tsr_hw_program, loops, 72);
TSR_HW_OFFSET(struct tsr_hw_program, loop_count, 76);
TSR_HW_OFFSET(struct tsr_hw_program, groups, 80);
TSR_HW_OFFSET(struct tsr_hw_program, group_count, 84);
TSR_HW_OFFSET(struct tsr_hw_program, mbz, 88);
TSR_HW_SIZE(struct tsr_hw_node, 64);
TSR_HW_OFFSET(struct tsr_hw_node, engine, 0);
TSR_HW_OFFSET(struct tsr_hw_node, mbz0, 1);
TSR_HW_OFFSET(struct tsr_hw_node, flags, 2);
TSR_HW_OFFSET(struct tsr_hw_node, group, 4);
TSR_HW_OFFSET(struct tsr_hw_node, pred_count, 6);
TSR_HW_OFFSET(struct tsr_hw_node, succ_count, 8);
TSR_HW_OFFSET(struct tsr_hw_node, word_slot, 10);
TSR_HW_OFFSET(struct tsr_hw_node, succ_first, 12);
TSR_HW_OFFSET(struct tsr_hw_node, stream, 16);
TSR_HW_OFFSET(struct tsr_hw_node, stream_size, 20);
TSR_HW_OFFSET(struct tsr_hw_node, mbz1, 24);
TSR_HW_OFFSET(struct tsr_hw_node, ring, 28);
TSR_HW_OFFSET(struct tsr_hw_node, word_offset, 32);
TSR_HW_OFFSET(struct tsr_hw_node, ops, 40);
TSR_HW_OFFSET(struct tsr_hw_node, index, 48);
TSR_HW_OFFSET(struct tsr_hw_node, body_count, 52);
TSR_HW_OFFSET(struct tsr_hw_node, tag, 56);
TSR_HW_OFFSET(struct tsr_hw_node, mbz2, 60);
TSR_HW_SIZE(struct tsr_hw_loop_step, 16);
TSR_HW_OFFSET(struct tsr_hw_loop_step, parameter, 0);
TSR_HW_OFFSET(struct tsr_hw_loop_step, mbz, 4);
TSR_HW_OFFSET(struct tsr_hw_loop_step, amount, 8);
TSR_HW_SIZE(struct tsr_hw_loop, 72);
TSR_HW_OFFSET(struct tsr_hw_loop, count, 0);
TSR_HW_OFFSET(struct tsr_hw_loop, mbz, 4);
TSR_HW_OFFSET(struct tsr_hw_loop, step, 8);
TSR_HW_SIZE(struct tsr_hw_group, 16);
TSR_HW_OFFSET(struct tsr_hw_group, grid, 0);
TSR_HW_OFFSET(struct tsr_hw_group, resident, 4);
TSR_HW_OFFSET(struct tsr_hw_group, ring, 8);
TSR_HW_OFFSET(struct tsr_hw_group, mbz, 12);
TSR_HW_SIZE(struct tsr_hw_slot, 32);
TSR_HW_OFFSET(struct tsr_hw_slot, address, 0);
TSR_HW_OFFSET(struct tsr_hw_slot, size, 8);
TSR_HW_OFFSET(struct tsr_hw_slot, stride, 16);
TSR_HW_OFFSET(struct tsr_hw_slot, flags, 24);
TSR_HW_OFFSET(struct tsr_hw_slot, mbz, 28);
TSR_HW_SIZE(struct tsr_hw_profile, 64);
TSR_HW_OFFSET(struct tsr_hw_profile, node, 0);
TSR_HW_OFFSET(struct tsr_hw_profile, repetition, 4);
TSR_HW_OFFSET(struct tsr_hw_profile, engine, 8);
TSR_HW_OFFSET(struct tsr_hw_profile, tag, 12);
TSR_HW_OFFSET(struct tsr_hw_profile, start, 16);
TSR_HW_OFFSET(struct tsr_hw_profile, end, 24);
TSR_HW_OFFSET(struct tsr_hw_profile, macs, 32);
TSR_HW_OFFSET(struct tsr_hw_profile, bytes_read, 40);
TSR_HW_OFFSET(struct tsr_hw_profile, bytes_written, 48);
TSR_HW_OFFSET(struct tsr_hw_profile, energy, 56);

#endif
