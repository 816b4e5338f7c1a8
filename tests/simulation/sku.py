# SPDX-License-Identifier: MIT
"""
The product classes: the facts of contract/skus, which are what fuses hold.

Rows of the array for a type are section 7's rows(t), for types that a class does not promise, too. The core takes one
instruction a cycle.
"""

import json
from dataclasses import dataclass, field, replace
from pathlib import Path

from simulation.flows import capacity, ceiling
from simulation.tensor import BITS, LOCAL, MEMORY

DIVISORS = {"int4": (2, 1), "int8": (1, 1), "fp8": (1, 1), "int16": (1, 2), "fp16": (1, 2), "bf16": (1, 2),
            "fp32": (1, 16)}
# Pairs of types whose products run at one rate, which fuses have for each of them.
SAME = {"uint8": "int8", "uint4": "int4", "fp8_e4m3": "fp8", "fp8_e5m2": "fp8"}


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
    link_mb_s: int
    load_latency: int
    block_cycles_log2: int
    promised: dict = field(default_factory=dict, hash=False)  # products a cycle and tile, as fuses have them

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


FOLDER = Path(__file__).resolve().parents[2] / "contract/skus"
FACTS = ("array_rows", "array_columns", "array_ports", "weight_path", "vector_operations", "scratchpad_kib",
         "memory_mb_s", "port_bytes", "tensor_tiles", "clock_khz", "link_mb_s", "load_latency", "block_cycles_log2")


def merged(by_type):
    """What a file has by type, one entry for types whose products run at one rate."""
    entries = {(SAME.get(kind, kind), value) for kind, value in by_type.items()}
    if len(entries) != len(dict(entries)):
        raise ValueError(f"different values for types of one rate: {by_type}")
    return dict(entries)


def load(facts):
    """A class by the facts of its file."""
    return Sku(facts["sku"], *(facts[fact] for fact in FACTS), merged(facts["macs"]))


CLASSES = sorted((json.loads(path.read_text()) for path in FOLDER.glob("*.json")), key=lambda facts: facts["number"])
SKUS = {facts["sku"]: load(facts) for facts in CLASSES}
