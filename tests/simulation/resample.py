# SPDX-License-Identifier: MIT
"""RESAMPLE (manual, section 13.3)."""

from dataclasses import dataclass

from simulation import vector
from simulation.boxes import boxes, built, first_box, made, of_inputs, write
from simulation.flows import ceiling
from simulation.steps import load_of
from simulation.tensor import Tensor, volume
from simulation.vector import Vector


def touched(first, taps, extent):
    """First element and number of elements from the lowest to the highest that some outputs read."""
    low = min(max(0, min(first)), extent - 1)
    high = min(max(0, max(first) + taps - 1), extent - 1)
    return low, high - low + 1


@dataclass
class Resample:
    """RESAMPLE along an axis; `values` are the elements of the tensor `first`."""

    x: Tensor
    first: Tensor
    weight: Tensor
    d: Tensor
    axis: int
    values: tuple
    block: tuple
    post: Vector


def resample(sku, x, first, weight, d, axis, values, block, post=None):
    """RESAMPLE along an axis; `values` are the elements of the tensor `first`."""
    taps = weight.extent[1]
    steps = []
    for start, size in boxes(d.extent, block):
        out = (start[axis], size[axis])
        low, count = touched(values[out[0]:out[0] + out[1]], taps, x.extent[axis])
        source = (start[:axis] + (low,) + start[axis + 1:], size[:axis] + (count,) + size[axis + 1:])
        loads = [load_of(x, *source), load_of(weight, (out[0], 0), (out[1], taps)), load_of(first, out[:1], out[1:])]
        loads += [load_of(tensor, start, size) for tensor in vector.inputs(post)]
        elements = volume(size)
        cycles = ceiling(elements * taps, sku.vector) + vector.epilogue(post, elements, sku)
        steps.append(made(sku, loads, cycles, write(d, start, size)))
    size = first_box(d.extent, block)
    widest = max((count for _, count in (touched(values[i:i + size[axis]], taps, x.extent[axis])
                                         for i in range(0, d.extent[axis], block[axis]))), default=0)
    largest = [(x, size[:axis] + (widest,) + size[axis + 1:]), (first, size[axis:axis + 1]),
               (weight, (size[axis], taps)), *of_inputs(post, size)]
    return built(steps, Resample(x, first, weight, d, axis, values, block, post), largest, name="RESAMPLE")
