// SPDX-License-Identifier: MIT
#include "layout.h"

#include <string.h>

#include <tsr_hw/decode.h>

bool layout_is_program(const void *bytes, size_t size)
{
	return size >= sizeof(uint32_t) &&
	       tsr_hw_load(bytes, sizeof(uint32_t)) == TSR_HW_PROGRAM_MAGIC;
}

bool layout_inside(const struct layout *layout, uint64_t offset, uint64_t size)
{
	return offset <= layout->size && size <= layout->size - offset;
}

/* How many of @count elements are there, at most @limit. */
static uint32_t present(const struct layout *layout, uint32_t offset, uint32_t count,
			uint32_t limit, size_t size)
{
	if (count > limit)
		count = limit;
	if (offset > layout->size)
		return 0;
	return count <= (layout->size - offset) / size ? count :
	       (uint32_t)((layout->size - offset) / size);
}

bool layout_read(const void *bytes, size_t size, struct layout *layout)
{
	const struct tsr_hw_program *header = &layout->header;

	*layout = (struct layout){ .bytes = bytes, .size = size };
	if (size < sizeof(*header))
		return false;
	memcpy(&layout->header, bytes, sizeof(*header));
	layout->node_count = present(layout, header->nodes, header->node_count, TSR_HW_MAX_NODES,
				     sizeof(struct tsr_hw_node));
	layout->edge_count = present(layout, header->edges, header->edge_count, TSR_HW_MAX_EDGES,
				     sizeof(uint16_t));
	layout->loop_count = present(layout, header->loops, header->loop_count, TSR_HW_MAX_NODES,
				     sizeof(struct tsr_hw_loop));
	layout->group_count = present(layout, header->groups, header->group_count,
				      TSR_HW_MAX_GROUPS, sizeof(struct tsr_hw_group));
	return true;
}

size_t layout_node_offset(const struct layout *layout, uint32_t i)
{
	return layout->header.nodes + (size_t)i * sizeof(struct tsr_hw_node);
}

struct tsr_hw_node layout_node(const struct layout *layout, uint32_t i)
{
	struct tsr_hw_node node;

	memcpy(&node, layout->bytes + layout_node_offset(layout, i), sizeof(node));
	return node;
}

uint16_t layout_edge(const struct layout *layout, uint32_t i)
{
	const uint8_t *edges = layout->bytes + layout->header.edges;

	return (uint16_t)tsr_hw_load(edges + sizeof(uint16_t) * i, sizeof(uint16_t));
}

size_t layout_loop_offset(const struct layout *layout, uint32_t i)
{
	return layout->header.loops + (size_t)i * sizeof(struct tsr_hw_loop);
}

struct tsr_hw_loop layout_loop(const struct layout *layout, uint32_t i)
{
	struct tsr_hw_loop loop;

	memcpy(&loop, layout->bytes + layout_loop_offset(layout, i), sizeof(loop));
	return loop;
}

size_t layout_group_offset(const struct layout *layout, uint32_t i)
{
	return layout->header.groups + (size_t)i * sizeof(struct tsr_hw_group);
}

struct tsr_hw_group layout_group(const struct layout *layout, uint32_t i)
{
	struct tsr_hw_group group;

	memcpy(&group, layout->bytes + layout_group_offset(layout, i), sizeof(group));
	return group;
}

bool layout_stream(const struct layout *layout, const struct tsr_hw_node *node, size_t *offset)
{
	uint64_t start = (uint64_t)layout->header.streams + node->stream;

	if (!node->stream_size || node->stream_size > TSR_HW_MAX_STREAM ||
	    !layout_inside(layout, start, node->stream_size))
		return false;
	*offset = start;
	return true;
}
