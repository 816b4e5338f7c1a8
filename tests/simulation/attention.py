# SPDX-License-Identifier: MIT
"""
ATTENTION: two steps for each block of keys (manual, section 13.3).

Each of the two is a block of the array: the second product needs what the vector unit made of the first. The first
step of the command fills the array, as in section 13.2.
"""

from dataclasses import dataclass

from simulation import vector
from simulation.blocks import Blocks, array_cycles, part, slowed
from simulation.flows import ceiling
from simulation.sku import Sku
from simulation.steps import (
    ARRAY, VECTOR, Command, Refused, Step, Store, cut, in_order, load_of_boxes, total, with_control)
from simulation.tensor import Tensor
from simulation.vector import Vector


def room(elements, tensor):
    """Bytes that a load of so many elements takes of the ring."""
    return ceiling(elements * tensor.bits, 512) * 64 if tensor.loads else 0


@dataclass
class Attention:
    """
    q [B, H, Lq, D], k [B, Hk, Lk, D], v [B, Hk, Lk, E], d [B, H, Lq, E]. With `pages` (a table for each batch index)
    k and v are [pages, Hk, page, D or E]. `lengths` are the keys of each batch index; `control` are the tensors that
    both are read from. `scale_k` and `scale_v` have k's and v's dimensions but for the last one, and so have the zero
    points `zeros_k` and `zeros_v`; `mask` is [B, H, Lq, Lk].
    """

    sku: Sku
    q: Tensor
    k: Tensor
    v: Tensor
    d: Tensor
    blocks: Blocks
    causal: bool = False
    lengths: tuple = None
    pages: tuple = None
    keys: int = None
    post: Vector = None
    control: tuple = ()
    scale_k: Tensor = None
    scale_v: Tensor = None
    mask: Tensor = None
    strict: bool = False
    zeros_k: Tensor = None
    zeros_v: Tensor = None

    def __post_init__(self):
        self.batches, self.heads, self.queries, self.width = self.q.extent
        self.kv_heads = self.k.extent[1]
        self.out_width = self.v.extent[3]
        self.keys = self.keys or self.k.extent[2]
        self.share = self.heads // self.kv_heads
        self.rows = self.share * self.queries

    def keys_of(self, batch):
        """Keys of a batch index."""
        return self.lengths[batch] if self.lengths else self.keys

    def last_key(self, row, rows, keys):
        """How many of some keys some row of a block may see."""
        if not self.causal:
            return keys
        first, last = row % self.queries, (row + rows - 1) % self.queries
        whole = row // self.queries != (row + rows - 1) // self.queries
        return max(0, (self.queries - 1 if whole or last < first else last) + keys - self.queries + 1)

    def key_blocks(self, batch, row, rows):
        """First key and keys of each block that is a step."""
        keys = self.keys_of(batch)
        seen = self.last_key(row, rows, keys)
        blocks = [part(i, self.blocks.bn, keys) for i in range(ceiling(keys, self.blocks.bn))]
        return [(first, count) for first, count in blocks if first < seen]

    def row_boxes(self, batch, head, row, rows, width, start=0):
        """The boxes of q, d or a mask of a block of rows: one for each head that it touches."""
        while rows:
            number, first = divmod(row, self.queries)
            count = min(rows, self.queries - first)
            yield (batch, head * self.share + number, first, start), (1, 1, count, width)
            row, rows = row + count, rows - count

    def key_boxes(self, batch, head, first, count, width):
        """The boxes of k or v of a block of keys: one for each page."""
        if self.pages is None:
            return [((batch, head, first, 0), (1, 1, count, width))]
        page = self.k.extent[2]
        result = []
        while count:
            here = min(count, page - first % page)
            result.append(((self.pages[batch][first // page], head, first % page, 0), (1, 1, here, width)))
            first, count = first + here, count - here
        return result

    def load(self, tensor, boxes, through=False, release=ARRAY):
        """The load of several boxes, of keys and values through the table of pages; None if there is no tensor."""
        return load_of_boxes(tensor, list(boxes), release, through) if tensor else None

    def load_keys(self, tensor, place):
        """The load of a block of keys or values, or of their scales."""
        boxes = self.key_boxes(*place, tensor.extent[3]) if tensor else ()
        return self.load(tensor, boxes, self.pages is not None)

    def array(self, tensor, m, n, k):
        """The array part of a product with a tensor."""
        return array_cycles(self.sku, self.q.type, tensor.type, m, n, k) * slowed(self.q.type, self.strict)

    def scores(self, q, others, m, n):
        """The step of the first product; `others` are loads of k, its scales, and the mask."""
        array = self.array(self.k, m, n, self.width)
        cycles = 10 * ceiling(m * n, self.sku.vector) + 2 * ceiling(m * self.out_width, self.sku.vector)
        return self.product([q, *others], array, cycles)

    def values(self, loads, m, n):
        """The step of the second product; its loads are v and its scales."""
        return self.product(loads, self.array(self.v, m, self.out_width, n), 0)

    def product(self, loads, array, cycles):
        """A step that is a block of the array."""
        step = Step(in_order(loads), array, cycles, first=True, drains=True, closes=True, array_part=True)
        for load in step.loads:
            step.use(load)
        return step

    def close(self, step, batch, head, row, m):
        """Epilogue and store of a block of rows."""
        boxes = list(self.row_boxes(batch, head, row, m, self.out_width))
        inputs = in_order([self.load(tensor, boxes, release=VECTOR) for tensor in vector.inputs(self.post)])
        for load in inputs:
            step.use(load)
        step.loads = in_order(step.loads + inputs)
        step.vector = vector.epilogue(self.post, m * self.out_width, self.sku)
        step.store = Store(self.d, total(self.d.walk(*box) for box in boxes))

    def block(self, batch, head, row, m):
        """The steps of a block of rows; one that sees no key stores zeros."""
        steps = []
        q = self.load(self.q, self.row_boxes(batch, head, row, m, self.width))
        for first, n in self.key_blocks(batch, row, m):
            place = batch, head, first, n
            mask = self.load(self.mask, self.row_boxes(batch, head, row, m, n, first), release=VECTOR)
            keys = [self.load_keys(tensor, place) for tensor in (self.k, self.scale_k, self.zeros_k)] + [mask]
            values = [self.load_keys(tensor, place) for tensor in (self.v, self.scale_v, self.zeros_v)]
            steps += [self.scores(q if not steps else None, keys, m, n), self.values(values, m, n)]
            if q is not None:
                steps[-2].use(q)
        steps = steps or [self.product([], 0, 0)]
        self.close(steps[-1], batch, head, row, m)
        return steps

    def fixed(self):
        """Bytes of the ring that loads do not get."""
        bm, bn = min(self.blocks.bm, self.rows), min(self.blocks.bn, self.keys)
        return 4 * bm * bn + 4 * bm * self.out_width + bm * self.out_width * self.d.bits // 8

    def working_set(self):
        """Bytes of the ring that the command needs."""
        bm, bn = min(self.blocks.bm, self.rows), min(self.blocks.bn, self.keys)
        keys = room(bn * self.width, self.k) + room(bn * self.out_width, self.v)
        scales = [tensor for tensor in (self.scale_k, self.zeros_k, self.scale_v, self.zeros_v) if tensor]
        beside = sum(room(bn * tensor.extent[3], tensor) for tensor in scales)
        beside += room(bm * bn, self.mask) if self.mask else 0
        inputs = sum(room(bm * self.out_width, tensor) for tensor in vector.inputs(self.post))
        return self.fixed() + room(bm * self.width, self.q) + 2 * (keys + beside) + inputs

    def check_array(self):
        """Refuses blocks that are too long; `lengths` do not matter."""
        bm, bn = min(self.blocks.bm, self.rows), min(self.blocks.bn, self.keys)
        filling, limit = self.sku.array_rows + self.sku.columns, 1 << self.sku.block_cycles_log2
        scores = filling + array_cycles(self.sku, self.q.type, self.k.type, bm, bn, self.width)
        values = array_cycles(self.sku, self.q.type, self.v.type, bm, self.out_width, bn)
        if max(scores, values) > limit:
            raise Refused(f"COMMAND: an array part exceeds {limit} cycles")

    def command(self, ring=None, overlap=False, name="ATTENTION"):
        """The command for a tile."""
        if self.pages and self.k.extent[2] % self.blocks.bn and self.blocks.bn % self.k.extent[2]:
            raise Refused("COMMAND: blocks of keys and pages do not fit each other")
        self.check_array()
        filling = self.sku.array_rows + self.sku.columns
        steps = []
        for batch in range(self.batches if self.out_width else 0):
            for head in range(self.kv_heads):
                for index in range(ceiling(self.rows, self.blocks.bm)):
                    steps += self.block(batch, head, *part(index, self.blocks.bm, self.rows))
        if steps:
            steps[0].array += filling
        steps = [piece for step in steps for piece in cut(step, 1 << self.sku.block_cycles_log2)]
        steps, control = with_control(steps, self.control)
        needed = self.working_set() + control
        if ring is not None and needed > ring:
            raise Refused(f"COMMAND: working set {needed} exceeds the ring of {ring}")
        return Command(steps, self.fixed(), overlap, name, needed, source=self)
