# SPDX-License-Identifier: MIT
"""SORT, COMPACT and SUPPRESS (manual, section 13.3)."""

from math import ceil, log2

from simulation.boxes import boxes, built, first_box, made, write
from simulation.flows import ceiling
from simulation.steps import load_of
from simulation.tensor import volume

HELD_OF_ELEMENT = 12
HELD_OF_BOX = 20
BOXES = 1024


def sort_cycles(sku, rows, n):
    """Cycles of the vector unit for SORT."""
    return ceiling(rows * n * max(1, ceil(log2(n))) * 16, sku.vector) if n else 0


def suppress_cycles(sku, n):
    """Cycles of the vector unit for SUPPRESS."""
    return ceiling(8 * n * n, sku.vector)


def spread(cycles, steps):
    """What of some cycles each of some steps takes: cycles // steps, as long as there are any."""
    each = ceiling(cycles, max(1, steps))
    return [max(0, min(each, cycles - i * each)) for i in range(steps)]


def finished(steps, name, largest, fixed=0):
    """A command with outputs of several kinds; `fixed` bytes are held beside its loads."""
    command = built(steps, None, largest, name=name)
    command.fixed = fixed
    command.working_set += fixed
    return command


def whole(tensor):
    """The store of all of an output."""
    return write(tensor, (0,) * len(tensor.extent), tensor.extent)


def sort(sku, x, values, indices, block):
    """SORT along the last dimension; outputs are `values`, `indices` or both."""
    last = len(x.extent) - 1
    n = x.extent[last]
    places = list(boxes(x.extent, block, (last,)))
    cycles = spread(sort_cycles(sku, volume(x.extent[:last]), n), len(places))
    steps = []
    for (start, size), vector in zip(places, cycles):
        steps.append(made(sku, [load_of(x, start, size)], vector, None))
        if start[last] + size[last] == n:
            outputs = [tensor for tensor in (values, indices) if tensor]
            steps[-1][-1].others = [write(tensor, start[:last] + (0,), size[:last] + tensor.extent[last:])
                                    for tensor in outputs]
    size = first_box(x.extent, block)
    return finished(steps, "SORT", [(x, size)], HELD_OF_ELEMENT * n * volume(size[:last]))


def compact(sku, x, coords, count, block):
    """COMPACT: coordinates are stored as if every element were found, as far as there is room."""
    steps, before = [], 0
    for start, size in boxes(x.extent, block):
        elements = volume(size)
        first = min(before, coords.extent[0])
        rows = min(elements, coords.extent[0] - first)
        store = write(coords, (first, 0), (rows, coords.extent[1]))
        steps.append(made(sku, [load_of(x, start, size)], ceiling(elements, sku.vector), store))
        before += elements
    if steps:
        steps[-1][-1].others = [whole(count)]
    return finished(steps, "COMPACT", [(x, first_box(x.extent, block))])


def suppress(sku, corners, scores, indices, count):
    """SUPPRESS: blocks of 1,024 boxes, stored with the last step."""
    n = corners.extent[0]
    places = list(boxes(corners.extent, (BOXES, 4)))
    steps = []
    for (start, size), vector in zip(places, spread(suppress_cycles(sku, n), len(places))):
        loads = [load_of(corners, start, size), load_of(scores, start[:1], size[:1])]
        steps.append(made(sku, loads, vector, None))
    if steps:
        steps[-1][-1].others = [whole(indices), whole(count)]
    size = first_box(corners.extent, (BOXES, 4))
    return finished(steps, "SUPPRESS", [(corners, size), (scores, size[:1])], HELD_OF_BOX * n)
