# SPDX-License-Identifier: MIT
"""
The product classes (manual, section 19), and values for what it leaves out.

Left out there and chosen here: load latency (200 cycles), block_cycles_log2 (14), the ports of ulp and edge (0: no
limit), products of the types other than int8 (as section 7's rows(t) says), instructions of the core (one a cycle).
"""

from dataclasses import dataclass, replace

from simulation.flows import capacity, ceiling
from simulation.tensor import BITS, LOCAL, MEMORY

DIVISORS = {"int4": (2, 1), "int8": (1, 1), "fp8": (1, 1), "int16": (1, 2), "fp16": (1, 2), "bf16": (1, 2),
            "fp32": (1, 16)}


@dataclass(frozen=True)
class Sku:
    """The fuses that time depends on."""

    name: str
    array_rows: int
    columns: int
    ports: int
    weight_path: int
    vector: int
    scratchpad_kib: int
    memory_mb_s: int
    port_bytes: int
    tiles: int
    khz: int
    link_mb_s: int = 0
    load_latency: int = 200
    block_cycles_log2: int = 14

    def rows(self, kind):
        """rows(t): rows of the array for a type."""
        times, over = DIVISORS[kind]
        return self.array_rows * times // over

    def macs(self, kind):
        """macs[t]: products a cycle and tile."""
        return self.rows(kind) * self.columns * self.ports

    @property
    def main(self):
        """Bytes of a scratchpad that are no reserve of REALTIME work."""
        return self.scratchpad_kib * 1024 * 7 // 8

    def filling(self, weight_type, kind):
        """Cycles in which the array's weights change: the least that a row of blocks takes."""
        return ceiling(self.rows(kind) * self.columns * BITS[weight_type], 8 * self.weight_path)

    def capacities(self):
        """The resources that flows share; a port that has no limit is as wide as all memory."""
        memory = capacity(self.memory_mb_s, self.khz)
        resources = {MEMORY: memory}
        if self.link_mb_s:
            resources = {LOCAL: memory, MEMORY: capacity(self.link_mb_s, self.khz)}
        for tile in range(self.tiles):
            resources[tile] = (self.port_bytes << 32) or memory
        return resources

    def changed(self, **changes):
        """The same class with other fuses."""
        return replace(self, **changes)


SKUS = {sku.name: sku for sku in (
    Sku("ulp", 16, 16, 1, 16, 16, 256, 1600, 0, 1, 1000000),
    Sku("edge", 32, 32, 3, 64, 192, 2048, 34133, 0, 1, 1000000),
    Sku("pc", 32, 64, 2, 128, 512, 3072, 136500, 128, 4, 1465000),
    Sku("adas", 64, 64, 2, 128, 1024, 4096, 204800, 256, 8, 1900000),
    Sku("server", 64, 128, 2, 256, 1024, 8192, 819200, 256, 16, 1144000, link_mb_s=64000),
    Sku("dc", 128, 128, 4, 512, 2048, 16384, 8192000, 512, 24, 1600000, link_mb_s=64000),
)}
