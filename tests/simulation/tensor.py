# SPDX-License-Identifier: MIT
"""Operands of commands: what of struct tensor concerns time (manual, section 11)."""

from dataclasses import dataclass
from functools import reduce
from itertools import groupby

from simulation.flows import ceiling
from simulation.walk import BURST, chained, measured

BITS = {"fp32": 32, "fp16": 16, "bf16": 16, "fp8": 8, "int8": 8, "uint8": 8, "int4": 4, "uint4": 4, "fp4": 4,
        "int16": 16, "uint16": 16, "int32": 32, "uint32": 32, "int64": 64, "uint64": 64, "bool": 8, "e8m0": 8}

MEMORY = "memory"
LOCAL = "local"
SCRATCHPAD = "scratchpad"
GANG = "gang"


def dense(extent):
    """The strides of a tensor without gaps, the last dimension innermost."""
    strides = []
    size = 1
    for n in reversed(extent):
        strides.insert(0, size)
        size *= n
    return tuple(strides)


def volume(extent):
    """The product of extents."""
    return reduce(lambda a, b: a * b, extent, 1)


@dataclass(frozen=True)
class Tensor:
    """
    Strides count elements, `address` bytes: that of the slot and the offset together. `space` is MEMORY, LOCAL,
    SCRATCHPAD, GANG (an output in the resident parts of all tiles), or the number of the tile whose resident part holds
    it. `multicast` are the coordinates of the grid along which one flow serves all tiles.
    """

    type: str
    extent: tuple
    stride: tuple = None
    address: int = 0
    space: object = MEMORY
    static: bool = False
    multicast: tuple = ()

    def __post_init__(self):
        if self.stride is None:
            object.__setattr__(self, "stride", dense(self.extent))

    @property
    def bits(self):
        """The size of an element."""
        return BITS[self.type]

    @property
    def loads(self):
        """Whether it lies outside of the tile's own scratchpad."""
        return self.space != SCRATCHPAD

    def box(self, start, size):
        """Address and dimensions, in bits, of the `size` elements that begin at the indices `start`."""
        first = self.address * 8 + self.bits * sum(i * s for i, s in zip(start, self.stride))
        return first, [(n, s * self.bits) for n, s in zip(size, self.stride)]

    def walk(self, start, size):
        """The walk over such a box."""
        return measured(*self.box(start, size))

    def walk_through(self, places):
        """The walk through indices: boxes (start, size) in the order of the indices."""
        return chained(self.box(*place) for place in places)

    def places(self, boxes):
        """What tells boxes of elements apart: ranges in the dimensions that are not broadcast, equal neighbours once."""
        ranges = (tuple((i, n) for i, n, stride in zip(start, size, self.stride) if stride) for start, size in boxes)
        return tuple(place for place, _ in groupby(ranges))

    def held(self, *sizes):
        """Bytes of the elements of some boxes, a broadcast one counted once a box, rounded up to a burst."""
        elements = sum(volume(n for n, stride in zip(size, self.stride) if stride) for size in sizes if 0 not in size)
        return ceiling(elements * self.bits, BURST) * 64
