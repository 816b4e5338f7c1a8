# SPDX-License-Identifier: MIT
"""MOVE, GATHER and SCATTER (manual, section 13.3); their walks through indices (section 8.2)."""

from dataclasses import dataclass
from itertools import product

from simulation.boxes import boxes, built, first_box, made, write
from simulation.flows import ceiling
from simulation.sku import Sku
from simulation.steps import Store, load_of, load_of_boxes
from simulation.tensor import Tensor, volume


def source(mode, index, n):
    """The element of a dimension of x that an index reads; None: there is none."""
    if mode == "EDGE":
        return min(max(index, 0), n - 1)
    if mode == "WRAP":
        return index % n
    if mode == "REFLECT" and n > 1:
        return min(index % (2 * n - 2), -index % (2 * n - 2))
    if mode == "REFLECT":
        return 0
    return index if 0 <= index < n else None


def reach(mode, first, count, n):
    """First element and number of elements from the lowest to the highest that some indices read."""
    hit = [place for place in (source(mode, i, n) for i in range(first, first + count)) if place is not None]
    return (min(hit), max(hit) - min(hit) + 1) if hit else (0, 0)


@dataclass
class Move:
    """MOVE: d[i] = x[i - before]; `modes` say what lies outside of x."""

    x: Tensor
    d: Tensor
    block: tuple
    before: tuple
    modes: tuple


def move(sku, x, d, block, before=None, overlap=False, modes=None):
    """The command MOVE; a constant outside of x takes no load."""
    before = before or (0,) * len(d.extent)
    modes = modes or ("CONSTANT",) * len(d.extent)
    steps = []
    for start, size in boxes(d.extent, block):
        ranges = [reach(mode, s - b, z, n) for mode, s, b, z, n in zip(modes, start, before, size, x.extent)]
        stored = ceiling(volume(size) * d.bits, 8)
        loads = [load_of(x, tuple(first for first, _ in ranges), tuple(count for _, count in ranges))]
        steps.append(made(sku, loads, ceiling(stored, 4 * sku.vector), write(d, start, size)))
    size = tuple(n if mode == "WRAP" else min(n, z) for mode, n, z in zip(modes, x.extent, first_box(d.extent, block)))
    return built(steps, Move(x, d, block, before, modes), [(x, size)], overlap, "MOVE")


@dataclass
class Indexed:
    """
    GATHER and SCATTER. `dense` is what is walked, `other` what an index selects of: "AXIS" all that lies at an index of
    dimension `axis`, "ELEMENT" one element by an index of it, "ND" all at coordinates, the index's last dimension.
    `values` are the elements of the index by their place. `combines`: SCATTER with a reduction.
    """

    sku: Sku
    dense: Tensor
    other: Tensor
    index: Tensor
    values: dict
    block: tuple
    kind: str = "AXIS"
    axis: int = 0
    batch_dims: int = 0
    scatters: bool = False
    combines: bool = False

    @property
    def own(self):
        """Dimensions of the index that stand in the dense tensor, batch ones aside."""
        return len(self.index.extent) - self.batch_dims - (self.kind == "ND")

    @property
    def before(self):
        """Dimensions of both tensors that stand before the indexed ones."""
        return self.axis if self.kind == "AXIS" else self.batch_dims

    def index_box(self, start, size):
        """The box of the index that belongs to one of the dense tensor."""
        if self.kind == "ELEMENT":
            return start, size
        def part(numbers):
            return numbers[:self.batch_dims] + numbers[self.before:self.before + self.own]
        if self.kind == "AXIS":
            return part(start), part(size)
        return part(start) + (0,), part(size) + (self.index.extent[-1],)

    def selected(self, place, start, size):
        """The box that an element of the index selects."""
        value = self.values[place]
        if self.kind == "ELEMENT":
            return place[:self.axis] + (value,) + place[self.axis + 1:], (1,) * len(place)
        value = value if self.kind == "ND" else (value,)
        behind = self.before + self.own
        between = self.batch_dims, self.before
        first = place[:self.batch_dims] + start[slice(*between)] + value + start[behind:]
        count = (1,) * self.batch_dims + size[slice(*between)] + (1,) * len(value) + size[behind:]
        return first, count

    def slices(self, start, size):
        """All boxes that belong to one of the dense tensor, in row-major order of the index."""
        first, count = self.index_box(start, size)
        if self.kind == "ND":
            first, count = first[:-1], count[:-1]
        places = product(*(range(f, f + n) for f, n in zip(first, count)))
        return [self.selected(place, start, size) for place in places]

    def step(self, start, size):
        """The step of a box."""
        slices = self.slices(start, size)
        stored = ceiling(volume(size) * self.dense.bits, 8)
        cycles = volume(size) if self.combines else ceiling(stored, 4 * self.sku.vector)
        index = load_of(self.index, *self.index_box(start, size))
        if not self.scatters:
            loads = [load_of_boxes(self.other, slices, through=True), index]
            return made(self.sku, loads, cycles, write(self.dense, start, size))
        loads = [load_of(self.dense, start, size), index]
        if self.combines:
            loads.append(load_of_boxes(self.other, slices, through=True))
        return made(self.sku, loads, cycles, Store(self.other, self.other.walk_through(slices)))

    def command(self):
        """The command for a tile."""
        steps = [self.step(start, size) for start, size in boxes(self.dense.extent, self.block)]
        size = first_box(self.dense.extent, self.block)
        start = (0,) * len(size)
        largest = [(self.index, self.index_box(start, size)[1])]
        if self.scatters:
            largest.append((self.dense, size))
        if not self.scatters or self.combines:
            largest.append((self.other, size))
        return built(steps, self, largest, name="SCATTER" if self.scatters else "GATHER")


def by_place(values):
    """The values of an index of one dimension."""
    return {(place,): value for place, value in enumerate(values)}


def gather(sku, x, index, d, axis, values, block):
    """GATHER along an axis by an index of one dimension with these values; d has its extent there."""
    return Indexed(sku, d, x, index, by_place(values), block, axis=axis).command()


def scatter(sku, updates, index, d, axis, values, block, reduction=False):
    """SCATTER along an axis by an index of one dimension; a reduction reads what it combines with."""
    return Indexed(sku, updates, d, index, by_place(values), block, axis=axis, scatters=True,
                   combines=reduction).command()
