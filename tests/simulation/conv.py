# SPDX-License-Identifier: MIT
"""CONV as a product of lines (manual, sections 11.20 and 13.2)."""

from dataclasses import dataclass

from simulation.blocks import Blocks, Product, array_cycles, part
from simulation.flows import ceiling
from simulation.gemm import runs_at
from simulation.sku import Sku
from simulation.steps import Refused, Store, load_of, load_of_boxes, total
from simulation.tensor import BITS, Tensor, volume
from simulation.vector import Vector


@dataclass(frozen=True)
class Window:
    """The fields of one spatial dimension."""

    kernel: int = 1
    stride: int = 1
    dilation: int = 1
    input_dilation: int = 1
    before: int = 0
    after: int = 0

    def outputs(self, inputs):
        """The extent of the output."""
        dilated = (inputs - 1) * self.input_dilation + 1
        return (dilated + self.before + self.after - self.dilation * (self.kernel - 1) - 1) // self.stride + 1

    def span(self, count, inputs):
        """As many inputs as the windows of some outputs can hit."""
        positions = (count - 1) * self.stride + self.dilation * (self.kernel - 1)
        return min(inputs, positions // self.input_dilation + 1)

    def hit(self, first, count, inputs):
        """First input and number of inputs from the first tap of the first of some outputs to the last tap of the last."""
        start = first * self.stride - self.before
        end = (first + count - 1) * self.stride - self.before + (self.kernel - 1) * self.dilation
        low = max(0, ceiling(start, self.input_dilation))
        high = min(inputs - 1, end // self.input_dilation)
        return (low, high - low + 1) if low <= high else (0, 0)


@dataclass
class Conv(Product):
    """
    One command: x [N, C, spatial..], w [O, C / groups, kernel..], d [N, O, out..]. `scale` are block scales of w, `zeros`
    its zero points: [O, blocks of `block` consecutive k].
    """

    sku: Sku
    x: Tensor
    w: Tensor
    d: Tensor
    blocks: Blocks
    windows: tuple
    groups: int = 1
    post: Vector = None
    strict: bool = False
    scale: Tensor = None
    zeros: Tensor = None
    block: int = 0

    def __post_init__(self):
        self.kind = runs_at(self.x.type, self.w.type)
        self.taps = volume(self.w.extent[2:])
        self.channels = self.w.extent[1]
        self.depth = self.channels * self.taps
        self.width = self.w.extent[0] // self.groups
        self.outer = self.d.extent[2:-1]
        self.line = self.d.extent[-1]
        self.lines_of_image = volume(self.outer)
        self.height = self.d.extent[0] * self.lines_of_image if self.line else 0
        self.bg = self.blocks.bg if self.groups > 1 else 1
        self.batches = ceiling(self.groups, self.bg)
        self.output_bits = BITS[self.d.type]
        self.on_array = self.groups == 1 or self.vector_sum() >= self.array_sum()

    def check(self):
        """A block of k is one of whole channels."""
        super().check()
        if self.blocks.bk < self.depth and self.blocks.bk % self.taps:
            raise Refused(f"COMMAND: bk {self.blocks.bk} is no multiple of {self.taps} taps")

    def groups_of(self, index):
        """First group and number of groups of a step."""
        return part(index.batch, self.bg, self.groups)

    def lines(self, index):
        """First line and number of lines of a step."""
        return part(index.m, self.blocks.bm, self.height)

    def planes(self, index):
        """(image, first line in it, lines) of the parts of a step's block that cross neither images nor planes."""
        first, count = self.lines(index)
        plane = self.outer[-1] if self.outer else 1
        while count:
            here = min(count, plane - first % plane)
            yield *divmod(first, self.lines_of_image), here
            first, count = first + here, count - here

    def outer_ranges(self, line, count):
        """Ranges of the outer output dimensions that some lines of a plane lie in."""
        if len(self.outer) == 2:
            return [(line // self.outer[1], 1), (line % self.outer[1], count)]
        return [(line, count)] if self.outer else []

    def a_place(self, index):
        """The block of x that a step uses."""
        return index.batch, index.m, index.k

    def b_place(self, index):
        """The block of w that a step uses."""
        return index.batch, index.k, index.n

    def channel_range(self, index):
        """Channels of x of a step's groups and block of k."""
        group, groups = self.groups_of(index)
        first, depth = part(index.k, self.blocks.bk, self.depth)
        return group * self.channels + first // self.taps, ceiling(depth, self.taps) + (groups - 1) * self.channels

    def x_boxes(self, index):
        """The boxes of x, one a plane."""
        channels = self.channel_range(index)
        for image, line, count in self.planes(index):
            ranges = [window.hit(first, lines, extent) for (first, lines), window, extent
                      in zip(self.outer_ranges(line, count), self.windows, self.x.extent[2:])]
            ranges = [(image, 1), channels, *ranges, (0, self.x.extent[-1])]
            yield tuple(start for start, _ in ranges), tuple(size for _, size in ranges)

    def a_load(self, index):
        """The load of the inputs of some lines, as a list."""
        if not self.x.loads:
            return []
        load = load_of_boxes(self.x, list(self.x_boxes(index)))
        return [] if load is None else [load]

    def output_range(self, index):
        """Channels of d of a step."""
        group, groups = self.groups_of(index)
        first, count = part(index.n, self.blocks.bn, self.width)
        return group * self.width + first, count + (groups - 1) * self.width

    def b_load(self, index):
        """The loads of weights and of their scales."""
        first, depth = part(index.k, self.blocks.bk, self.depth)
        out, outs = self.output_range(index)
        kernel = self.w.extent[2:]
        loads = [load_of(self.w, (out, first // self.taps) + (0,) * len(kernel),
                         (outs, ceiling(depth, self.taps)) + kernel)]
        for tensor in self.beside():
            place = first // self.block
            loads.append(load_of(tensor, (out, place), (outs, ceiling(first + depth, self.block) - place)))
        return loads

    def beside(self):
        """The tensors that are loaded beside w."""
        return [tensor for tensor in (self.scale, self.zeros) if tensor is not None]

    def size(self, index):
        """Sizes m, n, k of a step; m in outputs."""
        _, n, k = super().size(index)
        return self.lines(index)[1] * self.line, n, k

    def array(self, index):
        """The array part of a step, were the array to compute."""
        return self.groups_of(index)[1] * array_cycles(self.sku, self.kind, self.w.type, *self.size(index))

    def array_part(self, index, first):
        """The array part of a step; without one nothing is filled."""
        return super().array_part(index, first) if self.on_array else 0

    def array_sum(self):
        """The sum of a over all steps."""
        return sum(self.array(index) for index in self.all_indices())

    def vector_cost(self, index):
        """Cycles of the vector unit for a block's products."""
        lanes = {8: 4, 16: 2, 32: 1}[max(8, self.x.bits, self.w.bits)]
        return ceiling(self.outputs(index) * self.taps * self.channels, self.sku.vector * lanes)

    def vector_sum(self):
        """The sum of vector_cost() over blocks."""
        depth = self.counts()[2]
        return sum(self.vector_cost(index) for index in self.all_indices() if index.k == depth - 1)

    def outputs(self, index):
        """Elements of a block of d."""
        m, n, _ = self.size(index)
        return m * n * self.groups_of(index)[1]

    def block_outputs(self):
        """Elements of the largest block of d."""
        lines = min(self.blocks.bm, self.height)
        return self.bg * lines * self.line * min(self.blocks.bn, self.width)

    def d_boxes(self, index):
        """The boxes of d or of an input of the epilogue, one a plane."""
        for image, line, count in self.planes(index):
            ranges = [(image, 1), self.output_range(index), *self.outer_ranges(line, count), (0, self.line)]
            yield tuple(start for start, _ in ranges), tuple(size for _, size in ranges)

    def store(self, index):
        """The store of a block."""
        return Store(self.d, total(self.d.walk(*box) for box in self.d_boxes(index)))

    def input_boxes(self, _, index):
        """The boxes of an input of the epilogue, which has the dimensions of d."""
        return list(self.d_boxes(index))

    def close(self, index, step):
        """The end of a block; the vector unit computes what the array does not."""
        super().close(index, step)
        if not self.on_array:
            step.vector += self.vector_cost(index)

    def a_held(self):
        """Bytes of the largest block of x in the ring."""
        loads = [load for index in self.all_indices() for load in self.a_load(index)]
        return max((load.held for load in loads), default=0)

    def b_held(self):
        """Bytes of the largest block of w, and of its scales, in the ring."""
        if not self.w.loads:
            return 0
        channels = min(ceiling(self.blocks.bk, self.taps), self.channels)
        outs = self.bg * min(self.blocks.bn, self.width)
        scales = (outs, ceiling(min(self.blocks.bk, self.depth), self.block)) if self.beside() else ()
        return self.w.held((outs, channels) + self.w.extent[2:]) + sum(t.held(scales) for t in self.beside())
