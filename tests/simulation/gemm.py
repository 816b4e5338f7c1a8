# SPDX-License-Identifier: MIT
"""GEMM: batches of a [.., M, K] times b [.., K, N] (manual, sections 11.17 and 13.2)."""

from dataclasses import dataclass

from simulation.blocks import Blocks, Product, array_cycles
from simulation.flows import ceiling
from simulation.sku import Sku
from simulation.steps import Store, load_of
from simulation.tensor import BITS, Tensor, volume
from simulation.vector import Vector

NARROW = ("int8", "uint8")
NIBBLES = ("int4", "uint4")


def runs_at(a, b):
    """The type that a product of two operand types runs at."""
    if a in NARROW:
        return "int8"
    if a in NIBBLES:
        return "int4"
    return a


def unravel(index, extent):
    """The indices of a position in row-major order."""
    result = []
    for n in reversed(extent):
        result.insert(0, index % n)
        index //= n
    return tuple(result)


@dataclass
class Gemm(Product):
    """
    One command. `scale` are block scales of b, `zeros_b` its zero points, one for `block` consecutive k; `zeros_a` are
    those of a, one for a row; `row_counts` what `rows` holds.
    """

    sku: Sku
    a: Tensor
    b: Tensor
    d: Tensor
    blocks: Blocks
    post: Vector = None
    scale: Tensor = None
    block: int = 0
    row_counts: tuple = None
    rows: Tensor = None
    strict: bool = False
    zeros_a: Tensor = None
    zeros_b: Tensor = None

    def __post_init__(self):
        self.kind = runs_at(self.a.type, self.b.type)
        self.batch_extent = self.d.extent[:-2]
        self.batches = volume(self.batch_extent)
        self.height, self.depth = self.a.extent[-2:]
        self.width = self.b.extent[-1]
        self.output_bits = BITS[self.d.type]

    def batch(self, tensor, index):
        """The batch indices of a tensor, 0 where it has extent 1."""
        wanted = unravel(index.batch, self.batch_extent)
        return tuple(i if n > 1 else 0 for i, n in zip(wanted, tensor.extent))

    def a_place(self, index):
        """The block of a that a step uses."""
        return self.batch(self.a, index), index.m, index.k

    def b_place(self, index):
        """The block of b that a step uses."""
        return self.batch(self.b, index), index.k, index.n

    def box(self, tensor, index, *parts):
        """Start and size of a block of a tensor of the batch."""
        batch = self.batch(tensor, index)
        return batch + tuple(start for start, _ in parts), (1,) * len(batch) + tuple(size for _, size in parts)

    def a_load(self, index):
        """The load of a block of a, as a list."""
        m, _, k = self.parts(index)
        loads = [load_of(self.a, *self.box(self.a, index, m, k))]
        if self.zeros_a is not None:
            loads.append(load_of(self.zeros_a, *self.box(self.zeros_a, index, m, (0, 1))))
        return loads

    def b_load(self, index):
        """The loads of a block of b and of its scales."""
        _, n, k = self.parts(index)
        loads = [load_of(self.b, *self.box(self.b, index, k, n))]
        for tensor in (self.scale, self.zeros_b):
            if tensor is not None:
                first = k[0] // self.block
                scales = (first, ceiling(k[0] + k[1], self.block) - first)
                loads.append(load_of(tensor, *self.box(tensor, index, scales, n)))
        return loads

    def array(self, index):
        """The array part of a step."""
        return array_cycles(self.sku, self.kind, self.b.type, *self.size(index))

    def outputs(self, index):
        """Elements of a block of d."""
        m, n, _ = self.size(index)
        return m * n

    def block_outputs(self):
        """Elements of the largest block of d."""
        return min(self.blocks.bm, self.height) * min(self.blocks.bn, self.width)

    def store(self, index):
        """The store of a block."""
        m, n, _ = self.parts(index)
        return Store(self.d, self.d.walk(*self.box(self.d, index, m, n)))

    def input_boxes(self, tensor, index):
        """The box of an input of the epilogue, as a list."""
        m, n, _ = self.parts(index)
        return [self.box(tensor, index, m, n)]

    def skipped(self, index):
        """Rows of blocks beyond `rows`."""
        if self.row_counts is None:
            return False
        first = unravel(index.batch, self.batch_extent)[0]
        return index.m * self.blocks.bm >= self.row_counts[first]

    def control(self):
        """The row counts."""
        return [self.rows]

    def a_held(self):
        """Bytes of the largest block of a, and of its zero points, in the ring."""
        rows = min(self.blocks.bm, self.height)
        zeros = self.largest(self.zeros_a, rows, 1) if self.zeros_a else 0
        return self.largest(self.a, rows, min(self.blocks.bk, self.depth)) + zeros

    def b_held(self):
        """Bytes of the largest block of b, and of its scales, in the ring."""
        columns, depth = min(self.blocks.bn, self.width), min(self.blocks.bk, self.depth)
        beside = [tensor for tensor in (self.scale, self.zeros_b) if tensor]
        scales = sum(self.largest(tensor, ceiling(depth, self.block), columns) for tensor in beside)
        return self.largest(self.b, depth, columns) + scales

    def largest(self, tensor, rows, columns):
        """Bytes of a block of a tensor in the ring."""
        return tensor.held((1,) * (len(tensor.extent) - 2) + (rows, columns)) if tensor.loads else 0
