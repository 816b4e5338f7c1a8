/* SPDX-License-Identifier: MIT */
/*
 * Where the parts of a program lie, as far as they lie inside of the file: everything here
 * is safe on any bytes. What is wrong with them is said by check.c.
 */
#ifndef OBJDUMP_LAYOUT_H
#define OBJDUMP_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <tsr_hw/program.h>

/**
 * struct layout - a program in a file
 * @bytes: the file
 * @size: of the file
 * @header: a copy
 * @node_count: nodes that are there, at most TSR_HW_MAX_NODES
 * @edge_count: successors that are there, at most TSR_HW_MAX_EDGES
 * @loop_count: loops that are there, at most TSR_HW_MAX_NODES
 * @group_count: groups that are there, at most TSR_HW_MAX_GROUPS
 */
struct layout {
	const uint8_t *bytes;
	size_t size;
	struct tsr_hw_program header;
	uint32_t node_count;
	uint32_t edge_count;
	uint32_t loop_count;
	uint32_t group_count;
};

/** layout_is_program() - does a file begin as a program does? */
bool layout_is_program(const void *bytes, size_t size);

/** layout_inside() - does a part lie in the file? */
bool layout_inside(const struct layout *layout, uint64_t offset, uint64_t size);

/** layout_read() - false: the file is shorter than a header */
bool layout_read(const void *bytes, size_t size, struct layout *layout);

/** layout_node_offset() - of node @i < @node_count, in the file */
size_t layout_node_offset(const struct layout *layout, uint32_t i);

/** layout_node() - a copy of node @i < @node_count */
struct tsr_hw_node layout_node(const struct layout *layout, uint32_t i);

/** layout_edge() - entry @i < @edge_count of the successor table */
uint16_t layout_edge(const struct layout *layout, uint32_t i);

/** layout_loop_offset() - of loop @i < @loop_count, in the file */
size_t layout_loop_offset(const struct layout *layout, uint32_t i);

/** layout_loop() - a copy of loop @i < @loop_count */
struct tsr_hw_loop layout_loop(const struct layout *layout, uint32_t i);

/** layout_group_offset() - of group @i < @group_count, in the file */
size_t layout_group_offset(const struct layout *layout, uint32_t i);

/** layout_group() - a copy of group @i < @group_count */
struct tsr_hw_group layout_group(const struct layout *layout, uint32_t i);

/** layout_stream() - offset of a node's stream in the file; false: it has none, or not inside */
bool layout_stream(const struct layout *layout, const struct tsr_hw_node *node, size_t *offset);

#endif
