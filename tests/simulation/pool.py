# SPDX-License-Identifier: MIT
"""POOL (manual, section 13.3)."""

from dataclasses import dataclass

from simulation import vector
from simulation.boxes import boxes, built, first_box, made, of_inputs, write
from simulation.flows import ceiling
from simulation.sku import Sku
from simulation.steps import load_of
from simulation.tensor import Tensor, volume
from simulation.vector import Vector


@dataclass
class Pool:
    """POOL: x and d [N, C, spatial..]; `index` is shaped as d, and stored behind it."""

    sku: Sku
    x: Tensor
    d: Tensor
    windows: tuple
    block: tuple
    post: Vector = None
    index: Tensor = None

    def source(self, start, size):
        """The box of x that the windows of a box of d hit."""
        hits = [window.hit(s, n, extent) for window, s, n, extent
                in zip(self.windows, start[2:], size[2:], self.x.extent[2:])]
        return start[:2] + tuple(first for first, _ in hits), size[:2] + tuple(count for _, count in hits)

    def command(self):
        """The command for a tile."""
        taps = volume(window.kernel for window in self.windows)
        steps = []
        for start, size in boxes(self.d.extent, self.block):
            elements = volume(size)
            cycles = ceiling(elements * taps, self.sku.vector) + vector.epilogue(self.post, elements, self.sku)
            loads = [load_of(self.x, *self.source(start, size))]
            loads += [load_of(tensor, start, size) for tensor in vector.inputs(self.post)]
            steps.append(made(self.sku, loads, cycles, write(self.d, start, size)))
            if self.index:
                steps[-1][-1].others = [write(self.index, start, size)]
        return built(steps, self, self.largest(), name="POOL")

    def largest(self):
        """The largest boxes that it could load."""
        size = first_box(self.d.extent, self.block)
        spans = [window.span(n, extent) for window, n, extent in zip(self.windows, size[2:], self.x.extent[2:])]
        return [(self.x, size[:2] + tuple(spans)), *of_inputs(self.post, size)]
