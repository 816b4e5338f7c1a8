# SPDX-License-Identifier: MIT
"""
Commands from their bytes, by the manual's tables (docs/hardware.md, sections 10 and 11). Nothing is checked: streams
are those that an engine accepts. Only the numbers of operations come from the contract.
"""

import struct
import sys
from dataclasses import dataclass
from pathlib import Path

from simulation.attention import Attention
from simulation.blocks import ORDERS, Blocks
from simulation.boxes import elementwise
from simulation.conv import Conv, Window
from simulation.dma import uses
from simulation.flows import Flow, ceiling
from simulation.gemm import Gemm
from simulation.move import Indexed, move, reach
from simulation.pool import Pool
from simulation.reduce import FACTORS, Normalize, Reduce
from simulation.resample import resample
from simulation.sample import Sample
from simulation.sorting import compact, sort, suppress
from simulation.tensor import LOCAL, MEMORY, SCRATCHPAD, Tensor, volume
from simulation.vector import Vector
from simulation.walk import measured

sys.path.append(str(Path(__file__).resolve().parents[2] / "contract/python"))
import tsr_hw  # noqa: E402

NAMES = {operation.value: operation.name for operation in tsr_hw.VECTOR}
TYPES = {1: "fp32", 2: "fp16", 3: "bf16", 4: "fp8", 5: "fp8", 6: "int8", 7: "uint8", 8: "int4", 9: "uint4",
         10: "int16", 11: "uint16", 12: "int32", 13: "uint32", 14: "int64", 15: "uint64", 16: "bool", 17: "e8m0",
         18: "fp4"}
SCRATCHPAD_SLOT, NONE, PROGRAM = 0xfffd, 0xfffe, 0xffff
PAGE = 4096
MODES = ("CONSTANT", "EDGE", "REFLECT", "WRAP")
KINDS = ("AXIS", "ELEMENT", "ND")
CAUSAL, BLOCK_SCALES = 1, 3
SAMPLES, OUTSIDES = ("NEAREST", "LINEAR"), ("ZERO", "EDGE", "REFLECT_CENTRE", "REFLECT_EDGE")


@dataclass
class Job:
    """
    What a stream is run with: `slots` are (address, size, flags); `read` gives bytes at an address; `local` are
    (address, size) of what lies in local memory, by whole pages.
    """

    slots: list
    parameters: tuple = ()
    program: int = 0
    read: object = None
    local: tuple = ()

    def address(self, slot):
        """Where a slot begins."""
        return self.program if slot == PROGRAM else self.slots[slot][0]

    def space(self, address):
        """The memory that the page of an address is of."""
        return LOCAL if any(at // PAGE <= address // PAGE < ceiling(at + size, PAGE)
                            for at, size in self.local) else MEMORY

    def number32(self, value):
        """A field of 32 bits that may name a parameter."""
        return self.parameters[value & 0x7fffffff] if value >> 31 else value

    def number64(self, value):
        """A field of 64 bits that may name a parameter, signed."""
        if value >> 62 == 1:
            value = self.parameters[value & (1 << 62) - 1]
        return value - (1 << 64) if value >> 63 else value


def tensor_at(job, raw, offset):
    """A tensor, section 11.1; None: there is none."""
    slot, kind, rank, place = struct.unpack_from("<HBB4xQ", raw, offset)
    if slot == NONE:
        return None
    extent = tuple(map(job.number32, struct.unpack_from("<8I", raw, offset + 32)[:rank]))
    stride = tuple(map(job.number64, struct.unpack_from("<8Q", raw, offset + 64)[:rank]))
    stride = tuple(s if n > 1 else 0 for n, s in zip(extent, stride))
    if slot == SCRATCHPAD_SLOT:
        return Tensor(TYPES[kind], extent, stride, job.number64(place), SCRATCHPAD)
    address = job.address(slot) + job.number64(place)
    return Tensor(TYPES[kind], extent, stride, address, job.space(address))


def vector_at(job, raw, offset):
    """A VECTOR program, section 11.3; None: there is none."""
    if not offset:
        return None
    insns, consts, inputs = struct.unpack_from("<3B", raw, offset)
    tensors = tuple(tensor_at(job, raw, offset + 8 + 128 * i) for i in range(inputs))
    code = offset + 8 + 128 * inputs + 8 * consts
    return Vector(tuple(NAMES[raw[code + 8 * i]] for i in range(insns)), tensors)


def block_at(raw, offset, rank):
    """Extents of a step."""
    return struct.unpack_from("<8I", raw, offset)[:rank]


def elements(job, tensor):
    """The integers that a tensor holds, in row-major order, by their place."""
    size = tensor.bits // 8
    places = [()]
    for n in tensor.extent:
        places = [place + (i,) for place in places for i in range(n)]
    return {place: int.from_bytes(job.read(tensor.address + size * sum(i * s for i, s in zip(place, tensor.stride)),
                                           size), "little", signed=True) for place in places}


def limited(job, tensor, most):
    """The integers that a tensor holds, in row-major order; None: there is none. Those out of 0 to `most` are 0."""
    if tensor is None:
        return None
    return tuple(value if 0 <= value <= most else 0 for value in elements(job, tensor).values())


def indices(job, tensor, extents):
    """Indices by their place; negative ones count from the end, one outside counts as 0. Coordinates are tuples."""
    def inside(value, n):
        value += n if value < 0 else 0
        return value if 0 <= value < n else 0

    values = elements(job, tensor)
    if len(extents) == 1 and not isinstance(extents, list):
        return {place: inside(value, extents[0]) for place, value in values.items()}
    return {place[:-1]: tuple(inside(values[place[:-1] + (i,)], n) for i, n in enumerate(extents))
            for place in values if not place[-1]}


class Decoder:
    """Makes commands of streams on a class."""

    def __init__(self, sku, job, ring=None):
        op = tsr_hw.OP
        self.sku = sku
        self.ring = sku.main if ring is None else ring
        self.job = job
        self.of = {op.VECTOR: self.vector, op.SCAN: self.scan, op.REDUCE: self.reduce, op.MOVE: self.move,
                   op.GATHER: self.gather, op.SCATTER: self.gather, op.RESAMPLE: self.resample, op.SORT: self.sort,
                   op.COMPACT: self.compact, op.SUPPRESS: self.suppress, op.NORMALIZE: self.normalize,
                   op.POOL: self.pool, op.GEMM: self.gemm, op.CONV: self.conv, op.ATTENTION: self.attention,
                   op.SAMPLE: self.sample}

    def tensor(self, raw, offset):
        """A tensor of a command."""
        return tensor_at(self.job, raw, offset)

    def program(self, raw, offset):
        """The program whose place stands at an offset: 8 the epilogue, 10 the prologue."""
        return vector_at(self.job, raw, *struct.unpack_from("<H", raw, offset))

    def commands(self, stream):
        """The bytes of each command of a stream."""
        while stream:
            size = struct.unpack_from("<H", stream, 4)[0]
            yield stream[:size]
            stream = stream[size:]

    def knows(self, stream):
        """Whether all commands of a tensor tile's stream are of version 2."""
        return all(raw[0] in self.of for raw in self.commands(stream))

    def stream(self, stream):
        """The commands of a tensor tile's stream."""
        return [self.of[raw[0]](raw) for raw in self.commands(stream)]

    def vector(self, raw):
        """VECTOR."""
        d = self.tensor(raw, 16)
        return elementwise(self.sku, d, self.program(raw, 8), block_at(raw, 144, len(d.extent)))

    def scan(self, raw):
        """SCAN."""
        x = self.tensor(raw, 16)
        return Reduce(self.sku, x, self.tensor(raw, 144), (raw[272],), block_at(raw, 280, len(x.extent)),
                      self.program(raw, 10), self.program(raw, 8), True).command()

    def reduce(self, raw):
        """REDUCE."""
        x = self.tensor(raw, 16)
        bits = struct.unpack_from("<I", raw, 272)[0]
        axes = tuple(i for i in range(len(x.extent)) if bits >> i & 1)
        return Reduce(self.sku, x, self.tensor(raw, 144), axes, block_at(raw, 280, len(x.extent)),
                      self.program(raw, 10), self.program(raw, 8)).command()

    def gemm(self, raw):
        """GEMM."""
        a, b, d, rows, scale = (self.tensor(raw, offset) for offset in (16, 144, 272, 400, 816))
        bm, bn, bk, bg, order = struct.unpack_from("<4IB", raw, 1072)
        counts = limited(self.job, rows, a.extent[-2])
        block = struct.unpack_from("<I", raw, 804)[0] or max(1, a.extent[-1])
        return Gemm(self.sku, a, b, d, Blocks(bm, bn, bk, ORDERS[order], bg), self.program(raw, 8), scale, block,
                    counts, rows, zeros_a=self.tensor(raw, 672), zeros_b=self.tensor(raw, 944)).command(self.ring)

    def conv(self, raw):
        """CONV."""
        x, w, d = (self.tensor(raw, offset) for offset in (16, 144, 272))
        bm, bn, bk, bg, order = struct.unpack_from("<4IB", raw, 944)
        groups, dims = struct.unpack_from("<IB", raw, 968)
        windows = tuple(self.window(raw, 976 + 32 * i) for i in range(dims))
        block = struct.unpack_from("<I", raw, 676)[0] if raw[672] == BLOCK_SCALES else max(1, volume(w.extent[1:]))
        return Conv(self.sku, x, w, d, Blocks(bm, bn, bk, ORDERS[order], bg), windows, groups, self.program(raw, 8),
                    scale=self.tensor(raw, 688), zeros=self.tensor(raw, 816), block=block).command(self.ring)

    def attention(self, raw):
        """ATTENTION."""
        q, k, v, d, mask, lengths, pages = (self.tensor(raw, 16 + 128 * i) for i in range(7))
        keys = k.extent[2] * (pages.extent[1] if pages else 1)
        table = limited(self.job, pages, k.extent[0] - 1)
        if pages:
            columns = pages.extent[1]
            table = tuple(table[columns * b:columns * (b + 1)] for b in range(pages.extent[0]))
        bm, bn = struct.unpack_from("<2I", raw, 1464)
        return Attention(self.sku, q, k, v, d, Blocks(bm, bn, 1), raw[1460] == CAUSAL,
                         limited(self.job, lengths, keys), table, keys, self.program(raw, 8), (lengths, pages),
                         self.tensor(raw, 928), self.tensor(raw, 1200), mask, zeros_k=self.tensor(raw, 1056),
                         zeros_v=self.tensor(raw, 1328)).command(self.ring)

    def sample(self, raw):
        """SAMPLE."""
        x, coords, batch, d = (self.tensor(raw, 16 + 128 * i) for i in range(4))
        values = {place: struct.unpack("<f", struct.pack("<i", value))[0]
                  for place, value in elements(self.job, coords).items()}
        return Sample(self.sku, x, coords, d, SAMPLES[raw[528]], OUTSIDES[raw[529]], values,
                      block_at(raw, 536, len(d.extent)), batch, limited(self.job, batch, x.extent[0] - 1),
                      self.program(raw, 8)).command()

    def normalize(self, raw):
        """NORMALIZE."""
        x = self.tensor(raw, 16)
        bits = struct.unpack_from("<I", raw, 272)[0]
        axes = tuple(i for i in range(len(x.extent)) if bits >> i & 1)
        return Normalize(self.sku, x, self.tensor(raw, 144), axes, block_at(raw, 288, len(x.extent)),
                         list(FACTORS)[raw[280]], self.program(raw, 10), self.program(raw, 8)).command()

    def window(self, raw, offset):
        """A spatial dimension of CONV or POOL."""
        *sizes, before, after = struct.unpack_from("<4I2Q", raw, offset)
        return Window(*sizes, self.job.number64(before), self.job.number64(after))

    def pool(self, raw):
        """POOL."""
        x, d = self.tensor(raw, 16), self.tensor(raw, 144)
        windows = tuple(self.window(raw, 408 + 32 * i) for i in range(raw[401]))
        return Pool(self.sku, x, d, windows, block_at(raw, 504, len(d.extent)), self.program(raw, 8),
                    self.tensor(raw, 272)).command()

    def pads(self, raw, rank):
        """Pads before and modes of MOVE."""
        before = tuple(map(self.job.number64, struct.unpack_from("<8Q", raw, 280)[:rank]))
        return before, tuple(MODES[mode] for mode in raw[408:408 + rank])

    def move(self, raw):
        """MOVE of a tensor tile."""
        x, d = self.tensor(raw, 16), self.tensor(raw, 144)
        before, modes = self.pads(raw, len(d.extent))
        return move(self.sku, x, d, block_at(raw, 416, len(d.extent)), before, modes=modes)

    def gather(self, raw):
        """GATHER and SCATTER."""
        x, index, d = (self.tensor(raw, offset) for offset in (16, 144, 272))
        kind, axis, batch_dims, reduction = raw[400:404]
        scatters = raw[0] == tsr_hw.OP.SCATTER
        dense, other = (x, d) if scatters else (d, x)
        if KINDS[kind] == "ND":
            extents = list(other.extent[batch_dims:batch_dims + index.extent[-1]])
        else:
            extents = other.extent[axis:axis + 1]
        return Indexed(self.sku, dense, other, index, indices(self.job, index, extents),
                       block_at(raw, 408, len(dense.extent)), KINDS[kind], axis, batch_dims, scatters,
                       bool(reduction)).command()

    def resample(self, raw):
        """RESAMPLE."""
        x, first, weight, d = (self.tensor(raw, offset) for offset in (16, 144, 272, 400))
        values = tuple(value for _, value in sorted(elements(self.job, first).items()))
        return resample(self.sku, x, first, weight, d, raw[528], values, block_at(raw, 536, len(d.extent)),
                        self.program(raw, 8))

    def sort(self, raw):
        """SORT."""
        x = self.tensor(raw, 16)
        return sort(self.sku, x, self.tensor(raw, 144), self.tensor(raw, 272), block_at(raw, 408, len(x.extent)))

    def compact(self, raw):
        """COMPACT."""
        x = self.tensor(raw, 16)
        return compact(self.sku, x, self.tensor(raw, 144), self.tensor(raw, 272), block_at(raw, 400, len(x.extent)))

    def suppress(self, raw):
        """SUPPRESS."""
        return suppress(self.sku, *(self.tensor(raw, offset) for offset in (16, 144, 272, 400)))

    def place(self, raw, offset, size):
        """(memory, walk) of some bytes at a place."""
        slot, at = struct.unpack_from("<H6xQ", raw, offset)
        address = self.job.address(slot) + self.job.number64(at)
        return self.job.space(address), measured(8 * address, [(size, 8)])

    def sides(self, raw):
        """(source, destination) of a command of a DMA engine, each (memory, walk); a source of None is a fill."""
        if raw[0] == tsr_hw.OP.COPY:
            size = self.job.number64(struct.unpack_from("<Q", raw, 64)[0])
            return self.place(raw, 16, size), self.place(raw, 32, size)
        if raw[0] == tsr_hw.OP.FILL:
            size = self.job.number64(struct.unpack_from("<Q", raw, 32)[0])
            return None, self.place(raw, 16, size)
        x, d = self.tensor(raw, 16), self.tensor(raw, 144)
        before, modes = self.pads(raw, len(d.extent))
        ranges = [reach(mode, -b, n, m) for mode, b, n, m in zip(modes, before, d.extent, x.extent)]
        source = x.walk(tuple(first for first, _ in ranges), tuple(count for _, count in ranges))
        return (x.space, source) if source.bursts else None, (d.space, d.walk((0,) * len(d.extent), d.extent))

    def walks(self, raw):
        """What is walked on each side."""
        return [side[1] for side in self.sides(raw) if side]

    def flows(self, stream):
        """The flows of a DMA engine's stream; commands that move nothing have none."""
        result = []
        for raw in self.commands(stream):
            source, destination = self.sides(raw)
            if not destination[1].bursts:
                continue
            walks = self.walks(raw)
            between = uses(source and source[0], destination[0])
            result.append(Flow(max(walk.bytes for walk in walks), between, sum(walk.issue for walk in walks),
                               self.sku.port_bytes))
        return result
