# SPDX-License-Identifier: MIT
"""
Walks over boxes of elements and the bursts that they touch (manual, section 8.2).

A box is the address of its first element and (extent, stride) of each dimension, all in bits: elements of four bits
have no address in bytes. measured() and enumerated() are two ways to the same counts.
"""

from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from math import gcd

from simulation.flows import ceiling

BURST = 64 * 8
PAGE = 4096 * 8
BURSTS_PER_PAGE = PAGE // BURST
PAGE_COST = 8


@dataclass(frozen=True)
class Walk:
    """The counts of a walk, or of several that are one transfer."""

    bursts: int = 0
    jumps: int = 0
    pages: int = 0

    def __add__(self, other):
        return Walk(self.bursts + other.bursts, self.jumps + other.jumps, self.pages + other.pages)

    @property
    def bytes(self):
        """What the memory transfers."""
        return 64 * self.bursts

    @property
    def issue(self):
        """Cycles of the unit that walks."""
        return self.jumps + PAGE_COST * self.pages

    def scratchpad_cycles(self, weight_path, ports):
        """Cycles of a store to a scratchpad: its width follows from that of the weights' path, its rows from the array's."""
        return max(ceiling(self.bytes, 4 * weight_path), ceiling(self.jumps, ports))


@dataclass(frozen=True)
class Span:
    """The counts of a part of a walk, and its first and last burst, counted from the page that it begins in."""

    walk: Walk
    first: int
    last: int


def ordered(dimensions):
    """Those that are walked, outermost first, with positive strides."""
    walked = [(extent, abs(stride)) for extent, stride in dimensions if extent > 1 and stride]
    return sorted(walked, key=lambda dimension: -dimension[1])


def lowest(address, dimensions):
    """The address of the element that the walk begins with."""
    return address + sum((extent - 1) * stride for extent, stride in dimensions if stride < 0)


def step(before, burst):
    """What going from one burst to another one adds."""
    if burst == before:
        return Walk()
    if burst == before + 1:
        return Walk(1)
    return Walk(1, 1, int(burst // BURSTS_PER_PAGE != before // BURSTS_PER_PAGE))


def of_bursts(bursts):
    """The counts of a sequence of bursts, equal neighbours counted once."""
    total = Walk()
    before = None
    for burst in bursts:
        total += Walk(1) if before is None else step(before, burst)
        before = burst
    return total


def enumerated(address, dimensions):
    """The counts, by touching every element."""
    if any(extent == 0 for extent, _ in dimensions):
        return Walk()
    start = lowest(address, dimensions)
    walked = ordered(dimensions)
    indices = product(*(range(extent) for extent, _ in walked))
    strides = [stride for _, stride in walked]
    return of_bursts((start + sum(i * s for i, s in zip(index, strides))) // BURST for index in indices)


def merged(walked):
    """The same sequence of addresses in fewer dimensions."""
    result = []
    for extent, stride in walked:
        if result and result[-1][1] == extent * stride:
            result[-1] = (result[-1][0] * extent, stride)
        else:
            result.append((extent, stride))
    return tuple(result)


@lru_cache(maxsize=1 << 16)
def span(start, walked):
    """The counts of a box that begins `start` bits into a page."""
    if not walked:
        return Span(Walk(1), start // BURST, start // BURST)
    (extent, stride), inner = walked[0], walked[1:]
    if not inner and stride <= BURST:
        last = (start + (extent - 1) * stride) // BURST
        return Span(Walk(last - start // BURST + 1), start // BURST, last)
    return repeated(start, extent, stride, inner)


def repeated(start, extent, stride, inner):
    """The counts of `extent` boxes at a stride: what happens at one depends on where in a page it begins."""
    period = PAGE // gcd(stride, PAGE)
    bursts = jumps = pages = 0
    for turn in range(min(period, extent)):
        place = (start + turn * stride) % PAGE
        here = span(place, inner)
        following = (place + stride) // BURST
        entry = step(here.last, following)
        times, entries = ceiling(extent - turn, period), ceiling(extent - 1 - turn, period)
        bursts += times * here.walk.bursts + entries * (entry.bursts - 1)
        jumps += times * here.walk.jumps + entries * entry.jumps
        pages += times * here.walk.pages + entries * entry.pages
    end = start + (extent - 1) * stride
    last = span(end % PAGE, inner).last + end // PAGE * BURSTS_PER_PAGE
    return Span(Walk(bursts, jumps, pages), start // BURST, last)


def measured(address, dimensions):
    """The counts, in a time that does not depend on the extents."""
    if any(extent == 0 for extent, _ in dimensions):
        return Walk()
    return span(lowest(address, dimensions) % PAGE, merged(ordered(dimensions))).walk


def chained(boxes):
    """The counts of boxes that are walked one after another as one walk: (address, dimensions) of each."""
    total, last = Walk(), None
    for address, dimensions in boxes:
        if any(extent == 0 for extent, _ in dimensions):
            continue
        start = lowest(address, dimensions)
        part = span(start % PAGE, merged(ordered(dimensions)))
        page = start // PAGE * BURSTS_PER_PAGE
        total += part.walk
        if last is not None:
            entry = step(last, page + part.first)
            total += Walk(entry.bursts - 1, entry.jumps, entry.pages)
        last = page + part.last
    return total
