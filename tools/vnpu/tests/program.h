/* SPDX-License-Identifier: MIT */
/* Programs for tests, laid out by hand in guest memory. */
#ifndef VNPU_TESTS_PROGRAM_H
#define VNPU_TESTS_PROGRAM_H

#include <stddef.h>
#include <stdint.h>

#include <tsr_hw/command.h>
#include <tsr_hw/program.h>
#include <tsr_hw/queue.h>

struct aspace;

#define PROGRAM_MAX_NODES 16
#define PROGRAM_MAX_EDGES 32
#define PROGRAM_MAX_STREAMS 32768
#define PROGRAM_MAX_GROUPS 4

/**
 * struct test_program - a program under construction
 * @header: filled by program_finish()
 * @nodes: nodes
 * @edges: successor table
 * @groups: group table
 * @streams: command streams
 */
struct test_program {
	struct tsr_hw_program header;
	struct tsr_hw_node nodes[PROGRAM_MAX_NODES];
	__le16 edges[PROGRAM_MAX_EDGES];
	struct tsr_hw_group groups[PROGRAM_MAX_GROUPS];
	uint8_t streams[PROGRAM_MAX_STREAMS];
	unsigned int node_count;
	unsigned int edge_count;
	unsigned int group_count;
	uint32_t streams_size;
};

/** program_begin() - no nodes yet */
void program_begin(struct test_program *program);

/** program_node() - add a node with a stream of one command; its number */
unsigned int program_node(struct test_program *program, unsigned int engine,
			  const void *command, size_t size);

/** program_group() - add a group of one tile; its number, for nodes */
unsigned int program_group(struct test_program *program, uint32_t resident, uint32_t ring);

/** program_chain() - each node follows the one before */
void program_chain(struct test_program *program);

/**
 * program_place() - write the program into an address space
 * @program: the program
 * @as: address space
 * @va: page-aligned address, mapped by this call
 * @slots: slot table, placed in the page after the program
 * @slot_count: its entries
 *
 * Return: a job descriptor that runs it once.
 */
struct tsr_hw_job program_place(struct test_program *program, struct aspace *as, uint64_t va,
				 const struct tsr_hw_slot *slots, unsigned int slot_count);

/** matrix_make() - a dense fp32 tensor of rank 2 in a slot */
struct tsr_hw_tensor matrix_make(unsigned int slot, unsigned int rows, unsigned int columns);

/** gemm_make() - fp32 D = A * B in slots 0, 1, 2; its blocks suit every class */
struct tsr_hw_gemm gemm_make(unsigned int m, unsigned int n, unsigned int k);

/** copy_make() - DMA copy of @bytes from slot 0 to slot 1 */
struct tsr_hw_copy copy_make(unsigned int bytes);

/** move_make() - MOVE of bytes from slot 0 to slot 1 */
struct tsr_hw_move move_make(unsigned int rows, unsigned int columns);

#endif
