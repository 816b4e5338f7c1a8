# SPDX-License-Identifier: MIT
"""
Blocks of products: the order of steps, which of them load an operand, the ring that they need, the time of the array
(manual, section 13.2). GEMM and CONV differ in what a block of an operand is.
"""

from dataclasses import dataclass
from itertools import product

from simulation import vector
from simulation.flows import ceiling
from simulation.steps import VECTOR, Command, Refused, Step, cut, in_order, load_of_boxes, with_control

FLOATING = ("fp32", "fp16", "bf16", "fp8")
ORDERS = ("OUTPUT_N", "OUTPUT_M", "A_RESIDENT", "B_RESIDENT")


@dataclass(frozen=True)
class Blocks:
    """The extents of a block and the order of the loops."""

    bm: int
    bn: int
    bk: int
    order: str = "OUTPUT_N"
    bg: int = 1


@dataclass(frozen=True)
class Index:
    """A step's place: batch, m, n and k, in blocks."""

    batch: int
    m: int
    n: int
    k: int


def indices(order, batches, rows, columns, depth):
    """The steps in the order of the loops; `depth` is at least 1."""
    for batch in range(batches):
        if order in ("OUTPUT_N", "B_RESIDENT"):
            for n, m, k in product(range(columns), range(rows), range(depth)):
                yield Index(batch, m, n, k)
        else:
            for m, n, k in product(range(rows), range(columns), range(depth)):
                yield Index(batch, m, n, k)


def part(index, block, extent):
    """First index and size of a block; the last one is what remains."""
    return index * block, min(block, extent - index * block)


class Operand:
    """
    One of the two operands: `place` maps an Index to the key of its block, `load` makes the loads of an Index. A kept
    operand has its blocks until the last inner turn.
    """

    def __init__(self, place, load, kept, inner):
        self.place = place
        self.load = load
        self.kept = kept
        self.inner = inner
        self.before = None
        self.blocks = {}

    def take(self, index, step):
        """The loads of a step; the step becomes the last user of its block."""
        place = self.place(index)
        new = place != self.before and not (self.kept and self.inner(index))
        self.before = place
        if new:
            self.blocks = {k: v for k, v in self.blocks.items() if self.kept}
            self.blocks[place] = [load for load in self.load(index) if load is not None]
        for load in self.blocks[place]:
            step.use(load)
        return self.blocks[place] if new else []


class Inputs:
    """The inputs of the epilogue: one is loaded unless the block before had the same box of it."""

    def __init__(self, product):
        self.product = product
        self.before = {}
        self.largest = 0

    def take(self, index, step):
        """The loads of a block; its last step becomes the last user of all its inputs."""
        loads = []
        for number, tensor in enumerate(vector.inputs(self.product.post)):
            boxes = self.product.input_boxes(tensor, index)
            place, (known, load) = tensor.places(boxes), self.before.get(number, (None, None))
            if place != known:
                load = load_of_boxes(tensor, boxes, release=VECTOR)
                loads.append(load)
            self.before[number] = place, load
        present = [load for _, load in self.before.values() if load is not None]
        for load in present:
            step.use(load)
        self.largest = max(self.largest, sum(load.held for load in present))
        return loads


def array_cycles(sku, kind, weight_type, m, n, k):
    """The array part of a step, filling aside."""
    rows, columns = ceiling(k, sku.rows(kind)), ceiling(n, sku.columns)
    return rows * columns * max(ceiling(m, sku.ports), sku.filling(weight_type, kind))


def slowed(kind, strict):
    """How many times the array part of a product takes in strict mode (section 14)."""
    return 4 if strict and kind in FLOATING else 1


def accumulator_bytes(kind):
    """Bytes of an accumulated element."""
    return 8 if kind == "int16" else 4


class Product:
    """
    What GEMM and CONV have in common. A subclass sets sku, kind (the type it runs at), blocks, post, strict, batches,
    height, width and depth (the extents of a product), and says what blocks of operands are. `on_array` is whether the
    array computes it.
    """

    on_array = True
    inputs_held = 0

    def check(self):
        """Refuses blocks that the manual does not allow."""
        blocks, rows = self.blocks, self.sku.rows(self.kind)
        if blocks.bk < self.depth and blocks.bk % rows:
            raise Refused(f"COMMAND: bk {blocks.bk} is no multiple of {rows} rows")
        if blocks.bn < self.width and blocks.bn % self.sku.columns:
            raise Refused(f"COMMAND: bn {blocks.bn} is no multiple of {self.sku.columns} columns")

    def counts(self):
        """Blocks of m, n and k."""
        blocks = self.blocks
        return (ceiling(self.height, blocks.bm), ceiling(self.width, blocks.bn),
                max(1, ceiling(self.depth, blocks.bk)))

    def all_indices(self):
        """Every step's place."""
        return indices(self.blocks.order, self.batches, *self.counts())

    def a_operand(self):
        """The left operand's blocks."""
        return Operand(self.a_place, self.a_load, self.blocks.order == "A_RESIDENT", lambda index: index.n)

    def b_operand(self):
        """The right operand's blocks."""
        return Operand(self.b_place, self.b_load, self.blocks.order == "B_RESIDENT", lambda index: index.m)

    def parts(self, index):
        """The ranges of m, n and k."""
        blocks = self.blocks
        return (part(index.m, blocks.bm, self.height), part(index.n, blocks.bn, self.width),
                part(index.k, blocks.bk, self.depth))

    def size(self, index):
        """Sizes m, n, k of a step."""
        return tuple(size for _, size in self.parts(index))

    def steps(self):
        """All steps of the command."""
        a, b, inputs = self.a_operand(), self.b_operand(), Inputs(self)
        depth = self.counts()[2]
        result = []
        for index in self.all_indices():
            if self.skipped(index):
                continue
            last = index.k == depth - 1
            step = Step(first=index.k == 0, drains=last, closes=last, array_part=self.on_array)
            step.array = self.array_part(index, not result)
            loads = a.take(index, step) + b.take(index, step)
            pieces = [step]
            if last:
                self.close(index, step)
                pieces = cut(step, 1 << self.sku.block_cycles_log2)
                loads += inputs.take(index, pieces[-1])
            step.loads = in_order(loads)
            result += pieces
        self.inputs_held = inputs.largest
        return result

    def array_part(self, index, first):
        """The array part of a step; the first one fills the array. The limit is that of the default mode."""
        cycles, limit = self.array(index), 1 << self.sku.block_cycles_log2
        filling = self.sku.array_rows + self.sku.columns if first else 0
        if cycles + filling > limit:
            raise Refused(f"COMMAND: an array part exceeds {limit} cycles")
        return slowed(self.kind, self.strict) * cycles + filling

    def close(self, index, step):
        """The vector part and the store of a block."""
        step.vector = vector.epilogue(self.post, self.outputs(index), self.sku)
        step.store = self.store(index)

    def skipped(self, index):
        """Whether a row of blocks is no step."""
        return False

    def control(self):
        """Tensors whose elements decide what the command does."""
        return []

    def fixed(self):
        """Bytes of the ring that hold the accumulator and what is stored."""
        elements = self.block_outputs()
        return accumulator_bytes(self.kind) * elements + elements * self.output_bits // 8

    def working_set(self):
        """Bytes of the ring that the command needs, once its steps are made."""
        largest = {}
        kept = {"A_RESIDENT": "a", "B_RESIDENT": "b"}.get(self.blocks.order)
        depth = self.counts()[2]
        for name, place in (("a", self.a_held), ("b", self.b_held)):
            largest[name] = place() * (depth if name == kept else 2)
        return self.fixed() + largest["a"] + largest["b"] + self.inputs_held

    def command(self, ring=None, overlap=False, name=""):
        """The command for a tile; refused if its working set exceeds the ring."""
        self.check()
        self.array_part(Index(0, 0, 0, 0), True)
        steps, control = with_control(self.steps(), self.control())
        needed = self.working_set() + control
        if ring is not None and needed > ring:
            raise Refused(f"COMMAND: working set {needed} exceeds the ring of {ring}")
        return Command(steps, self.fixed(), overlap, name, needed, source=self)
