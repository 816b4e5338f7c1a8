# SPDX-License-Identifier: MIT
"""MOVE, GATHER and SCATTER (manual, section 15.3); their walks through indices (section 8.2)."""

from simulation.boxes import boxes, built, made, write
from simulation.flows import ceiling
from simulation.steps import Store, load_of, load_of_boxes
from simulation.tensor import volume


def move(sku, x, d, block, before=None, overlap=False):
    """MOVE: d[i] = x[i - before]; what lies outside of x takes no load."""
    before = before or (0,) * len(d.extent)
    steps = []
    for start, size in boxes(d.extent, block):
        first = tuple(min(max(s - b, 0), n) for s, b, n in zip(start, before, x.extent))
        last = tuple(min(max(s + z - b, 0), n) for s, z, b, n in zip(start, size, before, x.extent))
        stored = ceiling(volume(size) * d.bits, 8)
        loads = [load_of(x, first, tuple(l - f for f, l in zip(first, last)))]
        steps.append(made(sku, loads, ceiling(stored, 4 * sku.vector), write(d, start, size)))
    return built(steps, overlap, "MOVE")


def slices(start, size, axis, rows):
    """The boxes of a block along an axis, one for each index."""
    return [(start[:axis] + (row,) + start[axis + 1:], size[:axis] + (1,) + size[axis + 1:]) for row in rows]


def gather(sku, x, index, d, axis, values, block):
    """GATHER along an axis by an index of one dimension with these values; d has its extent there."""
    steps = []
    for start, size in boxes(d.extent, block):
        rows = values[start[axis]:start[axis] + size[axis]]
        loads = [load_of(index, start[axis:axis + 1], size[axis:axis + 1]),
                 load_of_boxes(x, slices(start, size, axis, rows), through=True)]
        cycles = ceiling(ceiling(volume(size) * d.bits, 8), 4 * sku.vector)
        steps.append(made(sku, loads, cycles, write(d, start, size)))
    return built(steps, name="GATHER")


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
    return built(steps, name="SCATTER")
