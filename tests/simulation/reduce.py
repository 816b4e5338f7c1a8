# SPDX-License-Identifier: MIT
"""REDUCE, SCAN and NORMALIZE (manual, section 13.3)."""

from dataclasses import dataclass

from simulation import vector
from simulation.boxes import boxes, built, first_box, made, of_inputs, write
from simulation.flows import ceiling
from simulation.sku import Sku
from simulation.steps import load_of
from simulation.tensor import Tensor, volume
from simulation.vector import Vector

FACTORS = {"SOFTMAX": 10, "LOG_SOFTMAX": 12, "STANDARD": 4, "RMS": 2}


@dataclass
class Reduce:
    """REDUCE and SCAN: `axes` are reduced, or is the one that is scanned."""

    sku: Sku
    x: Tensor
    d: Tensor
    axes: tuple
    block: tuple
    pre: Vector = None
    post: Vector = None
    scan: bool = False

    def completes(self, start, size):
        """Whether a block ends what is reduced."""
        return self.scan or all(start[i] + size[i] == self.x.extent[i] for i in self.axes)

    def out(self, start, size):
        """The box of d that belongs to a box of x."""
        if self.scan:
            return start, size
        return (tuple(0 if i in self.axes else s for i, s in enumerate(start)),
                tuple(1 if i in self.axes else n for i, n in enumerate(size)))

    def command(self):
        """The command for a tile."""
        steps = []
        for start, size in boxes(self.x.extent, self.block, self.axes, not self.scan):
            elements = volume(size)
            cycles = vector.epilogue(self.pre, elements, self.sku) + ceiling(elements, self.sku.vector)
            loads, store = [load_of(self.x, start, size)], None
            loads += [load_of(tensor, start, size) for tensor in vector.inputs(self.pre)]
            if self.completes(start, size):
                place = self.out(start, size)
                cycles += vector.epilogue(self.post, volume(place[1]), self.sku)
                store = write(self.d, *place)
                loads += [load_of(tensor, *place) for tensor in vector.inputs(self.post)]
            steps.append(made(self.sku, loads, cycles, store))
        size = first_box(self.x.extent, self.block)
        largest = [(self.x, size), *of_inputs(self.pre, size), *of_inputs(self.post, self.out(size, size)[1])]
        return built(steps, self, largest, name="REDUCE")


@dataclass
class Normalize:
    """NORMALIZE over `axes`."""

    sku: Sku
    x: Tensor
    d: Tensor
    axes: tuple
    block: tuple
    mode: str
    pre: Vector = None
    post: Vector = None
    strict: bool = False

    def passes(self):
        """Whether a block covers a row, and the share of f of each pass; a third one makes the output only."""
        factor = FACTORS[self.mode]
        if all(self.block[i] >= self.x.extent[i] for i in self.axes):
            return [factor]
        return [factor // 2, factor // 2] + [1] * (self.strict and self.mode == "STANDARD")

    def command(self):
        """The command for a tile: all passes of a row, then the next row."""
        steps = []
        passes = self.passes()
        rows = [i for i in range(len(self.x.extent)) if i not in self.axes]
        outer = {}
        for start, size in boxes(self.x.extent, self.block, self.axes):
            outer.setdefault(tuple(start[i] for i in rows), []).append((start, size))
        for blocks in outer.values():
            for number, factor in enumerate(passes):
                last = number == len(passes) - 1
                steps += [self.step(start, size, factor, last) for start, size in blocks]
        size = first_box(self.x.extent, self.block)
        largest = [(self.x, size), *of_inputs(self.pre, size), *of_inputs(self.post, size)]
        return built(steps, self, largest, name="NORMALIZE")

    def step(self, start, size, factor, last):
        """A block in one pass."""
        elements = volume(size)
        cycles = vector.epilogue(self.pre, elements, self.sku) + ceiling(factor * elements, self.sku.vector)
        loads = [load_of(self.x, start, size)]
        loads += [load_of(tensor, start, size) for tensor in vector.inputs(self.pre)]
        if not last:
            return made(self.sku, loads, cycles, None)
        loads += [load_of(tensor, start, size) for tensor in vector.inputs(self.post)]
        cycles += 4 + vector.epilogue(self.post, elements, self.sku)
        return made(self.sku, loads, cycles, write(self.d, start, size))
