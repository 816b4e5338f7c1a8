# SPDX-License-Identifier: MIT
"""SAMPLE: values at coordinates (manual, sections 11.15 and 13.3)."""

import math
from dataclasses import dataclass
from itertools import product

from simulation import vector
from simulation.boxes import boxes, built, first_box, made, of_inputs, write
from simulation.flows import ceiling
from simulation.sku import Sku
from simulation.steps import load_of, load_of_boxes, with_control
from simulation.tensor import Tensor, volume
from simulation.vector import Vector

LIMIT = 2.0 ** 24


def limited(place, low, high):
    """A number between two others."""
    return min(max(place, low), high)


def reflected(place, low, high):
    """A number reflected about two others as often as it takes."""
    if low == high:
        return low
    rest = (place - low) % (2 * (high - low))
    return low + min(rest, 2 * (high - low) - rest)


def place_of(outside, at, n):
    """What a coordinate of a dimension of n elements becomes."""
    at = limited(at, -LIMIT, LIMIT)
    if outside == "EDGE":
        return limited(at, 0, n - 1)
    if outside == "REFLECT_CENTRE":
        return reflected(at, 0, n - 1)
    if outside == "REFLECT_EDGE":
        return limited(reflected(at, -0.5, n - 0.5), 0, n - 1)
    return at


def along(mode, outside, at, n):
    """The elements of a dimension that a coordinate selects."""
    if math.isnan(at):
        return []
    place = place_of(outside, at, n)
    first = round(place) if mode == "NEAREST" else math.floor(place)
    return [i for i in range(first, first + (1 if mode == "NEAREST" else 2)) if 0 <= i < n]


@dataclass
class Sample:
    """
    x [N, C, in..], coords [B, out.., dims], d [B, C, out..]; `values` are the coordinates by their place, `images` the n
    of each batch index if `batch` is a tensor.
    """

    sku: Sku
    x: Tensor
    coords: Tensor
    d: Tensor
    mode: str
    outside: str
    values: dict
    block: tuple
    batch: Tensor = None
    images: tuple = None
    post: Vector = None

    @property
    def dims(self):
        """Spatial dimensions."""
        return len(self.x.extent) - 2

    def corners(self, position):
        """The elements of an image that a position (b, out..) selects."""
        return product(*(along(self.mode, self.outside, self.values[position + (i,)], n)
                         for i, n in enumerate(self.x.extent[2:])))

    def x_boxes(self, start, size):
        """All corners of a box of d, each for all its channels."""
        ranges = [range(start[0], start[0] + size[0])] + [range(s, s + n) for s, n in zip(start[2:], size[2:])]
        for position in product(*ranges):
            image = self.images[position[0]] if self.images else position[0]
            for corner in self.corners(position):
                yield (image, start[1], *corner), (1, size[1]) + (1,) * self.dims

    def coords_box(self, start, size):
        """The coordinates of a box of d."""
        return start[:1] + start[2:] + (0,), size[:1] + size[2:] + (self.dims,)

    def step(self, start, size):
        """A step, as pieces."""
        loads = [load_of_boxes(self.x, list(self.x_boxes(start, size)), through=True),
                 load_of(self.coords, *self.coords_box(start, size))]
        loads += [load_of(tensor, start, size) for tensor in vector.inputs(self.post)]
        outputs = volume(size)
        cycles = ceiling(outputs * {2: 4, 3: 8}[self.dims], self.sku.vector)
        cycles += vector.epilogue(self.post, outputs, self.sku)
        return made(self.sku, loads, cycles, write(self.d, start, size))

    def command(self):
        """The command for a tile."""
        size = first_box(self.d.extent, self.block)
        largest = [(self.coords, self.coords_box(size, size)[1]), *of_inputs(self.post, size)]
        result = built([self.step(*box) for box in boxes(self.d.extent, self.block)], self, largest, name="SAMPLE")
        if self.x.loads:
            corners = 1 if self.mode == "NEAREST" else 2 ** self.dims
            result.working_set += 2 * 64 * ceiling(volume(size) * corners * self.x.bits, 512)
        result.steps, control = with_control(result.steps, [self.batch])
        result.working_set += control
        return result
