// SPDX-License-Identifier: MIT
#include "checksum.h"

#include <zlib.h>

bool checksum_covers(const struct layout *layout)
{
	return layout->node_count == layout->header.node_count &&
	       layout->edge_count == layout->header.edge_count &&
	       layout->loop_count == layout->header.loop_count &&
	       layout->group_count == layout->header.group_count;
}

uint32_t checksum_of(const struct layout *layout)
{
	struct tsr_hw_program header = layout->header;
	uLong value;

	header.checksum = 0;
	value = crc32_z(0, (const Bytef *)&header, sizeof(header));
	if (layout->node_count)
		value = crc32_z(value, layout->bytes + header.nodes,
				sizeof(struct tsr_hw_node) * layout->node_count);
	if (layout->edge_count)
		value = crc32_z(value, layout->bytes + header.edges,
				sizeof(uint16_t) * layout->edge_count);
	if (layout->loop_count)
		value = crc32_z(value, layout->bytes + header.loops,
				sizeof(struct tsr_hw_loop) * layout->loop_count);
	if (layout->group_count)
		value = crc32_z(value, layout->bytes + header.groups,
				sizeof(struct tsr_hw_group) * layout->group_count);
	return (uint32_t)value;
}

uint32_t checksum_bytes(const void *bytes, size_t size)
{
	return (uint32_t)crc32_z(0, bytes, size);
}
