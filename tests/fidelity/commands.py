# SPDX-License-Identifier: MIT
"""Random commands: every function gives what the simulation calls a source, or raises Refused."""

from itertools import product

from simulation.attention import Attention
from simulation.blocks import ORDERS, Blocks, Product
from simulation.boxes import elementwise
from simulation.conv import Conv, Window
from simulation.gemm import Gemm
from simulation.move import Indexed, move
from simulation.pool import Pool
from simulation.reduce import FACTORS, Normalize, Reduce
from simulation.resample import resample
from simulation.steps import Refused
from simulation.tensor import BITS, LOCAL, MEMORY, SCRATCHPAD, Tensor, dense, volume
from simulation.vector import WEIGHT, Vector

PAIRS = (("int8", "int8"), ("int8", "uint8"), ("fp16", "fp16"), ("bf16", "bf16"), ("fp32", "fp32"), ("fp8", "fp8"),
         ("int16", "int8"), ("int8", "int4"), ("int4", "int4"), ("fp16", "int4"), ("bf16", "fp4"), ("fp16", "fp8"))
OUTPUTS = {"int8": ("int8", "int32", "fp16", "int4"), "int4": ("int8", "int32", "uint4"), "int16": ("int16", "int64")}
NIBBLES = ("int4", "uint4", "fp4")


class Maker:
    """Makes commands of a class; `spaces` are those that operands may lie in, `multicast` the ways to share them."""

    def __init__(self, rng, sku, spaces=None, multicast=((),)):
        self.rng = rng
        self.sku = sku
        memories = (MEMORY, LOCAL) if sku.link_mb_s else (MEMORY, MEMORY)
        self.spaces = spaces or (*memories, SCRATCHPAD)
        self.multicast = multicast

    def chance(self, share):
        """True in this share of the cases."""
        return self.rng.random() < share

    def extent(self, most):
        """An extent: small ones, round ones, any."""
        return min(most, self.rng.choice((1, 2, 16, 32, 64, 128, self.rng.randint(1, most), self.rng.randint(1, most))))

    def strides(self, extent, kind):
        """Strides of a tensor without overlaps: its dimensions in some order, with gaps."""
        order = list(range(len(extent)))
        if self.chance(0.4):
            self.rng.shuffle(order)
        stride, size = [0] * len(extent), 1
        gaps = (0, 0, 0, 2, 64, 4096) if kind in NIBBLES else (0, 0, 0, 1, 7, 64, 4096)
        for i in reversed(order):
            if kind in NIBBLES and size > 1:
                size += size % 2
            stride[i] = size
            size = size * extent[i] + self.rng.choice(gaps) * int(size * extent[i] > 1)
        if kind not in NIBBLES and self.chance(0.1):
            stride = [-s if self.chance(0.3) else s for s in stride]
        return tuple(stride)

    def tensor(self, kind, extent, inputs=False, spaces=None, gaps=True, **where):
        """A tensor anywhere; an input of a program may be broadcast."""
        odd = kind in NIBBLES and extent and extent[-1] % 2
        stride = self.strides(extent, kind) if odd or (gaps and self.chance(0.6)) else dense(extent)
        if inputs:
            stride = tuple(0 if self.chance(0.4) else s for s in stride)
        below = sum((n - 1) * -s for n, s in zip(extent, stride) if s < 0) * BITS[kind] // 8 + 64
        address = below + 64 * self.rng.randrange(1 << 20) + self.rng.choice((0, 0, max(1, BITS[kind] // 8) * 3))
        where.setdefault("static", self.chance(0.3))
        space = self.rng.choice(spaces or self.spaces)
        multicast = self.rng.choice(self.multicast) if space not in (SCRATCHPAD, "gang") and inputs is not None else ()
        return Tensor(kind, tuple(extent), stride, address, space, multicast=multicast, **where)

    def output(self, kind, extent, spaces=None, **where):
        """An output."""
        return self.tensor(kind, extent, inputs=None, spaces=spaces or self.outputs(), static=False, **where)

    def stored(self, kind):
        """The type of an output: this one, or one of four bits."""
        return self.rng.choice((kind, kind, kind, *NIBBLES))

    def outputs(self):
        """Where outputs may lie: not in the resident part of one other tile."""
        return tuple(space for space in self.spaces if not isinstance(space, int))

    def program(self, extent, share=0.7, inputs=3):
        """A VECTOR program on some output."""
        if not self.chance(share):
            return None
        names = tuple(self.rng.choice(list(WEIGHT)) for _ in range(self.rng.randrange(0, 5)))
        kinds = ("fp32", "fp16", "int8", "int32")
        return Vector(names, tuple(self.tensor(self.rng.choice(kinds), extent, inputs=True)
                                   for _ in range(self.rng.randrange(inputs + 1))))

    def blocks(self, kind, height, width, depth, taps=1, groups=1):
        """Blocks that are allowed, if bk can be."""
        rows, columns = self.sku.rows(kind), self.sku.columns
        bm = self.rng.choice((height, max(1, height // 2), self.rng.randint(1, max(1, height))))
        bn = width if width <= columns or self.chance(0.2) else columns * self.rng.randint(1, 3)
        unit = rows
        while unit % taps:
            unit += rows
        bk = max(1, depth) if depth <= unit or self.chance(0.4) else unit * self.rng.randint(1, 3)
        return Blocks(max(1, bm), max(1, bn), bk, self.rng.choice(ORDERS), self.rng.randint(1, groups))

    def product_types(self):
        """Types of two operands and of an output that this class computes."""
        while True:
            a, b = self.rng.choice(PAIRS)
            if self.sku.macs("int8" if a == "uint8" else a):
                return a, b, self.rng.choice(OUTPUTS.get(a, ("fp32", "fp16", "int8", "fp4")))

    def even(self, kind, n):
        """An extent that operands of a type may have."""
        return n + n % 2 if kind in NIBBLES else n

    def gemm(self):
        """A product."""
        a, b, out = self.product_types()
        batch = tuple(self.rng.choice((0, 1, 2, 2, 3, 3)) for _ in range(self.rng.choice((0, 0, 0, 1, 2))))
        m, n, k = self.extent(400), self.even(b, self.extent(400)), self.even(a, self.even(b, self.extent(600)))
        wide = [tuple(1 if self.chance(0.3) else e for e in batch) for _ in range(2)]
        d = self.output(out, (*batch, m, n))
        rows = counts = scale = None
        block = 0
        if batch and self.chance(0.4):
            counts = tuple(self.rng.randint(0, m) for _ in range(batch[0]))
            rows = self.tensor("int32", batch[:1])
        if a in ("fp16", "bf16") and b != a:
            block = self.rng.choice((32, 64, 128, k))
            scale = self.tensor("fp16", (*wide[1], -(-k // block), n))
        return Gemm(self.sku, self.tensor(a, (*wide[0], m, k)), self.tensor(b, (*wide[1], k, n)), d,
                    self.blocks(runs(a), m, n, k), self.program(d.extent), scale, block, counts, rows,
                    strict=self.chance(0.1))

    def window(self, extent):
        """The fields of a dimension whose output is not empty."""
        while True:
            window = Window(self.rng.randint(1, 4), self.rng.randint(1, 3), self.rng.choice((1, 1, 1, 2)),
                            self.rng.choice((1, 1, 1, 2, 3)), self.rng.randint(-1, 3), self.rng.randint(-1, 3))
            if window.outputs(extent) > 0:
                return window

    def conv(self):
        """A convolution."""
        a, b, out = self.rng.choice((("int8", "int8", "int8"), ("fp16", "fp16", "fp16"), ("fp32", "fp32", "fp32")))
        dims = self.rng.randint(1, 3)
        groups = self.rng.choice((1, 1, 1, 2, 8, 24))
        channels, outs = self.rng.randint(1, 40 // min(groups, 8)), self.rng.randint(1, 80 // min(groups, 8))
        space = tuple(self.rng.randint(1, 20 if dims < 3 else 6) for _ in range(dims))
        windows = tuple(map(self.window, space))
        out_space = tuple(window.outputs(n) for window, n in zip(windows, space))
        images = self.rng.randint(1, 3)
        kernel = tuple(window.kernel for window in windows)
        d = self.output(self.stored(out), (images, outs * groups, *out_space))
        lines, taps = images, 1
        for n in out_space[:-1]:
            lines *= n
        for n in kernel:
            taps *= n
        return Conv(self.sku, self.tensor(a, (images, channels * groups, *space)),
                    self.tensor(b, (outs * groups, channels, *kernel)), d,
                    self.blocks(a, lines, outs, channels * taps, taps, groups), windows, groups,
                    self.program(d.extent), strict=self.chance(0.1))

    def box(self, extent, d=None):
        """Extents of a step, which cuts no byte of a tensor."""
        nibbles = d is not None and d.type in NIBBLES
        block = [self.rng.choice((n, max(1, n // 2), self.rng.randint(1, n))) for n in (max(1, e) for e in extent)]
        while volume(min(b, max(1, n)) for b, n in zip(block, extent)) > (2048 if nibbles else 4096):
            place = self.rng.randrange(len(block))
            block[place] = max(1, block[place] // 2)
        return tuple(b + b % 2 if nibbles and d.stride[i] == 1 else b for i, b in enumerate(block))

    def shape(self, rank, most=40):
        """Extents of a tensor."""
        return tuple(self.rng.randint(1, most // rank + 3) for _ in range(rank))

    def kind(self):
        """A type of any size."""
        return self.rng.choice(("int8", "fp16", "fp32", "int64"))

    def elementwise(self):
        """The command VECTOR."""
        extent = self.shape(self.rng.randint(1, 5), 60)
        d = self.output(self.stored(self.kind()), extent)
        return elementwise(self.sku, d, self.program(extent, 1, 4), self.box(extent, d))

    def pool(self):
        """A pool."""
        space = self.shape(self.rng.randint(1, 3))
        windows = tuple(map(self.window, space))
        images = self.shape(2, 12)
        d = self.output(self.stored("int8"), (*images, *(window.outputs(n) for window, n in zip(windows, space))))
        x = self.tensor("int8", (*images, *space))
        return Pool(self.sku, x, d, windows, self.box(d.extent, d), self.program(d.extent)).command()

    def axes(self, rank):
        """Some dimensions."""
        return tuple(i for i in range(rank) if self.chance(0.5)) or (rank - 1,)

    def reduce(self):
        """REDUCE or SCAN."""
        extent = self.shape(self.rng.randint(1, 4))
        scan = self.chance(0.3)
        axes = (self.rng.randrange(len(extent)),) if scan else self.axes(len(extent))
        if not scan and self.chance(0.05):
            extent = tuple(0 if i == axes[0] else n for i, n in enumerate(extent))
        outs = extent if scan else tuple(1 if i in axes else n for i, n in enumerate(extent))
        d = self.output(self.stored("fp32"), outs)
        return Reduce(self.sku, self.tensor(self.kind(), extent), d, axes, self.box(extent, d),
                      self.program(extent, 0.4), self.program(outs, 0.4), scan).command()

    def normalize(self):
        """A normalization."""
        extent = self.shape(self.rng.randint(1, 4))
        d = self.output(self.stored("fp16"), extent)
        return Normalize(self.sku, self.tensor(self.kind(), extent), d,
                         self.axes(len(extent)), self.box(extent, d), self.rng.choice(list(FACTORS)),
                         self.program(extent, 0.4), self.program(extent, 0.4), self.chance(0.3)).command()

    def move(self):
        """A move with padding, or a part of a tensor."""
        rank = self.rng.randint(1, 4)
        extent, outs = self.shape(rank), self.shape(rank)
        kind = self.kind()
        modes = tuple(self.rng.choice(("CONSTANT", "EDGE", "REFLECT", "WRAP")) for _ in range(rank))
        before = tuple(self.rng.randint(-n, 30) for n in extent)
        return move(self.sku, self.tensor(kind, extent), self.output(kind, outs), self.box(outs), before, modes=modes)

    def attention(self):
        """Attention, with keys in pages or not."""
        kind = self.rng.choice([kind for kind in ("fp16", "bf16", "fp32") if self.sku.macs(kind)])
        batches, kv_heads, share = (self.rng.randint(1, 3) for _ in range(3))
        queries, keys = self.extent(70), self.extent(150)
        width, out = (self.extent(128) for _ in range(2))
        lengths = pages = None
        control, tokens, pool = [], keys, batches
        heads = kv_heads * share
        if self.chance(0.4):
            lengths = tuple(self.rng.randint(0, keys) for _ in range(batches))
            control.append(self.tensor("int32", (batches,)))
        bn = self.rng.choice((16, 32, 64))
        if self.chance(0.4):
            tokens, pool = self.rng.choice((16, 32, 64)), 40
            pages = tuple(tuple(self.rng.randrange(pool) for _ in range(-(-keys // tokens))) for _ in range(batches))
            control.append(self.tensor("int32", (batches, len(pages[0]))))
        k, v = (self.tensor(kind, (pool, kv_heads, tokens, n)) for n in (width, out))
        scales = [self.tensor("fp16", (pool, kv_heads, tokens, -(-n // 32))) if self.chance(0.2) else None
                  for n in (width, out)]
        d = self.output(self.stored("fp16"), (batches, heads, queries, out))
        mask = self.tensor("bool", (batches, heads, queries, keys), inputs=True) if self.chance(0.2) else None
        return Attention(self.sku, self.tensor(kind, (batches, heads, queries, width)), k, v, d,
                         Blocks(self.extent(200), bn, 1), self.chance(0.4), lengths, pages, keys,
                         self.program(d.extent, 0.5), tuple(control), *scales, mask, self.chance(0.1))

    def indexed(self):
        """GATHER or SCATTER of any selection."""
        kind = self.rng.choice(("AXIS", "AXIS", "ELEMENT", "ND"))
        batch = self.rng.randint(0, 1)
        other = self.shape(self.rng.randint(1 + batch, 4), 24)
        own = self.shape(self.rng.randint(1, 2), 12)
        axis, batch = self.rng.randrange(batch, len(other)), batch if kind != "ELEMENT" else 0
        coordinates = self.rng.randint(1, len(other) - batch)
        if kind == "AXIS":
            dense = other[:axis] + own + other[axis + 1:]
            index, bounds = other[:batch] + own, (other[axis],)
        elif kind == "ND":
            axis, dense = 0, other[:batch] + own + other[batch + coordinates:]
            index, bounds = other[:batch] + own, other[batch:batch + coordinates]
        else:
            dense = index = tuple(self.rng.randint(1, n) for n in other)
            bounds = (other[axis],)
        values = {place: tuple(self.rng.randrange(n) for n in bounds) if kind == "ND" else self.rng.randrange(bounds[0])
                  for place in product(*map(range, index))}
        scatters, combines = self.chance(0.4), self.chance(0.5)
        # Bytes with two elements lie in slices.
        nibbles = kind == "AXIS" and axis + 1 < len(other) and other[-1] % 2 == 0 and self.chance(0.5)
        element = self.rng.choice(NIBBLES) if nibbles else self.kind()
        tensors = [(self.output if scatters == place else self.tensor)(element, extent, gaps=not nibbles)
                   for place, extent in enumerate((dense, other))]
        table = self.tensor("int64", index + ((len(bounds),) if kind == "ND" else ()))
        return Indexed(self.sku, *tensors, table, values, self.box(dense, tensors[0]), kind, axis, batch, scatters,
                       scatters and combines and not nibbles).command()

    def resample(self):
        """A dimension resampled."""
        extent = self.shape(self.rng.randint(1, 3))
        axis, taps = self.rng.randrange(len(extent)), self.rng.randint(1, 6)
        outs = extent[:axis] + (self.rng.randint(1, 40),) + extent[axis + 1:]
        values = tuple(self.rng.randint(-5, extent[axis] + 5) for _ in range(outs[axis]))
        d = self.output(self.stored("fp16"), outs)
        return resample(self.sku, self.tensor(self.kind(), extent), self.tensor("int32", (outs[axis],)),
                        self.tensor("fp32", (outs[axis], taps)), d, axis, values,
                        self.box(outs, d), self.program(outs, 0.5))

    def any(self, ring):
        """A command of any kind; Refused if it needs more than the ring."""
        make = self.rng.choice((self.gemm, self.conv, self.elementwise, self.pool, self.reduce, self.normalize, self.move,
                                self.attention, self.indexed, self.resample))
        made = make()
        command = made.command() if isinstance(made, (Product, Attention)) else made
        if command.working_set > ring:
            raise Refused("COMMAND: its working set exceeds the ring")
        return command


def runs(kind):
    """The type that a product runs at."""
    return {"uint8": "int8", "uint4": "int4"}.get(kind, kind)
