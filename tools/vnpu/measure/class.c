// SPDX-License-Identifier: MIT
#include "class.h"

#include "tile/sku.h"

struct time_class class_of(const struct tsr_hw_fuses *fuses)
{
	return (struct time_class){
		.array_rows = fuses->array_rows,
		.array_columns = fuses->array_columns,
		.array_ports = fuses->array_ports,
		.weight_path = fuses->weight_path,
		.vector_operations = fuses->vector_operations,
		.port_bytes = fuses->port_bytes,
		.memory_mb_s = fuses->memory_mb_s,
		.link_mb_s = fuses->link_mb_s,
		.khz = fuses->clock_khz,
		.load_latency = fuses->load_latency,
		.block_cycles_log2 = fuses->block_cycles_log2,
		.tiles = fuses->tensor_tiles,
	};
}

struct energy_constants class_energy(const struct sku_energy *energy)
{
	return (struct energy_constants){
		.vector = energy->vector,
		.scratchpad = energy->scratchpad,
		.memory = energy->byte,
		.link = energy->link,
		.idle = energy->cycle,
	};
}
