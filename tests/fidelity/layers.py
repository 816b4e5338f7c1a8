# SPDX-License-Identifier: MIT
"""Layers as commands: blocks are the largest ones that the ring and the length of a block allow."""

from itertools import product

from simulation.attention import Attention
from simulation.blocks import Blocks, Index
from simulation.boxes import LIMIT, elementwise
from simulation.conv import Conv, Window
from simulation.gemm import Gemm
from simulation.move import gather, move
from simulation.pool import Pool
from simulation.reduce import Normalize, Reduce
from simulation.resample import resample
from simulation.steps import Refused
from simulation.tensor import BITS, LOCAL, MEMORY, Tensor
from simulation.vector import Vector

POST = Vector(("RESCALE",))


def parts(extent, unit):
    """Block sizes: all, or a power of two of units."""
    sizes = [extent]
    while unit < extent:
        sizes.append(unit)
        unit *= 2
    return sorted(sizes, reverse=True)


def fits(made, ring):
    """Whether blocks are allowed and leave a quarter of the ring to inputs of an epilogue."""
    try:
        made.check()
        made.array_part(Index(0, 0, 0, 0), True)
    except Refused:
        return False
    return made.working_set() <= ring * 3 // 4


class Layers:
    """Makes commands of a class whose operands lie in memory, weights being STATIC."""

    def __init__(self, sku, ring=None):
        self.sku = sku
        self.ring = ring or sku.main
        self.space = LOCAL if sku.link_mb_s else MEMORY
        self.next = 1 << 20

    def tensor(self, kind, extent, stride=None, static=False):
        """A tensor in a place of its own."""
        tensor = Tensor(kind, tuple(extent), stride, self.next, self.space, static)
        size = 1 + sum((n - 1) * s for n, s in zip(tensor.extent, tensor.stride))
        self.next += (size * BITS[kind] // 8 + 4096) // 64 * 64
        return tensor

    def blocked(self, make, kind, height, width, depth, taps=1, order="OUTPUT_N"):
        """The product with the largest blocks."""
        unit = self.sku.rows(kind)
        while unit % taps:
            unit += self.sku.rows(kind)
        sizes = product(parts(height, 1), parts(width, self.sku.columns), parts(depth, unit))
        for bm, bn, bk in sorted(sizes, key=lambda size: -size[0] * size[1] * size[2]):
            made = make(Blocks(bm, bn, bk, order))
            if fits(made, self.ring):
                return made.command(self.ring)
        raise Refused("there are no blocks")

    def gemm(self, m, n, k, a="int8", b=None, out=None, batch=(), post=POST, transposed=True, order="OUTPUT_N"):
        """A product with dense columns of b, or dense rows; fewer bits in b have block scales."""
        b = b or a
        stride = None
        if transposed:
            outer = tuple(n * k * _volume(batch[i + 1:]) for i in range(len(batch)))
            stride = (*outer, 1, k)
        left, right = self.tensor(a, (*batch, m, k)), self.tensor(b, (*batch, k, n), stride, True)
        d = self.tensor(out or a, (*batch, m, n))
        grouped = a == "fp16" and b != a
        scale = self.tensor("fp16", (*batch, -(-k // 32), n), static=True) if grouped else None
        return self.blocked(lambda blocks: Gemm(self.sku, left, right, d, blocks, post, scale, 32), a, m, n, k,
                            order=order)

    def conv(self, channels, outputs, space, kernel, stride=1, groups=1, kind="int8", **fields):
        """A convolution with channels innermost and pads that keep the extent."""
        windows = tuple(Window(kernel, stride, before=kernel // 2, after=kernel // 2, **fields) for _ in space)
        out = tuple(window.outputs(n) for window, n in zip(windows, space))
        x, d = self.image(kind, channels, space), self.image(kind, outputs, out)
        w = self.tensor(kind, (outputs, channels // groups, *(kernel for _ in space)), static=True)
        bias = Tensor("int32", d.extent, (0, 1) + (0,) * len(space), self.next, self.space, True)
        taps = kernel ** len(space)
        def make(blocks):
            blocks = Blocks(blocks.bm, blocks.bn, blocks.bk, blocks.order, min(groups, 32))
            return Conv(self.sku, x, w, d, blocks, windows, groups, Vector(("ADD", "RESCALE"), (bias,)))
        return self.blocked(make, kind, _volume(out[:-1]), outputs // groups, channels // groups * taps, taps)

    def image(self, kind, channels, space):
        """A tensor [1, C, spatial..] with channels innermost."""
        strides, size = [], channels
        for n in reversed(space):
            strides.insert(0, size)
            size *= n
        return self.tensor(kind, (1, channels, *space), (size, 1, *strides))

    def box(self, extent, whole=()):
        """As much of the last dimensions as a step may have; of those that are `whole` all."""
        block, left = [1] * len(extent), LIMIT
        for i in (*whole, *reversed(range(len(extent)))):
            if block[i] == 1:
                block[i] = min(extent[i], left)
                left //= block[i]
        return tuple(block)

    def pool(self, channels, size, kernel, stride):
        """A pool of an image."""
        window = Window(kernel, stride, before=kernel // 2, after=kernel // 2)
        out = window.outputs(size)
        d = self.image("int8", channels, (out, out))
        return Pool(self.sku, self.image("int8", channels, (size, size)), d, (window, window),
                    self.box(d.extent, (1,))).command()

    def reduce(self, extent, axes, kind="fp16", scan=False):
        """A sum, or a cumulative one."""
        outs = extent if scan else tuple(1 if i in axes else n for i, n in enumerate(extent))
        return Reduce(self.sku, self.tensor(kind, extent), self.tensor(kind, outs), axes, self.box(extent, axes),
                      post=POST, scan=scan).command()

    def normalize(self, rows, width, mode, kind="fp16"):
        """Rows normalized, with weights."""
        x, d = self.tensor(kind, (rows, width)), self.tensor(kind, (rows, width))
        weight = Tensor(kind, (rows, width), (0, 1), self.next, self.space, True)
        return Normalize(self.sku, x, d, (1,), self.box((rows, width)), mode, post=Vector(("FMA",), (weight, weight)))\
            .command()

    def vector(self, extent, operations, kind="fp16", strides=None):
        """Operations on two tensors."""
        d, other = self.tensor(kind, extent), self.tensor(kind, extent)
        left = self.tensor(kind, extent, strides)
        return elementwise(self.sku, d, Vector(operations, (left, other)), self.box(extent))

    def transpose(self, rows, columns, kind="int8"):
        """A matrix transposed."""
        return move(self.sku, self.tensor(kind, (rows, columns), (1, rows)), self.tensor(kind, (rows, columns)),
                    self.box((rows, columns)))

    def pad(self, rows, columns, mode):
        """A matrix with a pad of three at all sides."""
        d = self.tensor("int8", (rows + 6, columns + 6))
        return move(self.sku, self.tensor("int8", (rows, columns)), d, self.box(d.extent), (3, 3), modes=(mode,) * 2)

    def rows(self, table, width, values, kind="fp16"):
        """Rows of a table by their index."""
        d = self.tensor(kind, (len(values), width))
        return gather(self.sku, self.tensor(kind, (table, width)), self.tensor("int32", (len(values),)), d, 0,
                      values, self.box(d.extent))

    def enlarge(self, channels, size):
        """Rows of an image doubled, linearly."""
        x, d = self.image("int8", channels, (size, size)), self.image("int8", channels, (2 * size, size))
        values = tuple((i - 1) // 2 for i in range(2 * size))
        return resample(self.sku, x, self.tensor("int32", (2 * size,)), self.tensor("fp32", (2 * size, 2)), d, 2,
                        values, self.box(d.extent, (1,)))

    def attention(self, heads, queries, keys, size, kv_heads=None, causal=False, pages=None):
        """Attention of one batch index; with pages of 64 tokens by a table."""
        kv_heads = kv_heads or heads
        q, d = (self.tensor("fp16", (1, heads, queries, size)) for _ in range(2))
        pool, tokens = (128, 64) if pages else (1, keys)
        k, v = (self.tensor("fp16", (pool, kv_heads, tokens, size)) for _ in range(2))
        control = (self.tensor("int32", (1, len(pages))),) if pages else ()
        rows = heads // kv_heads * queries
        for bm, bn in product(parts(rows, 1), (512, 256, 128, 64)):
            try:
                return Attention(self.sku, q, k, v, d, Blocks(bm, bn, 1), causal, None, (pages,) if pages else None,
                                 keys, control=control).command(self.ring)
            except Refused:
                continue
        raise Refused("there are no blocks")


def _volume(extents):
    """The product of extents."""
    result = 1
    for n in extents:
        result *= n
    return result
