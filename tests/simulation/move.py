# SPDX-License-Identifier: MIT
"""MOVE, GATHER and SCATTER (manual, section 15.3); their walks through indices (section 8.2)."""

from dataclasses import dataclass

from simulation.boxes import boxes, built, first_box, made, write
from simulation.flows import ceiling
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


def slices(start, size, axis, rows):
    """The boxes of a block along an axis, one for each index."""
    return [(start[:axis] + (row,) + start[axis + 1:], size[:axis] + (1,) + size[axis + 1:]) for row in rows]


@dataclass
class Gather:
    """GATHER along an axis by an index of one dimension with these values."""

    x: Tensor
    index: Tensor
    d: Tensor
    axis: int
    values: tuple
    block: tuple


@dataclass
class Scatter:
    """SCATTER likewise."""

    updates: Tensor
    index: Tensor
    d: Tensor
    axis: int
    values: tuple
    block: tuple
    reduction: bool


def gather(sku, x, index, d, axis, values, block):
    """GATHER along an axis by an index of one dimension with these values; d has its extent there."""
    steps = []
    for start, size in boxes(d.extent, block):
        rows = values[start[axis]:start[axis] + size[axis]]
        loads = [load_of(index, start[axis:axis + 1], size[axis:axis + 1]),
                 load_of_boxes(x, slices(start, size, axis, rows), through=True)]
        cycles = ceiling(ceiling(volume(size) * d.bits, 8), 4 * sku.vector)
        steps.append(made(sku, loads, cycles, write(d, start, size)))
    size = first_box(d.extent, block)
    largest = [(index, (size[axis],)), (x, size)]
    return built(steps, Gather(x, index, d, axis, values, block), largest, name="GATHER")


def scatter(sku, updates, index, d, axis, values, block, reduction=False):
    """SCATTER along an axis by an index of one dimension; a reduction reads what it combines with."""
    steps = []
    for start, size in boxes(updates.extent, block):
        places = slices(start, size, axis, values[start[axis]:start[axis] + size[axis]])
        loads = [load_of(index, start[axis:axis + 1], size[axis:axis + 1]), load_of(updates, start, size)]
        if reduction:
            loads.append(load_of_boxes(d, places, through=True))
        cycles = ceiling(ceiling(volume(size) * d.bits, 8), 4 * sku.vector)
        store = Store(d, d.walk_through(places))
        steps.append(made(sku, loads, volume(size) if reduction else cycles, store))
    size = first_box(updates.extent, block)
    largest = [(index, (size[axis],)), (updates, size)]
    if reduction:
        largest.append((d, size))
    return built(steps, Scatter(updates, index, d, axis, values, block, reduction), largest, name="SCATTER")
