# SPDX-License-Identifier: MIT
"""POOL (manual, section 15.3)."""

from dataclasses import dataclass

from simulation import vector
from simulation.boxes import boxes, built, made, write
from simulation.flows import ceiling
from simulation.sku import Sku
from simulation.steps import load_of
from simulation.tensor import Tensor, volume
from simulation.vector import Vector


@dataclass
class Pool:
    """POOL: x and d [N, C, spatial..]."""

    sku: Sku
    x: Tensor
    d: Tensor
    windows: tuple
    block: tuple
    post: Vector = None

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
            load = load_of(self.x, *self.source(start, size))
            steps.append(made(self.sku, [load], cycles, write(self.d, start, size)))
        return built(steps, name="POOL")
